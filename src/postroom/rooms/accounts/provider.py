"""What is known of a mail provider: the columns of the table in `provider_table.py`."""

from dataclasses import dataclass
from enum import StrEnum

from postroom.rooms.accounts.account import Encryption, ServerLogin
from postroom.rooms.accounts.send_budget import NO_LIMITS, SendLimits


class SignIn(StrEnum):
    """How an account of the provider is connected."""

    PASSWORD = "password"  # noqa: S105  the name of a way, not a secret
    OAUTH = "oauth"


@dataclass(frozen=True, slots=True)
class Server:
    """A provider's server."""

    host: str
    port: int
    encryption: Encryption

    def login(self, user: str) -> ServerLogin:
        """The login of a user there."""
        return ServerLogin(self.host, self.port, self.encryption, user)


def imaps(host: str) -> Server:
    """IMAP under TLS at its usual port (RFC 8314 3.2)."""
    return Server(host, 993, Encryption.TLS)


def smtps(host: str) -> Server:
    """Submission under TLS from the first byte (RFC 8314 3.3)."""
    return Server(host, 465, Encryption.TLS)


def submission(host: str) -> Server:
    """Submission with STARTTLS (RFC 6409)."""
    return Server(host, 587, Encryption.STARTTLS)


@dataclass(frozen=True, slots=True)
class Quirk:
    """Something the provider does otherwise than others, and where it says so."""

    text: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider.

    `domains`: addresses that are surely its own. `mx_endings`: how the mail exchangers of other domains it hosts end.
    `imap` None: it only sends. `needs_app_password`: the everyday password is refused; one is made at `app_code_url`,
    found `app_code_where`. `password_refused`: passwords are refused altogether, only its own sign-in (OAuth) works.
    `user_hint`: its user name is not the address, but this. `files_own_sent`: a message sent through its SMTP appears
    in its Sent folder by itself. `source`: the page that hosts, ports and limits are taken from.
    """

    key: str
    name: str
    domains: tuple[str, ...]
    imap: Server | None
    smtp: Server | None
    source: str
    sign_in: SignIn = SignIn.PASSWORD
    needs_app_password: bool = False
    password_refused: bool = False
    app_code_url: str = ""
    app_code_where: str = ""
    files_own_sent: bool = False
    limits: SendLimits = NO_LIMITS
    mx_endings: tuple[str, ...] = ()
    hint: str = ""
    user_hint: str = ""
    help_url: str = ""
    quirks: tuple[Quirk, ...] = ()


CUSTOM = Provider("custom", "your mail provider", (), None, None, "", help_url="")
"""Any IMAP and SMTP server: everything is typed by the person."""

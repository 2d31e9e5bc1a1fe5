"""What SMTP says, as values: settings, replies, refusals, and how a delivery ended. Nothing here acts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

from postroom.ground.errors import NeedsUser, Permanent, PostroomError, Remedy, Temporary


class Encryption(StrEnum):
    """How the connection is protected. NONE is accepted to this machine only."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Password:
    """A password or app password."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class BearerToken:
    """An OAuth access token."""

    text: str = field(repr=False)


def any_address(address: IPv4Address | IPv6Address) -> None:
    """Refuse nothing. Which addresses may be reached is decided by whoever opens the session."""


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """Where and how to log in. An empty `user` means that the server wants no login.

    `check_address` raises Invalid for an address that must not be reached; the very address it let pass is
    connected to. `trusted_ca` is a PEM file to trust besides the system's. The time-outs are those of RFC 5321
    4.5.3.2: five minutes for a command, ten for the answer to the final dot, because a server that was slow to
    answer has usually taken the message. `disregard` are EHLO keywords to act as if they were not offered.
    """

    host: str
    port: int
    encryption: Encryption
    user: str
    secret: Password | BearerToken
    connect_timeout_seconds: float = 20.0
    reply_timeout_seconds: float = 300.0
    final_reply_timeout_seconds: float = 600.0
    check_address: Callable[[IPv4Address | IPv6Address], None] = any_address
    trusted_ca: Path | None = None
    disregard: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reply:
    """One whole answer of the server. `enhanced` is its RFC 3463 code, such as "5.7.8", or "".

    `text` is what the server says to a person: its lines joined, without the codes that repeat on each.
    """

    code: int
    enhanced: str
    lines: tuple[str, ...]
    text: str

    @property
    def is_good(self) -> bool:
        """2xx: done. (3xx, "go on", is expected at DATA and AUTH alone.)"""
        return 200 <= self.code < 300

    @property
    def words(self) -> str:
        """Code and text, as shown to people and kept with the email."""
        numbers = f"{self.code} {self.enhanced}" if self.enhanced else str(self.code)
        return f"{numbers} {self.text}".strip()


class Stage(StrEnum):
    """What was being done when the server answered; the same code means different things at each."""

    CONNECT = "connect"
    LOGIN = "login"
    SENDER = "sender"
    RECIPIENT = "recipient"
    CONTENT = "content"


class Scope(StrEnum):
    """Whom a refusal concerns. Everyone within it is spared the same question again."""

    CONNECTION = "connection"
    ACCOUNT = "account"
    SENDER = "sender"
    RECIPIENT = "recipient"
    CONTENT = "content"


class Permanence(StrEnum):
    """Whether the same question may be answered otherwise later."""

    TEMPORARY = "temporary"
    PERMANENT = "permanent"
    NEEDS_USER = "needs_user"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a refusal means: whom it concerns, whether it passes, and what to tell the person.

    `message` is a whole sentence with the server's words in it. `remedy` stands with NEEDS_USER only.
    `retry_after_seconds` is the server's own word, or what its provider is known to ask for.
    """

    scope: Scope
    permanence: Permanence
    message: str
    remedy: Remedy | None = None
    retry_after_seconds: float | None = None

    def as_error(self) -> PostroomError:
        """The same, to be raised."""
        if self.permanence is Permanence.NEEDS_USER:
            return NeedsUser(self.message, remedy=self.remedy or Remedy.SETTINGS)
        if self.permanence is Permanence.PERMANENT:
            return Permanent(self.message)
        return Temporary(self.message, retry_after_seconds=self.retry_after_seconds)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A recipient the server did not take now. Code 0: never asked, because it could not be put into SMTP."""

    recipient: str
    code: int
    words: str
    verdict: Verdict


class Outcome(StrEnum):
    """How a delivery ended.

    ACCEPTED: the server answered 2xx to the final dot. REFUSED: it certainly has not taken the message, and
    trying again cannot double it. UNKNOWN: the final dot went out and no clear answer came back.
    """

    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class DeliveryReply:
    """What became of one message.

    `accepted`: recipients the server has taken responsibility for (with UNKNOWN: may have). `refused`: those it
    refused one by one, temporarily or for good. `verdict`: why the message as a whole was refused, else None.
    `server_words`: its last word, for the record.
    """

    outcome: Outcome
    accepted: tuple[str, ...]
    refused: tuple[Refusal, ...]
    server_words: str
    verdict: Verdict | None = None

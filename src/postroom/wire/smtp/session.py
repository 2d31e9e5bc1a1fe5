"""One logged-in connection, over which several messages are delivered one after the other."""

import ssl
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Self

from postroom.ground.database import no_transaction_open
from postroom.ground.errors import NeedsUser, Remedy, Temporary
from postroom.wire.smtp.connect import connect
from postroom.wire.smtp.dialogue import ConnectionLost, Dialogue
from postroom.wire.smtp.errors import judge, lost
from postroom.wire.smtp.login import log_in
from postroom.wire.smtp.types import Encryption, Reply, SmtpSettings, Stage

_GOODBYE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Offers:
    """What the server said it can do (EHLO, RFC 5321 4.1.1.1). `size_limit` is None where it named none."""

    pipelining: bool = False
    eight_bit: bool = False
    smtputf8: bool = False
    size_limit: int | None = None
    names_size: bool = False
    starttls: bool = False
    auth: frozenset[str] = frozenset()


class Session:
    """A logged-in connection. Made by `open_session`; used by one task at a time."""

    def __init__(self, settings: SmtpSettings, dialogue: Dialogue, offers: Offers) -> None:
        self.settings = settings
        self.dialogue = dialogue
        self.offers = offers

    @property
    def is_open(self) -> bool:
        """Whether another message can be delivered over it. Servers hang up by themselves after some messages."""
        return self.dialogue.is_open

    async def ask(self, command: bytes) -> Reply:
        """One command and its reply, without judging it. Raises ConnectionLost."""
        self.dialogue.write(command + b"\r\n")
        return await self.dialogue.reply(self.settings.reply_timeout_seconds)

    async def close(self) -> None:
        """Say goodbye, briefly, and hang up. Never raises."""
        if self.dialogue.is_open:
            try:
                self.dialogue.write(b"QUIT\r\n")
                await self.dialogue.reply(_GOODBYE_SECONDS)
            except ConnectionLost:
                pass
        self.dialogue.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


async def open_session(settings: SmtpSettings) -> Session:
    """Connect, encrypt, log in. Raises Temporary, Permanent, NeedsUser, Invalid (address refused).

    Nothing secret and nothing personal is said before the connection is encrypted as asked: a server that does not
    offer STARTTLS where it was asked for is refused (RFC 3207 6), never spoken to in the clear.
    """
    assert no_transaction_open(), "a transaction is open while the network is used"
    dialogue = await connect(settings, _tls_context(settings.trusted_ca))
    try:
        session = Session(settings, dialogue, Offers())
        await _greeting(session)
        session.offers = await _introduce(session)
        if settings.encryption is Encryption.STARTTLS:
            await _start_tls(session)
            session.offers = await _introduce(session)
        await log_in(session.ask, settings, session.offers.auth)
    except ConnectionLost as error:
        dialogue.abort()
        raise lost(settings.host, error).as_error() from error
    except BaseException:
        dialogue.abort()
        raise
    return session


async def _greeting(session: Session) -> None:
    reply = await session.dialogue.reply(session.settings.reply_timeout_seconds)
    if not reply.is_good:
        raise judge(Stage.CONNECT, reply, session.settings.host).as_error()


async def _introduce(session: Session) -> Offers:
    """EHLO, or HELO where the server knows no EHLO."""
    ip = session.dialogue.local_ip
    name = f"[IPv6:{ip}]" if ":" in ip else f"[{ip}]"  # RFC 5321 4.1.3: an address literal where we have no name
    reply = await session.ask(b"EHLO " + name.encode("ascii"))
    if reply.is_good:
        return _read_offers(reply, session.settings.disregard)
    if reply.code in (500, 501, 502, 504):
        reply = await session.ask(b"HELO " + name.encode("ascii"))
    if not reply.is_good:
        raise judge(Stage.CONNECT, reply, session.settings.host).as_error()
    return Offers()


async def _start_tls(session: Session) -> None:
    host = session.settings.host
    if not session.offers.starttls:
        raise NeedsUser(
            f"{host} does not offer STARTTLS on port {session.settings.port}, so the password was not sent."
            " Choose TLS (usually port 465), or another port.",
            remedy=Remedy.SETTINGS,
        )
    reply = await session.ask(b"STARTTLS")
    if not reply.is_good:
        raise judge(Stage.CONNECT, reply, host).as_error()
    if session.dialogue.has_unread:
        # Text sent along with the answer would be read as if it had come encrypted (the attack of CVE-2011-0411).
        raise Temporary(f"{host} sent text before encryption began; the connection was given up.")
    timeout_seconds = session.settings.connect_timeout_seconds
    try:
        await session.dialogue.encrypt(_tls_context(session.settings.trusted_ca), host, timeout_seconds)
    except ssl.SSLCertVerificationError as error:
        raise NeedsUser(
            f"The certificate of {host} is not valid: {error.verify_message}.", remedy=Remedy.CERTIFICATE
        ) from error
    except OSError as error:  # ssl.SSLError and time-outs among them
        raise Temporary(f"Encryption with {host} could not be agreed: {error.strerror or error}.") from error


def _read_offers(reply: Reply, disregard: frozenset[str]) -> Offers:
    offers = Offers()
    for line in reply.lines[1:]:
        keyword, *words = line.upper().replace("AUTH=", "AUTH ", 1).split()[:40] or [""]
        if keyword in disregard:
            continue
        match keyword:
            case "PIPELINING":
                offers = replace(offers, pipelining=True)
            case "8BITMIME":
                offers = replace(offers, eight_bit=True)
            case "SMTPUTF8":
                offers = replace(offers, smtputf8=True)
            case "STARTTLS":
                offers = replace(offers, starttls=True)
            case "SIZE":
                # RFC 1870 4: no number, or 0, is no fixed limit.
                limit = int(words[0]) if words and words[0].isascii() and words[0].isdigit() else 0
                offers = replace(offers, names_size=True, size_limit=limit or None)
            case "AUTH":
                # "AUTH=" is how old Outlook-era servers spelled it, often beside the right line.
                offers = replace(offers, auth=offers.auth | frozenset(words))
            case _:
                pass
    return offers


@lru_cache(maxsize=16)
def _tls_context(trusted_ca: Path | None) -> ssl.SSLContext:
    """Certificates and host names are always checked. Kept, because loading the system's list takes 20 ms."""
    context = ssl.create_default_context()
    if trusted_ca is not None:
        context.load_verify_locations(cafile=trusted_ca)
    return context

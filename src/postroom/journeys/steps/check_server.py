"""Try a server step by step, as a person would who looks for the fault: find it, reach it, encrypt, sign in, use it.

Expected failures are answers here, not exceptions: the report says how far it came, with the server's own words, what
they mean, and what to do next. Nothing is stored.
"""

import asyncio
import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Address, IPv6Address, ip_address

from postroom.ground.database import no_transaction_open
from postroom.ground.errors import Invalid, NeedsUser, Permanent, PostroomError, Remedy, Temporary
from postroom.journeys.steps.credentials import Secret, imap_settings_of, smtp_settings_of
from postroom.journeys.tools import Tools
from postroom.rooms.accounts.account import ServerLogin, Side
from postroom.rooms.accounts.diagnoses import diagnose_error
from postroom.rooms.accounts.providers import provider_behind
from postroom.rooms.accounts.remedies import Advice, with_remedy
from postroom.wire.imap import folders as imap_folders
from postroom.wire.imap import session as imap_session
from postroom.wire.imap.types import Access, Folder, FolderRole
from postroom.wire.smtp import session as smtp_session
from postroom.wire.smtp.dialogue import ConnectionLost
from postroom.wire.smtp.errors import judge, lost
from postroom.wire.smtp.types import Stage

FIND, REACH, ENCRYPT, SIGN_IN = "Find the server", "Reach it", "Encrypt the connection", "Sign in"
OFFERS, LIST_FOLDERS, OPEN_INBOX = "See what it offers", "List the folders", "Open the Inbox"
MAY_SEND = "May send as this address"
_REACH_SECONDS = 10.0
_ANSWER_SECONDS = 20.0
"""A person waits for the answer: shorter than work in the background would."""

_ADDRESSES_TRIED = 3


@dataclass(frozen=True, slots=True)
class ServerToCheck:
    """A login to try: which side, where, with what, for which address; `provider` as chosen, or custom."""

    side: Side
    login: ServerLogin
    secret: Secret = field(repr=False)
    email: str
    provider: str = "custom"


@dataclass(frozen=True, slots=True)
class Step:
    """One step that was tried. `detail` says what was found, or the server's words."""

    name: str
    ok: bool
    detail: str


@dataclass(frozen=True, slots=True)
class ServerReport:
    """How far it came. When `ok` is false: `error` in the server's words, `advice` in plain ones.

    `admin_step`: what to ask an administrator for, where the user alone cannot mend it.
    """

    steps: tuple[Step, ...]
    error: str = ""
    remedy: Remedy | None = None
    advice: Advice | None = None
    admin_step: str = ""

    @property
    def ok(self) -> bool:
        """Whether every step went well."""
        return not self.error


@dataclass(frozen=True, slots=True)
class TestReport:
    """What became of each side; None for a side that was not given."""

    imap: ServerReport | None
    smtp: ServerReport | None


class _Stopped(Exception):
    """A step failed; carries the step's name and the error it failed with."""

    def __init__(self, name: str, error: PostroomError) -> None:
        super().__init__(name)
        self.name = name
        self.error = error


async def check_server(tools: Tools, server: ServerToCheck) -> ServerReport:
    """Try everything up to the first failure. Never raises for what the server does."""
    assert no_transaction_open(), "a transaction is open while the network is used"
    steps: list[Step] = []
    try:
        await _find_and_reach(tools, server, steps)
        await (_check_imap if server.side is Side.RECEIVE else _check_smtp)(tools, server, steps)
    except _Stopped as stop:
        return _failed(server, stop, steps)
    return ServerReport(tuple(steps))


def not_to_be_tried(server: ServerToCheck, error: PostroomError) -> ServerReport:
    """The report where not even a sign-in can be tried: access at the provider has ended, say."""
    return _failed(server, _Stopped(SIGN_IN, error), [])


def _failed(server: ServerToCheck, stop: _Stopped, steps: list[Step]) -> ServerReport:
    key = provider_behind(server.login.host, server.side, server.provider).key
    error = with_remedy(key, stop.error)
    remedy = error.remedy if isinstance(error, NeedsUser) else None
    failed = Step(stop.name, False, str(error))
    found = diagnose_error(key, server.side, error)
    return ServerReport((*steps, failed), str(error), remedy, found.advice, found.admin_step)


async def _find_and_reach(tools: Tools, server: ServerToCheck, steps: list[Step]) -> None:
    """Its own connection, closed at once: what fails after it is not the network."""
    found = await _find(tools, server)
    steps.append(Step(FIND, True, f"{server.login.host} has the address {', '.join(map(str, found))}"))
    reached = await _reach(found, server)
    steps.append(Step(REACH, True, f"{reached} answers on port {server.login.port}"))


async def _find(tools: Tools, server: ServerToCheck) -> list[IPv4Address | IPv6Address]:
    host, port = server.login.host, server.login.port
    try:
        async with asyncio.timeout(_REACH_SECONDS):
            entries = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:  # TimeoutError is an OSError
        lost = Temporary(f"The name {host} was not found.")
        lost.__cause__ = error
        raise _Stopped(FIND, lost) from error
    addresses = list(dict.fromkeys(ip_address(str(entry[4][0]).partition("%")[0]) for entry in entries))
    try:
        for address in addresses:
            tools.addresses.check(address)
    except Invalid as error:
        raise _Stopped(FIND, error) from error
    return addresses[:_ADDRESSES_TRIED]


async def _reach(addresses: list[IPv4Address | IPv6Address], server: ServerToCheck) -> str:
    problem = ""
    for address in addresses:
        try:
            async with asyncio.timeout(_REACH_SECONDS):
                _, writer = await asyncio.open_connection(str(address), server.login.port)
            writer.close()
            return str(address)
        except TimeoutError:
            problem = f"no answer within {_REACH_SECONDS:.0f} seconds"
        except OSError as error:
            problem = os.strerror(error.errno).lower() if error.errno else str(error)
    where = f"{server.login.host}, port {server.login.port}"
    raise _Stopped(REACH, Temporary(f"{where}, could not be reached: {problem or 'it has no address'}."))


async def _check_imap(tools: Tools, server: ServerToCheck, steps: list[Step]) -> None:
    settings = replace(
        imap_settings_of(tools, server.login, server.secret),
        connect_timeout_seconds=_REACH_SECONDS,
        silence_timeout_seconds=_ANSWER_SECONDS,
    )
    try:
        session = await imap_session.open_session(settings)
    except PostroomError as error:
        raise _at_login(server, error, steps) from error
    async with session:
        _signed_in(server, steps)
        steps.append(Step(OFFERS, True, _imap_offers(session.capabilities)))
        try:
            found = await imap_folders.list_folders(session)
        except PostroomError as error:
            raise _Stopped(LIST_FOLDERS, error) from error
        named = [folder.name for folder in found if folder.role in (FolderRole.SENT, FolderRole.ARCHIVE)]
        steps.append(Step(LIST_FOLDERS, True, f"{len(found)} folders" + (f", {' and '.join(named)}" if named else "")))
        await _open_inbox(session, found, steps)


async def _open_inbox(session: imap_session.Session, found: Sequence[Folder], steps: list[Step]) -> None:
    """Read only: a test changes nothing, not even what is recent."""
    inbox = next((folder for folder in found if folder.role is FolderRole.INBOX), None)
    if inbox is None:
        raise _Stopped(OPEN_INBOX, Permanent("The server lists no INBOX."))
    try:
        state = await session.select(inbox, Access.READ_ONLY)
    except PostroomError as error:
        raise _Stopped(OPEN_INBOX, error) from error
    steps.append(Step(OPEN_INBOX, True, f"{state.exists} messages"))


def _imap_offers(capabilities: frozenset[str]) -> str:
    """What matters to a person: whether mail comes at once, and how changes are followed."""
    news = "tells of new mail at once (IDLE)" if "IDLE" in capabilities else "has to be asked for new mail (no IDLE)"
    more = [name for name in ("MOVE", "CONDSTORE", "QRESYNC", "X-GM-EXT-1") if name in capabilities]
    return news + (f", {', '.join(more)}" if more else "")


def _smtp_offers(offers: smtp_session.Offers) -> str:
    ways = ", ".join(sorted(offers.auth)) or "no sign-in"
    limit = f", emails up to {offers.size_limit // 1_000_000} MB" if offers.size_limit else ""
    return f"{ways}{limit}"


async def _check_smtp(tools: Tools, server: ServerToCheck, steps: list[Step]) -> None:
    settings = replace(
        smtp_settings_of(tools, server.login, server.secret),
        connect_timeout_seconds=_REACH_SECONDS,
        reply_timeout_seconds=_ANSWER_SECONDS,
    )
    try:
        session = await smtp_session.open_session(settings)
    except PostroomError as error:
        raise _at_login(server, error, steps) from error
    async with session:
        _signed_in(server, steps)
        steps.append(Step(OFFERS, True, _smtp_offers(session.offers)))
        refusal = await _sender_refusal(session, server.email)
        if refusal is not None:
            raise _Stopped(MAY_SEND, refusal)
        steps.append(Step(MAY_SEND, True, f"{server.login.host} takes mail from {server.email}"))


async def _sender_refusal(session: smtp_session.Session, email: str) -> PostroomError | None:
    """Whether the server takes mail from this address: MAIL and RSET, so that nothing is sent."""
    if not email.isascii():
        return None  # only a message can tell: whether SMTPUTF8 is needed is settled when one is sent
    host = session.settings.host
    try:
        reply = await session.ask(b"MAIL FROM:<" + email.encode() + b">")
        await session.ask(b"RSET")
    except ConnectionLost as error:
        return lost(host, error).as_error()
    return None if reply.is_good else judge(Stage.SENDER, reply, host).as_error()


def _signed_in(server: ServerToCheck, steps: list[Step]) -> None:
    steps.append(Step(ENCRYPT, True, _ENCRYPTED[server.login.encryption.value]))
    steps.append(Step(SIGN_IN, True, f"as {server.login.user}" if server.login.user else "without a user name"))


def _at_login(server: ServerToCheck, error: PostroomError, steps: list[Step]) -> _Stopped:
    """Which step a failed login is: a wrong certificate or port shows before any name is given."""
    before = isinstance(error, Temporary | Invalid) or (
        isinstance(error, NeedsUser) and error.remedy in (Remedy.CERTIFICATE, Remedy.SETTINGS)
    )
    if before:
        return _Stopped(ENCRYPT, error)
    steps.append(Step(ENCRYPT, True, _ENCRYPTED[server.login.encryption.value]))
    return _Stopped(SIGN_IN, error)


_ENCRYPTED = {
    "tls": "TLS from the first byte",
    "starttls": "TLS after STARTTLS",
    "none": "not encrypted, on this machine only",
}

"""One logged-in connection: what it offers and which folder it has open."""

import asyncio
import contextlib
import re
from types import TracebackType
from typing import Self

from postroom.ground.errors import PostroomError, Temporary
from postroom.wire.imap.address import open_socket
from postroom.wire.imap.connection import Connection, InFlight, Taker
from postroom.wire.imap.errors import FolderMissing, Place, broken, closed, lost, refused, unencrypted, unreachable
from postroom.wire.imap.login import log_in, spoken_secrets
from postroom.wire.imap.names import encoded, wire_name
from postroom.wire.imap.responses import Limits, Reply, Response, Unspeakable, code_and_text
from postroom.wire.imap.syntax import quoted
from postroom.wire.imap.tls import client_context
from postroom.wire.imap.types import Access, BearerToken, Encryption, Folder, FolderState, Hint, ImapSettings

_CAPABILITY = re.compile(rb"(?:\* )?CAPABILITY +([^\r\n]*)\Z", re.IGNORECASE)
_COUNT = re.compile(rb"\* (\d{1,10}) (EXISTS|EXPUNGE|FETCH)\b", re.IGNORECASE)
_VANISHED = re.compile(rb"\* VANISHED [^(]", re.IGNORECASE)
_MAILBOX_ID = re.compile(rb"\* OK \[MAILBOXID \(([^\s()\]]{1,255})\)\]", re.IGNORECASE)
_STATE_CODE = re.compile(rb"\* OK \[(UIDVALIDITY|UIDNEXT|HIGHESTMODSEQ|NOMODSEQ) ?(\d{0,19})\]", re.IGNORECASE)
_CLOSE_SECONDS = 2.0
_ENABLED = ("CONDSTORE", "QRESYNC", "UTF8=ACCEPT")


class Session:
    """A logged-in connection. Made by `open_session`; used by one task at a time."""

    def __init__(self, connection: Connection, settings: ImapSettings) -> None:
        self.connection = connection
        self.settings = settings
        self.capabilities: frozenset[str] = frozenset()
        self.enabled: frozenset[str] = frozenset()
        self.folder: Folder | None = None
        self.state: FolderState | None = None
        self.hint = Hint.NOTHING  # what the server said by itself since the folder was opened or waited for
        self.exists = 0  # the most messages that the open folder was said to have
        self._hinted: asyncio.Future[None] | None = None
        connection.watch = self._note

    def offers(self, capability: str) -> bool:
        """Does the server offer it, and may it be used?"""
        return capability in self.capabilities

    @property
    def place(self) -> Place:
        """Whose login this is, for error messages."""
        return self.connection.place

    # --- commands -------------------------------------------------------------------------------------

    def start(self, line: bytes, take: Taker | None = None, limits: Limits | None = None) -> InFlight:
        """Send a command without waiting for its end, so that others can follow it at once."""
        return self.connection.start(line, take, limits)

    async def finish(self, command: InFlight, what: str) -> Reply:
        """Wait for the OK. A refusal is raised in words that `what` completes: did not "open the folder"."""
        reply = await command.reply
        if not reply.is_ok:
            raise refused(self.place, reply, what)
        return reply

    async def run(self, line: bytes, what: str, take: Taker | None = None, limits: Limits | None = None) -> Reply:
        """Send a command and wait for its OK."""
        return await self.finish(self.start(line, take, limits), what)

    def name(self, folder: Folder) -> bytes:
        """A folder's name as it stands in a command. Raises FolderMissing for one that cannot."""
        return self._quoted(wire_name(folder, in_utf8="UTF8=ACCEPT" in self.enabled), folder.name)

    def spoken(self, name: str) -> bytes:
        """The name of a folder that is to be, as it stands in a command."""
        return self._quoted(name.encode() if "UTF8=ACCEPT" in self.enabled else encoded(name), name)

    def _quoted(self, wire: bytes, name: str) -> bytes:
        if any(byte in wire for byte in b"\r\n\0"):  # would end the line and begin another command
            raise FolderMissing(f"The folder {name!r} has a name that cannot be spoken.")
        return quoted(wire)

    # --- folders --------------------------------------------------------------------------------------

    async def select(self, folder: Folder, access: Access) -> FolderState:
        """Open a folder; what it holds. Raises Temporary or Permanent (no such folder)."""
        return await self.select_with(folder, access, b" (CONDSTORE)" if self.offers("CONDSTORE") else b"", None)

    async def select_with(self, folder: Folder, access: Access, more: bytes, take: Taker | None) -> FolderState:
        """`select` with parameters in parentheses (RFC 4466), and a taker for what they bring."""
        self.folder, self.state = None, None
        found = _Found()

        def take_state(response: Response) -> bool:
            return found.take(response.text) or (take is not None and take(response))

        verb = b"EXAMINE " if access is Access.READ_ONLY else b"SELECT "
        what = f"open the folder {folder.name}"
        reply = await self.run(verb + self.name(folder) + more, what, take_state, Limits(text=1 << 24))
        if b"EXISTS" not in found.numbers:  # never left out (RFC 9051 section 6.3.2); all mail would look gone
            raise Temporary(f"{self.place.host} opened the folder {folder.name} without saying what is in it.")
        self.folder = folder
        self.state = FolderState(
            uid_validity=found.numbers.get(b"UIDVALIDITY") or None,  # 0 is no value to trust
            uid_next=found.numbers.get(b"UIDNEXT") or None,
            highest_modseq=found.numbers.get(b"HIGHESTMODSEQ") or None if self.offers("CONDSTORE") else None,
            exists=found.numbers.get(b"EXISTS", 0),
            read_only=access is Access.READ_ONLY or reply.code.upper() == b"READ-ONLY",
            mailbox_id=found.mailbox_id,
        )
        self.exists = self.state.exists
        self.hint = Hint.NOTHING
        return self.state

    def _note(self, response: Response) -> None:
        """What the server says by itself. The changes are asked for later; here only the hint is kept."""
        text = response.text
        if found := _COUNT.match(text):
            is_count = found[2].upper() == b"EXISTS"
            self.exists = max(self.exists, int(found[1])) if is_count else self.exists
            self._hint_at(Hint.NEW_MAIL if is_count else Hint.CHANGED)
        elif _VANISHED.match(text):
            self._hint_at(Hint.CHANGED)
        elif found := _CAPABILITY.match(text):
            self._learn(found[1])

    def _hint_at(self, hint: Hint) -> None:
        if self.hint is not Hint.NEW_MAIL:
            self.hint = hint
        if self._hinted is not None and not self._hinted.done():
            self._hinted.set_result(None)

    def expect_hint(self) -> asyncio.Future[None]:
        """Done as soon as the server says something by itself."""
        self._hinted = asyncio.get_running_loop().create_future()
        if self.hint is not Hint.NOTHING:
            self._hinted.set_result(None)
        return self._hinted

    def take_hint(self) -> Hint:
        """The hint since the folder was opened or since this was last asked; then there is none."""
        hint, self.hint = self.hint, Hint.NOTHING
        return hint

    # --- opening and closing --------------------------------------------------------------------------

    def _learn(self, words: bytes) -> None:
        offered = frozenset(words.decode("ascii", "replace").upper().split())
        self.capabilities = offered - self.settings.disregard

    async def learn_capabilities(self, told: bytes) -> None:
        """From a response code that tells them, else by asking."""
        if found := _CAPABILITY.match(told):
            self._learn(found[1])
        else:
            await self.run(b"CAPABILITY", "say what it can do")

    async def greet(self) -> None:
        """After the login: name ourselves, switch extensions on, all in one round trip."""
        wanted = [name for name in _ENABLED if self.offers(name)]
        sent: list[InFlight] = []
        if wanted and self.offers("ENABLE"):
            sent.append(self.start(b"ENABLE " + " ".join(wanted).encode(), self._take_enabled))
        if self.offers("ID"):
            # Some providers (NetEase) refuse to open folders for a client that has not named itself.
            sent.append(self.start(b'ID ("name" "Postroom")'))
        for command in sent:
            await command.reply  # a refusal of either is no obstacle

    def _take_enabled(self, response: Response) -> bool:
        word, _, names = response.text[2:].partition(b" ")
        if word.upper() != b"ENABLED":
            return False
        self.enabled |= frozenset(names.decode("ascii", "replace").upper().split())
        return True

    async def close(self) -> None:
        """Log out, briefly, and close. Never raises."""
        connection = self.connection
        with contextlib.suppress(PostroomError, TimeoutError):
            async with asyncio.timeout(_CLOSE_SECONDS):
                await connection.start(b"LOGOUT").reply
        connection.fail(lost(self.place, None))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


class _Found:
    """What a SELECT says of the folder."""

    def __init__(self) -> None:
        self.numbers: dict[bytes, int] = {}
        self.mailbox_id: str | None = None

    def take(self, text: bytes) -> bool:
        if (code := _STATE_CODE.match(text)) is not None:
            self.numbers[code[1].upper()] = int(code[2] or 0)
            return True
        if (count := _COUNT.match(text)) is not None and count[2].upper() == b"EXISTS":
            self.numbers[b"EXISTS"] = int(count[1])
            return True
        if (mailbox_id := _MAILBOX_ID.match(text)) is not None:
            self.mailbox_id = mailbox_id[1].decode("ascii", "replace")
            return True
        return False


async def open_session(settings: ImapSettings) -> Session:
    """Connect, encrypt, log in. Raises Temporary, Permanent, NeedsUser, Invalid (address refused)."""
    by_token = isinstance(settings.secret, BearerToken)
    place = Place(settings.host, settings.user, spoken_secrets(settings), by_token)
    opened = await open_socket(settings, place)
    connection = Connection(place, settings.silence_timeout_seconds)
    with contextlib.ExitStack() as on_failure:
        on_failure.callback(connection.fail, lost(place, None))
        try:
            async with asyncio.timeout(settings.connect_timeout_seconds):
                if settings.encryption is Encryption.TLS:
                    connection.require_tls(client_context(settings.trusted_ca), settings.host)
                await asyncio.get_running_loop().create_connection(lambda: connection, sock=opened)
                session = await _logged_in(connection, settings)
        except TimeoutError as error:
            raise unreachable(place, settings.port, error) from error
        on_failure.pop_all()
    return session


async def _logged_in(connection: Connection, settings: ImapSettings) -> Session:
    if settings.encryption is Encryption.TLS:
        await connection.secured()
    session = Session(connection, settings)
    greeting = await _greeting(connection)
    if settings.encryption is Encryption.STARTTLS:
        await _start_tls(connection, settings, greeting)
        greeting = Reply(b"OK", b"", "")  # nothing that was said before counts (RFC 9051 section 6.2.1)
    await session.learn_capabilities(greeting.code)
    if greeting.status != b"PREAUTH":
        offered, session.capabilities = session.capabilities, frozenset()
        told = await log_in(connection, settings, offered)
        if told.code or not session.capabilities:
            await session.learn_capabilities(told.code)
    await session.greet()
    return session


async def _greeting(connection: Connection) -> Reply:
    text = (await connection.greeting).text
    status, _, words = text[2:].partition(b" ")
    status = status.upper()
    if status == b"BYE":
        raise closed(connection.place, words)
    if status not in {b"OK", b"PREAUTH"}:
        raise broken(connection.place, Unspeakable(f"its greeting is {text[:60]!r}"))
    return Reply(status, *code_and_text(words))


async def _start_tls(connection: Connection, settings: ImapSettings, greeting: Reply) -> None:
    if greeting.status == b"PREAUTH":  # then STARTTLS is forbidden: what a man in the middle would wish for
        raise unencrypted(connection.place, "it skips the login and with it the encryption.")
    reply = await connection.start_starttls().reply
    if not reply.is_ok:
        raise unencrypted(connection.place, "it offers no encryption on this port.")
    connection.require_tls(client_context(settings.trusted_ca), settings.host)
    await connection.secured()

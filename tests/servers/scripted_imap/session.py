"""One client's conversation: reads commands, lets the verb answer, lets faults spoil the answer, sends what is left."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.servers.scripted_imap.account import Account
from tests.servers.scripted_imap.command import Command, Logged, Unparsable, parse_command
from tests.servers.scripted_imap.connection import ClientGone, Connection
from tests.servers.scripted_imap.folder import Folder
from tests.servers.scripted_imap.lines import (
    FetchLine,
    Hangup,
    Hush,
    Line,
    Lines,
    Pause,
    StartCompression,
    StartTls,
    Tagged,
    bad,
    untagged,
)
from tests.servers.scripted_imap.names import from_modified_utf7, quoted, to_modified_utf7
from tests.servers.scripted_imap.view import View

if TYPE_CHECKING:
    from tests.servers.scripted_imap.server import ScriptedImap

_LITERAL = re.compile(rb"\{(\d+)(\+?)\}$")
_SEND_FROM_BYTES = 32_768


@dataclass(frozen=True, slots=True)
class Scene:
    """What a fault may look at while it reshapes an answer."""

    session: "Session"
    command: Command


class Session:
    """The state of one connection (RFC 3501 section 3): not logged in, logged in, a folder open."""

    def __init__(self, server: "ScriptedImap", connection: Connection, number: int) -> None:
        self.server = server
        self.connection = connection
        self.number = number
        self.account: Account | None = None
        self.view: View | None = None
        self.enabled: set[str] = set()
        self.over = False
        self.news = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._tag = ""
        self._waking = False

    async def run(self) -> None:
        """Talk until either side ends it."""
        try:
            await self._answer(Command("*", "CONNECT", [], b""), self._greeting())
            while not self.over:
                await self._next()
        except ClientGone:
            pass
        finally:
            self.leave_folder()
            if self.account is not None:
                self.account.sessions -= 1
            self.connection.close()

    @property
    def capabilities(self) -> list[str]:
        """What is offered in the present state; STARTTLS only while it makes sense."""
        if self.account is not None:
            return list(self.server.after_login)
        offered = list(self.server.before_login)
        if self.server.offers_starttls and not self.connection.is_encrypted:
            offered.append("STARTTLS")
        if not self.may_log_in:
            offered = [name for name in offered if not name.startswith("AUTH=")] + ["LOGINDISABLED"]
        return offered

    @property
    def may_log_in(self) -> bool:
        return self.connection.is_encrypted or not self.server.requires_tls

    def can(self, capability: str) -> bool:
        return capability in self.capabilities

    @property
    def tells_modseq(self) -> bool:
        return bool(self.enabled & {"CONDSTORE", "QRESYNC"})

    def open_folder(self, folder: Folder, read_only: bool) -> View:
        self.leave_folder()
        self.view = View(folder, read_only, self._wake)
        return self.view

    def leave_folder(self) -> None:
        if self.view is not None:
            self.view.close()
            self.view = None

    def folder_name(self, wire: bytes) -> str:
        """A folder name as the client wrote it: UTF-8 once UTF8=ACCEPT is enabled (RFC 6855), else modified UTF-7."""
        return wire.decode("utf-8", "replace") if "UTF8=ACCEPT" in self.enabled else from_modified_utf7(wire)

    def wire_name(self, name: str) -> bytes:
        encoded = name.encode() if "UTF8=ACCEPT" in self.enabled else to_modified_utf7(name)
        return quoted(encoded)

    def updates(self, *, expunges: bool = True) -> list[Line]:
        """The untagged lines about the open folder that are due."""
        if self.view is None:
            return []
        vanished = "QRESYNC" in self.enabled
        return list(self.view.updates(expunges=expunges, vanished=vanished, with_modseq=self.tells_modseq))

    async def ask(self, prompt: bytes = b"+ OK\r\n") -> bytes:
        """Send a continuation request and read the client's line."""
        self.connection.write(prompt)
        await self.connection.flush()
        return await self.connection.read_line()

    async def _next(self) -> None:
        parts = await self._read_parts()
        if parts is None:
            return
        try:
            command = parse_command(parts)
        except Unparsable as error:
            tag = parts[0].split(b" ")[0].decode("ascii", "replace") or "*"
            await self._answer(Command(tag, "?", [], parts[0]), _only(bad(f"Error in IMAP command: {error}.")))
            return
        folder = self.view.folder.name if self.view else ""
        user = self.account.name if self.account else ""
        self.server.log.lines.append(Logged(self.number, user, command.verb, command.text, folder))
        await self._answer(command, self.server.perform(self, command))

    async def _read_parts(self) -> list[bytes] | None:
        parts: list[bytes] = []
        while True:
            text = await self.connection.read_line()
            match = _LITERAL.search(text)
            if match is None:
                return [*parts, text]
            if not match[2] and not await self._may_send_literal(text, parts):
                return None
            if not match[2]:
                self.connection.write(b"+ OK\r\n")
                await self.connection.flush()
            parts += [text[: match.start()], await self.connection.read_exactly(int(match[1]))]

    async def _may_send_literal(self, text: bytes, parts: list[bytes]) -> bool:
        """Ask the faults for verb "LITERAL": they may refuse before the client sends its data."""
        tag = (parts[0] if parts else text).split(b" ")[0].decode("ascii", "replace")
        command = Command(tag, "LITERAL", [], text)
        if not self.server.faults.waiting(command, self.account):
            return True
        await self._answer(command, _only(bad("refused")))
        return False

    async def _answer(self, command: Command, lines: Lines) -> None:
        self._tag = command.tag
        for fault in self.server.faults.due(command, self.account):
            lines = fault.reshape(Scene(self, command), lines)
        async for line in lines:
            await self._put(line)
            if self.over:
                return
        await self.connection.flush()

    async def _put(self, line: Line) -> None:
        match line:
            case bytes():
                self.connection.write(line)
            case FetchLine():
                self.connection.write(line.render())
            case Tagged(status, text):
                self.connection.write(f"{self._tag} {status} {text}\r\n".encode())
            case Pause(seconds):
                await self.connection.flush()
                await asyncio.sleep(seconds)
            case Hangup(reset):
                await self._hang_up(reset)
            case Hush():
                await self.connection.flush()
                await self.connection.wait_until_closed()
                self.over = True
            case StartTls():
                await self.connection.start_tls(self.server.tls_context())
            case StartCompression():
                await self.connection.flush()
                self.connection.start_compression()
        if self.connection.queued > _SEND_FROM_BYTES:
            await self.connection.flush()

    async def _hang_up(self, reset: bool) -> None:
        await self.connection.flush()
        if reset:
            self.connection.reset()
        self.over = True

    async def _greeting(self) -> AsyncIterator[Line]:
        words = " ".join(self.capabilities)
        yield untagged(f"OK [CAPABILITY {words}] {self.server.flavour.greeting}")

    def _wake(self) -> None:
        if not self._waking:  # 50,000 changes need one call only
            self._waking = True
            self._loop.call_soon_threadsafe(self._woken)

    def _woken(self) -> None:
        self._waking = False
        self.news.set()


async def _only(line: Line) -> AsyncIterator[Line]:
    yield line

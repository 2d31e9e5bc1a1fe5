"""The bytes of an SMTP connection: commands out, whole replies in, within bounds of time and length.

Nothing here knows what a reply means. Everything that can go wrong on the wire is one error, `ConnectionLost`.
"""

import asyncio
import re
import ssl
from collections import deque

from postroom.wire.smtp.types import Reply

MAX_LINE_BYTES = 4096
"""RFC 5321 4.5.3.1.5 allows 512; servers with long policy texts go past it."""
MAX_REPLY_LINES = 200
MAX_UNREAD_REPLIES = 10_000
"""What a pipelined envelope is answered with; a server that talks on unasked would fill the memory."""
_WRITE_HIGH_WATER = 256 * 1024
_ENHANCED = re.compile(r"([245]\.\d{1,3}\.\d{1,3})(?:\s+|$)")


class ConnectionLost(Exception):
    """The connection broke, fell silent, or spoke something that is not SMTP."""


class Dialogue(asyncio.Protocol):
    """One connection. Replies are queued as they come, so that pipelined answers are read in order."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._lines: list[bytes] = []
        self._replies: deque[Reply] = deque()
        self._waiter: asyncio.Future[None] | None = None
        self._room: asyncio.Future[None] | None = None
        self._lost: ConnectionLost | None = None

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Also called again with the encrypted transport after STARTTLS."""
        assert isinstance(transport, asyncio.Transport)
        transport.set_write_buffer_limits(high=_WRITE_HIGH_WATER)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Cut what came into lines, and lines into replies."""
        self._buffer += data
        while (end := self._buffer.find(b"\n")) >= 0:
            line = bytes(self._buffer[:end]).removesuffix(b"\r")
            del self._buffer[: end + 1]
            self._take_line(line)
            if self._lost:
                return
        if len(self._buffer) > MAX_LINE_BYTES:
            self._fail("the server sent a line without end")

    def connection_lost(self, exc: Exception | None) -> None:
        """The other side hung up, or we did."""
        self._fail("the connection broke" if exc else "the server closed the connection", exc)

    def pause_writing(self) -> None:
        """The other side reads slower than we write."""
        self._room = self._room or asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        """It has caught up."""
        room, self._room = self._room, None
        if room and not room.done():
            room.set_result(None)

    # What the verbs call.

    @property
    def is_open(self) -> bool:
        """Whether anything can still be said."""
        return self._lost is None and self._transport is not None and not self._transport.is_closing()

    @property
    def has_unread(self) -> bool:
        """Whether the server has said more than was asked: after STARTTLS, that is text put in by a third party."""
        return bool(self._replies or self._lines or self._buffer)

    @property
    def local_ip(self) -> str:
        """Our side's address, for EHLO."""
        assert self._transport is not None
        name = self._transport.get_extra_info("sockname")
        return str(name[0]) if isinstance(name, tuple) else "127.0.0.1"

    def write(self, data: bytes) -> None:
        """Hand bytes to the connection. Raises ConnectionLost if it is known to be gone."""
        if not self.is_open or self._transport is None:
            raise self._lost or ConnectionLost("the connection is closed")
        self._transport.write(data)

    async def drained(self, timeout_seconds: float) -> None:
        """Wait until there is room to write on."""
        if self._room is not None:
            await self._within(self._room, timeout_seconds)
        if self._lost:
            raise self._lost

    async def reply(self, timeout_seconds: float) -> Reply:
        """The next reply. What arrived before the connection broke is still given."""
        if not self._replies:
            if self._lost:
                raise self._lost
            self._waiter = asyncio.get_running_loop().create_future()
            await self._within(self._waiter, timeout_seconds)
        if self._replies:
            return self._replies.popleft()
        raise self._lost or ConnectionLost("the server said nothing")

    async def encrypt(self, context: ssl.SSLContext, host: str, timeout_seconds: float) -> None:
        """Go on under TLS. Raises ssl.SSLError, OSError."""
        assert self._transport is not None
        transport = await asyncio.get_running_loop().start_tls(
            self._transport, self, context, server_hostname=host, ssl_handshake_timeout=timeout_seconds
        )
        if transport is None:
            raise ConnectionLost("the server closed the connection")
        self.connection_made(transport)

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()

    def abort(self) -> None:
        """Hang up and throw away what has not been written."""
        if self._transport is not None:
            self._transport.abort()

    # Inside.

    async def _within(self, future: asyncio.Future[None], timeout_seconds: float) -> None:
        try:
            async with asyncio.timeout(timeout_seconds):
                await future
        except TimeoutError as error:
            self._fail(f"the server did not answer within {timeout_seconds:.0f} seconds", error)
            raise ConnectionLost(f"the server did not answer within {timeout_seconds:.0f} seconds") from error

    def _take_line(self, line: bytes) -> None:
        if len(line) > MAX_LINE_BYTES or len(line) < 3 or not line[:3].isdigit() or line[3:4] not in (b"-", b" ", b""):
            self._fail("the server's answer is not SMTP")
            return
        self._lines.append(line)
        if line[3:4] == b"-":
            if len(self._lines) > MAX_REPLY_LINES:
                self._fail("the server's answer has no end")
            return
        lines, self._lines = self._lines, []
        if any(each[:3] != line[:3] for each in lines) or not 200 <= int(line[:3]) < 600:
            self._fail("the server's answer is not SMTP")
            return
        self._replies.append(_read_reply(lines))
        if len(self._replies) > MAX_UNREAD_REPLIES:
            self._fail("the server talks and talks without being asked")
        self._wake()

    def _fail(self, reason: str, cause: BaseException | None = None) -> None:
        if self._lost is None:
            self._lost = ConnectionLost(reason)
            self._lost.__cause__ = cause
        if self._transport is not None and not self._transport.is_closing():
            self._transport.abort()
        self._wake()
        self.resume_writing()

    def _wake(self) -> None:
        waiter, self._waiter = self._waiter, None
        if waiter and not waiter.done():
            waiter.set_result(None)


def _read_reply(lines: list[bytes]) -> Reply:
    """RFC 5321 4.2.1 multi-line replies; RFC 2034 codes, which some servers put on each line and some on one."""
    code = int(lines[0][:3])
    texts = [line[4:].decode("utf-8", "replace").replace("\0", "").strip() for line in lines]
    enhanced = ""
    plain = []
    for text in texts:
        match = _ENHANCED.match(text)
        enhanced = enhanced or (match[1] if match else "")
        plain.append(text[match.end() :] if match else text)
    return Reply(code, enhanced, tuple(texts), " ".join(text for text in plain if text))

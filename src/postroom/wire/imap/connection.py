"""The connection itself: bytes in and out through TLS and compression, commands in flight, silence noticed.

Commands are answered strictly in the order of their tags' completion; untagged responses are offered to the
commands in flight, oldest first, and what none of them takes goes to whoever watches the session.
Everything runs inside the callbacks of the event loop: no task and no await per line.
"""

import asyncio
import ssl
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import cast

from postroom.wire.imap.errors import Place, broken, closed, lost, silent, unencrypted, untrusted
from postroom.wire.imap.responses import Limits, Reply, Response, ResponseCutter, Unspeakable, code_and_text
from postroom.wire.imap.tls import TlsLayer

Taker = Callable[[Response], bool]
"""Looks at an untagged response; True if it was meant for this command."""

BUFFER_SIZE = 1 << 18
SEND_SIZE = 1 << 16
TLS_STEP = 1 << 15  # OpenSSL keeps a buffer as large as the most that was ever put in
LONGEST_COMMAND_SECONDS = 3600.0  # a server that gives a byte a minute is never silent, and never done
MAX_UNTAKEN = 2_000_000  # unasked responses during one command: a folder of a million may all be expunged

_here = threading.local()


def _receive_buffers() -> tuple[bytearray, bytearray]:
    """For plain text and ciphertext, shared by all connections of a thread: a read is used up before the next."""
    if not hasattr(_here, "plain"):
        _here.plain, _here.cipher = bytearray(BUFFER_SIZE), bytearray(BUFFER_SIZE)
    return _here.plain, _here.cipher


class InFlight:
    """A command that was sent and is not answered yet."""

    __slots__ = ("began_at", "limits", "patient", "reply", "tag", "take")

    def __init__(self, tag: bytes, take: Taker | None, limits: Limits, reply: asyncio.Future[Reply]) -> None:
        self.tag = tag
        self.take = take
        self.limits = limits
        self.reply = reply
        self.began_at = reply.get_loop().time()
        self.patient = False  # IDLE: the server may be silent


class Connection(asyncio.BufferedProtocol):
    """See the module. `place` is for error messages, `watch` gets what no command takes."""

    def __init__(self, place: Place, silence_seconds: float) -> None:
        self.place = place
        self.watch: Callable[[Response], None] = lambda response: None
        self.error: Exception | None = None
        self._loop = asyncio.get_running_loop()
        self._buffer, cipher = _receive_buffers()
        self._view, self._cipher = memoryview(self._buffer), memoryview(cipher)
        self._cutter = ResponseCutter(self._dispatch)
        self._transport: asyncio.Transport | None = None
        self._tls: TlsLayer | None = None
        self._handshake: asyncio.Future[None] | None = None
        self._inflate: zlib._Decompress | None = None
        self._deflate: zlib._Compress | None = None
        self._in_flight: dict[bytes, InFlight] = {}
        self.commands_sent = 0
        self._last_plain_tag: bytes | None = None
        self._compress_tag: bytes | None = None
        self._untaken = 0
        self._invited: asyncio.Future[bytes] | None = None  # a continuation request (+) is awaited
        self.greeting: asyncio.Future[Response] = self._loop.create_future()
        self._room_to_write: asyncio.Future[None] | None = None
        self._silence_seconds = silence_seconds
        self._watchdog: asyncio.TimerHandle | None = None
        self.heard_at = self._loop.time()
        self._paused = False

    # --- commands -------------------------------------------------------------------------------------

    def start(self, line: bytes, take: Taker | None = None, limits: Limits | None = None) -> InFlight:
        """Send a command without waiting; `line` is the command without tag and line end."""
        if self.error is not None:
            raise self.error
        self.commands_sent += 1
        tag = b"P%d" % self.commands_sent
        reply: asyncio.Future[Reply] = self._loop.create_future()
        command = InFlight(tag, take, limits or Limits(), reply)
        self._in_flight[tag] = command
        self._widen_limits()
        self._untaken = 0
        self._expect_answer()
        self._write(b"%s %s\r\n" % (tag, line))
        return command

    async def invitation(self, command: InFlight) -> bytes | None:
        """Wait for the server's `+`; its text, or None if the command was answered instead."""
        self._invited = invited = self._loop.create_future()
        try:
            await asyncio.wait([invited, command.reply], return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._invited = None
        return invited.result() if invited.done() else None

    def send_line(self, line: bytes) -> None:
        """Send a line that belongs to the command in flight: an answer to `+`, DONE."""
        self._expect_answer()
        self._write(line + b"\r\n")

    async def send_bytes(self, data: bytes) -> None:
        """Send a literal, no faster than the server takes it."""
        view = memoryview(data)
        for start in range(0, len(view), SEND_SIZE):
            self._write(bytes(view[start : start + SEND_SIZE]))
            if self._room_to_write is not None:
                await self._room_to_write

    @contextmanager
    def wholly(self) -> Iterator[None]:
        """For a command in several pieces: left half said, the next command would be taken for the rest."""
        said = False
        try:
            yield
            said = True
        finally:
            if not said:
                self.fail(lost(self.place, None))

    def _write(self, data: bytes) -> None:
        if self.error is not None:
            raise self.error
        if self._deflate is not None:
            data = self._deflate.compress(data) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
        if self._tls is not None:
            self._tls.write(data)
        else:
            self._write_raw(data)

    def _write_raw(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)

    def _widen_limits(self) -> None:
        limits = self._cutter.limits
        limits.text = max((c.limits.text for c in self._in_flight.values()), default=Limits().text)
        limits.literal = max((c.limits.literal for c in self._in_flight.values()), default=Limits().literal)

    # --- what arrives ---------------------------------------------------------------------------------

    def _dispatch(self, response: Response) -> None:
        text = response.text
        start = text[:2]
        if start == b"* ":
            for command in self._in_flight.values():
                if command.take is not None and command.take(response):
                    return
            self._untaken += 1
            if self._untaken > MAX_UNTAKEN:
                raise Unspeakable("it talks and talks without answering")
            self._take_unasked(response)
        elif start[:1] == b"+":
            if self._invited is not None and not self._invited.done():
                self._invited.set_result(text[2:])
        else:
            self._take_reply(text)

    def _take_unasked(self, response: Response) -> None:
        if not self.greeting.done():
            self.greeting.set_result(response)
            return
        word = response.text[2:6].upper()
        if word.strip() == b"BYE":
            self.fail(closed(self.place, response.text[6:]))
        else:
            self.watch(response)

    def _take_reply(self, text: bytes) -> None:
        tag, _, rest = text.partition(b" ")
        command = self._in_flight.get(tag)
        if command is None:
            raise Unspeakable(f"an answer to nothing that was asked: {text[:60]!r}")
        status, _, words = rest.partition(b" ")
        status = status.upper()
        if status not in {b"OK", b"NO", b"BAD"}:
            raise Unspeakable(f"neither OK, NO nor BAD: {text[:60]!r}")
        del self._in_flight[tag]
        self._widen_limits()
        if tag == self._last_plain_tag:
            self._cutter.finished = True
        elif tag == self._compress_tag and status == b"OK":
            self._cutter.finished = True
            self._inflate = zlib.decompressobj(-15)
            self._deflate = zlib.compressobj(6, zlib.DEFLATED, -15)
        if not command.reply.done():
            command.reply.set_result(Reply(status, *code_and_text(words)))

    # --- encryption and compression -------------------------------------------------------------------

    def start_starttls(self) -> InFlight:
        """Send STARTTLS; not a byte may follow its answer until TLS speaks (RFC 9051 section 11.1)."""
        command = self.start(b"STARTTLS")
        self._last_plain_tag = command.tag
        return command

    def require_tls(self, context: ssl.SSLContext, host: str) -> None:
        """Take nothing but TLS from here on; `host` is the name that the certificate must bear.

        Called before the connection is made, or after STARTTLS; then `secured` is to be awaited.
        """
        if self.error is not None:
            raise self.error
        self._last_plain_tag = None
        self._cutter = ResponseCutter(self._dispatch)
        self._handshake = self._loop.create_future()
        try:
            self._tls = TlsLayer(context, host, self._write_raw)
        except ValueError as error:  # an empty name, a leading dot, a label that is too long
            raise unencrypted(self.place, f"{host!r} is not the name of a host.") from error
        if self._transport is not None:
            self._shake_hands()

    async def secured(self) -> None:
        """Wait until the connection is encrypted and the certificate has been checked."""
        assert self._handshake is not None
        await self._handshake

    def _shake_hands(self) -> None:
        assert self._tls is not None
        assert self._handshake is not None
        try:
            if self._tls.shake_hands() and not self._handshake.done():
                self._handshake.set_result(None)
        except ssl.SSLError as error:
            self.fail(untrusted(self.place, error))

    def start_compress(self) -> InFlight:
        """Send COMPRESS; from the answer's end on both ways are compressed (RFC 4978). Nothing may be in flight."""
        command = self.start(b"COMPRESS DEFLATE")
        self._compress_tag = command.tag
        return command

    @property
    def is_compressed(self) -> bool:
        """Has compression been started?"""
        return self._deflate is not None

    @property
    def is_busy(self) -> bool:
        """Is a command in flight?"""
        return bool(self._in_flight)

    @property
    def is_near(self) -> bool:
        """Is the server on this machine?"""
        peer = self._transport.get_extra_info("peername") if self._transport is not None else None
        return peer is not None and ip_address(str(peer[0]).partition("%")[0]).is_loopback

    # --- asyncio's side -------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by descent
        if self._tls is not None:
            self._shake_hands()

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._view if self._tls is None else self._cipher

    def buffer_updated(self, nbytes: int) -> None:
        self.heard_at = self._loop.time()
        if self.error is not None:
            return
        try:
            if self._tls is None:
                self._take_plain(nbytes)
            else:
                self._take_encrypted(nbytes)
        except ValueError as error:
            self.fail(broken(self.place, error))
        except ssl.SSLError as error:
            self.fail(lost(self.place, error))
        except zlib.error as error:
            self.fail(broken(self.place, error))

    def _take_encrypted(self, nbytes: int) -> None:
        assert self._tls is not None
        for start in range(0, nbytes, TLS_STEP):
            self._tls.take(self._cipher[start : min(start + TLS_STEP, nbytes)])
            if not self._tls.is_open:
                self._shake_hands()
            ended = not self._tls.is_open
            while not ended and self.error is None:
                size, ended = self._tls.read_into(self._view)
                if ended:
                    self.fail(lost(self.place, None))
                if not size:
                    break
                self._take_plain(size)

    def _take_plain(self, nbytes: int) -> None:
        used = 0
        if self._inflate is None:
            used = self._cutter.feed(self._buffer, self._view, nbytes)
            if used == nbytes:
                return
        if self._inflate is None:
            raise Unspeakable("it sends more than its answer before encryption begins")
        self._take_compressed(self._inflate, bytes(self._view[used:nbytes]))

    def _take_compressed(self, inflate: "zlib._Decompress", rest: bytes) -> None:
        self._cutter.finished = False
        while rest and self.error is None:
            plain = inflate.decompress(rest, BUFFER_SIZE)  # in steps: a few bytes may swell to gigabytes
            rest = inflate.unconsumed_tail
            self._cutter.feed(plain, memoryview(plain), len(plain))
            if inflate.eof:
                raise Unspeakable("the compressed stream has ended")

    def eof_received(self) -> bool:
        self.fail(lost(self.place, None))
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self.fail(lost(self.place, exc))

    def pause_writing(self) -> None:
        self._room_to_write = self._loop.create_future()

    def resume_writing(self) -> None:
        self.heard_at = self._loop.time()  # the server takes what we send: not silent
        room, self._room_to_write = self._room_to_write, None
        if room is not None and not room.done():  # whoever waited may have been cancelled
            room.set_result(None)

    # --- slowness and endings -------------------------------------------------------------------------

    def pause_reading(self) -> None:
        """Take no more from the server until `resume_reading`; it will wait."""
        if not self._paused and self.error is None and self._transport is not None:
            self._paused = True
            self._transport.pause_reading()

    def resume_reading(self) -> None:
        """Go on after `pause_reading`."""
        if self._paused and self.error is None and self._transport is not None:
            self._paused = False
            self._expect_answer()
            self._transport.resume_reading()

    def _expect_answer(self) -> None:
        self.heard_at = self._loop.time()
        if self._watchdog is None:
            self._watchdog = self._loop.call_later(self._silence_seconds, self._listen_for_silence)

    def _listen_for_silence(self) -> None:
        self._watchdog = None
        if self.error is not None or self._paused or self._may_be_silent():
            return
        now = self._loop.time()
        left = self.heard_at + self._silence_seconds - now
        oldest = next(command.began_at for command in self._in_flight.values() if not command.patient)
        if left <= 0 or now - oldest > LONGEST_COMMAND_SECONDS:
            self.fail(silent(self.place, self._silence_seconds))
        else:
            self._watchdog = self._loop.call_later(left, self._listen_for_silence)

    def _may_be_silent(self) -> bool:
        return all(command.patient for command in self._in_flight.values())

    def fail(self, error: Exception) -> None:
        """End the connection; everything in flight, now and later, raises `error`. The first error stays."""
        if self.error is not None:
            return
        self.error = error
        if self._watchdog is not None:
            self._watchdog.cancel()
            self._watchdog = None
        waiting: list[asyncio.Future[Reply] | asyncio.Future[None] | asyncio.Future[Response] | None]
        waiting = [command.reply for command in self._in_flight.values()]
        waiting += [self._handshake, self.greeting, self._room_to_write]
        self._in_flight.clear()
        for future in waiting:
            if future is not None and not future.done():
                future.set_exception(error)
                future.exception()  # whoever still waits gets it; nobody else need be told
        if self._transport is not None:
            self._transport.abort()

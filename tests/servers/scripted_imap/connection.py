"""One TCP connection as the server holds it: lines, literals, TLS, deflate, and the ways a connection can go bad."""

import asyncio
import contextlib
import socket
import ssl
import struct
import zlib


class ClientGone(Exception):
    """The client closed the connection."""


class Connection:
    """Bytes in and out. `bytes_per_second` slows the output to a drip when set."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._inflate: zlib._Decompress | None = None
        self._deflate: zlib._Compress | None = None
        self._buffer = bytearray()
        self._out = bytearray()
        self.bytes_per_second: int | None = None

    @property
    def is_encrypted(self) -> bool:
        return self._writer.get_extra_info("ssl_object") is not None

    async def read_line(self, limit: int = 1_000_000) -> bytes:
        """The next line without its end."""
        return (await self.read_raw_line(limit)).rstrip(b"\r\n")

    async def read_raw_line(self, limit: int = 1_000_000) -> bytes:
        """The next line with its end, LF or CRLF."""
        while (at := self._buffer.find(b"\n")) < 0:
            if len(self._buffer) > limit:
                raise ClientGone
            await self._fill()
        line = bytes(self._buffer[: at + 1])
        del self._buffer[: at + 1]
        return line

    async def read_exactly(self, count: int) -> bytes:
        while len(self._buffer) < count:
            await self._fill()
        content = bytes(self._buffer[:count])
        del self._buffer[:count]
        return content

    def write(self, content: bytes) -> None:
        """Queue bytes; `flush` sends them."""
        self._out += content

    @property
    def queued(self) -> int:
        return len(self._out)

    async def flush(self) -> None:
        content = bytes(self._out)
        self._out.clear()
        if not content:
            return
        if self._deflate is not None:
            content = self._deflate.compress(content) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
        try:
            await self._send(content)
        except (ConnectionError, ssl.SSLError, RuntimeError) as error:
            raise ClientGone from error

    async def start_tls(self, context: ssl.SSLContext) -> None:
        """Shake hands; what the client sent in the clear before is thrown away (RFC 9051 section 6.2.1)."""
        await self.flush()
        self._buffer.clear()
        try:
            await self._writer.start_tls(context, ssl_handshake_timeout=60)
        except (ConnectionError, ssl.SSLError) as error:
            raise ClientGone from error

    def start_compression(self) -> None:
        """RFC 4978: raw deflate in both directions from here on."""
        self._inflate = zlib.decompressobj(-15)
        self._deflate = zlib.compressobj(wbits=-15)
        if self._buffer:
            self._buffer = bytearray(self._inflate.decompress(bytes(self._buffer)))

    async def wait_until_closed(self) -> None:
        """Read nothing the client says and return when it hangs up."""
        try:
            while await self._reader.read(65536):
                pass
        except (ConnectionError, ssl.SSLError):
            pass

    def close(self) -> None:
        self._writer.close()

    def reset(self) -> None:
        """Send RST: linger of zero seconds makes close() discard what is queued."""
        plain: socket.socket | None = self._writer.get_extra_info("socket")
        if plain is not None:
            with contextlib.suppress(OSError):  # closed already
                plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()

    async def _fill(self) -> None:
        try:
            chunk = await self._reader.read(65536)
        except (ConnectionError, ssl.SSLError) as error:
            raise ClientGone from error
        if not chunk:
            raise ClientGone
        self._buffer += chunk if self._inflate is None else self._inflate.decompress(chunk)

    async def _send(self, content: bytes) -> None:
        if self.bytes_per_second is None:
            self._writer.write(content)
            await self._writer.drain()
            return
        step = max(1, self.bytes_per_second // 20)
        for at in range(0, len(content), step):
            self._writer.write(content[at : at + step])
            await self._writer.drain()
            await asyncio.sleep(step / self.bytes_per_second)

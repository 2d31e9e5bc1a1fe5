"""A web server under TLS for one host, on loopback; and servers that only greet, as mail servers do."""

import asyncio
import contextlib
import ssl
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from tests.servers.certificates import make_certificates


class SecureWeb:
    """`pages` by host and path without query: the raw answer, status line and all. `asked` lists host and target."""

    def __init__(self, ca_file: Path) -> None:
        self.ca_file = ca_file
        self.port = 0
        self.asked: list[str] = []
        self.pages: dict[str, bytes] = {}

    def page(self, place: str, content: bytes) -> None:
        """An answer of 200 at `host/path`."""
        self.pages[place] = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + content

    def redirect(self, place: str, target: str) -> None:
        """Sends whoever asks to another place."""
        head = f"HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        self.pages[place] = head.encode()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            target = head.split(" ")[1]
            host = next(line[6:] for line in head.split("\r\n") if line.lower().startswith("host: "))
            self.asked.append(f"{host}{target}")
            missing = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            writer.write(self.pages.get(f"{host}{target.partition('?')[0]}", missing))
            await writer.drain()
        writer.close()


@contextlib.asynccontextmanager
async def secure_web(host: str) -> AsyncIterator[SecureWeb]:
    """A server whose certificate is good for `host` alone."""
    with tempfile.TemporaryDirectory() as folder:
        context, web = _context(Path(folder), host)
        async with listening(web.answer, context) as port:
            web.port = port
            yield web


@contextlib.asynccontextmanager
async def greeter(greeting: bytes, context: ssl.SSLContext) -> AsyncIterator[int]:
    """The port of a server that says one line to whoever comes."""

    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            writer.write(greeting)
            await writer.drain()
        writer.close()

    async with listening(greet, context) as port:
        yield port


@contextlib.asynccontextmanager
async def listening(answer: object, context: ssl.SSLContext) -> AsyncIterator[int]:
    """The port of a TLS server on loopback."""
    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)  # type: ignore[arg-type]
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def _context(folder: Path, host: str) -> tuple[ssl.SSLContext, SecureWeb]:
    made = make_certificates(folder, host)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made.certificate_file, made.key_file)
    return context, SecureWeb(made.ca_file)


def server_context(folder: Path, host: str) -> tuple[ssl.SSLContext, Path]:
    """For `greeter`: a context with a certificate for `host`, and the authority to trust."""
    context, web = _context(folder, host)
    return context, web.ca_file

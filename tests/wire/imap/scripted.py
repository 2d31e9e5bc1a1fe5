"""Sessions on the scripted server, and on a stub that says exactly what it is told."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

from postroom.wire.imap.session import Session, open_session
from postroom.wire.imap.types import BearerToken, Encryption, Folder, FolderRole, ImapSettings, Password
from tests.servers.scripted_imap import ScriptedImap


def inbox() -> Folder:
    """The folder that every account has."""
    return Folder("INBOX", b"INBOX", "/", FolderRole.INBOX, True)


def settings_for(
    server: ScriptedImap,
    encryption: Encryption = Encryption.NONE,
    secret: Password | BearerToken = Password("secret"),
    disregard: frozenset[str] = frozenset(),
    silence_seconds: float = 60.0,
) -> ImapSettings:
    """For the user anna."""
    return ImapSettings(
        host="localhost",
        port=server.tls_port if encryption is Encryption.TLS else server.port,
        encryption=encryption,
        user="anna",
        secret=secret,
        trusted_ca=server.ca_file,
        disregard=disregard,
        connect_timeout_seconds=60.0,
        silence_timeout_seconds=silence_seconds,
    )


@contextlib.asynccontextmanager
async def logged_in(
    server: ScriptedImap, disregard: frozenset[str] = frozenset(), silence_seconds: float = 60.0
) -> AsyncIterator[Session]:
    """A session of anna, made if she is not there."""
    server.account("anna")
    async with await open_session(settings_for(server, disregard=disregard)) as session:
        connection = session.connection  # logging in may take its time, whatever comes then
        connection._silence_seconds = silence_seconds
        if connection._watchdog is not None:
            connection._watchdog.cancel()
            connection._watchdog = None
        yield session


Say = Callable[[bytes], Awaitable[None]]
Play = Callable[[bytes, Say], Awaitable[None]]
GREETING = b"* OK [CAPABILITY IMAP4rev1] hello\r\n"


@contextlib.asynccontextmanager
async def stub(play: Play, greeting: bytes = GREETING) -> AsyncIterator[ImapSettings]:
    """A server that greets and leaves each line of the client to `play(line, say)`; settings to reach it."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def say(data: bytes) -> None:
            writer.write(data)
            await writer.drain()

        with contextlib.suppress(ConnectionError, asyncio.CancelledError, ValueError):
            await say(greeting)
            while line := await reader.readline():
                await play(line.rstrip(b"\r\n"), say)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=1 << 20)
    port = server.sockets[0].getsockname()[1]
    yield ImapSettings(
        "127.0.0.1", port, Encryption.NONE, "anna", Password("s3cret-pass"), 20.0, silence_timeout_seconds=20.0
    )
    server.close()


def answering(answers: dict[bytes, bytes]) -> Play:
    """Every command is OK; before that the answer for its verb is said. `%t` stands for the tag; one that has
    it brings its own end."""

    async def play(line: bytes, say: Say) -> None:
        tag, _, rest = line.partition(b" ")
        for verb, answer in answers.items():
            if rest.upper().startswith(verb):
                said = answer.replace(b"%t", tag)
                await say(said if b"%t" in answer else said + tag + b" OK done\r\n")
                return
        await say(tag + b" OK done\r\n")

    return play

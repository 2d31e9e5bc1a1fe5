"""What these tests stand on: sessions with a scripted server, letters, cursors moved as the journey moves them."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from postroom.wire.imap.changes import changes_since
from postroom.wire.imap.fetch import raw_messages, summaries
from postroom.wire.imap.folders import list_folders
from postroom.wire.imap.session import Session, open_session
from postroom.wire.imap.types import (
    BearerToken,
    Changes,
    Encryption,
    Folder,
    FolderCursor,
    HeaderSummary,
    ImapSettings,
    Password,
    RawMessage,
    UidSet,
)
from tests.servers.scripted_imap import ScriptedImap

ANNA = "anna@example.org"
SILENCE = 1.0
"""Seconds that a server may be silent once a session stands, in tests that wait for the end of them."""
PATIENCE = 60.0
"""Seconds that anything may take which is not about time: the machine may be busy."""


def letter(subject: str, sender: str = "bob@example.com") -> bytes:
    """A short message whose Message-ID follows from its subject."""
    identifier = subject.lower().replace(" ", ".")
    return (
        f"Message-ID: <{identifier}@example.com>\r\nDate: Mon, 01 Jun 2026 10:00:00 +0200\r\nFrom: {sender}\r\n"
        f"To: {ANNA}\r\nSubject: {subject}\r\n\r\nThe text of {subject}.\r\n"
    ).encode()


def settings(
    server: ScriptedImap,
    encryption: Encryption = Encryption.NONE,
    secret: Password | BearerToken = Password("secret"),
    user: str = ANNA,
    silence: float = PATIENCE,
) -> ImapSettings:
    """How to reach the server."""
    port = server.tls_port if encryption is Encryption.TLS else server.port
    return ImapSettings(
        "localhost",
        port,
        encryption,
        user,
        secret,
        connect_timeout_seconds=PATIENCE,
        silence_timeout_seconds=silence,
        trusted_ca=server.ca_file,
    )


@contextlib.asynccontextmanager
async def logged_in(server: ScriptedImap, user: str = ANNA, silence: float = SILENCE) -> AsyncIterator[Session]:
    """A session of `user`. Logging in may take its time; from then on the server may be silent for so long."""
    async with await open_session(settings(server, user=user)) as session:
        connection = session.connection
        connection._silence_seconds = silence
        if connection._watchdog is not None:
            connection._watchdog.cancel()
            connection._watchdog = None
        yield session


async def folder(session: Session, name: str = "INBOX") -> Folder:
    """The folder of this name."""
    return next(one for one in await list_folders(session) if one.name == name)


async def headers(session: Session, uids: UidSet, batch: int = 500) -> tuple[dict[int, HeaderSummary], UidSet]:
    """All summaries by UID, and what was missing."""
    found: dict[int, HeaderSummary] = {}
    missing = UidSet()
    async for answered in summaries(session, uids, batch):
        for summary in answered.summaries:
            assert summary.uid not in found
            found[summary.uid] = summary
        missing = missing | answered.missing
    return found, missing


async def bodies(session: Session, uids: UidSet, max_size: int = 1 << 20) -> dict[int, RawMessage]:
    """All messages by UID."""
    found: dict[int, RawMessage] = {}
    async for message in raw_messages(session, uids, max_size, 1 << 20):
        assert message.uid not in found
        found[message.uid] = message
    return found


@dataclass(slots=True)
class Reader:
    """A reader of one folder as the journey is one: a cursor, and the UIDs it holds."""

    name: str = "INBOX"
    cursor: FolderCursor | None = None
    held: set[int] = field(default_factory=set)
    uid_validity: int | None = None

    async def pull(self, session: Session) -> Changes:
        """Ask for changes, take them in as a whole, move the cursor."""
        changes = await changes_since(session, await folder(session, self.name), self.cursor)
        if changes.cursor_void:
            self.held.clear()
        self.held |= set(changes.new)
        if changes.vanished is not None:
            self.held -= set(changes.vanished)
        if changes.present is not None:
            self.held = set(changes.present)
        state = changes.state
        before = 0 if changes.cursor_void or self.cursor is None else self.cursor.highest_uid
        highest = max([before, changes.new.highest])
        self.cursor = FolderCursor(state.uid_validity, highest, state.highest_modseq, len(self.held))
        return changes

"""How a folder stands, without opening it."""

import re

from postroom.wire.imap.errors import FolderMissing
from postroom.wire.imap.responses import Response
from postroom.wire.imap.session import Session
from postroom.wire.imap.syntax import number, values
from postroom.wire.imap.types import Folder, FolderState

_STATUS = re.compile(rb"\* STATUS ", re.IGNORECASE)


async def folder_state(session: Session, folder: Folder) -> FolderState:
    """The state of a folder that need not be open. Cheap on most servers, never a substitute for `select`."""
    found: dict[bytes, int | None] = {}

    def take(response: Response) -> bool:
        if _STATUS.match(response.text) is None:
            return False
        parts = values(response, 9)
        pairs = parts[-1] if isinstance(parts[-1], list) else []
        for name, value in zip(pairs[::2], pairs[1::2], strict=False):
            if isinstance(name, bytes):
                found[name.upper()] = number(value)
        return True

    items = b"MESSAGES UIDNEXT UIDVALIDITY" + (b" HIGHESTMODSEQ" if session.offers("CONDSTORE") else b"")
    line = b"STATUS %s (%s)" % (session.name(folder), items)
    await session.run(line, f"say how the folder {folder.name} stands", take)
    exists = found.get(b"MESSAGES")
    if exists is None:
        raise FolderMissing(f"{session.place.host} does not say how the folder {folder.name} stands.")
    return FolderState(
        uid_validity=found.get(b"UIDVALIDITY") or None,
        uid_next=found.get(b"UIDNEXT") or None,
        highest_modseq=found.get(b"HIGHESTMODSEQ") or None,
        exists=exists,
        read_only=True,
    )

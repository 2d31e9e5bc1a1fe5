"""What is new, reflagged or gone in a folder since a cursor."""

from postroom.wire.imap.session import Session
from postroom.wire.imap.types import Changes, Folder, FolderCursor


async def changes_since(session: Session, folder: Folder, cursor: FolderCursor | None) -> Changes:
    """Open the folder read-only and compare it with the cursor; None reads it as never seen."""
    raise NotImplementedError

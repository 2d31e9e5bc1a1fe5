"""Store a message in a folder."""

from postroom.wire.imap.session import Session
from postroom.wire.imap.types import Folder, NewCopy


async def append(session: Session, folder: Folder, copy: NewCopy) -> int | None:
    """Store `copy`; its UID where the server tells (APPENDUID), else None."""
    raise NotImplementedError

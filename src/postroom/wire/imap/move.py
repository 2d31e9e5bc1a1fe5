"""Move messages to another folder, also where the server cannot."""

from postroom.wire.imap.session import Session
from postroom.wire.imap.types import Folder, Moved, UidSet


async def move(session: Session, uids: UidSet, target: Folder) -> Moved:
    """Move `uids` of the open folder to `target`; never expunges anything else."""
    raise NotImplementedError

"""Set and clear flags."""

from postroom.wire.imap.session import Session
from postroom.wire.imap.types import Flags, UidSet


async def store(session: Session, uids: UidSet, add: Flags = frozenset(), remove: Flags = frozenset()) -> None:
    """Add and remove flags on `uids`; the folder must be open for writing."""
    raise NotImplementedError

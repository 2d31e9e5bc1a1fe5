"""UIDs by what the server knows of its mail."""

from postroom.wire.imap.session import Session
from postroom.wire.imap.types import UidSet


async def all_uids(session: Session) -> UidSet:
    """All UIDs in the open folder."""
    raise NotImplementedError


async def uids_with_message_id(session: Session, message_id: str) -> UidSet:
    """UIDs whose Message-ID is this, angle brackets included."""
    raise NotImplementedError


async def uids_with_header(session: Session, name: str, value: str) -> UidSet:
    """UIDs with `value` in the header `name`."""
    raise NotImplementedError


async def uids_with_address(session: Session, address: str) -> UidSet:
    """UIDs with this address in From, To, Cc or Bcc."""
    raise NotImplementedError

"""Gmail's labels (X-GM-EXT-1): a message lies once in All Mail, and labels say where it shows."""

from postroom.wire.imap.session import Session
from postroom.wire.imap.types import UidSet

INBOX_LABEL = "\\Inbox"


async def add_labels(session: Session, uids: UidSet, labels: tuple[str, ...]) -> None:
    """Put labels on messages."""
    raise NotImplementedError


async def remove_labels(session: Session, uids: UidSet, labels: tuple[str, ...]) -> None:
    """Take labels off messages; without INBOX_LABEL a message is archived."""
    raise NotImplementedError

"""Header summaries and whole messages, in batches kept in flight. Reading never marks as read."""

from collections.abc import AsyncIterator

from postroom.wire.imap.session import Session
from postroom.wire.imap.types import RawMessage, SummaryBatch, UidSet


def summaries(session: Session, uids: UidSet, batch: int = 500) -> AsyncIterator[SummaryBatch]:
    """Header summaries of `uids`, newest first."""
    raise NotImplementedError


def raw_messages(
    session: Session, uids: UidSet, max_size: int, max_bytes_in_flight: int
) -> AsyncIterator[RawMessage]:
    """Whole messages, newest first; each of `uids` is answered exactly once, with raw=None if not given."""
    raise NotImplementedError

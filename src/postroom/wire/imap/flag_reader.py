"""Collects the flags that a FETCH answers, for a few messages or for all that changed."""

from postroom.wire.imap.fetched import read_fetch
from postroom.wire.imap.responses import Response
from postroom.wire.imap.session import Session
from postroom.wire.imap.types import FlagChange, UidSet


class FlagReader:
    """Takes the FETCH responses for `wanted` UIDs; the last word on a message counts."""

    def __init__(self, wanted: UidSet) -> None:
        self._wanted = wanted
        self._found: dict[int, FlagChange] = {}

    def take(self, response: Response) -> bool:
        """See connection.Taker."""
        fetched = read_fetch(response)
        if fetched is None or fetched.uid is None or fetched.flags is None or fetched.uid not in self._wanted:
            return False
        self._found[fetched.uid] = FlagChange(fetched.uid, fetched.flags, fetched.modseq, fetched.labels)
        return True

    def forget(self) -> None:
        """Take back what was answered so far."""
        self._found.clear()

    def found(self) -> list[FlagChange]:
        """What was answered, in the order of the UIDs."""
        return [self._found[uid] for uid in sorted(self._found)]


def flag_items(session: Session) -> bytes:
    """What to FETCH: on Gmail the labels too, as they are what changes there."""
    return b"(UID FLAGS X-GM-LABELS)" if session.offers("X-GM-EXT-1") else b"(UID FLAGS)"

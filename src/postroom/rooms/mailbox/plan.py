"""What a pull has to do: cursor and server's answer in, steps out. Nothing here touches the network or the rows."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

REBUILDS_A_DAY = 3
"""A server that changes UIDVALIDITY more often than this gives no UIDs to trust."""


class Course(StrEnum):
    """How a folder is pulled."""

    OPEN = "open"
    """Never read before: remember where it stands; all it holds is history, read newest first."""
    CONTINUE = "continue"
    """The cursor holds: read what is new, follow what changed."""
    REBUILD = "rebuild"
    """UIDVALIDITY changed: our UIDs are meaningless; see all again and match by identity."""
    NEWEST_ONLY = "newest_only"
    """UIDVALIDITY keeps changing: only the newest messages are looked at, and the user is told."""


@dataclass(frozen=True, slots=True)
class FolderPast:
    """What decides the course: whether the folder was opened before, and how often it was rebuilt lately."""

    was_opened: bool
    rebuilds: int
    date_rebuilt: datetime | None


def course_of(past: FolderPast, *, cursor_void: bool, now: datetime) -> Course:
    """Which way to pull. `cursor_void`: the server's UIDVALIDITY is not ours, 0 or absent (RFC 3501 2.3.1.1)."""
    if not past.was_opened:
        return Course.OPEN
    if not cursor_void:
        return Course.CONTINUE
    lately = past.date_rebuilt is not None and now - past.date_rebuilt < timedelta(days=1)
    return Course.NEWEST_ONLY if lately and past.rebuilds >= REBUILDS_A_DAY else Course.REBUILD


def rebuilds_after(past: FolderPast, now: datetime) -> int:
    """How many rebuilds stand to the folder's account after one more; a quiet day forgets them."""
    lately = past.date_rebuilt is not None and now - past.date_rebuilt < timedelta(days=1)
    return past.rebuilds + 1 if lately else 1

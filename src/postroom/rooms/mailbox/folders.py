"""Which folders are read, in which order, and which one takes what is Done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

NEVER_BY_DEFAULT = frozenset({"trash", "junk", "drafts", "flagged"})
_ORDER = {"inbox": 0, "sent": 1, "archive": 2, "all": 3}


@dataclass(frozen=True, slots=True)
class FolderRow:
    """A folder of an account as we know it. `lowest_uid` 1 or 0: read to the bottom."""

    id: int
    account_id: str
    name: str
    raw_name: bytes
    delimiter: str | None
    role: str
    selectable: bool
    is_synced: bool
    is_gone: bool
    is_rebuilding: bool
    uid_validity: int | None
    highest_uid: int
    lowest_uid: int
    highest_modseq: int | None
    exists_on_server: int
    seen_total: int
    seen_kept: int
    seen_failed: int
    rebuilds: int
    date_rebuilt: datetime | None
    last_pull_at: datetime | None
    error: str

    @property
    def was_opened(self) -> bool:
        """Whether the folder has a cursor at all."""
        return self.last_pull_at is not None

    @property
    def has_history(self) -> bool:
        """Whether older mail is still unread by us."""
        return self.was_opened and self.lowest_uid > 1

    @property
    def can_read_down(self) -> bool:
        """Whether that older mail can be had now: a folder in trouble waits until a pull of its new mail succeeds."""
        return self.has_history and not self.error


def synced_by_default(role: str, all_roles: Sequence[str]) -> bool:
    """Everything but trash, junk and drafts; where one folder holds all mail (Gmail), that one and INBOX and Sent."""
    if role in NEVER_BY_DEFAULT:
        return False
    if "all" in all_roles:
        return role in ("inbox", "sent", "all")
    return True


def in_reading_order(folders: Sequence[FolderRow]) -> list[FolderRow]:
    """INBOX and Sent first: that is where people look."""
    return sorted(folders, key=lambda folder: (_ORDER.get(folder.role, 9), folder.name))


def archive_of(folders: Sequence[FolderRow]) -> FolderRow | None:
    """Where Done puts a message: the Archive folder, on Gmail All Mail (which takes only the Inbox label off)."""
    present = [folder for folder in folders if folder.selectable and not folder.is_gone]
    for role in ("all", "archive"):
        for folder in present:
            if folder.role == role:
                return folder
    return None

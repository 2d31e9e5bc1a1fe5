"""Does it add up? The server's messages against the ledger's, each difference with its reason. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Difference(StrEnum):
    """Why a UID stands on one side only."""

    NEW = "new"
    """It came after the last pull; the next one brings it."""
    HISTORY = "history"
    """The first pull has not come down to it yet."""
    GONE = "gone"
    """It has left the folder since the last pull; the next one notices."""
    MISSING = "missing"
    """It lies within what was read and has no sighting: this must never happen."""
    FALSE_KEPT = "false_kept"
    """The ledger says it is kept, and no email holds it: this must never happen."""


HARMLESS = frozenset({Difference.NEW, Difference.HISTORY, Difference.GONE})


@dataclass(frozen=True, slots=True)
class FolderAudit:
    """One folder: on the server = kept + left out + failed, or the differences named.

    `differences` are UIDs by reason. `note` says why a folder could not be compared.
    """

    folder: str
    on_server: int
    seen: int
    kept: int
    failed: int
    differences: Mapping[Difference, Sequence[int]]
    note: str = ""

    @property
    def adds_up(self) -> bool:
        """Whether nothing is missing and nothing is claimed that is not here."""
        return not self.note and all(kind in HARMLESS for kind, uids in self.differences.items() if uids)


def reason_for(uid: int, *, lowest_uid: int, highest_uid: int) -> Difference:
    """Why the server has a UID that the ledger lacks."""
    if uid > highest_uid:
        return Difference.NEW
    return Difference.HISTORY if uid < lowest_uid else Difference.MISSING

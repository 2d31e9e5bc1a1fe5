"""The ledger: every message seen in a folder has one sighting with a verdict, and nothing readable if it is not kept.

For each folder: messages on the server = kept + left out (by reason) + failed. `audit.py` names every difference.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

import msgspec


class Verdict(IntEnum):
    """What became of a message, and why. Stored as the number: never renumber."""

    KEPT = 1
    COWORKERS = 2
    NO_CONTACT = 3
    EXCLUDED = 4
    BEFORE_HISTORY = 5
    UNCONFIRMED = 6
    FAILED = 7
    DRAFT = 8
    DELETED = 9
    REFUSED = 10


VERDICT_TEXT: Mapping[Verdict, str] = {
    Verdict.KEPT: "It is logged.",
    Verdict.COWORKERS: "Everyone on it is a coworker, so it is not logged.",
    Verdict.NO_CONTACT: "Nobody on it is a contact of a lead, so it is not logged and not stored.",
    Verdict.EXCLUDED: "An exclude pattern leaves it out.",
    Verdict.BEFORE_HISTORY: "It is older than the account's history setting reaches.",
    Verdict.UNCONFIRMED: "It may concern a lead; nobody has confirmed that yet (see Proposals).",
    Verdict.FAILED: "The mail server did not hand it over; it is tried again.",
    Verdict.DRAFT: "It is a draft and was never sent.",
    Verdict.DELETED: "Somebody deleted this email from the lead; it is not logged again.",
    Verdict.REFUSED: "Somebody said that it does not concern the lead it was proposed for.",
}


class Sighting(msgspec.Struct, frozen=True, gc=False):
    """One message seen in one folder. All hashes are keyed with the organization's key; `size` is in bytes."""

    uid: int
    verdict: Verdict
    identity: int
    message_id_hash: int
    subject_hash: int
    address_hashes: tuple[int, ...]
    date: datetime | None
    size: int

    @property
    def witness(self) -> "Witness":
        """What shows later whether this UID is still this message."""
        return Witness(self.uid, self.message_id_hash, self.subject_hash)


@dataclass(frozen=True, slots=True)
class Witness:
    """A message seen under a UID, by two hashes that another message would hardly share."""

    uid: int
    message_id_hash: int
    subject_hash: int


@dataclass(frozen=True, slots=True)
class FolderLedger:
    """What the ledger says of one folder: sightings by verdict."""

    folder_id: int
    by_verdict: Mapping[Verdict, int]

    @property
    def seen(self) -> int:
        """All sightings."""
        return sum(self.by_verdict.values())

    @property
    def kept(self) -> int:
        """Those that are logged."""
        return self.by_verdict.get(Verdict.KEPT, 0)

    @property
    def failed(self) -> int:
        """Those that the server did not hand over yet."""
        return self.by_verdict.get(Verdict.FAILED, 0)

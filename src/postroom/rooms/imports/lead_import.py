"""An import as a value, and what may be done with it when. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from postroom.ground.errors import Conflict, Invalid
from postroom.rooms.imports.sheet import Form

JOINED_BY = ("email", "domain", "name")
WHEN_FOUND = ("join", "skip")


class Status(StrEnum):
    """How far an import is. A draft waits for its person, `checked` has been tried without making anything."""

    DRAFT = "draft"
    CHECKING = "checking"
    CHECKED = "checked"
    RUNNING = "running"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"
    ERROR = "error"


class Outcome(StrEnum):
    """What became of a row. `kept`: undoing left what it had made, since somebody has worked with it."""

    CREATED = "created"
    JOINED = "joined"
    SKIPPED = "skipped"
    FAILED = "failed"
    KEPT = "kept"
    UNDONE = "undone"


AT_WORK = (Status.CHECKING, Status.RUNNING, Status.UNDOING)
CHANGEABLE = (Status.DRAFT, Status.CHECKED)


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person chooses. `joined_by`: how a row's lead is found among those that are there, nothing never."""

    mapping: tuple[str, ...]
    joined_by: tuple[str, ...] = ("email", "name")
    when_found: str = "join"
    has_header: bool = True


@dataclass(frozen=True, slots=True)
class LeadImport:
    """A file and what is to be done with it. `reached` rows are done of what the status says."""

    organization_id: str
    id: str
    user_id: str
    filename: str
    blob_ref: str
    form: Form
    heads: tuple[str, ...]
    choices: Choices
    status: Status
    error: str
    n_rows: int
    reached: int
    date_created: datetime
    date_updated: datetime


@dataclass(frozen=True, slots=True)
class NewImport:
    """One to be kept."""

    user_id: str
    filename: str
    blob_ref: str
    form: Form
    heads: tuple[str, ...]
    choices: Choices
    n_rows: int


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of a row, by its number in the file. `changes`: of things that were there, before and after."""

    number: int
    outcome: Outcome
    reason: str = ""
    lead_id: str | None = None
    contact_id: str | None = None
    is_new_lead: bool = False
    is_new_contact: bool = False
    changes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def checked_choices(choices: Choices) -> Choices:
    """The choices. Raises Invalid for words that are none."""
    for one in choices.joined_by:
        if one not in JOINED_BY:
            raise Invalid(field_errors={"joined_by": f"Leads are found by {', '.join(JOINED_BY)}, not by {one!r}."})
    if choices.when_found not in WHEN_FOUND:
        raise Invalid(field_errors={"when_found": f"This must be one of {', '.join(WHEN_FOUND)}."})
    return choices


def next_status(status: Status, wanted: Status) -> Status:
    """The status that a person asks for. Raises Conflict where it cannot follow."""
    allowed = {
        Status.CHECKING: CHANGEABLE,
        Status.RUNNING: CHANGEABLE,
        Status.UNDOING: (Status.DONE, Status.ERROR),
    }
    if status not in allowed[wanted]:
        raise Conflict(f"This import is {status.value}; that cannot be done with it now.")
    return wanted

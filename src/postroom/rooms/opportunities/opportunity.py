"""An opportunity, its status and pipeline, as values, and the rules of what may be written. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from postroom.ground.errors import Invalid

MOST_CENTS = 10**15


class StatusType(StrEnum):
    """How a deal stands while it has a status."""

    ACTIVE = "active"
    WON = "won"
    LOST = "lost"


class Period(StrEnum):
    """How often the value is paid."""

    ONE_TIME = "one_time"
    MONTHLY = "monthly"
    ANNUAL = "annual"


@dataclass(frozen=True, slots=True)
class Status:
    """A stage that opportunities pass through."""

    id: str
    pipeline_id: str
    label: str
    type: StatusType


@dataclass(frozen=True, slots=True)
class StatusContent:
    """What a person may write of a status. An `id` of "" is one to be made."""

    label: str
    type: StatusType = StatusType.ACTIVE
    id: str = ""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A kind of deal, with its stages in order."""

    id: str
    name: str
    statuses: tuple[Status, ...]


@dataclass(frozen=True, slots=True)
class PipelineContent:
    """What a person may write of a pipeline; None leaves it as it is."""

    name: str | None = None
    statuses: tuple[StatusContent, ...] | None = None


@dataclass(frozen=True, slots=True)
class Opportunity:
    """What a person may write of an opportunity. `value` is in cents; None: nobody has said."""

    status_id: str
    user_id: str | None = None
    contact_id: str | None = None
    value: int | None = None
    value_period: str = Period.ONE_TIME.value
    confidence: int = 50
    note: str = ""
    date_won: date | None = None
    date_lost: datetime | None = None
    attachments: tuple[Mapping[str, Any], ...] = ()
    custom: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a new opportunity stands, and when it began if that was before now, by whom if by somebody else."""

    lead_id: str
    date_created: datetime | None = None
    created_by: str | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """That an opportunity went from one status to another, and what it was worth then."""

    opportunity_id: str
    lead_id: str
    before: str
    after: Opportunity


FIRST_PIPELINE = "Sales"
FIRST_STATUSES = (("Active", StatusType.ACTIVE), ("Won", StatusType.WON), ("Lost", StatusType.LOST))
"""What a new organization begins with."""


def checked(given: Opportunity) -> Opportunity:
    """The opportunity if it may be stored. Raises Invalid with the field that is wrong."""
    if given.value_period not in [*Period]:
        raise Invalid(field_errors={"value_period": "This must be one_time, monthly or annual."})
    if not 0 <= given.confidence <= 100:
        raise Invalid(field_errors={"confidence": "This must be a whole number from 0 to 100."})
    if given.value is not None and abs(given.value) > MOST_CENTS:
        raise Invalid(field_errors={"value": "This is too large."})
    return given


def dated(given: Opportunity, kind: StatusType, now: datetime) -> Opportunity:
    """With the day on which it was won or lost, where nobody has said another; an open one is not lost."""
    if kind is StatusType.WON:
        return replace(given, date_won=given.date_won or now.date(), date_lost=None)
    return replace(given, date_lost=(given.date_lost or now) if kind is StatusType.LOST else None)


def status_type(text: str) -> StatusType:
    """active, won or lost. Raises Invalid."""
    try:
        return StatusType(text or "active")
    except ValueError as error:
        raise Invalid(field_errors={"type": "This must be active, won or lost."}) from error

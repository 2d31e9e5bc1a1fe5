"""An activity and a type of custom activities, as values. Emails are activities too, but live in their own room."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What happened."""

    NOTE = "note"
    CALL = "call"
    CUSTOM = "custom"
    LEAD_STATUS_CHANGE = "lead_status_change"
    OPPORTUNITY_STATUS_CHANGE = "opportunity_status_change"
    TASK_COMPLETED = "task_completed"
    LEAD_MERGE = "lead_merge"


EVENT_TYPES = {kind: f"activity.{'custom_activity' if kind is Kind.CUSTOM else kind.value}" for kind in Kind}
"""What the event log calls them."""


@dataclass(frozen=True, slots=True)
class Activity:
    """What is written of an activity. `details` are only shown, as the labels of statuses as they were then."""

    kind: Kind
    lead_id: str
    activity_at: datetime
    contact_id: str | None = None
    user_id: str | None = None
    object_id: str | None = None
    type_id: str | None = None
    status: str = ""
    title: str = ""
    text: str = ""
    html: str = ""
    direction: str = ""
    duration: int = 0
    phone: str = ""
    old_status_id: str | None = None
    new_status_id: str | None = None
    is_pinned: bool = False
    details: Mapping[str, Any] = field(default_factory=dict)
    custom: Mapping[str, Any] = field(default_factory=dict)


def dated(after: Activity, before: Activity | None, now: datetime) -> Activity:
    """The activity with the moment at which it was pinned and published, where it is so newly. Pure."""
    newly = {
        "pinned_at": after.is_pinned and not (before and before.is_pinned),
        "last_published_at": after.status == "published" and not (before and before.status == "published"),
    }
    at = now.isoformat(timespec="microseconds")
    given = {name: at for name, is_new in newly.items() if is_new}
    return replace(after, details={**after.details, **given}) if given else after


@dataclass(frozen=True, slots=True)
class ActivityType:
    """What a person may write of a kind of activity that the organization has made itself."""

    name: str
    description: str = ""
    api_create_only: bool = False
    is_archived: bool = False
    editable_with_roles: tuple[str, ...] = ()

"""A bulk edit or delete: what is to be done to everything that a query finds. Rules alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from postroom.ground.errors import Invalid

MOST_TRIES = 5
EDITS = {
    "set_lead_status": "lead",
    "set_custom_field": "lead",
    "clear_custom_field": "lead",
    "set_contact_custom_field": "contact",
    "clear_contact_custom_field": "contact",
    "set_opportunity_custom_field": "opportunity",
    "clear_opportunity_custom_field": "opportunity",
    "set_activity_custom_field": "custom_activity",
    "clear_activity_custom_field": "custom_activity",
}
"""What can be edited, by the kind of thing that it is edited on."""
OPERATIONS = ("replace", "add", "remove")
DELETES = ("lead", "contact", "call", "custom_activity")
NAMES = {
    "lead": ("lead", "leads"),
    "contact": ("contact", "contacts"),
    "opportunity": ("opportunity", "opportunities"),
    "call": ("call", "calls"),
    "custom_activity": ("custom activity", "custom activities"),
}
"""What people call one and many of them."""


class Kind(StrEnum):
    """What is done."""

    EDIT = "edit"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is done to what. Of an edit `type` is one of EDITS; `field` is a custom field's id or name."""

    query: str | None = None
    s_query: Mapping[str, Any] | None = None
    results_limit: int | None = None
    sort: tuple[Any, ...] = ()
    object_type: str = "lead"
    type: str = ""
    lead_status_id: str = ""
    field: str = ""
    value: Any = None
    operation: str = "replace"
    send_done_email: bool = True

    @property
    def clears(self) -> bool:
        """It takes a custom field's value away."""
        return self.type.startswith("clear_")

    def custom_key(self) -> str:
        """The key that a body would set the custom field by."""
        suffix = "" if self.operation == "replace" or self.clears else f".{self.operation}"
        return f"custom.{self.field}{suffix}"


@dataclass(frozen=True, slots=True)
class BulkAction:
    """A bulk action as it is kept. Things up to `after_id`, in the order of ids, are done."""

    id: str
    user_id: str
    kind: Kind
    wanted: Wanted
    status: str
    n_objects: int | None
    n_objects_processed: int
    after_id: str
    error: str
    attempts: int
    date_created: datetime
    date_updated: datetime


def checked(kind: Kind, wanted: Wanted) -> Wanted:
    """The wish. Raises Invalid for what is none, or says nothing."""
    faults: dict[str, object] = {}
    if wanted.query is not None and wanted.s_query is not None:
        faults["query"] = "Give either query or s_query, not both."
    if wanted.query is None and wanted.s_query is None:
        faults["s_query"] = "Say what is to be changed: a query, or `*` for everything."
    if kind is Kind.DELETE and wanted.object_type not in DELETES:
        faults["bulk_object_type"] = f"This must be one of {', '.join(DELETES)}."
    if kind is Kind.EDIT:
        faults |= _faults_of_edit(wanted)
    if faults:
        raise Invalid(field_errors=faults)
    return wanted


def _faults_of_edit(wanted: Wanted) -> dict[str, object]:
    if wanted.type not in EDITS:
        return {"type": f"This must be one of {', '.join(EDITS)}."}
    if wanted.type == "set_lead_status":
        return {} if wanted.lead_status_id else {"lead_status_id": "This field is required."}
    if not wanted.field:
        return {"custom_field_id": "This field is required."}
    if wanted.operation not in OPERATIONS:
        return {"custom_field_operation": f"This must be one of {', '.join(OPERATIONS)}."}
    return {}

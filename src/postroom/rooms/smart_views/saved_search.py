"""A Smart View as a value: who may see and change it, and what makes one valid. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from postroom.ground.errors import Forbidden, Invalid
from postroom.rooms.smart_views.query import parse
from postroom.rooms.smart_views.structured import query_from
from postroom.rooms.smart_views.tree import Query, depends_on_user

TYPES = ("lead", "contact", "opportunity", "call", "email", "sms", "meeting", "note", "task", "whatsapp_message",
         "custom_activity", "form_submission")  # fmt: skip
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Seeker:
    """Who looks at Smart Views. Admins may change the shared ones of others."""

    user_id: str
    is_admin: bool = False
    group_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A query kept under a name: `query` in the text language, or `s_query` structured; never both."""

    id: str
    name: str
    type: str = "lead"
    description: str = ""
    query: str | None = None
    s_query: Mapping[str, Any] | None = None
    user_id: str | None = None
    is_shared: bool = False
    shared_with: tuple[str, ...] = ()
    is_user_dependent: bool = False
    selected_fields: Sequence[Any] | None = None
    date_created: datetime | None = field(default=None, compare=False)
    date_updated: datetime | None = field(default=None, compare=False)


def is_visible(view: SavedSearch, seeker: Seeker) -> bool:
    """Whether one may see and use it."""
    known = {seeker.user_id, *seeker.group_ids}
    return view.is_shared or view.user_id in (None, seeker.user_id) or not known.isdisjoint(view.shared_with)


def require_change(view: SavedSearch, seeker: Seeker) -> None:
    """Raises Forbidden for everybody but its owner, and admins where it is not somebody's own."""
    is_personal = view.user_id is not None and not view.is_shared and not view.shared_with
    if view.user_id != seeker.user_id and (is_personal or not seeker.is_admin):
        raise Forbidden("Only its owner or an admin may change this Smart View.")


def query_of(view: SavedSearch) -> Query:
    """What the view looks for. Raises Invalid."""
    if view.s_query is not None:
        return query_from(view.s_query, view.type)
    return replace(parse(view.query or ""), kind=view.type)


def checked(view: SavedSearch) -> Query:
    """The query of a view that may be stored. Raises Invalid, with the field that is wrong."""
    if not view.name:
        raise Invalid(field_errors={"name": "This field is required."})
    if len(view.name) > LONGEST_NAME:
        raise Invalid(field_errors={"name": f"This may be {LONGEST_NAME} characters long."})
    if view.type not in TYPES:
        raise Invalid(field_errors={"type": f"There are no Smart Views of {view.type!r}."})
    if (view.query is None) == (view.s_query is None):
        raise Invalid(field_errors={"s_query": "Give either s_query or query."})
    return query_of(view)


def says_me(query: Query) -> bool:
    """Whether different people see different things in it."""
    return depends_on_user(query.where)


FIRST_VIEWS = (
    ("All Leads", "*"),
    ("Has Notifications", "notifications > 0"),
    ("Recently Created", "created <= 30 days ago sort:-created"),
    ("Recently Updated", "updated <= 30 days ago sort:-updated"),
    ("Recently Emailed", "last_email <= 30 days ago"),
    ("Never Emailed", "emails = 0"),
)
"""What a new organization finds in its side bar, beside one view for each status; as Close's had in 2013."""


def first_views(statuses: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """(name, query) of the views of a new organization with these lead statuses."""
    by_status = tuple((label, 'status:"' + label.replace("\\", "\\\\").replace('"', '\\"') + '"') for label in statuses)
    return FIRST_VIEWS + by_status

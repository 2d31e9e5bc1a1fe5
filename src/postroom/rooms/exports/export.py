"""An export: what is wanted of it and how far it is. Rules alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from postroom.ground.errors import Invalid

FORMATS = ("csv", "json")
LEAD_TYPES = ("leads", "contacts", "lead_opps")
DATE_FORMATS = ("original", "iso8601", "excel")
MOST_FIELDS = 500
MOST_TRIES = 5
LINK_LASTS = timedelta(days=1)
"""Each answer has a fresh link; it needs no credentials, so it is not good for ever."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a file is to hold. `query` is text, `s_query` a structured search; `params` narrow opportunities."""

    format: str = "csv"
    type: str = "leads"
    query: str | None = None
    s_query: Mapping[str, Any] | None = None
    results_limit: int | None = None
    sort: tuple[Any, ...] = ()
    fields: tuple[str, ...] = ()
    date_format: str = "original"
    include_activities: bool = False
    include_smart_fields: bool = False
    include_addresses: bool = False
    send_done_email: bool = True
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Export:
    """An export as it is kept. `parts` are references of its pieces, gzip when put together."""

    id: str
    user_id: str
    kind: str
    wanted: Wanted
    status: str
    n_docs: int | None
    n_docs_processed: int
    parts: tuple[str, ...]
    size: int
    error: str
    attempts: int
    date_created: datetime
    date_updated: datetime


_DATED, _ENDS = ("date_won", "date_created", "date_updated"), ("gt", "gte", "lt", "lte")


def checked(kind: str, wanted: Wanted) -> Wanted:
    """The wish. Raises Invalid for words that are none of Close's."""
    faults: dict[str, object] = {}
    types = LEAD_TYPES if kind == "lead" else ("opportunity",)
    for name, known in (("format", FORMATS), ("type", types), ("date_format", DATE_FORMATS)):
        if getattr(wanted, name) not in known:
            faults[name] = f"This must be one of {', '.join(known)}."
    if len(wanted.fields) > MOST_FIELDS:
        faults["fields"] = f"These may be {MOST_FIELDS} at most."
    if wanted.include_activities and (wanted.format, wanted.type) != ("json", "leads"):
        faults["include_activities"] = "Activities are only in exports of leads as JSON."
    for name in (f"{dated}__{end}" for dated in _DATED for end in _ENDS):
        if (text := wanted.params.get(name)) and not _is_date(str(text)):
            faults[f"params.{name}"] = "This is not a date or date-time."
    if wanted.query is not None and wanted.s_query is not None:
        faults["query"] = "Give either query or s_query, not both."
    if faults:
        raise Invalid(field_errors=faults)
    return wanted


def _is_date(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True

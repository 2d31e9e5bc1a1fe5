"""The list conventions of the API: `_limit`, `_skip`, `_fields`, id lists, date filters, and the caller's day.

Parameters that nobody asked for are ignored, as Close does; one that is there and cannot be read is an error.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from postroom.doors.web.errors import ApiRequest
from postroom.ground.errors import Invalid, Permanent
from postroom.views.selection import Order, Page, Span

T = TypeVar("T")

DEFAULT_LIMIT = 100
MOST_LIMIT = 200
MOST_PLAIN_LIMIT = 1000
"""Of lists of small things: tasks, users, fields, Smart Views. Connectors ask Close for 250, 600 or 1,000 of them."""
MOST_SKIP = 100_000
_BRACKETS = re.compile(r"\[\d{0,4}\]$")
_USERS = frozenset({"user_id", "user_id__in", "assigned_to", "assigned_to__in"})
_ME = re.compile(r"(?<![^,\s])me(?![^,\s])")
_LOST_PLUS = re.compile(r"(T[\d:.]+) (\d\d:?\d\d)$")


class Deleted(msgspec.Struct):
    """`{}`: it is gone."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The query string of a request, read by purpose. Dates that say no zone are of `zone`."""

    values: Mapping[str, str]
    zone: tzinfo = UTC

    def page(self, most: int = MOST_LIMIT) -> Page:
        """Which part of a list. Raises Invalid beyond the limits; Close's clients look for `max_skip = N`."""
        limit = self.number("_limit", DEFAULT_LIMIT)
        skip = self.number("_skip", 0)
        if limit > most:
            raise Invalid(field_errors={"_limit": f"This must be at most {most}."})
        if skip > MOST_SKIP:
            text = f"_skip is too large; max_skip = {MOST_SKIP}. Narrow the list by a date instead."
            raise Permanent(text, field="_skip")
        return Page(limit, skip)

    def text(self, name: str) -> str:
        """A parameter as it stands, "" where it is absent."""
        return self.values.get(name, "").strip()

    def ids(self, *names: str) -> tuple[str, ...] | None:
        """Ids out of comma lists; None where no such parameter was given, so that nothing is narrowed."""
        given = [self.values[name] for name in names if name in self.values]
        if not given:
            return None
        return tuple(word.strip() for text in given for word in text.split(",") if word.strip())

    def flag(self, name: str) -> bool | None:
        """true or false in any case (Python clients send `True`), None where absent."""
        text = self.values.get(name, "").strip().lower()
        if not text:
            return None
        if text not in ("true", "false", "1", "0"):
            raise Invalid(field_errors={name: "This must be true or false."})
        return text in ("true", "1")

    def moment(self, name: str) -> datetime | None:
        """A date or date-time; None where it is absent."""
        text = self.text(name)
        return moment(name, text, self.zone) if text else None

    def span(self, name: str) -> Span:
        """A date filter with its suffixes: `name__gt`, `name__gte`, `name__lt`, `name__lte`. `name` alone is that day
        where it is a date, else that very moment."""
        found = {}
        if text := self.text(name):
            found["gte"] = found["lte"] = moment(name, text, self.zone)
            if len(text) <= len("2026-12-31"):
                found["lte"] = moment(name, f"{text}T23:59:59.999999", self.zone)
        for suffix in ("gt", "gte", "lt", "lte"):
            if (at := self.moment(f"{name}__{suffix}")) is not None:
                found[suffix] = at
        return Span(**found)

    def in_utc(self) -> "Asked":
        """The same where dates are printed without a zone, or without a time: events, the day of a sale, due dates."""
        return replace(self, zone=UTC)

    def order(self) -> Order:
        """`_order_by`: date_created or activity_at, the newest first with `-`. Anything else leaves it at the newest
        created, as Close does where it knows no other order."""
        first = self.text("_order_by").partition(",")[0].strip()
        name = first.removeprefix("-")
        if name not in ("date_created", "activity_at"):
            return Order()
        return Order(name == "activity_at", not first.startswith("-"))

    def number(self, name: str, default: int) -> int:
        """A whole number, not below zero."""
        text = self.values.get(name, "").strip()
        if not text:
            return default
        if not text.isascii() or not text.isdigit() or len(text) > 9:
            raise Invalid(field_errors={name: "This must be a whole number, not below zero."})
        return int(text)


def asked(request: ApiRequest) -> Asked:
    """The query string of this request. A parameter given twice counts as given last, but lists are put together:
    programs repeat them, some as `id__in[]` or `id__in[0]`. Among users `me` is the caller."""
    if not request.scope["query_string"]:
        return _NOTHING_ASKED
    found: dict[str, str] = {}
    for spelled, value in request.query_params.multi_items():
        name = _BRACKETS.sub("", spelled)
        is_list = name != spelled or name.endswith("__in") or name in ("_fields", "_order_by")
        found[name] = f"{found[name]},{value}" if is_list and name in found else value
    for name in _USERS & found.keys():
        found[name] = _ME.sub(request.user.id, found[name])
    # Close documents the header for date filters, too; a user's own zone is none of a program's without it.
    return Asked(found, zone_of(request) if "x-tz-offset" in request.headers else UTC)


def moment(field: str, text: str, zone: tzinfo = UTC) -> datetime:
    """A date or date-time; without a zone it is of this one. A `+` that a client did not encode arrives as a blank."""
    try:
        parsed = datetime.fromisoformat(_LOST_PLUS.sub(r"\1+\2", text.strip()))
        return (parsed if parsed.tzinfo else parsed.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Invalid(field_errors={field: "This is not a date or date-time."}) from error


def zone_of(request: ApiRequest) -> tzinfo:
    """`X-TZ-Offset`, hours east of UTC as decimal text; else the user's own zone."""
    text = request.headers.get("x-tz-offset", "")
    try:
        return timezone(timedelta(hours=float(text))) if text else ZoneInfo(request.user.timezone)
    except (ValueError, OverflowError, ZoneInfoNotFoundError):  # nan, text, more than a day: no zone anybody lives in
        return UTC


def end_of_day(request: ApiRequest, now: datetime) -> datetime:
    """When the caller's day ends."""
    tomorrow = today_of(request, now) + timedelta(days=1)
    return datetime.combine(tomorrow, time(), zone_of(request)).astimezone(UTC)


def end_of_date(request: ApiRequest, now: datetime) -> datetime:
    """The midnight in UTC that ends the date which the caller has: for days that are days wherever they are read."""
    return datetime.combine(today_of(request, now) + timedelta(days=1), time(), UTC)


def today_of(request: ApiRequest, now: datetime) -> date:
    """The date that the caller has."""
    return now.astimezone(zone_of(request)).date()


def shown(request: ApiRequest, answer: T) -> T:
    """The answer cut down to `_fields`. Raises Invalid for a field that such a thing does not have.

    What has changed something is done by now, and nobody may be told that it was refused: such a field is passed over.
    A cut answer is a plain mapping: it keeps the declared type only for the API's description.
    """
    if b"_fields" not in request.scope["query_string"]:
        return answer
    names = asked(request).ids("_fields")
    if not names:
        return answer
    encoded = msgspec.to_builtins(answer, builtin_types=(datetime, msgspec.Raw))
    rows = encoded["data"] if isinstance(encoded, dict) and isinstance(encoded.get("data"), list) else None
    wanted = set(names)
    if request.method != "GET":
        try:
            return cast(T, cut_to_known(encoded, wanted))
        except Invalid:
            return answer
    if rows is None:
        return cast(T, _cut(encoded, wanted))
    return cast(T, {**encoded, "data": [_cut(row, wanted) for row in rows]})


def shown_part(request: ApiRequest, answer: T) -> T:
    """The same for a list that is read whole: cut down to `_limit` and `_skip` where they are given. Else a program
    that pages on until nothing comes would never end."""
    query = asked(request)
    if not {"_limit", "_skip"} & query.values.keys():
        return shown(request, answer)
    page = query.page(MOST_PLAIN_LIMIT)
    rows = cast(Any, answer).data[page.skip :]
    part = msgspec.structs.replace(cast(Any, answer), data=rows[: page.limit], has_more=len(rows) > page.limit)
    return shown(request, cast(T, part))


_ON_REQUEST: dict[str, dict[str, Any]] = {"Call": {"recording_transcript": None, "voicemail_transcript": None}}
"""What Close prints of a kind only where `_fields` names it. Nothing here transcribes calls."""


def cut_to_known(row: dict[str, Any], wanted: set[str]) -> dict[str, Any]:
    """The same of one row among rows of many kinds, where each has but some of the fields."""
    row = _ON_REQUEST.get(row.get("_type", ""), {}) | row
    known = {name.partition(".")[0] for name in row} | {"_all"}
    return _cut(row, {name for name in wanted if name.partition(".")[0] in known})


def _cut(row: dict[str, Any], wanted: set[str]) -> dict[str, Any]:
    """The fields that are wanted; `contacts.name` is of `contacts` the names alone. `_all` is everything there is."""
    if "_all" in wanted:
        return row
    row = _ON_REQUEST.get(row.get("_type", ""), {}) | row
    inner: dict[str, set[str]] = {}
    for name in wanted:
        outer, dot, rest = name.partition(".")
        if name not in row and dot and outer != "custom":
            inner.setdefault(outer, set()).add(rest)
    known = {name.partition(".")[0] if name.partition(".")[0] in inner else name for name in wanted}
    if unknown := sorted(name for name in known if name not in row and not _is_custom(name)):
        raise Invalid(field_errors={"_fields": f"There is no field {unknown[0]!r} here."})
    cut = {name: row[name] for name in row if name in wanted or ("custom" in wanted and _is_custom(name))}
    if by_name := {name for name in wanted if name.startswith("custom.")} - cut.keys():
        held = _cut_inside(row.get("custom", {}), {"_all"})
        cut |= {name: held[name.removeprefix("custom.")] for name in by_name if name.removeprefix("custom.") in held}
    return cut | {name: _cut_inside(row[name], names) for name, names in inner.items() if name not in cut}


def _cut_inside(value: Any, names: set[str]) -> Any:
    """The same for what a field holds: a thing, or a list of things."""
    if isinstance(value, msgspec.Raw):
        value = msgspec.json.decode(value)
    if isinstance(value, list):
        return [_cut_inside(one, names) for one in value]
    return _cut(value, names) if isinstance(value, dict) else value


def _is_custom(name: str) -> bool:
    """Custom fields are named by their organization, so any name may be asked for."""
    return name == "custom" or name.startswith("custom.")


_NOTHING_ASKED = Asked({})

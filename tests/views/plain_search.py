"""What a search tree finds, told in plain Python over rows in memory: the second opinion beside the SQL.

It shares with the product the tree and the reading of dates, which have tests of their own, and nothing else.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import md5
from typing import Any

from postroom.rooms.smart_views import tree as t
from postroom.rooms.smart_views.moments import Here, ago, stretch_of, when
from tests.views import plain_zones
from tests.views.plain_fields import GATHERED, OF_CONTACTS, STATUSES, TEXTS, THROUGH
from tests.views.plain_words import plain, stands, stands_in_email
from tests.views.search_names import plain_name

Row = dict[str, Any]


@dataclass
class World:
    """All rows of one organization by kind, and the names in it."""

    here: Here
    me: str
    statuses: dict[str, str]
    users: dict[str, tuple[str, str]]
    templates: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[Row]] = field(default_factory=dict)
    views: dict[str, t.Query] = field(default_factory=dict)
    fields: tuple[tuple[str, str, str, str], ...] = (
        ("cf_tint", "opportunity", "Tint", "text"),
        ("Count", "lead", "How many", "number"),
        ("cf_out", "activity", "Outcome", "choices"),
    )
    """Custom fields: id, kind, name, type. Values of other names are kept by these."""

    def find(self, query: t.Query) -> list[str]:
        """The ids in their order."""
        rows = [row for row in self.rows[query.kind] if self.holds(query.where, query.kind, row)]
        if query.slice:
            rows = [row for row in rows if number_of(row["id"]) % query.slice.parts == query.slice.part - 1]
        rows.sort(key=lambda row: row["id"])
        for key in reversed(query.sort):
            value = getter(self, query.kind, known_as(query.kind, key.field))
            known = [row for row in rows if value(row) is not None]
            unknown = [row for row in rows if value(row) is None]
            known.sort(key=lambda row: sortable(value(row)), reverse=key.descending)
            rows = known + unknown
        ids = [row["id"] for row in rows]
        return ids if query.limit is None else ids[: query.limit]

    def holds(self, node: t.Node, kind: str, row: Row) -> bool:
        """Whether a row is meant."""
        match node:
            case t.Everything():
                return True
            case t.And(nodes):
                return all(self.holds(one, kind, row) for one in nodes)
            case t.Or(nodes):
                return not nodes or any(self.holds(one, kind, row) for one in nodes)
            case t.Not(inner):
                return not self.holds(inner, kind, row)
            case t.Related(other, inside):
                other = "lead_status" if (kind, other) == ("lead", "status") else other
                return any(self.holds(inside, other, one) for one in self.belonging(kind, row, other))
            case t.InView(name):
                return row["id"] in self.find(self.views[name])
            case t.Words(mode, text):
                words = text.split() if mode in (t.Mode.FULL_WORDS, t.Mode.BEGINNING_OF_WORDS) else [text]
                return all(self.mentions(kind, row, mode, word) for word in words)
            case t.Holds(name, condition):
                return self.fulfils(kind, row, name, condition)

    def belonging(self, kind: str, row: Row, other: str) -> list[Row]:
        """The rows of another kind that belong to this one."""
        if {kind, other} in ({"opportunity", "status_change"}, {"opportunity", "status"}, {"status_change", "status"}):
            mine = "id" if kind == "opportunity" else "opportunity_id"
            theirs = "id" if other == "opportunity" else "opportunity_id"
            return [one for one in self.rows[other] if one[theirs] == row[mine]]
        by_contact = kind == "contact" and other in OF_CONTACTS
        by_contact = by_contact or (other == "contact" and kind in OF_CONTACTS)
        if by_contact:
            mine = row["id"] if kind == "contact" else row["contact_id"]
            return [one for one in self.rows[other] if (one["id"] if other == "contact" else one["contact_id"]) == mine]
        mine = row["id"] if kind == "lead" else row["lead_id"]
        return [one for one in self.rows[other] if (one["id"] if other == "lead" else one["lead_id"]) == mine]

    def mentions(self, kind: str, row: Row, mode: t.Mode, word: str) -> bool:
        """Whether the words stand anywhere in the thing."""
        if kind == "email":
            return stands_in_email(mode, word, row)
        if kind == "task":
            return stands(mode, word, row["text"])
        if kind in TEXTS:
            return any(stands(mode, word, row[name]) for name in TEXTS[kind])
        texts = [" ".join(row[name] for name in ("name", "description", "url") if name in row)]
        if kind == "contact":
            texts = [f"{row['name']} {row['title']}"]
        if kind == "lead":
            texts += [f"{one['name']} {one['title']}" for one in self.belonging("lead", row, "contact")]
            texts += [one["text"] for noted in ("note", "call") for one in self.belonging("lead", row, noted)]
        texts += [one["email"] for one in self.belonging(kind, row, "contact_email")]
        if any(stands(mode, word, text) for text in texts):
            return True
        emails = self.belonging("lead", row, "email") if kind == "lead" else []
        return any(stands_in_email(mode, word, email) for email in emails)

    def fulfils(self, kind: str, row: Row, name: t.Field, condition: t.Condition) -> bool:
        """Whether a field's value is as asked."""
        name = known_as(kind, name)
        values = all_values(self, kind, name, row)
        if name.name in ("template", "emailed_template"):
            return one_passes(values, condition, self.is_template)
        if (kind, name.name) in STATUSES:
            return one_passes(values, condition, lambda value, word: self.is_status(value, word, condition))
        if name.name in ("created_by", "user", "assigned_to", "opportunity_user", "task_assigned_to"):
            return one_passes(values, condition, self.is_user)
        if kind in ("lead_status", "status") and name.name == "on":
            return meets((row["since"], row["until"]), condition, self.here)
        if name.name == "filename":
            return any(passes(one, condition, self.here) for one in row["files"])
        if name.name in ("phone", "phone_number"):
            return any(passes(one, condition, self.here) or is_phone(one, condition) for one in values)
        if name.name == "timezone_id":
            return any(plain_zones.is_meant(one, condition, self.here.now) for one in values)
        if name.is_custom:
            return any(custom_passes(value, condition, self.here) for value in values)
        return any(passes(value, condition, self.here) for value in values)

    def is_status(self, value: str, word: str, condition: t.Condition) -> bool:
        if isinstance(condition, t.Matches) and condition.mode is t.Mode.PATTERN:
            return stands(t.Mode.PATTERN, word, self.statuses[value])
        return word == value or plain(word).replace("_", " ") == plain(self.statuses[value])

    def is_template(self, value: str, word: str) -> bool:
        return word == value or plain(word).replace("_", " ") == plain(self.templates.get(value, ""))

    def is_user(self, value: str, word: str) -> bool:
        return word in (value, *self.users[value]) or (word == "me" and value == self.me)


# ── values ─────────────────────────────────────────────────────────────────────────────────────────────────────


def known_as(kind: str, name: t.Field) -> t.Field:
    """A field by its plain name; one of the organization's own as it is."""
    return name if name.is_custom else replace(name, name=plain_name(kind, name.name))


def all_values(world: World, kind: str, name: t.Field, row: Row) -> list[Any]:
    """The values that a field has: one for most, several through other things, none for null."""
    if name.is_custom:
        held = row["custom"].get(key_of(world, kind, name.name))
        return [one for one in (held if isinstance(held, list) else [held]) if one is not None]
    if name.name == "timezone_id":
        places = (kind,) if kind in ("contact_phone", "address") else ("contact_phone", "address")
        rows = [
            (place, one) for place in places for one in ([row] if place == kind else world.belonging(kind, row, place))
        ]
        return [zone for place, one in rows for zone in plain_zones.zones_of(place, one)]
    if name.name in THROUGH.get(kind, {}):
        other, inner = THROUGH[kind][name.name]
        return [value for one in world.belonging(kind, row, other) for value in [one[inner]] if value is not None]
    value = getter(world, kind, name)(row)
    return [] if value is None else [value]


def getter(world: World, kind: str, name: t.Field) -> Callable[[Row], Any]:
    """The one value of a field."""
    if name.is_custom:
        return lambda row: number_or_none(row["custom"].get(key_of(world, kind, name.name)))
    if name.name in THROUGH.get(kind, {}):
        other, inner = THROUGH[kind][name.name]

        def least(row: Row) -> Any:
            found = [sortable(one[inner]) for one in world.belonging(kind, row, other) if one[inner] is not None]
            return min(found, default=None)

        return least
    if name.name in GATHERED.get(kind, {}):
        other, gather = GATHERED[kind][name.name]
        return lambda row: gather(world.belonging(kind, row, other))
    return lambda row: row.get(name.name)  # a contact's date_updated is the same for all


def key_of(world: World, kind: str, name: str) -> str:
    """The key of a custom field's values: its id."""
    kind = "activity" if kind == "custom_activity" else kind
    ids = (one for one, stands_on, called, _ in world.fields if stands_on == kind and called.lower() == name.lower())
    return next(ids, name)


def number_or_none(value: Any) -> float | None:
    """What a custom field of numbers is sorted by: the number that its value is, if it is one."""
    return float(value) if not isinstance(value, list) and is_number(str(value)) else None


def sortable(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def number_of(text: str) -> int:
    """The first 32 bits of MD5, signed as PostgreSQL's bit(32)::bigint is not: it stays positive."""
    return int(md5(text.encode()).hexdigest()[:8], 16)


TYPED = {  # a number as typed, as it is kept, and the end of one without its country
    "+49 30 1234567": ("+49301234567", ""),
    "0049-30/12345": ("+493012345", ""),
    "(030) 123 4567": ("0301234567", "301234567"),
    "301234567": ("301234567", "301234567"),
}


def is_phone(value: str, condition: t.Condition) -> bool:
    """Whether a telephone number is one that is looked for in other words."""
    typed = [word.text for word in t.values_of(condition) if isinstance(word, t.Word) and word.text in TYPED]
    for kept, end in (TYPED[one] for one in typed):
        mode = condition.mode if isinstance(condition, t.Matches) else t.Mode.EXACT_VALUE
        if value == kept or (mode is t.Mode.BEGINNING_OF_WORDS and value.startswith(kept)):
            return True
        if end and mode in (t.Mode.PHRASE, t.Mode.FULL_WORDS) and value.endswith(end):
            return True
    return False


# ── conditions ─────────────────────────────────────────────────────────────────────────────────────────────────


def meets(stretch: tuple[datetime, datetime | None], condition: t.Condition, here: Here) -> bool:
    """Whether a stretch of time, its end not counted, has a moment in common with what is asked: one of its ends, or
    one of the ends of what is asked, a blink before or after."""
    since, until = stretch
    blink, forever = timedelta(microseconds=1), datetime(2100, 1, 1, tzinfo=UTC)
    if isinstance(condition, t.Exists):
        return True
    tried = [since, (until or forever) - blink]
    for value in t.values_of(condition):
        covered = stretch_of(value.text, here) if isinstance(value, t.Word) else None
        if isinstance(value, t.Ago):
            tried += [ago(value.count, value.unit, here) + step for step in (-blink, timedelta(0), blink)]
        elif covered:
            tried += [covered.start - blink, covered.start, covered.end - blink, covered.end]
        elif not isinstance(value, t.Word | float):
            tried += [when(value, here) + step for step in (-blink, timedelta(0), blink)]
    inside = [one for one in tried if since <= one < (until or forever)]
    if isinstance(condition, t.Within):  # all bounds are met, each somewhere in it
        return all(any(is_within(one, bound, here) for one in inside) for bound in condition.bounds)
    return any(passes(one, condition, here) for one in inside)


def one_passes(values: list[str], condition: t.Condition, is_meant: Callable[[str, str], bool]) -> bool:
    """Users and statuses: by any of their names."""
    if isinstance(condition, t.Exists):
        return bool(values)
    words = [value.text for value in t.values_of(condition) if isinstance(value, t.Word)]
    return any(is_meant(value, word) for value in values for word in words)


def passes(value: Any, condition: t.Condition, here: Here) -> bool:
    """Whether one value is as asked."""
    if isinstance(value, bool):
        words = [one.text for one in t.values_of(condition) if isinstance(one, t.Word)]
        return isinstance(condition, t.Exists) or any((word in ("yes", "true")) == value for word in words)
    match condition:
        case t.Exists():
            return value not in ("", 0)
        case t.Matches(mode, word) if isinstance(value, str):
            texts = word.text.split() if mode in (t.Mode.FULL_WORDS, t.Mode.BEGINNING_OF_WORDS) else [word.text]
            return all(stands(mode, text, value) for text in texts)
        case t.Matches(_, word):
            return is_same(value, word, here)
        case t.Equals(wanted):
            return is_same(value, wanted, here)
        case t.OneOf(wanted):
            return any(is_same(value, one, here) for one in wanted)
        case t.Within(bounds):
            return all(is_within(value, bound, here) for bound in bounds)
    raise AssertionError(condition)


def is_same(value: Any, wanted: t.Value, here: Here) -> bool:
    if isinstance(value, datetime):
        assert isinstance(wanted, t.Word)
        covered = stretch_of(wanted.text, here)
        assert covered
        return covered.start <= value < covered.end
    if isinstance(value, str):
        return isinstance(wanted, t.Word) and plain(value) == plain(wanted.text)
    return bool(value == number(wanted))


def is_within(value: Any, bound: t.Bound, here: Here) -> bool:
    if not isinstance(value, datetime):
        return compared(bound.order, value, number(bound.value))
    if isinstance(bound.value, t.Ago):
        age, moment = here.now - value, ago(bound.value.count, bound.value.unit, here)
        return compared(bound.order, age, here.now - moment)
    if isinstance(bound.value, t.Word):
        covered = stretch_of(bound.value.text, here)
        assert covered
        last = covered.end - timedelta(microseconds=1)
        return compared(bound.order, value, last if bound.order in (t.Order.GT, t.Order.LTE) else covered.start)
    if isinstance(bound.value, float):  # a year, as JSON says it
        return is_within(value, t.Bound(bound.order, t.Word(f"{int(bound.value):04}")), here)
    return compared(bound.order, value, when(bound.value, here))


def compared(order: t.Order, left: Any, right: Any) -> bool:
    passed: dict[t.Order, bool] = {
        t.Order.GT: left > right, t.Order.GTE: left >= right, t.Order.LT: left < right, t.Order.LTE: left <= right,
    }  # fmt: skip
    return passed[order]


def number(value: t.Value) -> float:
    assert isinstance(value, t.Word | float)
    return float(value.text if isinstance(value, t.Word) else value)


def custom_passes(value: Any, condition: t.Condition, here: Here) -> bool:
    text = str(value)
    match condition:
        case t.Exists():
            return text != ""
        case t.Within(bounds) if isinstance(bounds[0].value, t.Word) and "-" in bounds[0].value.text:
            if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
                return False
            covered = [stretch_of(bound.value.text, here) for bound in bounds if isinstance(bound.value, t.Word)]
            day = stretch_of(text, here)
            assert day and all(covered)
            return all(is_within(day.start, bound, here) for bound in bounds)
        case t.Within(bounds) if not isinstance(bounds[0].value, t.Word | float):  # a day, as JSON says it
            day = stretch_of(text, here) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
            return day is not None and all(is_within(day.start, bound, here) for bound in bounds)
        case t.Within(bounds):
            return is_number(text) and all(compared(bound.order, float(text), number(bound.value)) for bound in bounds)
        case t.Equals(t.Word(wanted)) | t.Matches(t.Mode.EXACT_VALUE, t.Word(wanted)):
            same = is_number(text) and is_number(wanted) and float(text) == float(wanted)
            return same or plain(text) == plain(wanted)
        case t.OneOf(wanted):
            return any(custom_passes(value, t.Equals(one), here) for one in wanted)
    return passes(text, condition, here)


def is_number(text: str) -> bool:
    return re.fullmatch(r"[+-]?\d+(\.\d+)?", text) is not None

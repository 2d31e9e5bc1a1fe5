"""How late it is at the places of the rows in memory, told from what the office of chance knows of them."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from postroom.rooms.smart_views import tree as t
from tests.views.plain_words import plain

Row = dict[str, Any]
NUMBERS = {"+49": "Europe/Berlin", "+1212": "America/New_York", "+1310": "America/Los_Angeles"}
STATES = {"ny": "America/New_York", "california": "America/Los_Angeles"}


def zones_of(kind: str, row: Row) -> list[str]:
    """The zones of a telephone number or an address."""
    if kind == "contact_phone":
        return [zone for start, zone in NUMBERS.items() if row["phone"].startswith(start)]
    if row["country"] == "DE":
        return ["Europe/Berlin"]
    return [zone for state, zone in STATES.items() if row["country"] == "US" and row["state"].lower() == state]


def is_meant(zone: str, condition: t.Condition, now: datetime) -> bool:
    """Whether a zone is one of those that are named, or has the time that is asked for."""
    clock = now.astimezone(ZoneInfo(zone)).strftime("%H:%M")
    match condition:
        case t.Exists():
            return True
        case t.Within(bounds):
            return _is_within(clock, [(one.order, _clock(one.value)) for one in bounds])
    return any(_is_named(zone, clock, value.text) for value in t.values_of(condition) if isinstance(value, t.Word))


def _is_named(zone: str, clock: str, word: str) -> bool:
    if word[:1].isdigit():
        since, _, until = word.partition("-")
        return _is_within(clock, [(t.Order.GTE, since), (t.Order.LT, until)])
    return plain(word) in (plain(zone), plain(zone.rsplit("/", maxsplit=1)[-1]))


def _is_within(clock: str, bounds: list[tuple[t.Order, str]]) -> bool:
    """Clocks of five characters sort as they are. From an evening to a morning it is night."""
    low = [bound for order, bound in bounds if order in (t.Order.GT, t.Order.GTE)]
    high = [bound for order, bound in bounds if order in (t.Order.LT, t.Order.LTE)]
    how = any if low and high and max(low) > min(high) else all
    return how(_is_beyond(order, clock, bound) for order, bound in bounds)


def _is_beyond(order: t.Order, clock: str, bound: str) -> bool:
    return {
        t.Order.GT: clock > bound, t.Order.GTE: clock >= bound, t.Order.LT: clock < bound, t.Order.LTE: clock <= bound,
    }[order]  # fmt: skip


def _clock(value: t.Value) -> str:
    assert isinstance(value, t.Word)
    return value.text

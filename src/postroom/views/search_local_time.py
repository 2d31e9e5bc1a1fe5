"""How late it is where somebody is: conditions on the time zones of telephone numbers and addresses.

Which zones are meant is decided before PostgreSQL is asked, from the time of the search; it looks up the place of each
row in a table of places that lie in them. A place of several zones counts for each of them.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from psycopg.types.json import Jsonb

from postroom.rooms.leads.time_zones import LONGEST_PREFIX, SHORTEST_PREFIX, all_zones, zones_by_place
from postroom.rooms.smart_views.mistakes import QueryMistake
from postroom.rooms.smart_views.moments import Here, second_of_day
from postroom.rooms.smart_views.tree import (
    Bound,
    Condition,
    Exists,
    Field,
    Matches,
    Mode,
    OneOf,
    Order,
    Truth,
    Value,
    Within,
    Word,
)
from postroom.views.search_tests import Values
from postroom.views.search_words import folded, pattern_of

DAY = 24 * 3600
_WINDOW = re.compile(r"\s*([\d:.]+)\s*-\s*([\d:.]+)\s*", re.ASCII)


def zone_sql(asked: tuple[Field, Condition], place: str, given: tuple[Values, Here]) -> str:
    """SQL that is true where the place (what `zones_by_place` names) lies in a zone that is meant. Raises
    QueryMistake."""
    values, here = given
    meant = zones_meant(*asked, here.now)
    known = {name: not meant.isdisjoint(zones) for name, zones in zones_by_place().items()}
    table = values.add(Jsonb(_shortened(known)))
    starts = (f"{table} -> left({place}, {length})" for length in range(LONGEST_PREFIX, SHORTEST_PREFIX - 1, -1))
    return f"coalesce({table} -> {place}, {', '.join(starts)}) = 'true'"


def zones_meant(field: Field, condition: Condition, now: datetime) -> frozenset[str]:
    """The zones that fulfil the condition at a moment."""
    if isinstance(condition, Exists):
        return frozenset(all_zones())
    if isinstance(condition, Within):
        return _in_time(field, condition.bounds, now)
    if isinstance(condition, Truth):
        raise _no_time(field, Word("yes" if condition.is_true else "no"))
    if isinstance(condition, Matches) and condition.mode in (Mode.PATTERN, Mode.BEGINNING_OF_WORDS):
        fits = pattern_of(condition.mode, condition.value.text)
        return frozenset(zone for zone in all_zones() if fits.search(folded(zone)))
    values = condition.values if isinstance(condition, OneOf) else (condition.value,)
    return frozenset(zone for value in values for zone in _named(field, value, now))


def second_there(zone: str, now: datetime) -> int:
    """How many seconds of its day have passed in a zone."""
    there = now.astimezone(ZoneInfo(zone))
    return there.hour * 3600 + there.minute * 60 + there.second


def _named(field: Field, value: Value, now: datetime) -> frozenset[str]:
    """The zone of a name (`Europe/Berlin`, `Berlin`), or those in which it is now between two times (`09:00-17:00`)."""
    if not isinstance(value, Word):
        raise _no_time(field, value)
    window = _WINDOW.fullmatch(value.text)
    if window:
        ends = (Bound(Order.GTE, Word(window[1], value.at)), Bound(Order.LT, Word(window[2], value.at)))
        return _in_time(field, ends, now)
    if value.text[:1].isdigit():
        raise _no_time(field, value)
    wanted = folded(value.text).replace(" ", "_")
    return frozenset(zone for zone in all_zones() if wanted in (folded(zone), folded(zone.rpartition("/")[2])))


def _in_time(field: Field, bounds: tuple[Bound, ...], now: datetime) -> frozenset[str]:
    """Where it is now within the bounds; from an evening to a morning over midnight."""
    asked = [(bound.order, _second(field, bound.value)) for bound in bounds]
    since = max((second for order, second in asked if order in (Order.GT, Order.GTE)), default=0)
    until = min((second for order, second in asked if order in (Order.LT, Order.LTE)), default=DAY)
    over_midnight = since > until
    found = set()
    for zone in all_zones():
        second = second_there(zone, now)
        passed = [_passes(order, second, bound) for order, bound in asked]
        if any(passed) if over_midnight else all(passed):
            found.add(zone)
    return frozenset(found)


def _passes(order: Order, second: int, bound: int) -> bool:
    if order in (Order.GT, Order.GTE):
        return second > bound if order is Order.GT else second >= bound
    return second < bound if order is Order.LT else second <= bound


def _second(field: Field, value: Value) -> int:
    """A time of day; a number is an hour."""
    text = f"{value:g}:00" if isinstance(value, float) else value.text if isinstance(value, Word) else ""
    found = second_of_day(f"{text}:00" if text.isdigit() else text)
    if found is None:
        raise _no_time(field, value)
    return found


def _no_time(field: Field, value: Value) -> QueryMistake:
    said = repr(value.text) if isinstance(value, Word) else "a moment"
    at = value.at if isinstance(value, Word) else 0
    return QueryMistake(f'This is a time of day, as "09:00", and {said} is none.', at or field.at)


def _shortened(known: Mapping[str, bool]) -> dict[str, bool]:
    """Without the prefixes that say what the next shorter one says, or no where there is none."""
    return {name: is_meant for name, is_meant in known.items() if is_meant != _shorter(name, known)}


def _shorter(name: str, known: Mapping[str, bool]) -> bool:
    starts = (name[:length] for length in range(min(len(name) - 1, LONGEST_PREFIX), SHORTEST_PREFIX - 1, -1))
    return next((known[start] for start in starts if start in known), False)

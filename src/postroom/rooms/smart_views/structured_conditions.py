"""The conditions and moments of structured searches, JSON to values of the tree and back. Pure."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from math import isfinite
from typing import Any

from postroom.ground.errors import Invalid
from postroom.rooms.smart_views.moments import (
    PERIODS,
    FixedUtc,
    Here,
    LocalDay,
    LocalTime,
    Moment,
    Now,
    Offset,
    Period,
    Shift,
    Which,
    ends_of,
    period_name,
    second_of_day,
    stretch_of,
)
from postroom.rooms.smart_views.tree import (
    Ago,
    Bound,
    Condition,
    Equals,
    Exists,
    Matches,
    Mode,
    OneOf,
    Order,
    Truth,
    Value,
    Within,
    Word,
)

MOST_VALUES = 2_000


def condition_from(tree: Any) -> Condition:
    """What a field must fulfil. Raises Invalid."""
    if not isinstance(tree, Mapping):
        raise _wrong("A condition is an object with a type.")
    name = tree.get("type")
    if name == "exists":
        return Exists()
    if name == "text":
        return _text(tree)
    if name in ("term", "reference"):
        return _one_of(tree.get("values" if name == "term" else "object_ids"))
    if name == "current_user":
        return OneOf((Word("me"),))
    if name == "boolean":
        return Truth(tree.get("value", True) is True)
    if name == "number_range":
        return Within(_bounds(tree, _NUMBER_BOUNDS, _number))
    if name in ("moment_range", "local_date_range", "local_date"):
        return Within(_bounds(tree, _MOMENT_BOUNDS, _moment))
    if name == "local_time":
        return Within(_bounds(tree, _MOMENT_BOUNDS, _clock))
    raise _wrong(f"There is no condition type {name!r}.")


def stretch_from(tree: Mapping[str, Any]) -> Within | None:
    """The moments between which something was, of a node that names them beside other keys; None where it names none.
    Raises Invalid."""
    bounds = _bounds(tree, _MOMENT_BOUNDS, _moment)
    return Within(bounds) if bounds else None


def condition_to(condition: Condition) -> dict[str, Any]:
    """The condition as JSON. Raises Invalid for what only text can say."""
    if isinstance(condition, Exists):
        return {"type": "exists"}
    if isinstance(condition, Matches):
        return {"type": "text", "mode": condition.mode.value, "value": condition.value.text}
    if isinstance(condition, Truth):
        return {"type": "boolean", "value": condition.is_true}
    if isinstance(condition, OneOf):
        return {"type": "term", "values": [_plain(value) for value in condition.values]}
    if isinstance(condition, Equals) and isinstance(condition.value, Ago):
        return _range_json(_day_of(condition.value))
    if isinstance(condition, Equals):
        return {"type": "text", "mode": Mode.EXACT_VALUE.value, "value": str(_plain(condition.value))}
    return _range_json(_with_moments(_with_numbers(condition)))


def begun(mode: Mode, text: str) -> tuple[Mode, str]:
    """A word that may go on (`ac*`) in Close's own terms. What has other wildcards keeps them: `pattern` is ours."""
    bare = text.removesuffix("*")
    is_begun = mode is Mode.PATTERN and bare != text and "*" not in bare and len(bare.split()) == 1
    return (Mode.BEGINNING_OF_WORDS, bare) if is_begun else (mode, text)


def _day_of(age: Ago) -> Within:
    """The day of a moment: from its start up to its end."""
    name = {"sec": "second", "min": "minute"}.get(age.unit, age.unit)
    months = {"month": 1, "year": 12}.get(name, 0) * age.count
    shift = Shift(months, 0 if months else _SIZES[f"{name}s"] * age.count)
    start, end = (Offset(-1, Now(), shift, which) for which in Which)
    return Within((Bound(Order.GTE, start), Bound(Order.LT, end)))


def _with_numbers(condition: Within) -> Within:
    """Numbers that stand as words in a text (`emails > 3`) are numbers in JSON, if all bounds are."""
    numbers = [_number_in(bound.value) for bound in condition.bounds]
    found = [
        Bound(bound.order, number)
        for bound, number in zip(condition.bounds, numbers, strict=True)
        if number is not None
    ]
    return Within(tuple(found)) if len(found) == len(numbers) else condition


def _with_moments(condition: Within) -> Within:
    """Dates that stand as words in a text (`created >= 2024-01-31`) are moments in JSON; after a day, after its end."""
    return Within(tuple(_with_moment(bound) for bound in condition.bounds))


def _with_moment(bound: Bound) -> Bound:
    ends = ends_of(bound.value.text) if isinstance(bound.value, Word) else None
    if ends is None:
        return bound
    first, after = ends
    if bound.order in (Order.GTE, Order.LT):
        return Bound(bound.order, first)
    return Bound(Order.GTE if bound.order is Order.GT else Order.LT, after)


def _number_in(value: Value) -> float | None:
    """The number that a word is; None for any other word or value."""
    if not isinstance(value, Word):
        return None
    try:
        number = float(value.text)
    except ValueError:
        return None
    return number if isfinite(number) else None


_NUMBER_BOUNDS = {"gt": Order.GT, "gte": Order.GTE, "lt": Order.LT, "lte": Order.LTE}
_MOMENT_BOUNDS = {
    "on_or_after": Order.GTE,
    "before": Order.LT,
    "after": Order.GT,
    "on_or_before": Order.LTE,
    **_NUMBER_BOUNDS,
}
_MOMENT_NAMES = {Order.GTE: "on_or_after", Order.LT: "before", Order.GT: "after", Order.LTE: "on_or_before"}
_OPPOSITE = {Order.GT: Order.LT, Order.GTE: Order.LTE, Order.LT: Order.GT, Order.LTE: Order.GTE}


def _text(tree: Mapping[str, Any]) -> Condition:
    mode, value = tree.get("mode", Mode.FULL_WORDS.value), tree.get("value")
    if not isinstance(mode, str) or mode not in [*Mode] or not isinstance(value, str):
        raise _wrong("A text condition needs a mode and a value.")
    return Matches(Mode(mode), Word(value))


def _one_of(values: Any) -> Condition:
    if not isinstance(values, list) or len(values) > MOST_VALUES:
        raise _wrong(f"A condition needs a list of at most {MOST_VALUES} values.")
    return OneOf(tuple(_term(value) for value in values))


def _term(value: Any) -> Value:
    if isinstance(value, bool):
        return Word("yes" if value else "no")
    if isinstance(value, int | float):
        return _number(value)
    if not isinstance(value, str):
        raise _wrong("A value is a text or a number.")
    return Word(value)


def _bounds(tree: Mapping[str, Any], names: Mapping[str, Order], read: Callable[[Any], Value]) -> tuple[Bound, ...]:
    return tuple(Bound(order, read(tree[name])) for name, order in names.items() if tree.get(name) is not None)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _wrong("A range of numbers has numbers as its ends.")
    try:
        return float(value)
    except OverflowError as error:
        raise _wrong("A number of the query is too large.") from error


def _clock(value: Any) -> Word:
    """A time of day, kept as written."""
    if not isinstance(value, str) or second_of_day(value) is None:
        raise _wrong(f"{value!r} is not a time of day; write it as 08:00:00.")
    return Word(value)


def _moment(tree: Any) -> Moment:
    if isinstance(tree, str):
        return FixedUtc(_utc(tree))
    if not isinstance(tree, Mapping):
        raise _wrong("A moment is an object with a type, or a date-time.")
    read = _MOMENTS.get(str(tree.get("type")))
    if read is None:
        raise _wrong(f"There is no moment type {tree.get('type')!r}.")
    return read(tree)


def _utc(value: Any) -> datetime:
    found = stretch_of(value, _NOWHERE) if isinstance(value, str) and value[:1].isdigit() else None
    if found is None:
        raise _wrong(f"{value!r} is not a date or date-time.")
    return found.start


def _local_day(tree: Mapping[str, Any]) -> Moment:
    try:
        return LocalDay(date.fromisoformat(str(tree.get("value"))[:10]), _which(tree.get("which")))
    except ValueError as error:
        raise _wrong(f"{tree.get('value')!r} is not a date.") from error


def _local_time(tree: Mapping[str, Any]) -> Moment:
    try:
        return LocalTime(datetime.fromisoformat(str(tree.get("value"))).replace(tzinfo=None))
    except ValueError as error:
        raise _wrong(f"{tree.get('value')!r} is not a date-time.") from error


def _period(tree: Mapping[str, Any]) -> Moment:
    name = period_name(str(tree.get("range")))
    if not name:
        known = ", ".join(PERIODS)
        raise _wrong(f"There is no period {tree.get('range')!r}. There are {known}, last-7-days and the like.")
    return Period(name, _which(tree.get("which")))


def _offset(tree: Mapping[str, Any]) -> Moment:
    parts = tree.get("offset") or {}
    if not isinstance(parts, Mapping) or tree.get("direction") not in ("past", "future"):
        raise _wrong("An offset needs a direction (past or future) and how far.")
    months = 12 * _whole(parts.get("years")) + _whole(parts.get("months"))
    seconds = sum(size * _whole(parts.get(name)) for name, size in _SIZES.items())
    day_end = tree.get("which_day_end")
    sign = -1 if tree["direction"] == "past" else 1
    origin = _moment(tree.get("moment") or {"type": "now"})
    return Offset(sign, origin, Shift(months, seconds), _which(day_end) if day_end else None)


_MOMENTS: Mapping[str, Callable[[Mapping[str, Any]], Moment]] = {
    "now": lambda _tree: Now(),
    "fixed_utc": lambda tree: FixedUtc(_utc(tree.get("value"))),
    "fixed_local_date": _local_day,
    "fixed_local_time": _local_time,
    "offset": _offset,
    "start_end_of_predefined_relative_period": _period,
}
_SIZES = {"weeks": 604_800, "days": 86_400, "hours": 3_600, "minutes": 60, "seconds": 1}
_NOWHERE = Here(datetime(2000, 1, 1, tzinfo=UTC))


def _whole(value: Any) -> int:
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 10**9:
        raise _wrong("How far a moment lies off is told in whole numbers.")
    return int(value)


def _which(value: Any) -> Which:
    if value not in ("start", "end"):
        raise _wrong("which must be start or end.")
    return Which(value)


def _range_json(condition: Within) -> dict[str, Any]:
    values = [bound.value for bound in condition.bounds]
    if values and all(isinstance(value, Word) and second_of_day(value.text) is not None for value in values):
        clocks = {_MOMENT_NAMES[bound.order]: _plain(bound.value) for bound in condition.bounds}
        if len(clocks) < len(condition.bounds):
            raise Invalid("Two bounds on the same side have no form in structured searches.")
        return {"type": "local_time", **clocks}
    if any(isinstance(value, Word) for value in values):
        raise Invalid("A comparison with a text has no form in structured searches.")
    if values and all(isinstance(value, float) for value in values):
        names = {order: name for name, order in _NUMBER_BOUNDS.items()}
        numbers = {names[bound.order]: bound.value for bound in condition.bounds}
        if len(numbers) < len(condition.bounds):
            raise Invalid("Two bounds on the same side have no form in structured searches.")
        return {"type": "number_range", **numbers}
    bounds: dict[str, Any] = {}
    for bound in condition.bounds:
        # An age grows as its moment goes back: younger than 30 days is after the moment 30 days ago.
        order = _OPPOSITE[bound.order] if isinstance(bound.value, Ago) else bound.order
        if _MOMENT_NAMES[order] in bounds:
            raise Invalid("Two bounds on the same side have no form in structured searches.")
        bounds[_MOMENT_NAMES[order]] = _moment_json(bound.value)
    return {"type": "moment_range", **bounds}


def _moment_json(value: Value) -> dict[str, Any]:
    if isinstance(value, Ago):
        unit = {"sec": "second", "min": "minute"}.get(value.unit, value.unit)
        offset = {f"{unit}s": value.count}
        return {
            "type": "offset",
            "direction": "past",
            "moment": {"type": "now"},
            "offset": offset,
            "which_day_end": None,
        }
    if isinstance(value, FixedUtc):
        return {"type": "fixed_utc", "value": value.at.isoformat()}
    if isinstance(value, LocalDay):
        return {"type": "fixed_local_date", "value": value.day.isoformat(), "which": value.which.value}
    if isinstance(value, LocalTime):
        return {"type": "fixed_local_time", "value": value.at.isoformat()}
    if isinstance(value, Period):
        return {"type": "start_end_of_predefined_relative_period", "range": value.name, "which": value.which.value}
    if isinstance(value, Offset):
        return _offset_json(value)
    return {"type": "now"}


def _offset_json(value: Offset) -> dict[str, Any]:
    return {
        "type": "offset",
        "direction": "past" if value.sign < 0 else "future",
        "moment": _moment_json(value.origin),
        "offset": {"months": value.shift.months, "seconds": value.shift.seconds},
        "which_day_end": value.which_day_end.value if value.which_day_end else None,
    }


def _plain(value: Value) -> str | float:
    if isinstance(value, Word):
        return value.text
    if isinstance(value, float):
        return value
    raise Invalid("A moment as a value has no form in structured searches.")


def _wrong(said: str) -> Invalid:
    return Invalid(field_errors={"query": said})

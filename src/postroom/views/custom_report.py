"""Any number over any field (`/report/custom/`, Close's Explorer): leads by the month they were made, deals by value.

What can be a field is what can be searched for (`search_things.py`), and the rows are those that a search finds, so
that nobody counts what is not theirs to see. Names become SQL only by being looked up; values are parameters.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from psycopg import errors

from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid, TooLong
from postroom.views.search_fields import Column, Kind
from postroom.views.search_places import Place
from postroom.views.search_things import THINGS
from postroom.views.time_limit import limit_time

MOST_MILLISECONDS = 20_000
MOST_POINTS = 5_000
INTERVALS = ("hour", "day", "week", "month", "quarter", "year")
TRANSFORMS = ("sum", "avg", "min", "max")
KINDS = ("lead", "contact", "opportunity", "email", "call", "note", "task")
_STEPS = 20
"""Into so many parts a stretch of numbers is divided where nobody says how wide they are."""


@dataclass(frozen=True, slots=True)
class Axis:
    """A field of a kind of thing; `name` is count for the things themselves."""

    kind: str
    name: str

    @property
    def shape(self) -> Column:
        """What the field is. Raises Invalid for one that there is not, or that is no value of the row."""
        shape = THINGS[self.kind].fields.get(self.name)
        if not isinstance(shape, Column) or shape.is_private:
            raise Invalid(field_errors={"x": f"There is no field {self.kind}.{self.name} to report on."})
        return shape


@dataclass(frozen=True, slots=True)
class Asked:
    """A report: `found` is the search whose things it is about (SQL of ids, with values)."""

    x: Axis
    y: Axis
    transform: str
    interval: str
    group_by: Axis | None
    start: datetime | float | None
    end: datetime | float | None
    zone: str
    found: tuple[str, Mapping[str, Any]]


Series = dict[str | None, list[tuple[Any, float]]]


def axis(text: str) -> Axis:
    """`lead.date_created`, `call.duration`, `lead.count`. Raises Invalid."""
    kind, _, name = text.partition(".")
    if kind not in KINDS or not name:
        raise Invalid(field_errors={"x": f"{text!r} is no field: write it as lead.date_created or opportunity.value."})
    return Axis(kind, name)


def fields() -> list[dict[str, str]]:
    """Every field that a report may name, with what it can be: x and group_by, y where it is a number."""
    found = [{"field": f"{kind}.count", "type": "number"} for kind in KINDS]
    for kind in KINDS:
        for name, shape in sorted(THINGS[kind].fields.items()):
            if isinstance(shape, Column) and not shape.is_private:
                found.append({"field": f"{kind}.{name}", "type": _TYPES.get(shape.kind, "text")})
    return found


async def custom_report(tx: Transaction, organization_id: str, asked: Asked) -> tuple[str | float, Series]:
    """The interval that was used, and by group the points. `tx` is a transaction; it gets a time limit."""
    place = _place(asked.x.kind, "x")
    column, interval = _x_column(asked)
    values: dict[str, Any] = {"organization_id": organization_id, "zone": asked.zone, **asked.found[1]}
    limits = ""
    for name, sign, value in (("x_start", ">=", asked.start), ("x_end", "<", asked.end)):
        if value is not None:
            limits += f" and {column} {sign} %({name})s"
            values[name] = value
    rows = (
        f"{place.put(place.thing.table)}{_joined(asked)} where x.organization_id = %(organization_id)s"
        f" and {place.put(place.thing.id)} in ({asked.found[0]}) and {column} is not null{limits}"
    )
    await limit_time(tx, MOST_MILLISECONDS)
    try:
        if interval == "auto":
            interval = await _width(tx, f"select min({column}), max({column}) from {rows}", values)
        if isinstance(interval, float):
            values["width"] = interval
        points = await (
            await tx.execute(_points(asked, column, interval) + rows + _END, values, prepare=False)
        ).fetchall()
    except errors.QueryCanceled as error:
        raise TooLong("This report takes too long; narrow it by a date or a search.") from error
    series: Series = {}
    for group, at, value in points:
        series.setdefault(group, []).append((at, float(value)))
    return interval, series


def _x_column(asked: Asked) -> tuple[str, str | float]:
    shape = asked.x.shape
    column = f"({_place(asked.x.kind, 'x').value(shape)})"
    if shape.kind is Kind.MOMENT:
        return column, _unit(asked)
    if shape.kind is not Kind.NUMBER:
        raise Invalid(field_errors={"x": "The X axis is a date or a number; use group_by for anything else."})
    if asked.interval in ("", "auto"):
        return column, "auto"
    try:
        width = float(asked.interval)
    except ValueError:
        width = 0.0
    if not 0 < width < 10**12:
        raise Invalid(field_errors={"interval": "Of a number the interval is a number above zero, or auto."})
    return column, width


def _unit(asked: Asked) -> str:
    """How wide the parts of time are; without a word for it such that some dozens are seen."""
    if asked.interval not in ("", "auto", *INTERVALS):
        raise Invalid(field_errors={"interval": f"This must be auto or one of {', '.join(INTERVALS)}."})
    if asked.interval in INTERVALS:
        return asked.interval
    if not isinstance(asked.start, datetime) or not isinstance(asked.end, datetime):
        return "month"
    long = asked.end - asked.start
    for unit, most in (("hour", timedelta(days=2)), ("day", timedelta(days=62)), ("week", timedelta(days=200))):
        if long <= most:
            return unit
    return "month" if long <= timedelta(days=3 * 366) else "quarter"


async def _width(tx: Transaction, statement: str, values: Mapping[str, Any]) -> float:
    row = await (await tx.execute(statement, values, prepare=False)).fetchone()
    low, high = (float(one or 0) for one in row or (0, 0))
    return max(1.0, float(round((high - low) / _STEPS)))


def _joined(asked: Asked) -> str:
    """The things of Y beside those of X, by their lead."""
    if asked.y.kind == asked.x.kind:
        return ""
    if "lead" not in (asked.x.kind, asked.y.kind):
        raise Invalid(field_errors={"y": "X and Y are of the same kind of thing, or one of them is of leads."})
    x, y = _place(asked.x.kind, "x"), _place(asked.y.kind, "y")
    return (
        f" join {y.put(y.thing.table)} on y.organization_id = x.organization_id"
        f" and {y.put(y.thing.lead)} = {x.put(x.thing.lead)}{y.and_seen}"
    )


def _place(kind: str, alias: str) -> Place:
    """A row as its reader may see it."""
    return Place(kind, alias, guards=True)


def _points(asked: Asked, column: str, interval: str | float) -> str:
    at = (
        f"to_char(date_trunc('{interval}', {column} at time zone %(zone)s), 'YYYY-MM-DD\"T\"HH24:MI:SS')"
        if isinstance(interval, str)
        else f"(floor({column} / %(width)s) * %(width)s)::float8"
    )
    group = "null"
    if asked.group_by:
        group = f"({_group(_place(asked.x.kind, 'x'), asked.group_by.shape)})::text"
    return f"select {group}, {at}, {_y(asked)} from "


def _group(place: Place, shape: Column) -> str:
    """Of a list, as a lead's addresses, the least: each thing counts once."""
    value = place.value(shape)
    return f"select min({value}) from {place.put(shape.each)}" if shape.each else value


def _y(asked: Asked) -> str:
    place = _place(asked.y.kind, "x" if asked.y.kind == asked.x.kind else "y")
    if asked.y.name == "count":
        return f"count(distinct {place.put(place.thing.id)})"
    if asked.y.shape.kind is not Kind.NUMBER:
        raise Invalid(field_errors={"y": "The Y axis is a number, or a count such as lead.count."})
    return f"coalesce({asked.transform}({place.value(asked.y.shape)}), 0)"


_END = f" group by 1, 2 order by 1 nulls first, 2 limit {MOST_POINTS}"
_TYPES = {Kind.NUMBER: "number", Kind.MOMENT: "date", Kind.YES_NO: "boolean"}

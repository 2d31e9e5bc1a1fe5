"""How many things belong to a row, and when the first or last of them was, without counting more than is asked.

`calls = 0` asks whether there is one; `last_call > D` whether there is one after D: then an index answers, and no
aggregate is taken over every call of every lead. What millions of emails would be asked for stands on the lead itself.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from postroom.rooms.smart_views.moments import Here
from postroom.rooms.smart_views.tree import Condition, Exists, Field, Order
from postroom.views.search_fields import Column, Kind
from postroom.views.search_meaning import AnyTest, Asking, Directory, RangeTest, Test, meaning_of
from postroom.views.search_tests import Values, passing

Asked: TypeAlias = tuple[Field, Condition]
MOST_COUNTED = 1_000_000


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted: the rows (what follows FROM). `stored` is the column that keeps their number, `newest` that of
    the newest one's moment, "" where there is none."""

    rows: str
    stored: str = ""
    newest: str = ""

    @property
    def some(self) -> str:
        """SQL that is true where there is one."""
        return f"{self.newest} is not null" if self.newest else f"exists (select 1 from {self.rows})"

    @property
    def none(self) -> str:
        """SQL that is true where there is none."""
        return f"{self.newest} is null" if self.newest else f"not exists (select 1 from {self.rows})"


def count_sql(asked: Asked, source: Counted, values: Values) -> str:
    """A condition on a number of rows."""
    if isinstance(asked[1], Exists):
        return f"{source.stored} > 0" if source.stored else source.some
    test = meaning_of(asked[0], Column(Kind.NUMBER, ""), asked[1], _NOBODY)
    if source.stored:
        return passing(test, Kind.NUMBER, source.stored, values)
    return _any_of(test, lambda one: _count_within(one, source, values))


@dataclass(frozen=True, slots=True)
class Edge:
    """The newest or oldest of some moments: rows (what follows FROM) and the moment of each. `stored` keeps it."""

    rows: str
    moment: str
    is_newest: bool
    stored: str = ""

    @property
    def outward(self) -> tuple[Order, Order]:
        """The comparisons that hold for the newest as soon as they hold for one."""
        return (Order.GT, Order.GTE) if self.is_newest else (Order.LT, Order.LTE)

    @property
    def some(self) -> str:
        """SQL that is true where there is one."""
        return f"{self.stored} is not null" if self.stored else self._exists("is not null")

    def between(self, bounds: Sequence[tuple[Order, str]]) -> str:
        """SQL that is true where all bounds hold for one of them."""
        compared = " and ".join(f"{self.moment} {order.value} {value}" for order, value in bounds)
        return f"exists (select 1 from {self.rows} and {compared})"

    def beyond(self, order: Order, value: str) -> str:
        """SQL that is true where one is later (of the oldest: earlier) than the value; false or null elsewhere."""
        compared = f"{order.value} {value}"
        return f"{self.stored} {compared}" if self.stored else self._exists(compared)

    def never_beyond(self, order: Order, value: str) -> str:
        """SQL that is true where none is."""
        if self.stored:
            return f"({self.stored} {order.value} {value}) is not true"
        return f"not {self.beyond(order, value)}"

    @property
    def perhaps(self) -> str:
        """`some` beside other edges that most rows have: looked up for a row without them. The planner would gather the
        rows of all for that, but for the limit."""
        if self.stored:
            return self.some
        return f"(select true from {self.rows} and {self.moment} is not null limit 1)"

    def within(self, order: Order, value: str) -> str:
        """SQL that is true where the newest is earlier (the oldest later) than the value."""
        # One look at the end of an index for each row: a join would read what is on the wrong side of the value.
        return f"(select {'max' if self.is_newest else 'min'}({self.moment}) from {self.rows}) {order.value} {value}"

    def _exists(self, compared: str) -> str:
        return f"exists (select 1 from {self.rows} and {self.moment} {compared})"


def edge_sql(asked: Asked, edges: Sequence[Edge], given: tuple[Values, Here]) -> str:
    """A condition on the newest moment of all edges, or the oldest of them all."""
    some = f"({' or '.join(edge.some for edge in edges)})"
    if isinstance(asked[1], Exists):
        return some
    values, here = given
    test = meaning_of(asked[0], Column(Kind.MOMENT, ""), asked[1], Asking(here, Directory()))
    return _any_of(test, lambda one: _edge_within(one, edges, values) if one.bounds else some)


_NOBODY = Asking(Here(datetime(2000, 1, 1)), Directory())


def _any_of(test: Test, write: Callable[[RangeTest], str]) -> str:
    if isinstance(test, AnyTest):
        return f"({' or '.join(_any_of(one, write) for one in test.tests)})"
    if isinstance(test, RangeTest):
        return write(test)
    return "false"  # a list of nothing


def _count_within(test: RangeTest, source: Counted, values: Values) -> str:
    lowest, highest = _whole_numbers(test)
    if lowest > highest or highest < 0:
        return "false"
    if lowest <= 0 and highest >= MOST_COUNTED:
        return "true"
    if highest == 0:
        return source.none
    if lowest == 1 and highest >= MOST_COUNTED:
        return source.some
    enough = lowest if highest >= MOST_COUNTED else highest + 1
    wanted = []
    if lowest > 0:
        wanted.append(f"count(*) >= {values.add(lowest)}")
    if highest < MOST_COUNTED:
        wanted.append(f"count(*) <= {values.add(highest)}")
    counted = f"(select 1 from {source.rows} limit {values.add(min(enough, MOST_COUNTED))}) counted"
    # In a CASE, what is kept is asked first, and the rows of those alone that may have enough.
    sql = f"(select {' and '.join(wanted)} from {counted})"
    return f"(case when {source.newest} is null then {lowest <= 0} else {sql} end)" if source.newest else sql


def _whole_numbers(test: RangeTest) -> tuple[int, int]:
    """The least and the most, both included."""
    lowest, highest = -1.0, float(MOST_COUNTED)
    for order, value in test.bounds:
        assert isinstance(value, float)
        if order in (Order.GT, Order.GTE):
            lowest = max(lowest, math.floor(value) + 1 if order is Order.GT else math.ceil(value))
        else:
            highest = min(highest, math.ceil(value) - 1 if order is Order.LT else math.floor(value))
    return int(max(-1, min(lowest, MOST_COUNTED + 1))), int(max(-1, highest))


_OPPOSITE = {Order.GT: Order.LTE, Order.GTE: Order.LT, Order.LT: Order.GTE, Order.LTE: Order.GT}


def _edge_within(test: RangeTest, edges: Sequence[Edge], values: Values) -> str:
    bounds = [(order, values.add(value)) for order, value in test.bounds]
    if len(edges) == 1:
        return _one_edge_within(bounds, edges[0])
    found = []
    for order, at in bounds:
        if order in edges[0].outward:
            found.append(f"({' or '.join(edge.beyond(order, at) for edge in edges)})")
        else:
            found.append(f"({' or '.join(edge.perhaps for edge in edges)})")
            found += [edge.never_beyond(_OPPOSITE[order], at) for edge in edges]
    return f"({' and '.join(found)})"


def _one_edge_within(bounds: Sequence[tuple[Order, str]], edge: Edge) -> str:
    if edge.stored:
        return f"({' and '.join(edge.beyond(order, at) for order, at in bounds)})"
    # If the newest lies between two moments, one of them does: that is found by an index of moments.
    found = [edge.between(bounds)] if any(order in edge.outward for order, _ in bounds) else []
    found += [edge.within(order, at) for order, at in bounds if order not in edge.outward]
    return f"({' and '.join(found)})"

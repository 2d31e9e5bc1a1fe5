"""How many things belong to a row, and when the first or last of them was, without counting more than is asked.

`calls = 0` asks whether there is one; `last_email > D` whether there is one after D: then an index answers, and no
aggregate is taken over every email of every lead.
"""

import math
from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from postroom.rooms.smart_views.moments import Here
from postroom.rooms.smart_views.tree import Condition, Exists, Field, Order
from postroom.views.search_fields import Column, Kind
from postroom.views.search_meaning import AnyTest, Asking, Directory, RangeTest, Test, meaning_of
from postroom.views.search_tests import Values, passing

Asked: TypeAlias = tuple[Field, Condition]
MOST_COUNTED = 1_000_000


def count_sql(asked: Asked, source: tuple[str, str], values: Values) -> str:
    """A condition on a number of rows. `source`: the rows (what follows FROM), and the column that keeps it, if any."""
    rows, stored = source
    if isinstance(asked[1], Exists):
        return f"{stored} > 0" if stored else f"exists (select 1 from {rows})"
    test = meaning_of(asked[0], Column(Kind.NUMBER, ""), asked[1], _NOBODY)
    if stored:
        return passing(test, Kind.NUMBER, stored, values)
    return _any_of(test, lambda one: _count_within(one, rows, values))


def edge_sql(asked: Asked, source: tuple[str, str, bool], given: tuple[Values, Here]) -> str:
    """A condition on the newest or oldest moment of some rows. `source`: rows, moment, whether the newest is meant."""
    rows, moment, newest = source
    if isinstance(asked[1], Exists):
        return f"exists (select 1 from {rows} and {moment} is not null)"
    values, here = given
    test = meaning_of(asked[0], Column(Kind.MOMENT, ""), asked[1], Asking(here, Directory()))
    return _any_of(test, lambda one: _edge_within(one, (rows, moment, newest), values))


_NOBODY = Asking(Here(datetime(2000, 1, 1)), Directory())


def _any_of(test: Test, write: Callable[[RangeTest], str]) -> str:
    if isinstance(test, AnyTest):
        return f"({' or '.join(_any_of(one, write) for one in test.tests)})"
    if isinstance(test, RangeTest):
        return write(test)
    return "false"  # a list of nothing


def _count_within(test: RangeTest, rows: str, values: Values) -> str:
    lowest, highest = _whole_numbers(test)
    if lowest > highest or highest < 0:
        return "false"
    if lowest <= 0 and highest >= MOST_COUNTED:
        return "true"
    if highest == 0:
        return f"not exists (select 1 from {rows})"
    if lowest == 1 and highest >= MOST_COUNTED:
        return f"exists (select 1 from {rows})"
    enough = lowest if highest >= MOST_COUNTED else highest + 1
    wanted = []
    if lowest > 0:
        wanted.append(f"count(*) >= {values.add(lowest)}")
    if highest < MOST_COUNTED:
        wanted.append(f"count(*) <= {values.add(highest)}")
    counted = f"(select 1 from {rows} limit {values.add(min(enough, MOST_COUNTED))}) counted"
    return f"(select {' and '.join(wanted)} from {counted})"


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


def _edge_within(test: RangeTest, source: tuple[str, str, bool], values: Values) -> str:
    rows, moment, newest = source
    if not test.bounds:
        return f"exists (select 1 from {rows} and {moment} is not null)"
    outward = (Order.GT, Order.GTE) if newest else (Order.LT, Order.LTE)
    found = []
    for order, value in test.bounds:
        if order in outward:
            found.append(f"exists (select 1 from {rows} and {moment} {order.value} {values.add(value)})")
        else:
            # One look at the end of an index for each row: a join would read what is on the wrong side of D.
            edge = f"(select {'max' if newest else 'min'}({moment}) from {rows})"
            found.append(f"{edge} {order.value} {values.add(value)}")
    return f"({' and '.join(found)})"

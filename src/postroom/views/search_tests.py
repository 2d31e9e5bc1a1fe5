"""A test of one value as SQL; what is compared with is always a parameter."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from postroom.rooms.smart_views.tree import Mode, Order
from postroom.views.search_fields import Kind
from postroom.views.search_meaning import AmongTest, AnyTest, RangeTest, Test, TextTest, ThereTest, TrueTest
from postroom.views.search_words import expression, folded, is_plain, likeness, parts


@dataclass(slots=True)
class Values:
    """The parameters of a statement, named one by one."""

    named: dict[str, Any] = field(default_factory=dict)

    def add(self, value: object) -> str:
        """The placeholder of a new value."""
        name = f"p{len(self.named)}"
        self.named[name] = value
        return f"%({name})s"


def passing(test: Test, kind: Kind, sql: str, values: Values) -> str:
    """SQL that is true where the value of `sql` passes; null where it is null."""
    if isinstance(test, TextTest):
        return text_sql(test.mode, test.text, sql, values)
    if isinstance(test, AmongTest):
        return _among(test, sql, values)
    if isinstance(test, RangeTest):
        return _within(test, sql, values)
    if isinstance(test, AnyTest):
        return f"({' or '.join(passing(one, kind, sql, values) for one in test.tests)})"
    if isinstance(test, TrueTest):
        return f"({sql})" if test.is_true else f"not ({sql})"
    return _there(kind, sql)


def spanning(test: Test, stretch: tuple[str, str], values: Values) -> str:
    """SQL that is true where a stretch of time, from the first up to the second (null: it lasts), meets what is
    asked."""
    since, until = stretch
    if isinstance(test, AnyTest):
        return f"({' or '.join(spanning(one, stretch, values) for one in test.tests)})"
    if not isinstance(test, RangeTest):
        return "true" if isinstance(test, ThereTest) else "false"
    met = []
    for order, value in test.bounds:
        if order in (Order.GT, Order.GTE):
            met.append(f"coalesce({until} > {values.add(value)}, true)")
        else:
            met.append(f"{since} {order.value} {values.add(value)}")
    return f"({' and '.join(met) or 'true'})"


def text_sql(mode: Mode, text: str, sql: str, values: Values) -> str:
    """SQL that is true where a text holds the words as the mode says."""
    found = []
    for part in parts(mode, text):
        found.append(f"folded({sql}) like {values.add(likeness(mode, part))}")
        if not is_plain(mode, part):
            # In a CASE, the planner does not take it for a second, independent condition on the text.
            found.append(f"case when folded({sql}) ~ {values.add(expression(mode, part))} then true else false end")
    return f"({' and '.join(found)})"


def around(test: Test, sql: str, values: Values) -> str:
    """A condition on a JSON list of texts that holds wherever one of the texts passes the test; for its index."""
    if isinstance(test, AnyTest):
        return f"({' or '.join(around(one, sql, values) for one in test.tests)})"
    if isinstance(test, AmongTest) and test.values:
        return f"({' or '.join(around(TextTest(Mode.PHRASE, one), sql, values) for one in test.values)})"
    if not isinstance(test, TextTest) or '"' in test.text or "\\" in test.text:
        return "true"
    inner = [
        likeness(Mode.PHRASE if test.mode is Mode.EXACT_VALUE else test.mode, one)
        for one in parts(test.mode, test.text)
    ]
    return " and ".join(f"folded({sql}) like {values.add(pattern)}" for pattern in inner)


def _among(test: AmongTest, sql: str, values: Values) -> str:
    if not test.values:
        return "false"
    compared = f"folded({sql})" if test.folded else sql
    wanted = [folded(value) for value in test.values] if test.folded else list(test.values)
    return f"{compared} = {values.add(wanted[0])}" if len(wanted) == 1 else f"{compared} = any({values.add(wanted)})"


def _within(test: RangeTest, sql: str, values: Values) -> str:
    bounds = [(order, _as_column(value)) for order, value in test.bounds]
    if len(bounds) == 2 and bounds[0][1] == bounds[1][1] and {order for order, _ in bounds} == {Order.GTE, Order.LTE}:
        return f"{sql} = {values.add(bounds[0][1])}"
    compared = [f"{sql} {order.value} {values.add(value)}" for order, value in bounds]
    return f"({' and '.join(compared)})" if compared else f"({sql}) is not null"


def _as_column(value: float | datetime) -> float | int | datetime:
    """A whole number as such: compared with a float, an integer column knows neither its index nor its statistics."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _there(kind: Kind, sql: str) -> str:
    if kind is Kind.TEXT:
        return f"{sql} <> ''"
    if kind is Kind.NUMBER:
        return f"{sql} <> 0"
    return f"({sql}) is not null"

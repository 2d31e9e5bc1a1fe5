"""Conditions on fields that an organization has made itself: values of a jsonb column, by the field's id or name.

A value may be a text, a number, a yes or no, or a list of these; what a comparison means is told by what it compares
with. Dates are texts in ISO form, which sort as they are.
"""

from dataclasses import replace
from datetime import UTC

from postroom.rooms.smart_views.mistakes import QueryMistake
from postroom.rooms.smart_views.moments import Here
from postroom.rooms.smart_views.tree import (
    Bound,
    Condition,
    Equals,
    Exists,
    Field,
    Matches,
    Mode,
    OneOf,
    Truth,
    Value,
    Within,
    Word,
)
from postroom.views.search_fields import Column, Kind
from postroom.views.search_meaning import AmongTest, Asking, NamedField, meaning_of, moment_bounds, number_in
from postroom.views.search_tests import Values, text_sql
from postroom.views.search_words import folded

_VALUE = "(v.one #>> '{}')"


def named(name: Field, field: NamedField, condition: Condition, asking: Asking) -> tuple[Field, Condition]:
    """The field under the id that its values are kept by, and the condition; in one of users, people by their ids."""
    by_id = replace(name, name=field.id)
    if field.type != "user" or not isinstance(condition, Matches | Equals | OneOf):
        return by_id, condition
    test = meaning_of(name, Column(Kind.USER, ""), condition, asking)
    ids = test.values if isinstance(test, AmongTest) else ()
    return by_id, OneOf(tuple(Word(one) for one in ids))


def custom_sql(column: str, name: Field, condition: Condition, given: tuple[Values, Here]) -> str:
    """SQL that is true where one value of the field fulfils the condition. Raises QueryMistake."""
    values, _ = given
    held = f"{column} -> {values.add(name.name)}"
    test = _test(name, condition, given)
    # A list is taken apart; anything else stands for itself (lax jsonpath).
    return f"exists (select 1 from jsonb_path_query({held}, 'lax $[*]') v(one) where v.one <> 'null' and {test})"


def _test(name: Field, condition: Condition, given: tuple[Values, Here]) -> str:
    values, here = given
    if isinstance(condition, Exists):
        return f"{_VALUE} <> ''"
    if isinstance(condition, Matches) and condition.mode is Mode.EXACT_VALUE:  # `= 5.0` as JSON says it
        return _same(name, condition.value, given)
    if isinstance(condition, Matches):
        return text_sql(condition.mode, condition.value.text, _VALUE, values)
    if isinstance(condition, Truth):
        return f"lower({_VALUE}) = any({values.add(['true', 'yes'] if condition.is_true else ['false', 'no'])})"
    if isinstance(condition, Equals):
        return _same(name, condition.value, given)
    if isinstance(condition, OneOf):
        return f"({' or '.join(_same(name, value, given) for value in condition.values) or 'false'})"
    assert isinstance(condition, Within)
    return f"({' and '.join(_beyond(name, bound, values, here) for bound in condition.bounds) or 'true'})"


def _same(name: Field, value: Value, given: tuple[Values, Here]) -> str:
    values, _ = given
    if isinstance(value, float):
        return _number(f"= {values.add(value)}")
    if not isinstance(value, Word):
        raise QueryMistake(f"{name.name} cannot be compared with a moment this way; use < or >.", name.at)
    text = f"folded({_VALUE}) = {values.add(folded(value.text))}"
    number = number_in(value.text)
    return text if number is None else f"({text} or {_number(f'= {values.add(number)}')})"


def _beyond(name: Field, bound: Bound, values: Values, here: Here) -> str:
    """A number where the bound is one, else a date."""
    number = bound.value if isinstance(bound.value, float) else None
    if isinstance(bound.value, Word):
        number = number_in(bound.value.text)
    if number is not None:
        return _number(f"{bound.order.value} {values.add(number)}")
    order, moment = moment_bounds(name, bound, here)
    day = moment.astimezone(here.zone).date().isoformat()
    exact = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return (
        f"(case when {_VALUE} ~ '^\\d{{4}}-\\d\\d-\\d\\d$' then {_VALUE} {order.value} {values.add(day)}"
        f" when {_VALUE} ~ '^\\d{{4}}-\\d\\d-\\d\\dT' then left({_VALUE}, 19) {order.value} {values.add(exact)}"
        " else false end)"
    )


def _number(compared: str) -> str:
    """CASE, since PostgreSQL may look at the conditions of an AND in any order, and a text is no number."""
    return f"(case when {_VALUE} ~ {_IS_NUMBER} then {_VALUE}::float8 {compared} else false end)"


def as_number(value: str) -> str:
    """SQL for a text as the number that it is to be sorted by; null for any other."""
    return f"(case when {value} ~ {_IS_NUMBER} then {value}::numeric end)"


_IS_NUMBER = r"'^[+-]?\d{1,30}([.]\d{1,30})?$'"

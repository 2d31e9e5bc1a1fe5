"""From a condition as written to a test that a kind of value can answer: `< 30 days ago` on a date is a moment, `me` is
a user's id, `bad_fit` a status. Pure: whom and what there is comes in as a `Directory`.
"""

import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from postroom.rooms.leads.phones import ending_of, forms_of
from postroom.rooms.smart_views.mistakes import QueryMistake, date_hint, misspelt, plainer_number
from postroom.rooms.smart_views.moments import Here, Stretch, ago, stretch_of, when
from postroom.rooms.smart_views.tree import (
    Ago,
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
    is_me,
    values_of,
)
from postroom.views.search_fields import Column, Kind
from postroom.views.search_words import folded, pattern_of

MOST_WILDCARDS = 3
"""In names that are looked through in memory: Python's expressions try every way to place them."""


@dataclass(frozen=True, slots=True)
class TextTest:
    """The text holds, begins or is this, as the mode says."""

    mode: Mode
    text: str


@dataclass(frozen=True, slots=True)
class AmongTest:
    """The value is one of these; none is one of none. `folded`: without case and accents."""

    values: tuple[str, ...]
    folded: bool = False


@dataclass(frozen=True, slots=True)
class RangeTest:
    """All bounds hold."""

    bounds: tuple[tuple[Order, float | datetime], ...]


@dataclass(frozen=True, slots=True)
class AnyTest:
    """One of the tests holds."""

    tests: "tuple[Test, ...]"


@dataclass(frozen=True, slots=True)
class ThereTest:
    """There is a value."""


@dataclass(frozen=True, slots=True)
class TrueTest:
    """The value is yes, or no."""

    is_true: bool


Test: TypeAlias = TextTest | AmongTest | RangeTest | AnyTest | ThereTest | TrueTest


@dataclass(frozen=True, slots=True)
class NamedUser:
    """A user, by what people call one. A group's id stands for all who are in it."""

    id: str
    email: str
    name: str
    group_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NamedField:
    """A field that the organization has made itself: on what it stands, and what values it takes."""

    id: str
    kind: str
    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Directory:
    """What names in queries stand for: statuses of leads and opportunities and email templates (id, name each), users
    and custom fields; `me` is an id, `my_addresses` what the same person writes and is written to as,
    `my_region` the country that a telephone number without one is of.
    """

    statuses: tuple[tuple[str, str], ...] = ()
    templates: tuple[tuple[str, str], ...] = ()
    users: tuple[NamedUser, ...] = ()
    me: str = ""
    fields: tuple[NamedField, ...] = ()
    my_addresses: tuple[str, ...] = ()
    my_region: str = ""

    def fields_called(self, kind: str, name: str) -> tuple[NamedField, ...]:
        """The custom fields of this name or id on a kind of thing; one of that very key where there are none."""
        return self._known(kind, name) or (NamedField(name, kind, name, "text"),)

    def has_field(self, kind: str, name: str) -> bool:
        """Whether there is a custom field of this name or id on a kind of thing."""
        return bool(self._known(kind, name))

    def _known(self, kind: str, name: str) -> tuple[NamedField, ...]:
        stands_on = "activity" if kind == "custom_activity" else kind
        known = [field for field in self.fields if field.kind in (stands_on, "shared")]
        return tuple(field for field in known if name == field.id or folded(name) == folded(field.name))


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, when and where."""

    here: Here
    directory: Directory
    has_kept_mail: bool = False
    """Whether some mail of the organization is not for all."""


def meaning_of(field: Field, column: Column, condition: Condition, asking: Asking) -> Test:
    """What the condition asks of the column's value. Raises QueryMistake where that kind cannot answer it."""
    if isinstance(condition, Exists):
        return ThereTest()
    if isinstance(condition, Matches) and condition.mode is Mode.PATTERN:
        return _pattern_test(field, column, condition, asking)
    if isinstance(condition, Within):
        return _range_test(field, column.kind, condition, asking.here)
    if isinstance(condition, Truth):
        if column.kind is not Kind.YES_NO:
            raise _unfit(field, column.kind)
        return TrueTest(condition.is_true)
    if column.of_people and any(map(is_me, values_of(condition))):
        return _mine(field, column, condition, asking)
    if column.kind is Kind.TEXT and isinstance(condition, Matches):
        test = TextTest(condition.mode, condition.value.text)
        return _phone_test(test, asking.directory) if column.is_phone else test
    values = condition.values if isinstance(condition, OneOf) else (condition.value,)
    if column.is_phone:
        texts = [_text(field, column.kind, value) for value in values]
        forms = [form for text in texts for form in (text, *forms_of(text, (asking.directory.my_region,)))]
        return AmongTest(tuple(dict.fromkeys(forms)), folded=True)
    if column.kind is Kind.TEXT and len(values) == 1:
        return TextTest(Mode.EXACT_VALUE, _text(field, column.kind, values[0]))
    return _one_of(tuple(_equal_test(field, column, value, asking) for value in values))


def _phone_test(asked: TextTest, directory: Directory) -> Test:
    """The number as typed, or as it is kept; and the end of one whose country was not typed."""
    forms, ending = forms_of(asked.text, (directory.my_region,)), ending_of(asked.text)
    tests: list[Test] = [asked, *([AmongTest(forms)] if forms else [])]
    if asked.mode is Mode.BEGINNING_OF_WORDS:
        tests += [TextTest(asked.mode, form) for form in forms if form != asked.text]
    elif ending and asked.mode is not Mode.EXACT_VALUE:
        tests.append(TextTest(Mode.PATTERN, f"*{ending}"))
    return AnyTest(tuple(tests)) if len(tests) > 1 else asked


def _mine(field: Field, column: Column, condition: Condition, asking: Asking) -> Test:
    """`from:me`: one of the asker's addresses, or another value beside it."""
    tests: list[Test] = [TextTest(Mode.PHRASE, address) for address in asking.directory.my_addresses]
    tests += [_equal_test(field, column, value, asking) for value in values_of(condition) if not is_me(value)]
    return AnyTest(tuple(tests)) if tests else AmongTest(())


def number_in(word: str) -> float | None:
    """The number that a word is, None where it is none."""
    if not _NUMBER.fullmatch(word):
        return None
    number = float(word)
    return number if math.isfinite(number) else None


def moment_bounds(field: Field, bound: Bound, here: Here) -> tuple[Order, datetime]:
    """A bound on a date. Of a written day `>` means after its end and `<=` until its end. Raises QueryMistake."""
    value = bound.value
    if isinstance(value, Ago):
        # An age, not a moment: younger than 30 days is after the moment 30 days ago.
        return _TURNED[bound.order], ago(value.count, value.unit, here)
    if isinstance(value, float):
        value = _year(field, value)
    if not isinstance(value, Word):
        return bound.order, when(value, here)
    covered = _stretch(field, value, here)
    if bound.order in (Order.GTE, Order.LT):
        return bound.order, covered.start
    return (Order.GTE, covered.end) if bound.order is Order.GT else (Order.LT, covered.end)


def _year(field: Field, number: float) -> Word:
    """The year of `created > 2026`, which structured JSON cannot tell from another number. Raises QueryMistake."""
    if not number.is_integer() or not 0 < number < 10_000:
        raise QueryMistake(f"{field.name} is a date, not a number.", field.at)
    return Word(f"{int(number):04}", field.at)


def asks_when(condition: Condition, here: Here) -> bool:
    """Whether a condition names an age or a date, and no number. A range without ends is one of dates."""
    values = values_of(condition)
    return condition == Within(()) or any(
        not isinstance(value, float | Word) or (isinstance(value, Word) and stretch_of(value.text, here) is not None)
        for value in values
    )


_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,10})?", re.ASCII)
_TURNED = {Order.GT: Order.LT, Order.GTE: Order.LTE, Order.LT: Order.GT, Order.LTE: Order.GTE}
_YES = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


def _one_of(tests: tuple[Test, ...]) -> Test:
    """One test for all: lists of words become one."""
    if len(tests) == 1:
        return tests[0]
    among = [test for test in tests if isinstance(test, AmongTest)]
    if len(among) == len(tests):
        values = tuple(dict.fromkeys(value for test in among for value in test.values))
        return AmongTest(values, any(test.folded for test in among))
    return AnyTest(tests)


def _equal_test(field: Field, column: Column, value: Value, asking: Asking) -> Test:
    """The value is exactly this."""
    if column.kind is Kind.MOMENT:
        return _same_time(field, value, asking.here)
    if column.kind is Kind.NUMBER:
        number = _number(field, value)
        return RangeTest(((Order.GTE, number), (Order.LTE, number)))
    text = _text(field, column.kind, value)
    _check_spelling(field, column, value, asking.directory)
    if column.kind is Kind.TEXT:
        return AmongTest((text,), folded=True)
    if column.kind is Kind.YES_NO:
        if text.lower() not in _YES:
            raise QueryMistake(f"{field.name} is yes or no, not {text!r}.", _at(value, field))
        return TrueTest(_YES[text.lower()])
    if column.kind is Kind.USER:
        return AmongTest(_users(text, asking.directory) if not is_me(value) else (asking.directory.me,))
    if column.kind is Kind.STATUS:
        return AmongTest(_named(text, asking.directory.statuses))
    if column.kind is Kind.TEMPLATE:
        return AmongTest((*_named(text, asking.directory.templates), text))
    if column.kind is Kind.CHOICE:
        return AmongTest((column.words.get(text.lower(), text.lower()),))
    return AmongTest((text,))


def _check_spelling(field: Field, column: Column, value: Value, directory: Directory) -> None:
    """Raises QueryMistake for a name in a text that is nearly one that is there. Any other finds nothing, as programs
    expect that look for what they know from elsewhere."""
    known: dict[Kind, tuple[str, ...]] = {
        Kind.STATUS: tuple(label for _, label in directory.statuses),
        Kind.TEMPLATE: tuple(name for _, name in directory.templates),
        Kind.USER: tuple(name for user in directory.users for name in (user.name, user.email)),
        Kind.CHOICE: (*column.choices, *column.words),
    }
    if not isinstance(value, Word) or not value.at or column.kind not in known or is_me(value):
        return
    ids = (*(one for one, _ in (*directory.statuses, *directory.templates)), *(user.id for user in directory.users))
    if value.text not in ids and (meant := misspelt(value.text.replace("_", " ").strip(), known[column.kind])):
        raise QueryMistake(f"{_NAMED[column.kind]} {value.text!r}.", value.at, meant)


_NAMED = {
    Kind.STATUS: "There is no status",
    Kind.TEMPLATE: "There is no template",
    Kind.USER: "There is no user",
    Kind.CHOICE: "There is no such choice:",
}


def _pattern_test(field: Field, column: Column, condition: Matches, asking: Asking) -> Test:
    """Wildcards: in texts as they are, in names of users, statuses and templates among those that there are."""
    if column.kind in (Kind.TEXT, Kind.CHOICE, Kind.ID):
        return TextTest(Mode.PATTERN, condition.value.text)
    directory = asking.directory
    named = {
        Kind.USER: tuple((user.id, f"{user.name} {user.email}") for user in directory.users),
        Kind.STATUS: directory.statuses,
        Kind.TEMPLATE: directory.templates,
    }.get(column.kind)
    if named is None:
        raise _unfit(field, column.kind)
    if condition.value.text.count("*") > MOST_WILDCARDS:
        raise QueryMistake(f"A name may have {MOST_WILDCARDS} wildcards.", field.at)
    fits = pattern_of(Mode.PATTERN, condition.value.text)
    return AmongTest(tuple(one for one, name in named if fits.search(folded(name))))


def _range_test(field: Field, kind: Kind, condition: Within, here: Here) -> Test:
    if kind is Kind.MOMENT:
        return RangeTest(tuple(moment_bounds(field, bound, here) for bound in condition.bounds))
    if kind is Kind.NUMBER:
        return RangeTest(tuple((bound.order, _number(field, bound.value)) for bound in condition.bounds))
    raise QueryMistake(f"{field.name} is {kind.value}; it is not more or less than anything.", field.at)


def _same_time(field: Field, value: Value, here: Here) -> Test:
    """Within what was written: a day, a minute; for an age the day of that moment."""
    if isinstance(value, Ago):
        day = ago(value.count, value.unit, here).astimezone(here.zone).date().isoformat()
        covered = _stretch(field, Word(day, value.at), here)
    elif isinstance(value, Word):
        covered = _stretch(field, value, here)
    elif isinstance(value, float):
        raise QueryMistake(f"{field.name} is a date, not a number.", field.at)
    else:
        moment = when(value, here)
        covered = Stretch(moment, moment + timedelta(microseconds=1))
    return RangeTest(((Order.GTE, covered.start), (Order.LT, covered.end)))


def _stretch(field: Field, word: Word, here: Here) -> Stretch:
    covered = stretch_of(word.text, here)
    if covered is None:
        hint, meant = date_hint(word.text)
        raise QueryMistake(f"{field.name} is a date, and {word.text!r} is none. {hint}", word.at or field.at, meant)
    return covered


def _number(field: Field, value: Value) -> float:
    if isinstance(value, float):
        return value
    number = number_in(value.text) if isinstance(value, Word) else None
    if number is None:
        said = repr(value.text) if isinstance(value, Word) else "a moment"
        text = value.text if isinstance(value, Word) else ""
        raise QueryMistake(f"{field.name} is a number, and {said} is none.", _at(value, field), plainer_number(text))
    return number


def _text(field: Field, kind: Kind, value: Value) -> str:
    if isinstance(value, Word):
        return value.text
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() else str(value)
    raise _unfit(field, kind)


def _users(text: str, directory: Directory) -> tuple[str, ...]:
    wanted = folded(text)
    return tuple(
        user.id
        for user in directory.users
        if text == user.id or text in user.group_ids or wanted in (folded(user.email), *_called(user.name))
    )


def _called(name: str) -> tuple[str, ...]:
    """What a person answers to: the whole name, the first one, the last one."""
    return (folded(name), *folded(name).split())


def _named(text: str, known: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """By id or name; case does not count, and `bad_fit` is Bad Fit (labels as of 2013)."""
    wanted = _folded(text)
    return tuple(one for one, name in known if text == one or wanted == _folded(name))


def _folded(label: str) -> str:
    return folded(label).replace("_", " ").strip()


def _at(value: Value, field: Field) -> int:
    return (value.at if isinstance(value, Word | Ago) else 0) or field.at


def _unfit(field: Field, kind: Kind) -> QueryMistake:
    return QueryMistake(f"{field.name} is {kind.value}; this cannot be asked of it.", field.at)

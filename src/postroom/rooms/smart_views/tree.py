"""What a search means, whichever language it was written in: the tree that both parsers make and one compiler reads.

The tree knows no fields: names stand as written, and what kind of value a field holds is decided where the fields are
known (`views/search_meaning.py`). `at` is the place in the text, counted from 0; it is not part of what is meant.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeAlias

from postroom.rooms.smart_views.moments import Moment

DEEPEST = 40
"""Levels of a tree. Nobody writes ten; a parser of a hundred thousand parentheses is an attack."""
MOST_LEAVES = 2_000
_ID = re.compile(r"(lead|cont|oppo|acti|task)_[0-9A-Za-z]{22}", re.ASCII)


class Mode(StrEnum):
    """How a text is looked for. The first four are Close's words."""

    FULL_WORDS = "full_words"
    """Every word of the value stands in the text, in any order."""
    PHRASE = "phrase"
    """The words stand there in this order, with nothing between."""
    BEGINNING_OF_WORDS = "beginning_of_words"
    """Every word of the value begins a word of the text."""
    EXACT_VALUE = "exact_value"
    """The text is the value; case does not count."""
    PATTERN = "pattern"
    """Like PHRASE, but `*` stands for any run of characters without a blank. Close's JSON has no such mode."""


class Order(StrEnum):
    """A comparison."""

    GT = ">"
    GTE = ">="
    LT = "<"
    LTE = "<="


@dataclass(frozen=True, slots=True)
class Word:
    """A value as written: a text, number, date, name or id. `me` means the person who asks."""

    text: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Ago:
    """An age: `30 days ago`. Ages are compared, not moments: less than 30 days ago is newer."""

    count: int
    unit: str
    at: int = field(default=0, compare=False)


Value: TypeAlias = Word | Ago | Moment | float


@dataclass(frozen=True, slots=True)
class Field:
    """The name of a field. `is_custom`: of one that the organization has made, by name or id; if quoted it may be."""

    name: str
    is_custom: bool = False
    is_quoted: bool = False
    at: int = field(default=0, compare=False)


# ── what a field's value must fulfil ───────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Matches:
    """`field:value`: a text holds the value; any other kind of field equals it."""

    mode: Mode
    value: Word


@dataclass(frozen=True, slots=True)
class Equals:
    """`field = value`: exactly this."""

    value: Value


@dataclass(frozen=True, slots=True)
class OneOf:
    """`field in (…)`: exactly one of these; none of them when there are none."""

    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of a stretch of numbers or time."""

    order: Order
    value: Value


@dataclass(frozen=True, slots=True)
class Within:
    """All bounds hold, for one and the same value of the field."""

    bounds: tuple[Bound, ...]


@dataclass(frozen=True, slots=True)
class Exists:
    """`field:*`: there is a value."""


@dataclass(frozen=True, slots=True)
class Truth:
    """A yes-or-no field is this."""

    is_true: bool


Condition: TypeAlias = Matches | Equals | OneOf | Within | Exists | Truth


# ── nodes ──────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Everything:
    """`*`."""


@dataclass(frozen=True, slots=True)
class Words:
    """Words anywhere in the thing or in what belongs to it."""

    mode: Mode
    text: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Holds:
    """A field's value fulfils a condition."""

    field: Field
    condition: Condition


@dataclass(frozen=True, slots=True)
class Related:
    """There is a related thing of this kind (`email`, `contact`, …) for which all of `inside` holds."""

    kind: str
    inside: "Node"
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class InView:
    """The thing is in this Smart View, by name or id."""

    view: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    node: "Node"


@dataclass(frozen=True, slots=True)
class And:
    """All hold; everything when there are none."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """One holds. Close answers everything when there are none."""

    nodes: tuple["Node", ...]


Node: TypeAlias = Everything | Words | Holds | Related | InView | Not | And | Or


# ── the whole query ────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class SortKey:
    """One field to sort by."""

    field: Field
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Slice:
    """One part of a stable division of everything into `parts`; `part` counts from 1."""

    part: int
    parts: int


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for among things of one kind, in which order, and at most how many."""

    where: Node = field(default_factory=Everything)
    kind: str = "lead"
    sort: tuple[SortKey, ...] = ()
    limit: int | None = None
    slice: Slice | None = None


def joined(kind: type[And] | type[Or], nodes: tuple[Node, ...]) -> Node:
    """The nodes under one And or Or: a single one alone, those of the same kind taken apart."""
    flat: list[Node] = []
    for node in nodes:
        flat.extend(node.nodes if isinstance(node, kind) and node.nodes else (node,))
    return flat[0] if len(flat) == 1 else kind(tuple(flat))


def opposite(node: Node) -> Node:
    """Not this; of a Not, what stands in it."""
    return node.node if isinstance(node, Not) else Not(node)


def parts_of(node: Node) -> tuple[Node, ...]:
    """The nodes right below a node."""
    if isinstance(node, And | Or):
        return node.nodes
    if isinstance(node, Not):
        return (node.node,)
    return (node.inside,) if isinstance(node, Related) else ()


def walk(node: Node) -> Iterator[tuple[Node, int]]:
    """Every node with its depth, from the top; without recursion, so that any depth can be measured."""
    waiting = [(node, 1)]
    while waiting:
        one, depth = waiting.pop()
        yield one, depth
        waiting.extend((part, depth + 1) for part in reversed(parts_of(one)))


def values_of(condition: Condition) -> tuple[Value, ...]:
    """The values that a condition names."""
    if isinstance(condition, Matches | Equals):
        return (condition.value,)
    if isinstance(condition, OneOf):
        return condition.values
    return tuple(bound.value for bound in condition.bounds) if isinstance(condition, Within) else ()


def thing_named(text: str) -> Node | None:
    """What a pasted id asks for: the thing itself, whatever is looked through for words. None: no id of ours."""
    return Holds(Field("id"), OneOf((Word(text),))) if _ID.fullmatch(text) else None


def is_me(value: Value) -> bool:
    """Whether a value means the person who asks: in text `me`, in trees that Close's page made `CURRENT_USER`."""
    return isinstance(value, Word) and value.text.lower() in ("me", "current_user")


def depends_on_user(node: Node) -> bool:
    """Whether it finds different things for different people."""
    return any(is_me(value) for one, _ in walk(node) if isinstance(one, Holds) for value in values_of(one.condition))


def placed(node: Node) -> int:
    """Where in the text a node stands: the first place that one of its parts knows."""
    for one, _ in walk(node):
        if isinstance(one, Words | Related | InView):
            return one.at
        if isinstance(one, Holds):
            return one.field.at
    return 0


def without_limits(query: Query) -> Query:
    """The same query for all that it finds, in no order."""
    return replace(query, sort=(), limit=None)

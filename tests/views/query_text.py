"""The tree written as text again: `parse(as_text(query)) == query` for all that the text language can say. Pure."""

import re
from decimal import Decimal

from postroom.ground.errors import Invalid
from postroom.rooms.smart_views.tree import (
    Ago,
    And,
    Bound,
    Condition,
    Equals,
    Everything,
    Exists,
    Field,
    Holds,
    InView,
    Matches,
    Mode,
    Node,
    Not,
    OneOf,
    Or,
    Query,
    Related,
    Value,
    Within,
    Word,
    Words,
)

_SIMPLE_NAME = re.compile(r'(?!(?:in|sort|limit|slice|and|or|not)\Z)[^\W\d][^\s()":<>=!,]*')
_LOOSE, _OR, _AND, _TIGHT = range(4)
"""How closely the surroundings bind; a node that binds less is put into parentheses."""


def as_text(query: Query) -> str:
    """The query in the text language. Raises Invalid for what only structured searches can say."""
    directives = []
    if query.sort:
        keys = (f"{'-' if key.descending else ''}{_sort_name(key.field)}" for key in query.sort)
        directives.append(f"sort:{_quoted(','.join(keys))}")
    if query.limit is not None:
        directives.append(f"limit:{query.limit}")
    if query.slice:
        directives.append(f"slice:{query.slice.part}/{query.slice.parts}")
    where = _node(query.where, _AND if directives else _LOOSE)
    return " ".join((where, *directives))


def _node(node: Node, around: int) -> str:
    if isinstance(node, And | Or):
        if not node.nodes:
            return "*"
        binds, word = (_AND, " ") if isinstance(node, And) else (_OR, " or ")
        text = word.join(_node(one, binds + 1) for one in node.nodes)
        return f"({text})" if binds < around else text
    if isinstance(node, Not):
        return f"not {_node(node.node, _TIGHT)}"
    return _leaf(node)


def _leaf(node: Everything | Words | Holds | Related | InView) -> str:
    if isinstance(node, Everything):
        return "*"
    if isinstance(node, Words):
        return _text(node.mode, node.text)
    if isinstance(node, Related):
        return f"{node.kind}({_node(node.inside, _LOOSE)})"
    if isinstance(node, InView):
        return f"in:{_quoted(node.view)}"
    return _condition(_name(node.field), node.condition)


def _condition(name: str, condition: Condition) -> str:
    if isinstance(condition, Exists):
        return f"{name}:*"
    if isinstance(condition, Matches):
        return f"{name}:{_text(condition.mode, condition.value.text)}"
    if isinstance(condition, Equals):
        return f"{name} = {_value(condition.value)}"
    if isinstance(condition, OneOf):
        return f"{name} in ({', '.join(_value(value) for value in condition.values)})"
    if isinstance(condition, Within):
        # Two bounds in text are two conditions, which different values of a field may fulfil.
        return _bound(name, condition.bounds[0]) if len(condition.bounds) == 1 else _unsayable()
    return f"{name}:{'yes' if condition.is_true else 'no'}"


def _bound(name: str, bound: Bound) -> str:
    return f"{name} {bound.order.value} {_value(bound.value)}"


def _text(mode: Mode, text: str) -> str:
    if mode is Mode.PATTERN:
        return text
    if mode is Mode.PHRASE or (mode is Mode.FULL_WORDS and len(text.split()) == 1):
        return _quoted(text)
    return _unsayable()


def _value(value: Value) -> str:
    if isinstance(value, Word):
        return _quoted(value.text)
    if isinstance(value, Ago):
        return f"{value.count} {value.unit}s ago"
    if isinstance(value, float):
        return _quoted(format(Decimal(repr(value)), "f"))
    return _unsayable()


def _name(field: Field) -> str:
    if field.is_custom:
        return f"custom.{_quoted(field.name)}"
    return _quoted(field.name) if field.is_quoted or not _SIMPLE_NAME.fullmatch(field.name) else field.name


def _sort_name(field: Field) -> str:
    return f"custom.{field.name}" if field.is_custom else field.name


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _unsayable() -> str:
    raise Invalid("This search cannot be written as text.")

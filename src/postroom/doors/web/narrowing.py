"""Filters in the address of a list that a search answers: `status_id=…`, `id__in=…,…`, `date_created__gte=…`.

Close documents them for some lists and clients send them to all. Passing one over would answer with everything, and
a program that takes the first row of it would change the wrong lead.
"""

from dataclasses import replace

from postroom.doors.web.query import Asked
from postroom.rooms.smart_views.moments import FixedUtc
from postroom.rooms.smart_views.tree import (
    And,
    Bound,
    Condition,
    Field,
    Holds,
    InView,
    Node,
    OneOf,
    Order,
    Query,
    Within,
    Word,
    joined,
)

_ORDERS = {"gt": Order.GT, "gte": Order.GTE, "lt": Order.LT, "lte": Order.LTE}
_VIEWS = ("saved_search_id", "smart_view_id")


def narrowed(query: Query, given: Asked, id_fields: tuple[str, ...]) -> Query:
    """What the query finds, of which the filters hold too: ids by these fields, the two dates, a Smart View."""
    nodes: list[Node] = []
    for name in id_fields:
        if (ids := given.ids(name, f"{name}__in")) is not None:
            nodes.append(Holds(Field(name), OneOf(tuple(Word(one) for one in ids))))
    for name in ("date_created", "date_updated"):
        if (within := _within(given, name)) is not None:
            nodes.append(Holds(Field(name), within))
    nodes.extend(InView(view) for name in _VIEWS if (view := given.text(name)))
    return replace(query, where=joined(And, (query.where, *nodes))) if nodes else query


def _within(given: Asked, name: str) -> Condition | None:
    """The stretch of time that the address gives; None where it gives none."""
    span = given.span(name)
    bounds = [Bound(order, FixedUtc(at)) for end, order in _ORDERS.items() if (at := getattr(span, end)) is not None]
    return Within(tuple(bounds)) if bounds else None

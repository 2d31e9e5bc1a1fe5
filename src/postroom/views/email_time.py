"""The time that emails must lie in for a search to mean them: where it begins and ends to look. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from postroom.rooms.smart_views.tree import Exists, Holds, Matches, Node, Order
from postroom.views.search_fields import Column, Kind
from postroom.views.search_meaning import Asking, RangeTest, meaning_of
from postroom.views.search_places import Place
from postroom.views.search_sql import SIDES, beside
from postroom.views.selection import Span

_EMAIL = Place("email", "e")
_DATES = frozenset({"date", "activity_at"})
_DATE = Column(Kind.MOMENT, "{a}.activity_at")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Not before `since` and not after `until`; None is open. It may be wider than what is asked, never narrower."""

    since: datetime | None = None
    until: datetime | None = None

    def within(self, other: "Stretch") -> "Stretch":
        """What both have in common."""
        since = [one for one in (self.since, other.since) if one]
        until = [one for one in (self.until, other.until) if one]
        return Stretch(max(since, default=None), min(until, default=None))


def stretch_of_span(span: Span) -> Stretch:
    """That of a filter."""
    return Stretch(span.gt, span.lt).within(Stretch(span.gte, span.lte))


def stretch_of(nodes: Sequence[Node], asking: Asking) -> Stretch:
    """That of conditions that must all hold: `before:2024-01-01`, `date > 30 days ago`."""
    found = Stretch()
    for node in nodes:
        if isinstance(node, Holds) and not node.field.is_custom:
            found = found.within(_stretch(node, asking))
    return found


def _stretch(node: Holds, asking: Asking) -> Stretch:
    name, condition = node.field, node.condition
    if name.name in SIDES and isinstance(condition, Matches):
        name, condition = beside(name, condition.value, _EMAIL)
    if name.name not in _DATES or isinstance(condition, Exists):
        return Stretch()
    test = meaning_of(name, _DATE, condition, asking)
    found = Stretch()
    for order, value in test.bounds if isinstance(test, RangeTest) else ():
        if isinstance(value, datetime):
            is_end = order in (Order.LT, Order.LTE)
            found = found.within(Stretch(until=value) if is_end else Stretch(since=value))
    return found

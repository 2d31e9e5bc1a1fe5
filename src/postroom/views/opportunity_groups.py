"""Opportunities in groups, by user or by the week, month, quarter or year in which they were won (`_group_by`).

A page is cut by opportunities, not by groups: the first and the last group of it may be part of a greater one, which
their `key` and `total_results` tell. Opportunities of nobody, or without a date, are a group of their own at the end.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec

from postroom.ground.errors import Invalid
from postroom.views.opportunity_list import OpportunityCard, OpportunityPage, Sums, summed

_PARTS = {
    "date_won__week": 'IYYY-"W"IW',
    "date_won__month": "YYYY-MM",
    "date_won__quarter": 'YYYY-"Q"Q',
    "date_won__year": "YYYY",
}
NONE = "none"


@dataclass(frozen=True, slots=True)
class Grouping:
    """By what, and which group comes first."""

    name: str
    is_reversed: bool = False

    @property
    def sql(self) -> str:
        """The key of an opportunity's group, null for the last one."""
        return "o.user_id" if self.name == "user_id" else f"to_char(o.date_won, '{_PARTS[self.name]}')"

    @property
    def order(self) -> str:
        """The groups' order: users by their names, dates as they follow each other."""
        direction = "desc" if self.is_reversed else "asc"
        names = f"lower(ou.first_name || ' ' || ou.last_name) {direction} nulls last, "
        return f"{names if self.name == 'user_id' else ''}{self.sql} {direction} nulls last, "

    def group_of(self, card: OpportunityCard) -> dict[str, Any]:
        """The key and what names the group of an opportunity."""
        user_id, user_name, day = (_of(card, name) for name in ("user_id", "user_name", "date_won"))
        if self.name == "user_id":
            return {"key": user_id or NONE, "user_id": user_id, "user_name": user_name}
        won = date.fromisoformat(day) if day else None
        key = NONE
        if self.name == "date_won__week":
            year, week, _ = won.isocalendar() if won else (None, None, None)
            return {"key": f"{year:04}-W{week:02}" if won else key, "weekyear": year, "week": week}
        year = won.year if won else None
        if self.name == "date_won__year":
            return {"key": f"{year:04}" if won else key, "year": year}
        if self.name == "date_won__month":
            return {"key": f"{won:%Y-%m}" if won else key, "year": year, "month": won.month if won else None}
        quarter = (won.month + 2) // 3 if won else None
        return {"key": f"{year:04}-Q{quarter}" if won else key, "year": year, "quarter": quarter}


def _of(card: OpportunityCard, name: str) -> str | None:
    """A card with custom fields is a plain mapping (`selection.cards_of`)."""
    value = card[name] if isinstance(card, dict) else getattr(card, name)
    return None if value is None else str(value)


def grouping_of(text: str) -> Grouping | None:
    """What `_group_by` asks for; None for nothing. Raises Invalid."""
    name = text.removeprefix("-")
    if not text:
        return None
    if name != "user_id" and name not in _PARTS:
        raise Invalid(field_errors={"_group_by": f"This must be one of user_id, {', '.join(_PARTS)}."})
    return Grouping(name, text.startswith("-"))


def in_groups(
    page: OpportunityPage, answer: Any, grouping: Grouping, sums: Mapping[str | None, Sums]
) -> dict[str, Any]:
    """The answer with groups instead of opportunities; `answer` is the page as it is shown, some fields left out."""
    whole = answer if isinstance(answer, dict) else msgspec.structs.asdict(answer)
    groups: dict[str, dict[str, Any]] = {}
    for card, row in zip(page.data, whole["data"], strict=True):
        named = grouping.group_of(card)
        if named["key"] not in groups:
            total = sums.get(None if named["key"] == NONE else named["key"], {})
            groups[named["key"]] = {**named, "objects": [], **summed(total)}
        groups[named["key"]]["objects"].append(row)
    return {**whole, "data": list(groups.values())}

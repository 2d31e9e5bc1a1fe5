"""How leads or opportunities moved between their statuses in a stretch of time.

What a thing was at a moment: the status that the first change after that moment took away, or today's where there was
none. Who came into being within the time began in no status.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from postroom.ground.database import Transaction
from postroom.views.activity_report import MOST_MILLISECONDS
from postroom.views.time_limit import limit_time


class Things(Enum):
    """Whose statuses: the table, the kind of activity that tells of a change, its column with the thing's id, the
    table of the statuses, and the thing's column with its lead."""

    LEADS = ("leads", "lead_status_change", "lead_id", "lead_statuses", "id")
    OPPORTUNITIES = ("opportunities", "opportunity_status_change", "object_id", "opportunity_statuses", "lead_id")


@dataclass(frozen=True, slots=True)
class Asked:
    """Of which things, from a moment to another; of one user's opportunities, of the leads that a search finds."""

    things: Things
    start: datetime
    end: datetime
    user_id: str | None = None
    leads: tuple[str, Mapping[str, Any]] | None = None


Move = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class Status:
    """A status by its id and label. A deleted one has its last label only in the things' history."""

    id: str
    label: str
    is_deleted: bool = False


@dataclass(frozen=True, slots=True)
class Moves:
    """All statuses in their order; how many things went from one to another, step by step and from end to end."""

    statuses: tuple[Status, ...]
    steps: Mapping[Move, int] = field(default_factory=dict)
    ways: Mapping[Move, int] = field(default_factory=dict)

    def started(self, status: str) -> int:
        """How many were in it at the beginning."""
        return sum(count for (first, _), count in self.ways.items() if first == status)

    def ended(self, status: str) -> int:
        """How many at the end."""
        return sum(count for (_, last), count in self.ways.items() if last == status)

    def gained(self, status: str) -> int:
        """How many were not in it at the beginning, but at the end."""
        return sum(count for (first, last), count in self.ways.items() if last == status != first)

    def lost(self, status: str) -> int:
        """How many were in it at the beginning, but not at the end."""
        return sum(count for (first, last), count in self.ways.items() if first == status != last)

    def entered(self, status: str) -> int:
        """How often a thing came to it, or began in it."""
        return sum(count for (_, new), count in self.steps.items() if new == status)

    def left(self, status: str) -> int:
        """How often one went away from it."""
        return sum(count for (old, _), count in self.steps.items() if old == status)


async def moves(tx: Transaction, organization_id: str, asked: Asked) -> Moves:
    """Everything that the report tells. `tx` is a transaction; it gets a time limit."""
    await limit_time(tx, MOST_MILLISECONDS)
    values = _values(organization_id, asked)
    ways = await (await tx.execute(_WAYS.format(**_names(asked)), values, prepare=False)).fetchall()
    steps = await (await tx.execute(_STEPS.format(**_names(asked)), values, prepare=False)).fetchall()
    return Moves(
        await _statuses(tx, organization_id, asked.things),
        {(row[0], row[1]): row[2] for row in steps},
        {(row[0], row[1]): row[2] for row in ways},
    )


async def _statuses(tx: Transaction, organization_id: str, things: Things) -> tuple[Status, ...]:
    table = things.value[3]
    rows = await (
        await tx.execute(
            f"select id, label from {table} where organization_id = %s order by position, id", (organization_id,)
        )
    ).fetchall()
    return tuple(Status(*row) for row in rows)


def _values(organization_id: str, asked: Asked) -> dict[str, Any]:
    values: dict[str, Any] = {
        "organization_id": organization_id,
        "start": asked.start,
        "end": asked.end,
        "user_id": asked.user_id,
        "kind": asked.things.value[1],
    }
    return values | dict(asked.leads[1]) if asked.leads else values


def _names(asked: Asked) -> dict[str, str]:
    """What stands for the names in the statements: columns and tables, never values."""
    table, _, column, _, lead = asked.things.value
    narrowed = f" and t.{lead} in ({asked.leads[0]})" if asked.leads else ""
    if asked.user_id and asked.things is Things.OPPORTUNITIES:
        narrowed += " and t.user_id = %(user_id)s"
    return {"table": table, "column": column, "narrowed": narrowed}


_FIRST_CHANGE = (
    "(select distinct on (a.{column}) a.{column} as thing, a.old_status_id from activities a"
    " where a.organization_id = %(organization_id)s and a.kind = %(kind)s and a.activity_at >= {since}"
    " order by a.{column}, a.activity_at, a.id)"
)
_AFTER_START = _FIRST_CHANGE.replace("{since}", "%(start)s")
_AFTER_END = _FIRST_CHANGE.replace("{since}", "%(end)s")
_WAYS = (
    "select case when t.date_created < %(start)s then coalesce(s.old_status_id, t.status_id) end,"
    " coalesce(e.old_status_id, t.status_id), count(*) from {table} t"
    f" left join {_AFTER_START} s on s.thing = t.id left join {_AFTER_END} e on e.thing = t.id"
    " where t.organization_id = %(organization_id)s and t.date_created < %(end)s{narrowed} group by 1, 2"
)
_STEPS = (
    "select a.old_status_id, a.new_status_id, count(*) from activities a"
    " join {table} t on t.organization_id = a.organization_id and t.id = a.{column}"
    " where a.organization_id = %(organization_id)s and a.kind = %(kind)s and a.activity_at >= %(start)s"
    " and a.activity_at < %(end)s{narrowed} group by 1, 2"
    " union all select null, coalesce(s.old_status_id, t.status_id), count(*) from {table} t"
    f" left join {_AFTER_START} s on s.thing = t.id where t.organization_id = %(organization_id)s"
    " and t.date_created >= %(start)s and t.date_created < %(end)s{narrowed} group by 1, 2"
)

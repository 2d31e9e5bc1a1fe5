"""How the emails that were sent have fared, by template; and how leads have moved from status to status."""

from datetime import datetime

import msgspec

from postroom.ground.database import Transaction
from postroom.views.activity_report import MOST_MILLISECONDS
from postroom.views.selection import Where, rows_of
from postroom.views.time_limit import limit_time


class TemplateStats(msgspec.Struct, frozen=True):
    """The sent emails of one template; of all where `template` is null."""

    template: str | None
    name: str | None
    is_shared: bool | None
    total: int
    responded: int


class StatusCount(msgspec.Struct, frozen=True):
    """How many leads had a status at the beginning and at the end, and how many came to it and left it."""

    status_id: str
    started: int
    ended: int
    gained: int
    lost: int


class StatusMove(msgspec.Struct, frozen=True):
    """How often a lead went from one status to another."""

    from_status_id: str | None
    to_status_id: str | None
    count: int


async def sent_stats(
    tx: Transaction, organization_id: str, period: tuple[datetime | None, datetime | None], user_id: str | None
) -> list[TemplateStats]:
    """All sent emails first, then those of each template, the most used first."""
    where = Where.of("e.organization_id", organization_id)
    where.equal("e.user_id", user_id)
    for operator, moment in ((">=", period[0]), ("<", period[1])):
        if moment is not None:
            where.holds(f"e.activity_at {operator} {{}}", moment)
    await limit_time(tx, MOST_MILLISECONDS)
    cursor = rows_of(tx, TemplateStats)
    await cursor.execute(
        "with sent as (select e.organization_id, e.template_id, e.has_reply from seen_emails e"
        f" where e.direction = 'outgoing' and e.status = 'sent' and {where})"
        " select null, 'All Emails', null, count(*), count(*) filter (where s.has_reply) from sent s"
        " union all (select s.template_id, t.name, t.is_shared, count(*), count(*) filter (where s.has_reply)"
        " from sent s join email_templates t on t.organization_id = s.organization_id and t.id = s.template_id"
        " group by 1, 2, 3 order by 4 desc, 2)",
        where.values,
    )
    return await cursor.fetchall()


async def lead_moves(
    tx: Transaction, organization_id: str, period: tuple[datetime, datetime]
) -> tuple[list[StatusCount], list[StatusMove]]:
    """Each status of leads, and each move between two of them."""
    values = {"organization_id": organization_id, "start": period[0], "end": period[1]}
    await limit_time(tx, MOST_MILLISECONDS)
    moves = rows_of(tx, StatusMove)
    await moves.execute(
        "select a.old_status_id, a.new_status_id, count(*) from activities a"
        " where a.organization_id = %(organization_id)s and a.kind = 'lead_status_change'"
        " and a.activity_at >= %(start)s and a.activity_at < %(end)s group by 1, 2 order by 3 desc, 1, 2",
        values,
    )
    found = await moves.fetchall()
    started, ended = [await _standing(tx, values, moment) for moment in ("start", "end")]
    rows = await (
        await tx.execute(
            "select id from lead_statuses where organization_id = %(organization_id)s order by position, id", values
        )
    ).fetchall()
    counts = [
        StatusCount(
            status, started.get(status, 0), ended.get(status, 0),
            sum(move.count for move in found if move.to_status_id == status),
            sum(move.count for move in found if move.from_status_id == status),
        )
        for (status,) in rows
    ]  # fmt: skip
    return counts, found


async def _standing(tx: Transaction, values: dict[str, object], moment: str) -> dict[str, int]:
    """How many leads had each status then: that which the first change after the moment took away, or today's."""
    rows = await (
        await tx.execute(
            "select coalesce((select a.old_status_id from activities a where a.organization_id = l.organization_id"
            f" and a.lead_id = l.id and a.kind = 'lead_status_change' and a.activity_at >= %({moment})s"
            " order by a.activity_at limit 1), l.status_id), count(*) from leads l"
            f" where l.organization_id = %(organization_id)s and l.date_created < %({moment})s group by 1",
            values,
        )
    ).fetchall()
    return {row[0]: row[1] for row in rows}

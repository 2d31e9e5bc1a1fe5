"""What stands on a lead, as the event log names it."""

from postroom.ground.database import Transaction
from postroom.rooms.activities.activity import EVENT_TYPES, Kind


async def things_on(tx: Transaction, organization_id: str, lead_id: str) -> list[tuple[str, str]]:
    """Type and id of what people have put on it: activities, tasks, opportunities and contacts, the oldest first."""
    rows = await (
        await tx.execute(
            "select kind, id from (select 1 as place, kind, id, date_created from activities"
            " where organization_id = %(org)s and lead_id = %(lead)s"
            " union all select 2, 'task.' || kind, id, date_created from tasks"
            " where organization_id = %(org)s and lead_id = %(lead)s and kind in ('lead', 'outgoing_call')"
            " union all select 3, 'opportunity', id, date_created from opportunities"
            " where organization_id = %(org)s and lead_id = %(lead)s"
            " union all select 4, 'contact', id, date_created from contacts"
            " where organization_id = %(org)s and lead_id = %(lead)s) as things order by place, date_created, id",
            {"org": organization_id, "lead": lead_id},
        )
    ).fetchall()
    activities = {kind.value: EVENT_TYPES[kind] for kind in Kind}
    return [(activities.get(str(kind), str(kind)), str(object_id)) for kind, object_id in rows]


async def emails_on(tx: Transaction, organization_id: str, lead_id: str) -> list[str]:
    """The emails on it that all coworkers see whole: of the others no program is told."""
    rows = await (
        await tx.execute(
            "select id from emails where organization_id = %s and lead_id = %s and coworkers_see = 'everything'"
            " order by activity_at, id",
            (organization_id, lead_id),
        )
    ).fetchall()
    return [row[0] for row in rows]

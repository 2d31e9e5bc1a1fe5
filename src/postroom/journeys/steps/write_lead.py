"""A lead is changed: the lead itself, and the line in its history where its status is another now.

change_lead   T   the lead, its status change, their events
"""

from postroom.ground.database import Transaction
from postroom.ground.stamp import Stamp
from postroom.rooms.activities import store as activities
from postroom.rooms.activities.activity import Activity, Kind
from postroom.rooms.leads import status_store, store
from postroom.rooms.leads.lead import LeadChange


async def change_lead(tx: Transaction, organization_id: str, change: tuple[str, LeadChange], stamp: Stamp) -> None:
    """Change what `change` (lead id, change) names. Raises NotFound, Invalid."""
    moved = await store.change_lead(tx, organization_id, change, stamp)
    if moved:
        await activities.insert_activity(
            tx, organization_id, await _status_change(tx, organization_id, (change[0], moved), stamp), stamp
        )


async def _status_change(
    tx: Transaction, organization_id: str, happened: tuple[str, tuple[str, str]], stamp: Stamp
) -> Activity:
    lead_id, (old, new) = happened
    labels = {status.id: status.label for status in await status_store.statuses(tx, organization_id)}
    return Activity(
        Kind.LEAD_STATUS_CHANGE,
        lead_id,
        stamp.now,
        user_id=stamp.user_id,
        old_status_id=old,
        new_status_id=new,
        details={"old_status_label": labels.get(old, ""), "new_status_label": labels.get(new, "")},
    )

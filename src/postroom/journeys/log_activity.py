"""Something happened with a lead: the activity, and the lead's moment of last activity.

log_activity   T   the activity and its event, the lead's last activity
"""

from datetime import datetime

from postroom.ground.database import Transaction
from postroom.ground.stamp import Stamp
from postroom.rooms.activities import store
from postroom.rooms.activities.activity import Activity
from postroom.rooms.leads import activity_store


async def log_activity(
    tx: Transaction, organization_id: str, given: tuple[Activity, datetime | None], stamp: Stamp
) -> str:
    """Note an activity down (`given` is it, and when it was first noted, if that was before now); its id.

    Raises NotFound where the lead is not of this organization.
    """
    activity, date_created = given
    activity_id = await store.insert_activity(tx, organization_id, activity, stamp, date_created=date_created)
    await activity_store.note_activity(tx, organization_id, activity.lead_id, activity.activity_at)
    return activity_id

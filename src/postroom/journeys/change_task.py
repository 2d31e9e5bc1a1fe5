"""A task is changed; one of a lead that is done leaves a line in the lead's history.

change_task   T   the task, what was done, their events
"""

from postroom.ground.database import Transaction
from postroom.ground.stamp import Stamp
from postroom.rooms import tasks
from postroom.rooms.activities import store as activities
from postroom.rooms.activities.activity import Activity, Kind
from postroom.rooms.tasks import TaskChange, TaskStamp


async def change_task(tx: Transaction, organization_id: str, change: tuple[str, TaskChange], stamp: TaskStamp) -> None:
    """Change what `change` (task id, change) names. Raises NotFound."""
    done = await tasks.change_task(tx, organization_id, change, stamp)
    if done is None:
        return
    happened = Activity(
        Kind.TASK_COMPLETED,
        done.lead_id,
        stamp.now,
        contact_id=done.content.contact_id,
        user_id=stamp.user_id,
        object_id=change[0],
        text=done.content.text,
        details={"assigned_to": done.content.assigned_to},
    )
    await activities.insert_activity(tx, organization_id, happened, Stamp(stamp.user_id, stamp.now))

"""Every query of activities; types of custom ones stand in `type_store.py`. A change and its event are one."""

from dataclasses import fields
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from postroom.ground.database import Transaction
from postroom.ground.errors import NotFound
from postroom.ground.events import Event, append
from postroom.ground.ids import new_id
from postroom.ground.stamp import Stamp
from postroom.rooms.activities.activity import EVENT_TYPES, Activity, Kind

_COLUMNS = tuple(f.name for f in fields(Activity))
_AS_LIST = ", ".join(_COLUMNS)


async def insert_activity(
    tx: Transaction, organization_id: str, activity: Activity, stamp: Stamp, *, date_created: datetime | None = None
) -> str:
    """Note down that something happened; its id. Raises NotFound where the lead is not of this organization."""
    activity_id = new_id("acti")
    given = ", ".join("leads.id" if name == "lead_id" else f"%({name})s" for name in _COLUMNS)
    made = await tx.execute(
        f"insert into activities (organization_id, id, {_AS_LIST}, created_by, updated_by, date_created, date_updated)"
        f" select leads.organization_id, %(id)s, {given}, %(by)s, %(by)s, %(created)s, %(now)s from leads"
        " where leads.organization_id = %(org)s and leads.id = %(lead_id)s",
        {
            **_values(activity), "org": organization_id, "id": activity_id, "by": stamp.user_id, "now": stamp.now,
            "created": date_created or stamp.now,
        },
    )  # fmt: skip
    if not made.rowcount:
        raise NotFound("There is no such lead.")
    await _tell(tx, organization_id, (activity_id, "created", activity), stamp)
    return activity_id


async def activity_to_change(tx: Transaction, organization_id: str, kind: Kind, activity_id: str) -> Activity:
    """One activity, locked until the transaction ends. Raises NotFound, also for one of another kind."""
    row = await (
        await tx.execute(
            f"select {_AS_LIST} from activities where organization_id = %s and id = %s and kind = %s for update",
            (organization_id, activity_id, kind.value),
        )
    ).fetchone()
    if row is None:
        raise NotFound(f"There is no such {kind.value.replace('_', ' ')}.")
    return Activity(Kind(row[0]), *row[1:])


async def change_activity(tx: Transaction, organization_id: str, change: tuple[str, Activity], stamp: Stamp) -> None:
    """Make the activity what `change` (its id, content) says. Raises NotFound."""
    activity_id, after = change
    before = await activity_to_change(tx, organization_id, after.kind, activity_id)
    changed = tuple(name for name in _COLUMNS if getattr(after, name) != getattr(before, name))
    if not changed:
        return
    placed = ", ".join(f"{name} = %({name})s" for name in changed)
    await tx.execute(
        f"update activities set {placed}, updated_by = %(by)s, date_updated = %(now)s"
        " where organization_id = %(org)s and id = %(id)s",
        {**_values(after), "org": organization_id, "id": activity_id, "by": stamp.user_id, "now": stamp.now},
    )
    await _tell(tx, organization_id, (activity_id, "updated", after), stamp, changed)


async def delete_activity(tx: Transaction, organization_id: str, kind: Kind, activity_id: str, *, stamp: Stamp) -> None:
    """Take an activity off its lead. Raises NotFound."""
    before = await activity_to_change(tx, organization_id, kind, activity_id)
    await tx.execute("delete from activities where organization_id = %s and id = %s", (organization_id, activity_id))
    await _tell(tx, organization_id, (activity_id, "deleted", before), stamp)


async def move_activities(tx: Transaction, organization_id: str, leads: tuple[str, str]) -> None:
    """All activities of one lead (`leads` is from, to) stand on another from now on."""
    await tx.execute(
        "update activities set lead_id = %s where organization_id = %s and lead_id = %s",
        (leads[1], organization_id, leads[0]),
    )


async def _tell(
    tx: Transaction,
    organization_id: str,
    happened: tuple[str, str, Activity],
    stamp: Stamp,
    changed: tuple[str, ...] = (),
) -> None:
    activity_id, action, activity = happened
    event = Event(EVENT_TYPES[activity.kind], activity_id, action, activity.lead_id, stamp.user_id, changed)
    await append(tx, organization_id, [event], stamp.now)


def _values(activity: Activity) -> dict[str, Any]:
    values = {name: getattr(activity, name) for name in _COLUMNS}
    return {
        **values,
        "kind": activity.kind.value,
        "details": Jsonb(dict(activity.details)),
        "custom": Jsonb(dict(activity.custom)),
    }

"""Every query of the types of custom activities. A change and its event are one."""

from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid, NotFound
from postroom.ground.events import Event, append
from postroom.ground.ids import new_id
from postroom.ground.stamp import Stamp
from postroom.rooms.activities.activity import ActivityType


async def type_to_change(tx: Transaction, organization_id: str, type_id: str) -> ActivityType:
    """One type, locked until the transaction ends. Raises NotFound."""
    row = await (
        await tx.execute(
            "select name, description, api_create_only, is_archived, editable_with_roles from custom_activity_types"
            " where organization_id = %s and id = %s for update",
            (organization_id, type_id),
        )
    ).fetchone()
    if row is None:
        raise NotFound("There is no such custom activity type.")
    name, description, api_create_only, is_archived, roles = row
    return ActivityType(name, description, api_create_only, is_archived, tuple(roles))


async def insert_type(tx: Transaction, organization_id: str, content: ActivityType, stamp: Stamp) -> str:
    """Make a type; its id. Raises Invalid for a name that is taken."""
    type_id = new_id("actitype")
    made = await tx.execute(
        "insert into custom_activity_types (organization_id, id, name, description, api_create_only, is_archived,"
        " editable_with_roles, created_by, updated_by, date_created, date_updated)"
        " values (%(org)s, %(id)s, %(name)s, %(description)s, %(api)s, %(archived)s, %(roles)s, %(by)s, %(by)s,"
        " %(now)s, %(now)s) on conflict (organization_id, name) do nothing",
        _values(organization_id, type_id, content, stamp),
    )
    if not made.rowcount:
        raise _taken(content.name)
    await _tell(tx, organization_id, (type_id, "created"), stamp)
    return type_id


async def change_type(tx: Transaction, organization_id: str, change: tuple[str, ActivityType], stamp: Stamp) -> None:
    """Make a type what `change` (its id, content) says. Raises Invalid for a name that is taken."""
    type_id, content = change
    changed = await tx.execute(
        "update custom_activity_types set name = %(name)s, description = %(description)s, api_create_only = %(api)s,"
        " is_archived = %(archived)s, editable_with_roles = %(roles)s, updated_by = %(by)s, date_updated = %(now)s"
        " where organization_id = %(org)s and id = %(id)s and not exists (select 1 from custom_activity_types o"
        " where o.organization_id = %(org)s and o.name = %(name)s and o.id <> %(id)s)",
        _values(organization_id, type_id, content, stamp),
    )
    if not changed.rowcount:
        raise _taken(content.name)
    await _tell(tx, organization_id, (type_id, "updated"), stamp)


async def delete_type(tx: Transaction, organization_id: str, type_id: str, stamp: Stamp) -> None:
    """Remove a type of which there are no activities. Raises NotFound, Invalid."""
    before = await type_to_change(tx, organization_id, type_id)
    used = await (
        await tx.execute(
            "select 1 from activities where organization_id = %s and kind = 'custom' and type_id = %s limit 1",
            (organization_id, type_id),
        )
    ).fetchone()
    if used:
        raise Invalid(f"There are activities of the type {before.name!r}; archive it instead.")
    await tx.execute(
        "delete from custom_activity_types where organization_id = %s and id = %s", (organization_id, type_id)
    )
    await _tell(tx, organization_id, (type_id, "deleted"), stamp)


def _values(organization_id: str, type_id: str, content: ActivityType, stamp: Stamp) -> dict[str, object]:
    return {
        "org": organization_id, "id": type_id, "name": content.name, "description": content.description,
        "api": content.api_create_only, "archived": content.is_archived, "roles": list(content.editable_with_roles),
        "by": stamp.user_id, "now": stamp.now,
    }  # fmt: skip


async def _tell(tx: Transaction, organization_id: str, happened: tuple[str, str], stamp: Stamp) -> None:
    type_id, action = happened
    event = Event("custom_activity_type", type_id, action, user_id=stamp.user_id)
    await append(tx, organization_id, [event], stamp.now)


def _taken(name: str) -> Invalid:
    return Invalid(field_errors={"name": f"There is a custom activity type {name!r} already."})

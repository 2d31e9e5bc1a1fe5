"""Queries of groups: users under one name, to share with and to report by."""

from datetime import datetime

import psycopg

from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid, NotFound
from postroom.ground.events import Event, append
from postroom.ground.ids import new_id


async def insert_group(tx: Transaction, organization_id: str, name: str, now: datetime) -> str:
    """Make an empty group; its id. Raises Invalid where the name is taken."""
    group_id = new_id("group")
    try:
        async with tx.transaction():
            await tx.execute(
                "insert into groups (organization_id, id, name, date_created, date_updated)"
                " values (%s, %s, %s, %s, %s)",
                (organization_id, group_id, name, now, now),
            )
    except psycopg.errors.UniqueViolation as error:
        raise _taken() from error
    await append(tx, organization_id, [Event("group", group_id, "created")], now)
    return group_id


async def rename_group(tx: Transaction, organization_id: str, group_id: str, name: str, now: datetime) -> None:
    """Give the group another name. Raises NotFound, Invalid where the name is taken."""
    try:
        async with tx.transaction():
            changed = await tx.execute(
                "update groups set name = %s, date_updated = %s where organization_id = %s and id = %s",
                (name, now, organization_id, group_id),
            )
    except psycopg.errors.UniqueViolation as error:
        raise _taken() from error
    if not changed.rowcount:
        raise NotFound("There is no such group.")
    await append(tx, organization_id, [Event("group", group_id, "updated", changed_fields=("name",))], now)


async def delete_group(tx: Transaction, organization_id: str, group_id: str, now: datetime) -> None:
    """Remove the group; its members stay users. Raises NotFound."""
    gone = await tx.execute("delete from groups where organization_id = %s and id = %s", (organization_id, group_id))
    if not gone.rowcount:
        raise NotFound("There is no such group.")
    await append(tx, organization_id, [Event("group", group_id, "deleted")], now)


async def add_member(tx: Transaction, organization_id: str, group_id: str, user_id: str, now: datetime) -> None:
    """Put a user into the group, once. Raises NotFound where the group or the user is none."""
    try:
        async with tx.transaction():
            await tx.execute(
                "insert into group_members (organization_id, group_id, user_id) values (%s, %s, %s)"
                " on conflict (organization_id, group_id, user_id) do nothing",
                (organization_id, group_id, user_id),
            )
    except psycopg.errors.ForeignKeyViolation as error:
        raise NotFound("There is no such group or user.") from error
    await append(tx, organization_id, [Event("group", group_id, "updated", changed_fields=("members",))], now)


async def remove_member(tx: Transaction, organization_id: str, group_id: str, user_id: str, now: datetime) -> None:
    """Take a user out of the group. Raises NotFound."""
    gone = await tx.execute(
        "delete from group_members where organization_id = %s and group_id = %s and user_id = %s",
        (organization_id, group_id, user_id),
    )
    if not gone.rowcount:
        raise NotFound("There is no such member of the group.")
    await append(tx, organization_id, [Event("group", group_id, "updated", changed_fields=("members",))], now)


def _taken() -> Invalid:
    return Invalid(field_errors={"name": "There is a group with this name already."})

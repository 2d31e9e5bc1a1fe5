"""Queries of memberships, roles that an organization has made, groups and preferences."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from postroom.ground.database import Transaction
from postroom.ground.errors import Conflict, Invalid, NotFound
from postroom.ground.events import Event, append
from postroom.ground.ids import new_id
from postroom.rooms.users.member import Member, Profile, RoleChoice
from postroom.rooms.users.roles import STANDING_OF, CustomRole, LeadVisibility, Role, known, standing_with

_MEMBER = "id, membership_id, email, role, custom_role_id, is_active, date_joined is null"
_ROLES_LOCK = 0x726F6C6573  # "roles": two admins cannot at once each take the other's role away


async def lock_members(tx: Transaction, organization_id: str) -> None:
    """Changes of roles and of who is active follow each other, so that one admin always stays."""
    await tx.execute("select pg_advisory_xact_lock(hashtextextended(%s, %s))", (organization_id, _ROLES_LOCK))


async def member(tx: Transaction, organization_id: str, user_id: str) -> Member:
    """One user. Raises NotFound."""
    rows = await _members(tx, "where organization_id = %s and id = %s", (organization_id, user_id))
    if not rows:
        raise NotFound("There is no such user.")
    return rows[0]


async def members_by_membership(
    tx: Transaction, organization_id: str, membership_ids: Sequence[str]
) -> tuple[Member, ...]:
    """The members of these memberships. Raises NotFound if one does not exist."""
    rows = await _members(
        tx,
        "where organization_id = %s and membership_id = any(%s) order by date_created, id",
        (organization_id, list(membership_ids)),
    )
    if len(rows) != len(set(membership_ids)):
        raise NotFound("There is no such membership.")
    return rows


async def count_admins(tx: Transaction, organization_id: str) -> int:
    """How many admins can sign in."""
    row = await (
        await tx.execute(
            "select count(*) from users where organization_id = %s and role = 'admin' and is_active"
            " and date_joined is not null",
            (organization_id,),
        )
    ).fetchone()
    return int(row[0]) if row else 0


async def save_role(tx: Transaction, organization_id: str, one: Member, choice: RoleChoice, now: datetime) -> None:
    """Give the member another role."""
    await tx.execute(
        "update users set role = %s, custom_role_id = %s, date_updated = %s where organization_id = %s and id = %s",
        (choice.standing.value, choice.custom_role_id, now, organization_id, one.user_id),
    )
    await _tell(tx, organization_id, one, ["role_id"], now)


async def save_active(tx: Transaction, organization_id: str, one: Member, is_active: bool, now: datetime) -> None:
    """Whether the member may come in. Who may not loses password links, sessions and keys with it."""
    await tx.execute(
        "update users set is_active = %s, date_updated = %s where organization_id = %s and id = %s",
        (is_active, now, organization_id, one.user_id),
    )
    what = "activated" if is_active else "deactivated"
    await append(tx, organization_id, [Event("membership", one.membership_id, what, user_id=one.user_id)], now)


async def delete_invited(tx: Transaction, organization_id: str, one: Member, now: datetime) -> None:
    """Take back a user who has never been here."""
    await tx.execute(
        "delete from users where organization_id = %s and id = %s and date_joined is null",
        (organization_id, one.user_id),
    )
    await append(tx, organization_id, [Event("membership", one.membership_id, "deleted", user_id=one.user_id)], now)


async def save_profile(tx: Transaction, organization_id: str, user_id: str, profile: Profile, now: datetime) -> None:
    """What is given of a profile. Raises NotFound."""
    given = profile.given()
    assignments = "".join(f"{name} = %s, " for name in given)
    changed = await tx.execute(
        f"update users set {assignments}date_updated = %s where organization_id = %s and id = %s".encode(),
        (*given.values(), now, organization_id, user_id),
    )
    if not changed.rowcount:
        raise NotFound("There is no such user.")
    event = Event("user", user_id, "updated", user_id=user_id, changed_fields=tuple(given))
    await append(tx, organization_id, [event], now)


async def preferences(tx: Transaction, organization_id: str, user_id: str) -> dict[str, Any]:
    """How the user wants the page to be."""
    row = await (
        await tx.execute(
            "select preferences from users where organization_id = %s and id = %s", (organization_id, user_id)
        )
    ).fetchone()
    return dict(row[0]) if row else {}


async def timezone(tx: Transaction, organization_id: str, user_id: str) -> str:
    """The user's time zone, by its IANA name."""
    row = await (
        await tx.execute(
            "select timezone from users where organization_id = %s and id = %s", (organization_id, user_id)
        )
    ).fetchone()
    return str(row[0]) if row else "UTC"


async def save_preferences(tx: Transaction, organization_id: str, user_id: str, wanted: dict[str, Any]) -> None:
    """Put these over those that are kept; what is None now is kept no longer."""
    await tx.execute(
        "update users set preferences = jsonb_strip_nulls(preferences || %s) where organization_id = %s and id = %s",
        (Jsonb(wanted), organization_id, user_id),
    )


async def role_choice(tx: Transaction, organization_id: str, role_id: str) -> RoleChoice:
    """The role of this id. Raises Invalid: it is named in a body."""
    if role_id in STANDING_OF:
        return RoleChoice(STANDING_OF[role_id])
    for role in await custom_roles(tx, organization_id):
        if role.id == role_id:
            return RoleChoice(standing_with(role.permissions), role.id)
    raise Invalid(field_errors={"role_id": "There is no such role."})


async def custom_roles(tx: Transaction, organization_id: str) -> tuple[CustomRole, ...]:
    """The roles that the organization has made."""
    rows = await (
        await tx.execute(
            "select id, name, permissions, visibility_field_ids, sees_unassigned from roles where organization_id = %s"
            " order by name, id",
            (organization_id,),
        )
    ).fetchall()
    return tuple(
        CustomRole(id_, name, known(names), LeadVisibility(tuple(field_ids), sees))
        for id_, name, names, field_ids, sees in rows
    )


async def custom_role(tx: Transaction, organization_id: str, role_id: str) -> CustomRole:
    """One of these. Raises NotFound."""
    for role in await custom_roles(tx, organization_id):
        if role.id == role_id:
            return role
    raise NotFound("There is no such role.")


async def insert_role(tx: Transaction, organization_id: str, role: CustomRole, now: datetime) -> str:
    """Make a role; its id. Raises Invalid where the name is taken."""
    role_id = new_id("role")
    await _named(
        tx,
        "insert into roles (organization_id, id, name, permissions, visibility_field_ids, sees_unassigned,"
        " date_created, date_updated) values (%s, %s, %s, %s, %s, %s, %s, %s)",
        (organization_id, role_id, *_values(role), now, now),
    )
    return role_id


async def update_role(tx: Transaction, organization_id: str, role: CustomRole, now: datetime) -> None:
    """Another name, other permissions: everyone who has the role has them at once. Raises NotFound, Invalid."""
    changed = await _named(
        tx,
        "update roles set name = %s, permissions = %s, visibility_field_ids = %s, sees_unassigned = %s,"
        " date_updated = %s where organization_id = %s and id = %s",
        (*_values(role), now, organization_id, role.id),
    )
    if not changed:
        raise NotFound("There is no such role.")
    await tx.execute(
        "update users set role = %s where organization_id = %s and custom_role_id = %s",
        (standing_with(role.permissions).value, organization_id, role.id),
    )


async def delete_role(tx: Transaction, organization_id: str, role_id: str) -> None:
    """Remove a role that nobody has. Raises NotFound, Conflict."""
    try:
        async with tx.transaction():
            gone = await tx.execute(
                "delete from roles where organization_id = %s and id = %s", (organization_id, role_id)
            )
    except psycopg.errors.ForeignKeyViolation as error:
        raise Conflict("Somebody has this role. Give them another one first.") from error
    if not gone.rowcount:
        raise NotFound("There is no such role.")


def _values(role: CustomRole) -> tuple[str, list[str], list[str], bool]:
    seen = role.visibility
    return role.name, sorted(role.permissions), list(seen.field_ids), seen.sees_unassigned


async def _named(tx: Transaction, statement: str, values: tuple[Any, ...]) -> int:
    """Write a row whose name is unique. Raises Invalid where the name is taken."""
    try:
        async with tx.transaction():
            return (await tx.execute(statement.encode(), values)).rowcount
    except psycopg.errors.UniqueViolation as error:
        raise Invalid(field_errors={"name": "There is one with this name already."}) from error


async def _members(tx: Transaction, condition: str, values: tuple[Any, ...]) -> tuple[Member, ...]:
    rows = await (await tx.execute(f"select {_MEMBER} from users {condition}".encode(), values)).fetchall()
    return tuple(Member(row[0], row[1], row[2], Role(row[3]), *row[4:]) for row in rows)


async def _tell(tx: Transaction, organization_id: str, one: Member, changed: Sequence[str], now: datetime) -> None:
    event = Event("membership", one.membership_id, "updated", user_id=one.user_id, changed_fields=tuple(changed))
    await append(tx, organization_id, [event], now)


async def admin_ids(tx: Transaction, organization_id: str) -> tuple[str, ...]:
    """The admins who can sign in, the longest here first."""
    rows = await (
        await tx.execute(
            "select id from users where organization_id = %s and role = 'admin' and is_active"
            " and date_joined is not null order by date_created, id",
            (organization_id,),
        )
    ).fetchall()
    return tuple(row[0] for row in rows)


async def active(tx: Transaction, organization_id: str) -> tuple[Member, ...]:
    """Everybody who may come in."""
    return await _members(tx, "where organization_id = %s and is_active order by date_created, id", (organization_id,))


async def everybody(tx: Transaction, organization_id: str) -> tuple[Member, ...]:
    """All users, those who left too, the oldest first."""
    return await _members(tx, "where organization_id = %s order by date_created, id", (organization_id,))

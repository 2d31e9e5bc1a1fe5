"""Queries of organizations, users and API keys.

A key is found by its secret before the organization is known: that look-up, and those of a user by address, are the
only statements here that are not bounded by an organization.
"""

from datetime import datetime, timedelta
from typing import Any

from postroom.ground.database import Transaction
from postroom.ground.errors import Conflict, Invalid, NotFound
from postroom.ground.events import Event, append
from postroom.ground.ids import new_id
from postroom.ground.viewer import LeadBounds
from postroom.rooms.users.roles import PERMISSIONS_OF, ROLE_ID_OF, Permission, Role, known
from postroom.rooms.users.user import ActingUser, ApiKey, NewUser, StoredPassword
from postroom.wire.mime.address_key import address_key

ACTING_COLUMNS = (
    "o.id, o.name, u.id, u.email, u.first_name, u.last_name, u.role, u.timezone, r.permissions,"
    " o.requires_two_factor and f.date_confirmed is null, r.id, r.visibility_field_ids, r.sees_unassigned"
)
ACTING_JOINS = (
    " join organizations o on o.id = u.organization_id"
    " left join roles r on r.organization_id = u.organization_id and r.id = u.custom_role_id"
    " left join second_factors f on f.organization_id = u.organization_id and f.user_id = u.id"
)
ACTING_WIDTH = 13
_FOUNDING_LOCK = 0x666F756E64  # "found": two first visitors cannot both found the first organization
_ADDRESS_LOCK = 0x61646472  # "addr": two users with one address cannot be made at the same moment
SEEN_EVERY = timedelta(minutes=5)


async def has_users(tx: Transaction) -> bool:
    """Whether anybody can sign in yet; if not, the first visitor sets Postroom up."""
    return bool(await (await tx.execute("select 1 from users limit 1")).fetchone())


async def insert_first_organization(tx: Transaction, name: str, admin: NewUser, now: datetime) -> ActingUser:
    """The organization of a fresh installation with its admin. Raises Conflict once there is any user."""
    await tx.execute("select pg_advisory_xact_lock(%s)", (_FOUNDING_LOCK,))
    if await has_users(tx):
        raise Conflict("Postroom is set up already; sign in instead.")
    return await insert_organization(tx, name, admin, now)


async def insert_organization(tx: Transaction, name: str, admin: NewUser, now: datetime) -> ActingUser:
    """An organization with its first user."""
    organization_id = new_id("orga")
    await tx.execute(
        "insert into organizations (id, name, date_created, date_updated) values (%s, %s, %s, %s)",
        (organization_id, name.strip(), now, now),
    )
    return await insert_user(tx, organization_id, admin, now)


async def organization_name(tx: Transaction, organization_id: str) -> str | None:
    """What an organization is called; None where there is none."""
    row = await (await tx.execute("select name from organizations where id = %s", (organization_id,))).fetchone()
    return str(row[0]) if row else None


async def requires_two_factor(tx: Transaction, organization_id: str) -> bool:
    """Whether everybody needs a second factor."""
    row = await (
        await tx.execute("select requires_two_factor from organizations where id = %s", (organization_id,))
    ).fetchone()
    return bool(row and row[0])


async def require_two_factor(tx: Transaction, organization_id: str, requires: bool, now: datetime) -> None:
    """Whether everybody needs a second factor from now on."""
    await tx.execute(
        "update organizations set requires_two_factor = %s, date_updated = %s where id = %s",
        (requires, now, organization_id),
    )


async def save_organization(
    tx: Transaction, organization_id: str, words: tuple[str | None, str | None], now: datetime
) -> None:
    """Give the organization another name or currency (`words`); None leaves it."""
    name, currency = words
    await tx.execute(
        "update organizations set name = coalesce(%s, name), currency = coalesce(%s, currency), date_updated = %s"
        " where id = %s and (coalesce(%s, name), coalesce(%s, currency)) is distinct from (name, currency)",
        (name, currency, now, organization_id, name, currency),
    )


async def insert_user(tx: Transaction, organization_id: str, user: NewUser, now: datetime) -> ActingUser:
    """Add a user. Raises Invalid where any user of the installation has the address: it is how one signs in."""
    key = address_key(user.email)
    await tx.execute("select pg_advisory_xact_lock(hashtextextended(%s, %s))", (key, _ADDRESS_LOCK))
    taken = await (await tx.execute("select 1 from users where email_key = %s", (key,))).fetchone()
    if taken:
        raise Invalid(field_errors={"email": "There is a user with this address already."})
    user_id = new_id("user")
    await tx.execute(
        "insert into users (organization_id, id, membership_id, email, email_key, first_name, last_name,"
        " password_hash, role, timezone, date_created, date_updated, date_joined)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            organization_id, user_id, new_id("memb"), user.email.strip(), key, user.first_name.strip(),
            user.last_name.strip(), user.password_hash, user.role.value, user.timezone, now, now,
            now if user.password_hash else None,  # without a password: invited
        ),
    )  # fmt: skip
    await append(tx, organization_id, [Event("user", user_id, "created", user_id=user_id)], now)
    return await acting_user(tx, organization_id, user_id)


async def set_password(tx: Transaction, organization_id: str, user_id: str, password_hash: str) -> None:
    """Replace the password and end every session of the user. Raises NotFound."""
    await replace_password_hash(tx, organization_id, user_id, password_hash)
    await tx.execute("delete from sessions where organization_id = %s and user_id = %s", (organization_id, user_id))


async def replace_password_hash(tx: Transaction, organization_id: str, user_id: str, password_hash: str) -> None:
    """Store another hash; sessions go on. Raises NotFound."""
    changed = await tx.execute(
        "update users set password_hash = %s where organization_id = %s and id = %s",
        (password_hash, organization_id, user_id),
    )
    if not changed.rowcount:
        raise NotFound("There is no such user.")


async def user_by_address_at_all(tx: Transaction, email: str) -> tuple[str, str] | None:
    """(organization, user) of an address, for the operator: one that is deactivated only where no other has it."""
    row = await (
        await tx.execute(
            "select organization_id, id from users where email_key = %s order by is_active desc, date_created limit 1",
            (address_key(email),),
        )
    ).fetchone()
    return (row[0], row[1]) if row else None


async def user_by_address(tx: Transaction, email: str) -> tuple[str, str] | None:
    """(organization, user) who signs in with this address, with a password or yet without one."""
    row = await (
        await tx.execute(
            "select organization_id, id from users where email_key = %s and is_active order by date_created limit 1",
            (address_key(email),),
        )
    ).fetchone()
    return (row[0], row[1]) if row else None


async def acting_user(tx: Transaction, organization_id: str, user_id: str) -> ActingUser:
    """A user who may act. Raises NotFound, also for one who was deactivated."""
    row = await (
        await tx.execute(
            f"select {ACTING_COLUMNS} from users u {ACTING_JOINS}"
            " where u.organization_id = %s and u.id = %s and u.is_active",
            (organization_id, user_id),
        )
    ).fetchone()
    if row is None:
        raise NotFound("There is no such user.")
    return acting(row)


async def password_of(tx: Transaction, email: str) -> StoredPassword | None:
    """The stored password of whoever signs in with this address, if there is one."""
    row = await (
        await tx.execute(
            "select organization_id, id, password_hash from users"
            " where email_key = %s and is_active and password_hash <> '' order by date_created limit 1",
            (address_key(email),),
        )
    ).fetchone()
    return StoredPassword(*row) if row else None


async def insert_api_key(tx: Transaction, organization_id: str, key: ApiKey, secret_hash: bytes) -> None:
    """Store a new key; of its secret only the hash."""
    await tx.execute(
        "insert into api_keys (organization_id, id, user_id, name, secret_hash, date_created)"
        " values (%s, %s, %s, %s, %s, %s)",
        (organization_id, key.id, key.user_id, key.name, secret_hash, key.date_created),
    )
    await append(tx, organization_id, [Event("api_key", key.id, "created", user_id=key.user_id)], key.date_created)


async def api_keys_of(tx: Transaction, organization_id: str, user_id: str) -> tuple[ApiKey, ...]:
    """A user's keys, oldest first."""
    rows = await (
        await tx.execute(
            "select id, user_id, name, date_created, date_used from api_keys"
            " where organization_id = %s and user_id = %s order by date_created, id",
            (organization_id, user_id),
        )
    ).fetchall()
    return tuple(ApiKey(*row) for row in rows)


async def delete_api_keys(tx: Transaction, organization_id: str, user_id: str) -> None:
    """Take all keys of a user back."""
    await tx.execute("delete from api_keys where organization_id = %s and user_id = %s", (organization_id, user_id))


async def user_by_api_key(tx: Transaction, key_id: str, now: datetime) -> tuple[ActingUser, bytes] | None:
    """Whose key it is, with the hash of its secret; the caller compares. Notes now and then that it was used."""
    row = await (
        await tx.execute(
            f"select {ACTING_COLUMNS}, k.secret_hash, k.date_used from api_keys k"
            " join users u on u.organization_id = k.organization_id and u.id = k.user_id and u.is_active"
            f" {ACTING_JOINS} where k.id = %s",
            (key_id,),
        )
    ).fetchone()
    if row is None:
        return None
    user, stored_hash, used = acting(row), row[ACTING_WIDTH], row[ACTING_WIDTH + 1]
    if used is None or used < now - SEEN_EVERY:
        await tx.execute(
            "update api_keys set date_used = %s where organization_id = %s and id = %s",
            (now, user.organization_id, key_id),
        )
    return user, stored_hash


async def delete_api_key(tx: Transaction, organization_id: str, user_id: str, key_id: str) -> None:
    """Take a key back. Raises NotFound for one that is not this user's."""
    removed = await tx.execute(
        "delete from api_keys where organization_id = %s and user_id = %s and id = %s",
        (organization_id, user_id, key_id),
    )
    if not removed.rowcount:
        raise NotFound("There is no such API key.")


def acting(row: tuple[Any, ...]) -> ActingUser:
    """The user out of ACTING_COLUMNS, which stand first in the row."""
    organization_id, organization_name, user_id, email, first_name, last_name, role, timezone = row[:8]
    permissions = PERMISSIONS_OF[Role(role)] if row[8] is None else known(row[8])
    return ActingUser(
        organization_id, organization_name, user_id, email, first_name, last_name, Role(role), timezone, permissions,
        bool(row[9]), row[10] or ROLE_ID_OF[Role(role)],
        None if Permission.VIEW_ALL_LEADS in permissions else LeadBounds(user_id, tuple(row[11]), row[12]),
    )  # fmt: skip


async def bounds_of(tx: Transaction, organization_id: str, user_id: str) -> LeadBounds | None:
    """To which leads a user's eyes are bounded, also of one who may not come in any more; None: to none."""
    row = await (
        await tx.execute(
            f"select {ACTING_COLUMNS} from users u {ACTING_JOINS} where u.organization_id = %s and u.id = %s",
            (organization_id, user_id),
        )
    ).fetchone()
    return acting(row).bounds if row else LeadBounds(user_id, ())

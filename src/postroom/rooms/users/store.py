"""Every query of organizations, users, sessions and API keys.

Sessions and keys are found by a secret before the organization is known: those two look-ups, and the one of a password
by address, are the only statements here that are not bounded by an organization.
"""

from datetime import datetime, timedelta

from postroom.ground.database import Transaction
from postroom.ground.errors import Conflict, Invalid, NotFound
from postroom.ground.events import Event, append
from postroom.ground.ids import new_id
from postroom.rooms.users.user import ActingUser, ApiKey, Attempts, NewSession, NewUser, Role, StoredPassword
from postroom.wire.mime.address_key import address_key

_ACTING_COLUMNS = "o.id, o.name, u.id, u.email, u.first_name, u.last_name, u.role, u.timezone"
_FOUNDING_LOCK = 0x666F756E64  # "found": two first visitors cannot both found the first organization
_SEEN_EVERY = timedelta(minutes=5)


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


async def rename_organization(tx: Transaction, organization_id: str, name: str, now: datetime) -> None:
    """Give the organization another name."""
    await tx.execute(
        "update organizations set name = %s, date_updated = %s where id = %s", (name.strip(), now, organization_id)
    )


async def insert_user(tx: Transaction, organization_id: str, user: NewUser, now: datetime) -> ActingUser:
    """Add a user. Raises Invalid where any user of the installation has the address: it is how one signs in."""
    key = address_key(user.email)
    taken = await (await tx.execute("select 1 from users where email_key = %s", (key,))).fetchone()
    if taken:
        raise Invalid(field_errors={"email": "There is a user with this address already."})
    user_id = new_id("user")
    await tx.execute(
        "insert into users (organization_id, id, membership_id, email, email_key, first_name, last_name,"
        " password_hash, role, timezone, date_created, date_updated)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            organization_id, user_id, new_id("memb"), user.email.strip(), key, user.first_name.strip(),
            user.last_name.strip(), user.password_hash, user.role.value, user.timezone, now, now,
        ),
    )  # fmt: skip
    return await acting_user(tx, organization_id, user_id)


async def set_password(tx: Transaction, organization_id: str, user_id: str, password_hash: str) -> None:
    """Replace the password and end every session of the user. Raises NotFound."""
    changed = await tx.execute(
        "update users set password_hash = %s where organization_id = %s and id = %s",
        (password_hash, organization_id, user_id),
    )
    if not changed.rowcount:
        raise NotFound("There is no such user.")
    await tx.execute("delete from sessions where organization_id = %s and user_id = %s", (organization_id, user_id))


async def replace_password_hash(tx: Transaction, organization_id: str, user_id: str, password_hash: str) -> None:
    """Store the same password under a costlier hash; sessions go on."""
    await tx.execute(
        "update users set password_hash = %s where organization_id = %s and id = %s",
        (password_hash, organization_id, user_id),
    )


async def acting_user(tx: Transaction, organization_id: str, user_id: str) -> ActingUser:
    """A user who may act. Raises NotFound, also for one who was deactivated."""
    row = await (
        await tx.execute(
            f"select {_ACTING_COLUMNS} from users u join organizations o on o.id = u.organization_id"
            " where u.organization_id = %s and u.id = %s and u.is_active",
            (organization_id, user_id),
        )
    ).fetchone()
    if row is None:
        raise NotFound("There is no such user.")
    return _acting(row)


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


async def note_attempt(tx: Transaction, email: str, remote: str, now: datetime) -> Attempts:
    """Count a sign-in as failed until `forget_attempts`; how many there were in the last quarter of an hour before it.

    Counted before the password is looked at: many tries at the same moment must not all be the first.
    """
    key = address_key(email)[:320]
    await tx.execute("delete from sign_in_failures where date_created < %s", (now - timedelta(hours=1),))
    row = await (
        await tx.execute(
            "select count(*) filter (where email_key = %(key)s and remote = %(remote)s),"
            " count(*) filter (where email_key = %(key)s), count(*) filter (where remote = %(remote)s)"
            " from sign_in_failures where date_created > %(since)s",
            {"key": key, "remote": remote, "since": now - timedelta(minutes=15)},
        )
    ).fetchone()
    await tx.execute(
        "insert into sign_in_failures (email_key, remote, date_created) values (%s, %s, %s)", (key, remote, now)
    )
    return Attempts(*row) if row else Attempts(0, 0, 0)


async def forget_attempts(tx: Transaction, email: str) -> None:
    """A right password was given: earlier wrong ones for this address no longer count."""
    await tx.execute("delete from sign_in_failures where email_key = %s", (address_key(email),))


async def insert_session(tx: Transaction, organization_id: str, session: NewSession, now: datetime) -> None:
    """A browser has signed in; sessions that ran out are cleared away on the way."""
    await tx.execute("delete from sessions where organization_id = %s and date_expires < %s", (organization_id, now))
    await tx.execute(
        "insert into sessions (organization_id, token_hash, user_id, user_agent, date_created, date_seen, date_expires)"
        " values (%s, %s, %s, %s, %s, %s, %s)",
        (
            organization_id, session.token_hash, session.user_id, session.user_agent[:300], now, now,
            session.date_expires,
        ),
    )  # fmt: skip


async def user_by_session(tx: Transaction, token_hash: bytes, now: datetime) -> ActingUser | None:
    """Whose session it is, if it still runs. Notes now and then that it was used."""
    row = await (
        await tx.execute(
            f"select {_ACTING_COLUMNS}, s.date_seen from sessions s"
            " join users u on u.organization_id = s.organization_id and u.id = s.user_id and u.is_active"
            " join organizations o on o.id = s.organization_id where s.token_hash = %s and s.date_expires > %s",
            (token_hash, now),
        )
    ).fetchone()
    if row is None:
        return None
    user = _acting(row[:8])
    if row[8] < now - _SEEN_EVERY:
        await tx.execute(
            "update sessions set date_seen = %s where organization_id = %s and token_hash = %s",
            (now, user.organization_id, token_hash),
        )
    return user


async def delete_session(tx: Transaction, organization_id: str, token_hash: bytes) -> None:
    """Sign this browser out."""
    await tx.execute(
        "delete from sessions where organization_id = %s and token_hash = %s", (organization_id, token_hash)
    )


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


async def user_by_api_key(tx: Transaction, key_id: str, now: datetime) -> tuple[ActingUser, bytes] | None:
    """Whose key it is, with the hash of its secret; the caller compares. Notes now and then that it was used."""
    row = await (
        await tx.execute(
            f"select {_ACTING_COLUMNS}, k.secret_hash, k.date_used from api_keys k"
            " join users u on u.organization_id = k.organization_id and u.id = k.user_id and u.is_active"
            " join organizations o on o.id = k.organization_id where k.id = %s",
            (key_id,),
        )
    ).fetchone()
    if row is None:
        return None
    user = _acting(row[:8])
    if row[9] is None or row[9] < now - _SEEN_EVERY:
        await tx.execute(
            "update api_keys set date_used = %s where organization_id = %s and id = %s",
            (now, user.organization_id, key_id),
        )
    return user, row[8]


async def delete_api_key(tx: Transaction, organization_id: str, user_id: str, key_id: str) -> None:
    """Take a key back. Raises NotFound for one that is not this user's."""
    removed = await tx.execute(
        "delete from api_keys where organization_id = %s and user_id = %s and id = %s",
        (organization_id, user_id, key_id),
    )
    if not removed.rowcount:
        raise NotFound("There is no such API key.")


def _acting(row: tuple[str, ...]) -> ActingUser:
    organization_id, organization_name, user_id, email, first_name, last_name, role, timezone = row
    return ActingUser(organization_id, organization_name, user_id, email, first_name, last_name, Role(role), timezone)

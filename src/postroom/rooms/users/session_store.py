"""Queries of sessions: browsers that are signed in, and those that have been before.

A session is found by its secret before the organization is known.
"""

from datetime import datetime, timedelta

from postroom.ground.database import Transaction
from postroom.ground.errors import NotFound
from postroom.ground.ids import new_id
from postroom.rooms.users.store import ACTING_COLUMNS, ACTING_JOINS, ACTING_WIDTH, SEEN_EVERY, acting
from postroom.rooms.users.user import ActingUser, NewSession, Session

BROWSER_KNOWN_FOR = timedelta(days=365)
MOST_KNOWN_BROWSERS = 20


async def insert_session(tx: Transaction, organization_id: str, session: NewSession, now: datetime) -> bool:
    """A browser has signed in, the password just given; whether it is the user's first. Sessions that ran out go."""
    await tx.execute("delete from sessions where organization_id = %s and date_expires < %s", (organization_id, now))
    await tx.execute(
        "insert into sessions (organization_id, id, token_hash, user_id, user_agent, remote, date_created, date_seen,"
        " date_confirmed, date_expires) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            organization_id, new_id("sess"), session.token_hash, session.user_id, session.user_agent[:300],
            session.remote[:64], now, now, now, session.date_expires,
        ),
    )  # fmt: skip
    joined = await tx.execute(
        "update users set date_joined = %s where organization_id = %s and id = %s and date_joined is null",
        (now, organization_id, session.user_id),
    )
    return bool(joined.rowcount)


async def user_by_session(tx: Transaction, token_hash: bytes, remote: str, now: datetime) -> ActingUser | None:
    """Whose session it is, if it still runs. Notes now and then that it was used, and from where."""
    row = await (
        await tx.execute(
            f"select {ACTING_COLUMNS}, s.date_seen, s.remote from sessions s"
            " join users u on u.organization_id = s.organization_id and u.id = s.user_id and u.is_active"
            f" {ACTING_JOINS} where s.token_hash = %s and s.date_expires > %s",
            (token_hash, now),
        )
    ).fetchone()
    if row is None:
        return None
    user, seen, known_remote = acting(row), row[ACTING_WIDTH], row[ACTING_WIDTH + 1]
    if seen < now - SEEN_EVERY or (remote and remote != known_remote):
        await tx.execute(
            "update sessions set date_seen = %s, remote = %s where organization_id = %s and token_hash = %s",
            (now, (remote or known_remote)[:64], user.organization_id, token_hash),
        )
    return user


async def sessions_of(
    tx: Transaction, organization_id: str, user_id: str, current: bytes, now: datetime
) -> tuple[Session, ...]:
    """A user's running sessions, the one last used first; the one with the hash `current` is marked."""
    rows = await (
        await tx.execute(
            "select id, user_agent, remote, token_hash = %s, date_created, date_seen, date_expires from sessions"
            " where organization_id = %s and user_id = %s and date_expires > %s order by date_seen desc, id",
            (current, organization_id, user_id, now),
        )
    ).fetchall()
    return tuple(Session(*row) for row in rows)


async def delete_session(tx: Transaction, organization_id: str, token_hash: bytes) -> None:
    """Sign this browser out."""
    await tx.execute(
        "delete from sessions where organization_id = %s and token_hash = %s", (organization_id, token_hash)
    )


async def end_session(tx: Transaction, organization_id: str, user_id: str, session_id: str) -> None:
    """Sign one of the user's browsers out. Raises NotFound."""
    ended = await tx.execute(
        "delete from sessions where organization_id = %s and user_id = %s and id = %s",
        (organization_id, user_id, session_id),
    )
    if not ended.rowcount:
        raise NotFound("There is no such session.")


async def end_sessions(tx: Transaction, organization_id: str, user_id: str, but: bytes = b"") -> int:
    """Sign all the user's browsers out, but the one with this token's hash; how many were. They are known no more."""
    await tx.execute(
        "delete from known_browsers where organization_id = %s and user_id = %s", (organization_id, user_id)
    )
    ended = await tx.execute(
        "delete from sessions where organization_id = %s and user_id = %s and token_hash <> %s",
        (organization_id, user_id, but),
    )
    return ended.rowcount


async def confirmed_at(tx: Transaction, organization_id: str, token_hash: bytes) -> datetime | None:
    """When the password was last given in this session."""
    row = await (
        await tx.execute(
            "select date_confirmed from sessions where organization_id = %s and token_hash = %s",
            (organization_id, token_hash),
        )
    ).fetchone()
    return row[0] if row else None


async def confirm(tx: Transaction, organization_id: str, token_hash: bytes, now: datetime) -> None:
    """The password was given again in this session."""
    await tx.execute(
        "update sessions set date_confirmed = %s where organization_id = %s and token_hash = %s",
        (now, organization_id, token_hash),
    )


async def remember_browser(
    tx: Transaction, organization_id: str, user_id: str, token_hash: bytes, now: datetime
) -> None:
    """This browser has signed in as this user. The oldest of many is forgotten."""
    await tx.execute(
        "insert into known_browsers (organization_id, token_hash, user_id, date_used) values (%s, %s, %s, %s)"
        " on conflict (organization_id, token_hash) do update set user_id = excluded.user_id,"
        " date_used = excluded.date_used",
        (organization_id, token_hash, user_id, now),
    )
    await tx.execute(
        "delete from known_browsers where organization_id = %s and user_id = %s and (date_used < %s or token_hash in"
        " (select token_hash from known_browsers where organization_id = %s and user_id = %s"
        " order by date_used desc offset %s))",
        (organization_id, user_id, now - BROWSER_KNOWN_FOR, organization_id, user_id, MOST_KNOWN_BROWSERS),
    )


async def is_known_browser(tx: Transaction, token_hash: bytes, email_key: str, now: datetime) -> bool:
    """Whether a browser with this token has signed in as the user of this address."""
    row = await (
        await tx.execute(
            "select 1 from known_browsers b join users u on u.organization_id = b.organization_id and u.id = b.user_id"
            " where b.token_hash = %s and u.email_key = %s and b.date_used > %s",
            (token_hash, email_key, now - BROWSER_KNOWN_FOR),
        )
    ).fetchone()
    return row is not None

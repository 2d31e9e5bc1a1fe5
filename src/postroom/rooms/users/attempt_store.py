"""Queries of wrong passwords and codes: how guessing is slowed down without locking out who is guessed at.

A browser that has signed in as the user before is counted for itself: however many try elsewhere, its user gets in
(OWASP, "Device cookies"). All other tries at an address share its count, wherever they come from.
"""

from datetime import datetime, timedelta

from postroom.ground.database import Transaction
from postroom.rooms.users.session_store import is_known_browser
from postroom.rooms.users.user import Attempts, Try
from postroom.wire.mime.address_key import address_key

_LONGEST = 320
COUNTED_FOR = timedelta(minutes=15)


async def note_attempt(tx: Transaction, attempt: Try, now: datetime) -> Attempts:
    """Count a try as failed until `forget_attempts`; how many there were in the last quarter of an hour before it.

    Counted before the password is looked at: many tries at the same moment must not all be the first.
    """
    key = _of_address(attempt.email)
    person = address_key(attempt.email)[:_LONGEST]
    browser = attempt.browser if await is_known_browser(tx, attempt.browser, person, now) else None
    return await _count(tx, key, (attempt.remote, browser), now)


async def _count(tx: Transaction, key: str, where: tuple[str, bytes | None], now: datetime) -> Attempts:
    remote, browser = where
    await tx.execute("delete from sign_in_failures where date_created < %s", (now - timedelta(hours=1),))
    row = await (
        await tx.execute(
            "select count(*) filter (where email_key = %(key)s and remote = %(remote)s and browser is null),"
            " count(*) filter (where email_key = %(key)s and browser is null),"
            " count(*) filter (where remote = %(remote)s and browser is null),"
            " count(*) filter (where email_key = %(key)s and browser = %(browser)s)"
            " from sign_in_failures where date_created > %(since)s",
            {"key": key, "remote": remote, "since": now - COUNTED_FOR, "browser": browser},
        )
    ).fetchone()
    await tx.execute(
        "insert into sign_in_failures (email_key, remote, browser, date_created) values (%s, %s, %s, %s)",
        (key, remote, browser, now),
    )
    return Attempts(row[0], row[1], row[2], row[3], browser is not None) if row else Attempts(0, 0, 0)


async def forget_attempts(tx: Transaction, email: str) -> None:
    """The user is in: earlier wrong passwords for this address no longer count."""
    await tx.execute("delete from sign_in_failures where email_key = %s", (_of_address(email),))


def _of_address(email: str) -> str:
    """What tries at an address are counted under. What was typed can never be one of the other counts below."""
    return f"address {address_key(email)}"[:_LONGEST]


async def note_question(tx: Transaction, remote: str, now: datetime) -> Attempts:
    """Count a question for a password link, by the place it comes from alone: the address must make no difference."""
    return await _count(tx, f"forgot {remote}", (remote, None), now)


async def note_code(tx: Transaction, user_id: str, remote: str, now: datetime) -> int:
    """Count a code as wrong until `forget_codes`; how many were wrong in the last hour before it."""
    row = await (
        await tx.execute(
            "select count(*) from sign_in_failures where email_key = %s and date_created > %s",
            (f"code {user_id}", now - timedelta(hours=1)),
        )
    ).fetchone()
    await tx.execute(
        "insert into sign_in_failures (email_key, remote, date_created) values (%s, %s, %s)",
        (f"code {user_id}", remote, now),
    )
    return int(row[0]) if row else 0


async def forget_codes(tx: Transaction, user_id: str) -> None:
    """A right code was given."""
    await tx.execute("delete from sign_in_failures where email_key = %s", (f"code {user_id}",))

"""Queries for listening leases: which process idles for which account, so that each is listened to once."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from postroom.ground.database import Transaction
from postroom.ground.rowset import rowset

LEASE = timedelta(seconds=45)
"""A process that has not renewed for so long is gone, and another takes its accounts."""


async def take_leases(
    tx: Transaction, accounts: Sequence[tuple[str, str]], owner: str, now: datetime
) -> set[tuple[str, str]]:
    """Of these (organization, account) those that the owner holds now: taken, renewed, or fallen free.

    For the whole installation: a listener serves all organizations.
    """
    rows = await (
        await tx.execute(
            "insert into listen_leases as l (organization_id, account_id, owner, fence, expires_at)"
            " select o, a, %(owner)s, 1, %(until)s from json_to_recordset(%(rows)s) as x(o text, a text)"
            " on conflict (organization_id, account_id) do update set owner = excluded.owner,"
            " fence = l.fence + case when l.owner = excluded.owner then 0 else 1 end, expires_at = excluded.expires_at"
            " where l.owner = excluded.owner or l.expires_at < %(now)s"
            " returning organization_id, account_id",
            {
                "owner": owner,
                "now": now,
                "until": now + LEASE,
                "rows": rowset([{"o": organization, "a": account} for organization, account in sorted(accounts)]),
            },
        )
    ).fetchall()
    return {(row[0], row[1]) for row in rows}


async def withdraw_lease(
    tx: Transaction, organization_id: str, account_id: str, now: datetime, until: datetime
) -> bool:
    """Nobody holds a lease of this account until then. Answers whether somebody did now."""
    held = await (
        await tx.execute(
            "select 1 from listen_leases where organization_id = %s and account_id = %s and owner <> ''"
            " and expires_at >= %s",
            (organization_id, account_id, now),
        )
    ).fetchone()
    await tx.execute(
        "insert into listen_leases as l (organization_id, account_id, owner, fence, expires_at)"
        " values (%s, %s, '', 1, %s) on conflict (organization_id, account_id) do update set owner = '',"
        " fence = l.fence + 1, expires_at = excluded.expires_at",
        (organization_id, account_id, until),
    )
    return held is not None


async def give_up_leases(tx: Transaction, owner: str) -> None:
    """The owner stops: others may listen at once."""
    await tx.execute("delete from listen_leases where owner = %s", (owner,))

"""Queries for mailbox providers that asked for fewer emails."""

from postroom.ground.database import Transaction
from postroom.rooms.accounts.send_budget import SlowPace


async def slow_hosts(tx: Transaction, organization_id: str, account_id: str) -> dict[str, SlowPace]:
    """By provider the pace an account was last given there."""
    rows = await (
        await tx.execute(
            "select domain, per_minute, date_changed, reason from domain_paces"
            " where organization_id = %s and account_id = %s",
            (organization_id, account_id),
        )
    ).fetchall()
    return {row[0]: SlowPace(float(row[1]), row[2], row[3]) for row in rows}


async def save_host_pace(tx: Transaction, organization_id: str, place: tuple[str, str], pace: SlowPace) -> None:
    """The account (first of `place`) sends no faster to this provider (second) from now on."""
    account_id, domain = place
    await tx.execute(
        "insert into domain_paces (organization_id, account_id, domain, per_minute, reason, date_changed)"
        " values (%s, %s, %s, %s, %s, %s) on conflict (organization_id, account_id, domain) do update set"
        " per_minute = excluded.per_minute, reason = excluded.reason, date_changed = excluded.date_changed",
        (organization_id, account_id, domain, pace.per_minute, pace.reason, pace.since),
    )

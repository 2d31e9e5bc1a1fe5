"""Queries for accounts whose server asked them to slow down."""

from postroom.ground.database import Transaction
from postroom.rooms.accounts.send_budget import SlowPace


async def slow_pace(tx: Transaction, organization_id: str, account_id: str) -> SlowPace | None:
    """The pace an account was last given; None for one that was never asked."""
    row = await (
        await tx.execute(
            "select per_minute, date_changed, reason from send_paces where organization_id = %s and account_id = %s",
            (organization_id, account_id),
        )
    ).fetchone()
    return SlowPace(float(row[0]), row[1], row[2]) if row else None


async def save_pace(tx: Transaction, organization_id: str, account_id: str, pace: SlowPace) -> None:
    """The account sends no faster than this from now on."""
    await tx.execute(
        "insert into send_paces (organization_id, account_id, per_minute, reason, date_changed)"
        " values (%s, %s, %s, %s, %s) on conflict (organization_id, account_id) do update set"
        " per_minute = excluded.per_minute, reason = excluded.reason, date_changed = excluded.date_changed",
        (organization_id, account_id, pace.per_minute, pace.reason, pace.since),
    )

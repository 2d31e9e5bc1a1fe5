"""Every query of bounces: what reports say of the emails we sent."""

from datetime import datetime, timedelta

from postroom.ground.database import Transaction
from postroom.rooms.suppression.suppression import LONGEST_REASON, Bounce


async def note_bounce(tx: Transaction, organization_id: str, bounce: Bounce) -> bool:
    """Write it down; False where this report has said so before, or the email is gone."""
    made = await tx.execute(
        "insert into bounces (organization_id, email_id, address_key, report_key, address, kind, status, reason,"
        " date_created, is_proven) select organization_id, id, %s, %s, %s, %s, %s, %s, %s, %s from emails"
        " where organization_id = %s and id = %s for key share on conflict do nothing",
        (
            bounce.address_key, bounce.report_key, bounce.address, bounce.kind, bounce.status[:20],
            bounce.reason[:LONGEST_REASON], bounce.date, bounce.is_proven, organization_id, bounce.email_id,
        ),
    )  # fmt: skip
    return bool(made.rowcount)


async def soft_bounces(
    tx: Transaction, organization_id: str, address_key: str, within: tuple[datetime, timedelta]
) -> int:
    """Emails that bounced softly at an address, in the time of so long (second) before a moment (first)."""
    until, span = within
    row = await (
        await tx.execute(
            "select count(distinct email_id) from bounces where organization_id = %s and address_key = %s"
            " and kind = 'soft' and is_proven and date_created > %s and date_created <= %s",
            (organization_id, address_key, until - span, until),
        )
    ).fetchone()
    return row[0] if row else 0

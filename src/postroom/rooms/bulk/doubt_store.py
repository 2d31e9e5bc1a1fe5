"""Queries for recipients whose email may have been sent: a crash left it in doubt, and no Sent folder could tell."""

from datetime import datetime

from postroom.ground.database import Transaction
from postroom.rooms.bulk.bulk_email import BulkEmail

_REOPEN = """
with moved as (
  update bulk_recipients set state = 'sending', reason = '', detail = '', date_updated = %(now)s
  where organization_id = %(org)s and bulk_id = %(bulk)s and state = 'failed' and reason = 'in_doubt'
  returning email_id
),
counted as (
  update bulk_emails set n_failed = n_failed - (select count(*) from moved),
    n_sending = n_sending + (select count(*) from moved), date_updated = %(now)s
  where organization_id = %(org)s and id = %(bulk)s
)
select email_id from moved
"""


async def reopen(tx: Transaction, batch: BulkEmail, now: datetime) -> list[str]:
    """Those in doubt stand as being sent again, until their deliveries tell otherwise; their emails."""
    rows = await (await tx.execute(_REOPEN, {"org": batch.organization_id, "bulk": batch.id, "now": now})).fetchall()
    return [row[0] for row in rows]

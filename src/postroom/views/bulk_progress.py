"""What the rules of a bulk email ask that several rooms know together."""

from postroom.ground.database import Transaction
from postroom.rooms.bulk.bulk_email import BulkEmail


async def bounced(tx: Transaction, batch: BulkEmail) -> int:
    """Emails of a batch that the server took and that came back, or were reported as spam, since a person last let it
    go on."""
    row = await (
        await tx.execute(
            "select count(distinct b.email_id) from bounces b join bulk_emails k"
            " on k.organization_id = b.organization_id and k.id = %(bulk)s"
            " join emails e on e.organization_id = b.organization_id and e.id = b.email_id"
            " where b.organization_id = %(org)s and b.date_created >= k.date_created and b.kind <> 'delayed'"
            " and e.bulk_email_id = k.id and e.status = 'sent'",
            {"org": batch.organization_id, "bulk": batch.id},
        )
    ).fetchone()
    return int(row[0]) if row else 0

"""What waits of a bulk email that was cancelled is taken back, and leaves no trace on its leads."""

from postroom.ground import events
from postroom.ground.database import Transaction
from postroom.ground.events import Event
from postroom.journeys.steps.join_thread import recount
from postroom.journeys.tools import Tools
from postroom.rooms.bulk import recipient_store
from postroom.rooms.bulk.bulk_email import BulkEmail
from postroom.rooms.emails import bulk_store
from postroom.rooms.leads import activity_store


async def take_back_waiting(tools: Tools, tx: Transaction, batch: BulkEmail) -> None:
    """In the transaction that has the batch's row locked. The leads are locked before any delivery: whoever sends an
    email takes them in that order too."""
    now, org = tools.clock(), batch.organization_id
    leads = await activity_store.lock_leads(tx, org, await bulk_store.leads_waiting(tx, org, batch.id))
    withdrawn = await bulk_store.withdraw_bulk(tx, org, batch.id, leads)
    await recipient_store.collect(tx, batch, now)
    counts: dict[str, int] = {}
    for _, lead, _ in withdrawn:
        counts[lead] = counts.get(lead, 0) - 1
    await recount(tx, org, {thread for _, _, thread in withdrawn if thread}, now)
    await activity_store.note_emails(tx, org, {lead: (count, batch.date_created) for lead, count in counts.items()})
    told = [Event("activity.email", email, "deleted", lead, batch.user_id) for email, lead, _ in withdrawn]
    await events.append(tx, org, told, now)

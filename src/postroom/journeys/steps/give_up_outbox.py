"""What waits to be sent by an account that was removed: it is not lost, but stands as an error on its lead."""

from datetime import datetime

from postroom.ground import events
from postroom.ground.database import Transaction
from postroom.ground.events import Event
from postroom.rooms.accounts.account import ConnectedAccount
from postroom.rooms.emails import delivery_store, outgoing_store

NO_SENDER = "Requested sender account does not exist"
"""Close's own words for what was to be sent by an account that is gone (seed 000)."""


async def give_up_outbox(tx: Transaction, account: ConnectedAccount, now: datetime) -> None:
    """A person must choose another sender for each of them."""
    organization_id = account.organization_id
    error = f"{NO_SENDER}: {account.email} was removed. Choose another sender."
    given_up = await delivery_store.fail_waiting(tx, organization_id, account.id, error)
    failed = await outgoing_store.mark_all_failed(tx, organization_id, given_up, now)
    told = [
        Event("activity.email", email_id, "updated", lead_id, changed_fields=("status",))
        for email_id, lead_id in failed
    ]
    await events.append(tx, organization_id, told, now)

"""Addresses that are to get no more bulk email: written down, and what waits for them in the outbox withdrawn."""

from collections.abc import Sequence
from datetime import datetime

from postroom.ground import events
from postroom.ground.database import Transaction
from postroom.ground.events import Event
from postroom.rooms.emails import outgoing_store, withdraw_store
from postroom.rooms.suppression import store
from postroom.rooms.suppression.suppression import Kind, NewSuppression

_WORDS = {
    Kind.COMPLAINT: "was reported as spam by its recipient",
    Kind.UNSUBSCRIBED: "has unsubscribed",
    Kind.MANUAL: "is on the list of addresses not to be mailed",
    Kind.HARD_BOUNCE: "does not exist or takes no mail",
    Kind.SOFT_BOUNCE: "could not be reached several times",
}


async def suppress_addresses(
    tx: Transaction, organization_id: str, reasons: Sequence[NewSuppression], now: datetime
) -> list[NewSuppression]:
    """Add reasons; those that are new. Personal mail in the outbox stays: a person wrote it to this address."""
    news = await store.suppress(tx, organization_id, reasons, now)
    told = []
    for one in news:
        error = f"Not sent: {one.address} {_WORDS[one.kind]}."
        spellings = (one.address_key, one.address.lower())
        for email_id, lead_id in await withdraw_store.withdraw(tx, organization_id, spellings, error):
            await outgoing_store.mark_failed(tx, organization_id, email_id, now)
            told.append(Event("activity.email", email_id, "updated", lead_id, changed_fields=("status",)))
    await events.append(tx, organization_id, told, now)
    return news

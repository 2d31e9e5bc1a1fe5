"""A finished draft into the outbox, with its job, in one transaction.

Used by every way an email can start: Send, Send later, bulk. The Message-ID is fixed here, long before the first byte.
"""

import secrets
from dataclasses import dataclass

from postroom.ground.database import Transaction
from postroom.journeys.jobs import DELIVER_DUE
from postroom.journeys.steps.join_thread import Joining, find_thread
from postroom.journeys.tools import Tools
from postroom.rooms.emails import delivery_store
from postroom.rooms.emails.delivery_store import NewDelivery
from postroom.rooms.emails.email import (
    EmailContent,
    EmailStatus,
    Stamp,
    Timing,
    addresses_of,
    check_sendable,
    check_timing,
    due_at,
    recipients_of,
)
from postroom.wire.mime.address_key import ascii_domain
from postroom.wire.mime.addresses import domain_of


@dataclass(frozen=True, slots=True)
class ReadyEmail:
    """An email whose row stands, about to be queued. `status` is scheduled or outbox."""

    organization_id: str
    id: str
    lead_id: str
    account_id: str
    content: EmailContent
    status: EmailStatus
    timing: Timing
    priority: int = 0


async def queue_email(tools: Tools, tx: Transaction, email: ReadyEmail, stamp: Stamp) -> str:
    """Queue it; its thread. The lead must be locked. Raises Invalid for what cannot be sent."""
    check_sendable(email.content)
    check_timing(email.status, email.timing)
    due = due_at(email.status, email.timing, stamp.now)
    message_id = await delivery_store.queue(
        tx,
        email.organization_id,
        NewDelivery(
            email.id,
            email.account_id,
            recipients_of(email.content),
            new_message_id(addresses_of((email.content.sender,))[0].email),
            due,
            email.priority,
        ),
    )
    if due <= stamp.now:
        payload = {"organization_id": email.organization_id, "account_id": email.account_id}
        await tools.jobs.defer(tx, DELIVER_DUE, payload)
    joining = Joining(email.organization_id, email.id, email.lead_id, email.content, message_id, stamp.now)
    return await find_thread(tools, tx, joining)


def new_message_id(sender_email: str) -> str:
    """Unique by 120 random bits, under the sender's domain (RFC 5322 3.6.4); nothing of the house stands in it."""
    domain = ascii_domain(domain_of(sender_email))
    return f"<{secrets.token_hex(15)}@{domain if domain.isascii() else 'postroom.invalid'}>"

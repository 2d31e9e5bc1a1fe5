"""One claimed email over an open SMTP session.

    claim       T   state sending, attempt counted, Message-ID and Date fixed and committed
    compose         the same bytes at every try
    hand over   T   the message is known to us; from here on the server may have been told of it
    deliver     N
    write down  T   sent, refused recipients, put off, unknown; the copy for Sent

Killed before "hand over", the email simply waits again. Killed after it, nobody knows, and Sent is asked.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from postroom.ground import events
from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid, NotFound, Permanent, Temporary
from postroom.ground.events import Event
from postroom.journeys.jobs import FILE_SENT_COPIES
from postroom.journeys.steps.apply_reports import note_refusals
from postroom.journeys.steps.compose_email import Composed, Letter, compose_email, read_letter, save_composed
from postroom.journeys.tools import Tools
from postroom.rooms.accounts.account import ConnectedAccount
from postroom.rooms.emails import arriving_store, delivery_store, outgoing_store, sent_copy_store
from postroom.rooms.emails.delivery import (
    LONGEST_DELIVERY,
    Aftermath,
    Attempt,
    CopyState,
    DeliveryState,
    after,
    failed,
    untouched,
)
from postroom.rooms.emails.delivery_store import Claim, Unsettled
from postroom.rooms.leads import activity_store
from postroom.wire.smtp.deliver import deliver
from postroom.wire.smtp.session import Session
from postroom.wire.smtp.types import DeliveryReply, Outcome

PATIENCE_WITH_PROVIDER = timedelta(seconds=10)
"""Until it is known whether a provider files sent mail by itself, its copy is given this long to appear in Sent."""

_OUR_OWN_LIMIT = LONGEST_DELIVERY - timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Sending:
    """An account with its session: what a run of deliveries goes over, and down to which priority."""

    account: ConnectedAccount
    session: Session
    least_urgent: int = 2


@dataclass(frozen=True, slots=True)
class Result:
    """What a try came to, as it is written down. `outcome` and `words` stand in the log of attempts."""

    aftermath: Aftermath
    outcome: str
    words: str

    def entry(self, now: datetime, attempt: int) -> Mapping[str, str]:
        """The line for the email's `send_attempts`."""
        return {
            "date": now.isoformat(timespec="seconds"),
            "attempt": str(attempt),
            "outcome": self.outcome,
            "response": self.words[:1000],
        }


async def deliver_next(tools: Tools, sending: Sending) -> Aftermath | None:
    """Deliver the account's most urgent email that is due; what came of it. None: nothing is due."""
    letter = await _claim(tools, sending)
    if letter is None:
        return None
    attempt = Attempt(letter.claim.attempts, letter.claim.date_sent is not None, tools.clock())
    recipients = letter.claim.recipients
    try:
        composed = await compose_email(tools, sending.account, letter)
    except Temporary as error:
        result = Result(untouched(str(error), attempt, recipients), "put off", str(error))
    except (Invalid, NotFound, Permanent) as error:
        result = Result(failed(str(error), attempt, recipients), "failed", str(error))
    else:
        if not await _hand_over(tools, letter, composed):
            return Aftermath(DeliveryState.WAITING, attempt.number)
        reply = await _deliver(sending.session, composed, recipients)
        result = Result(after(reply, attempt, recipients), reply.outcome.value, reply.server_words)
    await write_down(tools, sending.account, letter.claim, result)
    return result.aftermath


async def write_down(tools: Tools, account: ConnectedAccount, claim: Claim | Unsettled, result: Result) -> bool:
    """What a try came to, on the delivery, the email, its lead and its thread. False: somebody else has decided."""
    now, org = tools.clock(), claim.organization_id
    async with tools.db.transaction() as tx:
        try:
            lead = await outgoing_store.lead_of(tx, org, claim.email_id)
        except NotFound:
            return False  # its lead was deleted while it went out: there is nothing left to write it on
        await activity_store.lock_leads(tx, org, [lead])
        entry = result.entry(now, claim.attempts)
        if not await delivery_store.save_aftermath(tx, claim, result.aftermath, entry, now):
            return False
        told = [Event("activity.email", claim.email_id, "updated", lead, account.user_id)]
        if result.aftermath.state is DeliveryState.FAILED:
            await outgoing_store.mark_failed(tx, org, claim.email_id, now)
        if result.aftermath.reached and await _mark_sent(tx, claim, lead, now):
            await _ask_for_copy(tools, tx, account, claim)
            told = [Event("activity.email", claim.email_id, "sent", lead, account.user_id)]
        await note_refusals(tx, org, (claim.email_id, lead, result.aftermath.refused), now)
        await events.append(tx, org, told, now)
    return True


async def _claim(tools: Tools, sending: Sending) -> Letter | None:
    now, org = tools.clock(), sending.account.organization_id
    async with tools.db.transaction() as tx:
        claim = await delivery_store.claim_next(tx, org, sending.account.id, now, sending.least_urgent)
        if claim is None:
            return None
        await outgoing_store.begin_sending(tx, org, claim.email_id, now)
        email = await outgoing_store.lock_email(tx, org, claim.email_id)
        return await read_letter(tools, tx, claim, email)


async def _hand_over(tools: Tools, letter: Letter, composed: Composed) -> bool:
    async with tools.db.transaction() as tx:
        if not await delivery_store.hand_over(tx, letter.claim):
            return False
        await save_composed(tools, tx, letter, composed)
    return True


async def _deliver(session: Session, composed: Composed, recipients: tuple[str, ...]) -> DeliveryReply:
    """Within the time after which others take us for dead; what was not answered by then is unknown."""
    try:
        async with asyncio.timeout(_OUR_OWN_LIMIT.total_seconds()):
            return await deliver(session, composed.envelope_from, recipients, composed.for_smtp)
    except TimeoutError:
        return DeliveryReply(Outcome.UNKNOWN, recipients, (), "the server took too long")


async def _mark_sent(tx: Transaction, claim: Claim | Unsettled, lead_id: str, now: datetime) -> bool:
    org = claim.organization_id
    if not await outgoing_store.mark_sent(tx, org, claim.email_id, now):
        return False
    email = await outgoing_store.lock_email(tx, org, claim.email_id)
    if email.thread_id:
        await arriving_store.recount_threads(tx, org, [email.thread_id], now)
    await activity_store.note_emails(tx, org, {lead_id: (0, now)})
    return True


async def _ask_for_copy(tools: Tools, tx: Transaction, account: ConnectedAccount, claim: Claim | Unsettled) -> None:
    org = account.organization_id
    if account.imap is None:
        return
    if account.files_own_sent:
        await sent_copy_store.ask_for_copy(tx, org, claim.email_id, CopyState.PROVIDER, None)
        return
    known = await sent_copy_store.has_filed(tx, org, account.id)
    due_at = tools.clock() if known else tools.clock() + PATIENCE_WITH_PROVIDER
    await sent_copy_store.ask_for_copy(tx, org, claim.email_id, CopyState.WANTED, due_at)
    if known:
        await tools.jobs.defer(tx, FILE_SENT_COPIES, {"organization_id": org, "account_id": account.id})

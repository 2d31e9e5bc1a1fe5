"""A person sends: draft, outbox, SMTP, Sent folder. The Email row is the activity; the delivery's row is the truth.

create_email, update_email, delete_email   statuses as in rooms/emails/email.py; queueing leaves a DeliverDue hint
deliver_due        one SMTP login, then every email that is due, each as in steps/deliver_email.py
file_sent_copies   what the provider does not file in Sent, we do, once
settle_unknown     an email that may have been sent: Sent is asked before anything else

An error before the final dot is safe to retry. After it only a clear answer counts; without one nothing is sent again
until Sent has been searched.
"""

from dataclasses import replace
from datetime import timedelta

from postroom.ground import events
from postroom.ground.database import Transaction
from postroom.ground.errors import Conflict, Invalid, PostroomError, Temporary
from postroom.ground.events import Event
from postroom.journeys.jobs import DELIVER_DUE
from postroom.journeys.steps.credentials import OpenLogin, note_failure, smtp_settings
from postroom.journeys.steps.deliver_email import Sending, deliver_next
from postroom.journeys.steps.give_up_outbox import give_up_outbox
from postroom.journeys.steps.log_in_to_send import logged_in
from postroom.journeys.steps.open_mailbox import open_mailbox
from postroom.journeys.steps.pace import Meter, note_throttled
from postroom.journeys.steps.sent_copy import file_copies
from postroom.journeys.steps.settle_email import give_up_overdue, look_in_sent, nowhere_to_look
from postroom.journeys.steps.write_email import Writing, erase, lock_to_write, rewrite, write_new
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import store as account_store
from postroom.rooms.accounts.access import Asker
from postroom.rooms.accounts.account import ConnectedAccount
from postroom.rooms.emails import bulk_store, delivery_store, sent_copy_store
from postroom.rooms.emails.bulk_store import BULK_PRIORITY
from postroom.rooms.emails.delivery import CopyState
from postroom.rooms.emails.email import EmailChange, EmailStatus, NewEmail
from postroom.views.kept_things import demand_seen_whole, seen_ids
from postroom.wire.smtp.session import Session
from postroom.wire.smtp.types import SmtpSettings

LOGGED = (EmailStatus.INBOX, EmailStatus.SENT, EmailStatus.ERROR)
"""Statuses of emails that programs log; we send none of them."""
LONGEST_RUN = timedelta(minutes=4)
"""A long outbox yields to the account's other work after so long, and asks for another turn."""


async def create_email(tools: Tools, asker: Asker, new: NewEmail) -> str:
    """Make an email on a lead, in any of Close's statuses; its id. Raises Invalid, Forbidden, NotFound."""
    async with tools.db.transaction() as tx:
        if not await _sees(tx, asker, new.content.in_reply_to_id):
            # What is only logged may name an email of another installation, as programs do that move mail.
            if new.status not in LOGGED:
                raise _nothing_to_answer()
            new = replace(new, content=replace(new.content, in_reply_to_id=None))
        return await write_new(tools, tx, Writing(asker, tools.clock()), new)


async def update_email(tools: Tools, asker: Asker, email_id: str, change: EmailChange) -> None:
    """Change a draft, queue it, or take it back to draft. Raises Invalid, Forbidden, NotFound, Conflict (too late)."""
    async with tools.db.transaction() as tx:
        await demand_seen_whole(tx, asker.organization_id, email_id)
        if not await _sees(tx, asker, change.in_reply_to_id):
            known = await lock_to_write(tx, asker.organization_id, email_id)
            if known.content.in_reply_to_id != change.in_reply_to_id:
                raise _nothing_to_answer()
            change = replace(change, in_reply_to_id=None)  # sent back whole; what it answered has been deleted since
        await rewrite(tools, tx, Writing(asker, tools.clock()), email_id, change)


async def delete_email(tools: Tools, asker: Asker, email_id: str) -> None:
    """Take an email off its lead; mailboxes keep theirs. Raises Forbidden, NotFound, Conflict (it is being sent)."""
    async with tools.db.transaction() as tx:
        await demand_seen_whole(tx, asker.organization_id, email_id)
        await erase(tx, Writing(asker, tools.clock()), email_id)


def _nothing_to_answer() -> Invalid:
    return Invalid(field_errors={"in_reply_to_id": "There is no such email to answer."})


async def _sees(tx: Transaction, asker: Asker, answered_id: str | None) -> bool:
    """Whether what an email answers may be known to its writer: else it would join a thread that is kept from them."""
    return not answered_id or answered_id in await seen_ids(tx, asker.organization_id, [answered_id])


async def deliver_due(tools: Tools, organization_id: str, account_id: str) -> None:
    """Send what is due for an account. Raises what keeps the account from sending; its mail waits in the outbox."""
    account = await _account_with_mail(tools, organization_id, account_id)
    if account is None:
        return
    try:
        used, settings = await smtp_settings(tools, organization_id, account_id)
        await _drain(tools, account, used, settings)
    except PostroomError as error:
        await _say_why_waiting(tools, account, error)
        raise


async def _account_with_mail(tools: Tools, organization_id: str, account_id: str) -> ConnectedAccount | None:
    """The account, if it has mail to send and may. First what a dead sender left in the middle is set aside."""
    now = tools.clock()
    async with tools.db.transaction() as tx:
        account = await account_store.get(tx, organization_id, account_id)
        await delivery_store.set_claims_aside(tx, organization_id, account_id, now)
        if not await delivery_store.is_due(tx, organization_id, account_id, now):
            return None
    if account.is_deleted:
        async with tools.db.transaction() as tx:
            await give_up_outbox(tx, account, now)
        return None
    if not account.sends:
        await _say_why_waiting(tools, account, Conflict(f"Sending is switched off for {account.email}."))
        return None
    return account


async def file_sent_copies(tools: Tools, organization_id: str, account_id: str) -> None:
    """File the copies that the account's Sent folder still lacks. Never part of "sent": the mail is out already."""
    async with tools.db.transaction() as tx:
        account = await account_store.get(tx, organization_id, account_id)
        copies = await sent_copy_store.copies_due(tx, organization_id, account_id, tools.clock())
        if account.is_deleted or account.imap is None:
            for copy in copies:
                await sent_copy_store.note_copy(tx, organization_id, copy.email_id, CopyState.NONE)
            return
    if copies:
        async with open_mailbox(tools, organization_id, account_id) as mailbox:
            await file_copies(tools, mailbox, account, copies)


async def settle_unknown(tools: Tools, organization_id: str, account_id: str) -> None:
    """Find out what became of emails whose sending ended without a clear answer. Raises as `open_mailbox`."""
    async with tools.db.transaction() as tx:
        account = await account_store.get(tx, organization_id, account_id)
        unsettled = await delivery_store.lookups_due(tx, organization_id, account_id, tools.clock())
    if not unsettled:
        return
    if account.is_deleted or account.imap is None:
        await nowhere_to_look(tools, account, unsettled)
        return
    try:
        async with open_mailbox(tools, organization_id, account_id) as mailbox:
            await look_in_sent(tools, mailbox, account, unsettled)
    except PostroomError:
        await give_up_overdue(tools, account, unsettled)
        raise


async def _drain(tools: Tools, account: ConnectedAccount, used: OpenLogin, settings: SmtpSettings) -> None:
    """Everything that is due, most urgent first, over one login where the server allows it."""
    until, meter = tools.clock() + LONGEST_RUN, Meter(tools, account)
    session = await logged_in(tools, used, settings)
    broken_in_row = 0
    try:
        while (done := await deliver_next(tools, await _paced(tools, used, session, meter))) is not None:
            meter.note()
            broken_in_row = broken_in_row + 1 if done.connection_failed else 0
            # One broken connection may be that email's own doing; two in a row are the server's.
            stop = done.account_error or (Temporary(done.error) if broken_in_row > 1 else None)
            if stop is not None:
                await note_failure(tools, used, stop)
                if done.account_error is not None:
                    await note_throttled(tools, account, stop)
                raise stop
            if tools.clock() >= until:
                await _ask_for_another_turn(tools, account)
                return
            if not session.is_open:
                await session.close()
                session = await logged_in(tools, used, settings)
    finally:
        await session.close()


async def _paced(tools: Tools, used: OpenLogin, session: Session, meter: Meter) -> Sending:
    """What may go out next. Raises Temporary where the provider's limit is reached, until it is not."""
    try:
        least_urgent = await meter.least_urgent()
    except Temporary as error:
        await note_failure(tools, used, error)
        raise
    if least_urgent < BULK_PRIORITY:
        next_at = (await meter.pace()).bulk.next_at or tools.clock()
        async with tools.db.transaction() as tx:
            await bulk_store.put_off_bulk(tx, used.account.organization_id, used.account.id, next_at)
    return Sending(used.account, session, least_urgent)


async def _ask_for_another_turn(tools: Tools, account: ConnectedAccount) -> None:
    payload = {"organization_id": account.organization_id, "account_id": account.id}
    async with tools.db.transaction() as tx:
        await tools.jobs.defer(tx, DELIVER_DUE, payload)


async def _say_why_waiting(tools: Tools, account: ConnectedAccount, error: PostroomError) -> None:
    """The reason stands with every email that stays in the outbox for it."""
    now, org = tools.clock(), account.organization_id
    async with tools.db.transaction() as tx:
        news = await delivery_store.note_why_waiting(tx, org, account.id, str(error), now)
        told = [Event("activity.email", email, "updated", lead, account.user_id) for email, lead in news]
        await events.append(tx, org, told, now)

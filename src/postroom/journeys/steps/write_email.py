"""Make, change and delete an email that a person writes, in the caller's transaction.

Locks in the order of the emails room: the lead, the delivery, the email. So of "take back" and "begin to send" exactly
one happens: each changes the delivery's row, and the second sees what the first has made of it.
"""

from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any

from postroom.ground import events
from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid, NotFound
from postroom.ground.events import Event
from postroom.journeys.steps.choose_sender import choose_sender
from postroom.journeys.steps.join_thread import Joining, find_thread, recount
from postroom.journeys.steps.queue_email import ReadyEmail, queue_email
from postroom.journeys.steps.render_email import (
    Written,
    demand_template,
    fill_template,
    is_to_fill,
    ready_to_send,
)
from postroom.journeys.steps.tracking_links import check_can_track
from postroom.journeys.tools import Tools
from postroom.rooms.accounts.access import Asker
from postroom.rooms.emails import delivery_store, opens_store, outgoing_store, search_store, visibility_store
from postroom.rooms.emails.email import (
    MAY_HAVE_A_TIME,
    EmailChange,
    EmailContent,
    EmailStatus,
    Leave,
    NewEmail,
    Stamp,
    Timing,
    addresses_of,
    being_sent,
    check_content,
    check_timing,
    has_one_address,
    may_edit,
    next_status,
)
from postroom.rooms.emails.outgoing_store import OutgoingEmail, Standing
from postroom.rooms.leads import activity_store
from postroom.rooms.leads.address_book import people_at
from postroom.rooms.users import store as user_store
from postroom.wire.mime.addresses import display_address
from postroom.wire.mime.html_text import text_from_html
from postroom.wire.mime.types import Address

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Writing:
    """Who writes, and when."""

    asker: Asker
    now: datetime

    @property
    def organization_id(self) -> str:
        """The organization written in."""
        return self.asker.organization_id

    @property
    def stamp(self) -> Stamp:
        """For the rows."""
        return Stamp(self.asker.user_id, self.now)


async def write_new(tools: Tools, tx: Transaction, writing: Writing, new: NewEmail) -> str:
    """Make an email in any status; its id. Raises Invalid, Forbidden, NotFound."""
    org = writing.organization_id
    check_content(new.content)
    check_can_track(tools, new.content)
    check_timing(new.status, new.timing)
    await _lock_lead(tx, org, new.lead_id)
    owner = new.user_id or writing.asker.user_id
    content = await _completed(tx, writing, new)
    written = Written(writing.asker, owner, new.lead_id, content, new.status)
    if content.template_id:
        await demand_template(tx, written)
    content = await _filled(tools, tx, writing, written)
    made = replace(new, content=content, user_id=owner)
    email_id = await outgoing_store.insert_email(tx, org, made, writing.stamp)
    await search_store.index_later(tx, org, email_id)  # the sweep asks for it: no lock is waited for here
    if new.opens:
        await opens_store.replace_opens(tx, org, email_id, new.opens)
    thread = await _place(tools, tx, writing, email_id, made)
    if thread is not None or new.timing.date_scheduled:
        activity = new.activity_at or new.date_created or writing.now
        scheduled = new.timing.date_scheduled if new.status in MAY_HAVE_A_TIME else None
        standing = Standing(new.status, scheduled, new.timing.followup_date, activity, thread)
        await outgoing_store.save_standing(tx, org, email_id, standing, writing.stamp)
        await recount(tx, org, {thread} if thread else set(), writing.now)
    if new.status is not EmailStatus.DRAFT:
        await activity_store.note_emails(tx, org, {new.lead_id: (1, new.activity_at or writing.now)})
    await visibility_store.judge_emails(tx, org, [email_id])
    await events.append(tx, org, [Event("activity.email", email_id, "created", new.lead_id, made.user_id)], writing.now)
    return email_id


async def rewrite(tools: Tools, tx: Transaction, writing: Writing, email_id: str, change: EmailChange) -> None:
    """Change an email, or its status. Raises Invalid, Forbidden, NotFound, Conflict (it is being sent)."""
    org = writing.organization_id
    email = await lock_to_write(tx, org, email_id)
    may_edit(writing.asker.user_id, writing.asker.role, email.user_id)
    timing = _timing(email, change)
    change = await _news(tx, org, email, change)
    if change == EmailChange():
        return
    check_can_track(tools, change)
    new_status = next_status(email.status, change, email.content)
    check_timing(new_status, timing)
    taken_back = email.status is not EmailStatus.DRAFT and new_status is EmailStatus.DRAFT
    if taken_back and not await delivery_store.take_back(tx, org, email_id):
        raise being_sent()
    is_queued = new_status.is_queued and not email.status.is_queued
    content = await _rewritten(tools, tx, writing, _Rewriting(email, change, new_status, is_queued))
    if change.user_id:
        await outgoing_store.give_to(tx, org, email_id, change.user_id)
    if content != email.content:
        await outgoing_store.save_content(tx, org, email_id, content, writing.stamp)
        await search_store.index_later(tx, org, email_id)  # the sweep asks for it: no lock is waited for here
    thread = email.thread_id
    if is_queued:
        thread = await _queue(tools, tx, writing, _Queueing(email_id, email.lead_id, content, new_status, timing))
    if change.opens is not None:
        await opens_store.replace_opens(tx, org, email_id, change.opens)
    await visibility_store.judge_emails(tx, org, [email_id])
    happened = change.activity_at or (email.activity_at if new_status is email.status else writing.now)
    await _save_standing(
        tx, writing, email, Standing(new_status, timing.date_scheduled, timing.followup_date, happened, thread)
    )


@dataclass(frozen=True, slots=True)
class _Rewriting:
    """A change of an email: the status it leads to, and whether that queues it."""

    email: OutgoingEmail
    change: EmailChange
    status: EmailStatus
    is_queued: bool


async def _rewritten(tools: Tools, tx: Transaction, writing: Writing, made: _Rewriting) -> EmailContent:
    """The content after the change, filled in and with its sender where it is to be sent."""
    email, change = made.email, made.change
    content = change.applied_to(email.content)
    check_content(content)
    owner = change.user_id or email.user_id or writing.asker.user_id
    written = Written(writing.asker, owner, email.lead_id, content, made.status)
    if made.is_queued:
        written = replace(written, content=await _with_contact(tx, written))
        written = replace(written, content=(await choose_sender(tx, writing.asker, written.content)).content)
    if change.template_id:
        await demand_template(tx, written)
    if change.template_id or made.is_queued:
        return await _filled(tools, tx, writing, written)
    return written.content


async def erase(tx: Transaction, writing: Writing, email_id: str) -> None:
    """Take an email off its lead; the mailboxes keep theirs. Raises NotFound, Forbidden, Conflict (being sent)."""
    org = writing.organization_id
    email = await lock_to_write(tx, org, email_id)
    if email.status not in (EmailStatus.SENT, EmailStatus.INBOX) or writing.asker.role == "restricted":
        may_edit(writing.asker.user_id, writing.asker.role, email.user_id)
    if email.status.is_queued and not await delivery_store.take_back(tx, org, email_id):
        raise being_sent()
    await outgoing_store.delete_email(tx, org, email, writing.now)
    await recount(tx, org, {email.thread_id} if email.thread_id else set(), writing.now)
    if email.status is not EmailStatus.DRAFT:
        await activity_store.note_emails(tx, org, {email.lead_id: (-1, _LONG_AGO)})
    gone = Event("activity.email", email_id, "deleted", email.lead_id, email.user_id)
    await events.append(tx, org, [gone], writing.now)


@dataclass(frozen=True, slots=True)
class _Queueing:
    email_id: str
    lead_id: str
    content: EmailContent
    status: EmailStatus
    timing: Timing
    priority: int = 0


async def _completed(tx: Transaction, writing: Writing, new: NewEmail) -> EmailContent:
    """The content with what its status wants filled in: sender, account, contact."""
    content = new.content
    if new.status is EmailStatus.DRAFT:
        return content
    owner = new.user_id or writing.asker.user_id
    content = await _with_contact(tx, Written(writing.asker, owner, new.lead_id, content, new.status))
    if new.status.is_queued:
        return (await choose_sender(tx, writing.asker, content)).content
    if content.sender and not has_one_address(content.sender):
        raise Invalid(field_errors={"sender": f"{content.sender!r} is not an address."})
    if not content.sender:
        if new.status is not EmailStatus.SENT:
            raise Invalid(field_errors={"sender": "This field is required."})
        user = await user_store.acting_user(tx, writing.organization_id, new.user_id or writing.asker.user_id)
        name = f"{user.first_name} {user.last_name}".strip()
        content = replace(content, sender=display_address(Address(name, user.email)))
    return content


async def _filled(tools: Tools, tx: Transaction, writing: Writing, written: Written) -> EmailContent:
    """The content with what a template or a signature tag stands for."""
    content = written.content
    if is_to_fill(content):
        known = await _with_contact(tx, written)
        content = await fill_template(tools, tx, replace(written, content=known))
    if written.status.is_queued:
        content = await ready_to_send(tx, replace(written, content=content), writing.stamp)
    if content != written.content:
        check_content(content)
    return content


async def _place(tools: Tools, tx: Transaction, writing: Writing, email_id: str, new: NewEmail) -> str | None:
    """Its thread: that of the outbox, of the email that a draft answers, of past mail."""
    if new.status.is_queued:
        queueing = _Queueing(email_id, new.lead_id, new.content, new.status, new.timing, new.priority)
        return await _queue(tools, tx, writing, queueing)
    if new.status is EmailStatus.DRAFT:
        if new.content.in_reply_to_id is None:
            return None
        answered = await outgoing_store.answered(tx, writing.organization_id, new.content.in_reply_to_id)
        return answered.thread_id if answered and answered.lead_id == new.lead_id else None
    joining = Joining(writing.organization_id, email_id, new.lead_id, new.content, None, writing.now)
    return await find_thread(tools, tx, joining)


async def _queue(tools: Tools, tx: Transaction, writing: Writing, queueing: _Queueing) -> str:
    assert queueing.content.account_id is not None
    ready = ReadyEmail(
        writing.organization_id,
        queueing.email_id,
        queueing.lead_id,
        queueing.content.account_id,
        queueing.content,
        queueing.status,
        queueing.timing,
        queueing.priority,
    )
    return await queue_email(tools, tx, ready, writing.stamp)


async def _save_standing(tx: Transaction, writing: Writing, email: OutgoingEmail, after: Standing) -> None:
    org = writing.organization_id
    counted = int(after.status is not EmailStatus.DRAFT) - int(email.status is not EmailStatus.DRAFT)
    await outgoing_store.save_standing(tx, org, email.id, after, writing.stamp)
    await recount(tx, org, {thread for thread in (email.thread_id, after.thread_id) if thread}, writing.now)
    if counted:
        await activity_store.note_emails(tx, org, {email.lead_id: (counted, writing.now if counted > 0 else _LONG_AGO)})
    changed = ("status",) if after.status is not email.status else ()
    event = Event("activity.email", email.id, "updated", email.lead_id, email.user_id, changed)
    await events.append(tx, org, [event], writing.now)


def _timing(email: OutgoingEmail, change: EmailChange) -> Timing:
    scheduled = change.date_scheduled or email.date_scheduled
    if change.status is not None and change.status is not EmailStatus.SCHEDULED:
        scheduled = None
    followup = email.followup_date if change.followup_date is Leave.AS_IT_IS else change.followup_date
    return Timing(scheduled, change.send_in_seconds or 0, followup)


async def lock_to_write(tx: Transaction, organization_id: str, email_id: str) -> OutgoingEmail:
    """An email as it stands, with its lead and its delivery locked before it. Raises NotFound."""
    await _lock_lead(tx, organization_id, await outgoing_store.lead_of(tx, organization_id, email_id))
    await delivery_store.lock_delivery(tx, organization_id, email_id)
    return await outgoing_store.lock_email(tx, organization_id, email_id)


async def _lock_lead(tx: Transaction, organization_id: str, lead_id: str) -> None:
    if not await activity_store.lock_leads(tx, organization_id, [lead_id]):
        raise NotFound("There is no such lead.")


async def _news(tx: Transaction, organization_id: str, email: OutgoingEmail, change: EmailChange) -> EmailChange:
    """The change without what it only says again: programs send back all that they have read."""
    before = email.content
    again = {one.name for one in fields(before) if _same(getattr(change, one.name), getattr(before, one.name))}
    if change.template_id and is_to_fill(change.applied_to(before)):
        again.discard("template_id")
    if email.status.is_logged and not before.body_text and change.body_text == text_from_html(before.body_html):
        again.add("body_text")  # it is shown so where only HTML was written
    standing = ("status", "user_id", "activity_at", "date_scheduled")
    again |= {name for name in standing if getattr(change, name) == getattr(email, name)}
    if change.opens is not None and change.opens == await opens_store.opens_of(tx, organization_id, email.id):
        again.add("opens")
    news: dict[str, Any] = dict.fromkeys(again)
    if change.followup_date == email.followup_date:
        news["followup_date"] = Leave.AS_IT_IS
    return replace(change, **news)


def _same(given: object, before: object) -> bool:
    """Nothing, an empty text and an empty list are one; false is not nothing."""
    return given == before or (given in (None, "", ()) and before in (None, "", ()))


async def _with_contact(tx: Transaction, written: Written) -> EmailContent:
    """The contact it is with, where its writer named none: the first of its people who is one of this lead, beginning
    with the recipients of what was sent, with the sender of what has come."""
    content, sender = written.content, (written.content.sender,)
    if content.contact_id:
        return content
    people = content.to + content.cc
    people = sender + people if written.status is EmailStatus.INBOX else people + sender
    keys = [one.key for one in addresses_of(people)]
    found = await people_at(tx, written.organization_id, keys)
    here = [person.contact_id for key in keys for person in found.get(key, ()) if person.lead_id == written.lead_id]
    return replace(content, contact_id=here[0] if here else None)

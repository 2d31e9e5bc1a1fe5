"""A person starts, pauses, resumes and cancels a bulk email. Sending is `bulk_send`, walking the query `bulk_walk`.

draft     T  the batch with its template as it is now; walked for its confirm screen, nothing is sent
start     T  from a draft, or at once: a hint to walk the query, and to send
pause     T  from its commit on nothing new goes to the server; what is under way ends
resume    T  it goes on exactly where it stood
cancel    T  nobody who waits is mailed; what was sent stays sent
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta

from postroom.ground import events
from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid, NotFound
from postroom.ground.events import Event
from postroom.journeys.jobs import SEND_BULK, WALK_BULK
from postroom.journeys.steps.bulk_audience import asked_by
from postroom.journeys.steps.bulk_room import lack_of_room
from postroom.journeys.steps.choose_sender import Sender, choose_sender
from postroom.journeys.steps.take_back_bulk import take_back_waiting
from postroom.journeys.steps.tracking_links import check_can_track
from postroom.journeys.tools import Tools
from postroom.rooms.accounts.access import Asker
from postroom.rooms.bulk import recipient_store
from postroom.rooms.bulk import store as batch_store
from postroom.rooms.bulk.bulk_email import (
    Audience,
    Becomes,
    BulkEmail,
    Cause,
    NewBulkEmail,
    Status,
    Words,
    check_may_cancel,
    check_may_pause,
    check_may_resume,
    check_may_start,
    check_may_touch,
)
from postroom.rooms.emails import bulk_store
from postroom.rooms.emails.email import EmailContent
from postroom.rooms.suppression.store import unsubscribe_mode
from postroom.rooms.suppression.suppression import UnsubscribeMode
from postroom.rooms.templates import store as template_store
from postroom.rooms.templates.render import Missing, TemplateText, compile_template
from postroom.rooms.templates.store import Use
from postroom.views.template_preview import Sending, sender_facts

DRAFTS_LIVE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Order:
    """What a person asks for: whom, with which template, from where."""

    audience: Audience
    template_id: str
    sender: str = ""
    account_id: str | None = None
    send_done_email: bool = True
    track_opens: bool | None = None
    track_clicks: bool | None = None


async def draft(tools: Tools, asker: Asker, order: Order) -> str:
    """A batch for a confirm screen; its id. Raises Invalid, Forbidden, NotFound for what cannot be sent so."""
    async with tools.db.transaction() as tx:
        return await _insert(tools, tx, asker, order)


async def create(tools: Tools, asker: Asker, order: Order) -> str:
    """Start a batch without a draft, as Close's clients do; its id. Raises as `draft`."""
    async with tools.db.transaction() as tx:
        bulk_id = await _insert(tools, tx, asker, order)
        await _start(tools, tx, asker, bulk_id)
    return bulk_id


async def start(tools: Tools, asker: Asker, bulk_id: str) -> None:
    """Send a draft, to whom its query finds now. Raises NotFound, Forbidden, Conflict (it was started before)."""
    async with tools.db.transaction() as tx:
        await _start(tools, tx, asker, bulk_id)


async def pause(tools: Tools, asker: Asker, bulk_id: str) -> None:
    """Stop for now. Raises NotFound, Forbidden, Conflict."""
    now, org = tools.clock(), asker.organization_id
    async with tools.db.transaction() as tx:
        batch = await _locked(tx, asker, bulk_id)
        check_may_pause(batch.status)
        await batch_store.set_status(tx, batch, Becomes(Status.PAUSED, Cause.USER, by=asker.user_id), now)
        await bulk_store.hold_bulk(tx, org, bulk_id)
        await events.append(tx, org, [_event(asker, bulk_id, "paused")], now)


async def resume(tools: Tools, asker: Asker, bulk_id: str) -> None:
    """Go on, whatever it waits for. Raises NotFound, Forbidden, Conflict."""
    now, org = tools.clock(), asker.organization_id
    async with tools.db.transaction() as tx:
        batch = await _locked(tx, asker, bulk_id)
        check_may_resume(batch.status)
        is_walked = batch.n_leads is not None
        status = Status.PROCESSING if is_walked else Status.LOADING
        await batch_store.set_status(tx, batch, Becomes(status, by=asker.user_id), now)
        await bulk_store.release_bulk(tx, org, bulk_id)
        await events.append(tx, org, [_event(asker, bulk_id, "updated")], now)
        if is_walked:
            await tools.jobs.defer(tx, SEND_BULK, {"organization_id": org, "account_id": batch.account_id})
        else:
            await tools.jobs.defer(tx, WALK_BULK, {"organization_id": org, "bulk_id": bulk_id})


async def cancel(tools: Tools, asker: Asker, bulk_id: str) -> None:
    """End it; who was mailed was mailed. Raises NotFound, Forbidden, Conflict.

    Locks in the one order of all that touch a batch's emails: the batch, the leads, the deliveries, the emails.
    """
    now, org = tools.clock(), asker.organization_id
    async with tools.db.transaction() as tx:
        batch = await _locked(tx, asker, bulk_id)
        check_may_cancel(batch.status)
        await batch_store.set_status(tx, batch, Becomes(Status.CANCELLED, by=asker.user_id), now)
        await recipient_store.cancel_queued(tx, batch, now)
        await take_back_waiting(tools, tx, batch)
        await events.append(tx, org, [_event(asker, bulk_id, "updated")], now)


async def forget_drafts(tools: Tools) -> None:
    """Confirm screens that were left without a press of the button."""
    async with tools.db.transaction() as tx:
        await batch_store.forget_drafts(tx, tools.clock() - DRAFTS_LIVE)


async def words_of(tx: Transaction, asker: Asker, template_id: str) -> Words:
    """The template as it is now. Raises Invalid for one that is not there, is empty, or names what nobody knows."""
    try:
        found = await template_store.template(tx, asker.organization_id, asker.user_id, template_id)
    except NotFound as error:
        raise Invalid(field_errors={"template_id": str(error)}) from error
    content = found.content
    if not content.body.strip() or not content.subject.strip():
        raise Invalid(field_errors={"template_id": "A bulk email needs a template with a subject and words."})
    compiled = compile_template(TemplateText(content.subject, content.body))
    refuse_unknown(compiled.unknown)
    required = await unsubscribe_mode(tx, asker.organization_id) is UnsubscribeMode.REQUIRED
    if required and not any(name.startswith("unsubscribe") for name in compiled.variables):
        words = "Your organization wants a link to unsubscribe in bulk email: put {{ unsubscribe.link }} into it."
        raise Invalid(field_errors={"template_id": words})
    files = tuple(asdict(one) for one in content.attachments)
    return Words(found.id, content.subject, content.body, content.cc, content.bcc, files)


def refuse_unknown(unknown: Sequence[Missing]) -> None:
    """Raises Invalid naming the variables that nobody knows: they would go out as written, to everybody."""
    if unknown:
        named = ", ".join(dict.fromkeys(one.tag for one in unknown[:10]))
        raise Invalid(field_errors={"template_id": f"Nobody knows these variables of the template: {named}"})


async def sender_of(tx: Transaction, asker: Asker, order: Order) -> Sender:
    """From which address and account, and what is tracked. Raises Invalid, Forbidden."""
    sender, account_id = order.sender, order.account_id
    if not sender.strip():
        facts = await sender_facts(tx, asker.organization_id, Sending(asker.user_id, account_id))
        if facts.account_id is None:
            raise Invalid(field_errors={"sender": "Connect an email account to send from."})
        sender, account_id = facts.account_email, facts.account_id
    opens, clicks = order.track_opens, order.track_clicks
    content = EmailContent(sender=sender, account_id=account_id, track_opens=opens, track_clicks=clicks)
    return await choose_sender(tx, asker, content)


async def _insert(tools: Tools, tx: Transaction, asker: Asker, order: Order) -> str:
    now, org = tools.clock(), asker.organization_id
    await asked_by(tx, org, asker.user_id, (order.audience, now))
    words = await words_of(tx, asker, order.template_id)
    check_can_track(tools, order)
    chosen = await sender_of(tx, asker, order)
    new = NewBulkEmail(
        asker.user_id,
        chosen.account_id,
        chosen.content.sender,
        order.audience,
        words,
        order.send_done_email,
        bool(chosen.content.track_opens),
        bool(chosen.content.track_clicks),
    )
    return await batch_store.insert_bulk_email(tx, org, new, now)


async def _start(tools: Tools, tx: Transaction, asker: Asker, bulk_id: str) -> None:
    now, org = tools.clock(), asker.organization_id
    batch = await _locked(tx, asker, bulk_id)
    check_may_start(batch.status)
    if lack := await lack_of_room(tools, batch):
        raise Invalid(field_errors={"template_id": lack})
    await batch_store.empty(tx, batch)
    await batch_store.set_status(tx, batch, Becomes(Status.CREATED), now)
    await template_store.note_use(tx, org, batch.words.template_id, Use(asker.user_id, "bulk_email", now))
    await events.append(tx, org, [_event(asker, bulk_id, "created")], now)
    await tools.jobs.defer(tx, WALK_BULK, {"organization_id": org, "bulk_id": bulk_id})


async def _locked(tx: Transaction, asker: Asker, bulk_id: str) -> BulkEmail:
    batch = await batch_store.lock_bulk_email(tx, asker.organization_id, bulk_id)
    check_may_touch(asker.user_id, asker.role, batch.user_id)
    return batch


def _event(asker: Asker, bulk_id: str, action: str) -> Event:
    return Event("bulk_action.email", bulk_id, action, None, asker.user_id)

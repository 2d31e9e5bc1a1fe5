"""A filled slice of a bulk email becomes emails on leads, all in one transaction, before the server hears of any.

    batch       still processing? (its row is locked: pause and cancel happen before or after, never in between)
    recipients  queued → sending, those that are still queued; the others are left out
    threads, emails, deliveries (claimed and handed over), messages, counts, events

After its commit a crash leaves every email of the slice *unknown*, to be looked for in Sent; before it, nothing.
"""

import msgspec

from postroom.ground import events
from postroom.ground.database import Transaction
from postroom.ground.events import Event
from postroom.ground.ids import new_id
from postroom.journeys.steps.fill_slice import Filled, Press, Printed, keep_bytes
from postroom.journeys.steps.merge_threads import merge_threads
from postroom.rooms.bulk import recipient_store
from postroom.rooms.bulk import store as batch_store
from postroom.rooms.bulk.bulk_email import Skip, Status
from postroom.rooms.bulk.recipient_store import Moved, Taken
from postroom.rooms.emails import arriving_store, bulk_store
from postroom.rooms.emails.arriving_store import NewMessage, NewThread
from postroom.rooms.emails.bulk_store import BulkRow, SliceOf
from postroom.rooms.emails.threads import Joined, Newcomer, ThreadSigns, join, thread_keys
from postroom.rooms.leads import activity_store
from postroom.wire.mime.address_key import address_key
from postroom.wire.mime.subjects import normalized_subject


async def enter_slice(press: Press, filled: Filled) -> list[Printed]:
    """Write the slice down; those of it that are ours to send now. None where the batch is no longer processing."""
    tools, batch, now = press.tools, press.batch, press.tools.clock()
    messages = await keep_bytes(tools, filled.printed)
    async with tools.db.transaction() as tx:
        standing = await batch_store.lock_bulk_email(tx, batch.organization_id, batch.id)
        if standing.status is not Status.PROCESSING:
            return []
        there = await activity_store.lock_leads(
            tx, batch.organization_id, [one.waiting.lead_id for one in filled.printed]
        )
        gone = [one for one in filled.printed if one.waiting.lead_id not in there]
        skipped = [Moved(one.waiting.number, "skipped", Skip.GONE, "The lead was deleted.") for one in gone]
        await recipient_store.move(tx, batch, "queued", [*filled.skipped, *skipped], now)
        standing_leads = [one for one in filled.printed if one.waiting.lead_id in there]
        asked = [Taken(one.waiting.number, one.row.id) for one in standing_leads]
        ours = await recipient_store.take(tx, batch, asked, now)
        printed = [one for one in standing_leads if one.row.id in ours]
        kept = [message for one, message in zip(filled.printed, messages, strict=True) if one.row.id in ours]
        if printed:
            await _insert(tx, press, printed, kept)
    return printed


async def _insert(tx: Transaction, press: Press, printed: list[Printed], messages: list[NewMessage]) -> None:
    batch, org, now = press.batch, press.batch.organization_id, press.tools.clock()
    rows = await _threaded(tx, press, printed)
    await arriving_store.insert_messages(tx, org, messages, now)
    shared = SliceOf(
        batch.id, batch.user_id, batch.account_id, batch.words.template_id, batch.sender, batch.words.cc,
        batch.words.bcc, batch.track_opens, batch.track_clicks, now,
    )  # fmt: skip
    await bulk_store.insert_slice(tx, org, shared, rows)
    await arriving_store.insert_email_traces(tx, org, {row.id: [press.hashes.of_text(row.message_id)] for row in rows})
    await arriving_store.recount_threads(tx, org, list({row.thread_id for row in rows}), now)
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.lead_id] = counts.get(row.lead_id, 0) + 1
    await activity_store.note_emails(tx, org, {lead: (count, now) for lead, count in counts.items()})
    created = [Event("activity.email", row.id, "created", row.lead_id, batch.user_id) for row in rows]
    await events.append(tx, org, created, now)


async def _threaded(tx: Transaction, press: Press, printed: list[Printed]) -> list[BulkRow]:
    """Each in its thread, opened where there is none, all in four statements."""
    org = press.batch.organization_id
    newcomers = [
        Newcomer(place, one.row.lead_id, thread_keys(_signs(press, one), press.hashes))
        for place, one in enumerate(printed)
    ]
    asked = ((newcomer.lead_id, key) for newcomer in newcomers for key in newcomer.keys.asks)
    known = await arriving_store.threads_by_key(tx, org, asked)
    joined = join(newcomers, known, [new_id("acti") for _ in printed])
    await merge_threads(tx, org, joined.merged)
    await arriving_store.insert_threads(tx, org, _new_threads(press, printed, joined), press.tools.clock())
    leaves = {
        (newcomer.lead_id, key): joined.thread_of[newcomer.place]
        for newcomer in newcomers
        for key in newcomer.keys.leaves
    }
    await arriving_store.insert_thread_keys(tx, org, leaves)
    return [msgspec.structs.replace(one.row, thread_id=joined.thread_of[place]) for place, one in enumerate(printed)]


def _signs(press: Press, one: Printed) -> ThreadSigns:
    subject, is_reply = normalized_subject(one.row.subject)
    people = tuple(key for key in map(address_key, one.recipients) if not press.own.is_coworker(key))
    return ThreadSigns(one.row.message_id, (), subject, is_reply, people)


def _new_threads(press: Press, printed: list[Printed], joined: Joined) -> list[NewThread]:
    made: dict[str, NewThread] = {}
    for place, one in enumerate(printed):
        thread = joined.thread_of[place]
        if thread in joined.new and thread not in made:
            people = [{"email": press.sender.email, "name": press.sender.name}]
            people += [{"email": address, "name": ""} for address in one.recipients]
            subject = normalized_subject(one.row.subject)[0]
            made[thread] = NewThread(
                thread, one.row.lead_id, one.row.contact_id or None, subject, people, press.tools.clock()
            )
    return list(made.values())

"""An email that is written here joins its thread on its lead, in the caller's transaction.

The lead must be locked by the caller: two emails of one conversation would otherwise open two threads.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from postroom.ground.database import Transaction
from postroom.ground.ids import new_id
from postroom.journeys.steps.mail_rules import ledger_hashes
from postroom.journeys.steps.merge_threads import merge_threads
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import identity_store
from postroom.rooms.emails import arriving_store, outgoing_store
from postroom.rooms.emails.arriving_store import NewThread
from postroom.rooms.emails.email import EmailContent, addresses_of
from postroom.rooms.emails.threads import Joined, Newcomer, ThreadKeys, ThreadSigns, join, thread_keys
from postroom.wire.mime.subjects import normalized_subject

MOST_PEOPLE = 50
"""Of a letter to more, the first fifty stand for the conversation."""


@dataclass(frozen=True, slots=True)
class Joining:
    """An email about to join. `message_id` is the one it will be sent with; None for past mail logged by hand."""

    organization_id: str
    email_id: str
    lead_id: str
    content: EmailContent
    message_id: str | None
    now: datetime


async def find_thread(tools: Tools, tx: Transaction, joining: Joining) -> str:
    """The thread of the email, opened if there is none; the email's row is not touched. The answered one leads."""
    org, lead = joining.organization_id, joining.lead_id
    keys = await _keys(tools, tx, joining)
    known = await arriving_store.threads_by_key(tx, org, ((lead, key) for key in keys.asks))
    if answered_id := joining.content.in_reply_to_id:
        # Mail that was logged by hand has no Message-ID to be known by: the reply names what it answers by our id.
        answered = await outgoing_store.answered(tx, org, answered_id)
        if answered and answered.lead_id == lead and answered.thread_id:
            own = ledger_hashes(tools, org).of_text(f"answers\0{answered_id}")
            known, keys = {**known, (lead, own): answered.thread_id}, replace(keys, asks=(*keys.asks, own))
    joined = join([Newcomer(0, lead, keys)], known, [new_id("acti")])
    thread = joined.thread_of[0]
    await _write_down(tx, joining, joined)
    await arriving_store.insert_thread_keys(tx, org, {(lead, key): thread for key in keys.leaves})
    hashed = ledger_hashes(tools, org).of_text
    names = [hashed(joining.message_id)] if joining.message_id else []
    await arriving_store.insert_email_traces(tx, org, {joining.email_id: names})
    return thread


async def recount(tx: Transaction, organization_id: str, threads: set[str], now: datetime) -> None:
    """Bring the counts of threads up to date that emails have joined or left; one left empty ends."""
    if threads:
        await outgoing_store.drop_empty_threads(tx, organization_id, sorted(threads))
        await arriving_store.recount_threads(tx, organization_id, sorted(threads), now)


async def references_of(tx: Transaction, organization_id: str, content: EmailContent) -> tuple[str, ...]:
    """The References an email carries, oldest first, the answered Message-ID last; none when it answers nothing."""
    if content.in_reply_to_id is None:
        return ()
    answered = await outgoing_store.answered(tx, organization_id, content.in_reply_to_id)
    return answered.chain if answered else ()


async def _keys(tools: Tools, tx: Transaction, joining: Joining) -> ThreadKeys:
    content = joining.content
    own = await identity_store.own_addresses(tx, joining.organization_id)
    subject, is_reply = normalized_subject(content.subject)
    people = addresses_of((content.sender, *content.to, *content.cc, *content.bcc))
    outside = [key for key in dict.fromkeys(one.key for one in people) if not own.is_coworker(key)]
    signs = ThreadSigns(
        message_id=joining.message_id,
        references=await references_of(tx, joining.organization_id, content),
        subject=subject,
        is_reply=is_reply,
        people=tuple(outside[:MOST_PEOPLE]),
    )
    return thread_keys(signs, ledger_hashes(tools, joining.organization_id))


async def _write_down(tx: Transaction, joining: Joining, joined: Joined) -> None:
    org, content = joining.organization_id, joining.content
    await merge_threads(tx, org, joined.merged)
    people = addresses_of((content.sender, *content.to, *content.cc))[:MOST_PEOPLE]
    opened = [
        NewThread(
            id=thread,
            lead_id=joining.lead_id,
            contact_id=content.contact_id,
            normalized_subject=normalized_subject(content.subject)[0],
            participants=[{"email": one.email, "name": one.name} for one in people],
            latest_at=joining.now,
        )
        for thread in joined.new
    ]
    await arriving_store.insert_threads(tx, org, opened, joining.now)

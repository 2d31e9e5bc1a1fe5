"""A person puts a conversation on another lead, or back where it stood.

    move_thread   T   seen whole by who asks? · both leads locked · emails, thread and its keys, Inbox items, comments,
                      follow-ups · where it stood is remembered, or forgotten once it is back · counts · events

Why it was linked stays with each email. What a mailbox brings later of the same conversation follows it
(steps/follow_moves.py).
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from postroom.ground import events
from postroom.ground.database import Transaction
from postroom.ground.errors import Forbidden, Invalid, NotFound
from postroom.ground.events import Event
from postroom.journeys.tools import Tools
from postroom.rooms import tasks
from postroom.rooms.accounts.access import Asker
from postroom.rooms.comments import store as comments
from postroom.rooms.emails import move_store
from postroom.rooms.emails.email import Stamp, addresses_of
from postroom.rooms.emails.move_store import MovedEmail, Route
from postroom.rooms.inbox import store as inbox
from postroom.rooms.leads import activity_store
from postroom.rooms.leads.address_book import people_at
from postroom.views.kept_things import lead_of_whole_thread

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


async def move_thread(tools: Tools, asker: Asker, thread_id: str, lead_id: str) -> None:
    """Put it on this lead. Raises NotFound, Forbidden where a part of it is kept from the asker, Invalid."""
    stamp = Stamp(asker.user_id, tools.clock())
    async with tools.db.transaction() as tx:
        source_id = await lead_of_whole_thread(tx, asker.organization_id, thread_id)
        if source_id is None:
            raise Forbidden("A part of this conversation is kept from you; somebody who sees all of it may move it.")
        route = Route(thread_id, source_id, lead_id)
        await _check(tx, asker.organization_id, route)
        moved = await move_store.emails_of(tx, asker.organization_id, route)
        contact_id = await _move(tx, asker.organization_id, (route, moved), stamp)
        items = await inbox.move_thread_items(tx, asker.organization_id, thread_id, (lead_id, contact_id))
        await comments.move_thread_of(tx, asker.organization_id, thread_id, lead_id)
        await tasks.move_follow_ups(tx, asker.organization_id, [one.id for one in moved], lead_id)
        n_counted = sum(one.is_counted for one in moved)
        counts = {source_id: (-n_counted, _LONG_AGO), lead_id: (n_counted, _LONG_AGO)}
        await activity_store.note_emails(tx, asker.organization_id, counts)
        told = _told((route, moved), items, asker.user_id)
        await events.append(tx, asker.organization_id, told, stamp.now)


async def _check(tx: Transaction, organization_id: str, route: Route) -> None:
    if route.source_id == route.destination_id:
        raise Invalid(field_errors={"lead_id": "The conversation stands on this lead already."})
    there = await activity_store.lock_leads(tx, organization_id, [route.source_id, route.destination_id])
    if route.destination_id not in there:
        raise NotFound("There is no such lead.")
    if await move_store.stands_on_both(tx, organization_id, route):
        raise Invalid(field_errors={"lead_id": "Some of its emails stand on that lead already."})


async def _move(
    tx: Transaction, organization_id: str, moving: tuple[Route, Sequence[MovedEmail]], stamp: Stamp
) -> str | None:
    route, moved = moving
    earlier = await move_store.earlier_move(tx, organization_id, route.thread_id)
    contacts = await _contacts_there(tx, organization_id, route.destination_id, moved)
    if earlier and earlier.from_lead_id == route.destination_id:
        contacts |= {email: contact for email, contact in earlier.contacts.items() if email in contacts}
    contact_id = await move_store.move(tx, organization_id, route, contacts, stamp)
    if earlier and earlier.from_lead_id == route.destination_id:
        await move_store.forget(tx, organization_id, route)
    else:
        await move_store.remember(tx, organization_id, route, {one.id: one.contact_id for one in moved}, stamp)
    return contact_id


async def _contacts_there(
    tx: Transaction, organization_id: str, lead_id: str, moved: Sequence[MovedEmail]
) -> dict[str, str | None]:
    """By email the contact of that lead who takes part in it, if one does."""
    keys = {one.id: [address.key for address in addresses_of(one.people)] for one in moved}
    at = await people_at(tx, organization_id, {key for some in keys.values() for key in some})
    here: Mapping[str, str] = {
        key: person.contact_id for key, people in at.items() for person in people if person.lead_id == lead_id
    }
    return {email_id: next((here[key] for key in some if key in here), None) for email_id, some in keys.items()}


def _told(moving: tuple[Route, Sequence[MovedEmail]], items: Sequence[str], user_id: str) -> list[Event]:
    route, moved = moving
    lead_id = route.destination_id
    return [
        *(Event("activity.email", one.id, "updated", lead_id, user_id, ("lead_id",)) for one in moved),
        Event("activity.email_thread", route.thread_id, "updated", lead_id, user_id, ("lead_id",)),
        *(Event("task.incoming_email", item, "updated", lead_id, user_id, ("lead_id",)) for item in items),
        Event("lead", route.source_id, "updated", route.source_id, user_id),
        Event("lead", lead_id, "updated", lead_id, user_id),
    ]

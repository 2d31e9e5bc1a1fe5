"""Everything that a query finds is edited or deleted, in the order of ids, so that a crash goes on where it was.

the action counts one try more                                        T
the ids that the query finds now, but for those that are done         T for each page
for each slice of them: the change, the events, how far it is         T
done, or why not; and that its user is to be told by email            T
told, once: it counts as told before the server hears of it           T, N

A thing that has gone meanwhile is passed over. A value that a field does not take ends the action with its reason;
after a full disk, or a database that was away, it goes on.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from postroom.ground import events
from postroom.ground.database import Transaction
from postroom.ground.errors import NotFound, PostroomError
from postroom.ground.events import States
from postroom.ground.stamp import Stamp
from postroom.ground.viewer import bounded_by, seen_by
from postroom.journeys.steps.another_try import PATIENCE, is_for_later
from postroom.journeys.steps.asked_query import GivenQuery, read_query, reader_for
from postroom.journeys.steps.custom_values import CustomChange, custom_after
from postroom.journeys.steps.send_notice import Notice, send_notice
from postroom.journeys.steps.write_lead import change_lead
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import alert_store
from postroom.rooms.bulk_actions import store
from postroom.rooms.bulk_actions.bulk_action import BulkAction, Kind, Wanted
from postroom.rooms.custom_fields import field
from postroom.rooms.custom_fields.field import Target
from postroom.rooms.custom_fields.values import given_in
from postroom.rooms.leads import contact_store
from postroom.rooms.leads import store as leads
from postroom.rooms.leads.lead import ContactChange, LeadChange
from postroom.rooms.smart_views.tree import Query
from postroom.rooms.users import store as user_store
from postroom.views.event_states import Here, state_of
from postroom.views.lead_search import Search, find
from postroom.views.selection import Page

IDS_AT_ONCE = 2_000
THINGS_AT_ONCE = 50
_ON_LEADS, _ON_CONTACTS = Target(field.Kind.LEAD), Target(field.Kind.CONTACT)


async def run_bulk_action(tools: Tools, organization_id: str, action_id: str) -> None:
    """Do what is left of it."""
    async with tools.db.transaction() as tx:
        action = await store.begin(tx, organization_id, action_id, tools.clock())
        bounds = await user_store.bounds_of(tx, organization_id, action.user_id) if action else None
    if action is not None:
        error = ""
        try:
            with bounded_by(bounds):
                await _run(tools, organization_id, action)
        except PostroomError as problem:
            if is_for_later(problem):
                raise
            error = str(problem)
        async with tools.db.transaction() as tx:
            await store.finish(tx, organization_id, (action, error), tools.clock())
    await _tell(tools, organization_id, action_id)


async def put_off_bulk_action(tools: Tools, organization_id: str, action_id: str, why: str) -> None:
    """It goes on later by itself; meanwhile it says why."""
    async with tools.db.transaction() as tx:
        await store.put_off(tx, organization_id, (action_id, why), tools.clock() - PATIENCE)


async def _tell(tools: Tools, organization_id: str, action_id: str) -> None:
    """Where no account sends, the page of the API says it all the same."""
    async with tools.db.transaction() as tx:
        action = await store.take_done_email(tx, organization_id, action_id)
        if action is None:
            return
        user = await user_store.acting_user(tx, organization_id, action.user_id)
        senders = await alert_store.senders_of_notices(tx, organization_id, "")
    await send_notice(tools, organization_id, senders, _notice(action, user.email))


def _notice(action: BulkAction, address: str) -> Notice:
    what = f"bulk {action.kind.value}"
    things = f"{action.wanted.object_type}{'' if action.n_objects_processed == 1 else 's'}"
    state = "has stopped" if action.error else "is done"
    lines = [f"Your {what} of {things} {state}.", "", f"Done: {action.n_objects_processed} of {action.n_objects or 0}"]
    if action.error:
        lines.append(f"What stopped it: {action.error}")
    if action.wanted.query:
        lines.append(f"Search: {action.wanted.query}")
    return Notice(address, (address,), f"Your {what} {state}", "\n".join([*lines, "", f"Id: {action.id}", ""]))


def query_of(wanted: Wanted) -> Query:
    """What it is done to. Raises Invalid, with the place of a mistake."""
    return read_query(GivenQuery(wanted.query, wanted.s_query, wanted.results_limit, wanted.sort, wanted.object_type))


async def _run(tools: Tools, organization_id: str, action: BulkAction) -> None:
    left = [one for one in await _found(tools, organization_id, action) if one > action.after_id]
    async with tools.db.transaction() as tx:
        await store.counted(tx, organization_id, action.id, len(left))
    for begin in range(0, len(left), THINGS_AT_ONCE):
        ids = left[begin : begin + THINGS_AT_ONCE]
        async with tools.db.transaction() as tx:
            for one in ids:
                await _do_to(tools, tx, (organization_id, action), one)
            await store.advance(tx, organization_id, (action.id, ids[-1], len(ids)))


async def _found(tools: Tools, organization_id: str, action: BulkAction) -> list[str]:
    """All ids in order; of a query with a limit as many as are left of it."""
    query = query_of(action.wanted)
    async with tools.db.transaction() as tx:
        reader = await reader_for(tx, organization_id, action.user_id, tools.clock())
    found: list[str] = []
    search: Search | None = Search(query, Page(IDS_AT_ONCE))
    while search is not None:
        with seen_by(action.user_id):
            async with tools.db.transaction() as tx:
                page = await find(tx, organization_id, search, reader)
        found += page.ids
        seen = search.seen + len(page.ids)
        search = Search(query, Page(IDS_AT_ONCE), page.after, seen) if page.after else None
    most = len(found) if query.limit is None else max(0, query.limit - action.n_objects_processed)
    return sorted(found[:most])


async def _do_to(tools: Tools, tx: Transaction, asked: tuple[str, BulkAction], object_id: str) -> None:
    """One thing, with its event; a savepoint keeps what fails for it apart from the others."""
    organization_id, action = asked
    here, thing = Here(tools.config.base_url, tools.clock()), (action.wanted.object_type, object_id)
    try:
        async with tx.transaction():
            before = await state_of(tx, organization_id, thing, here)
            await _change(tx, organization_id, (action, object_id), Stamp(action.user_id, here.now))
            after = await state_of(tx, organization_id, thing, here)
            await events.describe(tx, organization_id, object_id, States(before, after))
    except NotFound:
        return


async def _change(tx: Transaction, organization_id: str, what: tuple[BulkAction, str], stamp: Stamp) -> None:
    action, object_id = what
    wanted = action.wanted
    if action.kind is Kind.DELETE:
        delete = contact_store.delete_contact if wanted.object_type == "contact" else leads.delete_lead
        await delete(tx, organization_id, object_id, stamp)
    elif wanted.type == "set_lead_status":
        await change_lead(tx, organization_id, (object_id, LeadChange(status_id=wanted.lead_status_id)), stamp)
    elif wanted.object_type == "contact":
        held = (await contact_store.contact_to_change(tx, organization_id, object_id)).content.custom
        custom = await _custom(tx, organization_id, (wanted, CustomChange(_ON_CONTACTS, (), held)), stamp)
        await contact_store.change_contact(tx, organization_id, (object_id, ContactChange(custom=custom)), stamp)
    else:
        held = (await leads.lead_to_change(tx, organization_id, object_id)).custom
        custom = await _custom(tx, organization_id, (wanted, CustomChange(_ON_LEADS, (), held)), stamp)
        await change_lead(tx, organization_id, (object_id, LeadChange(custom=custom)), stamp)


async def _custom(
    tx: Transaction, organization_id: str, what: tuple[Wanted, CustomChange], stamp: Stamp
) -> Mapping[str, Any]:
    """All custom values of a thing after the edit. Raises Invalid for a value that the field does not take."""
    wanted, change = what
    given = given_in({wanted.custom_key(): None if wanted.clears else wanted.value})
    return await custom_after(tx, organization_id, replace(change, given=given), stamp)

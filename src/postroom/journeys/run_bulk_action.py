"""Everything that a query finds is edited or deleted, in the order of ids, so that a crash goes on where it was.

the action counts one try more                                        T
the ids that the query finds now, but for those that are done         T for each page
for each slice of them: the change, the events, how far it is         T
done, or why not; and that its user is to be told by email            T
told, once: it counts as told before the server hears of it           T, N

A thing that has gone meanwhile is passed over. A value that a field does not take ends the action with its reason;
after a full disk, or a database that was away, it goes on.
"""

from postroom.ground.database import Transaction
from postroom.ground.errors import NotFound, PostroomError
from postroom.ground.events import because_of
from postroom.ground.viewer import bounded_by, seen_by
from postroom.journeys.steps.another_try import PATIENCE, is_for_later
from postroom.journeys.steps.asked_query import GivenQuery, read_query, reader_for
from postroom.journeys.steps.bulk_change import change_in_bulk
from postroom.journeys.steps.send_notice import Notice, send_notice
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import alert_store
from postroom.rooms.bulk_actions import store
from postroom.rooms.bulk_actions.bulk_action import NAMES, BulkAction, Wanted
from postroom.rooms.smart_views.tree import Query
from postroom.rooms.users import store as user_store
from postroom.views.event_states import Here
from postroom.views.lead_search import Search, find
from postroom.views.selection import Page

IDS_AT_ONCE = 2_000
THINGS_AT_ONCE = 50


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
        try:
            user = await user_store.acting_user(tx, organization_id, action.user_id)
        except NotFound:
            return  # whoever asked has left meanwhile
        senders = await alert_store.senders_of_notices(tx, organization_id, "")
    await send_notice(tools, organization_id, senders, _notice(action, user.email))


def _notice(action: BulkAction, address: str) -> Notice:
    what = f"bulk {action.kind.value}"
    one, many = NAMES[action.wanted.object_type]
    things = one if action.n_objects_processed == 1 else many
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
    here = Here(tools.config.base_url, tools.clock())
    try:
        with because_of(bulk_action_id=action.id):
            async with tx.transaction():
                what = (action.kind, action.wanted, object_id)
                await change_in_bulk(tx, organization_id, what, (action.user_id, here))
    except NotFound:
        return

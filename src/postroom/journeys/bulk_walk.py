"""The query of a bulk email is walked: everybody whom it concerns into the ledger, slice by slice.

A slice is one short transaction: nothing else waits for it, and a crash loses at most one. Adding a slice again changes
nothing, so a walk that broke off is simply begun anew.
"""

from postroom.ground import events
from postroom.ground.errors import Invalid, NotFound
from postroom.ground.events import Event
from postroom.ground.viewer import seen_by
from postroom.journeys.jobs import SEND_BULK
from postroom.journeys.steps.bulk_audience import Asked, allowed_contacts, asked_by, slices
from postroom.journeys.steps.fill_slice import barred_keys
from postroom.journeys.tools import Tools
from postroom.rooms.bulk import recipient_store
from postroom.rooms.bulk import store as batch_store
from postroom.rooms.bulk.bulk_email import Becomes, BulkEmail, Status
from postroom.rooms.bulk.recipient_store import Slice
from postroom.rooms.users.store import bounds_of


async def walk_query(tools: Tools, organization_id: str, bulk_id: str) -> None:
    """Walk it to the end, then let it be sent. Ends at once where the batch was paused or cancelled meanwhile."""
    async with tools.db.transaction() as tx:
        batch = await batch_store.lock_bulk_email(tx, organization_id, bulk_id)
        if batch.status not in (Status.CREATED, Status.LOADING):
            return
        await batch_store.set_status(tx, batch, Becomes(Status.LOADING), tools.clock())
        await events.append(tx, organization_id, [_updated(batch)], tools.clock())
    try:
        n_leads = await _walk(tools, batch)
    except (Invalid, NotFound) as error:
        # A Smart View that the query names is gone, or its owner: nobody can be found any more.
        async with tools.db.transaction() as tx:
            standing = await batch_store.lock_bulk_email(tx, organization_id, bulk_id)
            if standing.status is Status.LOADING:  # a person's pause or cancel stands
                await batch_store.set_status(tx, standing, Becomes(Status.ERROR, error=str(error)), tools.clock())
                await events.append(tx, organization_id, [_updated(batch)], tools.clock())
        return
    if n_leads is not None:
        await _begin_sending(tools, batch, n_leads)


async def walk_draft(tools: Tools, organization_id: str, bulk_id: str) -> None:
    """The same for a confirm screen. Raises Invalid, NotFound, Temporary (the search takes too long)."""
    async with tools.db.reading() as tx:
        batch = await batch_store.bulk_email(tx, organization_id, bulk_id)
    if batch.status is not Status.DRAFT:
        return
    n_leads = await _walk(tools, batch)
    async with tools.db.transaction() as tx:
        await batch_store.finish_walk(tx, batch, n_leads or 0, tools.clock())


async def _walk(tools: Tools, batch: BulkEmail) -> int | None:
    """How many leads (or contacts) there were; None where it was stopped."""
    org = batch.organization_id
    async with tools.db.transaction() as tx:
        bounds = await bounds_of(tx, org, batch.user_id)
    with seen_by(batch.user_id, bounds):  # words of mail that is kept from them find nobody
        async with tools.db.transaction() as tx:
            asked = await asked_by(tx, org, batch.user_id, (batch.audience, tools.clock()))
        walked = 0
        async for seen, ids in slices(tools, org, asked):
            if not await _add(tools, batch, asked, (seen, ids)):
                return None
            walked = seen + len(ids)
    return walked


async def _add(tools: Tools, batch: BulkEmail, asked: Asked, found: tuple[int, tuple[str, ...]]) -> bool:
    """One slice. False where the batch no longer wants it."""
    (seen, ids), now, org = found, tools.clock(), batch.organization_id
    async with tools.db.transaction() as tx:
        contacts = await allowed_contacts(tx, org, asked, ids)
        standing = await batch_store.lock_bulk_email(tx, org, batch.id)
        if standing.status not in (Status.LOADING, Status.DRAFT):
            return False
        keys = await recipient_store.add_slice(tx, batch, Slice(ids, seen, contacts), now)
        await recipient_store.skip_addresses(tx, batch, await barred_keys(tx, org, keys), now)
        if batch.audience.leaves_out_repeats:
            await recipient_store.skip_repeats(tx, batch, ids, now)
        if standing.status is Status.LOADING:
            await events.append(tx, org, [_updated(batch)], now)
    return True


async def _begin_sending(tools: Tools, batch: BulkEmail, n_leads: int) -> None:
    now, org = tools.clock(), batch.organization_id
    async with tools.db.transaction() as tx:
        standing = await batch_store.lock_bulk_email(tx, org, batch.id)
        if standing.status is not Status.LOADING:
            return
        await batch_store.finish_walk(tx, batch, n_leads, now)
        await batch_store.set_status(tx, batch, Becomes(Status.PROCESSING), now)
        await events.append(tx, org, [_updated(batch)], now)
        await tools.jobs.defer(tx, SEND_BULK, {"organization_id": org, "account_id": batch.account_id})


def _updated(batch: BulkEmail) -> Event:
    return Event("bulk_action.email", batch.id, "updated", None, batch.user_id)

"""An import is taken back, from its last row to its first, some hundred at once.

new leads and contacts   deleted, unless somebody has worked with them since: those are kept, and named
what was filled          emptied again where it is still as the import left it

T per slice: what is deleted and changed with its events, and that these rows are undone. Mail that came with an
imported address goes with its lead.
"""

from postroom.ground.database import Transaction
from postroom.ground.errors import NotFound
from postroom.ground.events import because_of
from postroom.ground.stamp import Stamp
from postroom.journeys.steps.join_row import take_back
from postroom.journeys.steps.remove_lead import remove_lead
from postroom.journeys.tools import Tools
from postroom.rooms.imports import store
from postroom.rooms.imports.lead_import import LeadImport, Outcome, RowResult, Status
from postroom.rooms.leads import contact_store
from postroom.views.event_states import Here
from postroom.views.import_traces import contacts_worked_on, leads_worked_on

ROWS_AT_ONCE = 200


async def undo_import(tools: Tools, organization_id: str, import_id: str) -> None:
    """Undo it where that is asked for; goes on where an earlier try has stopped."""
    while True:
        async with tools.db.transaction() as tx:
            one = await store.lock_import(tx, organization_id, import_id)
            if one.status is not Status.UNDOING:
                return
            rows = await store.results_to_undo(tx, one, ROWS_AT_ONCE)
            if not rows:
                await store.end(tx, one, Status.UNDONE, tools.clock())
                return
            with because_of(revert_import_id=one.id):
                await _slice(tx, one, rows, Here(tools.config.base_url, tools.clock()))


async def _slice(tx: Transaction, one: LeadImport, rows: list[RowResult], here: Here) -> None:
    org = one.organization_id
    leads = [row.lead_id for row in rows if row.lead_id]
    kept = await leads_worked_on(tx, org, (one.id, leads))
    made = await store.made_here(tx, one, leads)
    kept_contacts = await contacts_worked_on(tx, org, (one.id, [row.contact_id for row in rows if row.contact_id]))
    outcomes = []
    for row in rows:
        is_kept = (row.lead_id in kept and row.lead_id in made) or row.contact_id in kept_contacts
        goes_with_lead = row.lead_id in made and not row.is_new_lead
        if not is_kept and not goes_with_lead:
            await _undo(tx, org, row, (one.user_id, here))
        outcomes.append((row.number, Outcome.KEPT if is_kept else Outcome.UNDONE))
    await store.mark_undone(tx, one, outcomes)
    await store.advance(tx, one, len(rows), here.now)


async def _undo(tx: Transaction, organization_id: str, row: RowResult, by: tuple[str, Here]) -> None:
    stamp = Stamp(by[0], by[1].now)
    try:
        if row.is_new_lead and row.lead_id:
            await remove_lead(tx, organization_id, row.lead_id, by)
        elif row.is_new_contact and row.contact_id:
            await contact_store.delete_contact(tx, organization_id, row.contact_id, stamp)
            await take_back(tx, organization_id, row, stamp)
        else:
            await take_back(tx, organization_id, row, stamp)
    except NotFound:
        return  # somebody has deleted it already

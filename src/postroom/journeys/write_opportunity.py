"""An opportunity is made or changed: the deal itself, and the line in its lead's history where it moves on.

make_opportunity     T   the opportunity, a lead for it where none is named, their events
change_opportunity   T   the opportunity, its status change, their events
"""

from dataclasses import replace

from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid, NotFound
from postroom.ground.stamp import Stamp
from postroom.rooms.activities import store as activities
from postroom.rooms.activities.activity import Activity, Kind
from postroom.rooms.leads import store as leads
from postroom.rooms.leads.lead import LeadContent, NewLead
from postroom.rooms.opportunities import pipeline_store, store
from postroom.rooms.opportunities.opportunity import Moved, Opportunity, Pipeline, Placing, Status, checked, dated


async def make_opportunity(
    tx: Transaction, organization_id: str, given: tuple[Placing, Opportunity], stamp: Stamp
) -> str:
    """A new opportunity (`given` is where, what); without a lead it gets an unnamed one. Raises NotFound, Invalid."""
    placing, content = given
    status = await _status(tx, organization_id, content.status_id)
    if not placing.lead_id:
        lead_id, _ = await leads.insert_lead(tx, organization_id, NewLead(LeadContent()), stamp)
        placing = replace(placing, lead_id=lead_id)
    content = dated(checked(content), status.type, stamp.now)
    return await store.insert_opportunity(tx, organization_id, (placing, content), stamp)


async def change_opportunity(
    tx: Transaction, organization_id: str, change: tuple[str, Opportunity], stamp: Stamp
) -> None:
    """Make an opportunity what `change` (its id, content) says. Raises NotFound, Invalid."""
    opportunity_id, content = change
    _, before = await store.opportunity_to_change(tx, organization_id, opportunity_id)
    status = await _status(tx, organization_id, content.status_id)
    if content.status_id != before.status_id:
        content = dated(content, status.type, stamp.now)
    moved = await store.change_opportunity(tx, organization_id, (opportunity_id, checked(content)), stamp)
    if moved:
        happened = await status_change(tx, organization_id, moved, stamp)
        await activities.insert_activity(tx, organization_id, happened, stamp)


async def status_change(tx: Transaction, organization_id: str, moved: Moved, stamp: Stamp) -> Activity:
    """The line in the lead's history, with everything as it is called now."""
    pipelines = {one.id: one for one in await pipeline_store.pipelines(tx, organization_id)}
    known = {status.id: status for pipeline in pipelines.values() for status in pipeline.statuses}
    worth = moved.after
    return Activity(
        Kind.OPPORTUNITY_STATUS_CHANGE,
        moved.lead_id,
        stamp.now,
        contact_id=worth.contact_id,
        user_id=stamp.user_id,
        object_id=moved.opportunity_id,
        old_status_id=moved.before,
        new_status_id=worth.status_id,
        details={
            **_named("old", known.get(moved.before), pipelines),
            **_named("new", known.get(worth.status_id), pipelines),
            "value": worth.value,
            "value_period": worth.value_period,
            "confidence": worth.confidence,
            "date_won": worth.date_won.isoformat() if worth.date_won else None,
        },
    )


def _named(which: str, status: Status | None, pipelines: dict[str, Pipeline]) -> dict[str, str | None]:
    if status is None:
        return {}
    return {
        f"{which}_status_label": status.label,
        f"{which}_status_type": status.type.value,
        f"{which}_pipeline_id": status.pipeline_id,
        f"{which}_pipeline_name": pipelines[status.pipeline_id].name,
    }


async def _status(tx: Transaction, organization_id: str, status_id: str) -> Status:
    try:
        return await pipeline_store.status(tx, organization_id, status_id)
    except NotFound as error:
        raise Invalid(field_errors={"status_id": "There is no such opportunity status."}) from error

"""What a bulk edit or delete does to one thing, with the event that tells of it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from postroom.ground import events
from postroom.ground.database import Transaction
from postroom.ground.events import States
from postroom.ground.stamp import Stamp
from postroom.journeys.steps.custom_values import CustomChange, custom_after, require_all
from postroom.journeys.steps.remove_lead import remove_lead
from postroom.journeys.steps.write_lead import change_lead
from postroom.rooms.activities import store as activities
from postroom.rooms.activities.activity import EVENT_TYPES
from postroom.rooms.activities.activity import Kind as ActivityKind
from postroom.rooms.bulk_actions.bulk_action import Kind, Wanted
from postroom.rooms.custom_fields import field
from postroom.rooms.custom_fields.field import Target
from postroom.rooms.custom_fields.values import given_in
from postroom.rooms.leads import contact_store
from postroom.rooms.leads import store as leads
from postroom.rooms.leads.lead import ContactChange, LeadChange
from postroom.rooms.opportunities import store as opportunities
from postroom.views.event_states import Here, state_of

_ACTIVITIES = {"call": ActivityKind.CALL, "custom_activity": ActivityKind.CUSTOM}


async def change_in_bulk(
    tx: Transaction, organization_id: str, what: tuple[Kind, Wanted, str], by: tuple[str, Here]
) -> None:
    """Change a thing (`what` is the kind of change, the wish, the thing's id; `by` is who, and where it happens).

    Raises NotFound where it has gone, Invalid for a value that a field does not take, Forbidden for a field that is not
    for this user.
    """
    (kind, wanted, object_id), (user_id, here) = what, by
    activity = _ACTIVITIES.get(wanted.object_type)
    thing = (EVENT_TYPES[activity] if activity else wanted.object_type, object_id)
    before = await state_of(tx, organization_id, thing, here)
    if kind is Kind.DELETE:
        await _delete(tx, organization_id, (wanted, object_id), by)
    else:
        await _edit(tx, organization_id, (wanted, object_id), Stamp(user_id, here.now))
    after = await state_of(tx, organization_id, thing, here)
    await events.describe(tx, organization_id, object_id, States(before, after))


async def _delete(tx: Transaction, organization_id: str, what: tuple[Wanted, str], by: tuple[str, Here]) -> None:
    (wanted, object_id), stamp = what, Stamp(by[0], by[1].now)
    if activity := _ACTIVITIES.get(wanted.object_type):
        await activities.delete_activity(tx, organization_id, activity, object_id, stamp=stamp)
    elif wanted.object_type == "contact":
        await contact_store.delete_contact(tx, organization_id, object_id, stamp)
    else:
        await remove_lead(tx, organization_id, object_id, by)


async def _edit(tx: Transaction, organization_id: str, what: tuple[Wanted, str], stamp: Stamp) -> None:
    wanted, object_id = what
    if wanted.type == "set_lead_status":
        await change_lead(tx, organization_id, (object_id, LeadChange(status_id=wanted.lead_status_id)), stamp)
    elif wanted.object_type == "contact":
        held = (await contact_store.contact_to_change(tx, organization_id, object_id)).content.custom
        custom = await _custom(tx, organization_id, (wanted, Target(field.Kind.CONTACT), held), stamp)
        await contact_store.change_contact(tx, organization_id, (object_id, ContactChange(custom=custom)), stamp)
    elif wanted.object_type == "opportunity":
        _, deal = await opportunities.opportunity_to_change(tx, organization_id, object_id)
        custom = await _custom(tx, organization_id, (wanted, Target(field.Kind.OPPORTUNITY), deal.custom), stamp)
        await opportunities.change_opportunity(tx, organization_id, (object_id, replace(deal, custom=custom)), stamp)
    elif wanted.object_type == "custom_activity":
        await _edit_activity(tx, organization_id, what, stamp)
    else:
        held = (await leads.lead_to_change(tx, organization_id, object_id)).custom
        custom = await _custom(tx, organization_id, (wanted, Target(field.Kind.LEAD), held), stamp)
        await change_lead(tx, organization_id, (object_id, LeadChange(custom=custom)), stamp)


async def _edit_activity(tx: Transaction, organization_id: str, what: tuple[Wanted, str], stamp: Stamp) -> None:
    """What is published keeps all its required values."""
    wanted, activity_id = what
    before = await activities.activity_to_change(tx, organization_id, ActivityKind.CUSTOM, activity_id)
    target = Target(field.Kind.ACTIVITY, before.type_id or "")
    custom = await _custom(tx, organization_id, (wanted, target, before.custom), stamp)
    if before.status == "published":
        await require_all(tx, organization_id, target, custom)
    await activities.change_activity(tx, organization_id, (activity_id, replace(before, custom=custom)), stamp)


async def _custom(
    tx: Transaction, organization_id: str, what: tuple[Wanted, Target, Mapping[str, Any]], stamp: Stamp
) -> Mapping[str, Any]:
    """All custom values of a thing after the edit. Raises Invalid for a value that the field does not take."""
    wanted, target, held = what
    given = given_in({wanted.custom_key(): None if wanted.clears else wanted.value})
    return await custom_after(tx, organization_id, CustomChange(target, given, held), stamp)

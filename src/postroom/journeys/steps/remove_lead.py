"""A lead goes, and the event log tells of everything that goes with it: programs restore leads from these events."""

from postroom.ground.database import Transaction
from postroom.ground.events import Event, States, append, describe
from postroom.ground.stamp import Stamp
from postroom.rooms.leads import store as leads
from postroom.views.event_states import Here, states
from postroom.views.lead_contents import emails_on, things_on


async def remove_lead(tx: Transaction, organization_id: str, lead_id: str, by: tuple[str, Here]) -> None:
    """Remove a lead with all that stands on it (`by` is who, and where it happens). Raises NotFound.

    Of what people wrote the events keep the last state, as Close's do. Of emails they keep nothing: the words of an
    email go with it.
    """
    user_id, here = by
    stamp = Stamp(user_id, here.now)
    things = await things_on(tx, organization_id, lead_id)
    before = await states(tx, organization_id, [*things, ("lead", lead_id)], here)
    emails = await emails_on(tx, organization_id, lead_id)
    gone = [Event("activity.email", email_id, "deleted", lead_id, user_id) for email_id in emails]
    for object_type, object_id in things:
        event = Event(object_type, object_id, "deleted", lead_id, user_id, previous_data=before.get(object_id))
        gone.append(event)
    await append(tx, organization_id, gone, here.now)
    await leads.delete_lead(tx, organization_id, lead_id, stamp)
    await describe(tx, organization_id, lead_id, States(before.get(lead_id)))

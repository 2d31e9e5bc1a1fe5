"""Whether a bulk edit of a custom field can be done at all, asked before it is begun: tried on a thing that there is
not, and undone."""

from dataclasses import dataclass

from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid
from postroom.ground.stamp import Stamp
from postroom.journeys.steps.custom_values import CustomChange, custom_after
from postroom.rooms.bulk_actions.bulk_action import Wanted
from postroom.rooms.custom_fields import store
from postroom.rooms.custom_fields.field import CustomField, Kind, Target
from postroom.rooms.custom_fields.values import Given, given_in
from postroom.views.activity_types import activity_type_page
from postroom.views.selection import Page

MOST_TYPES = 1_000
"""Types of custom activities that are looked through for the field."""
_KINDS = {"lead": Kind.LEAD, "contact": Kind.CONTACT, "opportunity": Kind.OPPORTUNITY}


@dataclass(frozen=True, slots=True)
class _Stand:
    """Where a field stands, and which other fields stand there."""

    target: Target
    fields: tuple[CustomField, ...]


async def check_bulk_edit(tx: Transaction, organization_id: str, wanted: Wanted, stamp: Stamp) -> None:
    """Raises Invalid for a field that there is not, and for a value that it does not take; Forbidden for one that is
    not for this user."""
    if not wanted.field:
        return
    (given,) = given_in({wanted.custom_key(): None if wanted.clears else wanted.value})
    stand = await _stand(tx, organization_id, (wanted, given))
    # What is taken away is there: a choice that the field has since lost, too.
    takes_away = wanted.clears or wanted.operation == "remove"
    held = {field.id: wanted.value or True for field in stand.fields} if takes_away else {}
    change = CustomChange(stand.target, (given,), held)
    try:
        async with tx.transaction(force_rollback=True):  # a new name would have become a field
            await custom_after(tx, organization_id, change, stamp)
    except Invalid as refused:
        raise Invalid(field_errors={"custom_field_value": next(iter(refused.field_errors.values()))}) from refused


async def _stand(tx: Transaction, organization_id: str, edit: tuple[Wanted, Given]) -> _Stand:
    """On leads, contacts and opportunities a name of no field becomes one."""
    wanted, given = edit
    if kind := _KINDS.get(wanted.object_type):
        targets = [Target(kind)]
    else:
        types = await activity_type_page(tx, organization_id, Page(MOST_TYPES))
        targets = [Target(Kind.ACTIVITY, one.id) for one in types.data]
    for target in targets:
        fields = await store.fields_on(tx, organization_id, target)
        if any(_is(field, given) for field in fields) or (kind and not given.is_id):
            return _Stand(target, fields)
    named = "custom_field_id" if given.is_id else "custom_field_name"
    raise Invalid(field_errors={named: "There is no such custom field."})


def _is(field: CustomField, given: Given) -> bool:
    return field.id == given.key or (not given.is_id and field.content.name.casefold() == given.key.strip().casefold())

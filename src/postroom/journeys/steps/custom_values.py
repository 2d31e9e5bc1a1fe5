"""From what a body gives for custom fields to what is stored: checked, and with the fields that it names for the first
time made on the way, as Close does for its older clients.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from postroom.ground.database import Transaction
from postroom.ground.errors import Forbidden, Invalid
from postroom.ground.stamp import Stamp
from postroom.ground.viewer import lead_bounds
from postroom.rooms.custom_fields import store
from postroom.rooms.custom_fields.field import CustomField, FieldContent, Kind, Target
from postroom.rooms.custom_fields.values import Given, check_required, closed_among, settled, unknown_names
from postroom.rooms.users.store import acting_user
from postroom.views.references import contacts_among, users_among


@dataclass(frozen=True, slots=True)
class CustomChange:
    """What a body gives for the fields of a thing, and what that thing holds so far."""

    target: Target
    given: Sequence[Given]
    held: Mapping[str, Any]


async def custom_after(tx: Transaction, organization_id: str, change: CustomChange, stamp: Stamp) -> Mapping[str, Any]:
    """All values of the thing, by field id. Raises Invalid."""
    if not change.given:
        return change.held
    fields = await store.fields_on(tx, organization_id, change.target)
    names = unknown_names(fields, change.given) if change.target.kind is not Kind.ACTIVITY else ()
    for name in names:
        await store.ensure_field(tx, organization_id, (change.target.kind, FieldContent(name)), stamp)
    if names:
        fields = await store.fields_on(tx, organization_id, change.target)
    found = settled(fields, change.held, change.given)
    await _refuse_closed(tx, organization_id, closed_among(fields, change.held, found.custom), stamp)
    _check(found.users, await users_among(tx, organization_id, found.users), "user")
    _check(found.contacts, await contacts_among(tx, organization_id, found.contacts), "contact")
    return found.custom


async def assigned(tx: Transaction, organization_id: str, custom: Mapping[str, Any]) -> Mapping[str, Any]:
    """The values of a new lead: one that somebody makes who only sees assigned leads is assigned to them, where it is
    to nobody. Else they would not see it.
    """
    bounds = lead_bounds()
    if bounds is None or bounds.sees_unassigned or any(custom.get(one) for one in bounds.field_ids):
        return custom
    for field in await store.fields_on(tx, organization_id, Target(Kind.LEAD)):
        if field.id in bounds.field_ids:
            return {**custom, field.id: [bounds.user_id] if field.content.accepts_multiple_values else bounds.user_id}
    return custom


async def require_all(tx: Transaction, organization_id: str, target: Target, custom: Mapping[str, Any]) -> None:
    """Raises Invalid where a required field has no value."""
    check_required(await store.fields_on(tx, organization_id, target), custom)


async def _refuse_closed(tx: Transaction, organization_id: str, closed: Sequence[CustomField], stamp: Stamp) -> None:
    """Raises Forbidden where somebody changes a field that is not for their role; admins may change all, and so may
    what Postroom does by itself."""
    if not closed or stamp.user_id is None:
        return
    user = await acting_user(tx, organization_id, stamp.user_id)
    for field in closed:
        if not user.is_admin and user.role_id not in field.content.editable_with_roles:
            raise Forbidden(f"Your role may not change {field.content.name}. An admin can say who may.")


def _check(named: Mapping[str, str], known: set[str], what: str) -> None:
    for one, spelled in named.items():
        if one not in known:
            raise Invalid(field_errors={spelled: f"There is no such {what}."})

"""/custom_field/{kind}/ and /custom_field_schema/{type}/: the fields that the organization makes itself.

Everybody reads them; changing them takes a role. The gate brings `/custom_fields/`, the path of older clients, here.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromPath, JSONBody

from postroom.doors.web.bodies import Maybe, or_empty, tidy
from postroom.doors.web.document import takes
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.query import MOST_PLAIN_LIMIT, Deleted, asked, shown
from postroom.doors.web.reach import stamp_of, tools_of
from postroom.doors.web.telling import told
from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid, NotFound
from postroom.rooms.activities import type_store
from postroom.rooms.custom_fields import store
from postroom.rooms.custom_fields.field import CustomField, FieldContent, Kind, Target, field_type
from postroom.views.field_list import FieldCard, FieldPage, FieldSchema, field_card, field_page, fields_by_id

Line = Annotated[str, msgspec.Meta(max_length=1000)]
Lines = Annotated[list[Line], msgspec.Meta(max_length=1000)]


class FieldBody(msgspec.Struct):
    """What may be written of a custom field; its type and activity type only when it is made."""

    name: Maybe[Line] = msgspec.UNSET
    description: Maybe[Line] = msgspec.UNSET
    type: Maybe[Line] = msgspec.UNSET
    choices: Maybe[Lines] = msgspec.UNSET
    accepts_multiple_values: Maybe[bool] = msgspec.UNSET
    required: Maybe[bool] = msgspec.UNSET
    editable_with_roles: Maybe[Lines] = msgspec.UNSET
    custom_activity_type_id: Maybe[Line] = msgspec.UNSET
    associations: Maybe[Annotated[list["AssociationBody"], msgspec.Meta(max_length=200)]] = msgspec.UNSET


class AssociationBody(msgspec.Struct):
    """On what a shared field stands."""

    object_type: Line
    custom_activity_type_id: Maybe[Line] = msgspec.UNSET
    required: Maybe[bool] = msgspec.UNSET
    editable_with_roles: Maybe[Lines] = msgspec.UNSET


class AssociationChange(msgspec.Struct):
    """What may be changed of where a shared field stands."""

    required: Maybe[bool] = msgspec.UNSET
    editable_with_roles: Maybe[Lines] = msgspec.UNSET


class OrderedField(msgspec.Struct):
    """A field in a new order."""

    id: Line


class OrderBody(msgspec.Struct):
    """The fields of a schema in their new order."""

    fields: Annotated[list[OrderedField], msgspec.Meta(max_length=1000)]


@get(
    "/custom_field/{stands_on:str}",
    operation_id="list_custom_fields",
    operation_class=takes("custom_activity_type_id", "_limit", "_skip", "_fields"),
)
async def list_fields(request: ApiRequest, stands_on: FromPath[str]) -> FieldPage:
    """The fields of leads, contacts, opportunities or activities, or the shared ones, in order."""
    query = asked(request)
    wanted = (_kind(stands_on).value, query.text("custom_activity_type_id"))
    async with tools_of(request).db.reading() as tx:
        page = await field_page(tx, request.user.organization_id, wanted, query.page(MOST_PLAIN_LIMIT))
    return shown(request, page)


@get(
    "/custom_field/{stands_on:str}/{field_id:str}",
    operation_id="get_custom_field",
    operation_class=takes("_fields"),
)
async def get_field(request: ApiRequest, stands_on: FromPath[str], field_id: FromPath[str]) -> FieldCard:
    """One field."""
    async with tools_of(request).db.reading() as tx:
        return shown(request, await field_card(tx, request.user.organization_id, _kind(stands_on).value, field_id))


@post("/custom_field/{stands_on:str}", operation_id="create_custom_field", status_code=200)
async def create_field(request: ApiRequest, stands_on: FromPath[str], data: JSONBody[FieldBody]) -> FieldCard:
    """Make a field after the others; a shared one may say where it stands at once. Admins only."""
    organization_id, kind = request.user.organization_id, _kind(stands_on)
    content = _changed(FieldContent("", field_type(tidy(data.type) or "")), data)
    content = replace(content, type_id=tidy(data.custom_activity_type_id) or "" if kind is Kind.ACTIVITY else "")
    async with tools_of(request).db.transaction() as tx:
        if content.type_id:
            await type_store.type_to_change(tx, organization_id, content.type_id)
        field_id = await store.insert_field(tx, organization_id, (kind, content), stamp_of(request))
        if kind is Kind.SHARED and (places := await _places(tx, organization_id, or_empty(data.associations))):
            await store.set_associations(tx, organization_id, (field_id, places), stamp_of(request))
        return await field_card(tx, organization_id, kind.value, field_id)


@put(
    "/custom_field/{stands_on:str}/{field_id:str}",
    operation_id="update_custom_field",
)
async def update_field(
    request: ApiRequest, stands_on: FromPath[str], field_id: FromPath[str], data: JSONBody[FieldBody]
) -> FieldCard:
    """Change what is given; the type of a field stays. Admins only."""
    organization_id, kind = request.user.organization_id, _kind(stands_on)
    async with tools_of(request).db.transaction() as tx, told(request, tx, f"custom_fields.{kind.value}", field_id):
        before = await store.field_to_change(tx, organization_id, kind, field_id)
        if (wanted := tidy(data.type)) and wanted != before.content.type.value:
            raise Invalid(field_errors={"type": "The type of a field cannot be changed; make another field."})
        change = (kind, field_id, _changed(before.content, data))
        await store.change_field(tx, organization_id, change, stamp_of(request))
        return await field_card(tx, organization_id, kind.value, field_id)


@delete(
    "/custom_field/{stands_on:str}/{field_id:str}",
    operation_id="delete_custom_field",
    status_code=200,
)
async def delete_field(request: ApiRequest, stands_on: FromPath[str], field_id: FromPath[str]) -> Deleted:
    """Remove a field; its values are shown no more. Admins only."""
    kind = _kind(stands_on)
    async with tools_of(request).db.transaction() as tx, told(request, tx, f"custom_fields.{kind.value}", field_id):
        await store.delete_field(tx, request.user.organization_id, kind, field_id, stamp=stamp_of(request))
    return Deleted()


@post(
    "/custom_field/{stands_on:str}/{field_id:str}/association", operation_id="associate_shared_field", status_code=200
)
async def associate(
    request: ApiRequest, stands_on: FromPath[str], field_id: FromPath[str], data: JSONBody[AssociationBody]
) -> FieldCard:
    """Let a shared field stand on leads, contacts, opportunities or a type of custom activities too. Admins only."""
    organization_id = request.user.organization_id
    async with tools_of(request).db.transaction() as tx:
        field = await _shared(tx, organization_id, stands_on, field_id)
        new = await _association(tx, organization_id, data)
        kept = [one for one in field.associations if _place(one) != _place(new)]
        await store.set_associations(tx, organization_id, (field_id, [*kept, new]), stamp_of(request))
        return await field_card(tx, organization_id, "shared", field_id)


@put(
    "/custom_field/{stands_on:str}/{field_id:str}/association/{place:str}",
    operation_id="update_shared_field_association",
)
async def change_association(
    request: ApiRequest, field_id: FromPath[str], place: FromPath[str], data: JSONBody[AssociationChange]
) -> FieldCard:
    """Change who may edit a shared field there, or whether it is required. Admins only."""
    organization_id = request.user.organization_id
    async with tools_of(request).db.transaction() as tx:
        field = await _shared(tx, organization_id, request.path_params["stands_on"], field_id)
        _require_place(field, place)
        given = msgspec.structs.asdict(data)
        given = {name: value for name, value in given.items() if value not in (msgspec.UNSET, None)}
        after = [{**one, **given} if _place(one) == place else one for one in field.associations]
        await store.set_associations(tx, organization_id, (field_id, after), stamp_of(request))
        return await field_card(tx, organization_id, "shared", field_id)


@delete(
    "/custom_field/{stands_on:str}/{field_id:str}/association/{place:str}",
    operation_id="delete_shared_field_association",
    status_code=200,
)
async def disassociate(
    request: ApiRequest, stands_on: FromPath[str], field_id: FromPath[str], place: FromPath[str]
) -> Deleted:
    """Let a shared field stand there no more. Admins only."""
    organization_id = request.user.organization_id
    async with tools_of(request).db.transaction() as tx:
        field = await _shared(tx, organization_id, stands_on, field_id)
        _require_place(field, place)
        kept = [one for one in field.associations if _place(one) != place]
        await store.set_associations(tx, organization_id, (field_id, kept), stamp_of(request))
    return Deleted()


@get(
    "/custom_field_schema/{thing:str}",
    operation_id="get_custom_field_schema",
)
async def get_schema(request: ApiRequest, thing: FromPath[str]) -> FieldSchema:
    """All fields of leads, contacts, opportunities or a type of custom activities, shared ones included, in order."""
    async with tools_of(request).db.transaction() as tx:
        return await _schema(tx, request.user.organization_id, thing)


@get("/custom_field_schema/activity/{thing:str}", include_in_schema=False)
async def get_activity_schema(request: ApiRequest, thing: FromPath[str]) -> FieldSchema:
    """The same of a type of custom activities, as Close's own paths have it."""
    async with tools_of(request).db.transaction() as tx:
        return await _schema(tx, request.user.organization_id, thing)


@put(
    "/custom_field_schema/{thing:str}",
    operation_id="order_custom_field_schema",
)
async def order_schema(request: ApiRequest, thing: FromPath[str], data: JSONBody[OrderBody]) -> FieldSchema:
    """Put the fields in another order; those that are not named come last. Admins only."""
    organization_id = request.user.organization_id
    async with tools_of(request).db.transaction() as tx:
        await order_fields(tx, organization_id, thing, [field.id for field in data.fields])
        return await _schema(tx, organization_id, thing)


async def order_fields(tx: Transaction, organization_id: str, thing: str, wanted: Sequence[str]) -> None:
    """Put the fields of a thing (lead, contact, opportunity, a type of activities) in this order. Raises Invalid."""
    known = [field.id for field in (await _schema(tx, organization_id, thing)).fields]
    if len(wanted) != len(set(wanted)) or not set(wanted) <= set(known):
        raise Invalid(field_errors={"fields": "Name each field of this once at most, in the order that you want."})
    await store.place_fields(tx, organization_id, [*wanted, *(one for one in known if one not in wanted)])


async def _schema(tx: Transaction, organization_id: str, thing: str) -> FieldSchema:
    if thing in (Kind.LEAD, Kind.CONTACT, Kind.OPPORTUNITY):
        target = Target(Kind(thing))
    else:
        await type_store.type_to_change(tx, organization_id, thing)
        target = Target(Kind.ACTIVITY, thing)
    fields = await store.fields_on(tx, organization_id, target)
    cards = await fields_by_id(tx, organization_id, [field.id for field in fields])
    rules = {field.id: field.content for field in fields}
    return FieldSchema([_ruled(card, rules[card.id]) for card in cards])


def _ruled(card: FieldCard, content: FieldContent) -> FieldCard:
    """The card with the rules of where it stands: a shared field has some of its own in each place."""
    roles = list(content.editable_with_roles)
    return msgspec.structs.replace(card, required=content.is_required, editable_with_roles=roles)


async def _shared(tx: Transaction, organization_id: str, stands_on: str, field_id: str) -> CustomField:
    if stands_on != Kind.SHARED.value:
        raise NotFound("Only shared fields are associated.")
    return await store.field_to_change(tx, organization_id, Kind.SHARED, field_id)


async def _places(tx: Transaction, organization_id: str, given: Sequence[AssociationBody]) -> list[dict[str, object]]:
    """Where a new shared field stands. Activity types that are not here are passed over: fields are copied from other
    organizations, with the places of there (Close's clone_organization.py)."""
    places: dict[str, dict[str, object]] = {}
    for one in given:
        try:
            place = await _association(tx, organization_id, one)
        except NotFound:
            continue
        places[_place(place)] = place
    return list(places.values())


async def _association(tx: Transaction, organization_id: str, data: AssociationBody) -> dict[str, object]:
    roles, required = list(or_empty(data.editable_with_roles)), data.required is True
    if data.object_type == "custom_activity_type":
        type_id = tidy(data.custom_activity_type_id) or ""
        await type_store.type_to_change(tx, organization_id, type_id)
        target = Target(Kind.ACTIVITY, type_id)
    elif data.object_type in (Kind.LEAD, Kind.CONTACT, Kind.OPPORTUNITY):
        target = Target(Kind(data.object_type))
    else:
        raise Invalid(field_errors={"object_type": "This must be lead, contact, opportunity or custom_activity_type."})
    return {**target.association, "required": required, "editable_with_roles": roles}


def _place(association: Any) -> str:
    """How an association is named in an address: its object type, or the id of its activity type."""
    return str(association.get("custom_activity_type_id") or association["object_type"])


def _require_place(field: CustomField, place: str) -> None:
    if place not in {_place(one) for one in field.associations}:
        raise NotFound("The field does not stand there.")


def _kind(text: str) -> Kind:
    try:
        return Kind(text)
    except ValueError as error:
        raise NotFound(f"There are no custom fields of {text!r}.") from error


def _changed(before: FieldContent, data: FieldBody) -> FieldContent:
    given: dict[str, Any] = {}
    for name in ("name", "description"):
        if (text := tidy(getattr(data, name))) is not None:
            given[name] = text
    if not isinstance(data.choices, msgspec.UnsetType):
        given["choices"] = tuple(choice.strip() for choice in or_empty(data.choices) if choice.strip())
    if isinstance(data.accepts_multiple_values, bool):
        given["accepts_multiple_values"] = data.accepts_multiple_values
    if isinstance(data.required, bool):
        given["is_required"] = data.required
    if not isinstance(data.editable_with_roles, msgspec.UnsetType):
        given["editable_with_roles"] = tuple(or_empty(data.editable_with_roles))
    return replace(before, **given)


ROUTES = [
    list_fields, get_field, create_field, update_field, delete_field, associate,
    change_association, disassociate,
    get_schema, get_activity_schema, order_schema,
]  # fmt: skip

"""/custom_activity/ and /activity/custom/: kinds of activities that the organization makes itself, and these."""

from dataclasses import replace
from typing import Annotated, Any

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromPath, JSONBody

from postroom.doors.web.api.custom_fields import order_fields
from postroom.doors.web.bodies import Maybe, moment_in, or_empty, tidy
from postroom.doors.web.custom import custom_of, raw_body
from postroom.doors.web.document import takes
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.query import MOST_PLAIN_LIMIT, Deleted, asked, shown
from postroom.doors.web.reach import stamp_of, tools_of
from postroom.doors.web.recording import FILTERS, card_of, cards_asked, change_record, delete_record, log_record
from postroom.doors.web.telling import told
from postroom.ground.errors import Forbidden, Invalid
from postroom.journeys.steps.custom_values import require_all
from postroom.rooms.activities import store, type_store
from postroom.rooms.activities.activity import Activity, ActivityType, Kind, dated
from postroom.rooms.custom_fields.field import Kind as FieldKind
from postroom.rooms.custom_fields.field import Target
from postroom.views.activity_types import ActivityTypeCard, ActivityTypePage, activity_type_card, activity_type_page
from postroom.views.record_list import CustomActivityCard

Line = Annotated[str, msgspec.Meta(max_length=1000)]


class ActivityTypeBody(msgspec.Struct):
    """What may be written of a type of custom activities. Of its fields only the order, when it is changed: they are
    made at /custom_field/activity/."""

    name: Maybe[Line] = msgspec.UNSET
    description: Maybe[Line] = msgspec.UNSET
    api_create_only: Maybe[bool] = msgspec.UNSET
    is_archived: Maybe[bool] = msgspec.UNSET
    editable_with_roles: Maybe[Annotated[list[Line], msgspec.Meta(max_length=100)]] = msgspec.UNSET
    fields: Maybe[Annotated[list[dict[str, Any]], msgspec.Meta(max_length=1000)]] = msgspec.UNSET


class CustomActivityBody(msgspec.Struct):
    """What may be written of a custom activity, beside its values. Lead and type only when it is made."""

    lead_id: Maybe[Line] = msgspec.UNSET
    custom_activity_type_id: Maybe[Line] = msgspec.UNSET
    contact_id: Maybe[Line] = msgspec.UNSET
    user_id: Maybe[Line] = msgspec.UNSET
    status: Maybe[Line] = msgspec.UNSET
    pinned: Maybe[bool] = msgspec.UNSET
    date_created: Maybe[Line] = msgspec.UNSET
    activity_at: Maybe[Line] = msgspec.UNSET


class CustomActivityPage(msgspec.Struct):
    """Some custom activities."""

    data: list[CustomActivityCard]
    has_more: bool


@get("/custom_activity", operation_id="list_custom_activity_types", operation_class=takes("_limit", "_skip", "_fields"))
async def list_types(request: ApiRequest) -> ActivityTypePage:
    """The types of custom activities, with their fields."""
    async with tools_of(request).db.reading() as tx:
        page = await activity_type_page(tx, request.user.organization_id, asked(request).page(MOST_PLAIN_LIMIT))
    return shown(request, page)


@get("/custom_activity/{type_id:str}", operation_id="get_custom_activity_type", operation_class=takes("_fields"))
async def get_type(request: ApiRequest, type_id: FromPath[str]) -> ActivityTypeCard:
    """One type, with its fields."""
    async with tools_of(request).db.reading() as tx:
        return shown(request, await activity_type_card(tx, request.user.organization_id, type_id))


@post("/custom_activity", operation_id="create_custom_activity_type", status_code=200)
async def create_type(request: ApiRequest, data: JSONBody[ActivityTypeBody]) -> ActivityTypeCard:
    """Make a type. Admins only."""
    organization_id, content = request.user.organization_id, _type(ActivityType(""), data)
    async with tools_of(request).db.transaction() as tx:
        type_id = await type_store.insert_type(tx, organization_id, content, stamp_of(request))
        return await activity_type_card(tx, organization_id, type_id)


@put("/custom_activity/{type_id:str}", operation_id="update_custom_activity_type")
async def update_type(
    request: ApiRequest, type_id: FromPath[str], data: JSONBody[ActivityTypeBody]
) -> ActivityTypeCard:
    """Change what is given. Admins only."""
    organization_id = request.user.organization_id
    async with tools_of(request).db.transaction() as tx, told(request, tx, "custom_activity_type", type_id):
        before = await type_store.type_to_change(tx, organization_id, type_id)
        await type_store.change_type(tx, organization_id, (type_id, _type(before, data)), stamp_of(request))
        if places := or_empty(data.fields):
            await order_fields(tx, organization_id, type_id, [str(place.get("id")) for place in places])
        return await activity_type_card(tx, organization_id, type_id)


@delete("/custom_activity/{type_id:str}", operation_id="delete_custom_activity_type", status_code=200)
async def delete_type(request: ApiRequest, type_id: FromPath[str]) -> Deleted:
    """Remove a type of which there are no activities. Admins only."""
    async with tools_of(request).db.transaction() as tx, told(request, tx, "custom_activity_type", type_id):
        await type_store.delete_type(tx, request.user.organization_id, type_id, stamp_of(request))
    return Deleted()


@get(
    "/activity/custom",
    operation_id="list_custom_activities",
    operation_class=takes("custom_activity_type_id", *FILTERS),
)
async def list_activities(request: ApiRequest) -> CustomActivityPage:
    """Custom activities, newest first."""
    return shown(request, CustomActivityPage(*await cards_asked(request, Kind.CUSTOM, CustomActivityCard)))


@get("/activity/custom/{activity_id:str}", operation_id="get_custom_activity", operation_class=takes("_fields"))
async def get_activity(request: ApiRequest, activity_id: FromPath[str]) -> CustomActivityCard:
    """One custom activity."""
    async with tools_of(request).db.reading() as tx:
        return await card_of(request, tx, (Kind.CUSTOM, activity_id), CustomActivityCard)


@post("/activity/custom", operation_id="create_custom_activity", status_code=200)
async def create_activity(request: ApiRequest, data: JSONBody[CustomActivityBody]) -> CustomActivityCard:
    """Write a custom activity down; it is published unless it says that it is a draft."""
    organization_id, body = request.user.organization_id, await raw_body(request)
    lead_id, type_id = tidy(data.lead_id), (tidy(data.custom_activity_type_id) or "").removeprefix("custom.")
    missing = {"lead_id": lead_id, "custom_activity_type_id": type_id}
    if not lead_id or not type_id:
        raise Invalid(field_errors={name: "This field is required." for name, given in missing.items() if not given})
    at = moment_in("activity_at", data.activity_at) or moment_in("date_created", data.date_created)
    before = Activity(
        Kind.CUSTOM, lead_id, at or tools_of(request).clock(), user_id=request.user.id, type_id=type_id,
        status="published",
    )  # fmt: skip
    async with tools_of(request).db.transaction() as tx:
        kind = await type_store.type_to_change(tx, organization_id, type_id)
        _may_write(request, kind)
        if kind.api_create_only and request.auth is not None:
            raise Forbidden(f"Activities of the type {kind.name} are made by programs, through the API.")
        target = Target(FieldKind.ACTIVITY, type_id)
        activity = replace(_activity(before, data), custom=await custom_of(request, tx, target, (body, {})))
        if activity.status == "published":
            await require_all(tx, organization_id, target, activity.custom)
        given = (dated(activity, None, tools_of(request).clock()), moment_in("date_created", data.date_created))
        return await log_record(request, tx, given, CustomActivityCard)


@put("/activity/custom/{activity_id:str}", operation_id="update_custom_activity")
async def update_activity(
    request: ApiRequest, activity_id: FromPath[str], data: JSONBody[CustomActivityBody]
) -> CustomActivityCard:
    """Change what is given. What is published must have all required values."""
    organization_id, body = request.user.organization_id, await raw_body(request)
    async with tools_of(request).db.transaction() as tx:
        before = await store.activity_to_change(tx, organization_id, Kind.CUSTOM, activity_id)
        _may_write(request, await type_store.type_to_change(tx, organization_id, before.type_id or ""))
        target = Target(FieldKind.ACTIVITY, before.type_id or "")
        custom = await custom_of(request, tx, target, (body, before.custom))
        activity = replace(_activity(before, data), custom=custom)
        if activity.status == "published":
            await require_all(tx, organization_id, target, custom)
        after = dated(activity, before, tools_of(request).clock())
        return await change_record(request, tx, (activity_id, after), CustomActivityCard)


@delete("/activity/custom/{activity_id:str}", operation_id="delete_custom_activity", status_code=200)
async def delete_activity(request: ApiRequest, activity_id: FromPath[str]) -> Deleted:
    """Remove a custom activity."""
    organization_id = request.user.organization_id
    async with tools_of(request).db.transaction() as tx:
        before = await store.activity_to_change(tx, organization_id, Kind.CUSTOM, activity_id)
        _may_write(request, await type_store.type_to_change(tx, organization_id, before.type_id or ""))
    return await delete_record(request, Kind.CUSTOM, activity_id)


def _may_write(request: ApiRequest, kind: ActivityType) -> None:
    """Raises Forbidden where activities of this type are not for the caller's role; admins may write all."""
    user = request.user
    if kind.editable_with_roles and not user.is_admin and user.role_id not in kind.editable_with_roles:
        raise Forbidden(f"Your role may not write activities of the type {kind.name}. An admin can say who may.")


def _type(before: ActivityType, data: ActivityTypeBody) -> ActivityType:
    given: dict[str, Any] = {}
    for name in ("name", "description"):
        if (text := tidy(getattr(data, name))) is not None:
            given[name] = text
    for name in ("api_create_only", "is_archived"):
        if isinstance(getattr(data, name), bool):
            given[name] = getattr(data, name)
    if not isinstance(data.editable_with_roles, msgspec.UnsetType):
        given["editable_with_roles"] = tuple(or_empty(data.editable_with_roles))
    after = replace(before, **given)
    if not after.name:
        raise Invalid(field_errors={"name": "This field is required."})
    return after


def _activity(before: Activity, data: CustomActivityBody) -> Activity:
    given: dict[str, Any] = {}
    for name in ("contact_id", "user_id"):
        if (text := tidy(getattr(data, name))) is not None:
            given[name] = text or None
    if status := tidy(data.status):
        if status not in ("draft", "published"):
            raise Invalid(field_errors={"status": "This must be draft or published."})
        given["status"] = status
    if isinstance(data.pinned, bool):
        given["is_pinned"] = data.pinned
    if moment := moment_in("activity_at", data.activity_at):
        given["activity_at"] = moment
    return replace(before, **given)


ROUTES = [
    list_types, get_type, create_type, update_type, delete_type,
    list_activities, get_activity, create_activity, update_activity, delete_activity,
]  # fmt: skip

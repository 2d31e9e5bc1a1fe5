"""/bulk_action/edit/ and /bulk_action/delete/: one change for everything that a query finds, done by the worker."""

from typing import Annotated, Any

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody
from msgspec import UNSET

from postroom.doors.web.bodies import Maybe, or_empty, tidy
from postroom.doors.web.document import takes
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.query import MOST_PLAIN_LIMIT, asked, shown
from postroom.doors.web.reach import close_date, stamp_of, tools_of
from postroom.ground.errors import Forbidden, Invalid, NotFound
from postroom.journeys import jobs
from postroom.journeys.run_bulk_action import query_of
from postroom.journeys.steps.check_bulk_edit import check_bulk_edit
from postroom.rooms.bulk_actions import store
from postroom.rooms.bulk_actions.bulk_action import EDITS, BulkAction, Kind, Wanted, checked
from postroom.rooms.leads import status_store
from postroom.rooms.users.roles import Permission

Word = Annotated[str, msgspec.Meta(max_length=200)]
_NEEDS = {Kind.EDIT: Permission.BULK_EDIT, Kind.DELETE: Permission.BULK_DELETE}


class BulkBody(msgspec.Struct):
    """What is to be changed: `query` as text or `s_query` as a tree. What to do with it depends on the action."""

    query: Maybe[str] = UNSET
    s_query: Maybe[dict[str, Any]] = UNSET
    results_limit: int | msgspec.UnsetType | None = UNSET
    sort: Maybe[list[Any]] = UNSET
    bulk_object_type: Maybe[Word] = UNSET
    type: Maybe[Word] = UNSET
    lead_status_id: Maybe[Word] = UNSET
    custom_field_id: Maybe[Word] = UNSET
    custom_field_name: Maybe[Word] = UNSET
    custom_field_value: Any = UNSET
    custom_field_values: Maybe[list[Any]] = UNSET
    custom_field_operation: Maybe[Word] = UNSET
    send_done_email: Maybe[bool] = UNSET


class BulkCard(msgspec.Struct, frozen=True):
    """A bulk action as Close prints it. Numbers are null until they are counted."""

    id: str
    organization_id: str
    status: str
    query: str | None
    s_query: dict[str, Any] | None
    results_limit: int | None
    sort: list[Any]
    bulk_object_type: str
    type: str | None
    lead_status_id: str | None
    custom_field_id: str | None
    custom_field_name: str | None
    custom_field_value: Any
    custom_field_operation: str | None
    n_leads: int | None
    n_leads_processed: int
    n_objects: int | None
    n_objects_processed: int
    send_done_email: bool
    error: str | None
    created_by: str
    updated_by: str
    date_created: str
    date_updated: str


class BulkPage(msgspec.Struct, frozen=True):
    """Some bulk actions."""

    data: list[BulkCard]
    has_more: bool


@get("/bulk_action/edit", operation_id="list_bulk_edits", operation_class=takes("_limit", "_skip", "_fields"))
async def list_edits(request: ApiRequest) -> BulkPage:
    """Bulk edits, the newest first."""
    return await _page(request, Kind.EDIT)


@get("/bulk_action/delete", operation_id="list_bulk_deletes", operation_class=takes("_limit", "_skip", "_fields"))
async def list_deletes(request: ApiRequest) -> BulkPage:
    """Bulk deletes, the newest first."""
    return await _page(request, Kind.DELETE)


@get("/bulk_action/edit/{bulk_edit_id:str}", operation_id="get_bulk_edit", operation_class=takes("_fields"))
async def get_edit(request: ApiRequest, bulk_edit_id: FromPath[str]) -> BulkCard:
    """One bulk edit."""
    return shown(request, await _read(request, Kind.EDIT, bulk_edit_id))


@get("/bulk_action/delete/{bulk_delete_id:str}", operation_id="get_bulk_delete", operation_class=takes("_fields"))
async def get_delete(request: ApiRequest, bulk_delete_id: FromPath[str]) -> BulkCard:
    """One bulk delete."""
    return shown(request, await _read(request, Kind.DELETE, bulk_delete_id))


@post("/bulk_action/edit", operation_id="create_bulk_edit", status_code=200)
async def create_edit(request: ApiRequest, data: JSONBody[BulkBody]) -> BulkCard:
    """Give leads a status, or set or clear a custom field of theirs: `type` says which."""
    wanted = checked(Kind.EDIT, _wanted(data))
    if wanted.lead_status_id:
        async with tools_of(request).db.reading() as tx:
            known = await status_store.statuses(tx, request.user.organization_id)
        if wanted.lead_status_id not in {status.id for status in known}:
            raise Invalid(field_errors={"lead_status_id": "There is no such lead status."})
    return await _begin(request, Kind.EDIT, wanted)


@post("/bulk_action/delete", operation_id="create_bulk_delete", status_code=200)
async def create_delete(request: ApiRequest, data: JSONBody[BulkBody]) -> BulkCard:
    """Delete leads, or contacts where `bulk_object_type` says so."""
    return await _begin(request, Kind.DELETE, checked(Kind.DELETE, _wanted(data)))


def _wanted(data: BulkBody) -> Wanted:
    limit = data.results_limit
    value = data.custom_field_value if data.custom_field_value is not UNSET else None
    return Wanted(
        query=tidy(data.query),
        s_query=data.s_query if isinstance(data.s_query, dict) else None,
        results_limit=limit if isinstance(limit, int) else None,
        sort=tuple(or_empty(data.sort)),
        object_type=EDITS.get(tidy(data.type) or "") or tidy(data.bulk_object_type) or "lead",
        type=tidy(data.type) or "",
        lead_status_id=tidy(data.lead_status_id) or "",
        field=tidy(data.custom_field_id) or tidy(data.custom_field_name) or "",
        value=data.custom_field_values if isinstance(data.custom_field_values, list) else value,
        operation=tidy(data.custom_field_operation) or "replace",
        send_done_email=data.send_done_email is not False,
    )


async def _begin(request: ApiRequest, kind: Kind, wanted: Wanted) -> BulkCard:
    if not request.user.may(_NEEDS[kind]):
        raise Forbidden("Your role may not do this in bulk; an admin can give you one that may.")
    if query_of(wanted).kind != wanted.object_type:
        raise Invalid(field_errors={"s_query": f"This action needs a search for a {wanted.object_type}."})
    tools, organization_id = tools_of(request), request.user.organization_id
    async with tools.db.transaction() as tx:
        await check_bulk_edit(tx, organization_id, wanted, stamp_of(request))
        action_id = await store.insert(tx, organization_id, (kind, wanted), stamp_of(request))
        payload = {"organization_id": organization_id, "action_id": action_id}
        await tools.jobs.defer(tx, jobs.RUN_BULK_ACTION, payload)
    return shown(request, await _read(request, kind, action_id))


async def _page(request: ApiRequest, kind: Kind) -> BulkPage:
    page = asked(request).page(MOST_PLAIN_LIMIT)
    found = (await cards(request, kind))[page.skip :]
    return shown(request, BulkPage(found[: page.limit], len(found) > page.limit))


async def cards(request: ApiRequest, kind: Kind) -> list[BulkCard]:
    """All of a kind, the newest first."""
    async with tools_of(request).db.reading() as tx:
        return [_card(request, one) for one in await store.actions(tx, request.user.organization_id, kind)]


async def _read(request: ApiRequest, kind: Kind, action_id: str) -> BulkCard:
    async with tools_of(request).db.reading() as tx:
        found = await store.action(tx, request.user.organization_id, action_id)
    if found.kind is not kind:
        raise NotFound("There is no such bulk action.")
    return _card(request, found)


def _card(request: ApiRequest, action: BulkAction) -> BulkCard:
    wanted, is_edit = action.wanted, action.kind is Kind.EDIT
    is_id = wanted.field.startswith(("cf_", "lcf_"))
    return BulkCard(
        action.id, request.user.organization_id, action.status, wanted.query,
        None if wanted.s_query is None else dict(wanted.s_query), wanted.results_limit, list(wanted.sort),
        wanted.object_type, wanted.type if is_edit else None, wanted.lead_status_id or None,
        wanted.field if is_id else None, None if is_id else wanted.field or None, wanted.value,
        wanted.operation if is_edit else None, action.n_objects, action.n_objects_processed,
        action.n_objects, action.n_objects_processed, wanted.send_done_email, action.error or None, action.user_id,
        action.user_id, close_date(action.date_created), close_date(action.date_updated),
    )  # fmt: skip


ROUTES = [list_edits, list_deletes, get_edit, get_delete, create_edit, create_delete]

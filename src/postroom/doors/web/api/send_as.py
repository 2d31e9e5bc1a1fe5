"""/send_as/: users who let others send from their accounts, in Close's shape."""

from typing import Annotated

import msgspec
from litestar import Response, delete, get, post
from litestar.params import FromPath, JSONBody

from postroom.doors.web.document import takes
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.query import asked, shown_part
from postroom.doors.web.reach import close_date, tools_of
from postroom.ground.errors import Forbidden, Invalid, NotFound
from postroom.rooms.accounts import send_as_store
from postroom.rooms.accounts.send_as_store import SendAs

Line = Annotated[str, msgspec.Meta(max_length=200)]


class SendAsCard(msgspec.Struct):
    """One user lets another send from their accounts."""

    id: str
    organization_id: str
    allowing_user_id: str
    allowed_user_id: str
    date_created: str
    date_updated: str


class SendAsPage(msgspec.Struct):
    """All of them."""

    data: list[SendAsCard]
    has_more: bool


class SendAsBody(msgspec.Struct):
    """Who lets whom; the first must be the caller, and is where it is not said."""

    allowed_user_id: Line
    allowing_user_id: Line | None = None


class BulkBody(msgspec.Struct):
    """Whom the caller lets send, and whom no longer."""

    allowed_user_ids: Annotated[list[Line], msgspec.Meta(max_length=200)] | None = None
    disallowed_user_ids: Annotated[list[Line], msgspec.Meta(max_length=200)] | None = None


@get("/send_as", operation_id="list_send_as", operation_class=takes("allowing_user_id", "allowed_user_id"))
async def list_send_as(request: ApiRequest) -> SendAsPage:
    """Whom the caller lets send, or with `allowed_user_id` of the caller (or `me`): who lets the caller."""
    org = request.user.organization_id
    allowing_id, allowed_id = _between_whom(request)
    async with tools_of(request).db.reading() as tx:
        rows = await send_as_store.listed(tx, org, allowing_id, allowed_id)
    return shown_part(request, SendAsPage([_card(org, row) for row in rows], False))


@post("/send_as", operation_id="create_send_as", status_code=201)
async def create_send_as(request: ApiRequest, data: JSONBody[SendAsBody]) -> SendAsCard:
    """Let another user send from one's own accounts."""
    if data.allowing_user_id not in (None, "", "me", request.user.id):
        raise Forbidden("Only the user whose accounts these are may let others send from them.")
    await _allow(request, [data.allowed_user_id])
    return await _between(request, request.user.id, data.allowed_user_id)


@post("/send_as/bulk", operation_id="bulk_send_as", status_code=200)
async def bulk_send_as(request: ApiRequest, data: JSONBody[BulkBody]) -> SendAsPage:
    """Allow some and disallow others at once; all that the caller allows then."""
    tools, org, me = tools_of(request), request.user.organization_id, request.user.id
    await _allow(request, data.allowed_user_ids or [])
    async with tools.db.transaction() as tx:
        for other in data.disallowed_user_ids or ():
            await send_as_store.disallow(tx, org, me, other)
        rows = await send_as_store.listed(tx, org, me)
    return SendAsPage([_card(org, row) for row in rows], False)


@get("/send_as/{send_as_id:str}", operation_id="get_send_as")
async def get_send_as(request: ApiRequest, send_as_id: FromPath[str]) -> SendAsCard:
    """One permission."""
    return _card(request.user.organization_id, await _one(request, send_as_id))


@delete("/send_as/{send_as_id:str}", operation_id="delete_send_as", status_code=204)
async def delete_send_as(request: ApiRequest, send_as_id: FromPath[str]) -> Response[None]:
    """Take a permission back: by either of the two, or by an admin."""
    found = await _one(request, send_as_id)
    return await _take_back(request, found.allowing_user_id, found.allowed_user_id)


@delete("/send_as", operation_id="delete_send_as_of", operation_class=takes("allowing_user_id", "allowed_user_id"))
async def delete_between(request: ApiRequest) -> None:
    """The same, by the two users."""
    query = asked(request)
    found = await _between(request, query.text("allowing_user_id"), query.text("allowed_user_id"))
    await _take_back(request, found.allowing_user_id, found.allowed_user_id)


def _between_whom(request: ApiRequest) -> tuple[str | None, str | None]:
    """Whose permissions are asked for, and for whom; one of the two is the caller, as Close has it, but for admins."""
    me, query = request.user.id, asked(request)
    allowing, allowed = (
        me if (given := query.text(name)) == "me" else given for name in ("allowing_user_id", "allowed_user_id")
    )
    if not (allowing and allowed):
        if me not in {allowing, allowed}:
            allowing, allowed = (allowing, me) if allowing else (me, allowed)
    elif me not in (allowing, allowed) and not request.user.is_admin:
        raise Forbidden("Of allowing_user_id and allowed_user_id one must be yourself.")
    return allowing or None, allowed or None


async def _allow(request: ApiRequest, users: list[str]) -> None:
    tools, me = tools_of(request), request.user.id
    async with tools.db.transaction() as tx:
        for other in users:
            if other == me:
                raise Invalid(field_errors={"allowed_user_id": "You may send from your own accounts anyway."})
            if not await send_as_store.allow(tx, request.user.organization_id, me, other, tools.clock()):
                raise NotFound("There is no such user.")


async def _take_back(request: ApiRequest, allowing_id: str, allowed_id: str) -> Response[None]:
    if request.user.id not in (allowing_id, allowed_id) and not request.user.is_admin:
        raise Forbidden("Only the two users concerned, or an admin, may take this back.")
    async with tools_of(request).db.transaction() as tx:
        await send_as_store.disallow(tx, request.user.organization_id, allowing_id, allowed_id)
    return Response(None, status_code=204)


async def _between(request: ApiRequest, allowing_id: str, allowed_id: str) -> SendAsCard:
    org = request.user.organization_id
    async with tools_of(request).db.reading() as tx:
        rows = await send_as_store.listed(tx, org, allowing_id, allowed_id)
    if len(rows) != 1:
        raise NotFound("There is no such Send As permission.")
    return _card(org, rows[0])


async def _one(request: ApiRequest, send_as_id: str) -> SendAs:
    async with tools_of(request).db.reading() as tx:
        rows = await send_as_store.listed(tx, request.user.organization_id)
    found = next((row for row in rows if row.id == send_as_id), None)
    if found is None:
        raise NotFound("There is no such Send As permission.")
    return found


def _card(organization_id: str, row: SendAs) -> SendAsCard:
    return SendAsCard(
        row.id, organization_id, row.allowing_user_id, row.allowed_user_id, close_date(row.date_created),
        close_date(row.date_updated),
    )  # fmt: skip


ROUTES = [list_send_as, create_send_as, bulk_send_as, get_send_as, delete_send_as, delete_between]

"""/me/, /user/, /organization/ and /status/lead/: who is here, and the statuses that leads pass through."""

from typing import Annotated

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromPath, JSONBody

from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.query import Deleted, asked, shown
from postroom.doors.web.reach import require_admin, tools_of
from postroom.ground.errors import NotFound
from postroom.rooms.leads import store as leads
from postroom.rooms.users import store as users
from postroom.views import members
from postroom.views.members import MeCard, OrganizationCard, StatusCard, UserCard


class UserPage(msgspec.Struct):
    """Some users."""

    data: list[UserCard]
    has_more: bool


class StatusPage(msgspec.Struct):
    """The lead statuses, all of them."""

    data: list[StatusCard]
    has_more: bool


class StatusBody(msgspec.Struct):
    """What a lead status is called."""

    label: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class OrganizationBody(msgspec.Struct):
    """What may be changed of an organization."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)] | msgspec.UnsetType = msgspec.UNSET


@get("/me", operation_id="me")
async def me(request: ApiRequest) -> MeCard:
    """The calling user, with the organization it belongs to."""
    async with tools_of(request).db.reading() as tx:
        card = await members.me_card(tx, request.user.organization_id, request.user.id)
    return shown(request, card)


@get("/user", operation_id="list_users")
async def list_users(request: ApiRequest) -> UserPage:
    """The users of the organization."""
    async with tools_of(request).db.reading() as tx:
        page = await members.user_cards(tx, request.user.organization_id, asked(request).page())
    return shown(request, UserPage(*page))


@get("/user/{user_id:str}", operation_id="get_user")
async def get_user(request: ApiRequest, user_id: FromPath[str]) -> UserCard:
    """One user; `me` is the caller."""
    wanted = request.user.id if user_id == "me" else user_id
    async with tools_of(request).db.reading() as tx:
        card = await members.user_card(tx, request.user.organization_id, wanted)
    return shown(request, card)


@get("/organization/{organization_id:str}", operation_id="get_organization")
async def get_organization(request: ApiRequest, organization_id: FromPath[str]) -> OrganizationCard:
    """The caller's organization; no other is to be seen."""
    _require_own(request, organization_id)
    async with tools_of(request).db.reading() as tx:
        card = await members.organization_card(tx, organization_id)
    return shown(request, card)


@put("/organization/{organization_id:str}", operation_id="update_organization")
async def update_organization(
    request: ApiRequest, organization_id: FromPath[str], data: JSONBody[OrganizationBody]
) -> OrganizationCard:
    """Rename the organization. Admins only."""
    _require_own(request, organization_id)
    require_admin(request)
    tools = tools_of(request)
    async with tools.db.transaction() as tx:
        if not isinstance(data.name, msgspec.UnsetType):
            await users.rename_organization(tx, organization_id, data.name, tools.clock())
        return await members.organization_card(tx, organization_id)


@get("/status/lead", operation_id="list_lead_statuses")
async def list_statuses(request: ApiRequest) -> StatusPage:
    """All lead statuses, in order."""
    async with tools_of(request).db.reading() as tx:
        cards = await members.status_cards(tx, request.user.organization_id)
    return shown(request, StatusPage(cards, False))


@get("/status/lead/{status_id:str}", operation_id="get_lead_status")
async def get_status(request: ApiRequest, status_id: FromPath[str]) -> StatusCard:
    """One lead status."""
    return shown(request, await _status(request, status_id))


@post("/status/lead", operation_id="create_lead_status", status_code=200)
async def create_status(request: ApiRequest, data: JSONBody[StatusBody]) -> StatusCard:
    """Add a lead status after the others. Admins only."""
    require_admin(request)
    async with tools_of(request).db.transaction() as tx:
        made = await leads.insert_statuses(tx, request.user.organization_id, [data.label.strip()])
    return StatusCard(made[0].id, made[0].label, request.user.organization_id)


@put("/status/lead/{status_id:str}", operation_id="update_lead_status")
async def update_status(request: ApiRequest, status_id: FromPath[str], data: JSONBody[StatusBody]) -> StatusCard:
    """Give a lead status another label. Admins only."""
    require_admin(request)
    async with tools_of(request).db.transaction() as tx:
        await leads.rename_status(tx, request.user.organization_id, status_id, data.label.strip())
    return await _status(request, status_id)


@delete("/status/lead/{status_id:str}", operation_id="delete_lead_status", status_code=200)
async def delete_status(request: ApiRequest, status_id: FromPath[str]) -> Deleted:
    """Remove a lead status that no lead has. Admins only."""
    require_admin(request)
    async with tools_of(request).db.transaction() as tx:
        await leads.delete_status(tx, request.user.organization_id, status_id)
    return Deleted()


async def _status(request: ApiRequest, status_id: str) -> StatusCard:
    async with tools_of(request).db.reading() as tx:
        for card in await members.status_cards(tx, request.user.organization_id):
            if card.id == status_id:
                return card
    raise NotFound("There is no such lead status.")


def _require_own(request: ApiRequest, organization_id: str) -> None:
    if organization_id != request.user.organization_id:
        raise NotFound("There is no such organization.")


ROUTES = [
    me, list_users, get_user, get_organization, update_organization,
    list_statuses, get_status, create_status, update_status, delete_status,
]  # fmt: skip

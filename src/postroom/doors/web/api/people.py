"""/me/, /user/ and /organization/: who is here."""

from typing import Annotated, cast
from zoneinfo import available_timezones

import msgspec
from litestar import get, put
from litestar.params import FromPath, JSONBody

from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.query import MOST_PLAIN_LIMIT, asked, shown
from postroom.doors.web.reach import callers_of, require_admin, tools_of
from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid, NotFound
from postroom.rooms.leads import status_store
from postroom.rooms.suppression import store as suppression
from postroom.rooms.suppression.suppression import UnsubscribeMode
from postroom.rooms.users import member_store
from postroom.rooms.users import store as users
from postroom.rooms.users.member import Profile
from postroom.views import members
from postroom.views.members import MeCard, OrganizationCard, UserCard

Line = Annotated[str, msgspec.Meta(max_length=200)]


class UserPage(msgspec.Struct):
    """Some users."""

    data: list[UserCard]
    has_more: bool


class OrganizationPage(msgspec.Struct):
    """The organizations that the caller belongs to: one."""

    data: list[OrganizationCard]
    has_more: bool


class UserBody(msgspec.Struct):
    """What may be changed of a user; null leaves it."""

    first_name: Line | None = None
    last_name: Line | None = None
    title: Line | None = None
    phone: Line | None = None
    last_used_timezone: Line | None = None


class StatusNamed(msgspec.Struct):
    """A lead status, by its id."""

    id: Line


class OrganizationBody(msgspec.Struct):
    """What may be changed of an organization. `lead_statuses` in another order are put in that order."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)] | msgspec.UnsetType = msgspec.UNSET
    currency: Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$")] | msgspec.UnsetType = msgspec.UNSET
    lead_statuses: Annotated[list[StatusNamed], msgspec.Meta(max_length=1000)] | msgspec.UnsetType = msgspec.UNSET
    enable_unsubscribe_link: bool | msgspec.UnsetType = msgspec.UNSET
    require_unsubscribe_link: bool | msgspec.UnsetType = msgspec.UNSET


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
        page = await members.user_cards(tx, request.user.organization_id, asked(request).page(MOST_PLAIN_LIMIT))
    return shown(request, UserPage(*page))


@get("/user/{user_id:str}", operation_id="get_user")
async def get_user(request: ApiRequest, user_id: FromPath[str]) -> UserCard:
    """One user; `me` is the caller."""
    wanted = request.user.id if user_id == "me" else user_id
    async with tools_of(request).db.reading() as tx:
        card = await members.user_card(tx, request.user.organization_id, wanted)
    return shown(request, card)


@put("/user/{user_id:str}", operation_id="update_user")
async def update_user(request: ApiRequest, user_id: FromPath[str], data: JSONBody[UserBody]) -> UserCard:
    """Change one's own name, title, phone and time zone; admins also those of others."""
    wanted = request.user.id if user_id == "me" else user_id
    tools, org = tools_of(request), request.user.organization_id
    if wanted != request.user.id:
        require_admin(request)
    profile = Profile(data.first_name, data.last_name, data.title, data.phone, data.last_used_timezone)
    if profile.timezone is not None and profile.timezone not in available_timezones():
        raise Invalid(field_errors={"last_used_timezone": "There is no such time zone. An example: Europe/Berlin."})
    async with tools.db.transaction() as tx:
        await member_store.save_profile(tx, org, wanted, profile, tools.clock())
        card = await members.user_card(tx, org, wanted)
    callers_of(request).forget_all()
    return shown(request, card)


@get("/organization", include_in_schema=False)
async def list_organizations(request: ApiRequest) -> OrganizationPage:
    """The caller's organization alone; some programs begin here."""
    async with tools_of(request).db.reading() as tx:
        card = await members.organization_card(tx, request.user.organization_id)
    return shown(request, OrganizationPage([card], False))


@get("/organization/{organization_id:str}", operation_id="get_organization")
async def get_organization(request: ApiRequest, organization_id: FromPath[str]) -> OrganizationCard:
    """The caller's organization; no other is to be seen."""
    _require_own(request, organization_id)
    async with tools_of(request).db.reading() as tx:
        card = await members.organization_card(tx, organization_id)
    return shown(request, _expanded(card, asked(request).ids("_expand") or ()))


@put("/organization/{organization_id:str}", operation_id="update_organization")
async def update_organization(
    request: ApiRequest, organization_id: FromPath[str], data: JSONBody[OrganizationBody]
) -> OrganizationCard:
    """Change name, currency, the order of the lead statuses, the link to unsubscribe. Admins only."""
    _require_own(request, organization_id)
    require_admin(request)
    if _given(data.name) == "":
        raise Invalid(field_errors={"name": "An organization needs a name."})
    tools = tools_of(request)
    async with tools.db.transaction() as tx:
        await users.save_organization(tx, organization_id, (_given(data.name), _given(data.currency)), tools.clock())
        if not isinstance(data.lead_statuses, msgspec.UnsetType):
            await status_store.place_statuses(tx, organization_id, [one.id for one in data.lead_statuses])
        await _save_unsubscribe_link(request, tx, data)
        return shown(request, await members.organization_card(tx, organization_id))


def _given(text: str | msgspec.UnsetType) -> str | None:
    return None if isinstance(text, msgspec.UnsetType) else text.strip()


async def _save_unsubscribe_link(request: ApiRequest, tx: Transaction, data: OrganizationBody) -> None:
    """Close's two switches are our one choice: off, on, required."""
    organization_id = request.user.organization_id
    mode = await suppression.unsubscribe_mode(tx, organization_id)
    is_required, is_on = mode is UnsubscribeMode.REQUIRED, mode is not UnsubscribeMode.OFF
    if isinstance(data.require_unsubscribe_link, bool):
        is_required = data.require_unsubscribe_link
    if isinstance(data.enable_unsubscribe_link, bool):
        is_on = data.enable_unsubscribe_link
    wanted = UnsubscribeMode.REQUIRED if is_required else UnsubscribeMode.ON if is_on else UnsubscribeMode.OFF
    if wanted is not mode:
        stamp = (request.user.id, tools_of(request).clock())
        await suppression.save_unsubscribe_mode(tx, organization_id, wanted, stamp)


def _expanded(card: OrganizationCard, wanted: tuple[str, ...]) -> OrganizationCard:
    """With `_expand=memberships__user` each membership holds its user; it keeps its type for the API's description."""
    lists = {name.partition("__")[0] for name in wanted if name.endswith("memberships__user")}
    if not lists:
        return card
    whole = msgspec.to_builtins(card, builtin_types=(msgspec.Raw,))
    for member in (one for name in lists for one in whole[name]):
        member["user"] = {
            "id": member["user_id"],
            "organizations": [member["organization_id"]],
            "image": "",
            **{name: member[f"user_{name}"] for name in ("email", "first_name", "last_name")},
            **{name: member[name] for name in ("date_created", "date_updated")},
        }
    return cast(OrganizationCard, whole)


def _require_own(request: ApiRequest, organization_id: str) -> None:
    if organization_id != request.user.organization_id:
        raise NotFound("There is no such organization.")


ROUTES = [me, list_users, get_user, update_user, list_organizations, get_organization, update_organization]

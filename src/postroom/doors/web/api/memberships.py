"""/membership/: who is in the organization and as what; invitations and leaving. The last are not in Close."""

from typing import Annotated

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromPath, JSONBody

from postroom.doors.web.bodies import Maybe
from postroom.doors.web.document import takes
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.proof import demand_password, doer_of
from postroom.doors.web.query import MOST_PLAIN_LIMIT, Deleted, asked, shown
from postroom.doors.web.reach import callers_of, close_date, tools_of
from postroom.ground.errors import Invalid
from postroom.journeys import admit, leave, second_factor
from postroom.journeys.admit import Invitation, MadeLink
from postroom.journeys.leave import AccountsThen, Leaving
from postroom.rooms.users import access_log_store, member_store
from postroom.rooms.users.access_log import Act, Entry
from postroom.rooms.users.member import must_leave_an_admin
from postroom.rooms.users.roles import Permission, Role
from postroom.views import people
from postroom.views.people import AccessEntry, MemberCard
from postroom.views.selection import Page

Line = Annotated[str, msgspec.Meta(max_length=200)]
MOST_AT_ONCE = 200


class MembershipPage(msgspec.Struct):
    """Some memberships."""

    data: list[MemberCard]
    has_more: bool


class ChangedMemberships(MembershipPage):
    """The memberships that were changed; Close tells only how many."""

    count: int


class PinnedViews(msgspec.Struct):
    """The Smart Views that a member has pinned; Postroom pins none."""

    saved_view_ids: list[str]


class InvitationBody(msgspec.Struct):
    """Who is to come. `role_id` is admin, superuser, user, restricteduser or the id of a role of your own."""

    email: Annotated[str, msgspec.Meta(min_length=1, max_length=320)]
    role_id: Line = "user"
    first_name: Line = ""
    last_name: Line = ""


class InvitedCard(msgspec.Struct):
    """A link that lets somebody in, shown this once."""

    membership: MemberCard
    purpose: str
    link: str
    mailed_from: str
    date_expires: str


class MembershipBody(msgspec.Struct):
    """What may be changed of a membership."""

    role_id: Maybe[Line] = msgspec.UNSET


class MembershipsBody(MembershipBody):
    """The same for several; `_params.id__in` names them, with commas between."""

    params: dict[str, str] = msgspec.field(name="_params", default_factory=dict)


class LeavingBody(msgspec.Struct):
    """What becomes of the connected accounts of somebody who leaves: `stop`, or `move` to another user."""

    accounts: AccountsThen = AccountsThen.STOP
    move_to: Line = ""


class AccessPage(msgspec.Struct):
    """Some lines of the access log, newest first."""

    data: list[AccessEntry]
    has_more: bool


@get("/membership", operation_id="list_memberships", operation_class=takes("_limit", "_skip", "_fields", "id__in"))
async def list_memberships(request: ApiRequest) -> MembershipPage:
    """The members of the organization, those who left last."""
    tools, query = tools_of(request), asked(request)
    async with tools.db.reading() as tx:
        found, has_more = await people.people(
            tx, request.user.organization_id, query.page(MOST_PLAIN_LIMIT), tools.clock(), query.ids("id__in", "id")
        )
    return shown(request, MembershipPage([_as_seen_by(request, card) for card in found], has_more))


@get("/membership/{membership_id:str}", operation_id="get_membership")
async def get_membership(request: ApiRequest, membership_id: FromPath[str]) -> MemberCard:
    """One membership."""
    return shown(request, _as_seen_by(request, await _card(request, membership_id)))


@get("/membership/{membership_id:str}/pinned_views", include_in_schema=False)
async def list_pinned_views(request: ApiRequest, membership_id: FromPath[str]) -> PinnedViews:
    """None, for programs that read them of every member."""
    await _card(request, membership_id)
    return PinnedViews([])


@post("/membership", operation_id="invite_member", status_code=200)
async def invite_member(request: ApiRequest, data: JSONBody[InvitationBody]) -> InvitedCard:
    """Invite somebody. The link is in this answer and never shown again; it is mailed too if an account can."""
    await demand_password(request)
    who = Invitation(data.email, data.role_id, data.first_name, data.last_name)
    made = await admit.invite(tools_of(request), request.user.organization_id, doer_of(request), who)
    return await _invited(request, made)


@post("/membership/{membership_id:str}/link", operation_id="make_access_link", status_code=200)
async def make_access_link(request: ApiRequest, membership_id: FromPath[str]) -> InvitedCard:
    """Another link: the invitation anew, or for who has come before, one to choose a new password."""
    await demand_password(request)
    made = await admit.renew_link(tools_of(request), request.user.organization_id, doer_of(request), membership_id)
    return await _invited(request, made)


@put("/membership/{membership_id:str}", operation_id="update_membership")
async def update_membership(
    request: ApiRequest, membership_id: FromPath[str], data: JSONBody[MembershipBody]
) -> MemberCard:
    """Give a member another role. There is always an admin left."""
    await _change(request, (membership_id,), data)
    return shown(request, await _card(request, membership_id))


@put("/membership", operation_id="update_memberships")
async def update_memberships(request: ApiRequest, data: JSONBody[MembershipsBody]) -> ChangedMemberships:
    """Give several members another role, all or none."""
    query = asked(request)
    named = data.params.get("id__in", "").split(",") if data.params else list(query.ids("id__in") or ())
    wanted = tuple(dict.fromkeys(one.strip() for one in named if one.strip()))
    if not wanted or len(wanted) > MOST_AT_ONCE:
        raise Invalid(field_errors={"id__in": f"Name 1 to {MOST_AT_ONCE} memberships, with commas between."})
    await _change(request, wanted, data)
    tools = tools_of(request)
    async with tools.db.reading() as tx:
        page = await people.people(tx, request.user.organization_id, Page(MOST_AT_ONCE), tools.clock(), wanted)
    return ChangedMemberships(*page, len(wanted))


@delete("/membership/{membership_id:str}", operation_id="delete_membership", status_code=200)
async def delete_membership(request: ApiRequest, membership_id: FromPath[str]) -> Deleted:
    """Take an invitation back. Who has come already is deactivated instead."""
    await demand_password(request)
    await admit.withdraw(tools_of(request), request.user.organization_id, doer_of(request), membership_id)
    return Deleted()


@post("/membership/{membership_id:str}/deactivate", operation_id="deactivate_member", status_code=200)
async def deactivate_member(
    request: ApiRequest, membership_id: FromPath[str], data: JSONBody[LeavingBody]
) -> MemberCard:
    """End a membership: sessions, keys and links end at once, what the person wrote stays."""
    await demand_password(request)
    leaving = Leaving(membership_id, data.accounts, data.move_to)
    await leave.deactivate(tools_of(request), request.user.organization_id, doer_of(request), leaving)
    callers_of(request).forget_all()
    return await _card(request, membership_id)


@post("/membership/{membership_id:str}/reactivate", operation_id="reactivate_member", status_code=200)
async def reactivate_member(request: ApiRequest, membership_id: FromPath[str]) -> MemberCard:
    """Let somebody in again. Stopped accounts are switched on by hand."""
    await demand_password(request)
    await leave.reactivate(tools_of(request), request.user.organization_id, doer_of(request), membership_id)
    return await _card(request, membership_id)


@delete("/membership/{membership_id:str}/two_factor", operation_id="remove_two_factor_of", status_code=200)
async def remove_two_factor_of(request: ApiRequest, membership_id: FromPath[str]) -> Deleted:
    """Take away the second factor of somebody whose phone and recovery codes are lost."""
    await demand_password(request)
    card = await _card(request, membership_id)
    await second_factor.remove(tools_of(request), request.user.organization_id, card.user_id, doer_of(request))
    callers_of(request).forget_all()
    return Deleted()


@get("/access_log", operation_id="list_access_log", operation_class=takes("_limit", "_skip", "_fields", "user_id"))
async def list_access_log(request: ApiRequest) -> AccessPage:
    """Every sensitive act, newest first. Admins only."""
    query = asked(request)
    async with tools_of(request).db.reading() as tx:
        page = await people.access_entries(
            tx, request.user.organization_id, query.page(MOST_PLAIN_LIMIT), query.text("user_id") or None
        )
    return shown(request, AccessPage(*page))


async def _change(request: ApiRequest, wanted: tuple[str, ...], data: MembershipBody) -> None:
    await demand_password(request)
    tools, org = tools_of(request), request.user.organization_id
    now = tools.clock()
    async with tools.db.transaction() as tx:
        await member_store.lock_members(tx, org)
        members = await member_store.members_by_membership(tx, org, wanted)
        if isinstance(data.role_id, msgspec.UnsetType) or not data.role_id:
            return
        choice = await member_store.role_choice(tx, org, data.role_id)
        for member in members:
            if choice.standing is not Role.ADMIN:
                must_leave_an_admin(member, await member_store.count_admins(tx, org))
            await member_store.save_role(tx, org, member, choice, now)
            entry = Entry(Act.ROLE_CHANGED, member.user_id, {"role_id": data.role_id})
            await access_log_store.note(tx, org, doer_of(request), entry, now)
    callers_of(request).forget_all()


async def _card(request: ApiRequest, membership_id: str) -> MemberCard:
    tools = tools_of(request)
    async with tools.db.reading() as tx:
        return await people.person(tx, request.user.organization_id, membership_id, tools.clock())


def _as_seen_by(request: ApiRequest, card: MemberCard) -> MemberCard:
    """Coworkers see who is here and as what; when somebody was last here, and how safely, is for admins."""
    if request.user.may(Permission.MANAGE_ORGANIZATION) or card.user_id == request.user.id:
        return card
    return msgspec.structs.replace(
        card, has_two_factor=False, date_seen=None, link_purpose=None, link_expires=None, link_mailed=None,
        link_mail_error=None,
    )  # fmt: skip


async def _invited(request: ApiRequest, made: MadeLink) -> InvitedCard:
    card = await _card(request, made.membership_id)
    return InvitedCard(card, made.purpose.value, made.url, made.mailed_from, close_date(made.date_expires))


ROUTES = [
    list_memberships, get_membership, list_pinned_views, invite_member, make_access_link, update_membership,
    update_memberships, delete_membership, deactivate_member, reactivate_member, remove_two_factor_of, list_access_log,
]  # fmt: skip

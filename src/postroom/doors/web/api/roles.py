"""/role/ and /group/: what people may do, and under which names they are gathered."""

from typing import Annotated

import msgspec
from litestar import Response, delete, get, post, put
from litestar.params import FromPath, JSONBody

from postroom.doors.web.bodies import Maybe
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.proof import demand_password, doer_of
from postroom.doors.web.query import Deleted, shown
from postroom.doors.web.reach import callers_of, tools_of
from postroom.ground.errors import Forbidden, Invalid
from postroom.rooms.users import access_log_store, group_store, member_store
from postroom.rooms.users.access_log import Act, Entry
from postroom.rooms.users.roles import STANDING_OF, CustomRole, known
from postroom.views import people
from postroom.views.people import GroupCard, GroupMember, GroupWithMembers, RoleCard

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class RolePage(msgspec.Struct):
    """All roles."""

    data: list[RoleCard]
    has_more: bool


class RoleBody(msgspec.Struct):
    """A role of your own. Permissions that are unknown here are left out, as scripts that copy roles send them."""

    name: Maybe[Name] = msgspec.UNSET
    permissions: Maybe[list[str]] = msgspec.UNSET


class GroupPage(msgspec.Struct):
    """All groups."""

    data: list[GroupCard]
    has_more: bool


class GroupBody(msgspec.Struct):
    """What a group is called, and who is in it."""

    name: Name
    members: Maybe[list[GroupMember]] = msgspec.UNSET


@get("/role", operation_id="list_roles")
async def list_roles(request: ApiRequest) -> RolePage:
    """The built-in roles and the organization's own."""
    async with tools_of(request).db.reading() as tx:
        found = await people.roles(tx, request.user.organization_id)
    return shown(request, RolePage(found, False))


@get("/role/{role_id:str}", operation_id="get_role")
async def get_role(request: ApiRequest, role_id: FromPath[str]) -> RoleCard:
    """One role."""
    return shown(request, await _role(request, role_id))


@post("/role", operation_id="create_role", status_code=201)
async def create_role(request: ApiRequest, data: JSONBody[RoleBody]) -> RoleCard:
    """Make a role of your own."""
    await demand_password(request)
    tools, org = tools_of(request), request.user.organization_id
    if isinstance(data.name, msgspec.UnsetType) or not data.name:
        raise Invalid(field_errors={"name": "A role needs a name."})
    given = [] if isinstance(data.permissions, msgspec.UnsetType) or not data.permissions else data.permissions
    async with tools.db.transaction() as tx:
        role_id = await member_store.insert_role(tx, org, data.name.strip(), known(given), tools.clock())
        entry = Entry(Act.ROLE_MADE, None, {"role_id": role_id, "permissions": ", ".join(sorted(known(given)))})
        await access_log_store.note(tx, org, doer_of(request), entry, tools.clock())
    return await _role(request, role_id)


@put("/role/{role_id:str}", operation_id="update_role")
async def update_role(request: ApiRequest, role_id: FromPath[str], data: JSONBody[RoleBody]) -> RoleCard:
    """Change a role of your own; who has it may do the new things at once."""
    await demand_password(request)
    _must_be_own(role_id)
    tools, org = tools_of(request), request.user.organization_id
    before = await _role(request, role_id)
    name = before.name if isinstance(data.name, msgspec.UnsetType) or not data.name else data.name.strip()
    unchanged = isinstance(data.permissions, msgspec.UnsetType) or data.permissions is None
    permissions = known(before.permissions if unchanged else data.permissions)  # type: ignore[arg-type]
    async with tools.db.transaction() as tx:
        await member_store.lock_members(tx, org)
        await member_store.update_role(tx, org, CustomRole(role_id, name, permissions), tools.clock())
        if not await member_store.count_admins(tx, org):
            raise Invalid(field_errors={"permissions": "The only admins have this role: it must go on managing."})
        entry = Entry(Act.ROLE_EDITED, None, {"role_id": role_id, "permissions": ", ".join(sorted(permissions))})
        await access_log_store.note(tx, org, doer_of(request), entry, tools.clock())
    callers_of(request).forget_all()
    return await _role(request, role_id)


@delete("/role/{role_id:str}", operation_id="delete_role", status_code=200)
async def delete_role(request: ApiRequest, role_id: FromPath[str]) -> Deleted:
    """Remove a role that nobody has."""
    await demand_password(request)
    _must_be_own(role_id)
    tools, org = tools_of(request), request.user.organization_id
    async with tools.db.transaction() as tx:
        await member_store.delete_role(tx, org, role_id)
        entry = Entry(Act.ROLE_DELETED, None, {"role_id": role_id})
        await access_log_store.note(tx, org, doer_of(request), entry, tools.clock())
    return Deleted()


@get("/group", operation_id="list_groups")
async def list_groups(request: ApiRequest) -> GroupPage:
    """All groups, without their members."""
    async with tools_of(request).db.reading() as tx:
        found = await people.groups(tx, request.user.organization_id)
    return shown(request, GroupPage(found, False))


@get("/group/{group_id:str}", operation_id="get_group")
async def get_group(request: ApiRequest, group_id: FromPath[str]) -> GroupWithMembers:
    """One group with its members."""
    return shown(request, await _group(request, group_id))


@post("/group", operation_id="create_group", status_code=201)
async def create_group(request: ApiRequest, data: JSONBody[GroupBody]) -> GroupWithMembers:
    """Make a group."""
    tools, org = tools_of(request), request.user.organization_id
    members = [] if isinstance(data.members, msgspec.UnsetType) or data.members is None else data.members
    async with tools.db.transaction() as tx:
        group_id = await group_store.insert_group(tx, org, data.name.strip(), tools.clock())
        for one in members:
            await group_store.add_member(tx, org, group_id, one.user_id, tools.clock())
    return await _group(request, group_id)


@put("/group/{group_id:str}", operation_id="update_group")
async def update_group(request: ApiRequest, group_id: FromPath[str], data: JSONBody[GroupBody]) -> GroupWithMembers:
    """Give a group another name."""
    tools = tools_of(request)
    async with tools.db.transaction() as tx:
        await group_store.rename_group(tx, request.user.organization_id, group_id, data.name.strip(), tools.clock())
    return await _group(request, group_id)


@delete("/group/{group_id:str}", operation_id="delete_group", status_code=204)
async def delete_group(request: ApiRequest, group_id: FromPath[str]) -> None:
    """Remove a group; its members stay users."""
    tools = tools_of(request)
    async with tools.db.transaction() as tx:
        await group_store.delete_group(tx, request.user.organization_id, group_id, tools.clock())


@post("/group/{group_id:str}/member", operation_id="add_group_member", status_code=201)
async def add_group_member(
    request: ApiRequest, group_id: FromPath[str], data: JSONBody[GroupMember]
) -> Response[GroupMember]:
    """Put a user into a group."""
    tools = tools_of(request)
    async with tools.db.transaction() as tx:
        await group_store.add_member(tx, request.user.organization_id, group_id, data.user_id, tools.clock())
    return Response(GroupMember(data.user_id), status_code=201)


@delete("/group/{group_id:str}/member/{user_id:str}", operation_id="remove_group_member", status_code=204)
async def remove_group_member(request: ApiRequest, group_id: FromPath[str], user_id: FromPath[str]) -> None:
    """Take a user out of a group."""
    tools = tools_of(request)
    async with tools.db.transaction() as tx:
        await group_store.remove_member(tx, request.user.organization_id, group_id, user_id, tools.clock())


def _must_be_own(role_id: str) -> None:
    if role_id in STANDING_OF:
        raise Forbidden("The built-in roles cannot be changed. Make a role of your own.")


async def _role(request: ApiRequest, role_id: str) -> RoleCard:
    async with tools_of(request).db.reading() as tx:
        return await people.role(tx, request.user.organization_id, role_id)


async def _group(request: ApiRequest, group_id: str) -> GroupWithMembers:
    async with tools_of(request).db.reading() as tx:
        return await people.group(tx, request.user.organization_id, group_id)


ROUTES = [
    list_roles, get_role, create_role, update_role, delete_role, list_groups, get_group, create_group, update_group,
    delete_group, add_group_member, remove_group_member,
]  # fmt: skip

"""/role/ and /group/: what people may do, and under which names they are gathered."""

from dataclasses import replace
from typing import Annotated

import msgspec
from litestar import Response, delete, get, post, put
from litestar.params import FromPath, JSONBody

from postroom.doors.web.bodies import Maybe, or_empty, tidy
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.proof import demand_password, doer_of
from postroom.doors.web.query import Deleted, shown, shown_part
from postroom.doors.web.reach import callers_of, tools_of
from postroom.doors.web.telling import told
from postroom.ground.database import Transaction
from postroom.ground.errors import Forbidden, Invalid
from postroom.rooms.custom_fields.field import FieldType, Kind, Target
from postroom.rooms.custom_fields.store import fields_on
from postroom.rooms.users import access_log_store, group_store, member_store
from postroom.rooms.users.access_log import Act, Entry
from postroom.rooms.users.roles import STANDING_OF, CustomRole, Permission, known
from postroom.views import people
from postroom.views.people import GroupCard, GroupMember, GroupWithMembers, RoleCard

_BEHAVIORS = "require_assignment and allow_unassigned."
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class RolePage(msgspec.Struct):
    """All roles."""

    data: list[RoleCard]
    has_more: bool


class RoleBody(msgspec.Struct):
    """A role of your own. Permissions that are unknown here are left out, as scripts that copy roles send them."""

    name: Maybe[Name] = msgspec.UNSET
    permissions: Maybe[Annotated[list[str], msgspec.Meta(max_length=1000)]] = msgspec.UNSET
    visibility_user_lcf_ids: Maybe[Annotated[list[str], msgspec.Meta(max_length=20)]] = msgspec.UNSET
    """Custom fields of leads that hold users: without view_all_leads, who has the role sees leads that name them."""
    visibility_user_lcf_behavior: Maybe[str] = msgspec.UNSET
    """require_assignment, or allow_unassigned: also leads on which none of these fields names anybody."""


class GroupPage(msgspec.Struct):
    """All groups."""

    data: list[GroupCard]
    has_more: bool


class GroupBody(msgspec.Struct):
    """What a group is called, and who is in it."""

    name: Name
    members: Maybe[Annotated[list[GroupMember], msgspec.Meta(max_length=1000)]] = msgspec.UNSET


@get("/role", operation_id="list_roles")
async def list_roles(request: ApiRequest) -> RolePage:
    """The built-in roles and the organization's own."""
    async with tools_of(request).db.reading() as tx:
        found = await people.roles(tx, request.user.organization_id)
    return shown_part(request, RolePage(found, False))


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
    async with tools.db.transaction() as tx:
        role = await _changed(tx, org, CustomRole("", data.name.strip(), frozenset()), data)
        role_id = await member_store.insert_role(tx, org, role, tools.clock())
        entry = Entry(Act.ROLE_MADE, None, {"role_id": role_id, "permissions": ", ".join(sorted(role.permissions))})
        await access_log_store.note(tx, org, doer_of(request), entry, tools.clock())
    return await _role(request, role_id)


@put("/role/{role_id:str}", operation_id="update_role")
async def update_role(request: ApiRequest, role_id: FromPath[str], data: JSONBody[RoleBody]) -> RoleCard:
    """Change a role of your own; who has it may do the new things at once."""
    await demand_password(request)
    _must_be_own(role_id)
    tools, org = tools_of(request), request.user.organization_id
    async with tools.db.transaction() as tx:
        await member_store.lock_members(tx, org)
        role = await _changed(tx, org, await member_store.custom_role(tx, org, role_id), data)
        await member_store.update_role(tx, org, role, tools.clock())
        if not await member_store.count_admins(tx, org):
            raise Invalid(field_errors={"permissions": "The only admins have this role: it must go on managing."})
        entry = Entry(Act.ROLE_EDITED, None, {"role_id": role_id, "permissions": ", ".join(sorted(role.permissions))})
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
    return shown_part(request, GroupPage(found, False))


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
    async with tools.db.transaction() as tx, told(request, tx, "group", group_id):
        await group_store.rename_group(tx, request.user.organization_id, group_id, data.name.strip(), tools.clock())
    return await _group(request, group_id)


@delete("/group/{group_id:str}", operation_id="delete_group", status_code=204)
async def delete_group(request: ApiRequest, group_id: FromPath[str]) -> None:
    """Remove a group; its members stay users."""
    tools = tools_of(request)
    async with tools.db.transaction() as tx, told(request, tx, "group", group_id):
        await group_store.delete_group(tx, request.user.organization_id, group_id, tools.clock())


@post("/group/{group_id:str}/member", operation_id="add_group_member", status_code=201)
async def add_group_member(
    request: ApiRequest, group_id: FromPath[str], data: JSONBody[GroupMember]
) -> Response[GroupMember]:
    """Put a user into a group."""
    tools = tools_of(request)
    async with tools.db.transaction() as tx, told(request, tx, "group", group_id):
        await group_store.add_member(tx, request.user.organization_id, group_id, data.user_id, tools.clock())
    return Response(GroupMember(data.user_id), status_code=201)


@delete("/group/{group_id:str}/member/{user_id:str}", operation_id="remove_group_member", status_code=204)
async def remove_group_member(request: ApiRequest, group_id: FromPath[str], user_id: FromPath[str]) -> None:
    """Take a user out of a group."""
    tools = tools_of(request)
    async with tools.db.transaction() as tx, told(request, tx, "group", group_id):
        await group_store.remove_member(tx, request.user.organization_id, group_id, user_id, tools.clock())


async def _changed(tx: Transaction, organization_id: str, before: CustomRole, data: RoleBody) -> CustomRole:
    """The role after what is given. One that neither sees all leads nor names fields sees all: as before there were
    any, and as the answer says. Raises Invalid.
    """
    name = before.name if isinstance(data.name, msgspec.UnsetType) or not data.name else data.name.strip()
    unchanged = isinstance(data.permissions, msgspec.UnsetType) or data.permissions is None
    permissions = before.permissions if unchanged else known(or_empty(data.permissions))
    seen = before.visibility
    if not isinstance(data.visibility_user_lcf_ids, msgspec.UnsetType):
        seen = replace(seen, field_ids=tuple(dict.fromkeys(or_empty(data.visibility_user_lcf_ids))))
    if behavior := tidy(data.visibility_user_lcf_behavior):
        if behavior not in ("require_assignment", "allow_unassigned"):
            raise Invalid(field_errors={"visibility_user_lcf_behavior": "This is one of " + _BEHAVIORS})
        seen = replace(seen, sees_unassigned=behavior == "allow_unassigned")
    fields = await fields_on(tx, organization_id, Target(Kind.LEAD))
    usable = {field.id for field in fields if field.content.type is FieldType.USER}
    if strange := [one for one in seen.field_ids if one not in usable and one not in before.visibility.field_ids]:
        raise Invalid(field_errors={"visibility_user_lcf_ids": f"{strange[0]} is no custom field of leads for users."})
    if Permission.MANAGE_ORGANIZATION in permissions:
        permissions |= {Permission.VIEW_ALL_LEADS}  # who hands out roles could give themselves the right to
    if Permission.VIEW_ALL_LEADS not in permissions and not seen.field_ids:
        if data.visibility_user_lcf_ids == []:
            raise Invalid(field_errors={"visibility_user_lcf_ids": "Name the fields by which leads are assigned."})
        permissions |= {Permission.VIEW_ALL_LEADS}
    return replace(before, name=name, permissions=permissions, visibility=seen)


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

"""The members of an organization as its People page and `/membership/` show them, roles, groups, and the access log."""

from datetime import datetime

import msgspec

from postroom.ground.database import Transaction
from postroom.ground.errors import NotFound
from postroom.rooms.users.roles import BUILT_IN, PERMISSIONS_OF, ROLE_ID_OF, Permission, Role, known
from postroom.views.selection import Page, Where, as_date, cut, rows_of


class MemberCard(msgspec.Struct, frozen=True):
    """A membership in Close's shape, and below `date_updated` what Close does not tell."""

    id: str
    user_id: str
    organization_id: str
    user_email: str
    user_first_name: str
    user_last_name: str
    user_full_name: str
    user_phone: str
    role_id: str
    permissions_granted: list[str]
    track_email_opens: bool
    auto_record_calls: str
    may_workflows_impersonate: bool
    date_created: str
    date_updated: str
    user_title: str
    status: str
    """active, invited (has not come yet), inactive."""
    has_two_factor: bool
    date_seen: str | None
    connected_accounts: list[str]
    """Addresses."""
    link_purpose: str | None
    """Of a link that still works: invitation or password_reset."""
    link_expires: str | None
    link_mailed: str | None
    link_mail_error: str | None
    default_caller_id: str | None = None
    hangup_recording_url: str | None = None
    primary_personal_number: str | None = None
    is_free: bool = False
    plan_type: str | None = None


class RoleCard(msgspec.Struct, frozen=True):
    """A role, in the shape of `/role/`."""

    id: str
    name: str
    editable: bool
    organization_id: str
    permissions: list[str]
    visibility_user_lcf_ids: list[str]
    visibility_user_lcf_behavior: str | None


class GroupMember(msgspec.Struct, frozen=True):
    """A user in a group."""

    user_id: str


class GroupCard(msgspec.Struct, frozen=True):
    """A group, in the shape of `/group/`."""

    id: str
    name: str
    organization_id: str
    date_created: str
    date_updated: str


class GroupWithMembers(msgspec.Struct, frozen=True):
    """A group and who is in it."""

    id: str
    name: str
    organization_id: str
    date_created: str
    date_updated: str
    members: list[GroupMember]


class AccessEntry(msgspec.Struct, frozen=True):
    """One line of the access log."""

    id: str
    act: str
    user_id: str | None
    user_name: str | None
    subject_id: str | None
    subject_name: str | None
    remote: str
    user_agent: str
    detail: msgspec.Raw
    date_created: str


class _Person(msgspec.Struct, frozen=True):
    """One row of users with what hangs on it."""

    membership_id: str
    user_id: str
    email: str
    first_name: str
    last_name: str
    phone: str
    title: str
    role: str
    custom_role_id: str | None
    custom_permissions: list[str] | None
    is_active: bool
    has_joined: bool
    has_two_factor: bool
    date_created: str
    date_updated: str
    date_seen: str | None
    accounts: list[str]
    link_purpose: str | None
    link_expires: str | None
    link_mailed: str | None
    link_mail_error: str | None


async def people(
    tx: Transaction, organization_id: str, page: Page, now: datetime, wanted: tuple[str, ...] | None = None
) -> tuple[list[MemberCard], bool]:
    """Members, the active and the invited first; `wanted` are memberships. And whether there are more."""
    where = Where.of("u.organization_id", organization_id)
    where.among("u.membership_id", wanted)
    cursor = rows_of(tx, _Person)
    await cursor.execute(
        f"select {_PERSON} where {where} order by u.is_active desc, u.date_created, u.id"
        " limit %(limit)s offset %(skip)s".encode(),
        {**where.values, "limit": page.limit + 1, "skip": page.skip, "now": now},
    )
    rows, has_more = cut(await cursor.fetchall(), page)
    return [_card(organization_id, row) for row in rows], has_more


async def person(tx: Transaction, organization_id: str, membership_id: str, now: datetime) -> MemberCard:
    """One member. Raises NotFound."""
    found, _ = await people(tx, organization_id, Page(1), now, (membership_id,))
    if not found:
        raise NotFound("There is no such membership.")
    return found[0]


async def roles(tx: Transaction, organization_id: str) -> list[RoleCard]:
    """The built-in roles, then the organization's own."""
    rows = await (
        await tx.execute(
            "select id, name, permissions, visibility_field_ids, sees_unassigned from roles where organization_id = %s"
            " order by name, id",
            (organization_id,),
        )
    ).fetchall()
    built_in = [
        RoleCard(role.id, role.name, False, organization_id, sorted(role.permissions), [], None) for role in BUILT_IN
    ]
    own = [
        RoleCard(
            id_, name, True, organization_id, sorted(known(names)), fields,
            None if Permission.VIEW_ALL_LEADS in names else "allow_unassigned" if sees else "require_assignment",
        )
        for id_, name, names, fields, sees in rows
    ]  # fmt: skip
    return built_in + own


async def role(tx: Transaction, organization_id: str, role_id: str) -> RoleCard:
    """One role. Raises NotFound."""
    for card in await roles(tx, organization_id):
        if card.id == role_id:
            return card
    raise NotFound("There is no such role.")


async def groups(tx: Transaction, organization_id: str) -> list[GroupCard]:
    """All groups by name, without their members, as Close lists them."""
    cursor = rows_of(tx, GroupCard)
    await cursor.execute(
        f"select {_GROUP} from groups where organization_id = %s order by lower(name), id", (organization_id,)
    )
    return await cursor.fetchall()


async def group(tx: Transaction, organization_id: str, group_id: str) -> GroupWithMembers:
    """One group with its members. Raises NotFound."""
    row = await (
        await tx.execute(
            f"select {_GROUP} from groups where organization_id = %s and id = %s", (organization_id, group_id)
        )
    ).fetchone()
    if row is None:
        raise NotFound("There is no such group.")
    members = await (
        await tx.execute(
            "select m.user_id from group_members m join users u on u.organization_id = m.organization_id"
            " and u.id = m.user_id where m.organization_id = %s and m.group_id = %s order by u.date_created, u.id",
            (organization_id, group_id),
        )
    ).fetchall()
    return GroupWithMembers(row[0], row[1], row[2], row[3], row[4], [GroupMember(one[0]) for one in members])


async def access_entries(
    tx: Transaction, organization_id: str, page: Page, about: str | None
) -> tuple[list[AccessEntry], bool]:
    """The access log, newest first; `about` is a user who did it or to whom it was done."""
    where = Where.of("a.organization_id", organization_id)
    if about is not None:
        where.holds("{} in (a.user_id, a.subject_id)", about)
    cursor = rows_of(tx, AccessEntry)
    await cursor.execute(
        f"select a.id, a.act, a.user_id, {_name('d')}, a.subject_id, {_name('s')}, a.remote, a.user_agent, a.detail,"
        f" {as_date('a.date_created')} from access_log a"
        " left join users d on d.organization_id = a.organization_id and d.id = a.user_id"
        " left join users s on s.organization_id = a.organization_id and s.id = a.subject_id"
        f" where {where} order by a.date_created desc, a.id desc limit %(limit)s offset %(skip)s".encode(),
        {**where.values, "limit": page.limit + 1, "skip": page.skip},
    )
    return cut(await cursor.fetchall(), page)


def _name(alias: str) -> str:
    return f"coalesce(nullif(trim({alias}.first_name || ' ' || {alias}.last_name), ''), {alias}.email)"


def _card(organization_id: str, row: _Person) -> MemberCard:
    standing = Role(row.role)
    permissions = PERMISSIONS_OF[standing] if row.custom_permissions is None else known(row.custom_permissions)
    status = "inactive" if not row.is_active else "active" if row.has_joined else "invited"
    return MemberCard(
        row.membership_id, row.user_id, organization_id, row.email, row.first_name, row.last_name,
        f"{row.first_name} {row.last_name}".strip(), row.phone, row.custom_role_id or ROLE_ID_OF[standing],
        sorted(permissions), True, "unset", True, row.date_created, row.date_updated, row.title, status,
        row.has_two_factor, row.date_seen, row.accounts, row.link_purpose, row.link_expires, row.link_mailed,
        row.link_mail_error or None,
    )  # fmt: skip


_GROUP = f"id, name, organization_id, {as_date('date_created')}, {as_date('date_updated')}"
_PERSON = (
    "u.membership_id, u.id, u.email, u.first_name, u.last_name, u.phone, u.title, u.role, u.custom_role_id,"
    " r.permissions, u.is_active, u.date_joined is not null, f.date_confirmed is not null,"
    f" {as_date('u.date_created')}, {as_date('u.date_updated')},"
    f" (select {as_date('max(s.date_seen)')} from sessions s where s.organization_id = u.organization_id"
    " and s.user_id = u.id),"
    " array(select a.email from connected_accounts a where a.organization_id = u.organization_id"
    " and a.user_id = u.id and not a.is_deleted order by a.date_created, a.id),"
    f" l.purpose, {as_date('l.date_expires')}, {as_date('l.date_mailed')}, l.mail_error"
    " from users u left join roles r on r.organization_id = u.organization_id and r.id = u.custom_role_id"
    " left join second_factors f on f.organization_id = u.organization_id and f.user_id = u.id"
    " left join access_links l on l.organization_id = u.organization_id and l.user_id = u.id"
    " and l.date_expires > %(now)s"
)

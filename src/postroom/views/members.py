"""The people of an organization, and the organization itself with its lead statuses, as Close prints them."""

import msgspec

from postroom.ground.database import Transaction
from postroom.ground.errors import NotFound
from postroom.rooms.suppression.suppression import DEFAULT_MODE, UnsubscribeMode
from postroom.rooms.users.roles import PERMISSIONS_OF, ROLE_ID_OF, Role, known
from postroom.views.field_list import FieldCard, field_page
from postroom.views.pipelines import (
    OpportunityStatusCard,
    PipelineCard,
    StatusCard,
    lead_status_cards,
    opportunity_status_cards,
    pipeline_cards,
)
from postroom.views.selection import Page, as_date, cut, rows_of

SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}
"""Of currencies; another one is its own code."""


class UserCard(msgspec.Struct, frozen=True):
    """A user, in the shape of `/user/`."""

    id: str
    email: str
    first_name: str
    last_name: str
    image: str
    organizations: list[str]
    last_used_timezone: str | None
    date_created: str
    date_updated: str


class MembershipCard(msgspec.Struct, frozen=True):
    """That a user belongs to an organization, and what the user may do there."""

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
    """All that the role allows."""
    track_email_opens: bool
    auto_record_calls: str
    may_workflows_impersonate: bool
    date_created: str
    date_updated: str
    default_caller_id: str | None = None
    hangup_recording_url: str | None = None
    primary_personal_number: str | None = None
    is_free: bool = False
    plan_type: str | None = None


class OrganizationCard(msgspec.Struct, frozen=True):
    """An organization, in the shape of `/organization/{id}/`."""

    id: str
    name: str
    currency: str
    date_created: str
    date_updated: str
    lead_statuses: list[StatusCard]
    opportunity_statuses: list[OpportunityStatusCard]
    pipelines: list[PipelineCard]
    lead_custom_fields: list[FieldCard]
    memberships: list[MembershipCard]
    inactive_memberships: list[MembershipCard]
    enable_unsubscribe_link: bool
    require_unsubscribe_link: bool
    currency_symbol: str
    created_by: str | None = None
    updated_by: str | None = None
    plan_type: str | None = None


class EmailAccountCard(msgspec.Struct, frozen=True):
    """An account of the caller, as older clients of Close find it inside `/me/`; all of it: `/connected_account/`."""

    id: str
    type: str = msgspec.field(name="_type")
    user_id: str
    organization_id: str
    email: str
    identities: list[dict[str, str]]


class MeCard(msgspec.Struct, frozen=True):
    """The calling user, in the shape of `/me/`."""

    id: str
    email: str
    first_name: str
    last_name: str
    image: str
    last_used_timezone: str | None
    date_created: str
    date_updated: str
    email_accounts: list[EmailAccountCard]
    phone_numbers: list[str]
    memberships: list[MembershipCard]
    organizations: list[OrganizationCard]


class _Member(msgspec.Struct, frozen=True):
    """One row of users."""

    id: str
    email: str
    first_name: str
    last_name: str
    timezone: str
    date_created: str
    date_updated: str
    membership_id: str
    phone: str
    role: str
    custom_role_id: str | None
    custom_permissions: list[str] | None
    is_active: bool


async def user_cards(tx: Transaction, organization_id: str, page: Page) -> tuple[list[UserCard], bool]:
    """The organization's users, oldest first, and whether there are more."""
    members, has_more = await _members(tx, organization_id, page)
    return [_user_card(organization_id, member) for member in members if member.is_active], has_more


async def user_card(tx: Transaction, organization_id: str, user_id: str) -> UserCard:
    """One user. Raises NotFound."""
    member = await _member(tx, organization_id, user_id)
    return _user_card(organization_id, member)


async def organization_card(tx: Transaction, organization_id: str) -> OrganizationCard:
    """The organization with its members and statuses."""
    row = await (
        await tx.execute(
            f"select o.id, o.name, o.currency, {as_date('o.date_created')}, {as_date('o.date_updated')}, s.mode"
            " from organizations o left join unsubscribe_settings s on s.organization_id = o.id where o.id = %s",
            (organization_id,),
        )
    ).fetchone()
    if row is None:
        raise NotFound("There is no such organization.")
    members, _ = await _members(tx, organization_id, Page(10_000))
    active = [_membership(organization_id, member) for member in members if member.is_active]
    inactive = [_membership(organization_id, member) for member in members if not member.is_active]
    labels = await lead_status_cards(tx, organization_id)
    stages = await opportunity_status_cards(tx, organization_id)
    pipelines = await pipeline_cards(tx, organization_id)
    fields = (await field_page(tx, organization_id, ("lead", ""), Page(1_000))).data
    organization_id, name, currency, created, updated, stored = row
    mode = UnsubscribeMode(stored) if stored else DEFAULT_MODE
    return OrganizationCard(
        organization_id, name, currency, created, updated, labels, stages, pipelines, fields, active, inactive,
        mode is not UnsubscribeMode.OFF, mode is UnsubscribeMode.REQUIRED, SYMBOLS.get(str(currency), str(currency)),
    )  # fmt: skip


async def me_card(tx: Transaction, organization_id: str, user_id: str) -> MeCard:
    """The calling user with the organization it belongs to."""
    member = await _member(tx, organization_id, user_id)
    organization = await organization_card(tx, organization_id)
    cursor = rows_of(tx, EmailAccountCard)
    await cursor.execute(_OWN_ACCOUNTS, (organization_id, user_id))
    accounts = await cursor.fetchall()
    return MeCard(
        member.id, member.email, member.first_name, member.last_name, "", member.timezone, member.date_created,
        member.date_updated, accounts, [member.phone] if member.phone else [], [_membership(organization_id, member)],
        [organization],
    )  # fmt: skip


async def membership_cards(tx: Transaction, organization_id: str, membership_ids: list[str]) -> list[MembershipCard]:
    """Those of these memberships that are there."""
    cursor = rows_of(tx, _Member)
    await cursor.execute(
        f"select {_MEMBER_COLUMNS} from {_MEMBERS} where u.organization_id = %s and u.membership_id = any(%s)"
        " order by u.date_created, u.id",
        (organization_id, membership_ids),
    )
    return [_membership(organization_id, one) for one in await cursor.fetchall()]


async def _members(tx: Transaction, organization_id: str, page: Page) -> tuple[list[_Member], bool]:
    cursor = rows_of(tx, _Member)
    await cursor.execute(
        f"select {_MEMBER_COLUMNS} from {_MEMBERS} where u.organization_id = %s"
        " order by u.date_created, u.id limit %s offset %s",
        (organization_id, page.limit + 1, page.skip),
    )
    return cut(await cursor.fetchall(), page)


async def _member(tx: Transaction, organization_id: str, user_id: str) -> _Member:
    cursor = rows_of(tx, _Member)
    await cursor.execute(
        f"select {_MEMBER_COLUMNS} from {_MEMBERS} where u.organization_id = %s and u.id = %s",
        (organization_id, user_id),
    )
    member = await cursor.fetchone()
    if member is None:
        raise NotFound("There is no such user.")
    return member


def _user_card(organization_id: str, member: _Member) -> UserCard:
    return UserCard(
        member.id, member.email, member.first_name, member.last_name, "", [organization_id], member.timezone,
        member.date_created, member.date_updated,
    )  # fmt: skip


def _membership(organization_id: str, member: _Member) -> MembershipCard:
    role, own = Role(member.role), member.custom_permissions
    permissions = PERMISSIONS_OF[role] if own is None else known(own)
    full_name = f"{member.first_name} {member.last_name}".strip()
    return MembershipCard(
        member.membership_id, member.id, organization_id, member.email, member.first_name, member.last_name, full_name,
        member.phone, member.custom_role_id or ROLE_ID_OF[role], sorted(permissions), True, "unset", True,
        member.date_created, member.date_updated,
    )  # fmt: skip


_MEMBER_COLUMNS = (
    f"u.id, u.email, u.first_name, u.last_name, u.timezone, {as_date('u.date_created')}, {as_date('u.date_updated')},"
    " u.membership_id, u.phone, u.role, u.custom_role_id, r.permissions, u.is_active"
)
_OWN_ACCOUNTS = (
    "select a.id, a.type, a.user_id, a.organization_id, a.email,"
    " coalesce((select json_agg(json_build_object('email', i.address, 'name', i.name) order by i.position)"
    " from account_identities i where i.organization_id = a.organization_id and i.account_id = a.id"
    " and i.proof <> 'pending'), '[]'::json)"
    " from connected_accounts a where a.organization_id = %s and a.user_id = %s and not a.is_deleted"
    " order by a.date_created, a.id"
)
_MEMBERS = "users u left join roles r on r.organization_id = u.organization_id and r.id = u.custom_role_id"

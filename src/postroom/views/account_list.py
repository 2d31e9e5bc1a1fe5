"""Connected accounts as Close prints them, with what only ours have: status and remedies, servers, settings, counts."""

from datetime import datetime

import msgspec

from postroom.ground.database import Transaction
from postroom.ground.errors import NotFound
from postroom.views.selection import Where, as_date, rows_of


class IdentityCard(msgspec.Struct, frozen=True):
    """An address that an account sends as."""

    email: str
    name: str


class ServerCard(msgspec.Struct, frozen=True):
    """Where an account logs in. The password is never shown."""

    host: str
    port: int
    encryption: str
    use_ssl: bool
    username: str


class AccountCard(msgspec.Struct, frozen=True):
    """A connected account, in the shape of `/connected_account/`; from `provider` on it is not Close's."""

    id: str
    type: str = msgspec.field(name="_type")
    user_id: str | None
    organization_id: str
    date_created: str
    date_updated: str
    email: str
    identities: list[IdentityCard]
    default_identity: IdentityCard
    enabled_features: list[str]
    available_features: list[str]
    email_receive_status: str
    calendar_receive_status: str | None
    receive_status: str
    send_status: str
    latest_receive_error: str | None
    latest_send_error: str | None
    is_imap_archive_sync_enabled: bool
    imap: ServerCard | None
    smtp: ServerCard | None
    available_calendars: list[str]
    synced_calendars: list[str]
    sync_all_calendars: bool
    has_meeting_creation_scopes: bool
    lead_suggestions_updated_at: str | None
    calendly: str | None
    zoom_account_plan: str | None
    provider: str
    display_name: str
    reply_to: str
    is_default: bool
    is_active: bool
    sync_enabled: bool
    send_enabled: bool
    receive_error: str
    receive_remedy: str
    send_error: str
    send_remedy: str
    poll_seconds: int
    sync_direction: str
    history_from: str | None
    auto_link: bool
    archive_sync: bool
    read_sync: bool
    track_opens: bool
    track_clicks: bool
    link_by_name: bool
    link_by_domain: bool
    coworkers_see: str
    last_sync: str | None
    emails_sent_today: int
    sign_in: str
    """The provider whose own sign-in the account is connected by; "" with a password."""


class AccountPage(msgspec.Struct, frozen=True):
    """Connected accounts, all of them."""

    data: list[AccountCard]
    has_more: bool


async def account_page(
    tx: Transaction, organization_id: str, owners: tuple[str, ...] | None, now: datetime
) -> AccountPage:
    """The accounts of these users (None: of everybody and of teams), oldest first."""
    where = Where.of("a.organization_id", organization_id)
    if owners is not None:
        where.holds("(a.user_id = any({}) or a.user_id is null)", list(owners))
    return AccountPage(await _cards(tx, where, now), False)


async def account_card(tx: Transaction, organization_id: str, account_id: str, now: datetime) -> AccountCard:
    """One account. Raises NotFound, also for one that was removed."""
    where = Where.of("a.organization_id", organization_id)
    where.equal("a.id", account_id)
    found = await _cards(tx, where, now)
    if not found:
        raise NotFound("There is no such connected account.")
    return found[0]


async def _cards(tx: Transaction, where: Where, now: datetime) -> list[AccountCard]:
    """`today` begins at midnight UTC, as in `sync_status.py`."""
    cursor = rows_of(tx, AccountCard)
    await cursor.execute(
        f"select {_COLUMNS} from connected_accounts a where {where} and not a.is_deleted order by a.date_created, a.id",
        {**where.values, "today": now.replace(hour=0, minute=0, second=0, microsecond=0), "now": now},
    )
    return await cursor.fetchall()


def _server(side: str) -> str:
    return (
        f"case when a.{side}_host = '' then null else json_build_object('host', a.{side}_host, 'port', a.{side}_port,"
        f" 'encryption', a.{side}_encryption, 'use_ssl', a.{side}_encryption <> 'none', 'username', a.{side}_user) end"
    )


_FEATURES = (
    "to_json(array_remove(array[case when {sync} then 'email_syncing' end, case when {send} then 'email_sending' end],"
    " null))"
)
_COLUMNS = ", ".join(
    (
        "a.id",
        "a.type",
        "a.user_id",
        "a.organization_id",
        as_date("a.date_created"),
        as_date("a.date_updated"),
        "a.email",
        "coalesce((select json_agg(json_build_object('email', i.address, 'name', i.name) order by i.position)"
        " from account_identities i where i.organization_id = a.organization_id and i.account_id = a.id"
        " and i.proof <> 'pending'), '[]'::json)",
        "json_build_object('email', a.email, 'name', a.display_name)",
        _FEATURES.format(sync="a.sync_enabled and a.imap_host <> ''", send="a.send_enabled and a.smtp_host <> ''"),
        _FEATURES.format(sync="a.imap_host <> ''", send="a.smtp_host <> ''"),
        "a.receive_status",
        "null",
        "a.receive_status",
        "a.send_status",
        "nullif(a.receive_error, '')",
        "nullif(a.send_error, '')",
        "a.archive_sync",
        _server("imap"),
        _server("smtp"),
        "'[]'::json",
        "'[]'::json",
        "false",
        "false",
        "null",
        "null",
        "null",
        "a.provider",
        "a.display_name",
        "a.reply_to",
        "a.is_default",
        "a.is_active",
        "a.sync_enabled",
        "a.send_enabled",
        "a.receive_error",
        "a.receive_remedy",
        "a.send_error",
        "a.send_remedy",
        "a.poll_seconds",
        "a.sync_direction",
        as_date("a.history_from"),
        "a.auto_link",
        "a.archive_sync",
        "a.read_sync",
        "a.track_opens",
        "a.track_clicks",
        "a.link_by_name",
        "a.link_by_domain",
        "a.coworkers_see",
        as_date("a.last_pull_at"),
        "(select count(*) from seen_emails e where e.organization_id = a.organization_id and e.account_id = a.id"
        " and e.direction = 'outgoing' and e.status = 'sent' and e.activity_at between %(today)s and %(now)s)",
        "coalesce((select g.provider from oauth_grants g where g.organization_id = a.organization_id"
        " and g.account_id = a.id and cardinality(g.features) > 0), '')",
    )
)

"""/connected_account/: add, test, change and remove mailboxes. How they are doing stands in `account_health.py`."""

from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromPath, JSONBody

from postroom.doors.web.bodies import Maybe, moment_in, tidy
from postroom.doors.web.document import takes
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.query import Deleted, asked, shown, shown_part
from postroom.doors.web.reach import asker_of, tools_of
from postroom.ground.errors import Invalid
from postroom.journeys import connect
from postroom.journeys.connect import AccountEdit, Keep, NewAccount, ServersToTest
from postroom.journeys.steps.check_server import ServerReport, TestReport
from postroom.rooms.accounts import store
from postroom.rooms.accounts.account import AccountSettings, CoworkersSee, SyncDirection
from postroom.rooms.accounts.provider import CUSTOM, Provider, Server
from postroom.rooms.accounts.providers import providers
from postroom.rooms.accounts.typed_server import TypedServer
from postroom.views.account_list import AccountCard, AccountPage, account_card, account_page

Line = Annotated[str, msgspec.Meta(max_length=1000)]


class ServerBody(msgspec.Struct):
    """A mail server as typed: the host may hold `:port`; what is left out is filled in."""

    host: Line
    port: int | None = None
    encryption: Line | None = None
    username: Line | None = None
    password: Annotated[str, msgspec.Meta(max_length=20_000)] | None = None


class TestBody(msgspec.Struct):
    """Settings to try without saving them."""

    email: Line
    imap: ServerBody | None = None
    smtp: ServerBody | None = None
    provider: Line | None = None


class StepCard(msgspec.Struct):
    """One step of a test."""

    name: str
    ok: bool
    detail: str


class ServerReportCard(msgspec.Struct):
    """How far the test of one server came, in the server's words and in plain ones."""

    ok: bool
    steps: list[StepCard]
    error: str
    cause: str
    remedy: str
    next_step: str
    help_url: str
    admin_step: str


class TestCard(msgspec.Struct):
    """The result of a test; null for a side that was not given."""

    imap: ServerReportCard | None
    smtp: ServerReportCard | None


class ProviderServer(msgspec.Struct):
    """A provider's server."""

    host: str
    port: int
    encryption: str


class ProviderCard(msgspec.Struct):
    """What is known of a mail provider."""

    key: str
    name: str
    kind: str
    imap: ProviderServer | None
    smtp: ProviderServer | None
    domains: list[str]
    needs_app_password: bool
    app_password_url: str
    hint: str
    help_url: str


class AccountBody(msgspec.Struct):
    """An account to add, or what to change of one. `imap` or `smtp` null: the account does not do that.

    `user_id` null is a team's account (admins only); without it, it is the caller's. Of the past, `history_days` (null:
    all) or `history_from` is read.
    """

    email: Maybe[Line] = msgspec.UNSET
    user_id: Maybe[Line] = msgspec.UNSET
    provider: Maybe[Line] = msgspec.UNSET
    imap: Maybe[ServerBody] = msgspec.UNSET
    smtp: Maybe[ServerBody] = msgspec.UNSET
    display_name: Maybe[Line] = msgspec.UNSET
    reply_to: Maybe[Line] = msgspec.UNSET
    is_default: bool | msgspec.UnsetType = msgspec.UNSET
    is_active: bool | msgspec.UnsetType = msgspec.UNSET
    sync_enabled: bool | msgspec.UnsetType = msgspec.UNSET
    send_enabled: bool | msgspec.UnsetType = msgspec.UNSET
    poll_seconds: int | msgspec.UnsetType = msgspec.UNSET
    sync_direction: SyncDirection | msgspec.UnsetType = msgspec.UNSET
    history_days: Annotated[int, msgspec.Meta(ge=0, le=36_500)] | msgspec.UnsetType | None = msgspec.UNSET
    history_from: Maybe[Line] = msgspec.UNSET
    auto_link: bool | msgspec.UnsetType = msgspec.UNSET
    archive_sync: bool | msgspec.UnsetType = msgspec.UNSET
    read_sync: bool | msgspec.UnsetType = msgspec.UNSET
    track_opens: bool | msgspec.UnsetType = msgspec.UNSET
    track_clicks: bool | msgspec.UnsetType = msgspec.UNSET
    link_by_name: bool | msgspec.UnsetType = msgspec.UNSET
    link_by_domain: bool | msgspec.UnsetType = msgspec.UNSET
    coworkers_see: CoworkersSee | msgspec.UnsetType = msgspec.UNSET


@get("/connected_account", operation_id="list_connected_accounts", operation_class=takes("user_id", "_type", "_fields"))
async def list_accounts(request: ApiRequest) -> AccountPage:
    """All accounts of the organization, those of a user, or of these `_type`s. Restricted users see their own and
    their teams'."""
    tools, owners, types = tools_of(request), asked(request).ids("user_id"), asked(request).ids("_type")
    if request.user.role.value == "restricted":
        owners = (request.user.id,)
    async with tools.db.reading() as tx:
        page = await account_page(tx, request.user.organization_id, owners, tools.clock())
    # Connectors ask for Google's, then for Zoom's …, and take what comes for that.
    kept = page if types is None else AccountPage([card for card in page.data if card.type in types], page.has_more)
    return shown_part(request, kept)


@get("/connected_account/providers", operation_id="list_providers", sync_to_thread=False)
def list_providers(request: ApiRequest) -> list[ProviderCard]:
    """What is known of mail providers: hosts, ports, and whether an app password is needed."""
    return [_provider(row) for row in (*providers(), CUSTOM)]


@get("/connected_account/{account_id:str}", operation_id="get_connected_account", operation_class=takes("_fields"))
async def get_account(request: ApiRequest, account_id: FromPath[str]) -> AccountCard:
    """One account."""
    return shown(request, await _card(request, account_id))


@post("/connected_account/test", operation_id="test_connected_account", status_code=200)
async def test_account(request: ApiRequest, data: JSONBody[TestBody]) -> TestCard:
    """Try settings step by step. Nothing is saved."""
    servers = ServersToTest(data.email, _typed(data.imap), _typed(data.smtp), data.provider or "custom")
    return test_card(await connect.test_settings(tools_of(request), servers))


@post("/connected_account", operation_id="create_connected_account", status_code=200)
async def create_account(request: ApiRequest, data: JSONBody[AccountBody]) -> AccountCard:
    """Connect an account; its mail begins to come in."""
    owner_id = request.user.id if isinstance(data.user_id, msgspec.UnsetType) else data.user_id or None
    new = NewAccount(
        tidy(data.email) or "",
        owner_id,
        None if isinstance(data.imap, msgspec.UnsetType) else _typed(data.imap),
        None if isinstance(data.smtp, msgspec.UnsetType) else _typed(data.smtp),
        tidy(data.provider) or "",
        _settings(request, data, AccountSettings()),
    )
    return await _card(request, await connect.add_account(tools_of(request), asker_of(request), new))


@put("/connected_account/{account_id:str}", operation_id="update_connected_account")
async def update_account(request: ApiRequest, account_id: FromPath[str], data: JSONBody[AccountBody]) -> AccountCard:
    """Change what is given. A changed login reconnects the account and releases what waits to be sent."""
    tools = tools_of(request)
    async with tools.db.transaction() as tx:
        account = await store.get(tx, request.user.organization_id, account_id)
    edit = AccountEdit(
        _settings(request, data, account.settings),
        Keep.KEEP if isinstance(data.imap, msgspec.UnsetType) else _typed(data.imap),
        Keep.KEEP if isinstance(data.smtp, msgspec.UnsetType) else _typed(data.smtp),
    )
    await connect.update_account(tools, asker_of(request), account_id, edit)
    return await _card(request, account_id)


@delete("/connected_account/{account_id:str}", operation_id="delete_connected_account", status_code=200)
async def delete_account(request: ApiRequest, account_id: FromPath[str]) -> Deleted:
    """Remove an account and its credentials; every email stays."""
    await connect.remove_account(tools_of(request), asker_of(request), account_id)
    return Deleted()


async def _card(request: ApiRequest, account_id: str) -> AccountCard:
    tools = tools_of(request)
    async with tools.db.reading() as tx:
        return await account_card(tx, request.user.organization_id, account_id, tools.clock())


def _settings(request: ApiRequest, data: AccountBody, before: AccountSettings) -> AccountSettings:
    """The settings with what is given; a name of a setting is the same in the body and the value."""
    given: dict[str, Any] = {}
    for name in before.__dataclass_fields__:
        value = getattr(data, name, msgspec.UNSET)
        if not isinstance(value, msgspec.UnsetType) and name != "history_from":
            given[name] = value if value is not None else ""
    if not isinstance(data.history_from, msgspec.UnsetType):
        given["history_from"] = moment_in("history_from", data.history_from)
    elif not isinstance(data.history_days, msgspec.UnsetType):
        days = data.history_days
        given["history_from"] = None if days is None else tools_of(request).clock() - timedelta(days=days)
    return replace(before, **given)


def _typed(server: ServerBody | None) -> TypedServer | None:
    if server is None:
        return None
    if not server.host.strip():
        raise Invalid(field_errors={"host": "Type the name of the server."})
    return TypedServer(server.host, server.port, server.encryption or None, server.username, server.password)


def test_card(report: TestReport) -> TestCard:
    """A test's result as it is answered."""
    return TestCard(_report(report.imap), _report(report.smtp))


def _report(report: ServerReport | None) -> ServerReportCard | None:
    if report is None:
        return None
    advice = report.advice
    return ServerReportCard(
        report.ok,
        [StepCard(step.name, step.ok, step.detail) for step in report.steps],
        report.error,
        advice.cause if advice else "",
        report.remedy.value if report.remedy else "",
        advice.next_step if advice else "",
        advice.help_url if advice else "",
        report.admin_step,
    )


def _provider(row: Provider) -> ProviderCard:
    return ProviderCard(
        row.key, row.name, row.sign_in.value, _provider_server(row.imap), _provider_server(row.smtp),
        list(row.domains), row.needs_app_password, row.app_code_url, row.hint, row.help_url,
    )  # fmt: skip


def _provider_server(server: Server | None) -> ProviderServer | None:
    return ProviderServer(server.host, server.port, server.encryption.value) if server else None


ROUTES = [list_accounts, list_providers, get_account, test_account, create_account, update_account, delete_account]

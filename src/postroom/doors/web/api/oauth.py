"""Connecting by a provider's own sign-in: client ids for admins, leaving for the provider, and coming back.

Not in Close. The way back is a page address, not under /api/: a browser is sent there by the provider.
"""

from typing import Annotated
from urllib.parse import urlencode

import msgspec
from litestar import Response, delete, get, post, put
from litestar.params import FromPath, JSONBody

from postroom.doors.web.auth import credentials_in
from postroom.doors.web.document import takes
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.query import Deleted, asked
from postroom.doors.web.reach import asker_of, callers_of, require_admin, tools_of
from postroom.ground.errors import Forbidden, PostroomError
from postroom.journeys import consent
from postroom.journeys.consent import CALLBACK_PATH, Browser, ClientToRegister, Return, Wish
from postroom.rooms.accounts import oauth_store
from postroom.rooms.accounts.access import Asker
from postroom.rooms.accounts.account import Side
from postroom.rooms.accounts.oauth import ClientSettings, Feature, admin_consent_page, oauth_provider
from postroom.rooms.accounts.oauth_store import RegisteredClient
from postroom.rooms.accounts.provider import Server
from postroom.rooms.accounts.typed_server import TypedServer, read_login

Line = Annotated[str, msgspec.Meta(max_length=2000)]
ACCOUNTS_PAGE = "/settings/accounts"


class OauthServer(msgspec.Struct):
    """A server that takes the provider's access tokens; the host may hold `:port`."""

    host: Line
    port: int | None = None
    encryption: Line | None = None


class OauthClientBody(msgspec.Struct):
    """A registered client. Without `client_secret` the one before stays.

    `tenant`: Microsoft's, empty for all. Endpoints, scopes and servers: for providers other than google and microsoft.
    """

    client_id: Line
    client_secret: Line | None = None
    tenant: Line = ""
    name: Line = ""
    authorize_url: Line = ""
    token_url: Line = ""
    revoke_url: Line = ""
    sync_scope: Line = ""
    send_scope: Line = ""
    imap: OauthServer | None = None
    smtp: OauthServer | None = None


class OauthClientCard(msgspec.Struct):
    """A registered client without its secret. `redirect_uri` is what to enter at the provider.

    `admin_consent_url`: where a directory's administrator agrees once for everybody; "" at all but Microsoft.
    `accounts` sign in by it.
    """

    provider: str
    client_id: str
    has_secret: bool
    redirect_uri: str
    tenant: str
    name: str
    authorize_url: str
    token_url: str
    revoke_url: str
    sync_scope: str
    send_scope: str
    imap: OauthServer | None
    smtp: OauthServer | None
    admin_consent_url: str
    accounts: int


class OauthClientPage(msgspec.Struct):
    """All registered clients, and what to enter at any provider as the address to come back to."""

    data: list[OauthClientCard]
    redirect_uri: str


class SignInCard(msgspec.Struct):
    """A provider whose own sign-in can be used here."""

    provider: str
    name: str
    admin_consent_url: str


class SignInPage(msgspec.Struct):
    """What can be signed in with; empty until an admin registers a client."""

    data: list[SignInCard]


class LeaveBody(msgspec.Struct):
    """What to connect: `sync`, `send` or both. `account_id` reconnects or widens an account."""

    provider: Line
    features: list[Feature]
    email: Line = ""
    account_id: Line | None = None


class LeaveAnswer(msgspec.Struct):
    """The provider's page, to be opened in this very browser."""

    url: str


@get("/oauth_client", operation_id="list_oauth_clients")
async def list_clients(request: ApiRequest) -> OauthClientPage:
    """All registered clients. For admins."""
    require_admin(request)
    tools = tools_of(request)
    uri = consent.redirect_uri(tools)
    async with tools.db.reading() as tx:
        clients = await oauth_store.clients(tx, request.user.organization_id)
        used = await oauth_store.accounts_by_provider(tx, request.user.organization_id)
    return OauthClientPage([_card(one, uri, used.get(one.provider, 0)) for one in clients], uri)


@get("/oauth_client/{provider:str}", operation_id="get_oauth_client")
async def get_client(request: ApiRequest, provider: FromPath[str]) -> OauthClientCard:
    """The client registered at a provider; empty, with the redirect URI to enter there, before it is. For admins."""
    require_admin(request)
    return await _one_card(request, provider)


@put("/oauth_client/{provider:str}", operation_id="save_oauth_client")
async def save_client(request: ApiRequest, provider: FromPath[str], data: JSONBody[OauthClientBody]) -> OauthClientCard:
    """Register a client. For admins."""
    settings = ClientSettings(
        data.name, data.tenant.strip(), data.authorize_url.strip(), data.token_url.strip(), data.revoke_url.strip(),
        data.sync_scope, data.send_scope, _read(data.imap, Side.RECEIVE), _read(data.smtp, Side.SEND),
    )  # fmt: skip
    given = ClientToRegister(provider, data.client_id, data.client_secret, settings)
    await consent.register_client(tools_of(request), asker_of(request), given)
    return await _one_card(request, provider)


@delete("/oauth_client/{provider:str}", operation_id="delete_oauth_client", status_code=200)
async def delete_client(request: ApiRequest, provider: FromPath[str]) -> Deleted:
    """Take a client away with its secret; accounts that sign in by it end when their access runs out. For admins."""
    await consent.remove_client(tools_of(request), asker_of(request), provider)
    return Deleted()


@get("/connected_account/sign_ins", operation_id="list_sign_ins")
async def list_sign_ins(request: ApiRequest) -> SignInPage:
    """Providers whose own sign-in an admin has made possible."""
    tools = tools_of(request)
    async with tools.db.reading() as tx:
        clients = await oauth_store.clients(tx, request.user.organization_id)
    uri = consent.redirect_uri(tools)
    return SignInPage(
        [
            SignInCard(one.provider, oauth_provider(one.provider, one.settings).name, _consent_page(one, uri))
            for one in clients
        ]
    )


@post("/connected_account/sign_in", operation_id="begin_sign_in", status_code=200)
async def begin_sign_in(request: ApiRequest, data: JSONBody[LeaveBody]) -> LeaveAnswer:
    """Begin a provider's sign-in; only from a browser, which comes back with it."""
    if not request.auth:
        raise Forbidden("A provider's sign-in is begun in a browser that is signed in here.")
    wish = Wish(data.provider, frozenset(data.features), data.email, data.account_id)
    return LeaveAnswer(await consent.leave(tools_of(request), Browser(asker_of(request), request.auth), wish))


@get(CALLBACK_PATH, operation_id="come_back", operation_class=takes("state", "code", "error"), include_in_schema=False)
async def come_back(request: ApiRequest) -> Response[None] | Response[str]:
    """Where the provider sends the browser; it goes on to the page, with the account or with what went wrong."""
    query = asked(request)
    if query.text("admin_consent"):
        return _after_admin_consent(query.text("error_description") or query.text("error"))
    back = Return(query.text("state"), query.text("code"), query.text("error"), query.text("error_description"))
    try:
        found = {"connected": await consent.come_back(tools_of(request), await _browser(request), back)}
    except PostroomError as error:
        found = {"not_connected": str(error)}
    return Response(None, status_code=303, headers={"Location": f"{ACCOUNTS_PAGE}?{urlencode(found)}"})


def _after_admin_consent(error: str) -> Response[str]:
    """An administrator who agreed for a directory has no account here, and is told so much in plain text."""
    text = (
        f"Microsoft did not record the consent: {error[:500]}\n"
        if error
        else "Thank you. The people of your organization can connect their mailboxes now. You may close this page.\n"
    )
    return Response(text, media_type="text/plain")


async def _browser(request: ApiRequest) -> Browser:
    """Proven by the session cookie, which a link from another site brings along (SameSite=Lax)."""
    credentials = credentials_in(request.scope["headers"])
    caller = await callers_of(request).caller(credentials) if credentials else None
    if caller is None or caller.session is None:
        raise Forbidden("Sign in to Postroom first, then connect the account again.")
    user = caller.user
    return Browser(Asker(user.organization_id, user.id, user.role.value), caller.session)


def _read(server: OauthServer | None, side: Side) -> Server | None:
    if server is None:
        return None
    login = read_login(TypedServer(server.host, server.port, server.encryption), side, "")
    return Server(login.host, login.port, login.encryption)


def _shown(server: Server | None) -> OauthServer | None:
    return OauthServer(server.host, server.port, server.encryption.value) if server else None


async def _one_card(request: ApiRequest, provider: str) -> OauthClientCard:
    tools = tools_of(request)
    async with tools.db.reading() as tx:
        used = await oauth_store.accounts_by_provider(tx, request.user.organization_id)
        known = {one.provider: one for one in await oauth_store.clients(tx, request.user.organization_id)}
    client = known.get(provider, RegisteredClient(provider, "", None, ClientSettings()))
    return _card(client, consent.redirect_uri(tools), used.get(provider, 0))


def _consent_page(client: RegisteredClient, redirect_uri: str) -> str:
    if not client.client_id:
        return ""
    known = oauth_provider(client.provider, client.settings)
    return admin_consent_page(known, client.settings, client.client_id, redirect_uri)


def _card(client: RegisteredClient, redirect_uri: str, accounts: int) -> OauthClientCard:
    known = client.settings
    return OauthClientCard(
        client.provider, client.client_id, client.secret is not None, redirect_uri, known.tenant, known.name,
        known.authorize_url, known.token_url, known.revoke_url, known.sync_scope, known.send_scope,
        _shown(known.imap), _shown(known.smtp), _consent_page(client, redirect_uri), accounts,
    )  # fmt: skip


ROUTES = [list_clients, get_client, save_client, delete_client, list_sign_ins, begin_sign_in]
OPEN_ROUTES = [come_back]

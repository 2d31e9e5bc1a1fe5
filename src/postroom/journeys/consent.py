"""Connect an account by the provider's own sign-in (OAuth 2: authorization code, PKCE, state bound to the session).

register_client   T   what an admin registered at the provider, the secret sealed
leave             T   state, verifier and nonce are remembered; the address of the provider's page
come_back         T   the sign-in is taken, so that it counts once
                  N   the code against tokens
                  T   the account, its logins and its grant; what was refused before is forgotten

A sign-in adds what it asked for to what the account already may; the rest stays as it was.
"""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from postroom.ground.database import Transaction
from postroom.ground.errors import Conflict, Invalid, NeedsUser, NotFound, Remedy
from postroom.ground.passwords import secret_hash
from postroom.journeys import jobs
from postroom.journeys.steps.access_token import sealed_tokens, token_endpoint
from postroom.journeys.steps.judge_own_change import judge_own_change
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import identity_store, oauth_store, store
from postroom.rooms.accounts.access import Asker, demand, may_change
from postroom.rooms.accounts.account import AccountChange, AccountSettings, ConnectedAccount, Side, Standing
from postroom.rooms.accounts.oauth import (
    SIDE_FEATURE,
    SIGN_IN_LASTS,
    ClientSettings,
    Feature,
    OauthProvider,
    Question,
    client_context,
    denial,
    missing_features,
    oauth_provider,
    page_address,
    verifier_context,
)
from postroom.rooms.accounts.oauth_store import Grant, RegisteredClient, SignInUnderWay
from postroom.rooms.accounts.provider import Server
from postroom.rooms.accounts.providers import files_own_sent, provider
from postroom.rooms.accounts.typed_server import read_address
from postroom.wire.mime.address_key import address_key
from postroom.wire.oauth import tokens
from postroom.wire.oauth.types import CodeExchange, Tokens

CALLBACK_PATH = "/connect/callback"
KNOWN_PROVIDERS = ("google", "microsoft")
_KEY = re.compile(r"[a-z][a-z0-9_-]{0,39}")


@dataclass(frozen=True, slots=True)
class Browser:
    """Who asks, in which browser session: a sign-in comes back to the session that it left from, or not at all."""

    asker: Asker
    session_hash: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Wish:
    """What to connect. `email` is a hint for the provider's page; `account_id` reconnects or widens that account."""

    provider: str
    features: frozenset[Feature]
    email: str = ""
    account_id: str | None = None


@dataclass(frozen=True, slots=True)
class Return:
    """What the provider's page sends back with the user (RFC 6749 4.1.2)."""

    state: str = field(repr=False)
    code: str = field(repr=False)
    error: str = ""
    error_description: str = ""


@dataclass(frozen=True, slots=True)
class ClientToRegister:
    """What an admin typed. `secret` None keeps the one before, "" makes it a public client."""

    provider: str
    client_id: str
    secret: str | None = field(repr=False)
    settings: ClientSettings


def redirect_uri(tools: Tools) -> str:
    """What an admin registers at the provider as the address to come back to."""
    return tools.config.base_url + CALLBACK_PATH


async def register_client(tools: Tools, asker: Asker, given: ClientToRegister) -> None:
    """Keep an organization's client id and secret. Raises Forbidden, Invalid."""
    demand(asker.role == "admin", "register client ids")
    _check_client(given)
    sealed = None
    if given.secret:
        sealed = tools.vault.seal(given.secret.encode(), client_context(asker.organization_id, given.provider))
    async with tools.db.transaction() as tx:
        if given.secret is None:
            before = {one.provider: one for one in await oauth_store.clients(tx, asker.organization_id)}
            known = before.get(given.provider)
            sealed = known.secret if known is not None and _same_endpoints(known.settings, given.settings) else None
        client = RegisteredClient(given.provider, given.client_id.strip(), sealed, given.settings)
        await oauth_store.save_client(tx, asker.organization_id, client, tools.clock())


async def remove_client(tools: Tools, asker: Asker, provider_key: str) -> None:
    """Take a client away. Accounts that sign in by it work until their access runs out, and then say so.

    Raises Forbidden, NotFound.
    """
    demand(asker.role == "admin", "remove client ids")
    async with tools.db.transaction() as tx:
        if not await oauth_store.delete_client(tx, asker.organization_id, provider_key):
            raise NotFound(f"Nobody has registered a client id at {provider_key}.")


async def leave(tools: Tools, browser: Browser, wish: Wish) -> str:
    """The address of the provider's page. Raises Invalid, NotFound (nothing registered there), Forbidden."""
    if not wish.features:
        raise Invalid(field_errors={"features": "Choose what to connect: sync, send or both."})
    organization_id, now = browser.asker.organization_id, tools.clock()
    state, verifier, nonce = (secrets.token_urlsafe(48) for _ in range(3))
    state_hash = secret_hash(state)
    async with tools.db.transaction() as tx:
        client = await oauth_store.client_of(tx, organization_id, wish.provider)
        email = wish.email.strip()
        if wish.account_id is not None:
            account = await store.get(tx, organization_id, wish.account_id)
            demand(may_change(browser.asker, account) and not account.is_deleted, "change this account")
            email = account.email
        sealed = tools.vault.seal(verifier.encode(), verifier_context(organization_id, state_hash))
        sign_in = SignInUnderWay(
            state_hash, browser.session_hash, browser.asker.user_id, wish.provider, sorted(wish.features),
            wish.account_id, sealed, nonce, now + SIGN_IN_LASTS,
        )  # fmt: skip
        await oauth_store.add_sign_in(tx, organization_id, sign_in, now)
    question = Question(client.client_id, redirect_uri(tools), wish.features, email, state, verifier, nonce)
    return page_address(oauth_provider(client.provider, client.settings), question)


async def come_back(tools: Tools, browser: Browser, back: Return) -> str:
    """Finish the sign-in; the account's id.

    Raises Invalid (not left from this browser, or too long ago), NeedsUser (refused, or something not allowed),
    Conflict (another account was chosen), Temporary, Permanent.
    """
    organization_id = browser.asker.organization_id
    state_hash = secret_hash(back.state)
    async with tools.db.transaction() as tx:
        sign_in = await oauth_store.take_sign_in(tx, organization_id, state_hash, browser.session_hash, tools.clock())
        if sign_in is None or sign_in.user_id != browser.asker.user_id:
            raise Invalid("This sign-in was begun in another browser, or too long ago. Start again.")
        client = await oauth_store.client_of(tx, organization_id, sign_in.provider)
    known = oauth_provider(client.provider, client.settings)
    if back.error or not back.code:
        raise denial(known.name, back.error or "no code", back.error_description)
    given = await _exchange(tools, organization_id, (client, known, sign_in), back.code)
    return await _connect(tools, browser.asker, (client, known, sign_in), given)


_Reached = tuple[RegisteredClient, OauthProvider, SignInUnderWay]
"""Where the user comes back from: our client there, the provider, and the sign-in."""


async def _exchange(tools: Tools, organization_id: str, reached: _Reached, code: str) -> Tokens:
    """Tokens, from the provider itself, for this very sign-in (OpenID Connect Core 3.1.3.7, 11)."""
    client, known, sign_in = reached
    context = verifier_context(organization_id, sign_in.state_hash)
    verifier = tools.vault.open(sign_in.verifier, context).decode()
    endpoint = token_endpoint(tools, organization_id, client, known.token_url)
    given = await tokens.exchange_code(endpoint, CodeExchange(code, verifier, redirect_uri(tools)))
    if given.claims and given.claims.get("nonce", sign_in.nonce) != sign_in.nonce:
        raise Invalid(f"{known.name} answered for another sign-in. Start again.")
    missing = missing_features(known, (Feature(one) for one in sign_in.features), given.scopes)
    if missing:
        raise NeedsUser(
            f"At {known.name} you did not allow what {' and '.join(missing)} needs. Start again and leave every box"
            " ticked.",
            remedy=Remedy.CONSENT,
        )
    return given


async def _connect(tools: Tools, asker: Asker, reached: _Reached, given: Tokens) -> str:
    client, known, sign_in = reached
    email = _signed_in(known, given)
    async with tools.db.transaction() as tx:
        before = await identity_store.own_addresses(tx, asker.organization_id)
        account = await _account_to_connect(tx, asker, sign_in, email)
        if account is None:
            account = await _add(tools, tx, asker, (sign_in, email))
        features = await _save_grant(tools, tx, account, (sign_in, email, given))
        await _save_logins(tools, tx, account, _servers(client))
        await _go_on(tools, tx, account, features)
        await judge_own_change(tools, tx, asker.organization_id, before)
    return account.id


def _signed_in(known: OauthProvider, given: Tokens) -> str:
    """The address that the provider vouches for. Microsoft names it so for work accounts without an email claim."""
    said = given.claims.get("email") or given.claims.get("preferred_username") or ""
    try:
        return read_address(said)
    except Invalid as error:
        raise Invalid(f"{known.name} does not say which address has signed in.") from error


async def _account_to_connect(
    tx: Transaction, asker: Asker, sign_in: SignInUnderWay, email: str
) -> ConnectedAccount | None:
    """The account meant, locked; None for a new one. Raises Conflict where somebody else has signed in."""
    organization_id = asker.organization_id
    if sign_in.account_id is not None:
        account = await store.get_for_update(tx, organization_id, sign_in.account_id)
        before = await oauth_store.grant_of(tx, organization_id, account.id)
        known = {account.email_key} | ({address_key(before.email)} if before else set())
        if address_key(email) not in known:
            raise Conflict(
                f"You signed in as {email}, but this account is {account.email}. Start again and choose"
                f" {account.email} on the provider's page."
            )
    else:
        found = await store.account_of_identity(tx, organization_id, address_key(email), asker.user_id)
        if found is None or found.email_key != address_key(email):
            return None
        account = await store.get_for_update(tx, organization_id, found.id)
    if account.is_deleted:
        raise NotFound("There is no such connected account.")
    demand(may_change(asker, account), "connect an account of someone else")
    return account


async def _add(tools: Tools, tx: Transaction, asker: Asker, signed_in: tuple[SignInUnderWay, str]) -> ConnectedAccount:
    sign_in, email = signed_in
    wanted = AccountSettings(
        sync_enabled=Feature.SYNC in sign_in.features, send_enabled=Feature.SEND in sign_in.features
    )
    key = provider(sign_in.provider).key
    new = store.AccountToAdd(asker.user_id, "custom_email", key, email, wanted)
    account_id = await store.add(tx, asker.organization_id, new, tools.clock())
    return await store.get_for_update(tx, asker.organization_id, account_id)


async def _save_grant(
    tools: Tools, tx: Transaction, account: ConnectedAccount, granted: tuple[SignInUnderWay, str, Tokens]
) -> list[Side]:
    """Keep the tokens; the sides that the sign-in was for."""
    sign_in, email, given = granted
    organization_id = account.organization_id
    before = await oauth_store.grant_of(tx, organization_id, account.id)
    kept = before.features if before is not None and before.provider == sign_in.provider else []
    fresh = sealed_tokens(tools, organization_id, account.id, given)
    grant = Grant(
        account.id, sign_in.provider, email, sorted({*kept, *sign_in.features}), list(given.scopes or ()),
        fresh.access_token, fresh.access_expires, fresh.refresh_after, fresh.refresh_token,
    )  # fmt: skip
    if before is not None and before.provider != sign_in.provider:
        await oauth_store.delete_grant(tx, organization_id, account.id)
    await oauth_store.save_grant(tx, organization_id, grant, tools.clock())
    return [side for side, feature in SIDE_FEATURE.items() if feature.value in sign_in.features]


def _servers(client: RegisteredClient) -> dict[Side, Server | None]:
    row = provider(client.provider)
    return {Side.RECEIVE: client.settings.imap or row.imap, Side.SEND: client.settings.smtp or row.smtp}


async def _save_logins(
    tools: Tools, tx: Transaction, account: ConnectedAccount, servers: dict[Side, Server | None]
) -> None:
    """Log in to the provider's servers where the grant is for; a password kept for them is deleted."""
    now = tools.clock()
    grant = await oauth_store.grant_of(tx, account.organization_id, account.id)
    for side, feature in SIDE_FEATURE.items():
        server = servers[side]
        if grant is None or server is None or not grant.covers(feature):
            continue
        if await store.sealed_secret(tx, account.organization_id, account.id, side) is not None:
            await store.save_login(tx, account, side, None, now)
        await store.save_login(tx, account, side, server.login(grant.email), now)
    after = await store.get(tx, account.organization_id, account.id)
    if after.imap is not None and after.smtp is not None:
        files = files_own_sent(after.imap.host, after.smtp.host, after.provider)
        await store.save_files_own_sent(tx, after, files)


async def _go_on(tools: Tools, tx: Transaction, account: ConnectedAccount, sides: Sequence[Side]) -> None:
    """Switch on what was chosen, forget why it was refused, and let its work go on."""
    now, organization_id = tools.clock(), account.organization_id
    settings = replace(
        account.settings,
        sync_enabled=account.settings.sync_enabled or Side.RECEIVE in sides,
        send_enabled=account.settings.send_enabled or Side.SEND in sides,
    )
    await store.save_settings(tx, organization_id, account.id, settings, now)
    for side in sides:
        await store.save_standing(tx, organization_id, account.id, AccountChange(side, Standing()), now)
    payload = {"organization_id": organization_id, "account_id": account.id}
    if Side.RECEIVE in sides:
        await tools.jobs.defer(tx, jobs.PULL_NEW, payload)
    if Side.SEND in sides:
        await tools.jobs.defer(tx, jobs.DELIVER_DUE, payload)


def _check_client(given: ClientToRegister) -> None:
    if not _KEY.fullmatch(given.provider):
        raise Invalid("A provider's name is of small letters, digits, - and _.")
    if not given.client_id.strip() or not given.client_id.isprintable():
        raise Invalid(field_errors={"client_id": "Copy the client id from the provider's page."})
    settings = given.settings
    if given.provider in KNOWN_PROVIDERS:
        if not re.fullmatch(r"[A-Za-z0-9.-]{0,100}", settings.tenant):
            raise Invalid(field_errors={"tenant": "A tenant is an id or a domain; leave it empty to admit all."})
        return
    for name in ("authorize_url", "token_url"):
        if not _is_endpoint(getattr(settings, name)):
            raise Invalid(field_errors={name: "This must be an https address."})
    if settings.revoke_url and not _is_endpoint(settings.revoke_url):
        raise Invalid(field_errors={"revoke_url": "This must be an https address, or empty."})
    if settings.imap is None and settings.smtp is None:
        raise Invalid(field_errors={"imap": "Give the provider's servers: to receive with, to send with, or both."})


def _is_endpoint(url: str) -> bool:
    """https; plain http on this machine alone, which the wire holds it to."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    is_local = parts.hostname in ("127.0.0.1", "::1", "localhost")
    return (
        bool(parts.hostname)
        and not parts.username
        and (parts.scheme == "https" or (parts.scheme == "http" and is_local))
    )


def _same_endpoints(before: ClientSettings, now: ClientSettings) -> bool:
    """A stored secret is never sent to another place because its field was left empty."""
    return (before.tenant, before.token_url, before.revoke_url) == (now.tenant, now.token_url, now.revoke_url)

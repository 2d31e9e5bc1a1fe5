"""The access token of an account: the one that is kept while it holds, else a new one for the refresh token.

One at a time renews it, over all processes: who may is written in the grant's row, and runs out should that one die.
Providers end the old refresh token when they give a new one, so two at once would lock the account out.
"""

import asyncio
from datetime import datetime, timedelta

from postroom.ground.database import no_transaction_open
from postroom.ground.errors import Invalid, NeedsUser, NotFound, PostroomError, Remedy, Temporary
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import oauth_store
from postroom.rooms.accounts.oauth import (
    LAST_USE,
    OauthProvider,
    client_context,
    oauth_provider,
    refresh_moment,
    token_context,
)
from postroom.rooms.accounts.oauth_store import FreshToken, Grant, RegisteredClient
from postroom.wire.oauth import tokens
from postroom.wire.oauth.types import TokenEndpoint, Tokens

_CLAIM_LASTS = timedelta(seconds=tokens.REQUEST_SECONDS + 10)
_LOOK_AGAIN_SECONDS = 0.1


async def valid_grant(tools: Tools, organization_id: str, grant: Grant) -> Grant:
    """The grant with an access token that may be used now.

    Raises NeedsUser where the consent has ended, Temporary where the provider cannot be asked and nothing valid is
    left. A failing provider hurts nobody while the old token holds.
    """
    assert no_transaction_open(), "a transaction is open while the network is used"
    for _ in range(int(_CLAIM_LASTS.total_seconds() / _LOOK_AGAIN_SECONDS)):
        now = tools.clock()
        if now < grant.refresh_after:
            return grant
        async with tools.db.transaction() as tx:
            is_ours = await oauth_store.claim_refresh(tx, organization_id, grant, now, _CLAIM_LASTS)
        if is_ours:
            return await _renewed(tools, organization_id, grant)
        if _still_holds(grant, now):
            return grant  # somebody else renews it
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        grant = await _current(tools, organization_id, grant)
    raise Temporary(f"Access at {grant.provider} is being renewed; it takes unusually long.")


def opened_token(tools: Tools, organization_id: str, grant: Grant) -> str:
    """The access token itself. Raises Invalid where the sealing key is gone."""
    context = token_context(organization_id, grant.account_id, "access_token")
    return tools.vault.open(grant.access_token, context).decode()


def token_endpoint(tools: Tools, organization_id: str, client: RegisteredClient, url: str) -> TokenEndpoint:
    """A provider's endpoint, with who we are there."""
    name = oauth_provider(client.provider, client.settings).name
    secret = ""
    if client.secret is not None:
        secret = tools.vault.open(client.secret, client_context(organization_id, client.provider)).decode()
    return TokenEndpoint(name, url, client.client_id, secret, tools.addresses.check)


def sealed_tokens(tools: Tools, organization_id: str, account_id: str, given: Tokens) -> FreshToken:
    """Tokens as they are kept, with the moments that follow from their lifetime."""
    now = tools.clock()
    access, refresh = (
        tools.vault.seal(text.encode(), token_context(organization_id, account_id, column)) if text else None
        for text, column in ((given.access_token, "access_token"), (given.refresh_token, "refresh_token"))
    )
    assert access is not None, "the wire gives no empty token"
    expires = now + timedelta(seconds=given.lifetime_seconds)
    return FreshToken(access, refresh, expires, refresh_moment(now, given.lifetime_seconds))


async def end_at_provider(tools: Tools, organization_id: str, grant: Grant) -> None:
    """Tell the provider that we are done with this grant, where it can be told; what fails is left: ours is gone."""
    async with tools.db.transaction() as tx:
        known = {client.provider: client for client in await oauth_store.clients(tx, organization_id)}
    client = known.get(grant.provider)
    if client is None or grant.refresh_token is None:
        return
    provider = oauth_provider(client.provider, client.settings)
    if not provider.revoke_url:
        return
    try:
        endpoint = token_endpoint(tools, organization_id, client, provider.revoke_url)
        await tokens.revoke(endpoint, _refresh_token(tools, organization_id, grant))
    except PostroomError:
        return  # it ends there by itself, or in the user's own settings


async def _renewed(tools: Tools, organization_id: str, grant: Grant) -> Grant:
    """We alone renew it. The newest refresh token is kept before the new access token is used."""
    try:
        given = await _ask(tools, organization_id, grant)
    except Temporary:
        await _give_up(tools, organization_id, grant)
        if _still_holds(grant, tools.clock()):
            return grant
        raise
    except BaseException:
        await _give_up(tools, organization_id, grant)
        raise
    fresh = sealed_tokens(tools, organization_id, grant.account_id, given)
    async with tools.db.transaction() as tx:
        await oauth_store.save_fresh(tx, organization_id, grant, fresh, tools.clock())
    return await _current(tools, organization_id, grant)


async def _ask(tools: Tools, organization_id: str, grant: Grant) -> Tokens:
    try:
        async with tools.db.transaction() as tx:
            client = await oauth_store.client_of(tx, organization_id, grant.provider)
    except NotFound as error:
        raise NeedsUser(str(error), remedy=Remedy.CONSENT) from error
    provider: OauthProvider = oauth_provider(client.provider, client.settings)
    if grant.refresh_token is None:
        raise NeedsUser(
            f"Access at {provider.name} has run out and cannot be renewed. Connect the account again.",
            remedy=Remedy.CONSENT,
        )
    endpoint = token_endpoint(tools, organization_id, client, provider.token_url)
    old = _refresh_token(tools, organization_id, grant)
    try:
        return await tokens.refresh(endpoint, old)
    except Invalid as error:  # the operator's to mend; no sign-in would
        raise Temporary(f"{provider.name} may not be asked from here: {error}") from error


def _refresh_token(tools: Tools, organization_id: str, grant: Grant) -> str:
    context = token_context(organization_id, grant.account_id, "refresh_token")
    return tools.vault.open(grant.refresh_token or b"", context).decode()


async def _give_up(tools: Tools, organization_id: str, grant: Grant) -> None:
    async with tools.db.transaction() as tx:
        await oauth_store.give_up_refresh(tx, organization_id, grant)


async def _current(tools: Tools, organization_id: str, grant: Grant) -> Grant:
    """As it stands now."""
    async with tools.db.transaction() as tx:
        current = await oauth_store.grant_of(tx, organization_id, grant.account_id)
    if current is None:
        raise NeedsUser("The account is no longer connected by a sign-in.", remedy=Remedy.CONSENT)
    return current


def _still_holds(grant: Grant, now: datetime) -> bool:
    return now < grant.access_expires - LAST_USE

"""All stored credentials sealed anew with the newest key, one short transaction each; safe to run again."""

from postroom.journeys.steps.decided_sender import sealing_context as decision_context
from postroom.journeys.steps.propose_links import sealing_context
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import oauth_store
from postroom.rooms.accounts import store as account_store
from postroom.rooms.accounts.account import secret_context
from postroom.rooms.links import decision_store
from postroom.rooms.links import store as link_store
from postroom.rooms.sending_domains import store as domain_store
from postroom.rooms.sending_domains.store import seal_context
from postroom.rooms.users import factor_store
from postroom.rooms.users.access_link import factor_context
from postroom.rooms.webhooks import store as webhook_store
from postroom.rooms.webhooks.webhook import key_context


async def reseal_secrets(tools: Tools) -> int:
    """How many were sealed anew."""
    async with tools.db.transaction() as tx:
        sealed = await account_store.all_sealed_secrets(tx)
    count = 0
    for organization_id, account_id, side, secret in sealed:
        if tools.vault.is_sealed_by_newest(secret):
            continue
        anew = tools.vault.reseal(secret, secret_context(organization_id, account_id, side))
        async with tools.db.transaction() as tx:
            # A password typed meanwhile is newer than what was read: it stays.
            await account_store.exchange_secret(tx, (organization_id, account_id), side, secret, anew)
        count += 1
    count += await _reseal_oauth(tools) + await _reseal_webhooks(tools)
    count += await _reseal_dkim(tools)
    return count + await _reseal_factors(tools) + await _reseal_proposals(tools)


async def _reseal_oauth(tools: Tools) -> int:
    """Access and refresh tokens, and the secrets of registered clients."""
    async with tools.db.transaction() as tx:
        old = [one for one in await oauth_store.all_sealed(tx) if not tools.vault.is_sealed_by_newest(one.sealed)]
    for one in old:
        anew = tools.vault.reseal(one.sealed, one.context)
        async with tools.db.transaction() as tx:
            await oauth_store.exchange_sealed(tx, one, anew)
    return len(old)


async def _reseal_webhooks(tools: Tools) -> int:
    """The keys that webhooks are signed with."""
    async with tools.db.transaction() as tx:
        sealed = await webhook_store.all_sealed(tx)
    old = [one for one in sealed if not tools.vault.is_sealed_by_newest(one[2])]
    for organization_id, webhook_id, key in old:
        anew = tools.vault.reseal(key, key_context(organization_id, webhook_id))
        async with tools.db.transaction() as tx:
            await webhook_store.exchange_sealed(tx, organization_id, webhook_id, (key, anew))
    return len(old)


async def _reseal_factors(tools: Tools) -> int:
    """Secrets of second factors. Tokens of links that wait for their mail live for days at most: they are left."""
    async with tools.db.transaction() as tx:
        old = [one for one in await factor_store.all_sealed(tx) if not tools.vault.is_sealed_by_newest(one[2])]
    for organization_id, user_id, sealed in old:
        anew = tools.vault.reseal(sealed, factor_context(organization_id, user_id))
        async with tools.db.transaction() as tx:
            await factor_store.exchange_sealed(tx, (organization_id, user_id), sealed, anew)
    return len(old)


async def _reseal_proposals(tools: Tools) -> int:
    """What proposed links show."""
    async with tools.db.transaction() as tx:
        sealed = await link_store.all_sealed(tx)
    old = [one for one in sealed if not tools.vault.is_sealed_by_newest(one[2])]
    for organization_id, proposal_id, shown in old:
        anew = tools.vault.reseal(shown, sealing_context(organization_id, proposal_id))
        async with tools.db.transaction() as tx:
            await link_store.exchange_sealed(tx, organization_id, proposal_id, anew)
    return len(old) + await _reseal_decisions(tools)


async def _reseal_decisions(tools: Tools) -> int:
    """Whose address a decision about a sender is about."""
    async with tools.db.transaction() as tx:
        old = [one for one in await decision_store.all_sealed(tx) if not tools.vault.is_sealed_by_newest(one[4])]
    for organization_id, account_id, key, lead_id, sealed in old:
        place, decided = (organization_id, account_id), (key, lead_id)
        anew = tools.vault.reseal(sealed, decision_context(place, decided))
        async with tools.db.transaction() as tx:
            await decision_store.keep_shown(tx, place, decided, anew)
    return len(old)


async def _reseal_dkim(tools: Tools) -> int:
    """The keys that mail is signed with."""
    async with tools.db.transaction() as tx:
        old = [one for one in await domain_store.all_sealed(tx) if not tools.vault.is_sealed_by_newest(one[3])]
    for organization_id, domain, selector, sealed in old:
        anew = tools.vault.reseal(sealed, seal_context(organization_id, domain, selector))
        async with tools.db.transaction() as tx:
            await domain_store.exchange_sealed(tx, organization_id, (domain, selector), (sealed, anew))
    return len(old)

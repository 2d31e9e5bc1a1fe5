"""The DKIM keys that a sender's mail is signed with, opened."""

from postroom.ground.database import Transaction
from postroom.journeys.tools import Tools
from postroom.rooms.sending_domains import store
from postroom.rooms.sending_domains.store import KeptKey, seal_context
from postroom.wire.dkim.keys import SigningKey, signing_key
from postroom.wire.mime.address_key import ascii_domain
from postroom.wire.mime.addresses import domain_of


async def signing_keys(tools: Tools, tx: Transaction, organization_id: str, sender: str) -> tuple[SigningKey, ...]:
    """The keys for mail from an address, by its very domain; none where nothing is switched on. Hold them for a batch.

    Raises Invalid where the vault lacks the key that sealed them.
    """
    kept = await store.keys(tx, organization_id, ascii_domain(domain_of(sender)))
    return tuple(opened(tools, organization_id, one) for one in kept if one.is_on)


def opened(tools: Tools, organization_id: str, kept: KeptKey) -> SigningKey:
    """A kept key for use."""
    context = seal_context(organization_id, kept.domain, kept.selector)
    return signing_key(kept.domain, kept.selector, tools.vault.open(kept.sealed, context))

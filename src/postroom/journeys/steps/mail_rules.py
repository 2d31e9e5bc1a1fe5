"""What decides about an account's mail, read once at the start of a job: the account, own addresses, rules."""

from dataclasses import dataclass
from functools import lru_cache

from postroom.ground.keyed_hash import KeyedHash
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import identity_store
from postroom.rooms.accounts import store as account_store
from postroom.rooms.accounts.account import ConnectedAccount
from postroom.rooms.accounts.exclude import excluded_by
from postroom.rooms.emails.relevance import Rules
from postroom.rooms.links import store as link_store

LEDGER_KEY = "ledger"
"""The purpose of the key that addresses, Message-IDs and identities are hashed with, one for each organization."""


@dataclass(frozen=True, slots=True)
class MailRules:
    """The account and what decides about its mail, as they stood when the job began."""

    organization_id: str
    account: ConnectedAccount
    hashes: KeyedHash
    rules: Rules
    finds_links: bool = False
    """Whether mail without a contact is looked at once more: for decisions made before, for names and domains."""

    @property
    def account_id(self) -> str:
        """The account's id."""
        return self.account.id


def ledger_hashes(tools: Tools, organization_id: str) -> KeyedHash:
    """The organization's keyed hashes."""
    return KeyedHash(tools.vault.hash_key(LEDGER_KEY, organization_id))


async def read_mail_rules(tools: Tools, organization_id: str, account_id: str) -> MailRules:
    """Read them. Raises NotFound for an account that is not there."""
    async with tools.db.transaction() as tx:
        account = await account_store.get(tx, organization_id, account_id)
        own = await identity_store.own_addresses(tx, organization_id)
        patterns = await identity_store.patterns_in_force(tx, organization_id, account_id)
        decided = await link_store.has_decisions(tx, organization_id, account_id)
    # Correspondents repeat: each address is decided once a job.
    rules = Rules(
        is_ours=own.is_ours,
        is_coworker=lru_cache(maxsize=20_000)(own.is_coworker),
        excluded=lru_cache(maxsize=20_000)(lambda key: excluded_by(patterns, (key,))),
        history_from=account.settings.history_from,
        auto_link=account.settings.auto_link,
    )
    settings = account.settings
    finds_links = decided or settings.link_by_name or settings.link_by_domain or not settings.auto_link
    return MailRules(organization_id, account, ledger_hashes(tools, organization_id), rules, finds_links)

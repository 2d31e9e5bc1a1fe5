"""Own addresses and aliases: is this address ours, is it a coworker's, and so which way did a message go?

Addresses are compared by their key (`wire.mime.address_key`); what a person typed is kept for sending alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from postroom.rooms.accounts.public_domains import is_public_domain
from postroom.wire.mime.address_key import address_key


@dataclass(frozen=True, slots=True)
class Identity:
    """An address an account sends as: its own or an alias. `address` is in the exact case it is sent with."""

    address: str
    name: str = ""

    @property
    def key(self) -> str:
        """The form in which it is compared."""
        return address_key(self.address)


@dataclass(frozen=True, slots=True)
class OwnAddresses:
    """All addresses of an organization: identities, users' addresses (keys), and own domains.

    Public mail domains are never own domains: `gmail.com` belongs to nobody's company.
    """

    identity_keys: frozenset[str]
    user_keys: frozenset[str]
    domains: frozenset[str]

    def is_ours(self, key: str) -> bool:
        """Whether mail from this address is outgoing: it is an identity of a connected account, or a user's."""
        return key in self.identity_keys or key in self.user_keys

    def is_coworker(self, key: str) -> bool:
        """Whether this is one of us: ours, or anyone at a domain of ours. Being a contact as well changes nothing."""
        _, at, domain = key.rpartition("@")
        return self.is_ours(key) or (at == "@" and domain in self.domains)

    def only_coworkers(self, keys: Iterable[str]) -> bool:
        """Whether a message among these addresses stayed in the house. False when there are none."""
        found = list(keys)
        return bool(found) and all(self.is_coworker(key) for key in found)


def own_addresses_from(
    identity_keys: Iterable[str], account_keys: Iterable[str], user_keys: Iterable[str]
) -> OwnAddresses:
    """Build from keys. Domains come from accounts and users only: an alias elsewhere proves one address, no domain."""
    accounts, users = frozenset(account_keys), frozenset(user_keys)
    domains = frozenset(key.rpartition("@")[2] for key in accounts | users if "@" in key)
    return OwnAddresses(
        identity_keys=frozenset(identity_keys) | accounts,
        user_keys=users,
        domains=frozenset(domain for domain in domains if domain and not is_public_domain(domain)),
    )

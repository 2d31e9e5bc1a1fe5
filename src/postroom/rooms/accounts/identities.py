"""Own addresses and aliases: is this address ours, is it a coworker's, and so which way did a message go?

Addresses are compared by their key (`wire.mime.address_key`); what a person typed is kept for sending alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from postroom.rooms.accounts.public_domains import is_public_domain
from postroom.wire.mime.address_key import address_key

PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Identity:
    """An address an account sends as: its own or an alias. `address` is in the exact case it is sent with.

    `proof`: own, domain (of the account's own company), code (one mailed to it was typed), server (the mail server lets
    nobody else use it), or pending: then it is used for nothing.
    """

    address: str
    name: str = ""
    proof: str = "own"

    @property
    def is_proven(self) -> bool:
        """Whether it may be sent as, and counts as ours."""
        return self.proof != PENDING

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


def proof_of_new(account_email: str, alias: str) -> str:
    """What proves a new alias at once: a company's domain belongs to whoever has a mailbox there. Else nothing yet."""
    domains = {address_key(address).rpartition("@")[2] for address in (account_email, alias)}
    return "domain" if len(domains) == 1 and not is_public_domain(domains.pop()) else PENDING


@dataclass(frozen=True, slots=True)
class CodeWords:
    """What the mail with a code for an alias says. Marks: {code}, {alias}, {account}."""

    subject: str
    text: str


CODE_WORDS = {
    "en": CodeWords(
        "{code} confirms {alias}",
        "Type this code in Postroom to send as {alias}:\n\n{code}\n\nIt counts for an hour. If you did"
        " not ask for it, ignore this mail: {account} then cannot use your address.\n",
    ),
    "de": CodeWords(
        "{code} bestätigt {alias}",
        "Geben Sie diesen Code in Postroom ein, um als {alias} zu senden:\n\n{code}\n\nEr gilt eine Stunde. Wenn Sie"
        " ihn nicht angefordert haben, ist nichts zu tun: {account} kann Ihre Adresse dann nicht benutzen.\n",
    ),
}
"""By language."""

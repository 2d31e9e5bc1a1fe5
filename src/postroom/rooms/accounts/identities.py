"""Own addresses and aliases: is this address ours, is it a coworker's, and so which way did a message go?

Addresses are compared by their key (`wire.mime.address_key`); what a person typed is kept for sending alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from postroom.wire.mime.address_key import address_key

PENDING = "pending"
DOMAIN = "domain"


@dataclass(frozen=True, slots=True)
class Identity:
    """An address an account sends as: its own or an alias. `address` is in the exact case it is sent with.

    `proof`: own, domain (one of ours), code (one mailed to it was typed), server (the mail server lets nobody else use
    it), admin (an admin said so), or pending: then it is used for nothing.
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
    """All addresses of an organization: identities, users' addresses (keys), and own domains (`own_domains.py`)."""

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
    identities: Iterable[tuple[str, str]],
    account_keys: Iterable[str],
    user_keys: Iterable[str],
    domains: frozenset[str],
) -> OwnAddresses:
    """Build from keys. An identity (key, proof) that its domain proves counts as long as that domain is ours."""
    proven = frozenset(key for key, proof in identities if proof != DOMAIN or key.rpartition("@")[2] in domains)
    return OwnAddresses(proven | frozenset(account_keys), frozenset(user_keys), domains)


def proof_of_new(alias: str, domains: frozenset[str]) -> str:
    """What proves a new alias at once: a domain of ours. A mailbox elsewhere proves none of its neighbours'."""
    return DOMAIN if address_key(alias).rpartition("@")[2] in domains else PENDING


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

"""Which mail domains are our company's. Pure.

Mail among people of our domains is nobody else's business and is not logged. So nobody makes a customer's domain ours
by connecting an account there: a domain is ours by the sign-in addresses of users, whom admins let in, or by an
admin's word. A domain that an admin says is not ours never is, and public mail domains are nobody's company.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from postroom.ground.errors import Invalid
from postroom.rooms.accounts.public_domains import is_public_domain
from postroom.wire.mime.address_key import address_key
from postroom.wire.mime.addresses import is_valid


class Why(StrEnum):
    """Why a domain is ours, or is not, the strongest reason first."""

    PUBLIC = "public"
    REFUSED = "refused"
    LISTED = "listed"
    USERS = "users"
    ACCOUNTS = "accounts"


@dataclass(frozen=True, slots=True)
class SaidOfDomains:
    """`users`: domains of users who have signed in. `listed`, `refused`: what admins said."""

    users: frozenset[str]
    listed: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()

    def why(self, domain: str) -> Why:
        """What decides about a domain; ACCOUNTS where nothing speaks for it but accounts that are connected there."""
        if is_public_domain(domain):
            return Why.PUBLIC
        if domain in self.refused:
            return Why.REFUSED
        if domain in self.listed:
            return Why.LISTED
        return Why.USERS if domain in self.users else Why.ACCOUNTS

    @property
    def ours(self) -> frozenset[str]:
        """The domains that are ours."""
        return frozenset(one for one in self.users | self.listed if self.why(one) in (Why.LISTED, Why.USERS))


def domains_of(keys: Iterable[str]) -> frozenset[str]:
    """The domains of address keys."""
    return frozenset(domain for key in keys if (domain := key.rpartition("@")[2]) and "@" in key)


def read_domain(text: str) -> str:
    """A domain as it is compared. Raises Invalid for what is none, and for one that anybody can have an address at."""
    typed = text.strip().removeprefix("@").removesuffix(".")
    if "@" in typed or "." not in typed or not is_valid(f"x@{typed}"):
        raise Invalid(field_errors={"domain": "Write a domain alone, such as example.com."})
    domain = address_key(f"x@{typed}")[2:]
    if is_public_domain(domain):
        raise Invalid(field_errors={"domain": f"Anybody can have an address at {domain}: it is no company's own."})
    return domain

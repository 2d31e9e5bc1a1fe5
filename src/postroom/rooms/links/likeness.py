"""Is this stranger somebody we know? By a contact's name and a second sign, or by the company's domain. Pure.

Both only propose; a person confirms. A name alone is never enough: there are many of every name, and From is written by
whoever sends. Public mail domains are nobody's company.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from postroom.ground.errors import Invalid

_NOT_LETTERS = re.compile(r"[^\w\s]|[\d_]")
_TITLES = frozenset({"dr", "prof", "mr", "mrs", "ms", "herr", "frau", "ing", "dipl", "mag", "phd", "jr", "sr", "von"})
_ROLES = frozenset(
    {"info", "sales", "contact", "kontakt", "office", "mail", "hello", "support", "admin", "service", "team", "post"}
)
SHORTEST_LOCAL_PART = 5
"""Shorter ones (`bob`, `anna`) are many people's."""


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody on a message whose address no contact has."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Namesake:
    """A contact, by name, with the addresses it has."""

    contact_id: str
    lead_id: str
    name: str
    address_keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Colleague:
    """A lead that has contacts at a domain."""

    lead_id: str
    contacts: int


@dataclass(frozen=True, slots=True)
class Likeness:
    """Whom a stranger may be, and what speaks for it. `contact_id` None: somebody at that company."""

    lead_id: str
    contact_id: str | None
    sign: str


def compared_name(name: str) -> str:
    """A name as it is compared: no accents, titles, dots or capitals; `Miller, Bob` is `bob miller`. "" for no name."""
    last, comma, first = name.partition(",")
    turned = f"{first} {last}" if comma and first.strip() else name
    plain = unicodedata.normalize("NFKD", turned).encode("ascii", "ignore").decode() or turned
    words = [word for word in _NOT_LETTERS.sub(" ", plain).casefold().split() if word not in _TITLES]
    return " ".join(words) if len(words) >= 2 and all(len(word) >= 2 for word in (words[0], words[-1])) else ""


def by_name(stranger: Stranger, namesakes: Sequence[Namesake], is_public: Callable[[str], bool]) -> Likeness | None:
    """The contact of that name, where only one lead has one and a second sign says the same."""
    if not compared_name(stranger.name) or len({one.lead_id for one in namesakes}) != 1:
        return None
    for one in namesakes:
        sign = _second_sign(stranger.key, one.address_keys, is_public)
        if sign:
            return Likeness(one.lead_id, one.contact_id, f"{one.name} is a contact of this lead, and {sign}.")
    return None


def by_domain(stranger: Stranger, colleagues: Sequence[Colleague], is_public: Callable[[str], bool]) -> Likeness | None:
    """The one lead whose contacts are at the same domain."""
    domain = _domain(stranger.key)
    if not domain or is_public(domain) or len(colleagues) != 1:
        return None
    lead = colleagues[0]
    number = "A contact" if lead.contacts == 1 else f"{lead.contacts} contacts"
    return Likeness(lead.lead_id, None, f"{number} of this lead {'is' if lead.contacts == 1 else 'are'} at {domain}.")


def _second_sign(key: str, address_keys: Sequence[str], is_public: Callable[[str], bool]) -> str:
    local, domain = key.rpartition("@")[0], _domain(key)
    if not is_public(domain) and any(_domain(known) == domain for known in address_keys):
        return f"{domain} is this contact's domain"
    unusual = len(local) >= SHORTEST_LOCAL_PART and local not in _ROLES
    if unusual and any(known.rpartition("@")[0] == local for known in address_keys):
        return f"{local}@ stands in this contact's address too"
    return ""


def _domain(key: str) -> str:
    return key.rpartition("@")[2]


def demand_decision(ids: Sequence[str], most: int) -> None:
    """Raises Invalid for a decision about nothing or about too much at once."""
    if not ids or len(ids) > most:
        raise Invalid(field_errors={"ids": f"Between one and {most} proposals at once."})

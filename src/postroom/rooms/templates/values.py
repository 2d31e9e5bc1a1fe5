"""What the variables of `tags.py` are filled with: rows of other rooms, read by a view, in the shape templates ask for.

Empty values are left out, so that a condition on one is false and a fallback takes its place.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from postroom.rooms.templates.filters import Ready

Values = Mapping[str, object]

_TITLES = {"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "herr", "frau", "dipl.-ing", "ing"}
_NO_LETTER = re.compile(r"[\W\d_]+")


@dataclass(frozen=True, slots=True)
class LeadFacts:
    """A lead as a template may speak of it. Addresses are maps with the parts of a postal address."""

    id: str
    name: str = ""
    description: str = ""
    url: str = ""
    html_url: str = ""
    status_id: str = ""
    status_label: str = ""
    addresses: Sequence[Mapping[str, object]] = ()
    custom: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """A contact likewise. Emails, phones and urls are maps of `email`, `phone` or `url`, each with its `type`."""

    id: str
    name: str = ""
    title: str = ""
    emails: Sequence[Mapping[str, object]] = ()
    phones: Sequence[Mapping[str, object]] = ()
    urls: Sequence[Mapping[str, object]] = ()
    custom: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SenderFacts:
    """Whoever writes, and from where: the user, the organization, the account and the address it is sent from."""

    user_id: str
    first_name: str = ""
    last_name: str = ""
    title: str = ""
    phone: str = ""
    email: str = ""
    organization_name: str = ""
    account_id: str | None = None
    account_email: str = ""
    account_name: str = ""
    sender_email: str = ""
    sender_name: str = ""


def sender_values(facts: SenderFacts, signature: Ready | None = None) -> Values:
    """The part that is the same for every recipient."""
    name = f"{facts.first_name} {facts.last_name}".strip()
    user: dict[str, object] = _filled(
        {
            "id": facts.user_id,
            "first_name": facts.first_name,
            "last_name": facts.last_name,
            "name": name,
            "title": facts.title,
            "phone": facts.phone,
            "email": facts.email,
        }
    )
    company = _filled({"name": facts.organization_name})
    values: dict[str, object] = {
        "user": user,
        "organization": company,
        "company": company,
        "account": _filled({"email": facts.account_email, "name": facts.account_name or name}),
        "sender": _filled({"email": facts.sender_email, "name": facts.sender_name or facts.account_name or name}),
    }
    if signature is not None:
        values["signature"] = user["signature"] = signature
    return values


def recipient_values(lead: LeadFacts | None, contact: ContactFacts | None) -> Values:
    """The part of one recipient. Opportunities have no facts yet: their variables are known and empty."""
    return {
        "lead": _lead_values(lead) if lead else {},
        "contact": _contact_values(contact) if contact else {},
        "opportunity": {},
        "deal": {},
    }


def unsubscribe_values(url: str) -> Values:
    """The part that lets the recipient unsubscribe; with "" the variables are known and empty."""
    if not url:
        return {"unsubscribe": {}}
    link = Ready(f'<a href="{escape(url)}">Unsubscribe</a>', f"Unsubscribe: {url}")
    return {"unsubscribe": {"url": url, "link": link}}


def split_name(name: str) -> tuple[str, str]:
    """First and last name out of a full one: `Dr. Zoe van Dyk` is Zoe, `Doe, John` is John; an address is no name."""
    if "@" in name:
        return "", ""
    last, comma, first = name.partition(",")
    words = (first.split() + last.split()) if comma and first.strip() else name.split()
    while len(words) > 1 and (words[0].lower() in _TITLES or re.fullmatch(r".{2,}\.", words[0])):
        words = words[1:]
    if not words or _NO_LETTER.fullmatch(words[0]):
        return "", " ".join(words)
    return words[0], " ".join(words[1:])


def _lead_values(lead: LeadFacts) -> Values:
    addresses = [_filled(address) for address in lead.addresses]
    return _filled(
        {
            "id": lead.id,
            "name": lead.name,
            "display_name": lead.name,
            "description": lead.description,
            "url": lead.url,
            "html_url": lead.html_url,
            "status_id": lead.status_id,
            "status_label": lead.status_label,
            "addresses": addresses,
            "primary_address": addresses[0] if addresses else None,
            "custom": lead.custom,
        }
    )


def _contact_values(contact: ContactFacts) -> Values:
    first_name, last_name = split_name(contact.name)
    return _filled(
        {
            "id": contact.id,
            "name": contact.name,
            "first_name": first_name,
            "last_name": last_name,
            "title": contact.title,
            "emails": list(contact.emails),
            "phones": list(contact.phones),
            "urls": list(contact.urls),
            "email": contact.emails[0].get("email") if contact.emails else None,
            "phone": contact.phones[0].get("phone") if contact.phones else None,
            "url": contact.urls[0].get("url") if contact.urls else None,
            "custom": contact.custom,
        }
    )


def _filled(given: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in given.items() if value not in ("", None, [], {})}

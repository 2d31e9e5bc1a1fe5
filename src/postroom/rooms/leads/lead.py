"""A lead, its contacts and their addresses, as values; what a change leaves untouched is None."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from postroom.ground.errors import Invalid
from postroom.ground.stamp import Stamp as Stamp  # noqa: PLC0414  leads and contacts are changed with it
from postroom.wire.mime.address_key import address_key
from postroom.wire.mime.addresses import is_valid

CONTACT_WORDS = ("office", "mobile", "home", "direct", "fax", "url", "other")
"""What an address, phone or link of a contact may be called; the first is what it is when nobody says."""


@dataclass(frozen=True, slots=True)
class LeadStatus:
    """A stage that leads pass through; `position` orders them, the first is where new leads begin."""

    id: str
    label: str
    position: int


@dataclass(frozen=True, slots=True)
class ContactEmail:
    """One address of a contact, as typed."""

    address: str
    type: str = "office"

    @property
    def key(self) -> str:
        """The form in which addresses are compared."""
        return address_key(self.address)


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone number of a contact: as it is compared (`phones.py`), as people read it, and its country."""

    phone: str
    type: str = "office"
    formatted: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A web address of a contact."""

    url: str
    type: str = "url"


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """Where a lead sits. `country` is two letters (ISO 3166-1)."""

    label: str = "business"
    address_1: str = ""
    address_2: str = ""
    city: str = ""
    state: str = ""
    zipcode: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class ContactContent:
    """What a person may write about a contact."""

    name: str = ""
    title: str = ""
    emails: tuple[ContactEmail, ...] = ()
    phones: tuple[Phone, ...] = ()
    urls: tuple[Link, ...] = ()
    custom: Mapping[str, Any] = field(default_factory=dict)
    """By the id of the custom field, already checked."""


@dataclass(frozen=True, slots=True)
class ContactChange:
    """The same, where None means: as it is. A given list replaces the whole list."""

    name: str | None = None
    title: str | None = None
    emails: tuple[ContactEmail, ...] | None = None
    phones: tuple[Phone, ...] | None = None
    urls: tuple[Link, ...] | None = None
    custom: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """A person of a lead."""

    id: str
    lead_id: str
    content: ContactContent


@dataclass(frozen=True, slots=True)
class LeadContent:
    """What a person may write about a lead. `status_id` "" means the first status of the organization."""

    name: str = ""
    description: str = ""
    url: str = ""
    status_id: str = ""
    addresses: tuple[PostalAddress, ...] = ()
    custom: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LeadChange:
    """The same, where None means: as it is."""

    name: str | None = None
    description: str | None = None
    url: str | None = None
    status_id: str | None = None
    addresses: tuple[PostalAddress, ...] | None = None
    custom: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class NewLead:
    """A lead to be made with its contacts."""

    content: LeadContent
    contacts: tuple[ContactContent, ...] = ()
    date_created: datetime | None = None
    created_by: str | None = None
    """Whoever made it, if that is not who brings it here."""


def checked_emails(emails: Iterable[ContactEmail]) -> tuple[ContactEmail, ...]:
    """The list without repeats, the first spelling kept. Raises Invalid for what is not an address."""
    kept: dict[str, ContactEmail] = {}
    for email in emails:
        if not is_valid(email.address.strip()):
            raise Invalid(field_errors={"emails": f"{email.address!r} is not an email address."})
        kept.setdefault(email.key, ContactEmail(email.address.strip(), email.type))
    return tuple(kept.values())


def named_changes(changed: tuple[str, ...], custom: tuple[Mapping[str, Any], Mapping[str, Any]]) -> tuple[str, ...]:
    """The changed fields as the event log names them: custom ones each on its own. `custom`: before and after."""
    before, after = custom
    fields = sorted(key for key in {*before, *after} if before.get(key) != after.get(key))
    return tuple(name for name in changed if name != "custom") + tuple(f"custom.{key}" for key in fields)

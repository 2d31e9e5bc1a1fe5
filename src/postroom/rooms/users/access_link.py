"""Links that let somebody choose a password: invitations, and for a password that is forgotten."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class Purpose(StrEnum):
    """What a link is for."""

    INVITATION = "invitation"
    PASSWORD_RESET = "password_reset"  # noqa: S105  the name of a purpose


LASTS = {Purpose.INVITATION: timedelta(days=7), Purpose.PASSWORD_RESET: timedelta(hours=2)}
"""A person invited on Friday comes on Monday; a password link is asked for at the moment it is used."""

MOST_MAIL_ATTEMPTS = 5

_PAGE_OF = {Purpose.INVITATION: "/join", Purpose.PASSWORD_RESET: "/new-password"}
"""The token follows `#`: no server and no proxy sees or logs that part of an address."""


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link to be made. `mail_account_id` None: it is only shown. `created_by` None: asked for by nobody signed in."""

    purpose: Purpose
    user_id: str
    token_hash: bytes
    created_by: str | None
    date_expires: datetime
    mail_account_id: str | None = None


@dataclass(frozen=True, slots=True)
class FoundLink:
    """A link as its holder opens it."""

    organization_id: str
    organization_name: str
    id: str
    purpose: Purpose
    user_id: str
    email: str
    first_name: str
    last_name: str


@dataclass(frozen=True, slots=True)
class LinkToMail:
    """A link whose mail is not out yet, with what the mail says."""

    id: str
    purpose: Purpose
    organization_name: str
    email: str
    first_name: str
    inviter: str
    date_expires: datetime
    attempts: int
    sealed_token: bytes = field(repr=False)
    language: str = "en"
    """The receiver's, where it is known; of somebody new, that of who invites."""


def link_url(base_url: str, purpose: Purpose, token: str) -> str:
    """The address that a browser opens."""
    return f"{base_url}{_PAGE_OF[purpose]}#{token}"


def next_mail_try(attempts: int, now: datetime) -> datetime:
    """When a mail that could not go out is tried again: after 1, 4, 9, 16 minutes."""
    return now + timedelta(minutes=attempts * attempts)


def link_context(organization_id: str, link_id: str) -> bytes:
    """The associated data a link's token is sealed with."""
    return f"access_links/{organization_id}/{link_id}/sealed_token".encode()


def factor_context(organization_id: str, user_id: str) -> bytes:
    """The associated data a second factor's secret is sealed with."""
    return f"second_factors/{organization_id}/{user_id}/sealed_secret".encode()

"""An email as people write it, and the statuses it goes through. Pure.

create  → draft, scheduled, outbox            will be sent by us, or may be
        → sent, inbox, error                  logged only: never transmitted
draft   → scheduled, outbox
scheduled, outbox → draft                     taken back, while nobody has begun to send it
scheduled → outbox → sent or error            by the delivery alone
error   → draft, outbox                       a person tries again
"""

from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from enum import Enum, StrEnum
from typing import Any

from postroom.ground.errors import Conflict, Forbidden, Invalid
from postroom.wire.mime.addresses import is_valid, typed_addresses
from postroom.wire.mime.types import Address

LONGEST_UNDO_SECONDS = 60
MOST_RECIPIENTS = 500
LONGEST_RECIPIENT = 1000
LONGEST_SUBJECT = 1000
LONGEST_BODY = 1_048_576
MOST_ATTACHMENTS = 1000
LARGEST_ATTACHMENTS = 50_000_000
"""Bytes of all attachments together: twice what any large provider takes, so that its own limit decides."""


class EmailStatus(StrEnum):
    """Close's words for where an email stands."""

    INBOX = "inbox"
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    OUTBOX = "outbox"
    SENT = "sent"
    ERROR = "error"

    @property
    def is_queued(self) -> bool:
        """Whether it is to be sent by us."""
        return self in (EmailStatus.SCHEDULED, EmailStatus.OUTBOX)

    @property
    def is_logged(self) -> bool:
        """Whether nothing is to become of it: one that is made so has been sent, or came in, elsewhere."""
        return self in (EmailStatus.INBOX, EmailStatus.SENT, EmailStatus.ERROR)


class Leave(Enum):
    """The value of a field in a change that may also be set to nothing: as it is."""

    AS_IT_IS = "as it is"


MAY_HAVE_A_TIME = (EmailStatus.DRAFT, EmailStatus.SCHEDULED)
"""Statuses in which an email keeps the time at which it is to be sent; a draft's counts when it is scheduled."""
_BY_A_PERSON = {
    EmailStatus.DRAFT: (EmailStatus.SCHEDULED, EmailStatus.OUTBOX),
    EmailStatus.SCHEDULED: (EmailStatus.DRAFT,),
    EmailStatus.OUTBOX: (EmailStatus.DRAFT,),
    EmailStatus.ERROR: (EmailStatus.DRAFT, EmailStatus.OUTBOX),
    EmailStatus.SENT: (),
    EmailStatus.INBOX: (),
}


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who makes a change, and when. No user: Postroom itself."""

    user_id: str | None
    now: datetime


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """An uploaded file on an email. `content_id`: an image inside the HTML names it so (`cid:`)."""

    file_id: str
    filename: str
    content_type: str
    size: int
    blob_ref: str
    content_id: str | None = None
    is_inline: bool = False


@dataclass(frozen=True, slots=True)
class EmailContent:
    """What its author writes. Addresses as typed: `a@b.example` or `"Name" <a@b.example>`, one to an entry.

    `account_id` None: the account that sends as `sender`. `track_opens`, `track_clicks` None: as that account says,
    which is settled when the email is queued. Nothing here can be changed once it is no draft.
    """

    sender: str = ""
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    subject: str = ""
    body_text: str = ""
    body_html: str = ""
    attachments: tuple[AttachedFile, ...] = ()
    contact_id: str | None = None
    in_reply_to_id: str | None = None
    template_id: str | None = None
    account_id: str | None = None
    track_opens: bool | None = None
    track_clicks: bool | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """That an email was opened, as the program says that logged it."""

    opened_at: datetime
    opened_by: str = ""
    ip_address: str = ""
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class Timing:
    """When it is to be sent. `send_in_seconds` holds an outbox email back so long, for undo."""

    date_scheduled: datetime | None = None
    send_in_seconds: float = 0
    followup_date: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewEmail:
    """An email to be made on a lead. `user_id` None: whoever makes it. Dates are for logging past mail."""

    lead_id: str
    status: EmailStatus
    content: EmailContent = field(default_factory=EmailContent)
    timing: Timing = field(default_factory=Timing)
    user_id: str | None = None
    date_created: datetime | None = None
    activity_at: datetime | None = None
    priority: int = 0
    opens: tuple[Opening, ...] = ()
    created_by: str | None = None
    """Who wrote past mail that is logged; None: whoever logs it. What is to be sent is by whoever makes it."""


@dataclass(frozen=True, slots=True)
class EmailChange:
    """What is to become of an email; None leaves a field as it is, "" clears an id. A given list replaces the list."""

    status: EmailStatus | None = None
    sender: str | None = None
    to: tuple[str, ...] | None = None
    cc: tuple[str, ...] | None = None
    bcc: tuple[str, ...] | None = None
    subject: str | None = None
    body_text: str | None = None
    body_html: str | None = None
    attachments: tuple[AttachedFile, ...] | None = None
    contact_id: str | None = None
    in_reply_to_id: str | None = None
    template_id: str | None = None
    account_id: str | None = None
    track_opens: bool | None = None
    track_clicks: bool | None = None
    date_scheduled: datetime | None = None
    send_in_seconds: float | None = None
    followup_date: datetime | Leave | None = Leave.AS_IT_IS
    opens: tuple[Opening, ...] | None = None
    user_id: str | None = None
    activity_at: datetime | None = None

    def applied_to(self, content: EmailContent) -> EmailContent:
        """The content with this change."""
        given: dict[str, Any] = {one.name: getattr(self, one.name) for one in fields(EmailContent)}
        given = {name: value for name, value in given.items() if value is not None}
        for name in ("contact_id", "in_reply_to_id", "template_id", "account_id"):
            if name in given:
                given[name] = given[name] or None
        return replace(content, **given)


def may_edit(user_id: str, role: str, owner_id: str | None) -> None:
    """An email that is not sent yet is its author's; admins and super users may step in. Raises Forbidden."""
    if role not in ("admin", "superuser") and owner_id is not None and owner_id != user_id:
        raise Forbidden("You may not change an email of another user.")


def next_status(old: EmailStatus, change: EmailChange, content: EmailContent) -> EmailStatus:
    """The status a person's change leads to. Raises Invalid where the change is not allowed."""
    new = change.status or old
    if new is not old and new not in _BY_A_PERSON[old]:
        raise Invalid(field_errors={"status": f"An email cannot go from {old} to {new}."})
    is_moved = change.user_id is not None or change.activity_at is not None
    touches = change.applied_to(content) != content or (new is old and change.date_scheduled is not None) or is_moved
    if touches and EmailStatus.DRAFT not in (old, new):
        raise Invalid("Only drafts can be modified. Set the status to draft first.")
    return new


def check_content(content: EmailContent) -> None:
    """Lengths, counts and line breaks, for every status. Raises Invalid naming the fields."""
    problems: dict[str, object] = {}
    for name in ("to", "cc", "bcc"):
        people = getattr(content, name)
        if len(people) > MOST_RECIPIENTS:
            problems[name] = f"At most {MOST_RECIPIENTS} addresses."
        elif any(len(one) > LONGEST_RECIPIENT for one in people):
            problems[name] = f"An address has at most {LONGEST_RECIPIENT} characters."
    if len(content.subject) > LONGEST_SUBJECT:
        problems["subject"] = f"At most {LONGEST_SUBJECT} characters."
    for name in ("body_text", "body_html"):
        if len(getattr(content, name)) > LONGEST_BODY:
            problems[name] = f"At most {LONGEST_BODY} characters."
    if len(content.attachments) > MOST_ATTACHMENTS:
        problems["attachments"] = f"At most {MOST_ATTACHMENTS} files."
    elif sum(one.size for one in content.attachments) > LARGEST_ATTACHMENTS:
        problems["attachments"] = f"At most {LARGEST_ATTACHMENTS // 1_000_000} MB together."
    if problems:
        raise Invalid(field_errors=problems)


def check_sendable(content: EmailContent) -> None:
    """A sender, somebody to send to, and addresses that mail can be sent to. Raises Invalid naming the fields."""
    problems: dict[str, object] = {}
    if not content.sender.strip():
        problems["sender"] = "This field is required."
    elif len(addresses_of((content.sender,))) != 1 or not is_valid(addresses_of((content.sender,))[0].email):
        problems["sender"] = f"{content.sender!r} is not an address."
    for name in ("to", "cc", "bcc"):
        bad = [one.email or one.name for one in addresses_of(getattr(content, name)) if not is_valid(one.email)]
        if bad:
            problems[name] = f"Mail cannot be sent to {', '.join(map(repr, bad[:5]))}."
    if not problems and not recipients_of(content):
        problems["to"] = "Name at least one recipient."
    if problems:
        raise Invalid(field_errors=problems)


def check_timing(status: EmailStatus, timing: Timing) -> None:
    """`date_scheduled` with scheduled alone, `send_in` below a minute. Raises Invalid naming the fields."""
    if status is EmailStatus.SCHEDULED and timing.date_scheduled is None:
        raise Invalid(field_errors={"date_scheduled": "This field is required when the status is scheduled."})
    if not 0 <= timing.send_in_seconds < LONGEST_UNDO_SECONDS:
        raise Invalid(field_errors={"send_in": f"Seconds, at least 0 and less than {LONGEST_UNDO_SECONDS}."})


def due_at(status: EmailStatus, timing: Timing, now: datetime) -> datetime:
    """When a queued email may go out. A scheduled time that is past is now."""
    if status is EmailStatus.SCHEDULED and timing.date_scheduled is not None:
        return max(timing.date_scheduled, now)
    return now + timedelta(seconds=timing.send_in_seconds)


def addresses_of(typed: tuple[str, ...]) -> tuple[Address, ...]:
    """What people typed, read into addresses."""
    return tuple(address for one in typed for address in typed_addresses(one))


def has_one_address(sender: str) -> bool:
    """Whether this names one person whom mail can come from."""
    found = addresses_of((sender,))
    return len(found) == 1 and "@" in found[0].email


def recipients_of(content: EmailContent) -> tuple[str, ...]:
    """Every bare address it goes to, each once: the same person in To and Cc gets it once."""
    people = {one.key: one.email for one in reversed(addresses_of(content.to + content.cc + content.bcc))}
    return tuple(reversed(people.values()))


def being_sent() -> Conflict:
    """What someone is told who comes too late to take an email back."""
    return Conflict("The email is being sent and can no longer be taken back.")

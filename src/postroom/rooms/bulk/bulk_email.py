"""A bulk email: its states, why it pauses, whom it passes over, and when it must stop. Pure.

    draft → created → loading → processing → done
                         ↑↓          ↑↓
                       resuming ← paused          cancelled and error end it, as done does

A draft is walked for its confirm screen, and anew when it is started: leads are taken as the query finds them then.
`loading` walks the query, `processing` sends. What is waited for while it is paused stands in `cause` and `resumes_at`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from postroom.ground.errors import Conflict, Forbidden

MOST_LEADS = 100_000
"""A batch; larger searches are cut by `limit:` (SPEC 6.2)."""

MOST_COPIED_TO_SENT = 10_000
"""Above it, Gmail's IMAP with another SMTP server gets no copies in Sent (SPEC 6.9)."""

BOUNCES_THAT_STOP = 0.05
FEWEST_JUDGED = 50
"""A twentieth of the addresses refused, over at least fifty emails: the list is stale, and going on costs the sender's
name (sending-notes 6, guardrails)."""

REFUSALS_THAT_STOP = 3
"""Contents refused one after the other, to different people: it is the email, not the people."""


class Status(StrEnum):
    """Close's words, and `draft` and `cancelled`."""

    DRAFT = "draft"
    CREATED = "created"
    LOADING = "loading"
    PROCESSING = "processing"
    PAUSED = "paused"
    RESUMING = "resuming"
    DONE = "done"
    CANCELLED = "cancelled"
    ERROR = "error"

    @property
    def is_over(self) -> bool:
        """Whether nothing will happen any more."""
        return self in (Status.DONE, Status.CANCELLED, Status.ERROR)


class Cause(StrEnum):
    """Why a batch is paused. LIMIT ends by itself; the others want a person."""

    USER = "user"
    LIMIT = "limit"
    ACCOUNT = "account"
    BOUNCES = "bounces"
    REFUSED = "refused"
    DISK = "disk"


class Preference(StrEnum):
    """Which contacts of a lead: the first, each at its first address, or each at every address. Close's words."""

    LEAD = "lead"
    CONTACT = "contact"
    ALL = "all"


class Skip(StrEnum):
    """Why somebody was passed over."""

    NO_ADDRESS = "no_address"
    INVALID = "invalid"
    DUPLICATE = "duplicate"
    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"
    HAD_TEMPLATE = "had_template"
    MISSING_VALUE = "missing_value"
    NEEDS_SMTPUTF8 = "needs_smtputf8"
    GONE = "gone"
    NO_LONGER_FOUND = "no_longer_found"


IN_DOUBT = "in_doubt"
"""The reason of a failed recipient whose email may have been sent: a person decides (journeys/bulk_doubt.py)."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a batch is for: a query in one of two languages, and which contacts of what it finds."""

    object_type: str = "lead"
    query: str | None = None
    s_query: Mapping[str, Any] | None = None
    sort: tuple[Any, ...] = ()
    results_limit: int | None = None
    preference: Preference = Preference.LEAD
    contact_query: str = ""
    leaves_out_repeats: bool = False
    leaves_out_gaps: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """The template as it was when the batch was started; changing it later changes nothing here."""

    template_id: str
    subject: str = field(repr=False)
    body: str = field(repr=False)
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    attachments: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class NewBulkEmail:
    """A batch to be started."""

    user_id: str
    account_id: str
    sender: str
    audience: Audience
    words: Words
    send_done_email: bool = True
    track_opens: bool = False
    track_clicks: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """Recipients by where they stand."""

    queued: int = 0
    sending: int = 0
    sent: int = 0
    failed: int = 0
    skipped: int = 0
    cancelled: int = 0


@dataclass(frozen=True, slots=True)
class BulkEmail:
    """A batch as it stands."""

    organization_id: str
    id: str
    user_id: str
    account_id: str
    sender: str
    audience: Audience
    words: Words
    send_done_email: bool
    status: Status
    cause: str
    error: str
    resumes_at: datetime | None
    n_leads: int | None
    n_objects: int | None
    counts: Counts
    refused_in_row: int
    judged: Counts
    date_created: datetime
    date_started: datetime | None
    track_opens: bool = False
    track_clicks: bool = False


@dataclass(frozen=True, slots=True)
class Becomes:
    """The state a batch is put into: why, in words, until when; `by` a person, or by itself."""

    status: Status
    cause: str = ""
    error: str = ""
    resumes_at: datetime | None = None
    by: str | None = None


def must_stop(batch: BulkEmail, bounced: int) -> Becomes | None:
    """What a batch must not go on against. Judged from where a person last let it go on; `bounced` since then."""
    failed = batch.counts.failed - batch.judged.failed
    judged = batch.counts.sent - batch.judged.sent + failed
    lost = failed + bounced
    if judged >= FEWEST_JUDGED and lost >= judged * BOUNCES_THAT_STOP:
        words = (
            f"{lost} of {judged} addresses did not take it. Going on would harm the good name of your address:"
            " look at the list of failed recipients, and resume when it is clean."
        )
        return Becomes(Status.PAUSED, Cause.BOUNCES, words)
    if batch.refused_in_row >= REFUSALS_THAT_STOP:
        words = "The server refuses the email itself, whoever it is for. Its words stand with the failed recipients."
        return Becomes(Status.PAUSED, Cause.REFUSED, words)
    return None


def check_may_pause(status: Status) -> None:
    """Raises Conflict for one that is over, and for a draft: going on with it would start what nobody started."""
    if status is Status.DRAFT:
        raise Conflict("This bulk email has not been started; there is nothing to pause.")
    if status.is_over:
        raise Conflict("This bulk email is over; there is nothing left to pause.")


def check_may_resume(status: Status) -> None:
    """Raises Conflict for one that is not paused."""
    if status is not Status.PAUSED:
        raise Conflict("This bulk email is not paused.")


def check_may_send_again(status: Status) -> None:
    """Raises Conflict for one that sends nothing any more but for a person's pause."""
    if status in (Status.DRAFT, Status.CANCELLED, Status.ERROR):
        raise Conflict("This bulk email was stopped. Send those emails again from their leads.")


def check_may_cancel(status: Status) -> None:
    """Raises Conflict for one that is over."""
    if status.is_over:
        raise Conflict("This bulk email is over; there is nothing left to cancel.")


def may_copy_to_sent(n_objects: int, imap_provider: str, smtp_provider: str) -> bool:
    """Whether copies go to the Sent folder (SPEC 6.9)."""
    return not (n_objects > MOST_COPIED_TO_SENT and imap_provider == "google" and smtp_provider != "google")


def check_may_touch(user_id: str, role: str, owner_id: str) -> None:
    """A batch is whose name stands under its emails; admins may step in. Raises Forbidden."""
    if role != "admin" and user_id != owner_id:
        raise Forbidden("You may not change a bulk email of another user.")


def check_may_start(status: Status) -> None:
    """Raises Conflict for what was started before."""
    if status is not Status.DRAFT:
        raise Conflict("This bulk email was started before.")


@dataclass(frozen=True, slots=True)
class Remaining:
    """How long a batch will still take. `days`: how many days of the provider's limit it needs, this one included."""

    seconds: int | None
    days: int = 1


def remaining(queued: int, per_minute: float, today: int | None, per_day: int | None) -> Remaining:
    """`today`: how many the provider still takes within these 24 hours, of `per_day`; None without such a limit.

    Nobody knows how long it takes before the first have gone out: then there are no seconds.
    """
    days = 1
    if today is not None and per_day and queued > today:
        days = 1 + -(-(queued - today) // per_day)
    if days > 1:
        return Remaining((days - 1) * 86_400, days)
    return Remaining(int(queued * 60 / per_minute) if per_minute > 0 else None)

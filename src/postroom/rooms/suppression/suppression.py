"""Why an address gets no bulk email, as values, and the rules of what each reason forbids. Pure.

Bulk email and sequences pass over an address for any reason. What a person writes to one address by hand is never
refused, as in Close; the page warns.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from postroom.ground.errors import Invalid
from postroom.wire.mime.address_key import address_key
from postroom.wire.mime.addresses import parse_addresses

LONGEST_REASON = 500
SOFT_BOUNCES = 3
"""So many soft bounces within SOFT_WINDOW suppress an address: mailboxes that stay full are given up."""
SOFT_WINDOW = timedelta(days=30)
OLDEST_REPORT = timedelta(days=90)
"""A report older than this marks its email and suppresses nothing: the mailbox may have been made since."""


class Kind(StrEnum):
    """The reasons, gravest first."""

    COMPLAINT = "complaint"
    UNSUBSCRIBED = "unsubscribed"
    MANUAL = "manual"
    HARD_BOUNCE = "hard_bounce"
    SOFT_BOUNCE = "soft_bounce"


class Source(StrEnum):
    """How it became known."""

    ONE_CLICK = "one_click"  # the mail program's button (RFC 8058)
    PAGE = "page"  # the open unsubscribe page
    MAILTO = "mailto"  # an email to the List-Unsubscribe address
    USER = "user"  # somebody here, on the page
    API = "api"
    REPORT = "report"  # a bounce or complaint that arrived
    SMTP = "smtp"  # the mail server refused the address when we sent


class BounceKind(StrEnum):
    """What one report says of one recipient. A delay is no bounce."""

    HARD = "hard"
    SOFT = "soft"
    DELAYED = "delayed"
    COMPLAINT = "complaint"


class UnsubscribeMode(StrEnum):
    """Whether bulk email carries a way to unsubscribe: never, unless its template has none, or it is not sent."""

    OFF = "off"
    ON = "on"
    REQUIRED = "required"


DEFAULT_MODE = UnsubscribeMode.ON
"""Gmail and Yahoo want it of bulk senders since 2024, Outlook recommends it."""


@dataclass(frozen=True, slots=True)
class Suppression:
    """One reason of one address. `address_key` is the comparison form, `address` what was written."""

    address_key: str
    address: str
    kind: Kind
    reason: str
    source: Source
    email_id: str | None
    created_by: str | None
    date_created: datetime


@dataclass(frozen=True, slots=True)
class NewSuppression:
    """A reason to be added; `user_id` where a person here added it."""

    address: str
    kind: Kind
    source: Source
    reason: str = ""
    email_id: str | None = None
    user_id: str | None = None

    @property
    def address_key(self) -> str:
        """The comparison form."""
        return address_key(self.address)


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A line of an address's history here."""

    id: str
    address: str
    kind: Kind
    action: str
    reason: str
    source: Source
    email_id: str | None
    user_id: str | None
    date_created: datetime


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a report says of one recipient of one of our emails. `report_key`: the identity of the report.

    `is_proven`: it named the email by what nobody but its recipients knows. Else it named an address that was written
    to lately, which a stranger may guess: that is told with the email, and suppresses nobody.
    """

    email_id: str
    address: str
    kind: BounceKind
    status: str
    reason: str
    report_key: str
    date: datetime
    is_proven: bool = True

    @property
    def address_key(self) -> str:
        """The comparison form."""
        return address_key(self.address)


def suppressed_by(bounce: Bounce, soft_bounces: int, now: datetime) -> tuple[Kind, ...]:
    """What a bounce does to its address; `soft_bounces` of the last SOFT_WINDOW, this one included.

    A complaint counts as the wish to unsubscribe too: whoever takes it off the list must take off both.
    """
    if not bounce.is_proven or now - bounce.date > OLDEST_REPORT:
        return ()
    match bounce.kind:
        case BounceKind.HARD:
            return (Kind.HARD_BOUNCE,)
        case BounceKind.COMPLAINT:
            return (Kind.COMPLAINT, Kind.UNSUBSCRIBED)
        case BounceKind.SOFT if soft_bounces >= SOFT_BOUNCES:
            return (Kind.SOFT_BOUNCE,)
        case _:
            return ()


def checked_address(text: str) -> str:
    """The one address in `text`. Raises Invalid, naming the field as Close does."""
    found = parse_addresses(text)
    if len(found) != 1 or "@" not in found[0].email or len(found[0].email) > 320:
        raise Invalid(field_errors={"email": "Invalid email address."})
    return found[0].email

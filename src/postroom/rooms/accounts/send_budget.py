"""How many emails an account may send now, by its provider's limits and what it has sent.

Counts come from the rows of sent emails, so that a restart forgets nothing. Days are rolling 24 hours, as providers
count (Google: support.google.com/a/answer/166852), never calendar days.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SendLimits:
    """Emails an account may send in each window; None where there is no limit.

    `warn_per_day`: from here on a person is warned before a bulk email. `recipients_per_email` counts To, Cc and Bcc.
    """

    per_minute: int | None = None
    per_hour: int | None = None
    per_day: int | None = None
    warn_per_day: int | None = None
    recipients_per_email: int | None = None


NO_LIMITS = SendLimits()
"""A provider that names none."""


@dataclass(frozen=True, slots=True)
class Sent:
    """Emails sent within a window, and when the oldest of them went out (None when there are none)."""

    count: int = 0
    oldest: datetime | None = None


@dataclass(frozen=True, slots=True)
class SentSoFar:
    """What an account has sent in the last minute, hour and 24 hours."""

    minute: Sent = Sent()
    hour: Sent = Sent()
    day: Sent = Sent()


@dataclass(frozen=True, slots=True)
class Budget:
    """`emails` may go out now (None: as many as there are). With none left, the next at `next_at`, for `reason`."""

    emails: int | None
    next_at: datetime | None = None
    reason: str = ""


def budget(limits: SendLimits, sent: SentSoFar, now: datetime) -> Budget:
    """What may be sent now. When several windows are full, the one that opens last decides."""
    windows = (
        (limits.per_minute, sent.minute, MINUTE, "minute"),
        (limits.per_hour, sent.hour, HOUR, "hour"),
        (limits.per_day, sent.day, DAY, "24 hours"),
    )
    left = [limit - used.count for limit, used, _, _ in windows if limit is not None]
    if not left:
        return Budget(None)
    if min(left) > 0:
        return Budget(min(left))
    full = [
        ((used.oldest or now) + length, f"The provider takes {limit} emails in {word}.")
        for limit, used, length, word in windows
        if limit is not None and used.count >= limit
    ]
    next_at, reason = max(full)
    return Budget(0, max(next_at, now), reason)


def should_warn(limits: SendLimits, sent: SentSoFar, planned: int) -> bool:
    """Whether a bulk email of `planned` emails passes the day's count that its provider begins to mind."""
    return limits.warn_per_day is not None and sent.day.count + planned > limits.warn_per_day

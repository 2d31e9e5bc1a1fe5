"""How many emails an account may send now, by its provider's limits, what it has sent, and what servers asked for.

Counts come from the rows of sent emails, so that a restart forgets nothing. Days are rolling 24 hours, as providers
count (Google: support.google.com/a/answer/166852), never calendar days. What a person writes goes first: bulk email
leaves a tenth of an hour's and a day's limit to people.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SendLimits:
    """Emails an account may send in each window; None where there is no limit.

    `warn_per_day`: from here on a person is warned before a bulk email. `recipients_per_email` counts To, Cc and Bcc.
    `connections` at once, and `messages_per_connection` before a new one is opened, are for bulk email alone.
    """

    per_minute: int | None = None
    per_hour: int | None = None
    per_day: int | None = None
    warn_per_day: int | None = None
    recipients_per_email: int | None = None
    connections: int = 2
    messages_per_connection: int | None = 100


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


BULK_SHARE = 0.9
SLOWEST_PER_MINUTE = 5.0
FASTEST_SLOWED = 6_000.0
"""Emails a minute past which a slowed account is as free as any."""
DOUBLES_IN = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class SlowPace:
    """How many emails a minute an account was given when its server last asked it to slow down, and when that was."""

    per_minute: float
    since: datetime
    reason: str = ""


def share_of_bulk(limits: SendLimits) -> SendLimits:
    """What bulk email may use of the limits; the rest of an hour and a day is for people."""
    return replace(limits, per_hour=_share(limits.per_hour), per_day=_share(limits.per_day))


def at_pace(limits: SendLimits, pace: SlowPace | None, now: datetime) -> SendLimits:
    """The limits of an account that was asked to slow down. The pace doubles every half hour until it is forgotten."""
    rate = pace_now(pace, now)
    if rate is None:
        return limits
    per_minute = max(1, int(rate))
    return replace(limits, per_minute=min(per_minute, limits.per_minute or per_minute), connections=1)


def pace_now(pace: SlowPace | None, now: datetime) -> float | None:
    """Emails a minute; None for an account that is free."""
    if pace is None:
        return None
    rate = pace.per_minute * 2.0 ** min((now - pace.since) / DOUBLES_IN, 20.0)
    return None if rate >= FASTEST_SLOWED else rate


def halved(pace: SlowPace | None, sent_last_minute: int, now: datetime) -> float:
    """Half of what was sent when the server complained: of the pace it had, or of the last minute's count."""
    rate = pace_now(pace, now)
    return max(SLOWEST_PER_MINUTE, (rate if rate is not None else float(sent_last_minute)) / 2)


def _share(limit: int | None) -> int | None:
    return None if limit is None else max(1, int(limit * BULK_SHARE))

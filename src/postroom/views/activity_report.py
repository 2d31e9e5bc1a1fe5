"""Reports: how much was sent, received, written and won in a stretch of time, by day, by user, and in all.

Emails that are kept from the reader are not in the numbers: with a lead, a user and a day to choose, a number tells.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid
from postroom.views.selection import Where
from postroom.views.time_limit import limit_time

MOST_MILLISECONDS = 20_000
DAYS_SHOWN_SINGLY = 92


@dataclass(frozen=True, slots=True)
class Metric:
    """A number that is reported. `counted` is SQL over the rows of `source`, whose moment, user and lead have names."""

    key: str
    name: str
    description: str
    source: str
    moment: str
    user: str
    lead: str = "x.lead_id"
    counted: str = "count(*)"


@dataclass(frozen=True, slots=True)
class Period:
    """From a moment to before another, in the zone whose days count; of these users and leads, None: of all."""

    start: datetime
    end: datetime
    zone: str
    user_ids: tuple[str, ...] | None = None
    lead_ids: tuple[str, ...] | None = None

    @property
    def unit(self) -> str:
        """Days, or months where there are too many of them."""
        return "day" if self.end - self.start <= timedelta(days=DAYS_SHOWN_SINGLY) else "month"


def chosen(keys: Sequence[str]) -> list[Metric]:
    """The metrics with these keys. Raises Invalid for one that there is not."""
    unknown = [key for key in keys if key not in _BY_KEY]
    if unknown or not keys:
        raise Invalid(field_errors={"metrics": f"There is no metric {unknown[0]!r}." if unknown else "Name some."})
    return [_BY_KEY[key] for key in dict.fromkeys(keys)]


async def totals(tx: Transaction, organization_id: str, wanted: Sequence[Metric], period: Period) -> dict[str, int]:
    """Each metric over the whole period."""
    return {metric.key: (await _numbers(tx, organization_id, (metric, "1"), period)).get("1", 0) for metric in wanted}


async def by_time(
    tx: Transaction, organization_id: str, wanted: Sequence[Metric], period: Period
) -> dict[date, dict[str, int]]:
    """Each metric for every day or month in which there was anything."""
    found: dict[date, dict[str, int]] = {}
    for metric in wanted:
        unit = f"date_trunc('{period.unit}', {metric.moment} at time zone %(zone)s)::date::text"
        for day, number in (await _numbers(tx, organization_id, (metric, unit), period)).items():
            found.setdefault(date.fromisoformat(day), {})[metric.key] = number
    return found


async def by_user(
    tx: Transaction, organization_id: str, wanted: Sequence[Metric], period: Period
) -> dict[str, dict[str, int]]:
    """Each metric for every user who has any."""
    found: dict[str, dict[str, int]] = {}
    for metric in wanted:
        for user, number in (await _numbers(tx, organization_id, (metric, metric.user), period)).items():
            found.setdefault(user, {})[metric.key] = number
    return found


async def _numbers(tx: Transaction, organization_id: str, wanted: tuple[Metric, str], period: Period) -> dict[str, int]:
    """The metric's number for each value of a grouping."""
    metric, group = wanted
    where = Where.of("x.organization_id", organization_id)
    where.holds(f"{metric.moment} >= {{}}", period.start)
    where.holds(f"{metric.moment} < {{}}", period.end)
    where.among(metric.user, period.user_ids)
    where.among(metric.lead, period.lead_ids)
    await limit_time(tx, MOST_MILLISECONDS)
    rows = await (
        await tx.execute(
            f"select {group}, {metric.counted} from {metric.source} and {where} group by 1",
            {**where.values, "zone": period.zone},
        )
    ).fetchall()
    return {str(row[0]): int(row[1] or 0) for row in rows if row[0] is not None}


def _emails(condition: str) -> str:
    return f"seen_emails x where {condition}"


def _activities(kind: str, more: str = "") -> str:
    return f"activities x where x.kind = '{kind}'{more}"


_SENT = "x.direction = 'outgoing' and x.status = 'sent'"
_RECEIVED = "x.direction = 'incoming' and x.status = 'inbox'"
_AT, _MADE = "x.activity_at", "x.date_created"
_TALKED = (
    "(select e.organization_id, e.lead_id, e.user_id, e.activity_at from seen_emails e where e.direction = 'outgoing'"
    " and e.status = 'sent' union all select a.organization_id, a.lead_id, a.user_id, a.activity_at from activities a"
    " where a.kind = 'call' and a.direction <> 'inbound') x where true"
)
_WON = "x.status_id in (select s.id from opportunity_statuses s where s.organization_id = x.organization_id and s.type"
METRICS = (
    Metric("emails.sent.all.count", "Emails sent", "Emails that were sent.", _emails(_SENT), _AT, "x.user_id"),
    Metric(
        "emails.received.all.count", "Emails received", "Emails that came.", _emails(_RECEIVED), _AT, "x.user_id"
    ),
    Metric(
        "emails.sent.all_with_reply.count", "Emails answered", "Sent emails that somebody answered.",
        _emails(f"{_SENT} and x.has_reply"), _AT, "x.user_id",
    ),
    Metric(
        "calls.outbound.all.count", "Calls made", "Calls to leads.",
        _activities("call", " and x.direction <> 'inbound'"), _AT, "x.user_id",
    ),
    Metric(
        "calls.inbound.all.count", "Calls received", "Calls from leads.",
        _activities("call", " and x.direction = 'inbound'"), _AT, "x.user_id",
    ),
    Metric(
        "calls.all.all.sum_duration", "Time on calls", "Seconds of all calls.", _activities("call"), _AT, "x.user_id",
        counted="sum(x.duration)",
    ),
    Metric("notes.all.all.count", "Notes", "Notes that were written.", _activities("note"), _AT, "x.user_id"),
    Metric(
        "tasks.completed.all.count", "Tasks completed", "Tasks of leads that were done.",
        _activities("task_completed"), _AT, "x.user_id",
    ),
    Metric(
        "leads.contacted.all.count", "Leads contacted", "Leads that were called or written to.", _TALKED, _AT,
        "x.user_id", counted="count(distinct x.lead_id)",
    ),
    Metric(
        "leads.created.all.count", "Leads created", "Leads that were made.", "leads x where true", _MADE,
        "x.created_by", "x.id",
    ),
    Metric(
        "contacts.created.all.count", "Contacts created", "Contacts that were made.", "contacts x where true", _MADE,
        "x.created_by",
    ),
    Metric(
        "opportunities.created.all.count", "Opportunities created", "Opportunities that were made.",
        "opportunities x where true", _MADE, "x.user_id",
    ),
    Metric(
        "opportunities.won.all.count", "Opportunities won", "Opportunities that were won.",
        f"opportunities x where {_WON} = 'won')", "x.date_won::timestamptz", "x.user_id",
    ),
    Metric(
        "opportunities.won.all.sum_value", "Value won", "What the won opportunities are worth, in cents.",
        f"opportunities x where {_WON} = 'won')", "x.date_won::timestamptz", "x.user_id", counted="sum(x.value)",
    ),
)  # fmt: skip
"""Keys are Close's where Close has such a number (`/report/activity/metrics/`)."""
_BY_KEY = {metric.key: metric for metric in METRICS}

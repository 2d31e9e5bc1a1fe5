"""Reports: how much was sent, received, written and won in a stretch of time, by day, by user, and in all.

Emails that are kept from the reader are not in the numbers: with a lead, a user and a day to choose, a number tells.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid
from postroom.views.activity_metrics import BY_KEY, Metric
from postroom.views.selection import Where
from postroom.views.time_limit import limit_time

MOST_MILLISECONDS = 20_000
DAYS_SHOWN_SINGLY = 92
MOST_DAYS = 7_000
"""Nobody sold anything before: a longer period is that of all time."""


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
    unknown = [key for key in keys if key not in BY_KEY]
    if unknown or not keys:
        raise Invalid(field_errors={"metrics": f"There is no metric {unknown[0]!r}." if unknown else "Name some."})
    return [BY_KEY[key] for key in dict.fromkeys(keys)]


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


def filled(found: dict[date, dict[str, int]], wanted: Sequence[Metric], period: Period) -> dict[date, dict[str, int]]:
    """The same with every day or month of the period and every metric: a chart has no holes.

    A period without a beginning begins with the first day on which there was something, and one without an end ends
    with the last.
    """
    zone = period.start.tzinfo
    first, last = period.start.date(), (period.end.astimezone(zone) - timedelta(microseconds=1)).date()
    if (last - first).days > MOST_DAYS:
        first = max(first, min(found, default=last))
    if (last - first).days > MOST_DAYS:
        last = max(found, default=first)
    day, whole = first.replace(day=1) if period.unit == "month" else first, {}
    while day <= last:
        whole[day] = {metric.key: found.get(day, {}).get(metric.key, 0) for metric in wanted}
        day += timedelta(days=1)
        if period.unit == "month" and day.day != 1:
            day = (day + timedelta(days=31)).replace(day=1)
    return whole


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

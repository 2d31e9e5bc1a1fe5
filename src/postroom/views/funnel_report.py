"""How opportunities went through the stages of a pipeline in a stretch of time: how many came how far, what they are
worth, and how long that took. The numbers are Close's (developer.close.com, "Get a funnel report"); where its pages do
not say how one is counted, docs/api.md says how it is here.

A stage is a status of the pipeline that is not of the type lost. Whoever reached a stage went on from it when a later
one of the pipeline followed; a deal counts once for every stage that it was in.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from postroom.ground.database import Transaction
from postroom.views.activity_report import MOST_MILLISECONDS
from postroom.views.pipelines import OpportunityStatusCard
from postroom.views.search_histories import STATUS
from postroom.views.time_limit import limit_time

YEARLY = {"monthly": 12}
DAY = timedelta(days=1)


class Cohort(Enum):
    """Which opportunities are looked at: those made in a time, or those that stood in an open stage."""

    CREATED = "created-cohort"
    ACTIVE = "active-stage-cohort"


@dataclass(frozen=True, slots=True)
class Stretch:
    """From a moment to before another."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """Which deals of the pipeline with these statuses, and the time that is looked at.

    `created`: when those of the cohort were made. `user_ids`: of these alone. `narrowed`: the column that a Smart View
    narrows, `o.lead_id` or `o.id`, SQL of the ids that it finds, and the values of that.
    """

    statuses: Sequence[OpportunityStatusCard]
    cohort: Cohort
    seen: Stretch
    created: Stretch | None = None
    user_ids: tuple[str, ...] | None = None
    narrowed: tuple[str, str, Mapping[str, Any]] | None = None


@dataclass(frozen=True, slots=True)
class Stay:
    """A status that a deal had, from when to when; None: it lasts."""

    status_id: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Deal:
    """An opportunity as far as the report goes: cents, and the statuses of the pipeline in their order."""

    user_id: str | None
    value: int
    annualized: int
    confidence: int
    date_created: datetime
    stays: tuple[Stay, ...]


@dataclass(frozen=True, slots=True)
class Stages:
    """The statuses of a pipeline: the stages in their order, those of winning last; the type and the place of each."""

    in_order: tuple[OpportunityStatusCard, ...]
    types: Mapping[str, str]
    places: Mapping[str, int]

    @classmethod
    def of(cls, statuses: Sequence[OpportunityStatusCard]) -> "Stages":
        """Those of a pipeline. All won statuses stand in one place."""
        active, won = ([one for one in statuses if one.type == kind] for kind in ("active", "won"))
        places = {one.id: place for place, one in enumerate(active)} | dict.fromkeys(
            (one.id for one in won), len(active)
        )
        return cls((*active, *won), {one.id: one.type for one in statuses}, places)


@dataclass(frozen=True, slots=True)
class Funnel:
    """The deals of a report and the stages that they went through."""

    stages: Stages
    deals: Sequence[Deal]

    @property
    def users(self) -> list[str | None]:
        """Whose deals there are."""
        return list(dict.fromkeys(deal.user_id for deal in self.deals))

    def of(self, user_id: str | None) -> "Funnel":
        """The same of one user's deals."""
        return replace(self, deals=[deal for deal in self.deals if deal.user_id == user_id])

    def totals(self) -> dict[str, Any]:
        """What came of all of them."""
        won = [deal for deal in self.deals if self._end_of(deal) == "won"]
        complete = [deal for deal in self.deals if self._end_of(deal) in ("won", "lost")]
        value_complete, value_won = (sum(deal.value for deal in some) for some in (complete, won))
        times = [deal.stays[-1].since - deal.date_created for deal in won]
        yearly = _average([deal.annualized for deal in won]) or 0
        rate = _ratio(len(won), len(complete), len(complete))
        return {
            "count": len(self.deals),
            "count_total_complete": len(complete),
            "count_total_won": len(won),
            "count_win_rate": rate,
            "value_total_complete": value_complete,
            "value_total_won": value_won,
            "value_win_rate": _ratio(value_won, value_complete, len(complete)),
            "average_time_to_win": _seconds(times),
            "average_value_annualized_per_won_opportunity": yearly,
            "sales_velocity": self._velocity(yearly, rate or 0.0, times),
        }

    def stage_rows(self) -> list[dict[str, Any]]:
        """Each stage with those who reached it."""
        reached = [[deal for deal in self.deals if _first(deal, stage.id)] for stage in self.stages.in_order]
        weighted = [sum(self._weighted(deal) for deal in some) for some in reached]
        return [
            self._stage_row(stage, some, (here, after))
            for stage, some, here, after in zip(
                self.stages.in_order, reached, weighted, [*weighted[1:], 0], strict=True
            )
        ]

    def _stage_row(
        self, stage: OpportunityStatusCard, deals: Sequence[Deal], weighted: tuple[int, int]
    ) -> dict[str, Any]:
        """`weighted`: what the deals of the stage and of the next one are worth by their confidence."""
        advanced = [(deal, took) for deal in deals if (took := self._advanced(deal, stage.id)) is not None]
        lost = [deal for deal in deals if self._lost_from(deal) == stage.id]
        count, value, value_lost = len(deals), _worth(deals), _worth(lost)
        return {
            "status": {"id": stage.id, "label": stage.label, "type": stage.type},
            "count": count,
            "count_conversion_rate": _ratio(len(advanced), count, count),
            "count_lost": len(lost),
            "count_lost_ratio": _ratio(len(lost), count, count),
            "value": value,
            "value_conversion_rate": _ratio(_worth(deal for deal, _ in advanced), value, count),
            "value_lost": value_lost,
            "value_lost_ratio": _ratio(value_lost, value, count),
            "weighted_value": weighted[0],
            "weighted_value_conversion_rate": _ratio(weighted[1], weighted[0], count),
            "average_time_to_advance": _seconds([took for _, took in advanced]),
        }

    def _end_of(self, deal: Deal) -> str:
        """The type of the status that it had in the end."""
        return self.stages.types[deal.stays[-1].status_id] if deal.stays else ""

    def _weighted(self, deal: Deal) -> int:
        sure = {"won": 100, "lost": 0}.get(self._end_of(deal), deal.confidence)
        return deal.value * sure // 100

    def _advanced(self, deal: Deal, status_id: str) -> timedelta | None:
        """How long it took from the stage to a later one; None where it came no further."""
        first = _first(deal, status_id)
        if first is None:
            return None
        later = (
            stay.since - first.since
            for stay in deal.stays
            if stay.since > first.since and self.stages.places.get(stay.status_id, -1) > self.stages.places[status_id]
        )
        return next(later, None)

    def _lost_from(self, deal: Deal) -> str | None:
        """The stage that it was in before it was lost; None where it is not."""
        if self._end_of(deal) != "lost":
            return None
        return next(
            (stay.status_id for stay in reversed(deal.stays) if self.stages.types[stay.status_id] != "lost"), None
        )

    def _velocity(self, yearly: int, rate: float, times: Sequence[timedelta]) -> int:
        """What all deals bring in a day: so many, worth so much, won that often, in so many days (at least one)."""
        days = max(sum(times, timedelta()) / len(times) / DAY, 1.0) if times else 1.0
        return round(len(self.deals) * yearly * rate / days)


async def funnel(tx: Transaction, organization_id: str, asked: Asked) -> Funnel:
    """The deals that the report is about. `tx` gets a time limit."""
    await limit_time(tx, MOST_MILLISECONDS)
    where, values = _narrowing(asked)
    rows = await (
        await tx.execute(
            f"{_DEALS.format(where=where)} order by o.id, h.since",
            {
                **values,
                "organization_id": organization_id,
                "status_ids": [status.id for status in asked.statuses],
                "start": asked.seen.start,
                "end": asked.seen.end,
            },
            prepare=False,
        )
    ).fetchall()
    deals = _deals(rows)
    if asked.cohort is Cohort.ACTIVE:
        stages = {status.id for status in asked.statuses if status.type == "active"}
        deals = [deal for deal in deals if any(stay.status_id in stages for stay in deal.stays)]
    return Funnel(Stages.of(asked.statuses), deals)


_STAYS = STATUS.table.replace("{a}", "h")
_DEALS = (
    "select o.id, o.user_id, coalesce(o.value, 0), o.value_period, o.confidence, o.date_created, h.status_id, h.since,"
    f" h.until from opportunities o left join {_STAYS}"
    " on h.organization_id = o.organization_id and h.opportunity_id = o.id and h.since < %(end)s"
    " and (h.until is null or h.until > %(start)s) and h.status_id = any(%(status_ids)s)"
    " where o.organization_id = %(organization_id)s and o.status_id = any(%(status_ids)s){where}"
)


def _narrowing(asked: Asked) -> tuple[str, dict[str, Any]]:
    where, values = "", dict[str, Any]()
    if asked.created:
        where += " and o.date_created >= %(created_from)s and o.date_created < %(created_until)s"
        values |= {"created_from": asked.created.start, "created_until": asked.created.end}
    if asked.user_ids is not None:
        where += " and o.user_id = any(%(user_ids)s)"
        values["user_ids"] = list(asked.user_ids)
    if asked.narrowed:
        column, sql, more = asked.narrowed
        where += f" and {column} in ({sql})"
        values |= dict(more)
    return where, values


def _deals(rows: Iterable[Sequence[Any]]) -> list[Deal]:
    """One deal for all its rows, which come together."""
    stays: dict[str, list[Stay]] = {}
    heads: dict[str, Sequence[Any]] = {}
    for row in rows:
        heads[row[0]] = row
        known = stays.setdefault(row[0], [])
        if row[6] is not None:
            known.append(Stay(row[6], row[7], row[8]))
    return [
        Deal(head[1], head[2], head[2] * YEARLY.get(head[3], 1), head[4], head[5], tuple(stays[one]))
        for one, head in heads.items()
    ]


def _first(deal: Deal, status_id: str) -> Stay | None:
    return next((stay for stay in deal.stays if stay.status_id == status_id), None)


def _worth(deals: Iterable[Deal]) -> int:
    return sum(deal.value for deal in deals)


def _average(numbers: Sequence[int]) -> int | None:
    return round(sum(numbers) / len(numbers)) if numbers else None


def _seconds(times: Sequence[timedelta]) -> int | None:
    return round(sum(times, timedelta()).total_seconds() / len(times)) if times else None


def _ratio(part: int, whole: int, count: int) -> float | None:
    """Null where there are no deals; nothing of nothing is nothing."""
    if not count:
        return None
    return round(part / whole, 4) if whole else 0.0

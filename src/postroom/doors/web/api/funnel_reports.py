"""/report/funnel/opportunity/: how opportunities went through the stages of a pipeline, in all and by user."""

import csv
import io
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
from litestar import MediaType, Response, post
from litestar.params import JSONBody
from msgspec import UNSET

from postroom.doors.web.api.reports import RANGES, allowed_users, relative_range, within_time
from postroom.doors.web.bodies import Maybe, or_empty, tidy
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.query import moment, zone_of
from postroom.doors.web.reach import tools_of
from postroom.doors.web.seeking import reader_of, seeker_of
from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid
from postroom.rooms.smart_views import store as views
from postroom.rooms.smart_views.saved_search import query_of
from postroom.rooms.smart_views.tree import InView, Query
from postroom.views.funnel_report import Asked, Cohort, Funnel, Stretch, funnel
from postroom.views.lead_search import as_subqueries
from postroom.views.members import user_cards
from postroom.views.pipelines import OpportunityStatusCard, opportunity_status_cards
from postroom.views.references import with_members
from postroom.views.selection import Page

_BACK = {"same-days-last-week": 0, "same-days-last-month": 1, "same-days-last-quarter": 3, "same-days-last-year": 12}
_COLUMNS = {"lead": "o.lead_id", "opportunity": "o.id"}


class FunnelBody(msgspec.Struct):
    """Which opportunities of which pipeline (`type`), and when. `users` may be groups, `query` a Smart View."""

    pipeline: Maybe[str] = UNSET
    type: Maybe[str] = UNSET
    report_relative_range: Maybe[str] = UNSET
    report_datetime_range: Maybe[dict[str, Any]] = UNSET
    cohort_relative_range: Maybe[str] = UNSET
    cohort_datetime_range: Maybe[dict[str, Any]] = UNSET
    compared_relative_range: Maybe[str] = UNSET
    compared_datetime_range: Maybe[str] = UNSET
    compared_custom_range: Maybe[dict[str, Any]] = UNSET
    users: Maybe[list[str]] = UNSET
    query: Maybe[dict[str, Any]] = UNSET


@post("/report/funnel/opportunity/totals", operation_id="report_funnel_totals", status_code=200)
async def report_funnel_totals(request: ApiRequest, data: JSONBody[FunnelBody]) -> Response[Any]:
    """How many opportunities were won, how fast, and what they are worth. CSV (by user) where `Accept` asks for it."""
    found, people = await _funnel(request, data)
    rows = [{"user_id": user, **found.of(user).totals()} for user in people]
    if _wants_csv(request):
        return _csv(rows)
    return Response({"aggregations": found.totals(), "data": rows}, media_type=MediaType.JSON)


@post("/report/funnel/opportunity/stages", operation_id="report_funnel_stages", status_code=200)
async def report_funnel_stages(request: ApiRequest, data: JSONBody[FunnelBody]) -> Response[Any]:
    """How many opportunities reached each stage, went on and were lost. CSV (by user) where `Accept` asks for it."""
    found, people = await _funnel(request, data)
    rows = {user: found.of(user).stage_rows() for user in people}
    if _wants_csv(request):
        return _csv([_flat(user, stage) for user, stages in rows.items() for stage in stages])
    by_user = [{"user_id": user, "stages": stages} for user, stages in rows.items()]
    answer = {"aggregations": {"stages": found.stage_rows()}, "data": by_user}
    return Response(answer, media_type=MediaType.JSON)


async def _funnel(request: ApiRequest, data: FunnelBody) -> tuple[Funnel, list[str | None]]:
    """The report, and whose rows it has: those who were asked for, else everybody, and nobody's opportunities."""
    organization_id = request.user.organization_id
    async with tools_of(request).db.searching() as tx:
        statuses = await _statuses(tx, organization_id, tidy(data.pipeline) or "")
        cohort, seen, created = _times(request, data)
        named = allowed_users(request, tuple(or_empty(data.users)) or None)
        user_ids = await with_members(tx, organization_id, named)
        narrowed = await _narrowing(request, tx, data)
        found = await funnel(tx, organization_id, Asked(statuses, cohort, seen, created, user_ids, narrowed))
        if user_ids is not None:
            return found, list(user_ids)
        members, _ = await user_cards(tx, organization_id, Page(1_000))
    return found, list(dict.fromkeys([*(member.id for member in members), *found.users]))


async def _statuses(tx: Transaction, organization_id: str, pipeline_id: str) -> list[OpportunityStatusCard]:
    """Those of the pipeline, in their order."""
    found = [one for one in await opportunity_status_cards(tx, organization_id) if one.pipeline_id == pipeline_id]
    if not found:
        said = "There is no such pipeline." if pipeline_id else "This field is required."
        raise Invalid(field_errors={"pipeline": said})
    return found


def _times(request: ApiRequest, data: FunnelBody) -> tuple[Cohort, Stretch, Stretch | None]:
    """The cohort, the time that is looked at, and when its opportunities were made where that matters."""
    kind = tidy(data.type)
    if kind not in [*(one.value for one in Cohort)]:
        raise Invalid(field_errors={"type": f"This must be {' or '.join(one.value for one in Cohort)}."})
    cohort, now = Cohort(kind), tools_of(request).clock().astimezone(zone_of(request))
    given = {"report": (data.report_relative_range, data.report_datetime_range)}
    given["cohort"] = (data.cohort_relative_range, data.cohort_datetime_range)
    seen = _stretch("report", given["report"], now)
    if cohort is Cohort.ACTIVE:
        if seen is None:
            raise _missing("report")
        return cohort, _compared(data, (seen, tidy(data.report_relative_range) or ""), now), None
    created = _stretch("cohort", given["cohort"], now)
    if created is None:
        raise _missing("cohort")
    created = _compared(data, (created, tidy(data.cohort_relative_range) or ""), now)
    return cohort, seen or Stretch(created.start, max(now, created.end)), created


def _stretch(name: str, given: tuple[Any, Any], now: datetime) -> Stretch | None:
    """The range that was given in one of its two forms."""
    word, ends = given
    if isinstance(ends, Mapping):
        return _between(f"{name}_datetime_range", ends, now)
    word = tidy(word)
    return _relative(f"{name}_relative_range", word, now) if word else None


def _between(name: str, ends: Mapping[str, Any], now: datetime) -> Stretch:
    start, end = (within_time(moment(name, str(ends.get(side) or ""))) for side in ("start", "end"))
    if end < start:
        raise Invalid(field_errors={name: "This range ends before it begins."})
    return Stretch(start.astimezone(now.tzinfo), end.astimezone(now.tzinfo))


def _relative(name: str, word: str, now: datetime) -> Stretch:
    if word not in RANGES:
        raise Invalid(field_errors={name: f"This must be one of {', '.join(RANGES)}."})
    return Stretch(*relative_range(word, now))


def _compared(data: FunnelBody, base: tuple[Stretch, str], now: datetime) -> Stretch:
    """The range that the given one is compared with, if any: the report is of that one then."""
    stretch, word = base
    if isinstance(data.compared_custom_range, Mapping):
        return _between("compared_custom_range", data.compared_custom_range, now)
    if other := tidy(data.compared_relative_range):
        if not word:
            said = "This goes with a relative range only; for two moments there is compared_datetime_range."
            raise Invalid(field_errors={"compared_relative_range": said})
        return _relative("compared_relative_range", other, now)
    if back := tidy(data.compared_datetime_range):
        if back not in _BACK or word:
            said = f"This goes with a range of two moments only, and must be one of {', '.join(_BACK)}."
            raise Invalid(field_errors={"compared_datetime_range": said})
        return Stretch(_earlier(stretch.start, _BACK[back]), _earlier(stretch.end, _BACK[back]))
    return stretch


def _earlier(at: datetime, months: int) -> datetime:
    """The same day so many months before, or the last of that month; of none, a week before."""
    if not months:
        return at - timedelta(days=7)
    year, month = divmod(at.year * 12 + at.month - 1 - months, 12)
    days = (datetime(year + (month + 1) // 12, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return at.replace(year=year, month=month + 1, day=min(at.day, days))


def _missing(name: str) -> Invalid:
    return Invalid(field_errors={f"{name}_relative_range": f"Give this or {name}_datetime_range."})


async def _narrowing(
    request: ApiRequest, tx: Transaction, data: FunnelBody
) -> tuple[str, str, Mapping[str, Any]] | None:
    """The Smart View (of leads or opportunities) that narrows the report; None where none does."""
    view_id = str((data.query if isinstance(data.query, Mapping) else {}).get("saved_search_id") or "")
    if not view_id:
        return None
    organization_id = request.user.organization_id
    kind = query_of(await views.view(tx, organization_id, view_id, await seeker_of(request, tx))).kind
    if kind not in _COLUMNS:
        raise Invalid(field_errors={"query": "A Smart View of leads or opportunities is expected here."})
    sql, values = await as_subqueries(tx, organization_id, [Query(InView(view_id), kind)], reader_of(request))
    return _COLUMNS[kind], sql[0], values


def _flat(user_id: str | None, stage: Mapping[str, Any]) -> dict[str, Any]:
    status = {f"status_{name}": value for name, value in stage["status"].items()}
    return {"user_id": user_id, **status, **{name: value for name, value in stage.items() if name != "status"}}


def _wants_csv(request: ApiRequest) -> bool:
    return "text/csv" in request.headers.get("accept", "")


def _csv(rows: list[dict[str, Any]]) -> Response[Any]:
    written = io.StringIO()
    writer = csv.DictWriter(written, list(rows[0]) if rows else ["user_id"])
    writer.writeheader()
    writer.writerows(rows)
    return Response(written.getvalue(), media_type="text/csv")


ROUTES = [report_funnel_totals, report_funnel_stages]

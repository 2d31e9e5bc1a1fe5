"""/report/: sent emails by template, and activity in numbers."""

import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import msgspec
from litestar import MediaType, Response, get, post
from litestar.params import FromPath, JSONBody
from msgspec import UNSET

from postroom.doors.web.bodies import Maybe, or_empty, tidy
from postroom.doors.web.document import takes
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.query import asked, moment, zone_of
from postroom.doors.web.reach import tools_of
from postroom.doors.web.seeking import reader_of, seeker_of
from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid, NotFound
from postroom.ground.sheet_cells import inert
from postroom.rooms.smart_views import store as views
from postroom.rooms.smart_views.saved_search import query_of
from postroom.rooms.users.roles import Role
from postroom.views import activity_report
from postroom.views.activity_metrics import METRICS, VALUES_CREATED, Metric
from postroom.views.activity_report import Period
from postroom.views.lead_search import Search, find
from postroom.views.references import user_names, with_members
from postroom.views.selection import Page
from postroom.views.sent_report import TemplateStats, sent_stats

MOST_LEADS = 50_000
"""Of a Smart View that narrows a report."""
RANGES = (
    "today", "yesterday", "this-week", "last-week", "this-month", "last-month", "this-quarter", "last-quarter",
    "this-year", "last-year", "all-time",
)  # fmt: skip
_BEGINNING = datetime(1990, 1, 1, tzinfo=UTC)
_END = datetime(9999, 1, 1, tzinfo=UTC)


class ReportBody(msgspec.Struct):
    """Which numbers, when, of whom. `relative_range` is a word such as last-week; else `datetime_range`."""

    metrics: Maybe[list[str]] = UNSET
    type: Maybe[str] = UNSET
    relative_range: Maybe[str] = UNSET
    datetime_range: Maybe[dict[str, Any]] = UNSET
    users: Maybe[list[str]] = UNSET
    query: Maybe[dict[str, Any]] = UNSET


class SentStats(msgspec.Struct, frozen=True):
    """The sent emails of one template, as Close prints them. Opened are those that programs have logged as such."""

    template: str | None
    template_id: str | None
    name: str | None
    is_shared: bool | None
    template_url: str | None
    total: int
    opened: int
    percentage_opened: float
    responded: int
    percentage_responded: float
    queries: dict[str, str] = msgspec.field(name="_queries")


class SentReport(msgspec.Struct, frozen=True):
    """All emails first, then those of each template."""

    sent_email_stats: list[SentStats]


class MetricCard(msgspec.Struct, frozen=True):
    """A number that can be asked for."""

    key: str
    name: str
    description: str


class MetricPage(msgspec.Struct, frozen=True):
    """All of them."""

    metrics: list[MetricCard]


@get(
    "/report/sent_emails/{organization_id:str}",
    operation_id="report_sent_emails",
    operation_class=takes("date_start", "date_end", "user_id"),
)
async def report_sent(request: ApiRequest, organization_id: FromPath[str]) -> SentReport:
    """How sent emails have fared, by template."""
    require_own(request, organization_id)
    query = asked(request)
    start, end = (moment(name, query.text(name)) if query.text(name) else None for name in ("date_start", "date_end"))
    users = allowed_users(request, query.ids("user_id"))
    async with tools_of(request).db.searching() as tx:
        found = await sent_stats(tx, organization_id, (start, end), users[0] if users else None)
    return SentReport([_sent(one, tools_of(request).config.base_url) for one in found])


@get("/report/activity/metrics", operation_id="list_report_metrics", sync_to_thread=False)
def report_metrics(request: ApiRequest) -> MetricPage:
    """The numbers that a report may hold."""
    return MetricPage([MetricCard(one.key, one.name, one.description) for one in METRICS])


@get(
    "/report/activity/{organization_id:str}",
    operation_id="report_activity_totals",
    operation_class=takes("date_start", "date_end", "user_id"),
)
async def report_totals(request: ApiRequest, organization_id: FromPath[str]) -> dict[str, int]:
    """The old form of the report: a few totals by short names."""
    return await _totals(request, organization_id)


@get("/report/{organization_id:str}", include_in_schema=False)
async def report_totals_as_before(request: ApiRequest, organization_id: FromPath[str]) -> dict[str, int]:
    """The same where clients of 2013 look for it."""
    return await _totals(request, organization_id)


async def _totals(request: ApiRequest, organization_id: str) -> dict[str, int]:
    require_own(request, organization_id)
    query = asked(request)
    start, end = query.moment("date_start") or _BEGINNING, query.moment("date_end") or tools_of(request).clock()
    period = Period(start, end, "UTC", allowed_users(request, query.ids("user_id")))
    async with tools_of(request).db.searching() as tx:
        found = await activity_report.totals(tx, organization_id, (*METRICS, *VALUES_CREATED), period)
    short = {name: found[key] for name, key in _SHORT.items()}
    short.update({metric.key: found[metric.key] for metric in VALUES_CREATED})
    calls = found["calls.outbound.all.count"] + found["calls.inbound.all.count"]
    return {**short, "calls": calls, "emails_opened": found["emails.opened.all.count"]}


@post("/report/activity", operation_id="report_activity", status_code=200)
async def report_activity(request: ApiRequest, data: JSONBody[ReportBody]) -> Response[Any]:
    """Numbers in all and by day (`type` overview), or by user (`type` comparison). CSV where `Accept` asks for it."""
    kind = tidy(data.type) or "overview"
    if kind not in ("overview", "comparison"):
        raise Invalid(field_errors={"type": "This must be overview or comparison."})
    wanted, organization_id = activity_report.chosen(or_empty(data.metrics)), request.user.organization_id
    period = _period(request, data)
    async with tools_of(request).db.searching() as tx:
        people = await with_members(tx, organization_id, period.user_ids)
        period = replace(period, user_ids=people, lead_ids=await _leads(request, tx, data))
        in_all = await activity_report.totals(tx, organization_id, wanted, period)
        rows: list[dict[str, Any]]
        called: dict[str, str] = {}
        if kind == "overview":
            timed = await activity_report.by_time(tx, organization_id, wanted, period)
            days = activity_report.filled(timed, wanted, period)
            rows = [{"datetime": _beginning(day, period), **numbers} for day, numbers in days.items()]
        else:
            found = await activity_report.by_user(tx, organization_id, wanted, period)
            users = sorted({*found, *(period.user_ids or ())})
            rows = [{"user_id": user, **_whole(found.get(user, {}), wanted)} for user in users]
            called = await user_names(tx, organization_id, users)
    if "text/csv" in request.headers.get("accept", ""):
        return Response(_csv(rows, wanted, kind), media_type="text/csv")
    lookup = {"user": {user: {"display": name} for user, name in called.items()}}
    queries = {"leads": _queries(wanted, period, data)}
    answer = {"aggregations": {"totals": in_all}, "data": rows, "lookup": lookup, "queries": queries}
    return Response(answer, media_type=MediaType.JSON)


def _sent(stats: TemplateStats, base_url: str) -> SentStats:
    named = f' template:"{stats.name}"' if stats.template else ""
    queries = {
        name: f"email(direction:outgoing status:sent{named}{more})"
        for name, more in (("total", ""), ("opened", " opened:yes"), ("responded", " has_reply:yes"))
    }
    opened, responded = (
        round(100 * part / stats.total, 2) if stats.total else 0.0 for part in (stats.opened, stats.responded)
    )
    return SentStats(
        stats.template, stats.template, stats.name, stats.is_shared,
        f"{base_url}/settings/templates/{stats.template}" if stats.template else None, stats.total, stats.opened,
        opened, stats.responded, responded, queries,
    )  # fmt: skip


def _beginning(day: date, period: Period) -> str:
    """When the day begins where it is meant, as Close prints it."""
    return datetime.combine(day, time(), period.start.tzinfo).isoformat()


_SEARCHED = {
    "emails.sent.all.count": 'email(direction:"outgoing" and status:"sent" and sent',
    "emails.received.all.count": 'email(direction:"incoming" and date',
    "calls.outbound.all.count": 'call(direction:"outbound" and date',
    "calls.inbound.all.count": 'call(direction:"inbound" and date',
    "calls.all.all.count": "call(date",
    "notes.all.all.count": "note(date",
}


def _queries(wanted: list[Metric], period: Period, data: ReportBody) -> dict[str, list[str]]:
    """Searches for the leads that were counted, of the numbers that come from what stands on leads."""
    start, end = (f'"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"' for at in (period.start, period.end))
    users = ", ".join(f'"{user}"' for user in period.user_ids or ())
    only = f" and user in ({users})" if users else ""
    view = data.query.get("saved_search_id") if isinstance(data.query, dict) else None
    within = f' and in:"{view}"' if view else ""
    found = {}
    for metric in wanted:
        if begun := _SEARCHED.get(metric.key):
            moment_ = begun.rpartition(" ")[2].rpartition("(")[2]
            found[metric.key] = [f"{begun} >= {start} and {moment_} < {end}{only}){within}"]
    return found


def _period(request: ApiRequest, data: ReportBody) -> Period:
    zone = zone_of(request)
    now = tools_of(request).clock().astimezone(zone)
    users, name = allowed_users(request, tuple(or_empty(data.users)) or None), reader_of(request).here.zone_name
    if isinstance(data.datetime_range, dict):
        start, end = (str(data.datetime_range.get(side) or "") for side in ("start", "end"))
        begin, until = (within_time(moment("datetime_range", text)).astimezone(zone) for text in (start, end))
        return Period(begin, until, name, users)
    word = tidy(data.relative_range) or "this-month"
    if word not in RANGES:
        raise Invalid(field_errors={"relative_range": f"This must be one of {', '.join(RANGES)}."})
    start_at, end_at = relative_range(word, now)
    return Period(start_at, end_at, name, users)


def within_time(at: datetime) -> datetime:
    """The moment, moved in from the ends of the calendar: a program that means "ever" writes the years 1 and 9999, and
    no zone has a day beyond them."""
    return min(max(at, _BEGINNING), _END)


def relative_range(word: str, now: datetime) -> tuple[datetime, datetime]:
    """A relative range in the zone of `now`; weeks begin on Monday."""
    today = datetime.combine(now.date(), time(), now.tzinfo)
    if word == "all-time":
        return _BEGINNING, now
    if word in ("today", "yesterday"):
        return (today, now) if word == "today" else (today - timedelta(days=1), today)
    which, _, unit = word.partition("-")
    begin = _begin_of(unit, today)
    return (begin, now) if which == "this" else (_begin_of(unit, begin - timedelta(days=1)), begin)


def _begin_of(unit: str, day: datetime) -> datetime:
    if unit == "week":
        return day - timedelta(days=day.weekday())
    if unit == "month":
        return day.replace(day=1)
    return day.replace(month=1 if unit == "year" else 3 * ((day.month - 1) // 3) + 1, day=1)


async def _leads(request: ApiRequest, tx: Transaction, data: ReportBody) -> tuple[str, ...] | None:
    """The leads of the Smart View that narrows the report; None where none does."""
    given = data.query if isinstance(data.query, Mapping) else {}
    view_id = given.get("saved_search_id")
    if not view_id:
        if given:
            form = '{"type": "saved_search", "saved_search_id": …}'
            raise Invalid(field_errors={"query": f"A report is narrowed by a Smart View alone: {form}."})
        return None
    view = await views.view(tx, request.user.organization_id, str(view_id), await seeker_of(request, tx))
    query = query_of(view)
    if query.kind != "lead":
        raise Invalid(field_errors={"query": "A Smart View of leads is expected here."})
    found = await find(tx, request.user.organization_id, Search(query, Page(MOST_LEADS)), reader_of(request))
    return found.ids


def allowed_users(request: ApiRequest, users: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """Restricted users see their own numbers alone; `me` is the caller."""
    if request.user.role is Role.RESTRICTED:
        return (request.user.id,)
    return users and tuple(request.user.id if one == "me" else one for one in users)


def _whole(found: Mapping[str, int], wanted: list[Metric]) -> dict[str, int]:
    return {metric.key: found.get(metric.key, 0) for metric in wanted}


def _csv(rows: list[dict[str, Any]], wanted: list[Metric], kind: str) -> str:
    written = io.StringIO()
    first = "datetime" if kind == "overview" else "user_id"
    writer = csv.DictWriter(written, [first, *(metric.key for metric in wanted)])
    writer.writeheader()
    writer.writerows({**row, first: inert(row[first])} for row in rows)  # a user may be asked for by any text
    return written.getvalue()


def require_own(request: ApiRequest, organization_id: str) -> None:
    """Reports are of the caller's organization. Raises NotFound."""
    if organization_id != request.user.organization_id:
        raise NotFound("There is no such organization.")


_SHORT = {
    "emails_sent": "emails.sent.all.count",
    "emails_received": "emails.received.all.count",
    "calls_duration_total": "calls.all.all.sum_duration",
    "notes": "notes.all.all.count",
    "leads_contacted": "leads.contacted.all.count",
    "leads_created": "leads.created.all.count",
    "contacts_created": "contacts.created.all.count",
    "opportunities_created": "opportunities.created.all.count",
    "opportunities_won": "opportunities.won.all.count",
    "opportunities_lost": "opportunities.lost.all.count",
    **{
        f"revenue_{kind}_{period}": f"opportunities.value_{kind}.{period}.sum_value"
        for kind in ("won", "lost")
        for period in ("one_time", "monthly", "annual")
    },
    "tasks_completed": "tasks.completed.all.count",
}

ROUTES = [report_sent, report_metrics, report_totals, report_totals_as_before, report_activity]

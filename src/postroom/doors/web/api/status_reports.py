"""/report/statuses/: how leads and opportunities moved between statuses, with the queries that find each of them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import msgspec
from litestar import get
from litestar.params import FromPath

from postroom.doors.web.api.reports import require_own
from postroom.doors.web.document import takes
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.query import Asked as Given
from postroom.doors.web.query import asked
from postroom.doors.web.reach import tools_of
from postroom.doors.web.seeking import reader_of
from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid
from postroom.rooms.smart_views.query import parse
from postroom.rooms.smart_views.tree import InView, Query
from postroom.rooms.users.roles import Role
from postroom.views.lead_search import as_subqueries
from postroom.views.status_report import Asked, Move, Moves, Things, moves

_TAKES = ("date_start", "date_end", "query", "smart_view_id")


class StatusReport(msgspec.Struct, frozen=True):
    """Each status with its numbers; every move, step by step; and the ways from the beginning to the end."""

    status_overview: list[dict[str, Any]]
    status_transitions: list[dict[str, Any]]
    status_transitions_summary: list[dict[str, Any]]


@get("/report/statuses/lead/{organization_id:str}", operation_id="report_lead_statuses", operation_class=takes(*_TAKES))
async def report_lead_statuses(request: ApiRequest, organization_id: FromPath[str]) -> StatusReport:
    """How many leads had each status at both ends of a period (by default the last 30 days), and how they moved."""
    return await _report(request, organization_id, Things.LEADS)


@get(
    "/report/statuses/opportunity/{organization_id:str}",
    operation_id="report_opportunity_statuses",
    operation_class=takes(*_TAKES, "user_id"),
)
async def report_opportunity_statuses(request: ApiRequest, organization_id: FromPath[str]) -> StatusReport:
    """The same of opportunities; of one user's where `user_id` says so."""
    return await _report(request, organization_id, Things.OPPORTUNITIES)


async def _report(request: ApiRequest, organization_id: str, things: Things) -> StatusReport:
    require_own(request, organization_id)
    given = asked(request)
    start, end = _period(request, given)
    user_id = given.text("user_id") or None
    if request.user.role is Role.RESTRICTED or user_id == "me":
        user_id = request.user.id
    async with tools_of(request).db.searching() as tx:
        wanted = Asked(things, start, end, user_id, await _leads(request, tx, given))
        return _answer(await moves(tx, organization_id, wanted), wanted)


def _period(request: ApiRequest, given: Given) -> tuple[datetime, datetime]:
    now = tools_of(request).clock()
    start = given.moment("date_start") or now - timedelta(days=30)
    end = given.moment("date_end") or now
    if end < start:
        raise Invalid(field_errors={"date_end": "The period ends before it begins."})
    return start, end


async def _leads(request: ApiRequest, tx: Transaction, given: Given) -> tuple[str, Mapping[str, Any]] | None:
    """The search that narrows the report to some leads; None where there is none."""
    text, view = given.text("query"), given.text("smart_view_id")
    if text and view:
        raise Invalid(field_errors={"query": "Give either query or smart_view_id, not both."})
    if not text and not view:
        return None
    query = parse(text) if text else Query(InView(view))
    sql, values = await as_subqueries(tx, request.user.organization_id, [query], reader_of(request))
    return sql[0], values


def _answer(found: Moves, wanted: Asked) -> StatusReport:
    labels = {status.id: status.label for status in found.statuses}
    overview = []
    for status in found.statuses:
        started, ended = found.started(status.id), found.ended(status.id)
        queries = _queries(status.label, wanted)
        overview.append(
            {
                "status_id": status.id,
                "status_label": status.label,
                "status_is_deleted": False,
                "started": started,
                "ended": ended,
                "change": ended - started,
                "change_percent": round(100 * (ended - started) / started) if started else None,
                "gained": found.gained(status.id),
                "lost": found.lost(status.id),
                "entered": found.entered(status.id),
                "left": found.left(status.id),
                "_queries": queries,
                "_leads_page_urls": {name: _page_url(query) for name, query in queries.items()},
            }
        )
    ways = {way: count for way, count in found.ways.items() if way[0] != way[1]}
    return StatusReport(overview, _moved(found.steps, labels, wanted), _moved(ways, labels, wanted))


def _moved(counts: Mapping[Move, int], labels: Mapping[str, str], wanted: Asked) -> list[dict[str, Any]]:
    """The most frequent first."""
    rows = []
    for (old, new), count in sorted(counts.items(), key=lambda item: (-item[1], str(item[0]))):
        query = _move_query(labels.get(old or ""), labels.get(new or ""), wanted)
        rows.append(
            {
                "from_status_id": old,
                "from_status_label": labels.get(old or ""),
                "from_status_is_deleted": old is not None and old not in labels,
                "to_status_id": new,
                "to_status_label": labels.get(new or ""),
                "to_status_is_deleted": new is not None and new not in labels,
                "count": count,
                "_query": query,
                "_leads_page_url": _page_url(query),
            }
        )
    return rows


def _queries(label: str, wanted: Asked) -> dict[str, str]:
    """For each number the search that finds its leads."""
    status = "lead_status" if wanted.things is Things.LEADS else "status"
    at_start, at_end = (f"{status}(status:{_said(label)} on:{_at(at)})" for at in (wanted.start, wanted.end))
    inner = {
        "started": at_start,
        "ended": at_end,
        "gained": f"not {at_start} and {at_end}",
        "lost": f"{at_start} and not {at_end}",
        "entered": f"({_made(label, wanted)}) or {status}_change(new_status:{_said(label)} and {_dates(wanted)})",
        "left": f"{status}_change(old_status:{_said(label)} and {_dates(wanted)})",
    }
    return {name: _of_leads(query, wanted) for name, query in inner.items()}


def _move_query(old: str | None, new: str | None, wanted: Asked) -> str:
    """The search for what made one move; for what was made in the time, its first status."""
    if old is None:
        return _of_leads(_made(new or "", wanted), wanted)
    status = "lead_status" if wanted.things is Things.LEADS else "status"
    named = f"old_status:{_said(old)} new_status:{_said(new or '')}"
    return _of_leads(f"{status}_change({named} and {_dates(wanted)})", wanted)


def _made(label: str, wanted: Asked) -> str:
    original = "original_lead_status" if wanted.things is Things.LEADS else "original_status"
    start, end = _at(wanted.start), _at(wanted.end)
    return f"{original}:{_said(label)} and created >= {start} and created < {end}"


def _dates(wanted: Asked) -> str:
    return f"date >= {_at(wanted.start)} and date < {_at(wanted.end)}"


def _of_leads(query: str, wanted: Asked) -> str:
    return query if wanted.things is Things.LEADS else f"opportunity({query})"


def _page_url(query: str) -> str:
    return f"/leads/?q={quote(query, safe='')}"


def _said(label: str) -> str:
    escaped = label.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _at(moment_: datetime) -> str:
    return f'"{moment_:%Y-%m-%dT%H:%M:%S}"'


ROUTES = [report_lead_statuses, report_opportunity_statuses]

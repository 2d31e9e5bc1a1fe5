"""/report/custom/: any number over any field, as Close's Explorer asks for it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec
from litestar import get
from litestar.params import FromPath

from postroom.doors.web.api.reports import require_own
from postroom.doors.web.document import takes
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.query import Asked as Given
from postroom.doors.web.query import asked, moment
from postroom.doors.web.reach import tools_of
from postroom.doors.web.seeking import reader_of
from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid
from postroom.rooms.smart_views.query import parse
from postroom.rooms.smart_views.tree import And, Field, Holds, OneOf, Word, joined
from postroom.rooms.users.roles import Role
from postroom.views.custom_report import TRANSFORMS, Asked, Axis, axis, custom_report, fields
from postroom.views.lead_search import as_subqueries
from postroom.views.search_fields import Kind


class CustomReport(msgspec.Struct, frozen=True):
    """A series for each group, one without a name where there are none; its points are pairs of X and Y."""

    x: str
    y: str
    transform_y: str
    interval: str | float
    group_by: str | None
    start: str | float | None
    end: str | float | None
    series: list[dict[str, Any]]


class ReportFields(msgspec.Struct, frozen=True):
    """What can be named in a report."""

    fields: list[dict[str, str]]


@get("/report/custom/fields", operation_id="list_report_fields", sync_to_thread=False)
def report_fields(request: ApiRequest) -> ReportFields:
    """The fields of a custom report: X and groups any of them, Y those of the type number."""
    return ReportFields(fields())


@get(
    "/report/custom/{organization_id:str}",
    operation_id="report_custom",
    operation_class=takes("x", "y", "interval", "group_by", "transform_y", "query", "start", "end"),
)
async def report_custom(request: ApiRequest, organization_id: FromPath[str]) -> CustomReport:
    """`y` (by default `lead.count`) over `x` (by default when the things were made)."""
    require_own(request, organization_id)
    given = asked(request)
    y = axis(given.text("y") or "lead.count")
    x = axis(given.text("x") or f"{y.kind}.date_created")
    transform = given.text("transform_y") or "sum"
    if transform not in TRANSFORMS:
        raise Invalid(field_errors={"transform_y": f"This must be one of {', '.join(TRANSFORMS)}."})
    group_by = axis(given.text("group_by")) if given.text("group_by") else None
    if group_by and group_by.kind != x.kind:
        raise Invalid(field_errors={"group_by": "Groups are by a field of what stands on the X axis."})
    start, end = _ends(request, given, x)
    async with tools_of(request).db.searching() as tx:
        found = await _found(request, tx, (given.text("query"), x.kind))
        zone = reader_of(request).here.zone_name
        wanted = Asked(x, y, transform, given.text("interval"), group_by, start, end, zone, found)
        interval, series = await custom_report(tx, organization_id, wanted)
    return CustomReport(
        x=f"{x.kind}.{x.name}",
        y=f"{y.kind}.{y.name}",
        transform_y=transform,
        interval=interval,
        group_by=f"{group_by.kind}.{group_by.name}" if group_by else None,
        start=_said(start),
        end=_said(end),
        series=[{"name": name, "data": points} for name, points in series.items()],
    )


def _said(end: datetime | float | None) -> str | float | None:
    return end.isoformat() if isinstance(end, datetime) else end


def _ends(request: ApiRequest, given: Given, x: Axis) -> tuple[datetime | float | None, datetime | float | None]:
    """Dates or numbers, as X is; of dates the end is now where nobody says."""
    texts = {name: given.text(name) for name in ("start", "end")}
    if x.shape.kind is Kind.MOMENT:
        start, end = (moment(name, text) if text else None for name, text in texts.items())
        return start, end or tools_of(request).clock()
    numbers: list[float | None] = []
    for name, text in texts.items():
        try:
            numbers.append(float(text) if text else None)
        except ValueError as error:
            raise Invalid(field_errors={name: "X is a number: so must this be."}) from error
    return numbers[0], numbers[1]


async def _found(request: ApiRequest, tx: Transaction, wanted: tuple[str, str]) -> tuple[str, Mapping[str, Any]]:
    """The search whose things are counted; restricted users count their own deals and mail."""
    text, kind = wanted
    query = replace(parse(text), kind=kind)
    if request.user.role is Role.RESTRICTED and kind in ("opportunity", "email", "call", "note"):
        own = Holds(Field("user_id"), OneOf((Word(request.user.id),)))
        query = replace(query, where=joined(And, (query.where, own)))
    sql, values = await as_subqueries(tx, request.user.organization_id, [query], reader_of(request))
    return sql[0], values


ROUTES = [report_fields, report_custom]

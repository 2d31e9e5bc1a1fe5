"""/bulk_action/email/{id}/recipient/: everybody whom a bulk email concerns by name, with an export. Not in Close."""

import csv
import io
from collections.abc import AsyncIterator

import msgspec
from litestar import get
from litestar.params import FromPath
from litestar.response import Stream

from postroom.doors.web.document import takes
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.query import Asked, asked, shown
from postroom.doors.web.reach import tools_of
from postroom.ground.sheet_cells import inert
from postroom.journeys.tools import Tools
from postroom.rooms.users.roles import Role
from postroom.views import bulk_list
from postroom.views.bulk_list import RecipientFilter, RecipientRow

_HEAD = ("email", "state", "reason", "detail", "lead", "contact", "lead_id", "contact_id", "email_id", "date_updated")


class RecipientPage(msgspec.Struct, frozen=True):
    """Recipients in the order of the query."""

    data: list[RecipientRow]
    has_more: bool


@get(
    "/bulk_action/email/{bulk_id:str}/recipient",
    operation_id="list_bulk_email_recipients",
    operation_class=takes("state__in", "reason__in", "email", "_limit", "_skip", "_fields"),
)
async def list_recipients(request: ApiRequest, bulk_id: FromPath[str]) -> RecipientPage:
    """Recipients, of these states and reasons."""
    query = asked(request)
    async with tools_of(request).db.reading() as tx:
        await bulk_list.bulk_email_row(tx, request.user.organization_id, bulk_id, _only_own(request))
        rows, has_more = await bulk_list.recipients(
            tx, request.user.organization_id, (bulk_id, _filter(query)), query.page()
        )
    return shown(request, RecipientPage(rows, has_more))


@get(
    "/bulk_action/email/{bulk_id:str}/recipient/export",
    operation_id="export_bulk_email_recipients",
    operation_class=takes("state__in", "reason__in"),
)
async def export_recipients(request: ApiRequest, bulk_id: FromPath[str]) -> Stream:
    """The same as a CSV file, all of them."""
    tools, org = tools_of(request), request.user.organization_id
    async with tools.db.reading() as tx:
        await bulk_list.bulk_email_row(tx, org, bulk_id, _only_own(request))
    lines = _lines(tools, org, (bulk_id, _filter(asked(request))))
    headers = {"Content-Disposition": f'attachment; filename="{bulk_id}.csv"', "Cache-Control": "no-store"}
    return Stream(lines, media_type="text/csv", headers=headers)


async def _lines(tools: Tools, organization_id: str, wanted: tuple[str, RecipientFilter]) -> AsyncIterator[bytes]:
    """A thousand rows at a time, whatever their number."""
    yield _csv([_HEAD])
    after = 0
    while True:
        async with tools.db.reading() as tx:
            rows = await bulk_list.recipients_after(tx, organization_id, wanted, after)
        if not rows:
            return
        after = rows[-1].number
        yield _csv([_cells(row) for row in rows])


def _cells(row: RecipientRow) -> tuple[str, ...]:
    named = (row.lead_name or "", row.contact_name or "", row.lead_id, row.contact_id or "", row.email_id or "")
    return (row.email, row.state, row.reason, row.detail, *named, row.date_updated)


def _csv(rows: list[tuple[str, ...]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([[inert(cell) for cell in row] for row in rows])
    return text.getvalue().encode()


def _filter(query: Asked) -> RecipientFilter:
    return RecipientFilter(query.ids("state", "state__in"), query.ids("reason", "reason__in"), query.text("email"))


def _only_own(request: ApiRequest) -> str | None:
    """Restricted users see their own alone."""
    return request.user.id if request.user.role is Role.RESTRICTED else None


ROUTES = [list_recipients, export_recipients]

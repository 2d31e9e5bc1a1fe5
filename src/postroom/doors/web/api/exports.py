"""/export/: leads and opportunities as files. Made by the worker; fetched by a link that is good for a day."""

import hashlib
import hmac
import zlib
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody
from litestar.response import Stream
from msgspec import UNSET

from postroom.doors.web.bodies import Maybe, or_empty, tidy
from postroom.doors.web.document import takes
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.query import MOST_PLAIN_LIMIT, asked, shown
from postroom.doors.web.reach import close_date, tools_of
from postroom.ground.errors import Forbidden, Invalid, NotFound
from postroom.journeys import jobs
from postroom.journeys.make_export import deal_searches, search_of
from postroom.journeys.tools import Tools
from postroom.rooms.exports import store
from postroom.rooms.exports.export import LEAD_TYPES, LINK_LASTS, Export, Wanted, checked
from postroom.rooms.exports.store import Asker
from postroom.rooms.users.roles import Permission

Word = Annotated[str, msgspec.Meta(max_length=200)]


_OF_LEADS, _OF_OPPORTUNITIES = frozenset(LEAD_TYPES), frozenset({"opportunity"})


class LeadExportBody(msgspec.Struct):
    """Which leads, and how they are written. `query` is a text in the query language, `s_query` a structured search."""

    format: Maybe[Word] = UNSET
    type: Maybe[Word] = UNSET
    query: Maybe[str] = UNSET
    s_query: Maybe[dict[str, Any]] = UNSET
    results_limit: int | msgspec.UnsetType | None = UNSET
    sort: Maybe[list[Any]] = UNSET
    fields: Maybe[Annotated[list[Word], msgspec.Meta(max_length=1000)]] = UNSET
    date_format: Maybe[Word] = UNSET
    include_activities: Maybe[bool] = UNSET
    include_smart_fields: Maybe[bool] = UNSET
    include_addresses: Maybe[bool] = UNSET
    send_done_email: Maybe[bool] = UNSET


class OpportunityExportBody(msgspec.Struct):
    """Which opportunities: `params` as in the address of their list, `query` or `s_query` as of leads."""

    format: Maybe[Word] = UNSET
    query: Maybe[str] = UNSET
    s_query: Maybe[dict[str, Any]] = UNSET
    params: Maybe[dict[str, Any]] = UNSET
    fields: Maybe[Annotated[list[Word], msgspec.Meta(max_length=1000)]] = UNSET
    date_format: Maybe[Word] = UNSET
    send_done_email: Maybe[bool] = UNSET


class ExportCard(msgspec.Struct, frozen=True):
    """An export as Close prints it."""

    id: str
    organization_id: str
    user_id: str
    created_by: str
    updated_by: str
    status: str
    format: str
    type: str
    query: str | None
    s_query: dict[str, Any] | None
    results_limit: int | None
    sort: list[Any]
    fields: list[str]
    date_format: str
    include_activities: bool
    include_smart_fields: bool
    include_addresses: bool
    send_done_email: bool
    n_docs: int | None
    n_docs_processed: int
    download_url: str | None
    error: str | None
    date_created: str
    date_updated: str


class ExportPage(msgspec.Struct, frozen=True):
    """Some exports."""

    data: list[ExportCard]
    has_more: bool


@get("/export", operation_id="list_exports", operation_class=takes("_limit", "_skip", "_fields"))
async def list_exports(request: ApiRequest) -> ExportPage:
    """The caller's exports, the newest first; an admin's are everybody's."""
    return await _page(request, _OF_LEADS | _OF_OPPORTUNITIES)


@get("/export/lead", include_in_schema=False)
async def list_lead_exports(request: ApiRequest) -> ExportPage:
    """Those of leads, their contacts and their opportunities."""
    return await _page(request, _OF_LEADS)


@get("/export/opportunity", include_in_schema=False)
async def list_opportunity_exports(request: ApiRequest) -> ExportPage:
    """Those of opportunities."""
    return await _page(request, _OF_OPPORTUNITIES)


@get("/export/{export_id:str}", operation_id="get_export", operation_class=takes("_fields"))
async def get_export(request: ApiRequest, export_id: FromPath[str]) -> ExportCard:
    """One export. `download_url` is there once the status is done; it needs no credentials."""
    return shown(request, await _read(request, export_id))


@get(["/export/lead/{export_id:str}", "/export/opportunity/{export_id:str}"], include_in_schema=False)
async def get_export_of(request: ApiRequest, export_id: FromPath[str]) -> ExportCard:
    """The same where Close also has it."""
    return shown(request, await _read(request, export_id))


@post("/export/lead", operation_id="export_leads", status_code=200)
async def export_leads(request: ApiRequest, data: JSONBody[LeadExportBody]) -> ExportCard:
    """Have leads written into a file: leads, their contacts or their opportunities, as CSV or JSON."""
    limit = data.results_limit
    wanted = Wanted(
        format=tidy(data.format) or "csv",
        type=tidy(data.type) or "leads",
        query=tidy(data.query),
        s_query=data.s_query if isinstance(data.s_query, dict) else None,
        results_limit=limit if isinstance(limit, int) else None,
        sort=tuple(or_empty(data.sort)),
        fields=tuple(or_empty(data.fields)),
        date_format=tidy(data.date_format) or "original",
        include_activities=data.include_activities is True,
        include_smart_fields=data.include_smart_fields is True,
        include_addresses=data.include_addresses is True,
        send_done_email=data.send_done_email is not False,
    )
    query = search_of(checked("lead", wanted))
    if query.kind != "lead":
        raise Invalid(field_errors={"s_query": "An export of leads needs a search for leads."})
    return await _begin(request, "lead", wanted)


@post("/export/opportunity", operation_id="export_opportunities", status_code=200)
async def export_opportunities(request: ApiRequest, data: JSONBody[OpportunityExportBody]) -> ExportCard:
    """Have opportunities written into a file, as CSV or JSON."""
    wanted = Wanted(
        format=tidy(data.format) or "csv",
        type="opportunity",
        query=tidy(data.query) or None,
        s_query=data.s_query if isinstance(data.s_query, dict) else None,
        fields=tuple(or_empty(data.fields)),
        date_format=tidy(data.date_format) or "original",
        send_done_email=data.send_done_email is not False,
        params=data.params if isinstance(data.params, dict) else {},
    )
    for column, search in deal_searches(checked("opportunity", wanted)):
        if column == "o.id" and search.kind != "opportunity":
            raise Invalid(field_errors={"s_query": "An export of opportunities needs a search for opportunities."})
    return await _begin(request, "opportunity", wanted)


@get(
    "/export_file/{organization_id:str}/{export_id:str}/{expires:int}/{signature:str}/{filename:str}",
    include_in_schema=False,
)
async def download_export(
    request: ApiRequest,
    organization_id: FromPath[str],
    export_id: FromPath[str],
    expires: FromPath[int],
    signature: FromPath[str],
) -> Stream:
    """The file. Needs no sign-in: the link was made for who may have it, and ends with its day."""
    tools = tools_of(request)
    genuine = _signature(tools, organization_id, export_id, expires)
    if not hmac.compare_digest(genuine.encode(), signature.encode()) or tools.clock().timestamp() > expires:
        raise Forbidden("This link is over. Ask for the export again to get a new one.")
    async with tools.db.reading() as tx:
        export = await store.export(tx, organization_id, export_id)
    if not export.parts:
        raise NotFound("The file of this export is no longer kept; make the export anew.")
    is_packed = "gzip" in request.headers.get("accept-encoding", "")
    headers = {"Content-Disposition": f'attachment; filename="{_filename(export)}"', "Vary": "Accept-Encoding"}
    if is_packed:
        headers["Content-Encoding"] = "gzip"
    kind = "text/csv" if export.wanted.format == "csv" else "application/json"
    content = _packed(tools, export) if is_packed else _plain(tools, export)
    return Stream(content, media_type=kind, headers=headers)


async def _begin(request: ApiRequest, kind: str, wanted: Wanted) -> ExportCard:
    if not request.user.may(Permission.EXPORT):
        raise Forbidden("Your role may not export; an admin can give you one that may.")
    tools, organization_id = tools_of(request), request.user.organization_id
    async with tools.db.transaction() as tx:
        export_id = await store.insert(tx, organization_id, (kind, wanted), _asker(request))
        payload = {"organization_id": organization_id, "export_id": export_id}
        await tools.jobs.defer(tx, jobs.MAKE_EXPORT, payload)
    return shown(request, await _read(request, export_id))


async def _page(request: ApiRequest, types: frozenset[str]) -> ExportPage:
    page = asked(request).page(MOST_PLAIN_LIMIT)
    async with tools_of(request).db.reading() as tx:
        exports = await store.exports(tx, request.user.organization_id, _asker(request))
    found = [one for one in exports if one.wanted.type in types][page.skip :]
    cards = [_card(request, one) for one in found[: page.limit]]
    return shown(request, ExportPage(cards, len(found) > page.limit))


async def _read(request: ApiRequest, export_id: str) -> ExportCard:
    async with tools_of(request).db.reading() as tx:
        export = await store.export(tx, request.user.organization_id, export_id)
    if export.user_id != request.user.id and not request.user.is_admin:
        raise NotFound("There is no such export.")
    return _card(request, export)


def _asker(request: ApiRequest) -> Asker:
    return Asker(request.user.id, request.user.is_admin, tools_of(request).clock())


def _card(request: ApiRequest, export: Export) -> ExportCard:
    wanted = export.wanted
    return ExportCard(
        export.id, request.user.organization_id, export.user_id, export.user_id, export.user_id, export.status,
        wanted.format, wanted.type, wanted.query, None if wanted.s_query is None else dict(wanted.s_query),
        wanted.results_limit, list(wanted.sort), list(wanted.fields), wanted.date_format, wanted.include_activities,
        wanted.include_smart_fields, wanted.include_addresses, wanted.send_done_email, export.n_docs,
        export.n_docs_processed, _link(request, export), export.error or None, close_date(export.date_created),
        close_date(export.date_updated),
    )  # fmt: skip


def _link(request: ApiRequest, export: Export) -> str | None:
    if export.status != "done" or not export.parts:
        return None
    tools, organization_id = tools_of(request), request.user.organization_id
    expires = int((tools.clock() + LINK_LASTS).timestamp())
    signature = _signature(tools, organization_id, export.id, expires)
    path = f"{organization_id}/{export.id}/{expires}/{signature}/{_filename(export)}"
    return f"{tools.config.base_url}/export_file/{path}"


def _signature(tools: Tools, organization_id: str, export_id: str, expires: int) -> str:
    key = tools.vault.hash_key("export link", organization_id)
    return hmac.new(key, f"{export_id}/{expires}".encode(), hashlib.sha256).hexdigest()[:40]


def _filename(export: Export) -> str:
    day: datetime = export.date_created
    return f"{export.wanted.type}-{day:%Y-%m-%d}.{export.wanted.format}"


async def _packed(tools: Tools, export: Export) -> AsyncIterator[bytes]:
    for reference in export.parts:
        yield await tools.blobs.read(reference)


async def _plain(tools: Tools, export: Export) -> AsyncIterator[bytes]:
    unpacker = zlib.decompressobj(wbits=31)
    for reference in export.parts:
        yield unpacker.decompress(await tools.blobs.read(reference))


ROUTES = [
    list_exports, list_lead_exports, list_opportunity_exports, get_export, get_export_of, export_leads,
    export_opportunities,
]  # fmt: skip
OPEN_ROUTES = [download_export]

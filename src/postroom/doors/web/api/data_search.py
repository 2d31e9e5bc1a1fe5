"""/data/search/: structured searches for leads, contacts, opportunities, activities and tasks, page by page."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec
from litestar import post
from litestar.params import JSONBody

from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.lead_fields import wanted_smart_fields
from postroom.doors.web.query import MOST_LIMIT, end_of_date, end_of_day
from postroom.doors.web.reach import tools_of
from postroom.doors.web.search_cursor import Bookmark, CursorSigner
from postroom.doors.web.seeking import reader_of, seeker_of
from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid, NotFound
from postroom.rooms.smart_views import store as views
from postroom.rooms.smart_views.saved_search import query_of
from postroom.rooms.smart_views.structured import MOST_RESULTS, outside_name, query_from, view_alone
from postroom.rooms.smart_views.tree import Query
from postroom.views.activity_list import ActivityFilter, activity_page
from postroom.views.email_list import EmailFilter, email_page
from postroom.views.highlights import highlights
from postroom.views.inbox_page import KINDS, Moments, TaskFilter, task_page
from postroom.views.lead_list import contact_cards, lead_cards
from postroom.views.lead_search import Search, find
from postroom.views.lead_timeline import thread_page
from postroom.views.opportunity_list import opportunity_cards
from postroom.views.readable_bodies import readable, readable_among
from postroom.views.record_list import records_by_id
from postroom.views.search_count import Total, total_of
from postroom.views.selection import Page
from postroom.views.smart_fields import smart_fields

DEFAULT_LIMIT = 50
_RECORDS = {"note": "note", "call": "call", "custom_activity": "custom", "lead_status_change": "lead_status_change",
            "status_change": "opportunity_status_change", "task_completed": "task_completed",
            "lead_merge": "lead_merge"}  # fmt: skip
"""Kinds that are searched for, and what they are called where they are kept."""
ROOTS = ("lead", "contact", "email", "email_thread", "activity", "task", "opportunity", *_RECORDS)
NEVER_HERE = ("sms", "meeting", "whatsapp_message", "form_submission", "custom_object", "sequence_subscription")
"""Close searches for them; here are none of them to be found."""


class CountCard(msgspec.Struct, frozen=True):
    """How many results there are: as many as will be answered, and all. Of many the numbers may be estimates."""

    limited: int
    total: int
    is_estimate: bool | msgspec.UnsetType = msgspec.UNSET


class SearchAnswer(msgspec.Struct, frozen=True):
    """One page. Rows hold `id`, `__object_type` and the fields that were asked for; leads and emails also `highlights`,
    where `include_highlights` asks for them."""

    data: list[dict[str, Any]]
    cursor: str | None
    count: CountCard | msgspec.UnsetType = msgspec.UNSET


@post("/data/search", operation_id="search_data", status_code=200)
async def search_data(request: ApiRequest, data: JSONBody[dict[str, Any]]) -> SearchAnswer:
    """Find things by a tree of conditions (Close's advanced filtering). A cursor lives for 30 seconds."""
    tools, organization_id, reader = tools_of(request), request.user.organization_id, reader_of(request)
    query = _query(data, await _kind_of_view(request, data))
    if query.kind.removeprefix("activity.") in NEVER_HERE:
        return SearchAnswer([], None, CountCard(0, 0) if data.get("include_counts") is True else msgspec.UNSET)
    signer = CursorSigner(tools.vault, organization_id, _without_paging(data))
    search = _search(query, data, signer, reader.here.now)
    async with tools.db.searching() as tx:
        found = await find(tx, organization_id, search, reader)
        rows = await _rows(tx, request, (query.kind, found.ids), _wanted_fields(data, query.kind))
        if data.get("include_highlights") is True:
            marks = await highlights(tx, organization_id, query, found.ids)
            rows = [{**row, "highlights": msgspec.to_builtins(marks.get(row["id"], {}))} for row in rows]
        count: CountCard | msgspec.UnsetType = msgspec.UNSET
        if data.get("include_counts") is True:
            everything = replace(query, limit=None)
            count = _counted(query, await total_of(tx, organization_id, (everything, search, found), reader))
    after = Bookmark(found.after, search.seen + len(found.ids)) if found.after else None
    return SearchAnswer(rows, signer.write(after, reader.here.now) if after else None, count)


def _counted(query: Query, counted: Total) -> CountCard:
    most = MOST_RESULTS if query.limit is None else query.limit
    about = msgspec.UNSET if counted.is_exact else True
    return CountCard(min(counted.count, most), counted.count, about)


async def _kind_of_view(request: ApiRequest, data: Mapping[str, Any]) -> str:
    """What a Smart View finds that stands alone; "" where none does, or none is there of that id."""
    view_id = view_alone(data.get("query"))
    if not view_id:
        return ""
    try:
        async with tools_of(request).db.reading() as tx:
            view = await views.view(tx, request.user.organization_id, view_id, await seeker_of(request, tx))
        return query_of(view).kind
    except NotFound:
        return ""


def _query(data: Mapping[str, Any], kind: str) -> Query:
    query = query_from(data, kind)
    if query.kind not in ROOTS and query.kind.removeprefix("activity.") not in NEVER_HERE:
        known = ", ".join(outside_name(kind) for kind in ROOTS)
        said = f"There are no searches for {outside_name(query.kind)!r}. There are some for {known}."
        raise Invalid(field_errors={"query": said})
    if data.get("results_limit") == 0:  # who wants the numbers alone
        return replace(query, limit=0)
    return replace(query, limit=min(query.limit or MOST_RESULTS, MOST_RESULTS))


def _without_paging(data: Mapping[str, Any]) -> bytes:
    return msgspec.json.encode({key: data.get(key) for key in ("query", "sort", "results_limit", "limit", "slice")})


def _search(query: Query, data: Mapping[str, Any], signer: CursorSigner, now: datetime) -> Search:
    limit, cursor = data.get("_limit"), data.get("cursor")
    limit = DEFAULT_LIMIT if limit is None else limit
    if not isinstance(limit, int) or isinstance(limit, bool) or not 0 <= limit <= MOST_LIMIT:
        raise Invalid(field_errors={"_limit": f"This must be a whole number, at most {MOST_LIMIT}."})
    if not cursor:
        return Search(query, Page(limit))
    if not isinstance(cursor, str):
        raise Invalid(field_errors={"cursor": "This must be the cursor of the page before."})
    bookmark = signer.read(cursor, now)
    return Search(query, Page(limit), bookmark.after, bookmark.seen)


def _wanted_fields(data: Mapping[str, Any], kind: str) -> tuple[str, ...]:
    """The fields for this kind of thing; names that are not known are passed over later."""
    fields = data.get("_fields") or {}
    names = fields.get(outside_name(kind)) or fields.get(kind) if isinstance(fields, Mapping) else fields
    return tuple(name for name in names if isinstance(name, str)) if isinstance(names, list) else ()


async def _rows(
    tx: Transaction, request: ApiRequest, found: tuple[str, Sequence[str]], names: Sequence[str]
) -> list[dict[str, Any]]:
    """The rows in their order, with these fields where they have them."""
    kind, ids = found
    root = {"__object_type": outside_name(kind)}
    if not ids or set(names) <= {"id"}:
        return [{**root, "id": one} for one in ids]
    if kind == "contact":
        names = (*names, "lead_id")  # a contact always tells whose it is
    cards = {card["id"]: card for card in await _cards(tx, request, kind, ids)}
    if kind == "lead" and (smart := wanted_smart_fields(names)):
        found_fields = await smart_fields(tx, request.user.organization_id, ids, smart)
        cards = {one: {**card, **found_fields.get(one, {})} for one, card in cards.items()}
    return [{**root, "id": one, **_picked(cards[one], names)} for one in ids if one in cards]


def _picked(card: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    if "_all" in names:
        return dict(card)
    picked = {name: card[name] for name in names if name in card}
    if "custom" in names:
        picked |= {name: value for name, value in card.items() if name.startswith("custom.")}
    return picked


async def _cards(tx: Transaction, request: ApiRequest, kind: str, ids: Sequence[str]) -> list[dict[str, Any]]:
    tools, organization_id = tools_of(request), request.user.organization_id
    everything = Page(len(ids))
    cards: Sequence[msgspec.Struct]
    if kind == "lead":
        cards = await lead_cards(tx, organization_id, ids, tools.config.base_url)
    elif kind == "contact":
        cards = await contact_cards(tx, organization_id, ids)
    elif kind == "opportunity":
        cards = await opportunity_cards(tx, organization_id, ids)
    elif kind in _RECORDS:
        found = await records_by_id(tx, organization_id, _RECORDS[kind], ids)
        cards = [found[one] for one in ids if one in found]
    elif kind in ("email", "email_thread", "activity"):
        wanted = EmailFilter(ids=tuple(ids), base_url=tools.config.base_url)
        if kind == "email":
            cards = await readable((await email_page(tx, organization_id, wanted, everything)).data)
        elif kind == "email_thread":
            cards = (await thread_page(tx, organization_id, wanted, everything)).data
        else:
            found_page = await activity_page(tx, organization_id, ActivityFilter(wanted), everything)
            cards = await readable_among(found_page.data)
    else:
        cards = (await task_page(tx, organization_id, _tasks(request, ids), everything)).data
    return [msgspec.to_builtins(card, builtin_types=(datetime, msgspec.Raw)) for card in cards]


def _tasks(request: ApiRequest, ids: Sequence[str]) -> TaskFilter:
    now = tools_of(request).clock()
    moments = Moments(now, end_of_day(request, now), end_of_date(request, now))
    return TaskFilter(moments, request.user.id, KINDS, tuple(ids))


ROUTES = [search_data]

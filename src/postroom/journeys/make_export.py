"""A file with everything that a search finds, written piece by piece, so that no size of it fills the memory.

what an earlier try has left is erased               (blob store)
the export counts one try more                       T
for each page of the search: its things              T
    a piece of the file, once there is enough        (blob store)
    its reference                                    T
done, or why not; and that its user is to be told    T
told by email, once                                  T, N

A crash begins it anew: things have changed meanwhile, and half of a file is of no use. After a full disk, or a
database that was away, it begins anew too; for a day that is no try.
"""

import zlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import msgspec

from postroom.ground.errors import NotFound, PostroomError
from postroom.ground.viewer import seen_by
from postroom.journeys.steps.another_try import PATIENCE, is_for_later
from postroom.journeys.steps.asked_query import GivenQuery, read_query, reader_for
from postroom.journeys.steps.send_notice import Notice, send_notice
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import alert_store
from postroom.rooms.exports import rows, store
from postroom.rooms.exports.export import Export, Wanted
from postroom.rooms.exports.store import Part
from postroom.rooms.smart_views.query import parse
from postroom.rooms.smart_views.tree import InView, Query
from postroom.rooms.users import store as user_store
from postroom.views.event_states import as_state
from postroom.views.export_source import DealsWanted, activities_of, custom_names, opportunities_from
from postroom.views.lead_list import lead_cards
from postroom.views.lead_search import MOST_MILLISECONDS, Search, as_subqueries, find
from postroom.views.search_count import total
from postroom.views.selection import Page
from postroom.views.time_limit import limit_time

THINGS_AT_ONCE = 100
LEADS_AT_ONCE = 10
"""Where all their activities come with them: those of one lead may be thousands of emails."""
PIECE_CHARACTERS = 4_000_000
COUNT_MILLISECONDS = 5_000
FILES_KEPT = timedelta(days=7)


@dataclass
class _Writing:
    """The file as one stream of gzip, and what of it is not stored yet."""

    packer: Any = field(default_factory=lambda: zlib.compressobj(6, zlib.DEFLATED, 31))
    packed: list[bytes] = field(default_factory=list)
    length: int = 0
    things: int = 0

    def add(self, text: str, things: int) -> None:
        self.packed.append(self.packer.compress(text.encode()))
        self.length += len(text)
        self.things += things


async def make_export(tools: Tools, organization_id: str, export_id: str) -> None:
    """Make this export, unless it is made."""
    async with tools.db.transaction() as tx:
        old = await store.export(tx, organization_id, export_id)
    for reference in old.parts if old.status not in ("done", "error") else ():
        await tools.blobs.erase(reference)
    async with tools.db.transaction() as tx:
        begun = await store.begin(tx, organization_id, export_id, tools.clock())
        bounds = await user_store.bounds_of(tx, organization_id, begun.user_id) if begun else None
    if begun is not None:
        error = ""
        try:
            with seen_by(begun.user_id, bounds):
                await _write(tools, organization_id, begun)
        except PostroomError as problem:
            if is_for_later(problem):
                raise
            error = str(problem)
        async with tools.db.transaction() as tx:
            await store.finish(tx, organization_id, (begun, error), tools.clock())
    await _tell(tools, organization_id, export_id)


async def _tell(tools: Tools, organization_id: str, export_id: str) -> None:
    """Where no account sends, the export says it all the same to who asks."""
    async with tools.db.transaction() as tx:
        export = await store.take_done_email(tx, organization_id, export_id)
        if export is None:
            return
        try:
            user = await user_store.acting_user(tx, organization_id, export.user_id)
        except NotFound:
            return  # whoever asked has left meanwhile
        senders = await alert_store.senders_of_notices(tx, organization_id, "")
    await send_notice(tools, organization_id, senders, _notice(tools, export, user.email))


def _notice(tools: Tools, export: Export, address: str) -> Notice:
    """No link to the file: it needs no credentials, and mail is read by many servers on its way."""
    state = "has stopped" if export.error else "is done"
    lines = [f"Your export of {export.wanted.type.replace('_', ' ')} {state}.", ""]
    lines.append(f"What stopped it: {export.error}" if export.error else f"In the file: {export.n_docs_processed}")
    if export.wanted.query:
        lines.append(f"Search: {export.wanted.query}")
    lines += ["", f"GET {tools.config.base_url}/api/v1/export/{export.id}/ tells where the file is.", ""]
    return Notice(address, (address,), f"Your export {state}", "\n".join(lines))


async def put_off_export(tools: Tools, organization_id: str, export_id: str, why: str) -> None:
    """It goes on later by itself; meanwhile it says why."""
    async with tools.db.transaction() as tx:
        await store.put_off(tx, organization_id, (export_id, why), tools.clock() - PATIENCE)


def search_of(wanted: Wanted) -> Query:
    """What is searched for. Raises Invalid, with the place of a mistake."""
    return read_query(GivenQuery(wanted.query, wanted.s_query, wanted.results_limit, wanted.sort))


def deal_searches(wanted: Wanted) -> list[tuple[str, Query]]:
    """The searches that all opportunities of an export are among, for themselves or their leads. Raises Invalid."""
    params, found = wanted.params, list[tuple[str, Query]]()
    for text in (wanted.query, params.get("query")):
        if text:
            found.append(("o.id", replace(parse(str(text)), kind="opportunity")))
    if wanted.s_query is not None:
        found.append(("o.id", search_of(wanted)))
    if text := params.get("lead_query"):
        found.append(("o.lead_id", parse(str(text))))
    if view_id := params.get("lead_saved_search_id"):
        found.append(("o.lead_id", Query(InView(str(view_id)))))
    return found


async def forget_old_exports(tools: Tools) -> int:
    """Erase the files of exports that nobody fetches any more; how many exports."""
    async with tools.db.transaction() as tx:
        old = await store.old_exports(tx, tools.clock() - FILES_KEPT)
    for organization_id, export_id, references in old:
        for reference in references.split():
            await tools.blobs.erase(reference)
        async with tools.db.transaction() as tx:
            await store.forget_files(tx, organization_id, export_id)
    return len(old)


async def _write(tools: Tools, organization_id: str, export: Export) -> None:
    wanted, file, is_first = export.wanted, _Writing(), True
    async with tools.db.transaction() as tx:
        kind = "opportunity" if export.kind == "opportunity" else "lead"
        names = rows.columns(wanted, [*(await custom_names(tx, organization_id, kind)).values()])
    file.add("[" if wanted.format == "json" else rows.head_text(names), 0)
    pages = _leads(tools, organization_id, export) if export.kind == "lead" else _deals(tools, organization_id, export)
    async for things in pages:
        if wanted.format == "csv":
            lines = [row for thing in things for row in rows.rows_of(wanted, thing)]
            file.add(rows.csv_text(names, lines, wanted.date_format), len(things))
        else:
            for thing in things:
                file.add(("\n" if is_first else ",\n") + _json(wanted, thing), 1)
                is_first = False
        if file.length >= PIECE_CHARACTERS:
            await _store(tools, organization_id, export, file)
    if wanted.format == "json":
        file.add("\n]\n", 0)
    file.packed.append(file.packer.flush())
    await _store(tools, organization_id, export, file)


async def _leads(tools: Tools, organization_id: str, export: Export) -> AsyncIterator[Sequence[Any]]:
    """The leads that the search finds, page by page."""
    query = search_of(export.wanted)
    page = Page(LEADS_AT_ONCE if export.wanted.include_activities else THINGS_AT_ONCE)
    search: Search | None = Search(query, page)
    async with tools.db.transaction() as tx:
        reader = await reader_for(tx, organization_id, export.user_id, tools.clock())
        count = await total(tx, organization_id, (query, COUNT_MILLISECONDS), reader)
        await store.counted(tx, organization_id, export.id, count.count)
    while search is not None:
        async with tools.db.transaction() as tx:
            found = await find(tx, organization_id, search, reader)
            cards = await lead_cards(tx, organization_id, found.ids, tools.config.base_url)
            leads = [as_state(card) for card in cards]
            if export.wanted.include_activities:
                for lead in leads:
                    lead["activities"] = await activities_of(tx, organization_id, lead["id"], tools.config.base_url)
        yield leads
        seen = search.seen + len(found.ids)
        search = Search(query, page, found.after, seen) if found.after else None


async def _deals(tools: Tools, organization_id: str, export: Export) -> AsyncIterator[Sequence[Any]]:
    """The opportunities that are wanted, page by page, in the order of their ids; custom values by name besides."""
    searches = deal_searches(export.wanted)
    async with tools.db.transaction() as tx:
        reader = await reader_for(tx, organization_id, export.user_id, tools.clock())
        sql, values = await as_subqueries(tx, organization_id, [search for _, search in searches], reader)
        names = await custom_names(tx, organization_id, "opportunity")
    found = [(column, one) for (column, _), one in zip(searches, sql, strict=True)]
    wanted = DealsWanted(export.wanted.params, "", found, values)
    while True:
        async with tools.db.transaction() as tx:
            await limit_time(tx, MOST_MILLISECONDS)
            cards = await opportunities_from(tx, organization_id, wanted, THINGS_AT_ONCE)
        if not cards:
            return
        things = [as_state(card) for card in cards]
        if export.wanted.format == "csv":
            for thing in things:
                thing |= {f"custom.{name}": thing.get(f"custom.{one}") for one, name in names.items()}
        yield things
        wanted = replace(wanted, after=things[-1]["id"])


async def _store(tools: Tools, organization_id: str, export: Export, file: _Writing) -> None:
    """What is written so far goes to the disk as a piece of its own."""
    packed, things = b"".join(file.packed), file.things
    file.packed, file.length, file.things = [], 0, 0
    part = Part(await tools.blobs.write(packed), len(packed), things)
    async with tools.db.transaction() as tx:
        await store.add_part(tx, organization_id, export.id, part)


def _json(wanted: Wanted, thing: dict[str, Any]) -> str:
    found = rows.as_dates(thing, wanted.date_format)
    if wanted.fields:
        found = {name: found[name] for name in (*wanted.fields, "activities") if name in found}
    return msgspec.json.encode(found).decode()

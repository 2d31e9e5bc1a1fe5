"""/lead/import/: leads and contacts from a CSV file: brought, mapped, checked, run, undone. Not in Close's API."""

import asyncio
import re
from typing import Annotated

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromPath, JSONBody
from msgspec import UNSET, UnsetType

from postroom.doors.web.bodies import Maybe, tidy
from postroom.doors.web.document import takes
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.query import Deleted, asked, shown
from postroom.doors.web.reach import asker_of, close_date, tools_of
from postroom.ground.errors import Invalid
from postroom.journeys import prepare_import
from postroom.journeys.prepare_import import Wish
from postroom.journeys.steps.import_terms import importable_fields
from postroom.rooms.imports import sheet, store
from postroom.rooms.imports.columns import CUSTOM, TARGETS
from postroom.rooms.imports.lead_import import CHANGEABLE, LeadImport, Outcome, RowResult, Status

Word = Annotated[str, msgspec.Meta(max_length=300)]
_FILE_ID = re.compile(r"file_[0-9A-Za-z]+")


class ColumnCard(msgspec.Struct, frozen=True):
    """A column: its head, what it is (`target`, "" is left out), and its first cells."""

    head: str
    target: str
    samples: list[str]


class TargetCard(msgspec.Struct, frozen=True):
    """What a column may be. `name` is that of a custom field, null for the fields that every lead has."""

    target: str
    name: str | None


class ImportCounts(msgspec.Struct, frozen=True):
    """Rows by what became of them, or would become; `leads` and `contacts` are new ones."""

    created: int = 0
    joined: int = 0
    skipped: int = 0
    failed: int = 0
    kept: int = 0
    undone: int = 0
    leads: int = 0
    contacts: int = 0


class ImportCard(msgspec.Struct, frozen=True):
    """An import. `columns` and `targets` are there while it can be changed."""

    id: str
    organization_id: str
    user_id: str
    status: str
    error: str | None
    filename: str
    encoding: str
    separator: str
    has_header: bool
    joined_by: list[str]
    when_found: str
    n_rows: int
    n_done: int
    counts: ImportCounts
    columns: list[ColumnCard]
    targets: list[TargetCard]
    date_created: str
    date_updated: str


class ImportPage(msgspec.Struct, frozen=True):
    """Some imports, without their columns."""

    data: list[ImportCard]
    has_more: bool


class ImportRowCard(msgspec.Struct, frozen=True):
    """What became of a row; `number` as a spreadsheet counts, the first line of the file being 1."""

    number: int
    outcome: str
    reason: str
    lead_id: str | None
    contact_id: str | None


class ImportRowPage(msgspec.Struct, frozen=True):
    """Some rows."""

    data: list[ImportRowCard]
    has_more: bool


class ImportChoices(msgspec.Struct):
    """How a file is read and what is done with it. `mapping` names a target for each column. `joined_by`: of email,
    domain and name, how the lead of a row is found; `when_found`: join or skip."""

    encoding: Maybe[Word] = UNSET
    separator: Maybe[Word] = UNSET
    has_header: Maybe[bool] = UNSET
    mapping: Maybe[list[Word]] = UNSET
    joined_by: Maybe[list[Word]] = UNSET
    when_found: Maybe[Word] = UNSET


class ImportBody(ImportChoices):
    """A new import. `file` is the id or the download URL of an uploaded file."""

    file: Maybe[Word] = UNSET


@get("/lead/import", operation_id="list_imports", operation_class=takes("_limit", "_skip", "_fields"))
async def list_imports(request: ApiRequest) -> ImportPage:
    """The caller's imports, the newest first; an admin's are everybody's."""
    page, organization_id = asked(request).page(), request.user.organization_id
    async with tools_of(request).db.reading() as tx:
        found = (await store.imports_of(tx, organization_id, None if request.user.is_admin else request.user.id))[
            page.skip :
        ]
        counts = await store.counts(tx, organization_id, [one.id for one in found[: page.limit]])
    cards = [_card(one, counts[one.id], [], []) for one in found[: page.limit]]
    return shown(request, ImportPage(cards, len(found) > page.limit))


@post("/lead/import", operation_id="create_import", status_code=200)
async def create_import(request: ApiRequest, data: JSONBody[ImportBody]) -> ImportCard:
    """Bring an uploaded file: a draft, with what its encoding, separator and columns most likely are."""
    named = _FILE_ID.search(tidy(data.file) or "")
    if not named:
        raise Invalid(field_errors={"file": "Name an uploaded file by its id or its download URL."})
    import_id = await prepare_import.bring(tools_of(request), asker_of(request), named[0], _wish(data))
    return shown(request, await _read(request, import_id))


@get("/lead/import/{import_id:str}", operation_id="get_import", operation_class=takes("_fields"))
async def get_import(request: ApiRequest, import_id: FromPath[str]) -> ImportCard:
    """One import and how far it is."""
    return shown(request, await _read(request, import_id))


@put("/lead/import/{import_id:str}", operation_id="update_import")
async def update_import(request: ApiRequest, import_id: FromPath[str], data: JSONBody[ImportChoices]) -> ImportCard:
    """Change what is chosen for a draft; what was checked is to be checked again."""
    await prepare_import.choose(tools_of(request), asker_of(request), import_id, _wish(data))
    return shown(request, await _read(request, import_id))


@delete("/lead/import/{import_id:str}", operation_id="delete_import", status_code=200)
async def delete_import(request: ApiRequest, import_id: FromPath[str]) -> Deleted:
    """Forget an import; the leads it has made stay, and it can no longer be undone."""
    await prepare_import.forget(tools_of(request), asker_of(request), import_id)
    return Deleted()


@post("/lead/import/{import_id:str}/check", operation_id="check_import", status_code=200)
async def check_import(request: ApiRequest, import_id: FromPath[str]) -> ImportCard:
    """Try every row without making anything."""
    return await _ask(request, import_id, Status.CHECKING)


@post("/lead/import/{import_id:str}/run", operation_id="run_import", status_code=200)
async def run_import(request: ApiRequest, import_id: FromPath[str]) -> ImportCard:
    """Make the leads and contacts."""
    return await _ask(request, import_id, Status.RUNNING)


@post("/lead/import/{import_id:str}/undo", operation_id="undo_import", status_code=200)
async def undo_import(request: ApiRequest, import_id: FromPath[str]) -> ImportCard:
    """Take back what it has made; leads that somebody has worked with since are kept."""
    return await _ask(request, import_id, Status.UNDOING)


@get(
    "/lead/import/{import_id:str}/row",
    operation_id="list_import_rows",
    operation_class=takes("outcome", "_limit", "_skip", "_fields"),
)
async def list_import_rows(request: ApiRequest, import_id: FromPath[str]) -> ImportRowPage:
    """What became of each row, or would become; `outcome` narrows, as in `failed` or `failed,skipped`."""
    query = asked(request)
    page, outcomes = query.page(), query.ids("outcome") or ()
    for outcome in outcomes:
        if outcome not in Outcome.__members__.values():
            raise Invalid(field_errors={"outcome": f"This must be one of {', '.join(Outcome)}."})
    one = await prepare_import.readable_import(tools_of(request), asker_of(request), import_id)
    async with tools_of(request).db.reading() as tx:
        rows = await store.results(tx, (one.organization_id, one.id), outcomes, (page.limit + 1, page.skip))
    return shown(request, ImportRowPage([_row(row) for row in rows[: page.limit]], len(rows) > page.limit))


async def _ask(request: ApiRequest, import_id: str, wanted: Status) -> ImportCard:
    await prepare_import.ask(tools_of(request), asker_of(request), import_id, wanted)
    return shown(request, await _read(request, import_id))


async def _read(request: ApiRequest, import_id: str) -> ImportCard:
    tools = tools_of(request)
    one = await prepare_import.readable_import(tools, asker_of(request), import_id)
    async with tools.db.reading() as tx:
        counts = await store.counts(tx, one.organization_id, [one.id])
        fields = await importable_fields(tx, one.organization_id)
    if one.status not in CHANGEABLE:
        return _card(one, counts[one.id], [], [])
    content = await tools.blobs.read(one.blob_ref)
    rows = await asyncio.to_thread(sheet.first_rows, content, one.form, one.choices.has_header)
    columns = [
        ColumnCard(head, target, [row[at] if at < len(row) else "" for row in rows])
        for at, (head, target) in enumerate(zip(one.heads, one.choices.mapping, strict=True))
    ]
    targets = [TargetCard(target, None) for target in TARGETS]
    targets += [TargetCard(CUSTOM + field_id, name) for field_id, name in fields]
    return _card(one, counts[one.id], columns, targets)


def _card(one: LeadImport, counts: dict[str, int], columns: list[ColumnCard], targets: list[TargetCard]) -> ImportCard:
    return ImportCard(
        one.id, one.organization_id, one.user_id, one.status.value, one.error or None, one.filename, one.form.encoding,
        one.form.separator, one.choices.has_header, list(one.choices.joined_by), one.choices.when_found, one.n_rows,
        min(one.reached, one.n_rows), ImportCounts(**counts), columns, targets, close_date(one.date_created),
        close_date(one.date_updated),
    )  # fmt: skip


def _row(row: RowResult) -> ImportRowCard:
    return ImportRowCard(row.number, row.outcome.value, row.reason, row.lead_id, row.contact_id)


def _wish(data: ImportChoices) -> Wish:
    """What is given; an absent or null key leaves a thing as it is."""
    mapping, joined_by = data.mapping, data.joined_by
    separator = None if isinstance(data.separator, UnsetType) else data.separator  # a tab is no blank to be trimmed
    return Wish(
        tidy(data.encoding) or None,
        separator or None,
        data.has_header if isinstance(data.has_header, bool) else None,
        tuple(mapping) if isinstance(mapping, list) else None,
        tuple(dict.fromkeys(joined_by)) if isinstance(joined_by, list) else None,
        tidy(data.when_found) or None,
    )


ROUTES = [
    list_imports, create_import, get_import, update_import, delete_import, check_import, run_import, undo_import,
    list_import_rows,
]  # fmt: skip

"""A person brings a file, says what its columns are, and has it checked, run or undone. The work is `import_leads`'s.

bring     the bytes read once to their end, outside of any transaction · T a draft with what its heads say
choose    the bytes again, where they are to be read otherwise · T the draft anew, what was checked is forgotten
ask       T the status, and a hint
"""

import asyncio
from dataclasses import dataclass, replace

from postroom.ground.errors import Conflict, Forbidden, NotFound
from postroom.journeys.jobs import IMPORT_LEADS
from postroom.journeys.steps.import_terms import importable_fields
from postroom.journeys.tools import Tools
from postroom.rooms import files
from postroom.rooms.accounts.access import Asker
from postroom.rooms.imports import sheet, store
from postroom.rooms.imports.columns import checked_mapping, guessed
from postroom.rooms.imports.lead_import import (
    CHANGEABLE,
    Choices,
    LeadImport,
    NewImport,
    Status,
    checked_choices,
    next_status,
)
from postroom.rooms.imports.sheet import Form


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person says of a file; None is as it was, or as it is guessed."""

    encoding: str | None = None
    separator: str | None = None
    has_header: bool | None = None
    mapping: tuple[str, ...] | None = None
    joined_by: tuple[str, ...] | None = None
    when_found: str | None = None


async def bring(tools: Tools, asker: Asker, file_id: str, wish: Wish) -> str:
    """Make a draft of an uploaded file; its id. Raises NotFound, Invalid, Forbidden."""
    if asker.role == "restricted":
        raise Forbidden("Restricted users may not import.")
    org = asker.organization_id
    async with tools.db.transaction() as tx:
        file = await files.stored(tx, org, asker.user_id, file_id)
        fields = await importable_fields(tx, org)
    content = await tools.blobs.read(file.blob_ref)
    has_header = wish.has_header is not False
    form, shape = await asyncio.to_thread(_read, content, wish, has_header)
    mapping = wish.mapping
    chosen = Choices(guessed(shape.heads, fields) if mapping is None else checked_mapping(mapping, shape.heads, fields))
    new = NewImport(
        asker.user_id, file.filename, file.blob_ref, form, shape.heads, _chosen(chosen, wish, has_header), shape.n_rows
    )
    async with tools.db.transaction() as tx:
        return await store.insert_import(tx, org, new, tools.clock())


async def choose(tools: Tools, asker: Asker, import_id: str, wish: Wish) -> None:
    """Change what was chosen for a draft. Raises NotFound, Invalid, Conflict."""
    async with tools.db.transaction() as tx:
        one = _readable(await store.lead_import(tx, asker.organization_id, import_id), asker)
        fields = await importable_fields(tx, asker.organization_id)
    has_header = one.choices.has_header if wish.has_header is None else wish.has_header
    is_read_anew = wish.encoding is not None or wish.separator is not None or has_header != one.choices.has_header
    form, heads, n_rows = one.form, one.heads, one.n_rows
    if is_read_anew:
        content = await tools.blobs.read(one.blob_ref)
        known = Wish(wish.encoding or one.form.encoding, wish.separator or one.form.separator)
        form, shape = await asyncio.to_thread(_read, content, known, has_header)
        heads, n_rows = shape.heads, shape.n_rows
    choices = one.choices
    if wish.mapping is not None:
        choices = replace(choices, mapping=checked_mapping(wish.mapping, heads, fields))
    elif heads != one.heads:
        choices = replace(choices, mapping=guessed(heads, fields))
    new = NewImport(one.user_id, one.filename, one.blob_ref, form, heads, _chosen(choices, wish, has_header), n_rows)
    async with tools.db.transaction() as tx:
        locked = await store.lock_import(tx, asker.organization_id, import_id)
        if locked.status not in CHANGEABLE:
            raise Conflict(f"This import is {locked.status.value}; it cannot be changed any more.")
        await store.save_choices(tx, (locked, new), tools.clock())


async def ask(tools: Tools, asker: Asker, import_id: str, wanted: Status) -> None:
    """Have it checked, run or undone. Raises NotFound, Conflict, Invalid for a mapping that makes no lead."""
    org = asker.organization_id
    async with tools.db.transaction() as tx:
        one = _readable(await store.lock_import(tx, org, import_id), asker)
        status = next_status(one.status, wanted)
        if status is not Status.UNDOING:
            checked_mapping(one.choices.mapping, one.heads, await importable_fields(tx, org))
            await store.forget_rows(tx, org, import_id)
        await store.set_status(tx, one, status, tools.clock())
        await tools.jobs.defer(tx, IMPORT_LEADS, {"organization_id": org, "import_id": import_id})


async def forget(tools: Tools, asker: Asker, import_id: str) -> None:
    """Forget an import that does nothing now; what it has made stays. Raises NotFound, Conflict."""
    async with tools.db.transaction() as tx:
        one = _readable(await store.lock_import(tx, asker.organization_id, import_id), asker)
        if one.status in (Status.CHECKING, Status.RUNNING, Status.UNDOING):
            raise Conflict(f"This import is {one.status.value}; wait until it is done.")
        await store.delete_import(tx, asker.organization_id, import_id)


async def readable_import(tools: Tools, asker: Asker, import_id: str) -> LeadImport:
    """An import that the asker may see: its maker, and admins. Raises NotFound."""
    async with tools.db.reading() as tx:
        return _readable(await store.lead_import(tx, asker.organization_id, import_id), asker)


def _readable(one: LeadImport, asker: Asker) -> LeadImport:
    if one.user_id != asker.user_id and asker.role != "admin":
        raise NotFound("There is no such import.")
    return one


def _read(content: bytes, wish: Wish, has_header: bool) -> tuple[Form, sheet.Shape]:
    form = sheet.form_of(content, wish.encoding or "", wish.separator or "")
    return form, sheet.shape_of(content, form, has_header)


def _chosen(choices: Choices, wish: Wish, has_header: bool) -> Choices:
    joined_by = choices.joined_by if wish.joined_by is None else wish.joined_by
    when_found = wish.when_found or choices.when_found
    return checked_choices(replace(choices, joined_by=joined_by, when_found=when_found, has_header=has_header))

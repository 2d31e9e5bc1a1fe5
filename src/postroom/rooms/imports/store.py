"""Every query of imports and their rows."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from postroom.ground.database import Transaction
from postroom.ground.errors import NotFound
from postroom.ground.ids import new_id
from postroom.ground.rowset import rowset
from postroom.rooms.imports.lead_import import Choices, LeadImport, NewImport, Outcome, RowResult, Status
from postroom.rooms.imports.sheet import Form

_COLUMNS = (
    "organization_id, id, user_id, filename, blob_ref, encoding, separator, has_header, heads, mapping, joined_by,"
    " when_found, status, error, n_rows, reached, date_created, date_updated"
)


async def insert_import(tx: Transaction, organization_id: str, new: NewImport, now: datetime) -> str:
    """Keep a new one as a draft; its id."""
    import_id = new_id("impo")
    await tx.execute(
        "insert into imports (organization_id, id, user_id, filename, blob_ref, encoding, separator, has_header, heads,"
        " mapping, joined_by, when_found, status, n_rows, date_created, date_updated)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'draft', %s, %s, %s)",
        (
            organization_id, import_id, new.user_id, new.filename, new.blob_ref, new.form.encoding,
            new.form.separator, new.choices.has_header, list(new.heads), list(new.choices.mapping),
            list(new.choices.joined_by), new.choices.when_found, new.n_rows, now, now,
        ),
    )  # fmt: skip
    return import_id


async def imports_of(tx: Transaction, organization_id: str, user_id: str | None) -> tuple[LeadImport, ...]:
    """A user's imports, None everybody's, the newest first, some hundreds at most."""
    rows = await (
        await tx.execute(
            f"select {_COLUMNS} from imports where organization_id = %s and (%s::text is null or user_id = %s)"
            " order by date_created desc, id limit 500",
            (organization_id, user_id, user_id),
        )
    ).fetchall()
    return tuple(_import(row) for row in rows)


async def lead_import(tx: Transaction, organization_id: str, import_id: str) -> LeadImport:
    """One. Raises NotFound."""
    return await _read(tx, organization_id, import_id, "")


async def lock_import(tx: Transaction, organization_id: str, import_id: str) -> LeadImport:
    """One, its row locked until the transaction ends. Raises NotFound."""
    return await _read(tx, organization_id, import_id, " for update")


async def save_choices(tx: Transaction, chosen: tuple[LeadImport, NewImport], now: datetime) -> None:
    """What its person has chosen; it is a draft again, and what was tried is forgotten."""
    one, new = chosen
    await tx.execute(
        "update imports set encoding = %s, separator = %s, has_header = %s, heads = %s, mapping = %s, joined_by = %s,"
        " when_found = %s, n_rows = %s, status = 'draft', reached = 0, error = '', date_updated = %s"
        " where organization_id = %s and id = %s",
        (
            new.form.encoding, new.form.separator, new.choices.has_header, list(new.heads), list(new.choices.mapping),
            list(new.choices.joined_by), new.choices.when_found, new.n_rows, now, one.organization_id, one.id,
        ),
    )  # fmt: skip
    await forget_rows(tx, one.organization_id, one.id)


async def set_status(tx: Transaction, one: LeadImport, status: Status, now: datetime, error: str = "") -> None:
    """What it does now, from its beginning."""
    await tx.execute(
        "update imports set status = %s, error = %s, reached = 0, date_updated = %s"
        " where organization_id = %s and id = %s",
        (status.value, error, now, one.organization_id, one.id),
    )


async def end(tx: Transaction, one: LeadImport, status: Status, now: datetime) -> None:
    """It has done what it was doing."""
    await tx.execute(
        "update imports set status = %s, reached = n_rows, date_updated = %s where organization_id = %s and id = %s",
        (status.value, now, one.organization_id, one.id),
    )


async def save_rows(tx: Transaction, one: LeadImport, results: Sequence[RowResult], now: datetime) -> None:
    """What became of rows, and that these are done."""
    rows = [{**asdict(result), "changes": dict(result.changes)} for result in results]
    await tx.execute(
        "insert into import_rows (organization_id, import_id, number, outcome, reason, lead_id, contact_id,"
        " is_new_lead, is_new_contact, changes, date_created)"
        " select %s, %s, number, outcome, reason, lead_id, contact_id, is_new_lead, is_new_contact, changes, %s"
        " from json_to_recordset(%s) as r(number integer, outcome text, reason text, lead_id text, contact_id text,"
        " is_new_lead boolean, is_new_contact boolean, changes jsonb)",
        (one.organization_id, one.id, now, rowset(rows)),
    )
    await advance(tx, one, len(results), now)


async def advance(tx: Transaction, one: LeadImport, count: int, now: datetime) -> None:
    """So many rows more are done."""
    await tx.execute(
        "update imports set reached = reached + %s, date_updated = %s where organization_id = %s and id = %s",
        (count, now, one.organization_id, one.id),
    )


async def forget_rows(tx: Transaction, organization_id: str, import_id: str) -> None:
    """Forget what was tried."""
    await tx.execute(
        "delete from import_rows where organization_id = %s and import_id = %s", (organization_id, import_id)
    )


async def delete_import(tx: Transaction, organization_id: str, import_id: str) -> None:
    """Remove the memory of an import; what it has made stays."""
    await tx.execute("delete from imports where organization_id = %s and id = %s", (organization_id, import_id))


async def counts(tx: Transaction, organization_id: str, import_ids: Sequence[str]) -> dict[str, dict[str, int]]:
    """How many rows of each import came out how; `leads` and `contacts` are those that are new."""
    rows = await (
        await tx.execute(
            "select import_id, outcome, count(*), count(*) filter (where is_new_lead),"
            " count(*) filter (where is_new_contact) from import_rows"
            " where organization_id = %s and import_id = any(%s) group by import_id, outcome",
            (organization_id, list(import_ids)),
        )
    ).fetchall()
    found: dict[str, dict[str, int]] = {one: {} for one in import_ids}
    for import_id, outcome, number, leads, contacts in rows:
        of = found[import_id]
        of[outcome] = number
        of["leads"], of["contacts"] = of.get("leads", 0) + leads, of.get("contacts", 0) + contacts
    return found


async def results(
    tx: Transaction, asked: tuple[str, str], outcomes: Sequence[str], window: tuple[int, int]
) -> list[RowResult]:
    """Rows of an import (`asked`: organization, import) with these outcomes, all where none are named, in their order;
    `window` is how many behind how many."""
    limit, skip = window
    rows = await (
        await tx.execute(
            f"select {_RESULT} from import_rows where organization_id = %s and import_id = %s"
            " and (cardinality(%s::text[]) = 0 or outcome = any(%s)) order by number limit %s offset %s",
            (*asked, list(outcomes), list(outcomes), limit, skip),
        )
    ).fetchall()
    return [_result(row) for row in rows]


async def results_to_undo(tx: Transaction, one: LeadImport, limit: int) -> list[RowResult]:
    """The last rows that have made or changed something and are not undone yet."""
    rows = await (
        await tx.execute(
            f"select {_RESULT} from import_rows where organization_id = %s and import_id = %s"
            " and outcome in ('created', 'joined') order by number desc limit %s",
            (one.organization_id, one.id, limit),
        )
    ).fetchall()
    return [_result(row) for row in rows]


async def mark_undone(tx: Transaction, one: LeadImport, outcomes: Sequence[tuple[int, Outcome]]) -> None:
    """How undoing ended for these rows."""
    await tx.execute(
        "update import_rows r set outcome = given.outcome from unnest(%s::int[], %s::text[]) given(number, outcome)"
        " where r.organization_id = %s and r.import_id = %s and r.number = given.number",
        ([number for number, _ in outcomes], [outcome.value for _, outcome in outcomes], one.organization_id, one.id),
    )


async def made_here(tx: Transaction, one: LeadImport, lead_ids: Sequence[str]) -> set[str]:
    """Those of these leads that an earlier row of the import has made."""
    rows = await (
        await tx.execute(
            "select lead_id from import_rows where organization_id = %s and import_id = %s and lead_id = any(%s)"
            " and is_new_lead",
            (one.organization_id, one.id, list(lead_ids)),
        )
    ).fetchall()
    return {row[0] for row in rows}


async def imports_at_work(tx: Transaction) -> list[tuple[str, str]]:
    """Of the whole installation: imports that something is to be done for, by organization and id."""
    rows = await (
        await tx.execute("select organization_id, id from imports where status in ('checking', 'running', 'undoing')")
    ).fetchall()
    return [(row[0], row[1]) for row in rows]


_RESULT = "number, outcome, reason, lead_id, contact_id, is_new_lead, is_new_contact, changes"


async def _read(tx: Transaction, organization_id: str, import_id: str, lock: str) -> LeadImport:
    row = await (
        await tx.execute(
            f"select {_COLUMNS} from imports where organization_id = %s and id = %s{lock}",
            (organization_id, import_id),
        )
    ).fetchone()
    if row is None:
        raise NotFound("There is no such import.")
    return _import(row)


def _import(row: Sequence[Any]) -> LeadImport:
    organization_id, import_id, user_id, filename, blob_ref, encoding, separator, has_header, heads, mapping = row[:10]
    joined_by, when_found, status, error, n_rows, reached, created, updated = row[10:]
    return LeadImport(
        organization_id, import_id, user_id, filename, blob_ref, Form(encoding, separator), tuple(heads),
        Choices(tuple(mapping), tuple(joined_by), when_found, has_header), Status(status), error, n_rows, reached,
        created, updated,
    )  # fmt: skip


def _result(row: Sequence[Any]) -> RowResult:
    return RowResult(row[0], Outcome(row[1]), *row[2:])

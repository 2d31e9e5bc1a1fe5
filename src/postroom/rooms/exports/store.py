"""Every query of exports."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from postroom.ground.database import Transaction
from postroom.ground.errors import NotFound
from postroom.ground.events import Event, append
from postroom.ground.ids import new_id
from postroom.rooms.exports.export import MOST_TRIES, Export, Wanted

_COLUMNS = (
    "id, user_id, kind, wanted, status, n_docs, n_docs_processed, blob_ref, size, error, attempts, date_created,"
    " date_updated"
)
_WAITING = "('created', 'started', 'in_progress')"


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: admins see all exports, others their own."""

    user_id: str
    is_admin: bool
    now: datetime


async def insert(tx: Transaction, organization_id: str, wish: tuple[str, Wanted], asker: Asker) -> str:
    """Keep a new export of a kind; its id."""
    export_id = new_id("expo")
    await tx.execute(
        "insert into exports (organization_id, id, user_id, kind, wanted, date_created, date_updated)"
        " values (%s, %s, %s, %s, %s, %s, %s)",
        (organization_id, export_id, asker.user_id, wish[0], Jsonb(asdict(wish[1])), asker.now, asker.now),
    )
    await append(
        tx, organization_id, [Event(f"export.{wish[0]}", export_id, "created", user_id=asker.user_id)], asker.now
    )
    return export_id


async def exports(tx: Transaction, organization_id: str, asker: Asker) -> tuple[Export, ...]:
    """Those that one may see, the newest first, some hundreds at most."""
    rows = await (
        await tx.execute(
            f"select {_COLUMNS} from exports where organization_id = %s and (%s or user_id = %s)"
            " order by date_created desc, id limit 1000",
            (organization_id, asker.is_admin, asker.user_id),
        )
    ).fetchall()
    return tuple(_export(row) for row in rows)


async def export(tx: Transaction, organization_id: str, export_id: str) -> Export:
    """One. Raises NotFound."""
    row = await (
        await tx.execute(
            f"select {_COLUMNS} from exports where organization_id = %s and id = %s", (organization_id, export_id)
        )
    ).fetchone()
    if row is None:
        raise NotFound("There is no such export.")
    return _export(row)


async def begin(tx: Transaction, organization_id: str, export_id: str, now: datetime) -> Export | None:
    """Count a try, and forget what an earlier one has left; None where it is done or was tried too often."""
    begun = await tx.execute(
        "update exports set status = case when attempts >= %(most)s then 'error' else 'started' end,"
        " error = case when attempts < %(most)s then '' when error <> '' then error"
        " else 'It broke off again and again.' end,"
        " attempts = attempts + 1, n_docs_processed = 0, blob_ref = '', size = 0, date_updated = %(now)s"
        f" where organization_id = %(org)s and id = %(id)s and status in {_WAITING}",
        {"most": MOST_TRIES, "now": now, "org": organization_id, "id": export_id},
    )
    found = await export(tx, organization_id, export_id)
    return found if begun.rowcount and found.status == "started" else None


async def put_off(tx: Transaction, organization_id: str, why: tuple[str, str], since: datetime) -> None:
    """(id, reason): it waits for this reason. The try does not count, unless the thing is older than `since`."""
    thing_id, reason = why
    await tx.execute(
        "update exports set error = %s, attempts = case when date_created > %s then greatest(0, attempts - 1)"
        " else attempts end"
        f" where organization_id = %s and id = %s and status in {_WAITING}",
        (reason, since, organization_id, thing_id),
    )


async def counted(tx: Transaction, organization_id: str, export_id: str, n_docs: int) -> None:
    """How many things it will hold, about."""
    await tx.execute(
        "update exports set n_docs = %s, status = 'in_progress' where organization_id = %s and id = %s",
        (n_docs, organization_id, export_id),
    )


@dataclass(frozen=True, slots=True)
class Part:
    """A piece that was written: where, how large, and how many things are in it."""

    reference: str
    size: int
    n_docs: int


async def add_part(tx: Transaction, organization_id: str, export_id: str, part: Part) -> None:
    """The next piece is there. `blob_ref` holds the references of all pieces with blanks between."""
    await tx.execute(
        "update exports set blob_ref = trim(blob_ref || ' ' || %s), size = size + %s,"
        " n_docs_processed = n_docs_processed + %s where organization_id = %s and id = %s",
        (part.reference, part.size, part.n_docs, organization_id, export_id),
    )


async def finish(tx: Transaction, organization_id: str, ended: tuple[Export, str], now: datetime) -> None:
    """It is done; or it is not, for the reason given."""
    done, error = ended
    await tx.execute(
        "update exports set status = %s, error = %s, n_docs = n_docs_processed, date_updated = %s, done_email = %s"
        " where organization_id = %s and id = %s",
        (
            "error" if error else "done", error, now, "due" if error or done.wanted.send_done_email else "none",
            organization_id, done.id,
        ),
    )  # fmt: skip
    what = "updated" if error else "completed"
    await append(tx, organization_id, [Event(f"export.{done.kind}", done.id, what, user_id=done.user_id)], now)


async def take_done_email(tx: Transaction, organization_id: str, export_id: str) -> Export | None:
    """The export, if somebody is to be told that it is done; from here on it counts as told."""
    taken = await tx.execute(
        "update exports set done_email = 'sent' where organization_id = %s and id = %s and done_email = 'due'",
        (organization_id, export_id),
    )
    return await export(tx, organization_id, export_id) if taken.rowcount else None


async def exports_waiting(tx: Transaction) -> list[tuple[str, str]]:
    """(organization, export) of those that are not made yet, or that nobody was told of; for the sweep."""
    rows = await (
        await tx.execute(
            f"select organization_id, id from exports where status in {_WAITING}"
            " union all select organization_id, id from exports where done_email = 'due'"
        )
    ).fetchall()
    return [(row[0], row[1]) for row in rows]


async def old_exports(tx: Transaction, before: datetime) -> list[tuple[str, str, str]]:
    """(organization, export, references) of those that were made before; for the sweep."""
    rows = await (
        await tx.execute(
            "select organization_id, id, blob_ref from exports where date_created < %s and blob_ref <> '' limit 100",
            (before,),
        )
    ).fetchall()
    return [(row[0], row[1], row[2]) for row in rows]


async def forget_files(tx: Transaction, organization_id: str, export_id: str) -> None:
    """Its pieces are gone."""
    await tx.execute(
        "update exports set blob_ref = '', size = 0 where organization_id = %s and id = %s",
        (organization_id, export_id),
    )


def _export(row: tuple[Any, ...]) -> Export:
    export_id, user_id, kind, wanted, status, n_docs, processed, references, *rest = row
    known = {**wanted, "fields": tuple(wanted["fields"]), "sort": tuple(wanted["sort"])}
    return Export(
        export_id, user_id, kind, Wanted(**known), status, n_docs, processed, tuple(references.split()), *rest
    )

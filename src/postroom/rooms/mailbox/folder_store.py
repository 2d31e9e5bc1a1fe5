"""Queries for folders, their cursors, and the history of pulls."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from postroom.ground.database import Transaction
from postroom.ground.rowset import rowset
from postroom.rooms.mailbox.folders import FolderRow

_COLUMNS = (
    "id, account_id, name, raw_name, delimiter, role, selectable, is_synced, is_gone, is_rebuilding, uid_validity,"
    " highest_uid, lowest_uid, highest_modseq::bigint as highest_modseq, exists_on_server, seen_total, seen_kept,"
    " seen_failed, rebuilds, date_rebuilt, last_pull_at, error"
)


@dataclass(frozen=True, slots=True)
class ListedFolder:
    """A folder as the server lists it, and whether it is read unless a person says otherwise."""

    name: str
    raw_name: bytes
    delimiter: str | None
    role: str
    selectable: bool
    is_synced: bool


@dataclass(frozen=True, slots=True)
class CursorChange:
    """Where a folder stands after a pull."""

    uid_validity: int | None
    highest_uid: int
    lowest_uid: int
    highest_modseq: int | None
    exists_on_server: int


async def folders_of(tx: Transaction, organization_id: str, account_id: str) -> list[FolderRow]:
    """All folders of an account, those gone from the server too."""
    async with tx.cursor(row_factory=class_row(FolderRow)) as cursor:
        await cursor.execute(
            f"select {_COLUMNS} from folders where organization_id = %s and account_id = %s order by id",
            (organization_id, account_id),
        )
        return await cursor.fetchall()


async def folder_now(tx: Transaction, organization_id: str, folder_id: int) -> FolderRow | None:
    """One folder, its row locked until the transaction ends."""
    async with tx.cursor(row_factory=class_row(FolderRow)) as cursor:
        await cursor.execute(
            f"select {_COLUMNS} from folders where organization_id = %s and id = %s for update",
            (organization_id, folder_id),
        )
        return await cursor.fetchone()


async def save_listing(tx: Transaction, organization_id: str, account_id: str, listed: Sequence[ListedFolder]) -> None:
    """What the server lists now. A folder known before keeps its cursor and what a person chose; one no longer
    listed is marked gone and keeps its ledger."""
    rows = [
        {
            "name": folder.name,
            "raw": folder.raw_name.hex(),
            "delimiter": folder.delimiter,
            "role": folder.role,
            "selectable": folder.selectable,
            "synced": folder.is_synced and folder.selectable,
        }
        for folder in listed
    ]
    await tx.execute(
        "insert into folders (organization_id, account_id, name, raw_name, delimiter, role, selectable, is_synced)"
        " select %s, %s, name, decode(raw, 'hex'), delimiter, role, selectable, synced from json_to_recordset(%s)"
        " as f(name text, raw text, delimiter text, role text, selectable boolean, synced boolean)"
        " on conflict (organization_id, account_id, raw_name) do update set name = excluded.name,"
        " delimiter = excluded.delimiter, role = excluded.role, selectable = excluded.selectable, is_gone = false,"
        # Nobody could choose a folder that could not be opened: when it can, it is read like any other.
        " is_synced = case when folders.selectable then folders.is_synced else excluded.is_synced end",
        (organization_id, account_id, rowset(rows)),
    )
    await tx.execute(
        "update folders set is_gone = true where organization_id = %s and account_id = %s and not raw_name = any(%s)",
        (organization_id, account_id, [folder.raw_name for folder in listed]),
    )


async def open_folder(
    tx: Transaction, organization_id: str, folder_id: int, cursor: CursorChange, now: datetime
) -> None:
    """The folder is read for the first time: all it holds is history."""
    await _write_cursor(tx, organization_id, folder_id, cursor, now)


async def move_cursor(
    tx: Transaction, organization_id: str, folder_id: int, cursor: CursorChange, now: datetime
) -> None:
    """The folder is read up (and down) to here; what was stored with it is stored in this transaction."""
    await _write_cursor(tx, organization_id, folder_id, cursor, now)


async def _write_cursor(
    tx: Transaction, organization_id: str, folder_id: int, cursor: CursorChange, now: datetime
) -> None:
    await tx.execute(
        "update folders set uid_validity = %s, highest_uid = %s, lowest_uid = %s, highest_modseq = %s,"
        " exists_on_server = %s, last_pull_at = %s, error = '' where organization_id = %s and id = %s",
        (
            cursor.uid_validity,
            cursor.highest_uid,
            cursor.lowest_uid,
            cursor.highest_modseq,
            cursor.exists_on_server,
            now,
            organization_id,
            folder_id,
        ),
    )


async def begin_rebuild(tx: Transaction, organization_id: str, folder_id: int, rebuilds: int, now: datetime) -> None:
    """UIDVALIDITY changed: forget which UID was which message, and nothing else."""
    await tx.execute(
        "delete from sightings where organization_id = %s and folder_id = %s", (organization_id, folder_id)
    )
    await tx.execute(
        "update folders set is_rebuilding = true, rebuilds = %s, date_rebuilt = %s, seen_total = 0, seen_kept = 0,"
        " seen_failed = 0 where organization_id = %s and id = %s",
        (rebuilds, now, organization_id, folder_id),
    )


async def end_rebuild(tx: Transaction, organization_id: str, folder_id: int) -> None:
    """All of the folder has been seen again."""
    await tx.execute(
        "update folders set is_rebuilding = false where organization_id = %s and id = %s",
        (organization_id, folder_id),
    )


async def note_folder_error(tx: Transaction, organization_id: str, folder_id: int, error: str) -> None:
    """Say on the folder what is wrong with it; '' clears it."""
    await tx.execute(
        "update folders set error = %s where organization_id = %s and id = %s and error <> %s",
        (error, organization_id, folder_id, error),
    )


async def choose_folder(
    tx: Transaction, organization_id: str, account_id: str, folder_id: int, is_synced: bool
) -> bool:
    """Read this folder, or no longer; answers whether there is such a folder. What it brought before stays."""
    cursor = await tx.execute(
        "update folders set is_synced = %s and selectable where organization_id = %s and account_id = %s and id = %s",
        (is_synced, organization_id, account_id, folder_id),
    )
    return cursor.rowcount == 1


async def note_pull(
    tx: Transaction, organization_id: str, account_id: str, counts: "PullCounts", now: datetime
) -> None:
    """One line in the account's history of pulls. Lines older than 30 days go."""
    await tx.execute(
        "insert into pull_history (organization_id, account_id, direction, seen, kept, failed, error, date_created)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s)",
        (
            organization_id,
            account_id,
            counts.direction,
            counts.seen,
            counts.kept,
            counts.failed,
            counts.error,
            now,
        ),
    )
    await tx.execute(
        "delete from pull_history where organization_id = %s and account_id = %s"
        " and date_created < %s - interval '30 days'",
        (organization_id, account_id, now),
    )


@dataclass(frozen=True, slots=True)
class PullCounts:
    """What one pull brought. `direction`: incoming (mailbox to us), outgoing (us to mailbox) or both."""

    direction: str = "incoming"
    seen: int = 0
    kept: int = 0
    failed: int = 0
    error: str = ""


async def accounts_with_history(tx: Transaction) -> list[tuple[str, str]]:
    """(organization, account) of every account with history unread; for the sweep, which serves all of them."""
    rows = await (
        await tx.execute(
            "select distinct organization_id, account_id from folders where is_synced and selectable and not is_gone"
            " and last_pull_at is not null and lowest_uid > 1 and error = ''"
        )
    ).fetchall()
    return [(row[0], row[1]) for row in rows]

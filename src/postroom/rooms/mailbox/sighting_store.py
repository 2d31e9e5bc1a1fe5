"""Queries for the ledger: sightings, the quarantine of failed messages, and copies of kept ones."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from psycopg.errors import UniqueViolation

from postroom.ground.database import Transaction
from postroom.ground.errors import Conflict
from postroom.ground.rowset import rowset
from postroom.rooms.mailbox.sightings import FolderLedger, Sighting, Verdict, Witness


class NewCopy(msgspec.Struct, frozen=True):
    """A row of `copies`."""

    uid: int
    message_key: str
    is_seen: bool
    is_deleted: bool


@dataclass(frozen=True, slots=True)
class FailedMessage:
    """A message in quarantine, whose turn has come."""

    folder_id: int
    uid: int
    attempts: int


async def add_sightings(tx: Transaction, organization_id: str, folder_id: int, sightings: Sequence[Sighting]) -> None:
    """Enter messages in the ledger. Streamed as COPY text: all fields are numbers, times and our own ids.

    Raises Conflict when another worker has entered one of them meanwhile; all of this batch is here then or will be.
    """
    head = f"{organization_id}\t{folder_id}\t"
    try:
        async with (
            tx.cursor() as cursor,
            cursor.copy(
                "copy sightings (organization_id, folder_id, uid, verdict, identity, message_id_hash, subject_hash,"
                " address_hashes, date, size) from stdin"
            ) as copy,
        ):
            await copy.write("".join(_copy_lines(head, sightings)))
    except UniqueViolation as error:
        raise Conflict("Another worker is reading the same folder.") from error
    await _count(tx, organization_id, folder_id, sightings, 1)


def _copy_lines(head: str, sightings: Iterable[Sighting]) -> Iterable[str]:
    for s in sightings:
        date = s.date.isoformat() if s.date else "\\N"
        yield (
            f"{head}{s.uid}\t{s.verdict.value}\t{s.identity}\t{s.message_id_hash}\t{s.subject_hash}"
            f"\t{{{','.join(map(str, s.address_hashes))}}}\t{date}\t{s.size}\n"
        )


async def _count(
    tx: Transaction, organization_id: str, folder_id: int, sightings: Sequence[Sighting], sign: int
) -> None:
    kept = sum(s.verdict is Verdict.KEPT for s in sightings)
    failed = sum(s.verdict is Verdict.FAILED for s in sightings)
    await tx.execute(
        "update folders set seen_total = seen_total + %s, seen_kept = seen_kept + %s, seen_failed = seen_failed + %s"
        " where organization_id = %s and id = %s",
        (sign * len(sightings), sign * kept, sign * failed, organization_id, folder_id),
    )


async def recount_folder(tx: Transaction, organization_id: str, folder_id: int) -> None:
    """Make the folder's counts from its sightings."""
    await tx.execute(
        "update folders f set seen_total = c.total, seen_kept = c.kept, seen_failed = c.failed from ("
        " select count(*) as total, count(*) filter (where verdict = %(kept)s) as kept,"
        " count(*) filter (where verdict = %(failed)s) as failed from sightings"
        " where organization_id = %(org)s and folder_id = %(folder)s) c"
        " where f.organization_id = %(org)s and f.id = %(folder)s",
        {
            "org": organization_id,
            "folder": folder_id,
            "kept": Verdict.KEPT.value,
            "failed": Verdict.FAILED.value,
        },
    )


async def add_copies(
    tx: Transaction, organization_id: str, account_id: str, folder_id: int, copies: Sequence[NewCopy]
) -> None:
    """Remember where kept messages lie."""
    await tx.execute(
        "insert into copies (organization_id, folder_id, uid, account_id, message_key, is_seen, is_deleted)"
        " select %s, %s, uid, %s, message_key, is_seen, is_deleted from json_to_recordset(%s)"
        " as c(uid bigint, message_key text, is_seen boolean, is_deleted boolean)"
        " on conflict (organization_id, folder_id, uid) do update set message_key = excluded.message_key,"
        " is_seen = excluded.is_seen, is_deleted = excluded.is_deleted",
        (organization_id, folder_id, account_id, rowset(copies)),
    )


async def keys_in_folder(
    tx: Transaction, organization_id: str, folder_id: int, message_keys: Sequence[str]
) -> dict[str, list[int]]:
    """UIDs in this folder that are copies of these messages already."""
    # Each by its message, whatever the planner believes of a table that grows by the second: without `+ 0` it may go
    # through the whole folder for each.
    rows = await (
        await tx.execute(
            "select k.message_key, c.uid from unnest(%(keys)s::text[]) as k(message_key),"
            " lateral (select uid from copies where organization_id = %(org)s and message_key = k.message_key"
            " and folder_id + 0 = %(folder)s offset 0) c",
            {"org": organization_id, "folder": folder_id, "keys": list(set(message_keys))},
        )
    ).fetchall()
    found: dict[str, list[int]] = {}
    for key, uid in rows:
        found.setdefault(key, []).append(uid)
    return found


async def already_sighted(tx: Transaction, organization_id: str, folder_id: int, uids: Sequence[int]) -> frozenset[int]:
    """Of these UIDs those that have a sighting."""
    rows = await (
        await tx.execute(
            "select uid from sightings where organization_id = %s and folder_id = %s and uid = any(%s)",
            (organization_id, folder_id, list(uids)),
        )
    ).fetchall()
    return frozenset(row[0] for row in rows)


async def sighted_uids(
    tx: Transaction, organization_id: str, folder_id: int, lowest: int, highest: int
) -> list[tuple[int, int]]:
    """All sighted UIDs between two, as ranges (first, last), ascending."""
    rows = await (
        await tx.execute(
            "select min(uid), max(uid) from (select uid, uid - row_number() over (order by uid) as island"
            " from sightings where organization_id = %s and folder_id = %s and uid between %s and %s) s"
            " group by island order by 1",
            (organization_id, folder_id, lowest, highest),
        )
    ).fetchall()
    return [(row[0], row[1]) for row in rows]


async def newest_witness(tx: Transaction, organization_id: str, folder_id: int) -> Witness | None:
    """The message with the highest UID that was seen whole."""
    row = await (
        await tx.execute(
            "select uid, message_id_hash, subject_hash from sightings where organization_id = %s and folder_id = %s"
            " and verdict <> %s order by uid desc limit 1",
            (organization_id, folder_id, Verdict.FAILED.value),
        )
    ).fetchone()
    return None if row is None else Witness(*row)


async def remove_sightings(
    tx: Transaction, organization_id: str, folder_id: int, ranges: Sequence[tuple[int, int]]
) -> set[str]:
    """These UIDs are gone from the folder. Answers the messages of which a copy went with them."""
    spans = [{"a": first, "b": last} for first, last in ranges]
    rows = await (
        await tx.execute(
            "with gone as (delete from sightings s using json_to_recordset(%(spans)s) as r(a bigint, b bigint)"
            " where s.organization_id = %(org)s and s.folder_id = %(folder)s and s.uid between r.a and r.b"
            " returning s.uid, s.verdict),"
            " counted as (update folders f set seen_total = f.seen_total - g.total, seen_kept = f.seen_kept - g.kept,"
            " seen_failed = f.seen_failed - g.failed from (select count(*) as total,"
            " count(*) filter (where verdict = %(kept)s) as kept,"
            " count(*) filter (where verdict = %(failed)s) as failed from gone) g"
            " where f.organization_id = %(org)s and f.id = %(folder)s)"
            " select distinct c.message_key from copies c join gone g on g.uid = c.uid"
            " where c.organization_id = %(org)s and c.folder_id = %(folder)s",
            {
                "spans": rowset(spans),
                "org": organization_id,
                "folder": folder_id,
                "kept": Verdict.KEPT.value,
                "failed": Verdict.FAILED.value,
            },
        )
    ).fetchall()
    return {row[0] for row in rows}


async def update_flags(
    tx: Transaction, organization_id: str, folder_id: int, flags: Sequence[tuple[int, bool, bool]]
) -> set[str]:
    """Copies' flags as they now are: (uid, is_seen, is_deleted). Answers the messages for which that is news."""
    rows = await (
        await tx.execute(
            "update copies c set is_seen = f.s, is_deleted = f.d from json_to_recordset(%s)"
            " as f(u bigint, s boolean, d boolean) where c.organization_id = %s and c.folder_id = %s"
            " and c.uid = f.u and (c.is_seen, c.is_deleted) is distinct from (f.s, f.d) returning c.message_key",
            (rowset([{"u": u, "s": s, "d": d} for u, s, d in flags]), organization_id, folder_id),
        )
    ).fetchall()
    return {row[0] for row in rows}


async def note_seen(
    tx: Transaction, organization_id: str, folder_id: int, read: Sequence[int], unread: Sequence[int]
) -> None:
    """We flagged these copies ourselves."""
    await tx.execute(
        "update copies set is_seen = uid = any(%(read)s) where organization_id = %(org)s and folder_id = %(folder)s"
        " and (uid = any(%(read)s) or uid = any(%(unread)s))",
        {"org": organization_id, "folder": folder_id, "read": list(read), "unread": list(unread)},
    )


async def quarantine(
    tx: Transaction, organization_id: str, folder_id: int, errors: Mapping[int, str], next_try_at: datetime
) -> None:
    """Messages that the server did not hand over, or that could not be stored: why, and when to try again."""
    await tx.execute(
        "insert into failed_messages (organization_id, folder_id, uid, error, next_try_at, date_created)"
        " select %(org)s, %(folder)s, u, e, %(next)s, %(next)s from json_to_recordset(%(rows)s)"
        " as x(u bigint, e text) on conflict (organization_id, folder_id, uid) do update"
        " set error = excluded.error, attempts = failed_messages.attempts + 1, next_try_at = excluded.next_try_at",
        {
            "org": organization_id,
            "folder": folder_id,
            "next": next_try_at,
            "rows": rowset([{"u": uid, "e": error} for uid, error in errors.items()]),
        },
    )


async def failed_due(
    tx: Transaction, organization_id: str, folder_id: int, now: datetime, limit: int
) -> list[FailedMessage]:
    """Messages in quarantine whose next try is due."""
    rows = await (
        await tx.execute(
            "select folder_id, uid, attempts from failed_messages where organization_id = %s and folder_id = %s"
            " and next_try_at <= %s order by next_try_at limit %s",
            (organization_id, folder_id, now, limit),
        )
    ).fetchall()
    return [FailedMessage(*row) for row in rows]


async def ledger_of_folder(tx: Transaction, organization_id: str, folder_id: int) -> FolderLedger:
    """What the ledger says of a folder, counted anew."""
    rows = await (
        await tx.execute(
            "select verdict, count(*) from sightings where organization_id = %s and folder_id = %s group by verdict",
            (organization_id, folder_id),
        )
    ).fetchall()
    return FolderLedger(folder_id, {Verdict(row[0]): row[1] for row in rows})


async def kept_without_email(tx: Transaction, organization_id: str, folder_id: int) -> list[int]:
    """UIDs that the ledger calls kept though no copy of them leads to a message we hold."""
    rows = await (
        await tx.execute(
            "select s.uid from sightings s where s.organization_id = %s and s.folder_id = %s and s.verdict = %s"
            " and not exists (select 1 from copies c join messages m on m.organization_id = c.organization_id"
            " and m.id = c.message_key where c.organization_id = s.organization_id"
            " and c.folder_id = s.folder_id and c.uid = s.uid) order by s.uid",
            (organization_id, folder_id, Verdict.KEPT.value),
        )
    ).fetchall()
    return [row[0] for row in rows]


async def sightings_of_addresses(
    tx: Transaction, organization_id: str, account_id: str, address_hashes: Sequence[int], verdicts: Sequence[Verdict]
) -> dict[int, list[int]]:
    """UIDs by folder, newest first, in which any of these addresses took part and that have one of the verdicts."""
    rows = await (
        await tx.execute(
            "select s.folder_id, s.uid from sightings s join folders f"
            " on f.organization_id = s.organization_id and f.id = s.folder_id"
            " where s.organization_id = %s and f.account_id = %s and s.address_hashes && %s::bigint[]"
            " and s.verdict = any(%s) order by s.folder_id, s.uid desc",
            (organization_id, account_id, list(address_hashes), [verdict.value for verdict in verdicts]),
        )
    ).fetchall()
    found: dict[int, list[int]] = {}
    for folder_id, uid in rows:
        found.setdefault(folder_id, []).append(uid)
    return found


async def still_failed(
    tx: Transaction, organization_id: str, folder_id: int, uids: Sequence[int], next_try_at: datetime
) -> None:
    """These were tried again and are still not to be had."""
    await tx.execute(
        "update failed_messages set attempts = attempts + 1, next_try_at = %s"
        " where organization_id = %s and folder_id = %s and uid = any(%s)",
        (next_try_at, organization_id, folder_id, list(uids)),
    )


async def placed_messages(tx: Transaction, organization_id: str, account_id: str) -> list[str]:
    """All messages of the account that have a placement."""
    rows = await (
        await tx.execute(
            "select message_key from placements where organization_id = %s and account_id = %s",
            (organization_id, account_id),
        )
    ).fetchall()
    return [row[0] for row in rows]

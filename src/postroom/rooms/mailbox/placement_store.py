"""Queries for placements: where each Inbox message stands for us and in the mailbox, and what was last agreed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from postroom.ground.database import Transaction
from postroom.ground.rowset import rowset


class PlacementRow(msgspec.Struct, frozen=True):
    """A row of `placements`: two bits, each seen three ways (see placement.py)."""

    message_key: str
    agreed_inbox: bool
    crm_inbox: bool
    mailbox_inbox: bool
    agreed_seen: bool
    crm_seen: bool
    mailbox_seen: bool
    needs_push: bool = False


@dataclass(frozen=True, slots=True)
class MailboxView:
    """What the mailbox shows of a message, from the copies we know: whether one lies in INBOX, whether it is read.

    None: nothing can be said, because INBOX is being seen anew (`in_inbox`), or no copy is left (`is_seen`).
    """

    in_inbox: bool | None
    is_seen: bool | None


_BITS = "agreed_inbox, crm_inbox, mailbox_inbox, agreed_seen, crm_seen, mailbox_seen, needs_push"


async def placements_of(
    tx: Transaction, organization_id: str, account_id: str, message_keys: Sequence[str]
) -> dict[str, PlacementRow]:
    """The placements of these messages in this account, locked until the transaction ends."""
    rows = await (
        await tx.execute(
            f"select message_key, {_BITS} from placements where organization_id = %s and account_id = %s"
            " and message_key = any(%s) order by message_key for update",
            (organization_id, account_id, list(message_keys)),
        )
    ).fetchall()
    return {row[0]: PlacementRow(*row) for row in rows}


async def lock_placements(tx: Transaction, organization_id: str, message_keys: Sequence[str]) -> None:
    """Lock the placements of these messages in all accounts, in one order."""
    await tx.execute(
        "select 1 from placements where organization_id = %s and message_key = any(%s)"
        " order by account_id, message_key for update",
        (organization_id, list(message_keys)),
    )


async def placements_now(
    tx: Transaction, organization_id: str, account_id: str, message_keys: Sequence[str]
) -> dict[str, PlacementRow]:
    """The same for looking at: nothing is locked."""
    rows = await (
        await tx.execute(
            f"select message_key, {_BITS} from placements where organization_id = %s and account_id = %s"
            " and message_key = any(%s)",
            (organization_id, account_id, list(message_keys)),
        )
    ).fetchall()
    return {row[0]: PlacementRow(*row) for row in rows}


async def mailbox_views(
    tx: Transaction, organization_id: str, account_id: str, message_keys: Sequence[str]
) -> dict[str, MailboxView]:
    """What the mailbox shows of each message. Copies flagged \\Deleted count as gone."""
    rows = await (
        await tx.execute(
            "select k.key, bool_or(f.role = 'inbox' and not c.is_deleted), bool_or(c.is_seen),"
            " exists (select 1 from folders i where i.organization_id = %(org)s and i.account_id = %(account)s"
            " and i.role = 'inbox' and i.is_rebuilding)"
            " from unnest(%(keys)s::text[]) as k(key) left join copies c on c.organization_id = %(org)s"
            " and c.account_id = %(account)s and c.message_key = k.key"
            " left join folders f on f.organization_id = c.organization_id and f.id = c.folder_id group by k.key",
            {"org": organization_id, "account": account_id, "keys": list(message_keys)},
        )
    ).fetchall()
    views = {}
    for key, in_inbox, is_seen, rebuilding in rows:
        # An INBOX that is being seen anew says nothing of what it has not shown yet.
        shown = None if rebuilding and not in_inbox else bool(in_inbox)
        views[key] = MailboxView(shown, is_seen)
    return views


async def save_placements(tx: Transaction, organization_id: str, account_id: str, rows: Sequence[PlacementRow]) -> None:
    """Write placements, new or changed. What still waits to be pushed may be tried at once, and its tries count on."""
    if not rows:
        return
    await tx.execute(
        f"insert into placements (organization_id, account_id, message_key, {_BITS})"
        f" select %s, %s, message_key, {_BITS} from json_to_recordset(%s) as p(message_key text,"
        " agreed_inbox boolean, crm_inbox boolean, mailbox_inbox boolean, agreed_seen boolean, crm_seen boolean,"
        " mailbox_seen boolean, needs_push boolean)"
        " on conflict (organization_id, account_id, message_key) do update set agreed_inbox = excluded.agreed_inbox,"
        " crm_inbox = excluded.crm_inbox, mailbox_inbox = excluded.mailbox_inbox, agreed_seen = excluded.agreed_seen,"
        " crm_seen = excluded.crm_seen, mailbox_seen = excluded.mailbox_seen, needs_push = excluded.needs_push,"
        " attempts = case when excluded.needs_push and placements.needs_push then placements.attempts else 0 end,"
        " next_try_at = null, error = ''",
        (organization_id, account_id, rowset(rows)),
    )


async def placements_to_push(
    tx: Transaction, organization_id: str, account_id: str, now: datetime, limit: int
) -> list[PlacementRow]:
    """Placements that the mailbox must follow, and whose next try is due."""
    rows = await (
        await tx.execute(
            f"select message_key, {_BITS} from placements where organization_id = %s and account_id = %s"
            " and needs_push and coalesce(next_try_at, %s) <= %s order by message_key limit %s",
            (organization_id, account_id, now, now, limit),
        )
    ).fetchall()
    return [PlacementRow(*row) for row in rows]


async def begin_push(
    tx: Transaction, organization_id: str, account_id: str, message_keys: Sequence[str]
) -> frozenset[str]:
    """A try begins; counted before it ends, so that one cut off counts too. Answers those that were tried before."""
    rows = await (
        await tx.execute(
            "update placements set attempts = attempts + 1"
            " where organization_id = %s and account_id = %s and message_key = any(%s)"
            " returning message_key, attempts",
            (organization_id, account_id, list(message_keys)),
        )
    ).fetchall()
    return frozenset(key for key, attempts in rows if attempts > 1)


async def push_failed(
    tx: Transaction,
    organization_id: str,
    account_id: str,
    message_keys: Sequence[str],
    error: str,
    next_try_at: datetime,
) -> None:
    """The mailbox did not take it; try again later."""
    await tx.execute(
        "update placements set attempts = greatest(attempts, 1), error = %s, next_try_at = %s"
        " where organization_id = %s and account_id = %s and message_key = any(%s)",
        (error, next_try_at, organization_id, account_id, list(message_keys)),
    )


async def copies_of(
    tx: Transaction, organization_id: str, account_id: str, message_keys: Sequence[str]
) -> dict[str, list[tuple[int, str, int]]]:
    """By message: (folder, folder's role, UID) of every copy in this account that is not flagged \\Deleted."""
    rows = await (
        await tx.execute(
            "select c.message_key, c.folder_id, f.role, c.uid from copies c"
            " join folders f on f.organization_id = c.organization_id and f.id = c.folder_id"
            " where c.organization_id = %s and c.account_id = %s and c.message_key = any(%s) and not c.is_deleted"
            " and not f.is_gone order by c.message_key, c.uid",
            (organization_id, account_id, list(message_keys)),
        )
    ).fetchall()
    found: dict[str, list[tuple[int, str, int]]] = {}
    for key, folder_id, role, uid in rows:
        found.setdefault(key, []).append((folder_id, role, uid))
    return found


async def move_copies(
    tx: Transaction, organization_id: str, folder_id: int, target_id: int, new_uids: dict[int, int]
) -> None:
    """We moved messages ourselves: their sightings and copies move along, so that the next pull finds nothing new."""
    pairs = rowset([{"o": old, "n": new} for old, new in new_uids.items()])
    names = {"org": organization_id, "from": folder_id, "to": target_id, "pairs": pairs}
    await tx.execute(
        "insert into sightings (organization_id, folder_id, uid, verdict, identity, message_id_hash, subject_hash,"
        " address_hashes, date, size) select s.organization_id, %(to)s, p.n, s.verdict, s.identity,"
        " s.message_id_hash, s.subject_hash, s.address_hashes, s.date, s.size from sightings s"
        " join json_to_recordset(%(pairs)s) as p(o bigint, n bigint) on p.o = s.uid"
        " where s.organization_id = %(org)s and s.folder_id = %(from)s on conflict do nothing",
        names,
    )
    await tx.execute(
        "insert into copies (organization_id, folder_id, uid, account_id, message_key, is_seen, is_deleted)"
        " select c.organization_id, %(to)s, p.n, c.account_id, c.message_key, c.is_seen, false from copies c"
        " join json_to_recordset(%(pairs)s) as p(o bigint, n bigint) on p.o = c.uid"
        " where c.organization_id = %(org)s and c.folder_id = %(from)s on conflict do nothing",
        names,
    )
    await tx.execute(
        "delete from sightings s using json_to_recordset(%(pairs)s) as p(o bigint, n bigint)"
        " where s.organization_id = %(org)s and s.folder_id = %(from)s and s.uid = p.o",
        names,
    )


async def accounts_to_settle(tx: Transaction, now: datetime) -> list[tuple[str, str]]:
    """(organization, account) of every account whose mailbox must follow; for the sweep, which serves all of them."""
    rows = await (
        await tx.execute(
            "select distinct organization_id, account_id from placements where needs_push"
            " and coalesce(next_try_at, %s) <= %s",
            (now, now),
        )
    ).fetchall()
    return [(row[0], row[1]) for row in rows]

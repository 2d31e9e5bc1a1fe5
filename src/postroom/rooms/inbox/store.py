"""Queries for Inbox items."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from postroom.ground.database import Transaction
from postroom.ground.ids import new_id
from postroom.ground.rowset import rowset
from postroom.rooms.inbox.item import InboxItem

_COLUMNS = "id, account_id, user_id, lead_id, contact_id, thread_id, is_done, due_at, latest_at"


class Arrived(msgspec.Struct, frozen=True):
    """New mail in a thread of an account's Inbox."""

    thread_id: str
    lead_id: str
    contact_id: str | None
    latest_at: datetime


async def open_items(
    tx: Transaction,
    organization_id: str,
    account_id: str,
    user_id: str | None,
    arrived: Sequence[Arrived],
    now: datetime,
) -> list[tuple[str, str, bool]]:
    """Open an item for each thread, again where it was done or snoozed. Answers (item, lead, is new)."""
    rows = [
        {"id": new_id("noti"), "t": a.thread_id, "l": a.lead_id, "c": a.contact_id, "at": a.latest_at} for a in arrived
    ]
    opened = await (
        await tx.execute(
            "insert into inbox_items as i (organization_id, id, account_id, user_id, lead_id, contact_id, thread_id,"
            " due_at, latest_at, date_created, date_updated)"
            " select %(org)s, id, %(account)s, %(user)s, l, c, t, at, at, %(now)s, %(now)s"
            " from json_to_recordset(%(rows)s) as x(id text, t text, l text, c text, at timestamptz)"
            " on conflict (organization_id, account_id, thread_id) do update set is_done = false,"
            " due_at = greatest(excluded.latest_at, i.latest_at),"
            " latest_at = greatest(excluded.latest_at, i.latest_at), date_updated = excluded.date_updated,"
            " snoozed_until = case when not i.is_done and i.snoozed_until > %(now)s then i.snoozed_until end"
            " returning id, lead_id, i.date_created = %(now)s",
            {
                "org": organization_id,
                "account": account_id,
                "user": user_id,
                "now": now,
                "rows": rowset(rows),
            },
        )
    ).fetchall()
    return [(row[0], row[1], row[2]) for row in opened]


async def threads_of_items(tx: Transaction, organization_id: str, item_ids: Sequence[str]) -> dict[str, list[str]]:
    """By account: the threads of these items. Nothing is locked."""
    rows = await (
        await tx.execute(
            "select account_id, array_agg(thread_id) from inbox_items where organization_id = %s and id = any(%s)"
            " group by account_id order by account_id",
            (organization_id, list(item_ids)),
        )
    ).fetchall()
    return dict(rows)


async def items_by_id(tx: Transaction, organization_id: str, item_ids: Sequence[str]) -> list[InboxItem]:
    """These items, locked until the transaction ends."""
    async with tx.cursor(row_factory=class_row(InboxItem)) as cursor:
        await cursor.execute(
            f"select {_COLUMNS} from inbox_items where organization_id = %s and id = any(%s) order by id for update",
            (organization_id, sorted(item_ids)),
        )
        return await cursor.fetchall()


async def items_of_threads(
    tx: Transaction, organization_id: str, account_id: str, thread_ids: Sequence[str]
) -> list[InboxItem]:
    """The account's items for these threads, locked until the transaction ends."""
    async with tx.cursor(row_factory=class_row(InboxItem)) as cursor:
        await cursor.execute(
            f"select {_COLUMNS} from inbox_items where organization_id = %s and account_id = %s"
            " and thread_id = any(%s) order by id for update",
            (organization_id, account_id, sorted(thread_ids)),
        )
        return await cursor.fetchall()


async def lock_items(tx: Transaction, organization_id: str, thread_ids: Sequence[str]) -> None:
    """Lock the items of these threads in all accounts, in one order."""
    await tx.execute(
        "select 1 from inbox_items where organization_id = %s and thread_id = any(%s) order by id for update",
        (organization_id, list(thread_ids)),
    )


async def set_done(
    tx: Transaction, organization_id: str, item_ids: Sequence[str], is_done: bool, now: datetime
) -> None:
    """Mark items done, or open again."""
    await tx.execute(
        "update inbox_items set is_done = %s, snoozed_until = case when %s then null else snoozed_until end,"
        " date_updated = %s where organization_id = %s and id = any(%s)",
        (is_done, is_done, now, organization_id, sorted(item_ids)),
    )


async def set_due(
    tx: Transaction, organization_id: str, item_ids: Sequence[str], due_at: datetime, now: datetime
) -> None:
    """Snooze items until a time, or bring them back with a time that has passed."""
    await tx.execute(
        "update inbox_items set due_at = %s, is_done = false, snoozed_until = %s, date_updated = %s"
        " where organization_id = %s and id = any(%s)",
        (due_at, due_at if due_at > now else None, now, organization_id, sorted(item_ids)),
    )


async def follow_merged_threads(tx: Transaction, organization_id: str, merged: Mapping[str, str]) -> None:
    """Threads became one: so do their items; the one that stays is open if either was."""
    for gone, kept in merged.items():
        names = {"org": organization_id, "gone": gone, "kept": kept}
        await tx.execute(
            "update inbox_items k set is_done = k.is_done and g.is_done,"
            " latest_at = greatest(k.latest_at, g.latest_at),"
            " due_at = least(k.due_at, g.due_at) from inbox_items g where k.organization_id = %(org)s"
            " and g.organization_id = %(org)s and g.account_id = k.account_id and g.thread_id = %(gone)s"
            " and k.thread_id = %(kept)s",
            names,
        )
        await tx.execute(
            "delete from inbox_items g using inbox_items k where g.organization_id = %(org)s"
            " and k.organization_id = %(org)s and g.account_id = k.account_id and g.thread_id = %(gone)s"
            " and k.thread_id = %(kept)s",
            names,
        )
        await tx.execute(
            "update inbox_items set thread_id = %(kept)s where organization_id = %(org)s and thread_id = %(gone)s",
            names,
        )


async def move_thread_items(
    tx: Transaction, organization_id: str, thread_id: str, place: tuple[str, str | None]
) -> list[str]:
    """The items of a conversation stand for another lead and contact (`place`) from now on; their ids."""
    rows = await tx.execute(
        "update inbox_items set lead_id = %s, contact_id = %s where organization_id = %s and thread_id = %s"
        " returning id",
        (*place, organization_id, thread_id),
    )
    return [row[0] for row in await rows.fetchall()]


async def move_items(tx: Transaction, organization_id: str, leads: tuple[str, str]) -> None:
    """All items of one lead (`leads` is from, to) are of another from now on."""
    await tx.execute(
        "update inbox_items set lead_id = %s where organization_id = %s and lead_id = %s",
        (leads[1], organization_id, leads[0]),
    )

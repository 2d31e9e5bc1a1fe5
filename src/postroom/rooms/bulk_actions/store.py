"""Every query of bulk edits and deletes."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from postroom.ground.database import Transaction
from postroom.ground.errors import NotFound
from postroom.ground.events import Event, append
from postroom.ground.ids import new_id
from postroom.ground.stamp import Stamp
from postroom.rooms.bulk_actions.bulk_action import MOST_TRIES, BulkAction, Kind, Wanted

_COLUMNS = (
    "id, user_id, kind, wanted, status, n_objects, n_objects_processed, after_id, error, attempts, date_created,"
    " date_updated"
)
_PREFIXES = {Kind.EDIT: "bulkedit", Kind.DELETE: "bulkdelete"}


async def insert(tx: Transaction, organization_id: str, wish: tuple[Kind, Wanted], stamp: Stamp) -> str:
    """Keep a new one; its id."""
    kind, wanted = wish
    action_id = new_id(_PREFIXES[kind])
    await tx.execute(
        "insert into bulk_actions (organization_id, id, user_id, kind, wanted, date_created, date_updated)"
        " values (%s, %s, %s, %s, %s, %s, %s)",
        (organization_id, action_id, stamp.user_id, kind.value, Jsonb(asdict(wanted)), stamp.now, stamp.now),
    )
    await _tell(tx, organization_id, (kind, action_id, "created"), stamp)
    return action_id


async def actions(tx: Transaction, organization_id: str, kind: Kind) -> tuple[BulkAction, ...]:
    """Those of a kind, the newest first, a thousand at most."""
    rows = await (
        await tx.execute(
            f"select {_COLUMNS} from bulk_actions where organization_id = %s and kind = %s"
            " order by date_created desc, id limit 1000",
            (organization_id, kind.value),
        )
    ).fetchall()
    return tuple(_action(row) for row in rows)


async def action(tx: Transaction, organization_id: str, action_id: str) -> BulkAction:
    """One. Raises NotFound."""
    row = await (
        await tx.execute(
            f"select {_COLUMNS} from bulk_actions where organization_id = %s and id = %s",
            (organization_id, action_id),
        )
    ).fetchone()
    if row is None:
        raise NotFound("There is no such bulk action.")
    return _action(row)


async def begin(tx: Transaction, organization_id: str, action_id: str, now: datetime) -> BulkAction | None:
    """Count a try; None where nothing is to be done any more. What was done before a crash stays done."""
    begun = await tx.execute(
        "update bulk_actions set attempts = attempts + 1, date_updated = %(now)s,"
        " status = case when attempts >= %(most)s then 'error' else 'processing' end,"
        " error = case when attempts < %(most)s then '' when error <> '' then error"
        " else 'It broke off again and again.' end"
        " where organization_id = %(org)s and id = %(id)s and status in ('created', 'processing')",
        {"now": now, "most": MOST_TRIES, "org": organization_id, "id": action_id},
    )
    found = await action(tx, organization_id, action_id)
    return found if begun.rowcount and found.status == "processing" else None


async def put_off(tx: Transaction, organization_id: str, why: tuple[str, str], since: datetime) -> None:
    """(id, reason): it waits for this reason. The try does not count, unless the thing is older than `since`."""
    thing_id, reason = why
    await tx.execute(
        "update bulk_actions set error = %s, attempts = case when date_created > %s then greatest(0, attempts - 1)"
        " else attempts end"
        " where organization_id = %s and id = %s and status in ('created', 'processing')",
        (reason, since, organization_id, thing_id),
    )


async def counted(tx: Transaction, organization_id: str, action_id: str, left: int) -> None:
    """So many are still to be done."""
    await tx.execute(
        "update bulk_actions set n_objects = n_objects_processed + %s where organization_id = %s and id = %s",
        (left, organization_id, action_id),
    )


async def advance(tx: Transaction, organization_id: str, done: tuple[str, str, int]) -> None:
    """(action, id, number): so many more are done, up to this id; and with that the tries count anew."""
    action_id, after_id, number = done
    await tx.execute(
        "update bulk_actions set after_id = %s, n_objects_processed = n_objects_processed + %s, attempts = 1"
        " where organization_id = %s and id = %s",
        (after_id, number, organization_id, action_id),
    )


async def finish(tx: Transaction, organization_id: str, ended: tuple[BulkAction, str], now: datetime) -> None:
    """It is done; or it is not, for the reason given."""
    done, error = ended
    await tx.execute(
        "update bulk_actions set status = %s, error = %s, date_updated = %s, done_email = %s"
        " where organization_id = %s and id = %s",
        (
            "error" if error else "done", error, now, "due" if error or done.wanted.send_done_email else "none",
            organization_id, done.id,
        ),
    )  # fmt: skip
    what = "updated" if error else "completed"
    await _tell(tx, organization_id, (done.kind, done.id, what), Stamp(done.user_id, now))


async def take_done_email(tx: Transaction, organization_id: str, action_id: str) -> BulkAction | None:
    """The action, if somebody is to be told that it is done; from here on it counts as told."""
    taken = await tx.execute(
        "update bulk_actions set done_email = 'sent' where organization_id = %s and id = %s and done_email = 'due'",
        (organization_id, action_id),
    )
    return await action(tx, organization_id, action_id) if taken.rowcount else None


async def actions_waiting(tx: Transaction) -> list[tuple[str, str]]:
    """(organization, action) of those that are not done, or that nobody was told of; for the sweep."""
    rows = await (
        await tx.execute(
            "select organization_id, id from bulk_actions where status in ('created', 'processing')"
            " union all select organization_id, id from bulk_actions where done_email = 'due'"
        )
    ).fetchall()
    return [(row[0], row[1]) for row in rows]


async def _tell(tx: Transaction, organization_id: str, happened: tuple[Kind, str, str], stamp: Stamp) -> None:
    kind, action_id, what = happened
    await append(tx, organization_id, [Event(f"bulk_action.{kind}", action_id, what, user_id=stamp.user_id)], stamp.now)


def _action(row: tuple[Any, ...]) -> BulkAction:
    action_id, user_id, kind, wanted, *rest = row
    return BulkAction(action_id, user_id, Kind(kind), Wanted(**{**wanted, "sort": tuple(wanted["sort"])}), *rest)

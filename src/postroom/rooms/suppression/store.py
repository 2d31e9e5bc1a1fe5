"""Every query of suppressed addresses, their log and the unsubscribe settings.

`suppressed` is what senders ask, for any number of addresses at once, in the transaction that claims what they send.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from postroom.ground.database import Transaction
from postroom.ground.events import Event, append
from postroom.ground.ids import new_id
from postroom.ground.rowset import rowset
from postroom.rooms.suppression.suppression import (
    DEFAULT_MODE,
    LONGEST_REASON,
    Kind,
    LogEntry,
    NewSuppression,
    Source,
    Suppression,
    UnsubscribeMode,
)

_COLUMNS = "address_key, address, kind, reason, source, email_id, created_by, date_created"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of the list: `text` within the address, reasons of `kinds` (all if empty), a page of it."""

    text: str = ""
    kinds: tuple[Kind, ...] = ()
    limit: int = 100
    skip: int = 0


async def suppressed(
    tx: Transaction, organization_id: str, keys: Collection[str]
) -> dict[str, tuple[Suppression, ...]]:
    """By comparison form (`wire.mime.address_key`) the reasons of those addresses that have any; others are absent."""
    if not keys:
        return {}
    rows = await (
        await tx.execute(
            f"select {_COLUMNS} from suppressions where organization_id = %s and address_key = any(%s)"
            " order by address_key, date_created, kind",
            (organization_id, list(keys)),
        )
    ).fetchall()
    found: dict[str, tuple[Suppression, ...]] = {}
    for row in rows:
        one = _suppression(row)
        found[one.address_key] = (*found.get(one.address_key, ()), one)
    return found


async def suppress(
    tx: Transaction, organization_id: str, reasons: Sequence[NewSuppression], now: datetime
) -> list[NewSuppression]:
    """Add reasons; those that were not known. Known ones stay as they were first given."""
    given = list({(one.address_key, one.kind): one for one in reasons}.values())
    rows = [
        {
            "address_key": one.address_key, "kind": one.kind, "address": one.address, "source": one.source,
            "reason": one.reason[:LONGEST_REASON], "email_id": one.email_id, "user_id": one.user_id,
        }
        for one in given
    ]  # fmt: skip
    if not rows:
        return []
    # In one order, so that two transactions with the same addresses wait for each other instead of locking up.
    added = await (
        await tx.execute(
            "insert into suppressions (organization_id, address_key, kind, address, reason, source, email_id,"
            " created_by, date_created) select %s, address_key, kind, address, reason, source, email_id, user_id, %s"
            " from json_to_recordset(%s) as s(address_key text, kind text, address text, reason text, source text,"
            " email_id text, user_id text) order by address_key, kind"
            " on conflict (organization_id, address_key, kind) do nothing returning address_key, kind",
            (organization_id, now, rowset(rows)),
        )
    ).fetchall()
    new_ones = {(key, Kind(kind)) for key, kind in added}
    news = [one for one in given if (one.address_key, one.kind) in new_ones]
    await _log(tx, organization_id, "added", news, now)
    return news


async def lift(
    tx: Transaction, organization_id: str, reasons: Sequence[NewSuppression], now: datetime
) -> list[NewSuppression]:
    """Take reasons off; those that stood. Of each its address, kind, and by whom and how it is taken off count."""
    lifted = []
    for one in sorted(reasons, key=lambda reason: (reason.address_key, reason.kind)):
        gone = await tx.execute(
            "delete from suppressions where organization_id = %s and address_key = %s and kind = %s",
            (organization_id, one.address_key, one.kind),
        )
        if gone.rowcount:
            lifted.append(one)
    await _log(tx, organization_id, "removed", lifted, now)
    return lifted


async def listed(tx: Transaction, organization_id: str, wanted: Wanted) -> list[Suppression]:
    """A page of the list, newest first."""
    rows = await (
        await tx.execute(
            f"select {_COLUMNS} from suppressions where organization_id = %s and kind = any(%s)"
            " and position(%s in address_key) > 0 order by date_created desc, address_key, kind limit %s offset %s",
            (organization_id, list(wanted.kinds or Kind), wanted.text.lower(), wanted.limit, wanted.skip),
        )
    ).fetchall()
    return [_suppression(row) for row in rows]


async def counts(tx: Transaction, organization_id: str) -> dict[Kind, int]:
    """How many addresses are suppressed for each reason."""
    rows = await (
        await tx.execute(
            "select kind, count(*) from suppressions where organization_id = %s group by kind", (organization_id,)
        )
    ).fetchall()
    return {Kind(kind): number for kind, number in rows}


async def log_of(tx: Transaction, organization_id: str, address_key: str) -> list[LogEntry]:
    """What was added and removed for an address, newest first."""
    rows = await (
        await tx.execute(
            "select id, address, kind, action, reason, source, email_id, user_id, date_created from suppression_log"
            " where organization_id = %s and address_key = %s order by date_created desc, id desc limit 200",
            (organization_id, address_key),
        )
    ).fetchall()
    return [
        LogEntry(row[0], row[1], Kind(row[2]), row[3], row[4], Source(row[5]), row[6], row[7], row[8]) for row in rows
    ]


async def unsubscribe_mode(tx: Transaction, organization_id: str) -> UnsubscribeMode:
    """Whether bulk email of this organization carries a way to unsubscribe."""
    row = await (
        await tx.execute("select mode from unsubscribe_settings where organization_id = %s", (organization_id,))
    ).fetchone()
    return UnsubscribeMode(row[0]) if row else DEFAULT_MODE


async def save_unsubscribe_mode(
    tx: Transaction, organization_id: str, mode: UnsubscribeMode, stamp: tuple[str, datetime]
) -> None:
    """Change it. `stamp` is by whom and when."""
    user_id, now = stamp
    await tx.execute(
        "insert into unsubscribe_settings (organization_id, mode, updated_by, date_updated) values (%s, %s, %s, %s)"
        " on conflict (organization_id) do update set mode = excluded.mode, updated_by = excluded.updated_by,"
        " date_updated = excluded.date_updated",
        (organization_id, mode, user_id, now),
    )
    changed = Event("organization", organization_id, "updated", None, user_id, ("unsubscribe_mode",))
    await append(tx, organization_id, [changed], now)


async def _log(
    tx: Transaction, organization_id: str, action: str, reasons: Sequence[NewSuppression], now: datetime
) -> None:
    if not reasons:
        return
    rows = [
        {
            "id": new_id("supplog"), "address_key": one.address_key, "address": one.address, "kind": one.kind,
            "reason": one.reason[:LONGEST_REASON], "source": one.source, "email_id": one.email_id,
            "user_id": one.user_id,
        }
        for one in reasons
    ]  # fmt: skip
    await tx.execute(
        "insert into suppression_log (organization_id, id, address_key, address, kind, action, reason, source,"
        " email_id, user_id, date_created)"
        " select %s, id, address_key, address, kind, %s, reason, source, email_id, user_id, %s"
        " from json_to_recordset(%s) as l(id text, address_key text, address text, kind text, reason text, source text,"
        " email_id text, user_id text)",
        (organization_id, action, now, rowset(rows)),
    )
    word = "created" if action == "added" else "deleted"
    told = [
        Event(_object_type(one.kind), one.address_key, word, None, one.user_id, data={"kind": str(one.kind)})
        for one in reasons
    ]
    await append(tx, organization_id, told, now)


def _object_type(kind: Kind) -> str:
    """Close's word where Close has the thing (close-api B6)."""
    return "unsubscribed_email" if kind is Kind.UNSUBSCRIBED else "suppressed_email"


def _suppression(row: tuple[object, ...]) -> Suppression:
    key, address, kind, reason, source, email_id, created_by, date_created = row
    assert isinstance(date_created, datetime)
    return Suppression(
        str(key), str(address), Kind(str(kind)), str(reason), Source(str(source)),
        str(email_id) if email_id else None, str(created_by) if created_by else None, date_created,
    )  # fmt: skip

"""The event log: what happened to which thing, appended in the transaction that did it.

The live page, the API's event log and webhooks read from here. A reader's place is a pair (xid, seq): rows are handed
out only below the oldest transaction still open, so that a slow transaction's event is never skipped.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from postroom.ground.database import Transaction
from postroom.ground.rowset import rowset

TABLES = ("events",)
CHANNEL = "postroom_events"
"""NOTIFY channel; the payload is the organization's id. A hint only: the log is the truth."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `object_type` and `action` are Close's words (`activity.email`, `created`)."""

    object_type: str
    object_id: str
    action: str
    lead_id: str | None = None
    user_id: str | None = None
    changed_fields: tuple[str, ...] = ()
    data: Mapping[str, Any] | None = None
    previous_data: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """An event as read back, with its place in the log."""

    xid: int
    seq: int
    event: Event
    date_created: datetime = field(compare=False)


async def append(tx: Transaction, organization_id: str, events: Sequence[Event], now: datetime) -> None:
    """Append the events; listeners wake when the transaction commits."""
    if not events:
        return
    await tx.execute(
        "insert into events (organization_id, object_type, object_id, action, lead_id, user_id, changed_fields, data,"
        " previous_data, date_created) select %s, object_type, object_id, action, lead_id, user_id, changed_fields,"
        " data, previous_data, %s from json_to_recordset(%s) as e(object_type text, object_id text, action text,"
        " lead_id text, user_id text, changed_fields text[], data jsonb, previous_data jsonb)",
        (organization_id, now, rowset(events)),
    )
    await tx.execute("select pg_notify(%s, %s)", (CHANNEL, organization_id))


async def newest_place(tx: Transaction, organization_id: str) -> tuple[int, int]:
    """The place after everything that can be read now."""
    row = await (
        await tx.execute(
            "select xid::text::bigint, seq from events where organization_id = %s"
            " and xid < pg_snapshot_xmin(pg_current_snapshot()) order by xid desc, seq desc limit 1",
            (organization_id,),
        )
    ).fetchone()
    return (row[0], row[1]) if row else (0, 0)


async def read_after(
    tx: Transaction, organization_id: str, place: tuple[int, int], *, limit: int = 500
) -> list[LoggedEvent]:
    """The next events after a place, oldest first, at most `limit`."""
    rows = await (
        await tx.execute(
            "select xid::text::bigint, seq, object_type, object_id, action, lead_id, user_id, changed_fields,"
            " data, previous_data, date_created from events where organization_id = %s"
            " and (xid, seq) > (%s::text::xid8, %s) and xid < pg_snapshot_xmin(pg_current_snapshot())"
            " order by xid, seq limit %s",
            (organization_id, str(place[0]), place[1], limit),
        )
    ).fetchall()
    return [
        LoggedEvent(xid, seq, Event(kind, object_id, action, lead, user, tuple(fields), data, previous), when)
        for xid, seq, kind, object_id, action, lead, user, fields, data, previous, when in rows
    ]

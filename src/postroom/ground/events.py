"""The event log: what happened to which thing, appended in the transaction that did it.

The live page, the API's event log and webhooks read from here. A reader's place is a pair (xid, seq): rows are handed
out only below the oldest transaction still open, so that a slow transaction's event is never skipped.

What one user changes on one thing in quick succession is one event, as in Close: the earlier event takes up the later
and moves to its place. One that webhooks have been told of is final; the next change is an event of its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from psycopg.types.json import Jsonb

from postroom.ground.database import Transaction
from postroom.ground.ids import new_id
from postroom.ground.rowset import rowset

TABLES = ("events", "event_marks")
KEPT = timedelta(days=30)
"""Close keeps events as long."""
MERGED_WITHIN = timedelta(seconds=10)
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


@dataclass(frozen=True, slots=True)
class Origin:
    """The request that does what is appended while it is served."""

    request_id: str
    api_key_id: str | None
    method: str
    path: str


@dataclass(frozen=True, slots=True)
class States:
    """A thing before and after a change, as the API prints it. None: there was or is none."""

    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None


_origin: ContextVar[Origin | None] = ContextVar("origin", default=None)
_reason: ContextVar[Mapping[str, str]] = ContextVar("reason", default=MappingProxyType({}))


@contextmanager
def caused_by(origin: Origin) -> Iterator[None]:
    """Events appended inside of the block name this request."""
    token = _origin.set(origin)
    try:
        yield
    finally:
        _origin.reset(token)


@contextmanager
def because_of(**reason: str) -> Iterator[None]:
    """Events appended inside of the block say in `meta` what larger thing they are part of: a merge, a bulk action."""
    token = _reason.set(reason)
    try:
        yield
    finally:
        _reason.reset(token)


def request_now() -> str | None:
    """The id of the request that is being served; None in jobs."""
    origin = _origin.get()
    return origin.request_id if origin else None


async def append(tx: Transaction, organization_id: str, events: Sequence[Event], now: datetime) -> None:
    """Append the events; listeners wake when the transaction commits."""
    if not events:
        return
    origin = _origin.get()
    if origin:  # what mail and jobs do is never merged: they are many, and nobody does it twice in a row
        events = [one for one in events if not await _merged(tx, organization_id, one, now)]
    asked = {"request_method": origin.method, "request_path": origin.path} if origin else {}
    meta = Jsonb({**asked, **_reason.get()})
    await tx.execute(
        "insert into events (organization_id, id, object_type, object_id, action, lead_id, user_id, changed_fields,"
        " data, previous_data, request_id, api_key_id, meta, date_created, date_updated)"
        " select %(org)s, id, object_type, object_id, action, lead_id, user_id, changed_fields, data, previous_data,"
        " %(request)s, %(key)s, %(meta)s, %(now)s, %(now)s from rows from (json_to_recordset(%(events)s) as"
        " (object_type text, object_id text, action text, lead_id text, user_id text, changed_fields text[],"
        " data jsonb, previous_data jsonb), unnest(%(ids)s::text[])) as e(object_type, object_id, action, lead_id,"
        " user_id, changed_fields, data, previous_data, id)",
        {
            "org": organization_id, "request": origin and origin.request_id, "key": origin and origin.api_key_id,
            "meta": meta, "now": now, "events": rowset(events), "ids": [new_id("ev") for _ in events],
        },
    )  # fmt: skip
    await tx.execute("select pg_notify(%s, %s)", (CHANNEL, organization_id))


async def describe(tx: Transaction, organization_id: str, object_id: str, states: States) -> None:
    """Give the events that this transaction has appended for a thing what it was and is, and what has changed of it."""
    before, after = states.before or {}, states.after or {}
    changed = [name for name in after if name in before and before[name] != after[name]] if before and after else []
    old = {name: before[name] for name in changed} if after else dict(before)
    await tx.execute(
        "update events set data = %(after)s, previous_data = %(old)s || case when action in ('updated', 'completed')"
        " then coalesce(previous_data, '{}') else '{}' end,"
        " changed_fields = case when action in ('updated', 'completed')"
        " then array(select distinct unnest(changed_fields || %(changed)s::text[])) else changed_fields end"
        " where organization_id = %(org)s and object_id = %(id)s and xid = pg_current_xact_id()"
        " and action in ('created', 'updated', 'completed', 'deleted')",
        {
            "org": organization_id, "id": object_id, "after": Jsonb(dict(after)), "old": Jsonb(old),
            "changed": changed,
        },
    )  # fmt: skip


async def mark_final(tx: Transaction, organization_id: str, place: tuple[int, int]) -> None:
    """Webhooks have read so far: no event up to there is merged with a later one."""
    await tx.execute(
        "insert into event_marks (organization_id, xid, seq) values (%s, %s::text::xid8, %s)"
        " on conflict (organization_id) do update set xid = excluded.xid, seq = excluded.seq"
        " where (event_marks.xid, event_marks.seq) < (excluded.xid, excluded.seq)",
        (organization_id, str(place[0]), place[1]),
    )


async def forget_old(tx: Transaction, organization_id: str, now: datetime) -> int:
    """Remove the oldest events that are past their time, some thousands at once; how many."""
    removed = await tx.execute(
        "delete from events where organization_id = %(org)s and date_updated < %(until)s and seq in"
        " (select seq from events where organization_id = %(org)s order by seq limit 5000)",
        {"org": organization_id, "until": now - KEPT},
    )
    return removed.rowcount


async def _merged(tx: Transaction, organization_id: str, event: Event, now: datetime) -> bool:
    """Whether the event was taken up by the one before it: an update of the same thing by the same user, just now."""
    if event.action != "updated":
        return False
    taken = await tx.execute(
        "update events set seq = default, xid = default, date_updated = %(now)s,"
        " changed_fields = array(select distinct unnest(changed_fields || %(changed)s::text[])),"
        " data = coalesce(%(data)s, data),"
        " previous_data = coalesce(%(previous)s::jsonb, '{}') || coalesce(previous_data, '{}')"
        " where organization_id = %(org)s and id = (select e.id from events e where e.organization_id = %(org)s"
        " and e.object_id = %(object)s and e.object_type = %(type)s order by e.seq desc limit 1)"
        " and action = 'updated' and user_id = %(user)s and date_updated > %(since)s"
        " and not exists (select 1 from event_marks m where m.organization_id = events.organization_id"
        " and (m.xid, m.seq) >= (events.xid, events.seq))",
        {
            "org": organization_id, "object": event.object_id, "type": event.object_type, "user": event.user_id,
            "changed": list(event.changed_fields), "now": now, "since": now - MERGED_WITHIN,
            "data": None if event.data is None else Jsonb(dict(event.data)),
            "previous": None if event.previous_data is None else Jsonb(dict(event.previous_data)),
        },
    )  # fmt: skip
    return taken.rowcount > 0


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

"""The event log as Close prints it: pages by cursor, one event, and what webhooks have still to be told."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec

from postroom.ground.database import Transaction
from postroom.ground.errors import NotFound
from postroom.ground.viewer import lead_bounds
from postroom.views.event_states import Here, states
from postroom.views.kept_things import NOT_KEPT, is_about_mail, kept_for
from postroom.views.selection import Span, Where, as_naive_date, rows_of
from postroom.views.time_limit import limit_time

MOST_MILLISECONDS = 5_000
OPEN_FOR = timedelta(hours=1)
"""So long everybody sees what an event holds; later admins alone (Close)."""


class EventCard(msgspec.Struct, frozen=True):
    """An event, in the shape of `/event/`. Dates are without a zone: such is Close's newer form."""

    id: str
    object_type: str
    object_id: str
    lead_id: str | None
    action: str
    changed_fields: list[str]
    data: dict[str, Any]
    previous_data: dict[str, Any]
    meta: dict[str, Any]
    request_id: str | None
    user_id: str | None
    api_key_id: str | None
    oauth_client_id: str | None
    oauth_scope: str | None
    organization_id: str
    date_created: str
    date_updated: str


class EventPage(msgspec.Struct, frozen=True):
    """Some events, the latest first. `cursor_next` leads to older ones, `cursor_previous` to newer ones."""

    data: list[EventCard]
    cursor_next: str | None
    cursor_previous: str | None


class _Row(msgspec.Struct, frozen=True):
    xid: int
    seq: int
    updated: datetime
    id: str
    object_type: str
    object_id: str
    lead_id: str | None
    action: str
    changed_fields: list[str]
    data: msgspec.Raw | None
    previous_data: msgspec.Raw | None
    meta: msgspec.Raw
    request_id: str | None
    user_id: str | None
    api_key_id: str | None
    date_created: str
    date_updated: str


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks: admins see everything, others what is no administration, restricted users what they did."""

    user_id: str
    is_admin: bool
    is_restricted: bool
    here: Here


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events are wanted; None narrows nothing. `before` and `after` are places of the cursor."""

    object_types: tuple[str, ...] | None = None
    object_ids: tuple[str, ...] | None = None
    actions: tuple[str, ...] | None = None
    lead_ids: tuple[str, ...] | None = None
    user_ids: tuple[str, ...] | None = None
    request_ids: tuple[str, ...] | None = None
    date_updated: Span = field(default_factory=Span)
    before: int | None = None
    after: int | None = None


async def event_page(
    tx: Transaction, organization_id: str, wanted: tuple[EventFilter, int], viewer: Viewer
) -> tuple[list[EventCard], tuple[int, int] | None, bool]:
    """Events, the latest first: the cards, the places of the first and the last, and whether there are more that way.

    With `after` the page lies just above that place; else it is the latest, below `before` where that is given.
    """
    narrowed, limit = wanted
    where = _conditions(organization_id, narrowed, viewer)
    order = "e.seq" if narrowed.after is not None else "e.seq desc"
    await limit_time(tx, MOST_MILLISECONDS)
    cursor = rows_of(tx, _Row)
    await cursor.execute(
        f"select {_COLUMNS} from events e where {where} order by {order} limit %(limit)s",
        {**where.values, "limit": limit + 1},
    )
    rows = await cursor.fetchall()
    has_more, rows = len(rows) > limit, rows[:limit]
    if narrowed.after is not None:
        rows.reverse()
    places = (rows[0].seq, rows[-1].seq) if rows else None
    return await _cards(tx, organization_id, rows, viewer), places, has_more


async def event_card(tx: Transaction, organization_id: str, event_id: str, viewer: Viewer) -> EventCard:
    """One event. Raises NotFound, also for one that the viewer may not see."""
    where = _conditions(organization_id, EventFilter(), viewer)
    where.equal("e.id", event_id)
    cursor = rows_of(tx, _Row)
    await cursor.execute(f"select {_COLUMNS} from events e where {where}", where.values)
    row = await cursor.fetchone()
    if row is None:
        raise NotFound("There is no such event.")
    return (await _cards(tx, organization_id, [row], viewer))[0]


async def events_after(
    tx: Transaction, organization_id: str, place: tuple[int, int], here: Here, *, limit: int
) -> list[tuple[tuple[int, int], EventCard | None]]:
    """The next events after a place with their own places, oldest first; none that an open transaction may precede.

    Of what is kept from coworkers the card is None: another program has no mailbox, and the place counts all the same.
    """
    cursor = rows_of(tx, _Row)
    await cursor.execute(
        f"select {_COLUMNS} from events e where e.organization_id = %s and (e.xid, e.seq) > (%s::text::xid8, %s)"
        " and e.xid < pg_snapshot_xmin(pg_current_snapshot()) order by e.xid, e.seq limit %s for update",
        (organization_id, str(place[0]), place[1], limit),
    )
    rows = await cursor.fetchall()
    cards = await _cards(tx, organization_id, rows, Viewer("", True, False, here))
    kept = await kept_for(tx, organization_id, [row.object_id for row in rows if is_about_mail(row.object_type)])
    return [
        ((row.xid, row.seq), None if row.object_id in kept else card) for row, card in zip(rows, cards, strict=True)
    ]


async def _cards(tx: Transaction, organization_id: str, rows: list[_Row], viewer: Viewer) -> list[EventCard]:
    bare = [(row.object_type, row.object_id) for row in rows if row.data is None and row.action != "deleted"]
    now = await states(tx, organization_id, bare, viewer.here) if bare else {}
    cards = []
    for row in rows:
        is_open = viewer.is_admin or row.updated > viewer.here.now - OPEN_FOR
        data = _mapping(row.data) if row.data is not None or row.action == "deleted" else now.get(row.object_id, {})
        cards.append(
            EventCard(
                row.id, row.object_type, row.object_id, row.lead_id, row.action, sorted(row.changed_fields),
                dict(data) if is_open else {}, _mapping(row.previous_data) if is_open else {}, _mapping(row.meta),
                row.request_id, row.user_id, row.api_key_id, None, None, organization_id, row.date_created,
                row.date_updated,
            )
        )  # fmt: skip
    return cards


def _mapping(text: msgspec.Raw | None) -> dict[str, Any]:
    return msgspec.json.decode(text, type=dict[str, Any]) if text is not None else {}


def _conditions(organization_id: str, wanted: EventFilter, viewer: Viewer) -> Where:
    where = Where.of("e.organization_id", organization_id)
    where.among("e.object_type", wanted.object_types)
    where.among("e.object_id", wanted.object_ids)
    where.among("e.action", wanted.actions)
    where.among("e.lead_id", wanted.lead_ids)
    where.among("e.user_id", wanted.user_ids)
    where.among("e.request_id", wanted.request_ids)
    where.within("e.date_updated", wanted.date_updated)
    if wanted.before is not None:
        where.holds("e.seq < {}", wanted.before)
    if wanted.after is not None:
        where.holds("e.seq > {}", wanted.after)
    where.conditions.append(NOT_KEPT)
    if lead_bounds() is not None:
        where.conditions.append(
            "(e.lead_id is null or exists (select 1 from leads l where l.organization_id = e.organization_id"
            " and l.id = e.lead_id))"
        )
    if viewer.is_restricted:
        where.equal("e.user_id", viewer.user_id)
    elif not viewer.is_admin:
        where.holds(f"({_EVERYBODYS} or e.user_id = {{}})", viewer.user_id)
    return where


_EVERYBODYS = (
    "(e.object_type in ('lead', 'contact', 'opportunity') or e.object_type like 'activity.%%'"
    " or e.object_type like 'task.%%' or e.object_type like 'status.%%' or e.object_type like 'custom_fields.%%')"
)
"""What is on leads, and what all may see of how they are set up."""


_COLUMNS = (
    "e.xid::text::bigint, e.seq, e.date_updated, e.id, e.object_type, e.object_id, e.lead_id, e.action,"
    " e.changed_fields, e.data, e.previous_data, e.meta, e.request_id, e.user_id, e.api_key_id,"
    f" {as_naive_date('e.date_created')}, {as_naive_date('e.date_updated')}"
)

"""Every query of webhooks. Signature keys come in and go out sealed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from postroom.ground.database import Transaction
from postroom.ground.errors import NotFound, Permanent
from postroom.ground.events import Event, append
from postroom.rooms.webhooks.webhook import MOST_WEBHOOKS, Wanted, Webhook, next_try

_COLUMNS = (
    "id, url, events, status, verify_ssl, signature_key, pause_reason, xid::text::bigint, seq, due_at,"
    " failures_in_row, failing_since, latest_error, date_delivered, created_by, updated_by, date_created, date_updated"
)
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class WebhookToAdd:
    """A new webhook. It is told of what happens after `place`."""

    id: str
    url: str
    events: tuple[Wanted, ...]
    verify_ssl: bool
    signature_key: bytes
    place: Place
    user_id: str


@dataclass(frozen=True, slots=True)
class WebhookChange:
    """What a request changes; None leaves it. `status` active begins anew after failures."""

    url: str | None = None
    events: tuple[Wanted, ...] | None = None
    status: str | None = None
    verify_ssl: bool | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """A try that failed. `pause_reason` "" : it is tried again."""

    text: str
    pause_reason: str


async def insert(tx: Transaction, organization_id: str, new: WebhookToAdd, now: datetime) -> None:
    """Keep a new webhook. Raises Permanent where there are too many."""
    row = await (
        await tx.execute("select count(*) from webhooks where organization_id = %s", (organization_id,))
    ).fetchone()
    if row and row[0] >= MOST_WEBHOOKS:
        raise Permanent(f"There are {MOST_WEBHOOKS} webhooks already, the most an organization may have.")
    await tx.execute(
        "insert into webhooks (organization_id, id, url, events, verify_ssl, signature_key, xid, seq, due_at,"
        " created_by, updated_by, date_created, date_updated)"
        " values (%s, %s, %s, %s, %s, %s, %s::text::xid8, %s, %s, %s, %s, %s, %s)",
        (
            organization_id, new.id, new.url, _as_json(new.events), new.verify_ssl, new.signature_key,
            str(new.place[0]), new.place[1], now, new.user_id, new.user_id, now, now,
        ),
    )  # fmt: skip
    await append(tx, organization_id, [Event("webhook", new.id, "created", user_id=new.user_id)], now)


async def webhooks(tx: Transaction, organization_id: str) -> tuple[Webhook, ...]:
    """All of an organization, oldest first."""
    rows = await (
        await tx.execute(
            f"select {_COLUMNS} from webhooks where organization_id = %s order by date_created, id", (organization_id,)
        )
    ).fetchall()
    return tuple(_webhook(row) for row in rows)


async def webhook(tx: Transaction, organization_id: str, webhook_id: str) -> Webhook:
    """One. Raises NotFound."""
    return await _one(tx, organization_id, webhook_id, "")


async def webhook_to_call(tx: Transaction, organization_id: str, webhook_id: str) -> Webhook:
    """One, locked until the transaction ends. Raises NotFound."""
    return await _one(tx, organization_id, webhook_id, " for update")


async def change(
    tx: Transaction, organization_id: str, wanted: tuple[str, WebhookChange], by: tuple[str, datetime]
) -> None:
    """Change what is given, by (user, moment). Raises NotFound."""
    (webhook_id, given), (user_id, now) = wanted, by
    changed = await tx.execute(
        "update webhooks set url = coalesce(%(url)s, url), events = coalesce(%(events)s, events),"
        " verify_ssl = coalesce(%(verify)s, verify_ssl), status = coalesce(%(status)s, status),"
        " pause_reason = case when %(status)s::text is null then pause_reason else '' end,"
        " failures_in_row = case when %(status)s = 'active' then 0 else failures_in_row end,"
        " failing_since = case when %(status)s = 'active' then null else failing_since end,"
        " due_at = %(now)s, updated_by = %(user)s, date_updated = %(now)s"
        " where organization_id = %(org)s and id = %(id)s",
        {
            "url": given.url, "events": None if given.events is None else _as_json(given.events),
            "verify": given.verify_ssl, "status": given.status, "now": now, "user": user_id,
            "org": organization_id, "id": webhook_id,
        },
    )  # fmt: skip
    if not changed.rowcount:
        raise NotFound("There is no such webhook.")
    await append(tx, organization_id, [Event("webhook", webhook_id, "updated", user_id=user_id)], now)


async def delete(tx: Transaction, organization_id: str, webhook_id: str, by: tuple[str, datetime]) -> None:
    """Remove one, by (user, moment). Raises NotFound."""
    removed = await tx.execute(
        "delete from webhooks where organization_id = %s and id = %s", (organization_id, webhook_id)
    )
    if not removed.rowcount:
        raise NotFound("There is no such webhook.")
    await append(tx, organization_id, [Event("webhook", webhook_id, "deleted", user_id=by[0])], by[1])


async def advance(tx: Transaction, organization_id: str, webhook_id: str, place: Place) -> None:
    """All up to there was read, and nothing of it is wanted or waiting."""
    await tx.execute(
        "update webhooks set xid = %s::text::xid8, seq = %s where organization_id = %s and id = %s",
        (str(place[0]), place[1], organization_id, webhook_id),
    )


async def delivered(tx: Transaction, organization_id: str, told: tuple[str, Place], now: datetime) -> None:
    """The receiver of this webhook has taken the event at this place."""
    webhook_id, place = told
    await tx.execute(
        "update webhooks set xid = %s::text::xid8, seq = %s, failures_in_row = 0, failing_since = null,"
        " latest_error = '', date_delivered = %s where organization_id = %s and id = %s",
        (str(place[0]), place[1], now, organization_id, webhook_id),
    )


async def failed(tx: Transaction, organization_id: str, tried: Webhook, failure: Failure, now: datetime) -> None:
    """A try has failed: the next one is later, or there is none."""
    await tx.execute(
        "update webhooks set failures_in_row = failures_in_row + 1, failing_since = coalesce(failing_since, %(now)s),"
        " latest_error = %(text)s, due_at = %(due)s, status = case when %(reason)s = '' then status else 'paused' end,"
        " pause_reason = %(reason)s where organization_id = %(org)s and id = %(id)s",
        {
            "now": now, "text": failure.text[:1000], "due": next_try(tried.failures_in_row + 1, now),
            "reason": failure.pause_reason, "org": organization_id, "id": tried.id,
        },
    )  # fmt: skip


async def waiting(tx: Transaction, organization_id: str, place: Place, most: int) -> int:
    """How many events lie after a place, counted to one more than `most`."""
    row = await (
        await tx.execute(
            "select count(*) from (select 1 from events where organization_id = %s"
            " and (xid, seq) > (%s::text::xid8, %s) limit %s) rest",
            (organization_id, str(place[0]), place[1], most + 1),
        )
    ).fetchone()
    return int(row[0]) if row else 0


async def webhooks_due(tx: Transaction, now: datetime) -> list[tuple[str, str]]:
    """(organization, webhook) of those with events that they have not read and that may be tried; for the sweep."""
    rows = await (
        await tx.execute(
            "select w.organization_id, w.id from webhooks w where w.status = 'active' and w.due_at <= %s"
            " and exists (select 1 from events e where e.organization_id = w.organization_id"
            " and (e.xid, e.seq) > (w.xid, w.seq) and e.xid < pg_snapshot_xmin(pg_current_snapshot()))",
            (now,),
        )
    ).fetchall()
    return [(row[0], row[1]) for row in rows]


async def all_sealed(tx: Transaction) -> list[tuple[str, str, bytes]]:
    """Of the whole installation, for sealing anew with another key: organization, webhook, sealed."""
    rows = await (await tx.execute("select organization_id, id, signature_key from webhooks")).fetchall()
    return [(row[0], row[1], row[2]) for row in rows]


async def exchange_sealed(tx: Transaction, organization_id: str, webhook_id: str, keys: tuple[bytes, bytes]) -> None:
    """The same key sealed anew: (old, new)."""
    await tx.execute(
        "update webhooks set signature_key = %s where organization_id = %s and id = %s and signature_key = %s",
        (keys[1], organization_id, webhook_id, keys[0]),
    )


async def _one(tx: Transaction, organization_id: str, webhook_id: str, lock: str) -> Webhook:
    row = await (
        await tx.execute(
            f"select {_COLUMNS} from webhooks where organization_id = %s and id = %s{lock}",
            (organization_id, webhook_id),
        )
    ).fetchone()
    if row is None:
        raise NotFound("There is no such webhook.")
    return _webhook(row)


def _webhook(row: tuple[Any, ...]) -> Webhook:
    webhook_id, url, events, status, verify, key, reason, xid, seq, *rest = row
    wanted = tuple(Wanted(one["object_type"], one["action"], one.get("extra_filter")) for one in events)
    return Webhook(webhook_id, url, wanted, status, verify, key, reason, (xid, seq), *rest)


def _as_json(events: tuple[Wanted, ...]) -> Jsonb:
    return Jsonb(
        [{"object_type": one.object_type, "action": one.action, "extra_filter": one.extra_filter} for one in events]
    )

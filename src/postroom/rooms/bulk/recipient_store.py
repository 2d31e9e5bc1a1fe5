"""Queries for the ledger: who is to be mailed, who was, who was passed over and why.

The database keeps it true that an address stands once in a batch (`bulk_recipients_once`) and that every person stands
there. Every move of rows carries the batch's counts with it, in one statement.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from postroom.ground.database import Transaction
from postroom.ground.rowset import rowset
from postroom.rooms.bulk.bulk_email import BulkEmail, Preference

_FIRST_ADDRESS = (
    "left join lateral (select f.address, f.address_key, f.position from contact_emails f"
    " where f.organization_id = c.organization_id and f.contact_id = c.id order by f.position, f.address_key limit 1) e"
    " on true"
)
_EVERY_ADDRESS = "left join contact_emails e on e.organization_id = c.organization_id and e.contact_id = c.id"
_PEOPLE_OF_LEAD = """
select c.id, e.address, e.address_key, c.position, e.position as at from contacts c {address}
where c.organization_id = %(org)s and c.lead_id = w.id
  and (%(contacts)s::text[] is null or c.id = any(%(contacts)s))
order by e.address is null, c.position, c.id, e.position, e.address_key {limit}
"""
_OF_LEADS = """
select w.place, w.id as lead_id, coalesce(p.id, '') as contact_id, coalesce(p.address, '') as address, p.address_key,
  p.position, p.id, p.at
from unnest(%(ids)s::text[]) with ordinality w(id, place) left join lateral ({people}) p on true
"""
_OF_CONTACTS = """
select w.place, c.lead_id, c.id as contact_id, coalesce(p.address, '') as address, p.address_key, c.position, c.id,
  p.position as at
from unnest(%(ids)s::text[]) with ordinality w(id, place)
join contacts c on c.organization_id = %(org)s and c.id = w.id
left join lateral (select e.address, e.address_key, e.position from contact_emails e
  where e.organization_id = c.organization_id and e.contact_id = c.id order by e.position, e.address_key {limit}) p
  on true
"""
_ADD = """
with found as ({found}),
numbered as materialized (
  select f.*, %(from)s + row_number() over (order by f.place, f.position, f.id, f.at) as number,
    row_number() over (partition by f.address_key order by f.place, f.position, f.id, f.at) as turn,
    f.address = '' as is_empty, f.address_key !~ '^[^@[:space:]]+@[^@[:space:]]+$' as is_bad
  from found f
),
firsts as (
  insert into bulk_recipients (organization_id, bulk_id, lead_id, contact_id, address, address_key, number,
    lead_number, state, reason, date_updated)
  select %(org)s, %(bulk)s, lead_id, contact_id, address, address_key, number, %(seen)s + place,
    case when is_bad then 'skipped' else 'queued' end, case when is_bad then 'invalid' else '' end, %(now)s
  from numbered where not is_empty and turn = 1 order by number
  on conflict do nothing returning number, state, address_key
),
others as (
  insert into bulk_recipients (organization_id, bulk_id, lead_id, contact_id, address, address_key, number,
    lead_number, state, reason, date_updated)
  select %(org)s, %(bulk)s, lead_id, contact_id, address, null, n.number, %(seen)s + place, 'skipped',
    case when is_empty then 'no_address' else 'duplicate' end, %(now)s
  from numbered n left join firsts f on f.number = n.number where f.number is null and not exists (
    select 1 from bulk_recipients e where e.organization_id = %(org)s and e.bulk_id = %(bulk)s and not n.is_empty
      and e.address_key = n.address_key and (e.lead_id, e.contact_id, e.address) = (n.lead_id, n.contact_id, n.address))
  on conflict do nothing returning state
),
counted as (
  update bulk_emails set n_queued = n_queued + (select count(*) from firsts where state = 'queued'),
    n_skipped = n_skipped + (select count(*) from firsts where state = 'skipped') + (select count(*) from others)
  where organization_id = %(org)s and id = %(bulk)s
)
select address_key from firsts where state = 'queued'
"""
_MOVE = """
with moved as (
  update bulk_recipients r set state = x.state, reason = x.reason, detail = x.detail, date_updated = %(now)s
  from json_to_recordset(%(rows)s) as x(number integer, state text, reason text, detail text)
  where r.organization_id = %(org)s and r.bulk_id = %(bulk)s and r.number = x.number and r.state = %(from)s
  returning r.number, r.state
),
counted as (
  update bulk_emails set n_{from} = n_{from} - (select count(*) from moved),
    n_sent = n_sent + (select count(*) from moved where state = 'sent'),
    n_failed = n_failed + (select count(*) from moved where state = 'failed'),
    n_skipped = n_skipped + (select count(*) from moved where state = 'skipped'),
    n_cancelled = n_cancelled + (select count(*) from moved where state = 'cancelled'), date_updated = %(now)s
  where organization_id = %(org)s and id = %(bulk)s
)
select number from moved
"""
_TAKE = """
with taken as (
  update bulk_recipients r set state = 'sending', email_id = x.email_id, date_updated = %(now)s
  from json_to_recordset(%(rows)s) as x(number integer, email_id text)
  where r.organization_id = %(org)s and r.bulk_id = %(bulk)s and r.number = x.number and r.state = 'queued'
  returning r.email_id, r.lead_number
),
counted as (
  update bulk_emails set n_queued = n_queued - (select count(*) from taken),
    n_sending = n_sending + (select count(*) from taken),
    n_leads_processed = greatest(n_leads_processed, coalesce((select max(lead_number) from taken), 0)),
    date_updated = %(now)s
  where organization_id = %(org)s and id = %(bulk)s
)
select email_id from taken
"""
_COLLECT = """
with news as (
  select r.number, case when d.email_id is null then 'cancelled' when d.state = 'unknown' then 'unknown'
      when d.state in ('sent', 'failed') then d.state else 'sending' end as state,
    case when d.state = 'failed' then coalesce(d.refused -> -1 ->> 'text', d.error) else '' end as detail,
    case when d.state = 'failed' and d.log -> -1 ->> 'outcome' = 'unknown' then 'in_doubt' else '' end as reason
  from bulk_recipients r left join deliveries d on d.organization_id = r.organization_id and d.email_id = r.email_id
  where r.organization_id = %(org)s and r.bulk_id = %(bulk)s and r.state in ('sending', 'unknown')
),
moved as (
  update bulk_recipients r set state = n.state, reason = n.reason, detail = left(n.detail, 1000),
    date_updated = %(now)s
  from news n where r.organization_id = %(org)s and r.bulk_id = %(bulk)s and r.number = n.number and r.state <> n.state
    and r.state in ('sending', 'unknown')
  returning r.state
)
update bulk_emails set
  n_sending = n_sending - (select count(*) from moved where state in ('sent', 'failed', 'cancelled')),
  n_sent = n_sent + (select count(*) from moved where state = 'sent'),
  n_failed = n_failed + (select count(*) from moved where state = 'failed'),
  n_cancelled = n_cancelled + (select count(*) from moved where state = 'cancelled'),
  date_updated = case when exists (select 1 from moved) then %(now)s else date_updated end
where organization_id = %(org)s and id = %(bulk)s
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A recipient whose turn comes."""

    number: int
    lead_id: str
    contact_id: str
    address: str
    address_key: str
    date_updated: datetime


class Moved(msgspec.Struct, frozen=True):
    """What has become of a recipient. `reason` is a Skip, `detail` for a person."""

    number: int
    state: str
    reason: str = ""
    detail: str = ""


class Taken(msgspec.Struct, frozen=True):
    """A recipient and the email that is made for it."""

    number: int
    email_id: str


@dataclass(frozen=True, slots=True)
class Slice:
    """A page of what the query found: leads or contacts, after `seen` before them; of contacts only these, if given."""

    ids: Sequence[str]
    seen: int
    contact_ids: Sequence[str] | None = None


async def add_slice(tx: Transaction, batch: BulkEmail, found: Slice, now: datetime) -> list[str]:
    """Everybody whom a slice of the query concerns, into the ledger; the keys of those to be mailed.

    Adding a slice again changes nothing, so that a walk that broke off is begun anew.
    """
    values = {
        "org": batch.organization_id,
        "bulk": batch.id,
        "ids": list(found.ids),
        "contacts": None if found.contact_ids is None else list(found.contact_ids),
        "seen": found.seen,
        "from": await _highest_number(tx, batch),
        "now": now,
    }
    rows = await (await tx.execute(_ADD.format(found=_found_by(batch)).encode(), values)).fetchall()
    return [row[0] for row in rows]


async def skip_addresses(tx: Transaction, batch: BulkEmail, reasons: Mapping[str, str], now: datetime) -> None:
    """Pass over those of the queue that stand under these keys, each for its reason."""
    if not reasons:
        return
    rows = await (
        await tx.execute(
            "select number, address_key from bulk_recipients where organization_id = %s and bulk_id = %s"
            " and address_key = any(%s) and state = 'queued'",
            (batch.organization_id, batch.id, list(reasons)),
        )
    ).fetchall()
    await move(tx, batch, "queued", [Moved(number, "skipped", reasons[key]) for number, key in rows], now)


async def skip_repeats(tx: Transaction, batch: BulkEmail, ids: Sequence[str], now: datetime) -> None:
    """Pass over those of the queue whose lead has been sent this template before, or is about to be."""
    column = "contact_id" if batch.audience.object_type == "contact" else "lead_id"
    rows = await (
        await tx.execute(
            f"select number from bulk_recipients r where organization_id = %(org)s and bulk_id = %(bulk)s"
            f" and {column} = any(%(ids)s) and state = 'queued' and exists (select 1 from emails e"
            " where e.organization_id = r.organization_id and e.lead_id = r.lead_id and e.template_id = %(template)s"
            " and e.direction = 'outgoing' and e.status in ('sent', 'outbox', 'scheduled'))".encode(),
            {
                "org": batch.organization_id,
                "bulk": batch.id,
                "ids": list(ids),
                "template": batch.words.template_id,
            },
        )
    ).fetchall()
    await move(tx, batch, "queued", [Moved(row[0], "skipped", "had_template") for row in rows], now)


async def waiting(tx: Transaction, batch: BulkEmail, limit: int, but_for: Sequence[str] = ()) -> list[Waiting]:
    """The next in the queue, but for those at these domains."""
    async with tx.cursor(row_factory=class_row(Waiting)) as cursor:
        await cursor.execute(
            "select number, lead_id, contact_id, address, address_key, date_updated from bulk_recipients"
            " where organization_id = %s and bulk_id = %s and state = 'queued'"
            " and split_part(address_key, '@', 2) <> all(%s) order by number limit %s",
            (batch.organization_id, batch.id, list(but_for), limit),
        )
        return await cursor.fetchall()


async def recipient(tx: Transaction, batch: BulkEmail, number: int) -> Waiting | None:
    """One of the ledger, wherever it stands; None for a number that is not there or has no address."""
    async with tx.cursor(row_factory=class_row(Waiting)) as cursor:
        await cursor.execute(
            "select number, lead_id, contact_id, address, coalesce(address_key, '') as address_key, date_updated"
            " from bulk_recipients where organization_id = %s and bulk_id = %s and number = %s and address <> ''",
            (batch.organization_id, batch.id, number),
        )
        return await cursor.fetchone()


async def take(tx: Transaction, batch: BulkEmail, rows: Sequence[Taken], now: datetime) -> set[str]:
    """Out of the queue into the outbox; the ids of the emails that are ours to send. What was cancelled meanwhile, or
    taken by another, is not."""
    if not rows:
        return set()
    taken = await (
        await tx.execute(_TAKE, {"org": batch.organization_id, "bulk": batch.id, "rows": rowset(rows), "now": now})
    ).fetchall()
    return {row[0] for row in taken}


async def move(tx: Transaction, batch: BulkEmail, from_state: str, rows: Sequence[Moved], now: datetime) -> int:
    """Recipients that stand in `from_state` (queued or sending) become what is said; how many did."""
    if not rows:
        return 0
    values = {"org": batch.organization_id, "bulk": batch.id, "rows": rowset(rows), "from": from_state, "now": now}
    statement = _MOVE.replace("{from}", "queued" if from_state == "queued" else "sending")
    return len(await (await tx.execute(statement.encode(), values)).fetchall())


async def cancel_queued(tx: Transaction, batch: BulkEmail, now: datetime) -> int:
    """Nobody who still waits is mailed."""
    rows = await (
        await tx.execute(
            "select number from bulk_recipients where organization_id = %s and bulk_id = %s and state = 'queued'"
            " for update",
            (batch.organization_id, batch.id),
        )
    ).fetchall()
    return await move(tx, batch, "queued", [Moved(row[0], "cancelled") for row in rows], now)


async def collect(tx: Transaction, batch: BulkEmail, now: datetime) -> None:
    """What has become of the emails under way, as their deliveries tell."""
    await tx.execute(_COLLECT, {"org": batch.organization_id, "bulk": batch.id, "now": now})


async def leads_begun(tx: Transaction, batch: BulkEmail, lead_ids: Sequence[str]) -> set[str]:
    """Of these leads those of which somebody has been mailed by this batch."""
    rows = await (
        await tx.execute(
            "select distinct lead_id from bulk_recipients where organization_id = %s and bulk_id = %s"
            " and lead_id = any(%s) and email_id is not null",
            (batch.organization_id, batch.id, list(lead_ids)),
        )
    ).fetchall()
    return {row[0] for row in rows}


async def _highest_number(tx: Transaction, batch: BulkEmail) -> int:
    row = await (
        await tx.execute(
            "select coalesce(max(number), 0) from bulk_recipients where organization_id = %s and bulk_id = %s",
            (batch.organization_id, batch.id),
        )
    ).fetchone()
    return int(row[0]) if row else 0


def _found_by(batch: BulkEmail) -> str:
    preference = batch.audience.preference
    one_each = "" if preference is Preference.ALL else "limit 1"
    if batch.audience.object_type == "contact":
        return _OF_CONTACTS.format(limit=one_each)
    address = _EVERY_ADDRESS if preference is Preference.ALL else _FIRST_ADDRESS
    limit = "limit 1" if preference is Preference.LEAD else ""
    return _OF_LEADS.format(people=_PEOPLE_OF_LEAD.format(address=address, limit=limit))

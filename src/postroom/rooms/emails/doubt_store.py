"""Queries for emails that may have been sent, once a person has said what is to be done with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg.types.json import Jsonb

from postroom.ground.database import Transaction
from postroom.rooms.emails.delivery import MAY_HAVE_BEEN_SENT
from postroom.rooms.emails.search_store import ONCE_MORE, in_another_month

_IN_DOUBT = "state = 'failed' and log -> -1 ->> 'outcome' = 'unknown'"
_AGAIN = f"""
with again as (
  update deliveries set state = 'waiting', due_at = %(now)s, attempts = 0, fence = fence + 1, error = '',
    handed_over = false, lookups = 0, next_lookup_at = null, log = log || %(entry)s, is_held = %(held)s,
    recipients = array(select r ->> 'email' from jsonb_array_elements(refused) r where r ->> 'text' = %(words)s),
    refused = coalesce((select jsonb_agg(r) from jsonb_array_elements(refused) r where r ->> 'text' <> %(words)s), '[]')
  where organization_id = %(org)s and email_id = any(%(ids)s) and {_IN_DOUBT}
  returning email_id
)
update emails e set status = 'outbox', date_updated = %(now)s from again a
where e.organization_id = %(org)s and e.id = a.email_id returning e.id, e.lead_id, e.thread_id, e.activity_at
"""
_SENT = f"""
with sent as (
  update deliveries set state = 'sent', date_sent = coalesce(date_sent, claimed_at), error = '', log = log || %(entry)s,
    refused = coalesce((select jsonb_agg(r) from jsonb_array_elements(refused) r where r ->> 'text' <> %(words)s), '[]')
  where organization_id = %(org)s and email_id = any(%(ids)s) and {_IN_DOUBT}
  returning email_id, date_sent
), turned as (
  insert into emails_to_index (organization_id, email_id) select %(org)s, e.id from sent s
  join emails e on e.organization_id = %(org)s and e.id = s.email_id
  where {in_another_month("e.activity_at", "s.date_sent")} {ONCE_MORE}
)
update emails e set status = 'sent', date_sent = s.date_sent, activity_at = s.date_sent, date_updated = %(now)s
from sent s where e.organization_id = %(org)s and e.id = s.email_id returning e.id, e.lead_id, e.thread_id, s.date_sent
"""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a person has said of these emails. `is_held`: those that go out again wait for their batch to go on."""

    email_ids: Sequence[str]
    words: str
    now: datetime
    is_held: bool = False


@dataclass(frozen=True, slots=True)
class Ruled:
    """An email that was in doubt until now, its lead and thread, and when it happened."""

    email_id: str
    lead_id: str
    thread_id: str | None
    at: datetime


async def send_again(tx: Transaction, organization_id: str, ruling: Ruling) -> list[Ruled]:
    """They go out once more under the Message-ID they had: whose server knows it shows one email."""
    return await _rule(tx, organization_id, _AGAIN, ruling)


async def count_as_sent(tx: Transaction, organization_id: str, ruling: Ruling) -> list[Ruled]:
    """They went out when they were handed over."""
    return await _rule(tx, organization_id, _SENT, ruling)


async def _rule(tx: Transaction, organization_id: str, statement: str, ruling: Ruling) -> list[Ruled]:
    entry = {"date": ruling.now.isoformat(timespec="seconds"), "attempt": "0", "outcome": "decided"}
    rows = await (
        await tx.execute(
            statement.encode(),
            {
                "org": organization_id,
                "ids": list(ruling.email_ids),
                "words": MAY_HAVE_BEEN_SENT,
                "entry": Jsonb([entry | {"response": ruling.words}]),
                "held": ruling.is_held,
                "now": ruling.now,
            },
        )
    ).fetchall()
    return [Ruled(row[0], row[1], row[2], row[3]) for row in rows]

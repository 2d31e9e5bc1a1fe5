"""Queries for many emails at once: a slice of a bulk email goes out, and what came of it, each in one transaction.

The rows are those that a single email has, so that everything behind them (settling what is unknown, copies in Sent,
retries) is the same. A slice's deliveries begin as claimed and handed over: from their commit on the server may
have been told of them.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from postroom.ground.database import Transaction
from postroom.ground.rowset import rowset
from postroom.rooms.emails.search_store import ONCE_MORE, in_another_month

BULK_PRIORITY = 2


class BulkRow(msgspec.Struct, frozen=True):
    """One email of a slice, with its delivery. `domain`: whose server it is for."""

    id: str
    lead_id: str
    contact_id: str
    thread_id: str
    message_key: str
    message_id: str
    message_date: datetime
    to_list: list[str]
    subject: str
    body_text: str
    body_html: str
    body_preview: str
    envelope: Mapping[str, Any]
    attachments: Sequence[Mapping[str, Any]]
    recipients: list[str]
    domain: str


class SliceOf(msgspec.Struct, frozen=True):
    """What all emails of a slice have in common."""

    bulk_id: str
    user_id: str
    account_id: str
    template_id: str
    sender: str
    cc: Sequence[str]
    bcc: Sequence[str]
    track_opens: bool
    track_clicks: bool
    now: datetime


class Answer(msgspec.Struct, frozen=True):
    """What a try at one email of a slice came to; the columns of its delivery."""

    email_id: str
    state: str
    attempts: int
    recipients: list[str]
    later: list[str]
    refused: list[dict[str, Any]]
    entry: dict[str, str]
    due_at: datetime | None
    error: str
    is_reached: bool
    copy_state: str
    copy_due_at: datetime | None


_INSERT_EMAILS = """
insert into emails (organization_id, id, lead_id, contact_id, thread_id, message_key, user_id, users, account_id,
  status, direction, sender, to_list, cc_list, bcc_list, subject, body_text, body_html, body_preview, attachments,
  envelope, message_ids, template_id, bulk_email_id, track_opens, track_clicks,
  activity_at, created_by, updated_by, date_created, date_updated)
select %(org)s, id, lead_id, contact_id, thread_id, message_key, %(user)s, array[%(user)s], %(account)s, 'outbox',
  'outgoing', %(sender)s, to_list, %(cc)s, %(bcc)s, subject, body_text, body_html, body_preview, attachments, envelope,
  array[message_id], %(template)s, %(bulk)s, %(opens)s, %(clicks)s, %(now)s, %(user)s,
  %(user)s, %(now)s, %(now)s
from json_to_recordset(%(rows)s) as e(id text, lead_id text, contact_id text, thread_id text, message_key text,
  message_id text, to_list text[], subject text, body_text text, body_html text, body_preview text, attachments jsonb,
  envelope jsonb)
"""
_INSERT_DELIVERIES = """
insert into deliveries (organization_id, email_id, account_id, state, priority, due_at, attempts, message_id,
  message_date, claimed_at, handed_over, fence, recipients, bulk_email_id, domain)
select %(org)s, id, %(account)s, 'sending', %(priority)s, %(now)s, 1, message_id, message_date, %(now)s, true, 1,
  recipients, %(bulk)s, domain from json_to_recordset(%(rows)s) as d(id text, message_id text,
  message_date timestamptz, recipients text[], domain text)
"""
_SAVE = f"""
with saved as (
  update deliveries d set state = x.state, attempts = x.attempts, recipients = x.recipients, later = x.later,
    refused = d.refused || x.refused, log = d.log || jsonb_build_array(x.entry),
    due_at = coalesce(x.due_at, d.due_at), error = x.error, handed_over = x.state = 'unknown', lookups = 0,
    date_sent = case when x.is_reached then coalesce(d.date_sent, %(now)s) else d.date_sent end,
    next_lookup_at = case when x.state = 'unknown' then %(now)s end, copy_state = x.copy_state,
    copy_due_at = x.copy_due_at
  from json_to_recordset(%(rows)s) as x(email_id text, state text, attempts integer, recipients text[], later text[],
    refused jsonb, entry jsonb, due_at timestamptz, error text, is_reached boolean, copy_state text,
    copy_due_at timestamptz)
  where d.organization_id = %(org)s and d.email_id = x.email_id and d.state in ('sending', 'unknown')
    and (d.fence = 1 or x.is_reached)
  returning d.email_id, d.state, d.date_sent
), turned as (
  insert into emails_to_index (organization_id, email_id) select %(org)s, e.id from saved s
  join emails e on e.organization_id = %(org)s and e.id = s.email_id
  where s.date_sent is not null and {in_another_month("e.activity_at", "s.date_sent")} {ONCE_MORE}
)
update emails e set status = case when s.date_sent is not null then 'sent' when s.state = 'failed' then 'error'
    else e.status end, date_sent = coalesce(s.date_sent, e.date_sent),
  activity_at = coalesce(s.date_sent, e.activity_at), date_updated = %(now)s
from saved s where e.organization_id = %(org)s and e.id = s.email_id returning e.id, s.state
"""

_IN_ORDER = (
    "with taken as materialized (select email_id from deliveries where organization_id = %(org)s and {}"
    " order by email_id for update) "
)
"""Many deliveries at once, always in one order: two that want the same ones wait for each other, never in a ring."""


async def insert_slice(tx: Transaction, organization_id: str, shared: SliceOf, rows: Sequence[BulkRow]) -> None:
    """Make the emails and their deliveries, as being sent right now."""
    values = {
        "org": organization_id,
        "bulk": shared.bulk_id,
        "user": shared.user_id,
        "account": shared.account_id,
        "template": shared.template_id,
        "sender": shared.sender,
        "cc": list(shared.cc),
        "bcc": list(shared.bcc),
        "opens": shared.track_opens,
        "clicks": shared.track_clicks,
        "now": shared.now,
        "priority": BULK_PRIORITY,
        "rows": rowset(rows),
    }
    await tx.execute(_INSERT_EMAILS, values)
    await tx.execute(_INSERT_DELIVERIES, values)


async def save_answers(tx: Transaction, organization_id: str, rows: Sequence[Answer], now: datetime) -> dict[str, str]:
    """Write down what the server said; the state of each by email, without those that somebody else has decided."""
    saved = await (await tx.execute(_SAVE, {"org": organization_id, "rows": rowset(rows), "now": now})).fetchall()
    return {row[0]: row[1] for row in saved}


async def hold_bulk(tx: Transaction, organization_id: str, bulk_id: str) -> None:
    """What waits of a batch stays where it is until it is let go."""
    await tx.execute(
        _IN_ORDER.format("bulk_email_id = %(bulk)s and state = 'waiting'").encode()
        + b"update deliveries d set is_held = true from taken t"
        b" where d.organization_id = %(org)s and d.email_id = t.email_id",
        {"org": organization_id, "bulk": bulk_id},
    )


async def release_bulk(tx: Transaction, organization_id: str, bulk_id: str) -> None:
    """The batch goes on."""
    await tx.execute(
        _IN_ORDER.format("bulk_email_id = %(bulk)s and state in ('waiting', 'sending', 'unknown') and is_held").encode()
        + b"update deliveries d set is_held = false from taken t"
        b" where d.organization_id = %(org)s and d.email_id = t.email_id",
        {"org": organization_id, "bulk": bulk_id},
    )


async def leads_waiting(tx: Transaction, organization_id: str, bulk_id: str) -> list[str]:
    """The leads with emails of a batch that wait and nobody has got: to be locked before those are withdrawn."""
    rows = await (
        await tx.execute(
            "select distinct e.lead_id from deliveries d join emails e on e.organization_id = d.organization_id"
            " and e.id = d.email_id where d.organization_id = %s and d.bulk_email_id = %s and d.state = 'waiting'"
            " and d.date_sent is null",
            (organization_id, bulk_id),
        )
    ).fetchall()
    return [row[0] for row in rows]


async def withdraw_bulk(
    tx: Transaction, organization_id: str, bulk_id: str, lead_ids: Collection[str]
) -> list[tuple[str, str, str]]:
    """Take back what waits of a batch on these leads and nobody has got; (email, lead, thread) of each, which is gone.

    What is with the server at this moment is not tried again.
    """
    values = {"org": organization_id, "bulk": bulk_id, "leads": list(lead_ids)}
    rows = await (
        await tx.execute(
            _IN_ORDER.format("bulk_email_id = %(bulk)s and state = 'waiting' and date_sent is null").encode()
            + b"delete from emails e using taken t where e.organization_id = %(org)s and e.id = t.email_id"
            b" and e.lead_id = any(%(leads)s) returning e.id, e.lead_id, coalesce(e.thread_id, '')",
            values,
        )
    ).fetchall()
    await tx.execute(
        _IN_ORDER.format("bulk_email_id = %(bulk)s and state in ('waiting', 'sending', 'unknown')").encode()
        + b"update deliveries d set is_held = true from taken t"
        b" where d.organization_id = %(org)s and d.email_id = t.email_id",
        values,
    )
    return [(row[0], row[1], row[2]) for row in rows]


async def put_off_bulk(tx: Transaction, organization_id: str, account_id: str, until: datetime) -> None:
    """The account may send no bulk email before then; what waits of it is not asked for until."""
    await tx.execute(
        _IN_ORDER.format(
            "account_id = %(account)s and state = 'waiting' and priority >= %(priority)s and due_at < %(until)s"
        ).encode()
        + b"update deliveries d set due_at = %(until)s from taken t"
        b" where d.organization_id = %(org)s and d.email_id = t.email_id",
        {"org": organization_id, "account": account_id, "priority": BULK_PRIORITY, "until": until},
    )

"""Queries for messages that come from a mailbox: what is known already, and a whole batch stored at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec

from postroom.ground.database import Transaction
from postroom.ground.rowset import rowset


@dataclass(frozen=True, slots=True)
class KnownMessage:
    """A message we hold. `emails` are its emails, one for each lead."""

    key: str
    raw_ref: str
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class NamedEmail:
    """An email found by a Message-ID that it is known by."""

    id_hash: int
    email_id: str
    lead_id: str
    contact_id: str | None
    message_key: str | None
    direction: str
    thread_subject: str


class NewMessage(msgspec.Struct, frozen=True):
    """A row of `messages`. `fingerprint` as hexadecimal text."""

    id: str
    message_id: str
    fingerprint: str
    raw_ref: str
    size: int


class NewEmail(msgspec.Struct, frozen=True):
    """A row of `emails` for a message that arrived."""

    id: str
    lead_id: str
    contact_id: str | None
    thread_id: str
    message_key: str
    user_id: str | None
    users: list[str]
    account_id: str
    status: str
    direction: str
    sender: str
    to_list: list[str]
    cc_list: list[str]
    bcc_list: list[str]
    subject: str
    body_text: str
    body_html: str
    body_preview: str
    attachments: list[dict[str, Any]]
    envelope: dict[str, Any]
    message_ids: list[str]
    reference_ids: list[str]
    reason: int
    kind: int
    returns_on: date | None
    date_sent: datetime | None
    activity_at: datetime


class NewThread(msgspec.Struct, frozen=True):
    """A row of `email_threads`; its counts are made by `recount_threads`."""

    id: str
    lead_id: str
    contact_id: str | None
    normalized_subject: str
    participants: list[dict[str, str]]
    latest_at: datetime


async def known_messages(tx: Transaction, organization_id: str, keys: Sequence[str]) -> dict[str, KnownMessage]:
    """Of these messages those that we hold, by key."""
    rows = await (
        await tx.execute(
            "select id, raw_ref, fingerprint from messages where organization_id = %s and id = any(%s)",
            (organization_id, list(keys)),
        )
    ).fetchall()
    return {row[0]: KnownMessage(*row) for row in rows}


async def message_ids_of(tx: Transaction, organization_id: str, keys: Sequence[str]) -> dict[str, str]:
    """The Message-ID of each of these messages that has one, by key."""
    rows = await (
        await tx.execute(
            "select id, message_id from messages where organization_id = %s and id = any(%s) and message_id <> ''",
            (organization_id, list(keys)),
        )
    ).fetchall()
    return {row[0]: row[1] for row in rows}


async def emails_named(tx: Transaction, organization_id: str, id_hashes: Sequence[int]) -> list[NamedEmail]:
    """Emails known by any of these Message-IDs (keyed hashes)."""
    if not id_hashes:
        return []
    rows = await (
        await tx.execute(
            "select i.id_hash, e.id, e.lead_id, e.contact_id, e.message_key, e.direction,"
            " coalesce(t.normalized_subject, '') from email_message_ids i"
            " join emails e on e.organization_id = i.organization_id and e.id = i.email_id"
            " left join email_threads t on t.organization_id = e.organization_id and t.id = e.thread_id"
            " where i.organization_id = %s and i.id_hash = any(%s)",
            (organization_id, list(id_hashes)),
        )
    ).fetchall()
    return [NamedEmail(*row) for row in rows]


async def message_keys_of(tx: Transaction, organization_id: str, email_ids: Sequence[str]) -> dict[str, str]:
    """The message key of each of these emails that has one and was sent from here."""
    if not email_ids:
        return {}
    rows = await (
        await tx.execute(
            "select id, message_key from emails where organization_id = %s and id = any(%s)"
            " and message_key is not null and direction = 'outgoing'",
            (organization_id, list(email_ids)),
        )
    ).fetchall()
    return {row[0]: row[1] for row in rows}


async def leads_holding(tx: Transaction, organization_id: str, keys: Sequence[str]) -> dict[tuple[str, str], str]:
    """By (message key, lead): the email that the message is there, or '' where it was deleted from that lead."""
    if not keys:
        return {}
    rows = await (
        await tx.execute(
            "select message_key, lead_id, id from emails where organization_id = %(org)s"
            " and message_key = any(%(keys)s) union all"
            " select message_key, lead_id, '' from deleted_emails where organization_id = %(org)s"
            " and message_key = any(%(keys)s)",
            {"org": organization_id, "keys": list(keys)},
        )
    ).fetchall()
    return {(row[0], row[1]): row[2] for row in rows}


async def threads_by_key(
    tx: Transaction, organization_id: str, asked: Iterable[tuple[str, int]]
) -> dict[tuple[str, int], str]:
    """Threads that have left one of these keys on its lead, by lead and key."""
    pairs = sorted(set(asked))
    if not pairs:
        return {}
    # Looked up one by one, whatever the planner believes of a table that grows by the second.
    rows = await (
        await tx.execute(
            "select k.lead_id, k.key, t.thread_id"
            " from unnest(%(leads)s::text[], %(keys)s::bigint[]) as k(lead_id, key),"
            " lateral (select thread_id from thread_keys where organization_id = %(org)s and lead_id = k.lead_id"
            " and key = k.key limit 1) t",
            {"org": organization_id, "leads": [lead for lead, _ in pairs], "keys": [key for _, key in pairs]},
        )
    ).fetchall()
    return {(row[0], row[1]): row[2] for row in rows}


async def insert_messages(tx: Transaction, organization_id: str, rows: Sequence[NewMessage], now: datetime) -> None:
    """Remember messages; one that another account brought meanwhile stays as it is."""
    await tx.execute(
        "insert into messages (organization_id, id, message_id, fingerprint, raw_ref, size, date_created)"
        " select %s, id, message_id, decode(fingerprint, 'hex'), raw_ref, size, %s from json_to_recordset(%s)"
        " as m(id text, message_id text, fingerprint text, raw_ref text, size bigint)"
        " on conflict (organization_id, id) do nothing",
        (organization_id, now, rowset(rows)),
    )


async def insert_threads(tx: Transaction, organization_id: str, rows: Sequence[NewThread], now: datetime) -> None:
    """Make threads."""
    if not rows:
        return
    await tx.execute(
        "insert into email_threads (organization_id, id, lead_id, contact_id, normalized_subject, participants,"
        " latest_at, date_created, date_updated)"
        " select %(org)s, id, lead_id, contact_id, normalized_subject, participants, latest_at, %(now)s, %(now)s"
        " from json_to_recordset(%(rows)s) as t(id text, lead_id text, contact_id text, normalized_subject text,"
        " participants jsonb, latest_at timestamptz)",
        {"org": organization_id, "now": now, "rows": rowset(rows)},
    )


async def insert_emails(tx: Transaction, organization_id: str, rows: Sequence[NewEmail], now: datetime) -> set[str]:
    """Log emails on their leads; answers the ids that are new. One that stands there already is left alone."""
    if not rows:
        return set()
    inserted = await (
        await tx.execute(
            "insert into emails (organization_id, id, lead_id, contact_id, thread_id, message_key, user_id, users,"
            " account_id, status, direction, sender, to_list, cc_list, bcc_list, subject, body_text, body_html,"
            " body_preview, attachments, envelope, message_ids, reference_ids, reason, kind, returns_on, date_sent,"
            " activity_at, date_created, date_updated)"
            " select %(org)s, id, lead_id, contact_id, thread_id, message_key, user_id, users, account_id, status,"
            " direction, sender, to_list, cc_list, bcc_list, subject, body_text, body_html, body_preview,"
            " attachments, envelope, message_ids, reference_ids, reason, kind, returns_on, date_sent, activity_at,"
            " %(now)s, %(now)s from json_to_recordset(%(rows)s) as e(id text, lead_id text, contact_id text,"
            " thread_id text, message_key text, user_id text, users text[], account_id text, status text,"
            " direction text, sender text, to_list text[], cc_list text[], bcc_list text[], subject text,"
            " body_text text, body_html text, body_preview text, attachments jsonb, envelope jsonb,"
            " message_ids text[], reference_ids text[], reason smallint, kind smallint, returns_on date,"
            " date_sent timestamptz, activity_at timestamptz)"
            " on conflict (organization_id, lead_id, message_key) where message_key is not null do nothing"
            " returning id",
            {"org": organization_id, "now": now, "rows": rowset(rows)},
        )
    ).fetchall()
    return {row[0] for row in inserted}


async def insert_email_traces(tx: Transaction, organization_id: str, id_hashes: Mapping[str, Sequence[int]]) -> None:
    """Make new emails findable: by every Message-ID they are known by, and by their words as soon as there is time."""
    pairs = [{"e": email_id, "h": id_hash} for email_id, hashes in id_hashes.items() for id_hash in hashes]
    await tx.execute(
        "insert into email_message_ids (organization_id, id_hash, email_id)"
        " select %s, h, e from json_to_recordset(%s) as x(e text, h bigint) on conflict do nothing",
        (organization_id, rowset(pairs)),
    )
    await tx.execute(
        "insert into emails_to_index (organization_id, email_id) select %s, unnest(%s::text[]) on conflict do nothing",
        (organization_id, list(id_hashes)),
    )


async def insert_thread_keys(tx: Transaction, organization_id: str, keys: Mapping[tuple[str, int], str]) -> None:
    """Remember which thread every key leads to, by lead and key. The first owner of a key keeps it."""
    rows = [{"l": lead_id, "k": key, "t": thread} for (lead_id, key), thread in keys.items()]
    await tx.execute(
        "insert into thread_keys (organization_id, lead_id, key, thread_id)"
        " select %s, l, k, t from json_to_recordset(%s) as x(l text, k bigint, t text) on conflict do nothing",
        (organization_id, rowset(rows)),
    )


async def merge_threads(tx: Transaction, organization_id: str, merged: Mapping[str, str]) -> None:
    """Put threads together that a new email showed to be one: the key goes into the value, and ends."""
    for gone, kept in merged.items():
        names = {"org": organization_id, "gone": gone, "kept": kept}
        await tx.execute(
            "update emails set thread_id = %(kept)s where organization_id = %(org)s and thread_id = %(gone)s", names
        )
        await tx.execute(
            "update thread_keys set thread_id = %(kept)s where organization_id = %(org)s and thread_id = %(gone)s",
            names,
        )
        # What was kept from coworkers in either stays so in both.
        await tx.execute(
            "update email_threads k set is_guarded = k.is_guarded or g.is_guarded,"
            " is_private = k.is_private or g.is_private, shared_with = case when not k.is_private then g.shared_with"
            " when not g.is_private then k.shared_with else array(select unnest(k.shared_with) intersect"
            " select unnest(g.shared_with)) end from email_threads g where k.organization_id = %(org)s"
            " and k.id = %(kept)s and g.organization_id = k.organization_id and g.id = %(gone)s",
            names,
        )
        await tx.execute(
            "update thread_moves v set thread_id = %(kept)s where v.organization_id = %(org)s"
            " and v.thread_id = %(gone)s and not exists (select 1 from thread_moves k"
            " where k.organization_id = v.organization_id and k.thread_id = %(kept)s)",
            names,
        )
        await tx.execute("delete from email_threads where organization_id = %(org)s and id = %(gone)s", names)


async def recount_threads(tx: Transaction, organization_id: str, thread_ids: Sequence[str], now: datetime) -> None:
    """Bring the counts of these threads up to date, and mark which of their sent emails were answered by a person."""
    names = {"org": organization_id, "threads": sorted(thread_ids), "now": now}
    await tx.execute(
        "update email_threads t set n_emails = c.n, latest_at = c.latest, date_updated = %(now)s from ("
        " select thread_id, count(*) as n, max(activity_at) as latest from emails"
        " where organization_id = %(org)s and thread_id = any(%(threads)s) group by thread_id) c"
        " where t.organization_id = %(org)s and t.id = c.thread_id",
        names,
    )
    await tx.execute(
        "update emails o set has_reply = true, date_updated = %(now)s where o.organization_id = %(org)s"
        " and o.thread_id = any(%(threads)s) and o.direction = 'outgoing' and not o.has_reply and exists ("
        " select 1 from emails i where i.organization_id = o.organization_id and i.thread_id = o.thread_id"
        " and i.direction = 'incoming' and i.kind = 0 and i.activity_at > o.activity_at)",
        names,
    )


async def add_user_to_messages(tx: Transaction, organization_id: str, user_id: str, keys: Sequence[str]) -> None:
    """Another user's mailbox holds these messages too."""
    await tx.execute(
        "update emails set users = array_append(users, %(user)s) where organization_id = %(org)s"
        " and message_key = any(%(keys)s) and not %(user)s = any(users)",
        {"org": organization_id, "user": user_id, "keys": list(keys)},
    )


async def add_message_id(
    tx: Transaction, organization_id: str, message_key: str, message_id: str, id_hash: int
) -> None:
    """A relay has given one of our messages another Message-ID: know it by that one too."""
    names = {"org": organization_id, "key": message_key, "id": message_id, "hash": id_hash}
    await tx.execute(
        "update emails set message_ids = array_append(message_ids, %(id)s) where organization_id = %(org)s"
        " and message_key = %(key)s and not %(id)s = any(message_ids)",
        names,
    )
    await tx.execute(
        "insert into email_message_ids (organization_id, id_hash, email_id) select organization_id, %(hash)s, id"
        " from emails where organization_id = %(org)s and message_key = %(key)s on conflict do nothing",
        names,
    )
    await tx.execute(
        "insert into thread_keys (organization_id, lead_id, key, thread_id) select organization_id, lead_id,"
        " %(hash)s, thread_id from emails where organization_id = %(org)s and message_key = %(key)s"
        " and thread_id is not null on conflict do nothing",
        names,
    )


async def emails_of_messages(
    tx: Transaction, organization_id: str, keys: Sequence[str]
) -> list[tuple[str, str, str, str | None, str]]:
    """(message key, email, lead, contact, thread) of every email that these messages are."""
    rows = await (
        await tx.execute(
            "select message_key, id, lead_id, contact_id, thread_id from emails"
            " where organization_id = %s and message_key = any(%s) and thread_id is not null",
            (organization_id, list(keys)),
        )
    ).fetchall()
    return [(row[0], row[1], row[2], row[3], row[4]) for row in rows]


async def messages_of_threads(tx: Transaction, organization_id: str, thread_ids: Sequence[str]) -> dict[str, list[str]]:
    """By thread: the messages whose emails stand in it."""
    rows = await (
        await tx.execute(
            "select thread_id, message_key from emails where organization_id = %s and thread_id = any(%s)"
            " and message_key is not null",
            (organization_id, list(thread_ids)),
        )
    ).fetchall()
    found: dict[str, list[str]] = {}
    for thread_id, key in rows:
        found.setdefault(thread_id, []).append(key)
    return found

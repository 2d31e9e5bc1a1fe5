"""Queries that put one conversation on another lead, remember where it stood, and say where what follows belongs.

Why each email was linked stays as it was: the move is written beside it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg.types.json import Jsonb

from postroom.ground.database import Transaction
from postroom.ground.rowset import rowset
from postroom.rooms.emails.email import Stamp


@dataclass(frozen=True, slots=True)
class Route:
    """A conversation, the lead it leaves and the one it goes to."""

    thread_id: str
    source_id: str
    destination_id: str


@dataclass(frozen=True, slots=True)
class MovedEmail:
    """An email of a conversation, or the draft of an answer to one. `people`: as they are shown."""

    id: str
    contact_id: str | None
    is_counted: bool
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Earlier:
    """Where a moved conversation stood at first, and with which contact each of its emails was there."""

    from_lead_id: str
    contacts: Mapping[str, str | None]


_IN_IT = (
    "(e.thread_id = %(thread)s or (e.thread_id is null and e.in_reply_to_id in (select i.id from emails i"
    " where i.organization_id = e.organization_id and i.thread_id = %(thread)s)))"
)


async def emails_of(tx: Transaction, organization_id: str, route: Route) -> list[MovedEmail]:
    """What moves with the conversation."""
    rows = await (
        await tx.execute(
            "select e.id, e.contact_id, e.thread_id is not null, e.sender || e.to_list || e.cc_list || e.bcc_list"
            f" from emails e where e.organization_id = %(org)s and e.lead_id = %(from)s and {_IN_IT} order by e.id",
            _names(organization_id, route),
        )
    ).fetchall()
    return [MovedEmail(row[0], row[1], row[2], tuple(row[3])) for row in rows]


async def stands_on_both(tx: Transaction, organization_id: str, route: Route) -> bool:
    """Whether a message of the conversation is on the other lead already."""
    row = await (
        await tx.execute(
            "select exists (select 1 from emails e join emails o on o.organization_id = e.organization_id"
            " and o.message_key = e.message_key and o.lead_id = %(to)s"
            " where e.organization_id = %(org)s and e.thread_id = %(thread)s)",
            _names(organization_id, route),
        )
    ).fetchone()
    return bool(row and row[0])


async def earlier_move(tx: Transaction, organization_id: str, thread_id: str) -> Earlier | None:
    """Where it was moved from, if it was."""
    row = await (
        await tx.execute(
            "select from_lead_id, contacts from thread_moves where organization_id = %s and thread_id = %s",
            (organization_id, thread_id),
        )
    ).fetchone()
    return Earlier(row[0], row[1]) if row else None


async def move(
    tx: Transaction, organization_id: str, route: Route, contacts: Mapping[str, str | None], stamp: Stamp
) -> str | None:
    """Put the conversation's emails on the other lead; `contacts` by email, as there. With whom the whole is there."""
    contact = _most_named(contacts)
    names = {**_names(organization_id, route), "now": stamp.now, "contact": contact}
    rows = [{"id": email_id, "contact_id": contact_id} for email_id, contact_id in contacts.items()]
    await tx.execute(
        "update emails e set lead_id = %(to)s, contact_id = w.contact_id, date_updated = %(now)s"
        " from json_to_recordset(%(rows)s) as w(id text, contact_id text)"
        " where e.organization_id = %(org)s and e.id = w.id",
        {**names, "rows": rowset(rows)},
    )
    await tx.execute(
        "update email_threads set lead_id = %(to)s, contact_id = %(contact)s, date_updated = %(now)s"
        " where organization_id = %(org)s and id = %(thread)s",
        names,
    )
    await tx.execute(
        "insert into thread_keys (organization_id, lead_id, key, thread_id) select organization_id, %(to)s, key,"
        " thread_id from thread_keys where organization_id = %(org)s and lead_id = %(from)s"
        " and thread_id = %(thread)s on conflict do nothing",
        names,
    )
    await tx.execute(
        "delete from thread_keys where organization_id = %(org)s and lead_id = %(from)s and thread_id = %(thread)s",
        names,
    )
    return contact


async def remember(
    tx: Transaction, organization_id: str, route: Route, contacts: Mapping[str, str | None], stamp: Stamp
) -> None:
    """Where it stood at first; no mailbox makes it anew there."""
    names = {**_names(organization_id, route), "user": stamp.user_id, "now": stamp.now}
    await tx.execute(
        "insert into thread_moves (organization_id, thread_id, from_lead_id, contacts, user_id, date_created)"
        " values (%(org)s, %(thread)s, %(from)s, %(contacts)s, %(user)s, %(now)s)"
        " on conflict (organization_id, thread_id) do update set user_id = excluded.user_id,"
        " date_created = excluded.date_created",
        {**names, "contacts": Jsonb(dict(contacts))},
    )
    await tx.execute(
        "insert into deleted_emails (organization_id, lead_id, message_key, date_created) select e.organization_id,"
        " v.from_lead_id, e.message_key, %(now)s from emails e join thread_moves v"
        " on v.organization_id = e.organization_id and v.thread_id = e.thread_id where e.organization_id = %(org)s"
        " and e.thread_id = %(thread)s and e.message_key is not null on conflict do nothing",
        names,
    )
    await _let_in(tx, names)


async def forget(tx: Transaction, organization_id: str, route: Route) -> None:
    """It is back where it stood at first."""
    names = _names(organization_id, route)
    await tx.execute("delete from thread_moves where organization_id = %(org)s and thread_id = %(thread)s", names)
    await _let_in(tx, names)


async def _let_in(tx: Transaction, names: Mapping[str, Any]) -> None:
    """What was once deleted from the lead that it goes to, a person has put there now."""
    await tx.execute(
        "delete from deleted_emails d using emails e where d.organization_id = %(org)s and d.lead_id = %(to)s"
        " and e.organization_id = d.organization_id and e.thread_id = %(thread)s and e.message_key = d.message_key",
        names,
    )


async def has_moves(tx: Transaction, organization_id: str) -> bool:
    """Whether anything was ever moved: else no message needs to be asked about."""
    row = await (
        await tx.execute("select exists (select 1 from thread_moves where organization_id = %s)", (organization_id,))
    ).fetchone()
    return bool(row and row[0])


async def followed(
    tx: Transaction, organization_id: str, keys: Collection[str], id_hashes: Collection[int]
) -> tuple[dict[str, list[tuple[str, str]]], dict[int, list[tuple[str, str]]]]:
    """By message, and by Message-ID (keyed hash): from which lead to which the conversation was moved."""
    of_messages = await _pairs(
        tx,
        "select e.message_key, v.from_lead_id, e.lead_id from emails e join thread_moves v"
        " on v.organization_id = e.organization_id and v.thread_id = e.thread_id"
        " where e.organization_id = %s and e.message_key = any(%s)",
        (organization_id, list(keys)),
    )
    of_ids = await _pairs(
        tx,
        "select i.id_hash, v.from_lead_id, e.lead_id from email_message_ids i join emails e"
        " on e.organization_id = i.organization_id and e.id = i.email_id join thread_moves v"
        " on v.organization_id = e.organization_id and v.thread_id = e.thread_id"
        " where i.organization_id = %s and i.id_hash = any(%s)",
        (organization_id, list(id_hashes)),
    )
    return of_messages, of_ids


async def follow_merged_leads(tx: Transaction, organization_id: str, leads: tuple[str, str]) -> None:
    """The first lead (`leads` is from, to) has become the second: what was moved from it was moved from there."""
    await tx.execute(
        "update thread_moves set from_lead_id = %s where organization_id = %s and from_lead_id = %s",
        (leads[1], organization_id, leads[0]),
    )
    await tx.execute(
        "delete from thread_moves v using email_threads t where v.organization_id = %s and v.from_lead_id = %s"
        " and t.organization_id = v.organization_id and t.id = v.thread_id and t.lead_id = v.from_lead_id",
        (organization_id, leads[1]),
    )


async def _pairs(tx: Transaction, query: str, values: Sequence[Any]) -> dict[Any, list[tuple[str, str]]]:
    found: dict[Any, list[tuple[str, str]]] = {}
    for key, source, destination in await (await tx.execute(query.encode(), values)).fetchall():
        found.setdefault(key, []).append((source, destination))
    return found


def _most_named(contacts: Mapping[str, str | None]) -> str | None:
    named = [one for one in contacts.values() if one]
    return max(named, key=named.count) if named else None


def _names(organization_id: str, route: Route) -> dict[str, Any]:
    return {
        "org": organization_id, "thread": route.thread_id, "from": route.source_id, "to": route.destination_id,
    }  # fmt: skip

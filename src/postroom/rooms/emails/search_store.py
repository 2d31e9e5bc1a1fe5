"""Queries that fill the full-text index of emails."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from postroom.ground.database import Transaction
from postroom.rooms.emails.search_months import month_of
from postroom.rooms.emails.search_tokens import FILE, METHOD, RECIPIENT, SENDER, SUBJECT, vector
from postroom.rooms.emails.word_store import add_words, words_of
from postroom.wire.mime.bodies import text_from_html

LONGEST_INDEXED = 100_000
"""Characters of an email's text that are searchable."""
LONGEST_HEADER = 10_000

# The text is derived from HTML only where there is no other.
_TEXTS = (
    "e.id, e.activity_at, left(e.subject, %(header)s), left(e.sender, %(header)s),"
    " left(array_to_string(e.to_list || e.cc_list || e.bcc_list, ', '), %(header)s),"
    " left((select coalesce(string_agg(f.one ->> 'filename', ', '), '') from jsonb_array_elements(e.attachments)"
    " f(one)), %(header)s), left(e.body_text, %(longest)s),"
    " case when e.body_text = '' then left(e.body_html, %(longest)s) else '' end"
)
ONCE_MORE = "on conflict (organization_id, email_id) do update set email_id = excluded.email_id"
"""Not `do nothing`: the row is locked, so that nobody indexes the email as it was before this transaction."""
_BOUNDS = {"header": LONGEST_HEADER, "longest": LONGEST_INDEXED}


async def index_waiting(tx: Transaction, organization_id: str, limit: int, after: str = "") -> list[str]:
    """Index emails that wait, those behind the id `after`; answers their ids in order. Two at once take different ones.

    They leave the queue first: whoever changes such an email meanwhile waits for the end of this transaction, and puts
    it into the queue again. Their texts are read only then, by a second statement: one that both took and read would
    read an email that is changed at that moment as it was when the statement began. One that is just being deleted is
    left to that. `after` spares a long run from walking over all that it has taken before: the rows are gone, but not
    yet from the table.
    """
    taken = await (
        await tx.execute(
            "with due as (select q.email_id from emails_to_index q join emails e"
            " on e.organization_id = q.organization_id and e.id = q.email_id where q.organization_id = %(org)s"
            " and q.email_id > %(after)s"
            " order by q.email_id limit %(limit)s for update of q skip locked for key share of e skip locked)"
            " delete from emails_to_index q using due d where q.organization_id = %(org)s"
            " and q.email_id = d.email_id returning q.email_id",
            {"org": organization_id, "limit": limit, "after": after},
        )
    ).fetchall()
    ids = sorted(row[0] for row in taken)
    await _index(tx, organization_id, await _texts(tx, organization_id, ids))
    return ids


async def begin_progress(tx: Transaction, organization_id: str) -> None:
    """Where every email of an organization still waits for its first words, none has those of an older method."""
    await tx.execute(
        "insert into search_progress (organization_id, method, is_done) select %(org)s, %(method)s, not exists ("
        " select 1 from emails e where e.organization_id = %(org)s and not exists (select 1 from emails_to_index w"
        " where w.organization_id = e.organization_id and w.email_id = e.id))"
        " where not exists (select 1 from search_progress where organization_id = %(org)s) on conflict do nothing",
        {"org": organization_id, "method": METHOD},
    )


async def index_anew(tx: Transaction, organization_id: str, limit: int) -> bool:
    """Index some of the emails whose words an older method has made; whether any may be left."""
    names = {"org": organization_id, "method": METHOD}
    row = await (
        await tx.execute(
            "insert into search_progress (organization_id, method) values (%(org)s, %(method)s)"
            " on conflict (organization_id) do update set method = excluded.method,"
            " reached = case when search_progress.method = excluded.method then search_progress.reached else '' end,"
            " is_done = search_progress.is_done and search_progress.method = excluded.method"
            " returning reached, is_done",
            names,
        )
    ).fetchone()
    assert row is not None
    if row[1]:
        return False
    ids = await _next_emails(tx, organization_id, row[0], limit)
    # What is changed after its text was read is in the queue: it is indexed once more.
    await _index(tx, organization_id, await _texts(tx, organization_id, ids, "for key share of e skip locked"))
    await tx.execute(
        "update search_progress set reached = %s, is_done = %s where organization_id = %s",
        (ids[-1] if ids else row[0], len(ids) < limit, organization_id),
    )
    return len(ids) == limit


async def index_later(tx: Transaction, organization_id: str, email_id: str) -> None:
    """What a person writes is found by its words, too."""
    await tx.execute(
        f"insert into emails_to_index (organization_id, email_id) values (%s, %s) {ONCE_MORE}",
        (organization_id, email_id),
    )


async def index_in_its_month(tx: Transaction, organization_id: str, email_id: str, moment: datetime) -> None:
    """Index an email anew if this moment, which is about to be its own, is in another month than before."""
    await tx.execute(
        "insert into emails_to_index (organization_id, email_id) select organization_id, id from emails"
        f" where organization_id = %s and id = %s and {in_another_month('activity_at', '%s')} {ONCE_MORE}",
        (organization_id, email_id, moment),
    )


def in_another_month(before: str, now: str) -> str:
    """SQL that is true of two moments in different months, as the index of words tells them apart."""
    month = "date_trunc('month', {}::timestamptz at time zone 'UTC')"
    return f"{month.format(before)} <> {month.format(now)}"


async def organizations_with_new(tx: Transaction) -> list[str]:
    """Organizations with emails that wait for their words; for the clock, which serves all."""
    rows = await tx.execute(
        "select o.id from organizations o where exists"
        " (select 1 from emails_to_index q where q.organization_id = o.id) order by o.id"
    )
    return [row[0] for row in await rows.fetchall()]


async def organizations_with_old(tx: Transaction) -> list[str]:
    """Organizations with emails that wait to be indexed anew; for the sweep, which serves all."""
    rows = await (
        await tx.execute(
            "select o.id from organizations o left join search_progress p on p.organization_id = o.id"
            " and p.method = %s and p.is_done where p.organization_id is null",
            (METHOD,),
        )
    ).fetchall()
    return [row[0] for row in rows]


async def _texts(tx: Transaction, organization_id: str, ids: Sequence[str], lock: str = "") -> list[tuple[Any, ...]]:
    cursor = await tx.execute(
        f"select {_TEXTS} from emails e where e.organization_id = %(org)s and e.id = any(%(ids)s) {lock}",
        {"org": organization_id, "ids": list(ids), **_BOUNDS},
    )
    return await cursor.fetchall()


async def _next_emails(tx: Transaction, organization_id: str, reached: str, limit: int) -> list[str]:
    rows = await (
        await tx.execute(
            "select id from emails where organization_id = %s and id > %s order by id limit %s",
            (organization_id, reached, limit),
        )
    ).fetchall()
    return [row[0] for row in rows]


async def _index(tx: Transaction, organization_id: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Write the words of these emails; finding them is work for the processor, beside the loop."""
    if not rows:
        return
    vectors, words = await asyncio.to_thread(_vectors, rows)
    await tx.execute(
        "insert into email_search (organization_id, email_id, months, words)"
        " select %s, made.id, array[made.month], made.words::tsvector"
        " from unnest(%s::text[], %s::integer[], %s::text[]) made(id, month, words)"
        " on conflict (organization_id, email_id) do update set months = excluded.months, words = excluded.words",
        (organization_id, [row[0] for row in rows], [month_of(organization_id, row[1]) for row in rows], vectors),
    )
    await add_words(tx, organization_id, words)


def _vectors(rows: Sequence[tuple[Any, ...]]) -> tuple[list[str], list[str]]:
    """The words of each with their places, and the words of all."""
    vectors = [
        vector(
            (
                (SUBJECT, subject),
                (SENDER, sender),
                (RECIPIENT, people),
                (FILE, files),
                ("", text or text_from_html(html)),
            )
        )
        for _, _, subject, sender, people, files, text, html in rows
    ]
    return vectors, words_of(vectors)

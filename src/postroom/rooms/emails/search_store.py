"""Queries that fill the full-text index of emails."""

from postroom.ground.database import Transaction

LONGEST_INDEXED = 100_000
"""Characters of an email's text that are searchable. PostgreSQL refuses a tsvector above 1 MB."""


async def index_waiting(tx: Transaction, organization_id: str, limit: int) -> int:
    """Index emails that wait, and answer how many. Two at once take different ones."""
    cursor = await tx.execute(
        "with due as (select email_id from emails_to_index where organization_id = %(org)s"
        " order by email_id limit %(limit)s for update skip locked),"
        " indexed as (insert into email_search (organization_id, email_id, words)"
        " select e.organization_id, e.id, setweight(to_tsvector('simple', e.subject), 'A')"
        " || setweight(to_tsvector('simple', e.sender || ' ' || array_to_string(e.to_list || e.cc_list, ' ')), 'B')"
        " || to_tsvector('simple', left(e.body_text, %(longest)s))"
        " from emails e join due d on d.email_id = e.id where e.organization_id = %(org)s"
        " on conflict (organization_id, email_id) do update set words = excluded.words)"
        " delete from emails_to_index q using due d where q.organization_id = %(org)s and q.email_id = d.email_id",
        {"org": organization_id, "limit": limit, "longest": LONGEST_INDEXED},
    )
    return cursor.rowcount


async def index_later(tx: Transaction, organization_id: str, email_id: str) -> None:
    """What a person writes is found by its words, too."""
    await tx.execute(
        "insert into emails_to_index (organization_id, email_id) values (%s, %s) on conflict do nothing",
        (organization_id, email_id),
    )


async def organizations_waiting(tx: Transaction) -> list[str]:
    """Organizations with emails that wait to be indexed; for the sweep, which serves all of them."""
    rows = await (await tx.execute("select distinct organization_id from emails_to_index")).fetchall()
    return [row[0] for row in rows]

"""Emails made searchable while others change them."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from postroom.ground.database import Database, Transaction
from postroom.rooms.emails.search_store import index_later, index_waiting
from postroom.rooms.leads.lead import LeadContent, NewLead, Stamp
from postroom.rooms.leads.store import insert_lead
from postroom.rooms.users.store import insert_organization
from postroom.rooms.users.user import NewUser

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
WAITING = 3_000
LAST = f"acti_{WAITING:06}"


@pytest.fixture
async def waiting(database_url: str) -> AsyncIterator[tuple[Database, str]]:
    """So many emails to index that to take them all takes a moment."""
    db = await Database.open(database_url, connections=3)
    async with db.transaction() as tx:
        org = (await insert_organization(tx, "One", NewUser("a@x.test", "A", "B", ""), NOW)).organization_id
        lead_id, _ = await insert_lead(tx, org, NewLead(LeadContent("Acme")), Stamp(None, NOW))
        await tx.execute(
            "insert into emails (organization_id, id, lead_id, status, direction, sender, subject, body_text,"
            " activity_at, date_created, date_updated) select %(org)s, 'acti_' || lpad(n::text, 6, '0'), %(lead)s,"
            " 'draft', 'outgoing', 'anna@acme.example', 'A letter', 'before', %(now)s, %(now)s, %(now)s"
            " from generate_series(1, %(number)s) n",
            {"org": org, "lead": lead_id, "now": NOW, "number": WAITING},
        )
        await tx.execute(
            "insert into emails_to_index (organization_id, email_id) select organization_id, id from emails"
        )
    yield db, org
    await db.close()


@pytest.mark.parametrize("attempt", range(4))
async def test_what_is_rewritten_while_it_is_taken_is_found_by_its_new_words(
    waiting: tuple[Database, str], attempt: int
) -> None:
    db, org = waiting
    word = f"afterwards{attempt}"
    async with db.transaction() as tx:
        await tx.execute("update emails set body_text = %s where organization_id = %s and id = %s", (word, org, LAST))
        await index_later(tx, org, LAST)
        indexing = asyncio.create_task(_index(db, org))
        await _until_it_takes(db)
    await indexing
    await _index(db, org)  # it may have been left for later, but not taken as it was before
    async with db.transaction() as tx:
        sql = "select words @@ %s::tsquery from email_search where organization_id = %s and email_id = %s"
        assert await (await tx.execute(sql, (word, org, LAST))).fetchall() == [(True,)]


async def _index(db: Database, org: str) -> None:
    async with db.transaction() as tx:
        await index_waiting(tx, org, WAITING)


async def _until_it_takes(db: Database) -> None:
    async with db.reading() as tx:
        while not await _is_taking(tx):
            await asyncio.sleep(0)


async def _is_taking(tx: Transaction) -> bool:
    row = await (
        await tx.execute(
            "select count(*) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()"
            " and query like 'with due as (select q.email_id%'"
        )
    ).fetchone()
    return row is not None and row[0] > 0

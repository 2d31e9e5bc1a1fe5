"""How many a search finds: exactly where it is counted, else about so many, and never fewer than are shown."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from postroom.ground.database import Database
from postroom.rooms.smart_views.moments import Here
from postroom.rooms.smart_views.query import parse
from postroom.rooms.smart_views.saved_search import Seeker
from postroom.rooms.smart_views.tree import Query
from postroom.views import search_count
from postroom.views.lead_search import Search, find, writer_of
from postroom.views.search_count import Total, total_of
from postroom.views.search_directory import Reader
from postroom.views.search_sql import parameters
from postroom.views.selection import Page
from tests.views.search_office import NOW, ORG, office, store

READER = Reader(Seeker("user_1"), Here(NOW))
MORE = (
    "insert into leads (organization_id, id, name, status_id, date_created, date_updated)"
    " select organization_id, 'lead_more' || n, case when n %% 4 = 0 then 'Fourth' else 'Other' end, status_id,"
    " date_created, date_updated from leads, generate_series(1, 8000) n where organization_id = %s and id = 'lead_01'"
)


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    db = await Database.open(database_url, connections=2)
    async with db.transaction() as tx:
        await store(tx, office(7, 0))
        await tx.execute(MORE, (ORG,))
    async with db.reading() as tx:
        await tx.execute("analyze leads")
    yield db
    await db.close()


async def counted(db: Database, query: Query, page: Page) -> Total:
    async with db.transaction() as tx:
        search = Search(query, page)
        found = await find(tx, ORG, search, READER)
        return await total_of(tx, ORG, (query, search, found), READER)


async def test_an_estimate_is_as_large_a_part_as_of_a_sample(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_count, "SAMPLE_MILLISECONDS", 60_000)
    query = parse("name:fourth sort:name")
    async with db.transaction() as tx:
        writer, place = await writer_of(tx, ORG, query, READER)
        where = writer.whole(query, place)
        sql = f"select {place.put(place.thing.id)} from {place.rows} and {where}"
        values = parameters(writer, ORG)
        counting = search_count._Counting(sql, values, "leads", None)
        guess = search_count._Plan(rows=7, cost=1)
        found = await search_count._estimate(tx, (counting, guess), place.alias)
    assert 1_200 < found < 2_900 and found % 10 == 0  # 2,000 of 8,024, told to two digits


async def test_there_are_never_fewer_than_are_shown(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    async def about_none(*_: object) -> Total:
        return Total(1, is_exact=False)

    monkeypatch.setattr(search_count, "total", about_none)
    assert await counted(db, parse("name:fourth"), Page(50, 100)) == Total(151, is_exact=False)


async def test_a_last_page_knows_the_number(db: Database) -> None:
    few = parse('id in ("lead_03", "lead_07", "lead_11")')
    assert await counted(db, few, Page(2, 2)) == Total(3)
    assert await counted(db, few, Page(50)) == Total(3)


async def test_a_limit_of_the_query_may_be_left_out_of_the_number(db: Database) -> None:
    query = parse("name:fourth limit:5")
    async with db.transaction() as tx:
        search = Search(query, Page(50))
        found = await find(tx, ORG, search, READER)
        everything = replace(query, limit=None)
        within = await total_of(tx, ORG, (query, search, found), READER)
        beyond = await total_of(tx, ORG, (everything, search, found), READER)
    assert within == Total(5) and beyond.count > 5

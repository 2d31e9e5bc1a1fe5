"""Random searches in both languages, on PostgreSQL and in plain Python over the same rows: they agree."""

import asyncio
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, event, given, settings

from postroom.ground.database import Database
from postroom.ground.errors import Invalid
from postroom.rooms.smart_views.query import parse
from postroom.rooms.smart_views.saved_search import SavedSearch, Seeker
from postroom.rooms.smart_views.store import insert_view
from postroom.rooms.smart_views.structured import query_from, query_to
from postroom.rooms.smart_views.tree import Query
from postroom.views import lead_search
from postroom.views.lead_search import Search, find
from postroom.views.search_count import total
from postroom.views.search_directory import Reader
from postroom.views.search_places import in_usual_order
from postroom.views.selection import Page
from tests.views.plain_search import World
from tests.views.query_text import as_text
from tests.views.search_office import NOW, ORG, office, store
from tests.views.search_trees import leads_by_one_thing, queries, zoned

VIEWS = {"First": "sort:name limit:7", "Some": "emails > 0 or contacts > 1"}
PATIENCE_MILLISECONDS = 60_000
T = TypeVar("T")


@dataclass
class Office:
    """The same organization twice, and a loop to ask the database with."""

    loop: asyncio.AbstractEventLoop
    db: Database
    world: World

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(coroutine)

    async def found(self, query: Query, size: int) -> list[str]:
        """All ids in their order, read in pages of this size."""
        reader, ids, after = Reader(Seeker("user_1"), self.world.here), [], None
        async with self.db.transaction() as tx:
            for _ in range(100):
                page = await find(tx, ORG, Search(query, Page(size), after, len(ids)), reader)
                ids += page.ids
                after = page.after
                if after is None:
                    break
            count = await total(tx, ORG, (query, 5_000), reader)
        assert (count.count, count.is_exact) == (len(ids), True)
        return ids

    def expected(self, query: Query) -> list[str]:
        return self.world.find(in_usual_order(query))


@pytest.fixture(params=[(1, 0.0), (2, 5.5), (3, -8.0)])
def office_of_chance(
    request: pytest.FixtureRequest, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Office]:
    # What is found is the question here, not how soon: a busy machine may plan one of these trees for seconds.
    monkeypatch.setattr(lead_search, "MOST_MILLISECONDS", PATIENCE_MILLISECONDS)
    monkeypatch.setattr(lead_search, "_PATIENT", (lead_search._Way.PLANNED, PATIENCE_MILLISECONDS))
    loop = asyncio.new_event_loop()
    world = office(*request.param)
    world.views = {name: parse(text) for name, text in VIEWS.items()}
    world.views = {name: in_usual_order(query) for name, query in world.views.items()}

    async def prepare() -> Database:
        db = await Database.open(database_url, connections=2)
        async with db.transaction() as tx:
            await store(tx, world)
            for name, text in VIEWS.items():
                await insert_view(tx, ORG, SavedSearch("", name, query=text, is_shared=True), NOW)
        return db

    made = Office(loop, loop.run_until_complete(prepare()), world)
    yield made
    made.run(made.db.close())
    loop.close()


def test_both_languages_find_what_plain_python_finds(office_of_chance: Office) -> None:
    office, sizes = office_of_chance, iter(range(10**9))

    @settings(max_examples=80, deadline=None, database=None, suppress_health_check=[*HealthCheck])
    @given(queries())
    def agree(query: Query) -> None:
        expected = office.expected(query)
        event(f"found {min(len(expected), 3)}")
        assert office.run(office.found(query, 1 + next(sizes) % 7)) == expected
        try:
            text = as_text(query)
        except Invalid:
            event("not sayable as text")
        else:
            event("as text")
            if query.kind == "lead":
                assert as_text(parse(text)) == text
                assert office.expected(parse(text)) == expected
        try:
            structured = query_to(query)
        except Invalid:
            event("not sayable as JSON")
        else:
            event("as JSON")
            assert office.expected(query_from(structured)) == expected

    agree()


def test_several_conditions_on_one_thing_are_about_the_same_one(office_of_chance: Office) -> None:
    """Two conditions side by side may be fulfilled by two emails; two in one pair of parentheses by one alone."""
    office = office_of_chance

    @settings(max_examples=60, deadline=None, database=None, suppress_health_check=[*HealthCheck])
    @given(leads_by_one_thing())
    def agree(query: Query) -> None:
        expected = office.expected(query)
        event(f"found {min(len(expected), 3)}")
        assert office.run(office.found(query, 20)) == expected

    agree()


def test_how_late_it_is_somewhere_is_told_alike(office_of_chance: Office) -> None:
    office = office_of_chance

    @settings(max_examples=40, deadline=None, database=None, suppress_health_check=[*HealthCheck])
    @given(zoned())
    def agree(query: Query) -> None:
        assert office.run(office.found(query, 20)) == office.expected(query)

    agree()

"""Searches on PostgreSQL: every field of everything can be asked, hostile words stay words, and time is bounded."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from psycopg.errors import QueryCanceled

from postroom.ground.database import Database, Transaction
from postroom.ground.errors import Invalid, Temporary
from postroom.rooms.emails.search_store import index_waiting
from postroom.rooms.smart_views import tree as t
from postroom.rooms.smart_views.mistakes import QueryMistake
from postroom.rooms.smart_views.moments import FixedUtc, Here
from postroom.rooms.smart_views.query import parse
from postroom.rooms.smart_views.saved_search import SavedSearch, Seeker
from postroom.rooms.smart_views.store import insert_view
from postroom.views import lead_search, search_count, search_full_text
from postroom.views.lead_search import Search, find
from postroom.views.search_count import total
from postroom.views.search_directory import Reader, asking_of, views_for
from postroom.views.search_sql import Writer
from postroom.views.search_things import THINGS
from postroom.views.search_unkept import UNKEPT, UNKEPT_OF_LEADS
from postroom.views.selection import Page
from postroom.views.time_limit import limited
from tests.views.search_office import NOW, ORG, office, store
from tests.views.search_office_records import STAGES

READER = Reader(Seeker("user_1"), Here(NOW))


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    db = await Database.open(database_url, connections=3)
    async with db.transaction() as tx:
        await store(tx, office(7, 0))
    yield db
    await db.close()


async def ask(db: Database, query: t.Query, page: Page = Page(100), here: Here = READER.here) -> tuple[str, ...]:
    async with db.transaction() as tx:
        return (await find(tx, ORG, Search(query, page), replace(READER, here=here))).ids


CONDITIONS: tuple[t.Condition, ...] = (
    t.Exists(),
    *(t.Matches(mode, t.Word("acme*")) for mode in t.Mode),
    t.Matches(t.Mode.PHRASE, t.Word("2026-05-01")),
    t.Matches(t.Mode.PHRASE, t.Word("3")),
    t.Matches(t.Mode.PHRASE, t.Word("yes")),
    t.Equals(t.Word("x")),
    t.Equals(t.Word("today")),
    t.Equals(2.0),
    t.OneOf((t.Word("a"), t.Word("b"), 3.0)),
    t.OneOf(()),
    t.Within((t.Bound(t.Order.GT, t.Word("3")),)),
    t.Within((t.Bound(t.Order.GTE, 0.5), t.Bound(t.Order.LT, 7.0))),
    t.Within((t.Bound(t.Order.LTE, t.Ago(3, "day")), t.Bound(t.Order.GT, FixedUtc(datetime(2020, 1, 1, tzinfo=UTC))))),
    t.Truth(True),
)


async def sayable(tx: Transaction, nodes: Iterable[t.Node], kind: str) -> list[t.Node]:
    """Those that are no mistakes."""
    asking, views = await asking_of(tx, ORG, READER), await views_for(tx, ORG, t.Query(t.InView("")), READER)
    good = []
    for node in nodes:
        writer = Writer(asking, views)
        with suppress(Invalid):
            writer.condition(node, writer.another(kind, 0))
            good.append(node)
    return good


async def test_every_field_of_everything_can_be_asked_and_sorted_by(db: Database) -> None:
    answered = 0
    async with db.transaction() as tx:
        for kind, thing in THINGS.items():
            for name in thing.fields:
                good = await sayable(tx, [t.Holds(t.Field(name), condition) for condition in CONDITIONS], kind)
                assert len(good) >= 4, (kind, name)  # whether it is there, and what its kind can answer
                answered += len(good)
                where = t.Or((*good, *(t.Not(node) for node in good)))
                query = t.Query(where, kind, (t.SortKey(t.Field(name), True),))
                everything = await find(tx, ORG, Search(t.Query(kind=kind), Page(200)), READER)
                assert set((await find(tx, ORG, Search(query, Page(200)), READER)).ids) == set(everything.ids)
    assert answered > 500


async def test_everything_can_be_asked_about_everything_it_belongs_to(db: Database) -> None:
    for kind in THINGS:
        for other in THINGS:
            await ask(db, t.Query(t.Related(other, t.Related(kind, t.Everything())), kind), Page(5))


@pytest.mark.parametrize("kind", UNKEPT)
async def test_of_what_is_not_kept_here_there_is_none(db: Database, kind: str) -> None:
    everything = await ask(db, parse("*"))
    for nothing in (f"{kind}(*)", f"acme {kind}(date:today)", f"{kind}(x custom.y:z)", f"contact({kind}(*))"):
        assert await ask(db, parse(nothing)) == (), nothing
    assert set(await ask(db, parse(f"not {kind}(status:x or user:me)"))) == set(everything)
    for name in UNKEPT_OF_LEADS:
        assert set(await ask(db, parse(f"not {name}:* not has:{name} sort:{name}"))) == set(everything)


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("nmae:x", 1, "Did you mean 'name'?"),
        ("a emial(x)", 3, "Did you mean 'email'?"),
        ("contact(a emails_adress:x)", 11, "Did you mean 'email_address'?"),
        ("name > 3", 1, "not more or less"),
        ("contacts = many", 12, "is a number"),
        ("created > soon", 11, "is a date"),
        ("a created:30 days ago", 11, "is a date"),
        ("email(has_reply:maybe)", 17, "yes or no"),
        ("has:contcts", 5, "Did you mean 'contacts'?"),
        ("in:Nowhere", 4, "no Smart View"),
        ("sort:creatd", 6, "Did you mean 'created'?"),
        ("email(custom.X:3)", 7, "no custom fields"),
        ("contacts:a*", 1, "cannot be asked"),
    ],
)
async def test_a_mistake_has_its_place_and_a_hint(db: Database, text: str, column: int, said: str) -> None:
    with pytest.raises(QueryMistake) as caught:
        await ask(db, parse(text))
    assert (caught.value.column, said in caught.value.errors[0]) == (column, True), caught.value.errors


HOSTILE = (
    "'; drop table leads; --", "' or 1=1 --", '" or ""="', "\\", "\\'", "%", "%%", "%s", "%(p0)s",
    "%(organization_id)s", "{a}", "{}", "$1", "$$", "$tag$", "/*", "*/", "--", ";", "E'\\x'", "U&'\\0041'",
    "(?i)a", "(((", "[[:alpha:]]", "\\d+", "***:(?=x)", "***=a", "(a+)+$", "a{1,9999}", "x'y", "'x':*", "a:*|b",
    "!a", "a & b", "a <-> b", "<1>", "''", "\t", "\u2028", "\u0130", "ß", "ﬁ", "🎉", "\ud7ff", "a" * 5000,
    "((" * 200, "*" * 300, "a*" * 300, "null", "NaN", "Infinity", "1e400", "99999999999999999999", "-0", "0x10",
    "2026-02-30", "9999-12-31T23:59:59Z", "0001-01-01", "me", "$[*]", "@",
)  # fmt: skip
FIELDS = (
    "name", "description", "email_address", "phone_number", "status", "created_by", "created", "contacts", "emails",
    "address", "city", "id", "emailed_template", "email_subject", "last_email",
)  # fmt: skip


def hostile_nodes(word: str) -> list[t.Node]:
    """The word wherever a word may stand."""
    value, name = t.Word(word), t.Field(word, is_custom=True)
    nodes: list[t.Node] = [t.Words(mode, word) for mode in t.Mode if mode is not t.Mode.EXACT_VALUE]
    nodes += [t.Holds(t.Field(field), t.Matches(mode, value)) for field in FIELDS for mode in t.Mode]
    nodes += [t.Holds(t.Field(field), t.OneOf((value, t.Word("b")))) for field in FIELDS]
    nodes += [t.Holds(t.Field(field), t.Within((t.Bound(t.Order.GT, value),))) for field in FIELDS]
    nodes += [t.Holds(name, t.Matches(t.Mode.PATTERN, value)), t.Holds(t.Field("Source", True), t.Equals(value))]
    nodes += [t.Holds(t.Field(word), t.Exists()), t.Holds(t.Field(word, is_quoted=True), t.Exists())]
    nodes += [t.InView(word), t.Related(word, t.Everything())]
    nodes += [t.Related("email", t.Holds(t.Field(field), t.Matches(t.Mode.PHRASE, value))) for field in ("body", "to")]
    return [*nodes, t.Related("email", t.Words(t.Mode.PATTERN, word)), t.Related("task", t.Words(t.Mode.PHRASE, word))]


async def test_hostile_words_stay_words_wherever_they_stand(db: Database) -> None:
    """Nothing but an answer or a mistake: no database error, nothing changed, and no more found than there is."""
    everything = set(await ask(db, t.Query()))
    async with db.transaction() as tx:
        for word in HOSTILE:
            good = await sayable(tx, hostile_nodes(word), "lead")
            assert len(good) > 40, word
            query = t.Query(t.Or((*good, t.Not(t.And(tuple(good))))), sort=(t.SortKey(t.Field(word, is_custom=True)),))
            found = await find(tx, ORG, Search(query, Page(200)), READER)
            assert set(found.ids) == everything
    assert set(await ask(db, t.Query())) == everything


async def test_another_organization_is_never_searched(db: Database) -> None:
    async with db.transaction() as tx:
        for text in ["*", "not acme", "zoe", "contact(*)", "email(*) or not email(*)", "not contact(name:x)",
                     "name:* or status:* or custom.Source:*", "not (a b)"]:  # fmt: skip
            found = await find(tx, "orga_2", Search(parse(text), Page(10)), READER)
            assert found.ids == (), text
            assert (await total(tx, "orga_2", (parse(text), 1000), READER)).count == 0


async def test_a_search_that_takes_too_long_is_stopped(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lead_search, "MOST_MILLISECONDS", 1)
    slow = " or ".join(f"email(body:*a{n}* to:*b{n}* contact(name:*c{n}*))" for n in range(60))
    with pytest.raises(Temporary, match="too long"):
        await ask(db, parse(slow))


async def test_a_count_that_takes_too_long_is_an_estimate_and_the_page_goes_on(db: Database) -> None:
    slow = parse(" or ".join(f"email(body:*a{n}* to:*b{n}* contact(name:*c{n}*))" for n in range(60)))
    async with db.transaction() as tx:
        counted = await total(tx, ORG, (slow, 1), READER)
        assert not counted.is_exact
        assert (await total(tx, ORG, (t.Query(), 1000), READER)).is_exact  # the transaction is none the worse


async def test_a_transaction_goes_on_after_a_statement_that_took_too_long(db: Database) -> None:
    async with db.transaction() as tx:
        for _ in range(20):
            with pytest.raises(QueryCanceled):
                async with limited(tx, 1):
                    await tx.execute("select pg_sleep(60)")
        row = await (await tx.execute("select current_setting('statement_timeout')")).fetchone()
        assert row == ("0",)


@pytest.mark.parametrize("name", ["-contacts", "num_sent_emails", "-last_call", "email_address", "last_communication"])
async def test_few_leads_stand_in_the_same_order_as_among_all(db: Database, name: str) -> None:
    """What all are sorted by is gathered at once, what few are sorted by is looked up for each."""
    order = await ask(db, parse(f"sort:{name}"))
    few = await ask(db, parse(f'id in ("lead_03", "lead_07", "lead_11") sort:{name}'))
    assert len(order) == 24 and few == tuple(one for one in order if one in few) and len(few) == 3


async def test_opportunities_stand_in_the_order_of_their_stages(db: Database) -> None:
    found = await ask(db, replace(parse("sort:status_label"), kind="opportunity"))
    stages = {row["id"]: [*STAGES].index(row["status"]) for row in office(7, 0).rows["opportunity"]}
    assert [stages[one] for one in found] == sorted(stages.values()) and len(set(stages.values())) == 3


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Auckland", "UTC"])
async def test_a_deal_is_won_on_its_day_wherever_that_is_asked(db: Database, zone: str) -> None:
    async with db.transaction() as tx:
        await tx.execute("update opportunities set date_won = null where organization_id = %s", (ORG,))
        moved = await tx.execute(
            "update opportunities set date_won = '2026-04-17', status_id = 'stag_2' where organization_id = %s"
            " and id = (select min(id) from opportunities where organization_id = %s)",
            (ORG, ORG),
        )
        assert moved.rowcount == 1
    here = Here(NOW, ZoneInfo(zone))
    for text, is_found in (
        ("date_won:2026-04-17", True), ("date_won:2026-04-16", False), ("date_won:2026-04-18", False),
        ("date_won >= 2026-04-17", True), ("date_won > 2026-04-17", False), ("date_won < 2026-04-17", False),
    ):  # fmt: skip
        assert bool(await ask(db, replace(parse(text), kind="opportunity"), here=here)) is is_found, text
    assert len(await ask(db, parse("last_opportunity_won_date:2026-04-17"), here=here)) == 1


async def test_a_number_is_looked_for_as_it_is_written(db: Database) -> None:
    async with db.transaction() as tx:
        await tx.execute("update leads set name = '12345678' where organization_id = %s and id = 'lead_03'", (ORG,))
    assert await ask(db, t.Query(t.Holds(t.Field("name"), t.OneOf((12345678.0,))))) == ("lead_03",)


async def test_pages_neither_skip_nor_repeat_while_leads_change(db: Database) -> None:
    query = parse("sort:-updated")
    async with db.transaction() as tx:
        first = await find(tx, ORG, Search(query, Page(10)), READER)
        await tx.execute("delete from leads where organization_id = %s and id = %s", (ORG, first.ids[0]))
        rest = await find(tx, ORG, Search(query, Page(100), first.after, 10), READER)
    assert len(set(first.ids) | set(rest.ids)) == 24


async def test_slices_divide_everything_and_stay_the_same(db: Database) -> None:
    parts = [set(await ask(db, parse(f"slice:{n}/3"))) for n in (1, 2, 3)]
    assert sum(map(len, parts)) == len(set.union(*parts)) == 24
    assert set(await ask(db, parse("slice:2/3 sort:name"))) == parts[1]


async def test_a_limit_inside_a_smart_view_holds_where_the_view_is_used(db: Database) -> None:
    async with db.transaction() as tx:
        view = SavedSearch("", "Top", query="sort:-emails limit:3", is_shared=True)
        await insert_view(tx, ORG, view, NOW)
    top = await ask(db, parse("sort:-emails limit:3"))
    assert set(await ask(db, parse("in:top"))) == set(top)
    assert len(await ask(db, parse("not in:top"))) == 21


async def test_emails_are_found_by_their_words_once_they_are_indexed(db: Database) -> None:
    async with db.transaction() as tx:
        row = await (await tx.execute(
            "update emails set body_text = 'a Zebra-like thing' where organization_id = %(org)s and id ="
            " (select min(id) from emails where organization_id = %(org)s) returning id, lead_id", {"org": ORG},
        )).fetchone()  # fmt: skip
        assert row is not None
        await tx.execute("insert into emails_to_index values (%s, %s)", (ORG, row[0]))
    assert await ask(db, parse("zebra")) == ()
    async with db.transaction() as tx:
        assert len(await index_waiting(tx, ORG, 10)) == 1
    for text in ["zebra", "zeb", '"zebra like"', "email(body:zebra)", 'email("zebra-like")']:
        assert await ask(db, parse(text)) == (row[1],), text
    assert await ask(db, parse('"zeb"')) == ()


async def test_a_word_in_very_many_emails_finds_the_same(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["acme", "offer", "not bad", '"bad fit"', "zo* or ber*", "acme offer"]
    usual = [await ask(db, parse(text)) for text in texts]
    async with db.transaction() as tx:
        await tx.execute("analyze email_search")
    monkeypatch.setattr(search_full_text, "COMMON_EMAILS", 0)
    assert [await ask(db, parse(text)) for text in texts] == usual


async def test_a_common_word_is_known_without_looking_and_so_is_about_how_many_leads_there_are(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with db.transaction() as tx:
        await tx.execute("insert into emails_to_index select organization_id, id from emails on conflict do nothing")
        await index_waiting(tx, ORG, 10_000)
        await tx.execute("analyze email_search")
        monkeypatch.setattr(search_full_text, "COMMON_EMAILS", 2)
        monkeypatch.setattr(search_full_text, "PROBE_MILLISECONDS", 60_000)
        known = await search_full_text.known_words(tx, ORG, parse("off nosuchword"))
        assert [text.strip("*") for _, text in known.common] == ["off"]
        assert "offer" in known.endings["off"] and known.endings["nosuchword"] == ("nosuchword",)
        query = parse("off")
        exactly = await total(tx, ORG, (query, search_count.COUNT_MILLISECONDS * 100), READER)
        monkeypatch.setattr(search_count, "MOST_COUNTED", 0)
        about = await total(tx, ORG, (query, search_count.COUNT_MILLISECONDS), READER)
        limited_to_2 = await total(tx, ORG, (parse("off limit:2"), lead_search.MOST_MILLISECONDS), READER)
    assert exactly.is_exact and exactly.count and not about.is_exact and about.count
    assert limited_to_2 == search_count.Total(2)


async def test_many_searches_at_once_do_not_disturb_each_other(db: Database) -> None:
    texts = ["acme", "contacts > 1", "status:potential", "email(direction:incoming)", "*"] * 4
    alone = [await ask(db, parse(text)) for text in texts[:5]]
    together = await asyncio.gather(*(ask(db, parse(text)) for text in texts))
    assert list(together) == alone * 4


async def test_searches_that_take_long_leave_connections_for_everything_else(database_url: str) -> None:
    db = await Database.open(database_url, connections=3)  # one of them for searches
    async with db.searching():
        waiting = asyncio.create_task(_searched(db))
        async with db.transaction() as first, db.transaction() as second:
            for tx in (first, second):
                assert await (await tx.execute("select 1")).fetchone() == (1,)
        assert not waiting.done()
    assert await waiting == (1,)
    await db.close()


async def _searched(db: Database) -> object:
    async with db.searching() as tx:
        return await (await tx.execute("select 1")).fetchone()

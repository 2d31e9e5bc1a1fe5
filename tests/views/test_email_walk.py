"""Searches for emails over many months, in every way that they are looked for: the same emails in the same order as in
plain Python, whatever of it is asked for first."""

import asyncio
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postroom.ground.database import Database, Transaction
from postroom.rooms.emails.outgoing_store import mark_sent
from postroom.rooms.emails.search_months import month_of, months_between, start_of_month
from postroom.rooms.emails.search_store import begin_progress, index_waiting
from postroom.rooms.emails.word_store import forget_words, words_beginning
from postroom.rooms.leads.lead import LeadContent, NewLead, Stamp
from postroom.rooms.leads.store import insert_lead
from postroom.rooms.smart_views.moments import Here
from postroom.rooms.smart_views.saved_search import Seeker
from postroom.rooms.users.store import insert_organization
from postroom.rooms.users.user import NewUser
from postroom.views.email_list import EmailFilter
from postroom.views.email_search import ask_for_emails, emails_with_words
from postroom.views.search_directory import Reader
from postroom.views.selection import Page, Span

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
READER = Reader(Seeker("user_1"), Here(NOW))
WORDS = ("crane", "harbour", "offer", "lunch", "noon", "rope", "sail", "mast")
DAYS = ("2023-11-02", "2025-01-01", "2025-09-30", "2026-04-20")

Mail = tuple[str, datetime, str, list[str], list[str]]
"""Id, when, status, words of the subject, words of the text."""


def mails() -> list[Mail]:
    """Some words are in every third email and some in few; several happened in the very same moment."""
    chance = random.Random(11)
    made = []
    for number in range(160):
        words = [chance.choices(WORDS, weights=(20, 20, 12, 8, 4, 2, 1, 1), k=chance.randint(0, 5)) for _ in range(2)]
        at = NOW - timedelta(days=int(chance.random() ** 2 * 1300), hours=0 if number % 4 else chance.randint(0, 9))
        made.append((f"acti_{number:03}", at, chance.choice(("inbox", "sent", "sent")), *words))
    return made


async def fill(tx: Transaction) -> tuple[str, list[Mail]]:
    org = (await insert_organization(tx, "One", NewUser("a@x.test", "A", "B", ""), NOW)).organization_id
    lead_id, _ = await insert_lead(tx, org, NewLead(LeadContent("Acme")), Stamp(None, NOW))
    made = mails()
    for email_id, at, status, subject, body in made:
        await tx.execute(
            "insert into emails (organization_id, id, lead_id, status, direction, subject, body_text, activity_at,"
            " date_created, date_updated) values (%s, %s, %s, %s, 'incoming', %s, %s, %s, %s, %s)",
            (org, email_id, lead_id, status, " ".join(subject), " ".join(body), at, at, at),
        )
        await tx.execute("insert into emails_to_index (organization_id, email_id) values (%s, %s)", (org, email_id))
    await index_waiting(tx, org, 1000)
    return org, made


def ranked(made: list[Mail], asked: "Asked") -> list[str]:
    """What is meant, in its order, in plain Python."""
    found = []
    for email_id, at, status, subject, body in made:
        if asked.without and asked.without in subject + body:
            continue
        if not all(word in subject or word in body for word in asked.words):
            continue
        if asked.phrase and not any(_side_by_side(asked.phrase, text) for text in (subject, body)):
            continue
        after, before = (
            datetime.fromisoformat(f"{day}T00:00Z") if day else None for day in (asked.after, asked.before)
        )
        if asked.body and asked.body not in body:
            continue
        if (asked.status and status != asked.status) or (after and at < after) or (before and at >= before):
            continue
        in_subject = all(word in subject for word in asked.words)
        in_subject = in_subject and (not asked.phrase or _side_by_side(asked.phrase, subject))
        found.append((not in_subject, -at.timestamp(), email_id))
    return [email_id for _, _, email_id in sorted(found)]


def _side_by_side(phrase: tuple[str, str], text: list[str]) -> bool:
    return phrase in pairwise(text)


class Asked:
    """A search that a person could type."""

    def __init__(self, chosen: tuple[list[str], tuple[str, str] | None, str, str, str, str, str]) -> None:
        self.words, self.phrase, self.without, self.status, self.after, self.before, self.body = chosen

    def __repr__(self) -> str:
        pieces = [*self.words, f'"{" ".join(self.phrase)}"' if self.phrase else ""]
        named = {"-": self.without, "status:": self.status, "after:": self.after, "before:": self.before}
        named["body:"] = self.body
        return " ".join([one for one in pieces if one] + [f"{name}{value}" for name, value in named.items() if value])


def _maybe(*values: str) -> st.SearchStrategy[str]:
    return st.one_of(st.just(""), st.sampled_from(values))


_WORD = st.sampled_from(WORDS)
SEARCHES = st.tuples(
    st.lists(_WORD, min_size=1, max_size=2, unique=True),
    st.one_of(st.none(), st.none(), st.tuples(_WORD, _WORD)),
    _maybe(*WORDS),
    _maybe("inbox", "sent", "draft"),
    _maybe(*DAYS),
    _maybe(*DAYS),
    _maybe(*WORDS),
).map(Asked)


@contextmanager
def numbers(**wanted: int) -> Iterator[None]:
    """Other limits, so that few emails are looked for as many are."""
    with pytest.MonkeyPatch.context() as patch:
        for name, number in wanted.items():
            module = "postroom.rooms.emails.search_months" if name == "MOST_MONTHS" else "postroom.views.email_walk"
            patch.setattr(f"{module}.{name}", number)
        yield


WAYS = (
    {},
    {"FEW": 0},
    {"FEW": 0, "GLANCE": 7},
    {"FEW": 0, "GLANCE": 7, "LONGEST_LOOK": 40, "LOOKED_UP": 9},
    {"FEW": 0, "GLANCE": 2, "LONGEST_LOOK": 0, "LOOKED_UP": 1},
    {"FEW": 0, "GLANCE": 3, "LONGEST_LOOK": 0, "LOOKED_UP": 4, "MOST_MONTHS": 2},
    {"FEW_MILLISECONDS": 1, "GLANCE": 5},
)


def test_every_way_finds_the_same_emails_in_the_same_order(database_url: str) -> None:
    loop = asyncio.new_event_loop()
    db = loop.run_until_complete(Database.open(database_url, connections=2))

    async def prepare() -> tuple[str, list[Mail]]:
        async with db.transaction() as tx:
            return await fill(tx)

    org, made = loop.run_until_complete(prepare())

    async def found(query: str, page: Page) -> tuple[list[str], bool]:
        async with db.transaction() as tx:
            asked = await ask_for_emails(tx, org, query, READER)
            emails, has_more = await emails_with_words(tx, org, (asked, EmailFilter()), page)
            return [one.email.id for one in emails], has_more

    sizes: list[int] = []

    @settings(max_examples=150, deadline=None, database=None, suppress_health_check=[*HealthCheck])
    @given(SEARCHES, st.sampled_from(WAYS), st.integers(1, 12), st.integers(0, 15))
    def agree(asked: Asked, way: dict[str, int], limit: int, skip: int) -> None:
        expected = ranked(made, asked)
        sizes.append(len(expected))
        with numbers(**way):
            answer = loop.run_until_complete(found(repr(asked), Page(limit, skip)))
        assert answer == (expected[skip : skip + limit], len(expected) > skip + limit), (repr(asked), way)

    agree()
    assert sum(0 < size < len(made) for size in sizes) > 30
    loop.run_until_complete(db.close())
    loop.close()


async def test_a_filter_of_time_narrows_a_search(database_url: str) -> None:
    db = await Database.open(database_url, connections=2)
    since, until = datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 9, 30, tzinfo=UTC)
    async with db.transaction() as tx:
        org, made = await fill(tx)
        wanted = [one for one in made if since <= one[1] < until]
        for way in WAYS:
            with numbers(**way):
                asked = await ask_for_emails(tx, org, "crane", READER)
                only = EmailFilter(activity_at=Span(gte=since, lt=until))
                emails, _ = await emails_with_words(tx, org, (asked, only), Page(200))
            expected = ranked(wanted, Asked((["crane"], None, "", "", "", "", "")))
            assert expected and [one.email.id for one in emails] == expected
    await db.close()


async def test_an_email_sent_in_another_month_is_found_in_that(database_url: str) -> None:
    db = await Database.open(database_url, connections=2)
    async with db.transaction() as tx:
        org, _ = await fill(tx)
        await tx.execute("update emails set status = 'outbox' where organization_id = %s and id = 'acti_005'", (org,))
        for moment, waits in ((NOW, True), (NOW + timedelta(days=2), False), (NOW + timedelta(days=40), True)):
            await tx.execute(
                "update emails set status = 'outbox' where organization_id = %s and id = 'acti_005'", (org,)
            )
            assert await mark_sent(tx, org, "acti_005", moment)
            assert await index_waiting(tx, org, 10) == (["acti_005"] if waits else [])
            months = await (
                await tx.execute(
                    "select months from email_search where organization_id = %s and email_id = 'acti_005'", (org,)
                )
            ).fetchone()
            assert months == ([month_of(org, moment)],)
    await db.close()


async def test_the_database_numbers_months_as_we_do(database_url: str) -> None:
    db = await Database.open(database_url, connections=1)
    moments = [datetime(1970, 1, 1, tzinfo=UTC), NOW, datetime(2024, 12, 31, 23, 59, 59, tzinfo=UTC)]
    async with db.reading() as tx:
        for moment in moments:
            row = await (
                await tx.execute(
                    "select ('x' || left(md5(%s || ' ' || to_char(%s::timestamptz at time zone 'UTC', 'YYYY-MM')),"
                    " 8))::bit(32)::integer",
                    ("orga_1", moment),
                )
            ).fetchone()
            assert row == (month_of("orga_1", moment),)
    await db.close()


def test_months_are_named_from_the_first_to_the_last() -> None:
    since, until = datetime(2025, 11, 30, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    named = [month_of("orga_1", datetime(year, month, 9, tzinfo=UTC)) for year, month in
             ((2025, 11), (2025, 12), (2026, 1), (2026, 2))]  # fmt: skip
    assert months_between("orga_1", since, until) == named
    assert months_between("orga_1", datetime(2001, 1, 1, tzinfo=UTC), until) is None
    assert start_of_month(until, 0) == until and start_of_month(until, 3) == datetime(2025, 11, 1, tzinfo=UTC)
    assert start_of_month(until, 100_000) == datetime(1, 2, 1, tzinfo=UTC) or start_of_month(until, 100_000).year == 1


async def test_beginnings_are_looked_for_as_the_words_that_begin_so(database_url: str) -> None:
    db = await Database.open(database_url, connections=2)
    async with db.transaction() as tx:
        org, made = await fill(tx)
        assert await words_beginning(tx, org, "") is None and await words_beginning(tx, org, "4") is None
        assert await words_beginning(tx, org, "ha") == ("ha", "harbour")
        assert await words_beginning(tx, org, "zebra") == ("zebra",)
        asked = await ask_for_emails(tx, org, "ha* -cra*", READER)
        assert "'harbour'" in asked.words.anywhere.exact and "'crane'" in asked.words.anywhere.exact
        assert ":*" not in asked.words.anywhere.exact + asked.words.headers.exact
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("postroom.rooms.emails.word_store.MOST_ENDINGS", 0)
            assert "'ha':*" in (await ask_for_emails(tx, org, "ha*", READER)).words.anywhere.exact
        other = (await insert_organization(tx, "Two", NewUser("b@x.test", "A", "B", ""), NOW)).organization_id
        assert await words_beginning(tx, other, "ha") == ("ha",)
        assert made
    await db.close()


@pytest.mark.parametrize("for_a_beginning", [0, 10**9], ids=["asked of the index", "not asked of the index"])
async def test_a_beginning_that_many_words_have_narrows_a_search_in_every_way(
    database_url: str, for_a_beginning: int
) -> None:
    db = await Database.open(database_url, connections=2)
    async with db.transaction() as tx:
        org, made = await fill(tx)
        expected = ranked(made, Asked((["harbour", "crane"], None, "", "", "", "", "")))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("postroom.rooms.emails.word_store.MOST_ENDINGS", 0)
            for way in WAYS:
                with numbers(MORE_FOR_A_BEGINNING=for_a_beginning, **way):
                    asked = await ask_for_emails(tx, org, "har* crane", READER)
                    assert "'har':*" in asked.words.anywhere.exact
                    emails, _ = await emails_with_words(tx, org, (asked, EmailFilter()), Page(200))
                assert expected and [one.email.id for one in emails] == expected
    await db.close()


async def test_words_that_stand_in_no_email_any_more_are_let_go(database_url: str) -> None:
    db = await Database.open(database_url, connections=2)
    async with db.transaction() as tx:
        org, made = await fill(tx)
        await begin_progress(tx, org)
        assert await forget_words(tx, org, 100) == 8
        await tx.execute(
            "delete from emails where organization_id = %s and (subject || ' ' || body_text) like '%%mast%%'", (org,)
        )
        assert [await forget_words(tx, org, 3) for _ in range(4)] == [3, 3, 2, 3]
        assert await words_beginning(tx, org, "mas") == ("mas",)
        assert await words_beginning(tx, org, "cra") == ("cra", "crane")
        assert any("mast" in subject + body for _, _, _, subject, body in made)
    await db.close()

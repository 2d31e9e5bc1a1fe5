"""Emails by the words in them."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from psycopg.types.json import Jsonb

from postroom.ground.database import Database, Transaction
from postroom.rooms.emails import search_tokens
from postroom.rooms.emails.search_store import index_anew, index_waiting
from postroom.rooms.leads.lead import LeadContent, NewLead, Stamp
from postroom.rooms.leads.store import insert_lead
from postroom.rooms.smart_views.mistakes import QueryMistake
from postroom.rooms.smart_views.moments import Here
from postroom.rooms.smart_views.saved_search import Seeker
from postroom.rooms.users.store import insert_organization
from postroom.rooms.users.user import NewUser
from postroom.views.email_list import EmailFilter
from postroom.views.email_search import FoundEmail, ask_for_emails, emails_with_words
from postroom.views.search_directory import Reader
from postroom.views.selection import Page

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
READER = Reader(Seeker("user_1"), Here(NOW))
MAILS = {
    "acti_1": ("Offer for the harbour crane", "We would like to sell you a crane.", "zoe@acme.example", []),
    "acti_2": ("Re: Invoice 4711", "The crane's invoice is attached, Ümit", "max@other.example", ["plan_crane.pdf"]),
    "acti_3": ("Lunch?", "Tomorrow at noon, 50% off", "eve@acme.example", []),
    "acti_4": ("見積書の件", "東京都の倉庫について。ราคาสินค้าทั้งหมด", "Łukasz <lu@firma.example>", []),
    "acti_5": ("Crème brûlée", "about a crane far away " + "word " * 17_000 + "needle", "eve@acme.example", []),
}


async def add(tx: Transaction, org: str, lead_id: str) -> None:
    for number, (email_id, (subject, text, sender, files)) in enumerate(MAILS.items()):
        at = NOW.replace(day=1 + number)
        await tx.execute(
            "insert into emails (organization_id, id, lead_id, status, direction, sender, to_list, subject, body_text,"
            " attachments, activity_at, date_created, date_updated)"
            " values (%s, %s, %s, 'inbox', 'incoming', %s, %s, %s, %s, %s, %s, %s, %s)",
            (org, email_id, lead_id, sender, [f"team{number}@us.example"], subject, text,
             Jsonb([{"filename": one} for one in files]), at, at, at),
        )  # fmt: skip
        await tx.execute("insert into emails_to_index (organization_id, email_id) values (%s, %s)", (org, email_id))


@pytest.fixture
async def found_by(database_url: str) -> AsyncIterator[tuple[Transaction, str]]:
    db = await Database.open(database_url, connections=2)
    async with db.transaction() as tx:
        org = (await insert_organization(tx, "One", NewUser("a@x.test", "A", "B", ""), NOW)).organization_id
        lead_id, _ = await insert_lead(tx, org, NewLead(LeadContent("Acme")), Stamp(None, NOW))
        await add(tx, org, lead_id)
        assert len(await index_waiting(tx, org, 10)) == 5
        yield tx, org
    await db.close()


async def search(tx: Transaction, org: str, words: str, page: Page = Page(10)) -> list[FoundEmail]:
    asked = await ask_for_emails(tx, org, words, READER)
    return (await emails_with_words(tx, org, (asked, EmailFilter()), page))[0]


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("crane", ["acti_2", "acti_1", "acti_5"]),  # in the subject or a file's name first, the newest of them first
        ("CRANE invoice", ["acti_2"]),
        ("crane -invoice", ["acti_1", "acti_5"]),
        ('crane -"harbour crane"', ["acti_2", "acti_5"]),
        ("crane not invoice", ["acti_1", "acti_5"]),
        ('"harbour crane"', ["acti_1"]),
        ('"harbour cra', []),  # an open quote ends with the text, and a phrase is whole words
        ('"harbour crane', ["acti_1"]),
        ('"crane harbour"', []),
        ('"4711 the"', []),  # no phrase reaches from the subject into the text
        ("ümit", ["acti_2"]),
        ("umit", ["acti_2"]),
        ("Re: Invoice", ["acti_2"]),  # as a copied subject begins
        ('subject:"re: invoice" AW: crane', []),
        ('subject:"re: invoice" RE: crane', ["acti_2"]),
        ("BRULEE", ["acti_5"]),
        ("lukasz", ["acti_4"]),
        ("har", ["acti_1"]),
        ("har*", ["acti_1"]),
        ("crane inv", ["acti_2"]),
        ("zoe@acme.example", ["acti_1"]),
        ("4711", ["acti_2"]),
        ("lunch or offer", ["acti_3", "acti_1"]),
        ("50%", ["acti_3"]),
        ("needle", ["acti_5"]),
        ("plan_crane.pdf", ["acti_2"]),
        ("東京", ["acti_4"]),
        ("東京都", ["acti_4"]),
        ("京都の倉", ["acti_4"]),
        ("都", ["acti_4"]),
        ("件", ["acti_4"]),
        ("京東", []),
        ("見積", ["acti_4"]),
        ("สินค้า", ["acti_4"]),
        ("ค้าสิน", []),
        ("from:zoe", ["acti_1"]),
        ("crane from:eve", ["acti_5"]),
        ("to:team1", ["acti_2"]),
        ("subject:lunch", ["acti_3"]),
        ("has:attachment", ["acti_2"]),
        ("crane not has:attachment", ["acti_1", "acti_5"]),
        ("after:2026-05-04", ["acti_5", "acti_4"]),
        ("crane before:2026-05-02", ["acti_1"]),
        ("crane before:2026-05-03 after:2026-05-02", ["acti_2"]),
        ("& % -", []),
        ("a" * 500, []),
    ],
)
async def test_words_phrases_and_beginnings_find_emails(
    found_by: tuple[Transaction, str], words: str, ids: list[str]
) -> None:
    assert [one.email.id for one in await search(*found_by, words)] == ids


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("müller", ["acti_6", "acti_7"]), ("mueller", ["acti_6", "acti_7"]), ("Muelle", ["acti_6", "acti_7"]),
        ('"herr müller"', ["acti_6"]), ('"herr mueller"', ["acti_6"]), ("muller", ["acti_6"]), ("grueße", ["acti_7"]),
        ("-müller herr", []), ("michael", []), ("neue", ["acti_7"]), ("value", []), ("due", []),
    ],
)  # fmt: skip
async def test_umlauts_are_found_in_both_spellings(
    found_by: tuple[Transaction, str], words: str, ids: list[str]
) -> None:
    tx, org = found_by
    texts = {"acti_6": "Herr Müller", "acti_7": "mueller@firma.example schickt neue Grüße, Michal valu du"}
    for email_id, text in texts.items():
        await tx.execute(
            "insert into emails (organization_id, id, lead_id, status, direction, subject, body_text, activity_at,"
            " date_created, date_updated) select organization_id, %s, lead_id, status, direction, '', %s,"
            " activity_at - interval '1 day' * %s, date_created, date_updated from emails"
            " where organization_id = %s and id = 'acti_1'",
            (email_id, text, int(email_id[-1]), org),
        )
        await tx.execute("insert into emails_to_index (organization_id, email_id) values (%s, %s)", (org, email_id))
    await index_waiting(tx, org, 10)
    found = await search(tx, org, words)
    assert [one.email.id for one in found] == ids
    assert all(any(piece.is_match for piece in one.excerpt) for one in found)


async def test_pages_follow_each_other_over_both_rounds(found_by: tuple[Transaction, str]) -> None:
    pages = [await search(*found_by, "crane", Page(1, skip)) for skip in range(4)]
    assert [[one.email.id for one in page] for page in pages] == [["acti_2"], ["acti_1"], ["acti_5"], []]


async def test_what_was_found_is_shown_in_pieces(found_by: tuple[Transaction, str]) -> None:
    (found,) = await search(*found_by, "harbour cran like")
    assert [(one.text, one.is_match) for one in found.subject] == [
        ("Offer for the ", False), ("harbour", True), (" ", False), ("crane", True),
    ]  # fmt: skip
    assert [one.text for one in found.excerpt if one.is_match] == ["like", "crane"]
    (found,) = await search(*found_by, "倉庫 東京")
    assert [one.text for one in found.excerpt if one.is_match] == ["東京", "倉庫"]
    (found,) = await search(*found_by, "from:max not lunch")
    assert [one.text for one in found.sender if one.is_match] == ["max"] and found.subject == ()


@pytest.mark.parametrize(("words", "column"), [("crane form:eve", 7), ("crane )", 7), ("date < soon", 8)])
async def test_a_mistake_has_its_place(found_by: tuple[Transaction, str], words: str, column: int) -> None:
    with pytest.raises(QueryMistake) as mistake:
        await search(*found_by, words)
    assert mistake.value.column == column


async def test_another_organization_finds_nothing(found_by: tuple[Transaction, str]) -> None:
    tx, _ = found_by
    assert await search(tx, "orga_other", "crane") == []


async def test_a_new_method_indexes_everything_anew_in_slices(
    found_by: tuple[Transaction, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tx, org = found_by
    rounds = [await index_anew(tx, org, 2) for _ in range(3)]
    assert rounds == [True, True, False]
    await tx.execute("update email_search set words = 'old' where organization_id = %s", (org,))
    assert await index_anew(tx, org, 2) is False  # done, and not done again
    assert await search(tx, org, "crane") == []
    monkeypatch.setattr("postroom.rooms.emails.search_store.METHOD", search_tokens.METHOD + 1)
    while await index_anew(tx, org, 2):
        pass
    assert len(await search(tx, org, "crane")) == 3

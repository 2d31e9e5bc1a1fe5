"""Emails by the words in them."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from postroom.ground.database import Database, Transaction
from postroom.rooms.emails.search_store import index_waiting
from postroom.rooms.leads.lead import LeadContent, NewLead, Stamp
from postroom.rooms.leads.store import insert_lead
from postroom.rooms.users.store import insert_organization
from postroom.rooms.users.user import NewUser
from postroom.views.email_list import EmailFilter
from postroom.views.email_search import emails_with_words
from postroom.views.selection import Page

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
MAILS = {
    "acti_1": ("Offer for the harbour crane", "We would like to sell you a crane.", "zoe@acme.example"),
    "acti_2": ("Re: Invoice 4711", "The crane's invoice is attached, Ümit", "max@other.example"),
    "acti_3": ("Lunch?", "Tomorrow at noon, 50% off", "eve@acme.example"),
}


@pytest.fixture
async def found_by(database_url: str) -> AsyncIterator[tuple[Transaction, str]]:
    db = await Database.open(database_url, connections=2)
    async with db.transaction() as tx:
        org = (await insert_organization(tx, "One", NewUser("a@x.test", "A", "B", ""), NOW)).organization_id
        lead_id, _ = await insert_lead(tx, org, NewLead(LeadContent("Acme")), Stamp(None, NOW))
        for number, (email_id, (subject, text, sender)) in enumerate(MAILS.items()):
            at = NOW.replace(minute=number)
            await tx.execute(
                "insert into emails (organization_id, id, lead_id, status, direction, sender, subject, body_text,"
                " activity_at, date_created, date_updated)"
                " values (%s, %s, %s, 'inbox', 'incoming', %s, %s, %s, %s, %s, %s)",
                (org, email_id, lead_id, sender, subject, text, at, at, at),
            )
            await tx.execute("insert into emails_to_index (organization_id, email_id) values (%s, %s)", (org, email_id))
        await index_waiting(tx, org, 10)
        yield tx, org
    await db.close()


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("crane", ["acti_2", "acti_1"]),
        ("CRANE invoice", ["acti_2"]),
        ("crane -invoice", ["acti_1"]),
        ('"harbour crane"', ["acti_1"]),
        ('"crane harbour"', []),
        ("ümit", ["acti_2"]),
        ("har", ["acti_1"]),
        ("crane inv", ["acti_2"]),
        ("zoe@acme.example", ["acti_1"]),
        ("4711", ["acti_2"]),
        ("lunch or offer", ["acti_3", "acti_1"]),
        ("50%", ["acti_3"]),
        ("' : & | ! ( ) <-> \\ %", []),
        ("a" * 500, []),
    ],
)
async def test_words_phrases_and_beginnings_find_emails(
    found_by: tuple[Transaction, str], words: str, ids: list[str]
) -> None:
    tx, org = found_by
    emails, has_more = await emails_with_words(tx, org, (words, EmailFilter()), Page(10))
    assert [email.id for email in emails] == ids and not has_more


async def test_another_organization_finds_nothing(found_by: tuple[Transaction, str]) -> None:
    tx, _ = found_by
    assert await emails_with_words(tx, "orga_other", ("crane", EmailFilter()), Page(10)) == ([], False)

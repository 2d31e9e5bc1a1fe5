"""Random words and phrases of many scripts, in PostgreSQL and in plain Python over the same texts: they agree."""

import asyncio
import random
import re
import unicodedata
from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postroom.ground.database import Database, Transaction
from postroom.rooms.emails.search_store import index_waiting
from postroom.rooms.leads.lead import LeadContent, NewLead, Stamp
from postroom.rooms.leads.store import insert_lead
from postroom.rooms.smart_views.moments import Here
from postroom.rooms.smart_views.saved_search import Seeker
from postroom.rooms.users.store import insert_organization
from postroom.rooms.users.user import NewUser
from postroom.views.email_list import EmailFilter
from postroom.views.email_search import ask_for_emails, emails_with_words
from postroom.views.search_directory import Reader
from postroom.views.selection import Page

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
WORDS = (
    "offer", "Offer", "off", "crane", "Müller", "muller", "STRASSE", "straße", "Ærø", "Łódź", "naïve", "x1", "2026",
    "Ёлка", "елка", "Αθήνα", "αθηνα", "שלום", "कीमत", "東京", "東京都", "京都", "都", "大阪 東京", "価格", "ガイド",
    "ｶﾞｲﾄﾞ", "สินค้า", "ราคาสินค้า", "ราคา", "계약서", "서울", "offer東京", "e-mail", "a_b", "jo@x.test", "ﬁne", "q",
)  # fmt: skip
DENSE = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")


def plain(text: str) -> str:
    """Without case, accents and stops, by another way than the product's: words with one blank around each."""
    text = unicodedata.normalize("NFKC", text).casefold().translate(str.maketrans("øłæ", "ola"))
    apart = unicodedata.normalize("NFD", text)
    text = unicodedata.normalize("NFC", "".join(one for one in apart if not "\u0300" <= one <= "\u036f"))
    kept = "".join(one if one.isalnum() or unicodedata.category(one)[0] == "M" else " " for one in text)
    blanks = re.sub(r"(?<=[^ ])(?=[^ ])", lambda at: _between(kept, at.start()), kept)
    return f" {' '.join(blanks.split())} "


def _between(text: str, at: int) -> str:
    """A blank where a script without blanks meets another."""
    return " " if bool(DENSE.match(text[at - 1])) != bool(DENSE.match(text[at])) else ""


def stands(wanted: str, text: str, is_begun: bool) -> bool:
    """Whether the words of `wanted` stand side by side; within a script without blanks anywhere."""
    words = plain(wanted).split()
    pieces = []
    for word in words:
        is_dense = bool(DENSE.match(word))
        last = word is words[-1]
        begin = r"[^ ]*" if is_dense and word is words[0] else ""
        end = r"[^ ]*" if (is_dense and last) or (last and is_begun) else ""
        pieces.append(begin + re.escape(word) + end)
    return bool(words) and re.search(rf" {' '.join(pieces)} ", plain(text)) is not None


def texts(chance: random.Random) -> tuple[str, str]:
    def words(most: int) -> str:
        glue = (" ", " ", ", ", "-", "。", "")
        return "".join(f"{chance.choice(WORDS)}{chance.choice(glue)}" for _ in range(chance.randint(0, most)))

    return words(3), words(8)


async def fill(tx: Transaction) -> tuple[str, dict[str, tuple[str, str]]]:
    chance = random.Random(7)
    org = (await insert_organization(tx, "One", NewUser("a@x.test", "A", "B", ""), NOW)).organization_id
    lead_id, _ = await insert_lead(tx, org, NewLead(LeadContent("Acme")), Stamp(None, NOW))
    made = {f"acti_{number:03}": texts(chance) for number in range(120)}
    for email_id, (subject, body) in made.items():
        await tx.execute(
            "insert into emails (organization_id, id, lead_id, status, direction, subject, body_text, activity_at,"
            " date_created, date_updated) values (%s, %s, %s, 'inbox', 'incoming', %s, %s, %s, %s, %s)",
            (org, email_id, lead_id, subject, body, NOW, NOW, NOW),
        )
        await tx.execute("insert into emails_to_index (organization_id, email_id) values (%s, %s)", (org, email_id))
    await index_waiting(tx, org, 1000)
    return org, made


def test_words_and_phrases_of_all_scripts_find_what_plain_python_finds(database_url: str) -> None:
    loop = asyncio.new_event_loop()
    db = loop.run_until_complete(Database.open(database_url, connections=2))
    reader = Reader(Seeker("user_1"), Here(NOW))

    async def prepare() -> tuple[str, dict[str, tuple[str, str]]]:
        async with db.transaction() as tx:
            return await fill(tx)

    org, made = loop.run_until_complete(prepare())

    async def found(query: str) -> set[str]:
        async with db.transaction() as tx:
            asked = await ask_for_emails(tx, org, query, reader)
            emails, _ = await emails_with_words(tx, org, (asked, EmailFilter()), Page(200))
            for one in emails:
                shown = "".join(piece.text for piece in one.subject)
                assert shown in ("", unicodedata.normalize("NFKC", one.email.subject or ""))
            return {one.email.id for one in emails}

    sizes: list[int] = []
    phrases = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)

    @settings(max_examples=150, deadline=None, database=None, suppress_health_check=[*HealthCheck])
    @given(st.lists(st.tuples(phrases, st.booleans()), min_size=1, max_size=2))
    def agree(asked: list[tuple[str, bool]]) -> None:
        query = " ".join(f'"{phrase}"' if is_phrase else phrase for phrase, is_phrase in asked)
        wanted = [
            (one, not is_phrase)
            for phrase, is_phrase in asked
            for one in ([phrase] if is_phrase else phrase.split())
        ]  # fmt: skip
        expected = {
            email_id
            for email_id, parts in made.items()
            if all(any(stands(one, part, is_begun) for part in parts) for one, is_begun in wanted)
        }
        sizes.append(len(expected))
        assert loop.run_until_complete(found(query)) == expected, query

    agree()
    assert sum(0 < size < len(made) for size in sizes) > 30
    loop.run_until_complete(db.close())
    loop.close()

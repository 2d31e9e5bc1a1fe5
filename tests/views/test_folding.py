"""Case and accents do not count: the database and Python make the same of every letter."""

import sys
import unicodedata
from collections.abc import AsyncIterator

import pytest

from postroom.ground.database import Database
from postroom.views.search_words import folded


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    db = await Database.open(database_url, connections=1)
    yield db
    await db.close()


async def test_the_database_folds_every_letter_as_python_does(db: Database) -> None:
    letters = [
        letter
        for letter in map(chr, range(1, sys.maxunicode + 1))
        if unicodedata.category(letter)[0] in "LMNPSZ" and unicodedata.unidata_version >= "14"
    ]
    async with db.transaction() as tx:
        rows = await tx.execute("select one, folded('x' || one || 'x') from unnest(%s::text[]) one", (letters,))
        different = [letter for letter, told in await rows.fetchall() if told != folded(f"x{letter}x")]
    assert len(different) < len(letters) / 1_000, different[:50]  # letters newer than one of the two Unicode tables
    common = "LATIN", "GREEK", "CYRILLIC", "ARABIC", "HEBREW", "CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "DEVANA"
    assert [one for one in different if unicodedata.name(one, "").startswith(common)] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Müller", "muller"), ("STRASSE Straße", "strasse strasse"), ("Ёлка", "елка"), ("Ｗｉｄｅ", "wide"),
        ("Łódź", "lodz"), ("Ὀδυσσεύς", "οδυσσευσ"), ("ﬁn", "fin"), ("İstanbul", "istanbul"), ("ガ", "ガ"),
        ("הוּא", "הוא"), ("Đặng Thị", "dang thi"), ("plain ASCII_%", "plain ascii_%"),
    ],
)  # fmt: skip
def test_what_people_leave_out_does_not_count(text: str, found: str) -> None:
    assert folded(text) == found

"""Queries of the words that stand in an organization's emails, by which beginnings of words are looked for."""

import re
from collections.abc import Iterable, Sequence

from postroom.ground.database import Transaction

MOST_ENDINGS = 40
"""Words that are looked for instead of a beginning; if there are more, the beginning itself is."""

_PLAIN_WORD = re.compile(r"(?:^| )'([^0-9':][^':]*)'")
_LAST_CHARACTER = "\U0010ffff"


def words_of(vectors: Iterable[str]) -> list[str]:
    """The words of some tsvectors, without the names of headers, that are kept here."""
    found: set[str] = set()
    for vector in vectors:
        found.update(_PLAIN_WORD.findall(vector))
    return sorted(found)  # always in one order: of two who enter the same words one waits for the other, and no more


async def add_words(tx: Transaction, organization_id: str, words: Sequence[str]) -> None:
    """These stand in emails now. To be done last: whoever enters the same ones waits for the end of the transaction."""
    await tx.execute(
        "insert into search_words (organization_id, word) select %s, w.word from unnest(%s::text[]) w(word)"
        " where not exists (select 1 from search_words k where k.organization_id = %s and k.word = w.word)"
        " order by w.word on conflict do nothing",
        (organization_id, list(words), organization_id),
    )


async def words_beginning(tx: Transaction, organization_id: str, beginning: str) -> tuple[str, ...] | None:
    """All words that begin so, itself with them; None where they are very many, or not kept."""
    if not beginning or beginning[0] in "0123456789":
        return None
    rows = await (
        await tx.execute(
            "select word from search_words where organization_id = %s and word >= %s and word < %s limit %s",
            (organization_id, beginning, f"{beginning}{_LAST_CHARACTER}", MOST_ENDINGS + 1),
            prepare=False,
        )
    ).fetchall()
    if len(rows) > MOST_ENDINGS:
        return None
    return tuple(dict.fromkeys((beginning, *(row[0] for row in rows))))


async def organizations_with_words(tx: Transaction) -> list[str]:
    """Organizations whose words are looked after; for the clock, which serves all."""
    rows = await (await tx.execute("select organization_id from search_progress order by organization_id")).fetchall()
    return [row[0] for row in rows]


async def forget_words(tx: Transaction, organization_id: str, limit: int) -> int:
    """Of the next words, those that stand in no email any more are let go; how many were looked at.

    Nobody enters words meanwhile: who found one here would not enter it again.
    """
    await tx.execute("lock table search_words in share row exclusive mode")
    row = await (
        await tx.execute(
            "with due as (select w.word from search_words w join search_progress p"
            " on p.organization_id = w.organization_id where w.organization_id = %(org)s and w.word > p.words_checked"
            " order by w.word limit %(limit)s), gone as (delete from search_words w using due d"
            " where w.organization_id = %(org)s and w.word = d.word and not exists (select 1 from email_search s"
            " where s.organization_id = %(org)s and s.words @@ (quote_literal(d.word))::tsquery) returning w.word),"
            " reached as (update search_progress p set words_checked = case when (select count(*) from due) < %(limit)s"
            " then '' else (select max(word) from due) end where p.organization_id = %(org)s)"
            " select count(*) from due",
            {"org": organization_id, "limit": limit},
        )
    ).fetchone()
    return int(row[0]) if row else 0

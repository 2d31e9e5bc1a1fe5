"""Emails by the words in them: first those that have the words in their subject, people or file names, then those that
have them in the text, each the newest first. New emails are found some seconds after they are on their leads.

The language is that of all searches, about emails: words, "phrases", begun*, from:, to:, subject:, has:attachment,
before:, after:, -without. Every statement has a time limit.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import msgspec
from psycopg import errors

from postroom.ground.database import Transaction
from postroom.ground.errors import TooLong
from postroom.rooms.emails.search_highlights import Piece, Term, excerpt, highlighted, terms_of
from postroom.rooms.smart_views.query import parse
from postroom.rooms.smart_views.tree import And, Holds, Matches, Mode, Node, Not, Or, Query, Words, is_me, joined
from postroom.views.email_list import EMAIL_JOINS, SUMMARY_COLUMNS, EmailFilter, EmailSummary, email_conditions
from postroom.views.email_words import Sought, SoughtWords, sought
from postroom.views.search_directory import Reader, asking_of, views_for
from postroom.views.search_full_text import COMMON_EMAILS, begun, unveiled
from postroom.views.search_places import Place
from postroom.views.search_sql import Writer
from postroom.views.search_words import parts
from postroom.views.selection import Page, Where, cut, rows_of
from postroom.views.time_limit import limit_time, limited

MOST_MILLISECONDS = 5_000
WALK_MILLISECONDS = 2_000
GLANCE = 3_000
"""So many of the newest emails are looked at first: what stands in one of a hundred has filled a page by then."""
SEEN_OFTEN = 64
"""Emails with the words among those: if there are more, there are too many in all to look them up."""
MEANT_OFTEN = 16
"""Those of them that are meant: if there are more, going on finds a page sooner than looking them all up."""
LONGEST_SHOWN = 20_000
"""Characters of a text that are looked through for what to show of it."""
_QUOTES = '"“”„«»'
_TEXT_FIELDS = ("subject", "body", "body_text", "from", "sender", "to")


_Asking: TypeAlias = tuple[str, dict[str, Any]]
"""A condition on `emails e` and its values."""


@dataclass(frozen=True, slots=True)
class AskedEmails:
    """A search read and ready. `where` is a condition on `emails e`, `words` is what the index answers, `terms` what to
    show of it."""

    text: str
    where: str
    values: dict[str, Any]
    words: SoughtWords
    terms: tuple[Term, ...]


class FoundEmail(msgspec.Struct, frozen=True):
    """An email and what of it was looked for: its subject and sender in pieces, and an excerpt of its text, each empty
    where nothing was found in it."""

    email: EmailSummary
    subject: tuple[Piece, ...]
    sender: tuple[Piece, ...]
    excerpt: tuple[Piece, ...]


async def ask_for_emails(tx: Transaction, organization_id: str, text: str, reader: Reader) -> AskedEmails:
    """Read a search. Raises QueryMistake with the place of what is wrong."""
    query = read_search(text)
    # What the index of words answers is asked for at once, not word by word.
    nodes = query.where.nodes if isinstance(query.where, And) else (query.where,)
    words, rest = sought(nodes)
    writer = Writer(await asking_of(tx, organization_id, reader), await views_for(tx, organization_id, query, reader))
    where = "false" if words.says_nothing else f"({writer.condition(joined(And, rest), Place('email', 'e'))})"
    return AskedEmails(text, where, writer.values.named, words, terms_of(_shown(query.where)))


def read_search(text: str) -> Query:
    """The query about emails that a person types: an open quote ends with the text, and `-word` means without it."""
    if sum(text.count(quote) for quote in _QUOTES) % 2:
        text += '"'
    query = parse(text)
    return replace(query, kind="email", where=_with_minus(query.where))


async def emails_with_words(
    tx: Transaction, organization_id: str, search: tuple[AskedEmails, EmailFilter], page: Page
) -> tuple[list[FoundEmail], bool]:
    """The emails of a search that a filter lets through, and whether there are more."""
    asked_emails, wanted = search
    await limit_time(tx, MOST_MILLISECONDS)
    try:
        ids, has_more = await _ids(tx, asked_emails, email_conditions(organization_id, wanted), page)
    except errors.QueryCanceled as error:
        raise TooLong("This search takes too long; narrow it by a date or a person.") from error
    emails = {email.id: email for email in await _summaries(tx, organization_id, ids, wanted.base_url)}
    texts = await texts_of(tx, organization_id, ids)
    found = await asyncio.to_thread(_found, [emails[one] for one in ids if one in emails], texts, asked_emails.terms)
    return found, has_more


async def texts_of(tx: Transaction, organization_id: str, ids: Sequence[str]) -> dict[str, str]:
    """The beginnings of the texts of these emails, to show what was found in them."""
    rows = await (
        await tx.execute(
            "select id, left(body_text, %s) from seen_emails where organization_id = %s and id = any(%s)",
            (LONGEST_SHOWN, organization_id, list(ids)),
        )
    ).fetchall()
    return {row[0]: row[1] for row in rows}


def _with_minus(node: Node) -> Node:
    """`-word`, and `-` before a phrase, as Not."""
    if isinstance(node, And):
        found: list[Node] = []
        for one in node.nodes:
            is_after_minus = bool(found) and isinstance(found[-1], Words) and found[-1].text in ("-*", "-")
            found[-1 if is_after_minus else len(found) :] = [Not(one) if is_after_minus else _with_minus(one)]
        return joined(And, tuple(found))
    if isinstance(node, Words) and node.mode is Mode.PATTERN and node.text.startswith("-") and len(node.text) > 2:
        return Not(Words(node.mode, node.text[1:], node.at))
    return replace(node, nodes=tuple(map(_with_minus, node.nodes))) if isinstance(node, Or) else node


def _shown(node: Node) -> list[tuple[str, str]]:
    """The words that are looked for, those that must not be there left out."""
    if isinstance(node, Words):
        return [begun(node.mode, part) for part in parts(node.mode, node.text)]
    if isinstance(node, Holds) and isinstance(node.condition, Matches) and node.field.name in _TEXT_FIELDS:
        if is_me(node.condition.value):
            return []
        return [begun(node.condition.mode, part) for part in parts(node.condition.mode, node.condition.value.text)]
    return [one for part in node.nodes for one in _shown(part)] if isinstance(node, And | Or) else []


async def condition_of(tx: Transaction, organization_id: str, search: AskedEmails) -> tuple[str, dict[str, Any]]:
    """All of a search as one condition on `emails e`, and its values. Of rare words the emails are known by then."""
    words = search.words.anywhere
    if not words:
        return search.where, search.values
    hits = await _hits(tx, organization_id, words)
    held = _HAS_WORDS if hits is None else _IS_A_HIT
    return f"({search.where} and {held})", {**search.values, "words": words.exact, "hits": hits}


async def _ids(tx: Transaction, search: AskedEmails, where: Where, page: Page) -> tuple[list[str], bool]:
    """One page of ids: first those with the words in their headers, then those with them elsewhere."""
    wanted = page.skip + page.limit + 1
    asking = f"{where} and {search.where}", {**where.values, **search.values}
    if not search.words.anywhere:
        return cut((await _newest(tx, asking, wanted))[page.skip :], page)
    in_headers, elsewhere = await _glance(tx, asking, search.words)
    found, others = in_headers.ids, elsewhere.ids
    if len(found) < wanted:
        found = await _round(tx, asking, (search.words.headers, in_headers), wanted)
    if len(found) + len(others) < wanted:
        others = await _round(tx, asking, (search.words.elsewhere, elsewhere), wanted - len(found))
    return cut((found + others)[:wanted][page.skip :], page)


@dataclass(frozen=True, slots=True)
class _Glimpse:
    """Of the newest emails those that are meant, and how many have the words, whatever else is asked of them."""

    ids: list[str]
    seen: int

    @property
    def is_often(self) -> bool:
        """Whether the next ones will be met soon."""
        return self.seen > SEEN_OFTEN or len(self.ids) > MEANT_OFTEN


async def _glance(tx: Transaction, asking: _Asking, words: SoughtWords) -> tuple[_Glimpse, _Glimpse]:
    """Emails with the words in their headers, and emails with them elsewhere."""
    condition, values = asking
    async with limited(tx, MOST_MILLISECONDS):
        await tx.execute(_ON_THE_WAY)
        found = await _looked_at(tx, (condition, values), words)
    return _glimpse([row for row in found if row[1]]), _glimpse([row for row in found if not row[1]])


async def _looked_at(tx: Transaction, asking: _Asking, words: SoughtWords) -> list[tuple[str, bool, bool]]:
    """Of the newest emails those with the words: whether in their headers, and whether they are meant."""
    condition, values = asking
    rows = await tx.execute(
        f"select e.id, s.words @@ %(headers)s::tsquery, ({unveiled('e')} and {condition}) is true"
        " from (select e.* from emails e where e.organization_id = %(organization_id)s"
        " order by e.activity_at desc, e.id limit %(glance)s) e"
        " join email_search s on s.organization_id = e.organization_id and s.email_id = e.id"
        " where s.words @@ %(words)s::tsquery order by e.activity_at desc, e.id",
        {**values, "words": words.anywhere.exact, "headers": words.headers.exact, "glance": GLANCE},
        prepare=False,
    )
    return await rows.fetchall()


def _glimpse(rows: Sequence[tuple[str, bool, bool]]) -> _Glimpse:
    return _Glimpse([one for one, _, is_meant in rows if is_meant], len(rows))


async def _round(tx: Transaction, asking: _Asking, asked: tuple[Sought, _Glimpse], most: int) -> list[str]:
    """The newest emails with these words, of which this was seen at a glance.

    Rare words are looked up first, and then their emails sorted. Emails with common words are met soon on the way from
    the newest to the oldest; unless all of them are old.
    """
    (condition, values), (words, glimpse) = asking, asked
    hits = None if glimpse.is_often else await _hits(tx, values["organization_id"], words)
    if hits is not None:
        return await _newest(tx, (f"{condition} and {_IS_A_HIT}", {**values, "hits": hits}), most) if hits else []
    values = {**values, "words": words.exact, "loose": words.loose}
    try:
        async with limited(tx, WALK_MILLISECONDS):
            await tx.execute(_ON_THE_WAY)
            return await _newest(tx, (f"{condition} and {_HAS_WORDS}", values), most)
    except errors.QueryCanceled:
        return await _newest(tx, (f"{condition} and e.id in ({_all_hits(words)})", values), most)


async def _newest(tx: Transaction, asking: _Asking, most: int) -> list[str]:
    condition, values = asking
    # Not from `seen_emails`: its columns are expressions, which no index of the table knows.
    rows = await tx.execute(
        f"select e.id from emails e where {unveiled('e')} and {condition}"
        " order by e.activity_at desc, e.id limit %(most)s",
        {**values, "most": most},
        prepare=False,
    )
    return [row[0] for row in await rows.fetchall()]


async def _hits(tx: Transaction, organization_id: str, words: Sought) -> list[str] | None:
    """The emails with these words; None if they are very many."""
    rows = await tx.execute(
        f"{_all_hits(words)} limit %(most)s",
        {"organization_id": organization_id, "words": words.exact, "loose": words.loose, "most": COMMON_EMAILS + 1},
        prepare=False,
    )
    hits = [row[0] for row in await rows.fetchall()]
    return hits if len(hits) <= COMMON_EMAILS else None


async def _summaries(tx: Transaction, organization_id: str, ids: Sequence[str], base_url: str) -> list[EmailSummary]:
    cursor = rows_of(tx, EmailSummary)
    await cursor.execute(
        f"select {SUMMARY_COLUMNS} from seen_emails e {EMAIL_JOINS}"
        " where e.organization_id = %(organization_id)s and e.id = any(%(ids)s)",
        {"organization_id": organization_id, "ids": list(ids), "base_url": base_url},
    )
    return await cursor.fetchall()


def _found(emails: Sequence[EmailSummary], texts: dict[str, str], terms: Sequence[Term]) -> list[FoundEmail]:
    return [
        FoundEmail(
            email,
            _if_found(highlighted(email.subject or "", terms)),
            _if_found(highlighted(email.sender or "", terms)),
            excerpt(texts.get(email.id, ""), terms),
        )
        for email in emails
    ]


def _if_found(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    return pieces if any(piece.is_match for piece in pieces) else ()


def _all_hits(words: Sought) -> str:
    """The function of an operator is never asked of an index."""
    exactly = "" if words.exact == words.loose else " and ts_match_vq(s.words, %(words)s::tsquery)"
    return (
        "select s.email_id from email_search s where s.organization_id = %(organization_id)s"
        f" and s.words @@ %(loose)s::tsquery{exactly}"
    )


_HAS_WORDS = (
    "exists (select 1 from email_search s where s.organization_id = e.organization_id and s.email_id = e.id"
    " and s.words @@ %(words)s::tsquery)"
)
_ON_THE_WAY = "select set_config('enable_bitmapscan', 'off', true)"
"""Words are looked for in one email after the other, and not in the index of words."""
_IS_A_HIT = "e.id = any(%(hits)s)"

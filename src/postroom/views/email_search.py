"""Emails by the words in them: first those that have the words in their subject, people or file names, then those that
have them in the text, each the newest first. New emails are found some seconds after they are on their leads.

The language is that of all searches, about emails: words, "phrases", begun*, from:, to:, subject:, has:attachment,
before:, after:, -without. Every statement has a time limit.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from psycopg import errors

from postroom.ground.database import Transaction
from postroom.ground.errors import TooLong
from postroom.rooms.emails.search_highlights import Piece, Term, excerpt, highlighted, terms_of
from postroom.rooms.smart_views.query import parse
from postroom.rooms.smart_views.tree import And, Holds, Matches, Mode, Node, Not, Or, Query, Words, is_me, joined
from postroom.views.email_list import EMAIL_JOINS, SUMMARY_COLUMNS, EmailFilter, EmailSummary, email_conditions
from postroom.views.email_time import Stretch, stretch_of, stretch_of_span
from postroom.views.email_walk import MOST_MILLISECONDS, Asking, newest, newest_ranked
from postroom.views.email_words import SoughtWords, sought
from postroom.views.search_directory import Reader, asking_of, views_for
from postroom.views.search_full_text import begun, endings_of
from postroom.views.search_places import Place
from postroom.views.search_sql import Writer
from postroom.views.search_words import parts
from postroom.views.selection import Page, Where, cut, rows_of
from postroom.views.time_limit import limit_time

MOST_BEGUN = 12
"""Beginnings of words that are looked up."""
LONGEST_SHOWN = 20_000
"""Characters of a text that are looked through for what to show of it."""
_QUOTES = '"“”„«»'
# A subject that somebody copied. The first alternative steps over what stands in quotes.
_REPLY = re.compile(r'"[^"]*"|(?<!\S)(re|aw|antw|fw|fwd|wg|sv|vs|tr|rv):(?=\s)', re.IGNORECASE)
_TEXT_FIELDS = ("subject", "body", "body_text", "from", "sender", "to")


@dataclass(frozen=True, slots=True)
class AskedEmails:
    """A search read and ready. `where` is a condition on `emails e`, `words` is what the index answers, `terms` what to
    show of it, `stretch` the time that it means."""

    text: str
    where: str
    values: dict[str, Any]
    words: SoughtWords
    terms: tuple[Term, ...]
    stretch: Stretch


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
    asking = await asking_of(tx, organization_id, reader)
    writer = Writer(asking, await views_for(tx, organization_id, query, reader))
    where = "false" if words.says_nothing else f"({writer.condition(joined(And, rest), Place('email', 'e'))})"
    words = words.ended(await endings_of(tx, organization_id, words.begun[:MOST_BEGUN]))
    terms, stretch = terms_of(_shown(query.where)), stretch_of(nodes, asking)
    return AskedEmails(text, where, writer.values.named, words, terms, stretch)


def read_search(text: str) -> Query:
    """The query about emails that a person types: an open quote ends with the text, and `-word` means without it."""
    if sum(text.count(quote) for quote in _QUOTES) % 2:
        text += '"'
    query = parse(_REPLY.sub(_without_colon, text))
    return replace(query, kind="email", where=_with_minus(query.where))


def _without_colon(found: re.Match[str]) -> str:
    """`Re: offer` asks for both words; every other place in the text stays where it is."""
    return f"{found[1]} " if found[1] else found[0]


async def emails_with_words(
    tx: Transaction, organization_id: str, search: tuple[AskedEmails, EmailFilter], page: Page
) -> tuple[list[FoundEmail], bool]:
    """The emails of a search that a filter lets through, and whether there are more."""
    asked_emails, wanted = search
    asking = _asking(asked_emails, email_conditions(organization_id, wanted), stretch_of_span(wanted.activity_at))
    async with in_time(tx):
        ids, has_more = await _ids(tx, asking, asked_emails.words, page)
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


async def newest_of(tx: Transaction, search: AskedEmails, narrowed: tuple[Where, str], most: int) -> list[str]:
    """Ids of the emails of a search that a filter lets through, and then a condition that nearly all of them fulfil;
    the newest first."""
    where, lastly = narrowed
    asking = replace(_asking(search, where, search.stretch), lastly=lastly)
    if search.words.anywhere:
        return await newest(tx, asking, search.words.anywhere, most)
    return await _newest(tx, asking, most)


def condition_of(search: AskedEmails) -> tuple[str, dict[str, Any]]:
    """All of a search as one condition on `emails e`, asked of one email after the other, and its values."""
    words = search.words.anywhere
    held = f" and {_HAS_WORDS}" if words else ""
    return f"({search.where}{held})", {**search.values, "words": words.exact}


def _asking(search: AskedEmails, where: Where, stretch: Stretch) -> Asking:
    common = search.stretch.within(stretch)
    return Asking(f"{where} and {search.where}", {**where.values, **search.values}, common.since, common.until)


@asynccontextmanager
async def in_time(tx: Transaction) -> AsyncIterator[None]:
    """Limits the statements of a search. Raises TooLong."""
    await limit_time(tx, MOST_MILLISECONDS)
    try:
        yield
    except errors.QueryCanceled as error:
        raise TooLong("This search takes too long; narrow it by a date or a person.") from error


async def _ids(tx: Transaction, asking: Asking, words: SoughtWords, page: Page) -> tuple[list[str], bool]:
    """One page of ids: first those with the words in their headers, then those with them elsewhere."""
    wanted = page.skip + page.limit + 1
    found = await (newest_ranked(tx, asking, words, wanted) if words.anywhere else _newest(tx, asking, wanted))
    return cut(found[page.skip :], page)


async def _newest(tx: Transaction, asking: Asking, most: int) -> list[str]:
    # Not from `seen_emails`: its columns are expressions, which no index of the table knows.
    rows = await tx.execute(
        f"select e.id from emails e where {asking.meant} order by e.activity_at desc, e.id limit %(most)s",
        {**asking.values, "most": most},
        prepare=False,
    )
    return [row[0] for row in await rows.fetchall()]


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


_HAS_WORDS = (
    "exists (select 1 from email_search s where s.organization_id = e.organization_id and s.email_id = e.id"
    " and s.words @@ %(words)s::tsquery)"
)

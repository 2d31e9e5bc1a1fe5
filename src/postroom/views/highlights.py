"""Where the words of a search stand in the leads and emails it finds: in pieces, so that nobody has to parse marks."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from postroom.ground.database import Transaction
from postroom.rooms.emails.search_highlights import Piece, Term, excerpt, highlighted, terms_of
from postroom.rooms.smart_views.tree import And, Holds, Matches, Node, Or, Query, Related, Words
from postroom.views.search_full_text import begun
from postroom.views.search_words import parts

LONGEST_SHOWN = 20_000
"""Characters of a text that are looked through."""


class PieceCard(msgspec.Struct, frozen=True):
    """A piece of a text, plain and never HTML; `is_match`: it was looked for."""

    text: str
    is_match: bool


Highlights = Mapping[str, list[PieceCard]]
"""By field: its text in pieces, of a long one an excerpt. Fields in which nothing was found are left out."""


async def highlights(
    tx: Transaction, organization_id: str, query: Query, ids: Sequence[str]
) -> Mapping[str, Highlights]:
    """By id what was found in these leads or emails; nothing for other kinds of things, or a search without words."""
    terms, sql = terms_of(_words(query.where)), _TEXTS.get(query.kind)
    if not terms or not sql or not ids:
        return {}
    rows = await (await tx.execute(sql, (LONGEST_SHOWN, organization_id, list(ids)))).fetchall()
    show = _in_lead if query.kind == "lead" else _in_email
    return await asyncio.to_thread(_shown, rows, terms, show)


def cards(pieces: Sequence[Piece]) -> list[PieceCard]:
    """Pieces as they are printed."""
    return [PieceCard(piece.text, piece.is_match) for piece in pieces]


def _words(node: Node) -> list[tuple[str, str]]:
    """The words that are looked for anywhere in a search; those that must not be there are left out."""
    if isinstance(node, And | Or):
        return [one for part in node.nodes for one in _words(part)]
    if isinstance(node, Related):
        return _words(node.inside)
    if isinstance(node, Words):
        return [begun(node.mode, part) for part in parts(node.mode, node.text)]
    if isinstance(node, Holds) and isinstance(node.condition, Matches) and node.field.name in _TEXT_FIELDS:
        return [begun(node.condition.mode, part) for part in parts(node.condition.mode, node.condition.value.text)]
    return []


Show = Callable[[Sequence[str], Sequence[Term]], dict[str, Sequence[Piece]]]


def _shown(rows: Sequence[tuple[Any, ...]], terms: Sequence[Term], show: Show) -> dict[str, Highlights]:
    found: dict[str, Highlights] = {}
    for row in rows:
        pieces = {name: cards(of) for name, of in show(row[1:], terms).items() if any(one.is_match for one in of)}
        if pieces:
            found[row[0]] = pieces
    return found


def _in_lead(texts: Sequence[str], terms: Sequence[Term]) -> dict[str, Sequence[Piece]]:
    """Of the contacts the first in whom something was found."""
    name, description, contacts = texts
    found: dict[str, Sequence[Piece]] = {"name": highlighted(name, terms), "description": excerpt(description, terms)}
    for contact in contacts.splitlines():
        found["contact"] = highlighted(contact, terms)
        if any(piece.is_match for piece in found["contact"]):
            break
    return found


def _in_email(texts: Sequence[str], terms: Sequence[Term]) -> dict[str, Sequence[Piece]]:
    subject, sender, body = texts
    return {
        "subject": highlighted(subject, terms),
        "sender": highlighted(sender, terms),
        "excerpt": excerpt(body, terms),
    }


_TEXT_FIELDS = frozenset(
    {"name", "display_name", "description", "contact_name", "email_address", "email", "title", "subject", "body",
     "body_text", "from", "sender", "to"}
)  # fmt: skip
_TEXTS = {
    "lead": (
        "select l.id, l.name, left(l.description, %s), coalesce((select string_agg(concat_ws(' ', nullif(c.name, ''),"
        " (select string_agg(e.address, ' ' order by e.position) from contact_emails e"
        " where e.organization_id = c.organization_id and e.contact_id = c.id)), E'\\n' order by c.position)"
        " from contacts c where c.organization_id = l.organization_id and c.lead_id = l.id), '')"
        " from leads l where l.organization_id = %s and l.id = any(%s)"
    ),
    "email": (
        "select e.id, coalesce(e.subject, ''), coalesce(e.sender, ''), left(coalesce(e.body_text, ''), %s)"
        " from seen_emails e where e.organization_id = %s and e.id = any(%s)"
    ),
}

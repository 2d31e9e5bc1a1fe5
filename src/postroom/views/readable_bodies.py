"""Emails with what programs read of their bodies: a text where only HTML was written, new words apart from quoted.

Both are worked out when an email is shown, and kept nowhere.
"""

import asyncio
from functools import lru_cache
from typing import Any

import msgspec

from postroom.views.email_list import EmailCard
from postroom.views.quoted_pieces import html_pieces, text_pieces
from postroom.wire.mime.html_text import text_from_html

_WORTH_A_THREAD = 50_000
"""Characters of bodies that take some milliseconds."""
_IN_WORK = ("draft", "scheduled", "outbox")
"""Of these the text is what its author has written, be it nothing: programs send it back."""


async def readable(cards: list[EmailCard]) -> list[EmailCard]:
    """These emails, in their order."""
    if sum(len(card.body_text or "") + len(card.body_html or "") for card in cards) > _WORTH_A_THREAD:
        return await asyncio.to_thread(_all, cards)
    return _all(cards)


async def readable_among(rows: list[Any]) -> list[Any]:
    """These activities, the emails among them so."""
    cards = await readable([row for row in rows if isinstance(row, EmailCard)])
    by_id = {card.id: card for card in cards}
    return [by_id.get(row.id, row) if isinstance(row, EmailCard) else row for row in rows]


def _all(cards: list[EmailCard]) -> list[EmailCard]:
    return [_one(card) for card in cards]


@lru_cache(256)
def _text_of(html: str) -> str:
    """What a list shows is read again and again, by pollers above all; working it out costs more than all the rest."""
    return text_from_html(html)


def _one(card: EmailCard) -> EmailCard:
    text, html = card.body_text, card.body_html or ""
    if text == "" and html and card.status not in _IN_WORK:
        text = _text_of(html)
    return msgspec.structs.replace(
        card, body_text=text, body_text_quoted=text_pieces(text or ""), body_html_quoted=html_pieces(html)
    )

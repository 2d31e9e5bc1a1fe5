"""The new words of a body apart from the quoted, as Close prints them."""

from functools import lru_cache

import msgspec

from postroom.wire.mime.quotes import split_html, split_text

_LONGEST_SPLIT = 50_000
"""Characters; longer bodies stay in one piece."""


class TextPiece(msgspec.Struct, frozen=True):
    """A piece of a text body; `expand` is true for new words, false for quoted ones."""

    text: str
    expand: bool


class HtmlPiece(msgspec.Struct, frozen=True):
    """The same of an HTML body."""

    html: str
    expand: bool


@lru_cache(256)
def text_pieces(text: str) -> list[TextPiece] | None:
    """New and quoted words apart. Bodies hardly change and are read again and again; splitting costs more than that."""
    if len(text) > _LONGEST_SPLIT:
        return [TextPiece(text, True)]
    split = split_text(text)
    pieces = [TextPiece(split.new, True), TextPiece(split.quoted, False)]
    return [piece for piece in pieces if piece.text] or None


@lru_cache(256)
def html_pieces(html: str) -> list[HtmlPiece] | None:
    """The same of HTML."""
    if len(html) > _LONGEST_SPLIT:
        return [HtmlPiece(html, True)]
    split = split_html(html)
    pieces = [HtmlPiece(split.new, True), HtmlPiece(split.quoted, False)]
    return [piece for piece in pieces if piece.html] or None

"""The text of a message whichever form it came in, and its first words."""

import html as entities
import re

from postroom.wire.mime.html_text import text_from_html
from postroom.wire.mime.quotes import new_words
from postroom.wire.mime.types import ParsedMessage

__all__ = ["body_text", "html_to_show", "preview", "preview_of", "text_from_html"]

PREVIEW_LENGTH = 200
_FIRST_LOOK, _SECOND_LOOK = 600, 6_000
_NOISE = re.compile(
    r"\[(?:image|cid|Bild|Image)\s*:[^\]]{0,200}\]|<?https?://[^\s<>]{40,}>?|[-_=*~]{4,}|[\u2500-\u257f]{3,}"
)
_NOISE_BEGINS = ("[", "://", "----", "____", "====", "****", "~~~~", "-=", "=-")
"""No ASCII text without one of these has noise in it: mixed rules such as `-=-=` begin with the last two."""
_INVISIBLE = re.compile("[\u00ad\u034f\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\u2800\u3164]+")


def body_text(parsed: ParsedMessage) -> str:
    """The text of the message, derived from the HTML where there is only HTML; "" where there is neither."""
    if parsed.text is not None and (parsed.html is None or parsed.text.strip()):
        return parsed.text
    return text_from_html(parsed.html) if parsed.html else ""


def html_to_show(parsed: ParsedMessage) -> str | None:
    """The HTML with the plain text that stands beside it, so that nothing a person wrote is missing; still unsafe."""
    if parsed.html is None or not (parsed.text_beside_html or "").strip():
        return parsed.html
    beside = entities.escape((parsed.text_beside_html or "").strip("\n"))
    return f'<div style="white-space:pre-wrap">{beside}</div>\n{parsed.html}'


def preview(parsed: ParsedMessage) -> str:
    """The first 200 characters or so of the new words, on one line; of the quoted where there are no new ones."""
    return preview_of(body_text(parsed))


def preview_of(text: str) -> str:
    """The preview for a text that is already at hand."""
    # Most often the first words are new ones, and there are enough of them; a quote on top asks for a longer look.
    words = _one_line(new_words(text[:_FIRST_LOOK])[: PREVIEW_LENGTH * 2])
    if len(words) < PREVIEW_LENGTH // 2 and len(text) > _FIRST_LOOK:
        words = _one_line(new_words(text[:_SECOND_LOOK]))
    return words or _one_line(text[:_SECOND_LOOK])


def preview_of_new(text: str) -> str:
    """The preview of a text of our own making, which quotes nobody."""
    return _one_line(text[: PREVIEW_LENGTH * 2])


def _one_line(text: str) -> str:
    if not text.isascii():
        text = _INVISIBLE.sub(" ", _NOISE.sub(" ", text))
    elif any(mark in text for mark in _NOISE_BEGINS):
        text = _NOISE.sub(" ", text)
    line = " ".join(text.split())
    if len(line) <= PREVIEW_LENGTH:
        return line
    cut = line.rfind(" ", PREVIEW_LENGTH - 40, PREVIEW_LENGTH)
    return line[: cut if cut > 0 else PREVIEW_LENGTH].rstrip(" ,;:-") + "…"

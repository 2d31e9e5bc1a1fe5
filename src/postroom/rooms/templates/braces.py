"""Finds the tags in a text: `{{ variable | filter }}`, `{variable}`, `{% if … %}`. All other braces are text.

Editors change what people type: a quote becomes `&quot;` or “, a blank `&nbsp;`, and a half-bold tag has markup in it.
Inside of tags all of that is undone; outside nothing is touched, so a text without tags comes back letter by letter.
"""

import html
import re
from dataclasses import dataclass
from enum import Enum

from postroom.rooms.templates.tags import CUSTOM_ROOTS, MEANT_ROOTS, ROOTS

LONGEST_TAG = 500
"""Characters. The longest real ones hold a fallback sentence; what is longer is text."""

BLOCK_WORDS = frozenset({
    "if", "elsif", "else", "endif", "unless", "endunless", "case", "when", "endcase", "for", "endfor", "break",
    "continue",
})  # fmt: skip


class Form(Enum):
    """What a text is written in: HTML, plain text, or plain text of one line as in a subject."""

    HTML = "html"
    TEXT = "text"
    LINE = "line"


class Kind(Enum):
    """What a piece of a text is. UNKNOWN looks like a tag and is none: it stands for itself, and is reported."""

    TEXT = "text"
    OUTPUT = "output"
    BLOCK = "block"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text. `source` is the piece as written, `at` where it begins.

    `expression` is what stands in the braces, tidied; for a block without its `word`. `markup` are HTML tags that stood
    inside the braces: they are kept, behind what the tag becomes, so that elements stay closed.
    """

    kind: Kind
    source: str
    at: int
    expression: str = ""
    word: str = ""
    markup: str = ""


_TAG = re.compile(
    rf"\{{\{{(?P<double>[^{{}}]{{1,{LONGEST_TAG}}}+)\}}\}}"
    rf"|\{{%(?P<block>(?:[^{{}}%]|%(?!\}})){{1,{LONGEST_TAG}}}+)%\}}"
    rf"|\{{(?P<single>[^{{}}]{{1,{LONGEST_TAG}}}+)\}}"
)
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*+>")
_END_OF = {
    "raw": re.compile(r"\{%-?\s*endraw\s*-?%\}"),
    "comment": re.compile(r"\{%-?\s*endcomment\s*-?%\}"),
}
_BLOCK = re.compile(r"-?\s*([A-Za-z_]+)\b(.*?)-?", re.DOTALL)
_SINGLE = re.compile(r"\s*([A-Za-z_]\w*)((?:\s*\.\s*\w[\w-]*)*)\s*(?:\|.*)?", re.DOTALL)
_CUSTOM = re.compile(r"\s*([A-Za-z]+)\s*\.\s*custom\s*\.\s*([^|]+?)\s*(\|.*)?", re.DOTALL | re.IGNORECASE)
_PATH = re.compile(r"\s*([A-Za-z_]\w*)((?:\s*\.\s*\w[\w-]*)*)\s*(\|.*)?", re.DOTALL)
_WORD = re.compile(r"\w[\w-]*")
_TYPED = {
    ord("\xa0"): " ", ord("\u200b"): None, ord("\ufeff"): None,
    **dict.fromkeys(map(ord, "“”„‟″"), '"'), **dict.fromkeys(map(ord, "‘’‚‛′"), "'"),
}  # fmt: skip


def read(source: str, form: Form) -> list[Piece]:
    """The text as pieces, in order; their sources together are the text, but for comments and the marks of raw."""
    pieces: list[Piece] = []
    absent: set[str] = set()
    begin = position = 0
    while (found := _TAG.search(source, position)) is not None:
        piece, position = _piece(found, form, absent)
        if piece is not None:
            if begin < piece.at:
                pieces.append(Piece(Kind.TEXT, source[begin : piece.at], begin))
            pieces.append(piece)
            begin = position
    if begin < len(source):
        pieces.append(Piece(Kind.TEXT, source[begin:], begin))
    return pieces


def _piece(found: re.Match[str], form: Form, absent: set[str]) -> tuple[Piece | None, int]:
    """What the braces are, None for text, and where to read on. `absent` remembers which ends do not come any more."""
    inside, markup = _tidied(found[found.lastgroup or 0], form)
    if found["block"] is not None:
        return _block(found, (inside, markup), absent)
    if not inside.strip() or (found["single"] is not None and not _was_meant(inside)):
        # Braces of a style sheet or of prose; a tag may begin at a brace inside of them, never at one before.
        return None, found.end()
    return Piece(Kind.OUTPUT, found[0], found.start(), _written_for_liquid(inside), markup=markup), found.end()


def _block(found: re.Match[str], tidied: tuple[str, str], absent: set[str]) -> tuple[Piece | None, int]:
    inside, markup = tidied
    named = _BLOCK.fullmatch(inside)
    if named is None:
        return None, found.end()
    word, expression, end = named[1].lower(), named[2].strip(), found.end()
    if word in _END_OF and word not in absent:
        closed = _END_OF[word].search(found.string, end)
        if closed is not None:
            kept = found.string[end : closed.start()] if word == "raw" else ""
            return Piece(Kind.TEXT, kept, found.start()), closed.end()
        absent.add(word)
    kind = Kind.BLOCK if word in BLOCK_WORDS else Kind.UNKNOWN
    return Piece(kind, found[0], found.start(), expression, word, markup), end


def _tidied(inside: str, form: Form) -> tuple[str, str]:
    """What the author meant to type, and the markup that an editor put between."""
    if form is not Form.HTML:
        return inside.translate(_TYPED), ""
    markup = "".join(_MARKUP.findall(inside)) if "<" in inside else ""
    text = _MARKUP.sub("", inside) if markup else inside
    return html.unescape(text).translate(_TYPED), markup


def _was_meant(inside: str) -> bool:
    """Whether single braces hold a variable: `{signature}`, or a dotted path that begins like one."""
    custom = _CUSTOM.fullmatch(inside)
    if custom is not None and custom[1].lower() in CUSTOM_ROOTS:
        return True
    path = _SINGLE.fullmatch(inside)
    if path is None:
        return False
    root = path[1].lower()
    return root in MEANT_ROOTS if path[2] else root == "signature"


def _written_for_liquid(inside: str) -> str:
    """The expression as Liquid writes it: known words in small letters, the name of a custom field in quotes."""
    custom = _CUSTOM.fullmatch(inside)
    if custom is not None and custom[1].lower() in CUSTOM_ROOTS:
        name = custom[2]
        quote = "'" if '"' in name else '"'
        return f"{custom[1].lower()}.custom[{quote}{name}{quote}] {custom[3] or ''}".strip()
    path = _PATH.fullmatch(inside)
    if path is not None and path[1].lower() in ROOTS:
        return f"{'.'.join(_WORD.findall(path[1] + path[2])).lower()} {path[3] or ''}".strip()
    return inside.strip()

"""HTML to the text a reader would see. By patterns, not by a document tree: linear, and quick enough for every message.

It makes text for search, previews and plain alternatives. What it gives is text, never markup to be shown.
"""

import html as entities
import re
from functools import lru_cache

from postroom.wire.mime.charsets import storable

_MOST = 2_000_000
"""Characters of HTML that are looked at; newsletters are below 200,000."""

_HIDDEN = re.compile(r"<(?:(style|script|head|title|template|noscript)\b|(!--)|(\?|!\[))", re.I)
_PREFORMATTED = re.compile(r"(<pre\b[^<>]*+>)([^<]*+(?:<(?!/pre)[^<]*+)*+)", re.I)
_TAG = re.compile(r"</?[a-zA-Z!?][^<>]*+>")
_LINK = re.compile(r"<a\b([^<>]*+)>([^<]*+(?:<(?!/?a\b)[^<]*+)*+)</a\s*+>", re.I)
_HREF = re.compile(r"""\bhref\s*+=\s*+["']?([^"'\s<>]{1,2000})""", re.I)
_MANY_BLANK = re.compile(r"\n{3,}")
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200d\u2060\u206a-\u206f\ufeff]+")
_DEEPEST_QUOTE = 20
_QUOTE_BEGIN, _QUOTE_END = "\n\x01\n", "\n\x02\n"
_LONGEST_NAME = 12


def _names(text: str) -> list[str]:
    """Each tag name as it is mostly written, small or capital, opening and closing."""
    names = text.split()
    return [*names, *(name.upper() for name in names)]


# What a tag becomes in the text; a tag that is not here becomes nothing.
_BECOMES = {
    **dict.fromkeys(_names("p /p h1 /h1 h2 /h2 h3 /h3 h4 /h4 h5 /h5 h6 /h6 ul /ul ol /ol dl /dl table /table"), "\n\n"),
    **dict.fromkeys(_names("pre /pre form /form article /article section /section center /center"), "\n\n"),
    **dict.fromkeys(_names("br br/ hr hr/ div /div tr /tr /li dt /dt dd /dd address /address header /header"), "\n"),
    **dict.fromkeys(_names("footer /footer"), "\n"),
    **dict.fromkeys(_names("/td /th"), " "),
    **dict.fromkeys(_names("li"), "\n- "),
    **dict.fromkeys(_names("blockquote"), _QUOTE_BEGIN),
    **dict.fromkeys(_names("/blockquote"), _QUOTE_END),
}  # fmt: skip


@lru_cache(maxsize=4)
def text_from_html(html: str) -> str:
    """What a reader would see, as plain text: paragraphs apart, quotes with ">", list items with "- ".

    The last few are remembered: an arriving message is asked for its text, its preview and its fingerprint in turn.
    """
    return _text(_without_hidden(html[:_MOST]))


def text_with_links(html: str) -> str:
    """The same with each link's address behind its words, for the plain form of an email written as HTML."""
    return _text(_LINK.sub(_link_with_address, _without_hidden(html[:_MOST])))


def _link_with_address(found: re.Match[str]) -> str:
    href, words = _HREF.search(found[1]), found[2]
    address = href[1] if href else "#"
    shown = _TAG.sub("", words).strip()
    if (
        address.startswith("#")
        or not shown
        or address.removeprefix("mailto:").rstrip("/") in (shown, shown.rstrip("/"))
    ):
        return words
    return f"{words} ({address.removeprefix('mailto:')})"


def _without_hidden(html: str) -> str:
    """Without what is never shown: style, script, comments, the head. One that is never closed hides the rest."""
    if not _HIDDEN.search(html):
        return html
    lower = html.lower()
    kept, position = [], 0
    absent: set[str] = set()
    while (found := _HIDDEN.search(html, position)) is not None:
        kept.append(html[position : found.start()])
        position = _end_of_hidden(lower, found, absent)
    kept.append(html[position:])
    return " ".join(kept)


def _end_of_hidden(lower: str, found: re.Match[str], absent: set[str]) -> int:
    """`absent` remembers which ends do not come any more, so that no search is made twice over the same text."""
    begin = found.end()
    if not found[1]:
        return _after(lower, "-->" if found[2] else ">", begin, len(lower))
    name = found[1].lower()
    end = -1 if name in absent else lower.find(f"</{name}", begin)
    if end >= 0:
        return _after(lower, ">", end, len(lower))
    absent.add(name)
    # A style or script that never ends hides the rest, as browsers have it; an unclosed head only itself.
    return begin if name in ("head", "noscript", "template") else len(lower)


def _after(lower: str, mark: str, begin: int, otherwise: int) -> int:
    at = lower.find(mark, begin)
    return at + len(mark) if at >= 0 else otherwise


def _text(html: str) -> str:
    if "<pre" in html or "<PRE" in html:
        html = _PREFORMATTED.sub(lambda found: found[1] + found[2].replace("\n", "<br>"), html)
    flat = _without_tags(" ".join(html.split()))
    if "&" in flat:
        flat = entities.unescape(flat)
    if not flat.isascii():
        flat = _INVISIBLE.sub("", flat).replace("\xa0", " ")
    lines = [line.strip() for line in flat.split("\n")]
    return storable(_MANY_BLANK.sub("\n\n", _quoted(lines)).strip())


def _without_tags(html: str) -> str:
    """The text between the tags, with line breaks where tags make them. One look at each tag."""
    first, *pieces = html.split("<")
    out = [first]
    becomes = _BECOMES
    for piece in pieces:
        tag, closing, text = piece.partition(">")
        if not closing or tag[:1] not in _BEGINS_TAG:
            # "3 < 4", and a tag that the end of the mail cut off.
            out.append("" if tag[:1] in _BEGINS_TAG else "<" + piece)
            continue
        name = tag.partition(" ")[0]
        made = becomes.get(name) or becomes.get(name.lower()) if len(name) < _LONGEST_NAME else None
        if made:
            out.append(made)
        if text:
            out.append(text)
    return "".join(out)


_BEGINS_TAG = frozenset("/!?abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


def _quoted(lines: list[str]) -> str:
    """The lines with a ">" for each quote they stand in."""
    if "\x01" not in lines and "\x02" not in lines:
        return "\n".join(lines)
    out, depth = [], 0
    for line in lines:
        if line == "\x01":
            depth = min(depth + 1, _DEEPEST_QUOTE)
        elif line == "\x02":
            depth = max(depth - 1, 0)
        elif depth:
            out.append(f"{'>' * depth} {line}".rstrip())
        else:
            out.append(line)
    return "\n".join(line for index, line in enumerate(out) if line.strip("> ") or not index or out[index - 1] != line)

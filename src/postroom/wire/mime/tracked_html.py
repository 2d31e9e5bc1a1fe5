"""An email's HTML with its links led by way of another address, and a picture of one point at its end.

Left as they are: links of a quote, of comments (Outlook's conditional ones too), to anything but the web, to
unsubscribe, and those whose words are themselves an address: words that name one place over a link to another look like
fraud to readers and filters alike. By patterns, in one pass: what cannot be read for certain is left alone.
"""

import re
from collections.abc import Callable
from html import escape, unescape

from postroom.wire.mime.quotes import begin_of_quote

# Comments and raw text end where they are closed, else with the document, as in browsers (HTML 13.2.5).
_PIECE = re.compile(
    r"""<!--.*?(?:-->|\Z)
      | <(?P<raw>style|script|title|textarea|noscript|template|xmp)\b.*?(?:</(?P=raw)|\Z)
      | <(?P<end>/?)(?P<name>a|blockquote)(?P<rest>(?=[\s/>])(?:"[^"<>]*"|'[^'<>]*'|[^"'<>])*+)>""",
    re.I | re.S | re.X,
)
_ATTRIBUTE = re.compile(r"""[\s/]([^\s"'<>/=]{1,60})\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'<>=`]++))""")
_TAG = re.compile(r"<[^<>]*+>")
_AN_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]+)+(?:/\S*)?", re.I)
_UNSUBSCRIBE = re.compile(
    r"unsubscribe|opt-?out|abmeld|abbestell|d[eé]sabonn|d[eé]sinscri|cancelar.suscripci|darse.de.baja|disiscriv|uitschrijv",
    re.I,
)
_LONGEST_WORDS = 2_000
_BODY_END = re.compile(r"</body\s*>", re.I)

Link = Callable[[str], str | None]
"""Gives the address to lead a link by; None leaves it as it is."""


def with_links(html: str, link: Link) -> str:
    """The same HTML with the links of its author's own words led by other addresses."""
    until = begin_of_quote(html)
    kept: list[str] = []
    position, depth = 0, 0
    for found in _PIECE.finditer(html, 0, until):
        name = (found["name"] or "").lower()
        if name == "blockquote":
            depth = max(0, depth + (-1 if found["end"] else 1))
        elif name == "a" and not found["end"] and not depth and (made := _led(html, found, link)):
            begin, end, address = made
            kept += (html[position:begin], f'"{escape(address)}"')
            position = end
    return "".join((*kept, html[position:]))


def with_pixel(html: str, address: str) -> str:
    """The same HTML with a picture of one point at its end."""
    pixel = f'<img src="{escape(address)}" width="1" height="1" alt="" border="0">'
    ends = list(_BODY_END.finditer(html))
    at = ends[-1].start() if ends else len(html)
    return f"{html[:at]}{pixel}{html[at:]}"


def _led(html: str, tag: re.Match[str], link: Link) -> tuple[int, int, str] | None:
    """Where the value of its `href` stands, with its quotes, and what stands there from now on."""
    # The first of two attributes of one name counts (HTML 13.2.5.33).
    href = next((one for one in _ATTRIBUTE.finditer(tag["rest"]) if one[1].lower() == "href"), None)
    if href is None:
        return None
    number = next(number for number in (2, 3, 4) if href[number] is not None)
    target = unescape(href[number]).strip()
    words = _words_of(html, tag.end())
    if _UNSUBSCRIBE.search(target) or _UNSUBSCRIBE.search(words) or _AN_ADDRESS.fullmatch(words):
        return None
    address = link(target)
    if address is None:
        return None
    quotes = 0 if number == 4 else 1
    begin = tag.start("rest")
    return begin + href.start(number) - quotes, begin + href.end(number) + quotes, address


def _words_of(html: str, begin: int) -> str:
    inside = html[begin : begin + _LONGEST_WORDS]
    end = re.search(r"</?a[\s>]", inside, re.I)
    return " ".join(unescape(_TAG.sub("", inside[: end.start()] if end else inside)).split())

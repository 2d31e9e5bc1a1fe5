"""HTML safe to show: no script, no form, no frame, nothing loaded that the caller did not allow.

It is made for a sandboxed frame with a content security policy; each of the three would do alone.
"""

import html as entities
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote

import css_inline
import nh3

from postroom.wire.mime.charsets import storable
from postroom.wire.mime.html_text import text_from_html
from postroom.wire.mime.styles import loads_image, safe_style

_MOST = 5_000_000
# Nesting makes the HTML libraries slow (time grows with its square) and, from 10,000 levels on, overflows css-inline's
# stack. Only these elements nest without end; documents with more of them than this are shown as text.
_MOST_BLOCKS = 6_000
_MOST_TAGS = 100_000
_MOST_REFERENCES = 100_000  # ampersands and non-breaking spaces, over which nh3 takes quadratic time too
_DEEPEST_STYLED = 400
_MOST_CSS = 200_000
_MOST_STYLE_WORK = 3_000_000

_BLOCK = re.compile(
    r"<(?:div|center|blockquote|table|ul|ol|dl|section|article|main|header|footer|nav|aside|figure|form|fieldset|details"
    r"|summary|address|dir|menu|pre|listing|h[1-6]|dialog|hgroup|search|body|object|applet|marquee|svg|math|template|select"
    r"|button|span|font|a)[\s/>]",
    re.I,
)
_STYLE_OR_COMMENT = re.compile(r"<!--|<style\b([^<>]*+)>", re.I)
# A font-face ends with its block: Word writes the rule for its every paragraph right behind it.
_IMPORT = re.compile(r"@font-face\s*\{[^{}]*\}|@(?:import|charset|namespace)[^;{}]*;?", re.I)
_BODY = re.compile(r"<(/?)body\b", re.I)
_CANONICAL_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)(?: [^<>"=]+="[^"]*")*>')
_VOID = frozenset({"br", "hr", "img", "wbr", "col"})
_CONTROL = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e\ufeff]+")
_LINK = re.compile(r"(?:https?://[^/]|mailto:|tel:|sms:)", re.I)
_REMOTE = re.compile(r"(?:https?:)?//[^/]", re.I)
_DATA_IMAGE = re.compile(r"data:image/(?:png|jpe?g|gif|webp|bmp);base64,[A-Za-z0-9+/=]+", re.I)

_TAGS = frozenset({
    "a", "abbr", "acronym", "address", "article", "aside", "b", "bdi", "bdo", "big", "blockquote", "br",
    "caption", "center", "cite", "code", "col", "colgroup", "dd", "del", "dfn", "div", "dl", "dt", "em",
    "figcaption", "figure", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "img",
    "ins", "kbd", "li", "main", "mark", "ol", "p", "pre", "q", "s", "samp", "section", "small", "span",
    "strike", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt", "u",
    "ul", "var", "wbr",
})  # fmt: skip
_GONE_WITH_CONTENT = frozenset({
    "script", "style", "title", "textarea", "noscript", "svg", "math", "template", "iframe", "object", "embed",
    "applet", "select", "option", "xmp", "noembed", "noframes", "plaintext", "audio", "video", "canvas", "head",
    "frameset",
})  # fmt: skip
_BOX = frozenset({"align", "valign", "bgcolor", "width", "height", "background"})
_ATTRIBUTES: dict[str, frozenset[str]] = {
    "*": frozenset({"style", "dir", "lang", "title", "align"}),
    "a": frozenset({"href"}),
    "img": frozenset({"src", "alt", "width", "height", "border", "hspace", "vspace"}),
    "font": frozenset({"color", "face", "size"}),
    "table": _BOX | {"border", "cellpadding", "cellspacing", "summary"},
    "td": _BOX | {"colspan", "rowspan", "nowrap", "headers", "scope"},
    "th": _BOX | {"colspan", "rowspan", "nowrap", "headers", "scope"},
    "tr": _BOX, "tbody": _BOX, "thead": _BOX, "tfoot": _BOX, "div": frozenset({"bgcolor", "background"}),
    "col": frozenset({"span", "width"}), "colgroup": frozenset({"span", "width"}),
    "ol": frozenset({"start", "type"}), "ul": frozenset({"type"}), "li": frozenset({"value", "type"}),
    "hr": frozenset({"size", "width", "color", "noshade"}), "br": frozenset({"clear"}),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ImageLinks:
    """Where images may come from. Each function gives the URL to put in place, or None to leave the image out.

    `remote` is asked with the http(s) URL (None: all remote images are blocked), `inline` with the Content-ID. Images
    that the HTML itself holds as data stay.
    """

    remote: Callable[[str], str | None] | None = None
    inline: Callable[[str], str | None] | None = None


@dataclass(frozen=True, slots=True)
class SafeHtml:
    """HTML for a sandboxed frame, and how many remote images were left out of it."""

    html: str
    blocked_images: int


@dataclass(slots=True)
class _Filter:
    """Decides about each attribute that the allow list let through."""

    images: ImageLinks
    blocked: int = field(default=0)

    def __call__(self, tag: str, name: str, value: str) -> str | None:
        if name == "style":
            if loads_image(value):
                self.blocked += 1
            return safe_style(value) or None
        if name == "href":
            return _safe_link(value)
        if name in ("src", "background"):
            return self.image(value)
        return value

    def image(self, value: str) -> str | None:
        url = _CONTROL.sub("", value)
        if url[:4].lower() == "cid:":
            return self.images.inline(unquote(url[4:])) if self.images.inline else None
        if _REMOTE.match(url):
            shown = (
                self.images.remote(url if url[:4].lower() == "http" else f"https:{url}") if self.images.remote else None
            )
            self.blocked += shown is None
            return shown
        return url if _DATA_IMAGE.fullmatch(url) else None


def safe_html(html: str, images: ImageLinks) -> SafeHtml:
    """The body of an email for showing. Styles are put into the elements, links open in a new window without referrer.

    Never raises; what the HTML libraries cannot take is given as text.
    """
    html = storable(html[:_MOST])
    if _is_too_much(html):
        return _as_text(html)
    keep = _Filter(images)
    try:
        # A frame has its own body; the email's becomes a block, or its background would be lost.
        body = _with_styles(_BODY.sub(r"<\1div", html))
        return SafeHtml(_clean(body, _ATTRIBUTES, keep), keep.blocked)
    except BaseException as failure:
        # pyo3 turns a panic in Rust into a BaseException of a type that cannot be imported.
        if type(failure).__module__ == "pyo3_runtime":
            return _as_text(html)
        raise


def _is_too_much(html: str) -> bool:
    return (
        html.count("<") > _MOST_TAGS
        or html.count("&") + html.count("\xa0") > _MOST_REFERENCES
        or len(_BLOCK.findall(html)) > _MOST_BLOCKS
    )


def _clean(html: str, attributes: dict[str, frozenset[str]], keep: Callable[[str, str, str], str | None] | None) -> str:
    return nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags=_GONE_WITH_CONTENT,
        attributes=attributes,
        attribute_filter=keep,
        link_rel="noopener noreferrer",
        set_tag_attribute_values={"a": {"target": "_blank"}},
        url_schemes=frozenset({"http", "https", "mailto", "tel", "sms", "cid", "data"}),
        url_relative="pass_through",
    )


def _with_styles(html: str) -> str:
    """The rules of style elements written into the elements they are for; style elements themselves never stay."""
    css = _style_sheet(html) if "<style" in html or "<STYLE" in html or "<Style" in html else ""
    if not css or css.count("{") * html.count("<") > _MOST_STYLE_WORK:
        return html
    # Cleaned first, so that the depth can be measured exactly and css-inline sees nothing but plain elements.
    plain = _clean(html, {**_ATTRIBUTES, "*": _ATTRIBUTES["*"] | {"class", "id"}}, None)
    if _depth(plain) > _DEEPEST_STYLED:
        return html
    inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=False, keep_at_rules=False)
    try:
        return inliner.inline_fragment(plain, css)
    except (ValueError, css_inline.InlineError):
        return plain


def _style_sheet(html: str) -> str:
    """The text of the style elements for screens. What stands in a comment, as for Outlook only, is not for us."""
    lower = html.lower()
    sheets, position = [], 0
    while (found := _STYLE_OR_COMMENT.search(html, position)) is not None:
        mark = "</style" if found[1] is not None else "-->"
        end = lower.find(mark, found.end())
        end = len(html) if end < 0 else end
        media = (found[1] or "").lower()
        if found[1] is not None and ("media" not in media or "screen" in media or "all" in media):
            sheets.append(html[found.end() : end])
        position = end + len(mark)
    css = "\n".join(sheets).replace("<!--", " ").replace("-->", " ")
    return _IMPORT.sub(" ", css) if len(css) <= _MOST_CSS else ""


def _depth(canonical: str) -> int:
    """How deep the elements nest, in HTML as nh3 writes it."""
    depth = deepest = 0
    for slash, name in _CANONICAL_TAG.findall(canonical):
        if slash:
            depth -= 1
        elif name not in _VOID:
            depth += 1
            deepest = max(deepest, depth)
    return deepest


def _safe_link(value: str) -> str | None:
    """Links to the web, to an address or a telephone. Anchors and relative links lead nowhere from a frame."""
    url = _CONTROL.sub("", value)
    return url if _LINK.match(url) else None


def _as_text(html: str) -> SafeHtml:
    text = entities.escape(text_from_html(html))
    return SafeHtml(f'<div style="white-space:pre-wrap">{text}</div>', 0)

"""The words that a search for emails asks for, as tsqueries: in all of an email, and in its subject, people and file
names alone. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from postroom.rooms.emails.search_tokens import (
    FILE,
    RECIPIENT,
    SENDER,
    SUBJECT,
    asked,
    asked_loosely,
    composed,
    phrase_of,
)
from postroom.rooms.smart_views.tree import And, Holds, Matches, Node, Not, Or, Words, is_me
from postroom.views.search_full_text import Endings, begun, begun_words, ended, words_of
from postroom.views.search_meaning import TextTest
from postroom.views.search_words import parts

_FIELDS = {
    **dict.fromkeys(("from", "sender"), SENDER),
    **dict.fromkeys(("to", "cc", "bcc"), RECIPIENT),
    **dict.fromkeys(("filename", "file"), FILE),
    **dict.fromkeys(("body", "body_text"), ""),
    "subject": SUBJECT,
}
"""Under which name the words of a field stand in the index: those of the text under none."""
_HEADERS = (SUBJECT, SENDER, RECIPIENT, FILE)


@dataclass(frozen=True, slots=True)
class Sought:
    """A tsquery, and a looser one that an index answers by itself: without what must not be there, without regard to
    the order of words, and without beginnings of words that others stand before, since that of an address's last word
    may be in every email."""

    exact: str
    loose: str
    each: tuple[str, ...] = ()
    """Of the looser one what must all be there, each on its own."""

    def __bool__(self) -> bool:
        return bool(self.exact)


@dataclass(frozen=True, slots=True)
class SoughtWords:
    """What is asked for in all of an email, and in its headers. `says_nothing`: words were asked for that are none."""

    anywhere: Sought
    headers: Sought
    says_nothing: bool = False

    @property
    def begun(self) -> tuple[str, ...]:
        """The beginnings of words that are asked for."""
        return begun_words(self.anywhere.exact)

    def ended(self, endings: Endings) -> "SoughtWords":
        """The same with all words that begin so instead of these beginnings."""
        return SoughtWords(_ended(self.anywhere, endings), _ended(self.headers, endings), self.says_nothing)

    @property
    def elsewhere(self) -> Sought:
        """In an email, but not in its headers."""
        return replace(self.anywhere, exact=f"({self.anywhere.exact}) & !({self.headers.exact})")


def _ended(words: Sought, endings: Endings) -> Sought:
    each = tuple(ended(one, endings) for one in words.each)
    return Sought(ended(words.exact, endings), ended(words.loose, endings), each)


def sought(nodes: Sequence[Node]) -> tuple[SoughtWords, tuple[Node, ...]]:
    """What the index of words answers of conditions that must all hold, and the rest of them."""
    plain = [node for node in nodes if _is_about_words(node)]
    has_words = any(_has_positive(node) for node in plain)
    if not has_words:
        return SoughtWords(_NOTHING, _NOTHING), tuple(nodes)
    whole = And(tuple(plain))
    anywhere, headers = _written(whole, ("",)), _written(whole, _HEADERS)
    rest = tuple(node for node in nodes if node not in plain)
    if not anywhere:
        return SoughtWords(_NOTHING, _NOTHING, says_nothing=True), rest
    narrowing = [words for node in rest if (words := _in_header(node))]
    return SoughtWords(_narrowed(anywhere, narrowing), _narrowed(headers, narrowing)), rest


def _in_header(node: Node) -> str:
    """What an index of words knows of a condition on a header or the text, which is asked besides: `from:zoe`."""
    if not isinstance(node, Holds) or node.field.is_custom or not isinstance(node.condition, Matches):
        return ""
    header = None if is_me(node.condition.value) else _FIELDS.get(node.field.name)
    test = TextTest(node.condition.mode, node.condition.value.text)
    return "" if header is None else words_of(test, header)


def _narrowed(words: Sought, narrowing: Sequence[str]) -> Sought:
    also = "".join(f" & {one}" for one in narrowing)
    return Sought(f"{words.exact}{also}", f"{words.loose}{also}", (*words.each, *narrowing))


_NOTHING = Sought("", "")


def _is_about_words(node: Node) -> bool:
    if isinstance(node, And | Or):
        return bool(node.nodes) and all(map(_is_about_words, node.nodes))
    return isinstance(node, Words) or (isinstance(node, Not) and isinstance(node.node, Words))


def _has_positive(node: Node) -> bool:
    """Whether something must be there: what must not be is no way to find anything."""
    if isinstance(node, And):
        return any(map(_has_positive, node.nodes))
    return all(map(_has_positive, node.nodes)) if isinstance(node, Or) else isinstance(node, Words)


def _written(node: Node, names: Sequence[str]) -> Sought:
    if isinstance(node, Not):
        inner = _written(node.node, ("",))
        return Sought(f"!({inner.exact})", "") if inner else _NOTHING
    if isinstance(node, And | Or):
        found = [one for one in (_written(one, names) for one in node.nodes) if one]
        sign = " & " if isinstance(node, And) else " | "
        exact, loose = sign.join(one.exact for one in found), sign.join(one.loose for one in found if one.loose)
        each = tuple(part for one in found for part in one.each) if isinstance(node, And) else (f"({loose})",)
        return Sought(f"({exact})", f"({loose})", each) if found else _NOTHING
    assert isinstance(node, Words)
    pieces = [begun(node.mode, part) for part in parts(node.mode, node.text)]
    each = tuple(filter(None, (_loosely(*_without_beginning(*piece), names) for piece in pieces)))
    return Sought(" & ".join(filter(None, (asked(*piece, names=names) for piece in pieces))), " & ".join(each), each)


def _loosely(text: str, begins: str, names: Sequence[str]) -> str:
    found = [one for one in (asked_loosely(text, begins, name) for name in names) if one]
    return f"({' | '.join(f'({one})' for one in found)})" if found else ""


def _without_beginning(text: str, begins: str) -> tuple[str, str]:
    """A text without its last word where that may be only begun, unless it is the only one."""
    text = composed(text)
    words = phrase_of(text)
    if not begins or len(words) < 2 or words[-1].is_piece:
        return text, begins
    return text[: words[-1].start].rstrip(), ""

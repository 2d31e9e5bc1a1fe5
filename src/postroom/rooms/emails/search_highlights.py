"""Where the words that somebody looked for stand in a text: pieces of it, so that nobody has to parse marks. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from postroom.rooms.emails.search_tokens import Token, composed, phrase_of, tokens

BEFORE_FOUND, LONGEST_EXCERPT = 60, 240
"""Characters of an excerpt: before the first word found, and in all."""
MOST_TOKENS = 12
"""Words asked for that are shown where they stand; more are found all the same."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase that was looked for; its last word may be only begun."""

    words: tuple[Token, ...]
    is_begun: bool

    def ends_at(self, found: Sequence[Token], at: int) -> int | None:
        """Where it ends if it begins with the token number `at`; None if it does not."""
        first, token = self.words[0].position, found[at]
        for word in self.words:
            place = at + word.position - first
            if place >= len(found):
                return None
            token = found[place]
            goes_on = len(word.word) == 1 if word.is_piece else self.is_begun and word is self.words[-1]
            if token.word not in word.spellings and not (goes_on and token.word.startswith(word.spellings)):
                return None
        last = self.words[-1]
        return token.start + 1 if last.is_piece and len(last.word) == 1 else token.end


def terms_of(phrases: Iterable[tuple[str, str]]) -> tuple[Term, ...]:
    """What to look for: texts, and "*" beside those whose last word may be only begun."""
    made = (Term(tuple(phrase_of(text)), begins == "*") for text, begins in phrases)
    return tuple(term for term in made if term.words)[:MOST_TOKENS]


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text, and whether it was looked for."""

    text: str
    is_match: bool


def highlighted(text: str, terms: Sequence[Term]) -> tuple[Piece, ...]:
    """All of a short text in pieces."""
    plain = composed(text)
    return _cut(plain, (0, len(plain)), _places(plain, terms))


def excerpt(text: str, terms: Sequence[Term]) -> tuple[Piece, ...]:
    """A piece of a long text around the first place; none where there is no place."""
    plain = " ".join(composed(text).split())
    places = _places(plain, terms)
    if not places:
        return ()
    start = max(0, places[0][0] - BEFORE_FOUND)
    if start:
        blank = plain.find(" ", start, places[0][0])
        start = start if blank < 0 else blank + 1
    end = min(len(plain), max(start + LONGEST_EXCERPT, places[0][1]))
    if end < len(plain):
        blank = plain.rfind(" ", places[0][1], end)
        end = end if blank < 0 else blank
    pieces = _cut(plain, (start, end), places)
    before = (Piece("… ", False),) if start else ()
    return before + pieces + ((Piece(" …", False),) if end < len(plain) else ())


def _places(plain: str, terms: Sequence[Term]) -> list[tuple[int, int]]:
    """Where any of the terms stands, in order; those that touch or overlap are one."""
    found = list(tokens(plain))
    joined: list[tuple[int, int]] = []
    for at, token in enumerate(found):
        ends = [end for term in terms if (end := term.ends_at(found, at)) is not None]
        if not ends:
            continue
        if joined and token.start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], *ends))
        else:
            joined.append((token.start, max(ends)))
    return joined


def _cut(plain: str, span: tuple[int, int], places: Iterable[tuple[int, int]]) -> tuple[Piece, ...]:
    reached, end = span
    pieces = []
    for first, last in places:
        if first < reached or last > end:
            continue
        pieces += [Piece(plain[reached:first], False), Piece(plain[first:last], True)]
        reached = last
    pieces.append(Piece(plain[reached:end], False))
    return tuple(piece for piece in pieces if piece.text)

"""How a text becomes the words it is found by, for the index and for whoever asks it: the same function for both. Pure.

A word is a run of letters, digits and their marks, without regard to case and accents: `Ünïcode` is `unicode`. In
scripts that set no blanks between words (Chinese, Japanese, Thai, …) every two neighbouring characters are a word, and
the last one of a run is one more; so any piece of such a run is found, and a longer piece is a phrase of its pairs.

Words are kept with their positions, so a phrase is decided by the index itself. Between one header and the next a
position is left out: no phrase reaches across.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate, islice, pairwise

METHOD = 1
"""Counted up when the words of a text change: everything is indexed anew then, in the background."""

SUBJECT, SENDER, RECIPIENT, FILE = "s:", "f:", "t:", "a:"
"""Before the words of a header, which stand in the index a second time under these names. No word holds a colon."""

LONGEST_WORD = 60
"""Characters; what is longer is no word anybody looks for. PostgreSQL takes 2,046 bytes."""
LAST_POSITION = 16_383
"""PostgreSQL knows no later one. Words behind it are found, phrases are not."""
MOST_POSITIONS = 255
"""Of one word in one email; PostgreSQL keeps no more."""
MOST_CHARACTERS = 200_000
"""Of all different words of an email, four bytes each at most: PostgreSQL refuses a tsvector above 1 MB."""

# Blocks of scripts without blanks between words: Thai and Lao, Myanmar, Khmer, Tai, kana, bopomofo, Han, Yi, Hangul.
_DENSE = (
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u0edc-\u0edf\u1000-\u103f\u1100-\u11ff\u1780-\u17d3\u1950-\u19df"
    "\u1a20-\u1a7e\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u3131-\u318e"
    "\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua48c\ua960-\ua97c\uaa60-\uaa7a\uac00-\ud7ff"
    "\uf900-\ufaff\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
_PLAIN = re.compile(r"[a-z0-9]+")
_DENSE_ONE = re.compile(f"[{_DENSE}]")
_WITHOUT_STROKE = dict(zip("øłđħŧıæœþð", "oldhtiaotd", strict=True))
"""Letters with a stroke, which Unicode does not take apart, and those that accompany them."""
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
SHORTEST_WITH_UMLAUT = 5
"""Letters of a word in which two may be an umlaut: of a shorter one (`due`, `joe`) another word would come of it."""
# Not as in neue, quelle, value, shoes, michael.
_AS_UMLAUT = re.compile(r"(?<![aeoq])ue(?![sd]?\Z)|ae(?!l?\Z)|oe(?!s?\Z)")
_STROKES = re.compile(f"[{''.join(_WITHOUT_STROKE)}]")
_PLACES = [str(position) for position in range(LAST_POSITION + 1)]


@dataclass(frozen=True, slots=True)
class Token:
    """A word as it is looked for, where it counts, and where it stands in the (composed) text.

    `is_piece`: of a script without blanks. A piece of one character may begin a pair. `other`: how else it may be
    written, of a word that is looked for.
    """

    word: str
    position: int
    start: int
    end: int
    is_piece: bool = False
    other: str = ""

    @property
    def spellings(self) -> tuple[str, ...]:
        """All that it is found by."""
        return (self.word, self.other) if self.other else (self.word,)


def composed(text: str) -> str:
    """The text as `tokens` counts its characters: wide and half-wide forms, ligatures and split accents made plain."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def tokens(text: str, first: int = 1) -> Iterator[Token]:
    """The words of a composed text in their order, the first one at position `first`."""
    position = first
    for run, start, is_dense in _runs(text):
        if is_dense:
            for at in range(len(run)):
                piece = run[at : at + 2]
                yield Token(piece, position + at, start + at, start + at + len(piece), is_piece=True)
            position += len(run)
        elif word := fold(run)[:LONGEST_WORD]:
            yield Token(word, position, start, start + len(run))
            position += 1


def fold(text: str) -> str:
    """A word or a text without case and accents. Marks that are letters of their script (Indic, Thai) stay."""
    if text.isascii():
        return text.lower()
    bare = _accents().sub("", unicodedata.normalize("NFKD", text.casefold()))
    return _STROKES.sub(lambda found: _WITHOUT_STROKE[found[0]], unicodedata.normalize("NFC", bare))


def vector(parts: Iterable[tuple[str, str]]) -> str:
    """A tsvector, as PostgreSQL reads one: of each text with the name that its words have beside, "" for none.

    A word stands in it as often as in the texts: PostgreSQL puts its positions together, and leaves out what it cannot
    keep, in less time than we would.
    """
    entries: list[str] = []
    position, size = 1, 0
    for name, text in parts:
        words = _words(composed(text))
        for before in {"": None, name: None}:
            places = islice(_PLACES, position, None)
            entries += [f"'{before}{word}':{at}" for word, at in zip(words, places, strict=False)]
            entries += [f"'{before}{word}'" for word in words[max(LAST_POSITION + 1 - position, 0) :]]
            size += sum(map(len, words)) + len(before) * len(words)
        position += len(words) + 1
    return " ".join(entries if size <= MOST_CHARACTERS else _put_together(entries))


def _put_together(entries: Iterable[str]) -> Iterable[str]:
    """Each word once, of a text that is longer than PostgreSQL reads; of so many words that this does not help, the
    first ones."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    for entry in entries:
        word, _, at = entry[1:].partition("'")
        if len(places[word]) < MOST_POSITIONS:
            places[word] += [at[1:]] if at else []
    for (word, found), size in zip(places.items(), accumulate(map(len, places)), strict=True):
        if size <= MOST_CHARACTERS:
            yield f"'{word}':{','.join(found)}" if found else f"'{word}'"


def _words(text: str) -> Sequence[str]:
    """The words of `tokens` alone, which is most of the work of indexing: folded in one go, not one by one."""
    if text.isascii():
        return _shortened(_PLAIN.findall(text.lower()))
    if _accents().search(text):  # one that has no letter to belong to parts words
        return [token.word for token in tokens(text)]
    folded = fold(text)
    if not _DENSE_ONE.search(folded):
        return _shortened(_letters().findall(folded))
    return [
        word
        for run, _, is_dense in _runs(folded)
        for word in ((run[at : at + 2] for at in range(len(run))) if is_dense else (run[:LONGEST_WORD],))
    ]


def _shortened(words: list[str]) -> list[str]:
    """Seldom is a word so long that anything is to be done."""
    if max(map(len, words), default=0) <= LONGEST_WORD:
        return words
    return [word[:LONGEST_WORD] for word in words]


def _runs(text: str) -> Iterator[tuple[str, int, bool]]:
    """Runs of characters of one word, or of a script without blanks: each with its place and whether it is such."""
    for found in _expression().finditer(text):
        yield found[0], found.start(), found.lastindex is not None


def phrase_of(text: str) -> list[Token]:
    """The words to look for, with their distances. The last single piece of the last run is left out, unless it is
    alone: it says nothing that its pair does not. That of an earlier run says that the run ends there."""
    plain = composed(text)
    found = list(tokens(plain))
    if len(found) > 1 and found[-1].is_piece and found[-2].is_piece and found[-2].end == found[-1].end:
        found.pop()
    return [replace(token, other=_other_spelling(plain[token.start : token.end])) for token in found]


def _other_spelling(written: str) -> str:
    """German umlauts that somebody typed may stand as two letters, as in most addresses; and the other way round."""
    lower = written.lower()
    if lower.translate(_UMLAUTS) != lower:
        return fold(lower.translate(_UMLAUTS))[:LONGEST_WORD]
    word = fold(written)[:LONGEST_WORD]
    plainer = _AS_UMLAUT.sub(lambda found: found[0][0], word)
    return plainer if len(word) >= SHORTEST_WITH_UMLAUT and plainer != word else ""


def asked(text: str, begins: str = "", names: Sequence[str] = ("",)) -> str | None:
    """A tsquery that finds the text as a phrase; None where it holds no word.

    `begins` is "*" when the last word may be only begun. `names`: of the headers that may hold it.
    """
    wanted = phrase_of(text)
    if not wanted:
        return None
    phrases = [_phrase(wanted, begins, name) for name in names]
    return f"({' | '.join(phrases)})" if len(phrases) > 1 else phrases[0]


def asked_loosely(text: str, begins: str = "", name: str = "") -> str | None:
    """The same without regard to order: what narrows a search that looks at the text itself."""
    wanted = phrase_of(text)
    found = [_term(token, _ending(token, begins) if token is wanted[-1] else "", name) for token in wanted]
    return " & ".join(found) or None


def asked_around(pieces: Sequence[str], name: str = "") -> str | None:
    """The same for a pattern, by what stands between its wildcards: words that one stands before are left out, and so
    are pieces of scripts without blanks."""
    found = []
    for number, piece in enumerate(pieces):
        plain = composed(piece)
        for token in tokens(plain):
            is_begun = number > 0 and token.start == 0
            goes_on = number < len(pieces) - 1 and token.end == len(plain)
            if not (is_begun or token.is_piece):
                found.append(_term(token, ":*" if goes_on else "", name))
    return " & ".join(found) or None


def _phrase(wanted: Sequence[Token], begins: str, name: str) -> str:
    ends = [""] * (len(wanted) - 1) + [_ending(wanted[-1], begins)]
    said = [_term(wanted[0], ends[0], name)]
    for (before, token), ending in zip(pairwise(wanted), ends[1:], strict=True):
        said.append(f"<{token.position - before.position}>")
        said.append(_term(token, ending, name))
    return f"({' '.join(said)})"


def _ending(last: Token, begins: str) -> str:
    """How the last word of a phrase may go on: one character of a script without blanks may begin a pair."""
    if last.is_piece:
        return ":*" if len(last.word) == 1 else ""
    return ":*" if begins else ""


def _term(token: Token, ending: str, name: str) -> str:
    written = [f"'{name}{word}'{ending}" for word in token.spellings]
    return f"({' | '.join(written)})" if len(written) > 1 else written[0]


@lru_cache(maxsize=1)
def _accents() -> re.Pattern[str]:
    """Marks on Latin, Greek, Cyrillic, Hebrew and Arabic letters, which people leave out when they type."""
    blocks = (range(0x300, 0x370), range(0x483, 0x671), range(0x1AB0, 0x20F1))
    return re.compile(f"[{''.join(chr(one) for block in blocks for one in block if unicodedata.combining(chr(one)))}]+")


@lru_cache(maxsize=1)
def _expression() -> re.Pattern[str]:
    """Runs of a script without blanks (its one group), and words."""
    return re.compile(f"([{_DENSE}]+)|{_letters().pattern}")


@lru_cache(maxsize=1)
def _letters() -> re.Pattern[str]:
    """Words of all other scripts. Made once: there are some 100,000 letters."""
    ranges = [[0x30, 0x30]]
    for code in range(0x31, 0x20000):
        character = chr(code)
        if (character.isalnum() or unicodedata.category(character)[0] == "M") and not _DENSE_ONE.match(character):
            if ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    return re.compile(f"[{''.join(f'{chr(first)}-{chr(last)}' for first, last in ranges)}]+")

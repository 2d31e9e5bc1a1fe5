"""How words are looked for in texts: as regular expressions that PostgreSQL and Python read alike, beside plain
patterns that a trigram index answers. Both are of folded texts: case and accents do not count. Pure.

A word is a run of letters and digits. Whoever looks for `ann` does not want Joanna; but in scripts that set no blanks
between words (Chinese, Japanese, Thai, …) a word may stand anywhere.
"""

import re
import unicodedata

from postroom.rooms.smart_views.tree import Mode

_SPECIAL = re.compile(r"([\\.^$*+?()\[\]{}|])")
_WITHOUT_BLANKS = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "LAO", "KHMER", "MYANMAR", "BOPOMOFO", "YI")
BEFORE = "(^|[^[:alnum:]])"
AFTER = "([^[:alnum:]]|$)"


_ACCENTS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0]"
)
_PLAINER = str.maketrans({"ß": "ss", **dict(zip("ςøłđħŧıæœþð", "σoldhtiaotd", strict=True))})


def folded(text: str) -> str:
    """The text as it is compared: the function of this name in the database says the same."""
    if text.isascii():
        return text.lower()
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", text).lower())
    return unicodedata.normalize("NFC", bare).translate(_PLAINER)


def parts(mode: Mode, text: str) -> tuple[str, ...]:
    """What must be found, each on its own: the words of the text, or all of it as one."""
    if mode in (Mode.FULL_WORDS, Mode.BEGINNING_OF_WORDS):
        return tuple(text.split()) or ("",)
    return (text.strip(),)


def expression(mode: Mode, part: str) -> str:
    """The regular expression of one part, for PostgreSQL (ARE) and folded texts."""
    part = folded(part)
    if mode is Mode.EXACT_VALUE:
        return f"^{_escaped(part)}$"
    begins, ends = part.startswith("*"), part.endswith("*")
    if mode is not Mode.PATTERN:
        begins, ends = False, mode is Mode.BEGINNING_OF_WORDS
        body = _escaped(part)
    else:
        body = r"\S*".join(_escaped(piece) for piece in re.split(r"\*+", part.strip("*")))
        part = part.strip("*")
    before = BEFORE if not begins and _stands_alone(part[:1]) else ""
    after = AFTER if not ends and _stands_alone(part[-1:]) else ""
    return f"{before}{body}{after}"


def pattern_of(mode: Mode, part: str) -> re.Pattern[str]:
    """The same expression for folded texts in memory."""
    written = expression(mode, part).replace("[^[:alnum:]]", r"[\W_]").replace("$", r"\Z")
    return re.compile(written.replace(r"\\Z", r"\$"))


def likeness(mode: Mode, part: str) -> str:
    """A LIKE pattern that every folded text with the part fits; it narrows by index what the expression decides."""
    part = folded(part)
    if mode is Mode.EXACT_VALUE:
        return _plain(part)
    pieces = part.split("*") if mode is Mode.PATTERN else [part]
    inner = "%".join("%".join(_plain(word) for word in piece.split()) for piece in pieces if piece.strip())
    return f"%{inner}%" if inner else "%"


def is_plain(mode: Mode, part: str) -> bool:
    """Whether the LIKE pattern alone decides."""
    if mode is Mode.EXACT_VALUE:
        return True
    bare = folded(part.strip("*"))
    return mode is not Mode.PATTERN and expression(mode, part) == _escaped(bare) and len(part.split()) <= 1


def _escaped(text: str) -> str:
    r"""Literally this; a run of blanks fits any run of blanks."""
    return r"\s+".join(_SPECIAL.sub(r"\\\1", word) for word in text.split())


def _plain(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _stands_alone(character: str) -> bool:
    """Whether words of this character's script are set apart by blanks."""
    if not character.isalnum():
        return False
    return character.isascii() or not unicodedata.name(character, "").startswith(_WITHOUT_BLANKS)

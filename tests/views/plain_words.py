"""Whether words stand in texts, told in plain Python: the second opinion beside the SQL of words."""

import re
from collections.abc import Iterable
from typing import Any

from postroom.rooms.smart_views import tree as t

ACCENTS = str.maketrans("üïéø", "uieo")


def plain(text: str) -> str:
    """Without case and accents; of what the words made by chance hold."""
    return text.lower().translate(ACCENTS).replace("ß", "ss")


def stands(mode: t.Mode, wanted: str, text: str) -> bool:
    """Whether a word or phrase stands in a text, not as a part of another word."""
    wanted, text = plain(wanted), plain(text)
    if mode is t.Mode.EXACT_VALUE:
        return wanted == text
    if mode is t.Mode.PATTERN:
        return any(re.fullmatch(fnmatch(wanted), text[a:b]) for a, b in stretches(wanted, text))
    return any(
        text.startswith(wanted, at)
        and is_edge(text, at, wanted[:1])
        and (mode is t.Mode.BEGINNING_OF_WORDS or is_edge(text, at + len(wanted), wanted[-1:]))
        for at in range(len(text) + 1)
    )


def stretches(pattern: str, text: str) -> Iterable[tuple[int, int]]:
    """Pieces of the text that begin and end where the pattern may."""
    bare = pattern.strip("*")
    for a in range(len(text) + 1):
        for b in range(a, len(text) + 1):
            if (pattern.startswith("*") or is_edge(text, a, bare[:1])) and (
                pattern.endswith("*") or is_edge(text, b, bare[-1:])
            ):
                yield a, b


def fnmatch(pattern: str) -> str:
    return r"\S*".join(re.escape(piece) for piece in pattern.split("*"))


def is_edge(text: str, at: int, character: str) -> bool:
    """Whether a word whose outermost character is this one may begin or end here."""
    if not character.isalnum() or character in "東京都" or at in (0, len(text)):
        return True
    return not (text[at - 1].isalnum() and text[at].isalnum())


def stands_in_email(mode: t.Mode, wanted: str, email: dict[str, Any]) -> bool:
    """Words one after the other, as the index of emails has them."""
    bare = wanted.lower().strip("*") if mode is t.Mode.PATTERN else wanted.lower()
    if mode is t.Mode.PATTERN and (wanted.startswith("*") or "*" in bare):
        return False
    looked_for = re.findall(r"[^\W_]+", bare)
    is_begun = mode is t.Mode.BEGINNING_OF_WORDS or (mode is t.Mode.PATTERN and wanted.endswith("*"))
    return bool(looked_for) and any(
        follow(looked_for, words[at:], is_begun)
        for words in (re.findall(r"[^\W_]+", text.lower()) for text in email["texts"])
        for at in range(len(words))
    )


def follow(looked_for: list[str], words: list[str], is_begun: bool) -> bool:
    """Whether the words begin with those looked for, the last of which may be only begun."""
    if len(words) < len(looked_for) or words[: len(looked_for) - 1] != looked_for[:-1]:
        return False
    last = words[len(looked_for) - 1]
    return last.startswith(looked_for[-1]) if is_begun else last == looked_for[-1]

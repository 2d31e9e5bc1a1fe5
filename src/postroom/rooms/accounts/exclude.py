"""Exclude patterns: whose mail is left out, such as `noreply@*` or `*@marketing.*`.

`*` stands for any characters, also none. Matching takes one walk along the address, whatever the pattern: no regular
expression is built from what a person typed.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from postroom.ground.errors import Invalid
from postroom.wire.mime.address_key import ascii_domain

LONGEST_PATTERN = 254
"""Longest address there is (RFC 5321 4.5.3.1.3, less the angle brackets)."""

MOST_PATTERNS = 1000


@dataclass(frozen=True, slots=True)
class ExcludePattern:
    """One pattern: `text` as it is shown, `pieces` what must stand between its stars."""

    text: str
    pieces: tuple[str, ...]

    def matches(self, address_key: str) -> bool:
        """Whether an address (its key) falls under it."""
        if len(self.pieces) == 1:
            return address_key == self.pieces[0]
        first, *middle, last = self.pieces
        if not address_key.startswith(first) or not address_key.endswith(last):
            return False
        place, end = len(first), len(address_key) - len(last)
        for piece in middle:
            # The leftmost place is always as good as any later one, so nothing is ever tried twice.
            place = address_key.find(piece, place, max(end, 0))
            if place < 0:
                return False
            place += len(piece)
        return place <= end


def read_pattern(text: str) -> ExcludePattern:
    """Read one as a person typed it. Raises Invalid with what to write instead."""
    typed = text.strip()
    if not typed or len(typed) > LONGEST_PATTERN or any(c.isspace() or not c.isprintable() for c in typed):
        raise Invalid(f"{text!r} is not a pattern. Write an address with * for any characters, such as noreply@*.")
    local, at, domain = typed.lower().rpartition("@")
    if not at:
        raise Invalid(f"{typed!r} has no @. To leave out a whole domain write *@{typed.lstrip('*')}.")
    labels = [label if "*" in label or not label else ascii_domain(label) for label in domain.split(".")]
    clean = f"{local}@{'.'.join(labels)}"
    if not clean.strip("*@."):
        raise Invalid(f"{typed!r} would leave out all mail. Switch syncing off instead.")
    return ExcludePattern(typed, tuple(clean.split("*")))


def read_patterns(texts: Iterable[str]) -> tuple[ExcludePattern, ...]:
    """Read a list, each pattern once. Raises Invalid for the first wrong one and for too many."""
    patterns = {pattern.pieces: pattern for pattern in map(read_pattern, texts)}
    if len(patterns) > MOST_PATTERNS:
        raise Invalid(f"At most {MOST_PATTERNS} patterns are possible.")
    return tuple(patterns.values())


def excluded_by(patterns: Iterable[ExcludePattern], address_keys: Iterable[str]) -> str | None:
    """The first pattern that one of the addresses falls under, as text; None when all may stay."""
    keys = list(address_keys)
    return next((pattern.text for pattern in patterns for key in keys if pattern.matches(key)), None)

"""The new words apart from the quoted."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Split:
    """`new` is what this sender wrote, `quoted` what stands under or after it."""

    new: str
    quoted: str


def split_text(text: str) -> Split:
    """Split a plain text body."""
    raise NotImplementedError


def split_html(html: str) -> Split:
    """Split an HTML body; both sides are HTML."""
    raise NotImplementedError


def new_words(text: str) -> str:
    """The new words alone, without signature."""
    raise NotImplementedError

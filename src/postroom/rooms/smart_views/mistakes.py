"""A mistake in a query, with its place and what may have been meant. Pure."""

from collections.abc import Iterable
from difflib import get_close_matches

from postroom.ground.errors import Invalid


class QueryMistake(Invalid):
    """The query cannot be understood. `column` counts the characters of the text from 1; `meant` is a better word."""

    def __init__(self, said: str, at: int, meant: str = "") -> None:
        self.column = at + 1
        self.meant = meant
        text = f"{said} Did you mean {meant!r}?" if meant else said
        place = {"text": text, "column": self.column, **({"meant": meant} if meant else {})}
        super().__init__(f"Column {self.column}: {text}", field_errors={"query": place})


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that was probably meant, "" where none is near."""
    names = list(known)
    near = get_close_matches(word.lower(), names, n=1, cutoff=0.6)
    if near:
        return near[0]
    return next((name for name in names if len(word) > 2 and name.startswith(word.lower())), "")

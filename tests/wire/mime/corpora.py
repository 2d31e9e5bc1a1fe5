"""The shared corpora beside the repository: messages with the results that other projects expect. Skipped where absent."""

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[3] / "../shared/corpora"


@lru_cache(maxsize=1)
def _index() -> list[dict[str, Any]]:
    return json.loads((FOLDER / "index.json").read_text()) if FOLDER.is_dir() else []


def cases(*categories: str) -> list[dict[str, Any]]:
    """The rows of some categories; the test that asks is skipped where the folder is missing."""
    if not FOLDER.is_dir():
        pytest.skip("the shared corpora are not here")
    return [row for row in _index() if row["category"] in categories]


def content(row: dict[str, Any]) -> bytes:
    return (FOLDER / row["file"]).read_bytes()


def words(text: str | None) -> str:
    """The text with single spaces, as the expected results are compared."""
    return re.sub(r"\s+", " ", (text or "").replace("\0", "")).strip()


class Tally:
    """Counts hits for each field, and keeps what was missed."""

    def __init__(self) -> None:
        self.asked: dict[str, int] = {}
        self.missed: dict[str, list[str]] = {}

    def check(self, field: str, got: object, expected: object, case: str) -> None:
        self.asked[field] = self.asked.get(field, 0) + 1
        if got != expected:
            self.missed.setdefault(field, []).append(f"{case}: {got!r} is not {expected!r}"[:400])

    def at_most(self, **allowed: int) -> None:
        """Every field is asked for; none misses more often than is allowed here."""
        assert self.asked, "nothing was compared"
        over = {field: found for field, found in self.missed.items() if len(found) > allowed.get(field, 0)}
        assert not over, over

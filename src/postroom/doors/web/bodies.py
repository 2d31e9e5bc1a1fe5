"""What request bodies have in common: a key that is absent, null or empty, and moments written as text."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias, TypeVar

from msgspec import UnsetType

from postroom.doors.web.query import moment

T = TypeVar("T")

Maybe: TypeAlias = T | UnsetType | None
"""A key of a body that may be absent or null."""


def tidy(given: Maybe[str]) -> str | None:
    """A text without blanks around it; None where the key is absent, "" where it is null."""
    if isinstance(given, UnsetType):
        return None
    return (given or "").strip()


def or_empty(given: Maybe[Sequence[T]]) -> Sequence[T]:
    """The list, empty where it is absent or null."""
    return () if isinstance(given, UnsetType) or given is None else given


def moment_in(field: str, given: Maybe[str]) -> datetime | None:
    """A date or date-time of a body; None where it is absent, null or empty."""
    text = tidy(given)
    return moment(field, text) if text else None

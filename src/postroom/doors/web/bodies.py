"""What request bodies have in common: a key that is absent, null or empty, and moments written as text."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeAlias, TypeVar

from litestar import Request
from litestar.datastructures import State
from litestar.exceptions import SerializationException
from msgspec import UnsetType

from postroom.doors.web.body_forms import kind_of
from postroom.doors.web.errors import Unreadable
from postroom.doors.web.query import moment
from postroom.ground.errors import Invalid
from postroom.rooms.users.user import ActingUser

T = TypeVar("T")

_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
"""The escape of NUL in JSON: a backslash that is itself escaped begins no escape (RFC 8259 7)."""

Maybe: TypeAlias = T | UnsetType | None
"""A key of a body that may be absent or null."""


class StorableRequest(Request[ActingUser, Any, State]):
    """A request whose body can be stored: PostgreSQL's text has no NUL."""

    async def body(self) -> bytes:
        """The body. Raises Invalid where a text in it holds NUL."""
        body = await super().body()
        if b"\\u0000" in body and _NUL.search(body):
            raise Invalid("A text contains the character NUL (\\u0000), which cannot be stored.")
        return body

    async def json(self) -> Any:
        """The body read as JSON, whatever it says it is. Raises Invalid; Unreadable where it says that it is none."""
        try:
            return await super().json()
        except UnicodeDecodeError as error:
            raise Invalid("The body is not UTF-8.") from error
        except SerializationException:
            kind = kind_of(self.headers.get("content-type", ""))
            if kind and "json" not in kind:
                raise Unreadable(f"The body is {kind[:60]}; send JSON, with Content-Type: application/json.") from None
            raise


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

"""A message as one folder holds it; its content stored, or made up from its UID so that a million weigh nothing."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

FIRST_SYNTHETIC_DATE = datetime(2020, 1, 1, tzinfo=UTC)


class Content(Protocol):
    """Something that has the bytes of a message."""

    @property
    def raw(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class StoredContent:
    """Bytes as they were delivered."""

    raw: bytes


@dataclass(frozen=True, slots=True)
class SyntheticContent:
    """A short message derived from a number: the same number gives the same bytes, and nothing is kept.

    Every hundredth is from `person7@customer.example` and its like, the others from ever new strangers.
    """

    number: int
    owner: str

    @property
    def raw(self) -> bytes:
        sender = f"person{self.number // 100 % 50}@customer.example"
        if self.number % 100:
            sender = f"stranger{self.number}@elsewhere.example"
        date = synthetic_date(self.number).strftime("%a, %d %b %Y %H:%M:%S +0000")
        return (
            f"Message-ID: <synthetic.{self.number}@elsewhere.example>\r\nDate: {date}\r\nFrom: {sender}\r\n"
            f"To: {self.owner}\r\nSubject: Synthetic {self.number}\r\nMIME-Version: 1.0\r\n"
            f"Content-Type: text/plain; charset=utf-8\r\n\r\nThis is message {self.number}.\r\n"
        ).encode()


def synthetic_date(number: int) -> datetime:
    """One message every three minutes from 2020 on, so that a larger number is later."""
    return FIRST_SYNTHETIC_DATE + timedelta(minutes=3 * number)


@dataclass(slots=True)
class Message:
    """One message in one folder. Flags change in place; `modseq` is that of its last change."""

    uid: int
    content: Content
    internal_date: datetime
    flags: set[str] = field(default_factory=set)
    modseq: int = 1
    email_id: str = ""
    thread_id: str = ""

    @property
    def raw(self) -> bytes:
        return self.content.raw

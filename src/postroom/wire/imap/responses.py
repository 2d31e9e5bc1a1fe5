"""Cuts what a server sends into responses, literals by their length, within limits. Understands nothing else.

A response is its text with every literal taken out: `{5}\\r\\n` stays in the text as its mark (RFC 9051
section 4.3), the five bytes stand in `literals`. A literal larger than is wanted is read and dropped: None.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import NamedTuple

LITERAL_MARK = re.compile(rb"\{(\d{1,19})\+?\}\Z")
# resp-text is for people and has no literals (RFC 9051 section 9), even if it ends in a brace.
STATUS = re.compile(rb"[A-Za-z0-9*]+ (?:OK|NO|BAD|BYE|PREAUTH)\b", re.IGNORECASE)

NO_LITERALS: tuple[bytes | None, ...] = ()
MAX_LITERALS = 1000
MAX_DROPPED = 1 << 31  # 2 GB; reading on for ever is what a hostile server wants


class Response(NamedTuple):
    """One response: text with literal marks, and the literals in order (None: too large, dropped)."""

    text: bytes
    literals: tuple[bytes | None, ...] | list[bytes | None] = NO_LITERALS


class Reply(NamedTuple):
    """How a command ended: OK, NO or BAD, the response code without brackets, and the text for people."""

    status: bytes
    code: bytes
    text: str

    @property
    def is_ok(self) -> bool:
        """Did it succeed?"""
        return self.status == b"OK"


def code_and_text(words: bytes) -> tuple[bytes, str]:
    """`[CODE and more] text` apart (RFC 9051 section 7.1); the code without brackets, empty if there is none."""
    code = b""
    if words.startswith(b"[") and (end := words.find(b"]")) > 0:
        code, words = words[1:end], words[end + 1 :]
    return code, words.decode("utf-8", "replace").strip()


class Unspeakable(ValueError):
    """The bytes break the protocol or a limit; the connection cannot go on."""


@dataclass(slots=True)
class Limits:
    """How much of one response is taken: its text in bytes, and each literal in bytes."""

    text: int = 1 << 16
    literal: int = 1 << 16


class ResponseCutter:
    """Fed with bytes as they come, hands on whole responses. Holds at most one unfinished response."""

    __slots__ = (
        "_deliver", "_literal", "_literals", "_missing", "_partial", "_text", "finished", "limits"
    )  # fmt: skip

    def __init__(self, deliver: Callable[[Response], None]) -> None:
        self._deliver = deliver
        self.limits = Limits()
        self.finished = False  # set by the receiver: what follows is of another kind, not for us
        self._partial = bytearray()  # a line whose end has not come
        self._text = b""  # earlier lines of the response, with marks
        self._literals: list[bytes | None] = []
        self._literal: BytesIO | None = None  # the literal being read, or None while dropping one
        self._missing = 0  # bytes of it still to come

    def feed(self, data: bytes | bytearray, view: memoryview, end: int) -> int:
        """Take `data[:end]`; `view` is a view of the same bytes. How much was used: all, unless `finished`.

        Raises Unspeakable.
        """
        at, find, view = 0, data.find, view[:end]
        while at < end:
            if self.finished:
                return at
            if self._missing:
                at = self._read_literal(view, at)
                continue
            cut = find(b"\n", at, end)
            if cut < 0:
                self._keep_partial(view[at:end])
                break
            if self._partial:
                self._keep_partial(view[at:cut])
                line = bytes(self._partial)
                self._partial = bytearray()
            else:
                line = bytes(view[at:cut])
            at = cut + 1
            if line[-1:] == b"\r":
                line = line[:-1]
            if line[-1:] == b"}" and (mark := LITERAL_MARK.search(line)) and self._may_hold_literal(line):
                at = self._begin_literal(line, int(mark[1]), view, at)
            else:
                self._finish(line)
        return end

    def _keep_partial(self, piece: memoryview) -> None:
        if len(self._text) + len(self._partial) + len(piece) > self.limits.text:
            raise Unspeakable(f"a line is longer than {self.limits.text} bytes")
        self._partial += piece

    def _may_hold_literal(self, line: bytes) -> bool:
        # `* 5 FETCH` is by far the most usual.
        return line[2:3].isdigit() or bool(self._text) or STATUS.match(line) is None

    def _begin_literal(self, line: bytes, size: int, view: memoryview, at: int) -> int:
        if len(self._literals) >= MAX_LITERALS or len(self._text) + len(line) > self.limits.text:
            raise Unspeakable("a response is larger than any that was asked for")
        self._text += line + b"\r\n"
        wanted = size <= self.limits.literal
        if wanted and size <= len(view) - at:
            self._literals.append(bytes(view[at : at + size]))
            return at + size
        if size > MAX_DROPPED:
            raise Unspeakable(f"a literal of {size} bytes")
        self._literal = BytesIO() if wanted else None
        self._missing = size
        return at

    def _read_literal(self, view: memoryview, at: int) -> int:
        size = min(self._missing, len(view) - at)
        if self._literal is not None:
            self._literal.write(view[at : at + size])
        self._missing -= size
        if not self._missing:
            # getvalue gives out its bytes without another copy.
            self._literals.append(None if self._literal is None else self._literal.getvalue())
            self._literal = None
        return at + size

    def _finish(self, line: bytes) -> None:
        if not self._literals:
            if line:
                self._deliver(Response(line))
            return
        if len(self._text) + len(line) > self.limits.text:
            raise Unspeakable("a response is larger than any that was asked for")
        whole = Response(self._text + line, self._literals)
        self._text, self._literals = b"", []
        self._deliver(whole)

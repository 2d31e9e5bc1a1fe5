"""What a server puts on the wire, as values that a fault can drop, change, double or replace before they go out."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Literal:
    """Bytes sent as `{length}` CRLF content. `announced` lies about the length where a fault wants it."""

    content: bytes
    announced: int | None = None

    def render(self) -> bytes:
        length = len(self.content) if self.announced is None else self.announced
        return b"{%d}\r\n%b" % (length, self.content)


@dataclass(frozen=True, slots=True)
class FetchLine:
    """One `* n FETCH (…)`. `items` are (name, value) in the order sent; a value is ready wire text or a literal."""

    number: int
    uid: int
    items: tuple[tuple[bytes, "bytes | Literal"], ...]

    def render(self) -> bytes:
        parts = [name + b" " + (value if isinstance(value, bytes) else value.render()) for name, value in self.items]
        return b"* %d FETCH (%b)\r\n" % (self.number, b" ".join(parts))

    def without(self, *names: bytes) -> "FetchLine":
        """The same line lacking every item whose name begins with one of `names`."""
        return replace(self, items=tuple(item for item in self.items if not item[0].startswith(names)))

    def with_item(self, name: bytes, value: "bytes | Literal") -> "FetchLine":
        """The same line with the value of the item `name` replaced, if it has that item."""
        return replace(self, items=tuple((own, value if own == name else old) for own, old in self.items))


@dataclass(frozen=True, slots=True)
class Tagged:
    """The last line of an answer; the session puts the command's tag in front of it."""

    status: str
    text: str


@dataclass(frozen=True, slots=True)
class Hangup:
    """The connection ends here: in order (FIN), or with a reset (RST)."""

    reset: bool = False


@dataclass(frozen=True, slots=True)
class Hush:
    """From here on nothing is said and nothing is read, while the connection stays open."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing is said for this long."""

    seconds: float


@dataclass(frozen=True, slots=True)
class StartTls:
    """The TLS handshake happens here."""


@dataclass(frozen=True, slots=True)
class StartCompression:
    """Everything after this is deflated (RFC 4978)."""


Line: TypeAlias = bytes | FetchLine | Tagged | Hangup | Hush | Pause | StartTls | StartCompression
Lines: TypeAlias = AsyncIterator[Line]


def untagged(text: str | bytes) -> bytes:
    """`* text` with its line end."""
    return b"* %b\r\n" % (text.encode() if isinstance(text, str) else text)


def ok(text: str = "Done.") -> Tagged:
    return Tagged("OK", text)


def no(text: str) -> Tagged:
    return Tagged("NO", text)


def bad(text: str) -> Tagged:
    return Tagged("BAD", text)

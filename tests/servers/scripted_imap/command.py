"""Commands as the client sent them: read with their literals, split into arguments, kept in a log for tests to ask."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

Argument: TypeAlias = "bytes | list[Argument]"

# BODY[…]<…> is one word although it holds spaces and parentheses; then parentheses, quoted strings, atoms.
_TOKEN = re.compile(
    rb"\s*(?:(?P<section>(?:BODY|BODY\.PEEK|BINARY|BINARY\.PEEK)\[[^\]]*\](?:<[^>]*>)?)"
    rb'|(?P<open>\()|(?P<close>\))|"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<atom>[^\s()"]+))',
    re.IGNORECASE | re.DOTALL,
)
_UNESCAPED = re.compile(rb"\\(.)", re.DOTALL)


class Unparsable(Exception):
    """The client's command breaks the grammar."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command. `verb` is upper-case, with `UID ` in front where the client said so."""

    tag: str
    verb: str
    arguments: list[Argument]
    text: bytes

    def word(self, at: int) -> bytes:
        """The argument at this place, which must be a word or string."""
        if at >= len(self.arguments) or isinstance(self.arguments[at], list):
            raise Unparsable(f"{self.verb} lacks an argument")
        argument = self.arguments[at]
        assert isinstance(argument, bytes)
        return argument

    def group(self, at: int) -> list[Argument]:
        """The argument at this place, which must be a parenthesised list; a lone word is a list of one."""
        if at >= len(self.arguments):
            raise Unparsable(f"{self.verb} lacks a list")
        argument = self.arguments[at]
        return argument if isinstance(argument, list) else [argument]

    @property
    def by_uid(self) -> bool:
        return self.verb.startswith("UID ")

    @property
    def bare_verb(self) -> str:
        return self.verb.removeprefix("UID ")


def parse_command(parts: list[bytes]) -> Command:
    """Make a command of text and literals in turn: parts 0, 2, 4 … are text, 1, 3 … the literals between."""
    head = parts[0].split(b" ", 2)
    if len(head) < 2 or not head[0] or not head[1]:
        raise Unparsable("no tag or no command")
    tag, verb = head[0].decode("ascii", "replace"), head[1].decode("ascii", "replace").upper()
    rest = head[2] if len(head) > 2 else b""
    if verb == "UID":
        first, _, rest = rest.partition(b" ")
        verb = "UID " + first.decode("ascii", "replace").upper()
    text = b"".join(part if at % 2 == 0 else b"<%d bytes>" % len(part) for at, part in enumerate(parts))
    return Command(tag, verb, _arguments([rest, *parts[1:]]), text)


def _arguments(parts: list[bytes]) -> list[Argument]:
    stack: list[list[Argument]] = [[]]
    for at, part in enumerate(parts):
        if at % 2:
            stack[-1].append(part)
        else:
            _scan(part, stack)
    if len(stack) != 1:
        raise Unparsable("parentheses do not match")
    return stack[0]


def _scan(text: bytes, stack: list[list[Argument]]) -> None:
    at, end = 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            raise Unparsable("odd characters")
        at = match.end()
        if match["open"]:
            inner: list[Argument] = []
            stack[-1].append(inner)
            stack.append(inner)
        elif match["close"]:
            if len(stack) == 1:
                raise Unparsable("parentheses do not match")
            stack.pop()
        elif match["quoted"] is not None:
            stack[-1].append(_UNESCAPED.sub(rb"\1", match["quoted"]))
        else:
            stack[-1].append(match["section"] or match["atom"])


@dataclass(frozen=True, slots=True)
class Logged:
    """One line of the log. `connection` counts from 1 in the order they were opened; `user` is "" before login."""

    connection: int
    user: str
    verb: str
    text: bytes
    folder: str


@dataclass(slots=True)
class CommandLog:
    """All commands received, in order, literals shortened to their length."""

    lines: list[Logged] = field(default_factory=list)

    def __iter__(self) -> Iterator[Logged]:
        return iter(self.lines)

    def __len__(self) -> int:
        return len(self.lines)

    def verbs(self, user: str = "") -> list[str]:
        """The verbs in order, of one user or of all."""
        return [line.verb for line in self.lines if not user or line.user == user]

    def count(self, verb: str) -> int:
        """How often a verb came; "FETCH" counts "UID FETCH" too."""
        return sum(1 for line in self.lines if verb in (line.verb, line.verb.removeprefix("UID ")))

    def containing(self, text: bytes) -> list[Logged]:
        """The commands that have `text` somewhere, in any case."""
        return [line for line in self.lines if text.upper() in line.text.upper()]

    def clear(self) -> None:
        self.lines.clear()

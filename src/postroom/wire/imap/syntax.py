"""IMAP's grammar in both directions: values out of response text, strings and dates into commands."""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from postroom.wire.imap.responses import Response, Unspeakable

Value = bytes | int | None | list["Value"]
"""An atom, string or literal as bytes; NIL and dropped literals as None; a parenthesised list as list."""

MAX_DEPTH = 32
MONTHS = (b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec")
MONTH_NUMBER = {name: number for number, name in enumerate(MONTHS, 1)}

# One token at a time: ( or ), a quoted string, a literal mark, or an atom. An atom may carry a bracketed
# section with spaces and parentheses in it: BODY[HEADER.FIELDS (DATE FROM)].
_TOKEN = re.compile(
    rb"""[ \r\n]*+(?:
      (?P<open>\() | (?P<close>\))
    | "(?P<quoted>(?:[^"\\]|\\.)*+)"
    | ~?\{(?P<literal>\d{1,19})\+?\}\r\n
    | (?P<atom>[^\s()"\[]*+(?:\[[^\]]*+\](?:<\d+>)?)?[^\s()"]*+)
    )""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
_QUOTABLE = re.compile(rb"[\x20-\x7e]*\Z")
_ATOM = re.compile(rb"[A-Za-z0-9!#$&'+,\-./:;<=>?@^_`|~]+\Z")


def values(response: Response, start: int = 0) -> list[Value]:
    """All values of a response's text from `start` on. Raises Unspeakable for unbalanced or too deep lists."""
    stack: list[list[Value]] = [[]]
    text, at, literals = response.text, start, iter(response.literals)
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None or found.end() == at:
            raise Unspeakable(f"cannot read {text[at : at + 40]!r}")
        at = found.end()
        kind = found.lastgroup
        if kind == "open":
            stack.append([])
            if len(stack) > MAX_DEPTH:
                raise Unspeakable("lists are nested too deeply")
        elif kind == "close":
            if len(stack) == 1:
                raise Unspeakable("a list ends that never began")
            done = stack.pop()
            stack[-1].append(done)
        elif kind == "literal":
            stack[-1].append(next(literals, None))
        elif kind == "quoted":
            stack[-1].append(_unescaped(found["quoted"]))
        elif found["atom"]:
            stack[-1].append(None if found["atom"].upper() == b"NIL" else found["atom"])
    if len(stack) != 1:
        raise Unspeakable("a list does not end")
    return stack[0]


def _unescaped(inner: bytes) -> bytes:
    return _ESCAPED.sub(rb"\1", inner) if b"\\" in inner else inner


def number(value: Value) -> int | None:
    """A number, or None if it is none (absent, NIL, words) or beyond 63 bits."""
    if isinstance(value, bytes) and value.isdigit() and len(value) <= 19:
        return int(value)
    return None


def is_atom(text: bytes) -> bool:
    """Can this stand in a command without quotes?"""
    return _ATOM.match(text) is not None


def is_quotable(text: bytes) -> bool:
    """Can this stand in quotes, or does it need a literal?"""
    return len(text) < 1000 and _QUOTABLE.match(text) is not None


def quoted(text: bytes) -> bytes:
    """Text in double quotes; only for what `is_quotable`."""
    return b'"' + text.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


def internal_date(text: bytes) -> datetime | None:
    """`17-Jul-1996 02:44:25 -0700` as a UTC time; None for anything else (RFC 9051 date-time)."""
    try:
        return _hour(text[:14], text[21:26]) + timedelta(0, int(text[15:17]) * 60 + int(text[18:20]))
    except (ValueError, KeyError, OverflowError):
        return None


@lru_cache(maxsize=4096)
def _hour(text: bytes, offset: bytes) -> datetime:
    """The UTC time of `17-Jul-1996 02` in a zone. Cached: neighbours in a folder share it."""
    day, month, year = text[:11].split(b"-")
    minutes = int(offset[1:3]) * 60 + int(offset[3:5])
    zone = timedelta(minutes=-minutes if offset[:1] == b"-" else minutes)
    return datetime(int(year), MONTH_NUMBER[month.lower()], int(day), int(text[12:14]), tzinfo=UTC) - zone


def date_time(moment: datetime) -> bytes:
    """An aware time as IMAP writes it, in quotes and in UTC."""
    utc = moment.astimezone(UTC)
    month = MONTHS[utc.month - 1].decode().capitalize()  # strftime's would be in the machine's language
    return utc.strftime(f'"%d-{month}-%Y %H:%M:%S +0000"').encode()

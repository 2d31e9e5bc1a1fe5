"""Addresses: read out of header text, judged, and written back. Reading is linear and takes whatever stands there."""

import re
from functools import lru_cache

from postroom.wire.mime.address_key import address_key, ascii_domain
from postroom.wire.mime.charsets import storable
from postroom.wire.mime.encoded_words import decode_words, encode_words
from postroom.wire.mime.headers import characters_of
from postroom.wire.mime.types import Address

MOST_ADDRESSES = 200_000
"""A header with more addresses than this is cut there; 100,000 recipients have been seen in real mail."""

_LONGEST_REMEMBERED = 400
_LONGEST_ADDRESS = 500
_LONGEST_NAME = 500
_LONGEST_QUOTED = 60

# The two forms of nearly all addresses: `name <local@domain>` and `local@domain`, no quoting or comment in them.
_PLAIN = re.compile(
    r"""\s*+(?:(?P<bare>(?!')[^<>"(),:;@\\\s=?\[\]]++@[^<>"(),:;@\\\s=?\[\]]++)(?=\s*+(?:,|$))"""
    r"""|(?:(?P<name>[^<>"(),:;@\\=\[\]]*+)|"(?P<quoted>[^"\\=]*+)"\s*+)"""
    r"""<(?P<angle>[^<>"(),:;@\\\s=?']++@[^<>"(),:;@\\\s=?']++)>)\s*+"""
)

# One token of an address list. Encoded words stand first: senders leave commas and quotes in them unescaped.
_TOKEN = re.compile(
    r"""(?P<space>\s++)
      |(?P<word>=\?[^\s?"<>]{1,60}\?[bBqQ]\?[^?"<>]{0,500}+\?=)
      |(?P<quoted>"(?:[^"\\]++|\\.)*+(?:"|\\?\Z))
      |(?P<angle><[^<>]*+>)
      |(?P<mark>[<>(),;:\[\]])
      |(?P<text>(?:(?!=\?)[^\s"<>(),;:\[\]]|=(?=\?))++)
      |(?P<odd>.)""",
    re.X | re.S,
)
_UNQUOTE = re.compile(r"\\(.)", re.S)
_SPACES = re.compile(r"\s+")
_COMMENT = re.compile(r"\([^()]*+\)")
_ATOM = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-\u00a0-\U0010ffff]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-\u00a0-\U0010ffff]+)*"
)
_DOMAIN_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_NEEDS_QUOTES = re.compile(r"""[,;:<>()\[\]@"\\]""")
_NEEDS_BRACKETS = re.compile(r"[\s<>,;:()]")
_LINE_BREAKS = re.compile(r"[\r\n\x00]+[ \t]*")


def addresses_of(value: bytes, charset: str | None = None) -> tuple[Address, ...]:
    """The addresses of a raw header value. `charset` reads raw 8-bit that is not UTF-8."""
    if len(value) <= _LONGEST_REMEMBERED:
        return _remembered(value, charset if not value.isascii() else None)
    return parse_addresses(characters_of(value, charset))


@lru_cache(maxsize=16_384)
def _remembered(value: bytes, charset: str | None) -> tuple[Address, ...]:
    """A mailbox repeats its correspondents: most values have been read before."""
    return parse_addresses(characters_of(value, charset))


def parse_addresses(text: str) -> tuple[Address, ...]:
    """Every address of a header value or of what a person typed into a To field, in order, repeats kept.

    Groups give their members (RFC 5322 3.4), comments become the name where there is no other, and a phrase without
    an address is kept as a name with an empty `email`.
    """
    plain = _plain_list(text)
    found = plain if plain is not None else _Reader().read(text)
    return found if len(text) <= _LONGEST_ADDRESS else tuple(_bounded(one) for one in found)


def _bounded(address: Address) -> Address:
    """What is longer than any address (RFC 5321 4.5.3.1) is none; an index could not hold it."""
    if len(address.email) <= _LONGEST_ADDRESS and len(address.name) <= _LONGEST_NAME:
        return address
    email = address.email if len(address.email) <= _LONGEST_ADDRESS else ""
    return Address(address.name[:_LONGEST_NAME], email)


def _plain_list(text: str) -> tuple[Address, ...] | None:
    """The list when every entry has one of the two plain forms, else None."""
    found: list[Address] = []
    text = text.rstrip(" \t,")
    position, end = 0, len(text)
    while position < end:
        match = _PLAIN.match(text, position)
        if match is None or len(found) >= MOST_ADDRESSES:
            return None
        bare, name, quoted, angle = match.groups()
        found.append(Address("" if bare else _tidy(name or quoted or ""), bare or angle))
        position = match.end()
        if position < end:
            if text[position] != ",":
                return None
            position += 1
    return tuple(found)


def _tidy(name: str) -> str:
    name = name.strip()
    if "  " in name or "\t" in name:
        name = _SPACES.sub(" ", name)
    # Doubly quoted names ("'Ann Lee'") come from gateways that quote what is quoted.
    if len(name) > 2 and name[0] == name[-1] and name[0] in "'\"":
        name = name[1:-1].strip()
    return name


class _Reader:
    """Reads an address list token by token; every token is looked at once, so any text takes linear time."""

    def __init__(self) -> None:
        self.found: list[Address] = []
        self.phrase: list[str] = []
        self.comments: list[str] = []
        self.angle: str | None = None
        self.depth = 0
        self.domain_literal = False

    def read(self, text: str) -> tuple[Address, ...]:
        for token in _TOKEN.finditer(text):
            kind, value = token.lastgroup, token[0]
            if self.depth:
                self._in_comment(value)
            elif kind == "angle":
                self._take_angle(value[1:-1])
            elif kind == "mark":
                self._take_mark(value)
            elif kind == "quoted" and (len(value) == 1 or value[-1] != '"'):
                # Never closed: the quote is a slip, and what follows it is read as if it were not there.
                self.read(value[1:].replace('"', " "))
            elif kind == "quoted":
                self.phrase.append(value)
            else:
                self.phrase.append(" " if kind == "space" else value)
            if len(self.found) >= MOST_ADDRESSES:
                break
        if self.depth:
            # A comment that never ends hides the address after it: read what is in it as plain text.
            rest, self.comments, self.depth = "".join(self.comments), [], 0
            self.read(rest.replace("(", " ").replace(")", " "))
        self._end_of_address()
        return tuple(self.found)

    def _in_comment(self, value: str) -> None:
        if value == "(":
            self.depth += 1
        elif value == ")":
            self.depth -= 1
            if not self.depth:
                return
        self.comments.append(value)

    def _take_angle(self, inside: str) -> None:
        if self.angle is not None:
            if "@" in self.angle or "@" not in inside:
                # A second address without a comma before it.
                self._end_of_address()
            else:
                self.phrase.append(self.angle)
        self.angle = inside

    def _take_mark(self, mark: str) -> None:
        if mark == "(":
            self.depth = 1
        elif mark in ",;":
            self._end_of_address()
        elif mark == "[" or self.domain_literal:
            self.domain_literal = mark != "]"
            self.phrase.append(mark)
        elif mark == ":":
            self._take_colon()
        elif mark in "[]":
            self.phrase.append(mark)
        # A lone "<" or ">" belongs to nothing.

    def _take_colon(self) -> None:
        """The end of a group's name, unless it stands inside an address: `mailto:a@b`, `a@b:c`."""
        if any("@" in piece and piece[0] != '"' for piece in self.phrase):
            self.phrase.append(":")
        else:
            self.phrase.clear()
            self.comments.clear()

    def _end_of_address(self) -> None:
        if self.angle is not None:
            self._add(_name_of(self.phrase), _address_of(self.angle))
        elif self.phrase:
            self._end_of_bare()
        self.phrase, self.comments, self.angle, self.domain_literal = [], [], None, False

    def _end_of_bare(self) -> None:
        """No angle brackets: one of the words is the address, or there is none."""
        written = "".join(self.phrase).strip()
        if not written:
            return
        words = _words(self.phrase)
        at = [index for index, word in enumerate(words) if _holds_address(word)]
        if not at:
            self._add(_name_of(self.phrase), "")
        elif len(at) == len(words):
            # Several addresses with nothing but spaces between them.
            for word in words:
                self._add("", _address_of(word))
        else:
            rest = [piece for word in words[: at[0]] + words[at[0] + 1 :] for piece in (word, " ")]
            self._add(_name_of(rest), _address_of(words[at[0]]))

    def _add(self, name: str, email: str) -> None:
        if not name and self.comments:
            name = _readable("".join(self.comments))
        if (name or email) and email[:1] != "@":
            self.found.append(Address(name, email))


def _holds_address(word: str) -> bool:
    return "@" in word and (word[0] != '"' or '"@' in word)


def _words(pieces: list[str]) -> list[str]:
    """The pieces joined into words at white space; a quoted string and what touches it are one word."""
    words, held = [], ""
    for piece in pieces:
        if piece == " ":
            if held:
                words.append(held)
            held = ""
        else:
            held += piece
    return [*words, held] if held else words


def _name_of(pieces: list[str]) -> str:
    unquoted = [
        _UNQUOTE.sub(r"\1", piece[1:-1] if piece[-1] == '"' and len(piece) > 1 else piece[1:])
        if piece[0] == '"'
        else piece
        for piece in pieces
        if piece
    ]
    return _readable("".join(unquoted))


def _readable(name: str) -> str:
    return _tidy(decode_words(name))


def _address_of(written: str) -> str:
    """The address inside angle brackets: without white space, source route (RFC 5322 4.4) and "mailto:"."""
    written = _SPACES.sub("", written) if '"' not in written else written.strip()
    if "(" in written:
        written = _COMMENT.sub("", written)
    if "=?" in written:
        written = _SPACES.sub("", decode_words(written))
    if written.startswith("@") and ":" in written:
        written = written.rpartition(":")[2]
    if written[:7].lower() == "mailto:":
        written = written[7:]
    return written.strip("<>,;'` ").rstrip(".:") if written[:1] != '"' else written


def format_address(address: Address) -> str:
    """For a header: quoted (RFC 5322) or encoded (RFC 2047) as needed, never with a line break.

    The domain is written as A-labels, so that any server takes it; an address with letters outside ASCII before the
    "@" stays as it is and needs a server with SMTPUTF8 (RFC 6531).
    """
    return " ".join(address_words(address))


def address_words(address: Address) -> list[str]:
    """The same in words between which a header may be folded."""
    email = wire_form(address.email)
    name = _LINE_BREAKS.sub(" ", storable(address.name)).strip()
    if not name:
        return [email if "@" in email and not _NEEDS_BRACKETS.search(email) else f"<{email}>"]
    return [*_phrase_words(name), f"<{email}>"]


def wire_form(email: str) -> str:
    """The address as SMTP and headers carry it: no line break, the domain in A-labels."""
    email = _LINE_BREAKS.sub("", storable(email)).strip()
    if email.isascii():
        return email
    local, at, domain = email.rpartition("@")
    return f"{local}{at}{ascii_domain(domain)}"


def _phrase_words(name: str) -> list[str]:
    """A display name as the header carries it. Long ones are encoded only so that they can be folded."""
    if not name.isascii() or "=?" in name or len(name) > _LONGEST_QUOTED or not name.isprintable():
        return encode_words(name, 56)
    if _PLAIN_NAME.fullmatch(name):
        return [name]
    return [_quoted(name)]


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def display_address(address: Address) -> str:
    """For people: `Zoë Müller <zoe@example.com>`, the address alone where there is no name. A name that would be read
    as something else stands in quotes, so that programs can send to what they have read (RFC 5322 3.2.4)."""
    if not address.name or address.name == address.email:
        return address.email
    if _NEEDS_QUOTES.search(address.name):
        return f"{_quoted(address.name)} <{address.email}>"
    return f"{address.name} <{address.email}>"


def typed_addresses(entry: str) -> tuple[Address, ...]:
    """The addresses of one entry of a list. `Lee, Ann <ann@example.com>` is one person: a list has its own commas."""
    found = parse_addresses(entry)
    last = found[-1] if found else None
    if len(found) > 1 and last is not None and last.email and not any(one.email for one in found[:-1]):
        name, angle, _ = entry.rpartition("<")
        return (Address(_tidy(name.replace('"', "")), last.email),) if angle else found
    return found


def domain_of(email: str) -> str:
    """The domain in comparison form, "" where there is none."""
    return address_key(email).rpartition("@")[2] if "@" in email else ""


def is_valid(email: str) -> bool:
    """Could mail be sent there? Syntax and lengths only (RFC 5321 4.5.3.1); quoted local parts are left out."""
    local, at, domain = email.rpartition("@")
    if not at or len(local.encode("utf-8", "replace")) > 64 or not _ATOM.fullmatch(local):
        return False
    if domain.startswith("[") and domain.endswith("]"):
        return bool(re.fullmatch(r"(?:IPv6:[0-9A-Fa-f:.]{2,45}|\d{1,3}(?:\.\d{1,3}){3})", domain[1:-1]))
    plain = ascii_domain(domain) if not domain.isascii() else domain.lower()
    labels = plain.split(".")
    return len(plain) <= 253 and len(labels) > 1 and all(_DOMAIN_LABEL.fullmatch(label) for label in labels)

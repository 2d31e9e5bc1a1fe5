"""Parts of a message by IMAP section: `HEADER.FIELDS (TO)`, `1.2.MIME`, `2` (RFC 3501 section 6.4.5), byte for byte."""

import re
from dataclasses import dataclass

_BOUNDARY = re.compile(rb'boundary\s*=\s*(?:"([^"]*)"|([^\s;]+))', re.IGNORECASE)
_FOLDED = re.compile(rb"\r?\n(?=[ \t])")
MAX_DEPTH = 20


@dataclass(frozen=True, slots=True)
class Part:
    """A MIME part: its header with the empty line, its body, and the parts inside."""

    header: bytes
    body: bytes
    children: tuple["Part", ...]

    def field(self, name: bytes) -> bytes | None:
        """The value of a header field, unfolded; None when missing."""
        for line in header_lines(self.header):
            key, _, value = line.partition(b":")
            if key.strip().lower() == name.lower():
                return _FOLDED.sub(b"", value).strip()
        return None

    @property
    def kind(self) -> bytes:
        """`type/subtype` in lower case."""
        value = self.field(b"Content-Type") or b"text/plain"
        kind = value.split(b";")[0].strip().lower()
        return kind if b"/" in kind else b"text/plain"


def split(raw: bytes, depth: int = 0) -> Part:
    """Take a message or part apart. What is nested deeper than servers go stays in one piece."""
    header, body = halves(raw)
    whole = Part(header, body, ())
    if depth >= MAX_DEPTH:
        return whole
    if whole.kind.startswith(b"multipart/"):
        match = _BOUNDARY.search(whole.field(b"Content-Type") or b"")
        if match is not None:
            pieces = _pieces(body, match[1] or match[2] or b"")
            return Part(header, body, tuple(split(piece, depth + 1) for piece in pieces))
    if whole.kind == b"message/rfc822":
        return Part(header, body, (split(body, depth + 1),))
    return whole


def section(raw: bytes, name: bytes) -> bytes | None:
    """The bytes of a section; None when the message has no such part."""
    part, rest = split(raw) if name[:1].isdigit() else Part(*halves(raw), ()), name
    path = re.match(rb"[\d.]*\d", name)
    if path is not None:
        found = _descend(part, [int(number) for number in path[0].split(b".")])
        if found is None:
            return None
        rest = name[path.end() :].lstrip(b".")
        if not rest:
            return found.body
        if rest.upper() == b"MIME":
            return found.header
        part = found.children[0] if found.kind == b"message/rfc822" and found.children else found
    upper = rest.upper()
    if upper == b"":
        return raw
    if upper == b"HEADER":
        return part.header
    if upper == b"TEXT":
        return part.body
    fields = re.search(rb"\(([^)]*)\)", rest)
    wanted = {field.strip(b'"').lower() for field in (fields[1] if fields else b"").split()}
    return _chosen_fields(part.header, wanted, keep=not upper.startswith(b"HEADER.FIELDS.NOT"))


def halves(raw: bytes) -> tuple[bytes, bytes]:
    """Header with its empty line, and body."""
    match = re.search(rb"\r?\n\r?\n", raw)
    if raw[:1] in (b"\r", b"\n"):
        match = re.match(rb"\r?\n", raw)
    return (raw, b"") if match is None else (raw[: match.end()], raw[match.end() :])


def header_lines(header: bytes) -> list[bytes]:
    """The fields of a header, folded ones whole, without their line ends."""
    return [line for line in re.split(rb"\r?\n(?![ \t])", header) if line]


def _chosen_fields(header: bytes, wanted: set[bytes], *, keep: bool) -> bytes:
    chosen = [line for line in header_lines(header) if (line.partition(b":")[0].strip().lower() in wanted) == keep]
    return b"".join(line + b"\r\n" for line in chosen) + b"\r\n"


def _descend(part: Part, path: list[int]) -> Part | None:
    for number in path:
        if part.kind == b"message/rfc822" and part.children:
            part = part.children[0]
        if part.kind.startswith(b"multipart/") and part.children:
            if number > len(part.children):
                return None
            part = part.children[number - 1]
        elif number != 1:
            return None
    return part


def _pieces(body: bytes, boundary: bytes) -> list[bytes]:
    mark = re.compile(rb"(?:^|\r?\n)--" + re.escape(boundary) + rb"(--)?[ \t]*(?:\r?\n|$)")
    pieces: list[bytes] = []
    start: int | None = None
    for match in mark.finditer(body):
        if start is not None:
            pieces.append(body[start : match.start()])
        start = None if match[1] else match.end()
        if match[1]:
            break
    if start is not None:
        pieces.append(body[start:])
    return pieces

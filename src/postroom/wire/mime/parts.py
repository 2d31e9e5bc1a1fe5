"""The tree of parts of a message, by offsets into its bytes. One pass, whatever the nesting; nothing is decoded here.

Delimiters are searched by their own bytes, so the cost is that of finding them, however large the parts are.
"""

import re
from dataclasses import dataclass, field

from postroom.wire.mime.headers import Fields, known_fields, read_header
from postroom.wire.mime.parameters import Labelled, file_name_of, labelled

MOST_PARTS = 5_000
DEEPEST = 50
"""Nesting beyond this is kept as one attachment. Forwarded chains reach ten; attacks reach thousands."""

_NOTHING = Labelled("", {})
_LONGEST_BOUNDARY = 1_000
# The delimiter where the header names none, or one that never comes: "--x" with a part's header under it.
_LIKELY_DELIMITER = re.compile(rb"(?:\A|\n)--([^\r\n]{1,200}?)[ \t]*\r?\nContent-[A-Za-z-]{2,40}:", re.I)
_UNHEARD = float("inf")


@dataclass(slots=True)
class Part:
    """One part. `begin` and `end` bound its body in the raw message; a multipart has `children` instead of a body.

    `number` is its IMAP section, "" for a root with children; `container` the subtype it stands in.
    """

    number: str
    content_type: str
    label: Labelled
    begin: int
    end: int
    encoding: str = ""
    disposition: str = ""
    file_name: str | None = None
    content_id: str | None = None
    container: str = ""
    children: list["Part"] = field(default_factory=list)

    @property
    def is_multipart(self) -> bool:
        return bool(self.children)


@dataclass(slots=True)
class _Open:
    """A multipart whose parts are being read: its delimiter, and where that comes next."""

    part: Part
    delimiter: bytes
    next_at: float = -1


@dataclass(slots=True)
class _Walk:
    raw: bytes
    open: list[_Open]
    problems: list[str]
    count: int = 0
    leaf: Part | None = None


def read_parts(raw: bytes, fields: Fields, body: int) -> tuple[Part, list[str]]:
    """The root part, with what was odd about the structure. `fields` are those of the message header."""
    walk = _Walk(raw, [], [])
    root = _part_of(fields, "", body)
    root.end = len(raw)
    _enter(walk, root)
    position = max(body - 1, 0)
    while walk.open:
        at, level = _next_delimiter(walk, position)
        if at < 0:
            break
        position = _take_delimiter(walk, at, level)
        if walk.count >= MOST_PARTS:
            walk.problems.append(f"More than {MOST_PARTS} parts; the rest is left out")
            walk.open.clear()
    _end_of_tree(walk, len(raw))
    _number(root)
    return root, walk.problems


def _enter(walk: _Walk, part: Part) -> None:
    """Go into a multipart, or begin a leaf."""
    walk.leaf = part
    if not part.content_type.startswith("multipart/"):
        return
    boundary = part.label.parameters.get("boundary", "").encode("utf-8", "replace").rstrip(b" \t\r\n")
    if len(walk.open) >= DEEPEST:
        walk.problems.append("Nested too deeply; the innermost parts are one attachment")
        return
    if not boundary or len(boundary) > _LONGEST_BOUNDARY:
        boundary = _likely_boundary(walk, part)
    if boundary:
        walk.open.append(_Open(part, b"--" + boundary))


def _likely_boundary(walk: _Walk, part: Part) -> bytes:
    found = _LIKELY_DELIMITER.search(walk.raw, max(part.begin - 1, 0), min(part.begin + 65_536, len(walk.raw)))
    walk.problems.append("A multipart without a boundary")
    return found[1].rstrip() if found else b""


def _next_delimiter(walk: _Walk, position: int) -> tuple[int, int]:
    """(offset, level) of the nearest delimiter line of any open multipart; the innermost wins a tie."""
    nearest, level = _UNHEARD, -1
    for index, one in enumerate(walk.open):
        if one.next_at < position:
            one.next_at = _find_line(walk.raw, one.delimiter, position)
        if one.next_at <= nearest and one.next_at != _UNHEARD:
            nearest, level = one.next_at, index
    return (int(nearest), level) if level >= 0 else (-1, -1)


def _find_line(raw: bytes, delimiter: bytes, position: int) -> float:
    """Where a line that is this delimiter, open or closing, begins at or after `position`."""
    at = raw.find(delimiter, position)
    while at >= 0:
        after = at + len(delimiter)
        if at == 0 or raw[at - 1] in b"\r\n":
            if raw.startswith(b"--", after):
                after += 2
            while after < len(raw) and raw[after] in b" \t":
                after += 1
            if after >= len(raw) or raw[after] in b"\r\n":
                return at
        at = raw.find(delimiter, max(after, at + 1) - (len(delimiter) if after - at <= len(delimiter) else 0) + 1)
    return _UNHEARD


def _take_delimiter(walk: _Walk, at: int, level: int) -> int:
    """Close what the delimiter ends, begin the part after it; where to go on reading."""
    raw = walk.raw
    _end_leaf(walk, at)
    for closed in walk.open[level + 1 :]:
        closed.part.end = at
        if not closed.part.children:
            _become_leaf(walk, closed.part, at)
    del walk.open[level + 1 :]
    here = walk.open[level]
    line_end = raw.find(b"\n", at)
    begin = len(raw) if line_end < 0 else line_end + 1
    here.next_at = -1
    if raw.startswith(b"--", at + len(here.delimiter)) or begin >= len(raw):
        # Closed; what follows is an epilogue. At the root the same delimiter may come again: parts added on the way.
        if level:
            walk.open.pop()
        return begin
    limit, _ = _next_delimiter(walk, begin)
    block, body = read_header(raw, begin, limit if limit >= 0 else len(raw))
    if not block and limit >= 0 and not raw[body:limit].strip():
        # A delimiter with nothing under it: a sender's slip, and no part that anyone meant.
        return body
    child = _part_of(known_fields(block), here.part.content_type.partition("/")[2], body)
    here.part.children.append(child)
    walk.count += 1
    _enter(walk, child)
    return max(body - 1, begin) if body < len(raw) else len(raw)


def _end_leaf(walk: _Walk, at: int) -> None:
    """The line break before a delimiter belongs to the delimiter (RFC 2046 5.1.1)."""
    if walk.leaf is not None:
        end = at
        if end > walk.leaf.begin and walk.raw[end - 1] == 10:
            end -= 1
        if end > walk.leaf.begin and walk.raw[end - 1] == 13:
            end -= 1
        walk.leaf.end = max(end, walk.leaf.begin)
        walk.leaf = None


def _end_of_tree(walk: _Walk, end: int) -> None:
    if walk.leaf is not None:
        walk.leaf.end = end
    for one in walk.open:
        if not one.part.children:
            _become_leaf(walk, one.part, end)


def _become_leaf(walk: _Walk, part: Part, end: int) -> None:
    """A multipart in which no part was found is a text that a person can still read."""
    walk.problems.append("A multipart without parts")
    part.end = end


def _part_of(fields: Fields, container: str, begin: int) -> Part:
    type_values = fields.get(b"content-type")
    label = labelled(_first(type_values)) if type_values else _NOTHING
    content_type = label.content_type
    if not content_type:
        # RFC 2046 5.1.5: what says nothing inside a digest is a message.
        content_type = "message/rfc822" if container == "digest" and not label.value else "text/plain"
    part = Part("", content_type, label, begin, begin, container=container)
    if b"content-transfer-encoding" in fields:
        part.encoding = fields[b"content-transfer-encoding"][0][:100].decode("latin-1")
    disposition = None
    if b"content-disposition" in fields:
        disposition = labelled(_first(fields[b"content-disposition"]))
        part.disposition = disposition.value
    if disposition is not None or label.parameters:
        part.file_name = file_name_of(disposition, label)
    if b"content-id" in fields:
        part.content_id = (
            fields[b"content-id"][0][:500].decode("utf-8", "replace").strip("<> \t\0").replace("\0", "") or None
        )
    return part


def _first(values: list[bytes]) -> bytes:
    return values[0] if values[0] or len(values) == 1 else next(filter(None, values), b"")


def _number(root: Part) -> None:
    """IMAP section numbers (RFC 3501 6.4.5): a message that is one part has part 1."""
    if not root.children:
        root.number = "1"
    waiting = [root]
    while waiting:
        parent = waiting.pop()
        prefix = f"{parent.number}." if parent.number else ""
        for place, child in enumerate(parent.children, 1):
            child.number = f"{prefix}{place}"
            if child.children:
                waiting.append(child)


def leaves(root: Part) -> list[Part]:
    """The parts without children, in the order of the message."""
    found: list[Part] = []
    waiting = [root]
    while waiting:
        part = waiting.pop()
        if part.children:
            waiting.extend(reversed(part.children))
        else:
            found.append(part)
    return found

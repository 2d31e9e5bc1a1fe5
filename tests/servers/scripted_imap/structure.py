"""ENVELOPE and BODYSTRUCTURE (RFC 3501 section 7.4.2) of a message."""

import re
from email.header import decode_header
from email.utils import getaddresses

from tests.servers.scripted_imap.names import nstring
from tests.servers.scripted_imap.sections import Part, split

_PARAMETER = re.compile(rb';\s*([^\s=;]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;]+))')


def envelope(part: Part) -> bytes:
    """The parenthesised summary of a header."""
    sender = _addresses(part, b"From")
    fields = [
        nstring(part.field(b"Date")),
        nstring(part.field(b"Subject")),
        sender,
        _addresses(part, b"Sender", sender),
        _addresses(part, b"Reply-To", sender),
        _addresses(part, b"To"),
        _addresses(part, b"Cc"),
        _addresses(part, b"Bcc"),
        nstring(part.field(b"In-Reply-To")),
        nstring(part.field(b"Message-ID")),
    ]
    return b"(" + b" ".join(fields) + b")"


def body_structure(part: Part, *, extended: bool = True) -> bytes:
    """The parenthesised structure; `extended` for BODYSTRUCTURE, without for BODY."""
    kind, _, subtype = part.kind.partition(b"/")
    if part.kind.startswith(b"multipart/") and part.children:
        inner = b"".join(body_structure(child, extended=extended) for child in part.children)
        tail = b" %b %b NIL NIL" % (_parameters(part, b"Content-Type"), _disposition(part)) if extended else b""
        return b"(" + inner + b" " + nstring(subtype) + tail + b")"
    encoding = part.field(b"Content-Transfer-Encoding") or b"7bit"
    fields = [nstring(kind), nstring(subtype), _parameters(part, b"Content-Type"), nstring(part.field(b"Content-ID"))]
    fields += [nstring(part.field(b"Content-Description")), nstring(encoding), b"%d" % len(part.body)]
    lines = b"%d" % part.body.count(b"\n")
    if part.kind == b"message/rfc822" and part.children:
        fields += [envelope(part.children[0]), body_structure(part.children[0], extended=extended), lines]
    elif kind == b"text":
        fields.append(lines)
    if extended:
        fields += [nstring(part.field(b"Content-MD5")), _disposition(part), b"NIL", b"NIL"]
    return b"(" + b" ".join(fields) + b")"


def structure_of(raw: bytes, *, extended: bool) -> bytes:
    return body_structure(split(raw), extended=extended)


def envelope_of(raw: bytes) -> bytes:
    return envelope(split(raw, depth=20))


def _addresses(part: Part, name: bytes, default: bytes = b"NIL") -> bytes:
    value = part.field(name)
    found = getaddresses([value.decode("utf-8", "replace")]) if value else []
    written = []
    for display, address in found:
        local, _, domain = address.rpartition("@")
        if local or domain:
            texts = [display.encode() or None, None, local.encode(), domain.encode()]
            written.append(b"(" + b" ".join(nstring(text) for text in texts) + b")")
    return b"(" + b"".join(written) + b")" if written else default


def _parameters(part: Part, field: bytes) -> bytes:
    pairs = [(match[1], match[2] or match[3] or b"") for match in _PARAMETER.finditer(part.field(field) or b"")]
    if not pairs:
        return b"NIL"
    return b"(" + b" ".join(nstring(name) + b" " + nstring(value) for name, value in pairs) + b")"


def _disposition(part: Part) -> bytes:
    value = part.field(b"Content-Disposition")
    if not value:
        return b"NIL"
    kind = value.split(b";")[0].strip()
    return b"(" + nstring(kind) + b" " + _parameters(part, b"Content-Disposition") + b")"


def readable(value: bytes) -> str:
    """A header value with its encoded words decoded, for SEARCH."""
    pieces = []
    try:
        for piece, charset in decode_header(value.decode("utf-8", "replace")):
            pieces.append(piece if isinstance(piece, str) else piece.decode(charset or "utf-8", "replace"))
    except (LookupError, ValueError):
        return value.decode("utf-8", "replace")
    return "".join(pieces)

"""Folder names on the wire: modified UTF-7 (RFC 3501 section 5.1.3), quoting, and LIST patterns."""

import base64
import re

_SHIFTED = re.compile(r"[^\x20-\x7e]+")
_ENCODED = re.compile(r"&([^-]*)-")


def to_modified_utf7(name: str) -> bytes:
    """Encode a folder name; ampersands become `&-`, other characters a shifted run of UTF-16 in base64 with `,`."""

    def shift(match: re.Match[str]) -> str:
        packed = base64.b64encode(match.group().encode("utf-16-be", "surrogatepass")).decode()
        return "&" + packed.rstrip("=").replace("/", ",") + "-"

    return _SHIFTED.sub(shift, name.replace("&", "&-")).encode("ascii")


def from_modified_utf7(wire: bytes) -> str:
    """Decode a folder name; text that is no modified UTF-7 is taken as UTF-8, as tolerant servers do."""

    def unshift(match: re.Match[str]) -> str:
        packed = match.group(1)
        if not packed:
            return "&"
        padded = packed.replace(",", "/") + "=" * (-len(packed) % 4)
        return base64.b64decode(padded).decode("utf-16-be")

    try:
        return _ENCODED.sub(unshift, wire.decode("ascii"))
    except (UnicodeDecodeError, ValueError):
        return wire.decode("utf-8", "replace")


def quoted(wire: bytes) -> bytes:
    """A quoted string (RFC 3501 section 9), or a literal where quoting cannot carry the bytes."""
    if b"\r" in wire or b"\n" in wire or b"\0" in wire:
        return b"{%d}\r\n%b" % (len(wire), wire)
    return b'"' + wire.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


def nstring(value: bytes | None) -> bytes:
    """A quoted string, or NIL for nothing; 8-bit text goes as a literal, which any client must take."""
    if value is None:
        return b"NIL"
    return quoted(value) if value.isascii() else b"{%d}\r\n%b" % (len(value), value)


def matches(pattern: str, name: str, separator: str) -> bool:
    """LIST wildcards (RFC 3501 section 6.3.8): `*` is anything, `%` anything within one level; INBOX in any case."""
    parts = {"*": ".*", "%": f"[^{re.escape(separator)}]*"}
    expression = "".join(parts.get(character, re.escape(character)) for character in pattern)
    flags = re.DOTALL | (re.IGNORECASE if name.upper() == "INBOX" else 0)
    return re.fullmatch(expression, name, flags) is not None

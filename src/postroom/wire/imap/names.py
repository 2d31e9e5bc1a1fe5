"""Folder names between people and servers: modified UTF-7 (RFC 3501 section 5.1.3) and UTF-8 (RFC 9755)."""

import base64
import binascii
import re

from postroom.wire.imap.types import Folder

_SHIFTED = re.compile(rb"&([A-Za-z0-9+,]*)-")
_PLAIN_RUN = re.compile(r"[\x20-\x7e]+")


def decoded(raw: bytes) -> str:
    """A server's name as people read it. What is not modified UTF-7 is taken as UTF-8, else as Latin-1."""
    try:
        return _from_utf7(raw)
    except ValueError:
        pass
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def encoded(name: str) -> bytes:
    """A name in modified UTF-7."""
    pieces = []
    at = 0
    for run in _PLAIN_RUN.finditer(name):
        pieces += [_shifted(name[at : run.start()]), run[0].replace("&", "&-").encode()]
        at = run.end()
    return b"".join([*pieces, _shifted(name[at:])])


def wire_name(folder: Folder, in_utf8: bool) -> bytes:
    """A folder's name as this session's server wants it."""
    return folder.name.encode("utf-8", "replace") if in_utf8 else folder.raw_name


def _from_utf7(raw: bytes) -> str:
    """Raises ValueError (UnicodeDecodeError is one) where it is not modified UTF-7."""
    text, at = "", 0
    for shift in _SHIFTED.finditer(raw):
        text += _ascii(raw[at : shift.start()]) + (_unshifted(shift[1]) if shift[1] else "&")
        at = shift.end()
    return text + _ascii(raw[at:])


def _ascii(piece: bytes) -> str:
    if b"&" in piece:
        raise ValueError("a shift that does not end")
    return piece.decode("ascii")


def _unshifted(letters: bytes) -> str:
    padded = letters.replace(b",", b"/") + b"=" * (-len(letters) % 4)
    try:
        return base64.b64decode(padded, validate=True).decode("utf-16-be")
    except binascii.Error as error:
        raise ValueError("not modified base64") from error


def _shifted(piece: str) -> bytes:
    if not piece:
        return b""
    letters = base64.b64encode(piece.encode("utf-16-be", "surrogatepass")).rstrip(b"=")
    return b"&" + letters.replace(b"/", b",") + b"-"

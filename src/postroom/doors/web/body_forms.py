"""The forms a JSON body comes in: compressed, with a byte order mark, in another character set. All become plain UTF-8.

Clients in older languages send each of them, and a body that is passed over would be an answer to another question.
"""

import codecs
import zlib
from email.message import Message

from postroom.doors.web.errors import TooLarge, Unreadable
from postroom.ground.errors import Invalid

_GZIP = 16 + zlib.MAX_WBITS
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_CHARACTER_SETS = frozenset({"utf-8", "utf-16", "ascii", "iso8859-1", "iso8859-15", "cp1252"})
"""Those that text on the web comes in; Python's own names of them."""


def kind_of(content_type: str) -> str:
    """The media type without its parameters, in small letters."""
    return content_type.partition(";")[0].strip().lower()


def is_text(content_type: str) -> bool:
    """Whether such a body may be JSON: it says so, or says nothing, or what `curl -d` says of any text."""
    kind = kind_of(content_type)
    return not kind or "json" in kind or kind in ("text/plain", "application/x-www-form-urlencoded")


def plain(body: bytes, content_type: str, encoding: str, most_bytes: int) -> bytes:
    """The body as plain UTF-8. Raises Unreadable for an unknown form, TooLarge, Invalid where it is damaged."""
    body = _unpacked(body, encoding.strip().lower(), most_bytes)
    for mark, character_set in _MARKS:
        if body.startswith(mark):
            return _as_utf8(body.removeprefix(mark), character_set)
    character_set = _character_set(content_type)
    return body if character_set in ("", "utf-8") else _as_utf8(body, character_set)


def _unpacked(body: bytes, encoding: str, most_bytes: int) -> bytes:
    if encoding in ("", "identity"):
        return body
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise Unreadable(f"The body is compressed with {encoding}; send it with gzip, or as it is.")
    try:
        return _inflated(body, _GZIP if "gzip" in encoding else zlib.MAX_WBITS, most_bytes)
    except zlib.error as error:
        try:  # many mean the bare form when they say deflate
            if encoding == "deflate":
                return _inflated(body, -zlib.MAX_WBITS, most_bytes)
        except zlib.error:
            pass
        raise Invalid(f"The body is not compressed with {encoding}, as its header says.") from error


def _inflated(body: bytes, bits: int, most_bytes: int) -> bytes:
    """Never more than is allowed: a few bytes may unfold to all memory there is."""
    unpacking = zlib.decompressobj(bits)
    found = unpacking.decompress(body, most_bytes + 1)
    if len(found) > most_bytes:
        raise TooLarge(f"The body is larger than {most_bytes // (1024 * 1024)} MB when it is unpacked.")
    if not unpacking.eof:
        raise zlib.error("truncated")
    return found


def _character_set(content_type: str) -> str:
    """Python's name for what the type says, "" where it says nothing. Raises Unreadable."""
    if "charset" not in content_type.lower():
        return ""
    header = Message()
    header["content-type"] = content_type
    given = str(header.get_content_charset() or "")
    try:
        found = codecs.lookup(given).name if given else ""
    except LookupError:
        found = given
    if found and found not in _CHARACTER_SETS:
        raise Unreadable(f"The character set {given[:40]} is not known here; send UTF-8.")
    return found


def _as_utf8(body: bytes, character_set: str) -> bytes:
    try:
        return body.decode(character_set).encode()
    except UnicodeError as error:
        raise Invalid(f"The body is not in the character set {character_set}.") from error

"""A header block cut into its fields, and field values turned into text. Linear in the block, whatever is in it."""

import re

from postroom.wire.mime.charsets import decode, storable
from postroom.wire.mime.encoded_words import decode_words

MOST_HEADER_BYTES = 8_000_000
"""A header block longer than this is cut: 100,000 recipients fit, an endless one does not."""

_MOST_FIELDS = 50_000
_KNOWN = (
    "message-id|in-reply-to|references|date|from|sender|reply-to|to|cc|bcc|subject|list-id|return-path|auto-submitted"
    "|precedence|x-postroom-id|content-type|content-transfer-encoding|content-disposition|content-id|resent-date"
    "|delivery-date|apparently-to"
)
# One field that is read here, with its folded lines. The first letters in front keep other fields cheap.
_KNOWN_FIELD = re.compile(
    rb"\n(?i:(?=[mirdfstcblpax])(" + _KNOWN.encode() + rb"))[ \t]*+:([^\n]*+(?:\n[ \t][^\n]*+)*+)"
)
_ANY_FIELD = re.compile(rb"\n([!-9;-~]{1,200}+)[ \t]*+:([^\n]*+(?:\n[ \t][^\n]*+)*+)")
# A line that is neither a field nor the continuation of one with something in it: looked at more closely below.
_UNUSUAL_LINE = re.compile(rb"\n(?![!-9;-~]++[ \t]*+:|[ \t]++[^ \t\r\n]|\Z)")
_ODD_LINE = re.compile(rb"\n(?![ \t\n]|\r\n|\Z|>?From |[!-9;-~]++[ \t]*+:)")
_FIELD = re.compile(rb"[!-9;-~]++[ \t]*+:")
_SURE_FIELD = re.compile(
    rb"\n(?i:from|to|subject|date|message-id|mime-version|content-(?:type|disposition|transfer-encoding|id)|received)"
    rb"[ \t]*+:"
)
_WHITE_LINE = re.compile(rb"\n[ \t]++\r?\n")
_FIELD_OR_FOLD = re.compile(rb"[ \t]|[!-9;-~]++[ \t]*+:")
_SPACES = re.compile(r"[ \t\r\n\f\v]+")

Fields = dict[bytes, list[bytes]]
"""Lower-case field name → its raw values in order, unfolded."""


def known_fields(block: bytes) -> Fields:
    """The fields that make up a MessageHead or that say how the body is built."""
    return _gathered(_KNOWN_FIELD.findall(b"\n" + block[:MOST_HEADER_BYTES]))


def all_fields(block: bytes) -> Fields:
    """Every field of a header block. Lines that are no field are left out."""
    return _gathered(_ANY_FIELD.findall(b"\n" + block[:MOST_HEADER_BYTES]))


def _gathered(found: list[tuple[bytes, bytes]]) -> Fields:
    fields: Fields = {}
    for written, folded in found if len(found) <= _MOST_FIELDS else found[:_MOST_FIELDS]:
        # RFC 5322 2.2.3: the line break goes, the white space of the fold stays.
        value = folded.replace(b"\r\n", b"").replace(b"\n", b"") if b"\n" in folded else folded
        name = written.lower()
        if name in fields:
            fields[name].append(value.strip())
        else:
            fields[name] = [value.strip()]
    return fields


def header_values(header_block: bytes, name: str) -> tuple[str, ...]:
    """Every value of one field, unfolded and decoded, in order."""
    wanted = name.lower().encode("ascii", "replace")
    if wanted not in header_block.lower():
        return ()
    return tuple(text_of(value) for value in all_fields(header_block).get(wanted, ()))


def listed_fields(block: bytes) -> tuple[tuple[str, str], ...]:
    """Every field as it stands in the block: its name as written, its value unfolded and decoded."""
    found = _ANY_FIELD.findall(b"\n" + block[:MOST_HEADER_BYTES])[:_MOST_FIELDS]
    return tuple((name.decode("ascii"), text_of(value)) for name, value in found)


def split_message(raw: bytes) -> tuple[bytes, int]:
    """(header block, offset of the body). An mbox "From " line and blank lines before the header are passed over."""
    return read_header(raw, _begin_of_header(raw), len(raw))


def read_header(raw: bytes, begin: int, limit: int) -> tuple[bytes, int]:
    """(the header block that begins at `begin`, offset of the body after it), nothing of it past `limit`.

    The header ends at the first empty line. It also ends at a line that is no field when no field that a header
    surely has comes after it: some programs forget the empty line. With such fields after it, the line is the
    continuation of a field whose fold lost its white space, and gets it back.
    """
    if begin >= limit or raw[begin] == 10:
        return b"", min(begin + 1, limit)
    if raw.startswith(b"\r\n", begin):
        return b"", min(begin + 2, limit)
    end, body = _first_empty_line(raw, begin, limit)
    block = raw[begin : min(end, begin + MOST_HEADER_BYTES)]
    if _UNUSUAL_LINE.search(block) is None and _FIELD.match(block):
        return block, body
    return _read_unusual(raw, begin, (end, body))


def _read_unusual(raw: bytes, begin: int, bounds: tuple[int, int]) -> tuple[bytes, int]:
    end, body = bounds
    white = _WHITE_LINE.search(raw, begin, end)
    while white is not None:
        # A line of spaces continues a field (obs-FWS) if a header goes on after it; else it is the empty line.
        if not _FIELD_OR_FOLD.match(raw, white.end(), end):
            end, body = white.start() + 1, white.end()
            break
        white = _WHITE_LINE.search(raw, white.end() - 1, end)
    block = raw[begin : min(end, begin + MOST_HEADER_BYTES)]
    lines = b"\n" + block
    odd = _ODD_LINE.search(lines)
    if odd is None:
        return block, body
    if _SURE_FIELD.search(lines, odd.end() - 1) is None:
        return block[: odd.start()], begin + odd.start()
    return _ODD_LINE.sub(b"\n ", lines)[1:], body


def _begin_of_header(raw: bytes) -> int:
    begin = 3 if raw.startswith(b"\xef\xbb\xbf") else 0
    while begin < len(raw) and raw[begin] in b"\r\n":
        begin += 1
    if raw.startswith((b"From ", b">From "), begin):
        line_end = raw.find(b"\n", begin)
        begin = len(raw) if line_end < 0 else line_end + 1
    return begin


def _first_empty_line(raw: bytes, begin: int, limit: int) -> tuple[int, int]:
    """(end of the block, offset after the empty line). Most headers end within 64 KB: the body stays unsearched."""
    for end in (min(begin + 65_536, limit), limit):
        long = raw.find(b"\n\r\n", begin, end)
        short = raw.find(b"\n\n", begin, end if long < 0 else long)
        if short >= 0:
            return short + 1, short + 2
        if long >= 0:
            return long + 1, long + 3
    return limit, limit


def characters_of(value: bytes, charset: str | None = None) -> str:
    """The characters of a raw value, encoded words still in it. Raw 8-bit is UTF-8 (RFC 6532), else `charset`."""
    if value.isascii() and b"\x1b" not in value:
        text = value.decode("ascii")
        return text if "\0" not in text else text.replace("\0", "")
    if charset is None or value.isascii():
        return decode(value)
    try:
        return storable(value.decode("utf-8"))
    except UnicodeDecodeError:
        return decode(value, charset)


def text_of(value: bytes, charset: str | None = None) -> str:
    """The text of an unstructured field such as Subject, on one line."""
    text = characters_of(value, charset)
    if "=?" in text:
        text = decode_words(text)
    if "\t" in text or "\n" in text or "\r" in text or "  " in text:
        text = _SPACES.sub(" ", text)
    return text.strip()

"""Values with parameters: Content-Type and Content-Disposition, RFC 2045 and 2231, and what is made of them.

Names of files come out of here safe to show and to store: no folder, no control character, no trailing dot.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from postroom.wire.mime.charsets import decode, storable
from postroom.wire.mime.encoded_words import decode_words
from postroom.wire.mime.headers import characters_of

_PARAMETER = re.compile(r"""([^\s=;"]{1,100}+)\s*=\s*(?:"((?:[^"\\]++|\\.)*+)(?:"|\\?\Z)|([^;]*))""", re.S)
_SECTION = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*)?$")
_ESCAPED = re.compile(r"\\([\\\"])")
_COMMENT = re.compile(r"\([^()]*\)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]")
_NOT_TYPE = re.compile(r"[^!#$&\-^_.+a-z0-9/*'%`{|}~]+")
_MOST_PARAMETERS = 100
_LONGEST_VALUE = 20_000
_LONGEST_NAME = 255


@dataclass(frozen=True, slots=True)
class Labelled:
    """A value such as "text/plain" in lower case, and its parameters by lower-case name, decoded."""

    value: str
    parameters: dict[str, str]
    content_type: str = ""
    """The value where it is a "type/subtype", else ""."""


def labelled(raw: bytes) -> Labelled:
    """`raw` is the unfolded value of a Content-Type or Content-Disposition field."""
    return _remembered(raw) if len(raw) <= 200 else _read(raw[:_LONGEST_VALUE])


@lru_cache(maxsize=4096)
def _remembered(raw: bytes) -> Labelled:
    """Most parts of most messages carry one of a few hundred values."""
    return _read(raw)


def _read(raw: bytes) -> Labelled:
    text = characters_of(raw)
    value, _, rest = text.partition(";")
    if "=" in value and "/" not in value.partition("=")[0]:
        # The type itself was left out: `Content-Type: charset="utf-8"`.
        value, rest = "", text
    elif not rest and len(value.split()) > 1:
        # A space where the semicolon belongs: `text/html charset=utf-8`.
        value, rest = value.split(None, 1)
    value = _COMMENT.sub("", value).strip().lower() if "(" in value else value.strip().lower()
    return Labelled(value, _parameters(rest) if "=" in rest else {}, _content_type(value))


def _parameters(text: str) -> dict[str, str]:
    plain: dict[str, str] = {}
    sections: dict[str, dict[int, tuple[str, bool]]] = {}
    for count, found in enumerate(_PARAMETER.finditer(text)):
        if count >= _MOST_PARAMETERS:
            break
        name = found[1].lower()
        quoted, bare = found[2], found[3]
        value = _ESCAPED.sub(r"\1", quoted) if quoted is not None else _bare_value(bare)
        if "*" not in name:
            plain.setdefault(name, value)
        elif section := _SECTION.match(name):
            number = int(section[2]) if section[2] else -1
            sections.setdefault(section[1], {}).setdefault(number, (value, section[3] is not None))
    for name, parts in sections.items():
        plain[name] = _joined(parts)
    return plain


def _bare_value(value: str) -> str:
    value = value.strip()
    # A comment after the value (RFC 2045 5.1): `charset=us-ascii (Plain text)`.
    if value.endswith(")") and " (" in value:
        value = value[: value.rindex(" (")].rstrip()
    return value.strip('"')


def _joined(parts: dict[int, tuple[str, bool]]) -> str:
    """RFC 2231: numbered sections in their order, some percent-encoded, the charset in the first of them."""
    if -1 in parts and len(parts) == 1:
        value, is_encoded = parts[-1]
        return _extended(value) if is_encoded else value
    charset, content, is_any_encoded = "", bytearray(), False
    for position, number in enumerate(sorted(parts)):
        value, is_encoded = parts[number]
        if is_encoded:
            if position == 0 and value.count("'") >= 2:
                charset, _, value = value.split("'", 2)
            is_any_encoded = True
            content += unquote_to_bytes(value)
        else:
            content += value.encode("utf-8", "replace")
    return decode(bytes(content), charset or None) if is_any_encoded else decode(bytes(content), "utf-8")


def _extended(value: str) -> str:
    if value.count("'") >= 2:
        charset, _, rest = value.split("'", 2)
        return decode(unquote_to_bytes(rest), charset or None)
    return decode(unquote_to_bytes(value))


def _content_type(value: str) -> str:
    kind = value.split(None, 1)[0] if value else ""
    if kind.isascii() and kind.count("/") == 1 and not _NOT_TYPE.search(kind):
        return kind if kind[0] != "/" and kind[-1] != "/" and len(kind) < 200 else ""
    return {"text": "text/plain", "html": "text/html", "plain": "text/plain"}.get(kind, "")


def file_name_of(disposition: Labelled | None, content_type: Labelled) -> str | None:
    """The name the sender gave to a part: the disposition's `filename`, else the type's `name`."""
    given = disposition.parameters.get("filename") if disposition else None
    given = (
        given or content_type.parameters.get("name") or (disposition.parameters.get("name") if disposition else None)
    )
    return safe_file_name(given) if given else None


def safe_file_name(given: str) -> str | None:
    """A name for people and file systems: encoded words read (RFC 2047 in parameters is common, though forbidden),
    folders cut off, marks that turn the reading direction and control characters taken out, at most 255 bytes."""
    name = decode_words(given) if "=?" in given else given
    if name.count("'") >= 2 and "%" in name and (found := re.match(r"([\w-]{3,20})'[\w-]*'", name)):
        # RFC 2231 encoding under a plain `filename=`: the star was forgotten.
        name = decode(unquote_to_bytes(name[found.end() :]), found[1])
    name = storable(unicodedata.normalize("NFC", " ".join(name.split())))
    name = re.split(r"[/\\]", _CONTROL.sub("", name.rstrip("/\\ ")))[-1]
    name = name.strip().rstrip(". ") if set(name.strip()) != {"."} else ""
    return _shortened(name) or None


def _shortened(name: str) -> str:
    if len(name.encode("utf-8")) <= _LONGEST_NAME:
        return name
    stem, dot, extension = name.rpartition(".")
    tail = dot + extension if stem and len(extension) <= 16 else ""
    room = _LONGEST_NAME - len(tail.encode("utf-8"))
    return (stem if tail else name).encode("utf-8")[:room].decode("utf-8", "ignore") + tail

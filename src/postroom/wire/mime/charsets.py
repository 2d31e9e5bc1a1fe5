"""Bytes to text under whatever charset a message claims, claims wrongly, or does not claim. Never raises.

Labels are widened to the superset that senders mean by them, as the WHATWG Encoding Standard does for the web.
"""

import codecs
import re
from functools import lru_cache

# What the label says → what senders put into it. Supersets lose nothing and read the letters beyond the label.
_MEANT = {
    "us-ascii": "cp1252", "ascii": "cp1252", "ansi_x3.4-1968": "cp1252", "iso646-us": "cp1252", "646": "cp1252",
    "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "iso_8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252",
    "l1": "cp1252", "8859-1": "cp1252", "iso88591": "cp1252", "cp819": "cp1252", "ansi": "cp1252",
    "iso-8859-9": "cp1254", "iso8859-9": "cp1254", "latin5": "cp1254", "iso-8859-11": "cp874", "tis-620": "cp874",
    "iso-8859-8-i": "iso8859-8", "iso-8859-8-e": "iso8859-8", "iso-8859-6-i": "iso8859-6", "logical": "iso8859-8",
    "gb2312": "gb18030", "gb_2312-80": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "cp936": "gb18030",
    "windows-936": "gb18030", "euc-cn": "gb18030", "gb": "gb18030", "gb-2312": "gb18030", "chinese": "gb18030",
    "big5": "cp950", "x-x-big5": "cp950", "cn-big5": "cp950", "big-5": "cp950", "windows-950": "cp950",
    "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "sjis": "cp932", "windows-31j": "cp932",
    "ms_kanji": "cp932", "csshiftjis": "cp932", "iso-2022-jp": "iso2022_jp_ext", "csiso2022jp": "iso2022_jp_ext",
    "iso-2022-jp-1": "iso2022_jp_ext", "iso-2022-jp-ms": "iso2022_jp_ext", "cp50221": "iso2022_jp_ext",
    "cp50220": "iso2022_jp_ext", "x-euc-jp": "euc_jp",
    "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "ks_c_5601": "cp949", "ksc5601": "cp949", "korean": "cp949",
    "ks_c_5601-1989": "cp949", "windows-949": "cp949", "euckr": "cp949", "ksc_5601": "cp949",
    "unicode-1-1-utf-7": "utf-7", "x-unicode-2-0-utf-7": "utf-7", "unicode-1-1-utf-8": "utf-8", "utf8": "utf-8",
    "utf-8": "utf-8", "x-mac-roman": "mac_roman", "macintosh": "mac_roman", "mac": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic", "x-mac-ce": "mac_latin2", "utf8mb4": "utf-8", "utf-8-sig": "utf-8-sig",
    "koi8r": "koi8-r", "koi": "koi8-r", "win-1251": "cp1251", "x-cp1251": "cp1251", "windows-cp1251": "cp1251",
    "x-cp1252": "cp1252", "dos-874": "cp874", "unicode": "utf-16", "iso-10646-ucs-2": "utf-16-be", "ucs-2": "utf-16-be",
}  # fmt: skip

# Python codecs that are not charsets of mail, or that would give instructions to the decoder.
_REFUSED = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem", "rot-13"})

_LABEL_NOISE = re.compile(r"[\s\"'<>]+|^(?:charset=)|;.*$")
_ISO_2022_JP = re.compile(rb"\x1b(?:\$[@B]|\(J|\(I|\$\(D)")
_ISO_2022_KR = re.compile(rb"\x1b\$\)C")
_UTF8_CHARACTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_ASCII = bytes(range(128))
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def decode(content: bytes, label: str | None = None) -> str:
    """The text of `content`; `label` is the charset the message names, None when it names none."""
    return decode_noting(content, label)[0]


def decode_noting(content: bytes, label: str | None) -> tuple[str, bool]:
    """The text, and whether the label fitted: False where it was unknown or the bytes contradicted it."""
    codec = codec_of(label)
    if codec is None or (codec == "cp1252" and _is_ascii_label(label)):
        return _unlabelled(content), codec is not None or not label or content.isascii()
    if codec == "utf-8":
        return _utf8(content)
    try:
        return storable(content.decode(codec)), True
    except (UnicodeError, ValueError):
        return _contradicted(content, codec), False


def storable(text: str) -> str:
    """The text without NUL and lone surrogates, which no database takes; most text comes back as it is."""
    if text.isascii():
        return text if "\0" not in text else text.replace("\0", "")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return _UNSTORABLE.sub("", _pair_surrogates(text))
    return text if "\0" not in text else text.replace("\0", "")


@lru_cache(maxsize=1024)
def codec_of(label: str | None) -> str | None:
    """The Python codec for a charset label, None when nothing is known by that name."""
    if not label or len(label) > 64:
        return None
    name = _LABEL_NOISE.sub("", label.lower())
    meant = _MEANT.get(name) or _MEANT.get(name.replace("_", "-"))
    for candidate in (meant, name, name.removeprefix("x-"), name.replace("windows", "cp").replace("-", "")):
        if candidate and (found := _known_codec(candidate)):
            return found
    return None


def _known_codec(name: str) -> str | None:
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError, TypeError):
        return None
    is_text = bool(getattr(info, "_is_text_encoding", True))
    if not is_text or info.name.replace("-", "_") in _REFUSED or info.name in _REFUSED:
        return None
    return _MEANT.get(info.name, info.name)


@lru_cache(maxsize=256)
def _is_ascii_label(label: str | None) -> bool:
    return (label or "").strip("\"' ").lower() in {"us-ascii", "ascii", "ansi_x3.4-1968", "646", "iso646-us"}


def _unlabelled(content: bytes) -> str:
    """No label, or one that promises ASCII: what the bytes themselves say. UTF-7 is never guessed (it hides markup)."""
    if b"\x1b" in content[:100_000]:
        if _ISO_2022_JP.search(content):
            return storable(content.decode("iso2022_jp_ext", "replace"))
        if _ISO_2022_KR.search(content):
            return storable(content.decode("iso2022_kr", "replace"))
    if content.isascii():
        return storable(content.decode("ascii"))
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return storable(content.decode("utf-16", "replace"))
    return _utf8(content)[0]


def _utf8(content: bytes) -> tuple[str, bool]:
    if content.startswith(codecs.BOM_UTF8):
        content = content[3:]
    try:
        text = content.decode("utf-8")
        return (text if "\0" not in text else text.replace("\0", "")), True
    except UnicodeDecodeError:
        if not _is_mostly_utf8(content):
            return storable(_western(content)), False
        return storable(content.decode("utf-8", "replace")), False


def _is_mostly_utf8(content: bytes) -> bool:
    """Cut or damaged UTF-8, and not some other charset in which a pair of bytes happens to look like it."""
    sample = content[:20_000]
    foreign = len(sample.translate(None, _ASCII))
    whole = sum(len(found) for found in _UTF8_CHARACTER.findall(sample))
    return whole * 10 > foreign * 7 or (whole > 0 and _ends_cut(content))


def _ends_cut(content: bytes) -> bool:
    """Nothing is wrong but that the last character is not all there."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as damage:
        return damage.start >= len(content) - 3 and damage.reason == "unexpected end of data"
    return False


def _contradicted(content: bytes, codec: str) -> str:
    """The label names a known charset and the bytes do not follow it."""
    if codec == "cp1252":
        return storable(_western(content))
    if codec == "cp950":
        return storable(content.decode("big5hkscs", "replace"))
    if codec.startswith("iso2022_jp"):
        return storable(_cut_shifts(content).decode(codec, "replace"))
    if not codec.startswith("utf-16"):
        try:
            return storable(content.decode("utf-8"))
        except UnicodeDecodeError:
            pass
    return storable(content.decode(codec, "replace"))


def _cut_shifts(content: bytes) -> bytes:
    """NEC row 13 and other vendor rows break Python's decoder mid-way; 8-bit bytes in a 7-bit charset are noise."""
    return content if content.isascii() else bytes(byte for byte in content if byte < 0x80)


def _western(content: bytes) -> str:
    """windows-1252, with the five bytes it leaves open read as Latin-1 does."""
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        return "".join(
            piece.decode("cp1252") if piece not in _OPEN_IN_1252 else piece.decode("latin-1")
            for piece in re.split(rb"([\x81\x8d\x8f\x90\x9d])", content)
        )


_OPEN_IN_1252 = frozenset({b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d"})


def _pair_surrogates(text: str) -> str:
    """CESU-8 and UTF-7 can leave two halves of one character: joined they are storable."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

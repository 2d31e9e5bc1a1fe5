"""Encoded words (RFC 2047) in header text: read tolerantly, written strictly.

Read: split characters, missing ends, spaces inside, wrong charsets, words inside quotes. Linear in the text.
"""

import binascii
import re

from postroom.wire.mime.charsets import codec_of, decode, storable

_START = re.compile(r"=\?([^\s?*=\"]{1,60})(?:\*[^?\s]{0,40})?\?([bBqQ])\?")
_NEXT_BASE64 = re.compile(r"\s*=\?([^\s?*=\"]{1,60})(?:\*[^?\s]{0,40})?\?[bB]\?[A-Za-z0-9+/]")
_CUT_START = re.compile(r"=\?[^\s?=\"]{0,60}(?:\?[bBqQ]?)?$")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_Q_ESCAPE = re.compile(rb"=([0-9A-Fa-f]{2})")

_Piece = tuple[str, str, bytes]
"""(plain text before it, charset, bytes) of one encoded word."""


def decode_words(text: str) -> str:
    """`text` with every encoded word replaced by what it stands for."""
    if "=?" not in text:
        return text
    pieces, rest = _cut(text)
    return storable(_join(pieces) + _CUT_START.sub("", rest))


def _cut(text: str) -> tuple[list[_Piece], str]:
    """Every encoded word with the plain text before it, and the plain text after the last."""
    pieces: list[_Piece] = []
    position = plain_from = 0
    carried: list[str] = []
    while (start := _START.search(text, position)) is not None:
        end, after = _end_of_word(text, start.end())
        encoded = text[start.end() : end]
        if start[2] in "bB" and _goes_on(text, after, start[1], encoded):
            carried.append(encoded)
            position = after
            continue
        content = _word_bytes(start[1], start[2], "".join([*carried, encoded]))
        if content is None:
            position = start.end()
            continue
        pieces.append((_before(text[plain_from : start.start()], carried), start[1], content))
        position = plain_from = after
        carried = []
    return pieces, text[plain_from:]


def _goes_on(text: str, after: int, charset: str, encoded: str) -> bool:
    """Base64 cut at any letter, and taken up by the next word: some senders cut the text after encoding it."""
    if "=" in encoded or len(encoded) % 4 == 0 or not encoded.isascii():
        return False
    following = _NEXT_BASE64.match(text, after)
    return following is not None and following[1].lower() == charset.lower()


def _before(plain: str, carried: list[str]) -> str:
    """The plain text before the first of the words that were taken together."""
    return plain[: plain.index("=?")] if carried else plain


def _end_of_word(text: str, begin: int) -> tuple[int, int]:
    """(end of the encoded text, first character after the word). A word without `?=` ends with the header."""
    end = text.find("?=", begin)
    if end < 0:
        cut = len(text.rstrip("?"))
        return max(cut, begin), len(text)
    return end, end + 2


def _word_bytes(charset: str, encoding: str, encoded: str) -> bytes | None:
    """The bytes of one word; None when this is no encoded word at all."""
    if encoding in "bB":
        return base64_tolerant(encoded.encode("ascii")) if encoded.isascii() else None
    raw = encoded.encode("ascii") if encoded.isascii() else _as_written(charset, encoded)
    unescaped = _Q_ESCAPE.sub(lambda found: bytes((int(found[1], 16),)), raw.replace(b"_", b" "))
    # Folded in the middle of a word by careless senders: the line break is not part of the text.
    return unescaped if "\n" not in encoded else re.sub(rb"=?[ \t]*\r?\n[ \t]*", b"", unescaped)


def _as_written(charset: str, encoded: str) -> bytes:
    """Letters outside ASCII stand raw in the word: they are in the word's own charset, or else in UTF-8."""
    try:
        return encoded.encode(codec_of(charset) or "utf-8")
    except UnicodeEncodeError:
        return encoded.encode("utf-8", "surrogatepass")


def base64_tolerant(raw: bytes) -> bytes:
    """What base64 can be made of `raw`, with foreign characters left out and padding mended."""
    try:
        return binascii.a2b_base64(raw, strict_mode=True)
    except binascii.Error:
        pass
    pieces = [_NOT_BASE64.sub(b"", piece) for piece in re.split(rb"=+", raw)]
    decoded = []
    for letters in pieces:
        usable = letters[:-1] if len(letters) % 4 == 1 else letters
        if usable:
            decoded.append(binascii.a2b_base64(usable + b"=" * (-len(usable) % 4)))
    return b"".join(decoded)


def _join(pieces: list[_Piece]) -> str:
    """The text of the words. White space between two words is not text (RFC 2047 6.2), and a character may be
    split over two words of one charset, so their bytes are joined before they are decoded."""
    out: list[str] = []
    charset, held = "", bytearray()
    for index, (plain, word_charset, content) in enumerate(pieces):
        is_next_word = index > 0 and not plain.strip()
        if not (is_next_word and word_charset.lower() == charset):
            if held:
                out.append(_flat(decode(bytes(held), charset)))
            held = bytearray()
            if not is_next_word:
                out.append(plain)
        charset = word_charset.lower()
        held += content
    if held:
        out.append(_flat(decode(bytes(held), charset)))
    return "".join(out)


def _flat(text: str) -> str:
    """A line break that was hidden in an encoded word must not become one in a header again."""
    return text.replace("\r\n", " ").replace("\n", " ").replace("\r", " ") if "\n" in text or "\r" in text else text


def encode_words(text: str, first_room: int = 64) -> list[str]:
    """The text as encoded words in UTF-8, each at most 75 characters and whole characters (RFC 2047 2).

    `first_room` is how many characters the first word may have, where a header name stands before it.
    """
    words: list[str] = []
    room, held = max(first_room, 24), ""
    size = 0
    for character in text:
        width = len(character.encode("utf-8"))
        if held and _word_length(size + width) > room:
            words.append(_one_word(held))
            room, held, size = 75, "", 0
        held += character
        size += width
    if held:
        words.append(_one_word(held))
    return words


def _word_length(size: int) -> int:
    return 12 + (size + 2) // 3 * 4


def _one_word(text: str) -> str:
    return f"=?utf-8?b?{binascii.b2a_base64(text.encode('utf-8'), newline=False).decode('ascii')}?="

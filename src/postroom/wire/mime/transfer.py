"""Content-Transfer-Encoding undone (RFC 2045 6). Damaged encodings give what can be had of them; nothing raises."""

import binascii
import re
import string

from postroom.wire.mime.encoded_words import base64_tolerant

_ALPHABET = (string.ascii_letters + string.digits + "+/").encode()
_BLANK = b"\r\n \t"
_SOFT_BREAK_WITH_SPACES = re.compile(rb"=[ \t]++(?=\r?\n|\Z)")
_SPACE_IN_LINE = re.compile(rb"(?<=[!-~]) (?=[!-~])")
_SAMPLE = 2_000
_TAIL = 200
_UU_BEGIN = re.compile(rb"^begin(?:-base64)? [0-7]{3,4} ?([^\r\n]*)\r?\n", re.M)


def decoded(content: bytes, encoding: str) -> bytes:
    """The bytes of a part. `encoding` is the field's value, in any spelling."""
    name = encoding_name(encoding)
    if name == "base64":
        return _base64(content)
    if name == "quoted-printable":
        return _quoted_printable(content)
    if name == "uuencode":
        return _uuencoded(content)
    return content


def decoded_size(content: bytes, encoding: str) -> int:
    """`len(decoded(content, encoding))`, without decoding clean base64."""
    if encoding_name(encoding) != "base64":
        return len(decoded(content, encoding))
    noise = content.translate(None, _ALPHABET)
    letters = len(content) - len(noise)
    padding = noise.translate(None, _BLANK)
    expected = -letters % 4
    if padding == b"=" * expected and expected < 3 and content[-_TAIL:].rstrip(_BLANK).endswith(padding):
        return letters * 3 // 4
    return len(_base64(content))


def encoding_name(encoding: str) -> str:
    """The encoding meant by what is written: `Quoted_Printable;`, `base-64`, `x-uue` are all seen."""
    name = encoding.strip(" \t\"'").lower()
    if name.startswith(("base64", "base-64", "base_64")):
        return "base64"
    if name.startswith("quoted"):
        return "quoted-printable"
    if name.startswith(("x-uu", "uu", "x-uuencode")):
        return "uuencode"
    return ""


def _base64(content: bytes) -> bytes:
    body = content.strip(_BLANK)
    padding = body.find(b"=")
    encoded = body if padding < 0 else body[:padding]
    if b" " in encoded[:_SAMPLE] and _is_prose(encoded):
        return body
    if 0 <= padding < len(body) - 2 or (padding == len(body) - 2 and body[-1:] != b"="):
        return _base64_after_padding(body, padding)
    try:
        # The lenient mode skips line breaks and foreign bytes, which is how mail carries base64.
        return binascii.a2b_base64(body)
    except binascii.Error:
        return body if _is_prose(body) else base64_tolerant(body)


def _base64_after_padding(body: bytes, padding: int) -> bytes:
    """Padding inside: several encoded pieces one after the other, or a footer that a mailing list put below."""
    end = padding
    while body[end : end + 1] == b"=":
        end += 1
    rest = body[end:].strip(_BLANK)
    whole = base64_tolerant(body[:padding])
    if rest and not rest.translate(None, _ALPHABET + _BLANK + b"="):
        return whole + base64_tolerant(rest)
    return body if not whole and _is_prose(body) else whole


def _is_prose(body: bytes) -> bool:
    """The label says base64 and the bytes are a text that nobody encoded: signs, and spaces between words."""
    sample = body[:_SAMPLE]
    signs = len(sample.translate(None, _ALPHABET + b"=\r\n \t"))
    return (signs + len(_SPACE_IN_LINE.findall(sample))) * 20 > len(sample)


def _quoted_printable(content: bytes) -> bytes:
    if b"= " in content or b"=\t" in content:
        # RFC 2045 6.7 (3): white space after a soft break was added on the way.
        content = _SOFT_BREAK_WITH_SPACES.sub(b"=", content)
    return binascii.a2b_qp(content)


def _uuencoded(content: bytes) -> bytes:
    begin = _UU_BEGIN.search(content)
    lines = content[begin.end() :].splitlines() if begin else content.splitlines()
    out = []
    for line in lines:
        if line.rstrip() in (b"end", b"`"):
            break
        out.append(_uu_line(line))
    return b"".join(out)


def _uu_line(line: bytes) -> bytes:
    if not line:
        return b""
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        # Trailing bytes beyond the stated length: some encoders pad; the length byte decides.
        length = (((line[0] - 32) & 63) * 4 + 5) // 3
        try:
            return binascii.a2b_uu(line[:length])
        except binascii.Error:
            return b""

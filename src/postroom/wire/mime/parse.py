"""Bytes to ParsedMessage, and to the bytes of its attachments. Never raises on odd mail, in bounded time and memory.

What cannot be read is kept as it is, or left out with a word in `problems`.
"""

import re
from collections.abc import Collection

from postroom.wire.mime.body_parts import BodyParts, choose
from postroom.wire.mime.charsets import decode_noting
from postroom.wire.mime.head import head_of, parse_head
from postroom.wire.mime.headers import known_fields, split_message
from postroom.wire.mime.parts import Part, leaves, read_parts
from postroom.wire.mime.transfer import decoded, decoded_size
from postroom.wire.mime.types import Attachment, ParsedMessage

__all__ = ["attachment_bytes", "attachments_bytes", "parse", "parse_head"]

MOST_BODY_CHARACTERS = 10_000_000
"""Text and HTML are cut here, each; the raw message keeps the rest."""

_TWO_BYTES = re.compile(r"\W*(?:utf-?_?(?:16|32)|ucs|unicode\b|iso-10646)", re.I)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.I)


def parse(raw: bytes) -> ParsedMessage:
    """The whole message: head, text, HTML, and the list of its attachments."""
    raw = _with_line_feeds(raw)
    header, body_at = split_message(raw)
    fields = known_fields(header)
    root, problems = read_parts(raw, fields, body_at)
    body = choose(root)
    reader = _BodyReader(raw, problems)
    html_parts = [part for part in body.html if part.content_type == "text/html"]
    plain_parts = [part for part in body.text if part.content_type != "text/html"]
    beside = [part for part in body.html if part.content_type != "text/html"] if html_parts else []
    text, html = reader.texts(plain_parts), reader.texts(html_parts)
    return ParsedMessage(
        head=head_of(fields),
        text=text,
        html=html,
        attachments=tuple(_attachment(raw, part, body) for part in body.attachments),
        header_block=header,
        body_size=len(raw) - body_at,
        problems=tuple(dict.fromkeys(problems)),
        text_beside_html=reader.texts(beside),
    )


def attachment_bytes(raw: bytes, part: str) -> bytes | None:
    """The decoded bytes of one part, byte for byte; None when there is no such part. `part` as in `Attachment.part`."""
    return attachments_bytes(raw, (part,)).get(part)


def attachments_bytes(raw: bytes, parts: Collection[str]) -> dict[str, bytes]:
    """The same for several parts, by part: the message is read once, however many there are."""
    as_read = _with_line_feeds(raw)
    header, body_at = split_message(as_read)
    root, _ = read_parts(as_read, known_fields(header), body_at)
    wanted = frozenset(parts)
    return {
        leaf.number: decoded(raw[leaf.begin : leaf.end], leaf.encoding)
        for leaf in leaves(root)
        if leaf.number in wanted
    }


def _with_line_feeds(raw: bytes) -> bytes:
    """Mail with bare CR line ends (old Macs, damaged exports). As long as before: offsets hold for both."""
    return raw if b"\n" in raw or b"\r" not in raw else raw.replace(b"\r", b"\n")


def _attachment(raw: bytes, part: Part, body: BodyParts) -> Attachment:
    is_inline = part.disposition == "inline" or (
        part.disposition != "attachment" and part.content_id is not None and part.container == "related"
    )
    return Attachment(
        part=part.number,
        filename=part.file_name,
        content_type=part.content_type,
        size=decoded_size(raw[part.begin : part.end], part.encoding),
        content_id=part.content_id,
        is_inline=is_inline,
    )


class _BodyReader:
    """Decodes body parts, each once, and notes what did not fit."""

    def __init__(self, raw: bytes, problems: list[str]) -> None:
        self.raw = raw
        self.problems = problems

    def texts(self, wanted: list[Part]) -> str | None:
        """The text of these parts, one under the other; None when there is none."""
        if not wanted:
            return None
        joined = self.text(wanted[0])
        for part in wanted[1:]:
            joined += ("" if joined.endswith("\n") or not joined else "\n") + self.text(part)
            if len(joined) > MOST_BODY_CHARACTERS:
                break
        if len(joined) > MOST_BODY_CHARACTERS:
            self.problems.append("The text is too long and was cut")
            return joined[:MOST_BODY_CHARACTERS]
        return joined

    def text(self, part: Part) -> str:
        content = self.raw[part.begin : part.end]
        if not part.content_type.startswith("multipart/"):
            content = decoded(content, part.encoding)
        label = part.label.parameters.get("charset")
        if part.content_type == "text/html" and not content.isascii():
            label = _html_charset(content, label)
        if not (label and _TWO_BYTES.match(label)):
            content = content.replace(b"\r\n", b"\n")
        text, fitted = decode_noting(content, label)
        if not fitted:
            self.problems.append(f"Text does not fit its charset {(label or 'none')[:40]}")
        return text if "\r" not in text else text.replace("\r\n", "\n").replace("\r", "\n")


def _html_charset(content: bytes, label: str | None) -> str | None:
    """The header's word goes before the page's own, unless the header only says ASCII, which the bytes deny."""
    if label and label.strip("\"' ").lower() not in ("us-ascii", "ascii"):
        return label
    found = _META_CHARSET.search(content, 0, 4096)
    return found[1].decode("ascii") if found else label

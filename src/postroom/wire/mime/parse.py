"""Bytes to MessageHead, ParsedMessage and attachment bytes. Never raises on odd mail."""

from postroom.wire.mime.types import MessageHead, ParsedMessage


def parse_head(header: bytes) -> MessageHead:
    """The header fields that matter, from a whole header block or an IMAP HEADER.FIELDS answer."""
    raise NotImplementedError


def parse(raw: bytes) -> ParsedMessage:
    """The whole message."""
    raise NotImplementedError


def attachment_bytes(raw: bytes, part: str) -> bytes | None:
    """The decoded bytes of one part, byte for byte; None when there is no such part."""
    raise NotImplementedError

"""What makes two copies one message: its stable parts, and a digest of its words."""

from postroom.wire.mime.types import MessageHead, ParsedMessage


def identity_of(head: MessageHead) -> bytes:
    """The stable parts as canonical bytes, to be hashed by the caller."""
    raise NotImplementedError


def body_fingerprint(parsed: ParsedMessage) -> bytes:
    """16 bytes over the letters and digits of the text."""
    raise NotImplementedError

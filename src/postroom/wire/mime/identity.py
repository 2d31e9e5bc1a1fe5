"""What makes two copies one message: the parts of it that carriers leave alone, and a digest of its words."""

from hashlib import blake2b

from postroom.wire.mime.html_text import text_from_html
from postroom.wire.mime.types import Address, MessageHead, ParsedMessage

_FIELD, _ITEM = "\x1e", "\x1f"
_LETTERS = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
_NOT_LETTERS = bytes(byte for byte in range(128) if byte not in _LETTERS)


def identity_of(head: MessageHead) -> bytes:
    """The stable parts as canonical bytes, to be hashed by the caller; never stored as they are.

    Message-ID, Date, From and Subject. A message without a Message-ID is known by more: also To, Cc and what it
    answers. Two identities are equal only where each part is.
    """
    date = "" if head.date is None else int(head.date.timestamp())
    author = head.from_[0].key if head.from_ else ""
    parts = [f"{head.message_id or ''}{_FIELD}{date}{_FIELD}{author}{_FIELD}{' '.join(head.subject.split())}"]
    if not head.message_id:
        parts += [
            _keys(head.to),
            _keys(head.cc),
            head.sender.key if head.sender else "",
            _ITEM.join(head.in_reply_to),
            head.auto_submitted or "",
            head.list_id or "",
        ]
    return _FIELD.join(parts).encode("utf-8", "replace")


def _keys(addresses: tuple[Address, ...]) -> str:
    """In sorted order: some servers reorder recipients."""
    return _ITEM.join(sorted({address.key for address in addresses}))


def body_fingerprint(parsed: ParsedMessage) -> bytes:
    """16 bytes over the letters and digits of the text, the same after transport re-encoding and re-wrapping.

    Without a text the words of the HTML count, and without those the sizes of the attachments.
    """
    words = _letters(parsed.text or "")
    if not words and parsed.html:
        words = _letters(text_from_html(parsed.html))
    if not words:
        words = b"\0" + _ITEM.join(str(size) for size in sorted(one.size for one in parsed.attachments)).encode()
    return blake2b(words, digest_size=16).digest()


def _letters(text: str) -> bytes:
    """ASCII punctuation and all white space out, at the speed of the C library; other letters stay."""
    plain = text if text.isascii() else text.replace("\xa0", "").replace("\u202f", "").replace("\ufeff", "")
    return plain.encode("utf-8", "replace").translate(None, _NOT_LETTERS)

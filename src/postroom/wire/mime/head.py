"""A header block to a MessageHead, at speed: a first pull reads a hundred thousand of these."""

from datetime import datetime

from postroom.wire.mime.addresses import addresses_of
from postroom.wire.mime.dates import parse_date
from postroom.wire.mime.headers import Fields, characters_of, known_fields, text_of
from postroom.wire.mime.parameters import labelled
from postroom.wire.mime.references import message_ids, single_id
from postroom.wire.mime.types import Address, MessageHead

LONGEST_SUBJECT = 4_000


def parse_head(header: bytes) -> MessageHead:
    """The header fields that matter, from a whole header block or an IMAP HEADER.FIELDS answer. Never raises."""
    return head_of(known_fields(header))


def head_of(fields: Fields) -> MessageHead:
    """The head out of its fields. A field that may stand once and stands twice counts where it first says something."""
    charset = _declared_charset(fields) if b"content-type" in fields else None
    sender = _author(fields, b"sender", charset)
    return MessageHead(
        message_id=_message_id(fields),
        in_reply_to=_ids(fields, b"in-reply-to"),
        references=_ids(fields, b"references"),
        date=_date(fields),
        from_=_author(fields, b"from", charset),
        sender=sender[0] if sender else None,
        reply_to=_author(fields, b"reply-to", charset),
        to=_people(fields, b"to", charset) or _people(fields, b"apparently-to", charset),
        cc=_people(fields, b"cc", charset),
        bcc=_people(fields, b"bcc", charset),
        subject=text_of(_first(fields, b"subject"), charset)[:LONGEST_SUBJECT] if b"subject" in fields else "",
        list_id=_list_id(fields) if b"list-id" in fields else None,
        return_path=_return_path(fields) if b"return-path" in fields else None,
        auto_submitted=_keyword(fields, b"auto-submitted") if b"auto-submitted" in fields else None,
        precedence=_keyword(fields, b"precedence") if b"precedence" in fields else None,
        postroom_id=text_of(_first(fields, b"x-postroom-id"))[:200] or None if b"x-postroom-id" in fields else None,
    )


def _first(fields: Fields, name: bytes) -> bytes:
    values = fields[name]
    return values[0] if values[0] or len(values) == 1 else next(filter(None, values), b"")


def _author(fields: Fields, name: bytes, charset: str | None) -> tuple[Address, ...]:
    """Only the first field counts: a second From is how one is slipped in under another."""
    return addresses_of(_first(fields, name), charset) if name in fields else ()


def _people(fields: Fields, name: bytes, charset: str | None) -> tuple[Address, ...]:
    """Recipients in two To headers (forbidden, and seen) are all recipients."""
    values = fields.get(name)
    if values is None:
        return ()
    return addresses_of(values[0] if len(values) == 1 else b", ".join(filter(None, values)), charset)


def _ids(fields: Fields, name: bytes) -> tuple[str, ...]:
    values = fields.get(name)
    if values is None:
        return ()
    return message_ids(characters_of(values[0] if len(values) == 1 else b" ".join(values)))


def _message_id(fields: Fields) -> str | None:
    if b"message-id" not in fields:
        return None
    return single_id(characters_of(_first(fields, b"message-id")))


def _declared_charset(fields: Fields) -> str | None:
    """The charset of the body: the best guess for raw 8-bit in the header."""
    value = fields[b"content-type"][0]
    return labelled(value).parameters.get("charset") if b"charset" in value.lower() else None


def _date(fields: Fields) -> datetime | None:
    for name in (b"date", b"delivery-date", b"resent-date"):
        for value in fields.get(name, ()):
            if (moment := parse_date(characters_of(value))) is not None:
                return moment
    return None


def _list_id(fields: Fields) -> str | None:
    """RFC 2919: the identifier in angle brackets; some write it bare."""
    text = text_of(_first(fields, b"list-id"))
    begin, end = text.rfind("<"), text.rfind(">")
    found = text[begin + 1 : end] if 0 <= begin < end else text
    return found.strip().lower()[:500] or None


def _return_path(fields: Fields) -> str:
    found = addresses_of(_first(fields, b"return-path"))
    return found[0].email if found else ""


def _keyword(fields: Fields, name: bytes) -> str | None:
    """The first word, in lower case, without parameters and comments (RFC 3834 5)."""
    words = text_of(_first(fields, name)).replace(";", " ").replace("(", " ").split()
    return words[0].lower()[:100] if words else None

"""Raw bytes to what an email shows: text, HTML, preview, attachments, envelope. Never fails on odd mail."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from postroom.wire.mime.absences import returns_on
from postroom.wire.mime.bodies import body_text, html_to_show, preview
from postroom.wire.mime.bounces import Origin, classify
from postroom.wire.mime.identity import body_fingerprint
from postroom.wire.mime.parse import parse
from postroom.wire.mime.quotes import new_words
from postroom.wire.mime.types import Address, MessageHead, ParsedMessage

LONGEST_TEXT = 1_048_576
"""Characters of text and of HTML that an email holds (Close's own limit); the raw message keeps the rest."""

_ENOUGH = 20_000
"""Characters of an automatic reply that are looked through for a day."""

MOST_SHOWN = 500
"""Of the people in one header field an email names so many; there is mail to 100,000. The raw message has them all."""

TOO_LARGE = "This message is too large to be shown here. It is in the mailbox."
"""The text of an email of which the header alone was brought."""

_KINDS = {  # the column `kind` of emails; views/email_envelope.py names one of them, too
    Origin.PERSON: 0,
    Origin.AUTO_REPLY: 1,
    Origin.AUTO_GENERATED: 2,
    Origin.BOUNCE: 3,
    Origin.DELAYED: 4,
    Origin.RECEIPT: 5,
    Origin.COMPLAINT: 6,
}


MISTAKES = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""How a mistake of ours in reading odd mail shows itself. It may cost that message its turn, never its neighbours."""


@dataclass(frozen=True, slots=True)
class Body:
    """A message read whole. `kind`: 0 a person's, else which kind of machine's (stored in `emails.kind`).

    `returns_on`, of an automatic reply: until when its sender is away.
    """

    raw_ref: str
    size: int
    head: MessageHead
    text: str
    html: str
    preview: str
    attachments: list[dict[str, Any]]
    envelope: dict[str, Any]
    fingerprint: bytes
    kind: int
    returns_on: date | None = None


def read_body(raw: bytes, raw_ref: str, *, header_only: bool) -> Body:
    """Read a message. `header_only`: its body was too large to fetch, which the text then says."""
    parsed = parse(raw)
    origin = classify(parsed, raw).origin
    text = TOO_LARGE if header_only else body_text(parsed)
    return Body(
        raw_ref=raw_ref,
        size=len(raw),
        head=parsed.head,
        text=text[:LONGEST_TEXT],
        html=(html_to_show(parsed) or "")[:LONGEST_TEXT],
        preview=text if header_only else preview(parsed),
        attachments=_attachments(parsed),
        envelope=envelope_of(parsed.head),
        fingerprint=body_fingerprint(parsed),
        kind=_KINDS[origin],
        returns_on=_returns_on(parsed.head, text) if origin is Origin.AUTO_REPLY else None,
    )


def _returns_on(head: MessageHead, text: str) -> date | None:
    """By its own words alone: an automatic reply often quotes what it answers."""
    return returns_on(head.subject, new_words(text[:_ENOUGH]), head.date.date()) if head.date else None


def _attachments(parsed: ParsedMessage) -> list[dict[str, Any]]:
    return [
        {
            "part": one.part,
            "filename": one.filename or "",
            "content_type": one.content_type,
            "size": one.size,
            "content_id": one.content_id,
            "is_inline": one.is_inline,
        }
        for one in parsed.attachments
    ]


def envelope_of(head: MessageHead) -> dict[str, Any]:
    """Close's envelope (close-api B1.3)."""
    return {
        "from": _people(head.from_),
        "sender": _people((head.sender,) if head.sender else head.from_),
        "to": _people(head.to),
        "cc": _people(head.cc),
        "bcc": _people(head.bcc),
        "reply_to": _people(head.reply_to),
        "date": head.date.strftime("%a, %d %b %Y %H:%M:%S +0000") if head.date else None,
        "in_reply_to": head.in_reply_to[0] if head.in_reply_to else None,
        "message_id": head.message_id,
        "subject": head.subject,
    }


def _people(addresses: tuple[Address, ...]) -> list[dict[str, str]]:
    return [{"email": address.email, "name": address.name} for address in addresses[:MOST_SHOWN]]

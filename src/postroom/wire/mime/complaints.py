"""Spam complaints: "this is spam" pressed at a large provider, reported by it to the sender.

Abuse Reporting Format (RFC 5965) with its identity fields, and Microsoft's Junk Mail Reporting Program, which only
attaches the message and names the recipient in a field of that.
"""

import re
from dataclasses import dataclass

from postroom.wire.mime.addresses import addresses_of
from postroom.wire.mime.delivery_reports import original_of
from postroom.wire.mime.headers import all_fields, split_message, text_of
from postroom.wire.mime.parse import attachment_bytes
from postroom.wire.mime.types import ParsedMessage

_FEEDBACK = "message/feedback-report"
_COPIES = ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers")
_NO_COMPLAINT = ("not-spam", "dmarc", "auth-failure", "virus")
"""RFC 5965 7.3, RFC 6591, RFC 6430: no recipient complains in these."""
_JMRP_SENDER = re.compile(r"(?:staff@hotmail\.com|jmrp@|.*@feedback\.outlook\.com)", re.I)
_MOST_BYTES = 200_000


@dataclass(frozen=True, slots=True)
class Complaint:
    """Who complained, as far as the report says (many providers leave that out), and about which email."""

    emails: tuple[str, ...]
    feedback_type: str
    original_message_id: str | None
    original_postroom_id: str | None


def read_complaint(parsed: ParsedMessage, raw: bytes) -> Complaint | None:
    """The complaint that a message is, None for any other message."""
    part = next((one for one in parsed.attachments if one.content_type == _FEEDBACK), None)
    if part is not None:
        fields = all_fields((attachment_bytes(raw, part.part) or b"")[:_MOST_BYTES])
        kind = text_of(fields[b"feedback-type"][0]).strip().lower() if b"feedback-type" in fields else "abuse"
        if kind in _NO_COMPLAINT:
            return None
        named = [*fields.get(b"original-rcpt-to", ()), *fields.get(b"removal-recipient", ())]
        found = [one.email for value in named for one in addresses_of(value.rpartition(b";")[2]) if "@" in one.email]
        return Complaint(tuple(dict.fromkeys(found)), kind, *original_of(parsed, raw))
    sender = parsed.head.from_[0].email if parsed.head.from_ else ""
    if _JMRP_SENDER.match(sender):
        return Complaint(_jmrp_recipients(parsed, raw), "abuse", *original_of(parsed, raw))
    return None


def _jmrp_recipients(parsed: ParsedMessage, raw: bytes) -> tuple[str, ...]:
    for part in parsed.attachments:
        if part.content_type in _COPIES:
            header, _ = split_message((attachment_bytes(raw, part.part) or b"")[:_MOST_BYTES])
            values = all_fields(header).get(b"x-hmxmroriginalrecipient", [])
            return tuple(one.email for value in values for one in addresses_of(value) if "@" in one.email)
    return ()

"""Reports made for machines: delivery status (RFC 3464, RFC 6533) and read receipts (RFC 8098), and the copy inside."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from postroom.wire.mime.addresses import addresses_of
from postroom.wire.mime.headers import Fields, all_fields, split_message, text_of
from postroom.wire.mime.parse import attachment_bytes, attachments_bytes, parse, parse_head
from postroom.wire.mime.references import single_id
from postroom.wire.mime.types import Attachment, ParsedMessage

_STATUS_TYPES = ("message/delivery-status", "message/global-delivery-status")
_RECEIPT_TYPES = ("message/disposition-notification", "message/global-disposition-notification")
_COPY_TYPES = (
    "message/rfc822",
    "message/global",
    "text/rfc822-headers",
    "message/rfc822-headers",
    "message/global-headers",
)
_GROUPS = re.compile(rb"\r?\n[ \t]*\r?\n")
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_REPLY_CODE = re.compile(r"\b([45])\d\d[ -]")
_MOST_RECIPIENTS = 1_000
_MOST_BYTES = 1_000_000
_MOST_STATUS_PARTS = 20
_MOST_COPIES = 5
"""Of messages inside that are looked at for the one a report is about; it is the first, or the one after a notice."""


@dataclass(frozen=True, slots=True)
class ReportedRecipient:
    """One recipient of a report. `action` is one of failed, delayed, delivered (also for relayed and expanded)."""

    email: str
    action: str
    status: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What the machine parts of a report say; `recipients` is empty where there are none for delivery."""

    recipients: tuple[ReportedRecipient, ...] = ()
    is_receipt: bool = False
    original_message_id: str | None = None
    original_postroom_id: str | None = None


def read_report(parsed: ParsedMessage, raw: bytes) -> DeliveryReport | None:
    """The report in a message, None where no part of it is one."""
    status = [one for one in parsed.attachments if one.content_type in _STATUS_TYPES]
    receipt = [one for one in parsed.attachments if one.content_type in _RECEIPT_TYPES]
    header = parsed.header_block.lower()
    is_report = b"multipart/report" in header or b"report-type=" in header
    if not (status or receipt or is_report):
        return None
    recipients: list[ReportedRecipient] = []
    for content in _contents(raw, status[:_MOST_STATUS_PARTS]):
        recipients += _recipients(content)
    if not (recipients or receipt) and (within := _report_within(parsed, raw)) is not None:
        return within
    message_id, postroom_id = original_of(parsed, raw)
    if receipt:
        recipients += _rejected(_content(raw, receipt[0]))
        fields = all_fields(_content(raw, receipt[0]))
        named = fields.get(b"original-message-id")
        message_id = (single_id(text_of(named[0])) if named else None) or message_id
    return DeliveryReport(tuple(recipients[:_MOST_RECIPIENTS]), bool(receipt), message_id, postroom_id)


def _report_within(parsed: ParsedMessage, raw: bytes) -> DeliveryReport | None:
    """Gateways wrap the whole report as an attachment of a report."""
    for part in parsed.attachments[:3]:
        if part.content_type == "message/rfc822":
            content = _content(raw, part)
            wrapped = parse(content)
            if any(one.content_type in _STATUS_TYPES for one in wrapped.attachments):
                return read_report(wrapped, content)
    return None


def _rejected(content: bytes) -> list[ReportedRecipient]:
    """Sieve's "reject" and full mailboxes at Dovecot: a receipt that says "deleted" by a machine (RFC 5429 2.1.2)."""
    fields = all_fields(content)
    disposition = text_of(fields[b"disposition"][0]).lower() if b"disposition" in fields else ""
    email = _email(fields)
    if not email or not disposition.startswith("automatic-action") or "deleted" not in disposition.partition(";")[2]:
        return []
    return [
        ReportedRecipient(email, "failed", _status(fields), _reason(fields) or "rejected by the recipient's mailbox")
    ]


def _content(raw: bytes, part: Attachment) -> bytes:
    return (attachment_bytes(raw, part.part) or b"")[:_MOST_BYTES]


def _contents(raw: bytes, parts: Sequence[Attachment]) -> list[bytes]:
    found = attachments_bytes(raw, [part.part for part in parts]) if parts else {}
    return [found.get(part.part, b"")[:_MOST_BYTES] for part in parts]


def original_of(parsed: ParsedMessage, raw: bytes) -> tuple[str | None, str | None]:
    """(Message-ID, X-Postroom-Id) of the copy of the original, whole or headers only; else of what it answers."""
    copies = [part for part in parsed.attachments if part.content_type in _COPY_TYPES]
    for content in _contents(raw, copies[:_MOST_COPIES]):
        header, _ = split_message(content)
        head = parse_head(header)
        if head.message_id or head.postroom_id:
            return head.message_id, head.postroom_id
    return next(iter(parsed.head.in_reply_to or parsed.head.references[-1:]), None), None


def _recipients(content: bytes) -> list[ReportedRecipient]:
    """One group of fields for each recipient, after one for the message. Some servers write all in one group."""
    found: dict[str, ReportedRecipient] = {}
    for group in _GROUPS.split(content.strip())[: _MOST_RECIPIENTS + 1]:
        fields = all_fields(group)
        email = _email(fields)
        action = _action(fields)
        if email and action:
            found.setdefault(email.lower(), ReportedRecipient(email, action, _status(fields), _reason(fields)))
    return list(found.values())


def _email(fields: Fields) -> str:
    """The address as the sender knew it, where the report still knows it (RFC 3464 2.3.1), else the final one."""
    for name in (b"original-recipient", b"final-recipient", b"x-actual-recipient"):
        for value in fields.get(name, ()):
            kind, semicolon, written = value.partition(b";")
            written = written if semicolon else kind
            addresses = addresses_of(_without_xtext(written))
            if addresses and "@" in addresses[0].email:
                return addresses[0].email
    return ""


def _without_xtext(written: bytes) -> bytes:
    """RFC 3461 4: "+3D" for a byte; and RFC 6533 3: \\x{…} for a character."""
    text = re.sub(rb"\\x\{([0-9A-Fa-f]{1,6})\}", _character, written.strip())
    return unquote(text.decode("utf-8", "replace")).encode() if b"%40" in text and b"@" not in text else text


def _character(found: re.Match[bytes]) -> bytes:
    code = int(found[1], 16)
    return chr(code).encode("utf-8", "replace") if code <= 0x10FFFF else b""


def _action(fields: Fields) -> str:
    word = text_of(fields[b"action"][0]).lower().split() if b"action" in fields else []
    first = word[0].strip("();,.") if word else ""
    if first.startswith("fail"):
        return "failed"
    if first.startswith("delay"):
        return "delayed"
    if first in ("delivered", "relayed", "expanded"):
        return "delivered"
    status = _status(fields)
    return {"5": "failed", "4": "delayed", "2": "delivered"}.get(status[0], "") if status else ""


def _status(fields: Fields) -> str | None:
    for name in (b"status", b"diagnostic-code"):
        for value in fields.get(name, ()):
            if found := _STATUS.search(text_of(value)):
                return found[1]
    for value in fields.get(b"diagnostic-code", ()):
        if code := _REPLY_CODE.search(text_of(value)):
            return f"{code[1]}.0.0"
    return None


def _reason(fields: Fields) -> str:
    for name in (b"diagnostic-code", b"x-display-name", b"status"):
        for value in fields.get(name, ()):
            text = text_of(value)
            kind, semicolon, rest = text.partition(";")
            return (
                rest
                if semicolon and kind.strip().lower() in ("smtp", "x-postfix", "x-unix", "x-local", "x400")
                else text
            ).strip()[:500]
    return ""

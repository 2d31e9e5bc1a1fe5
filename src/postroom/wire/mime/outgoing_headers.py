"""The header of an email that goes out: each value checked, encoded and folded. No value can end its line early."""

import re
from dataclasses import dataclass
from datetime import datetime

from postroom.ground.errors import Invalid
from postroom.wire.mime.addresses import address_words, wire_form
from postroom.wire.mime.charsets import storable
from postroom.wire.mime.encoded_words import encode_words
from postroom.wire.mime.types import Address, OutgoingContent

MOST_REFERENCES = 20
"""RFC 5322 sets no limit; servers do. The first id and the latest keep a thread together (RFC 5537 3.4.4)."""

_LINE = 78
_LONGEST_LINE = 998
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,900}@[!-;=?-~]{1,255}>")
_LOOSE_ID = re.compile(r"<[!-;=?-~]{1,990}>")
_FIELD_NAME = re.compile(r"[!-9;-~]{1,70}")
_BREAKS = re.compile(r"[\r\n\x00]+\s*")
_ADDRESS = re.compile(r"""(?:[^\s<>()\[\]\\,;:@"\x00-\x1f\x7f]+|"[^"\\\r\n\x00]*")@[^\s<>()\\,;@"\x00-\x1f\x7f]+""")
_OWN = frozenset({
    "from", "sender", "reply-to", "to", "cc", "bcc", "subject", "date", "message-id", "in-reply-to", "references",
    "mime-version", "x-postroom-id", "disposition-notification-to", "return-path", "received", "resent-from",
    "resent-to", "resent-cc", "resent-bcc", "resent-date", "resent-message-id",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class SharedLines:
    """Header lines that do not change from one recipient of a template to the next: before To, and after it."""

    before_to: str
    after_to: str


def shared_lines(content: OutgoingContent) -> SharedLines:
    """From, Sender and Reply-To; and Cc. Raises as `header_of`."""
    before = people_line("From", (content.from_,))
    if content.sender is not None and content.sender.key != content.from_.key:
        before += people_line("Sender", (content.sender,))
    if content.reply_to:
        before += people_line("Reply-To", content.reply_to)
    return SharedLines(before, people_line("Cc", content.cc) if content.cc else "")


def header_of(content: OutgoingContent, shared: SharedLines) -> str:
    """The header lines of an email, each ended by CRLF, without those that describe the body. Never Bcc."""
    lines = [
        f"Message-ID: {_checked_id(content.message_id)}\r\n",
        f"Date: {format_date(content.date)}\r\n",
        shared.before_to,
        people_line("To", content.to) if content.to else "",
        shared.after_to,
    ]
    lines.append(text_line("Subject", content.subject))
    lines += _threading(content)
    if content.postroom_id:
        lines.append(text_line("X-Postroom-Id", content.postroom_id))
    if content.read_receipt_to is not None:
        lines.append(people_line("Disposition-Notification-To", (content.read_receipt_to,)))
    lines += [_extra(name, value) for name, value in content.extra_headers]
    lines.append("MIME-Version: 1.0\r\n")
    return "".join(lines)


def people_line(name: str, people: tuple[Address, ...]) -> str:
    """An address list, one or more on a line. Raises Invalid for what is no address."""
    words: list[str] = []
    for person in people:
        if not _ADDRESS.fullmatch(wire_form(person.email)) or len(person.email) > 320:
            raise Invalid(f"{name}: {person.email!r} is not an email address")
        words += address_words(person)
        words[-1] += ","
    words[-1] = words[-1][:-1]
    return folded(name, words)


def text_line(name: str, text: str) -> str:
    """An unstructured field. Line breaks become spaces; what ASCII cannot say is encoded (RFC 2047)."""
    flat = _BREAKS.sub(" ", storable(text)).strip()
    if flat.isascii() and "=?" not in flat and flat.isprintable():
        if len(name) + 2 + len(flat) <= _LINE:
            return f"{name}: {flat}\r\n"
        words = flat.split(" ")
        # Two spaces in a row would be lost or make an empty line when folded there.
        if "" not in words and max(map(len, words)) < _LONGEST_LINE - len(name) - 2:
            return folded(name, words)
    return folded(name, encode_words(flat, 75 - len(name) - 2))


def folded(name: str, words: list[str]) -> str:
    """The field with its words on lines of 78 where they fit (RFC 5322 2.1.1)."""
    lines: list[str] = []
    line = f"{name}:"
    for word in words:
        if len(line) + 1 + len(word) > _LINE and line.strip() and (lines or line != f"{name}:"):
            lines.append(line)
            line = ""
        line += f" {word}"
    lines.append(line)
    if max(map(len, lines)) > _LONGEST_LINE:
        raise Invalid(f"{name} holds a word that no mail server takes")
    return "\r\n".join(lines) + "\r\n"


def _threading(content: OutgoingContent) -> list[str]:
    lines = []
    answered = content.in_reply_to if content.in_reply_to and _LOOSE_ID.fullmatch(content.in_reply_to) else None
    if answered:
        lines.append(folded("In-Reply-To", [answered]))
    chain = [one for one in content.references if _LOOSE_ID.fullmatch(one) and one != answered]
    chain = list(dict.fromkeys([*chain, answered] if answered else chain))
    if len(chain) > MOST_REFERENCES:
        chain = [chain[0], *chain[-(MOST_REFERENCES - 1) :]]
    if chain:
        lines.append(folded("References", chain))
    return lines


def _checked_id(message_id: str) -> str:
    if not _MESSAGE_ID.fullmatch(message_id):
        raise Invalid(f"{message_id!r} cannot be a Message-ID")
    return message_id


def _extra(name: str, value: str) -> str:
    if not _FIELD_NAME.fullmatch(name) or name.lower() in _OWN or name.lower().startswith("content-"):
        raise Invalid(f"A header named {name!r} cannot be added")
    if _BREAKS.search(value):
        raise Invalid(f"The header {name} cannot hold a line break")
    return text_line(name, value)


def format_date(moment: datetime) -> str:
    """RFC 5322 3.3, in the moment's own offset; a moment without one is in UTC."""
    shift = moment.utcoffset()
    offset = int(shift.total_seconds()) // 60 if shift else 0
    sign, minutes = ("-", -offset) if offset < 0 else ("+", offset)
    return (
        f"{_DAYS[moment.weekday()]}, {moment.day:02d} {_MONTHS[moment.month - 1]} {moment.year:04d} "
        f"{moment.hour:02d}:{moment.minute:02d}:{moment.second:02d} {sign}{minutes // 60:02d}{minutes % 60:02d}"
    )

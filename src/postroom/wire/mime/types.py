"""What a message is once read, and what one is made of before it is sent. Values only.

Every string in these values can be stored: no NUL, no lone surrogate, whatever the bytes were.
"""

from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from postroom.wire.mime.address_key import address_key


class Address(msgspec.Struct, frozen=True, gc=False):
    """One person or machine in an address header. `email` is what was written; `name` is decoded and may be empty.

    `email` can lack an "@" where the header did: such an address is kept for display and compares to nothing else.
    """

    name: str
    email: str

    @property
    def key(self) -> str:
        """The form in which addresses are compared and stored for look-up (see `address_key`)."""
        return address_key(self.email)


class MessageHead(msgspec.Struct, frozen=True, gc=False):
    """The header fields that decide where a message belongs. Absent, empty and unreadable all read as absent.

    Message ids carry their angle brackets, as `<left@right>`. `date` is UTC, or None when it is missing or not a
    date between the years 1900 and 9999. `references` stands oldest first, as sent, without repeats.
    """

    message_id: str | None = None
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    date: datetime | None = None
    from_: tuple[Address, ...] = ()
    sender: Address | None = None
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    subject: str = ""
    list_id: str | None = None
    return_path: str | None = None
    """The bounce address as written, "" for the null sender `<>`, None where the header is missing."""
    auto_submitted: str | None = None
    """The Auto-Submitted keyword in lower case (RFC 3834 5), such as "auto-replied" or "no"."""
    precedence: str | None = None
    postroom_id: str | None = None
    """Our own id of an email that Postroom sent (header X-Postroom-Id)."""

    @property
    def recipients(self) -> tuple[Address, ...]:
        """To, Cc and Bcc, in this order."""
        return self.to + self.cc + self.bcc


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part that is not the text or HTML of the message. Its bytes: `parse.attachment_bytes(raw, part)`.

    `part` is its number in the IMAP sense (RFC 3501 6.4.5), such as "2.1". `filename` has no folder and no control
    characters. `size` counts decoded bytes. `is_inline` parts belong inside the HTML or were marked so by the sender.
    `content_id` stands without angle brackets, as `cid:` links name it.
    """

    part: str
    filename: str | None
    content_type: str
    size: int
    content_id: str | None = None
    is_inline: bool = False


@dataclass(frozen=True, slots=True)
class ParsedMessage:
    """A message read whole. `text` and `html` are what the sender wrote in each form, None where there is none.

    `text_beside_html` is plain text that the HTML does not hold, as when a gateway adds an HTML disclaimer to a plain
    message; `bodies.html_to_show` puts the two together. `header_block` is the raw header, for
    `headers.header_values`; `body_size` counts the raw bytes after it. `problems` says what had to be guessed or left
    out, in words for a person.
    """

    head: MessageHead
    text: str | None = None
    html: str | None = None
    attachments: tuple[Attachment, ...] = ()
    header_block: bytes = field(default=b"", repr=False)
    body_size: int = 0
    problems: tuple[str, ...] = ()
    text_beside_html: str | None = None


@dataclass(frozen=True, slots=True)
class OutgoingAttachment:
    """A file to send. With a `content_id` it is an image inside the HTML, which names it as `cid:<content_id>`."""

    filename: str
    content_type: str
    content: bytes = field(repr=False)
    content_id: str | None = None


@dataclass(frozen=True, slots=True)
class OutgoingContent:
    """An email before it is bytes. `message_id` comes from the caller, with angle brackets, and is never made here.

    `references` is the chain of the answered message, oldest first; `in_reply_to` its own id, added to the chain.
    `extra_headers` are name and value; a name this file writes itself is refused. `boundary_seed` makes the same
    content the same bytes each time; the Message-ID does where it is empty.
    """

    message_id: str
    date: datetime
    from_: Address
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    sender: Address | None = None
    subject: str = ""
    text: str | None = None
    html: str | None = None
    attachments: tuple[OutgoingAttachment, ...] = ()
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    postroom_id: str | None = None
    read_receipt_to: Address | None = None
    extra_headers: tuple[tuple[str, str], ...] = ()
    boundary_seed: str = ""


@dataclass(frozen=True, slots=True)
class ComposedMessage:
    """The bytes of an email, CRLF throughout. `for_smtp` never names a Bcc recipient."""

    for_smtp: bytes = field(repr=False)
    bcc_header: bytes = field(default=b"", repr=False)
    needs_smtputf8: bool = False
    """An address outside ASCII stands in the header: only a server with SMTPUTF8 (RFC 6531) may be given this."""

    @property
    def for_sent_folder(self) -> bytes:
        """The copy for the sender's own Sent folder, where Bcc is kept as mail programs do."""
        return self.bcc_header + self.for_smtp

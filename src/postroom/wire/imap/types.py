"""What IMAP says, as values: folders, cursors, changes, summaries, messages, settings. Nothing here acts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

import msgspec

from postroom.wire.imap.uid_set import UidSet

__all__ = [
    "Access",
    "BearerToken",
    "Changes",
    "Encryption",
    "FlagChange",
    "Flags",
    "Folder",
    "FolderCursor",
    "FolderRole",
    "FolderState",
    "GmailItems",
    "HeaderSummary",
    "Hint",
    "ImapSettings",
    "Moved",
    "NewCopy",
    "ObjectIds",
    "Password",
    "RawMessage",
    "SummaryBatch",
    "UidSet",
]

Flags = frozenset[str]
"""System flags with their backslash (`\\Seen`) and keywords as the server spells them."""


class FolderRole(StrEnum):
    """What a folder is for (RFC 6154, and INBOX)."""

    INBOX = "inbox"
    SENT = "sent"
    DRAFTS = "drafts"
    ARCHIVE = "archive"
    ALL = "all"
    TRASH = "trash"
    JUNK = "junk"
    FLAGGED = "flagged"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Folder:
    """One folder of an account. `name` is for people (decoded), `raw_name` is what the server calls it."""

    name: str
    raw_name: bytes
    delimiter: str | None
    role: FolderRole
    selectable: bool


class Access(StrEnum):
    """How a folder is opened: EXAMINE cannot change anything, SELECT can."""

    READ_ONLY = "read_only"
    READ_WRITE = "read_write"


@dataclass(frozen=True, slots=True)
class FolderState:
    """A folder as the server describes it. `None` means that the server gave no value to trust.

    `mailbox_id` outlives a renaming (RFC 8474).
    """

    uid_validity: int | None
    uid_next: int | None
    highest_modseq: int | None
    exists: int
    read_only: bool
    mailbox_id: str | None = None


@dataclass(frozen=True, slots=True)
class FolderCursor:
    """How far a folder has been read.

    `known_count` is the number of its messages that we hold; with it a vanished or overlooked message is
    noticed by arithmetic on servers that do not tell. Without it the server is asked for all its UIDs.
    """

    uid_validity: int | None
    highest_uid: int
    highest_modseq: int | None
    known_count: int | None = None


@dataclass(frozen=True, slots=True)
class FlagChange:
    """The flags of one message as they now are. `labels` only on Gmail."""

    uid: int
    flags: Flags
    modseq: int | None
    labels: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class GmailItems:
    """Gmail's own names for a message and its conversation, and the labels it carries (X-GM-EXT-1)."""

    message_id: int
    thread_id: int
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ObjectIds:
    """A server's own lasting names for a message, in whichever folder, and for its conversation (RFC 8474)."""

    email_id: str
    thread_id: str | None


class HeaderSummary(msgspec.Struct, frozen=True, gc=False):
    """What is read of every message: enough to decide whether it is wanted.

    `header` is the asked-for header lines as sent, undecoded. `size` is RFC822.SIZE in bytes (some servers
    estimate it). `internal_date` is in UTC.
    """

    uid: int
    flags: Flags
    internal_date: datetime | None
    size: int
    header: bytes
    gmail: GmailItems | None = None
    modseq: int | None = None
    object_ids: ObjectIds | None = None


@dataclass(frozen=True, slots=True)
class SummaryBatch:
    """One answered batch, newest first. `missing` are the UIDs asked for and not (or not wholly) answered."""

    asked: UidSet
    summaries: list[HeaderSummary]
    missing: UidSet


@dataclass(frozen=True, slots=True)
class RawMessage:
    """One message as the server stores it. `raw` is None where the server did not give it.

    With `header_only` the message was larger than allowed and `raw` is its header alone.
    """

    uid: int
    raw: bytes | None
    flags: Flags
    internal_date: datetime | None
    gmail: GmailItems | None = None
    header_only: bool = False


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs in a folder since a cursor.

    `cursor_void`: UIDVALIDITY changed, is absent or was never known; every UID we hold is meaningless, `new`
    and `present` are all UIDs there are. `new`: UIDs above the cursor's. `flags`: messages at or below the
    cursor whose flags may differ. `vanished`: UIDs that the server says are gone (may name UIDs we never
    had), or None when it does not say. `present`: all UIDs in the folder, when they had to be asked; then
    known minus present has vanished, and present minus known was overlooked. Both None: nothing vanished.
    """

    state: FolderState
    cursor_void: bool
    new: UidSet
    flags: tuple[FlagChange, ...]
    vanished: UidSet | None
    present: UidSet | None


@dataclass(frozen=True, slots=True)
class Moved:
    """How a move ended. `new_uids` maps old to new UID where the server told (COPYUID), else None.

    `left_behind`: copied to the target, but still in the source, flagged \\Deleted, because the server has no
    way to expunge these alone.
    """

    new_uids: dict[int, int] | None
    left_behind: UidSet


@dataclass(frozen=True, slots=True)
class NewCopy:
    """A message to be stored in a folder: its bytes, its flags, and when it was received or sent."""

    raw: bytes
    flags: Flags
    internal_date: datetime | None = None


class Hint(StrEnum):
    """What a server says by itself while one waits. Only a hint: the changes must still be asked for."""

    NOTHING = "nothing"
    NEW_MAIL = "new_mail"
    CHANGED = "changed"


class Encryption(StrEnum):
    """How the connection is protected. NONE is accepted to this machine only."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Password:
    """A password or app password."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class BearerToken:
    """An OAuth access token."""

    text: str = field(repr=False)


def any_address(address: IPv4Address | IPv6Address) -> None:
    """Refuse nothing. Which addresses may be reached is decided by whoever opens the session."""


@dataclass(frozen=True, slots=True)
class ImapSettings:
    """Where and how to log in.

    `check_address` raises Invalid for an address that must not be reached; the very address it let pass is
    connected to. `trusted_ca` is a PEM file to trust besides the system's. `disregard` are capabilities
    to act as if they were not offered (a server's IDLE that lies; the tests of every fallback).
    """

    host: str
    port: int
    encryption: Encryption
    user: str
    secret: Password | BearerToken
    connect_timeout_seconds: float = 20.0
    silence_timeout_seconds: float = 60.0
    check_address: Callable[[IPv4Address | IPv6Address], None] = any_address
    trusted_ca: Path | None = None
    disregard: frozenset[str] = frozenset()

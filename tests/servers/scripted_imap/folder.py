"""One folder of the mail store: its UIDs, flags and mod-sequences, and who is looking at it.

Tests act on it as the mailbox's owner acting from elsewhere: deliver, flag, expunge, rebuild with a new UIDVALIDITY.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Protocol

from tests.servers.scripted_imap.message import Content, Message, StoredContent, SyntheticContent, synthetic_date


@dataclass(slots=True)
class Modseq:
    """The counter of changes. A folder has its own; in Gmail all folders of an account share one."""

    value: int = 1

    def rise(self) -> int:
        self.value += 1
        return self.value


@dataclass(frozen=True, slots=True)
class Expunged:
    """A UID that is gone, and the mod-sequence of its going (RFC 7162 section 3.2.5.1)."""

    uid: int
    modseq: int


class Watcher(Protocol):
    """A session that has the folder open; told of every change, it says so to its client when it may."""

    def arrived(self, uid: int) -> None: ...
    def reflagged(self, uid: int) -> None: ...
    def gone(self, uid: int) -> None: ...
    def lost(self) -> None: ...


@dataclass(eq=False)
class Folder:
    """A folder. `special_use` is an attribute such as `\\Sent`; `quirks` switches wrongs that live in the store."""

    name: str
    uidvalidity: int = 1_700_000_000
    special_use: str = ""
    selectable: bool = True
    subscribed: bool = True
    deleted: bool = False
    modseq: Modseq = field(default_factory=Modseq)
    owner: str = "owner@example.org"
    expunge_raises_modseq: bool = True
    mailbox_id: int = field(default_factory=count(1000).__next__)
    deliver_elsewhere: Callable[[bytes, Iterable[str], datetime | None], int] | None = None

    def __post_init__(self) -> None:
        self.uidnext = 1
        self.uids: Sequence[int] = range(1, 1)
        self.expunged: list[Expunged] = []
        self.watchers: list[Watcher] = []
        self._messages: dict[int, Message] = {}
        self._synthetic: range = range(0)

    def deliver(self, raw: bytes, flags: Iterable[str] = (), internal_date: datetime | None = None) -> int:
        """Put a message in as a delivery or another mail program would; returns its UID."""
        if self.deliver_elsewhere is not None:
            return self.deliver_elsewhere(raw, flags, internal_date)
        return self.add(StoredContent(raw), flags, internal_date)

    def add(self, content: Content, flags: Iterable[str] = (), internal_date: datetime | None = None) -> int:
        """Put content in this very folder; returns its UID."""
        uid = self.uidnext
        when = internal_date or datetime.now(UTC).replace(microsecond=0)
        email_id = hashlib.sha1(content.raw).hexdigest()[:20]
        self._messages[uid] = Message(uid, content, when, set(flags), self.modseq.rise(), "M" + email_id)
        self.uids = _with(self.uids, uid)
        self.uidnext = uid + 1
        for watcher in list(self.watchers):
            watcher.arrived(uid)
        return uid

    def fill(self, count: int) -> None:
        """Add `count` messages made up from their UIDs; no memory is used for them until their flags change."""
        first = self.uidnext
        if self.uids:
            raise ValueError("only an empty folder can be filled")
        self._synthetic = self.uids = range(first, first + count)
        self.uidnext = first + count

    def message(self, uid: int) -> Message | None:
        """The message with this UID, or None where there is none (any more)."""
        stored = self._messages.get(uid)
        if stored is not None or uid not in self._synthetic or uid not in self.uids:
            return stored
        flags = {"\\Seen"} if uid % 3 else set()
        return Message(uid, SyntheticContent(uid, self.owner), synthetic_date(uid), flags, 1, f"S{uid}")

    def messages(self) -> Iterator[Message]:
        """All messages, by rising UID."""
        for uid in self.uids:
            message = self.message(uid)
            if message is not None:
                yield message

    def set_flags(self, uids: Iterable[int], flags: Iterable[str], how: str = "+") -> None:
        """Add (`+`), remove (`-`) or replace (`=`) flags, raising the mod-sequence of those that change."""
        wanted = set(flags)
        for uid in uids:
            message = self.message(uid)
            if message is None:
                continue
            changed = {"+": message.flags | wanted, "-": message.flags - wanted, "=": wanted}[how]
            if changed != message.flags:
                message.flags = set(changed)
                self.touch(message)

    def touch(self, message: Message) -> None:
        """The message changed: raise its mod-sequence and tell those who look."""
        message.modseq = self.modseq.rise()
        self._messages[message.uid] = message
        for watcher in list(self.watchers):
            watcher.reflagged(message.uid)

    def expunge(self, *uids: int) -> None:
        """Remove messages for good."""
        held = self.uids if isinstance(self.uids, range) else set(self.uids)
        gone = [uid for uid in uids if uid in held]
        left = set(gone)
        if len(gone) == len(self.uids):
            self.uids = range(self.uidnext, self.uidnext)
        else:
            self.uids = [uid for uid in self.uids if uid not in left]
        for uid in gone:
            self._messages.pop(uid, None)
            modseq = self.modseq.rise() if self.expunge_raises_modseq else self.modseq.value
            self.expunged.append(Expunged(uid, modseq))
            for watcher in list(self.watchers):
                watcher.gone(uid)

    def empty(self, uidnext: int | None = None) -> None:
        """Remove everything; with `uidnext` also forget which UIDs were given out, which no server should do."""
        self.expunge(*self.uids)
        if uidnext is not None:
            self.uidnext = uidnext
            self.uids = range(uidnext, uidnext)
            self.expunged.clear()

    def rebuild(self, uidvalidity: int, first_uid: int = 1) -> None:
        """Give every message a new UID under a new UIDVALIDITY, as after a restored backup."""
        kept = list(self.messages())
        self.uidvalidity = uidvalidity
        self._messages = dict(enumerate(kept, first_uid))
        for uid, message in self._messages.items():
            message.uid, message.modseq = uid, self.modseq.rise()
        self._synthetic = range(0)
        self.uids = range(first_uid, first_uid + len(kept))
        self.uidnext = first_uid + len(kept)
        self.expunged.clear()

    def changed_since(self, modseq: int) -> Iterator[int]:
        """UIDs whose last change is later than `modseq`, without touching those that were never changed."""
        if modseq < 1:
            yield from self.uids
            return
        for uid, message in sorted(self._messages.items()):
            if message.modseq > modseq:
                yield uid


def _with(uids: Sequence[int], uid: int) -> Sequence[int]:
    if isinstance(uids, range) and (not uids or uid == uids.stop):
        return range(uids.start if uids else uid, uid + 1)
    if isinstance(uids, range):
        return [*uids, uid]
    assert isinstance(uids, list)
    uids.append(uid)
    return uids

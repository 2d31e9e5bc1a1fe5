"""What one session believes of the folder it has open, and the untagged lines that bring it up to date."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from tests.servers.scripted_imap.folder import Folder
from tests.servers.scripted_imap.lines import FetchLine, Line, untagged
from tests.servers.scripted_imap.sets import compact


@dataclass(eq=False)
class View:
    """The message numbers of one session: they change only when the session has said so to its client."""

    folder: Folder
    read_only: bool
    wake: Callable[[], None]
    uids: Sequence[int] = ()
    pending_arrivals: list[int] = field(default_factory=list)
    pending_gone: list[int] = field(default_factory=list)
    pending_flags: dict[int, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        known = self.folder.uids
        self.uids = known if isinstance(known, range) else list(known)
        self.folder.watchers.append(self)

    def close(self) -> None:
        if self in self.folder.watchers:
            self.folder.watchers.remove(self)

    def arrived(self, uid: int) -> None:
        self.pending_arrivals.append(uid)
        self.wake()

    def reflagged(self, uid: int) -> None:
        self.pending_flags[uid] = None
        self.wake()

    def gone(self, uid: int) -> None:
        self.pending_gone.append(uid)
        self.wake()

    def lost(self) -> None:
        """The folder was deleted."""
        self.wake()

    def number_of(self, uid: int) -> int | None:
        """The message number of a UID, or None when this session does not have it."""
        at = bisect_left(self.uids, uid)
        return at + 1 if at < len(self.uids) and self.uids[at] == uid else None

    def updates(self, *, expunges: bool, vanished: bool, with_modseq: bool) -> Iterator[Line]:
        """The lines that tell the client what happened since. Flags of messages it does not have stay untold."""
        if expunges and self.pending_gone:
            yield from self._tell_gone(vanished)
        if self.pending_arrivals:
            self._take_arrivals()
            yield untagged(f"{len(self.uids)} EXISTS")
            yield untagged("0 RECENT")
        flagged, self.pending_flags = self.pending_flags, {}
        for uid in flagged:
            number, message = self.number_of(uid), self.folder.message(uid)
            if number is None or message is None:
                continue
            items = [(b"UID", b"%d" % uid), (b"FLAGS", ("(" + " ".join(sorted(message.flags)) + ")").encode())]
            if with_modseq:
                items.append((b"MODSEQ", b"(%d)" % message.modseq))
            yield FetchLine(number, uid, tuple(items))

    def forget_flags(self, uid: int) -> None:
        """This session already knows, or asked not to be told (`.SILENT`)."""
        self.pending_flags.pop(uid, None)

    def _take_arrivals(self) -> None:
        arrivals, self.pending_arrivals = self.pending_arrivals, []
        known = self.uids
        if isinstance(known, range) and arrivals[0] == known.stop and len(arrivals) == arrivals[-1] - arrivals[0] + 1:
            self.uids = range(known.start, arrivals[-1] + 1)
        else:
            self.uids = [*known, *(uid for uid in arrivals if uid not in self.pending_gone)]

    def _tell_gone(self, vanished: bool) -> Iterator[Line]:
        gone, self.pending_gone = self.pending_gone, []
        left = list(self.uids)
        told = []
        for uid in gone:
            at = bisect_left(left, uid)
            if at < len(left) and left[at] == uid:
                del left[at]
                told.append(uid)
                if not vanished:
                    yield untagged(f"{at + 1} EXPUNGE")
            elif uid in self.pending_arrivals:
                self.pending_arrivals.remove(uid)
        self.uids = left
        if vanished and told:
            yield untagged(f"VANISHED {compact(sorted(told))}")

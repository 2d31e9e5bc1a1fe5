"""Move messages to another folder, also where the server cannot."""

import re

from postroom.wire.imap.responses import Reply, Response
from postroom.wire.imap.search import search
from postroom.wire.imap.session import Session
from postroom.wire.imap.types import Folder, Moved, UidSet

_COPYUID = re.compile(rb"COPYUID (\d+) ([0-9:,]+) ([0-9:,]+)", re.IGNORECASE)
_BATCH = 5000


async def move(session: Session, uids: UidSet, target: Folder) -> Moved:
    """Move `uids` of the open folder to `target`; never expunges anything else.

    UIDs that are gone are skipped. Raises FolderMissing, Temporary, Permanent; then some may have moved.
    """
    new_uids: dict[int, int] | None = {}
    left_behind = UidSet()
    for chunk in uids.newest_first(_BATCH):
        copied = _Copied()
        if session.offers("MOVE"):
            line = b"UID MOVE %s %s" % (str(chunk).encode(), session.name(target))
            copied.take_reply(await session.run(line, f"move mail to {target.name}", copied.take))
        else:
            line = b"UID COPY %s %s" % (str(chunk).encode(), session.name(target))
            copied.take_reply(await session.run(line, f"copy mail to {target.name}", copied.take))
            left_behind = left_behind | await remove(session, chunk)
        new_uids = None if copied.new_uids is None or new_uids is None else new_uids | copied.new_uids
    return Moved(new_uids, left_behind)


async def remove(session: Session, uids: UidSet) -> UidSet:
    """Take messages that lie elsewhere out of the open folder; those that had to stay, flagged \\Deleted."""
    marked = str(uids).encode()
    await session.run(b"UID STORE %s +FLAGS.SILENT (\\Deleted)" % marked, "mark moved mail as deleted")
    if session.offers("UIDPLUS"):
        await session.run(b"UID EXPUNGE %s" % marked, "remove moved mail")  # RFC 4315 section 2.1
        return UidSet()
    # EXPUNGE removes whatever is flagged \Deleted, also what another program only marked.
    deleted = await search(session, b"DELETED")
    if deleted - uids:
        return deleted & uids
    await session.run(b"EXPUNGE", "remove moved mail")
    return UidSet()


class _Copied:
    """Reads COPYUID, which comes with the OK of COPY and before the OK of MOVE (RFC 6851 section 4.3)."""

    def __init__(self) -> None:
        self.new_uids: dict[int, int] | None = None

    def take(self, response: Response) -> bool:
        if not response.text.upper().startswith(b"* OK [COPYUID "):
            return False
        self._read(response.text)
        return True

    def take_reply(self, reply: Reply) -> None:
        self._read(reply.code)

    def _read(self, text: bytes) -> None:
        if found := _COPYUID.search(text):
            pairs = zip(_in_order(found[2]), _in_order(found[3]), strict=False)
            self.new_uids = (self.new_uids or {}) | dict(pairs)


def _in_order(text: bytes) -> list[int]:
    """The UIDs as written: the two sets of a COPYUID correspond place by place (RFC 4315 section 3)."""
    uids: list[int] = []
    for part in text.split(b","):
        first, _, last = part.partition(b":")
        low, high = int(first), int(last or first)
        if abs(high - low) > 10 * _BATCH:
            raise ValueError(f"more copies than messages: {part!r}")
        uids += range(low, high + 1) if low <= high else range(low, high - 1, -1)
    return uids

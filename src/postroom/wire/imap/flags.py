"""Set and clear flags; read them."""

from postroom.wire.imap.connection import InFlight
from postroom.wire.imap.flag_reader import FlagReader, flag_items
from postroom.wire.imap.session import Session
from postroom.wire.imap.types import FlagChange, Flags, UidSet

_BATCH = 5000


async def store(session: Session, uids: UidSet, add: Flags = frozenset(), remove: Flags = frozenset()) -> None:
    """Add and remove flags on `uids`; the folder must be open for writing. UIDs that are gone are skipped."""
    sent: list[InFlight] = []
    for chunk in uids.newest_first(_BATCH):
        for sign, flags in ((b"+", add), (b"-", remove)):
            if flags:
                words = " ".join(sorted(flags)).encode("ascii")
                line = b"UID STORE %s %sFLAGS.SILENT (%s)" % (str(chunk).encode(), sign, words)
                sent.append(session.start(line))
    for command in sent:
        await session.finish(command, "change flags")


async def read_flags(session: Session, uids: UidSet) -> list[FlagChange]:
    """The flags of `uids` as they are now, newest batch first; those that are gone are absent."""
    found = []
    for chunk in uids.newest_first(_BATCH):
        reader = FlagReader(chunk)
        line = b"UID FETCH %s %s" % (str(chunk).encode(), flag_items(session))
        await session.run(line, "read flags", reader.take)
        found += reader.found()
    return found

"""What is new, reflagged or gone in a folder since a cursor.

Three kinds of servers: QRESYNC tells everything with the SELECT (RFC 7162 section 3.2.5); CONDSTORE tells
which flags changed; the others tell nothing, so a window of flags is read. Whatever they tell, the numbers
must add up: known + new - vanished = EXISTS. If they do not, all UIDs are asked for.
"""

import re
from dataclasses import dataclass

from postroom.wire.imap.flag_reader import FlagReader, flag_items
from postroom.wire.imap.responses import Response
from postroom.wire.imap.search import all_uids, search
from postroom.wire.imap.session import Session
from postroom.wire.imap.types import Access, Changes, FlagChange, Folder, FolderCursor, FolderState, UidSet
from postroom.wire.imap.uid_set import MAX_UID

FLAG_WINDOW = 2000
"""Without CONDSTORE the flags of this many newest messages are read each time."""

_CLOSED = re.compile(rb"\* OK \[CLOSED\]", re.IGNORECASE)
_VANISHED = re.compile(rb"\* VANISHED \(EARLIER\) ([0-9:,]+)\Z", re.IGNORECASE)


@dataclass(slots=True)
class _Told:
    """What a SELECT with QRESYNC brings by itself."""

    flags: FlagReader
    vanished: UidSet

    def take(self, response: Response) -> bool:
        if _CLOSED.match(response.text):  # what came before was of the folder open until now (RFC 7162 3.2.11)
            self.vanished = UidSet()
            self.flags.forget()
        if found := _VANISHED.match(response.text):
            self.vanished = self.vanished | UidSet.parse(found[1])
            return True
        return self.flags.take(response)


async def changes_since(session: Session, folder: Folder, cursor: FolderCursor | None) -> Changes:
    """Open the folder read-only and compare it with the cursor; None reads it as never seen."""
    told: _Told | None = None
    if cursor is not None and _tells_all(session, cursor):
        told = _Told(FlagReader(UidSet.between(1, cursor.highest_uid)), UidSet())
        known = f"{cursor.uid_validity} {cursor.highest_modseq} 1:{cursor.highest_uid}"
        more = f" (QRESYNC ({known}))".encode()
        state = await session.select_with(folder, Access.READ_ONLY, more, told.take)
    else:
        state = await session.select(folder, Access.READ_ONLY)
    if cursor is None or _is_void(cursor, state):
        present = await all_uids(session)
        return Changes(state, True, present, (), None, present)
    if told is None or _has_gone_back(cursor, state):
        return await _compared(session, state, cursor)
    new = await _new_uids(session, state, cursor)
    gone = _gone(state, cursor, new)
    adds_up = gone is None or 0 <= gone <= len(told.vanished)
    present_uids = None if adds_up else await all_uids(session)
    return Changes(state, False, new, tuple(told.flags.found()), told.vanished, present_uids)


def _tells_all(session: Session, cursor: FolderCursor) -> bool:
    return bool("QRESYNC" in session.enabled and cursor.uid_validity and cursor.highest_modseq and cursor.highest_uid)


def _is_void(cursor: FolderCursor, state: FolderState) -> bool:
    if state.uid_validity is None or cursor.uid_validity != state.uid_validity:
        return True
    # UIDs only ever grow (RFC 9051 section 2.3.1.1): the folder was emptied or rebuilt behind our back.
    return state.uid_next is not None and state.uid_next <= cursor.highest_uid


def _has_gone_back(cursor: FolderCursor, state: FolderState) -> bool:
    """Modification numbers only ever grow too; Dovecot with a lost index has been seen to start anew."""
    return cursor.highest_modseq is not None and (state.highest_modseq or 0) < cursor.highest_modseq


async def _compared(session: Session, state: FolderState, cursor: FolderCursor) -> Changes:
    flags = await _changed_flags(session, state, cursor)
    new = await _new_uids(session, state, cursor)
    if _gone(state, cursor, new) == 0 and not _has_gone_back(cursor, state):
        return Changes(state, False, new, tuple(flags), None, None)
    present = await all_uids(session)
    return Changes(state, False, present.above(cursor.highest_uid), tuple(flags), None, present)


async def _new_uids(session: Session, state: FolderState, cursor: FolderCursor) -> UidSet:
    if state.uid_next == cursor.highest_uid + 1 or not state.exists:
        return UidSet()
    found = await search(session, b"UID %d:*" % (cursor.highest_uid + 1))
    return found.above(cursor.highest_uid)  # beyond the end, n:* is the last message (RFC 9051 section 9)


def _gone(state: FolderState, cursor: FolderCursor, new: UidSet) -> int | None:
    """How many of the known messages are gone by the numbers; None if we do not know how many we hold."""
    if cursor.known_count is None:
        return None
    return cursor.known_count + len(new) - state.exists


async def _changed_flags(session: Session, state: FolderState, cursor: FolderCursor) -> list[FlagChange]:
    reader = FlagReader(UidSet.between(1, min(cursor.highest_uid, MAX_UID)))
    if not state.exists or not cursor.highest_uid:
        return []
    if state.highest_modseq is not None and cursor.highest_modseq and not _has_gone_back(cursor, state):
        if state.highest_modseq == cursor.highest_modseq:
            return []
        since = (cursor.highest_uid, flag_items(session), cursor.highest_modseq)
        line = b"UID FETCH 1:%d %s (CHANGEDSINCE %d)" % since
    elif state.highest_modseq is not None:
        line = b"UID FETCH 1:%d %s" % (cursor.highest_uid, flag_items(session))
    else:
        line = b"FETCH %d:* %s" % (max(1, state.exists - FLAG_WINDOW + 1), flag_items(session))
    await session.run(line, "say which flags changed", reader.take)
    return reader.found()

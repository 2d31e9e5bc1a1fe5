"""UIDs by what the server knows of its mail."""

import re
from collections.abc import Iterator

from postroom.ground.errors import Invalid, Temporary
from postroom.wire.imap.connection import Taker
from postroom.wire.imap.errors import refused
from postroom.wire.imap.responses import Limits, Reply, Response
from postroom.wire.imap.session import Session
from postroom.wire.imap.syntax import is_atom, is_quotable, quoted
from postroom.wire.imap.types import UidSet

_ESEARCH_ALL = re.compile(rb"\bALL ([0-9:,]+)", re.IGNORECASE)
_MODSEQ_TAIL = re.compile(rb" \(MODSEQ \d+\)\Z", re.IGNORECASE)
_ARRIVING = 10_000  # more may have come since the folder was opened, and few servers say so before they answer
_PIECE = 1 << 16
_LONG_ANSWER = Limits(text=1 << 26)  # SEARCH of 6,000,000 messages, written out one by one


async def all_uids(session: Session) -> UidSet:
    """All UIDs in the open folder. Raises Temporary if the answer cannot be true."""
    found = await search(session, b"ALL")
    if not found and session.state is not None and session.state.exists:
        # An empty answer would make every message "vanished"; some servers give it when they are in trouble.
        raise Temporary(f"{session.place.host} says that a folder has messages, and names none of them.")
    return found


async def uids_with_message_id(session: Session, message_id: str) -> UidSet:
    """UIDs whose Message-ID is this, angle brackets included."""
    return await uids_with_header(session, "Message-ID", message_id)


async def uids_with_header(session: Session, name: str, value: str) -> UidSet:
    """UIDs with `value` in the header `name`. Raises Invalid for a name that is none."""
    if not is_atom(name.encode()):
        raise Invalid(f"{name!r} is not the name of a header.")
    return await _search_text(session, b"HEADER " + name.encode() + b" %s", value)


async def uids_larger_than(session: Session, uids: UidSet, size: int) -> UidSet:
    """Those of `uids` whose message is larger than `size` bytes, as far as the server can say."""
    answer = _Answer()
    criteria = b"UID %s LARGER %d" % (str(uids).encode(), size)
    reply = await session.start(_verb(session) + criteria, answer.take, _LONG_ANSWER).reply
    return answer.uids & uids if reply.is_ok else UidSet()


async def search(session: Session, criteria: bytes) -> UidSet:
    """UIDs that fulfil `criteria`, a search program without text that would need a literal."""
    answer = _Answer()
    await session.run(_verb(session) + criteria, "search a folder", answer.take, _LONG_ANSWER)
    if len(answer.uids) > session.exists + _ARRIVING:
        # 1:4294967295 is quickly said and takes years to read.
        raise Temporary(f"{session.place.host} names {len(answer.uids)} messages in a folder of {session.exists}.")
    return answer.uids


async def _search_text(session: Session, pattern: bytes, value: str) -> UidSet:
    text = value.encode("utf-8", "replace")
    if is_quotable(text):
        return await search(session, pattern.replace(b"%s", quoted(text)))
    answer = _Answer()
    # RFC 9755 section 3: after UTF8=ACCEPT no charset may be named, as it is known.
    charset = b"" if "UTF8=ACCEPT" in session.enabled else b"CHARSET UTF-8 "
    reply = await _with_literals(session, (_verb(session) + charset + pattern).split(b"%s"), text, answer.take)
    if not reply.is_ok:
        raise refused(session.place, reply, "search a folder")
    return answer.uids


async def _with_literals(session: Session, pieces: list[bytes], text: bytes, take: Taker) -> Reply:
    """Send a command whose pieces are joined by the same literal, each announced and waited for."""
    mark = b"{%d}" % len(text)
    with session.connection.wholly():
        command = session.start(pieces[0] + mark, take, _LONG_ANSWER)
        for piece in pieces[1:]:
            if await session.connection.invitation(command) is None:
                break
            last = piece is pieces[-1]
            session.connection.send_line(text + piece + (b"" if last else mark))
    return await command.reply


def _verb(session: Session) -> bytes:
    return b"UID SEARCH RETURN (ALL) " if session.offers("ESEARCH") else b"UID SEARCH "


class _Answer:
    """Takes SEARCH and ESEARCH responses (RFC 9051 section 7.3.4; RFC 3501 section 7.2.5)."""

    def __init__(self) -> None:
        self.uids = UidSet()

    def take(self, response: Response) -> bool:
        text = response.text
        word = text[2:10].upper()
        if word.startswith(b"ESEARCH"):
            found = _ESEARCH_ALL.search(text)
            self._add(UidSet.parse(found[1]) if found else UidSet())
        elif word.startswith(b"SEARCH"):
            self._add(UidSet(_written_out(_MODSEQ_TAIL.sub(b"", text[8:].strip()))))
        else:
            return False
        return True

    def _add(self, uids: UidSet) -> None:
        self.uids = self.uids | uids if self.uids else uids


def _written_out(numbers: bytes) -> Iterator[int]:
    """Numbers with blanks between them, read in pieces: a million of them at once would take 60 MB."""
    at = 0
    while at < len(numbers):
        end = numbers.find(b" ", at + _PIECE)
        end = len(numbers) if end < 0 else end
        yield from map(int, numbers[at:end].split())
        at = end

"""Header summaries and whole messages, in batches kept in flight. Reading never marks as read.

Every command is a BODY.PEEK: BODY without PEEK would set \\Seen (RFC 9051 section 6.4.5).
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

from postroom.wire.imap.compress import compress_if_worth
from postroom.wire.imap.connection import Connection, InFlight
from postroom.wire.imap.errors import raise_if_lasting
from postroom.wire.imap.fetched import Fetched, read_fetch
from postroom.wire.imap.responses import Limits, Response
from postroom.wire.imap.search import uids_larger_than
from postroom.wire.imap.session import Session
from postroom.wire.imap.syntax import internal_date
from postroom.wire.imap.types import HeaderSummary, RawMessage, SummaryBatch, UidSet

DEPTH = 4
"""Commands in flight: the server always has the next one while we are busy with the last."""

MAX_HEADER = 1 << 24  # 100,000 recipients are 4 MB
_SPAN = 5000
_BODY_BATCH = 100

_HEADER_FIELDS = (
    b"DATE FROM SENDER REPLY-TO TO CC BCC SUBJECT MESSAGE-ID IN-REPLY-TO REFERENCES LIST-ID AUTO-SUBMITTED "
    b"X-POSTROOM-ID"
)


async def summaries(session: Session, uids: UidSet, batch: int = 500) -> AsyncIterator[SummaryBatch]:
    """Header summaries of `uids`, newest first. What is not answered is named in its batch.

    Raises Temporary when the connection is lost; what was yielded stays good.
    """
    await compress_if_worth(session, len(uids))
    waiting: deque[tuple[_Summaries, InFlight]] = deque()
    for chunk in uids.newest_first(batch):
        waiting.append(_ask_summaries(session, chunk))
        if len(waiting) >= DEPTH:
            yield await _answered(session, *waiting.popleft())
    while waiting:
        yield await _answered(session, *waiting.popleft())


def _ask_summaries(session: Session, chunk: UidSet) -> tuple["_Summaries", InFlight]:
    taker = _Summaries(chunk)
    own = _own_items(session) + (b" EMAILID THREADID" if session.offers("OBJECTID") else b"")
    items = b"UID FLAGS INTERNALDATE RFC822.SIZE%s BODY.PEEK[HEADER.FIELDS (%s)]" % (own, _HEADER_FIELDS)
    line = b"UID FETCH %s (%s)" % (str(chunk).encode(), items)
    return taker, session.start(line, taker.take, Limits(literal=MAX_HEADER))


def _own_items(session: Session) -> bytes:
    """What only Gmail has to say."""
    return b" X-GM-MSGID X-GM-THRID X-GM-LABELS" if session.offers("X-GM-EXT-1") else b""


async def _answered(session: Session, taker: "_Summaries", command: InFlight) -> SummaryBatch:
    reply = await command.reply
    if not reply.is_ok:
        raise_if_lasting(session.place, reply, "give the headers of its messages")
        # One message that the server cannot read must not hide its neighbours: each is asked for alone.
        singly = [_ask_summaries(session, UidSet([uid])) for uid in sorted(taker.unanswered)]
        for single, asked in singly:
            await asked.reply
            taker.take_over(single)
    return taker.batch()


class _Summaries:
    """Takes the answers to one batch: asked-for UIDs only, each once."""

    def __init__(self, asked: UidSet) -> None:
        self._asked = asked
        self._open = set(asked)
        self._parts: dict[int, Fetched] = {}
        self._found: list[HeaderSummary] = []

    def take(self, response: Response) -> bool:
        fetched = read_fetch(response)
        if fetched is None or fetched.uid is None:
            return False
        uid = fetched.uid
        if uid not in self._open:
            return uid in self._asked and fetched.body is not None  # again: once is enough
        if uid in self._parts:
            fetched = self._parts[uid].completed_by(fetched)
        if fetched.flags is None or fetched.body is None or fetched.size is None:
            self._parts[uid] = fetched
            return True
        self._open.remove(uid)
        self._found.append(
            HeaderSummary(
                uid,
                fetched.flags,
                None if fetched.date is None else internal_date(fetched.date),
                fetched.size,
                fetched.body,
                fetched.gmail,
                fetched.modseq,
                fetched.object_ids,
            )
        )
        return True

    @property
    def unanswered(self) -> set[int]:
        return self._open

    def take_over(self, other: "_Summaries") -> None:
        self._found += other._found
        self._open -= other._asked_set() - other._open

    def _asked_set(self) -> set[int]:
        return set(self._asked)

    def batch(self) -> SummaryBatch:
        self._found.sort(key=lambda summary: summary.uid, reverse=True)
        return SummaryBatch(self._asked, self._found, UidSet(sorted(self._open)))


async def raw_messages(
    session: Session, uids: UidSet, max_size: int, max_bytes_in_flight: int
) -> AsyncIterator[RawMessage]:
    """Whole messages, newest batch first; each of `uids` is answered exactly once, with raw=None if not given.

    Of a message larger than `max_size` bytes only the header is read. At most about `max_bytes_in_flight`
    bytes wait for a slow reader; then the server is made to wait.
    """
    await compress_if_worth(session, len(uids))
    for span in uids.newest_first(_SPAN):
        large = await uids_larger_than(session, span, max_size) & span
        flow = _Flow(session.connection, max_bytes_in_flight)
        try:
            async for message in _stream(session, span - large, _Wanted(b"BODY.PEEK[]", max_size), flow):
                yield message
            heads = large | UidSet(sorted(flow.dropped))
            async for message in _stream(session, heads, _Wanted(b"BODY.PEEK[HEADER]", MAX_HEADER), flow):
                yield message if message.raw is None else replace(message, header_only=True)
        finally:
            flow.stop()


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Which part of a message, and how many bytes of it at most."""

    section: bytes
    limit: int


async def _stream(session: Session, uids: UidSet, wanted: _Wanted, flow: "_Flow") -> AsyncIterator[RawMessage]:
    """Keep DEPTH commands in flight and hand on what arrives as it arrives."""
    chunks = deque(list(uids.newest_first(_BODY_BATCH)))
    waiting: deque[tuple[_Bodies, InFlight]] = deque()
    while chunks or waiting:
        while chunks and len(waiting) < DEPTH:
            waiting.append(_ask_bodies(session, chunks.popleft(), wanted, flow))
        bodies, command = waiting[0]
        if not command.reply.done():
            await flow.something_new()
        done = command.reply.done()
        while flow.ready:
            yield flow.next()
        if done:
            waiting.popleft()
            chunks.extendleft(_again(session, bodies, command))
            for message in bodies.not_given():
                yield message


def _ask_bodies(session: Session, chunk: UidSet, wanted: _Wanted, flow: "_Flow") -> tuple["_Bodies", InFlight]:
    bodies = _Bodies(chunk, flow)
    line = b"UID FETCH %s (UID FLAGS INTERNALDATE%s %s)" % (str(chunk).encode(), _own_items(session), wanted.section)
    command = session.start(line, bodies.take, Limits(literal=wanted.limit))
    command.reply.add_done_callback(flow.wake)
    return bodies, command


def _again(session: Session, bodies: "_Bodies", command: InFlight) -> list[UidSet]:
    """After a refusal, what was not answered is asked for one by one; a refusal of one alone is final."""
    reply = command.reply.result()
    if reply.is_ok:
        return []
    raise_if_lasting(session.place, reply, "give its messages")
    if len(bodies.asked) == 1:
        return []
    again = [UidSet([uid]) for uid in sorted(bodies.open)]
    bodies.open.clear()
    return again


class _Bodies:
    """Takes the answers to one command."""

    def __init__(self, asked: UidSet, flow: "_Flow") -> None:
        self.asked = asked
        self.open = set(asked)
        self._flow = flow
        self._parts: dict[int, Fetched] = {}

    def take(self, response: Response) -> bool:
        fetched = read_fetch(response)
        if fetched is None or fetched.uid is None:
            return False
        uid = fetched.uid
        if uid not in self.open:
            return uid in self.asked and fetched.body is not None  # again: once is enough
        if uid in self._parts:
            fetched = self._parts[uid].completed_by(fetched)
        if fetched.body is None:
            if None not in response.literals:
                self._parts[uid] = fetched  # the body may still come
                return True
            self._flow.dropped.append(uid)
        else:
            when = None if fetched.date is None else internal_date(fetched.date)
            flags = fetched.flags if fetched.flags is not None else frozenset()
            self._flow.add(RawMessage(uid, fetched.body, flags, when, fetched.gmail))
        self.open.remove(uid)
        return True

    def not_given(self) -> list[RawMessage]:
        return [RawMessage(uid, None, frozenset(), None) for uid in sorted(self.open, reverse=True)]


class _Flow:
    """Messages on their way from the connection's callbacks to whoever iterates."""

    def __init__(self, connection: Connection, max_bytes: int) -> None:
        self._connection = connection
        self._max_bytes = max_bytes
        self._bytes = 0
        self._new = asyncio.Event()
        self._stopped = False
        self.ready: deque[RawMessage] = deque()
        self.dropped: list[int] = []

    def add(self, message: RawMessage) -> None:
        if self._stopped:
            return
        self.ready.append(message)
        self._bytes += len(message.raw or b"")
        if self._bytes > self._max_bytes:
            self._connection.pause_reading()
        self._new.set()

    def next(self) -> RawMessage:
        message = self.ready.popleft()
        self._bytes -= len(message.raw or b"")
        if self._bytes <= self._max_bytes // 2:
            self._connection.resume_reading()
        return message

    def wake(self, reply: object) -> None:
        self._new.set()

    async def something_new(self) -> None:
        await self._new.wait()
        self._new.clear()

    def stop(self) -> None:
        """Nobody reads on: what still comes is dropped."""
        self._stopped = True
        self.ready.clear()
        self._connection.resume_reading()

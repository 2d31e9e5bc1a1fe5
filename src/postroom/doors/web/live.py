"""/live/: what happens, pushed to open browsers as server-sent events, in the order of the event log.

One connection per process listens for notices. Each organization that somebody watches has one reader of the log,
whatever the number of its browsers; each browser has a short queue. A browser that falls too far behind, or comes back
after too long, is told `reset`: what it shows is to be read anew.
"""

import asyncio
import contextlib
import logging
import re
from collections.abc import AsyncIterator, Mapping
from contextvars import Context
from dataclasses import dataclass, field

import msgspec
from litestar import get
from litestar.response import Stream

from postroom.doors.web.document import takes
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.query import asked
from postroom.doors.web.reach import tools_of
from postroom.ground.database import Database, Transaction
from postroom.ground.events import CHANNEL, LoggedEvent, newest_place, read_after
from postroom.ground.viewer import lead_bounds
from postroom.views.kept_things import is_about_mail, kept_for
from postroom.views.lead_names import lead_names

PING_SECONDS = 15.0
LONGEST_STREAM_SECONDS = 600.0
"""A browser comes back by itself, with its cookie: so often is it asked whether it may still watch."""
MOST_WAITING = 1000
_BATCH = 500
_GATHER_SECONDS = 0.1
_RECONNECT_SECONDS = 2.0
_PLACE = re.compile(r"(\d{1,18})\.(\d{1,18})")
_log = logging.getLogger(__name__)

Place = tuple[int, int]


class Change(msgspec.Struct, frozen=True):
    """One change as a browser is told of it."""

    object_type: str
    object_id: str
    action: str
    lead_id: str | None


@dataclass(eq=False, slots=True)
class Watcher:
    """One browser, of one user. `lost` is set when its queue has overflown."""

    user_id: str
    queue: asyncio.Queue[LoggedEvent | None] = field(default_factory=lambda: asyncio.Queue(MOST_WAITING))
    lost: bool = False


@dataclass(eq=False, slots=True)
class _Reader:
    """The log of one watched organization: how far it is read, and who watches."""

    place: Place
    watchers: set[Watcher] = field(default_factory=set)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    task: "asyncio.Task[None] | None" = None


class Live:
    """The watched logs of this process. Nothing runs while nobody watches."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._readers: dict[str, _Reader] = {}
        self._listening: asyncio.Task[None] | None = None

    @contextlib.asynccontextmanager
    async def watch(self, organization_id: str, user_id: str) -> AsyncIterator[tuple[Watcher, Place]]:
        """A watcher that is given everything after the place that comes with it, but what is kept from this user."""
        reader, watcher = await self._reader(organization_id), Watcher(user_id)
        reader.watchers.add(watcher)
        try:
            yield watcher, reader.place
        finally:
            reader.watchers.discard(watcher)
            if not reader.watchers and self._readers.get(organization_id) is reader:
                self._end(self._readers.pop(organization_id))

    async def close(self) -> None:
        """The process ends, and with it every stream: a browser comes back to the next process by itself."""
        for reader in self._readers.values():
            self._end(reader)
            for watcher in reader.watchers:
                while watcher.queue.full():
                    watcher.queue.get_nowait()
                watcher.queue.put_nowait(None)
        self._readers.clear()
        if self._listening:
            self._listening.cancel()

    async def _reader(self, organization_id: str) -> _Reader:
        if self._listening is None or self._listening.done():
            self._listening = asyncio.create_task(self._listen(), context=Context())
        async with self._db.transaction() as tx:
            place = await newest_place(tx, organization_id)
        reader = self._readers.setdefault(organization_id, _Reader(place))
        if reader.task is None:
            # Read for all who watch: not with the eyes of the first, whose request this happens in.
            reader.task = asyncio.create_task(self._read(organization_id, reader), context=Context())
        return reader

    async def _listen(self) -> None:
        """Wake readers at every notice; on a new connection all of them, since notices may have been missed."""
        while True:
            try:
                async for organization_id in self._db.notices(CHANNEL):
                    woken = [self._readers.get(organization_id)] if organization_id else self._readers.values()
                    for reader in woken:
                        if reader:
                            reader.news.set()
            except Exception as error:
                _log.warning("live: listening ended (%s); trying again", type(error).__name__)
            await asyncio.sleep(_RECONNECT_SECONDS)

    async def _read(self, organization_id: str, reader: _Reader) -> None:
        """Hand on what the log has, then wait for news; one still hidden by an older transaction is asked for again."""
        patience = PING_SECONDS
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(patience):
                    await reader.news.wait()
                    patience = _GATHER_SECONDS
            reader.news.clear()
            await asyncio.sleep(_GATHER_SECONDS)
            try:
                found = await self._hand_on(organization_id, reader)
            except Exception as error:
                _log.warning("live: reading the log failed (%s)", type(error).__name__)
                found = False
            patience = _GATHER_SECONDS if found else min(patience * 2, PING_SECONDS)

    async def _hand_on(self, organization_id: str, reader: _Reader) -> bool:
        async with self._db.transaction() as tx:
            events = await read_after(tx, organization_id, reader.place, limit=_BATCH)
            kept = await _kept(tx, organization_id, events)
        for event in events:
            reader.place = (event.xid, event.seq)
            for watcher in reader.watchers:
                if not _may_know(watcher.user_id, event, kept):
                    continue
                try:
                    watcher.queue.put_nowait(event)
                except asyncio.QueueFull:
                    watcher.lost = True
        return bool(events)

    @staticmethod
    def _end(reader: _Reader) -> None:
        if reader.task:
            reader.task.cancel()


@get("/live", operation_id="live", operation_class=takes("after"), media_type="text/event-stream")
async def live(request: ApiRequest) -> Stream:
    """What happens in the organization, as it happens, from `after` on; `Last-Event-ID` resumes."""
    feed: Live = request.app.state["live"]
    seen = _PLACE.fullmatch(request.headers.get("last-event-id", "") or asked(request).text("after"))
    place = (int(seen[1]), int(seen[2])) if seen else None
    stream = _stream(feed, tools_of(request).db, (request.user.organization_id, request.user.id), place)
    return Stream(stream, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


async def _stream(feed: Live, db: Database, who: tuple[str, str], seen: Place | None) -> AsyncIterator[bytes]:
    """What was missed since `seen`, then what comes. `who`: organization and user."""
    async with feed.watch(*who) as (watcher, start):
        place = start if seen is None else seen
        yield f"retry: 2000\nid: {in_words(place)}\n\n".encode()
        missed = await _missed(db, who, place, start)
        if missed is None:
            place, missed = start, []
            yield _reset(place)
        for event in missed:
            if await _may_see(db, who[0], event):
                yield _frame(event)
        async for chunk in _coming(db, (who[0], watcher), start):
            yield chunk


async def _missed(db: Database, who: tuple[str, str], place: Place, until: Place) -> list[LoggedEvent] | None:
    """What lies between two places; None where it is more than a browser is told one by one."""
    if place >= until:
        return []
    organization_id, user_id = who
    async with db.transaction() as tx:
        events = await read_after(tx, organization_id, place, limit=MOST_WAITING + 1)
        kept = await _kept(tx, organization_id, events)
    if len(events) > MOST_WAITING:
        return None
    return [event for event in events if (event.xid, event.seq) <= until and _may_know(user_id, event, kept)]


async def _kept(tx: Transaction, organization_id: str, events: list[LoggedEvent]) -> Mapping[str, frozenset[str]]:
    """What of it is for some users alone."""
    ids = [one.event.object_id for one in events if is_about_mail(one.event.object_type)]
    return await kept_for(tx, organization_id, ids) if ids else {}


def _may_know(user_id: str, event: LoggedEvent, kept: Mapping[str, frozenset[str]]) -> bool:
    users = kept.get(event.event.object_id)
    return users is None or user_id in users


async def _coming(db: Database, watching: tuple[str, Watcher], start: Place) -> AsyncIterator[bytes]:
    organization_id, watcher = watching
    place = start
    loop = asyncio.get_running_loop()
    ends = loop.time() + LONGEST_STREAM_SECONDS
    while loop.time() < ends:
        try:
            async with asyncio.timeout(PING_SECONDS):
                event = await watcher.queue.get()
        except TimeoutError:
            yield b": ping\n\n"
            continue
        while watcher.lost and event is not None and not watcher.queue.empty():
            event = watcher.queue.get_nowait()
        if event is None:
            return
        if watcher.lost:
            watcher.lost = False
            yield _reset((event.xid, event.seq))
        elif (event.xid, event.seq) > place and await _may_see(db, organization_id, event):
            yield _frame(event)
        place = (event.xid, event.seq)


async def _may_see(db: Database, organization_id: str, event: LoggedEvent) -> bool:
    """Whether the lead of an event is one of those that the watching user may see."""
    if lead_bounds() is None or event.event.lead_id is None:
        return True
    async with db.reading() as tx:
        return bool(await lead_names(tx, organization_id, [event.event.lead_id]))


def in_words(place: Place) -> str:
    """A place of the log as a browser keeps it."""
    return f"{place[0]}.{place[1]}"


def _frame(event: LoggedEvent) -> bytes:
    what = event.event
    data = msgspec.json.encode(Change(what.object_type, what.object_id, what.action, what.lead_id))
    return f"event: change\nid: {in_words((event.xid, event.seq))}\ndata: ".encode() + data + b"\n\n"


def _reset(place: Place) -> bytes:
    return f"event: reset\nid: {in_words(place)}\ndata: {{}}\n\n".encode()


ROUTES = [live]

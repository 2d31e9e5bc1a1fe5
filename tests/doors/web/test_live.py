"""/live/: what happens reaches open browsers, in order, once, and after a break too."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import pytest

from postroom.ground.events import Event, append
from postroom.journeys.tools import Tools
from postroom.rooms.users.user import ActingUser
from tests.doors.web.conftest import Door, key_of, make_admin
from tests.doors.web.serving import served


class Browser:
    """A reader of the stream."""

    def __init__(self, lines: AsyncIterator[str]) -> None:
        self._lines = lines
        self.last_id = ""

    async def event(self, seconds: float = 60) -> tuple[str, dict[str, object]]:
        """The next event: its name and data."""
        name, data = "", ""
        async with asyncio.timeout(seconds):
            async for line in self._lines:
                field, _, value = line.partition(": ")
                if field == "event":
                    name = value
                elif field == "id":
                    self.last_id = value
                elif field == "data":
                    data = value
                elif not line and name == "change" and '"lead"' not in data:
                    name = ""  # users, keys and what else a test makes to begin with
                elif not line and name:
                    return name, json.loads(data)
        raise AssertionError("the stream ended")

    async def opened(self) -> None:
        """Wait until the server has said where we are."""
        async with asyncio.timeout(60):
            async for line in self._lines:
                if not line:
                    return
                if line.startswith("id: "):
                    self.last_id = line[4:]


async def readable(tools: Tools, user: ActingUser) -> None:
    """Wait until no older transaction, of other tests on this server too, hides what has happened."""
    async with asyncio.timeout(60):
        while True:
            async with tools.db.transaction() as tx:
                newest = await tx.execute(
                    "select xid < pg_snapshot_xmin(pg_current_snapshot()) from events where organization_id = %s"
                    " order by xid desc limit 1",
                    (user.organization_id,),
                )
                if await newest.fetchone() == (True,):
                    return
            await asyncio.sleep(0.05)


async def happen(tools: Tools, user: ActingUser, *ids: str) -> None:
    async with tools.db.transaction() as tx:
        events = [Event("lead", one, "created", one) for one in ids]
        await append(tx, user.organization_id, events, tools.clock())


@asynccontextmanager
async def watching(
    tools: Tools, url: str, user: ActingUser, headers: dict[str, str] | None = None, *, after: str = ""
) -> AsyncIterator[Browser]:
    """A browser of this user at the stream."""
    async with (
        httpx2.AsyncClient(auth=(await key_of(tools, user), ""), timeout=60) as client,
        client.stream("GET", f"{url}/api/v1/live/?after={after}", headers=headers) as answer,
    ):
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield Browser(answer.aiter_lines())


@pytest.fixture
async def url(door: Door) -> AsyncIterator[str]:
    async with served(door.app) as base:
        yield base


async def test_changes_arrive_in_order_and_only_ones_own(tools: Tools, url: str, admin: ActingUser) -> None:
    other = await make_admin(tools, "Other", "olga@other.test")
    async with watching(tools, url, admin) as browser:
        await browser.opened()
        await asyncio.sleep(0.3)
        await happen(tools, other, "lead_theirs")
        await happen(tools, admin, "lead_1", "lead_2")
        for expected in ("lead_1", "lead_2"):
            change = {"object_type": "lead", "object_id": expected, "action": "created", "lead_id": expected}
            assert await browser.event() == ("change", change)


async def test_what_happened_during_a_break_is_told_first(tools: Tools, url: str, admin: ActingUser) -> None:
    async with watching(tools, url, admin) as browser:
        await browser.opened()
        await happen(tools, admin, "lead_1")
        assert (await browser.event())[1]["object_id"] == "lead_1"
    await happen(tools, admin, "lead_2", "lead_3")
    async with watching(tools, url, admin, {"Last-Event-ID": browser.last_id}) as browser:
        await browser.opened()
        await happen(tools, admin, "lead_4")
        seen = [(await browser.event())[1]["object_id"] for _ in range(3)]
        assert seen == ["lead_2", "lead_3", "lead_4"]


async def test_what_happens_while_a_page_is_read_is_told_when_its_stream_opens(
    tools: Tools, url: str, api: httpx2.AsyncClient, admin: ActingUser
) -> None:
    await happen(tools, admin, "lead_0")
    await readable(tools, admin)
    place = (await api.get("/api/v1/auth/state/")).json()["place"]
    await happen(tools, admin, "lead_1")
    await readable(tools, admin)
    async with watching(tools, url, admin, after=place) as browser:
        assert (await browser.event())[1]["object_id"] == "lead_1"
        seen = browser.last_id
    await happen(tools, admin, "lead_2")
    await readable(tools, admin)
    async with watching(tools, url, admin, {"Last-Event-ID": seen}, after=place) as browser:
        assert (await browser.event())[1]["object_id"] == "lead_2", "what it has seen is nearer"
    async with watching(tools, url, admin, after="nonsense") as browser:
        await browser.opened()


async def test_after_too_long_a_break_the_browser_is_told_to_read_anew(
    tools: Tools, url: str, admin: ActingUser
) -> None:
    await happen(tools, admin, *(f"lead_{number}" for number in range(1002)))
    await readable(tools, admin)
    async with watching(tools, url, admin, {"Last-Event-ID": "1.1"}) as browser:
        assert await browser.event() == ("reset", {})
        await happen(tools, admin, "lead_new")
        assert (await browser.event())[1]["object_id"] == "lead_new"


async def test_an_event_behind_a_slow_transaction_is_late_but_never_lost(
    tools: Tools, url: str, admin: ActingUser
) -> None:
    async with watching(tools, url, admin) as browser:
        await browser.opened()
        async with tools.db.transaction() as slow:
            await append(slow, admin.organization_id, [Event("lead", "lead_slow", "created")], tools.clock())
            await happen(tools, admin, "lead_quick")
            await asyncio.sleep(0.5)
        seen = [(await browser.event())[1]["object_id"] for _ in range(2)]
        assert seen == ["lead_slow", "lead_quick"]


async def test_nothing_is_read_while_nobody_watches(door: Door, tools: Tools, url: str, admin: ActingUser) -> None:
    feed = door.app.state["live"]
    async with watching(tools, url, admin) as browser:
        await browser.opened()
        assert list(feed._readers) == [admin.organization_id]
    async with asyncio.timeout(60):
        while feed._readers:
            await asyncio.sleep(0.05)

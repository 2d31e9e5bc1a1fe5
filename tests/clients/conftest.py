"""Our server on a real port, and Close's own Python client pointed at it with one of our API keys."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest
from closeio_api import API

from postroom.journeys.tools import Tools
from postroom.rooms.users.user import ActingUser
from tests.doors.web.conftest import Door, admin, door, key_of, tools
from tests.doors.web.serving import served

__all__ = ["admin", "door", "tools"]

T = TypeVar("T")


@dataclass(frozen=True)
class Close:
    """Close's client in a thread of its own: it waits, the server must not."""

    api: API
    key: str
    url: str
    tools: Tools

    async def run(self, program: Callable[..., T], *values: Any) -> T:
        """The program's answer."""
        return await asyncio.to_thread(program, self.api, *values)


@pytest.fixture
async def close(door: Door, admin: ActingUser) -> AsyncIterator[Close]:
    key = await key_of(door.tools, admin)
    async with served(door.app) as url:
        client = API(f"{url}/api/v1/", key, tz_offset=1.0)
        try:
            yield Close(client, key, url, door.tools)
        finally:
            client.session.close()

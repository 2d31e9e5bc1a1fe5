"""Bodies that do not come: given up with 408, in every place where a body is read."""

import asyncio
import base64
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from postroom.doors.web.errors import TooSlow
from postroom.doors.web.gate import Gate
from postroom.doors.web.slow_bodies import Patience, in_time
from postroom.rooms.users.user import ActingUser
from tests.doors.web.conftest import Door, key_of
from tests.doors.web.serving import served


@pytest.fixture
def hurried(door: Door) -> Door:
    """The same application, which waits a fifth of a second for a part, and a second for all."""
    gate = door.app.asgi_handler
    assert isinstance(gate, Gate)
    house = replace(gate._house, patience=Patience(0.2, 1.0))
    door.app.asgi_handler = Gate(gate._inside, gate._callers, house)
    return door


async def sent(url: str, key: str, path: str, parts: list[bytes], pause: float) -> bytes:
    """The answer to a POST that says it is longer than what comes."""
    host, _, port = url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    basic = base64.b64encode(f"{key}:".encode()).decode()
    head = f"POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Basic {basic}\r\nContent-Type: application/json\r\n"
    writer.write(f"{head}Content-Length: 10000\r\n\r\n".encode())
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause)
        return await asyncio.wait_for(reader.read(4000), 60)
    except ConnectionError:
        return await asyncio.wait_for(reader.read(4000), 60)
    finally:
        writer.close()


async def test_a_body_that_stops_on_the_way_is_given_up(hurried: Door, admin: ActingUser) -> None:
    key = await key_of(hurried.tools, admin)
    async with served(hurried.app) as url:
        for path in ("/api/v1/lead/", "/api/v1/files/upload/", "/api/v1/data/search/"):
            answer = await sent(url, key, path, [b'{"name": "x'], 0)
            assert answer.startswith(b"HTTP/1.1 408 "), (path, answer)
            assert b'"errors":["The body of the request did not come in time."]' in answer
        async with httpx2.AsyncClient(base_url=url, auth=(key, "")) as client:
            assert (await client.get("/api/v1/lead/")).json()["total_results"] == 0, "nothing was made of it"


async def test_a_body_that_drips_for_ever_is_given_up_too(hurried: Door, admin: ActingUser) -> None:
    key = await key_of(hurried.tools, admin)
    async with served(hurried.app) as url:
        answer = await sent(url, key, "/api/v1/lead/", [b" "] * 14, 0.1)
        assert answer.startswith(b"HTTP/1.1 408 "), answer


async def test_what_comes_after_the_body_may_take_its_time() -> None:
    coming = asyncio.Queue[Any]()
    receive = in_time(coming.get, Patience(0.05, 0.2))
    coming.put_nowait({"type": "http.request", "body": b"x", "more_body": False})
    assert (await receive())["type"] == "http.request"
    asyncio.get_running_loop().call_later(0.4, coming.put_nowait, {"type": "http.disconnect"})
    assert (await receive())["type"] == "http.disconnect"
    with pytest.raises(TooSlow):
        await in_time(coming.get, Patience(0.05, 0.2))()

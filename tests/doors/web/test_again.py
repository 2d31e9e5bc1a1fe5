"""Requests that PostgreSQL gives up for another one's sake are done again, as long as nothing of them has happened."""

from typing import Any

import httpx2
import pytest
from litestar.types import Receive, Scope, Send
from psycopg.errors import DeadlockDetected

from postroom.doors.web.again import MOST_KEPT_BYTES, Again, note_given_up
from postroom.ground.database import _commits
from postroom.journeys.tools import Tools


async def give_up(tools: Tools, table: str, times: int) -> None:
    """The first inserts into the table are told that they waited for somebody who waited for them."""
    async with tools.db.transaction() as tx:
        await tx.execute("create sequence tries")  # which no rollback sets back
        await tx.execute(
            "create function give_up() returns trigger language plpgsql as $$ begin"
            f" if nextval('tries') <= {times} then raise exception 'deadlock' using errcode = '40P01'; end if;"
            " return new; end $$"
        )
        await tx.execute(f"create trigger give_up before insert on {table} for each row execute function give_up()")


async def names(api: httpx2.AsyncClient) -> list[str]:
    return [lead["name"] for lead in (await api.get("/api/v1/lead/")).json()["data"]]


@pytest.mark.parametrize("times", [1, 3])
async def test_a_deadlock_is_not_heard_of_and_nothing_is_done_twice(
    tools: Tools, api: httpx2.AsyncClient, times: int
) -> None:
    await give_up(tools, "leads", times)
    made = await api.post("/api/v1/lead/", json={"name": "Bolt"})
    assert (made.status_code, made.json()["name"]) == (200, "Bolt")
    assert await names(api) == ["Bolt"]


async def test_after_some_tries_it_is_said(tools: Tools, api: httpx2.AsyncClient) -> None:
    await give_up(tools, "leads", 50)
    refused = await api.post("/api/v1/lead/", json={"name": "Bolt"})
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
    assert await names(api) == []


async def test_what_was_committed_in_part_is_not_repeated() -> None:
    """Nor is a body that was too large to be kept; both are told as of a database that is away."""
    tries = 0

    async def inside(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal tries
        tries += 1
        while (await receive()).get("more_body"):
            pass
        if scope["path"] == "/committed":
            current = _commits.get()
            assert current
            current.any = True
        note_given_up(scope, DeadlockDetected())
        await send({"type": "http.response.start", "status": 503, "headers": []})

    for path, size, expected in (("/", 10, 4), ("/committed", 10, 1), ("/", MOST_KEPT_BYTES + 1, 1)):
        parts = [{"type": "http.request", "body": b"x" * size, "more_body": False}]
        sent: list[Any] = []

        async def receive(left: list[Any] = parts) -> Any:
            return left.pop()

        async def send(message: Any, told: list[Any] = sent) -> None:
            told.append(message)

        tries = 0
        await Again(inside)({"type": "http", "path": path}, receive, send)  # type: ignore[arg-type]
        assert (tries, len(sent)) == (expected, 1)

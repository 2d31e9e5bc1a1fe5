"""The event log misses nothing, and a job is only a hint."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest

from postroom.ground import events
from postroom.ground.database import Database
from postroom.ground.events import Event
from postroom.ground.jobs import Job, Jobs

NOW = datetime(2026, 11, 22, tzinfo=UTC)
JOB = Job("pull_new", priority=1, lock_by=lambda payload: f"imap:{payload['account_id']}")


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    opened = await Database.open(database_url)
    yield opened
    await opened.close()


async def test_events_are_read_in_order_and_once(db: Database) -> None:
    place = (0, 0)
    for number in range(3):
        async with db.transaction() as tx:
            made = [Event("lead", f"lead_{number}_{part}", "created", data={"n": number}) for part in range(2)]
            await events.append(tx, "orga_1", made, NOW)
    seen: list[str] = []
    # The oldest open transaction is the server's, and other tests' databases live on it too: it may take a moment.
    for _ in range(200):
        async with db.transaction() as tx:
            page = await events.read_after(tx, "orga_1", place, limit=2)
        if page:
            seen += [one.event.object_id for one in page]
            place = (page[-1].xid, page[-1].seq)
        elif len(seen) >= 6:
            break
        else:
            await asyncio.sleep(0.05)
    assert seen == [f"lead_{number}_{part}" for number in range(3) for part in range(2)]


async def test_an_event_of_a_slow_transaction_is_not_skipped(db: Database) -> None:
    async with db.transaction() as slow:
        await events.append(slow, "orga_1", [Event("lead", "slow", "created")], NOW)
        async with db.transaction() as quick:
            await events.append(quick, "orga_1", [Event("lead", "quick", "created")], NOW)
        async with db.transaction() as tx:
            assert await events.read_after(tx, "orga_1", (0, 0)) == []
    # The oldest open transaction is the server's, and other tests' databases live on it too: it may take a moment.
    for _ in range(200):
        async with db.transaction() as tx:
            found = await events.read_after(tx, "orga_1", (0, 0))
        if len(found) == 2:
            break
        await asyncio.sleep(0.05)
    assert [one.event.object_id for one in found] == ["slow", "quick"]


async def test_another_organization_reads_none_of_them(db: Database) -> None:
    async with db.transaction() as tx:
        await events.append(tx, "orga_1", [Event("lead", "l", "created")], NOW)
    async with db.transaction() as tx:
        assert await events.read_after(tx, "orga_2", (0, 0)) == []
        assert await events.newest_place(tx, "orga_2") == (0, 0)


@pytest.fixture
async def jobs(database_url: str) -> AsyncIterator[Jobs]:
    opened = Jobs(database_url)
    await opened.open()
    yield opened
    await opened.close()


async def _queued(db: Database) -> list[tuple[Any, ...]]:
    async with db.transaction() as tx:
        return await (await tx.execute("select task_name, lock, priority, status from procrastinate_jobs")).fetchall()


async def test_a_job_is_queued_with_the_rows_or_not_at_all(db: Database, jobs: Jobs) -> None:
    with pytest.raises(RuntimeError):
        async with db.transaction() as tx:
            await jobs.defer(tx, JOB, {"account_id": "a"})
            raise RuntimeError
    assert await _queued(db) == []
    async with db.transaction() as tx:
        await jobs.defer(tx, JOB, {"account_id": "a"})
    assert await _queued(db) == [("pull_new", "imap:a", 1, "todo")]


async def test_a_second_job_for_the_same_thing_does_not_spoil_the_transaction(db: Database, jobs: Jobs) -> None:
    async with db.transaction() as tx:
        for _ in range(3):
            await jobs.defer(tx, JOB, {"account_id": "a"})
        await events.append(tx, "orga_1", [Event("lead", "l", "created")], NOW)
    assert len(await _queued(db)) == 1


async def test_what_a_dead_worker_held_is_released(db: Database, jobs: Jobs, database_url: str) -> None:
    async with db.transaction() as tx:
        await jobs.defer(tx, JOB, {"account_id": "a"})
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
        worker = await (
            await connection.execute(
                "insert into procrastinate_workers (last_heartbeat) values (now() - interval '1 hour') returning id"
            )
        ).fetchone()
        assert worker is not None
        await connection.execute("update procrastinate_jobs set status = 'doing', worker_id = %s", worker)
    assert await jobs.retake_stalled() == 1
    assert await _queued(db) == []
    async with db.transaction() as tx:
        await jobs.defer(tx, JOB, {"account_id": "a"})
    assert len(await _queued(db)) == 1

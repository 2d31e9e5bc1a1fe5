"""The whole worker in trouble: one account hangs, an import runs long, the database is away; others get their mail."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from postroom.doors.worker import schedule
from postroom.ground import database
from postroom.ground import jobs as ground_jobs
from postroom.ground.postgres import EmbeddedPostgres
from postroom.journeys.steps import host_turns
from tests.faults.box import BOB, Box, SetClock, connected
from tests.faults.working import until, working
from tests.journeys.office import Office, open_office
from tests.servers.scripted_imap import FOREVER, Matching, ScriptedImap, connection_faults, fetch_faults, scripted_imap

SOON_SECONDS = 18.0  # a login to a mute host takes 20 seconds to fail


async def _has(box: Box, subject: str) -> bool:
    return bool(await box.rows("select 1 from emails where subject = %s", subject))


async def test_an_account_that_hangs_does_not_delay_the_others(office: Office, box: Box) -> None:
    """62: its server says nothing at all, at login or in the middle of a message; the neighbours' mail is on time."""
    await office.lead("Nut", "nora@nut.example")
    async with scripted_imap() as mute:
        hanging = [await connected(office, mute, f"mute{number}@acme.example") for number in range(3)]
        for one in hanging:
            one.fill(1)
        mute.faults.add(connection_faults.silence(), on="CONNECT", times=2)
        mute.faults.add(connection_faults.silence_inside_literal(), on="UID FETCH", times=FOREVER)
        async with working(office.tools):
            box.deliver("At the start")
            await until(lambda: _has(box, "At the start"))
            took = []
            for number in range(3):
                box.deliver(f"On time {number}")
                took.append(await until(lambda number=number: _has(box, f"On time {number}")))  # type: ignore[misc]
        assert max(took) < SOON_SECONDS
        assert await box.one("select count(*) from emails where account_id <> %s", box.account_id) == 0


async def test_a_whole_provider_that_hangs_does_not_delay_the_others(
    office: Office, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    """62: more accounts of a mute host than the worker has hands: the host is not tried by all of them at once."""
    monkeypatch.setattr(host_turns, "WAIT_SECONDS", 0.5)
    async with scripted_imap() as mute:
        mute.faults.add(connection_faults.silence(), on="CONNECT", times=FOREVER)
        for number in range(40):
            await connected(office, mute, f"mute{number}@acme.example")
        async with working(office.tools):
            await asyncio.sleep(0.5)
            for number in range(3):
                box.deliver(f"On time {number}")
                await until(lambda number=number: _has(box, f"On time {number}"), SOON_SECONDS)  # type: ignore[misc]


async def test_new_mail_comes_in_seconds_while_the_first_import_runs(office: Office, box: Box) -> None:
    """64: history is read in slices; what is new goes before it."""
    await office.lead("Customer", *(f"person{number}@customer.example" for number in range(50)))
    box.account.make_folder("Large").fill(200_000)
    async with working(office.tools):
        await until(lambda: _imported(box, 500))
        for number in range(2):
            box.deliver(f"New {number}")
            await until(lambda number=number: _has(box, f"New {number}"))  # type: ignore[misc]
        assert await box.one("select lowest_uid from folders where name = 'Large'") > 1, "the import was over too soon"


async def _imported(box: Box, count: int) -> bool:
    return bool(await box.one("select count(*) from sightings") >= count)


@pytest.mark.parametrize("patience", [30.0, 1.5], ids=["shorter than our patience", "longer"])
async def test_a_database_away_for_a_while_loses_and_doubles_nothing(
    database_url: str,
    tmp_path: Path,
    server: ScriptedImap,
    postgres_server: EmbeddedPostgres,
    monkeypatch: pytest.MonkeyPatch,
    patience: float,
) -> None:
    """66: no cursor moves, no part of the worker ends, no job that ended meanwhile keeps its account locked."""
    monkeypatch.setattr(database, "CONNECT_SECONDS", patience)
    monkeypatch.setattr(ground_jobs, "STALLED_AFTER_SECONDS", 8.0)
    monkeypatch.setattr(schedule, "SLOW_ROUND_EVERY", 2)
    async with open_office(database_url, tmp_path) as office:
        await office.lead("Bolt", BOB)
        box = await connected(office, server, poll_seconds=2)
        box.fill(2)
        async with working(office.tools) as parts:
            await until(lambda: _has(box, "Offer 1"))
            slow = server.faults.add(connection_faults.late(1.0), on="EXAMINE", times=FOREVER)
            box.deliver("As it went away")
            await until(lambda: _under_way(box))
            async with database_away(database_url, postgres_server):
                box.deliver("While it was away")
                await asyncio.sleep(3)
            slow.remove()
            await until(lambda: _has(box, "While it was away"), 120)
            assert [part for part in parts if part.done()] == []
        assert len(await box.subjects()) == 4
        assert await box.doubles() == []
        assert await box.adds_up()


async def _under_way(box: Box) -> bool:
    return bool(await box.rows("select 1 from procrastinate_jobs where status = 'doing' and task_name = 'pull_new'"))


async def test_a_database_lost_in_the_middle_of_a_pull_moves_no_cursor(
    box: Box, database_url: str, postgres_server: EmbeddedPostgres
) -> None:
    """66: between the fetch and the commit: nothing is stored, nothing is skipped."""
    await box.pull()
    box.fill(3)
    gone = asyncio.Event()
    box.server.faults.add(fetch_faults.meanwhile(gone.set, after_lines=1), on=Matching("UID FETCH", b"BODY.PEEK[])"))
    box.server.faults.add(connection_faults.late(3.0), on=Matching("UID FETCH", b"BODY.PEEK[])"))
    pulling = asyncio.create_task(box.pull_new())
    await gone.wait()
    async with database_away(database_url, postgres_server):
        await asyncio.wait([pulling], timeout=6)
        pulling.cancel()  # where it still waits for a connection
        with pytest.raises((psycopg.Error, OSError, asyncio.CancelledError)):
            await pulling
    await box.pull()
    assert len(await box.subjects()) == 3
    assert len(await box.waiting()) == 3
    assert await box.adds_up()


@asynccontextmanager
async def database_away(url: str, server: EmbeddedPostgres) -> AsyncIterator[None]:
    """All connections to this database are cut, and no new one is let in, while the block runs."""
    name = psycopg.conninfo.conninfo_to_dict(url)["dbname"]
    async with await psycopg.AsyncConnection.connect(server.url(), autocommit=True) as connection:
        allow = sql.SQL("alter database {} with allow_connections {}")
        await connection.execute(allow.format(sql.Identifier(str(name)), sql.Literal(False)))
        cut = "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s"
        await connection.execute(cut, (name,))
        try:
            yield
        finally:
            await connection.execute(allow.format(sql.Identifier(str(name)), sql.Literal(True)))


async def test_fifty_thousand_flag_changes_are_taken_in_while_others_are_served(
    office: Office, box: Box, clock: SetClock
) -> None:
    """49: read in few commands, stored in batches; a neighbour's pull meanwhile takes no longer than usual."""
    large = box.account.make_folder("Large")
    large.fill(50_000)
    other = await connected(office, box.server, "ben@acme.example")
    await box.pull_new()
    await other.pull()
    box.deliver("Kept", folder="Large")
    await box.pull_new()
    for uid in large.uids:
        message = large.message(uid)
        assert message is not None
        message.flags ^= {"\\Seen"}
        message.modseq = large.modseq.value + 1
        large._messages[uid] = message
    large.modseq.rise()
    box.server.log.clear()
    pulling = asyncio.create_task(box.pull_new())

    async def is_reading() -> bool:
        return any(line.folder == "Large" for line in box.server.log)

    await until(is_reading)
    other.deliver("Beside it")
    begun = time.monotonic()
    await other.pull()
    beside = time.monotonic() - begun
    await pulling
    assert await _has(box, "Beside it")
    assert beside < 30
    assert len([line for line in box.server.log if line.folder == "Large"]) < 20
    assert await box.one("select is_seen from copies c join folders f on f.id = c.folder_id where f.name = 'Large'")

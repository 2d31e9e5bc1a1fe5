"""The whole worker: mail arrives by itself, Done moves it, and a dead process leaves no harm."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from postroom.doors.parts import run_until
from postroom.doors.worker.listen import run_listeners
from postroom.doors.worker.run import for_account, pair_jobs, run_jobs
from postroom.doors.worker.schedule import run_schedule
from postroom.ground.errors import NeedsUser, Remedy
from postroom.journeys import jobs
from postroom.journeys.archive import mark_done
from postroom.journeys.tools import Tools
from tests.journeys.office import Office, letter, open_office, plain
from tests.servers.dovecot import PASSWORD, DovecotServer, dovecot

PATIENCE_SECONDS = 90.0


@pytest.fixture(scope="module")
def mail_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DovecotServer]:
    with dovecot(tmp_path_factory.mktemp("dovecot")) as server:
        yield server


@pytest.fixture
async def office(database_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(database_url, tmp_path) as made:
        yield made


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    """Wait until it is so, or fail."""
    end = asyncio.get_running_loop().time() + PATIENCE_SECONDS
    while not await true():
        assert asyncio.get_running_loop().time() < end, "it never came to be"
        await asyncio.sleep(0.1)


async def test_mail_arrives_by_itself_and_done_moves_it(office: Office, mail_server: DovecotServer) -> None:
    name = f"anna-{uuid4().hex[:8]}"
    mail_server.add_user(name)
    anna = await office.user("anna@acme.example")
    await office.connect(anna, plain(mail_server.imap_port, name), PASSWORD)
    lead = await office.lead("Bolt", "bob@bolt.example")
    long_ago = datetime.now(UTC) - timedelta(days=30)
    before = letter("bob@bolt.example", "anna@acme.example", "Before", days_ago=30)
    mail_server.deliver(name, "INBOX", before, date=long_ago)
    pair_jobs(office.tools)
    stop = asyncio.Event()
    working = asyncio.create_task(run_until(office.tools, (run_jobs, run_listeners, run_schedule), stop))

    async def shows(*subjects: str) -> bool:
        return await office.subjects(lead) == list(subjects)

    async def indexed() -> bool:
        return await office.rows("select count(*) from email_search") == [(2,)]

    async def archived() -> bool:
        client = mail_server.client(name)
        return int(client.select("INBOX")[1][0] or 0) == 1

    await until(lambda: shows("Before"))
    mail_server.deliver(name, "INBOX", letter("bob@bolt.example", "anna@acme.example", "Now"))
    await until(lambda: shows("Before", "Now"))
    await until(indexed)
    items = [row[0] for row in await office.rows("select id from inbox_items")]
    assert len(items) == 1
    await mark_done(office.tools, office.asker(anna), items)
    await until(archived)
    stop.set()
    await asyncio.wait_for(working, PATIENCE_SECONDS)


def test_a_killed_process_is_followed_by_one_that_goes_on(
    database_url: str, tmp_path: Path, mail_server: DovecotServer
) -> None:
    name = f"anna-{uuid4().hex[:8]}"
    mail_server.add_user(name)

    async def found() -> str:
        async with open_office(database_url, tmp_path) as office:
            anna = await office.user("anna@acme.example")
            await office.connect(anna, plain(mail_server.imap_port, name), PASSWORD)
            return await office.lead("Bolt", "bob@bolt.example")

    asyncio.run(found())
    for number in range(300):
        mail_server.deliver(name, "INBOX", letter("bob@bolt.example", "anna@acme.example", f"Mail {number}"))
    for delay in (0.9, 1.3, 1.6):
        worker = _worker(database_url, tmp_path)
        time.sleep(delay)
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait(10)
    newest_killed = asyncio.run(_newest_worker(database_url))
    worker = _worker(database_url, tmp_path)
    try:
        asyncio.run(_until_there_are(database_url, tmp_path, 300))
        # The killed ones may have done all of it while this one was still starting, deaf to signals.
        end = time.monotonic() + PATIENCE_SECONDS
        while asyncio.run(_newest_worker(database_url)) == newest_killed:
            assert time.monotonic() < end, "the last worker never began"
            time.sleep(0.1)
    finally:
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(40) == 0


def _worker(database_url: str, folder: Path) -> "subprocess.Popen[bytes]":
    environment = {
        "DATABASE_URL": database_url,
        "POSTROOM_DATA": str(folder),
        "POSTROOM_ALLOW_NETWORKS": "127.0.0.0/8",
        "PATH": os.environ["PATH"],
    }
    return subprocess.Popen([sys.executable, "-m", "postroom.doors.main", "worker"], env=environment)


async def _newest_worker(database_url: str) -> int | None:
    """The number under which the job queue knows the worker that began last."""
    async with await psycopg.AsyncConnection.connect(database_url) as connection:
        row = await (await connection.execute("select max(id) from procrastinate_workers")).fetchone()
    return row[0] if row else None


async def _until_there_are(database_url: str, folder: Path, count: int) -> None:
    from postroom.doors.wiring import open_tools
    from postroom.ground.config import Config

    config = Config(data_folder=folder, blob_folder=folder / "blobs")
    async with open_tools(config, database_url) as tools:

        async def there() -> bool:
            async with tools.db.transaction() as tx:
                row = await (await tx.execute("select count(*), count(distinct subject) from emails")).fetchone()
            return row == (count, count)

        end = time.monotonic() + 90
        while not await there():
            assert time.monotonic() < end, "mail is missing or stuck"
            await asyncio.sleep(0.3)


async def test_a_transaction_that_was_given_up_is_told_without_alarm(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    """Two waited for each other, or the database is away: it is tried again, and nobody has made a mistake."""
    pair_jobs(office.tools)
    async with office.tools.db.transaction() as tx:
        await tx.execute(
            "create function give_up() returns trigger language plpgsql as"
            " $$ begin raise exception 'deadlock' using errcode = '40P01'; end $$"
        )
        await tx.execute(
            "create trigger give_up before delete on emails_to_index for each statement execute function give_up()"
        )
        await office.tools.jobs.defer(tx, jobs.INDEX_EMAILS, {"organization_id": office.organization_id})
    working = asyncio.create_task(run_jobs(office.tools))

    async def told() -> bool:
        return "the database broke a job off, which is tried again: DeadlockDetected" in caplog.text

    try:
        await until(told)
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
    assert not [line for line in caplog.records if line.name == "postroom.doors.worker.run" and line.exc_info]


async def test_what_keeps_an_account_waiting_is_logged_once(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    answers = iter(["no password", "no password", "", "no password", "no answer"])

    async def journey(tools: Tools, organization_id: str, account_id: str) -> None:
        if answer := next(answers):
            raise NeedsUser(answer, remedy=Remedy.PASSWORD)

    work = for_account(office.tools, jobs.REJUDGE, journey)
    for _ in range(5):
        await work(organization_id=office.organization_id, account_id="emailacct_1")
    said = [line.getMessage() for line in caplog.records if line.name == "postroom.doors.worker.run"]
    assert said == ["no password", "no password", "no answer"]

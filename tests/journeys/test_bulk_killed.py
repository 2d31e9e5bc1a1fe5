"""Worker and database killed (-9) twenty times while a batch goes out, counted at the server that takes the mail.

Whatever the moment, also between the final dot and its answer: nobody is left out, nobody gets it twice.
"""

import asyncio
import imaplib
import json
import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict
from pathlib import Path

import psycopg
import pytest

from postroom.ground.database import migrate
from postroom.ground.postgres import EmbeddedPostgres
from postroom.ground.postgres_cluster import find_postmaster
from postroom.journeys import bulk
from postroom.journeys.bulk import Order
from postroom.rooms.bulk.bulk_email import Audience
from tests.journeys.bulk_driver import Job
from tests.journeys.campaign import batch_row, crowd, reached, take_a_turn, template
from tests.journeys.office import Office, open_office
from tests.journeys.sending import Desk, open_desk
from tests.servers.dovecot import PASSWORD, DovecotServer
from tests.servers.smtp import Accepted

ROOT = Path(__file__).parent.parent.parent
RECIPIENTS = 3_000
KILLS = 20
SPEED = 300.0
"""The quarter of an hour after which an email that is not in Sent was surely not sent passes in three seconds."""
IN_HAND = 4
"""Two emails for each of the two connections to a mailbox provider."""

pytestmark = pytest.mark.timeout(900)


@pytest.fixture
def durable_server(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    """A database that keeps what it has promised when it is killed; started again by itself."""
    with EmbeddedPostgres(tmp_path / "postgres") as server:
        yield server


@pytest.fixture
async def desk(durable_server: EmbeddedPostgres, tmp_path: Path, mail_server: DovecotServer) -> AsyncIterator[Desk]:
    await migrate(durable_server.url())
    async with (
        open_office(durable_server.url(), tmp_path) as office,
        open_desk(office, mail_server, "bulkkilled") as made,
    ):
        yield made


class Provider:
    """Files what it takes in Sent before it answers, as Gmail does; can pull the plug on a worker right then.

    Over several connections at once, as the emails come: a folder that is filled slowly is no harder a test.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._here = threading.local()
        self.victim: asyncio.subprocess.Process | None = None
        desk.smtp.on_accepted = self._take

    async def _take(self, one: Accepted) -> None:
        await asyncio.to_thread(self._file, one.raw)
        victim, self.victim = self.victim, None
        if victim is not None and victim.returncode is None:
            victim.kill()

    def _file(self, raw: bytes) -> None:
        if not hasattr(self._here, "client"):
            self._here.client = imaplib.IMAP4(self._desk.mail.host, self._desk.mail.imap_port, timeout=30)
            self._here.client.login(self._desk.user, PASSWORD)
        status, answer = self._here.client.append("Sent", "\\Seen", None, raw)
        assert status == "OK", answer


async def test_nobody_is_lost_and_nobody_gets_it_twice(
    desk: Desk, durable_server: EmbeddedPostgres, tmp_path: Path
) -> None:
    provider, chance = Provider(desk), random.Random(20261122)
    desk.mail.deliver(desk.user, "Sent", b"Subject: the first\r\n\r\n")  # so that the folder is there
    await desk.set_account(files_own_sent=True, provider="mailgun")  # ten connections, a hundred emails in hand
    await crowd(desk, RECIPIENTS)
    order = Order(Audience(query="name:Company"), await template(desk), desk.address)
    bulk_id = await bulk.create(desk.tools, desk.asker, order)
    began = desk.clock.now.timestamp() - (time.time() - desk.clock.now.timestamp())
    job = Job(durable_server.url(), str(tmp_path), began, SPEED, desk.office.organization_id, desk.account_id, bulk_id)
    path = tmp_path / "job.json"
    path.write_text(json.dumps(asdict(job)))
    worker, spare = await start_worker(path), await start_worker(path)
    go(worker)
    for number in range(KILLS):
        before = len(desk.smtp.accepted)
        await until(lambda before=before: len(desk.smtp.accepted) > before + chance.randint(20, 90))
        match number % 3:
            case 0:  # in the gap between the final dot and its answer
                provider.victim = worker
                await asyncio.wait_for(worker.wait(), 90)
            case 1:
                await asyncio.sleep(chance.random() * 0.2)
                worker.kill()
                await worker.wait()
            case _:
                await asyncio.sleep(chance.random() * 0.2)
                await asyncio.to_thread(kill_database, durable_server)
                continue
        worker, spare = spare, await start_worker(path)
        go(worker)
    try:
        await until(lambda: is_done(durable_server, bulk_id), 400)
    finally:
        for process in (worker, spare):
            process.kill()
            await process.wait()
    times = Counter(reached(desk))
    assert [name for name, count in times.items() if count > 1] == []
    assert len(times) == RECIPIENTS
    with psycopg.connect(durable_server.url()) as connection:
        counted = connection.execute("select status, n_sent, n_failed, n_sending from bulk_emails").fetchall()
        settled = connection.execute("select count(*) from deliveries where log::text like '%found in the Sent%'")
        assert counted == [("done", RECIPIENTS, 0, 0)]
        assert settled.fetchone()[0] > 0  # type: ignore[index]


async def test_where_nothing_settles_it_only_those_in_hand_are_in_doubt(
    office: Office, mail_server: DovecotServer, database_url: str, tmp_path: Path
) -> None:
    """The account's provider files nothing by itself: what a crash leaves in doubt is not sent again, and says so."""
    async with open_desk(office, mail_server, "bulkdoubt") as desk:
        await crowd(desk, 60)
        order = Order(Audience(query="name:Company"), await template(desk), desk.address, send_done_email=False)
        bulk_id = await bulk.create(desk.tools, desk.asker, order)
        now = desk.clock.now.timestamp()
        job = Job(database_url, str(tmp_path), now, 0.0, desk.office.organization_id, desk.account_id, bulk_id)
        path = tmp_path / "job.json"
        path.write_text(json.dumps(asdict(job)))

        async def kill_at_thirty(one: Accepted) -> None:
            if len(desk.smtp.accepted) >= 30:
                worker.kill()

        desk.smtp.on_accepted = kill_at_thirty
        worker = await start_worker(path)
        go(worker)
        await asyncio.wait_for(worker.wait(), 90)
        desk.smtp.on_accepted = None
        for _ in range(3):
            await take_a_turn(desk)
            await desk.work_until_quiet()
        times = Counter(reached(desk))
        assert max(times.values()) == 1
        row = await batch_row(desk, bulk_id)
        assert (row["status"], row["n_sent"] + row["n_failed"]) == ("done", 60)
        assert 1 <= row["n_failed"] <= IN_HAND
        doubtful = await desk.office.rows("select detail from bulk_recipients where state = 'failed'")
        assert all("may have been sent" in detail for (detail,) in doubtful)
        assert 60 - len(times) <= row["n_failed"]


async def start_worker(path: Path) -> asyncio.subprocess.Process:
    """It loads what it needs while another works, and begins when it is told to: loading is no part of the test."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.journeys.bulk_driver", str(path), cwd=ROOT, stdin=asyncio.subprocess.PIPE,
        stderr=(path.parent / "worker.log").open("ab"),
    )  # fmt: skip


def go(worker: asyncio.subprocess.Process) -> None:
    assert worker.stdin is not None
    worker.stdin.write(b"go\n")


async def until(happened: object, seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while not (await asyncio.to_thread(happened)):  # type: ignore[arg-type]
            await asyncio.sleep(0.02 if seconds <= 60 else 0.2)


def kill_database(server: EmbeddedPostgres) -> None:
    """The server process dies; its children follow, and the embedded server starts it again."""
    found = find_postmaster(server.cluster)
    if found is not None:
        os.kill(found.pid, signal.SIGKILL)
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        try:
            psycopg.connect(server.url(), connect_timeout=10).close()
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise AssertionError("the database never came back")


def is_done(server: EmbeddedPostgres, bulk_id: str) -> bool:
    try:
        with psycopg.connect(server.url(), connect_timeout=5) as connection:
            row = connection.execute("select status from bulk_emails where id = %s", (bulk_id,)).fetchone()
    except psycopg.OperationalError:
        return False
    return row is not None and row[0] == "done"

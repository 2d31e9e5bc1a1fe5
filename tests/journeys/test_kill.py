"""Killed between every two steps: after the next run nothing is missing, doubled or stuck."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from postroom.doors.wiring import open_tools
from postroom.ground.config import LOOPBACK_NETWORKS, Config
from postroom.journeys import rejudge as rejudging
from postroom.journeys.archive import mark_done
from postroom.journeys.arrive import pull_history, pull_new
from postroom.journeys.audit import audit_account
from postroom.journeys.backfill import backfill
from postroom.journeys.connect import save_exclude_patterns
from postroom.journeys.settle import settle_placements
from postroom.journeys.steps import time_slice
from postroom.journeys.tools import Tools
from postroom.rooms.accounts.access import Asker
from postroom.rooms.mailbox.folder_store import accounts_with_history
from postroom.rooms.users.store import acting_user
from tests.journeys.killed import survives
from tests.journeys.office import Office, letter, open_office, plain
from tests.servers.dovecot import PASSWORD, DovecotServer

MOST_STEPS = 400

pytestmark = pytest.mark.timeout(900)


class House:
    """An organization with one mailbox, reached from plain (not async) tests, so that they can fork."""

    def __init__(self, url: str, folder: Path, server: DovecotServer) -> None:
        self.url, self.folder, self.server = url, folder, server
        self.user = f"anna-{uuid4().hex[:8]}"
        server.add_user(self.user)
        self.organization_id, self.account_id, self.lead_id = asyncio.run(self._found())

    async def _found(self) -> tuple[str, str, str]:
        async with open_office(self.url, self.folder) as office:
            anna = await office.user("anna@acme.example")
            account = await office.connect(anna, plain(self.server.imap_port, self.user), PASSWORD)
            return office.organization_id, account, await office.lead("Bolt", "bob@bolt.example")

    def deliver(self, raw: bytes, folder: str = "INBOX") -> None:
        self.server.deliver(self.user, folder, raw)

    def killed_everywhere(self, before: Callable[[int], None], work: Callable[[Tools], Awaitable[None]]) -> int:
        """Kill at step 1, 2, 3 … until the work survives, with a new cause for it before each; how many kills."""
        for step in range(1, MOST_STEPS):
            before(step)
            if survives(self.url, self.folder, work, step):
                return step - 1
        raise AssertionError("the work never ends")

    def run(self, work: Callable[[Tools], Awaitable[object]]) -> object:
        async def in_tools() -> object:
            async with open_tools(config_of(self.folder), self.url) as tools:
                return await work(tools)

        return asyncio.run(in_tools())

    def rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        async def read(tools: Tools) -> object:
            async with tools.db.transaction() as tx:
                return await (await tx.execute(query.encode(), values)).fetchall()

        return self.run(read)  # type: ignore[return-value]

    async def pull(self, tools: Tools) -> None:
        await pull_new(tools, self.organization_id, self.account_id)
        while await self._has_history(tools):
            await pull_history(tools, self.organization_id, self.account_id)

    async def _has_history(self, tools: Tools) -> bool:
        async with tools.db.transaction() as tx:
            return (self.organization_id, self.account_id) in await accounts_with_history(tx)

    def check(self) -> None:
        """Every folder adds up, and no message stands twice on a lead."""

        async def audit(tools: Tools) -> object:
            return await audit_account(tools, self.organization_id, self.account_id)

        for folder in self.run(audit):  # type: ignore[attr-defined]
            assert folder.adds_up, folder
            assert not any(folder.differences.values()), folder
        assert not self.rows("select 1 from emails group by lead_id, message_ids having count(*) > 1")
        assert not self.rows(
            "select 1 from email_threads t where n_emails <> (select count(*) from emails e where e.thread_id = t.id)"
        )
        assert not self.rows(
            "select 1 from emails e where not exists (select 1 from email_threads t where t.id = e.thread_id)"
        )
        assert not self.rows(
            "select 1 from leads l where num_emails <> (select count(*) from emails e where e.lead_id = l.id)"
        )


def config_of(folder: Path) -> Config:
    return Config(data_folder=folder, blob_folder=folder / "blobs", allow_networks=LOOPBACK_NETWORKS)


def test_new_mail_survives_a_kill_at_every_step(database_url: str, tmp_path: Path, mail_server: DovecotServer) -> None:
    house = House(database_url, tmp_path, mail_server)
    house.run(house.pull)
    delivered = []

    def more_mail(step: int) -> None:
        house.deliver(letter("bob@bolt.example", "anna@acme.example", f"Offer {step}"))
        house.deliver(letter("eve@else.example", "anna@acme.example", f"Noise {step}"))
        delivered.append(f"Offer {step}")

    kills = house.killed_everywhere(more_mail, house.pull)
    assert kills > 15
    house.run(house.pull)
    found = [row[0] for row in house.rows("select subject from emails order by date_created, subject")]
    assert sorted(map(str, found)) == sorted(delivered)
    items = house.rows("select count(*) from inbox_items where not is_done")
    assert items == [(len(delivered),)]
    house.check()


def test_the_first_pull_survives_a_kill_at_every_step(
    database_url: str, tmp_path: Path, mail_server: DovecotServer
) -> None:
    house = House(database_url, tmp_path, mail_server)
    for number in range(12):
        house.deliver(letter("bob@bolt.example", "anna@acme.example", f"Old {number}", days_ago=40 + number))
        house.deliver(letter("anna@acme.example", "bob@bolt.example", f"Sent {number}", days_ago=20 + number), "Sent")
    kills = house.killed_everywhere(lambda step: None, house.pull)
    assert kills > 25
    house.run(house.pull)
    assert house.rows("select count(*) from emails") == [(24,)]
    house.check()


def test_a_backfill_survives_a_kill_at_every_step(
    database_url: str, tmp_path: Path, mail_server: DovecotServer
) -> None:
    house = House(database_url, tmp_path, mail_server)
    for number in range(6):
        house.deliver(letter("late@bolt.example", "anna@acme.example", f"Past {number}", days_ago=number))
    house.run(house.pull)

    async def add_contact(tools: Tools) -> None:
        async with open_office_again(tools, house) as office:
            await office.lead("Late", "late@bolt.example")

    async def work(tools: Tools) -> None:
        await backfill(tools, house.organization_id, house.account_id)

    house.run(add_contact)
    kills = house.killed_everywhere(lambda step: None, work)
    assert kills > 10
    assert house.rows("select count(*) from emails") == [(6,)]
    assert house.rows("select count(*) from backfills") == [(0,)]
    assert house.rows("select count(*) from inbox_items") == [(0,)]
    house.check()


def test_done_survives_a_kill_at_every_step(database_url: str, tmp_path: Path, mail_server: DovecotServer) -> None:
    house = House(database_url, tmp_path, mail_server)
    house.run(house.pull)
    asker = house.run(house_asker(house))

    def one_more(step: int) -> None:
        house.deliver(letter("bob@bolt.example", "anna@acme.example", f"To be done {step}"))
        house.run(house.pull)

    async def press_and_settle(tools: Tools) -> None:
        async with tools.db.transaction() as tx:
            rows = await (await tx.execute("select id from inbox_items where not is_done")).fetchall()
        await mark_done(tools, asker, [row[0] for row in rows])  # type: ignore[arg-type]
        await settle_placements(tools, house.organization_id, house.account_id)
        await pull_new(tools, house.organization_id, house.account_id)

    kills = house.killed_everywhere(one_more, press_and_settle)
    assert kills > 15
    house.run(press_and_settle)
    house.run(lambda tools: settle_placements(tools, house.organization_id, house.account_id))
    house.run(house.pull)
    assert house.rows("select count(*) from inbox_items where not is_done") == [(0,)]
    assert house.rows("select count(*) from placements where needs_push or crm_inbox or mailbox_inbox") == [(0,)]
    client = mail_server.client(house.user)
    assert client.select("INBOX")[1] == [b"0"]
    assert client.select("Archive")[1] == [str(kills + 1).encode()]
    house.check()


def house_asker(house: House) -> Callable[[Tools], Awaitable[object]]:
    async def read(tools: Tools) -> object:
        async with tools.db.transaction() as tx:
            row = await (await tx.execute("select id from users where email = 'anna@acme.example'")).fetchone()
        assert row is not None
        return Asker(house.organization_id, row[0])

    return read


@asynccontextmanager
async def open_office_again(tools: Tools, house: House) -> AsyncIterator[Office]:
    async with tools.db.transaction() as tx:
        row = await (await tx.execute("select id from users where email = 'admin@acme.example'")).fetchone()
    assert row is not None
    async with tools.db.transaction() as tx:
        admin = await acting_user(tx, house.organization_id, row[0])
    yield Office(tools, house.organization_id, admin)


def test_a_rule_change_survives_a_kill_at_every_step(
    database_url: str, tmp_path: Path, mail_server: DovecotServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages of one message, each a slice; the pattern comes and goes, so that every run has something to do."""
    monkeypatch.setattr(rejudging, "BATCH", 1)
    monkeypatch.setattr(time_slice, "SLICE_SECONDS", -1.0)
    monkeypatch.setattr(time_slice, "LONGEST_SLICE_SECONDS", -1.0)
    house = House(database_url, tmp_path, mail_server)
    for number in range(2):
        house.deliver(letter("bob@bolt.example", "anna@acme.example", f"Mail {number}"))
    house.run(house.pull)
    ((user_id,),) = house.rows("select user_id from connected_accounts")
    anna = Asker(house.organization_id, str(user_id), "user")

    def change_rule(step: int) -> None:
        patterns = ["*@bolt.example"] if step % 2 else []
        house.run(lambda tools: save_exclude_patterns(tools, anna, house.account_id, patterns))

    async def work(tools: Tools) -> None:
        for _ in range(20):
            await rejudging.rejudge(tools, house.organization_id, house.account_id)

    assert house.killed_everywhere(change_rule, work) > 10
    change_rule(1)
    house.run(work)
    assert house.rows("select 1 from emails") == []
    change_rule(2)
    house.run(work)
    assert len(house.rows("select 1 from emails")) == 2
    assert house.rows("select num_emails from leads") == [(2,)]
    house.check()

"""What the page tells of an account that is being read: how far it is, what it left out, which folders it reads."""

import pytest

from postroom.journeys import arrive, jobs
from postroom.journeys.arrive import pull_history, pull_new
from postroom.journeys.steps import time_slice
from postroom.rooms.mailbox.folder_store import choose_folder
from postroom.views.sync_status import SyncStatus, sync_history, sync_status
from tests.journeys.desk import Desk
from tests.journeys.office import letter


async def status(desk: Desk) -> SyncStatus:
    tools, organization_id = desk.office.tools, desk.office.organization_id
    async with tools.db.transaction() as tx:
        return await sync_status(tx, organization_id, desk.account_id, tools.clock())


async def test_a_first_sync_tells_how_far_it_is_until_it_is_done(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrive, "BATCH", 4)
    monkeypatch.setattr(time_slice, "SLICE_SECONDS", 0.0)
    monkeypatch.setattr(time_slice, "LONGEST_SLICE_SECONDS", 0.0)
    await desk.office.lead("Bolt", "bob@bolt.example")
    for number in range(9):
        desk.deliver(letter("bob@bolt.example", "anna@acme.example", f"Mail {number}", days_ago=number))
    desk.deliver(letter("stranger@else.example", "anna@acme.example", "Unknown", days_ago=20))
    assert (await status(desk)).state == "first_sync"
    await pull_new(desk.office.tools, desk.office.organization_id, desk.account_id)
    await pull_history(desk.office.tools, desk.office.organization_id, desk.account_id)
    under_way = await status(desk)
    assert under_way.state == "first_sync"
    assert under_way.progress is not None
    assert 0 < under_way.progress.done < under_way.progress.total == 10
    assert under_way.progress.done == under_way.emails_seen
    assert under_way.progress.seconds_left
    await desk.pull()
    done = await status(desk)
    assert (done.state, done.progress) == ("ok", None)
    assert (done.emails_seen, done.emails_kept, dict(done.emails_left_out)) == (10, 9, {"no_contact": 1})
    assert done.last_sync is not None


async def test_history_goes_on_while_nothing_waits_that_goes_before_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrive, "BATCH", 4)
    monkeypatch.setattr(time_slice, "SLICE_SECONDS", 0.0)
    tools, ids = desk.office.tools, (desk.office.organization_id, desk.account_id)
    for number in range(13):
        desk.deliver(letter("stranger@else.example", "anna@acme.example", f"Mail {number}", days_ago=number))
    await pull_new(tools, *ids)
    await desk.office.rows("delete from procrastinate_jobs returning id")
    async with tools.db.transaction() as tx:
        await tools.jobs.defer(tx, jobs.PULL_NEW, {"organization_id": ids[0], "account_id": ids[1]})
    await pull_history(tools, *ids)
    assert (await status(desk)).emails_seen == 4
    await desk.office.rows("delete from procrastinate_jobs returning id")
    await pull_history(tools, *ids)
    assert (await status(desk)).emails_seen == 13


async def test_the_history_counts_what_each_pull_brought(desk: Desk) -> None:
    await desk.office.lead("Bolt", "bob@bolt.example")
    desk.deliver(letter("bob@bolt.example", "anna@acme.example", "One", days_ago=1))
    desk.deliver(letter("stranger@else.example", "anna@acme.example", "Unknown", days_ago=2))
    await desk.pull()
    async with desk.office.tools.db.transaction() as tx:
        lines = await sync_history(tx, desk.office.organization_id, desk.account_id, skip=0, limit=10)
    assert (sum(line.seen for line in lines), sum(line.kept for line in lines)) == (2, 1)
    assert {(line.failed, line.result) for line in lines} == {(0, "success")}


async def test_a_folder_is_read_once_it_is_chosen_and_no_longer_once_it_is_not(desk: Desk) -> None:
    lead = await desk.office.lead("Bolt", "bob@bolt.example")
    desk.deliver(letter("bob@bolt.example", "anna@acme.example", "First", days_ago=3), "Projects")
    await desk.pull()
    await choose(desk, "Projects", is_synced=False)
    desk.deliver(letter("bob@bolt.example", "anna@acme.example", "Second", days_ago=2), "Projects")
    await desk.pull()
    assert await desk.office.subjects(lead) == ["First"], "what was logged stays, what comes is left alone"
    await choose(desk, "Projects", is_synced=True)
    await desk.pull()
    assert await desk.office.subjects(lead) == ["First", "Second"]


async def choose(desk: Desk, name: str, *, is_synced: bool) -> None:
    (folder,) = [one for one in (await status(desk)).folders if one.name == name]
    async with desk.office.tools.db.transaction() as tx:
        assert await choose_folder(tx, desk.office.organization_id, desk.account_id, folder.id, is_synced)

"""A rule change over much mail is worked off in slices: it gives way and goes on where it stopped."""

import imaplib
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from postroom.journeys import connect, jobs
from postroom.journeys import rejudge as journey
from postroom.journeys.connect import AccountEdit
from postroom.journeys.rejudge import rejudge
from postroom.journeys.steps import time_slice
from postroom.rooms.accounts import store
from tests.journeys.desk import Desk
from tests.journeys.office import letter

LOST = "select subject from emails where thread_id not in (select id from email_threads)"
ANNA, BOB, MACHINE = "anna@acme.example", "bob@bolt.example", "noreply@bolt.example"


@pytest.fixture
def two_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slice is one page of two messages where something more urgent waits, and as long as it takes where not."""
    monkeypatch.setattr(journey, "BATCH", 2)
    monkeypatch.setattr(time_slice, "SLICE_SECONDS", -1.0)
    monkeypatch.setattr(time_slice, "LONGEST_SLICE_SECONDS", 600.0)


async def logged(desk: Desk) -> str:
    """Six messages of a machine and one of a person, all on the lead; nothing waits in the queue."""
    lead = await desk.office.lead("Bolt", BOB, MACHINE)
    for number in range(6):
        desk.deliver(letter(MACHINE, ANNA, f"Machine {number}"))
    desk.deliver(letter(BOB, ANNA, "Person"))
    await desk.pull()
    await desk.office.rows("delete from procrastinate_jobs returning id")
    return lead


async def exclude(desk: Desk, *patterns: str) -> None:
    asker = desk.office.asker(desk.user)
    await connect.save_exclude_patterns(desk.office.tools, asker, desk.account_id, list(patterns))


async def one_slice(desk: Desk) -> None:
    await rejudge(desk.office.tools, desk.office.organization_id, desk.account_id)


async def urgent(desk: Desk) -> None:
    """New mail waits for the account's connection."""
    payload = {"organization_id": desk.office.organization_id, "account_id": desk.account_id}
    async with desk.office.tools.db.transaction() as tx:
        await desk.office.tools.jobs.defer(tx, jobs.PULL_NEW, payload)


async def until(desk: Desk, is_so: Callable[[list[str]], bool], lead: str) -> int:
    """How many slices it took."""
    for count in range(1, 30):
        await one_slice(desk)
        if is_so(await desk.office.subjects(lead)) and not await desk.office.rows("select 1 from rejudgements"):
            return count
    raise AssertionError("it never ends")


async def settings(desk: Desk, **changed: Any) -> None:
    async with desk.office.tools.db.transaction() as tx:
        account = await store.get(tx, desk.office.organization_id, desk.account_id)
    edit = AccountEdit(replace(account.settings, **changed))
    await connect.update_account(desk.office.tools, desk.office.asker(desk.user), desk.account_id, edit)


@pytest.mark.usefixtures("two_at_once")
async def test_mail_is_taken_off_in_slices_that_give_way_and_go_on_where_they_stopped(desk: Desk) -> None:
    lead = await logged(desk)
    await exclude(desk, "noreply@*")
    await desk.office.rows("delete from procrastinate_jobs returning id")
    await urgent(desk)
    await one_slice(desk)
    assert len(await desk.office.subjects(lead)) == 6, "of the first page one was the machine's"
    assert await desk.office.rows("select 1 from procrastinate_jobs where task_name = 'rejudge'"), (
        "the rest is asked for"
    )
    ((below,),) = await desk.office.rows("select below_uid from rejudgements where verdict = 1")
    await one_slice(desk)
    assert await desk.office.rows("select below_uid from rejudgements where verdict = 1") == [(below - 2,)]
    assert len(await desk.office.subjects(lead)) == 4
    await until(desk, lambda subjects: subjects == ["Person"], lead)
    assert await desk.adds_up()


@pytest.mark.usefixtures("two_at_once")
async def test_where_nothing_waits_it_goes_on(desk: Desk) -> None:
    lead = await logged(desk)
    await exclude(desk, "noreply@*")
    await desk.office.rows("delete from procrastinate_jobs returning id")
    assert await until(desk, lambda subjects: subjects == ["Person"], lead) == 1
    assert await desk.adds_up()


@pytest.mark.usefixtures("two_at_once")
async def test_a_rule_changed_back_in_the_middle_brings_all_again(desk: Desk) -> None:
    lead = await logged(desk)
    await exclude(desk, "noreply@*")
    await urgent(desk)
    await one_slice(desk)
    await exclude(desk)
    await until(desk, lambda subjects: len(subjects) == 7, lead)
    assert await desk.office.rows("select num_emails from leads") == [(7,)]
    assert await desk.office.rows(LOST) == [], "what came back stands in threads"
    assert await desk.adds_up()


@pytest.mark.usefixtures("two_at_once")
async def test_a_shorter_history_is_worked_off_in_slices_too(desk: Desk) -> None:
    lead = await desk.office.lead("Bolt", BOB)
    for number in range(5):
        received = imaplib.Time2Internaldate(time.time() - 100 * 86_400)
        desk.client().append("INBOX", "", received, letter(BOB, ANNA, f"Old {number}", days_ago=100))
    desk.deliver(letter(BOB, ANNA, "New"))
    await desk.pull()
    await settings(desk, history_from=desk.office.tools.clock() - timedelta(days=30))
    await urgent(desk)
    await one_slice(desk)
    assert len(await desk.office.subjects(lead)) == 4
    assert await until(desk, lambda subjects: subjects == ["New"], lead) > 1
    assert await desk.adds_up()
    await settings(desk, history_from=None)
    await until(desk, lambda subjects: len(subjects) == 6, lead)
    assert await desk.adds_up()


async def test_what_was_asked_while_the_account_was_switched_off_is_done_when_it_is_on_again(desk: Desk) -> None:
    lead = await logged(desk)
    await exclude(desk, "noreply@*")
    await until(desk, lambda subjects: subjects == ["Person"], lead)
    await settings(desk, is_active=False)
    await exclude(desk)
    await one_slice(desk)
    assert await desk.office.subjects(lead) == ["Person"], "its mail server is not asked"
    assert not await desk.office.rows(
        "select 1 from procrastinate_jobs where task_name = 'rejudge' and status = 'doing'"
    )
    await settings(desk, is_active=True)
    await until(desk, lambda subjects: len(subjects) == 7, lead)
    assert await desk.adds_up()

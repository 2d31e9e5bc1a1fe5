"""J5: the past mail of new contacts comes in slices, and what waits is never forgotten."""

import pytest

from postroom.journeys import backfill as journey
from postroom.journeys.steps import time_slice
from tests.journeys.desk import Desk
from tests.journeys.office import letter


async def waiting(desk: Desk) -> int:
    ((count,),) = await desk.office.rows("select count(*) from backfills")
    return int(count)


async def asked_again(desk: Desk) -> bool:
    return bool(await desk.office.rows("select 1 from procrastinate_jobs where task_name = 'backfill'"))


async def test_a_long_backfill_lets_new_mail_have_its_turn(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """An import brings thousands of addresses at once; all the while the account's one connection would be taken."""
    monkeypatch.setattr(time_slice, "SLICE_SECONDS", 0.0)
    monkeypatch.setattr(time_slice, "LONGEST_SLICE_SECONDS", 0.0)
    people = [f"p{number}@bolt.example" for number in range(journey.ADDRESSES_AT_ONCE + 5)]
    for number in (0, len(people) - 1):
        desk.deliver(letter(people[number], "anna@acme.example", f"Past {number}", days_ago=9 - number / 10))
    await desk.pull()
    lead = await desk.office.lead("Bolt", *people)
    async with desk.office.tools.db.transaction() as tx:
        await tx.execute("delete from procrastinate_jobs")
    await desk.office.backfill(desk.account_id)
    assert await waiting(desk) == 5
    assert await asked_again(desk), "the rest is asked for by itself"
    await desk.office.backfill(desk.account_id)
    assert await waiting(desk) == 0
    assert await desk.office.subjects(lead) == ["Past 0", f"Past {len(people) - 1}"]
    assert await desk.adds_up()


async def test_a_contact_made_while_an_account_is_switched_off_finds_its_past_later(desk: Desk) -> None:
    desk.deliver(letter("late@bolt.example", "anna@acme.example", "Past", days_ago=3))
    await desk.pull()
    await switch(desk, on=False)
    lead = await desk.office.lead("Late", "late@bolt.example")
    await desk.office.backfill(desk.account_id)
    assert await desk.office.subjects(lead) == []
    await switch(desk, on=True)
    await desk.office.backfill(desk.account_id)
    assert await desk.office.subjects(lead) == ["Past"]
    assert await waiting(desk) == 0


async def switch(desk: Desk, *, on: bool) -> None:
    async with desk.office.tools.db.transaction() as tx:
        await tx.execute("update connected_accounts set sync_enabled = %s where id = %s", (on, desk.account_id))

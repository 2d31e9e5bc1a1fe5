"""A bulk email is cancelled while it goes out: nothing of it is tried again, and nobody waits for anybody in a ring."""

import asyncio
from collections.abc import AsyncIterator
from itertools import count

import pytest

from postroom.journeys import bulk
from postroom.rooms.leads import activity_store
from tests.journeys.campaign import batch_row, begin, crowd, reached, states, take_a_turn, template
from tests.journeys.office import Office
from tests.journeys.sending import Desk, open_desk
from tests.servers import smtp_faults as faults
from tests.servers.dovecot import DovecotServer
from tests.servers.smtp import Accepted

_users = count(1)


@pytest.fixture
async def desk(office: Office, mail_server: DovecotServer) -> AsyncIterator[Desk]:
    async with open_desk(office, mail_server, f"canceller{next(_users)}") as made:
        yield made


async def test_what_is_put_off_after_a_cancel_is_not_tried_again(desk: Desk) -> None:
    await crowd(desk, 6)
    bulk_id = await begin(desk, await template(desk))
    desk.smtp.faults.add(faults.reply(451, "4.7.1 Greylisted, come back later"), on="RCPT", nth=2, times=2)

    async def cancel_at_once(one: Accepted) -> None:
        desk.smtp.on_accepted = None
        await bulk.cancel(desk.tools, desk.asker, bulk_id)

    desk.smtp.on_accepted = cancel_at_once
    await take_a_turn(desk)
    await desk.work_until_quiet()
    sent = [name for name, state in (await states(desk, bulk_id)).items() if state == ("sent", "")]
    assert reached(desk) == sorted(sent)
    row = await batch_row(desk, bulk_id)
    assert (row["status"], row["n_sent"] + row["n_cancelled"]) == ("cancelled", 6)
    assert row["n_cancelled"] >= 2
    assert (await desk.office.rows("select sum(num_emails) from leads"))[0][0] == row["n_sent"]


async def test_a_cancel_waits_for_a_lead_without_holding_what_its_holder_wants_next(desk: Desk) -> None:
    await crowd(desk, 3)
    desk.smtp.faults.add(faults.reply(451, "4.7.1 Greylisted, come back later"), on="RCPT", times=3)
    bulk_id = await begin(desk, await template(desk))
    await take_a_turn(desk)
    org = desk.office.organization_id
    leads = [row[0] for row in await desk.office.rows("select lead_id from emails where bulk_email_id = %s", bulk_id)]
    async with desk.tools.db.transaction() as tx:
        await activity_store.lock_leads(tx, org, leads)  # as whoever writes down what came of an email
        cancelling = asyncio.create_task(bulk.cancel(desk.tools, desk.asker, bulk_id))
        while not await desk.office.rows(
            "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
        ):
            assert not cancelling.done()
            await asyncio.sleep(0.01)
        for table in ("deliveries", "emails"):
            await tx.execute(f"select 1 from {table} where bulk_email_id = %s for update nowait".encode(), (bulk_id,))
    await cancelling
    assert (await batch_row(desk, bulk_id))["n_cancelled"] == 3


async def test_cancel_and_many_written_answers_at_once_all_come_to_an_end(desk: Desk) -> None:
    await crowd(desk, 40)
    first, second = [await begin(desk, await template(desk, name=name)) for name in ("News", "More")]
    desk.smtp.faults.add(faults.reply(451, "4.7.1 Greylisted, come back later"), on="RCPT", nth=5, times=30)

    async def cancel_soon(bulk_id: str) -> None:
        while not desk.smtp.accepted:
            await asyncio.sleep(0.001)
        await bulk.cancel(desk.tools, desk.asker, bulk_id)

    await asyncio.gather(take_a_turn(desk), cancel_soon(first), cancel_soon(second))
    await desk.work_until_quiet()
    for bulk_id in (first, second):
        row = await batch_row(desk, bulk_id)
        assert (row["status"], row["n_sent"] + row["n_cancelled"]) == ("cancelled", 40)
    assert await desk.office.rows("select count(*) from deliveries where state = 'waiting'") == [(0,)]

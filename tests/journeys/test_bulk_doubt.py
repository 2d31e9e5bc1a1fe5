"""Emails that may have been sent: a person says whether they go out again, or stand as sent."""

from collections import Counter
from collections.abc import AsyncIterator
from itertools import count

import pytest

from postroom.ground.errors import Conflict, Forbidden
from postroom.journeys import bulk, bulk_doubt
from postroom.rooms.accounts.access import Asker
from tests.journeys.campaign import batch_row, begin, crowd, reached, states, take_a_turn, template
from tests.journeys.office import Office
from tests.journeys.sending import Desk, open_desk
from tests.servers import smtp_faults as faults
from tests.servers.dovecot import DovecotServer

_users = count(1)


@pytest.fixture
async def desk(office: Office, mail_server: DovecotServer) -> AsyncIterator[Desk]:
    async with open_desk(office, mail_server, f"doubt{next(_users)}") as made:
        yield made


async def in_doubt(desk: Desk) -> str:
    """A batch to five people that is done, with one email of which nobody knows; its id."""
    await crowd(desk, 5)
    desk.smtp.faults.add(faults.accept_then_drop(), on="BODY", nth=3)
    bulk_id = await begin(desk, await template(desk))
    for _ in range(8):
        await take_a_turn(desk)
        await desk.work_until_quiet()
    row = await batch_row(desk, bulk_id)
    assert (row["status"], row["n_sent"], row["n_failed"]) == ("done", 4, 1)
    assert [state for state in (await states(desk, bulk_id)).values() if state[0] == "failed"] == [
        ("failed", "in_doubt")
    ]
    return bulk_id


async def test_sent_again_it_goes_out_once_more_under_the_same_id(desk: Desk) -> None:
    bulk_id = await in_doubt(desk)
    await bulk_doubt.send_again(desk.tools, desk.asker, bulk_id)
    row = await batch_row(desk, bulk_id)
    assert (row["status"], row["n_failed"], row["n_sending"]) == ("processing", 0, 1)
    await desk.work_until_quiet()
    await take_a_turn(desk)
    row = await batch_row(desk, bulk_id)
    assert (row["status"], row["n_sent"], row["n_failed"]) == ("done", 5, 0)
    assert sorted(Counter(reached(desk)).values()) == [1, 1, 1, 1, 2]
    ids = {(b"Message-ID" in one.raw, one.raw.partition(b"Message-ID:")[2].split()[0]) for one in desk.smtp.accepted}
    told = [one for one in desk.smtp.accepted if one.recipients == [desk.address]]
    assert len(told) == 1 and len(ids) == 5 + len(told)
    assert await desk.office.rows("select status from emails group by 1") == [("sent",)]


async def test_counted_as_sent_it_stands_as_sent_and_nothing_goes_out(desk: Desk) -> None:
    bulk_id = await in_doubt(desk)
    before = len(desk.smtp.accepted)
    await bulk_doubt.count_as_sent(desk.tools, desk.asker, bulk_id)
    await desk.work_until_quiet()
    await take_a_turn(desk)
    row = await batch_row(desk, bulk_id)
    assert (row["status"], row["n_sent"], row["n_failed"], row["n_sending"]) == ("done", 5, 0, 0)
    assert len(desk.smtp.accepted) == before
    assert await desk.office.rows("select status, date_sent is not null from emails group by 1, 2") == [("sent", True)]


async def test_what_was_decided_is_decided(desk: Desk) -> None:
    bulk_id = await in_doubt(desk)
    await bulk_doubt.count_as_sent(desk.tools, desk.asker, bulk_id)
    for decide in (bulk_doubt.count_as_sent, bulk_doubt.send_again):
        with pytest.raises(Conflict):
            await decide(desk.tools, desk.asker, bulk_id)


async def test_who_sent_it_again_from_the_lead_is_not_asked_twice(desk: Desk) -> None:
    """The email itself was sent again meanwhile: the ledger follows it, and it goes out no third time."""
    bulk_id = await in_doubt(desk)
    email = (await desk.office.rows("select email_id from bulk_recipients where reason = 'in_doubt'"))[0][0]
    await desk.become(email, "outbox")
    await desk.deliver()
    before = len(desk.smtp.accepted)
    await bulk_doubt.send_again(desk.tools, desk.asker, bulk_id)
    await desk.work_until_quiet()
    await take_a_turn(desk)
    assert len(desk.smtp.accepted) == before
    assert (await batch_row(desk, bulk_id))["n_sent"] == 5


async def test_only_its_owner_and_admins_decide(desk: Desk) -> None:
    bulk_id = await in_doubt(desk)
    other = Asker(desk.office.organization_id, "user_other")
    with pytest.raises(Forbidden):
        await bulk_doubt.send_again(desk.tools, other, bulk_id)


async def test_a_cancelled_batch_sends_nothing_again(desk: Desk) -> None:
    await crowd(desk, 5)
    bulk_id = await begin(desk, await template(desk))
    await bulk.cancel(desk.tools, desk.asker, bulk_id)
    with pytest.raises(Conflict):
        await bulk_doubt.send_again(desk.tools, desk.asker, bulk_id)

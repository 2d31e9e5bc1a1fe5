"""Sending meets trouble: refused, cut off, locked out; nobody is forgotten and nobody gets it twice."""

from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import count

import pytest

from postroom.ground.errors import Conflict, NeedsUser, Temporary
from postroom.rooms.emails import delivery_store
from tests.journeys.office import Office
from tests.journeys.sending import BOB, CARL, Desk, open_desk
from tests.servers import smtp_faults as faults
from tests.servers.dovecot import DovecotServer
from tests.servers.smtp import Accepted

_users = count(1)


@pytest.fixture
async def desk(office: Office, mail_server: DovecotServer) -> AsyncIterator[Desk]:
    async with open_desk(office, mail_server, f"trouble{next(_users)}") as made:
        yield made


async def test_a_refused_email_is_an_error_with_the_servers_words_and_stops_no_other(desk: Desk) -> None:
    desk.smtp.refuse(BOB, 550, "5.1.1 User unknown")
    refused = await desk.write(to=(BOB,))
    sent = await desk.write(to=(CARL,))
    await desk.deliver()
    assert (await desk.email(refused))["status"] == "error"
    assert "User unknown" in (await desk.delivery(refused))["error"]
    assert (await desk.email(sent))["status"] == "sent"


async def test_an_error_can_be_corrected_and_sent(desk: Desk) -> None:
    desk.smtp.refuse(BOB, 550, "5.1.1 User unknown")
    email_id = await desk.write()
    await desk.deliver()
    await desk.become(email_id, "draft", to=(CARL,))
    await desk.become(email_id, "outbox")
    await desk.deliver()
    assert (await desk.email(email_id))["status"] == "sent"
    assert desk.smtp.accepted[0].recipients == [CARL]


@pytest.mark.parametrize(
    ("said", "remedy"),
    [(faults.MICROSOFT_SMTP_AUTH_OFF, "smtp_auth"), ((535, "5.7.8 Error: authentication failed"), "password")],
)
async def test_the_accounts_fault_leaves_mail_in_the_outbox_until_reconnected(
    desk: Desk, said: tuple[int, str], remedy: str
) -> None:
    fault = desk.smtp.faults.add(faults.reply(*said), on="AUTH", times=faults.FOREVER)
    first, second = await desk.write(), await desk.write()
    error = await desk.deliver()
    assert isinstance(error, NeedsUser)
    account = await desk.account()
    assert (account["send_status"], account["send_remedy"], account["receive_status"]) == ("error", remedy, "ok")
    assert str(said[0]) in account["send_error"]
    for email_id in (first, second):
        assert (await desk.email(email_id))["status"] == "outbox"
        assert (await desk.delivery(email_id))["error"] == account["send_error"]
    tries = fault.struck
    await desk.work_until_quiet()  # nothing is tried while a person must act
    assert fault.struck == tries
    desk.smtp.faults.clear()
    await desk.set_account(send_status="ok", send_error="", send_remedy="")
    assert await desk.deliver() is None
    assert len(desk.smtp.accepted) == 2


async def test_the_accounts_fault_in_the_middle_stops_the_run_and_loses_nothing(desk: Desk) -> None:
    emails = [await desk.write(subject=f"number {number}") for number in range(3)]
    desk.smtp.faults.add(faults.reply(*faults.GMAIL_DAILY_LIMIT), on="BODY", nth=2)
    error = await desk.deliver()
    assert isinstance(error, Temporary)
    assert [(await desk.email(one))["status"] for one in emails] == ["sent", "outbox", "outbox"]
    assert "daily limit" in (await desk.delivery(emails[1]))["error"]
    assert (await desk.account())["send_status"] == "ok"
    await desk.work_until_quiet()
    assert len(desk.smtp.accepted) == 3


async def test_a_server_out_of_reach_delays_and_loses_nothing(desk: Desk) -> None:
    desk.smtp.faults.add(faults.drop(), on="CONNECT", times=3)
    emails = [await desk.write(subject=f"number {number}") for number in range(2)]
    assert isinstance(await desk.deliver(), Temporary)
    await desk.work_until_quiet()
    assert [(await desk.email(one))["status"] for one in emails] == ["sent", "sent"]
    assert len(desk.smtp.accepted) == 2


async def test_a_connection_lost_before_the_dot_is_tried_again_soon(desk: Desk) -> None:
    desk.smtp.faults.add(faults.drop(), on="DATA")
    email_id = await desk.write()
    other = await desk.write(to=(CARL,))
    assert await desk.deliver() is None
    assert (await desk.email(other))["status"] == "sent"
    assert (await desk.delivery(email_id))["state"] == "waiting"
    desk.clock.forward(minutes=1)
    await desk.deliver()
    assert (await desk.email(email_id))["status"] == "sent"
    assert len(desk.smtp.accepted) == 2


async def test_lost_after_the_dot_and_found_in_sent_is_sent(desk: Desk) -> None:
    desk.provider_files_its_own()
    desk.smtp.faults.add(faults.accept_then_drop(), on="BODY")
    email_id = await desk.write()
    await desk.deliver()
    assert (await desk.delivery(email_id))["state"] == "unknown"
    assert (await desk.email(email_id))["status"] == "outbox"
    with pytest.raises(Conflict):
        await desk.become(email_id, "draft")
    await desk.work_until_quiet()
    assert (await desk.email(email_id))["status"] == "sent"
    assert (len(desk.smtp.accepted), len(desk.in_sent())) == (1, 1)


async def test_lost_after_the_dot_and_absent_goes_again_where_the_provider_files_by_itself(desk: Desk) -> None:
    desk.provider_files_its_own()
    await desk.set_account(files_own_sent=True)
    desk.smtp.faults.add(faults.drop(), on="BODY")
    email_id = await desk.write()
    await desk.deliver()
    await desk.settle()
    desk.clock.forward(minutes=2)
    await desk.settle()
    assert (await desk.delivery(email_id))["state"] == "unknown"  # looked twice, and the last look is still to come
    await desk.work_until_quiet()
    assert (await desk.email(email_id))["status"] == "sent"
    assert (len(desk.smtp.accepted), len(desk.in_sent())) == (1, 1)


async def test_lost_after_the_dot_and_absent_elsewhere_is_for_a_person_to_decide(desk: Desk) -> None:
    desk.smtp.faults.add(faults.accept_then_drop(), on="BODY")
    email_id = await desk.write()
    await desk.deliver()
    await desk.work_until_quiet()
    assert (await desk.email(email_id))["status"] == "error"
    assert "may have been sent" in (await desk.delivery(email_id))["error"]
    assert len(desk.smtp.accepted) == 1
    first = desk.smtp.accepted[0].raw
    await desk.become(email_id, "outbox")  # the person decides
    await desk.deliver()
    assert desk.smtp.accepted[1].raw == first  # the same Message-ID: those who know it show it once


async def test_without_a_mailbox_to_look_into_a_person_decides(desk: Desk) -> None:
    await desk.set_account(imap_host="")
    desk.smtp.faults.add(faults.accept_then_drop(), on="BODY")
    email_id = await desk.write()
    await desk.deliver()
    await desk.work_until_quiet()
    assert (await desk.email(email_id))["status"] == "error"
    assert len(desk.smtp.accepted) == 1


async def test_mail_of_a_removed_account_asks_for_another_sender(desk: Desk) -> None:
    email_id = await desk.write()
    await desk.set_account(is_deleted=True, is_active=False)
    await desk.deliver()
    assert (await desk.email(email_id))["status"] == "error"
    assert (await desk.delivery(email_id))["error"].startswith("Requested sender account does not exist")
    told = await desk.office.rows("select lead_id from events where object_id = %s order by seq desc limit 1", email_id)
    assert told == [(desk.lead_id,)]


async def test_a_lead_deleted_while_its_email_goes_out_holds_up_no_other(desk: Desk) -> None:
    await desk.write(subject="first")
    desk.clock.forward(seconds=1)
    other = replace(desk, lead_id=await desk.office.lead("Other", CARL))
    second = await other.write(to=(CARL,), subject="second")

    async def delete(_: Accepted) -> None:
        await desk.office.rows("delete from leads where id = %s returning id", desk.lead_id)

    desk.smtp.on_accepted = delete
    assert await desk.deliver() is None
    assert (await desk.email(second))["status"] == "sent"
    assert len(desk.smtp.accepted) == 2


async def test_no_secret_and_no_body_stands_in_a_delivery_or_event(desk: Desk) -> None:
    desk.smtp.faults.add(faults.reply(535, "5.7.8 wrong: secret"), on="AUTH")
    email_id = await desk.write(body_text="confidential words")
    await desk.deliver()
    account, delivery = await desk.account(), await desk.delivery(email_id)
    assert "secret" not in account["send_error"] + delivery["error"]
    events = await desk.office.rows("select data::text, previous_data::text from events")
    assert "confidential" not in str(events)


async def test_a_server_that_never_answers_the_dot_does_not_swallow_the_outbox(desk: Desk) -> None:
    emails = [await desk.write(subject=f"number {number}") for number in range(5)]
    desk.smtp.faults.add(faults.drop(), on="BODY", times=faults.FOREVER)
    assert isinstance(await desk.deliver(), Temporary)
    states = [(await desk.delivery(one))["state"] for one in emails]
    assert sorted(states) == ["unknown", "unknown", "waiting", "waiting", "waiting"]


async def test_an_email_that_kills_its_sender_lets_the_others_pass(desk: Desk) -> None:
    poison = await desk.write(subject="poison")
    here = (desk.office.organization_id, desk.account_id)
    desk.clock.forward(seconds=1)
    other = await desk.write(subject="other")
    for _ in range(3):  # claimed, and the process died before a byte was said
        async with desk.tools.db.transaction() as tx:
            await delivery_store.set_claims_aside(tx, *here, desk.clock.now)
            claim = await delivery_store.claim_next(tx, *here, desk.clock.now)
        assert claim is not None
        assert claim.email_id == poison
    await desk.deliver()
    assert (await desk.email(other))["status"] == "sent"
    assert (await desk.delivery(poison))["state"] == "waiting"
    await desk.work_until_quiet()
    assert (await desk.email(poison))["status"] == "sent"


async def test_a_sender_thought_dead_can_no_longer_hand_over(desk: Desk) -> None:
    await desk.write()
    here = (desk.office.organization_id, desk.account_id, desk.clock.now)
    async with desk.tools.db.transaction() as tx:
        claim = await delivery_store.claim_next(tx, *here)
        assert claim is not None
        await delivery_store.set_claims_aside(tx, *here)
        assert not await delivery_store.hand_over(tx, claim)

"""A broken account: tried as it stands, its outbox drained in order afterwards, its writings moved to another."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import pytest

from postroom.ground.errors import Conflict, Forbidden, Invalid, NotFound
from postroom.journeys import connect, mend_account
from postroom.journeys.move_writings import Move, move_writings
from postroom.rooms.accounts.account import Side
from postroom.rooms.emails.email import Timing
from tests.journeys.office import Office, plain
from tests.journeys.sending import Desk, open_desk
from tests.servers import smtp_faults as faults
from tests.servers.dovecot import DovecotServer


@pytest.fixture
async def sending(office: Office, mail_server: DovecotServer) -> AsyncIterator[Desk]:
    async with open_desk(office, mail_server, f"anna-{uuid4().hex[:8]}") as desk:
        yield desk


async def test_an_account_is_tested_with_what_is_stored_however_it_stands(sending: Desk) -> None:
    await sending.set_account(send_status="error", send_error="535 no", send_remedy="password")
    report = await mend_account.test_account(sending.tools, sending.asker, sending.account_id)
    assert report.imap is not None and report.imap.ok
    assert report.smtp is not None and report.smtp.ok
    assert (await sending.account())["send_status"] == "error", "a test changes nothing"
    stranger = sending.office.asker(await sending.office.user("ben@acme.example"))
    with pytest.raises(Forbidden):
        await mend_account.test_account(sending.tools, stranger, sending.account_id)


async def test_the_outbox_drains_in_order_after_reconnecting(sending: Desk) -> None:
    sending.smtp.faults.add(faults.reply(*faults.MICROSOFT_SMTP_AUTH_OFF), on="AUTH", times=faults.FOREVER)
    for number in range(4):
        await sending.write(subject=f"Offer {number}")
        sending.clock.forward(seconds=5)
    await sending.deliver()
    assert (await sending.account())["receive_status"] == "ok", "a sending failure leaves syncing alone"
    assert sending.smtp.accepted == []
    sending.smtp.faults.clear()
    await connect.reconnect(sending.tools, sending.asker, sending.account_id)
    await sending.work_until_quiet()
    subjects = [line for one in sending.smtp.accepted for line in one.raw.decode().splitlines() if "Subject:" in line]
    assert subjects == [f"Subject: Offer {number}" for number in range(4)]


async def test_a_receiving_failure_leaves_sending_alone(sending: Desk) -> None:
    await sending.set_account(receive_status="error", receive_error="no", receive_remedy="password")
    await sending.write()
    assert await sending.deliver() is None
    assert len(sending.smtp.accepted) == 1


async def test_an_administrator_reads_their_part_until_it_is_mended(sending: Desk) -> None:
    tools, here = sending.tools, (sending.asker, sending.account_id, Side.SEND)
    with pytest.raises(Conflict):
        await mend_account.admin_address(tools, *here)
    sending.smtp.faults.add(faults.reply(*faults.MICROSOFT_SMTP_AUTH_OFF), on="AUTH", times=faults.FOREVER)
    await sending.write()
    await sending.deliver()
    token = (await mend_account.admin_address(tools, *here)).rpartition("/")[2]
    part = await mend_account.admin_part(tools, token)
    assert part.email == sending.address and "5.7.139" in part.words
    assert part.diagnosis is not None and "Authenticated SMTP" in part.diagnosis.admin_step
    sending.smtp.faults.clear()
    await connect.reconnect(tools, sending.asker, sending.account_id)
    assert (await mend_account.admin_part(tools, token)).diagnosis is None
    sending.clock.forward(days=8)
    with pytest.raises(NotFound):
        await mend_account.admin_part(tools, token)


async def test_drafts_and_scheduled_mail_move_to_another_account_and_keep_their_moment(
    sending: Desk, mail_server: DovecotServer
) -> None:
    office = sending.office
    tomorrow = sending.clock.now + timedelta(days=1)
    draft = await sending.write("draft")
    scheduled = await sending.write("scheduled", Timing(date_scheduled=tomorrow), subject="Later")
    ben = await office.user("ben@acme.example")
    bens = await office.connect(ben, plain(mail_server.imap_port, "ben"), "secret", plain(sending.smtp.port, "ben"))
    sending.smtp.user("ben")
    mail_server.add_user("ben")
    with pytest.raises(Forbidden):
        await move_writings(sending.tools, sending.asker, Move(sending.account_id, bens))
    with pytest.raises(Invalid):
        await move_writings(sending.tools, sending.asker, Move(sending.account_id, sending.account_id))
    await connect.remove_account(sending.tools, sending.asker, sending.account_id)
    moved = await move_writings(sending.tools, office.asker(office.admin), Move(sending.account_id, bens))
    assert (moved.moved, moved.refused) == (2, {})
    assert (await sending.email(draft))["status"] == "draft"
    after = await sending.email(scheduled)
    assert (after["status"], after["account_id"]) == ("scheduled", bens)
    assert "ben@acme.example" in after["sender"]
    assert (await sending.delivery(scheduled))["due_at"] == tomorrow
    sending.account_id = bens
    await sending.work_until_quiet()
    assert [one.sender for one in sending.smtp.accepted] == ["ben@acme.example"]

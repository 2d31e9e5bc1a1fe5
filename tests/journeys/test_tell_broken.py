"""When an account breaks, its owner and the admins are told by email, once."""

from collections.abc import AsyncIterator
from email import message_from_bytes, policy
from uuid import uuid4

import pytest

from postroom.journeys.sweep import left_behind
from postroom.journeys.tell_broken import tell_broken
from postroom.rooms.accounts import alert_store
from tests.journeys.office import Office
from tests.journeys.sending import Desk, open_desk
from tests.servers.dovecot import DovecotServer


@pytest.fixture
async def sending(office: Office, mail_server: DovecotServer) -> AsyncIterator[Desk]:
    async with open_desk(office, mail_server, f"anna-{uuid4().hex[:8]}") as desk:
        yield desk


async def test_owner_and_admins_are_told_once_with_the_next_step(sending: Desk) -> None:
    office = sending.office
    here = (office.organization_id, sending.account_id)
    await sending.set_account(receive_status="error", receive_error="no", receive_remedy="imap_access")
    await left_behind(sending.tools)
    assert await office.rows("select 1 from procrastinate_jobs where task_name = 'tell_broken'")
    await tell_broken(sending.tools, *here)
    await tell_broken(sending.tools, *here)
    [told] = sending.smtp.accepted
    assert sorted(told.recipients) == sorted([sending.address, "admin@acme.example"])
    mail = message_from_bytes(told.raw, policy=policy.default)
    assert mail["Subject"] == f"{sending.address} cannot receive in Postroom"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "Switch on IMAP" in " ".join(mail.get_content().split())


async def test_a_second_break_is_news_again(sending: Desk) -> None:
    here = (sending.office.organization_id, sending.account_id)
    for _ in range(2):
        await sending.set_account(receive_status="error", receive_error="no", receive_remedy="password")
        await tell_broken(sending.tools, *here)
        await sending.set_account(receive_status="ok", receive_error="", receive_remedy="")
        async with sending.tools.db.transaction() as tx:
            await alert_store.forget_recovered(tx)
    assert len(sending.smtp.accepted) == 2


async def test_where_no_account_sends_nobody_is_told_and_nothing_breaks(sending: Desk) -> None:
    await sending.set_account(send_status="error", send_error="535 no", send_remedy="password")
    await tell_broken(sending.tools, sending.office.organization_id, sending.account_id)
    assert sending.smtp.accepted == []

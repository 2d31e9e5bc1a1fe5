"""What the owner of an account has chosen is what happens: names, answers, direction, switched off."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from postroom.journeys import connect
from postroom.journeys.connect import AccountEdit
from postroom.journeys.rejudge import rejudge
from postroom.rooms.accounts import store
from postroom.rooms.accounts.account import ConnectedAccount, SyncDirection
from postroom.views.account_list import account_page
from tests.journeys.office import Office, letter
from tests.journeys.sending import BOB, Desk, open_desk
from tests.servers.dovecot import DovecotServer

_users = count(1)


@pytest.fixture
async def desk(office: Office, mail_server: DovecotServer) -> AsyncIterator[Desk]:
    async with open_desk(office, mail_server, f"chooser{next(_users)}") as made:
        yield made


async def choose(desk: Desk, **chosen: Any) -> None:
    """Save the account's form with these settings changed."""
    async with desk.tools.db.transaction() as tx:
        account = await store.get(tx, desk.office.organization_id, desk.account_id)
    edit = AccountEdit(replace(account.settings, **chosen))
    await connect.update_account(desk.tools, desk.asker, desk.account_id, edit)


async def test_mail_goes_out_under_the_accounts_name_and_asks_for_answers_where_it_says(desk: Desk) -> None:
    await choose(desk, display_name="Anna of Acme", reply_to="answers@acme.example")
    await desk.write()
    await desk.deliver()
    (accepted,) = desk.smtp.accepted
    head = accepted.raw.partition(b"\r\n\r\n")[0].decode()
    assert f"From: Anna of Acme <{desk.address}>" in head
    assert "Reply-To: answers@acme.example" in head


@pytest.mark.parametrize("direction", list(SyncDirection))
async def test_mail_comes_only_where_the_direction_lets_it(desk: Desk, direction: SyncDirection) -> None:
    await choose(desk, sync_direction=direction)
    desk.mail.deliver(desk.user, "INBOX", letter(BOB, desk.address, "Question"))
    await desk.office.pull(desk.account_id)
    comes = [] if direction is SyncDirection.OUTGOING else ["Question"]
    assert await desk.office.subjects(desk.lead_id) == comes


async def test_what_is_chosen_of_an_account_holds_at_once_and_reconnects_nothing(desk: Desk) -> None:
    """Frequency, direction and window: saved between two pulls, in force at the next; logins stay."""

    async def account() -> ConnectedAccount:
        async with desk.tools.db.transaction() as tx:
            return await store.get(tx, desk.office.organization_id, desk.account_id)

    async def is_due(after: timedelta) -> bool:
        async with desk.tools.db.transaction() as tx:
            due = await store.accounts_due(tx, desk.tools.clock() + after)
        return (desk.office.organization_id, desk.account_id) in due

    await desk.office.pull(desk.account_id)
    before, minutes = await account(), timedelta(minutes=2)
    assert await is_due(minutes)
    await choose(desk, poll_seconds=3600)
    assert not await is_due(minutes) and await is_due(timedelta(hours=2))
    desk.mail.deliver(desk.user, "INBOX", letter(BOB, desk.address, "Question"))
    await choose(desk, history_from=desk.tools.clock() + timedelta(days=1))
    await desk.office.pull(desk.account_id)
    assert await desk.office.subjects(desk.lead_id) == []
    await choose(desk, history_from=None, archive_sync=False)
    await rejudge(desk.tools, desk.office.organization_id, desk.account_id)
    assert await desk.office.subjects(desk.lead_id) == ["Question"]
    after = await account()
    assert (after.imap, after.smtp, after.receiving, after.sending) == (
        before.imap, before.smtp, before.receiving, before.sending,
    )  # fmt: skip
    assert after.settings == replace(before.settings, poll_seconds=3600, archive_sync=False)


async def test_an_account_that_is_switched_off_neither_reads_nor_sends(desk: Desk) -> None:
    await desk.write(subject="Offer")
    await choose(desk, is_active=False)
    desk.mail.deliver(desk.user, "INBOX", letter(BOB, desk.address, "Question"))
    await desk.office.pull(desk.account_id)
    await desk.deliver()
    assert desk.smtp.accepted == []
    assert await desk.office.subjects(desk.lead_id) == ["Offer"]
    await choose(desk, is_active=True)
    await desk.office.pull(desk.account_id)
    await desk.deliver()
    assert len(desk.smtp.accepted) == 1
    assert sorted(await desk.office.subjects(desk.lead_id)) == ["Offer", "Question"]


async def test_the_list_names_each_account_its_owner_how_it_stands_and_what_it_sent_today(desk: Desk) -> None:
    desk.clock.now = desk.clock.now.replace(hour=12)
    await desk.write(subject="Yesterday")
    await desk.deliver()
    desk.clock.forward(days=1)
    await desk.write(subject="Today")
    await desk.deliver()
    async with desk.tools.db.transaction() as tx:
        page = await account_page(tx, desk.office.organization_id, None, desk.clock.now)
    (account,) = page.data
    assert (account.email, account.user_id, account.provider) == (desk.address, desk.asker.user_id, "custom")
    assert (account.receive_status, account.send_status, account.emails_sent_today) == ("ok", "ok", 1)

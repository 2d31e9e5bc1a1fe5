"""Changing, reconnecting and removing accounts: refusals forgotten, the outbox drains, credentials gone."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from postroom.ground.errors import Forbidden, Invalid, NeedsUser, NotFound, Remedy
from postroom.journeys import connect, send
from postroom.journeys.connect import AccountEdit
from postroom.journeys.steps.credentials import note_failure, smtp_settings
from postroom.journeys.steps.open_mailbox import open_mailbox
from postroom.rooms.accounts import store
from postroom.rooms.accounts.access import Asker
from postroom.rooms.accounts.account import (
    AccountChange,
    AccountSettings,
    Side,
    Standing,
    Status,
)
from postroom.rooms.accounts.typed_server import TypedServer
from postroom.rooms.emails.email import EmailContent, EmailStatus, NewEmail
from postroom.rooms.users.user import Role
from tests.journeys.office import Office
from tests.journeys.typed_servers import connected, forget_jobs, jobs_waiting, owner, read, smtp
from tests.servers.dovecot import DovecotServer
from tests.servers.smtp import SmtpServer, smtp_server


@pytest.fixture
async def relay() -> AsyncIterator[SmtpServer]:
    async with smtp_server() as server:
        yield server


async def fail(office: Office, account_id: str, side: Side) -> None:
    """The state after a refused login."""
    broken = AccountChange(side, Standing(Status.ERROR, "no", Remedy.PASSWORD))
    async with office.tools.db.transaction() as tx:
        await store.save_standing(tx, office.organization_id, account_id, broken, office.tools.clock())


async def test_a_new_password_reconnects_its_side_and_releases_the_outbox(
    office: Office, mail_server: DovecotServer, relay: SmtpServer
) -> None:
    asker, account_id = await connected(office, mail_server, relay)
    await fail(office, account_id, Side.SEND)
    await fail(office, account_id, Side.RECEIVE)
    await connect.update_account(office.tools, asker, account_id, AccountEdit(smtp=smtp(relay, password="new")))
    account = await read(office, account_id)
    assert account.sending == Standing()
    assert account.receiving.status is Status.ERROR, "the other side is not touched"
    assert "deliver_due" in await jobs_waiting(office, account_id)
    _, settings = await smtp_settings(office.tools, office.organization_id, account_id)
    assert settings.secret.text == "new"


async def test_saving_the_form_unchanged_reconnects_nothing(
    office: Office, mail_server: DovecotServer, relay: SmtpServer
) -> None:
    asker, account_id = await connected(office, mail_server, relay)
    await fail(office, account_id, Side.SEND)
    settings = replace((await read(office, account_id)).settings, display_name="Ada L.")
    edit = AccountEdit(settings, smtp=smtp(relay, password=None))
    await connect.update_account(office.tools, asker, account_id, edit)
    account = await read(office, account_id)
    assert account.settings.display_name == "Ada L."
    assert account.sending.status is Status.ERROR
    assert await jobs_waiting(office, account_id) == set()


async def test_a_stored_password_is_not_sent_to_another_server(
    office: Office, mail_server: DovecotServer, relay: SmtpServer
) -> None:
    _, account_id = await connected(office, mail_server, relay)
    thief = TypedServer("imap.thief.example")
    with pytest.raises(Invalid, match="Type the password again"):
        await connect.update_account(office.tools, office.asker(office.admin), account_id, AccountEdit(imap=thief))
    account = await read(office, account_id)
    assert account.imap is not None
    assert account.imap.host == "127.0.0.1"


async def test_a_side_can_be_taken_away_with_its_secret(
    office: Office, mail_server: DovecotServer, relay: SmtpServer
) -> None:
    asker, account_id = await connected(office, mail_server, relay)
    await connect.update_account(office.tools, asker, account_id, AccountEdit(imap=None))
    account = await read(office, account_id)
    assert account.imap is None
    assert account.sends
    assert await office.rows("select imap_secret from connected_accounts where id = %s", account_id) == [(None,)]


async def test_switching_on_again_reconnects(office: Office, mail_server: DovecotServer, relay: SmtpServer) -> None:
    asker, account_id = await connected(office, mail_server, relay)
    on = (await read(office, account_id)).settings
    await connect.update_account(office.tools, asker, account_id, AccountEdit(replace(on, is_active=False)))
    assert await jobs_waiting(office, account_id) == set()
    await fail(office, account_id, Side.RECEIVE)
    await connect.update_account(office.tools, asker, account_id, AccountEdit(on))
    assert (await read(office, account_id)).receiving == Standing()
    assert await jobs_waiting(office, account_id) == {"pull_new", "deliver_due"}


async def test_reconnecting_tries_the_same_settings_again(
    office: Office, mail_server: DovecotServer, relay: SmtpServer
) -> None:
    asker, account_id = await connected(office, mail_server, relay)
    used, _ = await smtp_settings(office.tools, office.organization_id, account_id)
    await note_failure(office.tools, used, NeedsUser("535 5.7.139 SmtpClientAuthentication", remedy=Remedy.SMTP_AUTH))
    with pytest.raises(NeedsUser):
        await smtp_settings(office.tools, office.organization_id, account_id)
    await connect.reconnect(office.tools, asker, account_id)
    again, _ = await smtp_settings(office.tools, office.organization_id, account_id)
    assert again.login == used.login
    assert await jobs_waiting(office, account_id) == {"pull_new", "deliver_due"}


async def test_smtp_auth_switched_off_leaves_receiving_alone(
    office: Office, mail_server: DovecotServer, relay: SmtpServer
) -> None:
    _, account_id = await connected(office, mail_server, relay)
    used, _ = await smtp_settings(office.tools, office.organization_id, account_id)
    await note_failure(office.tools, used, NeedsUser("535 5.7.139", remedy=Remedy.SMTP_AUTH))
    account = await read(office, account_id)
    assert account.sending.remedy is Remedy.SMTP_AUTH
    assert account.receiving == Standing()
    async with open_mailbox(office.tools, office.organization_id, account_id):
        pass


async def test_sync_now_does_not_wait_out_a_pause(
    office: Office, mail_server: DovecotServer, relay: SmtpServer
) -> None:
    asker, account_id = await connected(office, mail_server, relay)
    until = office.tools.clock() + timedelta(hours=1)
    pause = AccountChange(Side.RECEIVE, Standing(error="lost", retry_after=until, failures_in_row=4))
    async with office.tools.db.transaction() as tx:
        await store.save_standing(tx, office.organization_id, account_id, pause, office.tools.clock())
    await connect.sync_now(office.tools, asker, account_id)
    account = await read(office, account_id)
    assert account.receiving.retry_after is None
    assert account.receiving.failures_in_row == 4, "the next failure waits as long as before"
    assert "pull_new" in await jobs_waiting(office, account_id)


# ── Removing ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_removing_deletes_the_credentials_at_once(
    office: Office, mail_server: DovecotServer, relay: SmtpServer
) -> None:
    asker, account_id = await connected(office, mail_server, relay)
    await connect.remove_account(office.tools, asker, account_id)
    rows = await office.rows(
        "select imap_secret, smtp_secret, is_deleted from connected_accounts where id = %s", account_id
    )
    assert rows == [(None, None, True)]
    for change in (connect.reconnect, connect.sync_now, connect.remove_account):
        with pytest.raises(Forbidden):
            await change(office.tools, asker, account_id)


async def test_what_waited_for_a_removed_account_stands_as_an_error(
    office: Office, mail_server: DovecotServer, relay: SmtpServer
) -> None:
    asker, account_id = await connected(office, mail_server, relay)
    lead_id = await office.lead("Customer", "client@customer.example")
    async with office.tools.db.transaction() as tx:
        for status, state in (("outbox", "waiting"), ("scheduled", "waiting"), ("sent", "sent")):
            email_id = f"acti_{status}"
            await tx.execute(
                "insert into emails (organization_id, id, lead_id, status, direction, account_id, activity_at,"
                " date_created, date_updated) values (%s, %s, %s, %s, 'outgoing', %s, now(), now(), now())",
                (office.organization_id, email_id, lead_id, status, account_id),
            )
            await tx.execute(
                "insert into deliveries (organization_id, email_id, account_id, state, due_at, message_id)"
                " values (%s, %s, %s, %s, now() + interval '1 day', '<x@y>')",
                (office.organization_id, email_id, account_id, state),
            )
    await connect.remove_account(office.tools, asker, account_id)
    rows = await office.rows(
        "select e.id, e.status, d.error from emails e join deliveries d on d.email_id = e.id order by e.id"
    )
    assert [(row[0], row[1]) for row in rows] == [
        ("acti_outbox", "error"), ("acti_scheduled", "error"), ("acti_sent", "sent"),
    ]  # fmt: skip
    assert rows[0][2].startswith("Requested sender account does not exist")
    assert rows[2][2] == ""
    told = await office.rows("select object_id, lead_id from events where object_id like 'acti_%%' order by object_id")
    assert told == [("acti_outbox", lead_id), ("acti_scheduled", lead_id)]


async def test_others_may_not_change_an_account(office: Office, mail_server: DovecotServer, relay: SmtpServer) -> None:
    _, account_id = await connected(office, mail_server, relay)
    coworker = await owner(office)
    stranger = Asker("orga_other", "user_x", Role.ADMIN.value)
    tries = (
        lambda asker: connect.update_account(office.tools, asker, account_id, AccountEdit(AccountSettings())),
        lambda asker: connect.reconnect(office.tools, asker, account_id),
        lambda asker: connect.remove_account(office.tools, asker, account_id),
        lambda asker: connect.sync_now(office.tools, asker, account_id),
        lambda asker: connect.save_identities(office.tools, asker, account_id, []),
        lambda asker: connect.save_exclude_patterns(office.tools, asker, account_id, []),
    )
    for attempt in tries:
        with pytest.raises(Forbidden):
            await attempt(coworker)
        with pytest.raises(NotFound):
            await attempt(stranger)
    await connect.reconnect(office.tools, office.asker(office.admin), account_id)


# ── The outbox ───────────────────────────────────────────────────────────────────────────────────────────────────


async def test_mail_waits_while_sending_is_refused_and_goes_out_after_reconnecting(
    office: Office, mail_server: DovecotServer, relay: SmtpServer
) -> None:
    asker, account_id = await connected(office, mail_server, relay)
    lead_id = await office.lead("Customer", "client@customer.example")
    relay.users["relay"].password = "changed at the provider"
    content = EmailContent((await read(office, account_id)).email, ("client@customer.example",), subject="Offer")
    email_id = await send.create_email(office.tools, asker, NewEmail(lead_id, EmailStatus.OUTBOX, content))
    with pytest.raises(NeedsUser):
        await send.deliver_due(office.tools, office.organization_id, account_id)
    assert await office.rows("select status from emails where id = %s", email_id) == [("outbox",)]
    account = await read(office, account_id)
    assert (account.sending.status, account.receiving.status) == (Status.ERROR, Status.OK)
    [(reason,)] = await office.rows("select error from deliveries where email_id = %s", email_id)
    assert "535" in reason
    await forget_jobs(office)
    edit = AccountEdit(smtp=smtp(relay, password="changed at the provider"))
    await connect.update_account(office.tools, asker, account_id, edit)
    assert "deliver_due" in await jobs_waiting(office, account_id)
    await send.deliver_due(office.tools, office.organization_id, account_id)
    assert await office.rows("select status from emails where id = %s", email_id) == [("sent",)]
    assert [one.recipients for one in relay.accepted] == [["client@customer.example"]]

"""Connecting accounts: tried step by step, stored sealed, reconnected so that the outbox drains, removed for good."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from postroom.ground.errors import Conflict, Forbidden, Invalid
from postroom.journeys import connect
from postroom.journeys.connect import NewAccount
from postroom.journeys.steps.credentials import smtp_settings
from postroom.journeys.steps.open_mailbox import open_mailbox
from postroom.rooms.accounts import identity_store
from postroom.rooms.accounts.account import (
    AccountSettings,
    Side,
    secret_context,
)
from postroom.rooms.accounts.identities import Identity
from postroom.rooms.accounts.typed_server import TypedServer
from tests.journeys.office import Office
from tests.journeys.typed_servers import connected, imap, jobs_waiting, owner, read, smtp
from tests.servers.dovecot import DovecotServer
from tests.servers.smtp import SmtpServer, smtp_server


@pytest.fixture
async def relay() -> AsyncIterator[SmtpServer]:
    async with smtp_server() as server:
        yield server


# ── Adding ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_new_account_is_sealed_and_its_mailbox_asked_for(
    office: Office, mail_server: DovecotServer, relay: SmtpServer
) -> None:
    asker = await owner(office)
    mail_server.add_user("nina")
    settings = AccountSettings(display_name=" Nina N. ", archive_sync=False)
    new = NewAccount("Nina@Acme.example", asker.user_id, imap(mail_server, "nina"), smtp(relay), "", settings)
    account_id = await connect.add_account(office.tools, asker, new)
    account = await read(office, account_id)
    assert account.email == "Nina@Acme.example"
    assert account.settings.display_name == "Nina N."
    assert account.settings.is_default, "a first account is the default"
    assert not account.settings.archive_sync
    assert account.imap is not None
    assert (account.imap.host, account.imap.port) == ("127.0.0.1", mail_server.imap_port)
    assert await jobs_waiting(office, account_id) == {"pull_new", "deliver_due", "rejudge"}
    async with office.tools.db.transaction() as tx:
        assert await identity_store.identities(tx, office.organization_id, account_id) == (
            Identity("Nina@Acme.example", "Nina N."),
        )
    async with open_mailbox(office.tools, office.organization_id, account_id):
        pass


async def test_secrets_cannot_be_read_in_the_database(
    office: Office, mail_server: DovecotServer, relay: SmtpServer
) -> None:
    asker = await owner(office)
    typed = imap(mail_server, "sam", password="imap-hunter2")
    new = NewAccount("sam@acme.example", asker.user_id, typed, smtp(relay, password="smtp-hunter2"))
    account_id = await connect.add_account(office.tools, asker, new)
    everything = ""
    for (table,) in await office.rows("select tablename from pg_tables where schemaname = 'public'"):
        everything += repr(await office.rows(f'select t::text from "{table}" t'))
    assert "hunter2" not in everything
    assert b"hunter2".hex() not in everything
    [(one, two)] = await office.rows(
        "select imap_secret, smtp_secret from connected_accounts where id = %s", account_id
    )
    with pytest.raises(Invalid):  # a sealed value moved to the other column does not open
        office.tools.vault.open(bytes(one), secret_context(office.organization_id, account_id, Side.SEND))
    assert bytes(one) != bytes(two)


async def test_smtp_alone_sends_without_syncing(office: Office, relay: SmtpServer) -> None:
    asker = await owner(office)
    account_id = await connect.add_account(
        office.tools, asker, NewAccount("only@acme.example", asker.user_id, None, smtp(relay))
    )
    account = await read(office, account_id)
    assert account.sends
    assert not account.syncs
    assert await jobs_waiting(office, account_id) == {"deliver_due"}


async def test_one_password_serves_both_servers_of_one_provider_only(office: Office) -> None:
    asker = await owner(office)
    imap_at = TypedServer("imap.acme.example", password="one")
    both = NewAccount("b@acme.example", asker.user_id, imap_at, TypedServer("smtp.acme.example"))
    account_id = await connect.add_account(office.tools, asker, both)
    _, settings = await smtp_settings(office.tools, office.organization_id, account_id)
    assert settings.secret.text == "one"
    elsewhere = NewAccount("c@acme.example", asker.user_id, imap_at, TypedServer("smtp.mailgun.org"))
    with pytest.raises(Invalid) as refusal:
        await connect.add_account(office.tools, asker, elsewhere)
    assert refusal.value.field_errors == {"smtp": "Type the password."}


async def test_known_addresses_name_their_provider_and_its_sent_folder(office: Office) -> None:
    asker = await owner(office)
    new = NewAccount(
        "ada@gmail.com", asker.user_id, TypedServer("imap.gmail.com", password="x"), TypedServer("smtp.gmail.com")
    )
    assert (await read(office, await connect.add_account(office.tools, asker, new))).files_own_sent
    [(provider, files)] = await office.rows("select provider, files_own_sent from connected_accounts")
    assert (provider, files) == ("google", True)


@pytest.mark.parametrize(
    ("new", "field"),
    [
        (NewAccount("ada", "me", TypedServer("mail.acme.example", password="x"), None), "email"),
        (NewAccount("a@acme.example", "me", None, None), "imap"),
        (NewAccount("a@acme.example", "me", TypedServer("mail.acme.example"), None), "imap"),
        (NewAccount("a@acme.example", "me", TypedServer("mail.acme.example", password=""), None), "imap"),
        (NewAccount("a@acme.example", "me", TypedServer("mail:x", password="x"), None), "imap"),
        (NewAccount("a@acme.example", "me", None, TypedServer("mail.acme.example", encryption="none", password="x")),
         "smtp"),
        (NewAccount("a@acme.example", "me", None, TypedServer("m.example", password="x"), "",
                    AccountSettings(reply_to="nobody")), "reply_to"),
        (NewAccount("a@acme.example", "me", None, TypedServer("m.example", password="x"), "",
                    AccountSettings(poll_seconds=1)), "poll_seconds"),
        (NewAccount("a@acme.example", "me", None, TypedServer("m.example", password="x"), "",
                    AccountSettings(display_name="a\r\nBcc: b@c.de")), "display_name"),
    ],
)  # fmt: skip
async def test_what_cannot_work_is_refused_under_its_field(office: Office, new: NewAccount, field: str) -> None:
    asker = await owner(office)
    with pytest.raises(Invalid) as refusal:
        await connect.add_account(office.tools, asker, replace(new, owner_id=asker.user_id))
    assert list(refusal.value.field_errors) == [field]
    assert await office.rows("select 1 from connected_accounts") == []


async def test_an_address_is_connected_once(office: Office, relay: SmtpServer) -> None:
    asker = await owner(office)
    new = NewAccount("a@acme.example", asker.user_id, None, smtp(relay))
    await connect.add_account(office.tools, asker, new)
    with pytest.raises(Conflict):
        await connect.add_account(office.tools, asker, replace(new, email="A@ACME.example"))


async def test_a_team_account_is_connected_by_an_admin(office: Office, relay: SmtpServer) -> None:
    asker, new = await owner(office), NewAccount("sales@acme.example", None, None, smtp(relay))
    with pytest.raises(Forbidden):
        await connect.add_account(office.tools, asker, new)
    account_id = await connect.add_account(office.tools, office.asker(office.admin), new)
    assert (await read(office, account_id)).user_id is None


# ── Aliases and patterns ─────────────────────────────────────────────────────────────────────────────────────────


async def test_aliases_keep_their_capitals_and_the_own_address_stays(
    office: Office, mail_server: DovecotServer, relay: SmtpServer
) -> None:
    asker, account_id = await connected(office, mail_server, relay)
    own = (await read(office, account_id)).email
    aliases = [Identity("Sales@Acme.example", " Sales "), Identity("sales@acme.example", "Later")]
    await connect.save_identities(office.tools, asker, account_id, aliases)
    async with office.tools.db.transaction() as tx:
        kept = await identity_store.identities(tx, office.organization_id, account_id)
        ours = await identity_store.own_addresses(tx, office.organization_id)
    assert [one.address for one in kept] == [own, "Sales@Acme.example"]
    assert ours.is_ours("sales@acme.example")
    with pytest.raises(Invalid):
        await connect.save_identities(office.tools, asker, account_id, [Identity("no address")])


async def test_patterns_of_the_organization_are_for_admins(
    office: Office, mail_server: DovecotServer, relay: SmtpServer
) -> None:
    asker, account_id = await connected(office, mail_server, relay)
    await connect.save_exclude_patterns(office.tools, asker, account_id, ["*@marketing.*"])
    with pytest.raises(Forbidden):
        await connect.save_exclude_patterns(office.tools, asker, "", ["noreply@*"])
    await connect.save_exclude_patterns(office.tools, office.asker(office.admin), "", ["noreply@*"])
    async with office.tools.db.transaction() as tx:
        found = await identity_store.patterns_in_force(tx, office.organization_id, account_id)
    assert [one.text for one in found] == ["noreply@*", "*@marketing.*"]

"""Accounts in the database: one default each, secrets sealed and gone on removal, organizations apart."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from postroom.ground.errors import Conflict, NotFound, Remedy
from postroom.rooms.accounts import identity_store, store
from postroom.rooms.accounts.account import (
    AccountChange,
    AccountSettings,
    Encryption,
    ServerLogin,
    Side,
    Standing,
    Status,
    SyncDirection,
)
from postroom.rooms.accounts.exclude import read_patterns
from postroom.rooms.accounts.identities import Identity
from postroom.rooms.accounts.store import AccountToAdd
from tests.journeys.office import START, Office, open_office

IMAP = ServerLogin("imap.acme.example", 993, Encryption.TLS, "ada")


@pytest.fixture
async def office(database_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(database_url, tmp_path) as made:
        yield made


async def add(office: Office, email: str, user_id: str | None = "user_1", organization_id: str = "") -> str:
    async with office.tools.db.transaction() as tx:
        new = AccountToAdd(user_id, "custom_email", "custom", email, AccountSettings(display_name="Ada"))
        return await store.add(tx, organization_id or office.organization_id, new, START)


async def test_an_account_reads_back_as_it_was_written(office: Office) -> None:
    account_id = await add(office, "Ada@Acme.example")
    settings = AccountSettings(
        "Ada L.", "reply@acme.example", True, True, True, False, 120, SyncDirection.INCOMING,
        START - timedelta(days=30), False, False, False, True, True,
    )  # fmt: skip
    async with office.tools.db.transaction() as tx:
        account = await store.get(tx, office.organization_id, account_id)
        await store.save_login(tx, account, Side.RECEIVE, IMAP, START)
        await store.save_settings(tx, office.organization_id, account_id, settings, START)
        read = await store.get(tx, office.organization_id, account_id)
    assert read.settings == settings
    assert (read.imap, read.smtp) == (IMAP, None)
    assert (read.email, read.email_key) == ("Ada@Acme.example", "ada@acme.example")
    assert read.receiving == Standing()


async def test_an_address_is_connected_once(office: Office) -> None:
    await add(office, "ada@acme.example")
    with pytest.raises(Conflict, match="connected already"):
        await add(office, "ADA@acme.example")


async def test_a_removed_account_may_be_connected_again(office: Office) -> None:
    first = await add(office, "ada@acme.example")
    async with office.tools.db.transaction() as tx:
        await store.mark_removed(tx, office.organization_id, first, START)
    assert await add(office, "ada@acme.example") != first


async def test_removing_deletes_the_secrets_and_keeps_the_row(office: Office) -> None:
    account_id = await add(office, "ada@acme.example")
    async with office.tools.db.transaction() as tx:
        for side in Side:
            await store.save_secret(tx, office.organization_id, account_id, side, b"sealed")
        await store.mark_removed(tx, office.organization_id, account_id, START)
        assert (await store.get(tx, office.organization_id, account_id)).is_deleted
        assert await store.sealed_secret(tx, office.organization_id, account_id, Side.RECEIVE) is None
        assert await store.list_all(tx, office.organization_id) == []
        await store.save_secret(tx, office.organization_id, account_id, Side.SEND, b"late")
        assert await store.sealed_secret(tx, office.organization_id, account_id, Side.SEND) is None
        with pytest.raises(NotFound):
            await store.mark_removed(tx, office.organization_id, account_id, START)


async def test_an_owner_has_one_default(office: Office) -> None:
    first, second = await add(office, "a@acme.example"), await add(office, "b@acme.example")
    team = await add(office, "team@acme.example", user_id=None)
    other = await add(office, "c@acme.example", user_id="user_2")
    async with office.tools.db.transaction() as tx:
        await store.save_settings(tx, office.organization_id, second, AccountSettings(is_default=True), START)
        defaults = {one.id for one in await store.list_all(tx, office.organization_id) if one.settings.is_default}
    assert defaults == {second, team, other}
    assert first not in defaults


async def test_the_default_sender_is_one_that_can_send(office: Office) -> None:
    await add(office, "a@acme.example")
    second = await add(office, "b@acme.example")
    async with office.tools.db.transaction() as tx:
        account = await store.get(tx, office.organization_id, second)
        await store.save_login(tx, account, Side.SEND, IMAP, START)
        found = await store.default_account(tx, office.organization_id, "user_1")
    assert found is not None
    assert found.id == second


async def test_one_sides_standing_leaves_the_other_alone(office: Office) -> None:
    account_id = await add(office, "ada@acme.example")
    refused = Standing(Status.ERROR, "535 no\x00", Remedy.SMTP_AUTH)
    async with office.tools.db.transaction() as tx:
        await store.save_standing(tx, office.organization_id, account_id, AccountChange(Side.SEND, refused), START)
        waiting = Standing(error="lost", retry_after=START, failures_in_row=2)
        await store.save_standing(tx, office.organization_id, account_id, AccountChange(Side.RECEIVE, waiting), START)
        account = await store.get(tx, office.organization_id, account_id)
    assert account.sending == Standing(Status.ERROR, "535 no", Remedy.SMTP_AUTH)
    assert account.receiving == waiting


async def test_what_a_person_sees_change_is_in_the_event_log(office: Office) -> None:
    account_id = await add(office, "ada@acme.example")
    failed = AccountChange(Side.SEND, Standing(Status.ERROR, "535", Remedy.PASSWORD))
    again = AccountChange(Side.SEND, Standing(Status.ERROR, "535", Remedy.PASSWORD))
    async with office.tools.db.transaction() as tx:
        for change in (failed, again):
            await store.save_standing(tx, office.organization_id, account_id, change, START)
        await store.mark_removed(tx, office.organization_id, account_id, START)
    rows = await office.rows(
        "select action, changed_fields from events where object_type = 'connected_account' order by seq"
    )
    assert rows == [("created", []), ("updated", ["send_status", "latest_send_error"]), ("deleted", [])]


async def test_own_addresses_come_from_accounts_aliases_and_users(office: Office) -> None:
    account_id = await add(office, "ada@acme.example")
    await add(office, "founder@gmail.com", user_id=None)
    async with office.tools.db.transaction() as tx:
        account = await store.get(tx, office.organization_id, account_id)
        aliases = [Identity("Sales@Other.example", "Sales"), Identity("ada@acme.example", "Ada")]
        await identity_store.save_identities(tx, account, aliases, START)
        ours = await identity_store.own_addresses(tx, office.organization_id)
        kept = await identity_store.identities(tx, office.organization_id, account_id)
    assert ours.is_ours("sales@other.example")
    assert ours.is_ours("admin@acme.example"), "a user's address"
    assert ours.domains == {"acme.example"}
    assert kept == tuple(aliases), "the owner's order and capitals"


async def test_addresses_of_removed_accounts_are_no_longer_ours(office: Office) -> None:
    account_id = await add(office, "freelancer@gmail.com")
    async with office.tools.db.transaction() as tx:
        await store.mark_removed(tx, office.organization_id, account_id, START)
        ours = await identity_store.own_addresses(tx, office.organization_id)
    assert not ours.is_ours("freelancer@gmail.com")


async def test_patterns_of_the_organization_and_the_account_are_both_in_force(office: Office) -> None:
    account_id, other = await add(office, "a@acme.example"), await add(office, "b@acme.example")
    async with office.tools.db.transaction() as tx:
        org = office.organization_id
        await identity_store.save_exclude_patterns(tx, org, "", read_patterns(["noreply@*"]), START)
        await identity_store.save_exclude_patterns(tx, org, account_id, read_patterns(["*@marketing.*"]), START)
        both = await identity_store.patterns_in_force(tx, org, account_id)
        one = await identity_store.patterns_in_force(tx, org, other)
        await identity_store.save_exclude_patterns(tx, org, account_id, (), START)
        assert await identity_store.exclude_patterns(tx, org, account_id) == []
    assert [pattern.text for pattern in both] == ["noreply@*", "*@marketing.*"]
    assert [pattern.text for pattern in one] == ["noreply@*"]


async def test_accounts_are_due_when_their_poll_has_come_and_no_pause_holds(office: Office) -> None:
    account_id = await add(office, "ada@acme.example")
    org, now = office.organization_id, START + timedelta(hours=1)
    async with office.tools.db.transaction() as tx:
        assert await store.accounts_due(tx, now) == [], "without a server there is nothing to poll"
        await store.save_login(tx, await store.get(tx, org, account_id), Side.RECEIVE, IMAP, START)
        assert await store.accounts_due(tx, now) == [(org, account_id)]
        assert [one.id for one in await store.accounts_to_listen(tx)] == [account_id]
        await store.note_pull(tx, org, account_id, can_push=True, now=now)
        assert await store.accounts_due(tx, now + timedelta(seconds=59)) == []
        assert await store.accounts_due(tx, now + timedelta(seconds=60)) == [(org, account_id)]
        pause = AccountChange(Side.RECEIVE, Standing(retry_after=now + timedelta(hours=2), failures_in_row=1))
        await store.save_standing(tx, org, account_id, pause, now)
        assert await store.accounts_due(tx, now + timedelta(hours=1)) == []
        refused = AccountChange(Side.RECEIVE, Standing(Status.ERROR, "no", Remedy.PASSWORD))
        await store.save_standing(tx, org, account_id, refused, now)
        assert await store.accounts_due(tx, now + timedelta(hours=3)) == []
        assert await store.accounts_to_listen(tx) == []


async def test_organizations_never_see_each_others_accounts(office: Office, tmp_path: Path) -> None:
    account_id = await add(office, "ada@acme.example")
    async with office.tools.db.transaction() as tx:
        await tx.execute(
            "insert into organizations (id, name, date_created, date_updated)"
            " values ('orga_other', 'Other', now(), now())"
        )
    theirs = await add(office, "ada@acme.example", organization_id="orga_other")
    async with office.tools.db.transaction() as tx:
        assert [one.id for one in await store.list_all(tx, "orga_other")] == [theirs]
        with pytest.raises(NotFound):
            await store.get(tx, "orga_other", account_id)
        with pytest.raises(NotFound):
            await store.mark_removed(tx, "orga_other", account_id, START)
        assert await store.accounts_by_id(tx, "orga_other", [account_id, theirs]) == {
            theirs: await store.get(tx, "orga_other", theirs)
        }
        await store.save_secret(tx, "orga_other", account_id, Side.RECEIVE, b"x")
        assert await store.sealed_secret(tx, office.organization_id, account_id, Side.RECEIVE) is None
        assert await store.account_of_identity(tx, "orga_other", "admin@acme.example", None) is None
        ours = await identity_store.own_addresses(tx, "orga_other")
    assert ours.is_ours("ada@acme.example")
    assert not ours.is_ours("admin@acme.example")

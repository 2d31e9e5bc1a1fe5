"""Logging in to mailboxes: one login for a burst, one session at a time, and failures that become a status."""

import asyncio
import itertools
from dataclasses import replace
from datetime import timedelta

import pytest

from postroom.ground.errors import Conflict, NeedsUser, NotFound, Permanent, Remedy, Temporary
from postroom.ground.net import AddressPolicy
from postroom.ground.vault import Vault, new_key
from postroom.journeys.steps.credentials import imap_settings, note_failure, note_success
from postroom.journeys.steps.open_mailbox import Mailboxes, open_mailbox
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import store
from postroom.rooms.accounts.account import (
    AccountSettings,
    ConnectedAccount,
    Encryption,
    ServerLogin,
    Side,
    Standing,
    Status,
)
from postroom.rooms.users.user import ActingUser
from postroom.wire.imap.folders import list_folders
from tests.journeys.office import Office, plain
from tests.servers.dovecot import PASSWORD, DovecotServer

_numbers = itertools.count(1)


class Ada:
    """A user with a mailbox of her own on the Dovecot, and her connected account."""

    def __init__(self, office: Office, server: DovecotServer, user: ActingUser, account_id: str) -> None:
        self.office = office
        self.server = server
        self.user = user
        self.name = user.email.split("@")[0]
        self.id = account_id

    @property
    def key(self) -> tuple[str, str]:
        return self.office.organization_id, self.id

    async def account(self) -> ConnectedAccount:
        async with self.office.tools.db.transaction() as tx:
            return await store.get(tx, *self.key)


async def make_ada(
    office: Office, server: DovecotServer, password: str = PASSWORD, login: ServerLogin | None = None
) -> Ada:
    name = f"ada{next(_numbers)}"
    server.add_user(name)
    user = await office.user(f"{name}@acme.example")
    login = login or plain(server.imap_port, name)
    return Ada(office, server, user, await office.connect(user, login, password))


def later(tools: Tools, **delta: float) -> Tools:
    """The same tools at a later time, on the same database."""
    return replace(tools, clock=lambda: _now(tools) + timedelta(**delta))


def _now(tools: Tools):  # type: ignore[no-untyped-def]
    return tools.clock()


async def test_a_burst_logs_in_once(office: Office, mail_server: DovecotServer) -> None:
    ada = await make_ada(office, mail_server)
    sessions = []
    for _ in range(3):
        async with open_mailbox(office.tools, *ada.key) as session:
            assert "INBOX" in [folder.name for folder in await list_folders(session)]
            sessions.append(session)
    assert sessions[0] is sessions[1] is sessions[2]


async def test_only_one_work_session_of_an_account_is_in_use(office: Office, mail_server: DovecotServer) -> None:
    ada = await make_ada(office, mail_server)
    inside, most = 0, 0

    async def work() -> None:
        nonlocal inside, most
        async with open_mailbox(office.tools, *ada.key) as session:
            inside += 1
            most = max(most, inside)
            await list_folders(session)
            inside -= 1

    await asyncio.gather(*(work() for _ in range(5)))
    assert most == 1


async def test_accounts_do_not_wait_for_each_other(office: Office, mail_server: DovecotServer) -> None:
    one, two = await make_ada(office, mail_server), await make_ada(office, mail_server)
    async with open_mailbox(office.tools, *one.key), asyncio.timeout(60), open_mailbox(office.tools, *two.key):
        pass


async def test_an_idle_session_is_given_back(office: Office, mail_server: DovecotServer) -> None:
    ada = await make_ada(office, mail_server)
    mailboxes = Mailboxes(warm_seconds=0.05)
    async with mailboxes.session(office.tools, *ada.key) as session:
        pass
    async with asyncio.timeout(60):
        while mailboxes.count:
            await asyncio.sleep(0.05)
    with pytest.raises(Temporary):
        await session.run(b"NOOP", "answer")


async def test_a_session_the_server_closed_is_replaced_without_harm(
    office: Office, mail_server: DovecotServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("postroom.journeys.steps.open_mailbox._SURELY_ALIVE_SECONDS", 0.0)
    ada = await make_ada(office, mail_server)
    async with open_mailbox(office.tools, *ada.key) as first:
        pass
    mail_server.doveadm("kick", ada.name)
    async with open_mailbox(office.tools, *ada.key) as second:
        await list_folders(second)
    assert first is not second
    assert (await ada.account()).receiving == Standing()


async def test_a_wrong_password_disconnects_receiving_with_the_servers_words(
    office: Office, mail_server: DovecotServer
) -> None:
    ada = await make_ada(office, mail_server, password="wrong-secret")
    with pytest.raises(NeedsUser):
        async with open_mailbox(office.tools, *ada.key):
            raise AssertionError("not logged in")
    account = await ada.account()
    assert (account.receiving.status, account.receiving.remedy) == (Status.ERROR, Remedy.PASSWORD)
    assert "uthenticat" in account.receiving.error
    assert "wrong-secret" not in account.receiving.error
    assert account.sending == Standing()


async def test_a_refused_account_is_not_tried_again_until_a_person_acts(
    office: Office, mail_server: DovecotServer
) -> None:
    ada = await make_ada(office, mail_server, password="wrong")
    with pytest.raises(NeedsUser):
        async with open_mailbox(office.tools, *ada.key):
            pass
    ada.server.add_user(ada.name, "wrong")  # it would work now, but nobody has said so
    with pytest.raises(NeedsUser):
        async with open_mailbox(later(office.tools, days=2), *ada.key):
            pass


async def test_a_server_that_is_down_is_left_alone_for_a_while(office: Office, mail_server: DovecotServer) -> None:
    ada = await make_ada(office, mail_server, login=plain(1, "ada"))
    with pytest.raises(Temporary):
        async with open_mailbox(office.tools, *ada.key):
            pass
    first = (await ada.account()).receiving
    assert (first.status, first.failures_in_row) == (Status.OK, 1)
    with pytest.raises(Temporary) as pause:
        async with open_mailbox(office.tools, *ada.key):
            pass
    assert pause.value.retry_after_seconds is not None
    assert pause.value.retry_after_seconds <= 12.5
    assert (await ada.account()).receiving == first, "waiting is no new failure"
    with pytest.raises(Temporary):
        async with open_mailbox(later(office.tools, minutes=1), *ada.key):
            pass
    assert (await ada.account()).receiving.failures_in_row == 2


async def test_success_clears_what_went_before(office: Office, mail_server: DovecotServer) -> None:
    ada = await make_ada(office, mail_server)
    with pytest.raises(Temporary):
        async with open_mailbox(office.tools, *ada.key):
            raise Temporary("the connection was lost")
    assert (await ada.account()).receiving.failures_in_row == 1
    async with open_mailbox(later(office.tools, minutes=1), *ada.key):
        pass
    assert (await ada.account()).receiving == Standing()


async def test_a_server_that_drops_us_after_each_login_is_tried_ever_more_rarely(
    office: Office, mail_server: DovecotServer
) -> None:
    ada = await make_ada(office, mail_server)
    waits = []
    for hour in range(5):
        tools = later(office.tools, hours=hour)
        with pytest.raises(Temporary):
            async with open_mailbox(tools, *ada.key):
                raise Temporary("dropped after login")
        standing = (await ada.account()).receiving
        assert standing.retry_after is not None
        waits.append((standing.retry_after - tools.clock()).total_seconds())
    assert all(later_one > earlier * 1.5 for earlier, later_one in itertools.pairwise(waits))


async def test_after_an_error_the_session_is_dropped(office: Office, mail_server: DovecotServer) -> None:
    ada = await make_ada(office, mail_server)
    with pytest.raises(Permanent):
        async with open_mailbox(office.tools, *ada.key) as first:
            raise Permanent("one message that no server takes")
    assert (await ada.account()).receiving == Standing(), "one message is not the account's fault"
    async with open_mailbox(office.tools, *ada.key) as second:
        assert second is not first


async def test_a_cancelled_use_leaves_the_mailbox_free(office: Office, mail_server: DovecotServer) -> None:
    ada = await make_ada(office, mail_server)
    is_open = asyncio.Event()

    async def hang() -> None:
        async with open_mailbox(office.tools, *ada.key):
            is_open.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(hang())
    await is_open.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(60), open_mailbox(office.tools, *ada.key) as session:
        await list_folders(session)


async def test_a_transaction_may_not_be_open_while_the_network_is_used(
    office: Office, mail_server: DovecotServer
) -> None:
    ada = await make_ada(office, mail_server)
    async with office.tools.db.transaction():
        with pytest.raises(AssertionError):
            async with open_mailbox(office.tools, *ada.key):
                pass


async def test_an_address_of_the_own_network_is_refused(office: Office, mail_server: DovecotServer) -> None:
    ada = await make_ada(office, mail_server)
    strict = replace(office.tools, addresses=AddressPolicy())
    with pytest.raises(Exception, match="POSTROOM_ALLOW_NETWORKS"):
        async with open_mailbox(strict, *ada.key):
            pass
    account = await ada.account()
    assert (account.receiving.status, account.receiving.remedy) == (Status.ERROR, Remedy.SETTINGS)


async def test_removed_and_switched_off_accounts_are_not_opened(office: Office, mail_server: DovecotServer) -> None:
    ada, bob = await make_ada(office, mail_server), await make_ada(office, mail_server)
    async with open_mailbox(office.tools, *ada.key) as session:
        pass
    async with office.tools.db.transaction() as tx:
        await store.mark_removed(tx, *ada.key, office.tools.clock())
        await store.save_settings(tx, *bob.key, AccountSettings(is_active=False), office.tools.clock())
    for one in (ada, bob):
        with pytest.raises(Conflict):
            async with open_mailbox(office.tools, *one.key):
                pass
    with pytest.raises(Temporary):
        await session.run(b"NOOP", "answer")  # the warm session was given up with the account


async def test_another_organization_cannot_open_it(office: Office, mail_server: DovecotServer) -> None:
    ada = await make_ada(office, mail_server)
    with pytest.raises(NotFound):
        async with open_mailbox(office.tools, "orga_other", ada.id):
            pass


async def test_a_failure_of_the_old_password_does_not_undo_a_reconnect(
    office: Office, mail_server: DovecotServer
) -> None:
    ada = await make_ada(office, mail_server, password="old")
    used, _ = await imap_settings(office.tools, *ada.key)
    async with office.tools.db.transaction() as tx:  # meanwhile the user types the right password
        await store.save_secret(tx, *ada.key, Side.RECEIVE, b"sealed anew")
    await note_failure(office.tools, used, NeedsUser("wrong password", remedy=Remedy.PASSWORD))
    assert (await ada.account()).receiving == Standing()


async def test_what_an_old_session_achieved_does_not_clear_a_new_refusal(
    office: Office, mail_server: DovecotServer
) -> None:
    ada = await make_ada(office, mail_server)
    with pytest.raises(Temporary):
        async with open_mailbox(office.tools, *ada.key):
            raise Temporary("once")
    used, _ = await imap_settings(later(office.tools, minutes=1), *ada.key)
    async with office.tools.db.transaction() as tx:
        await store.save_secret(tx, *ada.key, Side.RECEIVE, b"sealed anew")
    await note_success(office.tools, used)
    assert (await ada.account()).receiving.failures_in_row == 1


async def test_a_certificate_that_is_not_trusted_is_never_passed_by(office: Office, mail_server: DovecotServer) -> None:
    login = ServerLogin("localhost", mail_server.imaps_port, Encryption.TLS, "ada")
    ada = await make_ada(office, mail_server, login=login)
    with pytest.raises(NeedsUser):
        async with open_mailbox(office.tools, *ada.key):
            pass
    account = await ada.account()
    assert account.receiving.remedy is Remedy.CERTIFICATE


async def test_a_missing_sealing_key_makes_the_account_wait_and_asks_nobody_for_a_password(
    office: Office, mail_server: DovecotServer
) -> None:
    ada = await make_ada(office, mail_server)
    keyless = replace(office.tools, vault=Vault([new_key()]))
    with pytest.raises(Temporary, match="cannot be opened"):
        async with open_mailbox(keyless, *ada.key):
            pass
    account = await ada.account()
    assert account.receiving.status is Status.OK
    assert "POSTROOM_KEY" in account.receiving.error
    async with open_mailbox(later(office.tools, minutes=1), *ada.key):
        pass
    assert (await ada.account()).receiving == Standing()

"""Servers that hang up, fall silent, allow one connection, or stand where they must not."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from postroom.ground.errors import PostroomError, Temporary
from postroom.ground.net import AddressPolicy
from postroom.journeys import jobs, listening, sweep
from postroom.journeys.arrive import pull_new
from postroom.rooms.accounts.account import ConnectedAccount, Encryption, ServerLogin
from postroom.wire.imap import idle
from tests.faults.box import Box, SetClock, connected
from tests.faults.working import until, working
from tests.journeys.office import Office
from tests.servers.scripted_imap import FOREVER, Fault, Matching, ScriptedImap, answer_faults, connection_faults


async def listeners_account(box: Box) -> ConnectedAccount:
    """The account as the listener's round hands it over."""
    (account,) = await listening.accounts_to_hold(box.office.tools, "test")
    return account


async def test_an_idle_that_died_without_a_word_is_noticed_and_mail_comes(
    box: Box, impatient: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """50: asked every few minutes whether it lives (here: every half second); the poll would find the mail too."""
    monkeypatch.setattr(idle, "PROBE_SECONDS", 0.5)
    dead = box.server.faults.add(connection_faults.dead_idle(), on="IDLE", times=FOREVER)
    account = await listeners_account(box)
    with pytest.raises(Temporary):
        await asyncio.wait_for(listening.listen(box.office.tools, account), 60)
    assert dead.struck == 1
    await box.pull()
    box.deliver("While it was dead")
    dead.remove()
    await box.rows("delete from procrastinate_jobs returning 1")
    again = asyncio.create_task(listening.listen(box.office.tools, account))
    await until(lambda: _hinted(box))  # what came while nobody listened is asked for at once
    again.cancel()


async def _hinted(box: Box) -> bool:
    return bool(await box.rows("select 1 from procrastinate_jobs where task_name = %s", jobs.PULL_NEW.name))


@pytest.mark.parametrize("verb", ["LIST", "EXAMINE", "LOGIN"])
async def test_a_server_that_drops_us_after_login_is_tried_ever_more_rarely(
    box: Box, clock: SetClock, verb: str
) -> None:
    """51: not 17 logins a second: over three hours of its trouble a dozen or two, and then all mail is there."""
    box.server.withhold("SASL-IR", "AUTH=PLAIN", "AUTH=LOGIN", "AUTH=XOAUTH2", "AUTH=OAUTHBEARER")
    dropping = box.server.faults.add(connection_faults.hangup(), on=verb, times=FOREVER)
    box.fill(2)
    for _ in range(90):
        with pytest.raises(PostroomError):
            await box.pull_new()
        clock.pass_by(minutes=2)
    assert 6 < box.server.connections_opened < 25
    dropping.remove()
    clock.pass_by(hours=1)
    await box.pull()
    assert len(await box.subjects()) == 2


async def test_a_limit_of_one_connection_still_brings_mail_soon(
    box: Box, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """52: the listener took the only connection; it gives way, and from then on the poll brings the mail."""
    monkeypatch.setattr("postroom.doors.worker.listen.ROUND_SECONDS", 0.2)
    monkeypatch.setattr("postroom.doors.worker.listen.FIRST_PAUSE_SECONDS", 0.1)
    box.server.connections_per_user = 1
    account = await listeners_account(box)
    taken = asyncio.create_task(listening.listen(box.office.tools, account))
    await until(lambda: _hinted(box))
    box.fill(2)
    with pytest.raises(Temporary):
        await box.pull_new()
    waits = await box.one("select retry_after - %s from connected_accounts", clock())
    assert waits < timedelta(seconds=20)
    assert await listening.accounts_to_hold(box.office.tools, "test") == []  # so the round ends the listener
    taken.cancel()
    clock.pass_by(seconds=20)
    async with working(box.office.tools):
        await until(lambda: _has(box, 2))
        await until(lambda: _idle(box))
        box.deliver("Later")
        clock.pass_by(seconds=70)
        await until(lambda: _has(box, 3))
    assert await box.one("select receive_error from connected_accounts") == ""


async def _idle(box: Box) -> bool:
    return not await box.rows("select 1 from procrastinate_jobs where task_name like 'pull%%'")


async def _has(box: Box, count: int) -> bool:
    return bool(await box.one("select count(*) from emails") == count)


async def test_too_many_connections_of_others_make_us_wait_as_long_as_servers_do(box: Box, clock: SetClock) -> None:
    """52: minutes, not seconds, and the account stays connected: nobody is asked for a password."""
    box.server.connections_per_user = 0
    with pytest.raises(Temporary):
        await box.pull_new()
    status, wait = (await box.rows("select receive_status, retry_after - %s from connected_accounts", clock()))[0]
    assert status == "ok"
    assert wait > timedelta(minutes=4)
    box.server.connections_per_user = None
    box.fill(1)
    clock.pass_by(minutes=6)
    await box.pull()
    assert len(await box.subjects()) == 1


@pytest.mark.parametrize(
    ("text", "at_least"),
    [
        (answer_faults.GMAIL_BANDWIDTH, 600),
        (answer_faults.MICROSOFT_THROTTLED, 92),
        ("[UNAVAILABLE] Try again in 15 minutes", 900),
    ],
)
async def test_a_server_that_names_a_wait_is_left_alone_for_it(
    box: Box, clock: SetClock, text: str, at_least: int
) -> None:
    """53 as IMAP servers say it: the wait is the server's, not ours, and nothing is lost by it."""
    box.fill(2)
    box.server.faults.add(answer_faults.refuse(text), on="UID FETCH")
    with pytest.raises(PostroomError):
        await box.pull()
    wait = await box.one("select extract(epoch from retry_after - %s) from connected_accounts", clock())
    assert wait > at_least - 5
    assert await box.one("select receive_status from connected_accounts") == "ok"
    opened = box.server.connections_opened
    clock.pass_by(seconds=at_least - 10)
    with pytest.raises(PostroomError):
        await box.pull_new()
    assert box.server.connections_opened == opened
    clock.pass_by(hours=1)
    await box.pull()
    assert len(await box.subjects()) == 2


@pytest.mark.parametrize(
    ("fault", "on"),
    [
        (answer_faults.refuse(answer_faults.DOVECOT_TEMPORARY), "LOGIN"),
        (connection_faults.bye("Server shutting down"), "CONNECT"),
        (connection_faults.hangup(), "CONNECT"),
        (answer_faults.refuse(answer_faults.MICROSOFT_UNAVAILABLE), "LOGIN"),
    ],
    ids=["temporary failure", "bye", "hangup", "unavailable"],
)
async def test_trouble_of_the_server_is_not_a_wrong_password(box: Box, clock: SetClock, fault: Fault, on: str) -> None:
    """56: the account waits and nobody is asked for anything."""
    box.server.withhold("SASL-IR", "AUTH=PLAIN", "AUTH=LOGIN", "AUTH=XOAUTH2", "AUTH=OAUTHBEARER")
    box.server.faults.add(fault, on=on)
    with pytest.raises(Temporary):
        await box.pull_new()
    assert await box.rows("select receive_status, receive_remedy from connected_accounts") == [("ok", "")]
    clock.pass_by(hours=1)
    box.fill(1)
    await box.pull()
    assert len(await box.subjects()) == 1


async def test_a_changed_password_asks_the_owner_and_loses_nothing(box: Box, clock: SetClock) -> None:
    """57: told once, not tried again and again (providers lock accounts for that); after reconnecting all is there."""
    box.fill(1)
    await box.pull()
    box.account.password = "changed"
    box.server.drop_all()
    box.deliver("Meanwhile")
    for _ in range(5):
        with pytest.raises(PostroomError):
            await box.pull_new()
        clock.pass_by(minutes=45)
    logins = sum(line.verb in ("LOGIN", "AUTHENTICATE") for line in box.server.log)
    assert logins == 2
    assert await box.rows("select receive_status, receive_remedy from connected_accounts") == [("error", "password")]
    assert await box.subjects() == ["Offer 0"]
    box.account.password = "secret"
    async with box.office.tools.db.transaction() as tx:  # as journeys/connect.py does it when the form is saved
        await tx.execute("update connected_accounts set receive_status = 'ok', receive_remedy = '', receive_error = ''")
    await box.pull()
    assert len(await box.subjects()) == 2


async def test_a_mail_server_in_the_operators_network_is_never_called(office: Office, server: ScriptedImap) -> None:
    """60: checked on the address that is connected to, after the name is resolved; the owner is told which setting."""
    strict = Office(replace(office.tools, addresses=AddressPolicy(())), office.organization_id, office.admin)
    for number, host in enumerate(("127.0.0.1", "localhost", "169.254.169.254", "10.0.0.1", "::1", "::ffff:127.0.0.1")):
        user = await strict.user(f"user{number}@acme.example")
        account = await strict.connect(user, ServerLogin(host, server.tls_port, Encryption.TLS, "anna"), "secret")
        with pytest.raises(PostroomError):
            await pull_new(strict.tools, strict.organization_id, account)
        query = "select receive_status, receive_error from connected_accounts where id = %s"
        ((status, error),) = await strict.rows(query, account)
        assert status == "error"
        assert "POSTROOM_ALLOW_NETWORKS" in error
    assert server.connections_opened == 0


async def test_the_clock_set_back_an_hour_stops_no_poll_and_no_slice(box: Box, clock: SetClock) -> None:
    """65: what was written in the future does not hold up the present."""
    box.fill(2)
    await box.pull()
    clock.pass_by(hours=-1)
    box.deliver("After")
    await box.rows("delete from procrastinate_jobs returning 1")
    await sweep.due_now(box.office.tools)
    assert await _hinted(box)
    await box.pull()
    assert len(await box.subjects()) == 3
    clock.pass_by(hours=2)
    box.deliver("Later")
    await box.pull()
    assert len(await box.subjects()) == 4
    assert await box.doubles() == []


async def test_a_second_account_of_a_busy_server_has_its_own_place(office: Office, box: Box) -> None:
    """62: what one account's server refuses touches no other account of it."""
    other = await connected(office, box.server, "ben@acme.example")
    box.server.faults.add(
        answer_faults.refuse("[UNAVAILABLE] Try again later"),
        on=Matching("EXAMINE", user=box.user.email),
        times=FOREVER,
    )
    other.fill(1)
    with pytest.raises(PostroomError):
        await box.pull_new()
    await other.pull()
    assert len(await other.waiting()) == 1

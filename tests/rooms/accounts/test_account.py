"""What failures do to an account: which side, for how long, and what is left alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from postroom.ground.errors import Invalid, NeedsUser, Permanent, Remedy, Temporary
from postroom.rooms.accounts.account import (
    LONGEST_SERVER_WAIT_SECONDS,
    LONGEST_WAIT_SECONDS,
    AccountSettings,
    ConnectedAccount,
    Encryption,
    ServerLogin,
    Side,
    Standing,
    Status,
    receive_failed,
    recovered,
    secret_context,
    send_failed,
)

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
LOGIN = ServerLogin("imap.acme.example", 993, Encryption.TLS, "ada@acme.example")


def account(**changes: object) -> ConnectedAccount:
    made = ConnectedAccount(
        organization_id="orga_1", id="emailacct_1", user_id="user_1", type="custom_email", provider="custom",
        email="ada@acme.example", email_key="ada@acme.example", imap=LOGIN, smtp=LOGIN, settings=AccountSettings(),
        receiving=Standing(), sending=Standing(), files_own_sent=False, server_can_push=False, is_deleted=False,
        date_created=NOW, date_updated=NOW, date_connected=NOW, last_pull_at=None, folders_read_at=None,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def test_a_refused_password_disconnects_receiving_alone() -> None:
    change = receive_failed(account(), NeedsUser("NO wrong", remedy=Remedy.PASSWORD), NOW)
    assert change.side is Side.RECEIVE
    assert change.disconnects
    assert change.standing == Standing(Status.ERROR, "NO wrong", Remedy.PASSWORD)


def test_smtp_auth_switched_off_disconnects_sending_alone() -> None:
    change = send_failed(account(), NeedsUser("535 5.7.139", remedy=Remedy.SMTP_AUTH), NOW)
    assert (change.side, change.standing.remedy) == (Side.SEND, Remedy.SMTP_AUTH)


@pytest.mark.parametrize("error", [Permanent("not IMAP"), Invalid("10.0.0.1 is not a public address")])
def test_what_only_other_settings_can_mend_asks_for_them(error: Permanent | Invalid) -> None:
    change = receive_failed(account(), error, NOW)
    assert (change.standing.status, change.standing.remedy) == (Status.ERROR, Remedy.SETTINGS)


def test_a_temporary_failure_leaves_the_status_and_waits() -> None:
    standing = receive_failed(account(), Temporary("connection lost"), NOW).standing
    assert standing.status is Status.OK
    assert standing.error == "connection lost"
    assert standing.failures_in_row == 1
    assert standing.retry_after is not None
    assert timedelta(seconds=10) <= standing.retry_after - NOW <= timedelta(seconds=12.5)


def test_waits_grow_up_to_half_an_hour_and_never_shrink() -> None:
    waits, standing = [], Standing()
    for _ in range(20):
        standing = receive_failed(account(receiving=standing), Temporary("no"), NOW).standing
        assert standing.retry_after is not None
        waits.append((standing.retry_after - NOW).total_seconds())
    assert all(earlier < later for earlier, later in pairwise(waits[:8]))
    assert LONGEST_WAIT_SECONDS <= waits[-1] <= LONGEST_WAIT_SECONDS * 1.25
    assert sum(1 for wait in waits if wait < 60) <= 4, "a server that drops us after each login is left alone soon"


def test_what_the_server_asks_for_is_honoured() -> None:
    standing = receive_failed(account(), Temporary("throttled", retry_after_seconds=900), NOW).standing
    assert standing.retry_after == NOW + timedelta(minutes=15)


def test_a_server_cannot_send_us_away_for_ever() -> None:
    standing = receive_failed(account(), Temporary("later", retry_after_seconds=1e12), NOW).standing
    assert standing.retry_after == NOW + timedelta(seconds=LONGEST_SERVER_WAIT_SECONDS)


def test_a_short_wish_of_the_server_does_not_shorten_our_own_wait() -> None:
    tired = Standing(failures_in_row=6)
    standing = receive_failed(account(receiving=tired), Temporary("busy", retry_after_seconds=1), NOW).standing
    assert standing.retry_after is not None
    assert standing.retry_after - NOW > timedelta(minutes=5)


def test_a_passing_failure_does_not_hide_what_a_person_must_do() -> None:
    broken = Standing(Status.ERROR, "wrong password", Remedy.PASSWORD)
    change = receive_failed(account(receiving=broken), Temporary("connection lost"), NOW)
    assert change.standing == broken
    assert not change.disconnects


def test_a_second_refusal_is_no_new_disconnection() -> None:
    broken = Standing(Status.ERROR, "wrong password", Remedy.PASSWORD)
    error = NeedsUser("still wrong", remedy=Remedy.PASSWORD)
    assert not receive_failed(account(receiving=broken), error, NOW).disconnects


def test_success_clears_a_side_and_costs_nothing_when_all_was_well() -> None:
    waiting = account(receiving=Standing(error="lost", retry_after=NOW, failures_in_row=3))
    change = recovered(waiting, Side.RECEIVE)
    assert change is not None
    assert change.standing == Standing()
    assert recovered(waiting, Side.SEND) is None


def test_accounts_that_fell_together_come_back_apart() -> None:
    ends = {
        receive_failed(account(id=f"emailacct_{n}"), Temporary("down"), NOW).standing.retry_after for n in range(50)
    }
    assert len(ends) == 50


def test_an_account_syncs_and_sends_only_when_wanted_and_possible() -> None:
    assert account().syncs
    assert account().sends
    assert not account(smtp=None).sends
    assert account(smtp=None).syncs
    assert not account(settings=AccountSettings(is_active=False)).syncs
    assert not account(settings=AccountSettings(sync_enabled=False)).syncs
    assert account(settings=AccountSettings(sync_enabled=False)).sends
    assert not account(is_deleted=True).sends


def test_a_sealed_secret_belongs_to_one_row_and_one_column() -> None:
    contexts = {
        secret_context(organization, one, side)
        for organization in ("orga_1", "orga_2")
        for one in ("emailacct_1", "emailacct_2")
        for side in Side
    }
    assert len(contexts) == 8

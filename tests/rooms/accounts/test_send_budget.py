"""How many emails may go out now, and when the next may."""

from datetime import UTC, datetime, timedelta

from postroom.rooms.accounts.account import Side
from postroom.rooms.accounts.provider_table import PROVIDERS
from postroom.rooms.accounts.providers import provider_of_server
from postroom.rooms.accounts.send_budget import (
    NO_LIMITS,
    SendLimits,
    Sent,
    SentSoFar,
    SlowPace,
    at_pace,
    budget,
    halved,
    pace_now,
    share_of_bulk,
)

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
MINUTE_AGO = NOW - timedelta(seconds=40)


def test_without_limits_everything_may_go() -> None:
    assert budget(NO_LIMITS, SentSoFar(), NOW).emails is None


def test_the_tightest_window_decides() -> None:
    sent = SentSoFar(Sent(10, MINUTE_AGO), Sent(95, NOW), Sent(300, NOW))
    assert budget(SendLimits(per_minute=30, per_hour=100, per_day=1000), sent, NOW).emails == 5


def test_a_full_minute_opens_when_its_oldest_email_leaves_it() -> None:
    sent = SentSoFar(minute=Sent(30, MINUTE_AGO))
    full = budget(SendLimits(per_minute=30), sent, NOW)
    assert full.emails == 0
    assert full.next_at == NOW + timedelta(seconds=20)
    assert "30" in full.reason


def test_a_day_is_24_hours_back_from_now_not_a_date() -> None:
    yesterday_evening = NOW - timedelta(hours=23)
    full = budget(SendLimits(per_day=500), SentSoFar(day=Sent(500, yesterday_evening)), NOW)
    assert full.next_at == NOW + timedelta(hours=1)


def test_of_two_full_windows_the_later_one_decides() -> None:
    sent = SentSoFar(minute=Sent(30, MINUTE_AGO), day=Sent(500, NOW - timedelta(hours=2)))
    assert budget(SendLimits(per_minute=30, per_day=500), sent, NOW).next_at == NOW + timedelta(hours=22)


def test_more_than_the_limit_was_sent_elsewhere() -> None:
    late = budget(SendLimits(per_minute=30), SentSoFar(minute=Sent(99, NOW - timedelta(minutes=2))), NOW)
    assert (late.emails, late.next_at) == (0, NOW)


def test_office_takes_30_a_minute() -> None:
    assert provider_of_server("smtp.office365.com", Side.SEND).limits.per_minute == 30
    assert provider_of_server("mail.acme.example", Side.SEND).limits == NO_LIMITS


def test_limits_are_positive_where_there_are_any() -> None:
    for row in PROVIDERS:
        numbers = (row.limits.per_minute, row.limits.per_hour, row.limits.per_day, row.limits.recipients_per_email)
        assert all(number is None or number > 0 for number in numbers), row.key


def test_bulk_email_leaves_a_tenth_of_hour_and_day_to_people() -> None:
    share = share_of_bulk(SendLimits(per_minute=30, per_hour=100, per_day=2000))
    assert (share.per_minute, share.per_hour, share.per_day) == (30, 90, 1800)
    assert share_of_bulk(NO_LIMITS) == NO_LIMITS


def test_a_slowed_account_is_faster_every_half_hour_until_it_is_free() -> None:
    slow = SlowPace(10.0, NOW)
    assert at_pace(SendLimits(per_minute=30), slow, NOW).per_minute == 10
    assert at_pace(NO_LIMITS, slow, NOW + timedelta(minutes=30)).per_minute == 20
    assert at_pace(SendLimits(per_minute=30), slow, NOW + timedelta(hours=2)).per_minute == 30
    assert pace_now(slow, NOW + timedelta(hours=6)) is None
    assert at_pace(NO_LIMITS, slow, NOW + timedelta(hours=6)) == NO_LIMITS
    assert at_pace(SendLimits(connections=10), slow, NOW).connections == 1


def test_each_complaint_halves_what_was_sent_down_to_a_trickle() -> None:
    assert halved(None, 80, NOW) == 40
    assert halved(SlowPace(40.0, NOW), 3, NOW) == 20
    assert halved(SlowPace(40.0, NOW), 3, NOW + timedelta(minutes=30)) == 40
    assert halved(SlowPace(6.0, NOW), 3, NOW) == 5

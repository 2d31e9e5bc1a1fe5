"""Moments in queries: written dates in every spelling, ages, periods and offsets, where the asker is."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from postroom.ground.errors import Invalid
from postroom.rooms.smart_views.moments import (
    PERIODS,
    Here,
    LocalDay,
    Now,
    Offset,
    Period,
    Shift,
    Which,
    ago,
    stretch_of,
    when,
)

NOON = datetime(2026, 3, 31, 12, 0, tzinfo=UTC)  # a Tuesday
HERE = Here(NOON)
WEST = Here(NOON, timezone(timedelta(hours=-13)))  # still the 30th there


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2018-07-17", "2018-07-17T00:00", "2018-07-18T00:00"),
        ("2018-7-1", "2018-07-01T00:00", "2018-07-02T00:00"),
        ("2018/07/17", "2018-07-17T00:00", "2018-07-18T00:00"),
        ("2018-07", "2018-07-01T00:00", "2018-08-01T00:00"),
        ("2018", "2018-01-01T00:00", "2019-01-01T00:00"),
        ("2014-01-01 08:00:00", "2014-01-01T08:00", "2014-01-01T08:00:01"),
        ("2024-01-01T00:00", "2024-01-01T00:00", "2024-01-01T00:01"),
        ("2024-01-01T05", "2024-01-01T05:00", "2024-01-01T06:00"),
        ("2019-01-01T00:00:00.000+0000", "2019-01-01T00:00", "2019-01-01T00:00:00.001"),
        ("2019-01-01T00:00:00Z", "2019-01-01T00:00", "2019-01-01T00:00:01"),
        ("2019-01-01T00:00:00+02:00", "2018-12-31T22:00", "2018-12-31T22:00:01"),
        ("2019-01-01T00:00:00-05", "2019-01-01T05:00", "2019-01-01T05:00:01"),
        ("today", "2026-03-31T00:00", "2026-04-01T00:00"),
        ("Yesterday", "2026-03-30T00:00", "2026-03-31T00:00"),
        ("tomorrow", "2026-04-01T00:00", "2026-04-02T00:00"),
        ("this week", "2026-03-30T00:00", "2026-04-06T00:00"),
        ("last-week", "2026-03-23T00:00", "2026-03-30T00:00"),
        ("last_month", "2026-02-01T00:00", "2026-03-01T00:00"),
        ("next quarter", "2026-04-01T00:00", "2026-07-01T00:00"),
        ("this year", "2026-01-01T00:00", "2027-01-01T00:00"),
        ("last-7-days", "2026-03-25T00:00", "2026-04-01T00:00"),
        ("Last 30 days", "2026-03-02T00:00", "2026-04-01T00:00"),
        ("next_1_day", "2026-03-31T00:00", "2026-04-01T00:00"),
        ("all-time", "1000-01-01T00:00", "9000-01-01T00:00"),
    ],
)
def test_a_written_date_covers_as_much_as_it_says(text: str, start: str, end: str) -> None:
    covered = stretch_of(text, HERE)
    assert covered is not None
    assert (covered.start, covered.end) == tuple(
        datetime.fromisoformat(one).replace(tzinfo=UTC) for one in (start, end)
    )


@pytest.mark.parametrize("text", ["", "soon", "2018-13-01", "2018-02-30", "99999", "2018-07-17T25:00", "9999-12-31",
                                  "30", "2018-07-17 tomorrow", "٢٠١٨-٠٧-١٧"])  # fmt: skip
def test_what_is_no_date_is_none(text: str) -> None:
    assert stretch_of(text, HERE) is None


def test_a_day_is_the_askers_day() -> None:
    today = stretch_of("today", WEST)
    assert today is not None
    assert (today.start, today.end) == (NOON.replace(day=30, hour=13), NOON.replace(day=31, hour=13))
    written = stretch_of("2026-03-31", WEST)
    assert written is not None and written.start == NOON.replace(hour=13)


def test_a_day_of_a_clock_change_has_23_hours() -> None:
    berlin = Here(datetime(2026, 3, 29, 12, tzinfo=UTC), ZoneInfo("Europe/Berlin"))
    today = stretch_of("today", berlin)
    assert today is not None and today.end - today.start == timedelta(hours=23)


def test_ages_count_units_back() -> None:
    assert ago(30, "day", HERE) == NOON - timedelta(days=30)
    assert ago(90, "min", HERE) == NOON - timedelta(minutes=90)
    assert ago(1, "month", HERE) == datetime(2026, 2, 28, 12, tzinfo=UTC)  # February has no 31st
    assert ago(2, "year", HERE) == datetime(2024, 3, 31, 12, tzinfo=UTC)
    for count, unit in [(10**9, "year"), (10**9, "week"), (2026, "year")]:
        with pytest.raises(Invalid):
            ago(count, unit, HERE)


def test_structured_moments_are_where_close_puts_them() -> None:
    assert when(Now(), HERE) == NOON
    assert when(LocalDay(date(2026, 3, 1), Which.END), HERE) == datetime(2026, 3, 2, tzinfo=UTC)
    assert when(LocalDay(date(2026, 3, 1), Which.START), WEST) == datetime(2026, 3, 1, 13, tzinfo=UTC)
    week = Shift(0, 7 * 86_400)
    assert when(Offset(-1, Now(), week, Which.START), HERE) == datetime(2026, 3, 24, tzinfo=UTC)
    assert when(Offset(1, Now(), week, None), HERE) == NOON + timedelta(days=7)
    for name in PERIODS:
        assert when(Period(name, Which.START), HERE) < when(Period(name, Which.END), HERE)

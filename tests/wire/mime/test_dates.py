"""Dates in the forms that are still seen, and what is no date."""

from datetime import UTC, datetime

import pytest

from postroom.wire.mime.dates import parse_date

SAME_MOMENT = [
    "Tue, 14 May 2024 10:13:05 +0200", "14 May 2024 08:13:05 GMT", "14 May 24 08:13:05 -0000", "2024-05-14T10:13:05+02:00",
    "2024-05-14 08:13:05Z", "Tue May 14 08:13:05 2024", "Tuesday, 14-May-24 04:13:05 EDT", "Tue, 14 May 2024 10:13:05 +0200 (CEST)",
    "Di, 14 Mai 2024 10:13:05 +0200", "Tue,  14  May  2024  10:13:05  +0200", "14 May 2024 08:13:05", "Tue, 14 May 2024 10.13.05 +0200",
    "May 14, 2024 08:13:05 AM +0000", "Tue, 14 May 124 08:13:05 GMT",
]  # fmt: skip


@pytest.mark.parametrize("written", SAME_MOMENT)
def test_every_form_of_a_date_is_the_same_moment(written: str) -> None:
    assert parse_date(written) == datetime(2024, 5, 14, 8, 13, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "written", ["", "yesterday", "10:13", "Fri, 30 Feb 2024 10:00:00 +0000", "Fri, 31 Dec 9999 23:59:59 -1200",
                "Mon, 01 Jan 0001 00:00:00 +0000", "Tue, 14 May 2024 25:00:00 +0000", "Tue, 14 May 2024 10:13:05 +9999", "99999999999",
                "Tue, 14 May 99999 10:13:05 +0000"],
)  # fmt: skip
def test_what_is_no_date_is_none(written: str) -> None:
    assert parse_date(written) is None


def test_a_leap_second_is_the_second_before_it() -> None:
    assert parse_date("Sat, 31 Dec 2016 23:59:60 +0000") == datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)


def test_years_of_two_and_three_digits_are_read_as_the_rfc_says() -> None:
    assert [parse_date(f"1 Jan {year} 00:00 GMT").year for year in ("49", "50", "99", "101")] == [
        2049,
        1950,
        1999,
        2001,
    ]  # type: ignore[union-attr]

"""How far a search for emails looks: by what its first look met, one email after the other or by the index."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from postroom.views.email_reckoning import Archive, Look, Pace, Seen, emails_to_look_at, pace_of

UNTIL = datetime(2026, 5, 20, tzinfo=UTC)
OLDEST = UNTIL - timedelta(days=1000)
LARGE = Archive(OLDEST, 2_000_000, 2_000_000, 2_000_000)
LOOK = Look(UNTIL, 1000)


def pace(offered: int, meant: int, archive: Archive = LARGE) -> Pace:
    return pace_of(LOOK, Seen(tuple(map(str, range(meant))), offered), archive)


def test_what_is_common_is_met_one_by_one_and_what_is_rare_by_the_index() -> None:
    assert 700 < emails_to_look_at(LOOK, pace(100, 100), LARGE, 50) < 900
    assert emails_to_look_at(LOOK, pace(1, 1), LARGE, 50) == 0
    assert emails_to_look_at(LOOK, pace(0, 0), LARGE, 50) == 0
    assert emails_to_look_at(replace(LOOK, until=None), pace(100, 100), LARGE, 50) == 0


def test_what_is_in_order_is_not_passed_by() -> None:
    of_a_person = replace(LARGE, left=100_000)
    assert emails_to_look_at(LOOK, pace(60, 0, of_a_person), of_a_person, 50) == 0
    in_order = replace(of_a_person, is_in_order=True)
    assert 1000 < emails_to_look_at(LOOK, pace(60, 3, in_order), in_order, 50) < 2000


def test_a_stretch_holds_as_many_emails_as_are_needed_and_not_more_than_the_index_is_to_offer() -> None:
    assert pace(20, 20).emails_at_once(50, 2000) == pace(20, 20).emails_for(50)
    assert pace(20, 20).emails_at_once(50, 20) == 1000
    assert pace(0, 0).emails_at_once(50, 2000) < 200_000
    assert Pace(1000, 10, 10).further(9000, 0, 0).emails_for(1) == Pace(10_000, 10, 10).emails_for(1)


def test_months_are_as_long_as_there_was_mail() -> None:
    assert LARGE.months_for(1, UNTIL) == 0 and LARGE.months_for(10**9, UNTIL) == 34
    lately = replace(LARGE, bounds=(OLDEST, UNTIL - timedelta(days=100), UNTIL - timedelta(days=5), UNTIL))
    assert lately.months_for(600_000, UNTIL) == 0 and LARGE.months_for(600_000, UNTIL) == 10
    assert round(lately.between(OLDEST, UNTIL)) == 2_000_000
    assert lately.between(UNTIL, UNTIL + timedelta(days=9)) == 1

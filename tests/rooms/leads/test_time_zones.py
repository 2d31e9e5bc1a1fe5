"""Where telephone numbers and addresses lie, by their time zones."""

from zoneinfo import available_timezones

import pytest

from postroom.rooms.leads.time_zones import all_zones, zones_of_address, zones_of_number


@pytest.mark.parametrize(
    ("number", "zones"),
    [
        ("+4930123456", ("Europe/Berlin",)),
        ("+12125550100", ("America/New_York",)),
        ("+13105550100x12", ("America/Los_Angeles",)),
        ("+81312345678", ("Asia/Tokyo",)),
        ("+18005550100", ()),
        ("030123456", ()),
        ("ask Zoe", ()),
        ("", ()),
    ],
)
def test_a_number_lies_where_its_first_digits_say(number: str, zones: tuple[str, ...]) -> None:
    assert zones_of_number(number) == zones


@pytest.mark.parametrize(
    ("country", "state", "zones"),
    [
        ("DE", "", ("Europe/Berlin",)),
        ("DE", "Bayern", ("Europe/Berlin",)),
        ("US", "CA", ("America/Los_Angeles",)),
        ("us", "mississippi", ("America/Chicago",)),
        ("US", " New York ", ("America/New_York",)),
        ("CA", "Québec", ("America/Toronto",)),
        ("BR", "São Paulo", ("America/Sao_Paulo",)),
        ("AU", "WA", ("Australia/Perth",)),
        ("ES", "", ("Atlantic/Canary", "Europe/Madrid")),
        ("GB", "", ("Europe/London",)),
        ("US", "", ()),
        ("US", "Mizzle", ()),
        ("", "CA", ()),
        ("XX", "", ()),
    ],
)
def test_an_address_lies_where_its_country_and_state_say(country: str, state: str, zones: tuple[str, ...]) -> None:
    assert zones_of_address(country, state) == zones


def test_every_zone_is_one_of_the_time_zone_database() -> None:
    assert set(all_zones()) <= available_timezones()

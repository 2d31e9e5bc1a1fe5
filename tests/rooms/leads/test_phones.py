"""Telephone numbers are compared in one form, however they are typed; what is no number stays as it is."""

import pytest

from postroom.rooms.leads.lead import Phone
from postroom.rooms.leads.phones import Number, ending_of, forms_of, kept, number_of, region_of_zone

BERLIN = Number("+4930123456", "+49 30 123456", "DE")
OFFICE = Number("+16502530000", "+1 650-253-0000", "US")


@pytest.mark.parametrize(
    ("typed", "regions", "read"),
    [
        ("+49 30 123456", (), BERLIN),
        ("+49 (0)30 123456", (), BERLIN),
        ("0049-30/123456", (), BERLIN),
        ("030 123456", ("DE",), BERLIN),
        ("(030) 12 34 56", ("de",), BERLIN),
        ("０３０ 123456", ("DE",), BERLIN),
        ("Tel. 030 123456", ("DE",), BERLIN),
        ("011 49 30 123456", ("US",), BERLIN),
        ("+49 30 123456", ("US",), BERLIN),
        ("(650) 253-0000", ("US",), OFFICE),
        ("650.253.0000", ("DE ", "US"), Number("+496502530000", "+49 6502 530000", "DE")),
        ("650 253 0000 ext. 12", ("US",), Number("+16502530000x12", "+1 650-253-0000 ext. 12", "US")),
        ("030 123456", (), Number("030123456", "030 123456")),
        ("030 123456", ("", "XX"), Number("030123456", "030 123456")),
        ("12", ("DE",), Number("12", "12")),
        ("030 123456 only mornings", ("DE",), Number("030 123456 only mornings", "030 123456 only mornings")),
        (" ask  Zoe ", ("DE",), Number("ask Zoe", "ask Zoe")),
        ("", ("DE",), Number("", "")),
        ("+" + "9" * 300, ("DE",), Number("+" + "9" * 300, "+" + "9" * 300)),
    ],
)
def test_a_number_is_kept_with_its_country(typed: str, regions: tuple[str, ...], read: Number) -> None:
    assert number_of(typed, regions) == read
    assert number_of(read.phone, regions).phone == read.phone  # read again, as programs send back what they got


def test_what_is_looked_for_is_found_as_it_is_kept() -> None:
    for typed in ("030 123456", "+49 30 123456", "0049 30 123456", "(030) 123-456"):
        assert BERLIN.phone in forms_of(typed, ("DE",))
    assert forms_of("Zoe", ("DE",)) == ()
    assert [ending_of(typed) for typed in ("(030) 123 4567", "+49301234567", "004930123456", "12 34", "x")] == [
        "301234567", "", "", "", "",
    ]  # fmt: skip


def test_a_number_that_names_its_country_is_of_that() -> None:
    phones = (Phone("020 7946 0000", "mobile", country="GB"), Phone("030 123456"))
    assert [(one.phone, one.type, one.country) for one in kept(phones, ("DE",))] == [
        ("+442079460000", "mobile", "GB"), ("+4930123456", "office", "DE"),
    ]  # fmt: skip


def test_a_time_zone_lies_in_a_country() -> None:
    zones = ("Europe/Berlin", "America/New_York", "Asia/Tokyo", "UTC", "")
    assert [region_of_zone(zone) for zone in zones] == ["DE", "US", "JP", "", ""]

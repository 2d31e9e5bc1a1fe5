"""Tickets of tracked links and pixels: made here alone, for one target each."""

import os

import pytest

from postroom.rooms.emails.tracking import Reader, marks_of, safe_target

MARKS = marks_of(os.urandom(32), os.urandom(32))
BOB = Reader("orga_1", "acti_1", "bob@bolt.example")


def ticket(target: str) -> str:
    made = MARKS.link(BOB, target)
    assert made is not None
    return made


@pytest.mark.parametrize("target", ["https://a.test/", "http://a.test:8080/x?y=1&z=%20#part", "HTTPS://A.test"])
def test_a_ticket_leads_where_the_author_meant(target: str) -> None:
    assert MARKS.target_of(ticket(target)) == target


def test_what_is_not_ascii_is_written_as_browsers_do() -> None:
    assert MARKS.target_of(ticket("https://a.test/Größe?ö=ü")) == "https://a.test/Gr%C3%B6%C3%9Fe?%C3%B6=%C3%BC"


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)", "data:text/html,x", "//a.test/", "/inside", "ftp://a.test/", "https://", "https:///x",
        "https:a.test", "https://a.test/\r\nSet-Cookie: a=b", "https://a.test/a b", "https://good.test\\@evil.test/",
        "https://[a.test/", "https://a.test/" + "x" * 2_000, "mailto:ann@a.test", "tel:123", "",
    ],
)  # fmt: skip
def test_nothing_but_the_web_is_a_target(target: str) -> None:
    assert MARKS.link(BOB, target) is None
    assert safe_target(target) is None


def test_a_ticket_with_a_letter_changed_leads_nowhere() -> None:
    whole = ticket("https://a.test/")
    for place in range(len(whole)):
        changed = whole[:place] + ("A" if whole[place] != "A" else "B") + whole[place + 1 :]
        found = MARKS.target_of(changed)
        # The last letter of base64 may hold bits that say nothing.
        assert found is None or (place == len(whole) - 1 and found == "https://a.test/")
    assert MARKS.target_of(whole[:-3]) is None
    assert MARKS.target_of("") is None
    assert MARKS.target_of("https://evil.test/") is None
    assert MARKS.target_of("A" * 100_000) is None


def test_neither_another_installation_nor_the_pixel_makes_a_link() -> None:
    other = marks_of(os.urandom(32), os.urandom(32))
    foreign = other.link(BOB, "https://evil.test/")
    assert foreign is not None
    assert MARKS.target_of(foreign) is None
    assert MARKS.target_of(MARKS.pixel(BOB)) is None


def test_a_ticket_is_bound_to_organization_email_and_recipient() -> None:
    readers = [BOB, Reader("orga_2", "acti_1", "bob@bolt.example"), Reader("orga_1", "acti_2", "bob@bolt.example")]
    readers.append(Reader("orga_1", "acti_1", "carl@bolt.example"))
    made = {MARKS.link(reader, "https://a.test/") for reader in readers}
    assert len(made) == len(readers)
    assert all("bolt" not in str(one) for one in made)

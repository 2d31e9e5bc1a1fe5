"""Whether a stranger is somebody we know: never by a name alone, never by a public domain."""

import pytest

from postroom.rooms.links.likeness import Colleague, Namesake, Stranger, by_domain, by_name, compared_name


def is_public(domain: str) -> bool:
    return domain in ("gmail.com", "gmx.de")


BOB = Namesake("cont_bob", "lead_bolt", "Bob Miller", ("bob.miller@bolt.example",))
OTHER_BOB = Namesake("cont_other", "lead_other", "Bob Miller", ("rm@other.example",))


@pytest.mark.parametrize(
    ("name", "compared"),
    [
        ("Bob Miller", "bob miller"), ("Miller, Bob", "bob miller"), ("Dr. Bob  MILLER", "bob miller"),
        ("José Núñez", "jose nunez"), ("Bob", ""), ("", ""), ("B M", ""), ("Bob Miller (Bolt)", "bob miller bolt"),
    ],
)  # fmt: skip
def test_names_are_compared_without_accents_titles_and_order(name: str, compared: str) -> None:
    assert compared_name(name) == compared


@pytest.mark.parametrize(
    ("stranger", "namesakes", "is_found"),
    [
        (Stranger("bob@bolt.example", "Bob Miller"), [BOB], True),  # the contact's own domain
        (Stranger("bob.miller@gmail.com", "Bob Miller"), [BOB], True),  # the same unusual local part
        (Stranger("bob@gmail.com", "Bob Miller"), [BOB], False),  # a name alone
        (Stranger("bob.miller@gmail.com", "Bob"), [BOB], False),  # half a name
        (Stranger("bob@bolt.example", "Bob Miller"), [BOB, OTHER_BOB], False),  # a name that two leads have
        (Stranger("info@gmx.de", "Bob Miller"), [Namesake("c", "l", "Bob Miller", ("info@x.example",))], False),
        (Stranger("x@gmail.com", "Bob Miller"), [Namesake("c", "l", "Bob Miller", ("y@gmail.com",))], False),
        (Stranger("bob@bolt.example", "Bob Miller"), [], False),
    ],
)
def test_a_name_needs_a_second_sign_and_one_lead(stranger: Stranger, namesakes: list[Namesake], is_found: bool) -> None:
    found = by_name(stranger, namesakes, is_public)
    assert (found is not None) is is_found
    if found is not None:
        assert (found.lead_id, found.contact_id) == ("lead_bolt", "cont_bob") and "Bob Miller" in found.sign


def test_a_domain_names_its_one_lead_and_public_ones_nobody() -> None:
    found = by_domain(Stranger("x@bolt.example", ""), [Colleague("lead_bolt", 2)], is_public)
    assert found is not None and (found.lead_id, found.contact_id) == ("lead_bolt", None)
    assert found.sign == "2 contacts of this lead are at bolt.example."
    assert by_domain(Stranger("x@gmail.com", ""), [Colleague("lead_bolt", 1)], is_public) is None
    two = [Colleague("lead_bolt", 1), Colleague("lead_b", 1)]
    assert by_domain(Stranger("x@bolt.example", ""), two, is_public) is None
    assert by_domain(Stranger("x@bolt.example", ""), [], is_public) is None

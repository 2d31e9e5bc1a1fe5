"""Address lists as they come, and addresses as they are compared and written."""

import pytest

from postroom.wire.mime.address_key import address_key
from postroom.wire.mime.addresses import (
    addresses_of,
    display_address,
    domain_of,
    format_address,
    is_valid,
    parse_addresses,
    typed_addresses,
)
from postroom.wire.mime.types import Address

READ = [
    ("a@b.example", [("", "a@b.example")]),
    ('Ann <a@b.example>, "Lee, Bo" <b@c.example>', [("Ann", "a@b.example"), ("Lee, Bo", "b@c.example")]),
    ("undisclosed-recipients:;", []),
    (
        "Team: a@b.example, Bo <c@d.example>; , x@y.example",
        [("", "a@b.example"), ("Bo", "c@d.example"), ("", "x@y.example")],
    ),
    ("a@b.example (Ann Lee)", [("Ann Lee", "a@b.example")]),
    (r"Pete(A nice \) chap) <pete(his account)@silly.test(his host)>", [("Pete chap", "pete@silly.test")]),
    ("=?utf-8?Q?M=C3=BCller,_Zo?= <z@x.example>", [("Müller, Zo", "z@x.example")]),
    ('"=?utf-8?Q?M=C3=BCller?=" <z@x.example>', [("Müller", "z@x.example")]),
    ("=?utf-8?Q?Doe, John?= <j@d.example>", [("Doe, John", "j@d.example")]),
    ("Whomever", [("Whomever", "")]),
    ("<moderator>", [("", "moderator")]),
    ("<@a.example,@b.example:joe@c.example>", [("", "joe@c.example")]),
    ("a@b.example c@d.example", [("", "a@b.example"), ("", "c@d.example")]),
    ("a@b.example; c@d.example", [("", "a@b.example"), ("", "c@d.example")]),
    ("John Doe john@doe.example", [("John Doe", "john@doe.example")]),
    ('"a b"@c.example', [("", '"a b"@c.example')]),
    ("Ann <a@b.example", [("Ann", "a@b.example")]),
    ("user@[192.0.2.1]", [("", "user@[192.0.2.1]")]),
    ("'a@b.example' <a@b.example>", [("a@b.example", "a@b.example")]),
    ('"never closed <a@b.example>', [("never closed", "a@b.example")]),
    ("Ann (never closed <a@b.example>", [("Ann never closed", "a@b.example")]),
    ("mailto:x@y.example", [("", "x@y.example")]),
    (",, a@b.example,", [("", "a@b.example")]),
    ("", []),
]


@pytest.mark.parametrize(("written", "expected"), READ, ids=[text[:30] for text, _ in READ])
def test_an_address_list_is_read(written: str, expected: list[tuple[str, str]]) -> None:
    assert [(one.name, one.email) for one in parse_addresses(written)] == expected


def test_raw_letters_in_a_header_are_utf8_or_the_charset_of_the_body() -> None:
    assert addresses_of("Zoë <z@x.example>".encode())[0].name == "Zoë"
    assert addresses_of("Жук <z@x.example>".encode("koi8-r"), "koi8-r")[0].name == "Жук"
    assert addresses_of("Müller <z@x.example>".encode("latin-1"))[0].name == "Müller"


def test_what_is_longer_than_any_address_is_none() -> None:
    found = parse_addresses(f"Ann <{'x' * 3000}@b.example>, {'n' * 3000} <c@d.example>")
    assert [len(one.email) for one in found] == [0, len("c@d.example")]
    assert len(found[1].name) == 500


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zoe@Example.COM", "zoe@example.com"),
        ("zoë@bücher.example", "ZOË@xn--bcher-kva.example"),
        ("zoe\u0308@b.example", "zo\u00eb@b.example"),
        ("a@example.com.", "a@example.com"),
        ("a@straße.example", "a@strasse.example") if address_key("a@straße.example").endswith("strasse.example")
        else ("a@straße.example", "a@xn--strae-oqa.example"),
    ],
)  # fmt: skip
def test_two_spellings_of_one_address_have_one_key(one: str, other: str) -> None:
    assert Address("", one).key == Address("", other).key


def test_a_key_exists_for_every_string() -> None:
    for odd in ("", "@", "a@", "@b", "a@" + "ü" * 300, "a@-.-", "a@\u2024b", "\u0130@\u0130.example"):
        assert isinstance(address_key(odd), str)


@pytest.mark.parametrize(
    ("address", "written"),
    [
        (Address("", "a@b.example"), "a@b.example"),
        (Address("Ann Lee", "a@b.example"), "Ann Lee <a@b.example>"),
        (Address('Lee, "Ann"', "a@b.example"), '"Lee, \\"Ann\\"" <a@b.example>'),
        (Address("Zoë", "z@bücher.example"), "=?utf-8?b?Wm/Dqw==?= <z@xn--bcher-kva.example>"),
        (Address("A\r\nBcc: x@y.example", "a@b.example"), '"A Bcc: x@y.example" <a@b.example>'),
        (Address("=?utf-8?q?x?=", "a@b.example"), "=?utf-8?b?PT91dGYtOD9xP3g/PQ==?= <a@b.example>"),
    ],
)
def test_an_address_is_written_so_that_it_reads_the_same(address: Address, written: str) -> None:
    assert format_address(address) == written
    assert "\n" not in written
    back = parse_addresses(written)[0]
    assert back.key == address.key
    assert back.name == " ".join(address.name.split())


def test_people_see_names_in_quotes_only_where_they_would_be_misread() -> None:
    assert display_address(Address("Ann Q. Lee", "a@b.example")) == "Ann Q. Lee <a@b.example>"
    assert display_address(Address("Lee, Ann", "a@b.example")) == '"Lee, Ann" <a@b.example>'
    assert display_address(Address("", "a@b.example")) == "a@b.example"


def test_the_domain_is_in_comparison_form() -> None:
    assert domain_of("a@BÜCHER.example") == "xn--bcher-kva.example"
    assert domain_of("moderator") == ""


@pytest.mark.parametrize(
    "email", ["a@b.example", "a.b+c@d-e.example", "zoë@bücher.example", "a@[192.0.2.1]", "o'brien@x.co"]
)
def test_mail_could_be_sent_to(email: str) -> None:
    assert is_valid(email)


@pytest.mark.parametrize(
    "email", ["", "a", "a@", "@b.example", "a b@c.example", "a@b", "a@b..example", "a@-b.example", "a@b.example\n", "x" * 65 + "@b.example",
              "a@" + "b" * 64 + ".example", ".a@b.example", "a..b@c.example", "a@b.example,c@d.example", "<a@b.example>"],
)  # fmt: skip
def test_mail_could_not_be_sent_to(email: str) -> None:
    assert not is_valid(email)


@pytest.mark.parametrize(
    "name", ["Lee, Ann", 'Ann "Annie" Lee', "Lee (Sales)", "a@b.example", "Back\\slash", "A: B; C", "Zoë <x>"]
)
def test_what_is_shown_of_an_address_can_be_sent_to(name: str) -> None:
    assert typed_addresses(display_address(Address(name, "ann@c.example"))) == (Address(name, "ann@c.example"),)


@pytest.mark.parametrize(
    ("entry", "read"),
    [
        ("Lee, Ann <a@b.example>", [("Lee, Ann", "a@b.example")]),
        ("a@b.example, Lee <c@d.example>", [("", "a@b.example"), ("Lee", "c@d.example")]),
        ("Lee, Ann", [("Lee", ""), ("Ann", "")]),
        ("undisclosed-recipients:;", []),
    ],
)
def test_an_entry_of_a_list_is_one_person_whatever_commas_their_name_has(
    entry: str, read: list[tuple[str, str]]
) -> None:
    assert [(one.name, one.email) for one in typed_addresses(entry)] == read

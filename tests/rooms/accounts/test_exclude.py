"""Exclude patterns: what they match, what is refused, and that no pattern can be slow."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postroom.ground.errors import Invalid
from postroom.rooms.accounts.exclude import excluded_by, read_pattern, read_patterns
from postroom.wire.mime.address_key import address_key

CASES = [
    ("noreply@*", "noreply@anything.example", True),
    ("noreply@*", "NoReply@Anything.example", True),
    ("noreply@*", "xnoreply@anything.example", False),
    ("*@marketing.*", "news@marketing.acme.example", True),
    ("*@marketing.*", "news@acme.example", False),
    ("*@marketing.*", "marketing.x@acme.example", False),
    ("newsletter@acme.example", "newsletter@acme.example", True),
    ("newsletter@acme.example", "newsletter@acme.example.org", False),
    ("*-bounces@*", "list-bounces@host.example", True),
    ("a*a@x.example", "a@x.example", False),
    ("a*a@x.example", "aa@x.example", True),
    ("NEWS@Acme.Example", "news@acme.example", True),
    ("*@BÜCHER.example", "info@xn--bcher-kva.example", True),
    ("*@news.*.example", "x@news.acme.example", True),
    ("**@x.example", "any@x.example", True),
]


@pytest.mark.parametrize(("pattern", "address", "matches"), CASES)
def test_a_pattern_matches_the_whole_address(pattern: str, address: str, matches: bool) -> None:
    assert read_pattern(pattern).matches(address_key(address)) is matches


@pytest.mark.parametrize(
    "text", ["", "   ", "*", "*@*", "@", "two words@x", "noreply", "x" * 300 + "@y.example", "a@b\nc"]
)
def test_what_is_no_pattern_is_refused_in_words(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_pattern(text)
    assert str(refusal.value).endswith((".", "instead."))


def test_the_pattern_that_decided_is_named() -> None:
    patterns = read_patterns(["noreply@*", "*@Marketing.*"])
    assert excluded_by(patterns, ["ada@acme.example", "x@marketing.acme.example"]) == "*@Marketing.*"
    assert excluded_by(patterns, ["ada@acme.example"]) is None


def test_each_pattern_is_kept_once() -> None:
    assert [one.text for one in read_patterns(["noreply@*", "NoReply@*", " noreply@* "])] == [" noreply@* ".strip()]


def test_no_pattern_is_slow() -> None:
    pattern = read_pattern("*a" * 100 + "b*@x.example")
    address = "a" * 10_000 + "@x.example"
    start = time.process_time()
    assert not pattern.matches(address)
    assert time.process_time() - start < 1


words = st.text("ab.*", max_size=8)


@given(local=words, domain=words, address=st.text("ab.@", max_size=20))
def test_patterns_mean_what_a_glob_means(local: str, domain: str, address: str) -> None:
    try:
        pattern = read_pattern(f"{local}@{domain}")
    except Invalid:
        return
    expected = re.fullmatch(re.escape(f"{local}@{domain}").replace(r"\*", ".*"), address, re.DOTALL) is not None
    assert pattern.matches(address) is expected

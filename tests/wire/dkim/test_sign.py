"""Signatures hold before an independent verifier (dkimpy), and break when anything signed is changed."""

from datetime import UTC, datetime

import dkim
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postroom.ground.errors import Invalid
from postroom.wire.dkim.keys import (
    Algorithm,
    SigningKey,
    make_key,
    public_in,
    record_name,
    record_strings,
    record_text,
    signing_key,
)
from postroom.wire.dkim.sign import signature_headers
from postroom.wire.mime.compose import compose
from postroom.wire.mime.types import Address, OutgoingContent

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
MADE = {"r1": make_key(Algorithm.RSA), "e1": make_key(Algorithm.ED25519)}
KEYS = tuple(signing_key("us.example", selector, made.private) for selector, made in MADE.items())
DNS = {
    f"{record_name('us.example', selector)}.".encode(): record_text(made.algorithm, made.public).encode()
    for selector, made in MADE.items()
}
HEADER = (
    b"From: Anna <anna@us.example>\r\nTo: bob@x.example\r\nSubject: Hi  there\r\n\tfolded\r\n"
    b"Date: Fri, 20 Nov 2026 09:00:00 +0000\r\nMessage-ID: <1@us.example>\r\n"
    b"List-Unsubscribe: <https://us.example/u/1>,\r\n <mailto:anna@us.example>\r\n"
    b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nX-Other: y\r\n\r\n"
)
BODIES = [
    b"", b"\r\n", b"Hello.\r\n", b"no end", b"Hello  you \t\r\n\r\nmore\r\n \r\n\r\n", b"  \r\n",
    b"a\r\n\r\n \t\r\n\r\n",
    b" lead\r\n",
    "Grüße aus Köln\r\n".encode(), b"x" * 900 + b"\r\n",
]  # fmt: skip


def holds(raw: bytes, number: int) -> bool:
    try:
        return bool(dkim.DKIM(raw).verify(idx=number, dnsfunc=lambda name, timeout=5: DNS.get(name)))
    except dkim.DKIMException:
        return False


def signed(raw: bytes, keys: tuple[SigningKey, ...] = KEYS) -> bytes:
    return signature_headers(raw, keys, NOW) + raw


@pytest.mark.parametrize("body", BODIES)
def test_both_signatures_hold(body: bytes) -> None:
    whole = signed(HEADER + body)
    assert [holds(whole, number) for number in range(len(KEYS))] == [True, True]
    assert signed(HEADER + body) == whole  # the same bytes at every try


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([b" ", b"\t", b"\r\n", b"a", b"b c", b"\xc3\xa4"]), max_size=30))
def test_signatures_hold_whatever_blanks_and_lines_a_body_has(pieces: list[bytes]) -> None:
    assert holds(signed(HEADER + b"".join(pieces) + b"\r\n", KEYS[1:]), 0)


def test_what_a_server_may_do_on_the_way_breaks_nothing() -> None:
    whole = signed(HEADER + b"Hello.\r\n")
    received = b"Received: from us.example by x.example; Fri, 20 Nov 2026 09:00:01 +0000\r\n" + whole
    refolded = whole.replace(b"Subject: Hi  there\r\n\tfolded", b"Subject: Hi there folded")
    assert holds(received, 0) and holds(refolded, 0) and holds(whole.replace(b"X-Other: y", b"X-Other: z"), 0)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"Hello.", b"Hallo."),
        (b"bob@x.example", b"eve@x.example"),
        (b"Hi  there", b"Ho  there"),
        (b"https://us.example/u/1", b"https://us.example/u/2"),
        (b"List-Unsubscribe=One-Click", b"List-Unsubscribe=Two-Click"),
        (b"X-Other: y", b"X-Other: y\r\nFrom: Eve <eve@x.example>"),
        (b"X-Other: y", b"X-Other: y\r\nSubject: Other"),
        (b"<1@us.example>", b"<2@us.example>"),
    ],
)
def test_what_is_changed_on_the_way_is_seen(before: bytes, after: bytes) -> None:
    whole = signed(HEADER + b"Hello.\r\n")
    changed = whole.replace(before, after)
    assert changed != whole
    assert [holds(changed, number) for number in range(len(KEYS))] == [False, False]


def test_an_email_as_we_compose_it_is_signed() -> None:
    content = OutgoingContent(
        "<2@us.example>", NOW, Address("Änna", "anna@us.example"), to=(Address("", "zoë@bücher.example"),),
        subject="Grüße " * 30, text="Hallo  Zoë, \nbis bald", html="<p>Hallo <b>Zoë</b></p>",
        references=("<0@us.example>",),
        extra_headers=(("List-Unsubscribe", f"<https://us.example/unsubscribe/{'x' * 150}>, <mailto:a@us.example>"),),
    )  # fmt: skip
    raw = compose(content).for_smtp
    whole = signed(raw)
    assert [holds(whole, number) for number in range(len(KEYS))] == [True, True]
    assert max(map(len, signature_headers(raw, KEYS, NOW).split(b"\r\n"))) <= 100


def test_without_keys_nothing_is_added() -> None:
    assert signature_headers(HEADER, (), NOW) == b""


def test_records_are_read_as_they_are_written() -> None:
    for made in MADE.values():
        text = record_text(made.algorithm, made.public)
        assert public_in(text) == made.public
        assert "".join(record_strings(text)) == text and max(map(len, record_strings(text))) <= 255
    assert public_in("v=DKIM1; p=") == "" and public_in("p=AB C") == "ABC"
    assert public_in("v=spf1 -all") is None and public_in("v=DKIM2; p=AB") is None


def test_bytes_that_are_no_key_are_refused() -> None:
    with pytest.raises(Invalid, match="postroom-1 of us"):
        signing_key("us.example", "postroom-1", b"junk")

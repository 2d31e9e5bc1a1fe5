"""Messages made to be slow, deep, endless or unstorable. Time is CPU time of this process, with room for slow machines;
what is quadratic here takes minutes."""

import time
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from postroom.wire.mime.bodies import body_text, preview
from postroom.wire.mime.bounces import classify
from postroom.wire.mime.html_text import text_with_links
from postroom.wire.mime.identity import body_fingerprint, identity_of
from postroom.wire.mime.parse import attachment_bytes, attachments_bytes, parse, parse_head
from postroom.wire.mime.quotes import new_words, split_html
from postroom.wire.mime.sanitize import ImageLinks, safe_html
from postroom.wire.mime.subjects import normalized_subject
from postroom.wire.mime.types import Address, ParsedMessage
from tests.wire.mime.corpora import FOLDER, cases, content

SECONDS = 8.0
BODY = b"\r\n\r\nbody"


def nested(levels: int) -> bytes:
    return (
        b"Subject: x\r\n"
        + b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level) for level in range(levels)
        )
        + b"\r\nhello\r\n"
    )


def parts(count: int) -> bytes:
    return (
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        + b"--b\r\nContent-Type: application/x\r\n\r\nx\r\n" * count
        + b"--b--\r\n"
    )


HOSTILE = {
    "3,000 levels": nested(3_000),
    "50,000 levels": nested(50_000),
    "3,000 levels of one boundary": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" * 3_000,
    "3,000 messages in messages": b"Subject: x\r\nContent-Type: message/rfc822\r\n\r\n" * 3_000,
    "50,000 parts": parts(50_000),
    "100,000 recipients": b"To: " + b", ".join(b'"User, %d" <u%d@x.example>' % (number, number) for number in range(100_000)) + BODY,
    "20,000 folded recipients": b"To: " + b",\r\n ".join(b"User %d <u%d@x.example>" % (number, number) for number in range(20_000)) + BODY,
    "300,000 To headers": b"To: a@b.example\r\n" * 300_000 + BODY,
    "brackets in To": b"To: " + b"(" * 50_000 + b"<" * 50_000 + b"[" * 50_000 + BODY,
    "quotes in To": b"To: " + b'"\\' * 50_001 + BODY,
    "spaces in To": b"To: " + b" " * 200_000 + b"<" + BODY,
    "starts of encoded words": b"Subject: " + b"=?" * 100_000 + b"=?utf-8?q?" * 20_000 + BODY,
    "encoded words": b"Subject: " + b"=?utf-8?b?YQ==?= " * 50_000 + BODY,
    "spaces in the subject": b"Subject: " + b" " * 500_000 + b"x" + BODY,
    "folds in the subject": b"Subject: a" + b"\r\n " * 200_000 + b"x" + BODY,
    "references": b"References: " + b"<a@b>" * 200_000 + b"<" * 200_000 + BODY,
    "parameters": b"Content-Type: text/plain; " + b'a="\\"; ' * 100_000 + b";" * 100_000 + BODY,
    "sections of a parameter": b"Content-Type: text/plain; " + b"".join(b"name*%d*=a;" % number for number in range(20_000)) + BODY,
    "header fields": b"X-Y: z\r\n" * 300_000 + BODY,
    "lines that are no fields": b"From: a\n" + b"odd line\n" * 200_000 + b"To: x\n\nbody",
    "white lines": b"A: b\n" + b"   \nB: c\n" * 100_000 + b"\nbody",
    "no header": b"x" * 5_000_000,
    "line feeds": b"\n" * 5_000_000,
    "carriage returns": b"\r" * 5_000_000,
    "25 MB of base64": b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n" + (b"QUJD" * 19 + b"\r\n") * 320_000,
    "padding": b"Content-Transfer-Encoding: base64\r\n\r\n" + b"QQ==\r\n" * 200_000,
    "soft breaks": b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b"= \t" * 500_000,
    "uuencoding": b"Content-Transfer-Encoding: x-uuencode\r\n\r\n" + b"begin 644 \n" * 100_000,
    "almost delimiters": b"Content-Type: multipart/mixed; boundary=a\r\n\r\n" + b"\n--ab" * 300_000 + b"\n--a x" * 300_000,
    "delimiters": b"Content-Type: multipart/mixed; boundary=a\r\n\r\n" + b"--a\r\n" * 300_000 + b"--a--\r\n" * 300_000,
    "tags": b"Content-Type: text/html\r\n\r\n" + b"<a " * 1_000_000,
    "unclosed comments and heads": b"Content-Type: text/html\r\n\r\n" + b"<head>" * 50_000 + b"<!--" * 50_000,
    "dates in lines": b"\r\n" + b"On 1:00 a@b wrote\n" * 100_000,
    "escapes": b"\r\n\x1b$B" + b"\x1b" * 1_000_000,
    "a notice of failures": b"From: MAILER-DAEMON@x.example\r\nSubject: failure notice\r\n\r\n" + b"user could not be " * 50_000 + b"a@b.example\n" * 50_000,
    "a notice of signature lines": b"From: MAILER-DAEMON@x.example\r\nSubject: failure notice\r\n\r\n" + b"-- \n" * 50_000,
    "a notice of empty quotes": b"From: MAILER-DAEMON@x.example\r\nSubject: failure notice\r\n\r\n" + b">\t\n" * 50_000,
    "3,000 messages in a report": b"Subject: x\r\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n" + b"--b\r\nContent-Type: message/rfc822\r\n\r\nFoo: x\r\n\r\n" * 3_000,
    "a report of 20,000 recipients": b"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n" + b"\r\nFinal-Recipient: rfc822;a@b.example\r\nAction: failed\r\n" * 20_000,
}  # fmt: skip


def read_whole(raw: bytes) -> ParsedMessage:
    """Everything that is done with a message that arrives and is shown."""
    parsed = parse(raw)
    text = body_text(parsed)
    (
        preview(parsed),
        classify(parsed, raw),
        identity_of(parsed.head),
        body_fingerprint(parsed),
        normalized_subject(parsed.head.subject),
        new_words(text),
    )
    if parsed.html is not None:
        safe_html(parsed.html, ImageLinks())
        split_html(parsed.html)
    for one in parsed.attachments[:3]:
        attachment_bytes(raw, one.part)
    return parsed


def strings(value: object) -> Iterator[str]:
    """Every string in a result."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from strings(one)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from strings(getattr(value, name))


def assert_storable(parsed: ParsedMessage) -> None:
    for text in strings(parsed):
        text.encode("utf-8")
        assert "\0" not in text
    for address in (*parsed.head.from_, *parsed.head.recipients):
        address.key.encode("utf-8")
        assert "\0" not in address.key
        assert len(address.email) <= 500
    assert len(parsed.head.subject) <= 4000


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_message_takes_long_or_fails(raw: bytes) -> None:
    begin = time.process_time()
    parsed = read_whole(raw)
    assert time.process_time() - begin < SECONDS
    assert_storable(parsed)
    assert len(parsed.attachments) <= 5_000
    assert len(parsed.head.references) <= 1_000


@pytest.mark.parametrize("html", ["<a " + "href=a " * 100_000, "<a href=x>" * 100_000, '<a href="' * 100_000])
def test_no_html_that_is_sent_on_takes_long(html: str) -> None:
    """A reply quotes what came in, and its plain form is made of it."""
    begin = time.process_time()
    text_with_links(html)
    assert time.process_time() - begin < SECONDS


def test_every_one_of_100_000_recipients_is_there() -> None:
    to = parse(HOSTILE["100,000 recipients"]).head.to
    assert len(to) == 100_000
    assert to[-1] == Address("User, 99999", "u99999@x.example")


def test_all_of_4_000_attachments_are_had_at_once() -> None:
    raw = parts(4_000)
    begin = time.process_time()
    found = attachments_bytes(raw, [one.part for one in parse(raw).attachments])
    assert time.process_time() - begin < SECONDS
    assert len(found) == 4_000
    assert set(found.values()) == {b"x"}


def test_the_text_of_a_deep_message_is_kept() -> None:
    assert "hello" in (parse(nested(3_000)).text or "")
    assert parse(nested(3_000)).problems != ()


def test_too_many_parts_are_told() -> None:
    assert any("parts" in problem for problem in parse(parts(50_000)).problems)


SOUP = st.lists(
    st.sampled_from(
        [b"From:", b"To:", b"Subject:", b"Date:", b"Content-Type:", b"Message-ID:", b"References:", b" multipart/mixed; boundary=b", b" text/html; charset=", b"utf-7", b"gb2312", b"\r\n", b"\n", b"\r", b"\r\n\r\n", b"--b", b"--b--",
         b"=?utf-8?q?", b"=?gb2312?B?", b"?=", b"=E9", b"<a@b.example>", b'"', b"(", b")", b"<", b">", b",", b";", b":", b"\0", b"\xff", b"\xed\xa0\x80", b"\x1b$B", b"+2AA-", b"Content-Transfer-Encoding: base64\r\n", b"QUJD", b"=",
         b"; filename*0*=utf-8''%", b"message/delivery-status", b"message/rfc822", b"Content-Disposition: attachment", b" ", b"\t", b"On 1 Jan 2020 at 1:00 a@b.example wrote:", b"> x", b"<div>", b"<style>", b"&#0;", b"\xe2\x80\xae", b"x"]
    ),
    max_size=60,
).map(b"".join)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(raw=st.binary(max_size=400) | SOUP)
@example(raw=b"")
@example(raw=b"Content-Type: multipart/mixed; boundary=\r\n\r\n--\r\n\r\n")
@example(raw=b"Subject: =?utf-8?q?=00=ED=A0=80?=\r\n\r\n\0")
def test_no_bytes_fail_and_all_that_comes_out_can_be_stored(raw: bytes) -> None:
    assert_storable(read_whole(raw))
    parse_head(raw)


MUTATIONS = st.lists(
    st.tuples(
        st.integers(0, 2**16),
        st.sampled_from([b"", b"\0", b"\r\n", b"\n", b"\xff", b'"', b"<", b"=", b"--", b"?=", b"\xed\xa0\x80", b";"]),
        st.integers(0, 40),
    ),
    min_size=1,
    max_size=8,
)


@pytest.mark.skipif(not FOLDER.is_dir(), reason="the shared corpora are not here")
@settings(max_examples=300, deadline=None)
@given(which=st.integers(0, 10**6), mutations=MUTATIONS)
def test_no_damaged_message_of_the_corpus_fails(which: int, mutations: list[tuple[int, bytes, int]]) -> None:
    rows = cases("parse", "parse-consensus", "bounce")
    raw = content(rows[which % len(rows)])[:60_000]
    for at, put, over in mutations:
        place = at % (len(raw) + 1)
        raw = raw[:place] + put + raw[place + over :]
    parsed = read_whole(raw)
    assert_storable(parsed)
    for one in parsed.attachments[:5]:
        assert len(attachment_bytes(raw, one.part) or b"") == one.size

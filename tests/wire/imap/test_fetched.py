"""FETCH responses in all the shapes that servers send."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postroom.wire.imap.fetched import Fetched, read_fetch
from postroom.wire.imap.responses import Response, Unspeakable
from postroom.wire.imap.syntax import date_time, internal_date, values
from postroom.wire.imap.types import GmailItems, ObjectIds

WHOLE = Fetched(7, frozenset({"\\Seen", "$Work"}), b"17-Jul-1996 02:44:25 -0700", 4286, 624, None, None, b"From: a\r\n")
DATE = b'INTERNALDATE "17-Jul-1996 02:44:25 -0700"'


@pytest.mark.parametrize(
    "text",
    [
        b"* 1 FETCH (UID 7 FLAGS (\\Seen $Work) " + DATE + b" RFC822.SIZE 4286 MODSEQ (624) BODY[] {9}\r\n)",
        b"* 1 FETCH (BODY[HEADER.FIELDS (DATE FROM)] {9}\r\n RFC822.SIZE 4286 " + DATE
        + b" MODSEQ (624) FLAGS ($Work \\Seen) UID 7)",
        b'* 1 FETCH (BODY[HEADER.FIELDS ("DATE" "FROM")] {9}\r\n UID 7 FLAGS (\\Seen $Work) RFC822.SIZE 4286 '
        b"MODSEQ (624) " + DATE + b")",
        b"* 1 fetch (uid 7 flags (\\Seen $Work) " + DATE.lower().replace(b"jul", b"Jul")
        + b" rfc822.size 4286 modseq (624) body[] {9}\r\n)",
        b"* 1 FETCH (UID 7 X-UNKNOWN (a (b NIL) \"c\") FLAGS (\\Seen $Work) " + DATE
        + b" RFC822.SIZE 4286 MODSEQ (624) BODY[]<0> {9}\r\n)",
    ],
)  # fmt: skip
def test_the_order_and_the_case_of_items_do_not_matter(text: bytes) -> None:
    assert read_fetch(Response(text, (b"From: a\r\n",))) == WHOLE


def test_bodies_may_come_in_quotes_as_nil_or_not_at_all() -> None:
    assert read_fetch(Response(b'* 1 FETCH (UID 7 BODY[] "a \\"b\\"")')).body == b'a "b"'
    assert read_fetch(Response(b'* 1 FETCH (UID 7 BODY[] "")')).body == b""
    assert read_fetch(Response(b"* 1 FETCH (UID 7 BODY[] NIL)")).body is None
    assert read_fetch(Response(b"* 1 FETCH (UID 7)")).body is None
    assert read_fetch(Response(b"* 1 FETCH (UID 7 BODY[] {999}\r\n)", (None,))).body is None


def test_gmail_says_what_it_knows() -> None:
    text = (
        b'* 1 FETCH (X-GM-THRID 1278455344230334865 X-GM-MSGID 1278455344230334866 X-GM-LABELS ("\\\\Inbox" '
        b'"\\\\Sent" Important "Muy Importante" "a (b) c" &BB4- {4}\r\n) UID 3 FLAGS ())'
    )
    labels = ("\\Inbox", "\\Sent", "Important", "Muy Importante", "a (b) c", "О", 'q"uo')
    found = read_fetch(Response(text, (b'q"uo',)))
    assert found.gmail == GmailItems(1278455344230334866, 1278455344230334865, labels)
    assert found.labels == labels


@pytest.mark.parametrize("more", [b"", b" X-ODD (1)"])
def test_object_ids_are_read_and_none_is_none(more: bytes) -> None:
    """RFC 8474 section 5; by the usual pattern and by the full grammar."""
    found = read_fetch(Response(b"* 1 FETCH (EMAILID (M6d99) THREADID (T64b)%s UID 3)" % more))
    assert found.object_ids == ObjectIds("M6d99", "T64b")
    found = read_fetch(Response(b"* 1 FETCH (EMAILID (M6d99) THREADID NIL%s UID 3)" % more))
    assert found.object_ids == ObjectIds("M6d99", None)


def test_a_label_that_looks_like_an_item_is_a_label() -> None:
    text = b'* 1 FETCH (UID 3 X-GM-MSGID 1 X-GM-THRID 2 X-GM-LABELS ("UID 9" "FLAGS (x)") FLAGS (\\Seen))'
    found = read_fetch(Response(text))
    assert (found.uid, found.flags, found.labels) == (3, {"\\Seen"}, ("UID 9", "FLAGS (x)"))


def test_what_is_not_a_fetch_is_none() -> None:
    assert read_fetch(Response(b"* 5 EXISTS")) is None
    assert read_fetch(Response(b"* OK FETCH (")) is None


@pytest.mark.parametrize("text", [b"* 1 FETCH (UID 1", b"* 1 FETCH (((((", b"* 1 FETCH (UID 1))", b'* 1 FETCH ("a)'])
def test_unbalanced_lists_are_refused(text: bytes) -> None:
    with pytest.raises(Unspeakable):
        read_fetch(Response(text))


@given(st.binary(max_size=120))
def test_no_fetch_line_does_more_than_be_refused(tail: bytes) -> None:
    try:
        read_fetch(Response(b"* 1 FETCH (" + tail, (b"x",)))
    except ValueError:
        pass


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_patterns_do_not_run_away(one: bytes, two: bytes) -> None:
    text = b"* 1 FETCH (X-GM-LABELS (" + one + b"(" * 2000 + two + b'"' * 2001
    try:
        read_fetch(Response(text))
    except ValueError:
        pass


def test_lists_nested_too_deeply_are_refused() -> None:
    with pytest.raises(Unspeakable):
        values(Response(b"(" * 100_000 + b")" * 100_000))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        (b"17-Jul-1996 02:44:25 -0700", datetime(1996, 7, 17, 9, 44, 25, tzinfo=UTC)),
        (b" 1-Jan-2024 00:00:00 +0000", datetime(2024, 1, 1, tzinfo=UTC)),
        (b"31-DEC-1999 23:59:59 -0030", datetime(2000, 1, 1, 0, 29, 59, tzinfo=UTC)),
        (b"30-Feb-2024 00:00:00 +0000", None),
        (b"01-Jan-0001 00:00:00 +1400", None),
        (b"2024-01-01", None),
        (b"", None),
    ],
)
def test_a_date_of_arrival_is_read_or_left_out(text: bytes, moment: datetime | None) -> None:
    assert internal_date(text) == moment


@given(st.datetimes(min_value=datetime(1971, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.timezones()))
def test_a_date_written_is_the_date_read(moment: datetime) -> None:
    assert internal_date(date_time(moment)[1:-1]) == moment.replace(microsecond=0).astimezone(UTC)

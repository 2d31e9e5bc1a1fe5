"""Header blocks with damage, encoded words, parameters and file names, message ids, subjects."""

import pytest

from postroom.wire.mime.encoded_words import decode_words, encode_words
from postroom.wire.mime.head import parse_head
from postroom.wire.mime.headers import header_values, split_message, text_of
from postroom.wire.mime.parameters import file_name_of, labelled, safe_file_name
from postroom.wire.mime.references import message_ids, single_id
from postroom.wire.mime.subjects import normalized_subject


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("=?utf-8?q?Gr=C3=BC=C3=9Fe?=", "Grüße"), ("=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=", "ab"), ("=?utf-8?B?w4PC?= =?utf-8?B?sQ==?=", "Ã±"),
        ("=?utf-8?B?w?= =?utf-8?B?6k=?= x", "é x"), ("y =?utf-8?B?w?= =?utf-8?B?6?= =?utf-8?B?k=?=", "y é"), ("a =?utf-8?q?b?= c", "a b c"), ("=?utf-8?q?b c d?=", "b c d"), ("=?utf-8?Q?cut=C3=A9", "cuté"),
        ("x =?utf-8?", "x "), ("=?utf-8*de?q?x?=", "x"), ("=?x-no-such?q?=E9?=", "é"), ("=?gb2312?B?0/I=?=", "域"), ("=??q?x?=", "=??q?x?="),
        ("=?utf-8?q?a?==?utf-8?q?b?=", "ab"), ("=?utf-8?B?YWJj", "abc"), ("=?utf-8?b?YW Jj?=", "abc"), ("no words", "no words"), ("=?utf-8?q??=", ""),
    ],
)  # fmt: skip
def test_encoded_words_are_read_whole_cut_or_careless(written: str, text: str) -> None:
    assert decode_words(written) == text


@pytest.mark.parametrize("text", ["Grüße", "日本語" * 40, "a" * 300, "😀" * 50, "=?x?=", " "])
def test_encoded_words_are_short_and_hold_whole_characters(text: str) -> None:
    words = encode_words(text, 40)
    assert all(len(word) <= 75 for word in words)
    assert all(decode_words(word) for word in words)
    assert decode_words(" ".join(words)) == text


@pytest.mark.parametrize(
    ("block", "subject", "body"),
    [
        (b"Subject: a\r\n\r\nbody", "a", b"body"), (b"Subject: a\n\nbody", "a", b"body"), (b"Subject: a\r\n b\r\n\r\nbody", "a b", b"body"),
        (b"From x Wed Apr 27 14:15:31 2005\r\nSubject: a\r\n\r\nbody", "a", b"body"), (b"\r\n\r\nSubject: a\r\n\r\nbody", "a", b"body"),
        (b"\xef\xbb\xbfSubject: a\r\n\r\nbody", "a", b"body"), (b"From: x@y\r\nno field here\r\nSubject: a\r\n\r\nbody", "a", b"body"),
        (b"Subject: a\r\nno blank line before this\r\nbody", "a", b"no blank line before this\r\nbody"), (b"Subject : a\r\n\r\nbody", "a", b"body"),
        (b"Subject: a\r\n  \r\nbody", "a", b"body"), (b"From: b\r\n \t\r\nSubject: a\r\n\r\nbody", "a", b"body"), (b"SUBJECT: a", "a", b""),
        (b"Subject:\r\nSubject: a\r\n\r\nbody", "a", b"body"), (b"just text", "", b"just text"), (b"", "", b""),
    ],
)  # fmt: skip
def test_the_header_ends_where_a_reader_would_end_it(block: bytes, subject: str, body: bytes) -> None:
    header, at = split_message(block)
    assert parse_head(header).subject == subject
    assert block[at:] == body


def test_header_values_come_decoded_and_in_order() -> None:
    block = b"X-A: =?utf-8?q?=C3=A9?=\r\nx-a: two\r\n lines\r\n"
    assert header_values(block, "X-A") == ("é", "two lines")
    assert header_values(block, "X-B") == ()


def test_a_second_from_is_not_read_and_a_second_to_is() -> None:
    head = parse_head(b"From: a@b.example\r\nFrom: forged@c.example\r\nTo: d@e.example\r\nTo: f@g.example\r\n")
    assert [one.email for one in head.from_] == ["a@b.example"]
    assert [one.email for one in head.to] == ["d@e.example", "f@g.example"]


def test_a_line_break_in_an_encoded_word_does_not_come_out() -> None:
    assert text_of(b"=?utf-8?q?a=0D=0AX-Evil:_1?=") == "a X-Evil: 1"


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (b'attachment; filename="a.pdf"', "a.pdf"), (b"attachment; filename=a b c.pdf; size=3", "a b c.pdf"), (b"attachment; filename*=UTF-8''na%C3%AFve.txt", "naïve.txt"),
        (b"attachment; filename*0*=utf-8''a%20; filename*1=\"b c\"; filename*2*=%C3%A9.pdf", "a b cé.pdf"), (b'attachment; filename="=?utf-8?B?w6kucGRm?="', "é.pdf"),
        (b'attachment; filename*0="=?utf-8?B?w6ku"; filename*1="cGRm?="', "é.pdf"), (b"attachment; filename*=utf-8''=?utf-8?B?w6kucGRm?=", "é.pdf"),
        (b"attachment; filename=utf-8''a%20b.pdf", "a b.pdf"), (b"attachment; filename*=iso-8859-1'de'%FCber.txt", "über.txt"), (b"attachment; filename*=bad", "bad"),
        (b'attachment; filename="../../etc/passwd"', "passwd"), (b'attachment; filename="C:\\\\x\\\\evil.exe"', "evil.exe"), (b"attachment; filename=..\\..\\x.exe", "x.exe"),
        (b'attachment; filename=".."', None), (b'attachment; filename="a/"', "a"), (b'attachment; filename="x\xe2\x80\xaegnp.exe"', "xgnp.exe"), (b'attachment; filename="a\x00b.txt"', "ab.txt"),
        (b'attachment; filename="folded\r\n name.txt"', "folded name.txt"), (b'attachment; filename="con. . ."', "con"), (b"attachment", None), (b'attachment; filename=""', None),
        ("attachment; filename=\"管理.doc\"".encode(), "管理.doc"), (b'attachment; name="n.txt"', "n.txt"), (b'attachment; FileName=X.TXT', "X.TXT"),
        (b'attachment; filename*1=b.txt; filename*0=a', "ab.txt"), (b"attachment; filename*0*=utf-8''%E2%82; filename*1*=%AC.txt", "€.txt"),
    ],
)  # fmt: skip
def test_a_file_name_is_read_and_made_safe(value: bytes, name: str | None) -> None:
    label = labelled(value)
    assert file_name_of(label, label) == name


def test_a_file_name_fits_a_file_system_and_keeps_its_ending() -> None:
    name = safe_file_name("é" * 500 + ".docx")
    assert name is not None
    assert len(name.encode()) <= 255
    assert name.endswith(".docx")


@pytest.mark.parametrize(
    ("value", "ids"),
    [
        ("<a@b> <c@d>", ("<a@b>", "<c@d>")), ("<a@b><c@d>", ("<a@b>", "<c@d>")), ("<a@b>,\n\t<a@b>", ("<a@b>",)), ("<long\r\n id@b>", ("<longid@b>",)),
        ("a@b", ("<a@b>",)), ("Your message of Tuesday <x@y>", ("<x@y>",)), ("Your message of Tuesday", ()), ("", ()), ("<>", ()), ("<no-at>", ("<no-at>",)),
        ('"a" <x@y> (comment)', ("<x@y>",)), ("<a@b", ("<a@b>",)),
    ],
)  # fmt: skip
def test_message_ids_are_found_in_damaged_headers(value: str, ids: tuple[str, ...]) -> None:
    assert message_ids(value) == ids


def test_a_message_id_without_brackets_or_at_is_an_id() -> None:
    assert single_id(" abc123 ") == "<abc123>"
    assert single_id("two words") is None


def test_a_thousand_ids_are_enough() -> None:
    ids = message_ids(" ".join(f"<{number}@x>" for number in range(5000)))
    assert (len(ids), ids[0], ids[-1]) == (1000, "<0@x>", "<4999@x>")


@pytest.mark.parametrize(
    ("subject", "base", "is_reply"),
    [
        ("Re: Offer", "Offer", True), ("RE: AW: [list] Re[2]: Offer  now", "Offer now", True), ("Antw: x", "x", True), ("回复：你好", "你好", True), ("SV: VS: x", "x", True),
        ("[#123] Ticket", "[#123] Ticket", False), ("[EXT] Re: [EXTERNAL] Hi", "Hi", True), ("R: ciao", "ciao", True), ("r: x", "r: x", False), ("Re(3): b", "b", True),
        ("Re^2: b", "b", True), ("[Fwd: Map]", "Map", True), ("Map (fwd)", "Map", True), ("Réf : x", "x", True), ("Re:", "", True), ("", "", False), ("Reply needed: x", "Reply needed: x", False),
        ("[only a tag]", "[only a tag]", False), ("Order: 5", "Order: 5", False), ("ENC: RES: proposta", "proposta", True), ("Отв: да", "да", True), ("WG: TR: x", "x", True),
    ],
)  # fmt: skip
def test_the_subject_is_what_stays_without_prefixes(subject: str, base: str, is_reply: bool) -> None:
    assert normalized_subject(subject) == (base, is_reply)

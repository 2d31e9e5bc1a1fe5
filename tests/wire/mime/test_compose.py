"""Composed emails: read again by us and by the standard library, and nothing slips in through a value."""

import email
import email.policy
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postroom.ground.errors import Invalid
from postroom.wire.mime.compose import compose, frame_of
from postroom.wire.mime.identity import identity_of
from postroom.wire.mime.outgoing_headers import format_date
from postroom.wire.mime.parse import attachment_bytes, parse
from postroom.wire.mime.types import Address, OutgoingAttachment, OutgoingContent

WHEN = datetime(2026, 11, 22, 3, 4, 5, tzinfo=timezone(timedelta(hours=-3, minutes=-30)))


def content(**changes: object) -> OutgoingContent:
    fields: dict[str, object] = {
        "message_id": "<a.1@x.example>", "date": WHEN, "from_": Address("Zoë Müller", "zoe@x.example"),
        "to": (Address("Lee, Ann", "ann@a.example"),), "subject": "Grüße", "text": "Hallo\n",
    }  # fmt: skip
    return OutgoingContent(**{**fields, **changes})  # type: ignore[arg-type]


def lines_of(raw: bytes) -> list[bytes]:
    assert raw.replace(b"\r\n", b"").count(b"\n") == raw.replace(b"\r\n", b"").count(b"\r") == 0
    return raw.split(b"\r\n")


def test_an_email_reads_the_same_as_it_was_written() -> None:
    files = (
        OutgoingAttachment("lögö.png", "image/png", bytes(range(256)), "img1"),
        OutgoingAttachment("日本語の長い名前" * 6 + ".pdf", "application/pdf", b"%PDF-" * 300),
        OutgoingAttachment("m.eml", "message/rfc822", b"Subject: x\r\n\r\nhi\r\n"),
        OutgoingAttachment("empty", "nonsense", b""),
    )
    made = compose(
        content(
            cc=(Address("", "b@b.example"),),
            bcc=(Address("Secret", "s@s.example"),),
            reply_to=(Address("R", "r@x.example"),),
            html='<p>Hallo <img src="cid:img1"></p>',
            attachments=files,
            in_reply_to="<p9@x>",
            references=("<p1@x>", "<p2@x>"),
            postroom_id="email_1",
            extra_headers=(("List-Unsubscribe", "<https://x.example/u>"),),
        )
    )
    parsed = parse(made.for_sent_folder)
    head = parsed.head
    assert (head.message_id, head.subject, head.date) == ("<a.1@x.example>", "Grüße", WHEN)
    assert (head.from_[0].name, head.to[0].name, head.cc[0].email, head.bcc[0].email) == (
        "Zoë Müller",
        "Lee, Ann",
        "b@b.example",
        "s@s.example",
    )
    assert (head.in_reply_to, head.references, head.postroom_id) == (
        ("<p9@x>",),
        ("<p1@x>", "<p2@x>", "<p9@x>"),
        "email_1",
    )
    assert (parsed.text, parsed.html) == ("Hallo\n", '<p>Hallo <img src="cid:img1"></p>\n')
    assert [attachment_bytes(made.for_sent_folder, one.part) for one in parsed.attachments] == [
        one.content for one in files
    ]
    assert [one.filename for one in parsed.attachments] == [one.filename for one in files]
    assert [one.content_type for one in parsed.attachments] == [
        "image/png",
        "application/pdf",
        "message/rfc822",
        "application/octet-stream",
    ]
    assert (parsed.attachments[0].is_inline, parsed.attachments[0].content_id, parsed.problems) == (True, "img1", ())


def test_bcc_stands_only_in_the_copy_for_the_sender() -> None:
    made = compose(content(bcc=(Address("Secret Person", "secret@s.example"),)))
    assert b"secret" not in made.for_smtp.lower()
    assert b"Bcc: Secret Person <secret@s.example>\r\n" in made.for_sent_folder
    assert identity_of(parse(made.for_smtp).head) == identity_of(parse(made.for_sent_folder).head)


def test_the_same_content_is_the_same_bytes() -> None:
    one = content(html="<p>x", attachments=(OutgoingAttachment("a", "text/plain", b"x"),))
    assert compose(one).for_smtp == compose(one).for_smtp
    assert (
        compose(one).for_smtp != compose(content(html="<p>x", attachments=one.attachments, boundary_seed="2")).for_smtp
    )


def test_long_reference_chains_keep_the_first_and_the_latest() -> None:
    made = compose(content(references=tuple(f"<{number}@x>" for number in range(100)), in_reply_to="<99@x>"))
    found = parse(made.for_smtp).head.references
    assert (len(found), found[0], found[-1]) == (20, "<0@x>", "<99@x>")
    assert len(set(found)) == 20


def test_only_html_gets_a_text_with_its_links() -> None:
    parsed = parse(compose(content(text=None, html='<p>Look <a href="https://x.example/a">here</a></p>')).for_smtp)
    assert parsed.text == "Look here (https://x.example/a)\n"


EVIL = "x\r\nBcc: evil@e.example\r\n\r\n<b>\0"


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": EVIL}, {"from_": Address(EVIL, "a@b.example")}, {"to": (Address(EVIL, "a@b.example"),)}, {"postroom_id": EVIL}, {"read_receipt_to": Address(EVIL, "a@b.example")},
        {"attachments": (OutgoingAttachment(EVIL, EVIL, b"x", EVIL),)}, {"attachments": (OutgoingAttachment("a", "text/plain; name=\"\r\nBcc: e@e\"", b"x"),)}, {"in_reply_to": EVIL},
        {"references": (EVIL, "<a@b>")}, {"boundary_seed": EVIL}, {"text": EVIL}, {"html": EVIL}, {"html": "x", "attachments": (OutgoingAttachment("a", "image/png", b"x", "i>\r\nBcc: e"),)},
    ],
)  # fmt: skip
def test_no_value_adds_a_header_or_ends_one(changes: dict[str, object]) -> None:
    raw = compose(content(**changes)).for_smtp
    read = email.message_from_bytes(raw, policy=email.policy.default)
    names = {name.lower() for part in read.walk() for name in part.keys()}  # noqa: SIM118  a message is no dict
    assert "bcc" not in names
    assert not read.defects
    lines_of(raw)


@pytest.mark.parametrize(
    "changes",
    [
        {"message_id": "a@b"}, {"message_id": "<a>"}, {"message_id": "<a@b>\r\nBcc: x"}, {"message_id": "<a b@c>"}, {"to": (Address("Ann", "not an address"),)}, {"to": (Address("Ann", ""),)},
        {"to": (Address("", "a@b.example>\r\nBcc: <x@y.example"),)}, {"bcc": (Address("", "a@b,c@d"),)}, {"from_": Address("", "x")}, {"extra_headers": (("Subject", "x"),)},
        {"extra_headers": (("Bcc", "x"),)}, {"extra_headers": (("X A", "x"),)}, {"extra_headers": (("X-A:", "x"),)}, {"extra_headers": (("X-A", "x\r\ny"),)}, {"extra_headers": (("Content-Type", "x"),)},
        {"extra_headers": (("X-Ünï", "x"),)},
    ],
)  # fmt: skip
def test_what_cannot_stand_in_a_message_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        compose(content(**changes))


def test_an_address_outside_ascii_says_that_it_needs_smtputf8() -> None:
    assert compose(content(to=(Address("", "zoë@x.example"),))).needs_smtputf8
    assert not compose(content(to=(Address("Zoë", "zoe@bücher.example"),))).needs_smtputf8


def test_lines_that_servers_change_are_encoded() -> None:
    for text in ("From here\n.\nx", "a \nb", "x" * 5000, "=_" * 10, "a\x01b", "ü" * 2000, "", "\r\r\n\n"):
        raw = compose(content(text=text)).for_smtp
        assert all(len(line) <= 998 for line in lines_of(raw))
        assert not re.search(rb"(?m)^From ", raw.split(b"\r\n\r\n", 1)[1])
        assert (parse(raw).text or "").rstrip("\n") == re.sub(r"\r\n?", "\n", text).rstrip("\n")


def test_a_date_is_written_in_its_own_offset() -> None:
    assert format_date(WHEN) == "Sun, 22 Nov 2026 03:04:05 -0330"
    assert format_date(datetime(2026, 1, 2, tzinfo=UTC)) == "Fri, 02 Jan 2026 00:00:00 +0000"


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\ufeff"), max_size=200)
NAME = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Zl", "Zp", "Zs", "Cn", "Co", "Mn", "Me")), max_size=80
)


@settings(max_examples=150, deadline=None)
@given(subject=TEXT, name=NAME, text=TEXT, html=st.none() | TEXT, file_name=TEXT, data=st.binary(max_size=300))
def test_any_content_is_read_again_by_us_and_by_the_standard_library(
    subject: str, name: str, text: str, html: str | None, file_name: str, data: bytes
) -> None:
    files = (OutgoingAttachment(file_name, "application/pdf", data),)
    raw = compose(
        content(subject=subject, from_=Address(name, "a@b.example"), text=text, html=html, attachments=files)
    ).for_smtp
    lines = lines_of(raw)
    assert all(len(line) <= 998 for line in lines)
    header = raw.partition(b"\r\n\r\n")[0]
    assert header.isascii()
    parsed = parse(raw)
    assert words(parsed.head.subject) == words(subject)
    assert words(parsed.head.from_[0].name) == words(name)
    assert parsed.head.from_[0].email == "a@b.example"
    assert (parsed.text or "").rstrip("\n") == re.sub(r"\r\n?", "\n", text.replace("\0", "")).rstrip("\n")
    assert attachment_bytes(raw, parsed.attachments[0].part) == data
    read = email.message_from_bytes(raw, policy=email.policy.compat32)
    assert [part.get_payload(decode=True) for part in read.walk() if part.get_content_type() == "application/pdf"] == [
        data
    ]
    assert not [part.defects for part in read.walk() if part.defects]


def words(text: str) -> str:
    """As it can stand on one header line: white space between words is one space; NUL, which no column holds, is gone."""
    return " ".join(text.replace("\0", "").split()).strip("'\" ")


def test_an_email_in_a_frame_has_the_same_bytes_as_one_composed_whole() -> None:
    """What is done once for all recipients of a template changes nothing of what each of them gets."""
    image = OutgoingAttachment("logo.png", "image/png", b"\x89PNG" * 40, "logo")
    file = OutgoingAttachment("offer.pdf", "application/pdf", b"%PDF" * 4000)
    first = OutgoingContent(
        message_id="<a@acme.example>", date=datetime(2026, 11, 22, 9, 0, tzinfo=UTC), from_=Address("Ann", "ann@acme.example"),
        to=(Address("", "one@bolt.example"),), cc=(Address("Cy", "cy@acme.example"),), reply_to=(Address("", "in@acme.example"),),
        subject="Größe", text="Hello", html='<p>Hello <img src="cid:logo"></p>', attachments=(image, file),
    )  # fmt: skip
    frame = frame_of(first)
    for number in range(3):
        one = replace(
            first, message_id=f"<{number}@acme.example>", to=(Address("", f"p{number}@bolt.example"),),
            subject=f"For {number}", text="x" * number, html=f"<p>Größe {number}</p>", postroom_id=f"acti_{number}",
        )  # fmt: skip
        assert compose(one, frame) == compose(one)

"""Who wrote it: a person, an automatic answer, or a server that could not deliver, and to whom."""

import pytest

from postroom.wire.mime.bounces import Automatic, Origin, classify
from postroom.wire.mime.parse import parse
from tests.wire.mime.corpora import Tally, cases, content


def read(raw: bytes) -> Automatic:
    return classify(parse(raw), raw)


def test_bounces_of_many_servers_name_the_failed_recipients() -> None:
    """Missed: one notice that shows an address as a pattern to follow, one that names users without "@", and one with
    an abbreviated address that the corpus does not count."""
    tally = Tally()
    for row in cases("bounce"):
        expected, found = row["expected"], read(content(row))
        is_failure = found.origin in (Origin.BOUNCE, Origin.DELAYED)
        tally.check("is bounce", is_failure, bool(expected["is_bounce"]), row["id"])
        if expected["is_bounce"]:
            wanted = Origin.DELAYED if expected["temporary_only"] else Origin.BOUNCE
            tally.check(
                "recipients",
                sorted(one.email.lower() for one in found.failed),
                sorted(map(str.lower, expected["recipients"])),
                row["id"],
            )
            tally.check("kind", found.origin, wanted, row["id"])
    tally.at_most(**{"is bounce": 2, "recipients": 2, "kind": 1})


def test_automatic_answers_are_known_by_their_headers() -> None:
    tally = Tally()
    for row in cases("autoreply"):
        is_automatic = read(content(row)).origin in (Origin.AUTO_REPLY, Origin.AUTO_GENERATED)
        tally.check("automatic", is_automatic, row["expected"]["is_autoreply"], row["id"])
    tally.at_most()


def test_ordinary_mail_is_from_people() -> None:
    tally = Tally()
    for row in cases("parse"):
        tally.check("person", read(content(row)).origin, Origin.PERSON, row["id"])
    tally.at_most()


def report(action: str, status: str, copy_type: str = "message/rfc822") -> bytes:
    return (
        b"From: MAILER-DAEMON@mx.example\r\nSubject: Undelivered\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        b"--b\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        b"Original-Recipient: rfc822;Bo@x.example\r\nFinal-Recipient: rfc822; bo2@y.example\r\nAction: " + action.encode() + b"\r\nStatus: " + status.encode()
        + b"\r\nDiagnostic-Code: smtp; 550 5.1.1 no such\r\n user here\r\n\r\n--b\r\nContent-Type: " + copy_type.encode()
        + b"\r\n\r\nMessage-ID: <sent@us.example>\r\nX-Postroom-Id: email_7\r\nSubject: Offer\r\n\r\n--b--\r\n"
    )  # fmt: skip


def test_a_report_names_the_recipient_the_code_and_the_email() -> None:
    for copy_type in ("message/rfc822", "text/rfc822-headers"):
        found = read(report("failed", "5.1.1", copy_type))
        assert (found.origin, found.original_message_id, found.original_postroom_id) == (
            Origin.BOUNCE,
            "<sent@us.example>",
            "email_7",
        )
        assert [(one.email, one.is_permanent, one.status) for one in found.failed] == [("Bo@x.example", True, "5.1.1")]
        assert found.failed[0].reason == "550 5.1.1 no such user here"


def test_a_delay_is_not_a_bounce_and_a_delivery_is_a_receipt() -> None:
    assert read(report("delayed", "4.4.1")).origin is Origin.DELAYED
    assert not read(report("delayed", "4.4.1")).failed[0].is_permanent
    assert read(report("delivered", "2.0.0")).origin is Origin.RECEIPT


def test_an_international_address_in_a_report_is_read() -> None:
    raw = report("failed", "5.1.1").replace(b"rfc822;Bo@x.example", rb"utf-8;zo\x{EB}@x.example")
    assert read(raw).failed[0].email == "zoë@x.example"


def test_a_read_receipt_is_a_receipt_for_an_email() -> None:
    raw = (
        b"From: bo@x.example\r\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b\r\n\r\n--b\r\n\r\nRead.\r\n"
        b"--b\r\nContent-Type: message/disposition-notification\r\n\r\nFinal-Recipient: rfc822;bo@x.example\r\nOriginal-Message-ID: <sent@us.example>\r\n"
        b"Disposition: manual-action/MDN-sent-manually; displayed\r\n\r\n--b--\r\n"
    )
    assert (read(raw).origin, read(raw).original_message_id) == (Origin.RECEIPT, "<sent@us.example>")


@pytest.mark.parametrize(
    ("header", "origin"),
    [
        ("Auto-Submitted: auto-replied (vacation)", Origin.AUTO_REPLY), ("Auto-Submitted: auto-generated", Origin.AUTO_GENERATED), ("Auto-Submitted: no", Origin.PERSON),
        ("Subject: Automatic reply: Offer", Origin.AUTO_REPLY), ("Subject: Abwesenheitsnotiz: Angebot", Origin.AUTO_REPLY), ("Subject: 自動回覆: x", Origin.AUTO_REPLY),
        ("Subject: Out of the office furniture offer", Origin.AUTO_REPLY), ("X-Autoreply: yes", Origin.AUTO_REPLY), ("X-Autoreply: no", Origin.PERSON), ("Precedence: bulk", Origin.AUTO_GENERATED),
        ("Precedence: bulk\r\nIn-Reply-To: <a@b>", Origin.AUTO_REPLY), ("Precedence: bulk\r\nList-Id: <dev.x.example>", Origin.PERSON), ("Precedence: list", Origin.PERSON),
        ("Return-Path: <>\r\nIn-Reply-To: <a@b>", Origin.AUTO_REPLY), ("X-Auto-Response-Suppress: All", Origin.AUTO_GENERATED), ("Subject: Re: autoclave offer", Origin.PERSON), ("Subject: On holiday", Origin.PERSON),
    ],
)  # fmt: skip
def test_the_header_tells_machines_from_people(header: str, origin: Origin) -> None:
    assert read(f"From: Ann <ann@x.example>\r\n{header}\r\n\r\nhello".encode()).origin is origin


def test_no_reply_addresses_are_machines() -> None:
    assert read(b"From: Shop <no-reply@shop.example>\r\n\r\nhello").origin is Origin.AUTO_GENERATED


def test_a_person_who_writes_about_failures_is_a_person() -> None:
    raw = b"From: Ann <ann@x.example>\r\nTo: bo@y.example\r\nSubject: Re: Offer\r\n\r\nMy mail to jo@z.example could not be delivered, do you know why?\r\n"
    assert read(raw).origin is Origin.PERSON


def test_a_notice_without_an_address_fails_nobody() -> None:
    assert read(b"From: MAILER-DAEMON@x.example\r\nSubject: failure notice\r\n\r\nSomething failed.\r\n").failed == ()


def test_a_notice_in_words_names_the_email_by_the_copy_inside() -> None:
    notice = b"From: MAILER-DAEMON@mx.example\r\nSubject: Undelivered Mail\r\n%s\r\n\r\n%s"
    words = b"This could not be delivered:\r\n<bo@x.example>: 550 5.1.1 User unknown\r\n"
    copy = b"Message-ID: <sent@us.example>\r\nX-Postroom-Id: email_7\r\n\r\nhello\r\n"
    attached = notice % (
        b"Content-Type: multipart/mixed; boundary=b",
        b"--b\r\n\r\n" + words + b"--b\r\nContent-Type: message/rfc822\r\n\r\n" + copy + b"--b--",
    )
    written = notice % (b"X-A: b", words + b"--- Below this line is a copy of the message.\r\n\r\n" + copy)
    answered = notice % (b"In-Reply-To: <sent@us.example>", words)
    for raw in (attached, written, answered):
        found = read(raw)
        assert (found.origin, found.original_message_id) == (Origin.BOUNCE, "<sent@us.example>")
        assert [(one.email, one.status, one.is_permanent) for one in found.failed] == [("bo@x.example", "5.1.1", True)]
    assert read(attached).original_postroom_id == "email_7"

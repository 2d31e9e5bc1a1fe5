"""Attachments: odd kinds, odd names, and bytes that are damaged or cannot be written."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

import pytest

from postroom.ground.errors import NotFound, Permanent, Temporary
from postroom.journeys.attach import read_attachment
from tests.faults.box import BOB, Box, SetClock

TEXT, FILE = b"Content-Type: text/plain", b"Content-Disposition: attachment"
PARTS = (
    (TEXT, b"See files."),
    (b"Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64", b"eJ8+Ig=="),
    (b"Content-Type: message/rfc822", b"Subject: Inner\r\nFrom: a@b.example\r\n\r\nForwarded words."),
    (b"Content-Type: image/png\r\nContent-ID: <pic@x>\r\nContent-Disposition: inline", b"PNG"),
    (b"Content-Type: application/pdf\r\n" + FILE, b"NO NAME"),
    (TEXT + b"; name*0*=utf-8''%C3%A4; name*1=bc.txt\r\n" + FILE, b"2231"),
    (TEXT + b"\r\n" + FILE + b'; filename="=?utf-8?q?=C3=B6.txt?="', b"2047"),
    (TEXT + b"\r\n" + FILE + b'; filename="../../../etc/passwd"', b"UP"),
    (TEXT + b"\r\n" + FILE + b'; filename="C:\\con\\a.exe "', b"DOS"),
    (TEXT + b"\r\n" + FILE + b"; filename=twice.txt", b"ONE"),
    (TEXT + b"\r\n" + FILE + b"; filename=twice.txt", b"TWO"),
)
ODD = (
    b"From: bob@bolt.example\r\nTo: anna@acme.example\r\nSubject: Odd\r\nMessage-ID: <odd@bolt.example>\r\n"
    b"Content-Type: multipart/mixed; boundary=x\r\n\r\n"
    + b"".join(b"--x\r\n" + head + b"\r\n\r\n" + body + b"\r\n" for head, body in PARTS)
    + b"--x--\r\n"
)


async def test_attachments_of_every_odd_kind_can_be_had_byte_for_byte(box: Box) -> None:
    """30: winmail.dat, a mail in a mail, an image by id, no name, names in two spellings, paths, one name twice."""
    box.inbox.deliver(ODD)
    await box.pull()
    email_id = await box.one("select id from emails")
    files = await box.one("select attachments from emails")
    content = {}
    for number, file in enumerate(files):
        _, content[number] = await read_attachment(box.office.tools, box.office.organization_id, email_id, number)
        assert not {"/", "\\", "\0"} & set(file["filename"]) and not file["filename"].startswith(".")
    assert {"ONE", "TWO", "UP", "DOS", "2231", "2047", "NO NAME", "PNG"} <= {
        one.decode("latin-1").strip() for one in content.values()
    }
    names = [file["filename"] for file in files]
    assert "äbc.txt" in names and "ö.txt" in names and "winmail.dat" in names
    assert any(b"Forwarded words." in one for one in content.values())


async def test_bytes_that_cannot_be_saved_are_not_shown_as_saved(box: Box, clock: SetClock) -> None:
    """31, 66: the disk is full: no email, no sighting, no cursor; when there is room again, all is there."""
    box.fill(1)
    await box.pull()
    message = EmailMessage()
    message["From"], message["To"], message["Subject"], message["Message-ID"] = (
        BOB,
        box.user.email,
        "Big",
        "<b@x.example>",
    )
    message.set_content("See file.")
    message.add_attachment(b"\x07" * 300_000, maintype="application", subtype="octet-stream", filename="big.bin")
    box.inbox.deliver(message.as_bytes())
    before = await box.rows("select highest_uid, seen_total from folders where name = 'INBOX'")
    with disk_full(), pytest.raises(Temporary, match="blob store"):
        await box.pull()
    assert await box.subjects() == ["Offer 0"]
    assert await box.rows("select highest_uid, seen_total from folders where name = 'INBOX'") == before
    assert "blob store" in await box.one("select receive_error from connected_accounts")
    clock.pass_by(minutes=1)
    await box.pull()
    assert sorted(await box.subjects()) == ["Big", "Offer 0"]
    email_id = await box.one("select id from emails where subject = 'Big'")
    _, content = await read_attachment(box.office.tools, box.office.organization_id, email_id, 0)
    assert content == b"\x07" * 300_000


async def test_bytes_that_the_disk_has_changed_are_refused_and_fetched_again_for_another_lead(box: Box) -> None:
    """31: damage is told, never served; and it does not keep the next contact from his mail."""
    box.deliver("With file", cc="nora@nut.example")
    await box.pull()
    for pack in Path(box.office.tools.config.blob_folder).rglob("*.pack"):
        damaged = bytearray(pack.read_bytes())
        damaged[len(damaged) // 2] ^= 0xFF
        pack.write_bytes(damaged)
    email_id = await box.one("select id from emails")
    with pytest.raises((Permanent, NotFound)):
        await read_attachment(box.office.tools, box.office.organization_id, email_id, 0)
    nut = await box.office.lead("Nut", "nora@nut.example")
    await box.office.backfill(box.account_id)
    assert await box.office.subjects(nut) == ["With file"]
    assert await box.rows("select 1 from backfills") == []


@contextmanager
def disk_full() -> Iterator[None]:
    """No file of this process may grow: what a full disk answers, for as long as the block runs."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

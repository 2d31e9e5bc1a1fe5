"""What is one message and what are two, whose lead is it, and who may say so."""

from datetime import UTC, datetime

from postroom.journeys.archive import mark_done
from postroom.rooms.mailbox.sightings import Verdict
from tests.faults.box import BOB, Box, connected
from tests.journeys.office import letter

WHEN = "Fri, 20 Nov 2026 10:00:00 +0000"


def dated(raw: bytes, when: str = WHEN) -> bytes:
    """The letter with this Date."""
    lines = [line for line in raw.split(b"\r\n") if not line.startswith(b"Date:")]
    return f"Date: {when}\r\n".encode() + b"\r\n".join(lines)


async def test_two_mails_without_message_id_of_one_subject_and_second_are_both_kept(box: Box) -> None:
    """20: told apart by their words; the same mail twice in one folder stays one; UIDVALIDITY may change."""
    for text in ("First order.", "Second order.", "First order."):
        box.inbox.deliver(dated(letter(BOB, box.user.email, "Order", text, message_id="")))
    await box.pull()
    texts = [text.strip() for (text,) in await box.rows("select body_text from emails")]
    assert sorted(texts) == ["First order.", "Second order."]
    box.inbox.rebuild(box.inbox.uidvalidity + 1)
    await box.pull()
    assert await box.one("select count(*) from emails") == 2
    assert await box.verdicts() == {Verdict.KEPT: 3}
    assert len(await box.rows("select distinct message_key from copies")) == 2


async def test_two_mails_with_one_message_id_are_both_kept_across_folders_and_accounts(box: Box) -> None:
    """21: a parcel carrier's id; each keeps its place, and Done on one leaves the other."""
    for number in (1, 2):
        box.inbox.deliver(letter(BOB, box.user.email, f"Parcel {number}", message_id="<parcel@carrier.example>"))
    box.folder("Archive").deliver(letter(BOB, box.user.email, "Parcel 3", message_id="<parcel@carrier.example>"))
    await box.pull()
    assert await box.subjects() == ["Parcel 1", "Parcel 2", "Parcel 3"]
    assert await box.one("select count(*) from messages") == 3


async def test_one_mail_in_two_accounts_is_one_email_one_thread_and_two_inboxes(box: Box) -> None:
    """22: by another road, with other Received lines and another transfer encoding."""
    other = await connected(box.office, box.server, "ben@acme.example")
    raw = dated(
        letter(BOB, "anna@acme.example, ben@acme.example", "To both", "Grüße an beide.", message_id="<b@x.example>")
    )
    box.inbox.deliver(b"Received: by here\r\n" + raw)
    other.inbox.deliver(
        b"Received: by there\r\nReceived: by elsewhere\r\n" + raw.replace(b"8bit", b"quoted-printable").replace(
            "ü".encode(), b"=C3=BC").replace("ß".encode(), b"=C3=9F")
    )  # fmt: skip
    await box.pull()
    await other.pull()
    assert await box.subjects() == ["To both"]
    assert await box.one("select n_emails from email_threads") == 1
    assert (len(await box.waiting()), len(await other.waiting())) == (1, 1)
    await mark_done(box.office.tools, box.office.asker(box.user), await box.waiting())
    assert (len(await box.waiting()), len(await other.waiting())) == (0, 1)


async def test_a_mailing_lists_copy_is_a_second_email_of_the_same_thread(box: Box) -> None:
    """23: the list changed subject and footer and kept the Message-ID: both are there, together, none is lost."""
    first = letter(BOB, "anna@acme.example, list@lists.example", "News", "Text.", message_id="<n@bolt.example>")
    second = letter(
        BOB, "list@lists.example", "[List] News", "Text.\n--\nList footer", message_id="<n@bolt.example>",
        list_id="<list.lists.example>",
    )  # fmt: skip
    box.inbox.deliver(dated(first))
    box.inbox.deliver(dated(second))
    await box.pull()
    assert sorted(await box.subjects()) == ["News", "[List] News"]
    assert await box.one("select count(*) from email_threads") == 1


async def test_a_forged_reference_brings_a_stranger_nowhere(box: Box) -> None:
    """36: In-Reply-To, References, our own id header, a ticket number in the subject: anyone can write them."""
    box.folder("Sent").deliver(letter("anna@acme.example", BOB, "Offer 77", message_id="<ours@acme.example>"))
    box.deliver("Re: Offer 77", message_id="<theirs@bolt.example>", in_reply_to="<ours@acme.example>")
    await box.pull()
    (ours,) = [row[0] for row in await box.rows("select id from emails where direction = 'outgoing'")]
    forged = (
        letter("eve@else.example", "anna@acme.example", "Invoice", in_reply_to="<ours@acme.example>"),
        letter("eve@else.example", "anna@acme.example", "Re: Offer 77", references="<theirs@bolt.example>"),
        letter("eve@else.example", "anna@acme.example", "Offer 77 [#77]"),
        b"X-Postroom-ID: " + ours.encode() + b"\r\n" + letter("eve@else.example", "anna@acme.example", "Offer 77"),
    )
    for raw in forged:
        box.inbox.deliver(raw)
    await box.pull()
    assert sorted(await box.subjects()) == ["Offer 77", "Re: Offer 77"]
    assert await box.verdicts() == {Verdict.KEPT: 1, Verdict.NO_CONTACT: 4}


async def test_a_contact_cannot_write_into_another_leads_thread(box: Box) -> None:
    """36: forged References of one customer never join the conversation with another."""
    other = await box.office.lead("Nut", "nora@nut.example")
    box.folder("Sent").deliver(letter("anna@acme.example", BOB, "Secret", message_id="<s@acme.example>"))
    raw = letter("nora@nut.example", "anna@acme.example", "Re: Secret", in_reply_to="<s@acme.example>")
    box.inbox.deliver(raw)
    await box.pull()
    assert await box.office.subjects(other) == ["Re: Secret"]
    assert await box.one("select count(*) from email_threads") == 2
    assert await box.one("select has_reply from emails where direction = 'outgoing'") is False


async def test_a_coworkers_forged_address_does_not_take_over_an_email_of_ours(box: Box) -> None:
    """36: mail that only claims to be ours, with an id header that names no email of ours, is a mail of its own."""
    raw = b"X-Postroom-ID: acti_unknown\r\n" + letter("anna@acme.example", BOB, "Odd", message_id="<o@else.example>")
    box.inbox.deliver(raw)
    await box.pull()
    assert await box.rows("select subject, message_ids from emails") == [("Odd", ["<o@else.example>"])]


async def test_who_wrote_it_is_from_and_reply_to_is_only_kept(box: Box) -> None:
    """37: linking goes by From; a Reply-To elsewhere is shown and links nothing."""
    box.deliver("From Bob", reply_to="office@else.example")
    box.deliver("Not from Bob", sender="eve@else.example", reply_to=BOB)
    await box.pull()
    assert await box.rows("select subject, envelope->'reply_to'->0->>'email' from emails") == [
        ("From Bob", "office@else.example")
    ]
    assert await box.verdicts() == {Verdict.KEPT: 1, Verdict.NO_CONTACT: 1}


async def test_a_server_date_in_another_zone_is_the_same_moment(box: Box) -> None:
    """65: INTERNALDATE and Date in any zone, over the end of summer time, are put in order by the moment they name."""
    for hour, zone in ((2, "+0200"), (2, "+0100"), (1, "+0000")):
        raw = letter(BOB, box.user.email, f"At {hour} {zone}", message_id=f"<{hour}{zone}@x.example>")
        box.inbox.deliver(
            dated(raw, f"Sun, 25 Oct 2026 0{hour}:30:00 {zone}"), [], datetime(2026, 10, 25, 3, tzinfo=UTC)
        )
    await box.pull()
    moments = await box.rows("select activity_at from emails order by activity_at")
    assert [moment.astimezone(UTC).hour for (moment,) in moments] == [0, 1, 1]

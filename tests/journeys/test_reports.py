"""Bounces, delays, complaints and unsubscribe mail that arrive: matched, marked, suppressed, told once."""

from datetime import timedelta

import pytest

from postroom.journeys.arrive import pull_new
from postroom.journeys.steps.unsubscribe_links import tickets_of
from postroom.rooms.suppression import early_store, store
from postroom.rooms.suppression.suppression import Kind, Source, Suppression
from postroom.rooms.suppression.tickets import Ticket
from tests.journeys.desk import Desk
from tests.journeys.office import letter
from tests.journeys.reports import complaint, delivery_report

BOB = "bob@bolt.example"


def head(message_id: str, to: str = BOB) -> str:
    return f"Message-ID: {message_id}\nFrom: anna@acme.example\nTo: {to}\nSubject: Offer"


async def sent(desk: Desk, message_id: str = "<q@acme.example>", to: str = BOB) -> str:
    """An email that lies in Sent and stands on the lead; its id."""
    raw = letter("anna@acme.example", to, "Offer", f"For {message_id}", message_id=message_id, days_ago=0.01)
    desk.deliver(raw, "Sent")
    await desk.pull()
    rows = await desk.office.rows("select id from emails where %s = any(message_ids)", message_id)
    return str(rows[0][0])


async def why(desk: Desk, address: str = BOB) -> tuple[Suppression, ...]:
    async with desk.office.tools.db.transaction() as tx:
        return (await store.suppressed(tx, desk.office.organization_id, [address])).get(address, ())


async def bounces(desk: Desk, email_id: str) -> list[tuple[str, str, str]]:
    rows = await desk.office.rows(
        "select address, kind, status from bounces where email_id = %s order by date_created, address_key", email_id
    )
    return [(address, kind, status) for address, kind, status in rows]


async def test_a_bounce_marks_the_email_and_the_address_and_stands_in_the_thread(desk: Desk) -> None:
    lead = await desk.office.lead("Bolt", BOB)
    email_id = await sent(desk)
    desk.deliver(delivery_report("Bob@Bolt.example", head("<q@acme.example>")))
    await desk.pull()
    assert await bounces(desk, email_id) == [(BOB, "hard", "5.1.1")]
    (reason,) = await why(desk)
    assert (reason.kind, reason.source, reason.email_id) == (Kind.HARD_BOUNCE, Source.REPORT, email_id)
    assert "User unknown" in reason.reason
    rows = await desk.office.rows(
        "select thread_id, kind, has_reply, reason from emails where lead_id = %s order by direction desc", lead
    )
    assert len({row[0] for row in rows}) == 1
    assert [row[1:] for row in rows] == [(0, False, 1), (3, False, 3)]  # a bounce is no reply
    told = await desk.office.rows(
        "select action from events where object_id = %s and 'bounces' = any(changed_fields)", email_id
    )
    assert told == [("updated",)]
    assert len(await desk.office.rows("select id from inbox_items")) == 1
    assert await desk.adds_up()


async def test_the_same_report_in_two_mailboxes_or_read_again_counts_once(desk: Desk, second_desk: Desk) -> None:
    await desk.office.lead("Bolt", BOB)
    email_id = await sent(desk)
    report = delivery_report(BOB, head("<q@acme.example>"), status="4.2.2", said="452 4.2.2 mailbox full")
    desk.deliver(report)
    second_desk.deliver(report)
    await desk.pull()
    await second_desk.pull()
    await desk.office.lead("Bolt again", BOB)  # its past mail is judged anew
    await desk.office.backfill(desk.account_id)
    assert await bounces(desk, email_id) == [(BOB, "soft", "4.2.2")]
    assert await why(desk) == ()


async def test_three_soft_bounces_suppress_and_taking_it_off_holds(desk: Desk) -> None:
    await desk.office.lead("Bolt", BOB)
    for number in range(3):
        message_id = f"<s{number}@acme.example>"
        await sent(desk, message_id)
        assert await why(desk) == ()
        full = delivery_report(BOB, head(message_id), status="5.2.2", said="552 5.2.2 The mailbox is full")
        desk.deliver(full)
        await desk.pull()
    assert [one.kind for one in await why(desk)] == [Kind.SOFT_BOUNCE]


async def test_a_delay_is_noted_and_suppresses_nothing(desk: Desk) -> None:
    await desk.office.lead("Bolt", BOB)
    email_id = await sent(desk)
    desk.deliver(delivery_report(BOB, head("<q@acme.example>"), action="delayed", status="4.4.1", said="timed out"))
    await desk.pull()
    assert await bounces(desk, email_id) == [(BOB, "delayed", "4.4.1")]
    assert await why(desk) == ()


@pytest.mark.parametrize("named", [BOB, ""])
async def test_a_complaint_unsubscribes_whoever_got_the_email(desk: Desk, named: str) -> None:
    await desk.office.lead("Bolt", BOB)
    email_id = await sent(desk)
    desk.deliver(complaint(head("<q@acme.example>", "undisclosed-recipients:;"), named))
    await desk.pull()
    assert await bounces(desk, email_id) == [(BOB, "complaint", "")]
    assert {one.kind for one in await why(desk)} == {Kind.COMPLAINT, Kind.UNSUBSCRIBED}


async def test_a_complaint_that_names_nobody_blames_none_of_several(desk: Desk) -> None:
    await desk.office.lead("Bolt", BOB)
    email_id = await sent(desk, to=f"{BOB}, carl@bolt.example")
    desk.deliver(complaint(head("<q@acme.example>")))
    await desk.pull()
    assert await bounces(desk, email_id) == []
    assert await why(desk) == ()


async def test_reports_on_mail_we_never_sent_or_sent_to_others_do_nothing(desk: Desk) -> None:
    await desk.office.lead("Bolt", BOB)
    two = f"{BOB}, carl@bolt.example"
    email_id = await sent(desk, to=two)
    desk.deliver(delivery_report(BOB, head("<other@acme.example>"), said="550 unknown").replace(b"5.1.1", b"5.1.2"))
    await desk.pull()
    # Made for machines, about an address that this account wrote to today: it is about that email.
    assert [one[0] for one in await bounces(desk, email_id)] == [BOB]
    desk.deliver(delivery_report("eve@else.example", head("<q@acme.example>", two)))
    desk.deliver(delivery_report("mallory@else.example", ""))
    await desk.pull()
    assert [one[0] for one in await bounces(desk, email_id)] == [BOB]
    assert await why(desk) == ()  # but anybody could have written it
    assert await why(desk, "eve@else.example") == () == await why(desk, "mallory@else.example")
    assert await desk.adds_up()


async def test_a_report_in_words_counts_only_with_our_message_id(desk: Desk) -> None:
    await desk.office.lead("Bolt", BOB)
    email_id = await sent(desk)
    words = f"Hi. This is the qmail-send program at bolt.example.\n\n<{BOB}>:\nSorry, no mailbox here by that name.\n"
    without = letter(
        "MAILER-DAEMON@bolt.example", "anna@acme.example", "failure notice", words, message_id="<1@x.example>"
    )
    desk.deliver(without)
    await desk.pull()
    assert await bounces(desk, email_id) == []
    copy = f"{words}\n--- Below this line is a copy of the message.\n\n{head('<q@acme.example>')}\n\nFor you.\n"
    desk.deliver(
        letter("MAILER-DAEMON@bolt.example", "anna@acme.example", "failure notice", copy, message_id="<2@x.example>")
    )
    await desk.pull()
    assert [one[:2] for one in await bounces(desk, email_id)] == [(BOB, "hard")]


async def test_our_own_header_finds_the_email_whose_message_id_a_relay_changed(desk: Desk) -> None:
    await desk.office.lead("Bolt", BOB)
    email_id = await sent(desk)
    later = await sent(desk, "<later@acme.example>")
    copy = f"{head('<0102018@relay.example>')}\nX-Postroom-Id: {email_id}"
    desk.deliver(delivery_report(BOB, copy))
    await desk.pull()
    assert [one[:2] for one in await bounces(desk, email_id)] == [(BOB, "hard")]
    assert await bounces(desk, later) == []


async def test_a_person_who_quotes_a_bounce_suppresses_nobody(desk: Desk) -> None:
    await desk.office.lead("Bolt", BOB, "carl@bolt.example")
    await sent(desk)
    quoted = f"Your mail came back:\n\n> <{BOB}>: 550 5.1.1 User unknown\n> {head('<q@acme.example>')}\n"
    desk.deliver(letter("carl@bolt.example", "anna@acme.example", "Undelivered mail?", quoted))
    await desk.pull()
    assert await why(desk) == ()


async def test_a_forwarded_mailbox_that_fails_is_soft(desk: Desk) -> None:
    await desk.office.lead("Bolt", BOB)
    email_id = await sent(desk)
    desk.deliver(delivery_report("bob.private@home.example", head("<q@acme.example>")))
    await desk.pull()
    assert await bounces(desk, email_id) == [(BOB, "soft", "5.1.1")]
    assert await why(desk) == ()


async def test_bounces_of_bulk_email_do_not_fill_the_inbox(desk: Desk) -> None:
    lead = await desk.office.lead("Bolt", BOB)
    email_id = await sent(desk)
    async with desk.office.tools.db.transaction() as tx:
        await tx.execute(
            "insert into deliveries (organization_id, email_id, account_id, state, priority, due_at, message_id)"
            " values (%s, %s, %s, 'sent', 2, now(), '<q@acme.example>')",
            (desk.office.organization_id, email_id, desk.account_id),
        )
    desk.deliver(delivery_report(BOB, head("<q@acme.example>")))
    await desk.pull()
    assert len(await why(desk)) == 1
    assert len(await desk.office.subjects(lead)) == 2
    assert await desk.office.rows("select id from inbox_items") == []


async def test_an_unsubscribe_mail_is_honoured_and_a_made_up_one_is_not(desk: Desk) -> None:
    ticket = tickets_of(desk.office.tools).make(Ticket(desk.office.organization_id, BOB, "acti_1"))
    foreign = tickets_of(desk.office.tools).make(Ticket("orga_other", "carl@bolt.example"))
    for number, subject in enumerate([f"unsubscribe {foreign}", "unsubscribe", f"unsubscribe {'A' * 120}"]):
        desk.deliver(letter("bob@home.example", "anna@acme.example", subject, message_id=f"<u{number}@home.example>"))
    await desk.pull()
    assert await why(desk) == ()
    desk.deliver(letter("bob@home.example", "anna@acme.example", f"unsubscribe {ticket}"))
    await desk.pull()
    assert [(one.kind, one.source) for one in await why(desk)] == [(Kind.UNSUBSCRIBED, Source.MAILTO)]
    assert await desk.office.rows("select id from emails") == []  # it concerns no lead, so nothing of it is stored


async def test_what_waits_for_an_address_is_withdrawn_but_for_personal_mail(desk: Desk) -> None:
    await desk.office.lead("Bolt", BOB)
    for number, priority in enumerate([0, 1, 2]):
        email_id = await sent(desk, f"<w{number}@acme.example>")
        async with desk.office.tools.db.transaction() as tx:
            await tx.execute(
                "insert into deliveries (organization_id, email_id, account_id, state, priority, due_at, message_id,"
                " recipients) values (%s, %s, %s, 'waiting', %s, now(), '<w>', %s)",
                (desk.office.organization_id, email_id, desk.account_id, priority, ["Bob@Bolt.example"]),
            )
    desk.deliver(delivery_report(BOB, head("<w0@acme.example>")))
    await desk.pull()
    rows = await desk.office.rows("select priority, state, error from deliveries order by priority")
    assert [row[:2] for row in rows] == [(0, "waiting"), (1, "failed"), (2, "failed")]
    assert rows[1][2] == "Not sent: bob@bolt.example does not exist or takes no mail."


async def test_old_reports_are_not_even_read(desk: Desk) -> None:
    await desk.office.lead("Bolt", BOB)
    email_id = await sent(desk)
    desk.deliver(delivery_report(BOB, head("<q@acme.example>")))
    tools = desk.office.tools
    later = type(tools)(
        tools.config, tools.db, tools.jobs, lambda: tools.clock() + timedelta(days=91), tools.blobs, tools.vault,
        tools.addresses,
    )  # fmt: skip
    await pull_new(later, desk.office.organization_id, desk.account_id)
    assert await bounces(desk, email_id) == []


async def test_an_automatic_answer_is_no_reply(desk: Desk) -> None:
    await desk.office.lead("Bolt", BOB)
    email_id = await sent(desk)
    away = letter(
        BOB, "anna@acme.example", "Automatische Antwort: Offer", "Ich bin nicht da.", in_reply_to="<q@acme.example>",
        message_id="<away@bolt.example>", auto_submitted="auto-replied",
    )  # fmt: skip
    desk.deliver(away)
    await desk.pull()
    assert await desk.office.rows("select has_reply from emails where id = %s", email_id) == [(False,)]
    desk.deliver(letter(BOB, "anna@acme.example", "Re: Offer", "Yes.", in_reply_to="<q@acme.example>"))
    await desk.pull()
    assert await desk.office.rows("select has_reply from emails where id = %s", email_id) == [(True,)]


async def test_a_bounce_read_before_the_copy_in_sent_is_matched_when_that_comes(desk: Desk) -> None:
    """Another program sent it: the mailbox shows the bounce first, and nothing of it is kept that could be read."""
    await desk.office.lead("Bolt", BOB)
    desk.deliver(delivery_report(BOB, head("<early@acme.example>")))
    await desk.pull()
    assert await why(desk) == ()
    assert len(await desk.office.rows("select kind from early_reports")) == 1
    email_id = await sent(desk, "<early@acme.example>")
    assert await bounces(desk, email_id) == [(BOB, "hard", "5.1.1")]
    assert [reason.kind for reason in await why(desk)] == [Kind.HARD_BOUNCE]
    assert await desk.office.rows("select 1 from early_reports") == []


async def test_a_bounce_of_mail_that_concerns_nobody_here_is_forgotten(desk: Desk) -> None:
    desk.deliver(delivery_report("friend@private.example", head("<private@acme.example>", "friend@private.example")))
    await desk.pull()
    assert len(await desk.office.rows("select kind from early_reports")) == 1
    async with desk.office.tools.db.transaction() as tx:
        later = desk.office.tools.clock() + timedelta(days=6)
        await early_store.remember(tx, desk.office.organization_id, [], later)
    assert await desk.office.rows("select 1 from early_reports") == []


async def test_an_early_bounce_of_an_address_that_the_email_did_not_name_suppresses_nobody(desk: Desk) -> None:
    await desk.office.lead("Bolt", BOB)
    desk.deliver(delivery_report("somebody@else.example", head("<early2@acme.example>")))
    await desk.pull()
    email_id = await sent(desk, "<early2@acme.example>")
    assert await bounces(desk, email_id) == [(BOB, "soft", "5.1.1")]  # a forwarded mailbox, perhaps
    assert await why(desk) == ()


@pytest.mark.parametrize("original", ["", head("<made-up@acme.example>"), "X-Postroom-Id: acti_made_up"])
async def test_a_stranger_who_knows_an_address_we_write_to_cannot_have_it_suppressed(desk: Desk, original: str) -> None:
    await desk.office.lead("Bolt", BOB)
    email_id = await sent(desk)
    for number in range(3):
        for status in ("5.1.1", "4.2.2"):
            desk.deliver(delivery_report(BOB, original, status=status, said=f"{number}"))
        desk.deliver(complaint(original or "Subject: Offer", BOB))
    await desk.pull()
    assert {one[:2] for one in await bounces(desk, email_id)} == {(BOB, "hard"), (BOB, "soft"), (BOB, "complaint")}
    assert await why(desk) == ()


async def test_an_automatic_answer_says_until_when_its_sender_is_away(desk: Desk) -> None:
    await desk.office.lead("Bolt", BOB)
    email_id = await sent(desk)
    away = letter(
        BOB, "anna@acme.example", "Automatische Antwort: Offer", "Ich bin am 4.12.2099 wieder da. Bis 3. Januar 2099.",
        in_reply_to="<q@acme.example>", message_id="<away@bolt.example>", auto_submitted="auto-replied",
    )  # fmt: skip
    soon = (desk.office.tools.clock() + timedelta(days=9)).date()
    desk.deliver(away.replace(b"3. Januar 2099", soon.isoformat().encode()))
    desk.deliver(
        letter(BOB, "anna@acme.example", "Re: Offer", f"I am away until {soon}.", message_id="<p@bolt.example>")
    )
    await desk.pull()
    rows = await desk.office.rows("select kind, returns_on from emails where id <> %s order by kind", email_id)
    assert rows == [(0, None), (1, soon)]

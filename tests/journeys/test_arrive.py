"""J1: what lies in a mailbox comes in, is judged, filed on leads, and stands in the ledger."""

from typing import cast

from postroom.ground.stamp import Stamp
from postroom.journeys.send import delete_email
from postroom.journeys.steps.judge_mail import judge_batch, unjudged
from postroom.journeys.steps.mail_rules import read_mail_rules
from postroom.rooms.comments import store as comment_store
from postroom.rooms.comments.store import Subject
from postroom.rooms.mailbox.sightings import Verdict
from postroom.wire.imap.types import HeaderSummary, SummaryBatch, UidSet
from tests.journeys.desk import Desk
from tests.journeys.office import letter


async def test_mail_with_a_contact_stands_on_the_lead_and_other_mail_is_not_stored(desk: Desk) -> None:
    lead = await desk.office.lead("Bolt", "bob@bolt.example")
    desk.deliver(letter("Bob <bob@bolt.example>", "anna@acme.example", "Offer"))
    desk.deliver(letter("spam@shop.example", "anna@acme.example", "Buy now", "SECRETWORD"))
    desk.deliver(letter("ben@acme.example", "anna@acme.example", "Lunch"))
    desk.deliver(letter("anna@acme.example", "bob@bolt.example", "Our offer"), "Sent")
    await desk.office.pull(desk.account_id)
    assert await desk.office.subjects(lead) == ["Offer", "Our offer"]
    ledger = await desk.office.ledger(desk.account_id)
    assert ledger["INBOX"] == {Verdict.KEPT: 1, Verdict.NO_CONTACT: 1, Verdict.COWORKERS: 1}
    assert ledger["Sent"] == {Verdict.KEPT: 1}


async def test_nothing_readable_is_stored_of_mail_that_is_not_logged(desk: Desk) -> None:
    desk.deliver(letter("Eve <eve@private.example>", "anna@acme.example", "Zebrawood", "Quicksilver words"))
    await desk.pull()
    tables = await desk.office.rows("select tablename from pg_tables where schemaname = 'public'")
    for (table,) in tables:
        if table != "schema_migrations":
            text = str(await desk.office.rows(f"select t::text from {table} t"))
            for word in ("Zebrawood", "Quicksilver", "eve@private.example", "private.example"):
                assert word not in text, f"{word} stands in {table}"


async def test_a_message_in_two_mailboxes_is_one_email_with_two_copies(desk: Desk, second_desk: Desk) -> None:
    lead = await desk.office.lead("Bolt", "bob@bolt.example")
    raw = letter("bob@bolt.example", "anna@acme.example, ben@acme.example", "Offer")
    for one in (desk, second_desk):
        one.deliver(b"Received: from somewhere else for " + one.name.encode() + b"\r\n" + raw)
    await desk.pull()
    await second_desk.pull()
    assert await desk.office.subjects(lead) == ["Offer"]
    assert await desk.office.rows("select count(*), count(distinct account_id) from copies") == [(2, 2)]
    assert await desk.office.rows("select count(*) from inbox_items") == [(2,)]
    (users,) = (await desk.office.rows("select users from emails"))[0]
    assert len(users) == 2


async def test_a_message_to_two_leads_stands_on_each(desk: Desk) -> None:
    first = await desk.office.lead("Bolt", "bob@bolt.example")
    second = await desk.office.lead("Nut", "nora@nut.example")
    desk.deliver(letter("anna@acme.example", "bob@bolt.example, nora@nut.example", "News"), "Sent")
    await desk.pull()
    assert await desk.office.subjects(first) == await desk.office.subjects(second) == ["News"]


async def test_a_conversation_is_one_thread_though_it_is_read_newest_first(desk: Desk) -> None:
    lead = await desk.office.lead("Bolt", "bob@bolt.example")
    ids = [f"<{n}@bolt.example>" for n in range(4)]
    for number, (sender, to) in enumerate([("bob@bolt.example", "anna@acme.example")] * 4):
        references = " ".join(ids[:number])
        headers = {"references": references, "in_reply_to": ids[number - 1]} if number else {}
        subject = "Offer" if not number else "Re: Offer"
        raw = letter(sender, to, subject, f"Turn {number}", message_id=ids[number], days_ago=9 - number, **headers)
        desk.deliver(raw)
    await desk.pull()
    assert await desk.office.rows("select n_emails, lead_id from email_threads") == [(4, lead)]


async def test_an_answer_marks_the_sent_email_as_replied_whichever_comes_first(desk: Desk) -> None:
    await desk.office.lead("Bolt", "bob@bolt.example")
    asked = letter("anna@acme.example", "bob@bolt.example", "Offer", message_id="<q@acme.example>", days_ago=2)
    desk.deliver(asked, "Sent")
    answer = letter("bob@bolt.example", "anna@acme.example", "Re: Offer", "Yes.", in_reply_to="<q@acme.example>")
    desk.deliver(answer)
    await desk.pull()
    assert await desk.office.rows("select has_reply from emails where direction = 'outgoing'") == [(True,)]


async def test_a_reply_from_an_unknown_address_joins_the_lead_it_answers(desk: Desk) -> None:
    lead = await desk.office.lead("Bolt", "bob@bolt.example")
    desk.deliver(letter("anna@acme.example", "bob@bolt.example", "Offer", message_id="<q@acme.example>"), "Sent")
    await desk.pull()
    from_home = letter("bob@home.example", "anna@acme.example", "Re: Offer", "Yes.", in_reply_to="<q@acme.example>")
    forged = letter("eve@else.example", "anna@acme.example", "Re: Other", "Hm.", in_reply_to="<q@acme.example>")
    desk.deliver(from_home)
    desk.deliver(forged)
    await desk.pull()
    assert await desk.office.subjects(lead) == ["Offer", "Re: Offer"]


async def test_two_messages_with_one_message_id_are_both_kept(desk: Desk) -> None:
    lead = await desk.office.lead("Bolt", "bob@bolt.example")
    for subject in ("Parcel 1", "Parcel 2"):
        desk.deliver(letter("bob@bolt.example", "anna@acme.example", subject, message_id="<same@bolt.example>"))
    await desk.pull()
    assert sorted(await desk.office.subjects(lead)) == ["Parcel 1", "Parcel 2"]


async def test_two_messages_alike_but_for_their_words_are_both_kept(desk: Desk) -> None:
    lead = await desk.office.lead("Bolt", "bob@bolt.example")
    for text in ("First words.", "Quite other words."):
        raw = letter("bob@bolt.example", "anna@acme.example", "Same", text, message_id="")
        lines = [line for line in raw.split(b"\r\n") if not line.startswith(b"Date:")]
        desk.deliver(b"Date: Fri, 20 Nov 2026 10:00:00 +0000\r\n" + b"\r\n".join(lines))
    await desk.pull()
    assert await desk.office.subjects(lead) == ["Same", "Same"]
    assert len(await desk.office.rows("select distinct body_text from emails")) == 2


async def test_what_leaves_the_mailbox_stays_on_the_lead_and_leaves_the_ledger(desk: Desk) -> None:
    lead = await desk.office.lead("Bolt", "bob@bolt.example")
    desk.deliver(letter("bob@bolt.example", "anna@acme.example", "Offer"))
    await desk.pull()
    client = desk.client()
    client.select("INBOX")
    client.store("1", "+FLAGS", "\\Deleted")
    client.expunge()
    await desk.pull()
    assert await desk.office.subjects(lead) == ["Offer"]
    assert (await desk.office.ledger(desk.account_id)).get("INBOX", {}) == {}
    assert await desk.office.rows("select seen_total from folders where name = 'INBOX'") == [(0,)]


async def test_an_email_deleted_from_the_lead_does_not_come_back(desk: Desk) -> None:
    lead = await desk.office.lead("Bolt", "bob@bolt.example")
    desk.deliver(letter("bob@bolt.example", "anna@acme.example", "Offer"))
    await desk.pull()
    async with desk.office.tools.db.transaction() as tx:
        await tx.execute("insert into deleted_emails select organization_id, lead_id, message_key, now() from emails")
        await tx.execute("delete from emails")
    client = desk.client()
    client.select("INBOX")
    client.copy("1", "Archive") if client.create("Archive") else None
    await desk.pull()
    assert await desk.office.subjects(lead) == []


async def test_a_changed_uidvalidity_doubles_nothing_and_keeps_what_was_done(desk: Desk) -> None:
    lead = await desk.office.lead("Bolt", "bob@bolt.example")
    for number in range(5):
        desk.deliver(letter("bob@bolt.example", "anna@acme.example", f"Offer {number}"))
    await desk.pull()
    items = await desk.office.rows("select id, is_done from inbox_items order by id")
    desk.renumber("INBOX")
    await desk.pull()
    await desk.pull()
    assert len(await desk.office.subjects(lead)) == 5
    assert await desk.office.rows("select id, is_done from inbox_items order by id") == items
    assert (await desk.office.ledger(desk.account_id))["INBOX"] == {Verdict.KEPT: 5}
    assert await desk.adds_up()


async def test_the_past_of_a_new_contact_comes_from_every_folder_once(desk: Desk) -> None:
    desk.deliver(letter("late@bolt.example", "anna@acme.example", "Past 1", days_ago=3))
    desk.deliver(letter("anna@acme.example", "late@bolt.example", "Past 2", days_ago=2), "Sent")
    desk.deliver(letter("eve@else.example", "anna@acme.example", "Noise"))
    await desk.pull()
    lead = await desk.office.lead("Late", "Late@Bolt.Example")
    await desk.office.backfill(desk.account_id)
    await desk.office.backfill(desk.account_id)
    assert await desk.office.subjects(lead) == ["Past 1", "Past 2"]
    assert await desk.office.rows("select count(*) from inbox_items") == [(0,)]
    assert await desk.adds_up()


async def test_a_second_contact_gets_the_past_that_another_lead_has_already(desk: Desk) -> None:
    first = await desk.office.lead("Bolt", "bob@bolt.example")
    desk.deliver(letter("bob@bolt.example", "anna@acme.example", "Both", cc="nora@nut.example"))
    await desk.pull()
    second = await desk.office.lead("Nut", "nora@nut.example")
    await desk.office.backfill(desk.account_id)
    assert await desk.office.subjects(first) == await desk.office.subjects(second) == ["Both"]


async def test_nothing_new_costs_few_commands(desk: Desk) -> None:
    await desk.office.lead("Bolt", "bob@bolt.example")
    for number in range(20):
        desk.deliver(letter("bob@bolt.example", "anna@acme.example", f"Offer {number}"))
    await desk.pull()
    before = await desk.office.rows("select xmin::text, highest_uid, seen_total from folders where name = 'INBOX'")
    await desk.pull()
    after = await desk.office.rows("select xmin::text, highest_uid, seen_total from folders where name = 'INBOX'")
    assert before[0][1:] == after[0][1:]


async def test_a_header_that_we_cannot_read_is_set_aside_and_its_neighbours_are_judged(desk: Desk) -> None:
    mail = await read_mail_rules(desk.office.tools, desk.office.organization_id, desk.account_id)
    good = HeaderSummary(7, frozenset(), None, 10, b"From: bob@bolt.example\r\nSubject: Offer\r\n\r\n")
    broken = HeaderSummary(8, frozenset(), None, 10, cast(bytes, None))
    batch = SummaryBatch(UidSet([7, 8, 9]), [broken, good], UidSet([9]))
    judged = await judge_batch(desk.office.tools, mail, batch.summaries)
    assert [one.summary.uid for one in judged] == [7]
    assert list(unjudged(batch, judged)) == [8, 9]


async def test_the_answer_to_a_conversation_that_was_deleted_opens_a_new_one(desk: Desk) -> None:
    lead = await desk.office.lead("Bolt", "bob@bolt.example")
    desk.deliver(letter("bob@bolt.example", "anna@acme.example", "Offer", message_id="<first@bolt.example>"))
    await desk.pull()
    ((email_id,),) = await desk.office.rows("select id from emails")
    await delete_email(desk.office.tools, desk.office.asker(desk.user), email_id)
    assert await desk.office.rows("select id from email_threads") == []
    answer = letter("bob@bolt.example", "anna@acme.example", "Re: Offer", in_reply_to="<first@bolt.example>")
    desk.deliver(answer)
    await desk.pull()
    assert await desk.office.subjects(lead) == ["Re: Offer"]
    assert await desk.office.rows("select n_emails from email_threads t join emails e on e.thread_id = t.id") == [(1,)]


async def test_what_was_said_about_two_conversations_is_still_there_when_they_become_one(desk: Desk) -> None:
    lead = await desk.office.lead("Bolt", "bob@bolt.example")
    ids = ["<one@bolt.example>", "<two@bolt.example>"]
    for number, message_id in enumerate(ids):
        desk.deliver(letter("bob@bolt.example", "anna@acme.example", f"Matter {number}", message_id=message_id))
    await desk.pull()
    org, stamp = desk.office.organization_id, Stamp(desk.user.id, desk.office.tools.clock())
    threads = [thread for (thread,) in await desk.office.rows("select id from email_threads order by id")]
    async with desk.office.tools.db.transaction() as tx:
        for thread in threads:
            about = Subject(thread, "email_thread", lead)
            await comment_store.insert_comment(tx, org, (about, f"<body>About {thread}</body>"), stamp)
    desk.deliver(letter("bob@bolt.example", "anna@acme.example", "Both", references=" ".join(ids)))
    await desk.pull()
    ((kept,),) = await desk.office.rows("select id from email_threads")
    said = await desk.office.rows("select t.object_id from comments c join comment_threads t on t.id = c.thread_id")
    assert said == [(kept,), (kept,)]
    assert len(await desk.office.rows("select 1 from inbox_items")) == 1

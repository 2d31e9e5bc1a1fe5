"""Whose mail it is when addresses are shared, move, or are spelled otherwise; and when a mailbox is taken away."""

from postroom.journeys import connect
from tests.journeys.desk import Desk
from tests.journeys.office import letter


async def test_an_address_on_two_leads_brings_its_mail_to_both(desk: Desk) -> None:
    leads = [await desk.office.lead(name, "bob@bolt.example") for name in ("Bolt", "Bolt again")]
    desk.deliver(letter("bob@bolt.example", "anna@acme.example", "Offer"))
    await desk.pull()
    assert [await desk.office.subjects(lead) for lead in leads] == [["Offer"], ["Offer"]]
    assert await desk.office.rows("select count(*) from messages") == [(1,)]


async def test_mail_follows_an_address_to_the_lead_it_moved_to_and_the_past_stays(desk: Desk) -> None:
    before, after = await desk.office.lead("Old firm", "bob@bolt.example"), await desk.office.lead("New firm")
    desk.deliver(letter("bob@bolt.example", "anna@acme.example", "From the old firm", days_ago=2))
    await desk.pull()
    async with desk.office.tools.db.transaction() as tx:
        await tx.execute("update contacts set lead_id = %s where lead_id = %s", (after, before))
        await tx.execute("update contact_emails set lead_id = %s where lead_id = %s", (after, before))
    desk.deliver(letter("bob@bolt.example", "anna@acme.example", "From the new firm"))
    await desk.pull()
    assert await desk.office.subjects(before) == ["From the old firm"]
    assert await desk.office.subjects(after) == ["From the new firm"]


async def test_an_address_with_a_plus_or_other_dots_is_another_one_and_capitals_are_not(desk: Desk) -> None:
    """What stands before the @ is the receiving server's matter (RFC 5321 2.3.11): a guess would mix up people."""
    lead = await desk.office.lead("Bolt", "bob.lee@gmail.com", "Bob+Sales@gmail.com")
    for sender in ("BOB.LEE@Gmail.com", "boblee@gmail.com", "bob.lee+x@gmail.com", "bob+sales@gmail.com"):
        desk.deliver(letter(sender, "anna@acme.example", sender))
    await desk.pull()
    assert sorted(await desk.office.subjects(lead)) == ["BOB.LEE@Gmail.com", "bob+sales@gmail.com"]


async def test_a_removed_account_leaves_its_mail_on_the_leads_and_with_whoever_else_holds_it(
    desk: Desk, second_desk: Desk
) -> None:
    lead = await desk.office.lead("Bolt", "bob@bolt.example")
    both = letter("bob@bolt.example", "anna@acme.example, ben@acme.example", "To both")
    for one in (desk, second_desk):
        one.deliver(both)
    desk.deliver(letter("bob@bolt.example", "anna@acme.example", "To Anna alone"))
    await desk.pull()
    await second_desk.pull()
    await connect.remove_account(desk.office.tools, desk.office.asker(desk.user), desk.account_id)
    assert sorted(await desk.office.subjects(lead)) == ["To Anna alone", "To both"]
    held = await desk.office.rows(
        "select t.normalized_subject from inbox_items i join email_threads t on t.id = i.thread_id"
        " where i.account_id = %s and not i.is_done",
        second_desk.account_id,
    )
    assert len(held) == 1
    await second_desk.pull()
    assert await second_desk.adds_up()
    assert sorted(await desk.office.subjects(lead)) == ["To Anna alone", "To both"]

"""Two leads become one: nothing is lost, nothing doubled, and the ledger still adds up."""

import asyncio

import pytest

from postroom.ground.errors import Invalid, NotFound
from postroom.journeys.merge_leads import merge_leads
from postroom.rooms.leads.contact_store import insert_contact, new_contact
from postroom.rooms.leads.lead import ContactContent, Stamp
from postroom.rooms.leads.merge_store import Merge
from postroom.rooms.mailbox.sightings import Verdict
from tests.journeys.desk import Desk
from tests.journeys.office import letter


async def merge(desk: Desk, source: str, destination: str) -> None:
    tools = desk.office.tools
    async with tools.db.transaction() as tx:
        stamp = Stamp(desk.user.id, tools.clock())
        await merge_leads(tx, desk.office.organization_id, Merge(source, destination), stamp)


async def test_mail_of_both_stands_on_one_and_a_shared_message_once(desk: Desk) -> None:
    bolt = await desk.office.lead("Bolt", "bob@bolt.example")
    nut = await desk.office.lead("Nut", "nora@nut.example")
    desk.deliver(letter("bob@bolt.example", "anna@acme.example", "Alone"))
    desk.deliver(letter("nora@nut.example", "anna@acme.example", "Own"))
    desk.deliver(letter("bob@bolt.example", "anna@acme.example", "Shared", cc="nora@nut.example"))
    await desk.pull()
    rows = desk.office.rows
    assert len(await rows("select 1 from inbox_items where lead_id in (%s, %s)", bolt, nut)) == 4
    await merge(desk, bolt, nut)
    assert sorted(await desk.office.subjects(nut)) == ["Alone", "Own", "Shared"]
    assert await rows("select num_emails from leads") == [(3,)]
    assert await rows("select count(*) from email_threads where lead_id = %s", nut) == [(3,)]
    assert await rows("select sum(n_emails) from email_threads") == [(3,)]
    assert len(await rows("select 1 from inbox_items where lead_id = %s and not is_done", nut)) == 3
    assert await rows("select name from contacts where lead_id = %s order by position", nut) != []
    assert await rows("select distinct lead_id from contact_emails") == [(nut,)]
    assert (await desk.office.ledger(desk.account_id))["INBOX"][Verdict.KEPT] == 3
    await desk.pull()
    assert await desk.adds_up()
    # Later mail with either finds its way to the one lead, into the thread that it answers.
    desk.deliver(letter("bob@bolt.example", "anna@acme.example", "Re: Shared", cc="nora@nut.example"))
    await desk.pull()
    assert len(await desk.office.subjects(nut)) == 4
    assert await desk.adds_up()


async def test_what_somebody_deleted_from_either_stays_deleted(desk: Desk) -> None:
    bolt = await desk.office.lead("Bolt", "bob@bolt.example")
    nut = await desk.office.lead("Nut", "nora@nut.example")
    desk.deliver(letter("bob@bolt.example", "anna@acme.example", "Gone"))
    desk.deliver(letter("bob@bolt.example", "anna@acme.example", "Shared", cc="nora@nut.example"))
    await desk.pull()
    await desk.office.rows(
        "insert into deleted_emails (organization_id, lead_id, message_key, date_created)"
        " select organization_id, lead_id, message_key, now() from emails where subject = 'Gone' returning 1"
    )
    await desk.office.rows(
        "insert into deleted_emails (organization_id, lead_id, message_key, date_created)"
        " select organization_id, lead_id, message_key, now() from emails where subject = 'Shared' and lead_id = %s"
        " returning 1",
        nut,
    )
    await desk.office.rows("delete from emails where subject = 'Gone' or lead_id = %s returning 1", nut)
    await merge(desk, bolt, nut)
    kept = "select e.subject, d.lead_id from deleted_emails d left join emails e on e.message_key = d.message_key"
    assert await desk.office.rows(kept) == [(None, nut)]
    assert await desk.office.subjects(nut) == ["Shared"]


async def test_a_lead_is_not_merged_into_itself_or_into_nothing(desk: Desk) -> None:
    bolt = await desk.office.lead("Bolt", "bob@bolt.example")
    with pytest.raises(Invalid):
        await merge(desk, bolt, bolt)
    for pair in ((bolt, "lead_none"), ("lead_none", bolt)):
        with pytest.raises(NotFound):
            await merge(desk, *pair)
    assert await desk.office.rows("select id from leads") == [(bolt,)]


async def test_who_is_just_being_added_to_the_lead_that_goes_comes_along(desk: Desk) -> None:
    bolt, nut = await desk.office.lead("Bolt"), await desk.office.lead("Nut")
    tools, organization_id = desk.office.tools, desk.office.organization_id
    async with tools.db.transaction() as tx:
        late = new_contact(bolt, ContactContent(name="Late"))
        await insert_contact(tx, organization_id, late, Stamp(desk.user.id, tools.clock()))
        merging = asyncio.create_task(merge(desk, bolt, nut))
        while not merging.done() and not await desk.office.rows(
            "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
        ):
            await asyncio.sleep(0.01)
    await merging
    assert await desk.office.rows("select name, lead_id from contacts") == [("Late", nut)]

"""Mail that concerns no lead any more is let go, with its bytes."""

import pytest

from postroom.ground.errors import PostroomError
from postroom.journeys.forget import forget_unheld
from postroom.rooms.leads import store as lead_store
from postroom.rooms.leads.lead import Stamp
from postroom.rooms.mailbox.sightings import Verdict
from tests.journeys.desk import Desk
from tests.journeys.office import letter


async def test_a_deleted_lead_takes_its_mail_along_bytes_and_all(desk: Desk) -> None:
    lead = await desk.office.lead("Bolt", "bob@bolt.example")
    other = await desk.office.lead("Nut", "nora@nut.example")
    desk.deliver(letter("bob@bolt.example", "anna@acme.example", "Alone", "PALISANDER"))
    desk.deliver(letter("bob@bolt.example", "anna@acme.example", "Shared", cc="nora@nut.example"))
    await desk.pull()
    tools, org = desk.office.tools, desk.office.organization_id
    refs = dict(
        await desk.office.rows("select e.subject, m.raw_ref from emails e join messages m on m.id = e.message_key")
    )
    async with tools.db.transaction() as tx:
        await lead_store.delete_lead(tx, org, lead, Stamp(desk.user.id, tools.clock()))
    assert await forget_unheld(tools) == 1
    assert await desk.office.subjects(other) == ["Shared"]
    assert b"Shared" in await tools.blobs.read(refs["Shared"])
    with pytest.raises(PostroomError):
        await tools.blobs.read(refs["Alone"])
    for file in tools.config.blob_folder.rglob("*"):
        assert not file.is_file() or b"PALISANDER" not in file.read_bytes()
    assert (await desk.office.ledger(desk.account_id))["INBOX"] == {Verdict.KEPT: 1, Verdict.NO_CONTACT: 1}
    await desk.pull()
    assert await desk.adds_up()


async def test_a_contact_made_anew_brings_it_back(desk: Desk) -> None:
    lead = await desk.office.lead("Bolt", "bob@bolt.example")
    desk.deliver(letter("bob@bolt.example", "anna@acme.example", "Alone"))
    await desk.pull()
    tools = desk.office.tools
    async with tools.db.transaction() as tx:
        await lead_store.delete_lead(tx, desk.office.organization_id, lead, Stamp(None, tools.clock()))
    await forget_unheld(tools)
    again = await desk.office.lead("Bolt again", "bob@bolt.example")
    await desk.office.backfill(desk.account_id)
    assert await desk.office.subjects(again) == ["Alone"]
    assert await desk.adds_up()

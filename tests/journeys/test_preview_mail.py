"""The dry run: what would be logged, by lead, before anything is."""

import pytest

from postroom.ground.errors import Forbidden
from postroom.journeys.preview_mail import preview_mail
from tests.journeys.desk import Desk
from tests.journeys.office import letter

ANNA, BOB = "anna@acme.example", "bob@bolt.example"


async def test_it_counts_by_lead_and_keeps_nothing(desk: Desk) -> None:
    lead = await desk.office.lead("Bolt", BOB)
    for subject in ("One", "Two"):
        desk.deliver(letter(BOB, ANNA, subject))
    desk.deliver(letter("eve@gmail.com", ANNA, "Private"))
    desk.deliver(letter("ben@acme.example", ANNA, "Lunch"))
    await desk.office.rows("update connected_accounts set sync_enabled = false returning id")
    found = await preview_mail(desk.office.tools, desk.office.asker(desk.user), desk.account_id)
    assert (found.looked_at, found.on_server, dict(found.by_lead)) == (4, 4, {lead: 2})
    assert dict(found.by_outcome) == {"kept": 2, "no_contact": 1, "coworkers": 1}
    for table in ("sightings", "emails", "copies", "inbox_items"):
        assert await desk.office.rows(f"select 1 from {table}") == [], table
    with pytest.raises(Forbidden):
        ben = desk.office.asker(await desk.office.user("ben@acme.example"))
        await preview_mail(desk.office.tools, ben, desk.account_id)

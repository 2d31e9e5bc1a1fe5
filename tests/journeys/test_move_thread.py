"""A conversation on another lead: all of it, with what follows, why it was linked kept, and back again as it was."""

import httpx2
import pytest

from postroom.journeys import rejudge as rejudging
from postroom.journeys.steps.ask_rejudgement import ask_of_all
from postroom.rooms.accounts.account import CoworkersSee
from postroom.rooms.mailbox.sightings import Verdict
from tests.journeys.office import letter
from tests.journeys.privacy_room import ANNA, BOB, SECRET, Room

MAX = "max@northwind.example"


async def move(who: httpx2.AsyncClient, thread_id: str, lead_id: str) -> httpx2.Response:
    return await who.post(f"/api/v1/activity/emailthread/{thread_id}/move/", json={"lead_id": lead_id})


async def whole(room: Room) -> list[tuple[object, ...]]:
    """Everything that a move touches, but for when."""
    return await room.desk.office.rows(
        "select e.id, e.lead_id, e.contact_id, e.thread_id, e.reason, t.lead_id, t.contact_id, i.lead_id, i.contact_id,"
        " l.num_emails,"
        " (select count(*) from thread_keys k where k.thread_id = t.id and k.lead_id = t.lead_id),"
        " (select count(*) from deleted_emails) from emails e join email_threads t on t.id = e.thread_id"
        " join leads l on l.id = e.lead_id left join inbox_items i on i.thread_id = t.id order by e.id"
    )


async def test_a_conversation_moves_with_all_that_hangs_on_it_and_back(room: Room) -> None:
    office = room.desk.office
    other = await office.lead("Northwind", MAX)
    thread_id, before = await room.thread_id(), await whole(room)
    await room.anna.post("/api/v1/comment/", json={"object_id": thread_id, "body": "Look at this"})
    answer = await move(room.anna, thread_id, other)
    assert answer.status_code == 200, answer.text
    card = answer.json()
    assert (card["lead_id"], card["moved"]["from_lead_name"], card["moved"]["user_name"]) == (
        other,
        "Bolt",
        "Anna Test",
    )
    assert await office.subjects(other) == [SECRET] and await office.subjects(room.lead) == []
    after = await whole(room)
    assert [row[4] for row in after] == [row[4] for row in before], "why it was linked is kept"
    assert (after[0][5], after[0][7], after[0][9]) == (other, other, 1)
    assert await office.rows("select lead_id from comment_threads") == [(other,)]
    assert (await office.rows("select num_emails from leads where id = %s", room.lead)) == [(0,)]
    item = (await room.anna.get("/api/v1/task/?_type=incoming_email&view=inbox")).json()["data"][0]
    assert item["lead_name"] == "Northwind"
    back = await move(room.anna, thread_id, room.lead)
    assert back.status_code == 200 and back.json()["moved"] is None
    assert await whole(room) == before


async def test_what_answers_it_later_goes_where_it_is_now(room: Room) -> None:
    desk, office = room.desk, room.desk.office
    other = await office.lead("Northwind", MAX)
    await move(room.anna, await room.thread_id(), other)
    [(message_id,)] = await office.rows("select message_ids[1] from emails")
    first = letter(BOB, ANNA, f"Re: {SECRET}", "More.", message_id="<second@bolt.example>", references=message_id)
    desk.deliver(first)
    await desk.pull()
    # The next one names the follow-up alone, which nobody has moved.
    desk.deliver(letter(BOB, ANNA, f"Re: {SECRET}", "And more.", in_reply_to="<second@bolt.example>"))
    desk.deliver(letter(BOB, ANNA, "Something else"))
    await desk.pull()
    assert sorted(await office.subjects(other)) == [f"Re: {SECRET}", f"Re: {SECRET}", SECRET]
    assert await office.subjects(room.lead) == ["Something else"], "only that conversation was moved, not its people"
    assert (await office.rows("select count(distinct thread_id) from emails where lead_id = %s", other)) == [(1,)]


async def test_no_rule_and_no_rebuilding_makes_it_anew(room: Room) -> None:
    desk, office = room.desk, room.desk.office
    other = await office.lead("Northwind", MAX)
    await move(room.anna, await room.thread_id(), other)
    desk.renumber("INBOX")
    await desk.pull()
    for verdict in (Verdict.KEPT, Verdict.NO_CONTACT):
        async with office.tools.db.transaction() as tx:
            await ask_of_all(office.tools, tx, office.organization_id, [verdict])
        await rejudging.rejudge(office.tools, office.organization_id, desk.account_id)
    assert await office.subjects(room.lead) == [] and await office.subjects(other) == [SECRET]
    [(email_id,)] = await office.rows("select id from emails")
    await room.anna.delete(f"/api/v1/activity/email/{email_id}/")
    desk.renumber("INBOX")
    await desk.pull()
    assert await office.rows("select 1 from emails") == [], (
        "deleted where it was moved to, it does not come back at home"
    )


async def test_moved_on_it_still_goes_home_by_one_step(room: Room) -> None:
    office = room.desk.office
    second, third = await office.lead("Northwind", MAX), await office.lead("Helio", "h@helio.example")
    thread_id, before = await room.thread_id(), await whole(room)
    for lead in (second, third):
        card = (await move(room.anna, thread_id, lead)).json()
        assert card["moved"]["from_lead_name"] == "Bolt"
    await move(room.anna, thread_id, room.lead)
    assert await whole(room) == before


async def test_the_draft_of_an_answer_goes_along(room: Room) -> None:
    office = room.desk.office
    other = await office.lead("Northwind", MAX)
    [(email_id,)] = await office.rows("select id from emails")
    draft = {"lead_id": room.lead, "status": "draft", "in_reply_to_id": email_id, "subject": "Re: x", "to": [BOB]}
    draft_id = (await room.anna.post("/api/v1/activity/email/", json=draft)).json()["id"]
    await move(room.anna, await room.thread_id(), other)
    assert (await room.anna.get(f"/api/v1/activity/email/{draft_id}/")).json()["lead_id"] == other


@pytest.mark.parametrize("what", [CoworkersSee.METADATA, CoworkersSee.NOTHING])
async def test_who_does_not_see_all_of_it_does_not_move_it(room: Room, what: CoworkersSee) -> None:
    other = await room.desk.office.lead("Northwind", MAX)
    thread_id = await room.thread_id()
    await room.choose(what)
    assert (await move(room.ben, thread_id, other)).status_code in (403, 404)
    assert (await move(room.anna, thread_id, other)).status_code == 200


async def test_what_cannot_be_is_said_and_changes_nothing(room: Room) -> None:
    office = room.desk.office
    thread_id, before = await room.thread_id(), await whole(room)
    assert (await move(room.anna, thread_id, "lead_none")).status_code == 404
    assert (await move(room.anna, "acti_none", room.lead)).status_code == 404
    same = await move(room.anna, thread_id, room.lead)
    assert same.status_code == 400 and "already" in same.json()["field-errors"]["lead_id"]
    assert await whole(room) == before
    await office.lead("Twin", BOB)
    await office.backfill(room.desk.account_id)
    [(twin,)] = await office.rows("select lead_id from emails where lead_id <> %s", room.lead)
    both = await move(room.anna, thread_id, twin)
    assert both.status_code == 400 and "already" in both.json()["field-errors"]["lead_id"]


async def test_why_it_is_here_tells_of_the_move_and_of_the_reason_before(room: Room) -> None:
    other = await room.desk.office.lead("Northwind", MAX)
    await move(room.anna, await room.thread_id(), other)
    report = (await room.anna.get(f"/api/v1/why/?q={SECRET}")).json()
    [lead] = report["data"][0]["leads"]
    assert lead["lead_name"] == "Northwind"
    assert lead["reason_text"].startswith("A person moved its conversation here from Bolt.")
    assert "A contact of this lead takes part in it." in lead["reason_text"]


async def test_home_follows_when_its_lead_is_merged(room: Room) -> None:
    office, thread_id = room.desk.office, await room.thread_id()
    other, third = await office.lead("Northwind", MAX), await office.lead("Helio", "h@helio.example")
    await move(room.anna, thread_id, other)
    await room.admin.post("/api/v1/lead/merge/", json={"source": room.lead, "destination": third})
    card = (await room.anna.get(f"/api/v1/activity/emailthread/{thread_id}/")).json()
    assert card["moved"]["from_lead_id"] == third
    await room.admin.post("/api/v1/lead/merge/", json={"source": third, "destination": other})
    card = (await room.anna.get(f"/api/v1/activity/emailthread/{thread_id}/")).json()
    assert card["moved"] is None, "it stands at home again"

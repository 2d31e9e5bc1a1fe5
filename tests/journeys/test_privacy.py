"""What coworkers see of an account's mail: everything, metadata, or nothing; in every view, search and answer."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace

import httpx2
import pytest

from postroom.doors.web.app import create_app
from postroom.journeys import connect
from postroom.journeys.connect import AccountEdit
from postroom.journeys.index_emails import index_emails
from postroom.rooms.accounts import store
from postroom.rooms.accounts.account import CoworkersSee
from postroom.rooms.users.user import ActingUser
from tests.doors.web.conftest import Door, key_of
from tests.journeys.conftest import Desk
from tests.journeys.office import letter, plain
from tests.servers.dovecot import PASSWORD, DovecotServer

ANNA, BOB = "anna@acme.example", "bob@bolt.example"
SECRET, WORD = "Salary talk", "PALISANDER"


@dataclass
class Room:
    """Anna's mail on a lead; her browser, Ben's, and an admin's."""

    desk: Desk
    lead: str
    anna: httpx2.AsyncClient
    ben: httpx2.AsyncClient
    admin: httpx2.AsyncClient

    async def choose(self, what: CoworkersSee) -> None:
        office = self.desk.office
        async with office.tools.db.transaction() as tx:
            account = await store.get(tx, office.organization_id, self.desk.account_id)
        edit = AccountEdit(replace(account.settings, coworkers_see=what))
        await connect.update_account(office.tools, office.asker(self.desk.user), self.desk.account_id, edit)

    async def thread_id(self) -> str:
        return str((await self.desk.office.rows("select thread_id from emails limit 1"))[0][0])

    async def seen(self, who: httpx2.AsyncClient) -> str:
        """Everything that the API says to somebody about this lead's mail, as one text."""
        [(email_id, thread_id)] = await self.desk.office.rows("select id, thread_id from emails")
        mine = (await self.anna.get("/api/v1/me/")).json()["id"]
        words = {"type": "text", "mode": "full_words", "value": WORD}
        lead_by_words = {"query": {"type": "and", "queries": [{"type": "object_type", "object_type": "lead"}, words]}}
        answers = [
            await who.get(f"/api/v1/activity/email/?lead_id={self.lead}"),
            await who.get(f"/api/v1/activity/email/{email_id}/"),
            await who.get(f"/api/v1/activity/emailthread/?lead_id={self.lead}"),
            await who.get(f"/api/v1/activity/emailthread/{thread_id}/"),
            await who.get(f"/api/v1/activity/?lead_id={self.lead}"),
            await who.get(f"/api/v1/task/?_type=incoming_email&view=inbox&assigned_to={mine}"),
            await who.get(f"/api/v1/event/?lead_id={self.lead}"),
            await who.get(f"/api/v1/lead/?query={WORD}&_fields=id"),
            await who.post("/api/v1/data/search/", json=lead_by_words),
        ]
        assert all(answer.status_code in (200, 404) for answer in answers), [answer.text[:200] for answer in answers]
        return "\n".join(answer.text for answer in answers)

    async def finds(self, who: httpx2.AsyncClient) -> bool:
        return self.lead in (await who.get(f"/api/v1/lead/?query={WORD}&_fields=id")).text


@pytest.fixture
async def room(desk: Desk) -> AsyncIterator[Room]:
    office, tools = desk.office, desk.office.tools
    lead = await office.lead("Bolt", BOB)
    desk.deliver(letter(BOB, ANNA, SECRET, f"About {WORD}."))
    await desk.pull()
    await index_emails(tools, office.organization_id)
    ben = await office.user("ben@acme.example")
    door = Door(tools, create_app(tools))

    async def browser(stack: AsyncExitStack, user: ActingUser) -> httpx2.AsyncClient:
        return await stack.enter_async_context(door.client(auth=(await key_of(tools, user), "")))

    async with AsyncExitStack() as stack:
        people = [await browser(stack, user) for user in (desk.user, ben, office.admin)]
        yield Room(desk, lead, *people)


@pytest.fixture
async def open_desk(room: Room, mail_server: DovecotServer) -> Desk:
    """Ben's mailbox, which he shares with everybody."""
    office = room.desk.office
    made = Desk(office, mail_server, office.users["ben@acme.example"])
    mail_server.add_user(made.name)
    made.account_id = await office.connect(made.user, plain(mail_server.imap_port, made.name), PASSWORD)
    return made


async def test_by_default_coworkers_see_everything(room: Room) -> None:
    seen = await room.seen(room.ben)
    assert SECRET in seen and WORD in seen and await room.finds(room.ben)


async def test_of_metadata_no_word_is_seen_or_found(room: Room) -> None:
    await room.choose(CoworkersSee.METADATA)
    for other in (room.ben, room.admin):
        seen = await room.seen(other)
        assert SECRET.lower() not in seen.lower() and f"About {WORD}" not in seen
        assert BOB in seen, "who wrote, and when"
        assert not await room.finds(other)
    own = await room.seen(room.anna)
    assert SECRET in own and WORD in own and await room.finds(room.anna)


async def test_of_nothing_not_even_that_it_is_there(room: Room) -> None:
    await room.choose(CoworkersSee.NOTHING)
    for other in (room.ben, room.admin):
        seen = await room.seen(other)
        assert SECRET.lower() not in seen.lower() and f"About {WORD}" not in seen
        assert not await room.finds(other)
        listed = (await other.get(f"/api/v1/activity/email/?lead_id={room.lead}")).json()
        assert listed["data"] == []
        [(email_id,)] = await room.desk.office.rows("select id from emails")
        assert (await other.get(f"/api/v1/activity/email/{email_id}/")).status_code == 404
    assert SECRET in await room.seen(room.anna)
    await room.choose(CoworkersSee.EVERYTHING)
    assert SECRET in await room.seen(room.ben)


async def test_what_arrives_later_follows_the_choice(room: Room) -> None:
    await room.choose(CoworkersSee.NOTHING)
    room.desk.deliver(letter(BOB, ANNA, "A later one"))
    await room.desk.pull()
    assert "A later one" not in (await room.ben.get(f"/api/v1/activity/email/?lead_id={room.lead}")).text
    assert "A later one" in (await room.anna.get(f"/api/v1/activity/email/?lead_id={room.lead}")).text


async def test_a_thread_is_made_private_by_its_holder_and_who_read_it_before_is_known(room: Room) -> None:
    thread_id = await room.thread_id()
    [(email_id,)] = await room.desk.office.rows("select id from emails")
    await room.ben.get(f"/api/v1/activity/email/{email_id}/")
    url = f"/api/v1/activity/emailthread/{thread_id}"
    assert (await room.ben.put(f"{url}/privacy/", json={"is_private": True})).status_code == 403
    assert (await room.anna.put(f"{url}/privacy/", json={"is_private": True})).status_code == 200
    assert SECRET not in await room.seen(room.ben)
    assert SECRET in await room.seen(room.anna)
    [reader] = (await room.anna.get(f"{url}/readers/")).json()["data"]
    assert reader["user_name"] == "Ben Test" and reader["emails"] == 1
    assert (await room.ben.get(f"{url}/readers/")).status_code == 404
    room.desk.deliver(letter(BOB, ANNA, f"Re: {SECRET}", in_reply_to=await message_id(room)))
    await room.desk.pull()
    assert SECRET not in (await room.ben.get(f"/api/v1/activity/email/?lead_id={room.lead}")).text
    assert (await room.anna.put(f"{url}/privacy/", json={"is_private": False})).status_code == 200
    assert SECRET in (await room.ben.get(f"/api/v1/activity/email/?lead_id={room.lead}")).text


async def test_a_private_thread_that_turns_out_to_be_part_of_another_stays_private(room: Room) -> None:
    thread_id, first = await room.thread_id(), await message_id(room)
    assert (
        await room.anna.put(f"/api/v1/activity/emailthread/{thread_id}/privacy/", json={"is_private": True})
    ).status_code == 200
    other = "<another@bolt.example>"
    room.desk.deliver(letter(BOB, ANNA, "Garden", message_id=other, days_ago=3))
    await room.desk.pull()
    assert len(await room.desk.office.rows("select id from email_threads")) == 2
    room.desk.deliver(letter(BOB, ANNA, f"Re: {SECRET}", references=f"{other} {first}", in_reply_to=first))
    await room.desk.pull()
    assert len(await room.desk.office.rows("select id from email_threads")) == 1
    assert SECRET not in (await room.ben.get(f"/api/v1/activity/email/?lead_id={room.lead}")).text


async def message_id(room: Room) -> str:
    return str((await room.desk.office.rows("select message_ids[1] from emails"))[0][0])


async def test_what_another_open_mailbox_holds_is_seen_by_its_right(room: Room, open_desk: Desk) -> None:
    await room.choose(CoworkersSee.NOTHING)
    both = letter(BOB, ANNA, "To both", cc="ben@acme.example")
    room.desk.deliver(both)
    await room.desk.pull()
    assert "To both" not in (await room.admin.get(f"/api/v1/activity/email/?lead_id={room.lead}")).text
    open_desk.deliver(both)
    await open_desk.pull()
    assert "To both" in (await room.admin.get(f"/api/v1/activity/email/?lead_id={room.lead}")).text

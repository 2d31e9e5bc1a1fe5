"""Anna's mail on a lead, and the browsers of everybody who is or is not to see it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace

import httpx2

from postroom.doors.web.app import create_app
from postroom.journeys import connect
from postroom.journeys.connect import AccountEdit
from postroom.journeys.index_emails import index_emails
from postroom.rooms.accounts import store
from postroom.rooms.accounts.account import CoworkersSee
from postroom.rooms.users.user import ActingUser
from tests.doors.web.conftest import Door, key_of
from tests.journeys.desk import Desk
from tests.journeys.office import letter

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


@asynccontextmanager
async def open_room(desk: Desk) -> AsyncIterator[Room]:
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

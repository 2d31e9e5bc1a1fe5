"""What coworkers see of an account's mail: everything, metadata, or nothing; in every view, search and answer."""

import asyncio
from contextvars import Context

import pytest

from postroom.rooms.accounts.account import CoworkersSee
from postroom.rooms.emails import visibility_store
from tests.journeys.desk import Desk
from tests.journeys.office import letter, plain
from tests.journeys.privacy_room import ANNA, BOB, SECRET, WORD, Room
from tests.servers.dovecot import PASSWORD, DovecotServer


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


async def test_a_private_thread_is_shared_with_whom_its_holder_chooses(room: Room) -> None:
    url = f"/api/v1/activity/emailthread/{await room.thread_id()}"
    mail = f"/api/v1/activity/email/?lead_id={room.lead}"
    ben = room.desk.office.users["ben@acme.example"].id
    unknown = await room.anna.put(f"{url}/privacy/", json={"is_private": True, "reader_ids": ["user_none"]})
    assert unknown.status_code == 400 and SECRET in (await room.ben.get(mail)).text
    await room.anna.put(f"{url}/privacy/", json={"is_private": True, "reader_ids": [ben]})
    assert SECRET in await room.seen(room.ben) and await room.finds(room.ben)
    assert SECRET not in await room.seen(room.admin) and not await room.finds(room.admin)
    told = (await room.anna.get(f"{url}/privacy/")).json()
    assert told == {"is_private": True, "coworkers_see": "nothing", "holder_ids": [room.desk.user.id],
                    "reader_ids": [ben], "may_change": True}  # fmt: skip
    assert (await room.ben.get(f"{url}/privacy/")).json()["may_change"] is False
    assert (await room.ben.put(f"{url}/privacy/", json={"is_private": False})).status_code == 403
    assert (await room.admin.get(f"{url}/privacy/")).status_code == 404
    room.desk.deliver(letter(BOB, ANNA, f"Re: {SECRET}", in_reply_to=await message_id(room)))
    await room.desk.pull()
    assert len((await room.ben.get(mail)).json()["data"]) == 2 and (await room.admin.get(mail)).json()["data"] == []
    await room.anna.put(f"{url}/privacy/", json={"is_private": True})
    assert (await room.ben.get(mail)).json()["data"] == []


@pytest.mark.parametrize("way", ["activity/email/{}/body/", "activity/email/?id__in={}", "activity/email/{}/"])
async def test_every_way_to_read_an_email_is_logged_for_its_holder(room: Room, way: str) -> None:
    [(email_id,)] = await room.desk.office.rows("select id from emails")
    url = f"/api/v1/activity/emailthread/{await room.thread_id()}/readers/"
    await room.anna.get(f"/api/v1/{way.format(email_id)}")
    assert (await room.anna.get(url)).json()["data"] == [], "its holder reads their own"
    await room.choose(CoworkersSee.METADATA)
    await room.ben.get(f"/api/v1/{way.format(email_id)}")
    assert (await room.anna.get(url)).json()["data"] == [], "nothing was to be read"
    await room.choose(CoworkersSee.EVERYTHING)
    await room.ben.get(f"/api/v1/{way.format(email_id)}")
    assert [one["user_name"] for one in (await room.anna.get(url)).json()["data"]] == ["Ben Test"]


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


async def test_mail_that_comes_while_its_thread_is_made_private_is_private_too(room: Room) -> None:
    office, thread_id = room.desk.office, await room.thread_id()
    room.desk.deliver(letter(BOB, ANNA, f"Re: {SECRET}", in_reply_to=await message_id(room)))
    async with office.tools.db.transaction() as tx:
        await visibility_store.make_private(tx, office.organization_id, thread_id, ())
        pulling = asyncio.create_task(room.desk.pull(), context=Context())  # not in this transaction
        while not pulling.done() and not await office.rows(
            "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
        ):
            await asyncio.sleep(0.01)
    await pulling
    assert await office.rows("select coworkers_see from emails") == [("nothing",), ("nothing",)]

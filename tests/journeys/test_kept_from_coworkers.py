"""Mail that coworkers may not know of: whatever a coworker or an admin asks or changes, nothing tells of it."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from postroom.doors.web.live import Live, _kept, _may_know, _stream
from postroom.ground.events import read_after
from postroom.ground.viewer import seen_by
from postroom.journeys.follow_up import make_due_tasks
from postroom.journeys.forget_events import forget_old_events
from postroom.journeys.index_emails import index_emails
from postroom.rooms.accounts.account import CoworkersSee
from postroom.rooms.users.user import ActingUser
from postroom.views.event_log import events_after
from postroom.views.event_states import Here
from tests.journeys.office import START, letter
from tests.journeys.privacy_room import ANNA, BOB, SECRET, WORD, Room

WRITES = {
    "move_email_thread": {"lead_id": "lead_x"},
    "update_email": {"subject": "Mine now", "status": "draft"},
    "read_email_thread": {"is_read": True},
    "put_thread_privacy": {"is_private": False},
    "update_task": {"is_complete": True},
    "update_comment": {"body": "Mine now"},
}
SEARCHES = [
    f'email(subject:"{SECRET}")', f"email({WORD})", f"{WORD}", "num_emails:1", "num_emails > 0", "has:emails",
    "last_email > 2000-01-01", "last_activity > 2000-01-01", "has:last_activity", "inbox_item(is_complete:no)",
    "num_received_emails >= 1", "notifications > 0",
]  # fmt: skip


@dataclass
class Kept:
    """Anna's email, kept from all others, by every id that it goes by."""

    room: Room
    ids: dict[str, str]

    async def asked(self, who: httpx2.AsyncClient) -> list[tuple[str, int, str]]:
        """The answer to every GET of the API that can be asked with these ids, and to some searches."""
        found = []
        for _, path, operation in [one for one in await _operations(who) if one[0] == "GET"]:
            names = re.findall(r"\{(\w+)\}", path)
            if operation["operationId"] == "live" or not set(names) <= set(self.ids):
                continue
            address = re.sub(r"\{(\w+)\}", lambda name: self.ids[name[1]], path)
            for query in ("", *self._queries(operation)):
                answer = await who.get(address + query)
                found.append((address + query, answer.status_code, answer.text))
        return found

    def _queries(self, operation: dict[str, Any]) -> list[str]:
        """By each id that the list can be narrowed with, and by the words of the mail."""
        given = {one["name"] for one in operation.get("parameters", []) if one["in"] == "query"}
        narrowed = [f"?{name}={self.ids[name]}" for name in ("lead_id", "thread_id") if name in given]
        if "object_id" in given:
            narrowed += [f"?object_id={self.ids[name]}" for name in ("email_id", "task_id", "comment_id")]
        words = [f"?{name}={WORD}" for name in ("query", "q") if name in given]
        everybody = ["?_type=incoming_email", "?_type=email_followup"] if "_type" in given else []
        return narrowed + words + everybody + (["?id__in=" + ",".join(self.ids.values())] if "id__in" in given else [])


@pytest.fixture
async def kept(room: Room) -> AsyncIterator[Kept]:
    """Anna's one email; a comment and a follow-up on it; then she chooses that coworkers see nothing."""
    office = room.desk.office
    [(email_id, thread_id)] = await office.rows("select id, thread_id from emails")
    [(item_id,)] = await office.rows("select id from inbox_items")
    said = await room.anna.post("/api/v1/comment/", json={"object_id": thread_id, "body": f"About {WORD}"})
    await office.rows(
        "update emails set status = 'sent', direction = 'outgoing', followup_date = %s where id = %s returning id",
        START, email_id,
    )  # fmt: skip
    assert await make_due_tasks(office.tools) == 1
    await office.rows("update emails set status = 'inbox', direction = 'incoming' where id = %s returning id", email_id)
    [(task_id,)] = await office.rows("select id from tasks")
    await room.choose(CoworkersSee.NOTHING)
    yield Kept(
        room,
        {
            "email_id": email_id, "thread_id": thread_id, "task_id": task_id, "lead_id": room.lead, "number": "0",
            "comment_id": said.json()["id"], "comment_thread_id": said.json()["thread_id"], "item_id": item_id,
            "account_id": room.desk.account_id,
        },
    )  # fmt: skip


async def _operations(who: httpx2.AsyncClient) -> list[tuple[str, str, dict[str, Any]]]:
    described = (await who.get("/api/v1/openapi.json")).json()
    return [
        (method.upper(), path, operation)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]


async def test_no_answer_of_the_api_tells_a_coworker_or_an_admin_of_it(kept: Kept) -> None:
    own_names = [kept.ids[name] for name in ("email_id", "thread_id", "task_id", "comment_id", "item_id")]
    betraying = (*own_names, SECRET.lower(), f"about {WORD.lower()}")
    for who in (kept.room.ben, kept.room.admin):
        asked = await kept.asked(who)
        assert len(asked) > 80
        for address, status, text in asked:
            said = text.lower()
            told = [one for one in betraying if one.lower() in said and one not in address]
            assert not told, (address, status, told)
        for address in ("activity/email", "activity/emailthread", "task", "comment", "comment_thread"):
            named = {"task": "task_id", "comment": "comment_id", "comment_thread": "comment_thread_id"}
            one = kept.ids[named.get(address, "email_id" if address.endswith("email") else "thread_id")]
            assert (await who.get(f"/api/v1/{address}/{one}/")).status_code == 404, address
    own = "\n".join(text for _, _, text in await kept.asked(kept.room.anna))
    assert all(one in own for one in own_names), "its owner is told of all"


async def test_no_number_and_no_search_counts_it(kept: Kept) -> None:
    room, office = kept.room, kept.room.desk.office
    await index_emails(office.tools, office.organization_id)
    totals = {"datetime_range": {"start": "2020-01-01T00:00:00Z", "end": "2030-01-01T00:00:00Z"},
              "type": "overview", "metrics": ["emails.received.all.count", "emails.sent.all.count"]}  # fmt: skip
    for who in (room.ben, room.admin):
        lead = (await who.get(f"/api/v1/lead/{room.lead}/")).json()
        assert (lead["num_emails"], lead["last_activity_date"]) == (0, None)
        for query in SEARCHES:
            found = await who.get("/api/v1/lead/", params={"query": query, "_fields": "id"})
            assert found.status_code == 200, (query, found.text)
            assert room.lead not in found.text, query
        assert room.lead in (await who.get("/api/v1/lead/", params={"query": "num_emails:0", "_fields": "id"})).text
        reported = await who.post("/api/v1/report/activity/", json=totals)
        assert set(reported.json()["aggregations"]["totals"].values()) == {0}, reported.text
        emails = await who.post("/api/v1/data/search/", json={"query": {"type": "object_type", "object_type": "email"}})
        assert emails.json()["data"] == []
    mine = (await room.anna.get(f"/api/v1/lead/{room.lead}/")).json()
    assert mine["num_emails"] == 1 and mine["last_activity_date"]
    for query in SEARCHES:
        assert room.lead in (await room.anna.get("/api/v1/lead/", params={"query": query, "_fields": "id"})).text, query
    reported = (await room.anna.post("/api/v1/report/activity/", json=totals)).json()
    assert reported["aggregations"]["totals"]["emails.received.all.count"] == 1


async def test_nothing_that_a_coworker_changes_reaches_it(kept: Kept) -> None:
    office = kept.room.desk.office
    facts = "select e.id, e.subject, e.status, e.date_updated, t.is_private from emails e, email_threads t"
    before = await office.rows(facts)
    tried = 0
    for who in (kept.room.ben, kept.room.admin):
        for method, path, operation in await _operations(who):
            names = re.findall(r"\{(\w+)\}", path)
            own = {"email_id", "thread_id", "comment_id", "task_id"} & set(names)
            if method == "GET" or not own or not set(names) <= set(kept.ids):
                continue
            body = WRITES.get(operation["operationId"], {})
            told, untold = [
                await who.request(method, re.sub(r"\{(\w+)\}", lambda name: ids[name[1]], path), json=body)
                for ids in (kept.ids, dict.fromkeys(kept.ids, "acti_none"))
            ]
            assert told.status_code == untold.status_code, (method, path, told.text)
            assert told.status_code in (403, 404) and told.json() == untold.json(), (method, path)
            tried += 1
    assert tried >= 12 and await office.rows(facts) == before
    answer = {"lead_id": kept.room.lead, "sender": BOB, "in_reply_to_id": kept.ids["email_id"]}
    made = (await kept.room.ben.post("/api/v1/activity/email/", json={**answer, "status": "inbox"})).json()
    assert made["thread_id"] != kept.ids["thread_id"] and made["references"] == []
    tried_to_answer = [
        await kept.room.ben.post("/api/v1/activity/email/", json={**answer, "status": "draft", "in_reply_to_id": one})
        for one in (kept.ids["email_id"], "acti_none")
    ]
    assert [one.status_code for one in tried_to_answer] == [400, 400]
    assert tried_to_answer[0].json() == tried_to_answer[1].json()
    file = {"url": f"https://x.test/api/v1/activity/email/{kept.ids['email_id']}/attachment/0/"}
    stolen = {"lead_id": kept.room.lead, "status": "draft", "attachments": [file]}
    assert (await kept.room.ben.post("/api/v1/activity/email/", json=stolen)).status_code == 400


async def test_of_metadata_a_coworker_changes_nothing_either(kept: Kept) -> None:
    await kept.room.choose(CoworkersSee.METADATA)
    url = f"/api/v1/activity/email/{kept.ids['email_id']}/"
    assert (await kept.room.ben.put(url, json={"followup_date": "2030-01-01"})).status_code == 403
    assert (await kept.room.admin.delete(url)).status_code == 403
    task = (await kept.room.ben.get(f"/api/v1/task/{kept.ids['task_id']}/")).json()
    assert task["text"] == "No reply to an email" and (await kept.room.anna.get(url)).json()["subject"] == SECRET


async def test_the_event_log_the_live_feed_and_webhooks_pass_it_over_also_when_it_is_gone(kept: Kept) -> None:
    office = kept.room.desk.office
    org, tools = office.organization_id, office.tools
    own = {kept.ids[name] for name in ("email_id", "thread_id", "task_id", "comment_id", "item_id")}

    async def known_to(user_id: str) -> set[str]:
        """Of whom the live feed tells this user."""
        async with tools.db.transaction() as tx:
            events = await read_after(tx, org, (0, 0))
            told = await _kept(tx, org, events)
        return {event.event.object_id for event in events if _may_know(user_id, event, told)}

    ben, anna = office.users["ben@acme.example"].id, kept.room.desk.user.id
    assert not own & await known_to(ben) and {kept.ids["email_id"], kept.ids["item_id"]} <= await known_to(anna)
    assert (await kept.room.anna.delete(f"/api/v1/activity/email/{kept.ids['email_id']}/")).status_code == 200
    assert kept.ids["email_id"] not in await known_to(ben) and kept.ids["email_id"] in await known_to(anna)
    for who in (kept.room.ben, kept.room.admin):
        log = (await who.get("/api/v1/event/?_limit=50")).text
        assert kept.ids["email_id"] not in log
        assert kept.ids["email_id"] not in (await who.get(f"/api/v1/event/?object_id={kept.ids['email_id']}")).text
    assert kept.ids["email_id"] in (await kept.room.anna.get("/api/v1/event/?_limit=50")).text
    with seen_by("whook_x"):
        async with tools.db.transaction() as tx:
            told = await events_after(tx, org, (0, 0), Here("", tools.clock()), limit=200)
    assert kept.ids["email_id"] not in {card.object_id for _, card in told if card is not None}
    await forget_old_events(tools)
    assert await office.rows("select 1 from hidden_emails where email_id = %s", kept.ids["email_id"]), "still spoken of"
    await office.rows("update events set date_updated = '2020-01-01' returning id")
    await forget_old_events(tools)
    assert await office.rows("select 1 from hidden_emails") == []


async def test_the_live_stream_itself_is_silent_for_a_coworker(room: Room) -> None:
    await room.choose(CoworkersSee.NOTHING)

    tools, org = room.desk.office.tools, room.desk.office.organization_id
    feed = Live(tools.db)

    async def heard(user: ActingUser, until: str) -> str:
        text = ""
        async with asyncio.timeout(90), aclosing(_stream(feed, tools.db, (org, user.id), (0, 0))) as stream:
            async for chunk in stream:
                text += chunk.decode()
                if until in text:
                    break
        return text

    room.desk.deliver(letter(BOB, ANNA, "A later one"))
    await room.desk.pull()
    [(later,)] = await room.desk.office.rows("select id from emails where subject = 'A later one'")
    task = (await room.ben.post("/api/v1/task/", json={"lead_id": room.lead, "text": "Call"})).json()["id"]
    ben = room.desk.office.users["ben@acme.example"]
    assert later not in await heard(ben, task) and later in await heard(room.desk.user, task)
    await feed.close()


async def test_a_draft_is_as_closed_as_its_writers_accounts(kept: Kept) -> None:
    draft = {"lead_id": kept.room.lead, "status": "draft", "sender": ANNA, "subject": "Half a thought"}
    made = await kept.room.anna.post("/api/v1/activity/email/", json=draft)
    url = f"/api/v1/activity/email/{made.json()['id']}/"
    assert (await kept.room.ben.get(url)).status_code == 404
    await kept.room.choose(CoworkersSee.EVERYTHING)
    assert (await kept.room.ben.get(url)).status_code == 200
    await kept.room.choose(CoworkersSee.NOTHING)
    assert (await kept.room.ben.get(url)).status_code == 404


async def test_of_a_thread_that_is_seen_in_part_only_that_part_counts(kept: Kept) -> None:
    open_part = {"lead_id": kept.room.lead, "status": "inbox", "sender": BOB, "to": ["ben@acme.example"],
                 "subject": "For all", "in_reply_to_id": kept.ids["email_id"]}  # fmt: skip
    await kept.room.anna.post("/api/v1/activity/email/", json=open_part)
    url = f"/api/v1/activity/emailthread/{kept.ids['thread_id']}/"
    mine, his = (await kept.room.anna.get(url)).json(), (await kept.room.ben.get(url)).json()
    assert (mine["n_emails"], his["n_emails"]) == (2, 1)
    assert ANNA in json.dumps(mine["participants"]) and ANNA not in json.dumps(his["participants"])


async def test_a_coworker_sees_no_folder_no_pattern_and_no_failed_message_of_an_account(room: Room) -> None:
    url = f"/api/v1/connected_account/{room.desk.account_id}"
    own, other = [(await who.get(f"{url}/sync_status/")).json() for who in (room.anna, room.ben)]
    assert own["folders"] and other["folders"] == [] and other["emails_left_out"] == {} and other["state"] == "ok"
    for inside in ("sync_errors", "exclude_patterns"):
        statuses = [(await who.get(f"{url}/{inside}/")).status_code for who in (room.anna, room.admin, room.ben)]
        assert statuses == [200, 200, 403]


async def test_why_here_says_nothing_of_what_a_coworkers_mailbox_has_left_out(room: Room) -> None:
    room.desk.deliver(letter("recruiter@rival.example", ANNA, "An offer"))
    await room.desk.pull()
    asked = "/api/v1/why/?q=recruiter@rival.example"
    assert len((await room.anna.get(asked)).json()["data"]) == 1
    other = (await room.ben.get(asked)).json()
    assert other["data"] == [] and "its owner may ask" in other["not_seen_in"][0]["hint"]
    assert len((await room.admin.get(asked)).json()["data"]) == 1, "of an open account an admin may ask"
    await room.choose(CoworkersSee.METADATA)
    assert (await room.admin.get(asked)).json()["data"] == []

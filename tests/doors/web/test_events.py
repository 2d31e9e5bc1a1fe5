"""The event log: what is in an event, pages by cursor, filters, who sees what, and how long it is kept."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from postroom.ground import events
from postroom.ground.clock import system_clock
from postroom.ground.events import Event
from postroom.journeys.forget_events import forget_old_events
from postroom.journeys.tools import Tools
from postroom.rooms.users import store as users
from postroom.rooms.users.roles import Role
from postroom.rooms.users.user import ActingUser, NewUser
from tests.doors.web.conftest import Door, app_over, key_of

API = "/api/v1"


async def lead_of(api: httpx2.AsyncClient, name: str = "Wayne") -> dict[str, Any]:
    return (await api.post(f"{API}/lead/", json={"name": name})).json()


async def events_of(api: httpx2.AsyncClient, **params: Any) -> list[dict[str, Any]]:
    answer = await api.get(f"{API}/event/", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


async def test_an_event_tells_what_was_and_what_is(api: httpx2.AsyncClient, admin: ActingUser) -> None:
    lead = await lead_of(api)
    url = f"{API}/lead/{lead['id']}/"
    await api.put(url, json={"name": "Wayne Enterprises"})
    await api.delete(url)
    gone, changed, made = await events_of(api, object_id=lead["id"])
    assert [one["action"] for one in (made, changed, gone)] == ["created", "updated", "deleted"]
    assert {(one["object_type"], one["lead_id"], one["user_id"]) for one in (made, changed, gone)} == {
        ("lead", lead["id"], admin.id)
    }
    assert changed["changed_fields"] == ["date_updated", "display_name", "name"]
    made_at = changed["previous_data"].pop("date_updated")
    assert changed["previous_data"] == {"display_name": "Wayne", "name": "Wayne"}
    assert made_at == lead["date_updated"] != changed["data"]["date_updated"]
    assert changed["data"]["name"] == "Wayne Enterprises"
    assert gone["data"] == {} and gone["previous_data"]["name"] == "Wayne Enterprises"
    assert made["previous_data"] == {}
    assert changed["meta"] == {"request_method": "PUT", "request_path": url}
    assert changed["request_id"].startswith("req_") and changed["api_key_id"].startswith("api_")
    assert "+" not in changed["date_created"] and len(changed["date_created"]) == 26
    one = await api.get(f"{API}/event/{changed['id']}/")
    assert one.json()["data"] == changed["data"]
    by_request = await events_of(api, request_id=changed["request_id"])
    assert [event["id"] for event in by_request] == [changed["id"]]


async def test_a_deleted_lead_can_be_made_again_from_its_event(api: httpx2.AsyncClient) -> None:
    """Close's own script restore_deleted_leads posts `previous_data` back."""
    lead = await lead_of(api)
    await api.delete(f"{API}/lead/{lead['id']}/")
    (gone,) = await events_of(api, object_type="lead", action="deleted")
    previous = {name: value for name, value in gone["previous_data"].items() if name not in ("id", "status_label")}
    again = await api.post(f"{API}/lead/", json=previous)
    assert again.status_code == 200 and again.json()["name"] == "Wayne"


async def test_what_stood_on_a_deleted_lead_can_be_made_again_too(api: httpx2.AsyncClient) -> None:
    """The same script goes on with contacts, opportunities, tasks, calls and notes, each asked for by its type."""
    lead = await lead_of(api)
    made = {}
    for kind, path, body in (
        ("contact", "contact", {"name": "Lucius", "emails": [{"email": "l@wayne.test", "type": "office"}]}),
        ("opportunity", "opportunity", {"value": 700, "value_period": "monthly", "confidence": 5}),
        ("task.lead", "task", {"text": "Call him"}),
        ("activity.call", "activity/call", {"direction": "inbound", "duration": 9, "note": "spoke"}),
        ("activity.note", "activity/note", {"note": "likes bats"}),
    ):
        made[kind] = path, (await api.post(f"{API}/{path}/", json={"lead_id": lead["id"], **body})).json()
    await api.delete(f"{API}/lead/{lead['id']}/")
    new = await lead_of(api, "Wayne again")
    for kind, (path, before) in made.items():
        (gone,) = await events_of(api, object_type=kind, action="deleted", lead_id=lead["id"])
        assert (gone["object_id"], gone["data"]) == (before["id"], {})
        body = {name: value for name, value in gone["previous_data"].items() if name not in ("id", "contact_id")}
        again = await api.post(f"{API}/{path}/", json={**body, "lead_id": new["id"]})
        assert again.status_code == 200, again.text
        for name in ("name", "value", "value_period", "text", "duration", "note"):
            assert again.json().get(name) == before.get(name)


async def test_a_merge_is_named_in_the_events_of_both_leads(api: httpx2.AsyncClient) -> None:
    """Close's own reports of merged and of deleted leads read these keys of `meta`."""
    source, kept = (await lead_of(api, "Source"))["id"], (await lead_of(api, "Kept"))["id"]
    await api.post(f"{API}/lead/merge/", json={"source": source, "destination": kept})
    (stays,) = await events_of(api, object_type="lead", action="merged")
    (gone,) = await events_of(api, object_type="lead", action="deleted", lead_id=source)
    for event in (stays, gone):
        assert event["meta"]["merge_source_lead_id"] == source
        assert event["meta"]["merge_destination_lead_id"] == kept
        assert event["meta"]["request_path"] == f"{API}/lead/merge/"
    assert (stays["object_id"], stays["data"]["display_name"]) == (kept, "Kept")
    assert gone["previous_data"]["display_name"] == "Source"


async def test_changes_in_quick_succession_are_one_event(api: httpx2.AsyncClient) -> None:
    lead = await lead_of(api)
    url = f"{API}/lead/{lead['id']}/"
    for change in ({"name": "B"}, {"description": "d"}, {"name": "C"}):
        await api.put(url, json=change)
    changed, _made = await events_of(api, object_id=lead["id"])
    assert changed["changed_fields"] == ["date_updated", "description", "display_name", "name"]
    before = {"name": "Wayne", "display_name": "Wayne", "description": "", "date_updated": lead["date_updated"]}
    assert changed["previous_data"] == before
    assert changed["data"]["name"] == "C"
    assert changed["date_updated"] >= changed["date_created"]


async def test_a_change_after_webhooks_were_told_is_an_event_of_its_own(
    api: httpx2.AsyncClient, tools: Tools, admin: ActingUser
) -> None:
    lead = await lead_of(api)
    url = f"{API}/lead/{lead['id']}/"
    await api.put(url, json={"name": "B"})
    async with tools.db.transaction() as tx:
        row = await (await tx.execute("select xid::text::bigint, seq from events order by seq desc limit 1")).fetchone()
        assert row
        await events.mark_final(tx, admin.organization_id, (row[0], row[1]))
    await api.put(url, json={"name": "C"})
    assert [one["previous_data"]["name"] for one in (await events_of(api, object_id=lead["id"]))[:2]] == ["B", "Wayne"]


async def test_pages_follow_each_other_by_cursor_in_both_directions(api: httpx2.AsyncClient) -> None:
    made = [(await lead_of(api, f"L{number}"))["id"] for number in range(7)]
    seen, cursor, pages = [], "", []
    while cursor is not None:
        page = (await api.get(f"{API}/event/?_limit=3&object_type=lead&_cursor={cursor}")).json()
        assert sorted(page) == ["cursor_next", "cursor_previous", "data"]
        seen += [one["object_id"] for one in page["data"]]
        pages.append(page)
        cursor = page["cursor_next"]
    assert seen == made[::-1] and len(pages) == 3
    assert pages[0]["cursor_previous"] is None
    back = (await api.get(f"{API}/event/?_limit=3&object_type=lead&_cursor={pages[2]['cursor_previous']}")).json()
    assert [one["object_id"] for one in back["data"]] == made[::-1][3:6]
    assert back["cursor_next"] and back["cursor_previous"]
    empty = (await api.get(f"{API}/event/?_cursor=&object_id=lead_none")).json()
    assert empty == {"data": [], "cursor_next": None, "cursor_previous": None}
    assert len((await api.get(f"{API}/event/?_limit=500")).json()["data"]) <= 50
    for wrong in ("x", "!!!", "PGFhYQ", "Pjk5OTk5OTk5OTk5OTk5OTk5OTk5"):
        refused = await api.get(f"{API}/event/?_cursor={wrong}")
        assert (refused.status_code, refused.json()["error"]) == (400, "Invalid cursor"), wrong


async def test_filters_narrow_the_log(api: httpx2.AsyncClient, admin: ActingUser) -> None:
    first, second = await lead_of(api, "A"), await lead_of(api, "B")
    contact = (await api.post(f"{API}/contact/", json={"lead_id": first["id"], "name": "Bo"})).json()
    await api.put(f"{API}/contact/{contact['id']}/", json={"name": "Bob"})
    of_lead = await events_of(api, lead_id=first["id"])
    assert [one["object_type"] for one in of_lead] == ["contact", "contact", "lead"]
    assert len(await events_of(api, lead_id=f"{first['id']},{second['id']}", user_id=admin.id)) == 4
    assert len(await events_of(api, object_type="contact", action="updated")) == 1
    assert await events_of(api, user_id="user_other") == []
    moment = of_lead[-1]["date_updated"]
    assert len(await events_of(api, lead_id=first["id"], date_updated__gt=moment)) == 2
    assert len(await events_of(api, lead_id=first["id"], date_updated__lte=moment)) == 1
    cut = await events_of(api, _fields="id,action", _limit=1)
    assert sorted(cut[0]) == ["action", "id"]


@pytest.fixture
async def cleo(tools: Tools, admin: ActingUser) -> ActingUser:
    async with tools.db.transaction() as tx:
        new = NewUser("cleo@acme.test", "Cleo", "User", "", Role.USER)
        return await users.insert_user(tx, admin.organization_id, new, tools.clock())


async def test_others_than_admins_see_contents_for_an_hour_and_no_administration(
    api: httpx2.AsyncClient, door: Door, cleo: ActingUser
) -> None:
    lead = await lead_of(api)
    await api.post(f"{API}/api_key/", json={"name": "mine"})
    key = await key_of(door.tools, cleo)
    async with door.client(auth=(key, "")) as hers:
        seen = await events_of(hers)
        kinds = {one["object_type"] for one in seen}
        assert {"lead", "api_key"} <= kinds
        assert [one["user_id"] for one in seen if one["object_type"] == "api_key"] == [cleo.id]
        assert [one["data"]["name"] for one in seen if one["object_type"] == "lead"] == ["Wayne"]
        keys = [one["id"] for one in await events_of(api, object_type="api_key") if one["user_id"] != cleo.id]
        assert (await hers.get(f"{API}/event/{keys[0]}/")).status_code == 404
    later = replace(door.tools, clock=lambda: system_clock() + timedelta(hours=2))
    async with Door(later, app_over(later)).client(auth=(key, "")) as hers:
        (made,) = await events_of(hers, object_id=lead["id"])
        assert (made["action"], made["data"], made["previous_data"]) == ("created", {}, {})


async def test_the_words_of_a_deleted_email_do_not_stay_in_the_log(api: httpx2.AsyncClient) -> None:
    lead = await lead_of(api)
    body = {"lead_id": lead["id"], "status": "draft", "subject": "S", "body_text": "between us"}
    email = (await api.post(f"{API}/activity/email/", json=body)).json()
    (made,) = await events_of(api, object_type="activity.email", object_id=email["id"])
    assert made["data"]["body_text"] == "between us"
    await api.delete(f"{API}/activity/email/{email['id']}/")
    listed = await api.get(f"{API}/event/?object_id={email['id']}")
    assert "between us" not in listed.text and len(listed.json()["data"]) == 2


async def test_what_is_kept_from_coworkers_is_in_no_log(api: httpx2.AsyncClient, tools: Tools) -> None:
    lead = await lead_of(api)
    body = {"lead_id": lead["id"], "status": "draft", "subject": "Secret", "body_text": "between us"}
    email = (await api.post(f"{API}/activity/email/", json=body)).json()
    async with tools.db.transaction() as tx:
        await tx.execute("update emails set coworkers_see = 'metadata' where id = %s", (email["id"],))
    (made,) = await events_of(api, object_id=email["id"])
    assert made["data"] == {} and made["lead_id"] == lead["id"]


async def test_what_was_made_is_told_as_it_was_made(api: httpx2.AsyncClient) -> None:
    body = {"name": "First", "contacts": [{"name": "Jo"}]}
    lead = (await api.post(f"{API}/lead/", json=body)).json()
    note = (await api.post(f"{API}/activity/note/", json={"lead_id": lead["id"], "note": "as written"})).json()
    task = (await api.post(f"{API}/task/", json={"lead_id": lead["id"], "text": "Call"})).json()
    deal = (await api.post(f"{API}/opportunity/", json={"lead_id": lead["id"], "value": 100})).json()
    await api.put(f"{API}/lead/{lead['id']}/", json={"name": "Second"})
    await api.put(f"{API}/contact/{lead['contact_ids'][0]}/", json={"name": "Al"})
    await api.put(f"{API}/opportunity/{deal['id']}/", json={"value": 200})
    await api.put(f"{API}/task/{task['id']}/", json={"is_complete": True})
    await api.delete(f"{API}/activity/note/{note['id']}/")
    made = {one["object_type"]: one for one in await events_of(api, lead_id=lead["id"], action="created")}
    assert made["lead"]["data"]["name"] == "First" and made["contact"]["data"]["name"] == "Jo"
    assert made["activity.note"]["data"]["note"] == "as written" and made["opportunity"]["data"]["value"] == 100
    assert made["task.lead"]["data"]["is_complete"] is False
    assert all(one["previous_data"] == {} and one["changed_fields"] == [] for one in made.values())
    (done,) = await events_of(api, object_type="task.lead", action="completed", lead_id=lead["id"])
    assert done["data"]["is_complete"] is True and done["previous_data"]["is_complete"] is False
    assert set(done["previous_data"]) == set(done["changed_fields"])


async def test_events_are_kept_for_thirty_days(tools: Tools, api: httpx2.AsyncClient, admin: ActingUser) -> None:
    now = datetime.now(UTC)
    async with tools.db.transaction() as tx:
        for days in (40, 31, 29):
            old = Event("lead", f"lead_{days}", "created")
            await events.append(tx, admin.organization_id, [old], now - timedelta(days=days))
    assert await forget_old_events(tools) == 2
    assert [one["object_id"] for one in await events_of(api, object_type="lead")] == ["lead_29"]


async def test_another_organization_has_its_own_log(api: httpx2.AsyncClient, stranger: httpx2.AsyncClient) -> None:
    lead = await lead_of(api)
    (made,) = await events_of(api, object_id=lead["id"])
    assert (await stranger.get(f"{API}/event/{made['id']}/")).status_code == 404
    assert await events_of(stranger, object_id=lead["id"]) == []

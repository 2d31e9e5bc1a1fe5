"""What clients of Close write of emails and tasks beside the words: openings, Send As, kinds, urgency, groups."""

from typing import Any

import httpx2
import pytest

from postroom.journeys.tools import Tools
from postroom.rooms.users import store as users
from postroom.rooms.users.user import ActingUser, NewUser, Role
from tests.doors.web.conftest import Door, key_of
from tests.doors.web.test_close_answers import API, made, some_lead
from tests.doors.web.test_connected_accounts import NEW

LOGGED: dict[str, Any] = {"status": "sent", "to": ["jo@firm.test"], "subject": "Offer", "body_text": "Hello"}


async def coworker(tools: Tools, admin: ActingUser) -> ActingUser:
    async with tools.db.transaction() as tx:
        new = NewUser("bea@acme.test", "Bea", "User", "", Role.USER)
        return await users.insert_user(tx, admin.organization_id, new, tools.clock())


async def test_a_logged_email_keeps_when_it_was_opened(api: httpx2.AsyncClient, stranger: httpx2.AsyncClient) -> None:
    lead = await some_lead(api)
    opens = [
        {"opened_at": "2024-05-07T10:00:00Z", "opened_by": "jo@firm.test", "user_agent": "Mail"},
        {"opened_at": "2024-05-06T09:00:00"},
    ]
    email = await made(api, "activity/email", LOGGED | {"lead_id": lead["id"], "opens": opens})
    first = {"opened_at": "2024-05-06T09:00:00.000000+00:00", "opened_by": "", "ip_address": "", "user_agent": ""}
    assert (email["opens"][0], email["opens"][1]["opened_by"]) == (first, "jo@firm.test")
    assert email["opens_summary"] == "Opened 2 times"
    path = f"{API}/activity/email/{email['id']}/"
    assert (await stranger.put(path, json={"opens": []})).status_code == 404
    again = (await api.put(path, json=email)).json()
    assert again["opens"] == email["opens"], "whole objects are sent back"
    less = (await api.put(path, json={"opens": [first]})).json()
    assert (less["opens"], less["opens_summary"]) == ([first], "Opened once")
    thread = (await api.get(f"{API}/activity/emailthread/{email['thread_id']}/")).json()
    assert thread["emails"][0]["opens"] == [first]
    refused = await api.put(path, json={"opens": [{"opened_at": "soon"}]})
    assert refused.status_code == 400 and "opens" in refused.json()["field-errors"]
    assert (await api.get(path)).json()["opens"] == [first]


async def test_an_email_names_only_what_the_organization_has(
    api: httpx2.AsyncClient, stranger: httpx2.AsyncClient
) -> None:
    lead, theirs = await some_lead(api), await some_lead(stranger)
    draft = await made(api, "activity/email", {"lead_id": lead["id"], "status": "draft"})
    path = f"{API}/activity/email/{draft['id']}/"
    for field, one in (("contact_id", theirs["contacts"][0]["id"]), ("email_account_id", "emailacct_none")):
        for answer in (
            await api.put(path, json={field: one}),
            await api.post(f"{API}/activity/email/", json={"lead_id": lead["id"], "status": "draft", field: one}),
        ):
            assert (answer.status_code, list(answer.json()["field-errors"])) == (400, [field])
    assert (await api.get(path)).json() == draft
    assert len((await api.get(f"{API}/activity/email/")).json()["data"]) == 1


async def test_reports_and_smart_fields_count_what_was_opened(api: httpx2.AsyncClient, admin: ActingUser) -> None:
    lead = await some_lead(api)
    for opens in ([{"opened_at": "2024-05-07T10:00:00Z"}, {"opened_at": "2024-05-06T10:00:00Z"}], []):
        await made(api, "activity/email", LOGGED | {"lead_id": lead["id"], "opens": opens})
    report = (await api.get(f"{API}/report/sent_emails/{admin.organization_id}/")).json()["sent_email_stats"][0]
    assert (report["total"], report["opened"], report["percentage_opened"]) == (2, 1, 50.0)
    short = (await api.get(f"{API}/report/activity/{admin.organization_id}/")).json()
    assert short["emails_opened"] == 1
    found = (await api.get(f"{API}/lead/{lead['id']}/", params={"_fields": "email_last_opened"})).json()
    assert found == {"email_last_opened": "2024-05-07T10:00:00.000000+00:00"}
    await some_lead(api)
    for query, expected in (
        ("email_opened:*", 1), ("has:email_opened", 1), ("not email_opened:*", 1), ("email_opened = 2024-05-07", 1),
        ("email_opened > 2024-05-07", 0), ("email(opened:yes)", 1), ("email(opens = 2)", 1), ("email(opens > 2)", 0),
        ("email(opened:no)", 1), ("* sort:-email_last_opened", 2),
    ):  # fmt: skip
        page = (await api.get(f"{API}/lead/", params={"query": query})).json()
        assert [one["id"] for one in page["data"]][:1] == [lead["id"]][:expected] or query.startswith("not"), query
        assert page["total_results"] == expected, query


async def test_an_email_sent_for_somebody_else_names_the_permission(
    tools: Tools, door: Door, api: httpx2.AsyncClient, admin: ActingUser
) -> None:
    bea, lead = await coworker(tools, admin), await some_lead(api)
    account = await made(api, "connected_account", NEW)
    allowed = await made(api, "send_as", {"allowing_user_id": admin.id, "allowed_user_id": bea.id})
    body = LOGGED | {"lead_id": lead["id"], "status": "scheduled", "date_scheduled": "2099-01-01"}
    body |= {"sender": account["email"]}
    assert (await made(api, "activity/email", body))["send_as_id"] is None
    async with door.client(auth=(await key_of(tools, bea), "")) as hers:
        assert (await made(hers, "activity/email", body))["send_as_id"] == allowed["id"]


async def test_a_task_may_be_a_call_and_urgent_and_end_in_another_way(api: httpx2.AsyncClient) -> None:
    lead = await some_lead(api)
    contact = lead["contacts"][0]["id"]
    call = {"_type": "outgoing_call", "lead_id": lead["id"], "text": "Ring", "priority": "high", "contact_id": contact}
    task = await made(api, "task", call)
    assert {name: task[name] for name in call} == call
    assert (task["resolution"], task["updated_by"], task["updated_by_name"]) == (None, task["created_by"], "Ann Admin")
    assert (await api.get(f"{API}/task/")).json()["data"] == []
    assert (await api.get(f"{API}/task/?_type=outgoing_call")).json()["data"] == [task]
    (on_lead,) = (await api.get(f"{API}/lead/{lead['id']}/")).json()["tasks"]
    assert on_lead == {name: task[name] for name in on_lead}
    path = f"{API}/task/{task['id']}/"
    assert (await api.put(path, json=task)).json() == task, "whole objects are sent back"
    ended = (await api.put(path, json={"is_complete": True, "resolution": "skipped", "contact_id": None})).json()
    assert (ended["resolution"], ended["contact_id"], ended["priority"]) == ("skipped", None, "high")
    events = (await api.get(f"{API}/event/?object_type=task.outgoing_call")).json()["data"]
    assert {(one["action"], one["object_id"]) for one in events} == {("created", task["id"]), ("completed", task["id"])}


@pytest.mark.parametrize("wrong", [{"_type": "incoming_email"}, {"priority": "huge"}, {"resolution": "done"}])
async def test_a_task_of_unknown_words_is_refused_by_field(api: httpx2.AsyncClient, wrong: dict[str, str]) -> None:
    lead = await some_lead(api)
    refused = await api.post(f"{API}/task/", json={"lead_id": lead["id"], **wrong})
    assert refused.status_code == 400 and list(refused.json()["field-errors"]) == list(wrong)
    assert (await api.get(f"{API}/task/?_type=all")).json()["data"] == []


@pytest.mark.parametrize("blank", [{"custom": {"": "x"}}, {"custom. ": "x"}, {"custom.": ["x"]}])
async def test_a_custom_value_without_a_name_is_refused(api: httpx2.AsyncClient, blank: dict[str, Any]) -> None:
    refused = await api.post(f"{API}/lead/", json={"name": "Acme", **blank})
    assert refused.status_code == 400
    assert list(refused.json()["field-errors"].values()) == ["Name the custom field that this value is for."]
    assert (await api.get(f"{API}/lead/")).json()["data"] == []
    await made(api, "lead", {"name": "Acme", "custom": {"": None}})


async def test_a_group_stands_for_its_members_in_lists_of_activities_and_tasks(
    tools: Tools, api: httpx2.AsyncClient, admin: ActingUser
) -> None:
    lead, bea = await some_lead(api), await coworker(tools, admin)
    note = await made(api, "activity/note", {"lead_id": lead["id"], "note": "Hi"})
    email = await made(api, "activity/email", LOGGED | {"lead_id": lead["id"]})
    task = await made(api, "task", {"lead_id": lead["id"], "text": "Call"})
    theirs, nobodys = [(await made(api, "group", {"name": name}))["id"] for name in ("Sales", "Empty")]
    for user in (admin, bea):
        await made(api, f"group/{theirs}/member", {"user_id": user.id})
    for path, found in (
        ("activity/?_type__in=Email,Note&user_id=", {note["id"], email["id"]}),
        ("activity/email/?user_id=", {email["id"]}),
        ("activity/emailthread/?user_id=", {email["thread_id"]}),
        ("activity/note/?user_id__in=", {note["id"]}),
        ("task/?assigned_to=", {task["id"]}),
    ):
        rows = (await api.get(f"{API}/{path}{theirs}")).json()["data"]
        assert {one["id"] for one in rows} == found, path
        assert (await api.get(f"{API}/{path}{nobodys}")).json()["data"] == [], path

"""Notes, calls, what happened, and kinds of one's own: each list, and all of them in `/activity/`."""

import httpx2
import pytest

from postroom.journeys.tools import Tools
from postroom.rooms.users.user import ActingUser
from tests.doors.web.test_tasks import item_in_inbox


async def lead(api: httpx2.AsyncClient, name: str = "Acme") -> str:
    return (await api.post("/api/v1/lead/", json={"name": name})).json()["id"]


async def made(api: httpx2.AsyncClient, path: str, **given: object) -> dict:
    answer = await api.post(f"/api/v1/{path}/", json=given)
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


async def test_a_note_is_kept_as_text_and_as_safe_html(api: httpx2.AsyncClient, admin: ActingUser) -> None:
    lead_id = await lead(api)
    note = await made(api, "activity/note", lead_id=lead_id, note="Hello <b>\nyou\n\nBye")
    assert (note["_type"], note["user_id"], note["user_name"]) == ("Note", admin.id, "Ann Admin")
    assert note["note_html"] == "<body><p>Hello &lt;b&gt;<br>you</p><p>Bye</p></body>"
    url = f"/api/v1/activity/note/{note['id']}/"
    html = '<body><p onclick="x()">Hi <b>you</b><script>steal()</script></p></body>'
    changed = (await api.put(url, json={**note, "note_html": html, "pinned": True})).json()
    assert changed["note"] == "Hi you" and changed["pinned"] is True
    assert "script" not in changed["note_html"] and "onclick" not in changed["note_html"]
    assert (await api.get(url)).json() == changed
    assert (await api.delete(url)).json() == {}
    assert (await api.get(url)).status_code == 404


async def test_a_call_is_logged(api: httpx2.AsyncClient) -> None:
    lead_id = await lead(api)
    call = await made(
        api, "activity/call", lead_id=lead_id, direction="inbound", duration=61, phone="+49 30 1",
        note="Nice", disposition="answered", date_created="2024-01-01T10:00:00",
    )  # fmt: skip
    assert (call["_type"], call["direction"], call["duration"], call["status"]) == ("Call", "inbound", 61, "completed")
    assert call["date_created"] == call["activity_at"] == "2024-01-01T10:00:00.000000+00:00"
    assert (await api.put(f"/api/v1/activity/call/{call['id']}/", json={"duration": 5})).json()["duration"] == 5
    shown = (await api.get(f"/api/v1/lead/{lead_id}/")).json()
    assert shown["last_activity_date"] == "2024-01-01T10:00:00.000000+00:00"


@pytest.mark.parametrize(
    ("path", "body", "wrong"),
    [
        ("note", {}, "lead_id"),
        ("note", {"user_id": "user_none"}, "user_id"),
        ("note", {"contact_id": "cont_none"}, "contact_id"),
        ("note", {"date_created": "soon"}, "date_created"),
        ("call", {"direction": "up"}, "direction"),
        ("call", {"duration": -1}, "duration"),
        ("call", {"disposition": "odd"}, "disposition"),
        ("call", {"recording_url": "javascript:x"}, "recording_url"),
        ("custom", {}, "custom_activity_type_id"),
        ("status_change/lead", {"old_status_id": "x"}, "old_status_id"),
    ],
)
async def test_what_is_wrong_is_named_and_nothing_is_kept(
    api: httpx2.AsyncClient, path: str, body: dict, wrong: str
) -> None:
    given = {} if wrong == "lead_id" else {"lead_id": await lead(api)}
    refused = await api.post(f"/api/v1/activity/{path}/", json={**given, **body})
    assert refused.status_code == 400 and wrong in refused.json()["field-errors"], refused.text
    assert (await api.get(f"/api/v1/activity/{path}/")).json() == {"data": [], "has_more": False}


async def test_nothing_is_noted_on_another_organizations_lead(
    api: httpx2.AsyncClient, stranger: httpx2.AsyncClient
) -> None:
    lead_id = await lead(api)
    note = await made(api, "activity/note", lead_id=lead_id, note="x")
    for path, body in [
        ("activity/note", {"note": "x"}),
        ("activity/call", {}),
        ("comment", {"object_id": note["id"], "body": "x"}),
    ]:
        assert (await stranger.post(f"/api/v1/{path}/", json={"lead_id": lead_id, **body})).status_code == 404, path
    for path in ("activity", "activity/note", "activity/created", "comment_thread"):
        listed = await stranger.get(f"/api/v1/{path}/?lead_id={lead_id}&object_ids={note['id']}")
        assert listed.json()["data"] == [], path


async def test_what_happens_to_a_lead_is_noted(api: httpx2.AsyncClient, admin: ActingUser) -> None:
    lead_id = await lead(api)
    await api.put(f"/api/v1/lead/{lead_id}/", json={"status": "Customer"})
    task = await made(api, "task", lead_id=lead_id, text="Call Zoe")
    for _ in range(2):
        await api.put(f"/api/v1/task/{task['id']}/", json={"is_complete": True})
    deal = await made(api, "opportunity", lead_id=lead_id, value=150, confidence=20)
    await api.put(f"/api/v1/opportunity/{deal['id']}/", json={"status": "Won"})
    happened = (await api.get(f"/api/v1/activity/?lead_id={lead_id}")).json()["data"]
    assert [one["_type"] for one in happened] == [
        "OpportunityStatusChange", "TaskCompleted", "LeadStatusChange", "Created",
    ]  # fmt: skip
    won, done, moved, created = happened
    assert (won["opportunity_id"], won["old_status_label"], won["new_status_type"]) == (deal["id"], "Active", "won")
    assert (won["opportunity_value_formatted"], won["opportunity_confidence"]) == ("$1.50", 20)
    assert (done["task_id"], done["task_text"], done["task_assigned_to_name"]) == (task["id"], "Call Zoe", "Ann Admin")
    assert (moved["old_status_label"], moved["new_status_label"]) == ("Potential", "Customer")
    assert (created["user_id"], created["lead_id"]) == (admin.id, lead_id)
    for one, path in [(won, "status_change/opportunity"), (done, "task_completed"), (moved, "status_change/lead"),
                      (created, "created")]:  # fmt: skip
        assert (await api.get(f"/api/v1/activity/{path}/{one['id']}/")).json() == one
        assert (await api.get(f"/api/v1/activity/{path}/?lead_id={lead_id}")).json()["data"] == [one]


async def test_a_change_of_status_from_elsewhere_changes_no_status(api: httpx2.AsyncClient) -> None:
    lead_id = await lead(api)
    ids = {one["label"]: one["id"] for one in (await api.get("/api/v1/status/lead/")).json()["data"]}
    change = {"old_status_id": ids["Qualified"], "new_status_id": ids["Customer"], "date_created": "2020-01-01"}
    logged = await made(api, "activity/status_change/lead", lead_id=lead_id, **change)
    assert (logged["old_status_label"], logged["activity_at"][:10]) == ("Qualified", "2020-01-01")
    assert (await api.get(f"/api/v1/lead/{lead_id}/")).json()["status_label"] == "Potential"
    deal = await made(api, "opportunity", lead_id=lead_id)
    stages = {one["label"]: one["id"] for one in (await api.get("/api/v1/status/opportunity/")).json()["data"]}
    change = {"old_status_id": stages["Won"], "new_status_id": stages["Lost"]}
    logged = await made(api, "activity/status_change/opportunity", opportunity_id=deal["id"], **change)
    assert (logged["new_status_label"], logged["opportunity_id"]) == ("Lost", deal["id"])
    assert (await api.get(f"/api/v1/opportunity/{deal['id']}/")).json()["status_label"] == "Active"
    assert (await api.delete(f"/api/v1/activity/status_change/opportunity/{logged['id']}/")).json() == {}


async def test_custom_activities_have_types_with_fields(api: httpx2.AsyncClient) -> None:
    lead_id, visit = await lead(api), await made(api, "custom_activity", name="Visit", description="On site")
    place = await made(
        api, "custom_field/activity", name="Place", custom_activity_type_id=visit["id"], required=True
    )  # fmt: skip
    types = (await api.get("/api/v1/custom_activity/")).json()["data"]
    assert [(one["name"], [field["id"] for field in one["fields"]]) for one in types] == [("Visit", [place["id"]])]
    body = {"lead_id": lead_id, "custom_activity_type_id": visit["id"]}
    missing = await api.post("/api/v1/activity/custom/", json=body)
    assert missing.status_code == 400 and f"custom.{place['id']}" in missing.json()["field-errors"]
    draft = await made(api, "activity/custom", **body, status="draft")
    url = f"/api/v1/activity/custom/{draft['id']}/"
    assert (await api.put(url, json={"status": "published"})).status_code == 400
    done = (await api.put(url, json={"status": "published", f"custom.{place['id']}": "Berlin"})).json()
    assert (done["_type"], done["status"], done[f"custom.{place['id']}"]) == ("CustomActivity", "published", "Berlin")
    for query in ("_type=Custom", f"_type={visit['id']}", f"_type__in=Note,{visit['id']}"):
        assert (await api.get(f"/api/v1/activity/?lead_id={lead_id}&{query}")).json()["data"] == [done], query
    assert (await api.get("/api/v1/activity/?_type=actitype_none")).json()["data"] == []
    assert (await api.get(f"/api/v1/custom_field_schema/{visit['id']}/")).json()["fields"][0]["name"] == "Place"
    unknown = await api.post("/api/v1/activity/custom/", json={**body, "custom": {"New": "x"}})
    assert unknown.status_code == 400
    used = await api.delete(f"/api/v1/custom_activity/{visit['id']}/")
    assert used.status_code == 400 and "Visit" in used.json()["errors"][0]
    renamed = await api.put(f"/api/v1/custom_activity/{visit['id']}/", json={"name": "Trip", "is_archived": True})
    assert (renamed.json()["name"], renamed.json()["description"], renamed.json()["is_archived"]) == (
        "Trip", "On site", True,
    )  # fmt: skip


async def test_a_types_id_may_say_custom(api: httpx2.AsyncClient) -> None:
    lead_id, visit = await lead(api), await made(api, "custom_activity", name="Visit")
    await made(api, "custom_activity", name="Trip")
    type_id = f"custom.{visit['id']}"
    done = await made(api, "activity/custom", lead_id=lead_id, custom_activity_type_id=type_id)
    assert done["custom_activity_type_id"] == visit["id"]
    for query in (f"custom_activity_type_id={type_id}", f"custom_activity_type_id__in=other,{type_id}"):
        assert (await api.get(f"/api/v1/activity/custom/?lead_id={lead_id}&{query}")).json()["data"] == [done], query


async def test_the_common_list_holds_everything_in_one_order(
    tools: Tools, api: httpx2.AsyncClient, admin: ActingUser
) -> None:
    lead_id = (await item_in_inbox(tools, api, admin)).removeprefix("noti_")
    old = await made(api, "activity/note", lead_id=lead_id, note="old", activity_at="2001-01-01")
    call = await made(api, "activity/call", lead_id=lead_id)

    async def types(query: str) -> list[str]:
        listed = (await api.get(f"/api/v1/activity/?lead_id={lead_id}&{query}")).json()
        return [one["_type"] for one in listed["data"]]

    plain = await types("")
    assert sorted(set(plain)) == ["Call", "Created", "Email", "Note"]
    assert sorted(set(await types("thread_emails=true"))) == ["Call", "Created", "Email", "EmailThread", "Note"]
    assert sorted(set(await types("thread_emails=only"))) == ["Call", "Created", "EmailThread", "Note"]
    assert (await types("_order_by=-activity_at"))[-1] == "Note"
    assert await types("_type=Call") == ["Call"]
    assert await types("_type__in=Call,Note") == ["Call", "Note"]
    assert await types("_type=EmailThread") == ["EmailThread"]
    assert set(await types("_type__in=Email,EmailThread")) == {"Email", "EmailThread"}
    assert await types("_type=Meeting") == []
    assert await types(f"id__in={old['id']},{call['id']}") == ["Call", "Note"]
    assert await types("activity_at__lt=2002-01-01") == ["Note"]
    assert await types("date_created__gt=2100-01-01") == []
    assert await types("contact_id=cont_none") == []
    assert await types("user_id=user_none") == []
    pages = []
    for skip in range(len(plain) + 1):
        page = (await api.get(f"/api/v1/activity/?lead_id={lead_id}&_limit=1&_skip={skip}")).json()
        pages += [one["_type"] for one in page["data"]]
        assert page["has_more"] == (skip < len(plain) - 1)
    assert pages == plain
    cut = (await api.get(f"/api/v1/activity/?lead_id={lead_id}&_fields=_type,id,direction,duration")).json()["data"]
    by_type = {one["_type"]: set(one) for one in cut}
    assert by_type["Call"] == {"_type", "id", "direction", "duration"}
    assert by_type["Note"] == {"_type", "id"} and by_type["Email"] == {"_type", "id", "direction"}
    assert (await api.get("/api/v1/activity/?_order_by=colour")).status_code == 400


async def test_a_conversation_tells_how_many_comments_it_has(
    tools: Tools, api: httpx2.AsyncClient, admin: ActingUser
) -> None:
    lead_id = (await item_in_inbox(tools, api, admin)).removeprefix("noti_")
    thread = (await api.get(f"/api/v1/activity/emailthread/?lead_id={lead_id}")).json()["data"][0]
    assert thread["comment_summary"] is None
    said = await made(api, "comment", object_id=thread["emails"][0]["id"], body="x")
    assert (said["object_id"], said["object_type"]) == (thread["id"], "emailthread")
    await made(api, "comment", object_id=thread["id"], body="y")
    again = (await api.get(f"/api/v1/activity/emailthread/{thread['id']}/")).json()
    assert again["comment_summary"] == {"comment_count": 2, "thread_id": said["thread_id"]}


async def test_comments_stand_on_activities_and_are_taken_back(api: httpx2.AsyncClient) -> None:
    lead_id = await lead(api)
    note = await made(api, "activity/note", lead_id=lead_id, note="x")
    said = await made(api, "comment", object_id=note["id"], body="<body><p>Good <script>x</script></p></body>")
    assert (said["body"], said["object_type"]) == ("<body><p>Good </p></body>", "note")
    more = await made(api, "comment", object_id=note["id"], body="more")
    listed = (await api.get(f"/api/v1/comment/?object_id={note['id']}")).json()["data"]
    assert [one["id"] for one in listed] == [said["id"], more["id"]]
    assert (await api.get(f"/api/v1/comment/?thread_id={said['thread_id']}")).json()["data"] == listed
    changed = (await api.put(f"/api/v1/comment/{more['id']}/", json={"body": "better"})).json()
    assert changed["body"] == "<body>better</body>"
    assert (await api.delete(f"/api/v1/comment/{said['id']}/")).status_code == 204
    thread = (await api.get(f"/api/v1/comment_thread/{said['thread_id']}/")).json()
    assert [one["body"] for one in thread["comments"]] == [None, "<body>better</body>"]
    assert thread["comment_count"] == 1
    by_object = (await api.get(f"/api/v1/comment_thread/?object_ids={note['id']}")).json()["data"]
    assert by_object == [thread]
    for query in ("", f"?object_id={note['id']}&thread_id={said['thread_id']}"):
        assert (await api.get(f"/api/v1/comment/{query}")).status_code == 400
    assert (await api.post("/api/v1/comment/", json={"object_id": note["id"], "body": " "})).status_code == 400

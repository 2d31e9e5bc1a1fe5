"""Emails by Close's API as programs write and read them: round trips, refusals that leave nothing, what is read."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from postroom.journeys.tools import Tools
from postroom.rooms.users.user import ActingUser
from tests.doors.web.test_close_writing import coworker
from tests.doors.web.test_emails import lead_with_emails
from tests.doors.web.test_tasks import item_in_inbox
from tests.doors.web.test_writing_email import EMAILS, office

ALL = ("inbox", "draft", "scheduled", "outbox", "sent", "error")
BY_PUT = {
    "draft": {"scheduled", "outbox"},
    "scheduled": {"draft"},
    "outbox": {"draft"},
    "error": {"draft", "outbox"},
}
LATER = (datetime.now(UTC) + timedelta(days=2)).isoformat()
WORDS = {"sender": "ann@acme.test", "to": ["zoe@acme.example"], "subject": "Offer", "body_html": "<p>Hi <b>Zoe</b></p>"}


async def written(api: httpx2.AsyncClient, lead_id: str, status: str, **more: Any) -> dict[str, Any]:
    """An email in this status; what goes out does so in a minute at the earliest."""
    timing = {"scheduled": {"date_scheduled": LATER}, "outbox": {"send_in": 59}}.get(status, {})
    answer = await api.post(EMAILS, json={**WORDS, "lead_id": lead_id, "status": status, **timing, **more})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def history(api: httpx2.AsyncClient) -> list[Any]:
    """What has been noted of emails; unchanged after a refusal."""
    return list((await api.get("/api/v1/event/?object_type=activity.email&_limit=50")).json()["data"])


@pytest.mark.parametrize("before", ALL)
async def test_each_status_leads_only_where_close_lets_it(api: httpx2.AsyncClient, before: str) -> None:
    lead_id, _ = await office(api)
    for after in ALL:
        email = await written(api, lead_id, before)
        url, noted = f"{EMAILS}{email['id']}/", await history(api)
        timing = {"scheduled": {"date_scheduled": LATER}, "outbox": {"send_in": 59}}.get(after, {})
        if (before, after) == ("scheduled", "scheduled"):
            timing = {"date_scheduled": email["date_scheduled"]}
        answer = await api.put(url, json={"status": after, **timing})
        if after == before or after in BY_PUT.get(before, ()):
            assert (answer.status_code, answer.json()["status"]) == (200, after)
        else:
            assert answer.status_code == 400 and list(answer.json()["field-errors"]) == ["status"]
            assert (await api.get(url)).json() == email and await history(api) == noted


@pytest.mark.parametrize("status", ALL)
async def test_an_email_sent_back_as_it_was_read_stays_as_it_is(api: httpx2.AsyncClient, status: str) -> None:
    lead_id, _ = await office(api)
    opens = [{"opened_at": "2026-01-02T03:04:05Z", "user_agent": "Mail"}]
    followed = {"followup_date": LATER} if status in ("scheduled", "outbox", "sent") else {}
    email = await written(api, lead_id, status, opens=opens, **followed)
    url, noted = f"{EMAILS}{email['id']}/", await history(api)
    back = await api.put(url, json=email)
    assert (back.status_code, back.json()) == (200, email)
    assert (await api.get(url)).json() == email and await history(api) == noted


async def test_arrived_mail_sent_back_with_its_attachments_stays_as_it_is(
    tools: Tools, api: httpx2.AsyncClient, admin: ActingUser
) -> None:
    lead_id = await lead_with_emails(tools, api, admin)
    url = f"{EMAILS}acti_0{lead_id}/"
    email = (await api.get(url)).json()
    assert [one["filename"] for one in email["attachments"]] == ["a.pdf"]
    assert (await api.put(url, json=email)).json() == email
    async with tools.db.transaction() as tx:
        assert await (await tx.execute("select 1 from files")).fetchone() is None


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ('"Admin, Ann" <ann@acme.test>', '"Admin, Ann" <ann@acme.test>'),
        ("Admin, Ann <ann@acme.test>", '"Admin, Ann" <ann@acme.test>'),
        ('"Ann Admin" <ann@acme.test>', "Ann Admin <ann@acme.test>"),
        ("<ANN@acme.test>", None),
        ("ann@acme.test (Ann)", "Ann <ann@acme.test>"),
    ],
)
async def test_a_sender_may_be_spelt_in_every_way(api: httpx2.AsyncClient, typed: str, shown: str | None) -> None:
    lead_id, account_id = await office(api)
    sent = await written(api, lead_id, "outbox", sender=typed, to=["Lee, Zoe <zoe@acme.example>"])
    assert sent["email_account_id"] == account_id and sent["contact_id"] is not None
    assert shown is None or sent["sender"] == shown


async def test_who_cannot_be_a_sender_is_named(api: httpx2.AsyncClient) -> None:
    lead_id, _ = await office(api)
    noted = await history(api)
    for status in ALL:
        timing = {"date_scheduled": LATER} if status == "scheduled" else {}
        for sender in ("somebody", "a@b.example, c@d.example", None):
            body = {**WORDS, **timing, "lead_id": lead_id, "status": status, "sender": sender}
            answer = await api.post(EMAILS, json=body)
            if status == "draft" or (status, sender) == ("sent", None):
                assert answer.status_code == 200
            else:
                assert answer.status_code == 400 and list(answer.json()["field-errors"]) == ["sender"], (status, sender)
    assert len(await history(api)) == len(noted) + 4


async def test_what_has_come_is_with_its_sender_and_what_was_sent_with_its_recipient(api: httpx2.AsyncClient) -> None:
    people = [{"name": name, "emails": [{"email": f"{name}@acme.example"}]} for name in ("zoe", "tom")]
    lead = (await api.post("/api/v1/lead/", json={"name": "Acme", "contacts": people})).json()
    zoe, tom = [one["id"] for one in lead["contacts"]]
    body = {"lead_id": lead["id"], "sender": "zoe@acme.example", "to": ["ann@acme.test"], "cc": ["tom@acme.example"]}
    came = (await api.post(EMAILS, json={**body, "status": "inbox"})).json()
    went = (await api.post(EMAILS, json={**body, "status": "sent"})).json()
    assert (came["contact_id"], went["contact_id"]) == (zoe, tom)


async def test_an_unknown_template_is_refused_even_beside_a_body(api: httpx2.AsyncClient) -> None:
    lead_id, _ = await office(api)
    draft = await written(api, lead_id, "draft")
    noted = await history(api)
    body = {**WORDS, "lead_id": lead_id, "status": "sent", "template_id": "tmpl_nobodys"}
    for answer in (
        await api.post(EMAILS, json=body),
        await api.put(f"{EMAILS}{draft['id']}/", json={"template_id": "tmpl_nobodys"}),
    ):
        assert answer.status_code == 400 and list(answer.json()["field-errors"]) == ["template_id"]
    assert await history(api) == noted


async def test_a_draft_may_lose_its_template_and_is_still_saved_and_sent(api: httpx2.AsyncClient) -> None:
    lead_id, _ = await office(api)
    template = {"name": "Hello", "subject": "Hello", "body": "<p>Hello {{ contact.first_name }}</p>", "is_shared": True}
    template_id = (await api.post("/api/v1/email_template/", json=template)).json()["id"]
    draft = await written(api, lead_id, "draft", template_id=template_id, subject="", body_html="")
    assert draft["body_text"] == "Hello Zoe"
    await api.delete(f"/api/v1/email_template/{template_id}/")
    url = f"{EMAILS}{draft['id']}/"
    saved = await api.put(url, json={**(await api.get(url)).json(), "subject": "Good day"})
    assert (saved.status_code, saved.json()["subject"]) == (200, "Good day")
    queued = await api.put(url, json={"status": "outbox", "send_in": 59})
    assert (queued.status_code, queued.json()["status"]) == (200, "outbox")


async def test_a_draft_may_go_to_a_coworker_and_to_another_moment(
    tools: Tools, api: httpx2.AsyncClient, admin: ActingUser
) -> None:
    lead_id, _ = await office(api)
    bea = (await coworker(tools, admin)).id
    draft = await written(api, lead_id, "draft")
    moved = (await api.put(f"{EMAILS}{draft['id']}/", json={"user_id": bea, "activity_at": "2020-01-02"})).json()
    assert (moved["user_id"], moved["users"]) == (bea, [bea])
    assert moved["activity_at"] == "2020-01-02T00:00:00.000000+00:00"
    for wrong in ({"user_id": "user_nobody"}, {"activity_at": "soon"}, {"send_in": 60}):
        answer = await api.put(f"{EMAILS}{draft['id']}/", json=wrong)
        assert answer.status_code == 400 and list(answer.json()["field-errors"]) == list(wrong)
    sent = await written(api, lead_id, "sent")
    assert "Only drafts" in (await api.put(f"{EMAILS}{sent['id']}/", json={"user_id": bea})).json()["errors"][0]
    for name in ("created_by", "created_by_id"):
        logged = await written(api, lead_id, "sent", **{name: bea})
        assert (logged["created_by"], logged["created_by_name"]) == (bea, "Bea User")
        assert (await written(api, lead_id, "draft", **{name: bea}))["created_by"] != bea


async def test_a_draft_keeps_the_time_at_which_it_is_to_be_sent(api: httpx2.AsyncClient) -> None:
    lead_id, _ = await office(api)
    draft = await written(api, lead_id, "draft", date_scheduled="2030-01-02T03:04:05")
    assert draft["date_scheduled"] == "2030-01-02T03:04:05.000000+00:00"
    scheduled = (await api.put(f"{EMAILS}{draft['id']}/", json={"status": "scheduled"})).json()
    assert (scheduled["status"], scheduled["date_scheduled"]) == ("scheduled", draft["date_scheduled"])


async def test_new_and_quoted_words_and_the_text_of_html_are_in_every_list(api: httpx2.AsyncClient) -> None:
    lead_id, _ = await office(api)
    quoting = "Yes, gladly.\n\nOn 2 May 2026 Ann wrote:\n> Shall we meet?\n"
    await written(api, lead_id, "inbox", sender="zoe@acme.example", body_text=quoting, body_html="")
    html = await written(api, lead_id, "sent")
    assert html["body_text"] == "Hi Zoe" and html["body_html_quoted"] == [{"html": WORDS["body_html"], "expand": True}]
    for path in (f"{EMAILS}?lead_id={lead_id}", f"/api/v1/activity/?_type=Email&lead_id={lead_id}"):
        sent, came = (await api.get(path)).json()["data"]
        assert sent["body_text"] == "Hi Zoe" and sent["body_text_quoted"] == [{"text": "Hi Zoe", "expand": True}]
        assert [piece["expand"] for piece in came["body_text_quoted"]] == [True, False]
    only = (await api.get(f"{EMAILS}?lead_id={lead_id}&_fields=body_text_quoted")).json()["data"]
    assert [piece["expand"] for piece in only[1]["body_text_quoted"]] == [True, False]
    draft = await written(api, lead_id, "draft")
    assert draft["body_text"] == ""  # as its author left it, who may send it back


async def test_what_is_made_is_never_said_to_be_refused(api: httpx2.AsyncClient) -> None:
    lead_id, _ = await office(api)
    made = await api.post(EMAILS, params={"_fields": "id,nope"}, json={"lead_id": lead_id, "status": "draft"})
    assert made.status_code == 200 and made.json()["id"]
    cut = await api.put(f"{EMAILS}{made.json()['id']}/", params={"_fields": "id,subject"}, json={"subject": "New"})
    assert cut.json() == {"id": made.json()["id"], "subject": "New"}
    asked = await api.get(f"{EMAILS}{made.json()['id']}/", params={"_fields": "id,nope"})
    assert asked.status_code == 400 and "_fields" in asked.json()["field-errors"]


async def test_every_missing_field_is_named(api: httpx2.AsyncClient) -> None:
    required = "This field is required."
    nothing = await api.post(EMAILS, json={})
    assert nothing.json() == {"errors": [], "field-errors": {"lead_id": required, "status": required}}
    upload = await api.post("/api/v1/files/upload/", json={"content_type": "text/plain"})
    assert upload.json() == {"errors": [], "field-errors": {"filename": required}}


async def test_activities_come_in_each_order_and_of_no_other_organization(api: httpx2.AsyncClient) -> None:
    lead_id, _ = await office(api)
    made = []
    for created, happened in (("2020-01-01", "2022-01-01"), ("2021-01-01", "2020-01-01"), ("2022-01-01", "2021-01-01")):
        dates = {"date_created": created, "activity_at": happened}
        made.append((await written(api, lead_id, "sent", subject=created, **dates))["id"])
        await api.post("/api/v1/activity/note/", json={"lead_id": lead_id, "note": created, **dates})
    expected = {
        "date_created": [0, 1, 2], "-date_created": [2, 1, 0], "activity_at": [1, 2, 0], "-activity_at": [0, 2, 1],
        "": [2, 1, 0],
    }  # fmt: skip
    for order, places in expected.items():
        asked = {"lead_id": lead_id, "_order_by": order} if order else {"lead_id": lead_id}
        for path, kinds in ((EMAILS, "Email"), ("/api/v1/activity/", "Email")):
            found = (await api.get(path, params={**asked, "_type": kinds})).json()["data"]
            assert [one["id"] for one in found] == [made[place] for place in places], (path, order)
        notes = (await api.get("/api/v1/activity/note/", params=asked)).json()["data"]
        assert [one["note"][:4] for one in notes] == [("2020", "2021", "2022")[place] for place in places]
        name = order.removeprefix("-") or "date_created"
        mixed = [one[name] for one in (await api.get("/api/v1/activity/", params=asked)).json()["data"]]
        assert mixed == sorted(mixed, reverse=not order or order.startswith("-")) and len(mixed) == 7
    assert (await api.get("/api/v1/activity/", params={"_order_by": "subject"})).status_code == 400
    for path in ("email/", "emailthread/", "note/", "", "created/"):
        url = f"/api/v1/activity/{path}"
        assert (await api.get(url, params={"organization_id": "orga_other"})).json()["data"] == []
        assert (await api.get(url)).json()["data"] != []


async def test_a_row_among_many_kinds_is_cut_to_what_it_has(api: httpx2.AsyncClient) -> None:
    lead_id, _ = await office(api)
    await written(api, lead_id, "sent")
    url = "/api/v1/activity/"
    whole = (await api.get(url, params={"lead_id": lead_id})).json()["data"]
    assert (await api.get(url, params={"lead_id": lead_id, "_fields": "_all"})).json()["data"] == whole
    inner = (await api.get(url, params={"lead_id": lead_id, "_fields": "_type,envelope.subject,duration"})).json()[
        "data"
    ]
    assert inner == [{"_type": "Email", "envelope": {"subject": "Offer"}}, {"_type": "Created"}]


async def test_a_task_sent_back_as_it_was_read_stays_as_it_is(
    tools: Tools, api: httpx2.AsyncClient, admin: ActingUser
) -> None:
    item_id = await item_in_inbox(tools, api, admin)
    lead = (await api.post("/api/v1/lead/", json={"name": "Bolt"})).json()
    made = await api.post("/api/v1/task/", json={"lead_id": lead["id"], "text": "Call", "date": "2030-01-02"})
    for url, changes in (
        (f"/api/v1/task/{item_id}/", ({}, {"is_complete": True}, {"is_complete": False}, {"date": "2031-01-02"})),
        (f"/api/v1/task/{made.json()['id']}/", ({}, {"is_complete": True}, {"is_complete": False})),
    ):
        for change in changes:
            task = (await api.put(url, json=change)).json()
            noted = (await api.get("/api/v1/event/?_limit=50")).json()["data"]
            back = await api.put(url, json=task)
            assert (back.status_code, back.json()) == (200, task)
            assert (await api.get("/api/v1/event/?_limit=50")).json()["data"] == noted
        task = (await api.get(url)).json()
        for name in ("due_date", "date"):
            moved = (await api.put(url, json={**task, "is_complete": None, name: "2032-05-06"})).json()
            assert moved["date"] == moved["due_date"], name
            assert moved["date"].removesuffix("T00:00:00.000000+00:00") == "2032-05-06", name
            await api.put(url, json={"date": task["date"]})


async def test_nothing_of_a_refused_change_of_a_task_is_kept(
    tools: Tools, api: httpx2.AsyncClient, admin: ActingUser
) -> None:
    item_id = await item_in_inbox(tools, api, admin)
    url = f"/api/v1/task/{item_id}/"
    task = (await api.get(url)).json()
    for wrong in ({"priority": "low"}, {"resolution": "done"}, {"assigned_to": "user_nobody"}, {"due_date": "soon"}):
        refused = await api.put(url, json={"is_complete": True, **wrong})
        assert refused.status_code == 400 and list(refused.json()["field-errors"]) == list(wrong)
        assert (await api.get(url)).json() == task
    ordered = await api.get("/api/v1/task/", params={"_type": "all", "_order_by": "date,-date_created"})
    assert [one["id"] for one in ordered.json()["data"]] == [item_id]


async def test_notes_calls_and_comments_sent_back_as_they_were_read_stay_as_they_are(api: httpx2.AsyncClient) -> None:
    lead_id, _ = await office(api)
    upload = (await api.post("/api/v1/files/upload/", json={"filename": "a.txt", "content_type": "text/plain"})).json()
    files = [{"url": upload["download"]["url"], "filename": "a.txt", "size": 1, "content_type": "text/plain"}]
    note = {"note_html": "<body><p>Hi <b>Zoe</b></p></body>", "title": "T", "pinned": True, "attachments": files}
    call = {"direction": "inbound", "duration": 4, "phone": "+16503334444", "disposition": "vm-left", "note": "Hi"}
    made = [
        (path, (await api.post(path, json={"lead_id": lead_id, **body})).json())
        for path, body in (
            ("/api/v1/activity/note/", {"note": "Two\n\nlines <b>"}), ("/api/v1/activity/note/", note),
            ("/api/v1/activity/call/", {}), ("/api/v1/activity/call/", call),
            ("/api/v1/activity/call/", {"status": "no-answer"}),
        )
    ]  # fmt: skip
    said = {"object_id": made[0][1]["id"], "body": "<p>Well</p>"}
    made.append(("/api/v1/comment/", (await api.post("/api/v1/comment/", json=said)).json()))
    noted = (await api.get("/api/v1/event/?_limit=50")).json()["data"]
    for path, thing in made:
        back = await api.put(f"{path}{thing['id']}/", json=thing)
        assert (back.status_code, back.json()) == (200, thing)
    assert (await api.get("/api/v1/event/?_limit=50")).json()["data"] == noted
    for url in ("https://elsewhere.example/x.pdf", "javascript:alert(1)", "", "http://[", None):
        for answer in (
            await api.post(made[0][0], json={"lead_id": lead_id, "note": "x", "attachments": [{"url": url}]}),
            await api.put(f"{made[0][0]}{made[0][1]['id']}/", json={"attachments": [{"url": url}]}),
        ):
            assert answer.status_code == 400 and list(answer.json()["field-errors"]) == ["attachments"]

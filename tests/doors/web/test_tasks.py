"""/task/: the Inbox and lead tasks."""

from datetime import UTC, datetime, timedelta

import httpx2

from postroom.journeys.tools import Tools
from postroom.rooms.tasks import Due, TaskContent, insert_follow_up
from postroom.rooms.users.user import ActingUser
from tests.doors.web.test_connected_accounts import NEW
from tests.doors.web.test_emails import lead_with_emails


async def item_in_inbox(tools: Tools, api: httpx2.AsyncClient, user: ActingUser) -> str:
    """A thread that waits in the user's Inbox; the item's id."""
    lead_id = await lead_with_emails(tools, api, user)
    accounts = (await api.get("/api/v1/connected_account/")).json()["data"]
    account_id = (
        accounts[0]["id"] if accounts else (await api.post("/api/v1/connected_account/", json=NEW)).json()["id"]
    )
    now = tools.clock()
    async with tools.db.transaction() as tx:
        await tx.execute(
            "insert into inbox_items (organization_id, id, account_id, user_id, lead_id, thread_id, due_at, latest_at,"
            " date_created, date_updated) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                user.organization_id, f"noti_{lead_id}", account_id, user.id, lead_id, f"acti_t{lead_id}", now, now,
                now, now,
            ),
        )  # fmt: skip
    return f"noti_{lead_id}"


async def test_the_inbox_shows_who_wrote_what_to_which_lead(
    tools: Tools, api: httpx2.AsyncClient, admin: ActingUser
) -> None:
    item_id = await item_in_inbox(tools, api, admin)
    page = (await api.get("/api/v1/task/?_type=incoming_email&view=inbox&assigned_to=me")).json()
    (item,) = page["data"]
    lead_id = item_id.removeprefix("noti_")
    assert item["_type"] == "incoming_email" and item["object_type"] == "emailthread"
    assert (item["lead_name"], item["subject"], item["body_preview"]) == ("Acme", "Re: Offer", "Yes")
    assert item["emails"] == [f"acti_{number}{lead_id}" for number in (2, 1, 0)]
    assert (item["n_emails"], item["has_attachments"], item["is_unread"]) == (3, True, False)
    assert (await api.get("/api/v1/task/count/")).json() == {"open": 1, "due": 0}


async def test_tasks_are_counted_as_due_until_the_day_of_their_owner_ends(
    api: httpx2.AsyncClient, admin: ActingUser
) -> None:
    lead_id = (await api.post("/api/v1/lead/", json={"name": "Acme"})).json()["id"]
    now = datetime.now(UTC)
    for days in (-3, 0, 3):
        due = (now + timedelta(days=days)).isoformat()
        await api.post("/api/v1/task/", json={"lead_id": lead_id, "text": f"in {days} days", "date": due})
    done = (await api.post("/api/v1/task/", json={"lead_id": lead_id, "text": "done", "is_complete": True})).json()
    assert done["assigned_to"] == admin.id
    assert (await api.get("/api/v1/task/count/")).json() == {"open": 0, "due": 2}
    (last,) = (await api.get("/api/v1/task/?assigned_to=me&is_complete=false&_order_by=-date&_limit=1")).json()["data"]
    await api.put(f"/api/v1/task/{last['id']}/", json={"date": now.isoformat()})
    assert (await api.get("/api/v1/task/count/")).json() == {"open": 0, "due": 3}


async def test_the_inbox_is_read_account_by_account(tools: Tools, api: httpx2.AsyncClient, admin: ActingUser) -> None:
    item_id = await item_in_inbox(tools, api, admin)
    (item,) = (await api.get(f"/api/v1/task/?_type=incoming_email&id__in={item_id}")).json()["data"]
    mail = "/api/v1/task/?_type=incoming_email&email_account_id="
    of_it = (await api.get(mail + item["email_account_id"])).json()["data"]
    assert [each["id"] for each in of_it] == [item_id]
    assert (await api.get(f"{mail}emailacct_other")).json()["data"] == []


async def test_done_reopen_and_snooze_move_an_item_between_the_views(
    tools: Tools, api: httpx2.AsyncClient, admin: ActingUser
) -> None:
    item_id = await item_in_inbox(tools, api, admin)
    later = (datetime.now(UTC) + timedelta(hours=3)).isoformat()
    for change, view in [
        ({"is_complete": True}, "archive"),
        ({"is_complete": False}, "inbox"),
        ({"date": later}, "future"),
        ({"is_complete": True}, "archive"),
        ({"date": later}, "future"),
        ({"date": "2020-01-01"}, "inbox"),
    ]:
        changed = (await api.put(f"/api/v1/task/{item_id}/", json=change)).json()
        assert (changed["view"], changed["is_complete"]) == (view, view == "archive"), change
        for tab in ("inbox", "future", "archive"):
            listed = (await api.get(f"/api/v1/task/?_type=all&view={tab}")).json()["data"]
            assert [one["id"] for one in listed] == ([item_id] if tab == view else []), (change, tab)


async def test_several_items_are_done_at_once(tools: Tools, api: httpx2.AsyncClient, admin: ActingUser) -> None:
    ids = [await item_in_inbox(tools, api, admin) for _ in range(2)]
    done = await api.put(f"/api/v1/task/?id__in={','.join(ids)}", json={"is_complete": True})
    assert done.status_code == 200, done.text
    assert {one["id"]: one["view"] for one in done.json()["data"]} == dict.fromkeys(ids, "archive")


async def test_lead_tasks_are_made_changed_listed_and_deleted(api: httpx2.AsyncClient) -> None:
    lead_id = (await api.post("/api/v1/lead/", json={"name": "Acme"})).json()["id"]
    made = (await api.post("/api/v1/task/", json={"lead_id": lead_id, "text": "Call", "date": "2026-01-05"})).json()
    assert made["_type"] == "lead" and made["date"] == made["due_date"] == "2026-01-05"
    assert made["assigned_to_name"] == "Ann Admin" and made["view"] == "inbox"
    changed = (await api.put(f"/api/v1/task/{made['id']}/", json={"text": "Write", "is_complete": True})).json()
    assert (changed["text"], changed["view"]) == ("Write", "archive")
    assert [one["id"] for one in (await api.get("/api/v1/task/")).json()["data"]] == [made["id"]]
    assert (await api.get("/api/v1/task/?is_complete=False")).json()["data"] == []
    assert (await api.delete(f"/api/v1/task/{made['id']}/")).json() == {}
    assert (await api.get(f"/api/v1/task/{made['id']}/")).status_code == 404


async def test_a_follow_up_stands_beside_the_lead_tasks_and_names_its_email(
    tools: Tools, api: httpx2.AsyncClient, admin: ActingUser
) -> None:
    lead_id = await lead_with_emails(tools, api, admin, 2)
    now = tools.clock()
    content = TaskContent("No reply", Due(now), admin.id)
    async with tools.db.transaction() as tx:
        task_id = await insert_follow_up(tx, admin.organization_id, f"acti_1{lead_id}", (lead_id, content), now)
    (task,) = (await api.get("/api/v1/task/?_type__in=email_followup,incoming_email&view=inbox")).json()["data"]
    assert (task["id"], task["_type"], task["email_id"]) == (task_id, "email_followup", f"acti_1{lead_id}")
    assert (task["object_type"], task["object_id"]) == ("emailthread", f"acti_t{lead_id}")
    assert (task["subject"], task["body_preview"]) == ("Re: Offer", "Yes")
    assert (await api.get("/api/v1/task/")).json()["data"] == []
    done = (await api.put(f"/api/v1/task/{task_id}/", json={"is_complete": True})).json()
    assert done["view"] == "archive"


async def test_a_task_names_only_people_of_the_organization(api: httpx2.AsyncClient) -> None:
    lead_id = (await api.post("/api/v1/lead/", json={"name": "Acme"})).json()["id"]
    for field, nobody in (("assigned_to", "user_elsewhere"), ("contact_id", "cont_elsewhere")):
        refused = await api.post("/api/v1/task/", json={"lead_id": lead_id, "text": "Call", field: nobody})
        assert (refused.status_code, list(refused.json()["field-errors"])) == (400, [field])
    assert (await api.get("/api/v1/task/")).json()["data"] == []


async def test_of_several_tasks_none_is_changed_where_one_cannot_be(
    tools: Tools, api: httpx2.AsyncClient, admin: ActingUser
) -> None:
    item_id = await item_in_inbox(tools, api, admin)
    lead_id = (await api.post("/api/v1/lead/", json={"name": "Acme"})).json()["id"]
    task_id = (await api.post("/api/v1/task/", json={"lead_id": lead_id, "text": "Call"})).json()["id"]
    wrong = {
        "assigned_to": "user_elsewhere",
        "contact_id": "cont_x",
        "priority": "urgent",
        "resolution": "x",
        "date": "-",
    }
    for field, value in wrong.items():
        for address in (f"?id__in={item_id},{task_id}", f"{item_id}/", f"{task_id}/"):
            refused = await api.put(f"/api/v1/task/{address}", json={"is_complete": True, field: value})
            assert (refused.status_code, list(refused.json()["field-errors"])) == (400, [field]), address
            for one in (item_id, task_id):
                assert (await api.get(f"/api/v1/task/{one}/")).json()["is_complete"] is False, (address, field)


async def test_a_task_without_a_date_stands_in_the_inbox_from_the_day_it_was_written(
    api: httpx2.AsyncClient, admin: ActingUser
) -> None:
    lead_id = (await api.post("/api/v1/lead/", json={"name": "Acme"})).json()["id"]
    here = {"X-TZ-Offset": "14"}
    today = (datetime.now(UTC) + timedelta(hours=14)).date().isoformat()
    for more in ({}, {"date": None}, {"date": ""}, {"due_date": None}):
        said = {"lead_id": lead_id, "text": "Whenever", **more}
        made = (await api.post("/api/v1/task/", json=said, headers=here)).json()
        assert (made["date"], made["due_date"], made["is_dateless"], made["view"]) == (today, None, True, "inbox"), more
        listed = (await api.get(f"/api/v1/task/?view=inbox&id__in={made['id']}")).json()["data"]
        assert listed == [made]
        (shown,) = (await api.get(f"/api/v1/lead/{lead_id}/?_fields=tasks")).json()["tasks"]
        assert (shown["date"], shown["due_date"], shown["is_dateless"]) == (today, None, True)
        smart = (await api.get(f"/api/v1/lead/{lead_id}/?_fields=next_task_date,next_task_due_date")).json()
        assert smart == {"next_task_date": today, "next_task_due_date": None}
        for query, number in (("task(due_date:*)", 0), ("has:next_task_due_date", 0), ("task(date:*)", 1)):
            found = await api.get("/api/v1/lead/", params={"query": f"id:{lead_id} {query}", "_limit": 0})
            assert found.json()["total_results"] == number, query
        back = (await api.put(f"/api/v1/task/{made['id']}/", json=made)).json()
        assert back == made
        events = (await api.get(f"/api/v1/event/?object_type=task.lead&object_id={made['id']}")).json()["data"]
        assert [(one["action"], one["data"]["is_dateless"]) for one in events] == [("created", True)]
        assert (await api.delete(f"/api/v1/task/{made['id']}/")).json() == {}
    whole = {"lead_id": lead_id, "date": "2020-05-06", "due_date": None, "is_dateless": True}
    moved = (await api.post("/api/v1/task/", json=whole)).json()
    assert (moved["date"], moved["is_dateless"]) == ("2020-05-06", True)
    ahead = (await api.post("/api/v1/task/", json={**whole, "date": "2090-05-06"})).json()
    assert (ahead["is_dateless"], ahead["view"]) == (True, "inbox")
    assert (await api.get("/api/v1/task/count/")).json()["due"] == 2


async def test_a_date_is_given_to_a_task_and_taken_away(api: httpx2.AsyncClient) -> None:
    lead_id = (await api.post("/api/v1/lead/", json={"name": "Acme"})).json()["id"]
    task = (await api.post("/api/v1/task/", json={"lead_id": lead_id, "text": "Call"})).json()
    today, address = task["date"], f"/api/v1/task/{task['id']}/"
    moment = "2032-05-06T07:00:00.000000+00:00"
    for change, date, due_date in [
        ({"text": "Call Bob", "due_date": None}, today, None),
        ({"is_dateless": False}, today, today),
        ({"date": None}, today, None),
        ({"date": "2032-05-06"}, "2032-05-06", "2032-05-06"),
        ({"date": moment, "is_dateless": False}, moment, moment),
        ({"date": "2032-05-06", "due_date": moment}, "2032-05-06", "2032-05-06"),
        ({"due_date": None, "is_dateless": True}, today, None),
        ({"due_date": "2032-05-06"}, "2032-05-06", "2032-05-06"),
        ({"due_date": None}, "2032-05-06", "2032-05-06"),
    ]:
        changed = (await api.put(address, json=change)).json()
        said = changed["date"], changed["due_date"], changed["is_dateless"]
        assert said == (date, due_date, due_date is None), change
        assert (await api.get(address)).json() == changed
    many = (await api.put(f"/api/v1/task/?id__in={task['id']}", json={"date": None})).json()["data"]
    assert [(one["date"], one["is_dateless"]) for one in many] == [(today, True)]


async def test_a_task_of_a_day_is_due_on_that_day_wherever_its_owner_is(api: httpx2.AsyncClient) -> None:
    lead_id = (await api.post("/api/v1/lead/", json={"name": "Acme"})).json()["id"]
    for hours in (-11, 0, 14):
        zone = {"X-TZ-Offset": str(hours)}
        today = (datetime.now(UTC) + timedelta(hours=hours)).date()
        for days, view in ((-1, "inbox"), (0, "inbox"), (1, "future")):
            day = (today + timedelta(days=days)).isoformat()
            said = {"lead_id": lead_id, "text": "Call", "date": day}
            made = (await api.post("/api/v1/task/", json=said, headers=zone)).json()
            assert (made["date"], made["view"]) == (day, view), (hours, days)
            for tab in ("inbox", "future", "archive"):
                listed = await api.get(f"/api/v1/task/?view={tab}&id__in={made['id']}", headers=zone)
                assert len(listed.json()["data"]) == (tab == view), (hours, days, tab)

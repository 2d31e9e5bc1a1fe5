"""What clients of Close read in answers: links of an organization, envelopes, files of a lead, all bulk actions."""

from typing import Any

import httpx2

from postroom.rooms.users.user import ActingUser
from tests.doors.web.conftest import Door

API = "/api/v1"


async def made(api: httpx2.AsyncClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = await api.post(f"{API}/{path}/", json=body)
    assert answer.status_code in (200, 201), answer.text
    return dict(answer.json())


async def some_lead(api: httpx2.AsyncClient) -> dict[str, Any]:
    contact = {
        "name": "Jo & Co",
        "emails": [{"email": "jo@firm.test", "type": "office"}],
        "phones": [{"phone": "+14155550100", "type": "office"}],
    }
    address = {"city": "Gotham", "state": "NJ", "country": "US"}
    return await made(api, "lead", {"name": "Zürich & Sons/2", "contacts": [contact], "addresses": [address]})


async def test_integration_links_stand_filled_in_on_what_they_are_for(api: httpx2.AsyncClient) -> None:
    lead = await some_lead(api)
    deal = await made(api, "opportunity", {"lead_id": lead["id"], "value": 100})
    assert (lead["integration_links"], deal["integration_links"]) == ([], [])
    for name, kind, url in (
        ("Search", "lead", "https://x.test/?q={{ lead.name }}&id={{lead_id}}&no={{ lead.nothing }}"),
        ("Mail", "contact", "https://x.test/{{contact.email}}/{{ contact.name }}"),
        ("Deal", "opportunity", "https://x.test/{{ opportunity.id }}"),
    ):
        await made(api, "integration_link", {"name": name, "type": kind, "url": url})
    found = (await api.get(f"{API}/lead/{lead['id']}/")).json()
    search = f"https://x.test/?q=Z%C3%BCrich%20%26%20Sons%2F2&id={lead['id']}&no="
    assert found["integration_links"] == [{"name": "Search", "url": search}]
    mail = [{"name": "Mail", "url": "https://x.test/jo%40firm.test/Jo%20%26%20Co"}]
    assert found["contacts"][0]["integration_links"] == mail
    (contact,) = (await api.get(f"{API}/contact/", params={"lead_id": lead["id"]})).json()["data"]
    assert contact["integration_links"] == mail
    of_deal = [{"name": "Deal", "url": f"https://x.test/{deal['id']}"}]
    assert found["opportunities"][0]["integration_links"] == of_deal
    assert (await api.get(f"{API}/opportunity/{deal['id']}/")).json()["integration_links"] == of_deal


async def test_other_organizations_links_are_not_shown(api: httpx2.AsyncClient, stranger: httpx2.AsyncClient) -> None:
    await made(stranger, "integration_link", {"name": "Theirs", "type": "lead", "url": "https://x.test/"})
    assert (await some_lead(api))["integration_links"] == []


async def test_leads_have_every_key_that_close_prints(api: httpx2.AsyncClient) -> None:
    lead = await some_lead(api)
    assert lead["primary_address_summary"] == "Gotham, NJ, US"
    assert {"contacts_summary", "localtime", "source", "summaries", "recent_calls"} <= lead.keys()
    assert lead["addresses"][0]["tz_ids"] == ["America/New_York"]
    (contact,) = lead["contacts"]
    assert {"timezone", "timezone_source"} <= contact.keys()
    phone = contact["phones"][0]
    assert (phone["tz_ids"], phone["outbound_sms_blocked"]) == (["America/Los_Angeles"], False)
    echoed = await api.put(f"{API}/lead/{lead['id']}/", json=lead)
    assert echoed.status_code == 200 and echoed.json()["addresses"] == lead["addresses"]


async def test_logged_email_has_an_envelope_and_a_draft_has_none(api: httpx2.AsyncClient) -> None:
    lead = await some_lead(api)
    written = {
        "lead_id": lead["id"],
        "subject": "Offer",
        "to": ['"Jo, B." <jo@firm.test>', "al@firm.test"],
        "body_text": "Hello",
    }
    draft = await made(api, "activity/email", {**written, "status": "draft"})
    assert draft["envelope"] is None
    past = {"status": "sent", "sender": "Ann Admin <ann@acme.test>", "activity_at": "2024-05-06T07:08:09"}
    sent = await made(api, "activity/email", {**written, **past})
    envelope = sent["envelope"]
    assert envelope["from"] == envelope["sender"] == [{"email": "ann@acme.test", "name": "Ann Admin"}]
    assert envelope["to"] == [{"email": "jo@firm.test", "name": "Jo, B."}, {"email": "al@firm.test", "name": ""}]
    assert (envelope["cc"], envelope["bcc"], envelope["reply_to"]) == ([], [], [])
    assert envelope["is_autoreply"] is False
    assert (envelope["subject"], envelope["date"]) == ("Offer", "Mon, 06 May 2024 07:08:09 +0000")
    listed = (await api.get(f"{API}/activity/email/", params={"id__in": sent["id"]})).json()["data"]
    assert listed[0]["envelope"] == envelope


async def test_the_files_of_a_lead_are_those_of_its_emails(
    door: Door, api: httpx2.AsyncClient, stranger: httpx2.AsyncClient
) -> None:
    lead = await some_lead(api)
    path = f"{API}/lead/{lead['id']}/files/"
    assert (await api.get(path)).json() == {"data": [], "has_more": False}
    upload = (await api.post(f"{API}/files/upload/", json={"filename": "a.txt", "content_type": "text/plain"})).json()
    async with door.client() as storage:
        file = {"file": ("a.txt", b"hello", "text/plain")}
        put = await storage.post(upload["upload"]["url"], data=upload["upload"]["fields"], files=file)
        assert put.status_code == 201
    attachment = {"url": upload["download"]["url"], "filename": "a.txt", "size": 5, "content_type": "text/plain"}
    email = await made(api, "activity/email", {"lead_id": lead["id"], "status": "draft", "attachments": [attachment]})
    (found,) = (await api.get(path)).json()["data"]
    assert (found["filename"], found["size"], found["object_id"]) == ("a.txt", 5, email["id"])
    assert (found["object_type"], found["url"]) == ("activity.email", email["attachments"][0]["url"])
    assert (await api.get(found["url"])).content == b"hello"
    assert (await stranger.get(path)).status_code == 404


async def test_all_bulk_actions_stand_in_one_list(api: httpx2.AsyncClient, stranger: httpx2.AsyncClient) -> None:
    labels = {one["label"]: one["id"] for one in (await api.get(f"{API}/status/lead/")).json()["data"]}
    edit = {"query": "name:x", "type": "set_lead_status", "lead_status_id": labels["Customer"]}
    first = await made(api, "bulk_action/edit", edit)
    second = await made(api, "bulk_action/delete", {"query": "name:x"})
    listed = (await api.get(f"{API}/bulk_action/")).json()
    assert [(one["_type"], one["id"]) for one in listed["data"]] == [("delete", second["id"]), ("edit", first["id"])]
    page = (await api.get(f"{API}/bulk_action/", params={"_limit": 1})).json()
    assert ([one["id"] for one in page["data"]], page["has_more"]) == ([second["id"]], True)
    assert (await stranger.get(f"{API}/bulk_action/")).json() == {"data": [], "has_more": False}


async def test_a_smart_view_of_dates_has_its_tree(api: httpx2.AsyncClient) -> None:
    view = await made(api, "saved_search", {"name": "Recent", "query": "date_created >= 2024-01-31 sort:-date_updated"})
    assert view["query"] and {"query", "results_limit", "sort"} <= view["s_query"].keys()
    await some_lead(api)
    found = await made(api, "data/search", view["s_query"])
    assert len(found["data"]) == 1


async def test_a_group_stands_for_its_members_where_users_are_asked_for(
    api: httpx2.AsyncClient, admin: ActingUser
) -> None:
    mine = await some_lead(api)
    await made(api, "task", {"lead_id": mine["id"], "text": "Call", "assigned_to": admin.id})
    group = (await made(api, "group", {"name": "Sales"}))["id"]
    field = {"type": "regular_field", "object_type": "task", "field_name": "assigned_to"}
    condition = {"type": "reference", "reference_type": "user_or_group", "object_ids": [group]}
    asked = {
        "query": {
            "type": "and",
            "queries": [
                {"type": "object_type", "object_type": "task"},
                {"type": "field_condition", "field": field, "condition": condition},
            ],
        }
    }
    assert (await made(api, "data/search", asked))["data"] == []
    await made(api, f"group/{group}/member", {"user_id": admin.id})
    assert len((await made(api, "data/search", asked))["data"]) == 1
    by_text = await api.get(f"{API}/lead/", params={"query": f"task(assigned_to:{group})"})
    assert [one["id"] for one in by_text.json()["data"]] == [mine["id"]]


def marked(pieces: list[dict[str, Any]]) -> str:
    return "".join(f"[{one['text']}]" if one["is_match"] else one["text"] for one in pieces)


async def test_leads_show_where_the_words_of_a_query_stand(api: httpx2.AsyncClient) -> None:
    lead = await some_lead(api)
    plain = await made(api, "lead", {"name": "Other", "description": "They build harbour cranes in Zürich."})
    ask = {"query": "zurich", "_highlights": "true", "_fields": "id"}
    found = (await api.get(f"{API}/lead/", params=ask)).json()
    shown = {one: {field: marked(of) for field, of in fields.items()} for one, fields in found["highlights"].items()}
    assert shown == {
        lead["id"]: {"name": "[Zürich] & Sons/2"},
        plain["id"]: {"description": "They build harbour cranes in [Zürich]."},
    }
    ask = {"query": "contact(email_address:jo@firm.test)", "_highlights": "1"}
    (by_contact,) = (await api.get(f"{API}/lead/", params=ask)).json()["highlights"].values()
    assert marked(by_contact["contact"]) == "Jo & Co [jo@firm.test]"
    assert "highlights" not in (await api.get(f"{API}/lead/", params={"query": "zurich"})).json()
    hidden = (await api.get(f"{API}/lead/", params={"query": "not zurich", "_highlights": "true"})).json()
    assert hidden["highlights"] == {}


async def test_structured_searches_show_it_too(api: httpx2.AsyncClient) -> None:
    lead = await some_lead(api)
    body = "We have looked at the harbour crane and it is yellow."
    past = {"lead_id": lead["id"], "status": "sent", "to": ["jo@firm.test"], "subject": "Crane", "body_text": body}
    email = await made(api, "activity/email", past)
    field = {"type": "regular_field", "object_type": "activity.email", "field_name": "subject"}
    asked = {
        "query": {
            "type": "and",
            "queries": [
                {"type": "object_type", "object_type": "activity.email"},
                {
                    "type": "field_condition",
                    "field": field,
                    "condition": {"type": "text", "mode": "full_words", "value": "crane"},
                },
            ],
        },
        "include_highlights": True,
    }
    (row,) = (await made(api, "data/search", asked))["data"]
    assert row["id"] == email["id"] and marked(row["highlights"]["subject"]) == "[Crane]"
    assert "harbour [crane] and" in marked(row["highlights"]["excerpt"])
    (plain,) = (await made(api, "data/search", {**asked, "include_highlights": False}))["data"]
    assert "highlights" not in plain


async def test_a_group_stands_for_its_members_in_lists_and_reports(
    api: httpx2.AsyncClient, admin: ActingUser, stranger: httpx2.AsyncClient
) -> None:
    lead = await some_lead(api)
    await made(api, "opportunity", {"lead_id": lead["id"], "value": 100})
    group = (await made(api, "group", {"name": "Sales"}))["id"]
    wish = {"type": "comparison", "metrics": ["leads.created.all.count"], "relative_range": "this-year"}

    async def found() -> tuple[int, list[str]]:
        deals = (await api.get(f"{API}/opportunity/", params={"user_id": group})).json()["total_results"]
        report = await made(api, "report/activity", {**wish, "users": [group]})
        return deals, [row["user_id"] for row in report["data"]]

    assert await found() == (0, [])
    await made(api, f"group/{group}/member", {"user_id": admin.id})
    assert await found() == (1, [admin.id])
    theirs = (await stranger.get(f"{API}/opportunity/", params={"user_id": group})).json()
    assert theirs["total_results"] == 0

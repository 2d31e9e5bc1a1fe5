"""Scripts in the style of those that companies wrote for Close: what they call exists, and answers as Close does.

Each is written anew from how such scripts go about it: exports, bulk changes, merges, restores, reports, webhooks.
"""

import base64
import csv
import gzip
import io
import json
import time
import urllib.request
from collections import Counter, defaultdict
from typing import Any

import requests
from closeio_api import API, APIError

from postroom.journeys.make_export import make_export
from postroom.rooms.users.user import ActingUser
from tests.clients.conftest import Close


def everything(api: API, path: str, limit: int = 100, **params: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    has_more = True
    while has_more:
        page = api.get(path, params={"_skip": len(found), "_limit": limit, **params})
        found.extend(page["data"])
        has_more = page["has_more"]
    return found


def lead(api: API, name: str, *addresses: str, **more: Any) -> dict[str, Any]:
    contacts = [
        {"name": address.split("@")[0], "emails": [{"email": address, "type": "office"}]} for address in addresses
    ]
    return api.post("lead", {"name": name, "contacts": contacts, **more})


async def test_export_all_leads_to_csv_by_hand(close: Close) -> None:
    """The usual exporter: sizes by `_limit=0`, splits by date_created, pages with `_skip`, flattens custom fields."""

    def program(api: API) -> None:
        api.post("custom_field/lead", {"name": "Industry", "type": "text"})
        for number in range(5):
            lead(api, f"Firm {number}", f"a@f{number}.test", custom={"Industry": "Steel"})
        organization = api.get("me")["organizations"][0]["id"]
        fields = [one["name"] for one in api.get(f"organization/{organization}")["lead_custom_fields"]]
        assert fields == ["Industry"]
        total = api.get("lead", params={"query": "sort:date_created", "_limit": 0, "_fields": "id"})["total_results"]
        rows = everything(api, "lead", limit=2, query="sort:date_created", _fields="id,display_name,contacts,custom")
        assert len(rows) == total == 5
        written = io.StringIO()
        writer = csv.DictWriter(written, ["id", "display_name", "emails", *fields])
        writer.writeheader()
        for row in rows:
            emails = ";".join(email["email"] for contact in row["contacts"] for email in contact["emails"])
            custom = {name: row["custom"].get(name, "") for name in fields}
            writer.writerow({"id": row["id"], "display_name": row["display_name"], "emails": emails, **custom})
        assert written.getvalue().count("Steel") == 5

    await close.run(program)


async def test_bulk_update_from_a_csv(close: Close) -> None:
    """Finds each lead by a quoted name or a contact's address, and puts status and custom fields by their ids."""

    def program(api: API) -> None:
        lead(api, 'The "Best" Firm, Inc.', "boss@best.test")
        lead(api, "Other", "boss@other.test")
        field = api.post("custom_field/lead", {"name": "Tier", "type": "choices", "choices": ["A", "B"]})
        labels = {one["label"].lower(): one["id"] for one in api.get("status/lead")["data"]}
        sheet = [{"email": "boss@best.test", "status": "customer", "tier": "A"}, {"email": "x@none.test"}]
        missing = []
        for row in sheet:
            found = api.get("lead", params={"query": f'email:"{row["email"]}"', "_fields": "id"})
            if not found["total_results"]:
                missing.append(row["email"])
                continue
            change = {"status_id": labels[row["status"]], f"custom.{field['id']}": row["tier"]}
            api.put(f"lead/{found['data'][0]['id']}", change)
        assert missing == ["x@none.test"]
        (changed,) = everything(api, "lead", query='custom.Tier:"A" status:"Customer"')
        assert changed[f"custom.{field['id']}"] == "A" and changed["custom"]["Tier"] == "A"

    await close.run(program)


async def test_merge_duplicates(close: Close) -> None:
    """Groups leads by the domain of their contacts, merges each group into its oldest lead."""

    def program(api: API) -> None:
        for name in ("Acme", "Acme Inc", "Acme LLC"):
            lead(api, name, f"{name.split()[-1].lower()}@acme-corp.test")
        lead(api, "Lonely", "me@lonely.test")
        groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for one in everything(api, "lead", query="sort:date_created", _fields="id,name,date_created,contacts"):
            for contact in one["contacts"]:
                for email in contact["emails"]:
                    groups[email["email"].split("@")[1]].append(one)
        for leads in groups.values():
            oldest, *others = sorted(leads, key=lambda one: one["date_created"])
            for other in others:
                api.post("lead/merge", {"source": other["id"], "destination": oldest["id"]})
        assert api.get("lead", params={"_limit": 0})["total_results"] == 2
        (merged,) = everything(api, "lead", query="name:Acme")
        assert (merged["name"], len(merged["contacts"])) == ("Acme", 3)

    await close.run(program)


async def test_find_leads_without(close: Close) -> None:
    """Leads without contacts, addresses, emails, tasks or opportunities, by the queries that such scripts use."""

    def program(api: API) -> None:
        full = lead(api, "Full", "a@full.test")["id"]
        bare = lead(api, "Bare")["id"]
        api.post("task", {"lead_id": full, "text": "Call"})
        api.post("opportunity", {"lead_id": full, "value": 1000, "confidence": 50})
        api.post("activity/note", {"lead_id": full, "note": "Met them."})
        email = {"lead_id": full, "status": "sent", "to": ["a@full.test"], "subject": "S", "body_text": "x"}
        api.post("activity/email", email)
        queries = (
            "contacts = 0", "num_email_addresses = 0", "not has:email_address", "emails = 0", "tasks = 0",
            "opportunities = 0", "activities = 0", "not contact(email:*)", "not email(direction:outgoing)", "notes = 0",
            "calls = 0 contacts = 0",
        )  # fmt: skip
        for query in queries:
            try:
                found = {one["id"] for one in everything(api, "lead", query=query, _fields="id")}
            except APIError as error:
                raise AssertionError(f"{query}: {error.response.text}") from error
            assert found == {bare}, query

    await close.run(program)


async def test_delete_tasks_and_complete_the_rest(close: Close, admin: ActingUser) -> None:
    def program(api: API) -> None:
        one = lead(api, "Firm")["id"]
        for number in range(6):
            api.post("task", {"lead_id": one, "text": f"T{number}", "date": "2020-01-01", "assigned_to": admin.id})
        params = {"is_complete": "False", "assigned_to": admin.id, "_type": "lead", "_fields": "id,text"}
        for task in [task for task in everything(api, "task", **params) if task["text"] < "T2"]:
            api.delete(f"task/{task['id']}")
        ids = ",".join(task["id"] for task in everything(api, "task", **params))
        api.put("task", {"_params": {"id__in": ids}, "is_complete": True})
        assert everything(api, "task", **params) == []
        done = everything(api, "activity/task_completed", lead_id=one)
        assert len(done) == 4
        for activity in done:
            assert api.delete(f"activity/task_completed/{activity['id']}") == {}

    await close.run(program)


async def test_time_to_respond(close: Close) -> None:
    """Walks all activities of leads, trims their fields, and measures from each incoming email to the next answer."""

    def program(api: API) -> None:
        one = lead(api, "Firm", "bo@firm.test")["id"]
        came = api.post("activity/email", {
            "lead_id": one, "status": "inbox", "sender": "bo@firm.test", "subject": "Q", "body_text": "?",
            "date_created": "2026-01-01T10:00:00.000000+00:00", "activity_at": "2026-01-01T10:00:00.000000+00:00",
        })  # fmt: skip
        api.post("activity/email", {
            "lead_id": one, "status": "sent", "to": ["bo@firm.test"], "subject": "Re: Q", "body_text": "!",
            "in_reply_to_id": came["id"], "activity_at": "2026-01-01T11:30:00.000000+00:00",
            "date_created": "2026-01-01T11:30:00.000000+00:00",
        })  # fmt: skip
        api.post("activity/call", {"lead_id": one, "direction": "outbound", "duration": 61, "status": "completed"})
        api.post("activity/note", {"lead_id": one, "note": "n"})
        fields = "_type,id,date_created,lead_id,direction,user_id,duration"
        rows = everything(api, "activity", limit=2, lead_id=one, _fields=fields)
        by_type = Counter(row["_type"] for row in rows)
        assert by_type["Email"] == 2 and by_type["Call"] == 1 and by_type["Note"] == 1
        spoken = [row for row in rows if row["_type"] in ("Call", "Email", "SMS")]
        emails = sorted((row["date_created"].split("+")[0].split(".")[0], row["direction"]) for row in spoken
                        if row["_type"] == "Email")  # fmt: skip
        assert [direction for _, direction in emails] == ["incoming", "outgoing"]
        assert sum(row["duration"] for row in spoken if row["_type"] == "Call") == 61

    await close.run(program)


async def test_restore_deleted_leads(close: Close) -> None:
    """Reads deleted leads from the event log by cursor, makes them anew, and their contacts from their own events."""

    def program(api: API) -> None:
        for name in ("One", "Two"):
            api.delete(f"lead/{lead(api, name, f'a@{name.lower()}.test')['id']}")
        cursor, gone = "", []
        while cursor is not None:
            params = {"object_type": "lead", "action": "deleted", "_limit": 1, "_cursor": cursor}
            page = api.get("event", params=params)
            gone += page["data"]
            cursor = page["cursor_next"]
        for event in gone:
            again = api.post("lead", {key: value for key, value in event["previous_data"].items() if key != "id"})
            assert again["contacts"] == []
            params = {"object_type": "contact", "action": "deleted", "lead_id": event["lead_id"]}
            for person in api.get("event", params=params)["data"]:
                body = {key: value for key, value in person["previous_data"].items() if key != "id"}
                api.post("contact", {**body, "lead_id": again["id"]})
            (contact,) = api.get(f"lead/{again['id']}")["contacts"]
            assert contact["emails"][0]["email"].startswith("a@")
        assert {one["name"] for one in everything(api, "lead")} == {"One", "Two"}

    await close.run(program)


async def test_clone_an_organizations_settings(close: Close) -> None:
    """Posts whole objects, as they were read, minus their ids: statuses, fields, templates, links, Smart Views."""

    def program(api: API) -> None:
        api.post("integration_link", {"name": "Search", "type": "lead", "url": "https://s.test/?q={{lead.name}}"})
        api.post("email_template", {"name": "T", "subject": "S", "body": "B", "is_shared": True})
        api.post("custom_field/contact", {"name": "Role", "type": "text"})
        api.post("saved_search", {"name": "Mine", "query": "status:Potential"})
        for path in ("integration_link", "email_template", "saved_search", "status/lead", "status/opportunity"):
            for one in api.get(path)["data"]:
                copy = {key: value for key, value in one.items() if key not in ("id", "organization_id")}
                renamed = "label" if "label" in copy else "name"
                copy[renamed] = f"{copy[renamed]} (copy)"
                assert api.post(path, copy)["id"] != one["id"], path
        lists = (
            "group", "role", "pipeline", "custom_field/contact", "custom_field/shared//", "custom_fields/lead", "user",
            "sequence", "sms_template", "phone_number", "activity/sms", "send_as", "membership",
        )  # fmt: skip
        for path in lists:
            assert isinstance(api.get(path)["data"], list), path

    await close.run(program)


async def test_an_export_is_asked_for_waited_for_and_fetched(close: Close, admin: ActingUser) -> None:
    def begin(api: API) -> str:
        lead(api, "Firm", "a@firm.test")
        wish = {"format": "json", "type": "leads", "query": "*", "include_activities": True, "send_done_email": False}
        return str(api.post("export/lead", wish)["id"])

    def fetch(api: API, export_id: str) -> list[dict[str, Any]]:
        while (export := api.get(f"export/{export_id}"))["status"] != "done":
            time.sleep(0.1)
        assert (export["n_docs"], export["n_docs_processed"]) == (1, 1)
        link = export["download_url"].replace("http://crm.test", close.url)
        raw = urllib.request.urlopen(urllib.request.Request(link, headers={"Accept-Encoding": "gzip"}))
        unpacked: list[dict[str, Any]] = json.loads(gzip.decompress(raw.read()))
        assert requests.get(link, timeout=60).json() == unpacked
        return unpacked

    export_id = await close.run(begin)
    await make_export(close.tools, admin.organization_id, export_id)
    (found,) = await close.run(fetch, export_id)
    assert found["name"] == "Firm" and isinstance(found["activities"], list)


async def test_programs_without_the_client_use_the_plain_protocol(close: Close) -> None:
    """As n8n, Node and PHP do: no trailing slash, Basic by hand, a query too long for the address in a posted body."""

    def program(api: API) -> None:
        one = lead(api, "Firm", "a@firm.test")
        basic = base64.b64encode(f"{close.key}:".encode()).decode()
        headers = {"Authorization": f"Basic {basic}", "Accept": "application/json"}
        root = f"{close.url}/api/v1"
        made = requests.post(f"{root}/lead", json={"name": "No slash"}, headers=headers, timeout=60)
        assert made.status_code == 200 and not made.history
        long_query = " or ".join(f'id:"lead_{number:030}"' for number in range(100)) + f' or id:"{one["id"]}"'
        found = requests.post(
            f"{root}/lead/", json={"_params": {"query": long_query, "_fields": "id"}},
            headers={**headers, "x-http-method-override": "GET"}, timeout=60,
        )  # fmt: skip
        assert [row["id"] for row in found.json()["data"]] == [one["id"]], found.text
        changed = requests.put(f"{root}//lead//{one['id']}", json={"name": "B"}, headers=headers, timeout=60)
        assert changed.json()["name"] == "B"
        left = changed.headers["X-Rate-Limit-Remaining"]
        assert left.isdigit() and "remaining=" in changed.headers["RateLimit"]

    await close.run(program)


async def test_reports_and_api_keys_are_read(close: Close, admin: ActingUser) -> None:
    def program(api: API) -> None:
        organization = api.get("me")["organizations"][0]["id"]
        stats = api.get(f"report/sent_emails/{organization}", params={"date_start": "2026-01-01"})["sent_email_stats"]
        assert stats[0]["name"] == "All Emails"
        metrics = [one["key"] for one in api.get("report/activity/metrics")["metrics"]]
        wish = {"type": "comparison", "metrics": metrics[:3], "relative_range": "this-month", "users": [admin.id]}
        assert set(api.post("report/activity", wish)["aggregations"]["totals"]) == set(metrics[:3])
        keys = api.get("api_key")
        assert keys["has_more"] is False and keys["data"][0]["organization_id"] == organization
        members = api.get(f"organization/{organization}", params={"_fields": "memberships,inactive_memberships"})
        assert [one["user_id"] for one in members["memberships"]] == [admin.id]
        expanded = api.get(f"organization/{organization}", params={
            "_fields": "memberships", "_expand": "memberships__user,inactive_memberships__user"})  # fmt: skip
        assert expanded["memberships"][0]["user"]["email"] == admin.email

    await close.run(program)

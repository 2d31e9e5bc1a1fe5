"""Whole journeys with `closeio`, the client that Close publishes: what people do with it every day."""

import time
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from closeio_api import API, APIError, ValidationError

from postroom.doors.web.app import create_app
from postroom.doors.web.rate_limits import WINDOW_SECONDS
from postroom.ground.clock import system_clock
from postroom.rooms.users.user import ActingUser
from tests.clients.conftest import Close
from tests.doors.web.conftest import key_of
from tests.doors.web.serving import served


def all_of(api: API, path: str, **params: Any) -> list[dict[str, Any]]:
    """The loop that stands in nearly every script."""
    found: list[dict[str, Any]] = []
    has_more, skip = True, 0
    while has_more:
        page = api.get(path, params={"_skip": skip, "_limit": 3, **params})
        found += page["data"]
        skip += len(page["data"])
        has_more = page["has_more"]
    return found


def make_leads(api: API, *names: str) -> list[str]:
    return [
        api.post("lead", {"name": name, "contacts": [{"name": f"Boss of {name}", "emails": [
            {"email": f"boss@{name.lower()}.test", "type": "office"}]}]})["id"]
        for name in names
    ]  # fmt: skip


async def test_who_am_i(close: Close, admin: ActingUser) -> None:
    def program(api: API) -> None:
        me = api.get("me")
        assert me["email"] == admin.email
        organization = me["organizations"][0]
        assert (organization["id"], organization["name"]) == (admin.organization_id, "Acme")
        assert me["memberships"][0]["organization_id"] == admin.organization_id
        whole = api.get(f"organization/{organization['id']}", params={"_expand": "memberships__user"})
        assert [one["user_id"] for one in whole["memberships"]] == [admin.id]
        assert whole["lead_statuses"][0]["label"] == "Potential"
        assert api.get(f"user/{admin.id}")["date_updated"]
        assert [one["id"] for one in api.get("user")["data"]] == [admin.id]

    await close.run(program)


async def test_a_leads_life(close: Close) -> None:
    def program(api: API) -> None:
        lead = api.post("lead", {
            "name": "Wayne", "url": "https://wayne.test", "description": "Best company", "status": "Potential",
            "addresses": [{"label": "business", "city": "Gotham", "country": "US"}],
            "contacts": [{"name": "Bruce", "title": "Boss", "emails": [{"type": "office", "email": "bruce@wayne.test"}],
                          "phones": [{"type": "mobile", "phone": "+14155550100"}]}],
        })  # fmt: skip
        assert lead["contacts"][0]["emails"][0]["email"] == "bruce@wayne.test"
        assert lead["addresses"][0]["city"] == "Gotham"
        lead["name"] = "Wayne Enterprises"
        assert api.put(f"lead/{lead['id']}", lead)["name"] == "Wayne Enterprises", "whole objects come back"
        status = api.get("status/lead")["data"][2]
        assert api.put(f"lead/{lead['id']}", {"status_id": status["id"]})["status_label"] == status["label"]
        found = api.get("lead", params={"query": 'name:"Wayne Enterprises"', "_fields": "id,contacts"})
        assert (found["total_results"], found["data"][0]["id"]) == (1, lead["id"])
        contact = api.post("contact", {"lead_id": lead["id"], "name": "Alfred", "emails": [{"email": "al@wayne.test"}]})
        contact["emails"].append({"email": "alfred@wayne.test", "type": "home"})
        assert len(api.put(f"contact/{contact['id']}", {"emails": contact["emails"]})["emails"]) == 2
        assert {one["name"] for one in api.get("contact", params={"lead_id": lead["id"]})["data"]} == {
            "Bruce",
            "Alfred",
        }
        assert api.delete(f"contact/{contact['id']}") == {}
        assert api.delete(f"lead/{lead['id']}") == {}
        with pytest.raises(APIError) as gone:
            api.get(f"lead/{lead['id']}")
        assert gone.value.response.status_code == 404

    await close.run(program)


async def test_mistakes_are_explained_where_the_client_looks(close: Close) -> None:
    def program(api: API) -> None:
        with pytest.raises(ValidationError) as bad:
            api.post("contact", {"name": "x", "emails": [{"email": ""}]})
        assert bad.value.field_errors
        with pytest.raises(ValidationError) as both:
            api.post("lead", {"name": "x", "status": "Potential", "status_id": "stat_x"})
        assert both.value.field_errors["status"]
        with pytest.raises(ValidationError):
            api.get("lead", params={"_skip": 10**9})
        wrong = API(api.base_url, "api_wrong")
        with pytest.raises(APIError) as refused:
            wrong.get("me")
        assert refused.value.response.status_code == 401
        wrong.session.close()

    await close.run(program)


async def test_paging_sees_everything_once(close: Close) -> None:
    def program(api: API) -> None:
        made = make_leads(api, *(f"Firm{number}" for number in range(8)))
        seen = [one["id"] for one in all_of(api, "lead", query="*", _fields="id")]
        assert sorted(seen) == sorted(made) and len(seen) == 8
        assert len(all_of(api, "contact")) == 8
        assert api.get("lead", params={"_limit": 0})["total_results"] == 8

    await close.run(program)


async def test_tasks_from_made_to_done(close: Close, admin: ActingUser) -> None:
    def program(api: API) -> None:
        first, second = make_leads(api, "One", "Two")
        for lead, text in ((first, "Call"), (first, "Write"), (second, "Visit")):
            api.post("task", {"lead_id": lead, "text": text, "assigned_to": admin.id, "date": "2020-01-01"})
        open_tasks = all_of(api, "task", is_complete=False, _order_by="date_created")
        assert [one["text"] for one in open_tasks] == ["Call", "Write", "Visit"]
        done = api.put(f"task/{open_tasks[0]['id']}", {"is_complete": True})
        assert done["is_complete"] is True
        api.put("task", {"is_complete": True}, params={"lead_id": first, "is_complete": "false"})
        assert [one["text"] for one in all_of(api, "task", is_complete="False", view="inbox")] == ["Visit"]
        assert len(all_of(api, "task", lead_id=first, is_complete="true")) == 2
        assert api.delete(f"task/{done['id']}") == {}

    await close.run(program)


async def test_emails_logged_drafted_and_listed(close: Close, admin: ActingUser) -> None:
    def program(api: API) -> None:
        (lead,) = make_leads(api, "Stark")
        came = api.post("activity/email", {
            "lead_id": lead, "status": "inbox", "sender": '"Boss" <boss@stark.test>', "to": [admin.email],
            "subject": "Hello", "body_text": "Hi Ann.\n\nOn Monday, Ann wrote:\n> Are you there?",
            "date_created": "2024-03-01T10:00:00", "direction": "incoming", "attachments": [],
        })  # fmt: skip
        assert (came["direction"], came["_type"], came["status"]) == ("incoming", "Email", "inbox")
        sent = api.post("activity/email", {
            "lead_id": lead, "status": "sent", "to": ["boss@stark.test"], "subject": "Re: Hello", "body_text": "Yes.",
            "in_reply_to_id": came["id"],
        })  # fmt: skip
        assert sent["sender"] and sent["thread_id"] == came["thread_id"]
        draft = api.post("activity/email", {"lead_id": lead, "status": "draft", "subject": "Later"})
        assert api.put(f"activity/email/{draft['id']}", {"subject": "Sooner"})["subject"] == "Sooner"
        with pytest.raises(ValidationError):
            api.put(f"activity/email/{sent['id']}", {"subject": "Changed"})
        listed = all_of(api, "activity/email", lead_id=lead)
        assert {one["id"] for one in listed} == {came["id"], sent["id"], draft["id"]}
        mixed = all_of(api, "activity", lead_id=lead, _fields="_type,id,date_created,lead_id,direction,user_id")
        assert {one["id"] for one in mixed if one["_type"] == "Email"} == {one["id"] for one in listed}
        threads = api.get("activity/emailthread", params={"lead_id": lead})["data"]
        assert {one["id"]: one["n_emails"] for one in threads}[came["thread_id"]] == 2
        assert api.delete(f"activity/email/{draft['id']}") == {}
        assert len(all_of(api, "activity/email", lead_id=lead)) == 2

    await close.run(program)


async def test_templates_and_smart_views(close: Close) -> None:
    def program(api: API) -> None:
        (lead,) = make_leads(api, "Oscorp")
        contact = api.get(f"lead/{lead}")["contacts"][0]
        template = api.post("email_template", {
            "name": "First", "subject": "Hi {{ contact.name }}", "body": "For {{ lead.display_name }}",
            "is_shared": True,
        })  # fmt: skip
        rendered = api.get(
            f"email_template/{template['id']}/render", params={"lead_id": lead, "contact_id": contact["id"]}
        )
        assert rendered["subject"] == "Hi Boss of Oscorp"
        view = api.post("saved_search", {"name": "Osc", "query": "name:Oscorp", "type": "lead"})
        assert api.get("lead", params={"query": f'in:"{view["name"]}"'})["total_results"] == 1
        assert view["id"] in {one["id"] for one in all_of(api, "saved_search")}
        copy = {key: value for key, value in template.items() if key not in ("id", "organization_id")}
        assert api.post("email_template", copy)["name"] == "First", "clone_organization posts whole objects"
        assert api.delete(f"email_template/{template['id']}") == {}

    await close.run(program)


async def test_structured_searches_page_by_cursor(close: Close) -> None:
    def program(api: API) -> None:
        made = make_leads(api, "A1", "A2", "A3", "B1")
        body: dict[str, Any] = {
            "query": {"type": "and", "queries": [
                {"type": "object_type", "object_type": "lead"},
                {"type": "field_condition",
                 "field": {"type": "regular_field", "object_type": "lead", "field_name": "name"},
                 "condition": {"type": "text", "mode": "beginning_of_words", "value": "A"}},
            ]},
            "_fields": {"lead": ["id", "name"]}, "_limit": 2, "include_counts": True,
        }  # fmt: skip
        first = api.post("data/search", body)
        second = api.post("data/search", {**body, "cursor": first["cursor"]})
        assert first["count"]["total"] == 3
        assert sorted(one["id"] for one in first["data"] + second["data"]) == sorted(made[:3])
        assert second["cursor"] is None

    await close.run(program)


async def test_the_client_waits_when_it_asks_too_often(close: Close, admin: ActingUser) -> None:
    """Time stands still two seconds before a window's end until the client is refused: no machine is too slow."""
    into_window = system_clock().timestamp() % WINDOW_SECONDS
    standing = system_clock() + timedelta(seconds=WINDOW_SECONDS - 2 - into_window)
    refused: list[datetime] = []

    def clock() -> datetime:
        return standing + (system_clock() - refused[0]) if refused else standing

    config = replace(close.tools.config, rate_limit=3)
    limited = replace(close.tools, config=config, clock=clock)
    key = await key_of(limited, admin)

    def program(api: API, url: str) -> tuple[int, float]:
        client = API(f"{url}/api/v1/", key, max_retries=3)

        def note(answer: Any, **_more: Any) -> None:
            if answer.status_code == 429:
                refused.append(system_clock())

        client.session.hooks["response"].append(note)
        started = time.monotonic()
        answers = [client.get("me")["id"] for _ in range(5)]
        client.session.close()
        return len(answers), time.monotonic() - started

    async with served(create_app(limited)) as url:
        answered, seconds = await close.run(program, url)
    assert answered == 5 and len(refused) == 1 and seconds > 0.5

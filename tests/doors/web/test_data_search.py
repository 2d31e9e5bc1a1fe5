"""/data/search/ as Close's clients use it: pages by cursor, fields by type, counts, and what is refused."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from postroom.doors.web.search_cursor import Bookmark, CursorSigner
from postroom.ground.errors import Permanent
from postroom.journeys.tools import Tools
from tests.doors.web.conftest import Door, app_over


def about(kind: str, *queries: dict[str, Any]) -> dict[str, Any]:
    return {"type": "and", "queries": [{"type": "object_type", "object_type": kind}, *queries]}


def field(kind: str, name: str, condition: dict[str, Any], **more: Any) -> dict[str, Any]:
    where = {"type": "regular_field", "object_type": kind, "field_name": name}
    return {"type": "field_condition", "field": where, "condition": condition, **more}


def related(this: str, other: str, query: dict[str, Any]) -> dict[str, Any]:
    return {"type": "has_related", "this_object_type": this, "related_object_type": other, "related_query": query}


@pytest.fixture
async def leads(api: httpx2.AsyncClient) -> list[str]:
    """Five leads, each with one contact."""
    made = []
    for number in range(5):
        contact = {"name": f"Jo {number}", "emails": [{"email": f"Jo{number}@Example.test"}]}
        body = {"name": f"Company {number}", "contacts": [contact]}
        made.append((await api.post("/api/v1/lead/", json=body)).json()["id"])
    return made


async def search(api: httpx2.AsyncClient, **body: Any) -> dict[str, Any]:
    answer = await api.post("/api/v1/data/search/", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_rows_hold_id_and_type_and_the_fields_asked_for(api: httpx2.AsyncClient, leads: list[str]) -> None:
    name = field("lead", "name", {"type": "text", "mode": "phrase", "value": "company 3"})
    plain = await search(api, query=about("lead", name))
    assert plain == {"data": [{"__object_type": "lead", "id": leads[3]}], "cursor": None}
    full = await search(api, query=about("lead", name), _fields={"lead": ["id", "name", "no_such"]})
    assert full["data"] == [{"__object_type": "lead", "id": leads[3], "name": "Company 3"}]


async def test_a_row_of_a_contact_says_whose_it_is(api: httpx2.AsyncClient, leads: list[str]) -> None:
    name = field("contact", "name", {"type": "text", "mode": "full_words", "value": "Jo 3"})
    (row,) = (await search(api, query=about("contact", name), _fields={"contact": ["id", "name"]}))["data"]
    assert row == {"__object_type": "contact", "id": row["id"], "lead_id": leads[3], "name": "Jo 3"}


@pytest.mark.parametrize("mode", ["full_words", "phrase", "exact_value"])
async def test_a_lead_is_found_by_a_contacts_address(api: httpx2.AsyncClient, leads: list[str], mode: str) -> None:
    """The idiom of several integrations: lead, its contact, its address; in any case."""
    email = field("contact_email", "email", {"type": "text", "mode": mode, "value": "jo2@example.TEST"})
    of_contact = related("contact", "contact_email", email)
    query = about("lead", related("lead", "contact", {"type": "and", "queries": [of_contact]}))
    assert [row["id"] for row in (await search(api, query=query))["data"]] == [leads[2]]


async def test_pages_follow_by_cursor_until_the_limit_of_results(api: httpx2.AsyncClient, leads: list[str]) -> None:
    sort = [{"direction": "desc", "field": {"type": "regular_field", "object_type": "lead", "field_name": "name"}}]
    body: dict[str, Any] = {"query": about("lead"), "_limit": 2, "sort": sort, "include_counts": True}
    first = await search(api, **body)
    assert first["count"] == {"limited": 5, "total": 5}
    second = await search(api, **body, cursor=first["cursor"])
    third = await search(api, **body, cursor=second["cursor"])
    assert [row["id"] for page in (first, second, third) for row in page["data"]] == leads[::-1]
    assert third["cursor"] is None
    capped = await search(api, **body, results_limit=3)
    assert capped["count"] == {"limited": 3, "total": 5}
    rest = await search(api, **body, results_limit=3, cursor=capped["cursor"])
    assert ([row["id"] for row in rest["data"]], rest["cursor"]) == ([leads[2]], None)


async def test_a_cursor_lives_for_half_a_minute(
    tools: Tools, door: Door, api: httpx2.AsyncClient, leads: list[str]
) -> None:
    body: dict[str, Any] = {"query": about("lead"), "_limit": 2}
    cursor = (await search(api, **body))["cursor"]
    later = Door(tools, app_over(replace(tools, clock=lambda: tools.clock() + timedelta(seconds=31))))
    async with later.client(auth=api.auth) as client:
        answer = await client.post("/api/v1/data/search/", json={**body, "cursor": cursor})
    assert (answer.status_code, answer.json()["error"]) == (400, "Expired cursor")
    assert answer.json()["field-errors"] == {"cursor": "Expired cursor"}
    for bad in ("", "x", cursor[:-2], cursor + "AA", "é"):
        if bad:
            answer = await api.post("/api/v1/data/search/", json={**body, "cursor": bad})
            assert answer.status_code == 400 and answer.json()["error"].startswith("Invalid cursor"), bad
    other = await api.post("/api/v1/data/search/", json={"query": about("contact"), "_limit": 2, "cursor": cursor})
    assert other.status_code == 400


async def test_contacts_emails_and_tasks_are_found_too(api: httpx2.AsyncClient, leads: list[str]) -> None:
    email = {"lead_id": leads[0], "status": "sent", "subject": "Offer", "to": ["jo0@example.test"]}
    email_id = (await api.post("/api/v1/activity/email/", json=email)).json()["id"]
    task_id = (await api.post("/api/v1/task/", json={"lead_id": leads[0], "text": "Call back"})).json()["id"]
    contact = field("contact", "name", {"type": "text", "mode": "beginning_of_words", "value": "jo 4"})
    found = await search(api, query=about("contact", contact), _fields={"contact": ["name", "lead_id"]})
    assert [(row["name"], row["lead_id"]) for row in found["data"]] == [("Jo 4", leads[4])]
    sent = field("activity.email", "status", {"type": "term", "values": ["sent"]})
    found = await search(api, query=about("activity.email", sent), _fields={"activity.email": ["subject"]})
    assert found["data"] == [{"__object_type": "activity.email", "id": email_id, "subject": "Offer"}]
    found = await search(api, query=about("task", {"type": "text", "mode": "full_words", "value": "back"}))
    assert found["data"] == [{"__object_type": "task", "id": task_id}]
    with_email = related("lead", "activity.email", sent)
    found = await search(api, query=about("lead", {**with_email, "negate": True}), _limit=200)
    assert sorted(row["id"] for row in found["data"]) == sorted(leads[1:])


async def test_smart_views_moments_and_references_can_be_asked_for(api: httpx2.AsyncClient, leads: list[str]) -> None:
    potential = (await api.get("/api/v1/status/lead/")).json()["data"][0]["id"]
    view = (await api.get("/api/v1/saved_search/")).json()["data"][0]["id"]
    days = {"type": "offset", "direction": "past", "moment": {"type": "now"}, "offset": {"days": 1}}
    today = {"type": "start_end_of_predefined_relative_period", "range": "today", "which": "end"}
    query = about(
        "lead",
        field("lead", "date_created", {"type": "moment_range", "on_or_after": days, "before": today}),
        field("lead", "status_id", {"type": "reference", "reference_type": "status.lead", "object_ids": [potential]}),
        field("lead", "created_by", {"type": "current_user"}),
        field("lead", "num_contacts", {"type": "number_range", "gte": 1, "lt": None, "_comment": "ignored"}),
        {"type": "saved_search", "saved_search_id": view},
        {"type": "or", "queries": [{"type": "match_all"}, {"type": "id", "value": leads[0]}]},
        {"type": "id", "value": leads[1], "negate": True},
    )
    found = await search(api, query=query, include_counts=True)
    assert sorted(row["id"] for row in found["data"]) == sorted({*leads} - {leads[1]})
    assert found["count"] == {"limited": 4, "total": 4}


@pytest.mark.parametrize(("text", "number"), [("created > 2020", 5), ("created <= 2020", 0), ("created < 0999", 0)])
async def test_a_year_of_a_text_is_a_year_in_json(
    api: httpx2.AsyncClient, leads: list[str], text: str, number: int
) -> None:
    """A program that posts the tree of a Smart View finds what its text finds."""
    view = (await api.post("/api/v1/saved_search/", json={"name": "V", "query": text})).json()
    assert len((await search(api, **view["s_query"]))["data"]) == number
    assert len((await api.get("/api/v1/lead/", params={"query": text})).json()["data"]) == number
    for none in (1.5, -5, 10_000):
        query = about("lead", field("lead", "date_created", {"type": "number_range", "gt": none}))
        refused = await api.post("/api/v1/data/search/", json={"query": query})
        assert refused.status_code == 400 and "not a number" in refused.text


async def test_what_cannot_be_understood_is_400_with_the_field(api: httpx2.AsyncClient) -> None:
    deep: dict[str, Any] = {"type": "match_all"}
    for _ in range(150):
        deep = {"type": "and", "queries": [deep]}
    for body in [
        {},
        {"query": []},
        {"query": {"type": "match_all"}},
        {"query": about("lead", {"type": "nonsense"})},
        {"query": about("lead", field("lead", "colour", {"type": "exists"}))},
        {"query": about("lead", field("lead", "name", {"type": "nonsense"}))},
        {"query": about("lead", field("lead", "name", {"type": "number_range", "gt": 3}))},
        {"query": about("lead", field("lead", "date_created", {"type": "moment_range", "before": "soon"}))},
        {"query": about("dragon")},
        {"query": about("contact_email")},
        {"query": about("lead", deep)},
        {"query": about("lead"), "_limit": 201},
        {"query": about("lead"), "_limit": "ten"},
        {"query": about("lead"), "results_limit": -1},
        {"query": about("lead"), "sort": "name"},
    ]:
        answer = await api.post("/api/v1/data/search/", json=body)
        assert answer.status_code == 400, (body, answer.text)
        assert answer.json()["field-errors"], body


def test_a_cursor_keeps_dates_numbers_and_nothing(tools: Tools) -> None:
    signer = CursorSigner(tools.vault, "orga_1", b"{}")
    now = tools.clock()
    bookmark = Bookmark((now, None, 3, "ä", 1.5, "lead_1"), 20)
    assert signer.read(signer.write(bookmark, now), now) == bookmark
    with pytest.raises(Permanent):
        CursorSigner(tools.vault, "orga_2", b"{}").read(signer.write(bookmark, now), now)
    assert isinstance(signer.read(signer.write(bookmark, now), now).after[0], datetime)


async def test_a_day_is_the_callers_day(tools: Tools, api: httpx2.AsyncClient) -> None:
    """X-TZ-Offset moves the day away from what was made just now."""
    await api.post("/api/v1/lead/", json={"name": "New"})
    now = tools.clock().astimezone(UTC)
    query = {"query": f"created:{now.date()}"}
    away = "13.0" if now.hour >= 12 else "-13.0"
    for offset, count in [("0.0", 1), ("-0.0", 1), (away, 0), ("nonsense", 1)]:
        found = (await api.get("/api/v1/lead/", params=query, headers={"X-TZ-Offset": offset})).json()
        assert found["total_results"] == count, offset


def by(*keys: tuple[str, str]) -> list[dict[str, Any]]:
    return [
        {"direction": way, "field": {"type": "regular_field", "object_type": "lead", "field_name": name}}
        for name, way in keys
    ]


async def test_several_sort_keys_are_followed_over_pages(api: httpx2.AsyncClient, leads: list[str]) -> None:
    for number, lead in enumerate(leads):
        await api.put(f"/api/v1/lead/{lead}/", json={"description": "even" if number % 2 == 0 else "odd"})
    body: dict[str, Any] = {"query": about("lead"), "_limit": 2, "sort": by(("description", "desc"), ("name", "asc"))}
    found, cursor = [], None
    for _ in range(3):
        page = await search(api, **body, **({"cursor": cursor} if cursor else {}))
        found += [row["id"] for row in page["data"]]
        cursor = page["cursor"]
    assert found == [leads[1], leads[3], leads[0], leads[2], leads[4]] and cursor is None
    for sort in (by(("colour", "asc")), [{}], [1]):
        assert (await api.post("/api/v1/data/search/", json={**body, "sort": sort})).status_code == 400, sort


async def test_no_rows_and_the_count_alone_can_be_asked_for(api: httpx2.AsyncClient, leads: list[str]) -> None:
    found = await search(api, query=about("lead"), _limit=0, include_counts=True)
    assert (found["data"], found["count"]) == ([], {"limited": 5, "total": 5})


async def test_another_organization_finds_nothing_and_may_not_use_our_cursor(
    api: httpx2.AsyncClient, stranger: httpx2.AsyncClient, leads: list[str]
) -> None:
    body: dict[str, Any] = {"query": about("lead"), "_limit": 2}
    cursor = (await search(api, **body))["cursor"]
    assert (await search(stranger, **body))["data"] == []
    assert (await search(stranger, query=about("lead", {"type": "id", "value": leads[0]})))["data"] == []
    answer = await stranger.post("/api/v1/data/search/", json={**body, "cursor": cursor})
    assert (answer.status_code, answer.json()["error"]) == (400, "Invalid cursor")


async def test_the_fields_of_closes_own_guide_are_searched(api: httpx2.AsyncClient) -> None:
    """Counts, web addresses and postal addresses, by the names of Close's guide to advanced filtering."""
    two = [{"email": f"{name}@urls.test"} for name in ("a", "b")]
    contact = {"name": "Url", "title": "CEO", "emails": two, "urls": [{"url": "https://urls.test/me", "type": "url"}]}
    body = {"name": "Urls", "contacts": [contact], "addresses": [{"address_1": "Main St 1", "city": "Köln"}]}
    lead = (await api.post("/api/v1/lead/", json=body)).json()
    await api.post("/api/v1/lead/", json={"name": "Bare", "contacts": [{"name": "None"}]})

    async def ids(*queries: dict[str, Any], kind: str = "lead") -> list[str]:
        answer = await api.post("/api/v1/data/search/", json={"query": about(kind, *queries)})
        assert answer.status_code == 200, answer.text
        return [row["id"] for row in answer.json()["data"]]

    more_than_one, some = {"type": "number_range", "gt": 1}, {"type": "number_range", "gte": 1}
    person = [lead["contacts"][0]["id"]]
    assert await ids(field("contact", "emails_count", more_than_one), kind="contact") == person
    assert await ids(field("contact", "urls_count", some), kind="contact") == person
    assert await ids(field("contact", "phones_count", some), kind="contact") == []
    for name in ("addresses_count", "all_urls_count", "all_emails_count"):
        assert await ids(field("lead", name, some)) == [lead["id"]], name
    text = {"type": "text", "mode": "full_words"}
    page = field("contact_url", "url", {**text, "value": "urls.test"})
    assert await ids(related("contact", "contact_url", page), kind="contact") == person
    city = field("address", "city", {**text, "value": "köln"})
    assert await ids(related("lead", "address", city)) == [lead["id"]]
    street = field("address", "location", {**text, "value": "Main Köln"})
    assert await ids(related("contact", "lead", related("lead", "address", street)), kind="contact") == person


@pytest.mark.parametrize("kind", ["activity.meeting", "activity.sms", "custom_object", "activity.form_submission"])
async def test_what_is_never_here_is_searched_and_not_found(api: httpx2.AsyncClient, kind: str) -> None:
    body = {"query": about(kind, field(kind, "title", {"type": "exists"})), "include_counts": True}
    answer = await api.post("/api/v1/data/search/", json=body)
    assert answer.json() == {"data": [], "cursor": None, "count": {"limited": 0, "total": 0}}, answer.text


async def test_a_result_limit_of_none_asks_for_the_numbers_alone(api: httpx2.AsyncClient, leads: list[str]) -> None:
    body = {"query": about("lead"), "results_limit": 0, "include_counts": True}
    answer = (await api.post("/api/v1/data/search/", json=body)).json()
    assert answer == {"data": [], "cursor": None, "count": {"limited": 0, "total": 5}}


WHERE = {
    "Tokyo": {"contacts": [{"phones": [{"phone": "+81 3 1234 5678"}]}]},
    "Berlin": {"addresses": [{"country": "DE", "city": "Berlin"}]},
    "Coasts": {"contacts": [{"phones": [{"phone": "+12125550100"}]}], "addresses": [{"country": "US", "state": "CA"}]},
    "Toll-free": {"contacts": [{"phones": [{"phone": "+18005550100"}]}]},
    "Nowhere": {},
}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        # It is 12:00 in UTC, 21:00 in Tokyo, 13:00 in Berlin, 07:00 in New York and 04:00 in California.
        ({"type": "local_time", "on_or_after": "08:00:00", "before": "21:00:00"}, {"Berlin"}),
        ({"type": "local_time", "on_or_after": "21:00", "before": "06:00"}, {"Tokyo", "Coasts"}),
        ({"type": "local_time", "before": "12:00:00"}, {"Coasts"}),
        ({"type": "local_time", "on_or_after": "00:00:00", "before": "24:00:00"}, {"Tokyo", "Berlin", "Coasts"}),
        ({"type": "term", "values": ["America/Los_Angeles", "Asia/Tokyo"]}, {"Tokyo", "Coasts"}),
        ({"type": "exists"}, {"Tokyo", "Berlin", "Coasts"}),
    ],
)
async def test_leads_are_found_by_how_late_it_is_where_they_are(
    api: httpx2.AsyncClient, tools: Tools, condition: dict[str, Any], expected: set[str]
) -> None:
    """The zone of a number or an address of the lead; of two, either counts."""
    for name, where in WHERE.items():
        assert (await api.post("/api/v1/lead/", json={"name": name, **where})).status_code == 200
    noon = replace(tools, clock=lambda: datetime(2026, 1, 15, 12, tzinfo=UTC))
    asked = field("lead", "timezone_id", condition)
    async with Door(noon, app_over(noon)).client(auth=api.auth) as client:
        found = await search(client, query=about("lead", asked), _fields={"lead": ["name"]})
    assert {row["name"] for row in found["data"]} == expected


async def test_a_time_of_day_that_is_none_is_told(api: httpx2.AsyncClient) -> None:
    asked = field("lead", "timezone_id", {"type": "local_time", "on_or_after": "8 am"})
    answer = await api.post("/api/v1/data/search/", json={"query": about("lead", asked)})
    assert (answer.status_code, answer.json()["field-errors"]) == (
        400,
        {"query": "'8 am' is not a time of day; write it as 08:00:00."},
    )
    answer = await api.get("/api/v1/lead/", params={"query": "local_time:9am"})
    assert answer.status_code == 400
    assert answer.json()["field-errors"]["query"]["column"] == 12


async def test_conversations_and_activities_of_every_kind_are_found(api: httpx2.AsyncClient, leads: list[str]) -> None:
    sent = {
        "lead_id": leads[0],
        "status": "sent",
        "subject": "Crane offer",
        "body_text": "x",
        "to": ["jo0@example.test"],
    }
    email = (await api.post("/api/v1/activity/email/", json=sent)).json()
    note = (await api.post("/api/v1/activity/note/", json={"lead_id": leads[0], "note": "asks for a crane"})).json()
    word = {"type": "text", "mode": "full_words", "value": "crane"}
    fields = {"activity.email_thread": ["latest_normalized_subject", "n_emails"], "activity": ["_type", "lead_id"]}
    threads = await search(api, query=about("activity.email_thread", word), _fields=fields)
    assert threads["data"] == [
        {
            "__object_type": "activity.email_thread",
            "id": email["thread_id"],
            "latest_normalized_subject": "Crane offer",
            "n_emails": 1,
        }
    ]
    found = await search(api, query=about("activity", word), _fields=fields)
    assert {(row["id"], row["_type"], row["lead_id"]) for row in found["data"]} == {
        (email["id"], "Email", leads[0]),
        (note["id"], "Note", leads[0]),
    }
    of_thread = related("activity.email_thread", "activity.email", field("activity.email", "status", term("sent")))
    assert len((await search(api, query=about("activity.email_thread", of_thread)))["data"]) == 1
    drafts = related("activity.email_thread", "activity.email", field("activity.email", "status", term("draft")))
    assert (await search(api, query=about("activity.email_thread", drafts)))["data"] == []
    of_lead = related("lead", "activity.email_thread", field("activity.email_thread", "n_emails", {"type": "exists"}))
    assert [row["id"] for row in (await search(api, query=about("lead", of_lead)))["data"]] == [leads[0]]


def term(*values: str) -> dict[str, Any]:
    return {"type": "term", "values": list(values)}


async def test_what_is_not_searched_is_told_with_what_is(api: httpx2.AsyncClient) -> None:
    answer = await api.post("/api/v1/data/search/", json={"query": about("address")})
    assert answer.status_code == 400
    assert "There are some for lead, contact, activity.email," in answer.json()["field-errors"]["query"]


async def test_whoever_asks_is_the_current_user(api: httpx2.AsyncClient, leads: list[str]) -> None:
    mine = {"type": "reference", "reference_type": "user_or_group", "object_ids": ["CURRENT_USER"]}
    assert len((await search(api, query=about("lead", field("lead", "created_by", mine))))["data"]) == len(leads)
    view = {"name": "Mine", "s_query": {"query": about("lead", field("lead", "created_by", mine))}}
    assert (await api.post("/api/v1/saved_search/", json=view)).json()["is_user_dependent"] is True

"""Close's smart fields of a lead: by name in `_fields`, all of them with `_all`, and in `/data/search/`."""

import re
from typing import Any

import httpx2
import pytest

from postroom.rooms.users.user import ActingUser
from postroom.views.search_things import THINGS
from postroom.views.smart_fields import SMART_FIELDS

API = "/api/v1"


@pytest.fixture
async def lead(api: httpx2.AsyncClient) -> str:
    """One email out and one in, a call, a note, a task, and a deal that was won."""
    contact = {"name": "Bo", "emails": [{"email": "bo@firm.test"}], "phones": [{"phone": "+4930123"}]}
    body = {"name": "Firm", "contacts": [contact], "addresses": [{"city": "Bonn"}]}
    made = str((await api.post(f"{API}/lead/", json=body)).json()["id"])

    async def done(path: str, **given: Any) -> None:
        answer = await api.post(f"{API}/{path}/", json={"lead_id": made, **given})
        assert answer.status_code == 200, answer.text

    email = {"subject": "Offer", "body_text": "x", "sender": "ann@acme.test", "to": ["bo@firm.test"]}
    await done("activity/email", status="sent", activity_at="2026-03-02T10:00:00", **email)
    answer = {**email, "subject": "Re: Offer", "sender": "bo@firm.test", "to": ["ann@acme.test"]}
    await done("activity/email", status="inbox", activity_at="2026-03-03T10:00:00", **answer)
    await done("activity/email", status="draft", **email)
    await done("activity/call", direction="outbound", duration=30, activity_at="2026-03-04T10:00:00")
    await done("activity/note", note="n")
    await done("task", text="Call again", date="2027-01-01")
    won = next(
        one["id"] for one in (await api.get(f"{API}/status/opportunity/")).json()["data"] if one["type"] == "won"
    )
    await done("opportunity", status_id=won, value=100)
    return made


async def test_smart_fields_come_by_name(api: httpx2.AsyncClient, lead: str, admin: ActingUser) -> None:
    names = (
        "id,num_sent_emails,num_received_emails,last_email_date,last_email_subject,first_email_subject,num_calls,"
        "last_communication_type,last_communication_user_id,times_communicated,next_task_text,num_won_opportunities,"
        "num_notes,num_contacts,num_phone_numbers,num_addresses,num_email_addresses,email_last_opened,last_email_user"
    )
    expected = {
        "id": lead, "num_sent_emails": 1, "num_received_emails": 1, "last_email_subject": "Re: Offer",
        "last_email_date": "2026-03-03T10:00:00.000000+00:00", "first_email_subject": "Offer", "num_calls": 1,
        "last_communication_type": "Call", "last_communication_user_id": admin.id, "times_communicated": 3,
        "next_task_text": "Call again", "num_won_opportunities": 1, "num_notes": 1, "num_contacts": 1,
        "num_phone_numbers": 1, "num_addresses": 1, "num_email_addresses": 1, "email_last_opened": None,
        "last_email_user": "Ann Admin",
    }  # fmt: skip
    assert (await api.get(f"{API}/lead/{lead}/", params={"_fields": names})).json() == expected
    listed = (await api.get(f"{API}/lead/", params={"_fields": names})).json()["data"]
    assert listed == [expected]


async def test_what_one_call_one_email_and_all_opportunities_say_comes_by_name(
    api: httpx2.AsyncClient, lead: str, admin: ActingUser
) -> None:
    expected = {
        "last_call_created": "2026-03-04T10:00:00.000000+00:00", "last_call_duration": 30,
        "last_call_user": "Ann Admin",
        "num_outgoing_calls": 1, "num_missed_calls": 0, "last_outgoing_call_date": "2026-03-04T10:00:00.000000+00:00",
        "first_communication_type": "Email", "first_communication_summary": "Offer", "first_activity_type": "Email",
        "last_activity_type": "Note", "last_activity_user_id": admin.id, "first_email_opens": 0,
        "last_emailed": "2026-03-02T10:00:00.000000+00:00", "last_emailed_template": None,
        "last_email_user_id": admin.id,
        "num_one_time_opportunities": 1, "total_one_time_won_opportunity_value": 100, "num_opportunities": 1,
        "max_annualized_opportunity_value": 100, "avg_monthly_opportunity_value": None,
    }  # fmt: skip
    assert (await api.get(f"{API}/lead/{lead}/", params={"_fields": ",".join(expected)})).json() == expected


async def test_all_fields_are_all(api: httpx2.AsyncClient, lead: str) -> None:
    bare = (await api.post(f"{API}/lead/", json={"name": "Bare"})).json()["id"]
    for one in (lead, bare):
        whole = (await api.get(f"{API}/lead/{one}/", params={"_fields": "_all"})).json()
        assert whole.keys() >= SMART_FIELDS | {"contacts", "num_emails", "custom"}
    assert whole["last_email_date"] is None and whole["num_calls"] == 0
    plain = (await api.get(f"{API}/lead/{lead}/")).json()
    assert plain.keys().isdisjoint(SMART_FIELDS), "nobody asked for them"


async def test_a_structured_search_shows_them_too(api: httpx2.AsyncClient, lead: str) -> None:
    query = {"type": "and", "queries": [{"type": "object_type", "object_type": "lead"}]}
    fields = {"lead": ["id", "num_calls", "last_email_subject", "of_no_model"]}
    answer = await api.post(f"{API}/data/search/", json={"query": query, "_fields": fields})
    assert answer.json()["data"] == [
        {"__object_type": "lead", "id": lead, "num_calls": 1, "last_email_subject": "Re: Offer"}
    ]


async def test_the_open_tasks_of_a_lead_are_told_whole(api: httpx2.AsyncClient, lead: str, admin: ActingUser) -> None:
    (task,) = (await api.get(f"{API}/lead/{lead}/")).json()["tasks"]
    whole = (await api.get(f"{API}/task/{task['id']}/")).json()
    assert task == {name: whole[name] for name in task}
    assert (task["lead_name"], task["assigned_to_name"], task["created_by"]) == ("Firm", "Ann Admin", admin.id)


async def test_every_smart_field_is_shown_and_is_a_condition(api: httpx2.AsyncClient, lead: str) -> None:
    fields = THINGS["lead"].fields
    assert fields.keys() >= SMART_FIELDS
    by_name = re.compile(r"(num|first|last|next|total|avg|min|max|primary_opportunity)_|times_")
    shown = SMART_FIELDS | {"num_emails", "last_activity_date"}
    missing = {name for name in fields if by_name.match(name) and name not in shown}
    # Other names of what is shown, and of users by name or id.
    assert missing == {
        "last_activity", "last_call", "last_communication", "last_email",
        "first_activity_user", "last_activity_user", "first_communication_user", "last_communication_user",
        "next_task_user",
    }  # fmt: skip


async def test_the_primary_opportunity_is_the_newest_open_one(api: httpx2.AsyncClient, lead: str) -> None:
    names = ["value", "status_type", "status_label", "pipeline_name", "note", "confidence", "user_name", "date_created"]
    wanted = ",".join(f"primary_opportunity_{name}" for name in names)

    async def primary() -> tuple[Any, ...]:
        found = (await api.get(f"{API}/lead/{lead}/", params={"_fields": wanted})).json()
        return tuple(found[f"primary_opportunity_{name}"] for name in ("value", "status_type", "note", "confidence"))

    assert (await primary())[:2] == (100, "won"), "there is no open one"
    for value, note, day in ((500, "older", "2026-01-01"), (700, "newer", "2026-02-01")):
        body = {"lead_id": lead, "value": value, "note": note, "confidence": 30, "date_created": f"{day}T00:00:00Z"}
        assert (await api.post(f"{API}/opportunity/", json=body)).status_code == 200
    assert await primary() == (700, "active", "newer", 30)
    for query, count in (
        ("primary_opportunity_value > 600", 1),
        ("primary_opportunity_value = 500", 0),
        ("primary_opportunity_note:newer", 1),
        ("primary_opportunity_status_label:Active primary_opportunity_confidence < 50", 1),
        ("primary_opportunity_pipeline_name:Sales sort:-primary_opportunity_value", 1),
        ("primary_opportunity_user_name:me", 1),
        ("first_email_date < 2026-03-03 first_activity_date >= 2026-03-02", 1),
    ):
        found = await api.get(f"{API}/lead/", params={"query": query, "_limit": 0})
        assert found.json().get("total_results") == count, (query, found.text)

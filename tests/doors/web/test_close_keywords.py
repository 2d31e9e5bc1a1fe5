"""Every other keyword that Close has, as `test_close_queries.py` begins to list them, over the same three leads."""

from collections.abc import Iterable

import httpx2
import pytest

from tests.doors.web.test_close_queries import company as company  # noqa: PLC0414  a fixture
from tests.doors.web.test_close_queries import names

JOHN, MARY, ZERO = "John Wehr", "Mary", "Zero"
ALL = [JOHN, MARY, ZERO]


def _each(texts: Iterable[str], found: list[str]) -> dict[str, list[str]]:
    """Texts that find the same."""
    return dict.fromkeys(texts, found)


LINES: dict[str, list[str]] = {
    # text messages, meetings and the rest that is not kept here: asked for, and not found
    **_each(
        (
            "sms(date:today)",
            "sms(status:sent direction:outbound user:me)",
            "meeting(title:x)",
            "meeting(starts_at:*)",
            "has:sms",
            "has:sms_messages",
            "has:meeting",
            "has:meetings",
            "has:custom_objects",
            "sms_messages > 0",
            "meetings >= 1",
            "contact(sequence_subscription(sequence:*))",
            "custom_object(name:x)",
            "last_sms:today",
            "whatsapp_message(text:x)",
            "form_submission(*)",
            "last_meeting < 30 days ago",
            "email_opened:*",
            "email_opened < 10 mins ago",
            "email(opened:yes)",
            "email(opens > 0)",
        ),
        [],
    ),
    **_each(("sms_messages = 0", "not has:sms", "meetings = 0", "not meeting(*)", "num_sms < 1"), ALL),
    # counters, each with = > < >= <= != and in
    "called > 0": [JOHN],
    "called = 0": [MARY, ZERO],
    "called < 90 years ago": [JOHN],
    "called > 1 year ago": [JOHN],
    "called >= 2024-01-01": [JOHN],
    "called:today": [],
    "has:called": [JOHN],
    "calls >= 1": [JOHN],
    "contacts < 1": [ZERO],
    "contacts != 1": [ZERO],
    "contacts<=1": ALL,
    "emails in (0, 5)": [ZERO],
    "emails:1": [JOHN, MARY],
    "activities < 1": [ZERO],
    "notes = 1": [MARY],
    "num_urls = 0": ALL,
    "num_phone_numbers = 1": [JOHN],
    "num_email_addresses = 1": [JOHN, MARY],
    "num_email_attachments = 0": ALL,
    "num_incomplete_tasks = 1": [MARY],
    "num_completed_tasks > 0": [],
    "num_won_opportunities = 1": [JOHN],
    "num_active_opportunities > 0": [],
    "times_communicated > 1": [JOHN],
    # smart fields of one email, communication, activity or task
    "first_email_subject:offer": [JOHN],
    "last_email_subject:question": [MARY],
    "last_email_from:mary": [MARY],
    "last_email_to:jo@wehr.example": [JOHN],
    "last_email_cc:*": [],
    "last_email_user:me": [JOHN, MARY],
    'first_email_template:"Welcome aboard"': [JOHN],
    'last_emailed_template:"Welcome aboard"': [JOHN],
    "first_email_attachments = 0": [JOHN, MARY],
    "first_email:off*": [JOHN],
    "last_communication_type:email": [JOHN, MARY],
    "first_communication_type:call": [JOHN],
    "last_communication_user_id:{me}": [JOHN, MARY],
    "next_task_text:call": [MARY],
    "next_task_user_id:*": [MARY],
    "next_task_date > 2029-01-01": [MARY],
    "last_activity_user:me": [JOHN, MARY],
    # dates: every unit, alone and in the plural; absolute in every spelling; days and periods
    **_each([f"created < 3 {unit}s ago" for unit in ("hour", "day", "week", "month", "year")], ALL),
    **_each([f"created < 50 {unit} ago" for unit in ("min", "mins", "minute", "minutes")], ALL),
    **_each([f"created > 1 {unit} ago" for unit in ("hour", "day", "week", "month", "year")], []),
    **_each(["created < 1 DAYS AGO", "created<1 day ago", "created  <=  1   day   ago"], ALL),
    "last_call = 2024-03-01": [JOHN],
    "last_call:2024-03": [JOHN],
    "last_call:2024": [JOHN],
    "last_call:2024/03/01": [JOHN],
    "last_call > 2024-03-01": [],
    "last_call >= 2024-03-01": [JOHN],
    "last_call <= 2024-03-01": [JOHN],
    "last_call < 2024-03-01": [],
    'last_call < "2024-03-02T00:00:00Z"': [JOHN],
    'last_call < "2024-03-01 23:59"': [JOHN],
    "last_call in (2024-03-01, 2024-03-05)": [JOHN],
    **_each([f"created:{day}" for day in ("today", "this-week", '"this month"', "this_year")], ALL),
    **_each([f"created:{day}" for day in ("yesterday", "last-week", "last-quarter", "tomorrow")], []),
    "created >= yesterday": ALL,
    "created < today": [],
    # texts: words, phrases, patterns, lists, the whole
    "name:*ehr": [JOHN],
    "name:j*n": [JOHN],
    'name:"wehr john"': [],
    'name:"John Wehr"': [JOHN],
    'name = "john wehr"': [JOHN],
    "name = john": [],
    "name != mary": [JOHN, ZERO],
    'name in ("JOHN WEHR", Zero)': [JOHN, ZERO],
    "name in ()": [],
    "url:*": [JOHN],
    "not url:*": [MARY, ZERO],
    '"Industry":"X"': [],
    'custom."Source CRM":fair': [JOHN],
    '"custom.Source CRM" in ("Fair","Good")': [JOHN],
    'not "custom.Source CRM":*': [MARY, ZERO],
    "status in (bad_fit, Qualified)": [JOHN, MARY],
    "status:qual*": [MARY],
    "status != Qualified": [JOHN, ZERO],
    "status_label:Qualified": [MARY],
    "opportunity_status:won": [JOHN],
    "opportunity(status_type:won)": [JOHN],
    "user:nobody": [],
    "created_by:me": ALL,
    # has: of everything
    **_each(("has:call", "has:opportunity", "has:phone_number", "has:phone", "has:address", "has:url"), [JOHN]),
    **_each(("has:contact", "has:contacts", "has:email_address", "has:email"), [JOHN, MARY]),
    **_each(("has:task", "has:note"), [MARY]),
    **_each(('has:"Source CRM"', 'has:"custom.Source CRM"', "has:{field}"), [JOHN]),
    # inside of things; a blank may set off their parentheses, and they may be empty of conditions
    "email (direction:sent)": [JOHN],
    "email(*)": [JOHN, MARY],
    "not email(*)": [ZERO],
    "EMAIL(Direction:SENT)": [JOHN],
    "email(direction:received)": [MARY],
    "email(status:inbox or status:sent)": [JOHN, MARY],
    "email(from:me)": [JOHN],
    "email(to:me)": [MARY],
    "email(not from:me)": [MARY],
    "email(filename:pdf)": [],
    "email(sender:mary@other.example)": [MARY],
    "email(has:attachment)": [],
    "email(body:price after:2026-05-01 before:2026-05-05)": [JOHN],
    "call(duration >= 30 phone:*)": [],
    "call(has:duration)": [JOHN],
    "note(gruyere)": [MARY],
    "contact(name:wehr phone_number:4930123)": [JOHN],
    "contact(emails = 1)": [JOHN, MARY],
    "address(city:köln country:DE)": [JOHN],
    "address(city:köln country:FR)": [],
    "opportunity(value > 100 value < 200)": [],
    "opportunity(confidence:* or note:chairs)": [JOHN],
    "activity(type in (note, call))": [JOHN, MARY],
    "custom_activity(*)": [],
    # and, or, not, in any case and any nesting
    "not (name:john or name:mary)": [ZERO],
    "not not name:mary": [MARY],
    "name:john AND NOT name:mary OR name:zero": [JOHN, ZERO],
    "((name:john))": [JOHN],
    "name:mary, name:mary;": [MARY],
    "name: mary": [MARY],
    "name:'John Wehr'": [JOHN],
    "“John Wehr”": [JOHN],
}


async def test_each_keyword_finds_what_it_says(api: httpx2.AsyncClient, company: dict[str, str]) -> None:
    wrong = {}
    for text, expected in LINES.items():
        query = text.replace("{me}", company["me"]).replace("{field}", company["field"])
        if (found := await names(api, query)) != expected:
            wrong[text] = found
    assert wrong == {}


@pytest.mark.parametrize(
    ("field", "upwards"),
    [
        ("name", ALL),
        ("email_address", [JOHN, MARY]),
        ("last_email", [JOHN, MARY]),
        ("called", [JOHN]),
        ("next_task_text", [MARY]),
        ("last_email_subject", [JOHN, MARY]),
        ("custom.Head count", [JOHN, MARY]),
        ("custom.Source CRM", [JOHN]),
        ("status", [JOHN, MARY]),
    ],
)
async def test_leads_are_sorted_by_whatever_they_have(
    api: httpx2.AsyncClient, company: dict[str, str], field: str, upwards: list[str]
) -> None:
    """By a name, a date, what is looked up, and a field of their own, as a number; who has none stands at the end."""
    made = await api.post("/api/v1/custom_field/lead/", json={"name": "Head count", "type": "number"})
    for lead, value in (("john", 9), ("mary", 10)):
        await api.put(f"/api/v1/lead/{company[lead]}/", json={f"custom.{made.json()['id']}": value})
    for order, found in (("", upwards), ("-", upwards[::-1])):
        answer = await api.get("/api/v1/lead/", params={"query": f'sort:"{order}{field},name"'})
        assert answer.status_code == 200, answer.text
        listed = [one["name"] for one in answer.json()["data"]]
        assert [name for name in listed if name in found] == found
        assert field == "status" or listed[: len(found)] == found

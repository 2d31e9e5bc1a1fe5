"""Every line of what Close's clients ask in its two languages, as they write it, over HTTP."""

from typing import Any

import httpx2
import pytest

from postroom.journeys.index_emails import index_emails
from postroom.journeys.tools import Tools
from postroom.rooms.users.user import ActingUser
from tests.doors.web.test_activities import made
from tests.doors.web.test_data_search import about, field, related, search


async def names(api: httpx2.AsyncClient, query: str) -> list[str]:
    """The leads that a text finds."""
    answer = await api.get("/api/v1/lead/", params={"query": f"({query}) sort:name" if query else "sort:name"})
    assert answer.status_code == 200, (query, answer.text)
    return [one["name"] for one in answer.json()["data"]]


@pytest.fixture
async def company(tools: Tools, admin: ActingUser, api: httpx2.AsyncClient) -> dict[str, str]:
    """Three leads of different pasts."""
    source = (await made(api, "custom_field/lead", name="Source CRM"))["id"]
    wehr = {"name": "Jürgen Wehr", "title": "CEO", "emails": [{"email": "jo@wehr.example", "type": "office"}]}
    john = await made(
        api,
        "lead",
        name="John Wehr",
        description="Crème brûlée",
        url="https://wehr.example",
        status="Bad Fit",
        contacts=[wehr | {"phones": [{"phone": "+4930123", "type": "office"}]}],
        addresses=[{"city": "Köln", "zipcode": "50667", "country": "DE"}],
        **{f"custom.{source}": "Fair"},
    )
    mary = await made(
        api, "lead", name="Mary", contacts=[{"name": "Mary", "emails": [{"email": "mary@other.example"}]}]
    )
    await made(api, "lead", name="Zero")
    template = await made(api, "email_template", name="Welcome aboard", subject="Hi", body="Hi")
    contact = john["contacts"][0]["id"]
    sent = await made(
        api,
        "activity/email",
        lead_id=john["id"],
        contact_id=contact,
        status="sent",
        subject="Offer",
        to=["jo@wehr.example"],
        template_id=template["id"],
        body_text="The price",
        date_created="2026-05-04T10:00:00+00:00",
    )
    await made(
        api,
        "activity/email",
        lead_id=mary["id"],
        status="inbox",
        subject="Question",
        sender="mary@other.example",
        to=["ann@acme.test"],
    )
    await made(api, "activity/note", lead_id=mary["id"], note="Likes Gruyère")
    await made(api, "activity/call", lead_id=john["id"], direction="outbound", duration=30, date_created="2024-03-01")
    deal = await made(api, "opportunity", lead_id=john["id"], value=900, note="chairs")
    await api.put(f"/api/v1/opportunity/{deal['id']}/", json={"status": "Won"})
    await made(api, "task", lead_id=mary["id"], text="Call", date="2030-01-01")
    await api.put(f"/api/v1/lead/{mary['id']}/", json={"status": "Qualified"})
    view = await made(api, "saved_search", name="My View", query="name:Mary")
    me = (await api.get("/api/v1/me/")).json()["id"]
    assert await names(api, "email(subject:offer body:price from:ann)") == ["John Wehr"]  # before it is indexed
    await index_emails(tools, admin.organization_id)
    return {"john": john["id"], "mary": mary["id"], "sent": sent["id"], "view": view["id"], "me": me, "field": source}


TEXTS: list[tuple[str, list[str]]] = [
    # D1.1 grammar
    ("", ["John Wehr", "Mary", "Zero"]),
    ("*", ["John Wehr", "Mary", "Zero"]),
    ("name:John OR name:Mary", ["John Wehr", "Mary"]),
    ("NOT name:John", ["Mary", "Zero"]),
    ("not name:john and not name:mary", ["Zero"]),
    ("name:Mary or name:John not name:Wehr", ["Mary"]),
    ("(name:Mary or name:John) not name:Wehr", ["Mary"]),
    ('"custom.Source CRM":"Fair" status:"Bad Fit"', ["John Wehr"]),
    ('"Source CRM":*', ["John Wehr"]),
    ("custom.{field}:fair", ["John Wehr"]),
    ('created>="2024-01-01T00:00"', ["John Wehr", "Mary", "Zero"]),
    ('email(direction: "outbound")', ["John Wehr"]),
    ('name in ("Mary","Zero")', ["Mary", "Zero"]),
    ("price", ["John Wehr"]),
    ('"the price"', ["John Wehr"]),
    ("name:John Wehr ", ["John Wehr"]),
    ("description:*", ["John Wehr"]),
    ("name : Mary", ["Mary"]),
    # D1.2 ages and dates
    ("created <= 30 days ago", ["John Wehr", "Mary", "Zero"]),
    ("created > 1 hour ago", []),
    ("last_email <= 30 days ago", ["Mary"]),
    ("last_call > 2 months ago", ["John Wehr"]),
    ("last_call < 90 years ago", ["John Wehr"]),
    ("created < 10 mins ago", ["John Wehr", "Mary", "Zero"]),
    ("created:today", ["John Wehr", "Mary", "Zero"]),
    ("created:yesterday", []),
    ("updated >= 2018-07-17", ["John Wehr", "Mary", "Zero"]),
    ('created > "2014-01-01 08:00:00"', ["John Wehr", "Mary", "Zero"]),
    ('date_updated >= "2019-01-01T00:00:00.000+0000"', ["John Wehr", "Mary", "Zero"]),
    # D1.3 directives
    ('in:"My View"', ["Mary"]),
    ('in:"{view}"', ["Mary"]),
    # D1.4 keywords of leads
    ("company:mary", ["Mary"]),
    ("email_address:jo@wehr.example", ["John Wehr"]),
    ("phone_number:4930123", ["John Wehr"]),
    ("phone_number:930123", []),
    ("phone_number:+4930123", ["John Wehr"]),
    ("contact_email:wehr.example", ["John Wehr"]),
    ("contact_name:wehr", ["John Wehr"]),
    ("email:mary", ["Mary"]),
    ("url:wehr", ["John Wehr"]),
    ("lead_url:'http://www.wehr.example' OR lead_url:'https://wehr.example'", ["John Wehr"]),
    ('lead_url in ("wehr.example", "https://wehr.example")', ["John Wehr"]),
    ("lead_name:mary", ["Mary"]),
    ("description:creme", ["John Wehr"]),
    ("city:koln", ["John Wehr"]),
    ("zipcode:50667", ["John Wehr"]),
    ("country:de", ["John Wehr"]),
    ("address:Köln", ["John Wehr"]),
    ("status:bad_fit", ["John Wehr"]),
    ('lead_status:"bad fit"', ["John Wehr"]),
    ("opportunity:Won", ["John Wehr"]),
    ("opportunity_user:me", ["John Wehr"]),
    ("user:me", ["John Wehr", "Mary"]),
    ("contacts = 1", ["John Wehr", "Mary"]),
    ("addresses > 0", ["John Wehr"]),
    ("calls = 0", ["Mary", "Zero"]),
    ("emails = 0", ["Zero"]),
    ("notifications = 0", ["John Wehr", "Mary", "Zero"]),
    ("called:*", ["John Wehr"]),
    ("activities = 0", ["Zero"]),
    ("activities >= 2", ["John Wehr", "Mary"]),
    ("opportunities = 1", ["John Wehr"]),
    ("tasks > 0", ["Mary"]),
    ("last_emailed:*", ["John Wehr"]),
    ("last_communication:today", ["Mary"]),
    ("last_communication > 30 years ago", []),
    ("not last_activity:*", ["Zero"]),
    ('emailed_template:"Welcome aboard"', ["John Wehr"]),
    ("has:calls", ["John Wehr"]),
    ("has:emails", ["John Wehr", "Mary"]),
    ("has:notes", ["Mary"]),
    ("has:opportunities", ["John Wehr"]),
    ("has:tasks", ["Mary"]),
    ('original_lead_status:"Potential"', ["Mary", "Zero"]),
    ("num_sent_emails > 0", ["John Wehr"]),
    ("num_sent_emails = 0", ["Mary", "Zero"]),
    ("num_received_emails >= 1", ["Mary"]),
    ("last_lead_status_change_date:today", ["Mary"]),
    ("user in ({me})", ["John Wehr", "Mary"]),
    ("gruyere", ["Mary"]),
    ("jurgen", ["John Wehr"]),
    ("JÜRGEN", ["John Wehr"]),
    ("crème", ["John Wehr"]),
    # D1.5 nested
    ("email(direction:sent)", ["John Wehr"]),
    ("email(direction:incoming)", ["Mary"]),
    ('email(status:"sent" sent >= "2026-05-01")', ["John Wehr"]),
    ('email(template:"Welcome aboard")', ["John Wehr"]),
    ("email(has_reply:yes)", []),
    ('email(user in ("{me}"))', ["John Wehr", "Mary"]),
    ("email(subject:offer body:price)", ["John Wehr"]),
    ("email(subject:offer body:question)", []),
    ("email(subject:offer) email(body:question)", []),
    ("email(from:mary)", ["Mary"]),
    ("email(from:*@other.example)", ["Mary"]),
    ("email(to:jo@wehr.example)", ["John Wehr"]),
    ("email(subject:off*)", ["John Wehr"]),
    ("email(subject:*estion)", ["Mary"]),
    ("call(direction:outbound date < 2025-01-01 user:me)", ["John Wehr"]),
    ("call(outgoing_call_date:*)", ["John Wehr"]),
    ("contact(title:ceo email_address:*)", ["John Wehr"]),
    ("opportunity(value > 100 note:chairs user:me)", ["John Wehr"]),
    ('opportunity(status(status:"Active" on:today))', ["John Wehr"]),
    ('opportunity(status(status:"Won" on:"2024-01-01"))', []),
    ("opportunity(status_change(old_status:Active new_status:Won date:today))", ["John Wehr"]),
    ("opportunity(original_status:Active)", ["John Wehr"]),
    ("opportunity(created:today)", ["John Wehr"]),
    ('lead_status(status:"Potential" on:today)', ["Mary", "Zero"]),
    ("lead_status(status:Qualified)", ["Mary"]),
    ('lead_status(status:"Potential" on:"2020-01-01")', []),
    ('lead_status_change(old_status:"Potential" new_status:"Qualified" and date >= "2020-01-01")', ["Mary"]),
    ("note(note:gruyère)", ["Mary"]),
    ("task(text:call is_complete:no)", ["Mary"]),
    ("activity(type:call)", ["John Wehr"]),
    ("activity(user:me date:today)", ["John Wehr", "Mary"]),
    ("activity(gruyere)", ["Mary"]),
]


async def test_each_line_of_the_text_language_finds_what_it_says(
    api: httpx2.AsyncClient, company: dict[str, str]
) -> None:
    wrong = {}
    for text, expected in TEXTS:
        query = text
        for name, value in company.items():
            query = query.replace("{" + name + "}", value)
        if (found := await names(api, query)) != expected:
            wrong[text] = found
    assert wrong == {}


async def test_directives_order_cap_and_divide(api: httpx2.AsyncClient, company: dict[str, str]) -> None:
    async def listed(query: str) -> list[str]:
        answer = await api.get("/api/v1/lead/", params={"query": query})
        return [one["name"] for one in answer.json()["data"]]

    for query, found in [
        ("sort:-name", ["Zero", "Mary", "John Wehr"]),
        ("sort:display_name", ["John Wehr", "Mary", "Zero"]),
        ("sort:-contacts,-name", ["Mary", "John Wehr", "Zero"]),
        ("sort:-activities,name", ["John Wehr", "Mary", "Zero"]),
        ("sort:created limit:2", ["John Wehr", "Mary"]),
        ("limit:1 name:mary or name:zero sort:-updated", ["Mary"]),
        ("sort:-last_communication", ["Mary", "John Wehr", "Zero"]),
        ("sort:-date_updated limit:1", ["Mary"]),
    ]:
        assert await listed(query) == found, query
    parts = [await listed(f"(created:today) slice:{part}/3 sort:name") for part in (1, 2, 3)]
    assert sorted(name for part in parts for name in part) == ["John Wehr", "Mary", "Zero"]


def text(value: str, mode: str = "full_words") -> dict[str, str]:
    return {"type": "text", "mode": mode, "value": value}


async def test_each_line_of_the_structured_language_finds_what_it_says(
    api: httpx2.AsyncClient, company: dict[str, str]
) -> None:
    john, mary = company["john"], company["mary"]
    (won,) = [
        status["id"]
        for pipeline in (await api.get("/api/v1/pipeline/")).json()["data"]
        for status in pipeline["statuses"]
        if status["label"] == "Won"
    ]
    day = {"type": "fixed_local_date", "value": "2020-01-01", "which": "start"}
    now, ago = (
        {"type": "now"},
        {"type": "offset", "direction": "past", "moment": {"type": "now"}, "offset": {"years": 100}},
    )
    custom = {"type": "field_condition", "field": {"type": "custom_field", "custom_field_id": company["field"]}}
    won_between = {"type": "in_status", "status_ids": [won], "on_or_after": ago, "before": now}
    for query, found in [
        (field("lead", "name", text("wehr john")), [john]),
        (field("lead", "name", text("wehr john", "phrase")), []),
        (field("lead", "name", text("we", "beginning_of_words")), [john]),
        (field("lead", "name", text("JOHN WEHR", "exact_value")), [john]),
        (text("creme brulee"), [john]),
        ({"type": "text", "mode": "phrase", "value": "crème brûlée"}, [john]),
        ({**custom, "condition": {"type": "term", "values": ["Fair"]}}, [john]),
        ({**custom, "condition": {"type": "exists"}}, [john]),
        (
            related(
                "lead",
                "contact",
                related(
                    "contact", "contact_phone", field("contact_phone", "phone", text("930123", "beginning_of_words"))
                ),
            ),
            [],
        ),
        (
            related(
                "lead",
                "contact",
                related("contact", "contact_phone", field("contact_phone", "phone", text("+4930123"))),
            ),
            [john],
        ),
        (related("lead", "opportunity", won_between), [john]),
        (related("lead", "opportunity", {**won_between, "before": day}), []),
        (related("lead", "opportunity", {**won_between, "negate": True}), []),
        (
            related(
                "lead",
                "activity.email",
                field("activity.email", "date_sent", {"type": "moment_range", "on_or_after": ago, "before": now}),
            ),
            [john],
        ),
        (
            related(
                "lead",
                "activity.email",
                field("activity.email", "date", {"type": "moment_range", "gte": "2026-05-04", "lt": "2026-05-05"}),
            ),
            [john],
        ),
        (related("lead", "activity.email", field("activity.email", "body_text", text("price"))), [john]),
        (related("lead", "activity.call", {"type": "match_all"}), [john]),
        (related("lead", "activity.note", text("gruyere")), [mary]),
        (related("lead", "task", field("task", "is_complete", {"type": "boolean", "value": False})), [mary]),
        (field("lead", "num_emails", {"type": "number_range", "gte": 1, "lt": None}), [john, mary]),
        (
            field("lead", "created_by", {"type": "reference", "reference_type": "user", "object_ids": [company["me"]]}),
            [john, mary, None],
        ),
        ({"type": "and", "queries": []}, [john, mary, None]),
        ({"type": "saved_search", "saved_search_id": company["view"]}, [mary]),
        ({"type": "id", "value": john}, [john]),
        (related("lead", "contact", related("contact", "activity.email", {"type": "match_all"})), [john, mary]),
    ]:
        rows = [row["id"] for row in (await search(api, query=about("lead", query)))["data"]]
        assert sorted(one if one in (john, mary) else "" for one in rows) == sorted(one or "" for one in found), query


async def test_what_is_not_kept_here_is_asked_for_and_not_found(
    api: httpx2.AsyncClient, company: dict[str, str]
) -> None:
    for other in ("custom_object", "sequence_subscription", "activity.sms", "activity.meeting"):
        body: dict[str, Any] = {"query": about("lead", related("lead", other, {"type": "match_all"}))}
        answer = await api.post("/api/v1/data/search/", json=body)
        assert (answer.status_code, answer.json()["data"]) == (200, []), other
    for node in ({"type": "in_status"}, {"type": "in_status", "status_ids": "x"}):
        answer = await api.post("/api/v1/data/search/", json={"query": about("opportunity", node)})
        assert answer.status_code == 400, node


async def test_what_a_lead_says_of_its_emails_follows_them(api: httpx2.AsyncClient, company: dict[str, str]) -> None:
    await api.delete(f"/api/v1/activity/email/{company['sent']}/")
    assert await names(api, "num_sent_emails > 0") == []
    assert await names(api, "last_outgoing_email_date:*") == []
    body = {"lead_id": company["mary"], "subject": "x", "to": ["mary@other.example"]}
    await made(api, "activity/email", **body, status="draft")
    assert await names(api, "num_sent_emails > 0") == []
    await made(api, "activity/email", **body, status="sent")
    assert await names(api, "last_emailed:today num_sent_emails = 1") == ["Mary"]
    merging = {"source": company["mary"], "destination": company["john"]}
    assert (await api.post("/api/v1/lead/merge/", json=merging)).status_code == 200
    assert await names(api, "last_emailed:today last_incoming_email_date:today") == ["John Wehr"]


async def test_a_smart_view_alone_is_a_search_of_leads(api: httpx2.AsyncClient, company: dict[str, str]) -> None:
    view = {"type": "saved_search", "saved_search_id": company["view"]}
    fields = {"lead": ["id", "display_name", "status_id", "contacts", "custom"]}
    found = await search(api, query=view, _fields=fields, _limit=100, _skip=0, _cursor=None)
    assert [row["id"] for row in found["data"]] == [company["mary"]]


async def test_a_custom_field_is_asked_for_by_its_bare_name(api: httpx2.AsyncClient, company: dict[str, str]) -> None:
    field_id = (await api.post("/api/v1/custom_field/lead/", json={"name": "linkedin_company", "type": "text"})).json()
    await api.put(f"/api/v1/lead/{company['mary']}/", json={f"custom.{field_id['id']}": "https://in.test/m"})
    asked = {"query": 'linkedin_company:"https://in.test/m"', "_fields": "id"}
    found = (await api.get("/api/v1/lead/", params=asked)).json()
    assert [one["id"] for one in found["data"]] == [company["mary"]]
    unknown = await api.get("/api/v1/lead/", params={"query": 'company_size:"x"'})
    assert unknown.status_code == 400


async def test_smart_fields_of_calls_and_of_what_is_sold_are_conditions(
    api: httpx2.AsyncClient, company: dict[str, str]
) -> None:
    lead = (await api.post("/api/v1/lead/", json={"name": "Buyer"})).json()["id"]
    call = {"lead_id": lead, "direction": "outbound", "duration": 40, "phone": "+14155550100", "note": "x"}
    assert (await api.post("/api/v1/activity/call/", json=call)).status_code == 200
    for value, period in ((5000, "monthly"), (7000, "one_time")):
        sold = {"lead_id": lead, "value": value, "value_period": period}
        assert (await api.post("/api/v1/opportunity/", json=sold)).status_code == 200
    for query, fits in (
        ("last_outgoing_call_date < 1 hour ago", True), ("last_incoming_call_date:*", False),
        ("num_outgoing_calls > 0 num_missed_calls = 0 last_call_duration >= 40 last_call_user:me", True),
        ("total_annualized_active_opportunity_value = 67000 num_monthly_opportunities = 1", True),
        ("max_one_time_opportunity_value > 7000", False), ("total_one_time_won_opportunity_value > 0", False),
        ("num_upcoming_meetings = 0 not last_sent_sms_date:*", True), ("num_completed_meetings > 0", False),
    ):  # fmt: skip
        found = (await api.get("/api/v1/lead/", params={"query": f"id:{lead} {query}", "_fields": "id"})).json()
        assert bool(found["data"]) is fits, query

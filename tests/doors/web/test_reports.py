"""/report/ over HTTP: numbers that can be counted by hand."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from postroom.doors.web.api.reports import relative_range
from postroom.rooms.smart_views.query import parse
from postroom.rooms.users.user import ActingUser

API = "/api/v1"


async def logged(api: httpx2.AsyncClient, lead: str, status: str, at: str, **more: Any) -> dict[str, Any]:
    body = {
        "lead_id": lead, "status": status, "subject": "S", "body_text": "x", "activity_at": at, "date_created": at,
        "sender": "bo@firm.test" if status == "inbox" else "ann@acme.test",
        "to": ["ann@acme.test"] if status == "inbox" else ["bo@firm.test"], **more,
    }  # fmt: skip
    answer = await api.post(f"{API}/activity/email/", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
async def lead(api: httpx2.AsyncClient) -> str:
    """Three emails out (one answered) and one in, on two days."""
    body = {"name": "Firm", "contacts": [{"name": "Bo", "emails": [{"email": "bo@firm.test"}]}]}
    made = str((await api.post(f"{API}/lead/", json=body)).json()["id"])
    first = await logged(api, made, "sent", "2026-03-02T10:00:00")
    await logged(api, made, "inbox", "2026-03-02T23:30:00", in_reply_to_id=first["id"])
    await logged(api, made, "sent", "2026-03-03T10:00:00")
    await logged(api, made, "sent", "2026-03-03T11:00:00")
    return made


MARCH = {"start": "2026-03-01", "end": "2026-04-01"}
SENT, CAME = "emails.sent.all.count", "emails.received.all.count"


async def test_numbers_in_all_and_by_day(api: httpx2.AsyncClient, lead: str) -> None:
    wish = {"metrics": [SENT, CAME, "leads.contacted.all.count"], "datetime_range": MARCH}
    report = (await api.post(f"{API}/report/activity/", json=wish)).json()
    assert report["aggregations"]["totals"] == {SENT: 3, CAME: 1, "leads.contacted.all.count": 1}
    days = {row["datetime"]: (row[SENT], row[CAME]) for row in report["data"]}
    assert (len(days), sum(sent for sent, _ in days.values())) == (31, 3), "a chart has no holes"
    assert (days["2026-03-02T00:00:00+00:00"], days["2026-03-03T00:00:00+00:00"]) == ((1, 1), (2, 0))
    assert days["2026-03-31T00:00:00+00:00"] == (0, 0)
    assert report["queries"]["leads"][SENT][0].startswith('email(direction:"outgoing" and status:"sent" and sent >=')
    for query in report["queries"]["leads"][SENT]:
        found = await api.get(f"{API}/lead/", params={"query": query, "_limit": 0})
        assert found.json()["total_results"] == 1
    in_berlin = await api.post(f"{API}/report/activity/", json=wish, headers={"X-TZ-Offset": "1.0"})
    of_day = {row["datetime"]: row[CAME] for row in in_berlin.json()["data"]}
    assert (of_day["2026-03-02T00:00:00+01:00"], of_day["2026-03-03T00:00:00+01:00"]) == (0, 1)
    before = {**wish, "datetime_range": {"start": "2026-03-02", "end": "2026-03-03"}}
    assert (await api.post(f"{API}/report/activity/", json=before)).json()["aggregations"]["totals"][SENT] == 1


async def test_a_deal_counts_on_the_day_it_was_won_wherever_the_reader_is(api: httpx2.AsyncClient) -> None:
    deal = {"status": "Won", "date_won": "2026-04-01", "value": 500}
    assert (await api.post(f"{API}/opportunity/", json=deal)).status_code == 200
    won = "opportunities.won.all.count"
    for offset in ("-8.0", "0", "13.0"):
        april = {"start": f"2026-04-01T00:00:00{float(offset):+03.0f}:00", "end": "2026-04-30"}
        wish = {"metrics": [won], "datetime_range": april}
        report = (await api.post(f"{API}/report/activity/", json=wish, headers={"X-TZ-Offset": offset})).json()
        assert report["aggregations"]["totals"] == {won: 1}, offset
        assert [row["datetime"][:10] for row in report["data"] if row[won]] == ["2026-04-01"], offset


@pytest.mark.parametrize(
    ("hours", "day"),
    [("5.5", "03"), ("5.75", "03"), ("0.333", "02"), ("1e-9", "02"), ("-3.5", "02"), ("23.99", "03"), ("-23.99", "01")],
)
async def test_the_day_of_zones_that_are_no_whole_hours(
    api: httpx2.AsyncClient, lead: str, hours: str, day: str
) -> None:
    """India, Nepal, Newfoundland: the email of 23:30 UTC in July counts for the day on which it came there."""
    await logged(api, lead, "inbox", "2026-07-02T23:30:00")
    wish = {"metrics": [CAME], "datetime_range": {"start": "2026-06-28", "end": "2026-07-06"}}
    answer = await api.post(f"{API}/report/activity/", json=wish, headers={"X-TZ-Offset": hours})
    assert answer.status_code == 200, answer.text
    counted = [row["datetime"][:10] for row in answer.json()["data"] if row[CAME]]
    assert counted == [f"2026-07-{day}"]


@pytest.mark.parametrize("hours", ["-5", "14", "23.5"])
@pytest.mark.parametrize("kind", ["overview", "comparison"])
async def test_a_report_over_all_of_time(api: httpx2.AsyncClient, lead: str, hours: str, kind: str) -> None:
    """A program that means "ever" writes the first and the last day that there are."""
    wish = {"type": kind, "metrics": [SENT], "datetime_range": {"start": "0001-01-01", "end": "9999-12-31T23:59:59"}}
    answer = await api.post(f"{API}/report/activity/", json=wish, headers={"X-TZ-Offset": hours})
    assert answer.status_code == 200, answer.text
    assert answer.json()["aggregations"]["totals"] == {SENT: 3}
    assert [row[SENT] for row in answer.json()["data"]] == [3], "the chart ends with the last of it"
    turned = {"start": "9999-12-31", "end": "0001-01-01"}
    nothing = await api.post(f"{API}/report/activity/", json={**wish, "datetime_range": turned})
    assert (nothing.status_code, nothing.json()["data"]) == (200, [])


async def test_a_report_is_not_widened_by_what_it_cannot_read(api: httpx2.AsyncClient) -> None:
    for query in ({"type": "match_all"}, {"type": "saved_search"}, {"query": "name:Firm"}):
        refused = await api.post(f"{API}/report/activity/", json={"metrics": [SENT], "query": query})
        assert refused.status_code == 400 and "saved_search_id" in refused.json()["field-errors"]["query"], refused.text
    for query in ({}, None):
        assert (await api.post(f"{API}/report/activity/", json={"metrics": [SENT], "query": query})).status_code == 200


async def test_numbers_by_user_as_csv_and_of_a_smart_view(
    api: httpx2.AsyncClient, lead: str, admin: ActingUser
) -> None:
    wish = {"metrics": [SENT], "datetime_range": MARCH, "type": "comparison", "users": [admin.id]}
    report = (await api.post(f"{API}/report/activity/", json=wish)).json()
    assert report["data"] == [{"user_id": admin.id, SENT: 3}]
    as_csv = await api.post(f"{API}/report/activity/", json=wish, headers={"Accept": "text/csv"})
    assert as_csv.text.splitlines() == [f"user_id,{SENT}", f"{admin.id},3"]
    totals = {}
    for query in ("name:Firm", "name:Other"):
        view = (await api.post(f"{API}/saved_search/", json={"name": query, "query": query})).json()["id"]
        narrowed = {**wish, "query": {"type": "saved_search", "saved_search_id": view}}
        found = (await api.post(f"{API}/report/activity/", json=narrowed)).json()
        totals[query] = found["aggregations"]["totals"][SENT]
    assert totals == {"name:Firm": 3, "name:Other": 0}


async def test_every_metric_can_be_asked_for(api: httpx2.AsyncClient, lead: str, admin: ActingUser) -> None:
    await api.post(f"{API}/opportunity/", json={"lead_id": lead, "value": 500})
    await api.post(f"{API}/activity/note/", json={"lead_id": lead, "note": "n"})
    await api.post(f"{API}/activity/call/", json={"lead_id": lead, "duration": 60, "direction": "outbound"})
    keys = [one["key"] for one in (await api.get(f"{API}/report/activity/metrics/")).json()["metrics"]]
    for kind in ("overview", "comparison"):
        for word in ("today", "this-week", "last-quarter", "all-time"):
            wish = {"metrics": keys, "relative_range": word, "type": kind}
            assert (await api.post(f"{API}/report/activity/", json=wish)).status_code == 200
    wish = {"metrics": keys, "relative_range": "all-time"}
    found = (await api.post(f"{API}/report/activity/", json=wish)).json()["aggregations"]["totals"]
    assert (found["leads.created.all.count"], found["opportunities.created.all.count"]) == (1, 1)
    old = (await api.get(f"{API}/report/activity/{admin.organization_id}/")).json()
    assert (old["emails_sent"], old["emails_received"], old["leads_created"]) == (3, 1, 1)
    assert (found["notes.all.all.count"], old["calls"]) == (1, 1)


async def test_sent_emails_by_template(api: httpx2.AsyncClient, lead: str, admin: ActingUser) -> None:
    template = {"name": 'First "try"', "subject": "Hi", "body": "x", "is_shared": True}
    made = (await api.post(f"{API}/email_template/", json=template)).json()["id"]
    await logged(api, lead, "sent", "2026-03-04T10:00:00", template_id=made)
    url = f"{API}/report/sent_emails/{admin.organization_id}/"
    everything, first = (await api.get(url, params={"date_start": "2026-03-01"})).json()["sent_email_stats"]
    assert (everything["template_id"], everything["name"], everything["total"]) == (None, "All Emails", 4)
    assert (everything["responded"], everything["percentage_responded"]) == (1, 25.0)
    assert (first["template_id"], first["total"], first["is_shared"]) == (made, 1, True)
    for query in everything["_queries"].values():
        assert (await api.get(f"{API}/lead/", params={"query": query})).status_code == 200, query
    (later,) = (await api.get(url, params={"date_start": "2026-04-01"})).json()["sent_email_stats"]
    assert later["total"] == 0 and later["percentage_responded"] == 0.0


async def test_how_leads_moved_between_statuses(api: httpx2.AsyncClient, lead: str, admin: ActingUser) -> None:
    statuses = {one["label"]: one["id"] for one in (await api.get(f"{API}/status/lead/")).json()["data"]}
    await api.put(f"{API}/lead/{lead}/", json={"status_id": statuses["Qualified"]})
    url = f"{API}/report/statuses/lead/{admin.organization_id}/"
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    report = (await api.get(url, params={"date_start": "2020-01-01", "date_end": tomorrow})).json()
    rows = {one["status_id"]: one for one in report["status_overview"]}
    qualified, potential = rows[statuses["Qualified"]], rows[statuses["Potential"]]
    assert (qualified["started"], qualified["ended"], qualified["gained"], qualified["change"]) == (0, 1, 1, 1)
    assert (potential["started"], potential["ended"], potential["lost"]) == (0, 0, 0), "it was made and moved within"
    assert (qualified["entered"], qualified["left"], potential["entered"], potential["left"]) == (1, 0, 1, 1)
    assert (qualified["status_label"], qualified["status_is_deleted"]) == ("Qualified", False)
    steps = {(one["from_status_label"], one["to_status_label"]): one["count"] for one in report["status_transitions"]}
    assert steps == {("Potential", "Qualified"): 1, (None, "Potential"): 1}
    (way,) = report["status_transitions_summary"]
    assert (way["from_status_id"], way["to_status_id"], way["count"]) == (None, statuses["Qualified"], 1)
    for row in report["status_overview"]:
        for query in row["_queries"].values():
            parse(query)
    for narrowing, left in (({"query": "name:Firm"}, 1), ({"query": "name:Other"}, 0)):
        narrowed = (await api.get(url, params={"date_start": "2020-01-01", "date_end": tomorrow, **narrowing})).json()
        assert sum(one["ended"] for one in narrowed["status_overview"]) == left
    for wrong in ({"query": "a", "smart_view_id": "b"}, {"date_start": "2026-02-01", "date_end": "2026-01-01"}):
        assert (await api.get(url, params=wrong)).status_code == 400, wrong


async def test_how_opportunities_moved_between_statuses(api: httpx2.AsyncClient, lead: str, admin: ActingUser) -> None:
    pipeline = (await api.get(f"{API}/pipeline/")).json()["data"][0]
    statuses = {one["type"]: one["id"] for one in pipeline["statuses"]}
    made = []
    for value in (100, 200, 300):
        body = {"lead_id": lead, "status_id": statuses["active"], "value": value, "date_created": "2026-01-05"}
        made.append((await api.post(f"{API}/opportunity/", json=body)).json()["id"])
    for status in ("won", "lost", "won"):
        await api.put(f"{API}/opportunity/{made[0]}/", json={"status_id": statuses[status]})
    url = f"{API}/report/statuses/opportunity/{admin.organization_id}/"
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    period = {"date_start": "2026-02-01", "date_end": tomorrow}
    report = (await api.get(url, params=period)).json()
    rows = {one["status_id"]: one for one in report["status_overview"]}
    active, won, lost = (rows[statuses[kind]] for kind in ("active", "won", "lost"))
    assert (active["started"], active["ended"], active["lost"], active["change_percent"]) == (3, 2, 1, -33)
    assert (won["started"], won["ended"], won["gained"], won["entered"], won["left"]) == (0, 1, 1, 2, 1)
    assert (lost["entered"], lost["left"], lost["ended"]) == (1, 1, 0)
    (way,) = report["status_transitions_summary"]
    assert (way["from_status_id"], way["to_status_id"]) == (statuses["active"], statuses["won"])
    assert way["_query"].startswith("opportunity(status_change(old_status:")
    mine = (await api.get(url, params={**period, "user_id": "me"})).json()
    assert mine == report
    others = (await api.get(url, params={**period, "user_id": "user_nobody123456"})).json()
    assert all(one["started"] == one["ended"] == 0 for one in others["status_overview"])
    assert (await api.get(f"{API}/report/statuses/opportunity/orga_other1234567/")).status_code == 404


async def test_the_metrics_are_those_of_close(api: httpx2.AsyncClient, lead: str) -> None:
    keys = {one["key"] for one in (await api.get(f"{API}/report/activity/metrics/")).json()["metrics"]}
    assert keys >= {
        "emails.opened.all.count", "emails.sent.sequences_with_reply.count", "calls.outbound.external.avg_duration",
        "opportunities.value_lost.one_time.sum_value", "opportunities.created_for.all.count", "sms.sent.all.count",
    }  # fmt: skip
    call = {"lead_id": lead, "direction": "outbound", "activity_at": "2026-03-05T10:00:00"}
    for seconds in (10, 30):
        await api.post(f"{API}/activity/call/", json={**call, "duration": seconds})
    which = [f"calls.outbound.external.{end}" for end in ("count", "sum_duration", "avg_duration")]
    wish = {"metrics": [*which, "calls.outbound.regular.count"], "datetime_range": MARCH}
    found = (await api.post(f"{API}/report/activity/", json=wish)).json()["aggregations"]["totals"]
    assert [found[key] for key in wish["metrics"]] == [2, 40, 20, 0]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "metrics"),
        ({"metrics": ["emails.lost"]}, "metrics"),
        ({"metrics": [SENT], "type": "pie"}, "type"),
        ({"metrics": [SENT], "relative_range": "next-week"}, "relative_range"),
        ({"metrics": [SENT], "datetime_range": {"start": "x"}}, "datetime_range"),
    ],
)
async def test_what_makes_no_sense_is_refused(api: httpx2.AsyncClient, body: dict[str, Any], field: str) -> None:
    refused = await api.post(f"{API}/report/activity/", json=body)
    assert (refused.status_code, list(refused.json()["field-errors"])) == (400, [field])


def test_relative_ranges_are_those_of_the_calendar() -> None:
    now = datetime(2026, 2, 18, 15, tzinfo=UTC)  # a Wednesday
    words = (
        "today", "yesterday", "this-week", "last-week", "last-month", "this-quarter", "last-quarter", "last-year",
    )  # fmt: skip
    found = {word: [f"{one:%m-%d}" for one in relative_range(word, now)] for word in words}
    assert found == {
        "today": ["02-18", "02-18"], "yesterday": ["02-17", "02-18"], "this-week": ["02-16", "02-18"],
        "last-week": ["02-09", "02-16"], "last-month": ["01-01", "02-01"], "this-quarter": ["01-01", "02-18"],
        "last-quarter": ["10-01", "01-01"], "last-year": ["01-01", "01-01"],
    }  # fmt: skip

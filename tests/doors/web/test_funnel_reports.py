"""/report/funnel/opportunity/ over HTTP: deals whose way through a pipeline can be counted by hand."""

import csv
from typing import Any

import httpx2
import pytest

from postroom.rooms.users.user import ActingUser

API = "/api/v1"
TOTALS, STAGES = f"{API}/report/funnel/opportunity/totals/", f"{API}/report/funnel/opportunity/stages/"
MAY = {"start": "2026-05-01T00:00:00Z", "end": "2026-06-01T00:00:00Z"}


@pytest.fixture
async def pipeline(api: httpx2.AsyncClient) -> dict[str, Any]:
    """A pipeline of four statuses, by label, and its id."""
    statuses = [
        {"label": "First", "type": "active"},
        {"label": "Talks", "type": "active"},
        {"label": "Won it", "type": "won"},
        {"label": "Lost it", "type": "lost"},
    ]
    made = (await api.post(f"{API}/pipeline/", json={"name": "Funnel", "statuses": statuses})).json()
    return {"id": made["id"], **{one["label"]: one["id"] for one in made["statuses"]}}


@pytest.fixture
async def deals(api: httpx2.AsyncClient, pipeline: dict[str, Any], admin: ActingUser) -> dict[str, str]:
    """Big is won after two days in First and one in Talks, Small lost in First, Slow still in Talks, Other of April."""
    made = {}
    for name, value, day, moves in (
        ("Big", 100_00, "2026-05-02", (("Talks", "2026-05-04"), ("Won it", "2026-05-05"))),
        ("Small", 50_00, "2026-05-10", (("Lost it", "2026-05-11"),)),
        ("Slow", 40_00, "2026-05-20", (("Talks", "2026-05-24"),)),
        ("Other", 10_00, "2026-04-03", ()),
    ):
        lead = (await api.post(f"{API}/lead/", json={"name": name})).json()["id"]
        body = {
            "lead_id": lead, "status_id": pipeline["First"], "value": value, "confidence": 25, "user_id": admin.id,
            "date_created": f"{day}T00:00:00Z",
        }  # fmt: skip
        deal = (await api.post(f"{API}/opportunity/", json=body)).json()["id"]
        last = "First"
        for status, at in moves:
            change = {
                "lead_id": lead, "opportunity_id": deal, "old_status_id": pipeline[last],
                "new_status_id": pipeline[status], "activity_at": f"{at}T00:00:00Z",
            }  # fmt: skip
            answer = await api.post(f"{API}/activity/status_change/opportunity/", json=change)
            assert answer.status_code == 200, answer.text
            last = status
        await move_silently(api, deal, pipeline[last])
        made[name] = deal
    return made


async def move_silently(api: httpx2.AsyncClient, deal: str, status_id: str) -> None:
    """Into its last status, without the change of today that this writes."""
    await api.put(f"{API}/opportunity/{deal}/", json={"status_id": status_id})
    listed = await api.get(f"{API}/activity/status_change/opportunity/", params={"opportunity_id": deal})
    for change in listed.json()["data"]:
        if change["opportunity_id"] == deal and change["activity_at"] > "2026-05-30":
            await api.delete(f"{API}/activity/status_change/opportunity/{change['id']}/")


async def test_what_came_of_the_opportunities_made_in_a_month(
    api: httpx2.AsyncClient, pipeline: dict[str, Any], deals: dict[str, str], admin: ActingUser
) -> None:
    wish = {"pipeline": pipeline["id"], "type": "created-cohort", "cohort_datetime_range": MAY}
    report = (await api.post(TOTALS, json=wish)).json()
    assert report["aggregations"] == {
        "count": 3,
        "count_total_complete": 2,
        "count_total_won": 1,
        "count_win_rate": 0.5,
        "value_total_complete": 150_00,
        "value_total_won": 100_00,
        "value_win_rate": 0.6667,
        "average_time_to_win": 3 * 86400,
        "average_value_annualized_per_won_opportunity": 100_00,
        "sales_velocity": 50_00,  # three deals, 100 each, every second one won, in three days
    }
    (row,) = report["data"]
    assert row == {"user_id": admin.id, **report["aggregations"]}


async def test_how_many_reached_each_stage_and_went_on(
    api: httpx2.AsyncClient, pipeline: dict[str, Any], deals: dict[str, str], admin: ActingUser
) -> None:
    wish = {"pipeline": pipeline["id"], "type": "created-cohort", "cohort_datetime_range": MAY, "users": [admin.id]}
    report = (await api.post(STAGES, json=wish)).json()
    first, talks, won = report["aggregations"]["stages"]
    assert report["data"] == [{"user_id": admin.id, "stages": [first, talks, won]}]
    assert first == {
        "status": {"id": pipeline["First"], "label": "First", "type": "active"},
        "count": 3,
        "count_conversion_rate": 0.6667,
        "count_lost": 1,
        "count_lost_ratio": 0.3333,
        "value": 190_00,
        "value_conversion_rate": 0.7368,
        "value_lost": 50_00,
        "value_lost_ratio": 0.2632,
        "weighted_value": 110_00,  # all of what is won, a quarter of what is open, nothing of what is lost
        "weighted_value_conversion_rate": 1.0,
        "average_time_to_advance": 3 * 86400,
    }
    assert (talks["count"], talks["count_conversion_rate"], talks["average_time_to_advance"]) == (2, 0.5, 86400)
    assert (won["status"]["type"], won["count"], won["count_conversion_rate"]) == ("won", 1, 0.0)
    assert won["average_time_to_advance"] is None


async def test_opportunities_that_stood_in_a_stage_and_the_month_before(
    api: httpx2.AsyncClient, pipeline: dict[str, Any], deals: dict[str, str]
) -> None:
    wish = {"pipeline": pipeline["id"], "type": "active-stage-cohort", "report_datetime_range": MAY}
    assert (await api.post(TOTALS, json=wish)).json()["aggregations"]["count"] == 4
    before = await api.post(TOTALS, json={**wish, "compared_datetime_range": "same-days-last-month"})
    assert before.json()["aggregations"]["count"] == 1
    custom = {**wish, "compared_custom_range": {"start": "2026-05-06", "end": "2026-05-10"}}
    assert (await api.post(TOTALS, json=custom)).json()["aggregations"]["count"] == 1
    today = {"pipeline": pipeline["id"], "type": "active-stage-cohort", "report_relative_range": "today"}
    assert (await api.post(TOTALS, json=today)).json()["aggregations"]["count"] == 2
    before = await api.post(TOTALS, json={**today, "compared_relative_range": "last-year"})
    assert before.json()["aggregations"]["count"] == 0


async def test_a_smart_view_of_leads_or_opportunities_narrows_it(
    api: httpx2.AsyncClient, pipeline: dict[str, Any], deals: dict[str, str]
) -> None:
    wish = {"pipeline": pipeline["id"], "type": "created-cohort", "cohort_relative_range": "all-time"}
    big = {"type": "and", "queries": [
        {"type": "object_type", "object_type": "opportunity"},
        {"type": "field_condition", "field": {"type": "regular_field", "object_type": "opportunity",
         "field_name": "value"}, "condition": {"type": "number_range", "gte": 5000}},
    ]}  # fmt: skip
    for view, count in (
        ({"name": "Big", "query": "name:Big"}, 1),
        ({"name": "Dear", "type": "opportunity", "s_query": {"query": big}}, 2),
    ):
        made = (await api.post(f"{API}/saved_search/", json=view)).json()["id"]
        narrowed = {**wish, "query": {"type": "saved_search", "saved_search_id": made}}
        assert (await api.post(TOTALS, json=narrowed)).json()["aggregations"]["count"] == count


async def test_as_csv_there_is_a_row_for_each_user(
    api: httpx2.AsyncClient, pipeline: dict[str, Any], deals: dict[str, str], admin: ActingUser
) -> None:
    wish = {"pipeline": pipeline["id"], "type": "created-cohort", "cohort_datetime_range": MAY}
    (row,) = csv.DictReader((await api.post(TOTALS, json=wish, headers={"Accept": "text/csv"})).text.splitlines())
    assert (row["user_id"], row["count"], row["count_win_rate"]) == (admin.id, "3", "0.5")
    rows = list(csv.DictReader((await api.post(STAGES, json=wish, headers={"Accept": "text/csv"})).text.splitlines()))
    assert [(one["user_id"], one["status_label"], one["count"]) for one in rows] == [
        (admin.id, "First", "3"), (admin.id, "Talks", "2"), (admin.id, "Won it", "1"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"pipeline": None}, "pipeline"),
        ({"pipeline": "pipe_none"}, "pipeline"),
        ({"type": None}, "type"),
        ({"type": "cohort"}, "type"),
        ({"cohort_datetime_range": None}, "cohort_relative_range"),
        ({"cohort_datetime_range": None, "cohort_relative_range": "some-time"}, "cohort_relative_range"),
        ({"cohort_datetime_range": {"start": "2026-05-01"}}, "cohort_datetime_range"),
        ({"cohort_datetime_range": {"start": "2026-05-01", "end": "2026-04-01"}}, "cohort_datetime_range"),
        ({"type": "active-stage-cohort"}, "report_relative_range"),
        ({"compared_relative_range": "last-week"}, "compared_relative_range"),
        ({"compared_datetime_range": "last-week"}, "compared_datetime_range"),
    ],
)
async def test_what_is_missing_or_wrong_is_told(
    api: httpx2.AsyncClient, pipeline: dict[str, Any], wish: dict[str, Any], field: str
) -> None:
    good = {"pipeline": pipeline["id"], "type": "created-cohort", "cohort_datetime_range": MAY}
    for url in (TOTALS, STAGES):
        answer = await api.post(url, json=good | wish)
        assert (answer.status_code, list(answer.json()["field-errors"])) == (400, [field]), answer.text


async def test_without_opportunities_there_are_no_rates(api: httpx2.AsyncClient, pipeline: dict[str, Any]) -> None:
    wish = {"pipeline": pipeline["id"], "type": "created-cohort", "cohort_relative_range": "this-month"}
    totals = (await api.post(TOTALS, json=wish)).json()["aggregations"]
    assert (totals["count"], totals["count_win_rate"], totals["average_time_to_win"]) == (0, None, None)
    first = (await api.post(STAGES, json=wish)).json()["aggregations"]["stages"][0]
    assert (first["count"], first["value"], first["count_conversion_rate"]) == (0, 0, None)

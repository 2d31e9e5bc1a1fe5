"""/report/custom/: any number over any field, of what a search finds."""

from typing import Any

import httpx2
import pytest

from postroom.rooms.users.user import ActingUser

API = "/api/v1"


@pytest.fixture
async def url(api: httpx2.AsyncClient, admin: ActingUser) -> str:
    """Two leads of two months, three deals, two calls; the address of the organization's report."""
    for name, day, values in (("Alpha", "2026-01-10", (100, 900)), ("Beta", "2026-02-11", (250,))):
        lead = (await api.post(f"{API}/lead/", json={"name": name, "date_created": day})).json()["id"]
        for value in values:
            await api.post(f"{API}/opportunity/", json={"lead_id": lead, "value": value, "date_created": day})
        call = {"lead_id": lead, "direction": "outbound", "duration": 60, "activity_at": f"{day}T10:00:00"}
        assert (await api.post(f"{API}/activity/call/", json=call)).status_code == 200
    return f"{API}/report/custom/{admin.organization_id}/"


async def report(api: httpx2.AsyncClient, url: str, **params: Any) -> dict[str, Any]:
    answer = await api.get(url, params=params)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def points(api: httpx2.AsyncClient, url: str, **params: Any) -> dict[str | None, list[list[Any]]]:
    return {one["name"]: one["data"] for one in (await report(api, url, **params))["series"]}


async def test_things_are_counted_by_time(api: httpx2.AsyncClient, url: str) -> None:
    plain = await report(api, url)
    assert (plain["x"], plain["y"], plain["interval"]) == ("lead.date_created", "lead.count", "month")
    assert plain["series"] == [{"name": None, "data": [["2026-01-01T00:00:00", 1], ["2026-02-01T00:00:00", 1]]}]
    days = await points(api, url, interval="day", start="2026-02-01", end="2026-03-01")
    assert days == {None: [["2026-02-11T00:00:00", 1]]}
    short = await report(api, url, start="2026-02-01", end="2026-02-20")
    assert short["interval"] == "day", "some dozens of points"
    found = await points(api, url, query="name:Alpha", interval="year")
    assert found == {None: [["2026-01-01T00:00:00", 1]]}


async def test_numbers_are_summed_and_grouped(api: httpx2.AsyncClient, url: str, admin: ActingUser) -> None:
    year = {"y": "opportunity.value", "interval": "year"}
    assert await points(api, url, **year) == {None: [["2026-01-01T00:00:00", 1250]]}
    for transform, value in (("avg", 1250 / 3), ("min", 100), ("max", 900)):
        found = (await points(api, url, **year, transform_y=transform))[None][0][1]
        assert found == pytest.approx(value), transform
    by_user = await points(api, url, **year, group_by="opportunity.user_id")
    assert by_user == {admin.id: [["2026-01-01T00:00:00", 1250]]}
    by_value = await points(api, url, x="opportunity.value", y="opportunity.count", interval=500)
    assert by_value == {None: [[0, 2], [500, 1]]}
    of_leads = await points(api, url, x="lead.date_created", y="call.duration")
    assert of_leads == {None: [["2026-01-01T00:00:00", 60], ["2026-02-01T00:00:00", 60]]}


async def test_the_day_is_the_callers(api: httpx2.AsyncClient, url: str) -> None:
    params = {"x": "lead.date_created", "interval": "day"}
    in_new_york = await api.get(url, params=params, headers={"X-TZ-Offset": "-5.0"})
    assert in_new_york.json()["series"][0]["data"][0][0] == "2026-01-09T00:00:00"


@pytest.mark.parametrize(
    "params",
    [
        {"x": "lead.nothing"}, {"x": "email.subject"}, {"x": "lead.name"}, {"y": "lead.name"}, {"x": "foo"},
        {"x": "dragon.count"}, {"interval": "decade"}, {"transform_y": "median"}, {"group_by": "email.direction"},
        {"start": "soon"}, {"x": "opportunity.value", "start": "a"}, {"x": "opportunity.value", "interval": "-1"},
        {"x": "call.date", "y": "email.count"}, {"query": "name:("}, {"x": "lead.date_created; select 1"},
    ],
)  # fmt: skip
async def test_what_makes_no_sense_is_refused(api: httpx2.AsyncClient, url: str, params: dict[str, str]) -> None:
    refused = await api.get(url, params=params)
    assert refused.status_code == 400 and refused.json()["field-errors"], refused.text


async def test_every_field_can_be_asked_for(api: httpx2.AsyncClient, url: str) -> None:
    found = (await api.get(f"{API}/report/custom/fields/")).json()["fields"]
    by_type = {kind: [one["field"] for one in found if one["type"] == kind] for kind in ("number", "date", "text")}
    assert {"lead.count", "opportunity.value"} <= set(by_type["number"]) and "call.date" in by_type["date"]
    for field in by_type["date"]:
        await report(api, url, x=field, y=f"{field.partition('.')[0]}.count")
    for field in by_type["text"]:
        kind = field.partition(".")[0]
        await report(api, url, x=f"{kind}.date_created", y=f"{kind}.count", group_by=field)
    assert (await api.get(f"{API}/report/custom/orga_other123456/")).status_code == 404


async def test_the_old_place_of_the_report_is_still_one(api: httpx2.AsyncClient, admin: ActingUser) -> None:
    old = await api.get(f"{API}/report/{admin.organization_id}/")
    assert (
        old.status_code == 200
        and old.json() == (await api.get(f"{API}/report/activity/{admin.organization_id}/")).json()
    )
    assert (await api.get(f"{API}/report/orga_other123456/")).status_code == 404


@pytest.mark.parametrize("offset", ["-8.0", "0", "13.0"])
async def test_a_deal_stands_in_the_month_it_was_won(api: httpx2.AsyncClient, url: str, offset: str) -> None:
    await api.post(f"{API}/opportunity/", json={"status": "Won", "date_won": "2026-04-01", "value": 500})
    api.headers["X-TZ-Offset"] = offset
    found = await points(api, url, x="opportunity.date_won", y="opportunity.value", interval="month")
    assert found == {None: [["2026-04-01T00:00:00", 500]]}

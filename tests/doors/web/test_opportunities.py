"""/opportunity/, /pipeline/, /status/opportunity/ and /status/lead/ in Close's shapes."""

import httpx2
import pytest

from postroom.journeys.tools import Tools
from postroom.rooms.users.user import ActingUser


async def lead(api: httpx2.AsyncClient, name: str = "Acme") -> str:
    return (await api.post("/api/v1/lead/", json={"name": name})).json()["id"]


async def deal(api: httpx2.AsyncClient, **given: object) -> dict:
    answer = await api.post("/api/v1/opportunity/", json=given)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def events_of(tools: Tools, user: ActingUser, kind: str) -> list[tuple[str, list[str]]]:
    async with tools.db.transaction() as tx:
        rows = await tx.execute(
            "select action, changed_fields from events where organization_id = %s and object_type = %s order by seq",
            (user.organization_id, kind),
        )
        return [(row[0], row[1]) for row in await rows.fetchall()]


async def test_a_new_organization_has_one_pipeline_with_three_statuses(api: httpx2.AsyncClient) -> None:
    pipelines = (await api.get("/api/v1/pipeline/")).json()
    assert [one["name"] for one in pipelines["data"]] == ["Sales"] and pipelines["has_more"] is False
    assert [(one["label"], one["type"]) for one in pipelines["data"][0]["statuses"]] == [
        ("Active", "active"), ("Won", "won"), ("Lost", "lost"),
    ]  # fmt: skip
    organization = (await api.get("/api/v1/me/")).json()["organizations"][0]
    assert organization["pipelines"] == pipelines["data"]
    assert [one["label"] for one in organization["opportunity_statuses"]] == ["Active", "Won", "Lost"]


async def test_an_opportunity_tells_what_it_is_worth(api: httpx2.AsyncClient, admin: ActingUser) -> None:
    lead_id = await lead(api)
    made = await deal(api, lead_id=lead_id, value=50000, value_period="monthly", confidence=75, note=" Big ")
    assert (made["value_formatted"], made["value_currency"]) == ("$500 monthly", "USD")
    assert (made["expected_value"], made["annualized_value"], made["annualized_expected_value"]) == (
        37500, 600000, 450000,
    )  # fmt: skip
    assert (made["lead_name"], made["status_label"], made["status_type"]) == ("Acme", "Active", "active")
    assert (made["user_id"], made["user_name"], made["note"]) == (admin.id, "Ann Admin", "Big")
    assert (made["date_won"], made["date_lost"], made["pipeline_name"]) == (None, None, "Sales")
    shown = (await api.get(f"/api/v1/lead/{lead_id}/")).json()["opportunities"]
    assert shown == [made]
    assert (await api.get(f"/api/v1/opportunity/{made['id']}/?_fields=id,value")).json() == {
        "id": made["id"], "value": 50000,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("cents", "text"), [(123456789, "$1,234,567.89"), (-50, "-$0.50"), (0, "$0"), (None, None), (100, "$1")]
)
async def test_money_is_written_as_people_do(api: httpx2.AsyncClient, cents: int | None, text: str | None) -> None:
    assert (await deal(api, value=cents))["value_formatted"] == text


async def test_without_a_lead_it_gets_an_unnamed_one(api: httpx2.AsyncClient) -> None:
    made = await deal(api, value=1)
    assert made["lead_name"] == "Untitled"


async def test_winning_and_losing_is_dated_and_stands_in_the_history(
    api: httpx2.AsyncClient, tools: Tools, admin: ActingUser
) -> None:
    made = await deal(api, lead_id=await lead(api), value=100)
    url = f"/api/v1/opportunity/{made['id']}/"
    won = (await api.put(url, json={"status": "won"})).json()
    assert won["status_type"] == "won" and won["date_won"] == tools.clock().date().isoformat()
    lost = (await api.put(url, json={"status_id": (await ids_of_statuses(api))["Lost"]})).json()
    assert lost["status_type"] == "lost" and lost["date_lost"].endswith("+00:00")
    back = (await api.put(url, json={"status": "Active", "date_won": "2027-01-31"})).json()
    assert (back["date_lost"], back["date_won"]) == (None, "2027-01-31")
    assert await events_of(tools, admin, "activity.opportunity_status_change") == [("created", [])] * 3
    changed = await events_of(tools, admin, "opportunity")
    assert changed[0][0] == "created" and "status_id" in changed[1][1]


async def ids_of_statuses(api: httpx2.AsyncClient) -> dict[str, str]:
    return {one["label"]: one["id"] for one in (await api.get("/api/v1/status/opportunity/")).json()["data"]}


async def test_a_list_is_filtered_sorted_and_summed(api: httpx2.AsyncClient) -> None:
    first, second = await lead(api, "A"), await lead(api, "B")
    small = await deal(api, lead_id=first, value=1000, confidence=10)
    large = await deal(api, lead_id=first, value=5000, value_period="annual", confidence=100, status="Won")
    other = await deal(api, lead_id=second, value=200, value_period="monthly")
    everything = (await api.get("/api/v1/opportunity/?_order_by=-value")).json()
    assert [one["id"] for one in everything["data"]] == [large["id"], small["id"], other["id"]]
    assert everything["total_results"] == 3
    assert everything["count_by_value_period"] == {"one_time": 1, "monthly": 1, "annual": 1}
    assert (everything["total_value_annualized"], everything["expected_value_annualized"]) == (8400, 6300)
    for query, found in [
        (f"lead_id={first}", [small, large]),
        ("status_type=won", [large]),
        ("status_type__in=active,lost", [small, other]),
        ("status_label=won", [large]),
        ("value_period__in=monthly,annual", [large, other]),
        (f"lead_id={first}&value_period=one_time", [small]),
        (f"status_id={large['status_id']}", [large]),
        (f"user_id={large['user_id']}", [small, large, other]),
        ("date_won__gte=2020-01-01", [large]),
        ("date_won__lt=2020-01-01", []),
        (f"date_won={large['date_won']}", [large]),
        ("date_won=9999-12-31", []),
        ("date_created__gt=2020-01-01T00:00:00", [small, large, other]),
        (f"lead_id={first},{second}&colour=red", [small, large, other]),
    ]:
        page = (await api.get(f"/api/v1/opportunity/?_order_by=date_created&{query}")).json()
        assert [one["id"] for one in page["data"]] == [one["id"] for one in found], query
    one = (await api.get("/api/v1/opportunity/?_limit=1&_skip=1&_order_by=date_created&_fields=id")).json()
    assert (one["data"], one["has_more"], one["total_results"]) == ([{"id": large["id"]}], True, 3)
    nothing = (await api.get("/api/v1/opportunity/?_limit=0")).json()
    assert (nothing["data"], nothing["total_results"]) == ([], 3)


async def test_what_is_wrong_is_named_and_nothing_changes(
    api: httpx2.AsyncClient, stranger: httpx2.AsyncClient
) -> None:
    made = await deal(api, lead_id=await lead(api), value=100)
    theirs = (await stranger.get("/api/v1/status/opportunity/")).json()["data"][0]["id"]
    someone = (await stranger.get("/api/v1/me/")).json()["id"]
    for body, field in [
        ({"confidence": 101}, "confidence"),
        ({"confidence": 10.5}, "confidence"),
        ({"value": 10**19}, "value"),
        ({"value": "NaN"}, "value"),
        ({"value": "-Infinity"}, "value"),
        ({"confidence": "nan"}, "confidence"),
        ({"value_period": "weekly"}, "value_period"),
        ({"status_id": "stat_none"}, "status_id"),
        ({"status_id": theirs}, "status_id"),
        ({"status": "Nope"}, "status"),
        ({"status": "Won", "status_id": made["status_id"]}, "status"),
        ({"date_won": "soon"}, "date_won"),
        ({"user_id": someone}, "user_id"),
        ({"contact_id": "cont_none"}, "contact_id"),
    ]:
        for answer in (
            await api.post("/api/v1/opportunity/", json={"lead_id": made["lead_id"], **body}),
            await api.put(f"/api/v1/opportunity/{made['id']}/", json=body),
        ):
            assert answer.status_code == 400 and field in answer.json()["field-errors"], (body, answer.text)
    assert (await api.get("/api/v1/opportunity/")).json()["data"] == [made]
    assert (await stranger.post("/api/v1/opportunity/", json={"lead_id": made["lead_id"]})).status_code == 404
    assert (await stranger.get("/api/v1/opportunity/")).json()["data"] == []
    assert (await api.get("/api/v1/opportunity/?_order_by=colour")).status_code == 400


async def test_a_whole_object_may_be_sent_back(api: httpx2.AsyncClient) -> None:
    made = await deal(api, lead_id=await lead(api), value=100, value_period="annual")
    again = await api.put(f"/api/v1/opportunity/{made['id']}/", json={**made, "note": "x"})
    assert again.status_code == 200, again.text
    changed = {"date_updated": "", "note": "", "note_html": ""}
    assert {**again.json(), **changed} == {**made, **changed}
    assert (await api.delete(f"/api/v1/opportunity/{made['id']}/")).json() == {}
    assert (await api.get(f"/api/v1/opportunity/{made['id']}/")).status_code == 404


async def test_pipelines_and_their_statuses_are_written_by_admins(api: httpx2.AsyncClient) -> None:
    made = await api.post("/api/v1/pipeline/", json={"name": "Partners", "statuses": [{"label": "Open"}]})
    assert made.status_code == 201, made.text
    pipeline = made.json()
    added = await api.post(
        "/api/v1/status/opportunity/", json={"label": "Done", "type": "won", "pipeline_id": pipeline["id"]}
    )
    assert added.status_code == 200 and added.json()["pipeline_name"] == "Partners"
    plain = (await api.post("/api/v1/status/opportunity/", json={"label": "Later"})).json()
    assert (plain["type"], plain["pipeline_name"]) == ("active", "Sales")
    statuses = [{"id": added.json()["id"], "label": "Signed", "type": "won"}, {"label": "New"}]
    changed = (
        await api.put(f"/api/v1/pipeline/{pipeline['id']}/", json={"name": "Resale", "statuses": statuses})
    ).json()
    assert [(one["label"], one["type"]) for one in changed["statuses"]] == [("Signed", "won"), ("New", "active")]
    partner = await deal(api, pipeline_id=pipeline["id"])
    assert (partner["status_label"], partner["pipeline_name"]) == ("Signed", "Resale")
    used = await api.delete(f"/api/v1/status/opportunity/{added.json()['id']}/")
    assert used.status_code == 400 and "Signed" in used.json()["errors"][0]
    assert (await api.delete(f"/api/v1/pipeline/{pipeline['id']}/")).status_code == 400
    await api.delete(f"/api/v1/opportunity/{partner['id']}/")
    assert (await api.delete(f"/api/v1/pipeline/{pipeline['id']}/")).status_code == 204
    taken = await api.post("/api/v1/pipeline/", json={"name": "Sales"})
    assert "name" in taken.json()["field-errors"]
    renamed = (
        await api.put(f"/api/v1/status/opportunity/{plain['id']}/", json={"label": "Soon", "type": "lost"})
    ).json()
    assert (renamed["label"], renamed["type"]) == ("Soon", "lost")
    twice = await api.put(f"/api/v1/status/opportunity/{plain['id']}/", json={"label": "Won"})
    assert "label" in twice.json()["field-errors"]


async def test_a_leads_change_of_status_is_noted(api: httpx2.AsyncClient, tools: Tools, admin: ActingUser) -> None:
    lead_id = await lead(api)
    for label in ("Customer", "customer"):
        await api.put(f"/api/v1/lead/{lead_id}/", json={"status": label})
    assert await events_of(tools, admin, "activity.lead_status_change") == [("created", [])]


async def test_lead_statuses_can_be_put_in_another_order(api: httpx2.AsyncClient) -> None:
    ids = [one["id"] for one in (await api.get("/api/v1/status/lead/")).json()["data"]]
    turned = await api.put("/api/v1/status/lead/", json={"ids": ids[::-1]})
    assert [one["id"] for one in turned.json()["data"]] == ids[::-1]
    assert (await api.post("/api/v1/lead/", json={"name": "x"})).json()["status_id"] == ids[-1]
    assert (await api.put("/api/v1/status/lead/", json={"ids": ids[1:]})).status_code == 400

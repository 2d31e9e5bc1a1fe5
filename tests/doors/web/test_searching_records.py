"""Searches for deals, notes, calls, changes of status and custom fields, in both languages, over HTTP."""

import httpx2

from tests.doors.web.test_activities import lead, made


async def names(api: httpx2.AsyncClient, query: str) -> list[str]:
    answer = await api.get("/api/v1/lead/", params={"query": f"{query} sort:name"})
    assert answer.status_code == 200, (query, answer.text)
    return [one["name"] for one in answer.json()["data"]]


async def test_leads_are_found_by_their_deals_notes_calls_and_changes(api: httpx2.AsyncClient) -> None:
    first, second, _ = await lead(api, "A"), await lead(api, "B"), await lead(api, "C")
    deal = await made(api, "opportunity", lead_id=first, value=5000, note="Forty chairs")
    await made(api, "opportunity", lead_id=second, value=10, value_period="annual")
    await api.put(f"/api/v1/opportunity/{deal['id']}/", json={"status": "Won"})
    await made(api, "activity/note", lead_id=second, note="They like green")
    await made(api, "activity/call", lead_id=second, direction="outbound", duration=40, date_created="2024-05-01")
    await api.put(f"/api/v1/lead/{second}/", json={"status": "Customer"})
    for query, found in [
        ("opportunities > 0", ["A", "B"]), ("has:opportunities", ["A", "B"]), ("num_won_opportunities = 1", ["A"]),
        ("opportunity:Won", ["A"]), ("opportunity_user:me", ["A", "B"]), ("opportunity(value > 100 status:won)", ["A"]),
        ("opportunity(note:chairs)", ["A"]), ("opportunity(value > 100 status:active)", []),
        ("opportunity(value_period:annual)", ["B"]), ("opportunity(date_won:today)", ["A"]),
        ("opportunity(status_change(old_status:Active new_status:Won))", ["A"]),
        ("opportunity(value < 100 status_change(new_status:Won))", []),
        ("opportunity(original_status:Active status_type:won)", ["A"]),
        ("note(note:green)", ["B"]), ("green", ["B"]), ("notes = 0", ["A", "C"]), ("has:calls", ["B"]),
        ("call(direction:outgoing duration > 30)", ["B"]), ("call(duration > 60)", []),
        ("last_call < 2025-01-01", ["B"]),
        ("lead_status_change(old_status:Potential new_status:Customer date:today)", ["B"]),
        ("original_lead_status:Potential", ["A", "B", "C"]), ("last_lead_status_change_date:today", ["B"]),
    ]:  # fmt: skip
        assert await names(api, query) == found, query


async def test_leads_are_found_by_custom_fields_under_names_and_ids(api: httpx2.AsyncClient) -> None:
    source = (await made(api, "custom_field/lead", name="Source CRM"))["id"]
    owner = (await made(api, "custom_field/lead", name="Owner", type="user"))["id"]
    size = (await made(api, "custom_field/lead", name="Size", type="number"))["id"]
    me = (await api.get("/api/v1/me/")).json()["id"]
    await made(api, "lead", name="A", **{f"custom.{source}": "Trade fair", f"custom.{owner}": me, f"custom.{size}": 9})
    await made(api, "lead", name="B", **{f"custom.{source}": "Web", f"custom.{size}": 10})
    for query, found in [
        ('"custom.Source CRM":fair', ["A"]), (f"custom.{source}:fair", ["A"]), ('"Source CRM":*', ["A", "B"]),
        ('custom."source crm" = "web"', ["B"]), ("custom.Size > 9", ["B"]), (f"custom.{size} in (9, 11)", ["A"]),
        ("custom.Owner:me", ["A"]), ('custom.Owner:"Ann Admin"', ["A"]), ("custom.Owner:nobody", []),
        ("not custom.Owner:*", ["B"]), ("custom.Nothing:x", []),
    ]:  # fmt: skip
        assert await names(api, query) == found, query
    listed = await api.get("/api/v1/lead/", params={"query": "sort:-custom.Size"})
    assert [one["name"] for one in listed.json()["data"]] == ["B", "A"]


async def test_deals_are_found_by_a_query_of_their_own_and_of_their_leads(
    api: httpx2.AsyncClient, stranger: httpx2.AsyncClient
) -> None:
    first, second = await lead(api, "A"), await lead(api, "B")
    small = await made(api, "opportunity", lead_id=first, value=10)
    large = await made(api, "opportunity", lead_id=second, value=900, note="chairs")
    view = await made(api, "saved_search", name="Only B", query="name:B")
    for params, found in [
        ({"query": "value > 100"}, [large]), ({"query": "chairs"}, [large]), ({"lead_query": "name:A"}, [small]),
        ({"lead_saved_search_id": view["id"]}, [large]), ({"query": "value > 100", "lead_query": "name:A"}, []),
        ({"query": "status:active user:me"}, [large, small]),
    ]:  # fmt: skip
        page = (await api.get("/api/v1/opportunity/", params=params)).json()
        assert sorted(one["id"] for one in page["data"]) == sorted(one["id"] for one in found), params
        assert page["total_results"] == len(found)
        assert (await stranger.get("/api/v1/opportunity/", params={"query": "*"})).json()["data"] == []
    mistake = await api.get("/api/v1/opportunity/", params={"query": "vaule > 1"})
    assert mistake.status_code == 400 and "value" in mistake.text


async def test_structured_searches_find_deals_and_notes(api: httpx2.AsyncClient) -> None:
    lead_id = await lead(api, "A")
    deal = await made(api, "opportunity", lead_id=lead_id, value=900)
    note = await made(api, "activity/note", lead_id=lead_id, note="green")

    def tree(kind: str, name: str, condition: dict) -> dict:
        field = {"type": "regular_field", "object_type": kind, "field_name": name}
        one = {"type": "field_condition", "field": field, "condition": condition}
        return {"type": "and", "queries": [{"type": "object_type", "object_type": kind}, one]}

    green = tree("activity.note", "note", {"type": "text", "mode": "phrase", "value": "green"})
    rich = tree("opportunity", "value", {"type": "number_range", "gte": 900})
    for kind, query, names, found in [
        ("opportunity", rich, ["value", "status_label"],
         {"id": deal["id"], "value": 900, "status_label": "Active", "__object_type": "opportunity"}),
        ("activity.note", green, ["note"], {"id": note["id"], "note": "green", "__object_type": "activity.note"}),
    ]:  # fmt: skip
        answer = await api.post("/api/v1/data/search/", json={"query": query, "_fields": {kind: names}})
        assert answer.json()["data"] == [found], answer.text
    related = {
        "type": "and",
        "queries": [
            {"type": "object_type", "object_type": "lead"},
            {"type": "has_related", "this_object_type": "lead", "related_object_type": "opportunity",
             "related_query": rich["queries"][1]},
        ],
    }  # fmt: skip
    assert (await api.post("/api/v1/data/search/", json={"query": related})).json()["data"][0]["id"] == lead_id

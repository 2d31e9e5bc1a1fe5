"""/lead/merge/: everything of the source stands on the destination."""

import httpx2

from tests.doors.web.test_activities import lead, made


async def test_everything_moves_and_the_merge_is_noted(api: httpx2.AsyncClient, stranger: httpx2.AsyncClient) -> None:
    source, kept = await lead(api, "Source"), await lead(api, "Kept")
    await api.put(
        f"/api/v1/lead/{source}/", json={"custom.Origin": "Fair", "custom.Size": "big", "url": "https://s.test"}
    )
    await api.put(f"/api/v1/lead/{kept}/", json={"custom.Size": "small"})
    await made(api, "contact", lead_id=kept, name="First")
    contact = await made(api, "contact", lead_id=source, name="Zoe", emails=[{"email": "zoe@s.example"}])
    task = await made(api, "task", lead_id=source, text="Call")
    deal = await made(api, "opportunity", lead_id=source, value=100)
    note = await made(api, "activity/note", lead_id=source, note="x")
    said = await made(api, "comment", object_id=note["id"], body="y")
    for body, wrong in [({"source": source}, "destination"), ({"source": kept, "destination": kept}, "source")]:
        refused = await api.post("/api/v1/lead/merge/", json=body)
        assert refused.status_code == 400 and wrong in refused.json()["field-errors"], refused.text
    both = {"source": source, "destination": kept}
    assert (await stranger.post("/api/v1/lead/merge/", json=both)).status_code == 404
    merged = await api.post("/api/v1/lead/merge/", json=both)
    assert merged.status_code == 200 and merged.json() == {"id": kept}, merged.text
    assert (await api.get(f"/api/v1/lead/{source}/")).status_code == 404
    found = (await api.get(f"/api/v1/lead/{kept}/")).json()
    assert (found["name"], found["url"], found["custom"]) == (
        "Kept",
        "https://s.test",
        {"Origin": "Fair", "Size": "small"},
    )
    assert [one["name"] for one in found["contacts"]] == ["First", "Zoe"] and found["contacts"][1]["id"] == contact[
        "id"
    ]
    assert [one["id"] for one in found["opportunities"]] == [deal["id"]]
    assert [one["id"] for one in found["tasks"]] == [task["id"]]
    assert (await api.get(f"/api/v1/comment/{said['id']}/")).json()["object_id"] == note["id"]
    happened = (await api.get(f"/api/v1/activity/?lead_id={kept}&_type__in=Note,LeadMerge,Created")).json()["data"]
    assert [one["_type"] for one in happened] == ["LeadMerge", "Note", "Created"]
    assert (happened[0]["source_lead_id"], happened[0]["source_lead_name"]) == (source, "Source")
    assert (await api.get(f"/api/v1/activity/lead_merge/{happened[0]['id']}/")).json() == happened[0]
    events = (await api.get(f"/api/v1/event/?object_type=lead&object_id={source}")).json()["data"]
    assert events[0]["action"] == "deleted"
    assert (await api.get("/api/v1/lead/", params={"query": "email_address:zoe@s.example"})).json()[
        "total_results"
    ] == 1

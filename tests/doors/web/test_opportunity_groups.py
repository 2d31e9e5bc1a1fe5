"""/opportunity/?_group_by=…: groups in their order, cut by opportunities, with sums over all of each."""

import httpx2
import pytest

from postroom.rooms.users.user import ActingUser

URL = "/api/v1/opportunity/"


@pytest.fixture
async def deals(api: httpx2.AsyncClient) -> list[str]:
    """Four that were won, in two years, and one that is open."""
    lead = (await api.post("/api/v1/lead/", json={"name": "Firm"})).json()["id"]
    await api.post("/api/v1/custom_field/opportunity/", json={"name": "Kind", "type": "text"})
    made = []
    for value, day in ((100, "2024-12-30"), (200, "2025-01-02"), (300, "2025-01-31"), (400, "2025-06-01"), (500, None)):
        body = {"lead_id": lead, "value": value, "date_won": day, "confidence": 50, "custom.Kind": "New"}
        answer = await api.post(URL, json=body)
        assert answer.status_code == 200, answer.text
        made.append(answer.json()["id"])
    return made


async def groups(api: httpx2.AsyncClient, by: str, **params: object) -> list[dict]:
    answer = await api.get(URL, params={"_group_by": by, "_order_by": "-value", **params})
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


async def test_groups_by_time_have_their_names_and_sums(api: httpx2.AsyncClient, deals: list[str]) -> None:
    found = await groups(api, "date_won__year")
    assert [(one["key"], one["year"], one["total_results"]) for one in found] == [
        ("2024", 2024, 1), ("2025", 2025, 3), ("none", None, 1),
    ]  # fmt: skip
    in_2025 = found[1]
    assert [one["value"] for one in in_2025["objects"]] == [400, 300, 200], "each group in the order asked for"
    assert (in_2025["total_value_one_time"], in_2025["expected_value_one_time"]) == (900, 450)
    assert in_2025["count_by_value_period"] == {"one_time": 3, "monthly": 0, "annual": 0}
    months = await groups(api, "date_won__month")
    assert [(one["key"], one["year"], one["month"]) for one in months[:3]] == [
        ("2024-12", 2024, 12), ("2025-01", 2025, 1), ("2025-06", 2025, 6),
    ]  # fmt: skip
    weeks = await groups(api, "date_won__week")
    assert (weeks[0]["weekyear"], weeks[0]["week"], weeks[0]["total_results"]) == (2025, 1, 2), "ISO weeks: 30 December"
    quarters = await groups(api, "-date_won__quarter")
    assert [one["key"] for one in quarters] == ["2025-Q2", "2025-Q1", "2024-Q4", "none"]
    assert (quarters[0]["year"], quarters[0]["quarter"]) == (2025, 2)


async def test_groups_by_user_and_a_page_that_cuts_one(
    api: httpx2.AsyncClient, deals: list[str], admin: ActingUser
) -> None:
    (mine,) = await groups(api, "user_id", _limit=2, _fields="id,value")
    assert (mine["key"], mine["user_id"], mine["user_name"]) == (admin.id, admin.id, "Ann Admin")
    assert (mine["objects"], mine["total_results"]) == (
        [{"id": deals[4], "value": 500}, {"id": deals[3], "value": 400}], 5,
    )  # fmt: skip
    page = (await api.get(URL, params={"_group_by": "user_id", "_limit": 2, "status_type": "won"})).json()
    assert page["data"] == [] and page["total_results"] == 0
    whole = (await api.get(URL, params={"_group_by": "user_id", "_limit": 2})).json()
    assert (whole["has_more"], whole["total_results"]) == (True, 5)


async def test_other_groups_are_refused(api: httpx2.AsyncClient, deals: list[str]) -> None:
    for wrong in ("status_id", "date_won", "date_won__day", "--user_id"):
        answer = await api.get(URL, params={"_group_by": wrong})
        assert (answer.status_code, list(answer.json()["field-errors"])) == (400, ["_group_by"]), wrong


async def test_a_note_is_told_and_taken_as_html_too(api: httpx2.AsyncClient) -> None:
    made = (await api.post(URL, json={"note": "1 < 2 &  so\non"})).json()
    assert made["note_html"] == "<body><p>1 &lt; 2 &amp;  so<br>on</p></body>"
    url = f"{URL}{made['id']}/"
    assert (await api.put(url, json=made)).json()["note"] == made["note"], "sent back as it was"
    changed = (await api.put(url, json={**made, "note_html": "<p>New <script>x</script>text</p>"})).json()
    assert changed["note"] == "New text"
    assert (await api.put(url, json={**changed, "note": "Plain"})).json()["note"] == "Plain"
    assert (await api.post(URL, json={"note_html": "<body><p>Hi<br>you</p></body>"})).json()["note"] == "Hi\nyou"
    assert (await api.post(URL, json={})).json()["note_html"] == ""

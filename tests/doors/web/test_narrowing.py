"""Filters in the address of lists of leads and contacts, and how many rows a list gives at once."""

import httpx2
import pytest

API = "/api/v1"


async def made(api: httpx2.AsyncClient, name: str, **more: object) -> dict[str, object]:
    answer = await api.post(f"{API}/lead/", json={"name": name, **more})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def found(api: httpx2.AsyncClient, path: str, **params: object) -> set[str]:
    answer = await api.get(f"{API}/{path}/", params={**params, "_fields": "id,name"})
    assert answer.status_code == 200, answer.text
    return {row["name"] for row in answer.json()["data"]}


async def test_leads_are_narrowed_by_what_stands_in_the_address(api: httpx2.AsyncClient) -> None:
    statuses = [one["id"] for one in (await api.get(f"{API}/status/lead/")).json()["data"]]
    alpha = await made(api, "Alpha", date_created="2021-05-01", status_id=statuses[0])
    beta = await made(api, "Beta", status_id=statuses[1])
    view = (await api.post(f"{API}/saved_search/", json={"name": "A", "query": "name:Alpha"})).json()["id"]
    assert await found(api, "lead") == {"Alpha", "Beta"}
    assert await found(api, "lead", status_id=statuses[1]) == {"Beta"}
    assert await found(api, "lead", status_id__in=",".join(statuses)) == {"Alpha", "Beta"}
    assert await found(api, "lead", id__in=f"{alpha['id']},lead_none12345678") == {"Alpha"}
    assert await found(api, "lead", id=beta["id"]) == {"Beta"}
    assert await found(api, "lead", id__in="") == set(), "a list of none finds none, not all"
    assert await found(api, "lead", date_created__lt="2022-01-01") == {"Alpha"}
    assert await found(api, "lead", date_updated__gte="2099-01-01T00:00:00Z") == set()
    assert await found(api, "lead", saved_search_id=view) == {"Alpha"}
    assert await found(api, "lead", query="name:Beta", date_created__lt="2022-01-01") == set()
    counted = await api.get(f"{API}/lead/", params={"status_id": statuses[0], "_limit": 0})
    assert counted.json()["total_results"] == 1
    for wrong in ({"date_created__gte": "soon"}, {"saved_search_id": "save_none12345678"}):
        assert (await api.get(f"{API}/lead/", params=wrong)).status_code == 400, wrong


async def test_a_status_that_nobody_has_finds_nothing(api: httpx2.AsyncClient) -> None:
    await made(api, "Alpha")
    answer = await api.get(f"{API}/lead/", params={"status_id": "stat_none12345678"})
    assert answer.status_code == 400 or answer.json()["data"] == []


async def test_contacts_are_found_by_a_query_as_leads_are(api: httpx2.AsyncClient) -> None:
    contacts = [
        {"name": "Ida", "emails": [{"email": "ida@alpha.test"}], "phones": [{"phone": "+49301234567"}]},
        {"name": "Ole", "emails": [{"email": "ole@alpha.test"}]},
    ]
    lead = await made(api, "Alpha", contacts=contacts)
    await made(api, "Beta", contacts=[{"name": "Ida", "emails": [{"email": "ida@beta.test"}]}])
    assert await found(api, "contact", query="email:ida@alpha.test") == {"Ida"}
    assert len((await api.get(f"{API}/contact/", params={"query": "name:Ida"})).json()["data"]) == 2
    assert await found(api, "contact", query="name:Ole", lead_id=lead["id"]) == {"Ole"}
    assert await found(api, "contact", query='phone:"+49301234567"') == {"Ida"}
    ole = next(one["id"] for one in lead["contacts"] if one["name"] == "Ole")
    assert await found(api, "contact", id__in=ole) == {"Ole"}
    assert await found(api, "contact", date_created__gt="2099-01-01") == set()
    refused = await api.get(f"{API}/contact/", params={"query": "name:("})
    assert refused.status_code == 400 and refused.json()["field-errors"]["query"]


@pytest.mark.parametrize(
    "path", ["task", "custom_field/lead", "user", "saved_search", "opportunity", "sequence", "role", "email_template"]
)
async def test_small_things_come_a_thousand_at_once(api: httpx2.AsyncClient, path: str) -> None:
    """A connector that asks for 1,000 counts on: with fewer at once it would pass over the difference."""
    assert (await api.get(f"{API}/{path}/", params={"_limit": 1000})).status_code == 200
    assert (await api.get(f"{API}/lead/", params={"_limit": 1000})).status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "dialer", "outcome", "playbook", "blocked_phone_number", "shared_scheduling_link", "user/availability",
        "bulk_action/sequence_subscription", "custom_field/custom_object_type", "activity/import_update",
        "export/lead", "export/opportunity",
    ],
)  # fmt: skip
async def test_lists_that_connectors_walk_through_are_there(api: httpx2.AsyncClient, path: str) -> None:
    assert (await api.get(f"{API}/{path}/")).json() == {"data": [], "has_more": False}
    for method in ("GET", "PUT", "DELETE"):
        one = await api.request(method, f"{API}/{path}/x_12345678/", **({"json": {}} if method == "PUT" else {}))
        assert one.status_code == (405 if path.startswith("export") and method != "GET" else 404), (method, path)


async def test_what_cannot_be_made_is_said_in_words(api: httpx2.AsyncClient) -> None:
    refused = await api.post(f"{API}/activity/whatsapp_message/", json={"lead_id": "lead_x", "text": "Hi"})
    assert refused.status_code == 400 and "whatsapp message" in refused.json()["errors"][0]


async def test_exports_are_listed_by_what_they_hold(api: httpx2.AsyncClient) -> None:
    lead = (await api.post(f"{API}/export/lead/", json={"format": "csv", "type": "contacts"})).json()["id"]
    deal = (await api.post(f"{API}/export/opportunity/", json={"format": "json"})).json()["id"]
    for kind, wanted in (("lead", lead), ("opportunity", deal)):
        listed = (await api.get(f"{API}/export/{kind}/")).json()["data"]
        assert [one["id"] for one in listed] == [wanted]
        assert (await api.get(f"{API}/export/{kind}/{wanted}/")).json()["id"] == wanted
    assert len((await api.get(f"{API}/export/")).json()["data"]) == 2


async def test_the_organization_is_listed_alone(api: httpx2.AsyncClient) -> None:
    own = (await api.get(f"{API}/me/")).json()["organizations"][0]["id"]
    listed = (await api.get(f"{API}/organization/")).json()
    assert [one["id"] for one in listed["data"]] == [own] and listed["data"][0]["lead_statuses"]

"""/saved_search/: Smart Views with their owners, in Close's shapes; and the ones a new organization begins with."""

import asyncio
from typing import Any

import httpx2
import pytest

from postroom.journeys.tools import Tools
from postroom.rooms.users import store as users
from postroom.rooms.users.user import ActingUser, NewUser, Role
from tests.doors.web.conftest import Door, key_of

S_QUERY = {
    "query": {
        "type": "and",
        "queries": [
            {"type": "object_type", "object_type": "lead"},
            {
                "type": "field_condition",
                "field": {"type": "regular_field", "object_type": "lead", "field_name": "name"},
                "condition": {"type": "text", "mode": "full_words", "value": "acme"},
            },
        ],
    },
    "results_limit": None,
    "sort": [],
}


@pytest.fixture
async def colleague(tools: Tools, door: Door, admin: ActingUser) -> httpx2.AsyncClient:
    """A client of another user of the same organization, who is no admin."""
    async with tools.db.transaction() as tx:
        user = await users.insert_user(
            tx, admin.organization_id, NewUser("bob@acme.test", "Bob", "B", "x", Role.USER), tools.clock()
        )
    return door.client(auth=(await key_of(tools, user), ""))


async def test_a_new_organization_has_the_usual_views_and_each_works(api: httpx2.AsyncClient) -> None:
    views = (await api.get("/api/v1/saved_search/")).json()
    names = [view["name"] for view in views["data"]]
    assert names[:6] == [
        "All Leads", "Has Notifications", "Recently Created", "Recently Updated", "Recently Emailed", "Never Emailed",
    ]  # fmt: skip
    assert "Bad Fit" in names
    await api.post("/api/v1/lead/", json={"name": "Acme"})
    counts = {}
    for view in views["data"]:
        assert (view["is_shared"], view["user_id"]) == (True, None)
        assert view["s_query"].keys() == {"query", "results_limit", "sort"}, "some clients read nothing else"
        by_query = (await api.get("/api/v1/lead/", params={"query": view["query"]})).json()
        by_name = (await api.get("/api/v1/lead/", params={"query": f'in:"{view["name"]}"'})).json()
        by_id = (await api.get("/api/v1/lead/", params={"query": f"in:{view['id']}"})).json()
        assert by_query["total_results"] == by_name["total_results"] == by_id["total_results"]
        by_tree = await api.post("/api/v1/data/search/", json={**view["s_query"], "include_counts": True})
        assert by_tree.json()["count"]["total"] == by_query["total_results"], view["name"]
        counts[view["name"]] = by_query["total_results"]
    found = {name for name, count in counts.items() if count}
    assert found == {"All Leads", "Recently Created", "Recently Updated", "Never Emailed", "Potential"}


async def test_a_view_is_made_read_changed_and_deleted(api: httpx2.AsyncClient) -> None:
    made = await api.post("/api/v1/saved_search/", json={"name": " Mine ", "query": "created_by:me"})
    assert made.status_code == 200, made.text
    view = made.json()
    assert view["id"].startswith("save_")
    assert (view["name"], view["type"], view["is_shared"]) == ("Mine", "lead", False)
    assert view["is_user_dependent"] is True
    assert view["s_query"]["query"]["queries"][0] == {"type": "object_type", "object_type": "lead"}
    url = f"/api/v1/saved_search/{view['id']}/"
    assert (await api.get(url)).json() == view
    changed = (await api.put(url, json={**view, "is_shared": True, "description": "d"})).json()
    assert (changed["is_shared"], changed["description"], changed["query"]) == (True, "d", "created_by:me")
    sharing = changed["sharing_settings"]
    assert (sharing["whole_org"], sharing["user_ids"], sharing["group_ids"]) == (True, [], [])
    turned = (await api.put(url, json={"s_query": S_QUERY})).json()
    assert (turned["query"], turned["s_query"], turned["is_user_dependent"]) == (None, S_QUERY, False)
    assert (await api.delete(url)).json() == {}
    assert (await api.get(url)).status_code == 404


async def test_a_personal_view_is_seen_by_its_owner_and_by_those_it_is_shared_with(
    api: httpx2.AsyncClient, colleague: httpx2.AsyncClient
) -> None:
    bob = (await colleague.get("/api/v1/me/")).json()["id"]
    view = (await api.post("/api/v1/saved_search/", json={"name": "Secret", "query": "acme"})).json()
    url = f"/api/v1/saved_search/{view['id']}/"
    assert (await colleague.get(url)).status_code == 404
    assert (await colleague.get("/api/v1/lead/", params={"query": "in:Secret"})).status_code == 400
    await api.put(url, json={"shared_with": [bob]})
    assert (await colleague.get(url)).status_code == 200
    assert (await colleague.get("/api/v1/lead/", params={"query": "in:secret"})).status_code == 200
    assert (await colleague.put(url, json={"name": "Taken"})).status_code == 403
    assert (await colleague.delete(url)).status_code == 403
    own = (await colleague.post("/api/v1/saved_search/", json={"name": "Bob's", "query": "x"})).json()
    assert (await api.get(f"/api/v1/saved_search/{own['id']}/")).status_code == 404


async def test_a_view_shared_with_a_group_is_seen_by_its_members(
    api: httpx2.AsyncClient, colleague: httpx2.AsyncClient
) -> None:
    bob = (await colleague.get("/api/v1/me/")).json()["id"]
    group = (await api.post("/api/v1/group/", json={"name": "Sales", "members": []})).json()["id"]
    body = {"name": "Ours", "query": "acme", "shared_with": [group]}
    url = f"/api/v1/saved_search/{(await api.post('/api/v1/saved_search/', json=body)).json()['id']}/"
    assert (await colleague.get(url)).status_code == 404
    await api.post(f"/api/v1/group/{group}/member/", json={"user_id": bob})
    seen = await colleague.get(url)
    assert (seen.status_code, seen.json()["sharing_settings"]["group_ids"]) == (200, [group])
    assert "Ours" in [one["name"] for one in (await colleague.get("/api/v1/saved_search/")).json()["data"]]
    assert (await colleague.get("/api/v1/lead/", params={"query": "in:Ours"})).status_code == 200
    assert (await colleague.put(url, json={"name": "Taken"})).status_code == 403


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"query": "acme"}, "name"),
        ({"name": "", "query": "acme"}, "name"),
        ({"name": "x" * 201, "query": "a"}, "name"),
        ({"name": "N"}, "s_query"),
        ({"name": "N", "query": "name:"}, "query"),
        ({"name": "N", "type": "dragon", "query": "a"}, "type"),
        ({"name": "N", "s_query": {"query": {"type": "match_all"}}}, "query"),
        ({"name": "N", "s_query": {}}, "query"),
        ({"name": "N", "type": "contact", "s_query": S_QUERY}, "type"),
    ],
)
async def test_a_view_that_makes_no_sense_is_refused(
    api: httpx2.AsyncClient, body: dict[str, object], field: str
) -> None:
    answer = await api.post("/api/v1/saved_search/", json=body)
    assert (answer.status_code, list(answer.json()["field-errors"])) == (400, [field]), answer.text


async def test_views_are_listed_by_type(api: httpx2.AsyncClient) -> None:
    query = {"type": "and", "queries": [{"type": "object_type", "object_type": "contact"}]}
    made = await api.post("/api/v1/saved_search/", json={"name": "People", "s_query": {"query": query}})
    assert (made.json()["type"], made.json()["s_query"]["sort"]) == ("contact", [])
    listed = (await api.get("/api/v1/saved_search/?type=contact&_fields=id,name")).json()
    assert listed == {"data": [{"id": made.json()["id"], "name": "People"}], "has_more": False}
    both = (await api.get("/api/v1/saved_search/?type__in=contact,lead&_limit=5")).json()
    assert (len(both["data"]), both["has_more"]) == (5, True)
    assert (await api.get("/api/v1/saved_search/?type=opportunity")).json()["data"] == []


async def test_a_view_that_names_itself_is_a_mistake_and_no_loop(api: httpx2.AsyncClient) -> None:
    await api.post("/api/v1/saved_search/", json={"name": "Loop", "query": "acme in:Loop2"})
    await api.post("/api/v1/saved_search/", json={"name": "Loop2", "query": "x or in:Loop"})
    answer = await api.get("/api/v1/lead/", params={"query": "in:Loop"})
    assert answer.status_code == 400
    assert "refers to itself" in answer.json()["errors"][0]


async def test_a_mistake_in_a_query_answers_with_its_place_and_a_hint(api: httpx2.AsyncClient) -> None:
    answer = await api.get("/api/v1/lead/", params={"query": "acme nmae:x"})
    assert answer.status_code == 400
    assert answer.json()["field-errors"]["query"] == {
        "text": "A lead has no field 'nmae'. Did you mean 'name'?", "column": 6, "meant": "name",
    }  # fmt: skip


async def test_another_organizations_views_are_nobodys(api: httpx2.AsyncClient, stranger: httpx2.AsyncClient) -> None:
    view = (await api.post("/api/v1/saved_search/", json={"name": "Ours", "query": "acme", "is_shared": True})).json()
    url = f"/api/v1/saved_search/{view['id']}/"
    for method in ("GET", "PUT", "DELETE"):
        answer = await stranger.request(method, url, json={"name": "Taken"} if method == "PUT" else None)
        assert answer.status_code == 404, method
    for query in (f"in:{view['id']}", "in:Ours"):
        assert (await stranger.get("/api/v1/lead/", params={"query": query})).status_code == 400
    node = {"type": "saved_search", "saved_search_id": view["id"]}
    tree = {"type": "and", "queries": [{"type": "object_type", "object_type": "lead"}, node]}
    assert (await stranger.post("/api/v1/data/search/", json={"query": tree})).status_code == 400
    assert "Ours" not in (await stranger.get("/api/v1/saved_search/?_limit=100")).text
    assert (await api.get(url)).json()["name"] == "Ours"


async def test_a_view_sent_back_whole_keeps_the_language_it_was_written_in(api: httpx2.AsyncClient) -> None:
    made = (await api.post("/api/v1/saved_search/", json={"name": "V", "query": "name:Acme"})).json()
    url = f"/api/v1/saved_search/{made['id']}/"
    echoed = (await api.put(url, json={**made, "name": "W"})).json()
    assert (echoed["query"], echoed["s_query"]) == ("name:Acme", made["s_query"])
    rewritten = (await api.put(url, json={**made, "query": "name:Other"})).json()
    assert rewritten["query"] == "name:Other" and rewritten["s_query"] != made["s_query"]
    restructured = (await api.put(url, json={**rewritten, "s_query": S_QUERY})).json()
    assert (restructured["query"], restructured["s_query"]) == (None, S_QUERY), "what was changed is what counts"
    cloned = (await api.post("/api/v1/saved_search/", json={**made, "id": None, "name": "Clone"})).json()
    assert cloned["query"] == "name:Acme"
    people = {"name": "People", "type": "contact", "query": "title:CEO"}
    of_contacts = (await api.post("/api/v1/saved_search/", json=people)).json()
    assert of_contacts["s_query"]["query"]["queries"][0]["object_type"] == "contact"
    for text in ("acm slice:1/2", 'name:*cme created > "2024-01-01 08:00"'):
        view = (await api.post("/api/v1/saved_search/", json={"name": "T", "query": text})).json()
        found = await api.post("/api/v1/data/search/", json=view["s_query"])
        assert found.status_code == 200, "a saved tree can be posted as it is, whatever was written"


async def test_a_mistake_in_a_views_query_has_its_place(api: httpx2.AsyncClient) -> None:
    answer = await api.post("/api/v1/saved_search/", json={"name": "N", "query": 'acme (status:"Bad Fit" or'})
    assert answer.status_code == 400
    assert answer.json()["field-errors"]["query"]["column"] == 6  # the parenthesis that is never closed


CONTACTS = {"type": "and", "queries": [{"type": "object_type", "object_type": "contact"}]}
TITLE = {"type": "regular_field", "object_type": "contact", "field_name": "title"}
CEOS = {"type": "field_condition", "field": TITLE, "condition": {"type": "text", "mode": "full_words", "value": "ceo"}}


@pytest.mark.parametrize(
    "view",
    [
        {"type": "contact", "query": "title:ceo"},
        {"type": "contact", "s_query": {"query": {**CONTACTS, "queries": [*CONTACTS["queries"], CEOS]}}},
        {"s_query": {"query": {**CONTACTS, "queries": [*CONTACTS["queries"], CEOS]}}},
        {"type": "contact", "s_query": {**CONTACTS, "queries": [*CONTACTS["queries"], CEOS]}},
        {"type": "contact", "s_query": {"query": {"type": "and", "queries": [CEOS]}}},
        {"s_query": {"query": {"type": "and", "queries": [CEOS]}}},
    ],
)
async def test_a_smart_view_of_contacts_finds_contacts_wherever_it_is_used(
    api: httpx2.AsyncClient, view: dict[str, Any]
) -> None:
    people = [{"name": "Jo", "title": "CEO"}, {"name": "Zoe", "title": "CFO"}]
    lead = (await api.post("/api/v1/lead/", json={"name": "Firm", "contacts": people})).json()
    jo = next(one["id"] for one in lead["contacts"] if one["name"] == "Jo")
    made = (await api.post("/api/v1/saved_search/", json={"name": "CEOs", **view})).json()
    assert (made["type"], sorted(made["s_query"])) == ("contact", ["query", "results_limit", "sort"])
    alone = {"type": "saved_search", "saved_search_id": made["id"]}
    for query in (alone, {"type": "and", "queries": [alone]}, {**CONTACTS, "queries": [*CONTACTS["queries"], alone]}):
        found = await api.post("/api/v1/data/search/", json={"query": query})
        assert found.json()["data"] == [{"__object_type": "contact", "id": jo}], found.text
    again = await api.post("/api/v1/data/search/", json=made["s_query"])
    assert [row["id"] for row in again.json()["data"]] == [jo]
    listed = await api.get("/api/v1/contact/", params={"query": f'in:"{made["id"]}"'})
    assert [row["id"] for row in listed.json()["data"]] == [jo]
    wrong = await api.get("/api/v1/lead/", params={"query": f'in:"{made["id"]}"'})
    assert wrong.status_code == 400 and "finds contacts, not leads" in wrong.json()["errors"][0]


async def test_closes_own_view_of_all_leads_names_no_object_type(api: httpx2.AsyncClient) -> None:
    """As Close's documentation prints it."""
    lead = (await api.post("/api/v1/lead/", json={"name": "Firm"})).json()["id"]
    all_leads = {"query": {"negate": False, "type": "match_all"}, "results_limit": None, "sort": []}
    made = (await api.post("/api/v1/saved_search/", json={"name": "All", "type": "lead", "s_query": all_leads})).json()
    listed = await api.get("/api/v1/lead/", params={"saved_search_id": made["id"]})
    assert [row["id"] for row in listed.json()["data"]] == [lead]


async def test_sharing_settings_share_and_what_changes_counts(api: httpx2.AsyncClient, admin: ActingUser) -> None:
    settings = {"whole_org": False, "user_ids": [admin.id], "group_ids": []}
    body = {"name": "Ours", "query": "*", "is_shared": False, "sharing_settings": settings}
    made = (await api.post("/api/v1/saved_search/", json=body)).json()
    assert (made["is_shared"], made["shared_with"]) == (False, [admin.id])
    url = f"/api/v1/saved_search/{made['id']}/"
    whole = {**made, "sharing_settings": {**made["sharing_settings"], "whole_org": True}}
    changed = (await api.put(url, json=whole)).json()
    assert (changed["is_shared"], changed["shared_with"]) == (True, [admin.id])
    changed = (await api.put(url, json={**changed, "is_shared": False, "shared_with": []})).json()
    assert (changed["is_shared"], changed["shared_with"]) == (False, [])
    assert changed["sharing_settings"]["whole_org"] is False and changed["sharing_settings"]["user_ids"] == []


async def test_two_changes_at_once_both_hold(tools: Tools, api: httpx2.AsyncClient) -> None:
    made = (await api.post("/api/v1/saved_search/", json={"name": "Mine", "query": "acme"})).json()
    async with tools.db.transaction() as tx:
        await tx.execute("update saved_searches set description = 'Ours' where id = %s", (made["id"],))
        renamed = asyncio.create_task(api.put(f"/api/v1/saved_search/{made['id']}/", json={"name": "Theirs"}))
        while not await (await tx.execute("select 1 from pg_locks where not granted")).fetchone():
            await asyncio.sleep(0.01)
    view = (await renamed).json()
    assert (view["name"], view["description"]) == ("Theirs", "Ours")

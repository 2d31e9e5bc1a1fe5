"""Roles that see some leads only: what is on the others is not there for them, whichever way they ask."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx2
import pytest

from postroom.doors.web.live import _may_see
from postroom.ground.events import Event, LoggedEvent
from postroom.ground.viewer import seen_by, unbounded
from postroom.journeys.make_export import make_export
from postroom.journeys.run_bulk_action import run_bulk_action
from postroom.journeys.tools import Tools
from postroom.rooms.users import store as users
from postroom.rooms.users.store import bounds_of
from postroom.rooms.users.user import ActingUser, NewUser
from postroom.views.lead_names import lead_names
from tests.doors.web.conftest import PASSWORD, Door, key_of
from tests.doors.web.test_general_rules import BODIES, everything_of, operations, records_of
from tests.doors.web.test_tasks import item_in_inbox

SECRET = "Xanadu"
MAY = ["delete_own_activities", "bulk_edit", "bulk_delete", "delete_leads", "export", "view_coworkers_inboxes"]


@dataclass(frozen=True)
class Company:
    """An admin, and somebody who sees the leads that the field Owner assigns to them."""

    tools: Tools
    door: Door
    admin: httpx2.AsyncClient
    seller: httpx2.AsyncClient
    seller_id: str
    field_id: str
    role_id: str

    async def lead(self, name: str, owner: str | None) -> str:
        body = {"name": name, f"custom.{self.field_id}": owner, "contacts": [{"name": f"Zoe {name}"}]}
        answer = await self.admin.post("/api/v1/lead/", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()["id"]

    async def names(self, query: str = "") -> list[str]:
        return [one["name"] for one in (await self.seller.get("/api/v1/lead/", params={"query": query})).json()["data"]]


@pytest.fixture
async def company(tools: Tools, door: Door, api: httpx2.AsyncClient, admin: ActingUser) -> AsyncIterator[Company]:
    field = (await api.post("/api/v1/custom_field/lead/", json={"name": "Owner", "type": "user"})).json()
    role = {"name": "Seller", "permissions": MAY, "visibility_user_lcf_ids": [field["id"]]}
    made = await api.post("/api/v1/role/", json=role)
    assert made.status_code == 201, made.text
    async with tools.db.transaction() as tx:
        new = NewUser("sue@acme.test", "Sue", "Seller", "")
        seller = await users.insert_user(tx, admin.organization_id, new, tools.clock())
    members = (await api.get("/api/v1/membership/")).json()["data"]
    membership = next(one["id"] for one in members if one["user_id"] == seller.id)
    given = await api.put(f"/api/v1/membership/{membership}/", json={"role_id": made.json()["id"]})
    assert given.status_code == 200, given.text
    async with door.client(auth=(await key_of(tools, seller), "")) as client:
        yield Company(tools, door, api, client, seller.id, field["id"], made.json()["id"])


async def test_only_assigned_leads_are_found_counted_and_read(company: Company) -> None:
    mine, theirs = await company.lead("Mine", company.seller_id), await company.lead(SECRET, None)
    page = (await company.seller.get("/api/v1/lead/")).json()
    assert [one["id"] for one in page["data"]] == [mine] and page["total_results"] == 1
    assert await company.names(f"name:{SECRET}") == [] and await company.names(SECRET) == []
    assert (await company.seller.get(f"/api/v1/lead/{theirs}/")).status_code == 404
    assert (await company.admin.get("/api/v1/lead/")).json()["total_results"] == 2
    search = {"query": {"type": "object_type", "object_type": "contact"}, "include_counts": True}
    found = (await company.seller.post("/api/v1/data/search/", json=search)).json()
    assert len(found["data"]) == 1 and found["count"]["total"] == 1


async def test_what_nobody_has_is_seen_where_the_role_says_so(company: Company, admin: ActingUser) -> None:
    await company.lead("Nobody's", None)
    await company.lead("Ann's", admin.id)
    assert await company.names() == []
    change = {"visibility_user_lcf_behavior": "allow_unassigned"}
    role = (await company.admin.put(f"/api/v1/role/{company.role_id}/", json=change)).json()
    assert role["visibility_user_lcf_behavior"] == "allow_unassigned"
    assert role["visibility_user_lcf_ids"] == [company.field_id] and "view_all_leads" not in role["permissions"]
    assert await company.names() == ["Nobody's"]


async def test_a_field_of_several_people_assigns_to_each(company: Company, admin: ActingUser) -> None:
    field = f"/api/v1/custom_field/lead/{company.field_id}/"
    assert (await company.admin.put(field, json={"accepts_multiple_values": True})).status_code == 200
    body = {"name": "Ours", f"custom.{company.field_id}": [admin.id, company.seller_id]}
    assert (await company.admin.post("/api/v1/lead/", json=body)).status_code == 200
    assert await company.names() == ["Ours"]


async def test_who_makes_a_lead_sees_it_and_cannot_give_it_out_of_sight(company: Company, admin: ActingUser) -> None:
    made = (await company.seller.post("/api/v1/lead/", json={"name": "New"})).json()
    assert made[f"custom.{company.field_id}"] == company.seller_id
    alone = await company.seller.post("/api/v1/contact/", json={"name": "Of a lead of its own"})
    assert alone.status_code == 200
    away = {f"custom.{company.field_id}": admin.id}
    refused = await company.seller.put(f"/api/v1/lead/{made['id']}/", json=away)
    assert refused.status_code == 400 and "see this lead" in refused.json()["errors"][0]
    assert (await company.seller.get(f"/api/v1/lead/{made['id']}/")).json()[f"custom.{company.field_id}"]


async def things_of_lead(company: Company, admin: ActingUser) -> dict[str, str]:
    """The ids of everything on a lead of a coworker that has mail, by the names that paths give them."""
    item_id = await item_in_inbox(company.tools, company.admin, admin)
    lead_id = item_id.removeprefix("noti_")
    assert (await company.admin.put(f"/api/v1/lead/{lead_id}/", json={"name": SECRET})).status_code == 200
    api = company.admin
    contact = {"lead_id": lead_id, "name": f"Zoe {SECRET}", "emails": [{"email": "zoe@xanadu.example"}]}
    task = {"lead_id": lead_id, "text": f"Call {SECRET}"}
    deal = {"lead_id": lead_id, "note": SECRET, "value": 777}
    ids = {
        "lead_id": lead_id,
        "contact_id": (await api.post("/api/v1/contact/", json=contact)).json()["id"],
        "task_id": (await api.post("/api/v1/task/", json=task)).json()["id"],
        "opportunity_id": (await api.post("/api/v1/opportunity/", json=deal)).json()["id"],
        "email_id": f"acti_0{lead_id}",
        "thread_id": f"acti_t{lead_id}",
        **await records_of(api, lead_id),
    }
    ids.pop("type_id")
    return ids


async def test_each_endpoint_answers_as_if_other_leads_were_not_there(company: Company, admin: ActingUser) -> None:
    ids = await things_of_lead(company, admin)
    mine = await company.lead("Mine", company.seller_id)
    before = await everything_of(company.tools, admin.organization_id)
    asked = 0
    for method, path, operation in operations(company.door.app):
        names = set(re.findall(r"\{(\w+)\}", path))
        if not names or not names <= set(ids) | {"number", "filename"}:
            continue
        address = re.sub(r"\{(\w+)\}", lambda found: ids.get(found[1], "0"), path)
        body = BODIES.get(str(operation["operationId"]), {})
        answer = await company.seller.request(method, address, json=body if method != "GET" else None)
        assert answer.status_code in (403, 404), (method, path, answer.status_code, answer.text[:300])
        asked += 1
    assert asked > 35
    for path, given in [
        ("contact", {"name": "x"}), ("task", {"text": "x"}), ("opportunity", {}), ("activity/note", {"note": "x"}),
        ("activity/call", {}), ("activity/email", {"status": "draft", "subject": "x"}),
    ]:  # fmt: skip
        answer = await company.seller.post(f"/api/v1/{path}/", json={"lead_id": ids["lead_id"], **given})
        assert answer.status_code in (400, 404), (path, answer.text[:200])
    for one in (ids["note_id"], ids["thread_id"], ids["opportunity_id"]):
        comment = await company.seller.post("/api/v1/comment/", json={"object_id": one, "body": "x"})
        assert comment.status_code == 404
    merging = await company.seller.post("/api/v1/lead/merge/", json={"source": ids["lead_id"], "destination": mine})
    assert merging.status_code == 404
    assert await everything_of(company.tools, admin.organization_id) == before


async def test_no_list_report_or_search_tells_of_other_leads(company: Company, admin: ActingUser) -> None:
    ids = await things_of_lead(company, admin)
    asked = 0
    for method, path, operation in operations(company.door.app):
        if method != "GET" or "{" in path or operation["operationId"] in ("live", "get_openapi"):
            continue
        for query in ("", f"?lead_id={ids['lead_id']}", f"?query={SECRET}", f"?q={SECRET}&_type=all&view=all"):
            answer = await company.seller.get(path + query)
            told = answer.text.replace(f"?query={SECRET}", "")
            assert answer.status_code < 500, (path, query, answer.text)
            assert SECRET not in told and ids["lead_id"] not in told, (path, query, answer.text[:500])
        asked += 1
    assert asked > 40
    for listed in ("note_id", "thread_id", "opportunity_id"):
        threads = (await company.seller.get(f"/api/v1/comment_thread/?object_ids={ids[listed]}")).json()
        assert threads["data"] == []
    for kind in ("lead", "contact", "opportunity", "activity.email", "activity.note", "task"):
        search = {"query": {"type": "object_type", "object_type": kind}, "_fields": {kind: ["id", "lead_id", "name"]}}
        answer = await company.seller.post("/api/v1/data/search/", json=search)
        assert answer.status_code in (200, 400) and ids["lead_id"] not in answer.text, kind


async def test_jobs_that_somebody_asked_for_see_with_their_eyes(company: Company, admin: ActingUser) -> None:
    mine, theirs = await company.lead("Mine", company.seller_id), await company.lead(SECRET, None)
    export = (await company.seller.post("/api/v1/export/lead/", json={"format": "json"})).json()
    await make_export(company.tools, admin.organization_id, export["id"])
    done = (await company.seller.get(f"/api/v1/export/{export['id']}/")).json()
    assert (done["status"], done["n_docs"]) == ("done", 1)
    statuses = (await company.admin.get("/api/v1/status/lead/")).json()["data"]
    edit = {"query": "", "type": "set_lead_status", "lead_status_id": statuses[-1]["id"]}
    action = await company.seller.post("/api/v1/bulk_action/edit/", json=edit)
    assert action.status_code == 200, action.text
    await run_bulk_action(company.tools, admin.organization_id, action.json()["id"])
    states = {one: (await company.admin.get(f"/api/v1/lead/{one}/")).json()["status_id"] for one in (mine, theirs)}
    assert states == {mine: statuses[-1]["id"], theirs: statuses[0]["id"]}


async def test_live_changes_are_told_of_leads_that_one_sees(company: Company, admin: ActingUser) -> None:
    mine, theirs = await company.lead("Mine", company.seller_id), await company.lead(SECRET, None)
    org, db = admin.organization_id, company.tools.db

    def changed(lead_id: str) -> LoggedEvent:
        return LoggedEvent(1, 1, Event("lead", lead_id, "updated", lead_id), company.tools.clock())

    async with db.reading() as tx:
        bounds = await bounds_of(tx, org, company.seller_id)
    with seen_by(company.seller_id, bounds):
        assert await _may_see(db, org, changed(mine)) and not await _may_see(db, org, changed(theirs))
        with seen_by(company.seller_id):  # never widens
            assert not await _may_see(db, org, changed(theirs))
        with unbounded():  # what concerns their account as a whole
            async with db.reading() as tx:
                assert await lead_names(tx, org, [theirs])
    with seen_by(admin.id):
        assert await _may_see(db, org, changed(theirs))


async def test_readers_who_share_connections_do_not_see_with_each_others_eyes(company: Company) -> None:
    await company.lead("Mine", company.seller_id)
    await company.lead(SECRET, None)

    async def ask(client: httpx2.AsyncClient) -> int:
        return (await client.get("/api/v1/lead/")).json()["total_results"]

    counts = await asyncio.gather(*(ask(one) for one in (company.seller, company.admin) * 20))
    assert counts == [1, 2] * 20


async def test_a_role_says_what_it_sees_and_refuses_nonsense(company: Company, api: httpx2.AsyncClient) -> None:
    text = (await api.post("/api/v1/custom_field/lead/", json={"name": "Colour"})).json()["id"]
    for given in (
        {"visibility_user_lcf_ids": [text]}, {"visibility_user_lcf_ids": ["cf_none"]}, {"visibility_user_lcf_ids": []},
        {"visibility_user_lcf_behavior": "whatever"},
    ):  # fmt: skip
        answer = await api.post("/api/v1/role/", json={"name": "R", "permissions": ["export"], **given})
        assert answer.status_code == 400 and json.dumps(answer.json()["field-errors"]).count("visibility") >= 1
    plain = (await api.post("/api/v1/role/", json={"name": "Plain", "permissions": ["export"]})).json()
    assert plain["permissions"] == ["export", "view_all_leads"] and plain["visibility_user_lcf_behavior"] is None
    whole = {"name": "Boss", "permissions": ["manage_organization"], "visibility_user_lcf_ids": [company.field_id]}
    assert "view_all_leads" in (await api.post("/api/v1/role/", json=whole)).json()["permissions"]


async def test_fields_that_only_some_roles_change_are_closed_to_others(
    company: Company, api: httpx2.AsyncClient
) -> None:
    limited = {"name": "Credit", "editable_with_roles": ["superuser"]}
    field = f"custom.{(await api.post('/api/v1/custom_field/lead/', json=limited)).json()['id']}"
    lead = (await company.seller.post("/api/v1/lead/", json={"name": "L"})).json()
    address = f"/api/v1/lead/{lead['id']}/"
    refused = await company.seller.put(address, json={"name": "M", field: "high"})
    assert refused.status_code == 403 and "Credit" in refused.json()["errors"][0]
    assert (await api.put(address, json={field: "high"})).json()[field] == "high"
    echoed = await company.seller.put(address, json={"name": "M", field: "high"})
    assert echoed.status_code == 200 and echoed.json()["name"] == "M"
    shared = (await api.post("/api/v1/custom_field/shared/", json={"name": "Limit"})).json()["id"]
    stands = {"object_type": "contact", "editable_with_roles": ["admin"], "required": True}
    await api.post(f"/api/v1/custom_field/shared/{shared}/association/", json=stands)
    schema = (await api.get("/api/v1/custom_field_schema/contact/")).json()["fields"]
    assert [(one["editable_with_roles"], one["required"]) for one in schema] == [(["admin"], True)]
    contact = {"lead_id": lead["id"], "name": "Zoe"}
    assert (await company.seller.post("/api/v1/contact/", json={**contact, f"custom.{shared}": "x"})).status_code == 403
    assert (await company.seller.post("/api/v1/contact/", json=contact)).status_code == 200


async def test_kinds_of_activities_are_written_by_the_roles_they_name(
    company: Company, api: httpx2.AsyncClient
) -> None:
    lead_id = await company.lead("Mine", company.seller_id)
    kind = (await api.post("/api/v1/custom_activity/", json={"name": "Audit", "editable_with_roles": ["user"]})).json()
    wanted = {"lead_id": lead_id, "custom_activity_type_id": kind["id"]}
    assert (await company.seller.post("/api/v1/activity/custom/", json=wanted)).status_code == 403
    made = (await api.post("/api/v1/activity/custom/", json=wanted)).json()["id"]
    address = f"/api/v1/activity/custom/{made}/"
    assert (await company.seller.put(address, json={"pinned": True})).status_code == 403
    assert (await company.seller.delete(address)).status_code == 403
    await api.put(f"/api/v1/custom_activity/{kind['id']}/", json={"editable_with_roles": [], "api_create_only": True})
    assert (await company.seller.post("/api/v1/activity/custom/", json=wanted)).status_code == 200
    async with company.door.client(headers={"X-Postroom": "1"}) as browser:
        await browser.post("/api/v1/auth/sign_in/", json={"email": "ann@acme.test", "password": PASSWORD})
        assert (await browser.post("/api/v1/activity/custom/", json=wanted)).status_code == 403
        assert (await browser.put(address, json={"pinned": True})).status_code == 200

"""/bulk_action/edit/ and /bulk_action/delete/: everything that a query finds, once, whatever happens on the way."""

from typing import Any

import httpx2
import pytest

from postroom.journeys import run_bulk_action as journey
from postroom.journeys.run_bulk_action import run_bulk_action
from postroom.rooms.bulk_actions import store
from postroom.rooms.users import store as users
from postroom.rooms.users.roles import Role
from postroom.rooms.users.user import ActingUser, NewUser
from tests.doors.web.conftest import Door, key_of

API = "/api/v1"
CLEAR = {"type": "clear_custom_field", "custom_field_name": "x"}


async def leads_named(api: httpx2.AsyncClient, *names: str, **more: Any) -> list[str]:
    return [(await api.post(f"{API}/lead/", json={"name": name, **more})).json()["id"] for name in names]


async def run(door: Door, api: httpx2.AsyncClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
    begun = await api.post(f"{API}/bulk_action/{path}/", json=body)
    assert begun.status_code == 200, begun.text
    card = begun.json()
    assert (card["status"], card["n_objects"], card["n_leads"]) == ("created", None, None)
    await run_bulk_action(door.tools, card["organization_id"], card["id"])
    return (await api.get(f"{API}/bulk_action/{path}/{card['id']}/")).json()


async def by_label(api: httpx2.AsyncClient) -> dict[str, str]:
    return {one["label"]: one["id"] for one in (await api.get(f"{API}/status/lead/")).json()["data"]}


async def total(api: httpx2.AsyncClient, query: str) -> int:
    return (await api.get(f"{API}/lead/", params={"query": query, "_limit": 0})).json()["total_results"]


async def test_every_lead_that_a_query_finds_gets_the_status(
    door: Door, api: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journey, "THINGS_AT_ONCE", 2)
    monkeypatch.setattr(journey, "IDS_AT_ONCE", 3)
    leads = await leads_named(api, *(f"Firm {number}" for number in range(7)))
    await leads_named(api, "Other")
    status = (await by_label(api))["Customer"]
    body = {"query": 'status:"Potential" name:Firm', "type": "set_lead_status", "lead_status_id": status}
    done = await run(door, api, "edit", body)
    assert (done["status"], done["n_objects"], done["n_objects_processed"]) == ("done", 7, 7)
    assert await total(api, "status:Customer") == 7 and await total(api, "status:Potential") == 1
    history = await api.get(f"{API}/activity/status_change/lead/", params={"lead_id": leads[0]})
    if history.status_code == 200:
        assert history.json()["data"][0]["new_status_label"] == "Customer"
    (changed,) = (await api.get(f"{API}/event/?object_type=lead&object_id={leads[3]}&action=updated")).json()["data"]
    assert (changed["previous_data"]["status_label"], changed["data"]["status_label"]) == ("Potential", "Customer")


async def test_custom_fields_are_set_added_to_and_cleared(door: Door, api: httpx2.AsyncClient) -> None:
    made = await api.post(
        f"{API}/custom_field/lead/",
        json={"name": "Colours", "type": "choices", "choices": ["red", "blue"], "accepts_multiple_values": True},
    )
    assert made.status_code == 200, made.text
    field = made.json()["id"]
    (lead,) = await leads_named(api, "Firm")

    async def value() -> Any:
        return (await api.get(f"{API}/lead/{lead}/")).json().get(f"custom.{field}")

    edit: dict[str, Any] = {"s_query": _all_leads(), "type": "set_custom_field", "custom_field_id": field}
    await run(door, api, "edit", {**edit, "custom_field_values": ["red"]})
    assert await value() == ["red"]
    await run(door, api, "edit", {**edit, "custom_field_value": "blue", "custom_field_operation": "add"})
    assert await value() == ["red", "blue"]
    await run(door, api, "edit", {**edit, "custom_field_value": "red", "custom_field_operation": "remove"})
    assert await value() == ["blue"]
    await refused(api, {**edit, "custom_field_value": "green"}, "custom_field_value")
    lost = (await api.post(f"{API}/bulk_action/edit/", json={**edit, "custom_field_value": "red"})).json()
    await api.put(f"{API}/custom_field/lead/{field}/", json={"choices": ["blue", "green"]})
    await run_bulk_action(door.tools, lost["organization_id"], lost["id"])
    ended = (await api.get(f"{API}/bulk_action/edit/{lost['id']}/")).json()
    assert ended["status"] == "error" and ended["error"] and await value() == ["blue"]
    await run(door, api, "edit", {**edit, "custom_field_value": "red", "custom_field_operation": "remove"})
    await run(door, api, "edit", {"query": "*", "type": "clear_custom_field", "custom_field_name": "Colours"})
    assert await value() is None


async def refused(api: httpx2.AsyncClient, edit: dict[str, Any], field: str) -> str:
    """What is said of the field; nothing has been begun."""
    before = (await api.get(f"{API}/bulk_action/edit/")).json()
    answer = await api.post(f"{API}/bulk_action/edit/", json=edit)
    assert (answer.status_code, list(answer.json()["field-errors"])) == (400, [field]), answer.text
    assert (await api.get(f"{API}/bulk_action/edit/")).json() == before
    return str(answer.json()["field-errors"][field])


async def test_a_value_that_no_thing_can_take_is_refused_before_anything_is_begun(api: httpx2.AsyncClient) -> None:
    await leads_named(api, "Firm")
    edit: dict[str, Any] = {"query": "*", "type": "set_custom_field"}
    for kind, wrong in (
        ("number", "many"),
        ("date", "soon"),
        ("user", "user_elsewhere"),
        ("contact", "cont_elsewhere"),
    ):
        made = (await api.post(f"{API}/custom_field/lead/", json={"name": f"A {kind}", "type": kind})).json()
        for named in ({"custom_field_id": made["id"]}, {"custom_field_name": f"a {kind}"}):
            await refused(api, {**edit, **named, "custom_field_value": wrong}, "custom_field_value")
            await refused(api, {**edit, **named, "custom_field_values": [1, 2]}, "custom_field_value")
    await refused(api, {**edit, "custom_field_name": "New", "custom_field_value": {"a": 1}}, "custom_field_value")
    await refused(api, {**edit, "custom_field_id": "cf_none", "custom_field_value": "x"}, "custom_field_id")
    new = {**edit, "custom_field_name": "New", "custom_field_value": "x"}
    assert (await api.post(f"{API}/bulk_action/edit/", json=new)).status_code == 200
    names = [one["name"] for one in (await api.get(f"{API}/custom_field/lead/")).json()["data"]]
    assert "New" not in names  # the worker makes it, with the first lead


def _all_leads() -> dict[str, Any]:
    """The bare and-tree that Close answers for a bulk action, without a node of the object's type."""
    return {"type": "and", "queries": []}


async def test_leads_and_contacts_are_deleted_and_stand_in_the_log(door: Door, api: httpx2.AsyncClient) -> None:
    people = [{"name": "Bo"}, {"name": "Al"}]
    first, second = await leads_named(api, "Keep", "Drop", contacts=people)
    done = await run(door, api, "delete", {"query": "name:Drop", "send_done_email": False})
    assert (done["status"], done["n_objects_processed"], done["send_done_email"]) == ("done", 1, False)
    assert (await api.get(f"{API}/lead/{second}/")).status_code == 404
    (gone,) = (await api.get(f"{API}/event/?object_type=lead&action=deleted")).json()["data"]
    assert gone["previous_data"]["name"] == "Drop"
    named_bo = {
        "type": "field_condition", "condition": {"type": "text", "mode": "full_words", "value": "Bo"},
        "field": {"type": "regular_field", "object_type": "contact", "field_name": "name"},
    }  # fmt: skip
    await run(door, api, "delete", {"s_query": named_bo, "bulk_object_type": "contact"})
    assert [one["name"] for one in (await api.get(f"{API}/lead/{first}/")).json()["contacts"]] == ["Al"]


async def test_a_field_of_contacts_is_set_and_cleared(door: Door, api: httpx2.AsyncClient) -> None:
    made = await api.post(f"{API}/custom_field/contact/", json={"name": "Floor", "type": "number"})
    field = made.json()["id"]
    (lead,) = await leads_named(api, "Firm", contacts=[{"name": "Bo"}, {"name": "Al"}])
    named_bo = {
        "type": "field_condition", "condition": {"type": "text", "mode": "full_words", "value": "Bo"},
        "field": {"type": "regular_field", "object_type": "contact", "field_name": "name"},
    }  # fmt: skip

    async def floors() -> dict[str, Any]:
        contacts = (await api.get(f"{API}/lead/{lead}/")).json()["contacts"]
        return {one["name"]: one.get(f"custom.{field}") for one in contacts}

    edit: dict[str, Any] = {"s_query": named_bo, "custom_field_id": field}
    done = await run(door, api, "edit", {**edit, "type": "set_contact_custom_field", "custom_field_value": 3})
    assert (done["status"], done["n_objects_processed"]) == ("done", 1) and await floors() == {"Bo": 3, "Al": None}
    (changed,) = (await api.get(f"{API}/event/?object_type=contact&action=updated")).json()["data"]
    assert changed["data"][f"custom.{field}"] == 3
    await run(door, api, "edit", {**edit, "type": "clear_contact_custom_field"})
    assert await floors() == {"Bo": None, "Al": None}
    leads_only = {**edit, "query": "*", "s_query": None, "type": "clear_contact_custom_field"}
    refused = await api.post(f"{API}/bulk_action/edit/", json=leads_only)
    assert refused.status_code == 400 and "contact" in refused.json()["field-errors"]["s_query"]


async def test_fields_of_opportunities_and_custom_activities_are_set_and_cleared(
    door: Door, api: httpx2.AsyncClient
) -> None:
    (lead,) = await leads_named(api, "Firm")
    deal = (await api.post(f"{API}/opportunity/", json={"lead_id": lead, "value": 100})).json()
    kind = (await api.post(f"{API}/custom_activity/", json={"name": "Visit"})).json()["id"]
    visit = {"lead_id": lead, "custom_activity_type_id": kind}
    visited = (await api.post(f"{API}/activity/custom/", json=visit)).json()
    for target, more, thing, path in (
        ("opportunity", {}, "opportunity", f"opportunity/{deal['id']}"),
        ("activity", {"custom_activity_type_id": kind}, "custom_activity", f"activity/custom/{visited['id']}"),
    ):
        wish = {"name": "Tier", "type": "choices", "choices": ["A", "B"], **more}
        made = await api.post(f"{API}/custom_field/{target}/", json=wish)
        field = made.json()["id"]
        found = {"type": "match_all"}
        edit = {"s_query": found, "custom_field_id": field, "type": f"set_{target}_custom_field"}
        done = await run(door, api, "edit", {**edit, "custom_field_value": "B"})
        assert (done["status"], done["n_objects_processed"]) == ("done", 1), done
        assert (await api.get(f"{API}/{path}/")).json()[f"custom.{field}"] == "B"
        assert "must be one of: A, B" in await refused(api, {**edit, "custom_field_value": "C"}, "custom_field_value")
        await refused(api, {**edit, "custom_field_id": "cf_none", "custom_field_value": "B"}, "custom_field_id")
        await run(door, api, "edit", {**edit, "type": f"clear_{target}_custom_field"})
        assert (await api.get(f"{API}/{path}/")).json().get(f"custom.{field}") is None
        logged = (await api.get(f"{API}/event/?lead_id={lead}")).json()["data"]
        assert "updated" in [one["action"] for one in logged if one["object_type"].endswith(thing)]
    gone = await run(door, api, "delete", {"s_query": {"type": "match_all"}, "bulk_object_type": "custom_activity"})
    assert gone["n_objects_processed"] == 1
    assert (await api.get(f"{API}/activity/custom/{visited['id']}/")).status_code == 404


async def test_what_was_done_before_a_crash_is_not_done_again(
    door: Door, api: httpx2.AsyncClient, admin: ActingUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    leads = sorted(await leads_named(api, *(f"Firm {number}" for number in range(6))))
    monkeypatch.setattr(journey, "THINGS_AT_ONCE", 2)
    status = (await by_label(api))["Customer"]
    body = {"query": "name:Firm limit:5", "type": "set_lead_status", "lead_status_id": status}
    begun = (await api.post(f"{API}/bulk_action/edit/", json=body)).json()
    tools, organization_id = door.tools, admin.organization_id
    async with tools.db.transaction() as tx:
        await store.begin(tx, organization_id, begun["id"], tools.clock())
        await store.advance(tx, organization_id, (begun["id"], leads[1], 2))
        assert await store.actions_waiting(tx) == [(organization_id, begun["id"])]
    await run_bulk_action(tools, organization_id, begun["id"])
    done = (await api.get(f"{API}/bulk_action/edit/{begun['id']}/")).json()
    assert done["status"] == "done" and done["n_objects_processed"] <= 5
    untouched = [(await api.get(f"{API}/lead/{lead}/")).json()["status_label"] for lead in leads[:2]]
    assert untouched == ["Potential", "Potential"], "these were done before the crash, as far as the row says"
    await run_bulk_action(tools, organization_id, begun["id"])
    assert (await api.get(f"{API}/bulk_action/edit/{begun['id']}/")).json() == done
    told = (await api.get(f"{API}/event/", params={"object_id": begun["id"]})).json()["data"]
    assert [(one["object_type"], one["action"]) for one in told] == [
        ("bulk_action.edit", "completed"), ("bulk_action.edit", "created"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("edit", CLEAR, "s_query"),
        ("edit", {**CLEAR, "query": "*", "s_query": {}}, "query"),
        ("edit", {"query": "*"}, "type"),
        ("edit", {"query": "*", "type": "set_lead_status"}, "lead_status_id"),
        ("edit", {"query": "*", "type": "set_lead_status", "lead_status_id": "stat_x"}, "lead_status_id"),
        ("edit", {"query": "*", "type": "set_custom_field"}, "custom_field_id"),
        (
            "edit",
            {"query": "*", "type": "set_custom_field", "custom_field_id": "x", "custom_field_operation": "y"},
            "custom_field_operation",
        ),
        ("delete", {}, "s_query"),
        ("delete", {"query": "*", "bulk_object_type": "user"}, "bulk_object_type"),
        ("delete", {"query": "*", "bulk_object_type": "contact"}, "s_query"),
    ],
)
async def test_what_makes_no_sense_is_refused(
    api: httpx2.AsyncClient, path: str, body: dict[str, Any], field: str
) -> None:
    await leads_named(api, "Stays")
    refused = await api.post(f"{API}/bulk_action/{path}/", json=body)
    assert (refused.status_code, list(refused.json()["field-errors"])) == (400, [field]), refused.text
    assert (await api.get(f"{API}/bulk_action/{path}/")).json() == {"data": [], "has_more": False}


async def test_roles_say_who_may(door: Door, admin: ActingUser) -> None:
    for role, may_edit, may_delete in ((Role.RESTRICTED, 403, 403), (Role.USER, 200, 403), (Role.SUPERUSER, 200, 200)):
        async with door.tools.db.transaction() as tx:
            new = NewUser(f"{role}@acme.test", "C", "U", "", role)
            user = await users.insert_user(tx, admin.organization_id, new, door.tools.clock())
        async with door.client(auth=(await key_of(door.tools, user), "")) as theirs:
            edit = {"query": "x", "type": "clear_custom_field", "custom_field_name": "x"}
            assert (await theirs.post(f"{API}/bulk_action/edit/", json=edit)).status_code == may_edit, role
            deleted = await theirs.post(f"{API}/bulk_action/delete/", json={"query": "x"})
            assert deleted.status_code == may_delete, role

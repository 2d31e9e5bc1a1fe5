"""/custom_field/ and the values of custom fields on leads, contacts and opportunities, in all spellings."""

import httpx2
import pytest

CHOICES = {"name": "Colour", "type": "choices", "choices": ["Red", "Blue"], "accepts_multiple_values": True}


async def field(api: httpx2.AsyncClient, kind: str = "lead", **given: object) -> str:
    answer = await api.post(f"/api/v1/custom_field/{kind}/", json=given)
    assert answer.status_code == 200, answer.text
    return answer.json()["id"]


async def test_a_field_is_made_listed_changed_and_removed(api: httpx2.AsyncClient) -> None:
    made = (await api.post("/api/v1/custom_field/lead/", json=CHOICES)).json()
    assert made["id"].startswith("cf_") and made["choices"] == ["Red", "Blue"]
    assert (made["is_shared"], made["associations"], made["referenced_custom_type_id"]) == (False, [], None)
    url = f"/api/v1/custom_field/lead/{made['id']}/"
    changed = (await api.put(url, json={**made, "name": "Tint", "choices": ["Red", "Green"]})).json()
    assert (changed["name"], changed["choices"], changed["type"]) == ("Tint", ["Red", "Green"], "choices")
    assert (await api.get(url)).json() == changed
    for path in ("/api/v1/custom_field/lead/", "/api/v1/custom_fields/lead/", "/api/v1/custom_field/lead//"):
        assert (await api.get(path)).json() == {"data": [changed], "has_more": False}
    assert (await api.get("/api/v1/custom_field/lead/?_fields=id&_limit=1")).json()["data"] == [{"id": made["id"]}]
    assert (await api.get("/api/v1/me/")).json()["organizations"][0]["lead_custom_fields"] == [changed]
    assert (await api.get(f"/api/v1/custom_field/contact/{made['id']}/")).status_code == 404
    assert (await api.delete(url)).json() == {}
    assert (await api.get(url)).status_code == 404


async def test_the_path_of_older_clients_does_all_that_the_path_of_today_does(api: httpx2.AsyncClient) -> None:
    made = (await api.post("/api/v1/custom_fields/lead", json={"name": "Tint", "type": "text"})).json()
    url = f"/api/v1/custom_fields/lead/{made['id']}/"
    assert (await api.get(url)).json() == (await api.get(url.replace("fields", "field"))).json() == made
    assert (await api.put(url, json={"name": "Hue"})).json()["name"] == "Hue"
    assert [one["name"] for one in (await api.get("/api/v1//custom_fields//lead")).json()["data"]] == ["Hue"]
    assert (await api.delete(url)).status_code == 200 and (await api.get(url)).status_code == 404


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"name": ""}, "name"),
        ({"name": "x", "type": "colour"}, "type"),
        ({"name": "x", "type": "choices"}, "choices"),
        ({"name": "Taken"}, "name"),
    ],
)
async def test_a_field_that_makes_no_sense_is_refused(api: httpx2.AsyncClient, body: dict, wrong: str) -> None:
    taken = await field(api, name="Taken")
    refused = await api.post("/api/v1/custom_field/lead/", json=body)
    assert refused.status_code == 400 and wrong in refused.json()["field-errors"], refused.text
    other = await api.put(f"/api/v1/custom_field/lead/{taken}/", json={"type": "number"})
    assert "type" in other.json()["field-errors"]
    assert (await api.post("/api/v1/custom_field/star/", json={"name": "x"})).status_code == 404


@pytest.mark.parametrize("kind", ["lead", "contact", "opportunity"])
async def test_values_are_read_and_written_in_every_spelling(api: httpx2.AsyncClient, kind: str) -> None:
    colour, size = await field(api, kind, **CHOICES), await field(api, kind, name="Size", type="number")
    lead_id = (await api.post("/api/v1/lead/", json={"name": "L"})).json()["id"]
    body = {"lead_id": lead_id, "name": "A", f"custom.{colour}": "Red", "custom": {"size": "5"}}
    made = await api.post(f"/api/v1/{kind}/", json=body)
    assert made.status_code == 200, made.text
    url = f"/api/v1/{kind}/{made.json()['id']}/"
    assert (made.json()[f"custom.{colour}"], made.json()[f"custom.{size}"]) == (["Red"], 5)
    changed = (await api.put(url, json={f"custom.{colour}.add": "Blue", "custom.Size": 6})).json()
    assert (changed[f"custom.{colour}"], changed[f"custom.{size}"]) == (["Red", "Blue"], 6)
    listed = (await api.get(f"/api/v1/{kind}/?_fields=id,custom&lead_id={lead_id}")).json()["data"]
    mine = next(one for one in listed if one["id"] == made.json()["id"])
    assert mine[f"custom.{colour}"] == ["Red", "Blue"] and "name" not in mine
    back = await api.put(url, json=changed)
    assert back.status_code == 200 and back.json()[f"custom.{size}"] == 6, back.text
    cleared = (await api.put(url, json={f"custom.{colour}": None})).json()
    assert f"custom.{colour}" not in cleared and cleared[f"custom.{size}"] == 6
    for wrong in ({f"custom.{size}": "big"}, {f"custom.{colour}": "Green"}, {"custom.cf_none": 1}):
        refused = await api.put(url, json=wrong)
        assert refused.status_code == 400 and list(refused.json()["field-errors"]) == list(wrong), refused.text
    assert (await api.get(url)).json()[f"custom.{size}"] == 6
    await api.delete(f"/api/v1/custom_field/{kind}/{size}/")
    assert f"custom.{size}" not in (await api.get(url)).json()


async def test_a_lead_shows_its_values_by_name_too_and_those_of_its_contacts(api: httpx2.AsyncClient) -> None:
    source, hobby = await field(api, name="Source"), await field(api, "contact", name="Hobby")
    lead = {
        "name": "L", "custom": {"Source": "Fair"},
        "contacts": [{"name": "Z", f"custom.{hobby}": "Chess"}, {"name": "Y"}],
    }  # fmt: skip
    made = (await api.post("/api/v1/lead/", json=lead)).json()
    assert (made["custom"], made[f"custom.{source}"]) == ({"Source": "Fair"}, "Fair")
    assert [one.get(f"custom.{hobby}") for one in made["contacts"]] == ["Chess", None]
    one = (await api.get(f"/api/v1/lead/{made['id']}/?_fields=id,custom.{source}")).json()
    assert one == {"id": made["id"], f"custom.{source}": "Fair"}


async def test_a_name_of_no_field_makes_a_text_field(api: httpx2.AsyncClient) -> None:
    made = (await api.post("/api/v1/lead/", json={"name": "L", "custom.Lead initials": "JW"})).json()
    assert made["custom"] == {"Lead initials": "JW"}
    again = (await api.post("/api/v1/lead/", json={"name": "M", "custom": {"lead initials": "AB"}})).json()
    assert again["custom"] == {"Lead initials": "AB"}
    fields = (await api.get("/api/v1/custom_field/lead/")).json()["data"]
    assert [(one["name"], one["type"]) for one in fields] == [("Lead initials", "text")]


async def test_users_and_contacts_must_be_the_organizations_own(
    api: httpx2.AsyncClient, stranger: httpx2.AsyncClient
) -> None:
    owner, friend = await field(api, name="Owner", type="user"), await field(api, name="Friend", type="contact")
    mine = (await api.get("/api/v1/me/")).json()["id"]
    contact = (await api.post("/api/v1/contact/", json={"name": "Z"})).json()["id"]
    good = await api.post("/api/v1/lead/", json={f"custom.{owner}": mine, f"custom.{friend}": contact})
    assert good.json()["custom"] == {"Owner": mine, "Friend": contact}
    theirs = (await stranger.get("/api/v1/me/")).json()["id"]
    for wrong in ({f"custom.{owner}": theirs}, {f"custom.{friend}": mine}):
        refused = await api.post("/api/v1/lead/", json=wrong)
        assert refused.status_code == 400 and list(refused.json()["field-errors"]) == list(wrong)
    assert (await stranger.post("/api/v1/lead/", json={f"custom.{owner}": theirs})).status_code == 400


async def test_a_shared_field_stands_where_it_is_associated(api: httpx2.AsyncClient) -> None:
    shared, plain = await field(api, "shared", name="Region"), await field(api, name="Plain")
    url = f"/api/v1/custom_field/shared/{shared}/association/"
    assert (await api.post("/api/v1/lead/", json={f"custom.{shared}": "EU"})).status_code == 400
    for thing in ("lead", "contact"):
        joined = await api.post(url, json={"object_type": thing})
        assert joined.status_code == 200, joined.text
    assert [one["object_type"] for one in joined.json()["associations"]] == ["lead", "contact"]
    assert (await api.post("/api/v1/lead/", json={f"custom.{shared}": "EU"})).json()[f"custom.{shared}"] == "EU"
    schema = (await api.get("/api/v1/custom_field_schema/lead/")).json()["fields"]
    assert {one["id"]: one["is_shared"] for one in schema} == {shared: True, plain: False}
    order = [{"id": plain}, {"id": shared}]
    turned = (await api.put("/api/v1/custom_field_schema/lead/", json={"fields": order})).json()["fields"]
    assert [one["id"] for one in turned] == [plain, shared]
    first = (await api.put("/api/v1/custom_field_schema/lead/", json={"fields": order[1:]})).json()["fields"]
    assert [one["id"] for one in first] == [shared, plain]  # what is not named comes last
    for wrong in ([*order, order[0]], [{"id": "cf_none"}]):
        assert (await api.put("/api/v1/custom_field_schema/lead/", json={"fields": wrong})).status_code == 400
    changed = await api.put(f"{url}lead/", json={"required": True})
    assert [one["required"] for one in changed.json()["associations"]] == [True, False]
    assert (await api.delete(f"{url}lead/")).json() == {}
    assert (await api.delete(f"{url}lead/")).status_code == 404
    assert [one["id"] for one in (await api.get("/api/v1/custom_field_schema/lead/")).json()["fields"]] == [plain]

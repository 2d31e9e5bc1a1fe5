"""Records that programs bring along whole: who made them, values that a field no longer offers, answers cut short."""

import httpx2

from postroom.journeys.tools import Tools
from postroom.rooms.users import store as users
from postroom.rooms.users.user import ActingUser, NewUser, Role
from tests.doors.web.test_close_answers import API, made


async def test_a_record_keeps_its_author_where_that_is_a_user_here(
    tools: Tools, api: httpx2.AsyncClient, admin: ActingUser
) -> None:
    async with tools.db.transaction() as tx:
        new = NewUser("bea@acme.test", "Bea", "User", "", Role.USER)
        bea = await users.insert_user(tx, admin.organization_id, new, tools.clock())
    lead = await made(api, "lead", {"name": "Old", "created_by": bea.id, "date_created": "2020-01-02"})
    assert (lead["created_by"], lead["created_by_name"], lead["updated_by"]) == (bea.id, "Bea User", admin.id)
    deal = await made(api, "opportunity", {"lead_id": lead["id"], "created_by": bea.id})
    assert (deal["created_by"], deal["created_by_name"], deal["updated_by"]) == (bea.id, "Bea User", admin.id)
    for path in ("lead", "opportunity"):
        for unknown in ("user_elsewhere", None, ""):
            assert (await made(api, path, {"created_by": unknown}))["created_by"] == admin.id


async def test_a_choice_that_is_no_more_can_be_sent_back_and_taken_away(api: httpx2.AsyncClient) -> None:
    content = {"name": "Kind", "type": "choices", "choices": ["A", "B"], "accepts_multiple_values": True}
    field = await made(api, "custom_field/lead", content)
    key = f"custom.{field['id']}"
    lead = await made(api, "lead", {"name": "Acme", key: ["A", "B"]})
    path = f"{API}/lead/{lead['id']}/"
    cut = await api.put(f"{API}/custom_field/lead/{field['id']}/", json={"choices": ["B", "C"]})
    assert cut.status_code == 200
    echoed = await api.put(path, json=(await api.get(path)).json())
    assert (echoed.status_code, echoed.json()[key]) == (200, ["A", "B"])
    more = await api.put(path, json={f"{key}.add": ["A", "C"]})
    assert more.json()[key] == ["A", "B", "C"]
    less = await api.put(path, json={f"{key}.remove": ["A", "never"]})
    assert less.json()[key] == ["B", "C"]
    again = await api.put(path, json={f"{key}.add": "A"})
    assert again.status_code == 400 and again.json()["field-errors"].keys() == {key}


async def test_a_field_named_by_its_flat_key_inside_custom_is_that_field(api: httpx2.AsyncClient) -> None:
    field = await made(api, "custom_field/lead", {"name": "Source", "type": "text"})
    lead = await made(api, "lead", {"name": "Acme", "custom": {f"custom.{field['id']}": "web"}})
    assert lead["custom"] == {"Source": "web"}


async def test_answers_to_changes_are_cut_to_what_is_asked_for(api: httpx2.AsyncClient, admin: ActingUser) -> None:
    lead = await made(api, "lead", {"name": "Acme"})
    bodies = {
        "email_template": {"name": "Hello", "subject": "Hi", "body": "Hi"},
        "task": {"lead_id": lead["id"], "text": "Call"},
        "contact": {"lead_id": lead["id"], "name": "Jo"},
    }
    for path, body in bodies.items():
        answer = await api.post(f"{API}/{path}/?_fields=id", json=body)
        assert answer.status_code == 200 and list(answer.json()) == ["id"], path
        one = f"{API}/{path}/{answer.json()['id']}/?_fields=id,date_updated"
        assert set((await api.put(one, json={})).json()) == {"id", "date_updated"}, path
    before = len((await api.get(f"{API}/email_template/")).json()["data"])
    odd = await api.post(f"{API}/email_template/?_fields=id,nonsense", json=bodies["email_template"])
    assert (odd.status_code, list(odd.json())) == (200, ["id"])
    assert len((await api.get(f"{API}/email_template/")).json()["data"]) == before + 1


async def test_custom_values_are_picked_by_the_name_of_their_field(api: httpx2.AsyncClient) -> None:
    lead = await made(api, "lead", {"name": "Acme", "custom": {"Lead Source": "web", "Size": "9"}})
    one = (await api.get(f"{API}/lead/{lead['id']}/", params={"_fields": "id,custom.Lead Source,custom.None"})).json()
    assert one == {"id": lead["id"], "custom.Lead Source": "web"}
    (row,) = (await api.get(f"{API}/lead/", params={"_fields": "custom.Size"})).json()["data"]
    assert row == {"custom.Size": "9"}


async def test_a_shared_field_says_at_once_where_it_stands(api: httpx2.AsyncClient) -> None:
    places = [
        {"object_type": "lead"},
        {"object_type": "contact", "required": True},
        {"object_type": "custom_activity_type", "custom_activity_type_id": "actitype_elsewhere"},
    ]
    field = await made(api, "custom_field/shared", {"name": "Region", "type": "text", "associations": places})
    assert [one["object_type"] for one in field["associations"]] == ["lead", "contact"]
    again = await made(api, f"custom_field/shared/{field['id']}/association", {"object_type": "lead"})
    assert sorted(one["object_type"] for one in again["associations"]) == ["contact", "lead"]
    lead = await made(api, "lead", {"name": "Acme", f"custom.{field['id']}": "North"})
    assert lead["custom"] == {"Region": "North"}
    odd = {"name": "Odd", "type": "text", "associations": [{"object_type": "nonsense"}]}
    refused = await api.post(f"{API}/custom_field/shared/", json=odd)
    assert refused.status_code == 400 and refused.json()["field-errors"].keys() == {"object_type"}
    assert len((await api.get(f"{API}/custom_field/shared/")).json()["data"]) == 1


async def test_pipelines_have_dates_in_the_newer_form(api: httpx2.AsyncClient) -> None:
    pipeline = await made(api, "pipeline", {"name": "Second"})
    assert len(pipeline["date_created"]) == len(pipeline["date_updated"]) == len("2024-01-01T00:00:00.000000")


async def test_numbers_of_tables_and_words_of_old_are_understood(api: httpx2.AsyncClient) -> None:
    address = {"zipcode": 10117, "country": "de", "city": None}
    contact = {"name": "Jo", "phones": [{"phone": 49301234567, "country": "DE"}, {"phone": "030 7654321"}]}
    body = {"name": "Acme", "status": "bad_fit", "addresses": [address], "contacts": [contact]}
    lead = await made(api, "lead", body)
    assert lead["status_label"] == "Bad Fit"
    (place,) = lead["addresses"]
    assert (place["zipcode"], place["country"], place["city"]) == ("10117", "DE", "")
    assert [one["country"] for one in lead["contacts"][0]["phones"]] == ["DE", "DE"]
    assert lead["contacts"][0]["phones"][1]["phone"] == "+49307654321"


async def test_a_status_by_the_label_that_is_printed_counts_where_it_stands_alone(api: httpx2.AsyncClient) -> None:
    lead = await made(api, "lead", {"name": "Acme", "status_label": "qualified"})
    deal = await made(api, "opportunity", {"lead_id": lead["id"], "status_label": "Won"})
    assert (lead["status_label"], deal["status_label"]) == ("Qualified", "Won")
    for path, one, label in (("lead", lead, "Customer"), ("opportunity", deal, "Lost")):
        url = f"{API}/{path}/{one['id']}/"
        assert (await api.put(url, json={"status_label": label})).json()["status_label"] == label
        assert (await api.put(url, json={"status_label": "Nonsense"})).json()["status_label"] == label
        whole = {**(await api.get(url)).json(), "status_id": one["status_id"]}
        assert (await api.put(url, json=whole)).json()["status_label"] == one["status_label"]

"""Telephone numbers over HTTP: kept as Close keeps them, found however they are typed."""

import httpx2
import pytest

from tests.doors.web.test_activities import made
from tests.doors.web.test_data_search import about, field, related, search


@pytest.fixture
async def berlin(api: httpx2.AsyncClient) -> str:
    """A lead in Germany whose person has a number typed as people there type them; and another lead."""
    phones = [{"phone": "030 / 12 34 567", "type": "mobile"}, {"phone": "extension 12"}]
    lead = await made(
        api, "lead", name="Berlin", addresses=[{"country": "DE"}], contacts=[{"name": "Zoe", "phones": phones}]
    )
    await made(api, "lead", name="Other", contacts=[{"name": "Max", "phones": [{"phone": "+1 650 253 0000"}]}])
    return str(lead["id"])


async def test_numbers_are_answered_in_one_form_and_as_people_read_them(api: httpx2.AsyncClient, berlin: str) -> None:
    lead = (await api.get(f"/api/v1/lead/{berlin}/")).json()
    contact = lead["contacts"][0]
    assert contact["phones"] == [
        {"phone": "+49301234567", "phone_formatted": "+49 30 1234567", "type": "mobile", "country": "DE",
         "tz_ids": ["Europe/Berlin"], "outbound_sms_blocked": False},
        {"phone": "extension 12", "phone_formatted": "extension 12", "type": "office", "country": None,
         "tz_ids": [], "outbound_sms_blocked": False},
    ]  # fmt: skip
    assert lead["primary_phone"] == contact["phones"][0]
    assert (contact["timezone"], contact["timezone_source"]) == ("Europe/Berlin", "phone")
    assert lead["addresses"][0]["tz_ids"] == ["Europe/Berlin"]
    path = f"/api/v1/contact/{contact['id']}/"
    sent_back = await api.put(path, json={"phones": [*contact["phones"], {"phone": "040 1234567"}]})
    assert [one["phone"] for one in sent_back.json()["phones"]] == ["+49301234567", "extension 12", "+49401234567"]
    named = await api.put(path, json={"phones": [{"phone": "020 7946 0000", "country": "GB"}]})
    assert [one["phone_formatted"] for one in named.json()["phones"]] == ["+44 20 7946 0000"]
    call = await made(api, "activity/call", lead_id=berlin, phone="+49 30 1234567")
    assert (call["phone"], call["remote_phone_formatted"]) == ("+49301234567", "+49 30 1234567")


@pytest.mark.parametrize(
    "query",
    [
        'phone_number:"+49 30 1234567"',
        'phone_number:"+49 (0)30 / 123-4567"',
        'phone_number:"0049 30 1234567"',
        "phone_number:+49301234567",
        "phone_number:49301234567",
        'phone_number:"(030) 123 4567"',
        "phone:0301234567",
        "phone_number:+4930*",
        'phone_number = "+49 30 1234567"',
        'phone_number in ("+49 30 1234567", "+1 1")',
        'contact(phone_number:"030 1234567")',
        'contact_phone(phone:"030 1234567" type:mobile)',
        '"+49 30 1234567"',
        '"030 1234567"',
        "0301234567",
        "+49301234567",
        'not phone_number:"+1 650 253 0000"',
        'name:berlin not phone_number:"+49 30 1234568"',
    ],
)
async def test_a_number_is_found_however_it_is_typed(api: httpx2.AsyncClient, berlin: str, query: str) -> None:
    answer = await api.get("/api/v1/lead/", params={"query": query})
    assert [one["id"] for one in answer.json()["data"]] == [berlin], answer.text


@pytest.mark.parametrize("query", ["phone_number:1234567890", '"+49 30 7654321"', "phone_number:7654", "12345678901"])
async def test_another_number_is_not_found(api: httpx2.AsyncClient, berlin: str, query: str) -> None:
    assert (await api.get("/api/v1/lead/", params={"query": query})).json()["data"] == []


@pytest.mark.parametrize("mode", ["full_words", "phrase", "exact_value", "beginning_of_words"])
async def test_structured_searches_find_it_too(api: httpx2.AsyncClient, berlin: str, mode: str) -> None:
    number = {"type": "text", "mode": mode, "value": "+49 30 123 4567"}
    of_contact = related("contact", "contact_phone", field("contact_phone", "phone", number))
    found = await search(api, query=about("lead", related("lead", "contact", of_contact)))
    assert [row["id"] for row in found["data"]] == [berlin]


async def test_a_number_without_its_country_is_of_who_types_it(api: httpx2.AsyncClient) -> None:
    me = (await api.get("/api/v1/me/")).json()["id"]
    assert (await api.put(f"/api/v1/user/{me}/", json={"last_used_timezone": "Europe/Vienna"})).status_code == 200
    contact = await made(api, "contact", name="Resi", phones=[{"phone": "01 5851234"}])
    assert [(one["phone"], one["country"]) for one in contact["phones"]] == [("+4315851234", "AT")]
    answer = await api.get("/api/v1/contact/", params={"query": 'phone = "01/585-12-34"'})
    assert [one["id"] for one in answer.json()["data"]] == [contact["id"]]


async def test_a_contact_says_in_which_zone_their_first_certain_number_lies(api: httpx2.AsyncClient) -> None:
    phones = [{"phone": "+1 800 253 0000"}, {"phone": "+1 650 253 0000"}, {"phone": "+49 30 1234567"}]
    lead = await made(api, "lead", name="Far", contacts=[{"name": "Zoe", "phones": phones}, {"name": "No number"}])
    zoe, other = lead["contacts"]
    assert [one["tz_ids"] for one in zoe["phones"]] == [[], ["America/Los_Angeles"], ["Europe/Berlin"]]
    assert (zoe["timezone"], zoe["timezone_source"]) == ("America/Los_Angeles", "phone")
    assert (other["timezone"], other["timezone_source"], other["phones"]) == (None, None, [])
    assert lead["primary_phone"]["tz_ids"] == []
    field = await made(api, "custom_field/contact", name="Room", type="text")
    for values in ({}, {f"custom.{field['id']}": "7"}):  # a card with custom values is made in another way
        changed = (await api.put(f"/api/v1/contact/{zoe['id']}/", json=values)).json()
        listed = (await api.get(f"/api/v1/contact/?lead_id={lead['id']}")).json()["data"]
        within = (await api.get(f"/api/v1/lead/{lead['id']}/")).json()["contacts"]
        for one in (changed, *(card for card in (*listed, *within) if card["id"] == zoe["id"])):
            assert (one["timezone"], one["phones"]) == ("America/Los_Angeles", zoe["phones"]), values
            assert one.items() >= values.items()

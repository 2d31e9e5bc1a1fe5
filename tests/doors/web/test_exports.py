"""/export/ and /integration_link/ over HTTP: files that hold what was asked for, for who may have them."""

import csv
import gzip
import io
import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from postroom.ground.clock import system_clock
from postroom.journeys import make_export as journey
from postroom.journeys.make_export import forget_old_exports, make_export
from postroom.journeys.tools import Tools
from postroom.rooms.exports import store
from postroom.rooms.users import store as users
from postroom.rooms.users.roles import Role
from postroom.rooms.users.user import ActingUser, NewUser
from tests.doors.web.conftest import Door, app_over, key_of

API = "/api/v1"


async def some_leads(api: httpx2.AsyncClient) -> list[str]:
    made = []
    for name, status in (("Alpha", "Potential"), ("=Beta()", "Customer"), ("Gamma, Inc.", "Potential")):
        body = {
            "name": name, "status": status, "addresses": [{"city": f"{name}-City"}],
            "contacts": [
                {"name": f"{name} Boss", "title": "CEO", "phones": [{"phone": "+14155550100"}],
                 "emails": [{"email": "one@firm.test"}, {"email": "two@firm.test", "type": "home"}]},
                {"name": f"{name} Clerk"},
            ],
        }  # fmt: skip
        made.append((await api.post(f"{API}/lead/", json=body)).json()["id"])
    return made


async def exported(door: Door, api: httpx2.AsyncClient, path: str, body: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The export when it is done, and its file."""
    begun = await api.post(f"{API}/export/{path}/", json=body)
    assert begun.status_code == 200, begun.text
    assert (begun.json()["status"], begun.json()["download_url"]) == ("created", None)
    organization_id = begun.json()["organization_id"]
    await make_export(door.tools, organization_id, begun.json()["id"])
    done = (await api.get(f"{API}/export/{begun.json()['id']}/")).json()
    assert done["status"] == "done", done
    async with door.client() as nobody:
        file = await nobody.get(done["download_url"])
        assert file.status_code == 200, file.text
    return done, file.text


async def test_leads_are_exported_as_csv_with_what_belongs_to_them(door: Door, api: httpx2.AsyncClient) -> None:
    await some_leads(api)
    wish = {"format": "csv", "type": "leads", "query": "status:Potential sort:display_name", "include_addresses": True}
    done, text = await exported(door, api, "lead", wish)
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["display_name"] for row in rows] == ["Alpha", "Gamma, Inc."]
    assert rows[0]["primary_contact_name"] == "Alpha Boss"
    assert rows[0]["primary_contact_primary_email"] == "one@firm.test"
    assert rows[0]["primary_contact_other_emails"] == "two@firm.test"
    assert rows[0]["primary_contact_primary_phone"] == "+14155550100"
    assert rows[0]["primary_address_city"] == "Alpha-City"
    assert (done["n_docs"], done["n_docs_processed"], done["query"]) == (2, 2, wish["query"])


async def test_only_the_fields_that_are_wanted_in_the_dates_that_are_wanted(
    door: Door, api: httpx2.AsyncClient
) -> None:
    await some_leads(api)
    wish = {"query": "name:Beta", "fields": ["id", "name", "date_created", "nothing"], "date_format": "excel"}
    _, text = await exported(door, api, "lead", wish)
    ((lead_id, name, made, nothing),) = list(csv.reader(io.StringIO(text)))[1:]
    assert lead_id.startswith("lead_") and nothing == ""
    assert name == "'=Beta()", "a spreadsheet must not run it"
    assert datetime.strptime(made, "%Y-%m-%d %H:%M:%S")


async def test_contacts_and_deals_have_rows_of_their_own(door: Door, api: httpx2.AsyncClient) -> None:
    leads = await some_leads(api)
    await api.post(f"{API}/opportunity/", json={"lead_id": leads[0], "value": 50000, "value_period": "annual"})
    _, text = await exported(door, api, "lead", {"type": "contacts", "query": "sort:display_name"})
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 6 and {row["lead_display_name"] for row in rows} == {"Alpha", "'=Beta()", "Gamma, Inc."}
    assert rows[0]["contact_primary_email"] or rows[1]["contact_primary_email"]
    _, text = await exported(door, api, "lead", {"type": "lead_opps"})
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["opportunity_value"], row["lead_id"]) == ("50000", leads[0])
    _, text = await exported(door, api, "opportunity", {"format": "json", "params": {"lead_id": leads[0]}})
    (deal,) = json.loads(text)
    assert (deal["lead_name"], deal["value"]) == ("Alpha", 50000)
    _, text = await exported(door, api, "opportunity", {"params": {"lead_id": [leads[1]], "status_type": "won"}})
    assert len(text.splitlines()) == 1


async def test_leads_as_json_are_as_in_the_api_with_their_activities(door: Door, api: httpx2.AsyncClient) -> None:
    lead = (await some_leads(api))[0]
    email = {"lead_id": lead, "status": "draft", "subject": "Hi", "body_text": "x"}
    await api.post(f"{API}/activity/email/", json=email)
    wish = {"format": "json", "type": "leads", "include_activities": True, "s_query": _named("Alpha")}
    _, text = await exported(door, api, "lead", wish)
    (found,) = json.loads(text)
    activities = found.pop("activities")
    assert found == (await api.get(f"{API}/lead/{lead}/")).json()
    assert "Hi" in [one.get("subject") for one in activities]


def _named(word: str) -> dict[str, Any]:
    return {
        "query": {"type": "and", "queries": [
            {"type": "object_type", "object_type": "lead"},
            {"type": "field_condition", "condition": {"type": "text", "mode": "full_words", "value": word},
             "field": {"type": "regular_field", "object_type": "lead", "field_name": "name"}},
        ]},
    }  # fmt: skip


async def test_a_large_file_is_made_of_pieces_and_read_as_one(
    door: Door, api: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    leads = [(await api.post(f"{API}/lead/", json={"name": f"L{number}"})).json()["id"] for number in range(7)]
    monkeypatch.setattr(journey, "THINGS_AT_ONCE", 2)
    monkeypatch.setattr(journey, "PIECE_CHARACTERS", 1000)
    done, text = await exported(door, api, "lead", {"format": "json"})
    assert sorted(one["id"] for one in json.loads(text)) == sorted(leads)
    async with door.tools.db.transaction() as tx:
        kept = await store.export(tx, done["organization_id"], done["id"])
    assert len(kept.parts) > 3
    async with door.client() as nobody:
        plain = await nobody.get(done["download_url"], headers={"Accept-Encoding": "identity"})
        assert plain.text == text and "content-encoding" not in plain.headers
        packed = await nobody.get(done["download_url"], headers={"Accept-Encoding": "gzip"})
        assert packed.headers["content-encoding"] == "gzip" and packed.text == text


async def test_an_export_that_broke_off_begins_anew_and_leaves_no_bytes(
    door: Door, api: httpx2.AsyncClient, admin: ActingUser
) -> None:
    await some_leads(api)
    begun = (await api.post(f"{API}/export/lead/", json={"fields": ["name"]})).json()
    tools, organization_id = door.tools, admin.organization_id
    half = await tools.blobs.write(gzip.compress(b"half of a file"))
    async with tools.db.transaction() as tx:
        assert await store.begin(tx, organization_id, begun["id"], tools.clock())
        await store.add_part(tx, organization_id, begun["id"], store.Part(half, 10, 1))
        assert await store.exports_waiting(tx) == [(organization_id, begun["id"])]
    await make_export(tools, organization_id, begun["id"])
    done = (await api.get(f"{API}/export/{begun['id']}/")).json()
    assert (done["status"], done["n_docs"]) == ("done", 3)
    async with door.client() as nobody:
        assert "half of a file" not in (await nobody.get(done["download_url"])).text
    await make_export(tools, organization_id, begun["id"])  # a doubled job does no harm
    assert (await api.get(f"{API}/export/{begun['id']}/")).json()["n_docs_processed"] == 3
    with pytest.raises(Exception, match="erased"):
        await tools.blobs.read(half)


async def test_an_export_that_breaks_off_again_and_again_is_given_up(
    door: Door, api: httpx2.AsyncClient, admin: ActingUser
) -> None:
    begun = (await api.post(f"{API}/export/lead/", json={})).json()
    async with door.tools.db.transaction() as tx:
        tries = [await store.begin(tx, admin.organization_id, begun["id"], door.tools.clock()) for _ in range(6)]
    assert [one is not None for one in tries] == [True] * 5 + [False]
    given_up = (await api.get(f"{API}/export/{begun['id']}/")).json()
    assert (given_up["status"], given_up["error"]) == ("error", "It broke off again and again.")


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("lead", {"format": "xls"}, "format"),
        ("lead", {"type": "people"}, "type"),
        ("lead", {"date_format": "us"}, "date_format"),
        ("lead", {"include_activities": True}, "include_activities"),
        ("lead", {"query": "a", "s_query": _named("a")}, "query"),
        ("lead", {"s_query": {"query": {"type": "object_type", "object_type": "contact"}}}, "s_query"),
        ("opportunity", {"format": "xml"}, "format"),
    ],
)
async def test_what_makes_no_sense_is_refused(
    api: httpx2.AsyncClient, path: str, body: dict[str, Any], field: str
) -> None:
    refused = await api.post(f"{API}/export/{path}/", json=body)
    assert (refused.status_code, list(refused.json()["field-errors"])) == (400, [field]), refused.text
    wrong = await api.post(f"{API}/export/lead/", json={"query": "name:(("})
    assert wrong.status_code == 400
    assert (await api.get(f"{API}/export/")).json() == {"data": [], "has_more": False}


async def test_a_link_is_good_for_one_export_and_one_day(door: Door, api: httpx2.AsyncClient) -> None:
    await some_leads(api)
    done, _ = await exported(door, api, "lead", {})
    other, _ = await exported(door, api, "lead", {})
    link = done["download_url"]
    later = replace(door.tools, clock=lambda: system_clock() + timedelta(hours=25))
    async with Door(later, app_over(later)).client() as nobody:
        assert (await nobody.get(link)).status_code == 403
    async with door.client() as nobody:
        base, _, rest = link.partition("/export_file/")
        organization, _, expires, signature, name = rest.split("/")
        longer = str(int(expires) + 1)
        for forged in (
            (organization, other["id"], expires, signature, name),
            (organization, done["id"], longer, signature, name),
            (organization, done["id"], expires, signature[:-1] + "ü", name),
            ("orga_x", done["id"], expires, signature, name),
        ):
            assert (await nobody.get(f"{base}/export_file/{'/'.join(forged)}")).status_code == 403, forged


async def test_exports_are_ones_own_and_files_are_kept_for_a_week(
    door: Door, api: httpx2.AsyncClient, admin: ActingUser
) -> None:
    await some_leads(api)
    done, _ = await exported(door, api, "lead", {})
    keys = {}
    for email, role in (("cleo@acme.test", Role.SUPERUSER), ("rod@acme.test", Role.USER)):
        async with door.tools.db.transaction() as tx:
            new = NewUser(email, "C", "U", "", role)
            user = await users.insert_user(tx, admin.organization_id, new, door.tools.clock())
        keys[role] = await key_of(door.tools, user)
    async with door.client(auth=(keys[Role.SUPERUSER], "")) as hers:
        assert (await hers.get(f"{API}/export/{done['id']}/")).status_code == 404
        assert (await hers.get(f"{API}/export/")).json()["data"] == []
        own = (await hers.post(f"{API}/export/lead/", json={})).json()
    assert {one["id"] for one in (await api.get(f"{API}/export/")).json()["data"]} == {done["id"], own["id"]}
    async with door.client(auth=(keys[Role.USER], "")) as his:
        assert (await his.post(f"{API}/export/lead/", json={})).status_code == 403
    assert await forget_old_exports(door.tools) == 0
    later = replace(door.tools, clock=lambda: system_clock() + timedelta(days=8))
    assert await forget_old_exports(later) == 1
    assert (await api.get(f"{API}/export/{done['id']}/")).json()["download_url"] is None
    async with door.client() as nobody:
        assert (await nobody.get(done["download_url"])).status_code == 404


async def test_integration_links_are_made_changed_and_removed(
    tools: Tools, door: Door, api: httpx2.AsyncClient, admin: ActingUser, tmp_path: Path
) -> None:
    url = f"{API}/integration_link/"
    body = {"name": "Search", "type": "lead", "url": "https://search.test/?q={{ lead.name }}"}
    made = (await api.post(url, json={**body, "id": "x", "organization_id": "y"})).json()
    assert {name: made[name] for name in body} == body and made["created_by"] == admin.id
    changed = (await api.put(f"{url}{made['id']}/", json={"name": "Find"})).json()
    assert (changed["name"], changed["url"]) == ("Find", body["url"])
    assert [one["id"] for one in (await api.get(url)).json()["data"]] == [made["id"]]
    for field, value in (("name", ""), ("type", "user"), ("url", "javascript:alert(1)"), ("url", None)):
        refused = await api.put(f"{url}{made['id']}/", json={field: value})
        assert list(refused.json()["field-errors"]) == [field], refused.text
    assert (await api.delete(f"{url}{made['id']}/")).json() == {}
    assert (await api.get(f"{url}{made['id']}/")).status_code == 404


@pytest.mark.parametrize(("kind", "body"), [("lead", {"format": "csv", "type": "leads"}), ("opportunity", {})])
async def test_programs_are_told_that_an_export_is_done(
    door: Door, api: httpx2.AsyncClient, kind: str, body: dict[str, str]
) -> None:
    done, _ = await exported(door, api, kind, {"format": "csv", **body})
    told = (await api.get(f"{API}/event/", params={"object_id": done["id"]})).json()["data"]
    assert [(one["object_type"], one["action"]) for one in told] == [
        (f"export.{kind}", "completed"), (f"export.{kind}", "created"),
    ]  # fmt: skip


async def test_deals_are_exported_by_a_query_with_their_own_fields(door: Door, api: httpx2.AsyncClient) -> None:
    leads = await some_leads(api)
    field = (await api.post(f"{API}/custom_field/opportunity/", json={"name": "Size"})).json()["id"]
    shared = (await api.post(f"{API}/custom_field/shared/", json={"name": "Area"})).json()["id"]
    await api.post(f"{API}/custom_field/shared/{shared}/association/", json={"object_type": "opportunity"})
    for lead, value in ((leads[0], 100), (leads[0], 900), (leads[1], 950)):
        deal = {"lead_id": lead, "value": value, f"custom.{field}": f"{value} m", f"custom.{shared}": "North"}
        assert (await api.post(f"{API}/opportunity/", json=deal)).status_code == 200

    async def values(**given: Any) -> list[tuple[str, str, str]]:
        _, text = await exported(door, api, "opportunity", given)
        rows = csv.DictReader(io.StringIO(text))
        return sorted((row["value"], row["custom.Size"], row["custom.Area"]) for row in rows)

    assert await values(query="value > 500") == [("900", "900 m", "North"), ("950", "950 m", "North")]
    assert await values(query="value > 500", params={"lead_id": leads[0]}) == [("900", "900 m", "North")]
    assert await values(params={"lead_query": 'name:"Alpha"', "query": "value < 500"}) == [("100", "100 m", "North")]
    assert await values(params={"date_created__gt": "2100-01-01"}) == []
    large = {"type": "number_range", "gte": 950}
    field_condition = {
        "type": "field_condition", "condition": large,
        "field": {"type": "regular_field", "object_type": "opportunity", "field_name": "value"},
    }  # fmt: skip
    kind = {"type": "object_type", "object_type": "opportunity"}
    s_query = {"query": {"type": "and", "queries": [kind, field_condition]}}
    assert await values(s_query=s_query) == [("950", "950 m", "North")]
    for wrong in ({"query": "value >"}, {"s_query": {"query": {"type": "object_type", "object_type": "lead"}}}):
        assert (await api.post(f"{API}/export/opportunity/", json=wrong)).status_code == 400
    late = await api.post(f"{API}/export/opportunity/", json={"params": {"date_won__gte": "soon"}})
    assert (late.status_code, [*late.json()["field-errors"]]) == (400, ["params.date_won__gte"])

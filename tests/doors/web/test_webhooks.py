"""/webhook/ over HTTP: Close's shape, what is refused, and who may do it."""

import asyncio
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from postroom.ground.net import AddressPolicy
from postroom.journeys.call_webhooks import call_webhook
from postroom.journeys.tools import Tools
from postroom.rooms.users import store as users
from postroom.rooms.users.roles import Role
from postroom.rooms.users.user import ActingUser, NewUser
from postroom.rooms.webhooks import store
from tests.doors.web.conftest import Door, app_over, key_of
from tests.servers.receiver import receiver

URL = "/api/v1/webhook/"
CREATED = {"object_type": "lead", "action": "created"}


async def test_a_webhook_is_made_changed_paused_and_removed(api: httpx2.AsyncClient, admin: ActingUser) -> None:
    body = {"url": "https://hooks.example.com/x", "events": [{**CREATED, "extra_filter": {"type": "non_null"}}]}
    made = await api.post(URL, json={**body, "verify_ssl": False, "id": "mine", "status": "active"})
    assert made.status_code == 201, made.text
    card = made.json()
    assert card["id"].startswith("whsub_") and len(bytes.fromhex(card["signature_key"])) == 32
    assert (card["status"], card["verify_ssl"], card["created_by_id"]) == ("active", False, admin.id)
    assert card["events"] == body["events"]
    listed = (await api.get(URL)).json()
    assert listed["has_more"] is False and [one["id"] for one in listed["data"]] == [card["id"]]
    assert "signature_key" not in listed["data"][0]
    url = f"{URL}{card['id']}/"
    paused = (await api.put(url, json={"status": "paused"})).json()
    assert (paused["status"], paused["url"], paused["events"]) == ("paused", body["url"], body["events"])
    whole = await api.put(url, json={**paused, "status": "active", "events": [CREATED]})
    assert whole.json()["events"] == [{**CREATED, "extra_filter": None}]
    assert (await api.delete(url)).json() == {}
    assert (await api.get(url)).status_code == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"events": [CREATED]}, "url"),
        ({"url": "", "events": [CREATED]}, "url"),
        ({"url": "ftp://example.com", "events": [CREATED]}, "url"),
        ({"url": "https://", "events": [CREATED]}, "url"),
        ({"url": "https://user:pass@example.com/", "events": [CREATED]}, "url"),
        ({"url": "https://example.com:99999/", "events": [CREATED]}, "url"),
        ({"url": "https://exa mple.com/", "events": [CREATED]}, "url"),
        ({"url": "https://example.com/" + "x" * 2000, "events": [CREATED]}, "url"),
        ({"url": "https://example.com/"}, "events"),
        ({"url": "https://example.com/", "events": []}, "events"),
        ({"url": "https://example.com/", "events": [{"action": "created"}]}, "events.0.object_type"),
    ],
)
async def test_what_makes_no_sense_is_refused(api: httpx2.AsyncClient, body: dict[str, Any], field: str) -> None:
    refused = await api.post(URL, json=body)
    assert (refused.status_code, list(refused.json()["field-errors"])) == (400, [field]), refused.text
    assert (await api.get(URL)).json()["data"] == []


async def test_internal_addresses_are_refused_when_they_are_typed(tools: Tools, admin: ActingUser) -> None:
    strict = replace(tools, addresses=AddressPolicy())
    inside = (
        "127.0.0.1",
        "localhost",
        "10.0.0.1",
        "169.254.169.254",
        "[::1]",
        "0.0.0.0",
        "2130706433",
        "[::ffff:7f00:1]",
    )
    async with Door(strict, app_over(strict)).client(auth=(await key_of(strict, admin), "")) as client:
        made = (await client.post(URL, json={"url": "https://93.184.216.34/", "events": [CREATED]})).json()
        for host in inside:
            body = {"url": f"http://{host}:8080/", "events": [CREATED]}
            refused = await client.post(URL, json=body)
            assert refused.status_code == 400 and "not a public address" in refused.text, host
            changed = await client.put(f"{URL}{made['id']}/", json={"url": body["url"]})
            assert changed.status_code == 400, host
        assert [one["url"] for one in (await client.get(URL)).json()["data"]] == ["https://93.184.216.34/"]


async def test_an_organization_has_forty_at_most(api: httpx2.AsyncClient) -> None:
    body = {"url": "https://93.184.216.34/", "events": [CREATED]}
    answers = [await api.post(URL, json=body) for _ in range(41)]
    assert [one.status_code for one in answers] == [201] * 40 + [400]
    assert "40" in answers[-1].json()["error"]
    page = (await api.get(URL, params={"_limit": 10, "_skip": 35})).json()
    assert (len(page["data"]), page["has_more"]) == (5, False)


async def test_only_admins_have_webhooks(door: Door, admin: ActingUser, api: httpx2.AsyncClient) -> None:
    async with door.tools.db.transaction() as tx:
        new = NewUser("cleo@acme.test", "Cleo", "User", "", Role.USER)
        cleo = await users.insert_user(tx, admin.organization_id, new, door.tools.clock())
    made = (await api.post(URL, json={"url": "https://93.184.216.34/", "events": [CREATED]})).json()
    async with door.client(auth=(await key_of(door.tools, cleo), "")) as hers:
        answers = [
            await hers.get(URL),
            await hers.post(URL, json={"url": "https://93.184.216.34/", "events": [CREATED]}),
            await hers.get(f"{URL}{made['id']}/"),
            await hers.put(f"{URL}{made['id']}/", json={"status": "paused"}),
            await hers.delete(f"{URL}{made['id']}/"),
            await hers.post(f"{URL}{made['id']}/test/"),
        ]
    assert {answer.status_code for answer in answers} == {403}


async def test_a_program_is_told_of_what_is_done_over_the_api(
    door: Door, admin: ActingUser, api: httpx2.AsyncClient
) -> None:
    """From the request that changes a lead to the receiver that checks the signature with the key it was given."""
    await api.post("/api/v1/lead/", json={"name": "Before"})
    async with receiver() as listener:
        wanted = [CREATED, {"object_type": "lead", "action": "updated"}, {"object_type": "lead", "action": "deleted"}]
        made = (await api.post(URL, json={"url": listener.url, "events": wanted})).json()
        lead = (await api.post("/api/v1/lead/", json={"name": "Wayne"})).json()
        await api.put(f"/api/v1/lead/{lead['id']}/", json={"name": "Wayne Enterprises"})
        await api.delete(f"/api/v1/lead/{lead['id']}/")
        # The log waits for the oldest writing transaction of the server, which may be another test's.
        while len(listener.taken) < 3:
            await call_webhook(door.tools, admin.organization_id, made["id"])
            await asyncio.sleep(0.05)
        assert [one["action"] for one in listener.taken] == ["created", "updated", "deleted"]
        assert all(listener.is_signed(made["signature_key"], number) for number in range(3))
        _, changed, gone = listener.taken
        assert (changed["previous_data"]["name"], changed["data"]["name"]) == ("Wayne", "Wayne Enterprises")
        assert gone["previous_data"]["name"] == "Wayne Enterprises"
        logged = (await api.get(f"/api/v1/event/{changed['id']}/")).json()
        assert logged == changed, "the log and the receiver see the same"
        tried = (await api.post(f"{URL}{made['id']}/test/")).json()
        assert tried == {"is_delivered": True, "error": ""} and listener.taken[-1]["action"] == "test"
        listener.answers = [404]
        tried = (await api.post(f"{URL}{made['id']}/test/")).json()
        assert tried == {"is_delivered": False, "error": "The answer was 404."}


async def test_the_key_is_kept_sealed(tools: Tools, api: httpx2.AsyncClient, admin: ActingUser) -> None:
    made = (await api.post(URL, json={"url": "https://93.184.216.34/", "events": [CREATED]})).json()
    async with tools.db.transaction() as tx:
        kept = await store.webhook(tx, admin.organization_id, made["id"])
    assert kept.signature_key.startswith(b"s1.") and made["signature_key"].encode() not in kept.signature_key

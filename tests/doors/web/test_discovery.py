"""The settings of an address, over the API."""

import httpx2

from tests.doors.web.conftest import Door


async def test_settings_are_offered_with_their_source(api: httpx2.AsyncClient) -> None:
    answer = await api.get("/api/v1/connected_account/discover/", params={"email": "ada@gmail.com"})
    assert answer.status_code == 200
    assert answer.json()["silent"] == []
    (found,) = answer.json()["data"]
    assert found["source"] == "table"
    assert found["imap"] == {
        "host": "imap.gmail.com", "port": 993, "encryption": "tls", "username": "ada@gmail.com",
    }  # fmt: skip
    assert found["needs_app_password"] is True


async def test_no_address_is_a_wrong_request(api: httpx2.AsyncClient) -> None:
    for params in ({}, {"email": "nobody"}):
        answer = await api.get("/api/v1/connected_account/discover/", params=params)
        assert answer.status_code == 400
        assert "email" in answer.json()["field-errors"]


async def test_strangers_may_not_ask(door: Door) -> None:
    async with door.client() as client:
        assert (await client.get("/api/v1/connected_account/discover/?email=a@gmail.com")).status_code == 401

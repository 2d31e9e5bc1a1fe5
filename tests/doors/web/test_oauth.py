"""A provider's sign-in over the API: the admin's client id, leaving, coming back with the session's cookie."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx2

from postroom.journeys.tools import Tools
from postroom.rooms.users import store as users
from postroom.rooms.users.user import ActingUser, NewUser, Role
from tests.doors.web.conftest import PASSWORD, Door, key_of
from tests.servers.oauth import oauth_server

HOUSE = "/api/v1/oauth_client/house/"
LEAVE = "/api/v1/connected_account/sign_in/"


def client_body(url: str) -> dict[str, object]:
    return {
        "client_id": "postroom",
        "client_secret": "hidden",
        "name": "House",
        "authorize_url": f"{url}/oauth2/authorize",
        "token_url": f"{url}/oauth2/token",
        "imap": {"host": "imap.house.test"},
        "smtp": {"host": "smtp.house.test:465"},
    }


async def test_a_client_is_registered_and_its_secret_never_shown(api: httpx2.AsyncClient) -> None:
    empty = (await api.get(HOUSE)).json()
    assert empty["client_id"] == ""
    assert empty["redirect_uri"] == "http://crm.test/connect/callback"
    saved = await api.put(HOUSE, json=client_body("https://house.test"))
    assert saved.status_code == 200, saved.text
    assert saved.json()["has_secret"] is True
    assert saved.json()["imap"] == {"host": "imap.house.test", "port": 993, "encryption": "tls"}
    assert saved.json()["smtp"] == {"host": "smtp.house.test", "port": 465, "encryption": "tls"}
    assert "hidden" not in saved.text + (await api.get(HOUSE)).text


async def test_a_client_of_another_organization_is_not_seen(
    api: httpx2.AsyncClient, stranger: httpx2.AsyncClient
) -> None:
    await api.put(HOUSE, json=client_body("https://house.test"))
    assert (await stranger.get(HOUSE)).json()["client_id"] == ""


async def test_a_key_cannot_begin_a_sign_in(api: httpx2.AsyncClient) -> None:
    """Nobody would come back with it."""
    await api.put(HOUSE, json=client_body("https://house.test"))
    assert (await api.post(LEAVE, json={"provider": "house", "features": ["sync"]})).status_code == 403


async def test_a_browser_leaves_and_comes_back_connected(
    door: Door, api: httpx2.AsyncClient, admin: ActingUser
) -> None:
    with oauth_server(timedelta(hours=1)) as provider:
        await api.put(HOUSE, json=client_body(provider.url))
        async with door.client(headers={"X-Postroom": "1"}) as browser:
            signed_in = await browser.post("/api/v1/auth/sign_in/", json={"email": admin.email, "password": PASSWORD})
            assert signed_in.status_code == 200
            left = await browser.post(LEAVE, json={"provider": "house", "features": ["sync", "send"]})
            answer = provider.agree(left.json()["url"], "sales@acme.test")
            async with door.client() as other:
                lost = await other.get("/connect/callback", params=answer)
                assert "not_connected" in lost.headers["location"]
            back = await browser.get("/connect/callback", params=answer)
        assert back.status_code == 303
        where = urlsplit(back.headers["location"])
        assert where.path == "/settings/accounts"
        account_id = parse_qs(where.query)["connected"][0]
        account = (await api.get(f"/api/v1/connected_account/{account_id}/")).json()
        assert account["email"] == "sales@acme.test"
        assert account["imap"]["username"] == "sales@acme.test"


async def test_who_comes_back_without_having_left_is_told_so(door: Door, admin: ActingUser) -> None:
    async with door.client(headers={"X-Postroom": "1"}) as browser:
        await browser.post("/api/v1/auth/sign_in/", json={"email": admin.email, "password": PASSWORD})
        back = await browser.get("/connect/callback", params={"state": "made up", "code": "x"})
    assert "Start again" in parse_qs(urlsplit(back.headers["location"]).query)["not_connected"][0]


async def test_clients_are_listed_and_deleted_by_admins_and_offered_to_everybody(
    tools: Tools, door: Door, api: httpx2.AsyncClient, admin: ActingUser, stranger: httpx2.AsyncClient
) -> None:
    await api.put(HOUSE, json=client_body("https://house.test"))
    microsoft = {"client_id": "abc", "client_secret": "hidden", "tenant": "acme.test"}
    saved = (await api.put("/api/v1/oauth_client/microsoft/", json=microsoft)).json()
    consent = urlsplit(saved["admin_consent_url"])
    assert consent.path == "/acme.test/v2.0/adminconsent"
    assert parse_qs(consent.query)["redirect_uri"] == ["http://crm.test/connect/callback"]
    listed = await api.get("/api/v1/oauth_client/")
    assert [one["provider"] for one in listed.json()["data"]] == ["house", "microsoft"]
    assert "hidden" not in listed.text
    async with tools.db.transaction() as tx:
        new = NewUser("bea@acme.test", "Bea", "User", "", Role.USER)
        bea = await users.insert_user(tx, admin.organization_id, new, tools.clock())
    async with door.client(auth=(await key_of(tools, bea), "")) as user:
        offered = (await user.get("/api/v1/connected_account/sign_ins/")).json()["data"]
        assert [(one["provider"], one["name"]) for one in offered] == [("house", "House"), ("microsoft", "Microsoft")]
        assert (await user.get("/api/v1/oauth_client/")).status_code == 403
        assert (await user.delete(HOUSE)).status_code == 403
    assert (await stranger.delete(HOUSE)).status_code == 404
    assert (await stranger.get("/api/v1/connected_account/sign_ins/")).json()["data"] == []
    assert (await api.delete(HOUSE)).status_code == 200
    assert [one["provider"] for one in (await api.get("/api/v1/oauth_client/")).json()["data"]] == ["microsoft"]


async def test_an_administrator_who_agreed_for_a_directory_is_thanked_without_an_account_here(door: Door) -> None:
    async with door.client() as nobody:
        agreed = await nobody.get("/connect/callback", params={"admin_consent": "True", "tenant": "x"})
        refused = await nobody.get(
            "/connect/callback", params={"admin_consent": "True", "error": "denied", "error_description": "<b>No</b>"}
        )
    assert agreed.status_code == 200 and "connect their mailboxes" in agreed.text
    assert "<b>No</b>" in refused.text and refused.headers["content-type"].startswith("text/plain")

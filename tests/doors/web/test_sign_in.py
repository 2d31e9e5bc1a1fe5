"""Set-up, signing in and out, API keys, and what the gate lets through."""

import base64

import httpx2
import pytest

from postroom.rooms.users.attempt_store import note_attempt
from postroom.rooms.users.user import ActingUser, Try
from tests.doors.web.conftest import PASSWORD, Door, key_of, make_admin

MARK = {"X-Postroom": "1"}
FIRST = {
    "organization_name": "Acme",
    "first_name": "Ann",
    "last_name": "Admin",
    "email": "ann@acme.test",
    "password": PASSWORD,
}


async def test_the_first_visitor_sets_postroom_up_and_nobody_after(door: Door) -> None:
    async with door.client() as browser:
        assert (await browser.get("/api/v1/auth/state/")).json() == {
            "needs_setup": True, "sandbox": False, "user": None, "step": None, "place": None,
        }  # fmt: skip
        made = await browser.post("/api/v1/auth/setup/", json=FIRST)
        assert made.status_code == 200, made.text
        assert made.json()["user"]["role"] == "admin"
        assert (await browser.get("/api/v1/me/")).json()["organizations"][0]["name"] == "Acme"
        statuses = (await browser.get("/api/v1/status/lead/")).json()["data"]
        assert statuses[0]["label"] == "Potential"
    async with door.client() as late:
        refused = await late.post("/api/v1/auth/setup/", json={**FIRST, "email": "eve@evil.test"})
        assert refused.status_code == 400 and "set up already" in refused.json()["errors"][0]
        assert (await late.get("/api/v1/auth/state/")).json()["needs_setup"] is False


async def test_set_up_asks_for_a_real_address_and_a_long_password(door: Door) -> None:
    async with door.client() as browser:
        for wrong, field in [({"email": "nobody"}, "email"), ({"password": "short"}, "password"),
                             ({"organization_name": ""}, "organization_name")]:  # fmt: skip
            answer = await browser.post("/api/v1/auth/setup/", json={**FIRST, **wrong})
            assert answer.status_code == 400 and list(answer.json()["field-errors"]) == [field]


async def test_a_session_begins_with_the_right_password_and_ends_at_sign_out(door: Door, admin: ActingUser) -> None:
    async with door.client() as browser:
        wrong = await browser.post("/api/v1/auth/sign_in/", json={"email": admin.email, "password": "not it at all"})
        assert wrong.status_code == 401 and "set-cookie" not in wrong.headers
        right = await browser.post("/api/v1/auth/sign_in/", json={"email": "ANN@acme.test", "password": PASSWORD})
        assert right.status_code == 200
        cookie = right.headers["set-cookie"]
        assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie and "Secure" not in cookie
        assert (await browser.get("/api/v1/auth/state/")).json()["user"]["email"] == "ann@acme.test"
        assert (await browser.get("/api/v1/me/")).status_code == 200
        stolen = dict(browser.cookies)
        assert (await browser.post("/api/v1/auth/sign_out/", headers=MARK)).json() == {}
    async with door.client(cookies=stolen) as thief:
        assert (await thief.get("/api/v1/me/")).status_code == 401


async def test_a_cookie_changes_nothing_without_our_header_or_from_another_site(door: Door, admin: ActingUser) -> None:
    async with door.client() as browser:
        await browser.post("/api/v1/auth/sign_in/", json={"email": admin.email, "password": PASSWORD})
        assert (await browser.post("/api/v1/lead/", json={"name": "x"})).status_code == 403
        cross = {**MARK, "Sec-Fetch-Site": "cross-site"}
        assert (await browser.post("/api/v1/lead/", json={"name": "x"}, headers=cross)).status_code == 403
        assert (await browser.post("/api/v1/lead/", json={"name": "x"}, headers=MARK)).status_code == 200
        assert (await browser.get("/api/v1/lead/")).json()["total_results"] == 1


async def test_guessing_passwords_is_slowed_down_for_that_address_and_place(door: Door, admin: ActingUser) -> None:
    async with door.tools.db.transaction() as tx:
        for _ in range(8):  # the first eight tries: each costs the time of a hash
            await note_attempt(tx, Try(admin.email, "127.0.0.1"), door.tools.clock())
    async with door.client() as browser:
        statuses = []
        for _ in range(3):
            answer = await browser.post("/api/v1/auth/sign_in/", json={"email": admin.email, "password": "guess"})
            statuses.append(answer.status_code)
        assert statuses == [401] * 2 + [429]
        assert int(answer.headers["retry-after"]) == 900
        right = await browser.post("/api/v1/auth/sign_in/", json={"email": admin.email, "password": PASSWORD})
        assert right.status_code == 429
        other = await browser.post("/api/v1/auth/sign_in/", json={"email": "bob@acme.test", "password": "guess"})
        assert other.status_code == 401


async def test_an_api_key_works_until_it_is_taken_back(door: Door, api: httpx2.AsyncClient, admin: ActingUser) -> None:
    made = (await api.post("/api/v1/api_key/", json={"name": "zapier"})).json()
    listed = (await api.get("/api/v1/api_key/")).json()["data"]
    assert made["key"].startswith(made["id"] + ".") and all("key" not in one for one in listed)
    async with door.client(auth=(made["key"], "")) as program:
        assert (await program.get("/api/v1/me/")).json()["id"] == admin.id
        assert (await api.delete(f"/api/v1/api_key/{made['id']}/")).json() == {}
        assert (await program.get("/api/v1/me/")).status_code == 401


@pytest.mark.parametrize(
    "header",
    ["Basic", "Basic !!!", "Basic " + base64.b64encode(b"api_x.y:").decode(), "Bearer abc",
     "Basic " + base64.b64encode("api_ü\0:".encode()).decode(), "basic Og=="],
)  # fmt: skip
async def test_bad_credentials_are_refused_even_beside_a_good_cookie(
    door: Door, admin: ActingUser, header: str
) -> None:
    async with door.client() as browser:
        await browser.post("/api/v1/auth/sign_in/", json={"email": admin.email, "password": PASSWORD})
        answer = await browser.get("/api/v1/me/", headers={"Authorization": header})
        if header.lower().startswith("basic "):
            assert answer.status_code == 401
        assert answer.status_code in (200, 401)
    async with door.client() as nobody:
        assert (await nobody.get("/api/v1/me/", headers={"Authorization": header})).status_code == 401


async def test_a_key_with_another_secret_is_refused(door: Door, admin: ActingUser) -> None:
    key = await key_of(door.tools, admin)
    forged = key[:-1] + ("a" if key[-1] != "a" else "b")
    async with door.client(auth=(forged, "")) as thief:
        assert (await thief.get("/api/v1/me/")).status_code == 401


async def test_a_deactivated_user_is_out(door: Door) -> None:
    user = await make_admin(door.tools, "Gone", "gone@gone.test")
    key = await key_of(door.tools, user)
    async with door.tools.db.transaction() as tx:
        await tx.execute("update users set is_active = false where id = %s", (user.id,))
    async with door.client(auth=(key, "")) as client:
        assert (await client.get("/api/v1/me/")).status_code == 401
        answer = await client.post("/api/v1/auth/sign_in/", json={"email": user.email, "password": PASSWORD})
        assert answer.status_code == 401

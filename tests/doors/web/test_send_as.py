"""/send_as/ in Close's shape."""

import httpx2

from postroom.journeys.tools import Tools
from postroom.rooms.users import store as users
from postroom.rooms.users.user import ActingUser, NewUser, Role
from tests.doors.web.conftest import Door, key_of


async def test_a_user_lets_another_send_and_takes_it_back(
    tools: Tools, door: Door, api: httpx2.AsyncClient, admin: ActingUser, stranger: httpx2.AsyncClient
) -> None:
    async with tools.db.transaction() as tx:
        new = NewUser("bea@acme.test", "Bea", "User", "", Role.USER)
        bea = await users.insert_user(tx, admin.organization_id, new, tools.clock())
    body = {"allowing_user_id": admin.id, "allowed_user_id": bea.id}
    made = await api.post("/api/v1/send_as/", json=body)
    assert made.status_code == 201
    assert made.json() | body == made.json() and made.json()["organization_id"] == admin.organization_id
    again = await api.post("/api/v1/send_as/", json=body)
    assert again.json()["id"] == made.json()["id"]
    listed = (await api.get(f"/api/v1/send_as/?allowed_user_id={bea.id}")).json()
    assert listed == {"data": [made.json()], "has_more": False}
    one = f"/api/v1/send_as/{made.json()['id']}/"
    assert (await api.get(one)).json() == made.json()
    assert (await stranger.get(one)).status_code == 404
    assert (await stranger.delete(one)).status_code == 404
    other_way = {"allowing_user_id": bea.id, "allowed_user_id": admin.id}
    assert (await api.post("/api/v1/send_as/", json=other_way)).status_code == 403
    assert (await api.post("/api/v1/send_as/", json=body | {"allowed_user_id": "user_none"})).status_code == 404
    assert (await api.post("/api/v1/send_as/", json=body | {"allowed_user_id": admin.id})).status_code == 400
    async with door.client(auth=(await key_of(tools, bea), "")) as hers:
        assert (await hers.delete(one)).status_code == 204
    assert (await api.get("/api/v1/send_as/")).json()["data"] == []
    bulk = await api.post("/api/v1/send_as/bulk/", json={"allowed_user_ids": [bea.id]})
    assert [row["allowed_user_id"] for row in bulk.json()["data"]] == [bea.id]
    gone = await api.delete(f"/api/v1/send_as/?allowing_user_id={admin.id}&allowed_user_id={bea.id}")
    assert gone.status_code == 204
    await api.post("/api/v1/send_as/", json={"allowed_user_id": bea.id})
    no_more = await api.post("/api/v1/send_as/bulk/", json={"allowed_user_ids": [], "disallowed_user_ids": [bea.id]})
    assert no_more.json()["data"] == []


async def test_a_list_shows_what_one_allows_or_what_one_is_allowed(
    tools: Tools, door: Door, api: httpx2.AsyncClient, admin: ActingUser
) -> None:
    async with tools.db.transaction() as tx:
        new = NewUser("bea@acme.test", "Bea", "User", "", Role.USER)
        bea = await users.insert_user(tx, admin.organization_id, new, tools.clock())
    made = (await api.post("/api/v1/send_as/", json={"allowed_user_id": bea.id})).json()
    assert made["id"].startswith("sdas_") and made["allowing_user_id"] == admin.id

    async def seen(client: httpx2.AsyncClient, query: str) -> list[str]:
        answer = (await client.get(f"/api/v1/send_as/?{query}")).json()
        return [row["id"] for row in answer["data"]]

    assert await seen(api, "") == [made["id"]] == await seen(api, f"allowing_user_id={admin.id}")
    assert await seen(api, f"allowed_user_id={admin.id}") == []
    async with door.client(auth=(await key_of(tools, bea), "")) as hers:
        assert await seen(hers, "") == []
        assert await seen(hers, f"allowed_user_id={bea.id}") == [made["id"]] == await seen(hers, "allowed_user_id=me")
        assert await seen(hers, f"allowing_user_id={admin.id}") == [made["id"]]
        of_others = f"/api/v1/send_as/?allowing_user_id={admin.id}&allowed_user_id={admin.id}"
        assert (await hers.get(of_others)).status_code == 403

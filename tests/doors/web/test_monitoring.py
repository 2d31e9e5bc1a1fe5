"""What monitoring asks: alive, ready, metrics behind a token, and the health of every account for admins."""

from dataclasses import replace

import httpx2

from postroom.ground.errors import Remedy
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import store
from postroom.rooms.accounts.account import AccountChange, Side, Standing, Status
from postroom.rooms.users.user import ActingUser
from tests.doors.web.conftest import Door, app_over
from tests.doors.web.test_connected_accounts import NEW

SHOWN = {"Authorization": "Bearer a-long-token"}


async def test_the_process_says_that_it_lives_and_is_ready(door: Door) -> None:
    async with door.client() as probe:
        assert (await probe.get("/healthz")).text == "ok\n"
        assert (await probe.get("/readyz")).text == "ready\n"
        assert (await probe.get("/metrics", headers=SHOWN)).status_code == 404, "without a token there are none"


async def test_without_a_database_it_lives_and_is_not_ready(tools: Tools, door: Door) -> None:
    await tools.db.close()
    async with door.client() as probe:
        assert (await probe.get("/healthz")).status_code == 200
        assert (await probe.get("/readyz")).status_code == 503


async def test_metrics_name_every_account_by_id_and_no_address(
    tools: Tools, api: httpx2.AsyncClient, admin: ActingUser
) -> None:
    account_id = (await api.post("/api/v1/connected_account/", json=NEW)).json()["id"]
    broken = AccountChange(Side.SEND, Standing(Status.ERROR, "535 no", Remedy.PASSWORD))
    async with tools.db.transaction() as tx:
        await store.save_standing(tx, admin.organization_id, account_id, broken, tools.clock())
        await store.note_pull(tx, admin.organization_id, account_id, can_push=True, now=tools.clock())
    watched = replace(tools, config=replace(tools.config, metrics_token="a-long-token"))
    async with Door(watched, app_over(watched)).client() as prometheus:
        assert (await prometheus.get("/metrics")).status_code == 404
        assert (await prometheus.get("/metrics", headers={"Authorization": "Bearer guess"})).status_code == 404
        answer = await prometheus.get("/metrics", headers=SHOWN)
    lines = answer.text.splitlines()
    here = f'organization="{admin.organization_id}",account="{account_id}"'
    assert "postroom_accounts 1" in lines
    assert f'postroom_account_up{{{here},side="send"}} 0' in lines
    assert f'postroom_account_up{{{here},side="receive"}} 1' in lines
    assert f"postroom_account_waiting{{{here}}} 0" in lines
    assert any(line.startswith(f"postroom_account_last_sync_timestamp_seconds{{{here}}} 1") for line in lines)
    assert "@" not in answer.text
    for line in lines:
        assert not line or line.startswith("# ") or len(line.rsplit(" ", 1)) == 2


async def test_admins_see_how_every_account_is_doing(
    tools: Tools, api: httpx2.AsyncClient, stranger: httpx2.AsyncClient, admin: ActingUser
) -> None:
    await api.post("/api/v1/connected_account/", json=NEW)
    [row] = (await api.get("/api/v1/connected_account/health/")).json()["data"]
    assert (row["email"], row["receive_status"], row["ledger"], row["waiting"]) == ("ann@acme.test", "ok", "even", 0)
    assert row["last_good_sync"] is None and row["delay_seconds"] is None
    assert (await stranger.get("/api/v1/connected_account/health/")).json() == {"data": []}

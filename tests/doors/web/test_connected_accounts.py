"""/connected_account/ and what hangs on it."""

import httpx2

from postroom.journeys.tools import Tools

NEW = {
    "email": "ann@acme.test",
    "display_name": "Ann",
    "imap": {"host": "127.0.0.1:1", "encryption": "none", "password": "opensesame"},
    "smtp": {"host": "127.0.0.1", "port": 1, "encryption": "none", "password": "opensesame"},
    "history_days": 30,
}


async def test_an_account_is_added_shown_changed_and_removed(api: httpx2.AsyncClient) -> None:
    answer = await api.post("/api/v1/connected_account/", json=NEW)
    assert answer.status_code == 200, answer.text
    account = answer.json()
    assert account["imap"] == {
        "host": "127.0.0.1", "port": 1, "encryption": "none", "use_ssl": False, "username": "ann@acme.test",
    }  # fmt: skip
    assert account["identities"] == [{"email": "ann@acme.test", "name": "Ann"}]
    assert account["history_from"] is not None and account["is_default"] is True
    url = f"/api/v1/connected_account/{account['id']}/"
    changed = (await api.put(url, json={"display_name": "Ann A.", "history_days": None, "colour": "red"})).json()
    assert (changed["display_name"], changed["history_from"], changed["imap"]) == ("Ann A.", None, account["imap"])
    listed = (await api.get("/api/v1/connected_account/")).json()
    assert [one["id"] for one in listed["data"]] == [account["id"]]
    for kinds, found in ((account["_type"], 1), ("google,custom_email", 1), ("zoom", 0)):
        of_kind = (await api.get(f"/api/v1/connected_account/?_type={kinds}")).json()
        assert len(of_kind["data"]) == found, kinds
    assert (await api.delete(url)).json() == {}
    assert (await api.get(url)).status_code == 404


async def test_no_answer_and_no_table_shows_a_password(api: httpx2.AsyncClient, tools: Tools) -> None:
    answer = await api.post("/api/v1/connected_account/", json=NEW)
    everything = answer.text + (await api.get("/api/v1/connected_account/")).text
    assert "opensesame" not in everything and "secret" not in everything
    async with tools.db.transaction() as tx:
        row = await (await tx.execute("select connected_accounts::text from connected_accounts")).fetchone()
    assert row is not None and "opensesame" not in row[0]


async def test_settings_are_tried_step_by_step(api: httpx2.AsyncClient) -> None:
    answer = await api.post("/api/v1/connected_account/test/", json={**NEW, "smtp": None})
    report = answer.json()
    assert report["smtp"] is None
    assert report["imap"]["ok"] is False
    assert [step["ok"] for step in report["imap"]["steps"]] == [True, False]
    assert report["imap"]["error"] and report["imap"]["next_step"]


async def test_providers_come_with_hosts_and_hints(api: httpx2.AsyncClient) -> None:
    providers = {one["key"]: one for one in (await api.get("/api/v1/connected_account/providers/")).json()}
    assert providers["google"]["imap"] == {"host": "imap.gmail.com", "port": 993, "encryption": "tls"}
    assert providers["google"]["needs_app_password"] is True
    assert providers["custom"]["imap"] is None


async def test_status_history_errors_identities_and_patterns_answer(api: httpx2.AsyncClient) -> None:
    account = (await api.post("/api/v1/connected_account/", json=NEW)).json()
    url = f"/api/v1/connected_account/{account['id']}"
    status = (await api.get(f"{url}/sync_status/")).json()
    assert (status["state"], status["emails_seen"], status["folders"]) == ("first_sync", 0, [])
    assert (await api.get(f"{url}/sync_history/")).json() == {"data": [], "has_more": False}
    assert (await api.get(f"{url}/sync_errors/")).json() == {"data": []}
    assert (await api.post(f"{url}/sync/")).json() == {}
    aliases = [{"email": "sales@acme.test", "name": "Sales"}]
    assert (await api.put(f"{url}/identities/", json=aliases)).json()[0]["email"] == "ann@acme.test"
    assert (await api.put(f"{url}/exclude_patterns/", json=["noreply@*"])).json() == ["noreply@*"]
    assert (await api.put("/api/v1/exclude_patterns/", json=["*@bank.test"])).json() == ["*@bank.test"]
    assert (await api.put(f"{url}/folders/123456789012345678901/", json={"is_synced": True})).status_code == 404
    why = (await api.get("/api/v1/why/?q=Offer")).json()
    assert (why["kind"], why["data"], why["not_seen_in"][0]["account_email"]) == ("subject", [], "ann@acme.test")
    assert (await api.get("/api/v1/why/")).status_code == 400

"""Proposals, decisions and trials over the API."""

import httpx2

from tests.doors.web.test_connected_accounts import NEW


async def test_proposals_are_listed_decided_and_only_ones_own(
    api: httpx2.AsyncClient, stranger: httpx2.AsyncClient
) -> None:
    assert (await api.get("/api/v1/link_proposal/")).json() == {"data": [], "has_more": False, "total_results": 0}
    gone = await api.post("/api/v1/link_proposal/decide/", json={"ids": ["prop_none"], "accept": True})
    assert gone.status_code == 404
    none = await stranger.post("/api/v1/link_proposal/decide/", json={"ids": [], "accept": True})
    assert "ids" in none.json()["field-errors"]


async def test_patterns_are_tried_and_settings_of_links_and_privacy_kept(
    api: httpx2.AsyncClient, stranger: httpx2.AsyncClient
) -> None:
    account = (await api.post("/api/v1/connected_account/", json=NEW)).json()
    url = f"/api/v1/connected_account/{account['id']}/"
    assert (account["link_by_name"], account["link_by_domain"], account["coworkers_see"]) == (
        False, False, "everything",
    )  # fmt: skip
    changed = (await api.put(url, json={"link_by_domain": True, "coworkers_see": "metadata"})).json()
    assert (changed["link_by_domain"], changed["coworkers_see"]) == (True, "metadata")
    assert (await api.put(url, json={"coworkers_see": "some"})).status_code == 400
    body = {"patterns": ["noreply@*"], "account_id": account["id"]}
    trial = await api.post("/api/v1/exclude_patterns/try/", json=body)
    nothing = {"emails": 0, "logged": 0, "waiting": 0, "seen": 0, "unlogged": 0}
    assert trial.json() == {**nothing, "by_pattern": {}, "examples": []}
    assert (await stranger.post("/api/v1/exclude_patterns/try/", json=body)).status_code == 404
    assert (await api.post("/api/v1/exclude_patterns/try/", json={"patterns": ["no pattern"]})).status_code == 400

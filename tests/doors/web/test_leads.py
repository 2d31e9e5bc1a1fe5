"""/lead/ and /contact/ in Close's shapes."""

import httpx2

ACME = {
    "name": "Acme GmbH",
    "contacts": [{"name": "Zoë", "emails": [{"email": "Zoe@Acme.example", "type": "office"}]}],
}


async def test_a_lead_is_made_with_its_contacts(api: httpx2.AsyncClient) -> None:
    answer = await api.post("/api/v1/lead/", json=ACME)
    assert answer.status_code == 200, answer.text
    lead = answer.json()
    assert lead["id"].startswith("lead_")
    assert lead["display_name"] == "Acme GmbH"
    assert lead["status_label"] == "Potential"
    assert lead["html_url"] == f"http://crm.test/lead/{lead['id']}/"
    assert lead["date_created"].endswith("+00:00")
    contact = lead["contacts"][0]
    assert contact["emails"] == [{"email": "Zoe@Acme.example", "type": "office", "is_unsubscribed": False}]
    assert contact["id"] == lead["contact_ids"][0]
    assert lead["primary_email"] == contact["emails"][0]


async def test_leads_are_found_by_words_in_name_contact_and_address(api: httpx2.AsyncClient) -> None:
    await api.post("/api/v1/lead/", json=ACME)
    await api.post("/api/v1/lead/", json={"name": "100% Other_Co"})
    for query, count in [("acme", 1), ("zoë gmbh", 1), ("zoe@acme", 1), ('"Acme GmbH"', 1), ("nobody", 0), ("*", 2),
                         ("%", 1), ("_", 1), ("", 2), ("\\", 0)]:  # fmt: skip
        found = (await api.get("/api/v1/lead/", params={"query": query})).json()
        assert (found["total_results"], len(found["data"])) == (count, count), query
    counted = (await api.get("/api/v1/lead/?_limit=0")).json()
    assert counted == {"data": [], "has_more": True, "total_results": 2}

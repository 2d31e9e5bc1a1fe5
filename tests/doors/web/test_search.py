"""/search/email/: emails by their words over HTTP, with what was found in pieces."""

import httpx2
import pytest

from postroom.journeys.index_emails import index_emails
from postroom.journeys.tools import Tools
from postroom.rooms.users import store as users
from postroom.rooms.users.user import ActingUser, NewUser, Role
from tests.doors.web.conftest import Door, key_of

URL = "/api/v1/search/email/"


@pytest.fixture
async def emails(api: httpx2.AsyncClient, tools: Tools, admin: ActingUser) -> list[str]:
    """Three emails, indexed."""
    lead = (await api.post("/api/v1/lead/", json={"name": "Acme"})).json()["id"]
    texts = [("Crane for sale", "A <b>Müller</b> crane"), ("Lunch", "about the crane in 東京都"), ("Nothing", "at all")]
    made = []
    for number, (subject, text) in enumerate(texts):
        body = {
            "lead_id": lead, "status": "sent", "subject": subject, "body_text": text, "to": ["zoe@acme.example"],
            "date_created": f"2026-01-0{number + 1}T10:00:00Z",
        }  # fmt: skip
        made.append((await api.post("/api/v1/activity/email/", json=body)).json()["id"])
    await index_emails(tools, admin.organization_id)
    return made


async def ids(api: httpx2.AsyncClient, query: str, **more: object) -> list[str]:
    answer = await api.get(URL, params={"query": query, **{key: str(value) for key, value in more.items()}})
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json()["data"]]


async def test_emails_are_found_with_their_words_in_pieces(api: httpx2.AsyncClient, emails: list[str]) -> None:
    answer = (await api.get(URL, params={"query": "crane"})).json()
    assert [row["id"] for row in answer["data"]] == [emails[0], emails[1]]  # in the subject before in the text
    marks = answer["highlights"][emails[0]]
    assert marks["subject"] == [{"text": "Crane", "is_match": True}, {"text": " for sale", "is_match": False}]
    (found,) = (await api.get(URL, params={"query": "muller"})).json()["highlights"].values()
    assert [one["text"] for one in found["excerpt"]] == ["A <b>", "Müller", "</b> crane"]  # plain text, as it stands


async def test_pages_and_filters_narrow_a_search(api: httpx2.AsyncClient, emails: list[str]) -> None:
    assert await ids(api, "crane", _limit=1) == [emails[0]]
    assert await ids(api, "crane", _limit=1, _skip=1) == [emails[1]]
    assert await ids(api, "crane", lead_id="lead_none") == []
    assert await ids(api, "東京") == [emails[1]]
    assert await ids(api, "to:zoe -crane") == [emails[2]]
    assert await ids(api, "   ") == []


async def test_a_word_in_very_many_emails_finds_the_same(
    api: httpx2.AsyncClient, emails: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    queries = [
        "crane",
        "crane -lunch",
        "at all",
        "crane or nothing",
        "zoe",
        "to:zoe crane",
        "from:ann -(lunch or noon)",
    ]
    usual = [await ids(api, query) for query in queries]
    for name, number in (("FEW", 0), ("GLANCE", 1), ("LOOKED_UP", 0), ("LONGEST_LOOK", 0), ("MOST_MONTHS", 0)):
        module = "postroom.rooms.emails.search_months" if name == "MOST_MONTHS" else "postroom.views.email_walk"
        monkeypatch.setattr(f"{module}.{name}", number)
        assert [await ids(api, query) for query in queries] == usual, name


async def test_a_mistake_is_answered_with_its_place(api: httpx2.AsyncClient) -> None:
    answer = await api.get(URL, params={"query": "crane form:zoe"})
    assert answer.status_code == 400
    place = answer.json()["field-errors"]["query"]
    assert (place["column"], place["meant"]) == (7, "from")


async def test_another_organization_finds_nothing(
    api: httpx2.AsyncClient, stranger: httpx2.AsyncClient, emails: list[str]
) -> None:
    for query in ("crane", "東京", "to:zoe", f"id:{emails[0]}"):
        assert await ids(stranger, query) == []


async def test_what_coworkers_may_not_read_is_not_found_by_its_words(
    api: httpx2.AsyncClient, door: Door, admin: ActingUser, emails: list[str]
) -> None:
    tools = door.tools
    async with tools.db.transaction() as tx:
        new = NewUser("ben@acme.test", "Ben", "B", "x", Role.USER)
        ben = await users.insert_user(tx, admin.organization_id, new, tools.clock())
        await tx.execute(
            "update emails set coworkers_see = 'metadata' where organization_id = %s and id = %s",
            (admin.organization_id, emails[1]),
        )
    async with door.client(auth=(await key_of(tools, ben), "")) as coworker:
        for client, found in ((api, [emails[0], emails[1]]), (coworker, [emails[0]])):
            assert await ids(client, "crane") == found
            assert await ids(client, "body:crane") == list(reversed(found))
        for query in ("email(body:lunch) or email(subject:lunch)", 'email("東京")', "lunch"):
            by_owner, by_other = [
                (await one.get("/api/v1/lead/", params={"query": query})).json()["total_results"]
                for one in (api, coworker)
            ]
            assert (by_owner, by_other) == (1, 0), query


async def test_an_email_that_changes_is_found_by_its_new_words(
    api: httpx2.AsyncClient, tools: Tools, admin: ActingUser, emails: list[str]
) -> None:
    lead = (await api.get("/api/v1/lead/")).json()["data"][0]["id"]
    body = {"lead_id": lead, "status": "draft", "subject": "Before", "body_html": "<p>Only <b>markup</b></p>"}
    draft = (await api.post("/api/v1/activity/email/", json=body)).json()["id"]
    await index_emails(tools, admin.organization_id)
    assert await ids(api, "before") == [draft]
    await api.put(f"/api/v1/activity/email/{draft}/", json={"subject": "Afterwards"})
    await index_emails(tools, admin.organization_id)
    assert (await ids(api, "before"), await ids(api, "afterwards")) == ([], [draft])
    await api.delete(f"/api/v1/activity/email/{draft}/")
    assert await ids(api, "afterwards") == []


async def test_an_order_that_there_is_not_is_the_orders_mistake_and_not_the_querys(api: httpx2.AsyncClient) -> None:
    for order in ("nonsense", "-nonsense", "date_created,-nonsense"):
        answer = await api.get("/api/v1/lead/", params={"query": "", "_order_by": order})
        assert answer.status_code == 400, order
        assert list(answer.json()["field-errors"]) == ["_order_by"], order
        assert "nonsense" in answer.json()["field-errors"]["_order_by"], order
    of_query = await api.get("/api/v1/lead/", params={"query": "sort:nonsense", "_order_by": "name"})
    assert list(of_query.json()["field-errors"]) == ["query"]
    assert (await api.get("/api/v1/lead/", params={"_order_by": "-date_created,name"})).status_code == 200


async def test_leads_are_ordered_by_a_field_of_ones_own(api: httpx2.AsyncClient) -> None:
    made = (await api.post("/api/v1/custom_field/lead/", json={"name": "Head count", "type": "number"})).json()
    for name, count in (("Small", 9), ("Large", 100), ("Middle", 20)):
        await api.post("/api/v1/lead/", json={"name": name, f"custom.{made['id']}": count})
    for order in (f"custom.{made['id']}", "custom.Head count"):
        for sign, names in (("", ["Small", "Middle", "Large"]), ("-", ["Large", "Middle", "Small"])):
            found = (await api.get("/api/v1/lead/", params={"_order_by": sign + order})).json()["data"]
            assert [one["name"] for one in found] == names, sign + order
    refused = await api.get("/api/v1/lead/", params={"_order_by": "custom.Head cuont"})
    assert (refused.status_code, list(refused.json()["field-errors"])) == (400, ["_order_by"])

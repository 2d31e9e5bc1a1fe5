"""/mail/: drafts, scheduled, outbox and sent as lists, whose they are, and emails by their words."""

from datetime import timedelta

import httpx2

from postroom.ground.passwords import hash_password
from postroom.journeys.index_emails import index_emails
from postroom.journeys.tools import Tools
from postroom.rooms.users import store as users
from postroom.rooms.users.user import ActingUser, NewUser, Role
from postroom.views.mail_list import MARK_BEGINS, MARK_ENDS
from tests.doors.web.conftest import Door, key_of
from tests.doors.web.test_writing_email import office

EMAILS = "/api/v1/activity/email/"


async def written(api: httpx2.AsyncClient, lead_id: str, **more: object) -> str:
    """An email of this status; its id."""
    content = {"lead_id": lead_id, "sender": "ann@acme.test", "to": ["zoe@acme.example"], "subject": "Hello", **more}
    answer = await api.post(EMAILS, json=content)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


async def listed(api: httpx2.AsyncClient, **query: object) -> list[str]:
    answer = await api.get("/api/v1/mail/", params={key: str(value) for key, value in query.items()})
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json()["data"]]


async def coworker(door: Door, admin: ActingUser, role: Role) -> httpx2.AsyncClient:
    """A client of another user of the same organization."""
    async with door.tools.db.transaction() as tx:
        new = NewUser(f"{role.value}@acme.test", "Ben", "Baker", await hash_password("a long password"), role)
        user = await users.insert_user(tx, admin.organization_id, new, door.tools.clock())
    return door.client(auth=(await key_of(door.tools, user), ""))


async def test_each_list_holds_its_own_and_says_what_a_line_needs(api: httpx2.AsyncClient, tools: Tools) -> None:
    lead_id, _ = await office(api)
    draft = await written(api, lead_id, status="draft", body_text="About the roof")
    now = tools.clock()
    later = await written(api, lead_id, status="scheduled", date_scheduled=(now + timedelta(days=2)).isoformat())
    sooner = await written(api, lead_id, status="scheduled", date_scheduled=(now + timedelta(days=1)).isoformat())
    waiting = await written(api, lead_id, status="outbox", send_in=50)
    failed = await written(api, lead_id, status="error")
    sent = await written(api, lead_id, status="sent", to=["a@b.example", "c@d.example"], cc=["e@f.example"])
    assert await listed(api, box="draft") == [draft]
    assert await listed(api, box="scheduled") == [sooner, later]  # in the order they will leave
    assert set(await listed(api, box="outbox")) == {waiting, failed}
    assert await listed(api, box="sent") == [sent]
    assert await listed(api, box="sent", _limit=1, _skip=1) == []
    (row,) = (await api.get("/api/v1/mail/?box=sent")).json()["data"]
    assert (row["to"], row["n_recipients"], row["lead_id"]) == (["a@b.example", "c@d.example"], 3, lead_id)
    (row,) = (await api.get("/api/v1/mail/?box=draft")).json()["data"]
    assert (row["body_preview"], row["snippet"], row["error"], row["attempts"]) == ("About the roof", None, None, 0)
    (row,) = (await api.get(f"/api/v1/mail/?id__in={waiting}")).json()["data"]
    assert row["next_try_at"] is not None and row["status"] == "outbox"
    counts = (await api.get("/api/v1/mail/count/")).json()
    assert counts == {"draft": 1, "scheduled": 2, "outbox": 1, "error": 1}


async def test_lists_are_ones_own_a_coworkers_or_everybodys(
    door: Door, api: httpx2.AsyncClient, admin: ActingUser, stranger: httpx2.AsyncClient
) -> None:
    lead_id, _ = await office(api)
    mine = await written(api, lead_id, status="draft")
    async with await coworker(door, admin, Role.USER) as ben:
        theirs = await written(ben, lead_id, status="draft", sender="")
        assert await listed(ben, box="draft") == [theirs]
        assert await listed(ben, box="draft", user_id=admin.id) == [mine]
        assert set(await listed(ben, box="draft", user_id="all")) == {mine, theirs}
        refused = await ben.put(f"{EMAILS}{mine}/", json={"subject": "Changed"})
        assert refused.status_code == 403  # read, never changed
    async with await coworker(door, admin, Role.RESTRICTED) as ria:
        assert await listed(ria, box="draft", user_id="all") == []
    assert await listed(stranger, box="draft", user_id="all") == []
    assert await listed(stranger, id__in=mine, user_id="all") == []


async def test_emails_are_found_by_words_with_the_words_marked(
    api: httpx2.AsyncClient, tools: Tools, admin: ActingUser
) -> None:
    lead_id, _ = await office(api)
    text = "Dear Zoe, " + "nothing of note here. " * 30 + "The heat pump is delivered on Tuesday <b>morning</b>."
    found = await written(api, lead_id, status="draft", subject="Delivery", body_text="Soon")
    changed = await api.put(f"{EMAILS}{found}/", json={"body_text": text})
    assert changed.status_code == 200
    await written(api, lead_id, status="sent", subject="Another", body_text="Nothing of the kind")
    await index_emails(tools, admin.organization_id)
    assert await listed(api, box="any", query="heat pum") == [found]
    assert await listed(api, box="any", query='"pump heat"') == []
    assert await listed(api, box="draft", query="deliv") == [found]
    assert await listed(api, box="sent", query="deliv") == []
    (row,) = (await api.get("/api/v1/mail/", params={"query": "pump"})).json()["data"]
    assert f"heat {MARK_BEGINS}pump{MARK_ENDS} is delivered" in row["snippet"]


async def test_what_was_just_written_is_found_before_it_is_indexed(api: httpx2.AsyncClient) -> None:
    lead_id, _ = await office(api)
    draft = await written(api, lead_id, status="draft", subject="100% of the_roof")
    assert await listed(api, box="draft", query="100% of the_r") == [draft]
    assert await listed(api, box="draft", query="the%roof") == []


async def test_a_message_on_two_leads_is_one_line(api: httpx2.AsyncClient, tools: Tools, admin: ActingUser) -> None:
    lead_id, _ = await office(api)
    other = (await api.post("/api/v1/lead/", json={"name": "Partner"})).json()["id"]
    ids = [await written(api, each, status="sent") for each in (lead_id, other)]
    async with tools.db.transaction() as tx:
        await tx.execute(
            "update emails set message_key = 'same' where organization_id = %s and id = any(%s)",
            (admin.organization_id, ids),
        )
    assert await listed(api, box="sent") == [min(ids)]


async def test_an_unknown_list_is_refused(api: httpx2.AsyncClient) -> None:
    answer = await api.get("/api/v1/mail/?box=spam")
    assert answer.status_code == 400 and "box" in answer.json()["field-errors"]


async def test_a_search_in_emails_that_is_too_long_is_refused_and_not_cut(api: httpx2.AsyncClient) -> None:
    for words, status in (("w" * 500, 200), ("w " * 250 + "-offer", 400)):
        for path in ("/api/v1/mail/", "/api/v1/search/email/"):
            answer = await api.get(path, params={"query": words})
            assert answer.status_code == status, (path, answer.text)
            if status == 400:
                assert answer.json()["field-errors"] == {"query": "This has 506 characters; 500 are the most."}

"""/click/ and /open/: where the links and pixels of emails lead, for whoever comes."""

import os
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx2
import pytest

from postroom.doors.web.app import create_app
from postroom.journeys.steps.tracking_links import tracking_marks
from postroom.journeys.tools import Tools
from postroom.rooms.emails.tracking import Reader, marks_of
from postroom.rooms.users.user import ActingUser
from tests.doors.web.conftest import Door, key_of
from tests.doors.web.test_writing_email import office

READER = Reader("orga_1", "acti_1", "bob@bolt.example")
TARGET = "https://acme.example/spring?utm=1&x=Gr%C3%B6%C3%9Fe#list"


@pytest.fixture
def by_https(tools: Tools) -> Door:
    """The same installation, reached by https."""
    reached = replace(tools, config=replace(tools.config, base_url="https://crm.test"))
    return Door(reached, create_app(reached))


@pytest.fixture
async def anybody(door: Door) -> AsyncIterator[httpx2.AsyncClient]:
    async with door.client() as client:
        yield client


async def test_a_link_leads_to_what_its_author_wrote(anybody: httpx2.AsyncClient, tools: Tools) -> None:
    ticket = tracking_marks(tools).link(READER, TARGET)
    for method in ("GET", "HEAD"):
        answer = await anybody.request(method, f"/click/{ticket}")
        assert (answer.status_code, answer.headers["location"]) == (302, TARGET)
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "set-cookie" not in answer.headers
    assert (await anybody.post(f"/click/{ticket}")).status_code == 405


async def test_no_redirect_without_a_ticket_of_this_installation(anybody: httpx2.AsyncClient, tools: Tools) -> None:
    ticket = tracking_marks(tools).link(READER, TARGET) or ""
    forged = marks_of(os.urandom(32), os.urandom(32)).link(READER, "https://evil.test/")
    for bad in (ticket[:-4], f"x{ticket}", ticket[::-1], forged, "evil.test", "https:evil.test", "%C3%A4"):
        answer = await anybody.get(f"/click/{bad}?url=https://evil.test/&to=//evil.test")
        assert answer.status_code == 404, bad
        assert "location" not in answer.headers
        assert "evil" not in answer.text
        assert answer.headers["content-type"].startswith("text/plain")


async def test_the_pixel_is_one_point_and_tells_nothing_about_its_ticket(
    anybody: httpx2.AsyncClient, tools: Tools
) -> None:
    good = await anybody.get(f"/open/{tracking_marks(tools).pixel(READER)}")
    bad = await anybody.get("/open/nonsense")
    assert good.content == bad.content
    assert (good.content[:6], good.content[6:10]) == (b"GIF89a", b"\1\0\1\0")
    assert dict(good.headers) == dict(bad.headers)
    assert good.headers["content-type"] == "image/gif"
    assert "no-store" in good.headers["cache-control"]
    # Mail programs on the web show it within pages of their own.
    assert good.headers["cross-origin-resource-policy"] == "cross-origin"


async def test_what_is_tracked_is_chosen_per_account_and_email(by_https: Door, admin: ActingUser, tools: Tools) -> None:
    async with by_https.client(auth=(await key_of(tools, admin), "")) as api:
        lead_id, account_id = await office(api)
        account = f"/api/v1/connected_account/{account_id}/"
        assert (await api.get(account)).json()["track_clicks"] is False
        changed = await api.put(account, json={"track_clicks": True})
        assert (changed.json()["track_opens"], changed.json()["track_clicks"]) == (False, True)
        body = {
            "lead_id": lead_id,
            "status": "outbox",
            "send_in": 30,
            "sender": "ann@acme.test",
            "to": ["bob@bolt.example"],
        }
        usual = (await api.post("/api/v1/activity/email/", json=body)).json()
        assert (usual["track_opens"], usual["track_clicks"]) == (False, True)
        chosen = body | {"track_opens": True, "track_clicks": False}
        other = (await api.post("/api/v1/activity/email/", json=chosen)).json()
        assert (other["track_opens"], other["track_clicks"]) == (True, False)
        draft = (await api.post("/api/v1/activity/email/", json=body | {"status": "draft"})).json()
        assert (draft["track_opens"], draft["track_clicks"]) == (None, None)
        at = f"/api/v1/activity/email/{draft['id']}/"
        assert (await api.put(at, json={"track_opens": True})).json()["track_opens"] is True
        sent = (await api.put(at, json={"status": "outbox", "send_in": 30})).json()
        assert (sent["track_opens"], sent["track_clicks"]) == (True, True)
        assert (await api.put(at, json={"track_opens": False})).status_code == 400
        assert (await api.post("/api/v1/activity/email/", json=body | {"track_opens": "yes"})).status_code == 400


async def test_without_https_nothing_can_be_tracked_and_it_says_why(api: httpx2.AsyncClient) -> None:
    lead_id, account_id = await office(api)
    for refused in (
        await api.put(f"/api/v1/connected_account/{account_id}/", json={"track_opens": True}),
        await api.post("/api/v1/activity/email/", json={"lead_id": lead_id, "status": "draft", "track_opens": True}),
    ):
        assert refused.status_code == 400
        assert "POSTROOM_BASE_URL" in refused.json()["field-errors"]["track_opens"]
    assert (await api.get(f"/api/v1/connected_account/{account_id}/")).json()["track_opens"] is False

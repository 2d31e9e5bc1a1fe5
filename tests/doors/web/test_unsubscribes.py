"""/unsubscribe/email/, /suppression/, and the open page behind the link in an email."""

import csv
import io
import re
from html import unescape

import httpx2
import pytest

from postroom.ground.clock import system_clock
from postroom.journeys.steps.unsubscribe_links import UnsubscribeLinks, unsubscribe_links
from postroom.journeys.tools import Tools
from postroom.rooms.suppression import store
from postroom.rooms.suppression.bounce_store import note_bounce
from postroom.rooms.suppression.suppression import Bounce, BounceKind, Kind, NewSuppression, Source, UnsubscribeMode
from postroom.rooms.users import store as users
from postroom.rooms.users.user import ActingUser, NewUser, Role
from tests.doors.web.conftest import Door, key_of
from tests.doors.web.test_email_templates import make
from tests.doors.web.test_writing_email import office

CLOSE = "/api/v1/unsubscribe/email/"
OURS = "/api/v1/suppression/"
SETTINGS = "/api/v1/unsubscribe/settings/"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


async def link_for(tools: Tools, admin: ActingUser, address: str = "zoe@acme.example") -> str:
    async with tools.db.transaction() as tx:
        links = await unsubscribe_links(tools, tx, admin.organization_id)
    link = links.of(address, "acti_1", "ann@acme.test")
    assert link is not None
    return link.url


async def kinds_of(tools: Tools, admin: ActingUser, address: str = "zoe@acme.example") -> dict[Kind, Source]:
    async with tools.db.transaction() as tx:
        found = await store.suppressed(tx, admin.organization_id, [address])
    return {one.kind: one.source for one in found.get(address, ())}


async def test_addresses_are_unsubscribed_as_at_close(api: httpx2.AsyncClient, stranger: httpx2.AsyncClient) -> None:
    assert (await api.get(CLOSE)).json() == {"data": [], "has_more": False}
    added = await api.post(CLOSE, json={"email": "Bob@Acme.example"})
    assert (added.status_code, added.json()) == (201, {"email": "Bob@Acme.example"})
    assert (await api.post(CLOSE, json={"email": "bob@acme.example"})).status_code == 201
    assert (await api.get(CLOSE)).json() == {"data": [{"email": "Bob@Acme.example"}], "has_more": False}
    assert (await stranger.get(CLOSE)).json()["data"] == []
    assert (await stranger.delete(f"{CLOSE}bob@acme.example/")).status_code == 404
    gone = await api.delete(f"{CLOSE}BOB@acme.example/")
    assert (gone.status_code, gone.json()) == (200, {"email": "BOB@acme.example"})
    assert (await api.get(CLOSE)).json()["data"] == []
    assert (await api.delete(f"{CLOSE}bob@acme.example/")).status_code == 404
    events = (await api.post(CLOSE, json={"email": "nobody"})).json()
    assert "email" in events["field-errors"]


async def test_the_list_of_close_is_paged(api: httpx2.AsyncClient) -> None:
    for number in range(3):
        await api.post(CLOSE, json={"email": f"n{number}@acme.example"})
    first = (await api.get(f"{CLOSE}?_limit=2")).json()
    rest = (await api.get(f"{CLOSE}?_limit=2&_skip=2")).json()
    assert (len(first["data"]), first["has_more"], len(rest["data"]), rest["has_more"]) == (2, True, 1, False)


async def test_our_list_tells_every_reason_and_its_history(
    api: httpx2.AsyncClient, tools: Tools, admin: ActingUser
) -> None:
    made = await api.post(OURS, json={"email": "eve@beta.example", "reason": "asked by telephone"})
    assert (made.status_code, made.json()["kind"], made.json()["source"]) == (201, "manual", "api")
    async with tools.db.transaction() as tx:
        bounced = NewSuppression("bob@acme.example", Kind.HARD_BOUNCE, Source.REPORT, "550 5.1.1 no such user")
        await store.suppress(tx, admin.organization_id, [bounced], system_clock())
    listed = (await api.get(OURS)).json()
    assert {(one["email"], one["kind"]) for one in listed["data"]} == {
        ("eve@beta.example", "manual"), ("bob@acme.example", "hard_bounce"),
    }  # fmt: skip
    assert listed["counts"] == {"complaint": 0, "unsubscribed": 0, "manual": 1, "hard_bounce": 1, "soft_bounce": 0}
    found = (await api.get(f"{OURS}?query=BETA&kind=manual,unsubscribed")).json()["data"]
    assert [one["reason"] for one in found] == ["asked by telephone"]
    assert (await api.get(f"{OURS}?kind=wrong")).status_code == 400
    assert (await api.delete(f"{OURS}hard_bounce/bob@acme.example/")).json() == {}
    assert (await api.delete(f"{OURS}hard_bounce/bob@acme.example/")).status_code == 404
    assert (await api.delete(f"{OURS}wrong/bob@acme.example/")).status_code == 404
    log = (await api.get(f"{OURS}log/bob@acme.example/")).json()["data"]
    assert [(one["action"], one["user_id"]) for one in log] == [("removed", admin.id), ("added", None)]


async def test_an_export_is_csv_without_formulas(api: httpx2.AsyncClient, tools: Tools, admin: ActingUser) -> None:
    async with tools.db.transaction() as tx:
        bad = NewSuppression("a@x.example", Kind.HARD_BOUNCE, Source.REPORT, '=HYPERLINK("http://evil.test"), "x"')
        await store.suppress(tx, admin.organization_id, [bad], system_clock())
    answer = await api.get(f"{OURS}export/")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [(row["email"], row["reason"][:2]) for row in rows] == [("a@x.example", "'=")]


async def test_settings_are_the_admins(door: Door, api: httpx2.AsyncClient, tools: Tools, admin: ActingUser) -> None:
    assert (await api.get(SETTINGS)).json() == {"mode": "on", "has_one_click": False}
    assert (await api.put(SETTINGS, json={"mode": "required"})).json()["mode"] == "required"
    assert (await api.put(SETTINGS, json={"mode": "maybe"})).status_code == 400
    for role in (Role.USER, Role.RESTRICTED):
        async with tools.db.transaction() as tx:
            new = NewUser(f"{role}@acme.test", "Bob", "B", "", role)
            user = await users.insert_user(tx, admin.organization_id, new, tools.clock())
        async with door.client(auth=(await key_of(tools, user), "")) as client:
            assert (await client.put(SETTINGS, json={"mode": "off"})).status_code == 403
            added = await client.post(CLOSE, json={"email": f"{role}@beta.example"})
            assert added.status_code == (201 if role is Role.USER else 403)
    assert (await api.get(SETTINGS)).json()["mode"] == "required"


async def test_reading_a_link_changes_nothing_however_it_is_read(door: Door, tools: Tools, admin: ActingUser) -> None:
    url = await link_for(tools, admin)
    async with door.client() as anybody:
        pages = [await anybody.request(method, url) for method in ("GET", "GET", "HEAD", "OPTIONS", "PUT", "DELETE")]
        undo = await anybody.get(f"{url}/undo")
    assert [one.status_code for one in pages[:3]] == [200, 200, 200]
    assert undo.status_code in (404, 405)
    assert await kinds_of(tools, admin) == {}
    page = pages[0]
    assert "<script" not in page.text and "http-equiv" not in page.text
    assert 'method="post"' in page.text and "z…@acme.example" in page.text and "zoe@acme.example" not in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "form-action 'self'" in policy
    assert page.headers["cache-control"] == "no-store" and page.headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in page.headers


async def test_the_pages_button_unsubscribes_and_takes_it_back(door: Door, tools: Tools, admin: ActingUser) -> None:
    url = await link_for(tools, admin)
    async with door.client() as anybody:
        asking = await anybody.get(url)
        action = unescape(re.findall(r'action="([^"]+)"', asking.text)[0])
        done = await anybody.post(action, data={"confirm": "yes"})
        assert done.status_code == 200 and "You are unsubscribed" in done.text and "Acme" in done.text
        assert await kinds_of(tools, admin) == {Kind.UNSUBSCRIBED: Source.PAGE}
        assert "You are unsubscribed" in (await anybody.get(url)).text
        again = await anybody.post(action, data={"confirm": "yes"})
        assert again.status_code == 200
        back = await anybody.post(f"{action}/undo", data={"confirm": "yes"})
        assert "subscribed again" in back.text
    assert await kinds_of(tools, admin) == {}


async def test_a_mail_programs_one_click_needs_no_cookie_and_no_second_step(
    door: Door, tools: Tools, admin: ActingUser
) -> None:
    for number, form in enumerate([{"data": ONE_CLICK}, {"files": {"List-Unsubscribe": (None, "One-Click")}}]):
        address = f"n{number}@acme.example"
        url = await link_for(tools, admin, address)
        async with door.client() as provider:
            answers = [await provider.post(url, **form) for _ in range(2)]
        assert [one.status_code for one in answers] == [200, 200]
        assert await kinds_of(tools, admin, address) == {Kind.UNSUBSCRIBED: Source.ONE_CLICK}


async def test_a_post_that_says_nothing_changes_nothing(door: Door, tools: Tools, admin: ActingUser) -> None:
    url = await link_for(tools, admin)
    async with door.client() as anybody:
        for body in ({}, {"List-Unsubscribe": "No"}, {"x": "y"}):
            assert (await anybody.post(url, data=body)).status_code == 400
        assert (await anybody.post(url, content=b"\xff" * 20_000)).status_code in (400, 413)
    assert await kinds_of(tools, admin) == {}


@pytest.mark.parametrize("ticket", ["x", "A" * 120, "é" * 40])
async def test_a_link_that_is_none_of_ours_says_so(door: Door, ticket: str) -> None:
    async with door.client() as anybody:
        for answer in (
            await anybody.get(f"/unsubscribe/{ticket}"),
            await anybody.post(f"/unsubscribe/{ticket}", data=ONE_CLICK),
            await anybody.post(f"/unsubscribe/{ticket}/undo", data={"confirm": "yes"}),
        ):
            assert answer.status_code == 404 and "does not work" in answer.text, ticket


async def test_the_page_speaks_the_readers_language(door: Door, tools: Tools, admin: ActingUser) -> None:
    url = await link_for(tools, admin)
    async with door.client() as anybody:
        for asked, title in [
            ("de-AT,de;q=0.9,en;q=0.5", "Abmelden?"),
            ("fr-FR,fr", "Unsubscribe?"),
            ("en;q=0.2,de;q=0.8", "Abmelden?"),
            ("de;q=x,en", "Unsubscribe?"),
            ("", "Unsubscribe?"),
        ]:
            page = await anybody.get(url, headers={"accept-language": asked})
            assert f"<h1>{title}</h1>" in page.text, asked
            assert page.headers["vary"] == "Accept-Language"


async def test_what_others_entered_is_not_taken_back_by_a_link(
    door: Door, api: httpx2.AsyncClient, tools: Tools, admin: ActingUser
) -> None:
    await api.post(CLOSE, json={"email": "zoe@acme.example"})
    url = await link_for(tools, admin)
    async with door.client() as anybody:
        page = await anybody.post(f"{url}/undo", data={"confirm": "yes"})
        clicked = await anybody.post(url, data=ONE_CLICK)
    assert "ask <b>Acme</b> directly" in page.text and "undo" not in page.text and clicked.status_code == 200
    assert await kinds_of(tools, admin) == {Kind.UNSUBSCRIBED: Source.API}


def test_headers_offer_one_click_only_over_https(tools: Tools) -> None:
    plain = UnsubscribeLinks(tools, "orga_1", UnsubscribeMode.ON).of("zoe@acme.example", "acti_1", "ann@acme.test")
    assert plain is not None
    assert [name for name, _ in plain.headers] == ["List-Unsubscribe"]
    assert plain.headers[0][1].startswith("<mailto:ann@acme.test?subject=unsubscribe%20")
    assert UnsubscribeLinks(tools, "orga_1", UnsubscribeMode.OFF).of("zoe@acme.example", "", "") is None


async def test_templates_have_the_link_as_a_variable(
    door: Door, api: httpx2.AsyncClient, tools: Tools, admin: ActingUser
) -> None:
    lead_id, _ = await office(api)
    contact = (await api.get(f"/api/v1/lead/{lead_id}/")).json()["contacts"][0]
    words = '<p>{{ unsubscribe.link }}</p><p><a href="{{ unsubscribe.url }}">No more</a></p>'
    made = await make(api, body=words)
    url = f"/api/v1/email_template/{made['id']}/render/?lead_id={lead_id}&contact_id={contact['id']}"
    shown = (await api.get(url)).json()
    links = re.findall(r'href="([^"]+)"', shown["body"])
    assert len(links) == 2 and links[0] == links[1] and shown["missing"] == []
    async with door.client() as anybody:
        await anybody.post(links[0], data=ONE_CLICK)
    assert await kinds_of(tools, admin) == {Kind.UNSUBSCRIBED: Source.ONE_CLICK}
    await api.put(SETTINGS, json={"mode": "off"})
    assert [one["reason"] for one in (await api.get(url)).json()["missing"]] == ["empty", "empty"]


async def test_contacts_show_who_has_unsubscribed(api: httpx2.AsyncClient) -> None:
    lead_id, _ = await office(api)
    await api.post(CLOSE, json={"email": "ZOE@acme.example"})
    emails = (await api.get(f"/api/v1/lead/{lead_id}/")).json()["contacts"][0]["emails"]
    assert (emails[0]["email"], emails[0]["is_unsubscribed"]) == ("zoe@acme.example", True)


async def test_whoever_writes_is_told_what_stands_against_an_address(
    api: httpx2.AsyncClient, stranger: httpx2.AsyncClient
) -> None:
    await api.post(CLOSE, json={"email": "bob@acme.example"})
    await api.post(OURS, json={"email": "bob@acme.example"})
    url = f"{OURS}of/?email=BOB@acme.example,eve@acme.example"
    assert sorted(one["kind"] for one in (await api.get(url)).json()["data"]) == ["manual", "unsubscribed"]
    assert (await stranger.get(url)).json()["data"] == [] == (await api.get(f"{OURS}of/")).json()["data"]


async def test_an_email_shows_whom_it_did_not_reach(
    api: httpx2.AsyncClient, stranger: httpx2.AsyncClient, tools: Tools, admin: ActingUser
) -> None:
    lead_id, _ = await office(api)
    sent = {"lead_id": lead_id, "status": "sent", "to": ["zoe@acme.example"], "subject": "x", "sender": "ann@acme.test"}
    email_id = (await api.post("/api/v1/activity/email/", json=sent)).json()["id"]
    async with tools.db.transaction() as tx:
        bounce = Bounce(email_id, "zoe@acme.example", BounceKind.HARD, "5.1.1", "550 unknown", "key", system_clock())
        assert await note_bounce(tx, admin.organization_id, bounce)
        assert not await note_bounce(tx, admin.organization_id, bounce)
        assert not await note_bounce(tx, "orga_other", bounce)
    shown = (await api.get(f"/api/v1/activity/email/{email_id}/")).json()
    assert [(one["email"], one["kind"], one["status"]) for one in shown["bounces"]] == [
        ("zoe@acme.example", "hard", "5.1.1")
    ]
    thread = (await api.get(f"/api/v1/activity/emailthread/?lead_id={lead_id}")).json()["data"][0]
    assert thread["emails"][0]["bounces"] == shown["bounces"]
    assert (await stranger.get(f"/api/v1/activity/email/{email_id}/")).status_code == 404

"""Close's conventions that hold for every endpoint: overrides, `_params`, rate limits, time zones, field choice."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import httpx2
import pytest

from postroom.doors.web.overrides import _word
from postroom.doors.web.rate_limits import WINDOW_SECONDS, Asking, RateLimits, share_of
from postroom.journeys.tools import Tools
from postroom.rooms.smart_views.moments import Here
from postroom.rooms.smart_views.saved_search import Seeker
from postroom.rooms.users.user import ActingUser
from postroom.views.search_directory import Reader, asking_of
from tests.doors.web.conftest import Door, app_over, key_of, make_admin

API = "/api/v1"
AS_GET = {"x-http-method-override": "GET"}


async def two_leads(api: httpx2.AsyncClient) -> tuple[str, str]:
    made = [(await api.post(f"{API}/lead/", json={"name": name})).json()["id"] for name in ("Alpha", "Beta")]
    return made[0], made[1]


async def test_a_query_too_long_for_an_address_is_posted(api: httpx2.AsyncClient) -> None:
    alpha, _ = await two_leads(api)
    body = {"_params": {"query": "name:Alpha", "_fields": ["id", "name"], "_limit": 5}}
    found = (await api.post(f"{API}/lead/", json=body, headers=AS_GET)).json()
    assert (found["data"], found["total_results"]) == ([{"id": alpha, "name": "Alpha"}], 1)
    contacts = await api.post(f"{API}/contact/", json={"_params": {"lead_id": alpha}}, headers=AS_GET)
    assert contacts.json() == {"data": [], "has_more": False}
    assert (await api.get(f"{API}/lead/")).json()["total_results"] == 2, "nothing was made of it"


async def test_params_in_a_body_narrow_a_bulk_update(api: httpx2.AsyncClient) -> None:
    alpha, beta = await two_leads(api)
    tasks = [
        (await api.post(f"{API}/task/", json={"lead_id": lead, "text": "Call"})).json()["id"] for lead in (alpha, beta)
    ]
    done = await api.put(f"{API}/task/", json={"_params": {"id__in": tasks[0]}, "is_complete": True})
    assert [task["id"] for task in done.json()["data"]] == [tasks[0]]
    assert (await api.get(f"{API}/task/{tasks[1]}/")).json()["is_complete"] is False


async def test_a_post_may_be_a_put_or_a_delete_but_a_get_stays_one(api: httpx2.AsyncClient) -> None:
    alpha, _ = await two_leads(api)
    renamed = await api.post(f"{API}/lead/{alpha}", json={"name": "A"}, headers={"X-HTTP-Method-Override": "put"})
    assert renamed.json()["name"] == "A"
    read = await api.get(f"{API}/lead/{alpha}/", headers={"X-HTTP-Method-Override": "DELETE"})
    assert read.json()["name"] == "A"
    gone = await api.post(f"{API}/lead/{alpha}/", json={}, headers={"X-HTTP-Method-Override": "DELETE"})
    assert (gone.status_code, gone.json()) == (200, {})
    assert (await api.get(f"{API}/lead/{alpha}/")).status_code == 404
    patched = await api.post(f"{API}/lead/", json={"name": "x"}, headers={"X-HTTP-Method-Override": "PATCH"})
    assert patched.status_code == 200, "a method that is not overridden to is passed over"


async def test_bodies_that_are_no_objects_or_too_large_are_refused_as_ever(api: httpx2.AsyncClient) -> None:
    for body in ('["_params"]', '"_params"', '{"_params": ', '{"_params": {"a": "\\u0000"}, "name": "x"}'):
        answer = await api.post(f"{API}/lead/", content=body)
        assert answer.status_code == 400, body
    as_text = await api.post(f"{API}/lead/", content='{"name": "L", "_params": 3}')
    assert as_text.json()["name"] == "L"
    large = await api.post(f"{API}/lead/", content='{"_params": "' + "x" * 17_000_000 + '"}', headers=AS_GET)
    assert large.status_code == 413


async def test_a_skip_too_far_says_so_where_old_clients_look(api: httpx2.AsyncClient) -> None:
    refused = await api.get(f"{API}/lead/?_skip=100001")
    assert refused.status_code == 400 and "max_skip = 100000" in refused.json()["error"]
    assert list(refused.json()["field-errors"]) == ["_skip"]
    many = await api.get("/api/v1/lead/?_limit=1000")
    assert (many.status_code, many.json()) == (
        400,
        {"errors": [], "field-errors": {"_limit": "This must be at most 200."}},
    )


async def test_limit_zero_counts_without_rows(api: httpx2.AsyncClient) -> None:
    await two_leads(api)
    counted = (await api.get(f"{API}/lead/", params={"_limit": 0, "query": "*"})).json()
    assert (counted["data"], counted["total_results"], counted["has_more"]) == ([], 2, True)


async def test_leads_come_in_the_order_that_is_asked_for(api: httpx2.AsyncClient) -> None:
    alpha, beta = await two_leads(api)

    async def ids(**params: str) -> list[str]:
        return [one["id"] for one in (await api.get(f"{API}/lead/", params=params)).json()["data"]]

    assert await ids(_order_by="name") == [alpha, beta] == await ids(_order_by="date_created")
    assert await ids(_order_by="-display_name") == [beta, alpha]
    assert await ids(_order_by="-name", query="sort:name") == [alpha, beta], "the query knows better"
    assert (await api.get(f"{API}/lead/", params={"_order_by": "colour"})).status_code == 400


async def test_kinds_of_things_that_close_alone_has_are_empty_lists(api: httpx2.AsyncClient) -> None:
    for path in ("activity/sms", "activity/meeting", "sequence", "phone_number"):
        assert (await api.get(f"{API}/{path}/")).json() == {"data": [], "has_more": False}
        assert (await api.get(f"{API}/{path}/x_1/")).status_code == 404
    assert (await api.get(f"{API}/sequence/?_limit=-1")).status_code == 400


async def test_fields_may_name_what_a_field_holds(api: httpx2.AsyncClient) -> None:
    body = {"name": "Alpha", "contacts": [{"name": "Bo", "emails": [{"email": "bo@alpha.test"}]}]}
    lead = (await api.post(f"{API}/lead/", json=body)).json()["id"]
    url = f"{API}/lead/{lead}/"
    cut = (await api.get(url, params={"_fields": "id,contacts.name,contacts.emails.email"})).json()
    assert cut == {"id": lead, "contacts": [{"name": "Bo", "emails": [{"email": "bo@alpha.test"}]}]}
    everything = (await api.get(url, params={"_fields": "_all"})).json()
    assert everything["name"] == "Alpha" and "num_emails" in everything
    for wrong in ("nothing", "contacts.nothing", "name,nothing.at.all"):
        refused = await api.get(url, params={"_fields": wrong})
        assert (refused.status_code, list(refused.json()["field-errors"])) == (400, ["_fields"]), wrong


@pytest.mark.parametrize(
    "moment",
    [
        "2024-01-01", "2024-01-01T00:00:00", "2024-01-01T00:00:00.123456", "2024-01-01 00:00:00", "2024-01-01T00:00",
        "2024-01-01T00:00:00Z", "2024-01-01T00:00:00.000+0000", "2024-01-01T02:00:00+02:00", "2024-01-01T00:00:00.000Z",
    ],
)  # fmt: skip
async def test_every_spelling_of_a_moment_is_understood(api: httpx2.AsyncClient, moment: str) -> None:
    answer = await api.get(f"{API}/activity/email/", params={"date_created__gt": moment, "date_created__lte": moment})
    assert answer.status_code == 200, answer.text


async def test_the_day_is_the_callers(tools: Tools, door: Door, admin: ActingUser) -> None:
    """A task due at 1:00 UTC tomorrow: today in New York, tomorrow in Berlin."""
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    timed = replace(tools, clock=lambda: noon)
    app = app_over(timed)
    async with Door(timed, app).client(auth=(await key_of(timed, admin), "")) as client:
        lead = (await client.post(f"{API}/lead/", json={"name": "L"})).json()["id"]
        await client.post(f"{API}/task/", json={"lead_id": lead, "text": "x", "date": "2026-11-21T01:00:00Z"})
        seen = {}
        for offset in ("-5.0", "1.0", "-0.0", "nan", "99999", "text"):
            found = await client.get(f"{API}/task/?view=inbox", headers={"X-TZ-Offset": offset})
            seen[offset] = len(found.json()["data"])
    assert seen == {"-5.0": 1, "1.0": 0, "-0.0": 0, "nan": 0, "99999": 0, "text": 0}


@pytest.fixture
def slow_door(tools: Tools) -> Door:
    """Three requests in a window whose clock stands still."""
    still = datetime(2026, 11, 20, 9, 0, 4, tzinfo=UTC)
    limited = replace(tools, config=replace(tools.config, rate_limit=3), clock=lambda: still)
    return Door(limited, app_over(limited))


async def test_a_key_that_asks_too_often_is_told_so_in_every_spelling(slow_door: Door, admin: ActingUser) -> None:
    async with slow_door.client(auth=(await key_of(slow_door.tools, admin), "")) as client:
        first = await client.get(f"{API}/lead/")
        assert first.headers["ratelimit"] == "limit=3, remaining=2, reset=6"
        for path in ("lead", "/lead/"):
            assert (await client.get(f"{API}/{path}")).status_code == 200
        refused = await client.get(f"{API}/lead/?_limit=1")
        assert refused.status_code == 429
        told = ("retry-after", "ratelimit-reset", "x-rate-limit-reset")
        assert {name: refused.headers[name] for name in told} == dict.fromkeys(told, "6")
        assert refused.headers["ratelimit"] == "limit=3, remaining=0, reset=6"
        assert refused.headers["x-rate-limit-remaining"] == "0"
        body = refused.json()
        assert body["error"] == {
            "message": "This key has asked too often; wait 6 seconds.", "rate_reset": 6.0, "rate_limit": 3,
            "rate_window": WINDOW_SECONDS, "rate_limit_type": "key",
        }  # fmt: skip
        assert (body["rate_reset"], body["errors"], body["field-errors"]) == (6.0, [body["error"]["message"]], {})
        assert (await client.get(f"{API}/contact/")).status_code == 200, "another kind of request has its own count"


async def test_sessions_of_the_page_are_not_counted(slow_door: Door, admin: ActingUser) -> None:
    async with slow_door.client(headers={"X-Postroom": "1"}) as page:
        credentials = {"email": admin.email, "password": "correct horse battery"}
        await page.post(f"{API}/auth/sign_in/", json=credentials)
        answers = [await page.get(f"{API}/me/") for _ in range(6)]
    assert {answer.status_code for answer in answers} == {200}
    assert "ratelimit" not in answers[0].headers


def test_an_organizations_keys_share_three_times_the_budget_and_a_window_ends() -> None:
    limits, now = RateLimits(2), datetime(2026, 11, 20, 9, tzinfo=UTC)
    asked = [
        Asking(f"api_{key}", "orga_1", "GET", f"/api/v1/lead/lead_{key}aaaaaaaa") for key in range(4) for _ in "ab"
    ]
    verdicts = [limits.spend(one, now) for one in asked]
    assert [one.refused_by for one in verdicts if one] == [""] * 6 + ["organization"] * 2
    elsewhere = limits.spend(replace(asked[0], organization_id="orga_2", key_id="api_9"), now)
    assert elsewhere and not elsewhere.refused_by
    later = limits.spend(asked[7], datetime(2026, 11, 20, 9, 0, 10, tzinfo=UTC))
    assert later and (later.refused_by, later.remaining) == ("", 1)
    assert RateLimits(0).spend(asked[0], now) is None


async def test_several_web_processes_together_let_in_no_more_than_the_limit(tools: Tools, admin: ActingUser) -> None:
    still = datetime(2026, 11, 20, 9, 0, 4, tzinfo=UTC)
    config = replace(tools.config, rate_limit=6, web_processes=2)
    doors = [Door(tools, app_over(replace(tools, config=config, clock=lambda: still))) for _ in range(2)]
    key, statuses = await key_of(tools, admin), []
    for one in doors:
        async with one.client(auth=(key, "")) as client:
            statuses += [(await client.get(f"{API}/lead/")).status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429] * 2
    assert [share_of(600, 4), share_of(3, 8), share_of(0, 8)] == [150, 1, 0]


async def test_a_key_is_taken_as_a_bearer_token_too(door: Door, admin: ActingUser) -> None:
    key = await key_of(door.tools, admin)
    async with door.client() as client:
        known = await client.get(f"{API}/me/", headers={"Authorization": f"Bearer {key}"})
        assert known.json()["id"] == admin.id
        for wrong in ("Bearer", "Bearer ", f"Bearer {key}x", "Bearer \xff"):
            raw = wrong.encode("latin-1")
            assert (await client.get(f"{API}/me/", headers=[(b"authorization", raw)])).status_code == 401, wrong


async def test_a_search_does_not_read_the_names_of_others_own_templates(tools: Tools, door: Door) -> None:
    ann = await make_admin(tools, "Acme", "ann@acme.test")
    async with door.client(auth=(await key_of(tools, ann), "")) as client:
        for name, is_shared in (("Mine", False), ("Ours", True)):
            made = await client.post(f"{API}/email_template/", json={"name": name, "is_shared": is_shared})
            assert made.status_code == 200, made.text
    here = Here(tools.clock(), UTC)
    async with tools.db.transaction() as tx:
        seen = {
            user: {name for _, name in (await asking_of(tx, ann.organization_id, Reader(Seeker(user, False), here)))
                   .directory.templates}
            for user in (ann.id, "user_other")
        }  # fmt: skip
    assert seen == {ann.id: {"Mine", "Ours"}, "user_other": {"Ours"}}


def test_a_parameter_in_a_body_is_written_as_in_an_address() -> None:
    assert [_word(value) for value in ("a b", 3, True, ["x", 2], {"k": 1})] == ["a b", "3", "true", "x,2", '{"k":1}']
    assert json.loads(_word({"query": {"type": "match_all"}})) == {"query": {"type": "match_all"}}

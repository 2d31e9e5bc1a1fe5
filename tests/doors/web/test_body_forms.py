"""Requests in the forms that clients in other languages send: compressed, marked, repeated, as a form, as HEAD."""

import gzip
import json
import zlib

import httpx2
import pytest

from postroom.rooms.users.user import ActingUser
from tests.doors.web.conftest import Door
from tests.doors.web.test_close_answers import API, made

LEAD = {"name": "Zürich"}
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (gzip.compress(json.dumps(LEAD).encode(), mtime=0), JSON | {"Content-Encoding": "gzip"}),
        (zlib.compress(json.dumps(LEAD).encode()), JSON | {"Content-Encoding": "deflate"}),
        (zlib.compress(json.dumps(LEAD).encode())[2:-4], JSON | {"Content-Encoding": "deflate"}),
        (b"\xef\xbb\xbf" + json.dumps(LEAD).encode(), JSON),
        (json.dumps(LEAD, ensure_ascii=False).encode("utf-16"), JSON),
        (
            json.dumps(LEAD, ensure_ascii=False).encode("latin-1"),
            {"Content-Type": "application/json; charset=ISO-8859-1"},
        ),
        (json.dumps(LEAD).encode(), {"Content-Type": "application/x-www-form-urlencoded"}),
        (json.dumps(LEAD).encode(), {}),
    ],
    ids=["gzip", "zlib", "bare deflate", "marked", "utf-16", "latin-1", "as curl sends it", "of no type"],
)
async def test_a_body_counts_in_whatever_form_it_comes(
    api: httpx2.AsyncClient, body: bytes, headers: dict[str, str]
) -> None:
    answer = await api.post(f"{API}/lead/", content=body, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.json()["name"] == "Zürich"


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        ('{"name": "Zürich"}'.encode("latin-1"), JSON, 400),
        (b"{}", JSON | {"Content-Encoding": "gzip"}, 400),
        (gzip.compress(b'{"name": "x"}', mtime=0)[:-9], JSON | {"Content-Encoding": "gzip"}, 400),
        (b"{}", JSON | {"Content-Encoding": "br"}, 415),
        (gzip.compress(b" " * 20_000_000, mtime=0), JSON | {"Content-Encoding": "gzip"}, 413),
        (b"{}", {"Content-Type": "application/json; charset=punycode"}, 415),
        (b"name=Acme", {"Content-Type": "application/x-www-form-urlencoded"}, 415),
        (b"<lead/>", {"Content-Type": "application/xml"}, 415),
        (b'{"name": ', JSON, 400),
    ],
    ids=[
        "latin-1 unsaid",
        "not packed",
        "cut short",
        "brotli",
        "a bomb",
        "unknown characters",
        "a form",
        "xml",
        "half",
    ],
)
async def test_a_body_that_cannot_be_read_is_told_and_changes_nothing(
    api: httpx2.AsyncClient, body: bytes, headers: dict[str, str], status: int
) -> None:
    answer = await api.post(f"{API}/lead/", content=body, headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.json()["errors"] and answer.json()["field-errors"] == {}
    assert (await api.get(f"{API}/lead/")).json()["total_results"] == 0


async def test_a_required_key_that_is_not_there_is_named(api: httpx2.AsyncClient) -> None:
    answer = await api.post(f"{API}/status/lead/", json={})
    assert (answer.status_code, answer.json()) == (400, {"errors": [], "field-errors": {"label": REQUIRED}})
    contacts = [{"name": "Jo", "emails": [{"type": "office"}]}]
    answer = await api.post(f"{API}/lead/", json={"contacts": contacts})
    assert answer.json()["field-errors"] == {"contacts[0].emails[0].email": REQUIRED}


REQUIRED = "This field is required."


async def test_parameters_that_come_as_a_form_or_without_a_type_are_read(api: httpx2.AsyncClient) -> None:
    for name in ("One", "Two"):
        await made(api, "lead", {"name": name})
    override = {"X-HTTP-Method-Override": "GET"}
    forms = (
        (b"query=name%3ATwo&_fields=name", {"Content-Type": "application/x-www-form-urlencoded"}),
        (b'{"_params": {"query": "name:Two", "_fields": "name"}}', {"Content-Type": "text/plain"}),
        (b'{"_params": {"query": "name:Two", "_fields": ["name"]}}', {}),
    )
    for body, headers in forms:
        answer = await api.post(f"{API}/lead/", content=body, headers=override | headers)
        assert answer.json() == {"data": [{"name": "Two"}], "has_more": False, "total_results": 1}, body


@pytest.mark.parametrize("spelled", ["id__in={}&id__in={}", "id__in[]={}&id__in[]={}", "id__in[0]={}&id__in[1]={}"])
async def test_a_list_that_is_repeated_counts_whole(api: httpx2.AsyncClient, spelled: str) -> None:
    ids = [(await made(api, "lead", {"name": name}))["id"] for name in ("One", "Two", "Three")]
    query = spelled.format(ids[0], ids[2])
    found = (await api.get(f"{API}/lead/?{query}&_fields=id&_fields=name")).json()["data"]
    assert {row["id"]: row["name"] for row in found} == {ids[0]: "One", ids[2]: "Three"}


async def test_a_date_without_a_suffix_is_that_day_or_that_moment(api: httpx2.AsyncClient) -> None:
    lead = await made(api, "lead", {"name": "Old", "date_created": "2024-05-06T23:30:00+00:00"})
    deal = {"lead_id": lead["id"], "date_won": "2024-05-06", "date_created": "2024-05-06T07:00:00"}
    await made(api, "opportunity", deal)

    async def count(path: str, query: str) -> int:
        return len((await api.get(f"{API}/{path}/?{query}")).json()["data"])

    assert await count("lead", "date_created=2024-05-06") == 1 == await count("opportunity", "date_won=2024-05-06")
    assert await count("lead", "date_created=2024-05-07") == 0 == await count("opportunity", "date_won=2024-05-05")
    assert await count("opportunity", "date_created=2024-05-06T07:00:00Z") == 1
    assert await count("opportunity", "date_created=2024-05-06T07:00:01Z") == 0


async def test_me_is_the_caller_where_users_are_asked_for(api: httpx2.AsyncClient, admin: ActingUser) -> None:
    deal = await made(api, "opportunity", {"user_id": admin.id})
    for query in ("user_id=me", "user_id__in=user_other,me", "user_id__in[]=me"):
        found = (await api.get(f"{API}/opportunity/?{query}")).json()["data"]
        assert [one["id"] for one in found] == [deal["id"]]
    assert (await api.get(f"{API}/opportunity/?user_id=someone")).json()["data"] == []


async def test_head_is_get_without_the_body(api: httpx2.AsyncClient, door: Door) -> None:
    lead = await made(api, "lead", {"name": "Acme"})
    whole = await api.get(f"{API}/lead/{lead['id']}/")
    head = await api.head(f"{API}/lead/{lead['id']}")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == whole.headers["content-length"]
    assert (await api.head(f"{API}/lead/lead_none/")).status_code == 404
    async with door.client() as nobody:
        assert (await nobody.head(f"{API}/lead/{lead['id']}/")).status_code == 401


async def test_dates_without_a_zone_are_those_of_the_header(api: httpx2.AsyncClient) -> None:
    lead = await made(api, "lead", {"name": "Late", "date_created": "2024-05-07T02:30:00+00:00"})
    await made(api, "opportunity", {"lead_id": lead["id"], "date_won": "2024-05-07"})

    async def count(query: str, offset: str | None, path: str = "lead") -> int:
        headers = {} if offset is None else {"X-TZ-Offset": offset}
        return len((await api.get(f"{API}/{path}/?{query}", headers=headers)).json()["data"])

    evening = "date_created__gte=2024-05-06&date_created__lt=2024-05-07"
    assert [await count(evening, offset) for offset in (None, "0", "-4", "-2.5", "nonsense")] == [0, 0, 1, 0, 0]
    assert await count("date_created=2024-05-06", "-4") == 1
    assert await count("date_created__gte=2024-05-07T02:30:00Z", "-4") == 1
    assert await count("date_won__gte=2024-05-07&date_won__lte=2024-05-07", "-4", "opportunity") == 1
    (event,) = (await api.get(f"{API}/event/?object_id={lead['id']}")).json()["data"]
    assert await count(f"date_updated__gte={event['date_updated']}&object_id={lead['id']}", "-4", "event") == 1

"""/lead/import/: a CSV file becomes leads and contacts: mapped, checked, run, undone."""

from typing import Any

import httpx2
import pytest

from postroom.journeys.import_leads import import_leads
from postroom.journeys.tools import Tools
from postroom.journeys.undo_import import undo_import
from postroom.rooms.users import store as users
from postroom.rooms.users.user import ActingUser, NewUser, Role
from tests.doors.web.conftest import Door, key_of

URL = "/api/v1/lead/import/"
FILE = (
    "Company;Website;First name;Last name;E-mail;Phone;City;Status;Remark\r\n"
    "Äcme GmbH;https://acme.example;Jo;Meyer;jo@acme.example;+49 30 1;Köln;Potential;x\r\n"
    "Äcme GmbH;;Ann;Bell;ann@acme.example, a.bell@acme.example;;;;\r\n"
    "Nimbus;;Max;;max@nimbus;;;;\r\n"
    "Nimbus;;Max;;max@nimbus.example;;;Nonsense;\r\n"
    ";;;;;;Berlin;;\r\n"
    ";;Zoe;;zoe@gmail.com;;;;\r\n"
)


async def uploaded(api: httpx2.AsyncClient, content: bytes, name: str = "leads.csv") -> str:
    """The download URL of a file."""
    begun = await api.post("/api/v1/files/upload/", json={"filename": name, "content_type": "text/csv"})
    target = begun.json()["upload"]
    sent = await api.post(target["url"], data=target["fields"], files={"file": (name, content, "text/csv")}, auth=None)
    assert sent.status_code == 201, sent.text
    url: str = begun.json()["download"]["url"]
    return url


async def draft(api: httpx2.AsyncClient, content: str | bytes = FILE, **choices: Any) -> dict[str, Any]:
    raw = content.encode("cp1252") if isinstance(content, str) else content
    answer = await api.post(URL, json={"file": await uploaded(api, raw), **choices})
    assert answer.status_code == 200, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def done(api: httpx2.AsyncClient, tools: Tools, made: dict[str, Any], what: str) -> dict[str, Any]:
    """The import after the worker has had it."""
    answer = await api.post(f"{URL}{made['id']}/{what}/")
    assert answer.status_code == 200, answer.text
    await import_leads(tools, made["organization_id"], made["id"])
    await undo_import(tools, made["organization_id"], made["id"])
    card: dict[str, Any] = (await api.get(f"{URL}{made['id']}/")).json()
    return card


async def leads(api: httpx2.AsyncClient) -> dict[str, list[str]]:
    """Names of leads, each with the names of its contacts."""
    found = (await api.get("/api/v1/lead/?_limit=100")).json()["data"]
    return {lead["name"]: sorted(one["name"] for one in lead["contacts"]) for lead in found}


async def reasons(api: httpx2.AsyncClient, made: dict[str, Any], outcome: str) -> dict[int, str]:
    rows = (await api.get(f"{URL}{made['id']}/row/", params={"outcome": outcome})).json()["data"]
    return {row["number"]: row["reason"] for row in rows}


async def test_a_file_is_read_and_its_columns_are_guessed(api: httpx2.AsyncClient) -> None:
    made = await draft(api)
    assert (made["encoding"], made["separator"], made["n_rows"], made["status"]) == ("cp1252", ";", 6, "draft")
    assert [column["target"] for column in made["columns"]] == [
        "lead.name", "lead.url", "contact.first_name", "contact.last_name", "contact.email", "contact.phone",
        "lead.city", "lead.status", "",
    ]  # fmt: skip
    assert made["columns"][0]["samples"][:2] == ["Äcme GmbH", "Äcme GmbH"]
    assert {"target": "lead.zipcode", "name": None} in made["targets"]


async def test_a_check_says_by_row_what_would_happen_and_makes_nothing(api: httpx2.AsyncClient, tools: Tools) -> None:
    made = await draft(api)
    checked = await done(api, tools, made, "check")
    assert (checked["status"], checked["n_done"]) == ("checked", 6)
    counts = {name: number for name, number in checked["counts"].items() if number}
    assert counts == {"created": 2, "joined": 1, "failed": 3, "leads": 2, "contacts": 3}
    assert await reasons(api, made, "failed") == {
        4: "'max@nimbus' is not an email address.",
        5: "There is no lead status 'Nonsense'.",
        6: "The row names no lead, no contact and no email address.",
    }
    assert await leads(api) == {}


async def test_a_run_makes_leads_with_their_contacts_and_addresses(api: httpx2.AsyncClient, tools: Tools) -> None:
    made = await draft(api)
    await done(api, tools, made, "check")
    ended = await done(api, tools, made, "run")
    assert (ended["status"], ended["counts"]["created"], ended["counts"]["joined"]) == ("done", 2, 1)
    assert await leads(api) == {"Äcme GmbH": ["Ann Bell", "Jo Meyer"], "Zoe": ["Zoe"]}
    (lead,) = (await api.get("/api/v1/lead/", params={"query": "name:gmbh"})).json()["data"]
    assert (lead["url"], lead["status_label"], lead["addresses"][0]["city"]) == (
        "https://acme.example", "Potential", "Köln",
    )  # fmt: skip
    by_name = {contact["name"]: contact for contact in lead["contacts"]}
    assert [one["email"] for one in by_name["Ann Bell"]["emails"]] == ["ann@acme.example", "a.bell@acme.example"]
    assert by_name["Jo Meyer"]["phones"][0]["phone"] == "+49301"
    events = (await api.get("/api/v1/event/?object_type=lead&action=created")).json()["data"]
    assert len(events) == 2
    again = await api.post(f"{URL}{made['id']}/run/")
    assert again.status_code == 409


@pytest.mark.parametrize(
    ("by", "row", "joins"),
    [
        ("email", "Other,JO@acme.example", True),
        ("email", "Acme,new@acme.example", False),
        ("domain", "Other,new@acme.example", True),
        ("domain", "Other,new@gmail.com", False),  # anybody has an address there
        ("name", "ACME,new@other.example", True),
        ("name", "Acme Two,jo@acme.example", False),
        ("", "Acme,jo@acme.example", False),
    ],
)
async def test_rows_find_their_lead_as_is_chosen(
    api: httpx2.AsyncClient, tools: Tools, by: str, row: str, joins: bool
) -> None:
    people = [{"name": "Jo", "emails": [{"email": "jo@acme.example"}, {"email": "jo@gmail.com"}]}]
    await api.post("/api/v1/lead/", json={"name": "Acme", "contacts": people})
    made = await draft(api, f"company,email\n{row}\n", joined_by=[by] if by else [])
    ended = await done(api, tools, made, "run")
    assert ended["counts"]["joined" if joins else "created"] == 1
    total = (await api.get("/api/v1/lead/", params={"query": "*", "_limit": 0})).json()["total_results"]
    assert total == (1 if joins else 2)


async def test_joining_fills_what_is_empty_and_skipping_leaves_all(api: httpx2.AsyncClient, tools: Tools) -> None:
    people = [{"name": "Jo", "title": "", "emails": [{"email": "jo@acme.example"}]}]
    lead = (
        await api.post("/api/v1/lead/", json={"name": "Acme", "url": "https://old.test", "contacts": people})
    ).json()
    file = "company,url,description,email,name,title\nAcme,https://new.test,Makes cranes,jo@acme.example,Joanna,CEO\n"
    skipped = await done(api, tools, await draft(api, file, mapping=_MAPPING, when_found="skip"), "run")
    assert skipped["counts"]["skipped"] == 1
    joined = await done(api, tools, made := await draft(api, file, mapping=_MAPPING), "run")
    assert joined["counts"]["joined"] == 1
    now = (await api.get(f"/api/v1/lead/{lead['id']}/")).json()
    assert (now["url"], now["description"], now["contacts"][0]["name"], now["contacts"][0]["title"]) == (
        "https://old.test", "Makes cranes", "Jo", "CEO",
    )  # fmt: skip
    undone = await done(api, tools, made, "undo")
    assert undone["status"] == "undone"
    now = (await api.get(f"/api/v1/lead/{lead['id']}/")).json()
    assert (now["url"], now["description"], now["contacts"][0]["title"]) == ("https://old.test", "", "")


_MAPPING = ["lead.name", "lead.url", "lead.description", "contact.email", "contact.name", "contact.title"]


async def test_undoing_takes_everything_back_but_what_was_worked_with(api: httpx2.AsyncClient, tools: Tools) -> None:
    await api.post("/api/v1/lead/", json={"name": "Before", "contacts": [{"name": "Old"}]})
    rows = "".join(f"Lead {number},p{number}@x{number}.example\n" for number in range(4))
    made = await draft(api, f"company,email\n{rows}Lead 1,second@x1.example\nBefore,new@before.example\n")
    await done(api, tools, made, "run")
    assert len(await leads(api)) == 5
    found = (await api.get("/api/v1/lead/?_limit=100")).json()["data"]
    by_name = {lead["name"]: lead["id"] for lead in found}
    await api.post("/api/v1/task/", json={"lead_id": by_name["Lead 2"], "text": "Call"})
    await api.put(f"/api/v1/lead/{by_name['Lead 3']}/", json={"description": "A good one"})
    undone = await done(api, tools, made, "undo")
    assert (undone["status"], undone["counts"]["undone"], undone["counts"]["kept"]) == ("undone", 4, 2)
    assert sorted(await leads(api)) == ["Before", "Lead 2", "Lead 3"]
    assert (await leads(api))["Before"] == ["Old"]


@pytest.mark.parametrize(
    ("raw", "encoding", "separator"),
    [
        ("name,e-mail\nJörg,j@x.example\n".encode(), "utf-8", ","),
        ("\ufeffname,e-mail\nJörg,j@x.example\n".encode(), "utf-8", ","),
        ("name\te-mail\nJörg\tj@x.example\n".encode("utf-16"), "utf-16", "\t"),
        ("name;e-mail\nJörg;j@x.example\n".encode("cp1252"), "cp1252", ";"),
        ('sep=|\nname|e-mail\n"Jörg"|"j@x.example"\n'.encode(), "utf-8", "|"),
        ('name,e-mail\n"Jörg",j@x.example\n"a;b;c;d",k@x.example\n'.encode(), "utf-8", ","),
    ],
)
async def test_encodings_and_separators_are_guessed(
    api: httpx2.AsyncClient, raw: bytes, encoding: str, separator: str
) -> None:
    made = await draft(api, raw)
    assert (made["encoding"], made["separator"]) == (encoding, separator)
    assert made["columns"][0]["samples"][0] == "Jörg"
    assert [column["target"] for column in made["columns"]] == ["contact.name", "contact.email"]


async def test_a_person_corrects_what_was_guessed(api: httpx2.AsyncClient) -> None:
    made = await draft(api, "Имя,Почта\nИван,i@x.example\n".encode("cp1251"))
    changed = (await api.put(f"{URL}{made['id']}/", json={"encoding": "windows-1251"})).json()
    assert changed["columns"][0]["head"] == "Имя"
    mapping = ["contact.name", "contact.email"]
    changed = (await api.put(f"{URL}{made['id']}/", json={"mapping": mapping, "has_header": False})).json()
    assert ([column["target"] for column in changed["columns"]], changed["n_rows"]) == (mapping, 2)


@pytest.mark.parametrize(
    ("content", "choices", "field"),
    [
        (b"", {}, "file"),
        (b"\x00\x01\x02\x00" * 100, {}, "file"),
        (b"name,email\n", {}, "file"),
        (b'name,email\n"Jo,jo@x.example\n' + b"x" * 200_000, {}, "file"),
        (b"name,email\nJo,j@x.example\n", {"mapping": ["contact.name"]}, "mapping"),
        (b"name,email\nJo,j@x.example\n", {"mapping": ["contact.name", "lead.colour"]}, "mapping"),
        (b"name,email\nJo,j@x.example\n", {"mapping": ["lead.url", ""]}, "mapping"),
        (b"name,email\nJo,j@x.example\n", {"joined_by": ["colour"]}, "joined_by"),
        (b"name,email\nJo,j@x.example\n", {"when_found": "burn"}, "when_found"),
        (b"name,email\nJo,j@x.example\n", {"encoding": "klingon"}, "encoding"),
        (b"name,email\nJo,j@x.example\n", {"separator": "x"}, "separator"),
    ],
)
async def test_what_cannot_be_read_is_refused_with_its_place(
    api: httpx2.AsyncClient, content: bytes, choices: dict[str, Any], field: str
) -> None:
    answer = await api.post(URL, json={"file": await uploaded(api, content), **choices})
    assert (answer.status_code, list(answer.json()["field-errors"])) == (400, [field]), answer.text
    assert (await api.get(URL)).json()["data"] == []


async def test_custom_fields_take_values_that_fit(api: httpx2.AsyncClient, tools: Tools) -> None:
    body = {"name": "Employees", "type": "number"}
    field_id = (await api.post("/api/v1/custom_field/lead/", json=body)).json()["id"]
    made = await draft(api, "company,Employees\nAcme,40\nNimbus,many\n")
    assert made["columns"][1]["target"] == f"custom.{field_id}"
    ended = await done(api, tools, made, "run")
    assert (ended["counts"]["created"], ended["counts"]["failed"]) == (1, 1)
    assert (await reasons(api, made, "failed"))[3].startswith("Employees: ")
    (lead,) = (await api.get("/api/v1/lead/")).json()["data"]
    assert lead[f"custom.{field_id}"] == 40


async def test_an_import_is_its_makers_and_the_admins(
    api: httpx2.AsyncClient, stranger: httpx2.AsyncClient, door: Door, admin: ActingUser
) -> None:
    made = await draft(api)
    for method, path in [
        ("GET", ""),
        ("PUT", ""),
        ("DELETE", ""),
        ("POST", "run/"),
        ("POST", "undo/"),
        ("GET", "row/"),
    ]:
        answer = await stranger.request(method, f"{URL}{made['id']}/{path}", json={} if method != "GET" else None)
        assert answer.status_code == 404, (method, path, answer.text)
    assert (await stranger.post(URL, json={"file": await uploaded(api, b"name\nJo\n")})).status_code == 404
    async with door.tools.db.transaction() as tx:
        new = NewUser("ria@acme.test", "Ria", "R", "x", Role.RESTRICTED)
        ria = await users.insert_user(tx, admin.organization_id, new, door.tools.clock())
    async with door.client(auth=(await key_of(door.tools, ria), "")) as client:
        assert (await client.get(f"{URL}{made['id']}/")).status_code == 404
        refused = await client.post(URL, json={"file": await uploaded(client, b"name\nJo\n")})
        assert refused.status_code == 403


async def test_a_run_that_breaks_off_goes_on_where_it_stood(
    api: httpx2.AsyncClient, tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("postroom.journeys.import_leads.ROWS_AT_ONCE", 2)
    made = await draft(api, "company,email\n" + "".join(f"Lead {n},p{n}@x{n}.example\n" for n in range(7)))
    await api.post(f"{URL}{made['id']}/run/")

    async def broken(*_: object) -> None:
        raise RuntimeError("the power is gone")

    monkeypatch.setattr("postroom.journeys.import_leads.address_added", _after(2, broken))
    with pytest.raises(RuntimeError):
        await import_leads(tools, made["organization_id"], made["id"])
    monkeypatch.undo()
    assert (await api.get(f"{URL}{made['id']}/")).json()["n_done"] == 4
    await import_leads(tools, made["organization_id"], made["id"])
    assert (await api.get(f"{URL}{made['id']}/")).json()["status"] == "done"
    assert len(await leads(api)) == 7


def _after(calls: int, then: Any) -> Any:
    """Does nothing so often, and then this."""
    count = iter(range(10**6))

    async def act(*given: object) -> None:
        if next(count) >= calls:
            await then(*given)

    return act

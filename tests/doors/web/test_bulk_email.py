"""/bulk_action/email/ as Close's clients use it, and its confirm screen."""

import csv
import io
from typing import Any

import httpx2
import pytest

from postroom.journeys.tools import Tools
from postroom.rooms.accounts import store as account_store
from postroom.rooms.accounts.account import AccountSettings, Encryption, ServerLogin, Side
from postroom.rooms.accounts.store import AccountToAdd
from postroom.rooms.users.user import ActingUser

URL = "/api/v1/bulk_action/email/"


@pytest.fixture
async def account(tools: Tools, admin: ActingUser) -> str:
    """An account that sends, at Google."""
    new = AccountToAdd(admin.id, "custom_email", "google", admin.email, AccountSettings())
    async with tools.db.transaction() as tx:
        account_id = await account_store.add(tx, admin.organization_id, new, tools.clock())
        made = await account_store.get(tx, admin.organization_id, account_id)
        login = ServerLogin("smtp.gmail.com", 587, Encryption.STARTTLS, admin.email)
        await account_store.save_login(tx, made, Side.SEND, login, tools.clock())
    return account_id


async def some_leads(api: httpx2.AsyncClient, *people: tuple[str, str]) -> None:
    for name, email in people:
        emails = [{"email": email}] if email else []
        await api.post("/api/v1/lead/", json={"name": f"Firm {name}", "contacts": [{"name": name, "emails": emails}]})


async def a_template(api: httpx2.AsyncClient, body: str = "<p>Dear {{ contact.first_name }}</p>") -> str:
    made = await api.post("/api/v1/email_template/", json={"name": 'The "News"', "subject": "News", "body": body})
    return str(made.json()["id"])


async def asked(api: httpx2.AsyncClient, account: str, **more: Any) -> dict[str, Any]:
    return {"template_id": await a_template(api), "query": "name:Firm", "email_account_id": account} | more


async def test_a_batch_is_made_as_closes_clients_make_it(api: httpx2.AsyncClient, account: str) -> None:
    body = await asked(api, account, contact_preference="contact", sender="Ann <ann@acme.test>")
    tree = {"type": "and", "queries": [{"type": "object_type", "object_type": "lead"}]}
    made = await api.post(URL, json={**body, "query": None, "s_query": tree, "results_limit": 10})
    assert made.status_code == 200, made.text
    card = made.json()
    assert card["id"].startswith("bulkemail_")
    assert (card["status"], card["n_leads"], card["n_objects"]) == ("created", None, None)
    assert (card["query"], card["s_query"], card["results_limit"]) == (None, tree, 10)
    assert (card["sender"], card["email_account_id"]) == ("Ann <ann@acme.test>", account)
    assert card["created_by"] == card["updated_by"] == card["user_id"]
    found = (await api.get(URL, params={"template_id": body["template_id"], "_fields": "id,status"})).json()
    assert found == {"data": [{"id": card["id"], "status": "created"}], "has_more": False}
    assert (await api.get(URL, params={"template_id": "tmpl_other"})).json()["data"] == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"query": "name:"}, "query"),
        ({"query": None}, "s_query"),
        ({"s_query": {"type": "match_all"}}, "s_query"),
        ({"template_id": "tmpl_none"}, "template_id"),
        ({"contact_preference": "some"}, "contact_preference"),
        ({"results_limit": 100_001}, "results_limit"),
        ({"bulk_object_type": "call"}, "bulk_object_type"),
        ({"sender": "else@where.test"}, "sender"),
        ({"email_account_id": "emailacct_none", "sender": "ann@acme.test"}, "email_account_id"),
        ({"contact_query": "name:("}, "contact_query"),
    ],
)
async def test_what_cannot_be_sent_is_refused_and_nothing_is_made(
    api: httpx2.AsyncClient, account: str, change: dict[str, Any], field: str
) -> None:
    answer = await api.post(URL, json=await asked(api, account) | change)
    assert answer.status_code == 400, answer.text
    assert field in answer.json()["field-errors"], answer.text
    assert (await api.get(URL)).json()["data"] == []


async def test_an_unknown_variable_is_named(api: httpx2.AsyncClient, account: str) -> None:
    chosen = await a_template(api, "<p>{{ lead.shoe_size }}</p>")
    answer = await api.post(URL, json=await asked(api, account, template_id=chosen))
    assert "{{ lead.shoe_size }}" in answer.json()["field-errors"]["template_id"]


async def test_a_draft_counts_lists_and_shows_without_sending(api: httpx2.AsyncClient, account: str) -> None:
    await some_leads(api, ("Zoe Z", "zoe@firm.test"), ("", "nameless@firm.test"))
    await some_leads(api, ("Yan", ""), ("Zoe 2", "ZOE@firm.test"))
    draft = (await api.post(f"{URL}draft/", json=await asked(api, account))).json()
    assert (draft["status"], draft["n_leads"], draft["n_objects"]) == ("draft", 4, 4)
    assert (draft["n_queued"], draft["n_skipped"]) == (2, 2)
    assert (await api.get(URL)).json()["data"] == []
    outlook = (await api.get(f"{URL}{draft['id']}/outlook/")).json()
    assert outlook["skipped"] == {"duplicate": 1, "no_address": 1}
    assert (outlook["provider"], outlook["limit_per_day"], outlook["warn_per_day"]) == ("Google", 2000, 500)
    assert outlook["not_had_template_query"] == 'not emailed_template:"The \\"News\\""'
    gaps = (await api.get(f"{URL}{draft['id']}/gap/")).json()
    assert (gaps["looked_at"], gaps["count"]) == (2, 1)
    assert (gaps["data"][0]["email"], gaps["data"][0]["variables"]) == ("nameless@firm.test", ["contact.first_name"])
    queued = (await api.get(f"{URL}{draft['id']}/recipient/", params={"state__in": "queued"})).json()["data"]
    looks = [(await api.get(f"{URL}{draft['id']}/render/{one['number']}/")).json() for one in queued]
    assert sorted(look["body_html"] for look in looks) == ["<p>Dear </p>", "<p>Dear Zoe</p>"]
    assert (await api.get(f"{URL}{draft['id']}/render/99/")).status_code == 404
    started = await api.post(f"{URL}{draft['id']}/start/")
    assert (started.json()["status"], started.json()["n_objects"]) == ("created", None)
    assert (await api.post(f"{URL}{draft['id']}/start/")).status_code == 409


async def test_pause_resume_and_cancel(api: httpx2.AsyncClient, account: str) -> None:
    await some_leads(api, ("Zoe", "zoe@firm.test"))
    made = (await api.post(URL, json=await asked(api, account))).json()
    one = f"{URL}{made['id']}/"
    assert (await api.post(f"{one}pause/")).json()["cause"] == "user"
    assert (await api.post(f"{one}resume/")).json()["status"] == "loading"
    assert (await api.post(f"{one}resume/")).status_code == 409
    assert (await api.post(f"{one}cancel/")).json()["status"] == "cancelled"
    assert (await api.post(f"{one}pause/")).status_code == 409


async def test_the_export_is_a_spreadsheet_without_formulas(api: httpx2.AsyncClient, account: str) -> None:
    await some_leads(api, ('=cmd|"x"', "zoe@firm.test"), ("Yan", ""))
    draft = (await api.post(f"{URL}draft/", json=await asked(api, account))).json()
    answer = await api.get(f"{URL}{draft['id']}/recipient/export/", params={"state__in": "queued,skipped"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert sorted((row["email"], row["state"], row["reason"]) for row in rows) == [
        ("", "skipped", "no_address"), ("zoe@firm.test", "queued", ""),
    ]  # fmt: skip
    assert {row["contact"] for row in rows} == {'\'=cmd|"x"', "Yan"}


async def test_nobody_reaches_the_batch_of_another_organization(
    api: httpx2.AsyncClient, stranger: httpx2.AsyncClient, account: str
) -> None:
    draft = (await api.post(f"{URL}draft/", json=await asked(api, account))).json()
    one = f"{URL}{draft['id']}/"
    for path in ("", "outlook/", "gap/", "render/1/", "recipient/", "recipient/export/"):
        assert (await stranger.get(one + path)).status_code == 404, path
    for path in ("start/", "pause/", "resume/", "cancel/"):
        assert (await stranger.post(one + path)).status_code == 404, path
    assert (await stranger.post(f"{one}test/", json={"number": 1})).status_code == 404
    theirs = {"template_id": draft["template_id"], "query": "*", "email_account_id": account}
    assert (await stranger.post(URL, json=theirs)).status_code == 400

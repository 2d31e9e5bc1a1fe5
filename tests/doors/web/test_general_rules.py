"""What holds for every route: addresses, errors, headers, limits, and whose things are whose."""

import json
import re
from collections.abc import Iterator

import httpx2
import psycopg
import pytest
from litestar import Litestar
from psycopg_pool import PoolTimeout

from postroom.doors.web.document import described
from postroom.doors.web.errors import answer_to
from postroom.doors.web.gate import OPEN_PATHS
from postroom.journeys.tools import Tools
from postroom.rooms.bulk.bulk_email import Audience, NewBulkEmail, Words
from postroom.rooms.bulk.store import insert_bulk_email
from postroom.rooms.users.user import ActingUser
from tests.doors.web.conftest import PASSWORD, Door
from tests.doors.web.test_imports import draft
from tests.doors.web.test_tasks import item_in_inbox


@pytest.mark.parametrize("path", ["/api/v1/me", "/api/v1/me/", "/api/v1//me/", "//api/v1/me//", "/api//v1///me"])
async def test_slashes_do_not_matter_and_nothing_redirects(api: httpx2.AsyncClient, path: str) -> None:
    answer = await api.get(f"http://crm.test{path}")
    assert (answer.status_code, answer.json()["email"]) == (200, "ann@acme.test")
    lead = await api.post("/api/v1//lead", json={"name": "No slash"})
    assert lead.status_code == 200


async def test_errors_are_always_json_in_closes_shape(api: httpx2.AsyncClient) -> None:
    cases = [
        ("GET", "/api/v1/lead/lead_none/", None, 404),
        ("GET", "/api/v1/nothing/here/", None, 404),
        ("PATCH", "/api/v1/lead/", None, 405),
        ("POST", "/api/v1/lead/", "{bad", 400),
        ("POST", "/api/v1/lead/", "", 400),
        ("POST", "/api/v1/lead/", "[]", 400),
        ("POST", "/api/v1/lead/", '{"name": 3}', 400),
        ("POST", "/api/v1/lead/", '{"status": "Nope"}', 400),
        ("GET", "/api/v1/lead/?_limit=-1", None, 400),
        ("GET", "/api/v1/lead/?_limit=201", None, 400),
        ("GET", "/api/v1/lead/?_skip=99999999999999999999", None, 400),
        ("GET", "/api/v1/activity/email/?date_created__gt=yesterday", None, 400),
        ("GET", "/api/v1/lead/?query=%00", None, 400),
        ("GET", "/api/v1/task/?view=never", None, 400),
        ("POST", "/api/v1/contact/", '{"emails": [{"email": "nobody"}]}', 400),
        ("POST", "/api/v1/lead/", '{"name": "' + "x" * 17_000_000 + '"}', 413),
    ]
    for method, path, body, status in cases:
        answer = await api.request(method, path, content=body)
        assert answer.status_code == status, (method, path, answer.text[:300])
        assert answer.headers["content-type"].startswith("application/json"), path
        shape = answer.json()
        assert isinstance(shape["errors"], list) and isinstance(shape["field-errors"], dict), path
        assert shape["errors"] or shape["field-errors"], path
    skipped = (await api.get("/api/v1/lead/?_skip=100001")).json()
    assert "max_skip = 100000" in skipped["errors"][0]


async def test_nul_and_odd_characters_in_bodies_never_reach_the_database(api: httpx2.AsyncClient) -> None:
    answer = await api.post("/api/v1/lead/", content='{"name": "a\\u0000b"}')
    assert answer.status_code == 400
    kept = await api.post("/api/v1/lead/", json={"name": "  Ünïcode 🎉 \\u0000 "})
    assert kept.json()["name"] == "Ünïcode 🎉 \\u0000"  # a backslash and digits: no NUL


@pytest.mark.parametrize("levels", [400, 1_000, 100_000])
async def test_bodies_nested_without_end_are_refused(api: httpx2.AsyncClient, levels: int) -> None:
    deep = "[" * levels + "]" * levels
    for path, body in (
        ("lead", f'{{"name": "Deep", "x": {deep}}}'),
        ("lead", f'{{"name": "Deep", "custom": {{"Deep": {deep}}}}}'),
        ("lead", f'{{"name": "Deep", "_params": {deep}}}'),
        ("saved_search", f'{{"name": "Deep", "s_query": {{"query": {deep}}}}}'),
        ("data/search", f'{{"query": {{"type": "and", "queries": {deep}}}}}'),
        ("opportunity", f'{{"attachments": [{{"x": {deep}}}]}}'),
        ("bulk_action/edit", f'{{"type": "set_custom_field", "query": "x", "custom_field_value": {deep}}}'),
    ):
        answer = await api.post(f"/api/v1/{path}/", content=body)
        assert answer.status_code in ((200, 400) if levels < 500 else (400,)), (path, answer.status_code)
        assert answer.status_code == 200 or answer.json()["errors"] or answer.json()["field-errors"]


async def test_put_changes_only_what_is_given_and_ignores_unknown_and_read_only_keys(api: httpx2.AsyncClient) -> None:
    made = (await api.post("/api/v1/lead/", json={"name": "A", "description": "d", "url": "https://a.test"})).json()
    url = f"/api/v1/lead/{made['id']}/"
    changed = (await api.put(url, json={"name": "B", "id": "x", "colour": "red", "date_created": "2001-01-01"})).json()
    assert (changed["name"], changed["description"], changed["id"]) == ("B", "d", made["id"])
    assert changed["date_created"] == made["date_created"]
    again = await api.put(url, json=changed)  # clients send whole objects back
    assert again.status_code == 200 and again.json()["name"] == "B"
    emptied = (await api.put(url, json={"description": None, "url": None})).json()
    assert (emptied["description"], emptied["url"]) == ("", None)


async def test_every_answer_carries_the_security_headers(door: Door, api: httpx2.AsyncClient) -> None:
    async with door.client() as nobody:
        answers = [
            await api.get("/api/v1/me/"),
            await api.get("/api/v1/lead/lead_none/"),
            await nobody.get("/api/v1/me/"),
            await nobody.get("/"),
            await nobody.get("/lead/lead_x/"),
            await nobody.get("/assets/none.js"),
            await nobody.get("/api/v1/openapi.json"),
        ]
    for answer in answers:
        headers = answer.headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe-inline" not in headers["content-security-policy"]
        assert "server" not in headers
    assert answers[0].headers["cache-control"] == "no-store"


def operations(app: Litestar) -> Iterator[tuple[str, str, dict[str, object]]]:
    """Every operation of the described API: method, path, operation."""
    for path, methods in described(app)["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


async def test_without_credentials_every_route_answers_401(door: Door) -> None:
    seen = 0
    async with door.client() as nobody:
        for method, path, _ in operations(door.app):
            address = re.sub(r"\{\w+\}", "x1", path)
            if address.rstrip("/") in OPEN_PATHS:
                continue
            answer = await nobody.request(method, address, json={})
            assert answer.status_code == 401, (method, path, answer.status_code)
            seen += 1
        assert (await nobody.get("/api/v1/no/such/thing/")).status_code == 401
        assert (await nobody.get("/API/v1/me/")).status_code != 500
        assert (await nobody.get("/%61pi/v1/me/")).status_code == 401
        uploaded = await nobody.post("/upload/file_x/secret/", files={"file": b"x"})
        assert uploaded.status_code == 403
    assert seen > 50


BODIES: dict[str, dict[str, object]] = {
    "create_email": {"status": "draft"},
    "create_task": {"text": "x"},
    "choose_folder": {"is_synced": True},
    "read_email_thread": {"is_read": True},
    "move_email_thread": {"lead_id": "lead_x"},
    "update_lead_status": {"label": "Taken over"},
    "update_organization": {"name": "Taken over"},
    "update_lead": {"name": "Taken over"},
    "update_contact": {"name": "Taken over"},
    "update_email": {"subject": "Taken over", "status": "draft"},
    "update_task": {"is_complete": True},
    "test_bulk_email": {"number": 1},
    "update_connected_account": {"display_name": "Taken over"},
    "update_email_template": {"name": "Taken over"},
    "update_saved_search": {"name": "Taken over"},
    "make_admin_link": {"side": "send"},
    "mail_alias_code": {"email": "x@y.example"},
    "put_thread_privacy": {"is_private": True},
    "confirm_alias": {"email": "x@y.example", "code": "1"},
    "move_writings": {"to_account_id": "x"},
    "update_account_signature": {"html": "Taken over"},
    "switch_dkim": {"is_on": True},
    "update_opportunity": {"note": "Taken over"},
    "update_opportunity_status": {"label": "Taken over"},
    "update_pipeline": {"name": "Taken over"},
    "update_note": {"note": "Taken over"},
    "update_call": {"note": "Taken over"},
    "update_custom_activity": {"status": "draft"},
    "update_custom_activity_type": {"name": "Taken over"},
    "update_comment": {"body": "Taken over"},
    "update_custom_field": {"name": "Taken over"},
    "associate_shared_field": {"object_type": "contact"},
    "order_custom_field_schema": {"fields": []},
    "update_user": {"first_name": "Taken over"},
    "update_membership": {"role_id": "user"},
    "update_role": {"name": "Taken over"},
    "update_group": {"name": "Taken over"},
    "add_group_member": {"user_id": "user_x"},
}


async def access_ids(door: Door, api: httpx2.AsyncClient, admin: ActingUser) -> dict[str, str]:
    """Ids of who may come in, and as what."""
    async with door.client() as browser:
        await browser.post("/api/v1/auth/sign_in/", json={"email": admin.email, "password": PASSWORD})
        session_id = (await browser.get("/api/v1/session/")).json()["data"][0]["id"]
    group = await api.post("/api/v1/group/", json={"name": "G", "members": [{"user_id": admin.id}]})
    return {
        "membership_id": (await api.get("/api/v1/membership/")).json()["data"][0]["id"],
        "role_id": (await api.post("/api/v1/role/", json={"name": "R"})).json()["id"],
        "group_id": group.json()["id"],
        "session_id": session_id,
    }


async def bulk_email_of(tools: Tools, user: ActingUser, account_id: str) -> str:
    """A draft of this user."""
    words = Words("tmpl_x", "News", "<p>News</p>")
    new = NewBulkEmail(user.id, account_id, user.email, Audience(query="*"), words)
    async with tools.db.transaction() as tx:
        return await insert_bulk_email(tx, user.organization_id, new, tools.clock())


async def everything_of(tools: Tools, organization_id: str) -> str:
    """All rows of an organization in every table that has such, as text, but for when things were last used."""
    async with tools.db.transaction() as tx:
        tables = await (
            await tx.execute("select table_name from information_schema.columns where column_name = 'organization_id'")
        ).fetchall()
        rows = []
        for (table,) in sorted(tables):
            query = (
                f"select to_jsonb(t) - 'date_used' - 'date_seen' from {table} t where organization_id = %s order by 1"
            )
            rows += [(table, row[0]) for row in await (await tx.execute(query, (organization_id,))).fetchall()]
    return json.dumps(rows, default=str)


async def records_of(api: httpx2.AsyncClient, lead_id: str) -> dict[str, str]:
    """One activity of each kind on the lead, by the names that paths give them."""

    async def made(path: str, **given: object) -> str:
        return (await api.post(f"/api/v1/{path}/", json={"lead_id": lead_id, **given})).json()["id"]

    async def newest(path: str) -> str:
        return (await api.get(f"/api/v1/activity/{path}/")).json()["data"][0]["id"]

    note_id, type_id = await made("activity/note", note="x"), await made("custom_activity", name="Visit")
    done = await made("task", text="x")
    await api.put(f"/api/v1/task/{done}/", json={"is_complete": True})
    await api.put(f"/api/v1/lead/{lead_id}/", json={"status": "Customer"})
    comment_id = await made("comment", object_id=note_id, body="x")
    return {
        "note_id": note_id,
        "call_id": await made("activity/call"),
        "type_id": type_id,
        "activity_id": await made("activity/custom", custom_activity_type_id=type_id),
        "done_id": await newest("task_completed"),
        "change_id": await newest("status_change/lead"),
        "created_id": await newest("created"),
        "merge_id": note_id,
        "comment_id": comment_id,
        "comment_thread_id": (await api.get(f"/api/v1/comment/{comment_id}/")).json()["thread_id"],
    }


async def test_another_organizations_ids_are_nobodys(
    tools: Tools, door: Door, api: httpx2.AsyncClient, stranger: httpx2.AsyncClient, admin: ActingUser
) -> None:
    """Every route with an id in its address or body, asked by a stranger with ids that exist: 404 or 403, no change."""
    item_id = await item_in_inbox(tools, api, admin)
    lead_id = item_id.removeprefix("noti_")
    account_id = (await api.get("/api/v1/connected_account/")).json()["data"][0]["id"]
    contact = {"lead_id": lead_id, "name": "Zoe", "emails": [{"email": "zoe@acme.example"}]}
    task = await api.post("/api/v1/task/", json={"lead_id": lead_id, "text": "Call"})
    link = {"name": "L", "type": "lead", "url": "https://93.184.216.34/"}
    bulk_edit = {"query": "x", "type": "clear_custom_field", "custom_field_name": "x"}
    webhook = {"url": "https://93.184.216.34/", "events": [{"object_type": "lead", "action": "created"}]}
    ids = {
        "lead_id": lead_id,
        "contact_id": (await api.post("/api/v1/contact/", json=contact)).json()["id"],
        "email_id": f"acti_0{lead_id}",
        "thread_id": f"acti_t{lead_id}",
        "account_id": account_id,
        "send_as_id": "sendas_x",
        "decision_id": f"{account_id}.1.{lead_id}",
        "organization_id": admin.organization_id,
        "user_id": admin.id,
        "status_id": (await api.get("/api/v1/status/lead/")).json()["data"][0]["id"],
        "task_id": task.json()["id"],
        "template_id": (await api.post("/api/v1/email_template/", json={"name": "T"})).json()["id"],
        "opportunity_id": (await api.post("/api/v1/opportunity/", json={"lead_id": lead_id})).json()["id"],
        "stands_on": "lead",
        "thing": "actitype_none",
        "place": "lead",
        "field_id": (await api.post("/api/v1/custom_field/lead/", json={"name": "Colour"})).json()["id"],
        **await records_of(api, lead_id),
        "pipeline_id": (await api.get("/api/v1/pipeline/")).json()["data"][0]["id"],
        "key_id": (await api.get("/api/v1/api_key/")).json()["data"][0]["id"],
        "view_id": (await api.get("/api/v1/saved_search/")).json()["data"][0]["id"],
        "webhook_id": (await api.post("/api/v1/webhook/", json=webhook)).json()["id"],
        "link_id": (await api.post("/api/v1/integration_link/", json=link)).json()["id"],
        "export_id": (await api.post("/api/v1/export/lead/", json={})).json()["id"],
        "bulk_edit_id": (await api.post("/api/v1/bulk_action/edit/", json=bulk_edit)).json()["id"],
        "bulk_delete_id": (await api.post("/api/v1/bulk_action/delete/", json={"query": "x"})).json()["id"],
        "import_id": (await draft(api))["id"],
        "event_id": (await api.get("/api/v1/event/")).json()["data"][0]["id"],
        **await access_ids(door, api, admin),
        "folder_id": "1",
        "file_id": "file_x",
        "filename": "x",
        "number": "0",
        "bulk_id": await bulk_email_of(tools, admin, account_id),
        "kind": "unsubscribed",
        "domain": "acme.test",
        "email": (await api.post("/api/v1/unsubscribe/email/", json={"email": "bob@acme.example"})).json()["email"],
    }
    before = await everything_of(tools, admin.organization_id)
    asked = 0
    for method, path, operation in operations(door.app):
        names = re.findall(r"\{(\w+)\}", path)
        if not names or names in (["provider"], ["stands_on"], ["own_domain"]):  # no ids: everybody's names
            continue
        address = re.sub(r"\{(\w+)\}", lambda found: ids[found[1]], path)
        for candidate in {address, address.replace(ids["task_id"], item_id)}:
            body = BODIES.get(str(operation["operationId"]), {})
            body = [] if path.endswith(("/identities/", "patterns/")) else body
            answer = await stranger.request(method, candidate, json=body if method != "GET" else None)
            allowed = (403, 404, 400) if (method, item_id in candidate) == ("DELETE", True) else (403, 404)
            assert answer.status_code in allowed, (method, candidate, answer.status_code, answer.text[:200])
            asked += 1
    for path, body in [
        ("/api/v1/contact/", contact),
        ("/api/v1/task/", {"lead_id": lead_id, "text": "x"}),
        ("/api/v1/activity/email/", {"lead_id": lead_id, "status": "draft", "subject": "x"}),
    ]:
        answer = await stranger.post(path, json=body)
        assert answer.status_code == 404, (path, answer.text)
    for path in ("lead", "contact", "activity/email", "activity/emailthread", "activity", "user", "connected_account"):
        listed = (await stranger.get(f"/api/v1/{path}/?lead_id={lead_id}&id__in={','.join(ids.values())}")).json()
        assert admin.organization_id not in json.dumps(listed), path
    bulk = await stranger.put(f"/api/v1/task/?id__in={item_id},{ids['task_id']}", json={"is_complete": True})
    assert bulk.json()["data"] == []
    assert asked > 30
    assert await everything_of(tools, admin.organization_id) == before


async def test_the_description_names_every_operation_once_with_closes_slashes(door: Door) -> None:
    async with door.client() as anybody:
        document = (await anybody.get("/api/v1/openapi.json")).json()
        assert (await anybody.get("/api/v1/openapi.json")).json() == document
        assert (await anybody.get("/api/v1/schema/")).status_code == 401
    assert all(path.startswith("/api/v1/") and path.endswith("/") for path in document["paths"])
    ids = [operation["operationId"] for methods in document["paths"].values() for operation in methods.values()]
    assert len(ids) == len(set(ids)) and all(re.fullmatch(r"[a-z_]+", one) for one in ids)
    named = set(re.findall(r'#/components/schemas/([^"]+)', json.dumps(document)))
    assert named <= set(document["components"]["schemas"])
    emails = document["paths"]["/api/v1/activity/email/"]["get"]["parameters"]
    assert {"lead_id", "_limit", "_skip", "_fields", "date_created__gt"} <= {one["name"] for one in emails}
    email = document["components"]["schemas"]["EmailCard"]
    assert {"_type", "id", "body_html", "attachments"} <= set(email["required"])


def test_a_database_that_is_away_or_ends_a_deadlock_asks_for_another_try() -> None:
    """Clients of Close's API try a 503 again by themselves; a 500 is taken for a bug."""
    for error in (psycopg.errors.DeadlockDetected(), psycopg.OperationalError(), PoolTimeout()):
        status, answer, headers = answer_to(error)
        assert (status, headers) == (503, {"Retry-After": "1"})
        assert answer.errors == [answer.error]
    assert answer_to(psycopg.errors.UniqueViolation())[0] == 500

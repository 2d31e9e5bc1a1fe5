"""POST, PUT and DELETE of /activity/email/, uploads, attachments and body documents."""

import io
import zipfile
from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from postroom.journeys.tools import Tools
from postroom.rooms.users.user import ActingUser
from tests.doors.web.test_connected_accounts import NEW
from tests.doors.web.test_emails import lead_with_emails

EMAILS = "/api/v1/activity/email/"


async def office(api: httpx2.AsyncClient) -> tuple[str, str]:
    """A lead with a contact, and an account that can send; the lead's id and the account's."""
    contact = {"name": "Zoe", "emails": [{"email": "zoe@acme.example"}]}
    lead = (await api.post("/api/v1/lead/", json={"name": "Acme", "contacts": [contact]})).json()
    account = (await api.post("/api/v1/connected_account/", json=NEW)).json()
    return lead["id"], account["id"]


async def test_a_draft_is_written_changed_scheduled_and_taken_back(api: httpx2.AsyncClient) -> None:
    lead_id, account_id = await office(api)
    made = await api.post(EMAILS, json={"lead_id": lead_id, "status": "draft", "subject": "Hello", "direction": "x"})
    assert made.status_code == 200, made.text
    draft = made.json()
    assert (draft["status"], draft["direction"], draft["envelope"], draft["message_ids"]) == (
        "draft",
        "outgoing",
        None,
        [],
    )
    url = f"{EMAILS}{draft['id']}/"
    changed = (await api.put(url, json={"to": ["Zoe <zoe@acme.example>"], "body_text": "Hi", "cc": None})).json()
    assert (changed["to"], changed["cc"], changed["body_text"], changed["subject"]) == (
        ["Zoe <zoe@acme.example>"], [], "Hi", "Hello",
    )  # fmt: skip
    later = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    unscheduled = await api.put(url, json={"status": "scheduled", "sender": "ann@acme.test"})
    assert "date_scheduled" in unscheduled.json()["field-errors"]
    queued = {"status": "scheduled", "date_scheduled": later, "sender": "ann@acme.test"}
    scheduled = await api.put(url, json=queued)
    assert scheduled.status_code == 200, scheduled.text
    assert scheduled.json()["status"] == "scheduled" and scheduled.json()["date_scheduled"] is not None
    assert scheduled.json()["email_account_id"] == account_id
    refused = await api.put(url, json={"subject": "Too late"})
    assert refused.status_code == 400 and "Only drafts" in refused.json()["errors"][0]
    assert (await api.put(url, json={"status": "draft"})).json()["status"] == "draft"
    assert (await api.delete(url)).json() == {}
    assert (await api.get(url)).status_code == 404


async def test_undo_takes_an_email_back_out_of_the_outbox(api: httpx2.AsyncClient) -> None:
    lead_id, _ = await office(api)
    mail = {
        "lead_id": lead_id, "status": "outbox", "send_in": 20, "sender": '"Ann" <ann@acme.test>',
        "to": ["zoe@acme.example"], "subject": "Hello", "body_html": "<p>Hi</p>",
    }  # fmt: skip
    sent = await api.post(EMAILS, json=mail)
    assert sent.status_code == 200, sent.text
    assert (sent.json()["status"], sent.json()["need_smtp_credentials"]) == ("outbox", False)
    undone = await api.put(f"{EMAILS}{sent.json()['id']}/", json={"status": "draft"})
    assert undone.json()["status"] == "draft"
    too_long = await api.post(EMAILS, json={**mail, "send_in": 60})
    assert "send_in" in too_long.json()["field-errors"]


@pytest.mark.parametrize(("status", "direction"), [("inbox", "incoming"), ("sent", "outgoing"), ("error", "outgoing")])
async def test_past_mail_is_logged_and_never_sent(
    api: httpx2.AsyncClient, tools: Tools, status: str, direction: str
) -> None:
    lead_id, _ = await office(api)
    past = {
        "lead_id": lead_id, "status": status, "sender": "zoe@acme.example", "to": ["ann@acme.test"],
        "subject": "From long ago", "body_text": "Hi", "date_created": "2019-05-01T10:00:00",
    }  # fmt: skip
    logged = await api.post(EMAILS, json=past)
    assert logged.status_code == 200, logged.text
    email = logged.json()
    assert (email["status"], email["direction"]) == (status, direction)
    assert email["date_created"] == email["activity_at"] == "2019-05-01T10:00:00.000000+00:00"
    async with tools.db.transaction() as tx:
        row = await (await tx.execute("select count(*) from deliveries")).fetchone()
    assert row == (0,)


async def test_what_cannot_be_is_refused_by_field(api: httpx2.AsyncClient) -> None:
    lead_id, _ = await office(api)
    good = {"lead_id": lead_id, "status": "outbox", "sender": "ann@acme.test", "to": ["zoe@acme.example"]}
    for wrong, field in [
        ({"status": "flying"}, "status"),
        ({"status": None}, "status"),
        ({"lead_id": None}, "lead_id"),
        ({"to": ["not an address"]}, "to"),
        ({"to": []}, "to"),
        ({"subject": "x" * 1001}, "subject"),
        ({"body_html": "x" * 1_048_577}, "body_html"),
        ({"to": ["a@b.example"] * 501}, "to"),
        ({"user_id": "user_nobody"}, "user_id"),
        ({"date_scheduled": "soon"}, "date_scheduled"),
        ({"attachments": [{"url": "https://evil.test/x"}]}, "attachments"),
        ({"attachments": [{"url": "http://[/api/v1/files/file_none/x/"}]}, "attachments"),
        ({"attachments": [{"url": "http://crm.test/api/v1/files/file_none/x/"}]}, "attachments"),
    ]:
        answer = await api.post(EMAILS, json={**good, **wrong})
        assert answer.status_code == 400, (wrong, answer.text[:300])
        assert field in answer.json()["field-errors"], (list(wrong), answer.json())


async def uploaded(api: httpx2.AsyncClient, name: str, content: bytes) -> str:
    """A file uploaded in Close's two steps; the address that names it."""
    begun = (await api.post("/api/v1/files/upload/", json={"filename": name, "content_type": "text/plain"})).json()
    assert begun["upload"]["fields"]["success_action_status"] == "201"
    async with httpx2.AsyncClient(transport=api._transport) as anybody:
        done = await anybody.post(
            begun["upload"]["url"], data=begun["upload"]["fields"], files={"file": (name, content)}
        )
        assert done.status_code == 201, done.text
        again = await anybody.post(begun["upload"]["url"], files={"file": (name, b"other")})
        assert again.status_code == 403
    return str(begun["download"]["url"])


async def test_a_file_is_uploaded_in_two_steps_attached_and_read_back(
    api: httpx2.AsyncClient, stranger: httpx2.AsyncClient
) -> None:
    lead_id, _ = await office(api)
    content = bytes(range(256)) * 10
    url = await uploaded(api, "Anhang ü.txt", content)
    assert (await api.get(url)).content == content
    assert (await stranger.get(url)).status_code == 404
    draft = {"lead_id": lead_id, "status": "draft", "attachments": [{"url": url, "filename": "Other.txt"}]}
    email = (await api.post(EMAILS, json=draft)).json()
    (file,) = email["attachments"]
    assert (file["filename"], file["size"], file["content_type"]) == ("Other.txt", 2560, "text/plain")
    fetched = await api.get(file["url"])
    assert fetched.content == content
    assert fetched.headers["content-type"] == "application/octet-stream"
    assert fetched.headers["content-disposition"].startswith('attachment; filename="Other.txt"')
    assert (await stranger.get(file["url"])).status_code == 404
    kept = (await api.put(f"{EMAILS}{email['id']}/", json={"attachments": email["attachments"], "subject": "x"})).json()
    assert [one["size"] for one in kept["attachments"]] == [2560]
    assert (await api.put(f"{EMAILS}{email['id']}/", json={"attachments": []})).json()["attachments"] == []


async def test_an_attachment_of_arrived_mail_is_read_and_sent_on(
    api: httpx2.AsyncClient, tools: Tools, admin: ActingUser
) -> None:
    lead_id = await lead_with_emails(tools, api, admin, 1)
    raw = (
        b"From: zoe@acme.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain\r\n\r\nYes\r\n"
        b"--b\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0K\r\n--b--\r\n"
    )
    reference = await tools.blobs.write(raw)
    async with tools.db.transaction() as tx:
        await tx.execute(
            "insert into messages (organization_id, id, raw_ref, date_created) values (%s, 'm1', %s, now())",
            (admin.organization_id, reference),
        )
        await tx.execute("update emails set message_key = 'm1' where organization_id = %s", (admin.organization_id,))
    url = f"{EMAILS}acti_0{lead_id}/attachment/0/"
    assert (await api.get(url)).content == b"%PDF-\n"
    assert (await api.get(f"{EMAILS}acti_0{lead_id}/attachment/1/")).status_code == 404
    assert (await api.get(f"{EMAILS}acti_0{lead_id}/attachment/-1/")).status_code == 404
    forwarded = {"lead_id": lead_id, "status": "draft", "attachments": [{"url": f"http://crm.test{url}"}]}
    draft = (await api.post(EMAILS, json=forwarded)).json()
    assert [one["size"] for one in draft["attachments"]] == [6]
    assert (await api.get(draft["attachments"][0]["url"])).content == b"%PDF-\n"


async def test_all_attachments_come_as_one_archive(api: httpx2.AsyncClient, stranger: httpx2.AsyncClient) -> None:
    lead_id, _ = await office(api)
    files = [
        {"url": await uploaded(api, "a.txt", b"one"), "filename": "../plan.txt"},
        {"url": await uploaded(api, "b.txt", b"two"), "filename": "Plan.txt"},
        {"url": await uploaded(api, "c.txt", b"logo"), "content_id": "logo@x", "inline_only": True},
    ]
    made = await api.post(EMAILS, json={"lead_id": lead_id, "status": "draft", "attachments": files})
    url = f"{EMAILS}{made.json()['id']}/attachment/"
    answer = await api.get(url)
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {"plan.txt": b"one", "Plan (2).txt": b"two"}
    assert (await stranger.get(url)).status_code == 404
    bare = (await api.post(EMAILS, json={"lead_id": lead_id, "status": "draft"})).json()["id"]
    assert (await api.get(f"{EMAILS}{bare}/attachment/")).status_code == 404


@pytest.mark.parametrize(
    ("html", "text", "new", "quoted"),
    [
        (
            '<p>Mine</p><div id="appendonsend"></div><hr><div id="divRplyFwdMsg">From: Zoe</div><p>Old</p>',
            "",
            "Mine",
            "Old",
        ),
        ('<div class="gmail_quote">Nothing but a quote</div>', "", "Nothing but a quote", ""),
        ("", "Mine\n\nOn Mon, 3 Aug 2026 at 10:00, Zoe <z@x.example> wrote:\n> Old", "Mine", "Old"),
        ("", "> Old one\nAn answer between\n> Old two\nAnother answer", "Another answer", ""),
    ],
)
async def test_where_the_quoted_emails_begin_is_marked(
    api: httpx2.AsyncClient, tools: Tools, admin: ActingUser, html: str, text: str, new: str, quoted: str
) -> None:
    lead_id = await lead_with_emails(tools, api, admin, 1)
    async with tools.db.transaction() as tx:
        await tx.execute("update emails set body_html = %s, body_text = %s", (html, text))
    before, mark, after = (await api.get(f"{EMAILS}acti_0{lead_id}/body/")).text.partition('title="postroom-quote"')
    assert new in before and quoted in after and bool(mark) == bool(quoted)


async def test_a_body_is_a_document_that_loads_and_runs_nothing(
    api: httpx2.AsyncClient, tools: Tools, admin: ActingUser
) -> None:
    lead_id = await lead_with_emails(tools, api, admin, 1)
    html = (
        '<p onclick="x()">Yes</p><script>alert(1)</script><img src="https://remote.test/pixel.gif">'
        '<img src="cid:logo@x"><a href="javascript:x()">a</a>'
    )
    attachment = '[{"part": "2", "filename": "l.png", "content_type": "image/png", "size": 3, "content_id": "logo@x"}]'
    async with tools.db.transaction() as tx:
        await tx.execute("update emails set body_html = %s, attachments = %s", (html, attachment))
    url = f"{EMAILS}acti_0{lead_id}/body/"
    plain = await api.get(url)
    assert plain.headers["content-type"] == "text/html; charset=utf-8"
    policy = plain.headers["content-security-policy"]
    assert "script-src 'none'" in policy and "sandbox" in policy and "frame-ancestors 'self'" in policy
    assert "Yes" in plain.text and f"acti_0{lead_id}/attachment/0/" in plain.text
    for banned in ("<script", "onclick", "javascript:", "remote.test"):
        assert banned not in plain.text
    assert 'data-blocked-images="1"' in plain.text
    shown = (await api.get(f"{url}?images=true")).text
    assert "/api/v1/image/?url=https%3A%2F%2Fremote.test%2Fpixel.gif&amp;sig=" in shown
    assert 'src="https://' not in shown and 'data-blocked-images="0"' in shown


async def test_a_plain_text_body_is_shown_as_it_was_written(
    api: httpx2.AsyncClient, tools: Tools, admin: ActingUser
) -> None:
    lead_id = await lead_with_emails(tools, api, admin, 1)
    async with tools.db.transaction() as tx:
        await tx.execute("update emails set body_html = '', body_text = %s", ("1 < 2\n  <b>&amp;</b>",))
    shown = (await api.get(f"{EMAILS}acti_0{lead_id}/body/")).text
    assert '<div class="text">1 &lt; 2\n  &lt;b&gt;&amp;amp;&lt;/b&gt;</div>' in shown


async def test_an_answer_to_no_email_is_refused_and_logged_mail_may_name_one_from_elsewhere(
    api: httpx2.AsyncClient,
) -> None:
    lead_id, _ = await office(api)
    answer = {"lead_id": lead_id, "sender": "ann@acme.test", "to": ["zoe@acme.example"], "in_reply_to_id": "acti_none"}
    for status in ("draft", "outbox"):
        refused = await api.post(EMAILS, json={**answer, "status": status})
        assert refused.status_code == 400
        assert refused.json()["field-errors"] == {"in_reply_to_id": "There is no such email to answer."}
    logged = await api.post(EMAILS, json={**answer, "status": "sent", "body_text": "x"})
    assert (logged.status_code, logged.json()["in_reply_to_id"]) == (200, None)
    draft = (await api.post(EMAILS, json={**answer, "status": "draft", "in_reply_to_id": logged.json()["id"]})).json()
    url = f"{EMAILS}{draft['id']}/"
    assert (await api.put(url, json={"in_reply_to_id": "acti_none"})).status_code == 400
    await api.delete(f"{EMAILS}{logged.json()['id']}/")
    back = await api.put(url, json={**(await api.get(url)).json(), "subject": "Still here"})
    assert (back.status_code, back.json()["subject"]) == (200, "Still here")

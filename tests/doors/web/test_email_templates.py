"""/email_template/, and emails that are made of templates."""

import json
from collections.abc import AsyncIterator

import httpx2
import pytest

from postroom.journeys.tools import Tools
from postroom.rooms.users import store as users
from postroom.rooms.users.user import ActingUser, NewUser, Role
from tests.doors.web.conftest import Door, key_of
from tests.doors.web.test_writing_email import EMAILS, office, uploaded

TEMPLATES = "/api/v1/email_template/"


@pytest.fixture
async def bob(door: Door, admin: ActingUser) -> AsyncIterator[httpx2.AsyncClient]:
    """A user of the same organization who is no admin."""
    async with door.tools.db.transaction() as tx:
        new = NewUser("bob@acme.test", "Bob", "Barker", "", Role.USER)
        user = await users.insert_user(tx, admin.organization_id, new, door.tools.clock())
    async with door.client(auth=(await key_of(door.tools, user), "")) as client:
        yield client


async def make(api: httpx2.AsyncClient, **more: object) -> dict[str, object]:
    """A template as Close's clients post it."""
    body = {"name": "Intro", "subject": "Hi {{ contact.first_name }}", "body": "<p>Hi {contact.first_name}</p>", **more}
    answer = await api.post(TEMPLATES, json=body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_a_template_is_made_shown_changed_archived_and_deleted(
    api: httpx2.AsyncClient, admin: ActingUser
) -> None:
    body = "<style>a{color:red}</style>{{ contact.first_name | default: &quot;there&quot; }} {signature} {x}"
    made = await make(api, body=body, cc=["ann@acme.test"], bcc=['"B" <b@acme.test>'], made_up=1)
    assert set(made) >= {
        "id", "name", "subject", "body", "is_shared", "is_archived", "attachments", "cc", "bcc", "organization_id",
        "created_by", "updated_by", "date_created", "date_updated", "used_by_sequences", "last_used_at", "last_used_by",
        "last_used_type", "unsubscribe_link_id",
    }  # fmt: skip
    assert str(made["id"]).startswith("tmpl_") and made["body"] == body
    assert (made["is_shared"], made["is_archived"], made["attachments"]) == (False, False, [])
    assert (made["cc"], made["bcc"]) == (["ann@acme.test"], ['"B" <b@acme.test>'])
    assert (made["last_used_at"], made["used_by_sequences"], made["created_by"]) == (None, [], admin.id)
    url = f"{TEMPLATES}{made['id']}/"
    assert (await api.get(url)).json() == made
    assert (await api.get(f"{url}?_fields=name,id")).json() == {"name": "Intro", "id": made["id"]}
    again = (await api.put(url, json=made)).json()
    assert again == made  # a whole object sent back changes nothing
    changed = (await api.put(url, json={"is_archived": True, "name": "Old", "cc": None})).json()
    assert (changed["is_archived"], changed["name"], changed["cc"], changed["body"]) == (True, "Old", [], body)
    assert (await api.delete(url)).json() == {}
    assert (await api.get(url)).status_code == 404


async def test_lists_are_filtered(api: httpx2.AsyncClient) -> None:
    personal = await make(api, name="Mine")
    shared = await make(api, name="Ours", is_shared=True)
    old = await make(api, name="Old", is_archived=True)

    async def listed(query: str) -> list[object]:
        return [one["id"] for one in (await api.get(f"{TEMPLATES}?{query}")).json()["data"]]

    assert await listed("") == [old["id"], shared["id"], personal["id"]]
    assert await listed("is_archived=False") == [shared["id"], personal["id"]]
    assert await listed("is_archived=true") == [old["id"]]
    assert await listed("is_shared=true") == [shared["id"]]
    assert await listed(f"id__in={old['id']},{shared['id']}&is_archived=false") == [shared["id"]]
    page = (await api.get(f"{TEMPLATES}?_limit=2")).json()
    assert len(page["data"]) == 2 and page["has_more"]


async def test_anothers_personal_template_is_nobodys_and_a_shared_one_is_its_owners_and_admins(
    api: httpx2.AsyncClient, bob: httpx2.AsyncClient, stranger: httpx2.AsyncClient
) -> None:
    mine = await make(bob, name="Bob's")
    url = f"{TEMPLATES}{mine['id']}/"
    lead_id, _ = await office(api)
    for answer in [
        await api.get(url), await api.put(url, json={"name": "x"}), await api.delete(url),
        await api.get(f"{url}render/?query=*"), await api.get(f"{url}variable/"), await stranger.get(url),
    ]:  # fmt: skip
        assert answer.status_code == 404
    assert (await api.get(TEMPLATES)).json()["data"] == []
    refused = await api.post(EMAILS, json={"lead_id": lead_id, "status": "draft", "template_id": mine["id"]})
    assert "template_id" in refused.json()["field-errors"]
    assert (await bob.put(url, json={"is_shared": True})).status_code == 200
    assert (await api.put(url, json={"name": "An admin's name for it"})).json()["name"] == "An admin's name for it"
    assert (await stranger.get(url)).status_code == 404
    theirs = await make(api, is_shared=True)
    shared_url = f"{TEMPLATES}{theirs['id']}/"
    assert (await bob.get(shared_url)).status_code == 200
    for answer in [await bob.put(shared_url, json={"name": "x"}), await bob.delete(shared_url)]:
        assert answer.status_code == 403
    assert (await api.delete(url)).json() == {}


async def test_what_cannot_be_kept_is_refused_by_field(api: httpx2.AsyncClient) -> None:
    for wrong, field in [
        ({"name": " "}, "name"),
        ({"name": "x" * 256}, "name"),
        ({"subject": "x" * 1001}, "subject"),
        ({"body": "a\n{% if contact.name %}"}, "body"),
        ({"subject": "{% endif %}"}, "subject"),
        ({"cc": ["nobody"]}, "cc"),
        ({"attachments": [{"url": "https://evil.test/x"}]}, "attachments"),
    ]:
        answer = await api.post(TEMPLATES, json={"name": "T", **wrong})
        assert answer.status_code == 400 and field in answer.json()["field-errors"], (wrong, answer.text)
    assert (await api.get(TEMPLATES)).json()["data"] == []


async def test_a_template_is_filled_in_for_a_contact(api: httpx2.AsyncClient) -> None:
    lead_id, _ = await office(api)
    contact = (await api.get(f"/api/v1/lead/{lead_id}/")).json()["contacts"][0]
    words = "{contact.first_name} {lead.display_name} {user.name} {sender.email} {contact.phone} {contact.nmae}"
    made = await make(api, body=f"<p>{words}</p>")
    answer = await api.get(f"{TEMPLATES}{made['id']}/render/?lead_id={lead_id}&contact_id={contact['id']}")
    assert answer.json() == {
        "subject": "Hi Zoe",
        "body": "<p>Zoe Acme Ann Admin ann@acme.test  {contact.nmae}</p>",
        "body_text": "Zoe Acme Ann Admin ann@acme.test  {contact.nmae}",
        "lead_id": lead_id,
        "lead_display_name": "Acme",
        "contact_id": contact["id"],
        "contact_display_name": "Zoe",
        "email": "zoe@acme.example",
        "missing": [
            {"tag": "{contact.nmae}", "variable": "contact.nmae", "reason": "unknown", "where": "body"},
            {"tag": "{contact.phone}", "variable": "contact.phone", "reason": "empty", "where": "body"},
        ],
    }
    used = (await api.get(f"{TEMPLATES}{made['id']}/variable/")).json()
    assert "contact.first_name" in used["variables"] and [one["tag"] for one in used["unknown"]] == ["{contact.nmae}"]
    url = f"{TEMPLATES}{made['id']}/render/?lead_id={lead_id}"
    assert "contact_id" in (await api.get(url)).json()["field-errors"]
    assert (await api.get(f"{url}&contact_id=cont_none")).status_code == 404
    other = (await api.post("/api/v1/lead/", json={"contacts": [{"name": "Olga"}]})).json()
    assert (await api.get(f"{url}&contact_id={other['contacts'][0]['id']}")).status_code == 404


async def test_entries_of_a_query_are_counted_with_an_address_alone(api: httpx2.AsyncClient) -> None:
    people = [
        ("One", [{"name": "Nobody"}, {"name": "A", "emails": [{"email": "a@x.example"}]},
                 {"name": "B", "emails": [{"email": "b@x.example"}, {"email": "b2@x.example"}]}]),
        ("None", [{"name": "No address"}]),
        ("Two", [{"name": "C", "emails": [{"email": "c@x.example"}]}]),
    ]  # fmt: skip
    for name, contacts in people:
        assert (await api.post("/api/v1/lead/", json={"name": name, "contacts": contacts})).status_code == 200
    made = await make(api)

    async def entries(query: str, mode: str) -> list[str | None]:
        url = f"{TEMPLATES}{made['id']}/render/?mode={mode}&{query}"
        answers = [(await api.get(f"{url}&entry={number}")).json() for number in range(4)]
        return [answer.get("email") for answer in answers]

    by_name = "query=* sort:name"
    assert await entries(by_name, "lead") == ["a@x.example", "c@x.example", None, None]
    assert await entries(by_name, "contact") == ["a@x.example", "b@x.example", "c@x.example", None]
    assert await entries('query=name:"Two"', "lead") == ["c@x.example", None, None, None]
    assert await entries(f"{by_name}&results_limit=2", "lead") == ["a@x.example", None, None, None]
    tree = {"type": "and", "queries": [{"type": "object_type", "object_type": "lead"}, {"type": "match_all"}]}
    found = await entries(f"s_query={json.dumps(tree)}", "lead")
    assert set(found[:2]) == {"a@x.example", "c@x.example"} and found[2] is None
    past = await api.get(f"{TEMPLATES}{made['id']}/render/?query=*&entry=9")
    assert past.status_code == 200 and past.json() == {}
    for wrong in ("entry=100", "entry=-1", "mode=nobody", "query=(", "s_query=[", "limit=x"):
        assert (await api.get(f"{TEMPLATES}{made['id']}/render/?{wrong}")).status_code == 400, wrong


async def test_words_that_are_not_saved_are_filled_in(api: httpx2.AsyncClient) -> None:
    lead_id, _ = await office(api)
    text = {"subject": "{lead.name}", "body": "{contact.first_name}, {user.first_name}"}
    nobody = (await api.post(f"{TEMPLATES}render/", json=text)).json()
    assert (nobody["subject"], nobody["body"], nobody["lead_id"]) == ("", ", Ann", None)
    contact = (await api.get(f"/api/v1/lead/{lead_id}/")).json()["contacts"][0]
    known = {**text, "lead_id": lead_id, "contact_id": contact["id"], "sender": '"Sales" <sales@acme.test>'}
    filled = (await api.post(f"{TEMPLATES}render/", json=known)).json()
    assert (filled["subject"], filled["body"], filled["email"]) == ("Acme", "Zoe, Ann", "zoe@acme.example")
    assert (await api.post(f"{TEMPLATES}render/", json={**known, "lead_id": "lead_none"})).status_code == 404
    listed = (await api.get(f"{TEMPLATES}variable/")).json()
    assert "contact.first_name" in [one["variable"] for one in listed["data"]]
    assert "default" in [one["filter"] for one in listed["filters"]]


def outgoing(lead_id: str, template: dict[str, object], **more: object) -> dict[str, object]:
    """An email to be sent, made of a template."""
    return {
        "lead_id": lead_id, "status": "outbox", "send_in": 50, "sender": "ann@acme.test", "to": ["zoe@acme.example"],
        "template_id": template["id"], **more,
    }  # fmt: skip


async def test_an_email_without_a_body_is_made_of_its_template(api: httpx2.AsyncClient, admin: ActingUser) -> None:
    lead_id, _ = await office(api)
    file = {"url": await uploaded(api, "offer.txt", b"offer")}
    template = await make(
        api, body="<p>Hi {contact.first_name} of {lead.name},</p><p>{account.email}</p>", attachments=[file],
        cc=["carl@acme.example"],
    )  # fmt: skip
    sent = await api.post(EMAILS, json=outgoing(lead_id, template))
    assert sent.status_code == 200, sent.text
    email = sent.json()
    assert (email["subject"], email["body_html"]) == ("Hi Zoe", "<p>Hi Zoe of Acme,</p><p>ann@acme.test</p>")
    assert email["body_text"] == "Hi Zoe of Acme,\n\nann@acme.test"
    assert (email["cc"], email["template_name"]) == (["carl@acme.example"], "Intro")
    assert [one["filename"] for one in email["attachments"]] == ["offer.txt"]
    assert (await api.get(email["attachments"][0]["url"])).content == b"offer"
    used = (await api.get(f"{TEMPLATES}{template['id']}/")).json()
    assert (used["last_used_by"], used["last_used_type"]) == (admin.id, "email") and used["last_used_at"]
    own = (await api.post(EMAILS, json=outgoing(lead_id, template, subject="Mine", cc=["x@acme.example"]))).json()
    assert (own["subject"], own["cc"]) == ("Mine", ["x@acme.example"])
    given = (await api.post(EMAILS, json=outgoing(lead_id, template, body_text="As posted {x} {{ y }}"))).json()
    assert (given["body_text"], given["body_html"], given["subject"]) == ("As posted {x} {{ y }}", "", "")


async def test_a_variable_that_nobody_knows_is_never_sent(api: httpx2.AsyncClient, tools: Tools) -> None:
    lead_id, _ = await office(api)
    template = await make(api, body="<p>{contact.frist_name} {{ lead.custom.Nothing }}</p>")
    refused = await api.post(EMAILS, json=outgoing(lead_id, template))
    assert refused.status_code == 400 and "{contact.frist_name}" in refused.json()["field-errors"]["template_id"]
    draft = (await api.post(EMAILS, json=outgoing(lead_id, template, status="draft", send_in=0))).json()
    assert draft["body_html"] == "<p>{contact.frist_name} </p>"
    url = f"{EMAILS}{draft['id']}/"
    refused = await api.put(url, json={"status": "outbox"})
    assert refused.status_code == 400 and "{contact.frist_name}" in refused.json()["field-errors"]["template_id"]
    assert (await api.get(url)).json()["status"] == "draft"
    queued = await api.put(url, json={"status": "outbox", "send_in": 50, "body_html": "<p>Zoe</p>", "body_text": "Zoe"})
    assert queued.json()["status"] == "outbox"
    raw = outgoing(lead_id, await make(api), body_html="<p>Hi {contact.first_name}</p>")
    assert (await api.post(EMAILS, json=raw)).status_code == 400  # a client that forgot to fill it in
    async with tools.db.transaction() as tx:
        row = await (await tx.execute("select count(*) from deliveries")).fetchone()
    assert row == (1,)


async def test_a_draft_takes_a_template_later(api: httpx2.AsyncClient) -> None:
    lead_id, _ = await office(api)
    template = await make(api)
    draft = (await api.post(EMAILS, json={"lead_id": lead_id, "status": "draft"})).json()
    url = f"{EMAILS}{draft['id']}/"
    filled = (await api.put(url, json={"template_id": template["id"]})).json()
    assert (filled["subject"], filled["body_html"]) == ("Hi Zoe", "<p>Hi Zoe</p>")
    emptied = (await api.put(url, json={"body_html": "", "body_text": "", "subject": ""})).json()
    assert (emptied["subject"], emptied["body_html"]) == ("", "")
    bad = await api.put(url, json={"template_id": "tmpl_none"})
    assert "template_id" in bad.json()["field-errors"]


async def test_variables_in_a_posted_body_are_left_alone(api: httpx2.AsyncClient) -> None:
    """Whoever wrote the quoted email must not be told what stands on the lead."""
    lead_id, _ = await office(api)
    quote = "<p>Sure!</p><blockquote>{{ lead.description }} {lead.name} {% if lead %}</blockquote>"
    sent = (await api.post(EMAILS, json=outgoing(lead_id, await make(api), body_html=quote))).json()
    assert sent["body_html"] == quote


async def test_a_template_too_large_when_filled_is_refused_in_words(api: httpx2.AsyncClient) -> None:
    lead_id, _ = await office(api)
    await api.put(f"/api/v1/lead/{lead_id}/", json={"description": "x" * 900})
    body = "{lead.description}" * 1_200
    refused = await api.post(EMAILS, json=outgoing(lead_id, await make(api, body=body)))
    assert refused.status_code == 400 and "longer than 1,048,576" in refused.json()["field-errors"]["template_id"]


async def test_files_of_a_shared_template_may_be_read_and_sent_by_all(
    api: httpx2.AsyncClient, bob: httpx2.AsyncClient, stranger: httpx2.AsyncClient
) -> None:
    lead_id, _ = await office(api)
    template = await make(api, attachments=[{"url": await uploaded(api, "offer.txt", b"offer")}])
    url = str(template["attachments"][0]["url"])  # type: ignore[index]
    assert (await bob.get(url)).status_code == 404
    await api.put(f"{TEMPLATES}{template['id']}/", json={"is_shared": True})
    assert (await bob.get(url)).content == b"offer"
    assert (await stranger.get(url)).status_code == 404
    mail = {"lead_id": lead_id, "status": "draft", "attachments": template["attachments"]}
    assert [one["size"] for one in (await bob.post(EMAILS, json=mail)).json()["attachments"]] == [5]

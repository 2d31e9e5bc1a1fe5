"""/signature/ and signatures of accounts, and how they stand under emails."""

import base64
import re

import httpx2
import pytest

from postroom.journeys.tools import Tools
from tests.doors.web.test_email_templates import bob, make, outgoing
from tests.doors.web.test_writing_email import EMAILS, office, uploaded

__all__ = ["bob"]
OWN = "/api/v1/signature/"
PIXEL = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00;"
DATA = f"data:image/gif;base64,{base64.b64encode(PIXEL).decode()}"


async def test_a_signature_is_kept_safe_and_given_back(api: httpx2.AsyncClient, bob: httpx2.AsyncClient) -> None:
    assert (await api.get(OWN)).json() == {"html": "", "is_own": False, "date_updated": None}
    html = f'<p onclick="x()">Ann {{user.title}}<script>x()</script></p><img src="{DATA}" alt="logo">'
    kept = (await api.put(OWN, json={"html": html})).json()
    assert kept["is_own"] and kept["html"] == f'<p>Ann {{user.title}}</p><img src="{DATA}" alt="logo">'
    assert (await api.get(OWN)).json() == kept
    again = (await api.put(OWN, json={"html": kept["html"]})).json()
    assert again["html"] == kept["html"]
    assert (await bob.get(OWN)).json()["html"] == ""
    assert (await api.put(OWN, json={"html": ""})).json()["html"] == ""
    for wrong in ("{user.nmae}", "{% if user.name %}", "x" * 100_001, '<img src="data:image/png;base64,A">'):
        refused = await api.put(OWN, json={"html": wrong})
        assert refused.status_code == 400, wrong[:50]
        assert refused.json()["field-errors"], wrong[:50]


async def test_an_uploaded_image_becomes_part_of_the_signature(
    api: httpx2.AsyncClient, bob: httpx2.AsyncClient, tools: Tools
) -> None:
    begun = (await api.post("/api/v1/files/upload/", json={"filename": "l.gif", "content_type": "image/gif"})).json()
    await api.post(begun["upload"]["url"], files={"file": ("l.gif", PIXEL)}, data=begun["upload"]["fields"])
    html = f'<img src="{begun["download"]["url"]}"><img src="https://us.test/logo.png">'
    odd = await api.put(OWN, json={"html": '<img src="http://[/x.png">'})
    assert odd.status_code == 200, odd.text
    kept = (await api.put(OWN, json={"html": html})).json()
    assert kept["html"] == f'<img src="{DATA}"><img src="https://us.test/logo.png">'
    await api.put(OWN, json={"html": kept["html"]})
    async with tools.db.transaction() as tx:
        row = await (await tx.execute("select jsonb_array_length(images), html from signatures")).fetchone()
        files = await (await tx.execute("select count(*) from files where filename = 'image.gif'")).fetchone()
    assert row is not None and row[0] == 1 and "data:" not in row[1] and files == (1,)
    assert (await bob.put(OWN, json={"html": html})).status_code == 400  # another's upload
    text = await uploaded(api, "x.txt", b"no image")
    assert "html" in (await api.put(OWN, json={"html": f'<img src="{text}">'})).json()["field-errors"]


async def test_a_preview_shows_a_signature_filled_in_and_what_is_missing(api: httpx2.AsyncClient) -> None:
    words = "<p>{user.name}<br>{{ user.title }}{company.name} {user.nmae}</p>"
    sketch = f'{words}<img src="{DATA}"><script>1</script>'
    found = (await api.post(f"{OWN}preview/", json={"html": sketch})).json()
    assert found["html"] == f'<p>Ann Admin<br>Acme {{user.nmae}}</p><img src="{DATA}">'
    assert found["text"] == "Ann Admin\nAcme {user.nmae}"
    assert [(one["variable"], one["reason"]) for one in found["missing"]] == [
        ("user.nmae", "unknown"),
        ("user.title", "empty"),
    ]
    assert (await api.get(OWN)).json()["html"] == ""


async def test_an_account_may_have_its_own(api: httpx2.AsyncClient, bob: httpx2.AsyncClient) -> None:
    _, account_id = await office(api)
    url = f"/api/v1/connected_account/{account_id}/signature/"
    await api.put(OWN, json={"html": "<p>Ann</p>"})
    inherited = (await api.get(url)).json()
    assert (inherited["html"], inherited["is_own"]) == ("<p>Ann</p>", False)
    assert (await api.put(url, json={"html": "<p>Sales</p>"})).json()["html"] == "<p>Sales</p>"
    assert (await api.get(url)).json()["is_own"] is True
    assert (await bob.get(url)).status_code == 200
    assert (await bob.put(url, json={"html": "x"})).status_code == 403
    assert (await bob.delete(url)).status_code == 403
    assert (await api.put(url, json={"html": ""})).json() | {"date_updated": None} == {
        "html": "", "is_own": True, "date_updated": None,
    }  # fmt: skip
    assert (await api.delete(url)).json() == {}
    assert (await api.get(url)).json()["html"] == "<p>Ann</p>"
    assert (await api.get("/api/v1/connected_account/emailacct_none/signature/")).status_code == 404


@pytest.mark.parametrize("tag", ["{{ signature }}", "{signature}"])
async def test_the_tag_becomes_the_signature_when_an_email_is_sent(api: httpx2.AsyncClient, tag: str) -> None:
    lead_id, account_id = await office(api)
    await api.put(OWN, json={"html": f'<p>{{user.name}}</p><img src="{DATA}">'})
    mail = outgoing(lead_id, {"id": None}, body_html=f"<p>Hi {{x}}</p>{tag}", body_text=f"Hi\n{tag}")
    draft = (await api.post(EMAILS, json={**mail, "status": "draft", "send_in": 0})).json()
    assert draft["body_html"] == f"<p>Hi {{x}}</p>{tag}" and draft["attachments"] == []
    sent = (await api.put(f"{EMAILS}{draft['id']}/", json={"status": "outbox", "send_in": 50})).json()
    image = re.fullmatch(r'<p>Hi \{x\}</p><p>Ann Admin</p><img src="cid:([0-9a-f]{20}@signature)">', sent["body_html"])
    assert image is not None, sent["body_html"]
    assert sent["body_text"] == "Hi\nAnn Admin"
    (file,) = sent["attachments"]
    assert (file["content_id"], file["inline_only"], file["content_type"]) == (image[1], True, "image/gif")
    assert (await api.get(file["url"])).content == PIXEL
    await api.put(f"/api/v1/connected_account/{account_id}/signature/", json={"html": "Sales"})
    assert (await api.post(EMAILS, json=mail)).json()["body_html"] == "<p>Hi {x}</p>Sales"


async def test_an_email_without_the_tag_goes_exactly_as_posted(api: httpx2.AsyncClient) -> None:
    lead_id, _ = await office(api)
    await api.put(OWN, json={"html": "<p>Ann</p>"})
    html = "<p>my signature {{ contact.name }} {signatures}</p>"
    sent = (await api.post(EMAILS, json=outgoing(lead_id, {"id": None}, body_html=html))).json()
    assert (sent["body_html"], sent["body_text"]) == (html, "")


async def test_a_template_carries_the_signature_with_its_images(api: httpx2.AsyncClient) -> None:
    lead_id, _ = await office(api)
    template = await make(api, body="<p>Hi {contact.first_name}</p>{{ signature }}")
    contact = (await api.get(f"/api/v1/lead/{lead_id}/")).json()["contacts"][0]
    render = f"/api/v1/email_template/{template['id']}/render/?lead_id={lead_id}&contact_id={contact['id']}"
    assert [one["variable"] for one in (await api.get(render)).json()["missing"]] == ["signature"]
    await api.put(OWN, json={"html": f'<p>{{user.name}}, {{user.phone}}</p><img src="{DATA}">'})
    shown = (await api.get(render)).json()
    assert "<p>Ann Admin, </p>" in shown["body"] and [one["variable"] for one in shown["missing"]] == ["user.phone"]
    sent = (await api.post(EMAILS, json=outgoing(lead_id, template))).json()
    assert sent["body_html"] == shown["body"] and len(sent["attachments"]) == 1
    # The page fills it in itself and posts what it was given: the image goes along.
    posted = (await api.post(EMAILS, json=outgoing(lead_id, template, body_html=shown["body"]))).json()
    assert [one["content_id"] for one in posted["attachments"]] == [sent["attachments"][0]["content_id"]]


async def test_another_organization_sees_no_signature(api: httpx2.AsyncClient, stranger: httpx2.AsyncClient) -> None:
    _, account_id = await office(api)
    await api.put(OWN, json={"html": "<p>Ann</p>"})
    assert (await stranger.get(OWN)).json()["html"] == ""
    url = f"/api/v1/connected_account/{account_id}/signature/"
    for answer in [await stranger.get(url), await stranger.put(url, json={"html": "x"}), await stranger.delete(url)]:
        assert answer.status_code == 404

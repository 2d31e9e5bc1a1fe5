"""What leaves the house when an email is made of a template: filled in, signed, its images inside."""

import base64
from collections.abc import AsyncIterator
from email import message_from_bytes
from email.message import Message
from itertools import count

import pytest

from postroom.journeys import sign
from postroom.journeys.steps.render_email import letterhead
from postroom.rooms.templates import store
from postroom.rooms.templates.render import TemplateText, compile_template
from postroom.rooms.templates.template import Author, TemplateContent
from postroom.views.template_preview import Recipient, Sending, recipient_facts
from tests.journeys.office import Office
from tests.journeys.sending import BOB, Desk, open_desk
from tests.servers.dovecot import DovecotServer

PIXEL = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00;"
_users = count(1)


@pytest.fixture
async def desk(office: Office, mail_server: DovecotServer) -> AsyncIterator[Desk]:
    async with open_desk(office, mail_server, f"signer{next(_users)}") as made:
        yield made


async def make_template(desk: Desk, body: str, subject: str = "Hi {contact.first_name}") -> str:
    """A template of Anna's; its id."""
    author = Author(desk.asker.user_id, False, desk.clock.now)
    async with desk.tools.db.transaction() as tx:
        content = TemplateContent("Intro", subject, body)
        return await store.insert_template(tx, desk.asker.organization_id, content, author)


def parts(message: Message) -> list[str]:
    return [part.get_content_type() for part in message.walk()]


async def test_a_signed_template_goes_out_with_its_image_inside(desk: Desk) -> None:
    image = f'<img src="data:image/gif;base64,{base64.b64encode(PIXEL).decode()}">'
    await sign.save_own(desk.tools, desk.asker, f"<p>{{user.email}}</p>{image}")
    template_id = await make_template(desk, "<p>Hi {{ contact.first_name | default: 'there' }},</p>{signature}")
    await desk.write(subject="", body_text="", template_id=template_id)
    await desk.work_until_quiet()
    (accepted,) = desk.smtp.accepted
    message = message_from_bytes(accepted.raw)
    assert parts(message) == [
        "multipart/alternative", "text/plain", "multipart/related", "text/html", "image/gif",
    ]  # fmt: skip
    text, html, picture = (part for part in message.walk() if not part.is_multipart())
    assert b"{" not in html.get_payload(decode=True) and desk.address.encode() in text.get_payload(decode=True)
    content_id = str(picture["Content-ID"]).strip("<>")
    assert f"cid:{content_id}".encode() in html.get_payload(decode=True)
    assert picture.get_payload(decode=True) == PIXEL
    assert message["Subject"].startswith("Hi ")


async def test_a_name_cannot_add_a_header_field(desk: Desk) -> None:
    async with desk.tools.db.transaction() as tx:
        await tx.execute("update contacts set name = %s", ("Bob\r\nBcc: evil@evil.test\r\n\r\nbody",))
    template_id = await make_template(desk, "<p>Hi</p>", "Hi {{ contact.name }}")
    await desk.write(subject="", body_text="", template_id=template_id)
    await desk.work_until_quiet()
    (accepted,) = desk.smtp.accepted
    message = message_from_bytes(accepted.raw)
    assert message["Bcc"] is None and accepted.recipients == [BOB]
    assert message["Subject"] == "Hi Bob Bcc: evil@evil.test body"


async def test_a_template_is_filled_in_for_many_recipients_at_once(desk: Desk) -> None:
    """As bulk does: one letterhead, two queries, one compiled template."""
    org = desk.asker.organization_id
    contacts = await desk.office.rows("select lead_id, id from contacts where organization_id = %s order by id", org)
    recipients = [Recipient(lead_id, contact_id) for lead_id, contact_id in contacts]
    async with desk.tools.db.transaction() as tx:
        head = await letterhead(tx, org, Sending(desk.asker.user_id, desk.account_id))
        known = await recipient_facts(tx, org, [*recipients, Recipient("lead_none", "cont_none")], "https://crm.test")
    assert set(known) == set(recipients) and len(recipients) == 3
    compiled = compile_template(TemplateText("{lead.name}", "{contact.email} {account.email}"))
    filled = {compiled.render({**head.values, **values}).body_html for values in known.values()}
    assert len(filled) == 3 and f"{BOB} {desk.address}" in filled

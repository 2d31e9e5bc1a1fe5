"""Writing emails: who may, from which address, and what stands on lead and thread."""

from collections.abc import AsyncIterator
from email import message_from_bytes
from itertools import count

import pytest

from postroom.ground.errors import Forbidden, Invalid, NotFound
from postroom.journeys.send import delete_email
from postroom.rooms.accounts.access import Asker
from postroom.rooms.accounts.identities import Identity
from postroom.rooms.accounts.identity_store import insert_identities
from postroom.rooms.emails.email import AttachedFile
from tests.journeys.office import Office
from tests.journeys.sending import BOB, Desk, open_desk
from tests.servers.dovecot import DovecotServer

_users = count(1)


@pytest.fixture
async def desk(office: Office, mail_server: DovecotServer) -> AsyncIterator[Desk]:
    async with open_desk(office, mail_server, f"writer{next(_users)}") as made:
        yield made


async def test_sending_as_a_coworker_is_refused(desk: Desk) -> None:
    other = await desk.office.user("other@acme.example")
    with pytest.raises(Forbidden):
        await Desk.write(_as(desk, desk.office.asker(other)))
    with pytest.raises(Invalid) as caught:
        await desk.write(sender="stranger@elsewhere.example")
    assert "sender" in caught.value.field_errors
    assert await desk.office.rows("select id from emails") == []


async def test_another_users_draft_cannot_be_changed(desk: Desk) -> None:
    email_id = await desk.write("draft")
    other = await desk.office.user("other@acme.example")
    with pytest.raises(Forbidden):
        await _as(desk, desk.office.asker(other)).become(email_id, "draft", subject="mine now")


async def test_logged_mail_is_never_transmitted(desk: Desk) -> None:
    sent = await desk.write("sent", sender="")
    received = await desk.write("inbox", sender=BOB, to=(desk.address,))
    await desk.work_until_quiet()
    assert desk.smtp.accepted == []
    assert desk.address in (await desk.email(sent))["sender"]
    assert (await desk.email(received))["status"] == "inbox"
    directions = await desk.office.rows("select direction from emails order by direction")
    assert directions == [("incoming",), ("outgoing",)]


async def test_a_deleted_draft_is_gone_and_a_queued_one_is_not_sent(desk: Desk) -> None:
    draft, queued = await desk.write("draft"), await desk.write()
    for email_id in (draft, queued):
        await delete_email(desk.tools, desk.asker, email_id)
    await desk.deliver()
    assert desk.smtp.accepted == []
    assert await desk.office.rows("select id from emails") == []


async def test_counts_on_lead_and_thread_follow(desk: Desk) -> None:
    email_id = await desk.write("draft")
    assert await _count(desk) == 0
    await desk.become(email_id, "outbox")
    assert await _count(desk) == 1
    await desk.become(email_id, "draft")
    assert await _count(desk) == 0
    await desk.become(email_id, "outbox")
    await desk.deliver()
    assert await _count(desk) == 1
    await delete_email(desk.tools, desk.asker, email_id)
    assert await _count(desk) == 0
    assert await desk.office.rows("select id from email_threads") == []


async def _count(desk: Desk) -> int:
    ((number,),) = await desk.office.rows("select num_emails from leads")
    return int(number)


def _as(desk: Desk, asker: object) -> Desk:
    return Desk(**{name: getattr(desk, name) for name in Desk.__dataclass_fields__} | {"asker": asker})


@pytest.mark.parametrize(
    "field",
    [
        {"subject": "Offer\r\nBcc: evil@example.org"},
        {"sender": '"Anna\r\nBcc: evil@example.org" <{address}>'},
        {"to": ('"Bob\nBcc: evil@example.org" <bob@bolt.example>',)},
        {"to": ("bob@bolt.example>\r\nRCPT TO:<evil@example.org",)},
    ],
    ids=["subject", "sender", "name", "address"],
)
async def test_a_line_break_never_becomes_a_header_or_a_recipient(desk: Desk, field: dict[str, object]) -> None:
    given = {name: value.format(address=desk.address) if name == "sender" else value for name, value in field.items()}  # type: ignore[attr-defined]
    try:
        await desk.write(**given)
    except Invalid:
        return
    await desk.deliver()
    for taken in desk.smtp.accepted:
        assert "evil@example.org" not in taken.recipients
        assert b"\nbcc:" not in taken.raw.partition(b"\r\n\r\n")[0].lower()
    assert len(desk.smtp.accepted) == 1


async def test_attachments_arrive_byte_for_byte(desk: Desk) -> None:
    content = bytes(range(256)) * 1000 + b"\r.\n"
    ref = await desk.tools.blobs.write(content)
    name = "päper/..\r\n.pdf"
    await desk.write(attachments=(AttachedFile("file_1", name, "application/pdf", len(content), ref),))
    await desk.deliver()
    (part,) = [one for one in message_from_bytes(desk.smtp.accepted[0].raw).walk() if one.get_filename()]
    assert part.get_payload(decode=True) == content
    assert "\n" not in part.get_filename()


async def test_an_attachment_that_is_lost_fails_the_email_and_says_so(desk: Desk) -> None:
    ref = await desk.tools.blobs.write(b"content")
    await desk.tools.blobs.erase(ref)
    email_id = await desk.write(attachments=(AttachedFile("file_1", "a.pdf", "application/pdf", 7, ref),))
    other = await desk.write()
    await desk.deliver()
    assert (await desk.email(email_id))["status"] == "error"
    assert (await desk.delivery(email_id))["error"]
    assert (await desk.email(other))["status"] == "sent"


async def test_an_alias_is_sent_in_the_case_it_was_entered(desk: Desk) -> None:
    alias = f"Anna.{desk.user.upper()}@Acme.example"
    async with desk.tools.db.transaction() as tx:
        org = desk.office.organization_id
        await insert_identities(tx, org, desk.account_id, [Identity(alias, "Anna A.")])
    email_id = await desk.write(sender=alias.lower())
    await desk.deliver()
    assert desk.smtp.accepted[0].sender == alias
    assert (await desk.email(email_id))["sender"] == f"Anna A. <{alias}>"


async def test_what_is_half_written_is_kept_as_a_draft(desk: Desk) -> None:
    email_id = await desk.write("draft", sender="", to=("nobody yet",), subject="")
    with pytest.raises(Invalid):
        await desk.become(email_id, "outbox")
    assert (await desk.email(email_id))["status"] == "draft"
    await desk.become(email_id, "outbox", sender=desk.address, to=(BOB,))
    await desk.deliver()
    assert (await desk.email(email_id))["status"] == "sent"


async def test_ids_of_another_organization_mean_nothing(desk: Desk) -> None:
    email_id = await desk.write("draft")
    stranger = Asker("orga_other", desk.asker.user_id, "admin")
    with pytest.raises(NotFound):
        await _as(desk, stranger).become(email_id, "draft", subject="mine")
    with pytest.raises(NotFound):
        await delete_email(desk.tools, stranger, email_id)
    with pytest.raises(NotFound):
        await _as(desk, stranger).write("draft")

"""What an email of a bulk email says and carries: files, tests to oneself, and names that would be more than names."""

from collections.abc import AsyncIterator
from email import message_from_bytes
from email.policy import default as default_policy
from itertools import count

import pytest
from psycopg.types.json import Jsonb

from postroom.ground.errors import Invalid
from postroom.journeys import bulk, bulk_preview
from postroom.journeys.bulk import Order
from postroom.journeys.bulk_walk import walk_draft
from postroom.rooms.bulk.bulk_email import Audience, Preference
from tests.journeys.campaign import batch_row, begin, crowd, take_a_turn, template
from tests.journeys.office import Office
from tests.journeys.sending import Desk, open_desk
from tests.servers.dovecot import DovecotServer

_users = count(1)


@pytest.fixture
async def desk(office: Office, mail_server: DovecotServer) -> AsyncIterator[Desk]:
    async with open_desk(office, mail_server, f"words{next(_users)}") as made:
        yield made


async def test_a_test_to_oneself_goes_to_nobody_else_and_counts_for_nothing(desk: Desk) -> None:
    await crowd(desk, 2)
    bulk_id = await begin(desk, await template(desk, subject="For {{ lead.name }}\r\nBcc: all@evil.example"))
    await desk.office.rows("update bulk_emails set cc_list = '{boss@acme.example}' where id = %s returning 1", bulk_id)
    assert await bulk_preview.send_test(desk.tools, desk.asker, bulk_id, 1) == desk.address
    sent = desk.smtp.accepted[0]
    assert sent.recipients == [desk.address]
    assert b"boss@acme.example" not in sent.raw and b"\r\nBcc:" not in sent.raw
    assert await desk.office.rows("select count(*) from deliveries") == [(0,)]


async def test_files_go_with_every_email_and_large_ones_by_few_at_a_time(desk: Desk) -> None:
    await crowd(desk, 3)
    bulk_id = await begin(desk, await template(desk))
    content = b"%PDF" * 100_000
    reference = (await desk.tools.blobs.write_batch([content]))[0]
    file = {"file_id": "file_1", "blob_ref": reference, "filename": "offer.pdf", "content_type": "application/pdf",
            "size": len(content), "content_id": "", "is_inline": False}  # fmt: skip
    await desk.office.rows("update bulk_emails set attachments = %s where id = %s returning 1", Jsonb([file]), bulk_id)
    await take_a_turn(desk)
    letters = [one.raw for one in desk.smtp.accepted if one.recipients != [desk.address]]
    assert len(letters) == 3
    for raw in letters:
        parts = list(message_from_bytes(raw).walk())
        assert parts[-1].get_filename() == "offer.pdf" and parts[-1].get_payload(decode=True) == content


async def test_what_a_lead_is_called_is_never_more_than_a_name(desk: Desk) -> None:
    """Neither a header line, nor markup, nor a template: leads are imported from anywhere."""
    await crowd(desk, 1)
    name = "Evil\r\nBcc: all@evil.example\r\n\r\n<script>x</script>{{ user.email }}{% for i in (1..9) %}!{% endfor %}"
    await desk.office.rows("update leads set name = %s where id = 'lead_p1' returning 1", name)
    await begin(desk, await template(desk), query="*", contact_query="name:Pat", preference=Preference.CONTACT)
    await take_a_turn(desk)
    sent = next(one for one in desk.smtp.accepted if one.recipients == ["p1@crowd.example"])
    letter = message_from_bytes(sent.raw, policy=default_policy)
    assert "Bcc" not in letter and letter["Subject"].startswith("For Evil Bcc: all@evil.example <script>")
    html = letter.get_body(("html",)).get_content()
    assert "<script>" not in html and "&lt;script&gt;" in html
    assert "{{ user.email }}" in html and "!!" not in html


async def test_files_that_the_disk_cannot_hold_for_everybody_are_refused_before_the_first_email(desk: Desk) -> None:
    await crowd(desk, 3)
    file = {"file_id": "file_1", "blob_ref": "x", "filename": "film.mp4", "content_type": "video/mp4",
            "size": 10**15, "content_id": "", "is_inline": False}  # fmt: skip
    order = Order(Audience(query="name:Company"), await template(desk), desk.address)
    draft = await bulk.draft(desk.tools, desk.asker, order)
    await walk_draft(desk.tools, desk.office.organization_id, draft)
    running = await begin(desk, await template(desk))
    await desk.office.rows("update bulk_emails set attachments = %s returning 1", Jsonb([file]))
    with pytest.raises(Invalid) as refused:
        await bulk.start(desk.tools, desk.asker, draft)
    assert "4,110.0 TB" in str(refused.value.field_errors["template_id"])
    await take_a_turn(desk)
    row = await batch_row(desk, running)
    assert (row["status"], row["cause"], row["n_sent"], row["n_queued"]) == ("paused", "disk", 0, 3)
    assert "link into the template" in row["error"]
    assert [one.recipients for one in desk.smtp.accepted] == [[desk.address]]  # its user is told
    await desk.office.rows("update bulk_emails set attachments = '[]' returning 1")
    await bulk.resume(desk.tools, desk.asker, running)
    await take_a_turn(desk)
    assert (await batch_row(desk, running))["n_sent"] == 3

"""Who began an export, a bulk edit or a bulk delete is told by email that it is done, once, unless told not to."""

from collections.abc import AsyncIterator
from email import message_from_bytes, policy
from uuid import uuid4

import pytest

from postroom.ground.stamp import Stamp
from postroom.journeys.make_export import make_export
from postroom.journeys.run_bulk_action import run_bulk_action
from postroom.journeys.sweep import left_behind
from postroom.rooms.bulk_actions import store
from postroom.rooms.bulk_actions.bulk_action import Kind, Wanted
from postroom.rooms.exports import export as exports
from postroom.rooms.exports import store as export_store
from tests.journeys.office import Office
from tests.journeys.sending import Desk, open_desk
from tests.servers.dovecot import DovecotServer


@pytest.fixture
async def sending(office: Office, mail_server: DovecotServer) -> AsyncIterator[Desk]:
    async with open_desk(office, mail_server, f"anna-{uuid4().hex[:8]}") as desk:
        yield desk


async def begun(desk: Desk, wanted: Wanted, kind: Kind = Kind.DELETE) -> str:
    office, now = desk.office, desk.tools.clock()
    async with desk.tools.db.transaction() as tx:
        return await store.insert(tx, office.organization_id, (kind, wanted), Stamp(office.admin.id, now))


async def test_it_is_told_once_that_a_bulk_delete_is_done(sending: Desk) -> None:
    action = await begun(sending, Wanted(query="name:Nobody"))
    for _ in range(2):
        await run_bulk_action(sending.tools, sending.office.organization_id, action)
    [told] = sending.smtp.accepted
    mail = message_from_bytes(told.raw, policy=policy.default)
    assert (mail["Subject"], mail["Auto-Submitted"]) == ("Your bulk delete is done", "auto-generated")
    text = mail.get_content()
    assert "Done: 0 of 0" in text and "Search: name:Nobody" in text and action in text


async def test_it_is_not_told_where_that_was_asked_for(sending: Desk) -> None:
    action = await begun(sending, Wanted(query="name:Nobody", send_done_email=False))
    await run_bulk_action(sending.tools, sending.office.organization_id, action)
    assert sending.smtp.accepted == []


async def test_what_stopped_it_is_told_in_any_case(sending: Desk) -> None:
    wish = Wanted(query="in:Gone", type="set_lead_status", lead_status_id="stat_x", send_done_email=False)
    action = await begun(sending, wish, Kind.EDIT)
    await run_bulk_action(sending.tools, sending.office.organization_id, action)
    [told] = sending.smtp.accepted
    mail = message_from_bytes(told.raw, policy=policy.default)
    assert mail["Subject"] == "Your bulk edit has stopped" and "What stopped it:" in mail.get_content()


async def test_a_crash_before_the_email_leaves_it_to_the_sweep(sending: Desk) -> None:
    action, org = await begun(sending, Wanted(query="name:Nobody")), sending.office.organization_id
    async with sending.tools.db.transaction() as tx:
        row = await store.begin(tx, org, action, sending.tools.clock())
        assert row is not None
        await store.finish(tx, org, (row, ""), sending.tools.clock())
    await left_behind(sending.tools)
    assert await sending.office.rows("select 1 from procrastinate_jobs where task_name = 'run_bulk_action'")
    await run_bulk_action(sending.tools, org, action)
    assert len(sending.smtp.accepted) == 1


async def export_begun(desk: Desk, wanted: exports.Wanted) -> str:
    asker = export_store.Asker(desk.office.admin.id, True, desk.tools.clock())
    async with desk.tools.db.transaction() as tx:
        return await export_store.insert(tx, desk.office.organization_id, ("lead", wanted), asker)


async def test_it_is_told_once_that_an_export_is_done(sending: Desk) -> None:
    org, export = sending.office.organization_id, await export_begun(sending, exports.Wanted(query="name:Nobody"))
    for _ in range(2):
        await make_export(sending.tools, org, export)
    [told] = sending.smtp.accepted
    mail = message_from_bytes(told.raw, policy=policy.default)
    text = mail.get_content()
    assert mail["Subject"] == "Your export is done" and "Search: name:Nobody" in text and export in text
    assert "/export_file/" not in text, "whoever reads that mail on its way gets no file"


async def test_an_export_is_not_told_of_where_that_was_asked_for(sending: Desk) -> None:
    export = await export_begun(sending, exports.Wanted(query="*", send_done_email=False))
    await make_export(sending.tools, sending.office.organization_id, export)
    assert sending.smtp.accepted == []


async def test_an_export_done_before_a_crash_is_told_by_the_sweep(sending: Desk) -> None:
    org, export = sending.office.organization_id, await export_begun(sending, exports.Wanted())
    async with sending.tools.db.transaction() as tx:
        row = await export_store.begin(tx, org, export, sending.tools.clock())
        assert row is not None
        await export_store.finish(tx, org, (row, ""), sending.tools.clock())
        assert await export_store.exports_waiting(tx) == [(org, export)]
    await make_export(sending.tools, org, export)
    assert len(sending.smtp.accepted) == 1

"""J3: Done and archive, read and unread: what is decided on one side is followed on the other, once."""

import asyncio
from datetime import timedelta

import psycopg
import pytest

from postroom.ground.errors import Forbidden, NotFound
from postroom.journeys import archive
from postroom.journeys.settle import settle_placements
from postroom.views.inbox_page import Moments, TaskFilter, task_page
from postroom.views.selection import Page
from tests.journeys.desk import Desk
from tests.journeys.office import letter


async def waiting(desk: Desk) -> list[str]:
    """Ids of the open items of this desk's owner."""
    rows = await desk.office.rows("select id from inbox_items where not is_done and user_id = %s", desk.user.id)
    return [row[0] for row in rows]


async def settle(desk: Desk) -> None:
    await settle_placements(desk.office.tools, desk.office.organization_id, desk.account_id)


async def with_mail(desk: Desk, count: int = 1) -> list[str]:
    await desk.office.lead("Bolt", "bob@bolt.example")
    for number in range(count):
        desk.deliver(letter("bob@bolt.example", "anna@acme.example", f"Offer {number}"))
    await desk.pull()
    return await waiting(desk)


async def test_done_moves_the_message_to_the_archive_and_nothing_echoes(desk: Desk) -> None:
    items = await with_mail(desk)
    await archive.mark_done(desk.office.tools, desk.office.asker(desk.user), items)
    await settle(desk)
    assert (desk.uids("INBOX"), desk.uids("Archive")) == (0, 1)
    await desk.pull()
    assert await waiting(desk) == []
    assert await desk.office.rows("select count(*) from placements where needs_push") == [(0,)]
    assert await desk.office.rows("select count(*) from emails") == [(1,)]
    assert await desk.adds_up()


async def test_archiving_with_another_mail_program_marks_done_and_moving_back_reopens(desk: Desk) -> None:
    await with_mail(desk)
    client = desk.client()
    client.create("Archive")
    client.select("INBOX")
    client._simple_command("MOVE", "1", "Archive")
    await desk.pull()
    assert await waiting(desk) == []
    client.select("Archive")
    client._simple_command("MOVE", "1", "INBOX")
    await desk.pull()
    assert len(await waiting(desk)) == 1
    assert await desk.office.rows("select count(*) from placements where needs_push") == [(0,)]


async def test_deleting_with_another_mail_program_marks_done(desk: Desk) -> None:
    await with_mail(desk)
    client = desk.client()
    client.select("INBOX")
    client.store("1", "+FLAGS", "\\Deleted")
    client.expunge()
    await desk.pull()
    assert await waiting(desk) == []


async def test_reopen_brings_the_message_back(desk: Desk) -> None:
    items = await with_mail(desk)
    asker = desk.office.asker(desk.user)
    await archive.mark_done(desk.office.tools, asker, items)
    await settle(desk)
    await archive.reopen(desk.office.tools, asker, items)
    await settle(desk)
    await desk.pull()
    assert (desk.uids("INBOX"), desk.uids("Archive")) == (1, 0)
    assert await waiting(desk) == items
    assert await desk.office.rows("select count(*) from placements where needs_push") == [(0,)]


async def test_done_and_back_before_the_mailbox_was_told_leaves_it_alone(desk: Desk) -> None:
    items = await with_mail(desk)
    asker = desk.office.asker(desk.user)
    await archive.mark_done(desk.office.tools, asker, items)
    await archive.reopen(desk.office.tools, asker, items)
    await settle(desk)
    assert desk.uids("INBOX") == 1
    assert await waiting(desk) == items


async def test_both_sides_at_once_agree(desk: Desk) -> None:
    items = await with_mail(desk)
    await archive.mark_done(desk.office.tools, desk.office.asker(desk.user), items)
    client = desk.client()
    client.create("Archive")
    client.select("INBOX")
    client._simple_command("MOVE", "1", "Archive")
    await settle(desk)
    await desk.pull()
    assert (desk.uids("INBOX"), desk.uids("Archive")) == (0, 1)
    assert await waiting(desk) == []
    assert await desk.office.rows("select count(*) from placements where needs_push") == [(0,)]


async def test_with_write_back_switched_off_the_mailbox_is_left_alone(desk: Desk) -> None:
    items = await with_mail(desk)
    async with desk.office.tools.db.transaction() as tx:
        await tx.execute("update connected_accounts set archive_sync = false")
    await archive.mark_done(desk.office.tools, desk.office.asker(desk.user), items)
    await settle(desk)
    await desk.pull()
    assert desk.uids("INBOX") == 1
    assert await waiting(desk) == []


async def test_new_mail_in_a_done_thread_opens_it_again(desk: Desk) -> None:
    items = await with_mail(desk)
    await archive.mark_done(desk.office.tools, desk.office.asker(desk.user), items)
    await settle(desk)
    (first,) = (await desk.office.rows("select message_ids[1] from emails"))[0]
    desk.deliver(letter("bob@bolt.example", "anna@acme.example", "Re: Offer 0", "More.", in_reply_to=first))
    await desk.pull()
    assert await waiting(desk) == items
    assert (desk.uids("INBOX"), desk.uids("Archive")) == (1, 1)


async def test_snooze_is_ours_alone(desk: Desk) -> None:
    items = await with_mail(desk)
    tools = desk.office.tools
    await archive.snooze(tools, desk.office.asker(desk.user), items, tools.clock() + timedelta(days=1))
    await settle(desk)
    assert desk.uids("INBOX") == 1
    assert await desk.office.rows("select is_done, due_at > now() from inbox_items") == [(False, True)]


async def back(desk: Desk, ahead: timedelta = timedelta()) -> list[tuple[str, str | None]]:
    """View of each item and how it came back, `ahead` of now."""
    now = desk.office.tools.clock() + ahead
    wanted = TaskFilter(Moments(now, now, now), desk.user.id, kinds=("incoming_email",))
    async with desk.office.tools.db.reading() as tx:
        page = await task_page(tx, desk.office.organization_id, wanted, Page(10))
    return [(card.view, card.returned) for card in page.data]


async def test_a_snoozed_thread_tells_whether_its_time_or_a_reply_brought_it_back(desk: Desk) -> None:
    items = await with_mail(desk)
    tools, asker = desk.office.tools, desk.office.asker(desk.user)
    assert await back(desk) == [("inbox", None)]
    await archive.snooze(tools, asker, items, tools.clock() + timedelta(days=1))
    assert await back(desk) == [("future", None)]
    assert await back(desk, timedelta(days=2)) == [("inbox", "time")]
    desk.deliver(letter("bob@bolt.example", "anna@acme.example", "Re: Offer 0"))
    await desk.pull()
    assert await back(desk) == [("inbox", "reply")]
    assert await back(desk, timedelta(days=2)) == [("inbox", "reply")]
    await archive.mark_done(tools, asker, items)
    await archive.reopen(tools, asker, items)
    assert await back(desk) == [("inbox", None)]


async def test_new_mail_in_a_thread_whose_snooze_was_over_is_just_new_mail(desk: Desk) -> None:
    items = await with_mail(desk)
    tools, asker = desk.office.tools, desk.office.asker(desk.user)
    await archive.snooze(tools, asker, items, tools.clock() + timedelta(milliseconds=200))
    await asyncio.sleep(0.3)
    assert await back(desk) == [("inbox", "time")]
    desk.deliver(letter("bob@bolt.example", "anna@acme.example", "Re: Offer 0"))
    await desk.pull()
    assert await back(desk) == [("inbox", None)]


async def test_a_coworkers_inbox_cannot_be_changed(desk: Desk, second_desk: Desk) -> None:
    items = await with_mail(desk)
    ben = desk.office.asker(second_desk.user)
    for act in (archive.mark_done, archive.reopen):
        with pytest.raises(Forbidden):
            await act(desk.office.tools, ben, items)
    with pytest.raises(Forbidden):
        await archive.snooze(desk.office.tools, desk.office.asker(desk.office.admin), items, desk.office.tools.clock())
    with pytest.raises(NotFound):
        await archive.mark_done(desk.office.tools, ben, ["noti_0"])
    assert await waiting(desk) == items


async def test_done_acts_on_ones_own_copy_alone(desk: Desk, second_desk: Desk) -> None:
    await desk.office.lead("Bolt", "bob@bolt.example")
    raw = letter("bob@bolt.example", "anna@acme.example, ben@acme.example", "Offer")
    for one in (desk, second_desk):
        one.deliver(raw)
        await one.pull()
    await archive.mark_done(desk.office.tools, desk.office.asker(desk.user), await waiting(desk))
    for one in (desk, second_desk):
        await settle(one)
        await one.pull()
    assert (desk.uids("INBOX"), second_desk.uids("INBOX")) == (0, 1)
    assert len(await waiting(second_desk)) == 1


async def test_read_and_unread_follow_in_both_directions(desk: Desk) -> None:
    await with_mail(desk)
    tools, asker = desk.office.tools, desk.office.asker(desk.user)
    (thread,) = (await desk.office.rows("select id from email_threads"))[0]
    await archive.mark_read(tools, asker, thread)
    await settle(desk)
    client = desk.client()
    client.select("INBOX")
    assert b"\\Seen" in client.fetch("1", "(FLAGS)")[1][0]
    client.store("1", "-FLAGS", "\\Seen")
    await desk.pull()
    assert await desk.office.rows("select crm_seen from placements") == [(False,)]


async def test_what_is_taken_back_while_the_mailbox_is_told_stands(desk: Desk, database_url: str) -> None:
    """`u` and at once `z`: our own push of "unread" is nobody's wish in the mailbox."""
    await with_mail(desk)
    tools, asker, client = desk.office.tools, desk.office.asker(desk.user), desk.client()
    (thread,) = (await desk.office.rows("select id from email_threads"))[0]
    await archive.mark_read(tools, asker, thread)
    await settle(desk)
    await archive.mark_unread(tools, asker, thread)

    def is_seen() -> bool:
        client.select("INBOX", readonly=True)
        return b"\\Seen" in client.fetch("1", "(FLAGS)")[1][0]

    async with await psycopg.AsyncConnection.connect(database_url) as another:
        await another.execute(
            "select 1 from copies for update"
        )  # it has told the mailbox, and cannot write that down yet
        telling = asyncio.create_task(settle(desk))
        while is_seen() and not telling.done():
            await asyncio.sleep(0.02)
        await archive.mark_read(tools, asker, thread)
    await telling
    assert await desk.office.rows("select crm_seen, needs_push from placements") == [(True, True)]
    await settle(desk)
    assert await desk.office.rows("select crm_seen, needs_push from placements") == [(True, False)]
    assert is_seen()


async def test_reading_mail_never_marks_it_as_read(desk: Desk) -> None:
    await with_mail(desk, 3)
    client = desk.client()
    client.select("INBOX", readonly=True)
    assert b"\\Seen" not in b"".join(line for line in client.fetch("1:*", "(FLAGS)")[1])


async def test_many_at_once_move_in_one_go(desk: Desk) -> None:
    items = await with_mail(desk, 40)
    await archive.mark_done(desk.office.tools, desk.office.asker(desk.user), items)
    await settle(desk)
    assert (desk.uids("INBOX"), desk.uids("Archive")) == (0, 40)
    await desk.pull()
    assert await desk.adds_up()

"""UIDVALIDITY rises, falls, is missing, changes at every login: nothing is doubled, lost, or asked for without end."""

import pytest

from postroom.rooms.mailbox.sightings import Verdict
from tests.faults.box import Box, SetClock, connected
from tests.journeys.office import Office
from tests.servers.scripted_imap import FOREVER, select_faults


@pytest.mark.parametrize("validity", [1_800_000_000, 1_600_000_000], ids=["risen", "fallen"])
async def test_a_changed_uidvalidity_doubles_nothing_and_keeps_what_was_done(any_box: Box, validity: int) -> None:
    """1, 2: up and down alike mean that all is seen anew and known again."""
    box = any_box
    box.fill(6)
    await box.pull()
    await box.done((await box.waiting())[0])
    before = await box.rows("select id, thread_id, is_done from inbox_items order by id")
    emails = await box.rows("select id, thread_id, lead_id from emails order by id")
    box.inbox.rebuild(validity, first_uid=100)
    box.deliver("Offer after")
    await box.pull()
    await box.pull()
    after = await box.rows("select id, thread_id, is_done from inbox_items order by id")
    assert [row for row in after if row in before] == before
    assert len(after) == 7
    assert [row for row in await box.rows("select id, thread_id, lead_id from emails order by id") if row in emails]
    assert len(await box.subjects()) == 7
    assert await box.verdicts() == {Verdict.KEPT: 7}
    assert await box.adds_up()


@pytest.mark.parametrize("value", [0, None])
async def test_a_uidvalidity_of_nothing_is_never_the_same(any_box: Box, value: int | None) -> None:
    """2: 0 or absent means that there are no UIDs to trust; mail arrives all the same, once."""
    box = any_box
    for verb in ("SELECT", "EXAMINE"):
        box.server.faults.add(select_faults.uidvalidity(value), on=verb, times=FOREVER)
    box.fill(3)
    for number in range(6):
        await box.pull()
        box.deliver(f"New {number}")
    await box.pull()
    assert len(await box.subjects()) == 9
    assert len(await box.waiting()) == 9
    assert "UIDVALIDITY" in await box.one("select error from folders where name = 'INBOX'")


async def test_without_uidvalidity_no_message_is_moved_by_its_number(box: Box) -> None:
    """2: UIDs that cannot be trusted are never written with: they may mean another message by now."""
    box.fill(2)
    await box.pull()
    for verb in ("SELECT", "EXAMINE"):
        box.server.faults.add(select_faults.uidvalidity(None), on=verb, times=FOREVER)
    for _ in range(5):
        await box.pull()
    await box.done()
    box.server.log.clear()
    await box.settle()
    assert not box.server.log.count("MOVE") and not box.server.log.count("STORE")
    assert len(list(box.inbox.uids)) == 2


async def test_a_folder_renumbered_between_two_connections_of_one_run_is_not_misread(box: Box) -> None:
    """3: what one connection learned is not believed of the next one's folder."""
    box.fill(4)
    await box.pull_new()
    box.inbox.rebuild(box.inbox.uidvalidity + 5, first_uid=50)  # the first pull is over, history is not read yet
    await box.pull_history()
    assert await box.subjects() == []
    await box.pull()
    assert len(await box.subjects()) == 4
    assert await box.adds_up()


async def test_a_folder_renumbered_before_done_is_pushed_moves_no_other_message(box: Box) -> None:
    """3: Done on Monday's numbers must not archive what carries these numbers now."""
    box.fill(2)
    await box.pull()
    first = await box.one("select i.id from inbox_items i join emails e using (thread_id) where subject = 'Offer 0'")
    await box.done(first)
    box.inbox.rebuild(box.inbox.uidvalidity + 1, first_uid=1)
    newest = box.inbox.message(2)
    assert newest is not None
    box.inbox.expunge(1)
    box.inbox.rebuild(box.inbox.uidvalidity + 1, first_uid=1)  # what was UID 1 is gone, and UID 1 is Offer 1
    await box.settle()
    assert [message.content for message in box.inbox.messages()] == [newest.content]
    await box.pull()
    assert len(await box.waiting()) == 1


async def test_a_uidvalidity_that_changes_at_every_login_is_told_and_new_mail_comes(box: Box, clock: SetClock) -> None:
    """4: the loop is cut after three times a day; the user is told; INBOX goes on."""
    box.fill(3)
    for verb in ("LOGIN", "AUTHENTICATE"):
        box.server.faults.add(select_faults.rebuild_folders(), on=verb, times=FOREVER)
    for number in range(8):
        await box.pull()
        box.deliver(f"New {number}")
        box.server.drop_all()
        clock.pass_by(minutes=2)
    box.server.log.clear()
    await box.pull()
    assert len(await box.subjects()) == 11
    assert len(await box.waiting()) == 11
    assert await box.doubles() == []
    assert "again and again" in await box.one("select error from folders where name = 'INBOX'")
    assert len(box.server.log) < 40


async def test_history_of_a_folder_that_renumbers_itself_is_not_asked_for_in_a_busy_loop(box: Box) -> None:
    """4: history that cannot be read now waits for the next pull instead of calling itself again and again."""
    box.fill(4)
    await box.pull_new()
    box.inbox.rebuild(box.inbox.uidvalidity + 1)
    await box.rows("delete from procrastinate_jobs returning 1")
    await box.pull_history()
    waiting = await box.rows("select task_name from procrastinate_jobs where status = 'todo' order by priority desc")
    assert waiting[0] == ("pull_new",)


async def test_once_the_server_is_mended_all_is_read_again(box: Box, clock: SetClock) -> None:
    """4: the folder is not given up for good."""
    box.fill(3)
    for _ in range(6):
        box.inbox.rebuild(box.inbox.uidvalidity + 1)
        await box.pull()
    await box.pull()
    await box.pull()
    assert await box.one("select error from folders where name = 'INBOX'") == ""
    assert await box.one("select is_rebuilding from folders where name = 'INBOX'") is False
    box.inbox.expunge(1)
    await box.pull()
    assert len(await box.waiting()) == 2
    assert await box.adds_up()


async def test_a_mailbox_emptied_and_refilled_from_uid_one_is_read(any_box: Box) -> None:
    """5: our highest UID is above the new ones, UIDVALIDITY is the same, and the new mail arrives all the same."""
    box = any_box
    box.fill(5)
    await box.pull()
    box.inbox.empty(uidnext=1)
    box.deliver("After the flood 1", "After the flood 2")
    await box.pull()
    assert {"After the flood 1", "After the flood 2"} <= set(await box.subjects())
    assert len(await box.subjects()) == 7
    assert len(await box.waiting()) == 2
    assert await box.adds_up()


async def test_a_mailbox_emptied_and_refilled_beyond_our_highest_uid_is_read(any_box: Box) -> None:
    """5: harder still: as many new messages as to pass the old highest UID before we look."""
    box = any_box
    box.fill(3)
    await box.pull()
    box.inbox.empty(uidnext=1)
    box.deliver(*(f"After the flood {number}" for number in range(5)))
    await box.pull()
    assert len(await box.subjects()) == 8
    assert await box.adds_up()


async def test_a_large_folder_is_rebuilt_in_batches_with_few_bodies_read(office: Office, box: Box) -> None:
    """1: what is known by its header is not fetched again; memory holds one batch (tests/bench shows 100,000)."""
    await office.lead("Customer", *(f"person{number}@customer.example" for number in range(50)))
    large = box.account.make_folder("Large")
    large.fill(3000)
    await box.pull()
    kept = await box.one("select count(*) from emails")
    assert kept == 30
    large.rebuild(large.uidvalidity + 1, first_uid=1)
    box.server.log.clear()
    await box.pull()
    assert await box.one("select count(*) from emails") == kept
    assert await box.verdicts("Large") == {Verdict.KEPT: 30, Verdict.NO_CONTACT: 2970}
    assert box.server.log.containing(b"BODY.PEEK[]") == []
    assert await box.adds_up()


async def test_two_accounts_are_two_histories_of_folders(office: Office, box: Box) -> None:
    """18: how far a folder is read stands on the folder; a rebuild of one is no news for the others."""
    other = await connected(office, box.server, "ben@acme.example")
    for one in (box, other):
        one.fill(2)
        one.deliver("Filed away", folder="Archive")
        await one.pull()
    cursors = "select f.id, uid_validity, highest_uid, lowest_uid from folders f where name <> 'Archive' order by 1"
    before = await box.rows(cursors)
    box.folder("Archive").rebuild(box.folder("Archive").uidvalidity + 1, first_uid=900)
    await box.pull()
    await other.pull()
    assert await box.rows(cursors) == before
    assert await box.one("select count(*) from folders where uid_validity is not null and is_rebuilding") == 0

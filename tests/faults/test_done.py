"""Done, archive and flags on servers that lack, refuse or half do what is asked of them."""

from datetime import timedelta

import pytest

from postroom.ground.errors import PostroomError
from postroom.journeys import archive
from postroom.rooms.mailbox.sightings import Verdict
from tests.faults.box import Box, SetClock
from tests.servers.scripted_imap import FOREVER, Fault, answer_faults, connection_faults


async def settle_through(box: Box, clock: SetClock, times: int = 1) -> None:
    """Let the mailbox follow, with the pauses and pulls of real life between tries."""
    for _ in range(times):
        try:
            await box.settle()
            await box.pull()
        except PostroomError:
            pass
        clock.pass_by(minutes=40)


async def test_reading_opens_nothing_for_writing_and_marks_nothing_read(any_box: Box) -> None:
    """38: EXAMINE and BODY.PEEK alone; reading Sent clears nothing either."""
    box = any_box
    sent = next(name for name in box.account.folders if name.endswith("Sent"))
    box.fill(3)
    box.deliver("Ours", sender=box.user.email, folder=sent)
    box.inbox.set_flags([1], ["\\Seen", "\\Flagged"])
    box.folder(sent).set_flags([1], ["\\Seen"])
    await box.pull()
    box.deliver("New")
    await box.pull()
    for verb in ("SELECT", "STORE", "EXPUNGE", "MOVE", "COPY", "APPEND", "CREATE"):
        assert box.server.log.count(verb) == 0
    assert not [line for line in box.server.log.containing(b"BODY[") if b"PEEK" not in line.text]
    assert [sorted(one.flags) for one in box.inbox.messages()] == [["\\Flagged", "\\Seen"], [], [], []]


async def test_done_here_and_moved_back_there_at_once_end_in_one_state(box: Box, clock: SetClock) -> None:
    """39: whatever both sides do in between, they agree in the end, and then nothing moves any more."""
    box.fill(1)
    await box.pull()
    await box.done()
    await settle_through(box, clock)
    (uid,) = box.folder("Archive").uids
    message = box.folder("Archive").message(uid)
    assert message is not None
    box.folder("Archive").expunge(uid)
    box.inbox.add(message.content)  # moved back with another program …
    item = await box.one("select id from inbox_items")
    asker = box.office.asker(box.user)
    await archive.snooze(box.office.tools, asker, [item], clock() + timedelta(minutes=5))  # … while it is reopened here
    await settle_through(box, clock, 3)
    assert len(await box.waiting()) == 1
    assert (len(box.inbox.uids), len(box.folder("Archive").uids)) == (1, 0)
    box.server.log.clear()
    await settle_through(box, clock, 3)
    assert box.server.log.count("MOVE") == box.server.log.count("STORE") == 0


async def test_done_on_a_server_of_2003_archives_and_the_mail_is_found_again(bare_box: Box, clock: SetClock) -> None:
    """40: no MOVE, no UIDPLUS, no Archive: it is made, copied to, and what was marked is expunged."""
    box = bare_box
    box.fill(2)
    await box.pull()
    await box.done((await box.waiting())[0])
    await settle_through(box, clock)
    archived = next(folder for name, folder in box.account.folders.items() if name.endswith("Archive"))
    assert (len(box.inbox.uids), len(archived.uids)) == (1, 1)
    assert len(await box.subjects()) == 2
    assert await box.verdicts(archived.name) == {Verdict.KEPT: 1}
    assert len(await box.waiting()) == 1
    assert await box.one("select count(*) from placements where needs_push") == 0
    assert await box.adds_up()


async def test_done_never_expunges_what_another_program_marked(bare_box: Box, clock: SetClock) -> None:
    """40: without UIDPLUS an EXPUNGE would take strangers' marks along; ours stays marked and counts as gone."""
    box = bare_box
    box.fill(2)
    await box.pull()
    box.inbox.set_flags([2], ["\\Deleted"])
    item = await box.one("select i.id from inbox_items i join emails e using (thread_id) where subject = 'Offer 0'")
    await box.done(item)
    await settle_through(box, clock, 2)
    assert list(box.inbox.uids) == [1, 2]
    archived = next(folder for name, folder in box.account.folders.items() if name.endswith("Archive"))
    assert len(archived.uids) == 1
    assert item not in await box.waiting()
    assert await box.one("select count(*) from placements where needs_push") == 0
    assert await box.adds_up()


@pytest.mark.parametrize(
    ("verb", "fault", "times"),
    [
        ("STORE", answer_faults.refuse("[SERVERBUG] Internal error"), 3),
        ("STORE", answer_faults.refuse("[NOPERM] Permission denied"), 3),
        ("STORE", connection_faults.hangup(), 3),
        ("EXPUNGE", answer_faults.refuse("[INUSE] Mailbox is locked"), 3),
        ("COPY", connection_faults.drop_before_ok(), 3),
    ],
    ids=["delete refused", "delete forbidden", "cut before delete", "expunge refused", "cut after copy"],
)
@pytest.mark.parametrize("told", ["with COPYUID", "without"])
async def test_copied_but_not_deleted_makes_no_second_copy(
    box: Box, clock: SetClock, verb: str, fault: Fault, times: int, told: str
) -> None:
    """41: tried again until it is gone from INBOX, and the Archive holds it once, however often the server failed."""
    box.server.withhold("MOVE", *(["UIDPLUS"] if told == "without" else []))
    box.fill(2)
    await box.pull()
    box.server.faults.add(fault, on=verb, times=times)
    await box.done()
    await settle_through(box, clock, times + 3)
    assert all("\\Deleted" in message.flags for message in box.inbox.messages())
    assert len(box.folder("Archive").uids) == 2
    assert len(await box.subjects()) == 2
    assert await box.waiting() == []
    assert await box.one("select count(*) from placements where needs_push") == 0
    assert await box.adds_up()


@pytest.mark.parametrize(
    "fault",
    [connection_faults.drop_before_any_answer(), connection_faults.hangup(), answer_faults.done_but_refused()],
    ids=["moved, unheard", "not moved", "moved, refused"],
)
async def test_a_move_whose_answer_is_lost_happens_once(box: Box, clock: SetClock, fault: Fault) -> None:
    """40, 41: not knowing whether it was moved, we look before we act."""
    box.fill(2)
    await box.pull()
    box.server.faults.add(fault, on="MOVE")
    await box.done()
    await settle_through(box, clock, 3)
    assert (len(box.inbox.uids), len(box.folder("Archive").uids)) == (0, 2)
    assert await box.waiting() == []
    assert await box.one("select count(*) from placements where needs_push") == 0
    assert await box.adds_up()


async def test_an_archive_that_cannot_be_made_is_told_and_nothing_is_lost(bare_box: Box, clock: SetClock) -> None:
    """40: the user has pressed Done and it is done here; the mailbox keeps the mail, and the reason stands written."""
    box = bare_box
    box.fill(1)
    await box.pull()
    box.server.faults.add(answer_faults.refuse("[CANNOT] Invalid mailbox name"), on="CREATE", times=FOREVER)
    await box.done()
    await settle_through(box, clock, 2)
    assert await box.waiting() == []
    assert len(box.inbox.uids) == 1
    assert await box.one("select needs_push and error <> '' from placements")
    assert await box.one("select receive_status from connected_accounts") == "ok"
    box.deliver("New")
    await box.pull()
    assert len(await box.waiting()) == 1


async def test_a_message_that_cannot_be_moved_does_not_hold_up_the_others(box: Box, clock: SetClock) -> None:
    """41: what is refused waits; new mail, flags and other folders go on."""
    box.fill(2)
    await box.pull()
    first, second = await box.waiting()
    box.server.faults.add(answer_faults.refuse("[NOPERM] Permission denied"), on="MOVE", times=FOREVER)
    await box.done(first)
    await settle_through(box, clock)
    box.deliver("New")
    await settle_through(box, clock)
    assert len(await box.waiting()) == 2
    assert second in await box.waiting()
    assert await box.one("select bool_or(error like '%%NOPERM%%' or error like '%%denied%%') from placements")


async def test_mail_moved_to_a_folder_we_do_not_read_is_done_and_not_deleted(box: Box) -> None:
    """43: into the trash or a folder left out: out of the Inbox, still on the lead; and back again."""
    box.fill(1)
    await box.pull()
    message = box.inbox.message(1)
    assert message is not None
    box.folder("Trash").add(message.content)
    box.inbox.expunge(1)
    await box.pull()
    assert await box.waiting() == []
    assert await box.subjects() == ["Offer 0"]
    box.folder("Trash").expunge(1)
    box.inbox.add(message.content)
    await box.pull()
    assert len(await box.waiting()) == 1
    assert await box.subjects() == ["Offer 0"]


async def test_an_email_deleted_here_does_not_come_back_by_any_way(box: Box) -> None:
    """48: not with a copy in another folder, not after UIDVALIDITY changed, not for a late contact's history."""
    box.fill(2)
    await box.pull()
    async with box.office.tools.db.transaction() as tx:
        await tx.execute(
            "insert into deleted_emails (organization_id, lead_id, message_key, date_created)"
            " select organization_id, lead_id, message_key, now() from emails where subject = 'Offer 0'"
        )
        await tx.execute("delete from emails where subject = 'Offer 0'")
    message = box.inbox.message(1)
    assert message is not None
    box.folder("Archive").add(message.content)
    await box.pull()
    box.inbox.rebuild(box.inbox.uidvalidity + 1)
    await box.pull()
    async with box.office.tools.db.transaction() as tx:
        await tx.execute("delete from placements where message_key not in (select message_key from emails)")
    box.inbox.rebuild(box.inbox.uidvalidity + 1)
    await box.pull()
    assert await box.subjects() == ["Offer 1"]
    assert (await box.verdicts())[Verdict.DELETED] == 1
    assert len(box.inbox.uids) == 2
    assert await box.adds_up()


async def test_a_full_mailbox_takes_nothing_and_still_gives(box: Box, clock: SetClock) -> None:
    """40: over quota, what is Done stays where it is, with the reason; new mail is read as before."""
    box.server.withhold("MOVE")
    box.fill(1)
    await box.pull()
    placed = box.server.faults.add(answer_faults.refuse(answer_faults.DOVECOT_OVER_QUOTA), on="COPY", times=FOREVER)
    await box.done()
    await settle_through(box, clock, 2)
    box.deliver("New")
    await box.pull()
    assert len(await box.waiting()) == 1
    assert await box.one("select receive_status from connected_accounts") == "ok"
    assert "uota" in await box.one("select error from placements where needs_push")
    placed.remove()
    await settle_through(box, clock, 2)
    assert (len(box.inbox.uids), len(box.folder("Archive").uids)) == (1, 1)

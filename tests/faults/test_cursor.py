"""Cursors: what arrives, changes or goes at a bad moment is neither skipped nor brought twice."""

import asyncio
from pathlib import Path

import pytest

from postroom.doors.wiring import open_tools
from postroom.ground.config import LOOPBACK_NETWORKS, Config
from postroom.ground.errors import PostroomError
from postroom.journeys.arrive import pull_new
from postroom.rooms.mailbox.sightings import Verdict
from tests.faults.box import BOB, Box, SetClock
from tests.journeys.office import letter
from tests.servers.scripted_imap import FOREVER, Fault, Matching, answer_faults, fetch_faults, select_faults


async def test_mail_that_comes_while_one_looks_is_not_skipped(any_box: Box) -> None:
    """6: delivered between SELECT, SEARCH and FETCH, it comes with this pull or the next, once."""
    box = any_box
    box.fill(2)
    await box.pull()
    expected = ["Offer 0", "Offer 1"]
    for verb in ("EXAMINE", "UID SEARCH", "UID FETCH"):
        box.deliver(f"Before {verb}")
        surprise = letter(BOB, box.user.email, f"During {verb}")
        act = fetch_faults.meanwhile(lambda surprise=surprise: box.inbox.deliver(surprise), after_lines=1)  # type: ignore[misc]
        box.server.faults.add(act, on=verb)
        await box.pull()
        box.deliver(f"After {verb}")
        await box.pull()
        expected += [f"{when} {verb}" for when in ("Before", "During", "After")]
        assert sorted(await box.subjects()) == sorted(expected)
    assert await box.adds_up()
    assert await box.one("select highest_uid from folders where name = 'INBOX'") == len(expected)


@pytest.mark.parametrize("verb", ["EXAMINE", "UID SEARCH"])
async def test_mail_that_comes_while_a_folder_is_opened_first_is_not_skipped(any_box: Box, verb: str) -> None:
    """6: the same at the very first look."""
    box = any_box
    box.fill(2)
    surprise = letter(BOB, box.user.email, "Surprise")
    box.server.faults.add(fetch_faults.meanwhile(lambda: box.inbox.deliver(surprise), after_lines=1), on=verb)
    await box.pull()
    await box.pull()
    assert sorted(await box.subjects()) == ["Offer 0", "Offer 1", "Surprise"]
    assert await box.adds_up()


async def test_mail_that_shows_itself_late_below_the_cursor_is_found(any_box: Box) -> None:
    """6: a server that commits UIDs out of order shows a lower one after a higher one; the count tells."""
    box = any_box
    box.fill(2)
    await box.pull()
    hidden = box.inbox.deliver(letter(BOB, box.user.email, "Slow to commit"))
    shown, box.inbox.uids = list(box.inbox.uids), [uid for uid in box.inbox.uids if uid != hidden]
    box.deliver("Quick")
    await box.pull()
    assert "Slow to commit" not in await box.subjects()
    box.inbox.uids = [*shown, max(box.inbox.uids)]
    await box.pull()
    assert sorted(await box.subjects()) == ["Offer 0", "Offer 1", "Quick", "Slow to commit"]
    assert await box.adds_up()


async def test_a_modseq_that_rises_with_nothing_changed_moves_no_other_cursor(box: Box) -> None:
    """7: two cursors, each moved by its own facts."""
    box.fill(3)
    await box.pull()
    box.server.faults.add(select_faults.modseq_rises(), on="EXAMINE", times=FOREVER)
    for _ in range(2):
        await box.pull()
    assert await box.rows("select highest_uid, lowest_uid from folders where name = 'INBOX'") == [(3, 1)]
    box.deliver("New")
    await box.pull()
    assert len(await box.subjects()) == 4
    assert await box.adds_up()


async def test_a_modseq_that_falls_leads_to_a_full_comparison(any_box: Box) -> None:
    """8: seen with Dovecot; flags changed meanwhile are not missed, and nothing hangs."""
    box = any_box
    box.fill(4)
    await box.pull()
    box.inbox.set_flags([1], ["\\Seen"])
    box.inbox.expunge(2)
    box.deliver("New")
    box.server.faults.add(select_faults.modseq_falls(by=1000), on="EXAMINE")
    await box.pull()
    await box.pull()
    assert len(await box.subjects()) == 5
    assert len(await box.waiting()) == 4
    assert await box.one("select count(*) from placements where crm_seen") == 1
    assert await box.adds_up()


async def test_an_expunge_that_raises_no_modseq_is_noticed(any_box: Box) -> None:
    """9: the numbers must add up, whatever the server says of changes; also when new mail hides it."""
    box = any_box
    box.inbox.expunge_raises_modseq = False
    box.fill(3)
    await box.pull()
    box.inbox.expunge(2)
    await box.pull()
    assert len(await box.waiting()) == 2
    box.inbox.expunge(1)
    box.deliver("Instead")
    await box.pull()
    assert len(await box.waiting()) == 2
    assert await box.verdicts() == {Verdict.KEPT: 2}
    assert await box.adds_up()


async def test_vanished_told_on_an_examine_marks_done(box: Box) -> None:
    """10: archived with another program while we were away: told by VANISHED (EARLIER), and taken in."""
    box.fill(3)
    await box.pull()
    box.inbox.expunge(2)
    box.server.log.clear()
    await box.pull_new()
    assert box.server.log.containing(b"UID SEARCH ") == []
    assert len(await box.waiting()) == 2
    assert await box.adds_up()


async def test_vanished_told_by_the_way_is_not_lost(box: Box) -> None:
    """10: said during a FETCH of this pull, it is a fact of the next one."""
    box.fill(3)
    await box.pull()
    box.deliver("New")
    box.server.faults.add(fetch_faults.meanwhile(lambda: box.inbox.expunge(1)), on="UID FETCH")
    await box.pull()
    await box.pull()
    assert len(await box.waiting()) == 3
    assert await box.adds_up()


async def test_a_range_beyond_the_end_brings_no_mail_again(any_box: Box) -> None:
    """11: beyond the end, n:* is the last message; also on a server without UIDNEXT."""
    box = any_box
    box.server.faults.add(select_faults.uidnext(None), on="EXAMINE", times=FOREVER)
    box.fill(3)
    await box.pull()
    created = await box.rows("select id, date_updated from emails order by id")
    for _ in range(2):
        await box.pull()
    assert await box.rows("select id, date_updated from emails order by id") == created
    box.deliver("New")
    await box.pull()
    assert len(await box.subjects()) == 4


ERRORS: dict[str, tuple[str, Fault]] = {
    "search refused": ("UID SEARCH", answer_faults.refuse("[SERVERBUG] Internal error")),
    "search empty": ("UID SEARCH", answer_faults.without_answer_lines()),
    "examine refused": ("EXAMINE", answer_faults.refuse("[UNAVAILABLE] Try again later")),
    "examine empty": ("EXAMINE", answer_faults.without_answer_lines()),
    "fetch refused": ("UID FETCH", answer_faults.refuse("[UNAVAILABLE] Backend down")),
}


async def test_an_answer_with_an_error_is_not_no_mail(any_box: Box, clock: SetClock) -> None:
    """12: nothing is called gone, no cursor moves past what was not stored; the next pull brings it."""
    box = any_box
    box.fill(3)
    await box.pull()
    for number, (name, (verb, fault)) in enumerate(ERRORS.items()):
        box.deliver(name)
        box.server.faults.add(fault, on=verb, times=2)
        for _ in range(3):
            try:
                await box.pull()
            except PostroomError:
                clock.pass_by(hours=1)
            assert len(await box.waiting()) >= 3 + number
        await box.pull()
        assert name in await box.subjects()
        assert len(await box.waiting()) == 4 + number
    assert await box.adds_up()


async def test_two_workers_at_one_account_bring_everything_once(box: Box, database_url: str, tmp_path: Path) -> None:
    """17: jobs lock; should the lock ever fall, one of them wins and the database keeps everything single."""
    box.fill(30)
    config = Config(data_folder=tmp_path, blob_folder=tmp_path / "blobs", allow_networks=LOOPBACK_NETWORKS)
    async with open_tools(config, database_url) as second:
        await box.pull_new()
        for turn in range(4):
            box.deliver(*(f"At once {turn}.{number}" for number in range(5)))
            both = [pull_new(tools, box.office.organization_id, box.account_id) for tools in (box.office.tools, second)]
            ended = await asyncio.gather(*both, return_exceptions=True)
            assert all(one is None or isinstance(one, PostroomError) for one in ended), ended
            assert None in ended
    await box.pull()
    assert len(await box.subjects()) == 50
    assert await box.doubles() == []
    assert await box.one("select count(*) from email_threads where n_emails = 1") == 50
    assert await box.adds_up()


async def test_the_highest_uid_removed_here_or_there_leaves_the_next_range_right(any_box: Box) -> None:
    """19: the cursor is its own number, not the highest of what is stored."""
    box = any_box
    box.fill(3)
    await box.pull()
    box.inbox.expunge(3)
    await box.pull()
    async with box.office.tools.db.transaction() as tx:
        await tx.execute("delete from emails where subject = 'Offer 1'")
    box.server.log.clear()
    await box.pull()
    assert box.server.log.count("FETCH") == box.server.log.containing(b"FLAGS)").__len__()
    box.deliver("New")
    await box.pull()
    assert "New" in await box.subjects()
    assert (await box.subjects()).count("Offer 2") == 1
    assert await box.one("select highest_uid from folders where name = 'INBOX'") == 4


async def test_unasked_flags_of_other_messages_change_nothing(any_box: Box) -> None:
    """14: FETCH lines for UIDs nobody asked for are no answer."""
    box = any_box
    box.fill(2)
    box.server.faults.add(fetch_faults.unasked_fetch(999), on=Matching("UID FETCH"), times=FOREVER)
    await box.pull()
    box.deliver("New")
    await box.pull()
    assert len(await box.subjects()) == 3
    assert await box.adds_up()


async def test_history_of_large_mail_gives_new_mail_its_turn_between(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    """64, 15: a slice ends in the middle of a batch, the cursor with it; what was left out is not asked for again."""
    monkeypatch.setattr("postroom.journeys.steps.time_slice.SLICE_SECONDS", -1.0)
    monkeypatch.setattr("postroom.journeys.steps.time_slice.LONGEST_SLICE_SECONDS", -1.0)
    monkeypatch.setattr("postroom.journeys.arrive.STRETCH_BYTES", 50_000)
    for number in range(12):
        box.inbox.deliver(letter(BOB, box.user.email, f"Large {number}", "word " * 5000, days_ago=13 - number))
        box.deliver(f"Noise {number}", sender="eve@else.example")
    box.server.faults.add(fetch_faults.without_messages([3]), on=Matching("UID FETCH", b"HEADER.FIELDS"), times=FOREVER)
    await box.pull_new()
    await box.pull_history()
    assert await box.subjects() == ["Large 10", "Large 11"]
    assert await box.one("select lowest_uid from folders where name = 'INBOX'") == 21
    await box.pull()
    assert len(await box.subjects()) == 11
    assert await box.verdicts() == {Verdict.KEPT: 11, Verdict.NO_CONTACT: 12, Verdict.FAILED: 1}
    assert await box.adds_up()

"""Answers that come short: what lacks is set aside and asked for again, the rest is stored."""

import pytest

from postroom.rooms.mailbox.sightings import Verdict
from tests.faults.box import Box, SetClock
from tests.servers.scripted_imap import FOREVER, Fault, Matching, answer_faults, fetch_faults

HEADERS = Matching("UID FETCH", b"HEADER.FIELDS")
BODIES = Matching("UID FETCH", b"BODY.PEEK[])")


@pytest.mark.parametrize(
    ("where", "fault", "when"),
    [
        (HEADERS, fetch_faults.without_messages([2]), "new"),
        (HEADERS, fetch_faults.without_messages([2]), "history"),
        (HEADERS, fetch_faults.without_items("FLAGS", uids=[2]), "new"),
        (HEADERS, fetch_faults.without_items("BODY", uids=[2]), "history"),
        (HEADERS, fetch_faults.fails_at(2), "new"),
        (BODIES, fetch_faults.without_messages([2]), "new"),
        (BODIES, fetch_faults.without_messages([2]), "history"),
        (BODIES, fetch_faults.without_items("BODY", uids=[2]), "new"),
        (BODIES, fetch_faults.empty_bodies([2]), "new"),
        (BODIES, fetch_faults.nil_bodies([2]), "history"),
        (BODIES, fetch_faults.fails_at(2), "history"),
    ],
    ids=[
        "no header", "no old header", "header without flags", "old header without body", "header refused", "no body",
        "no old body", "body without body", "body empty", "old body nil", "old body refused",
    ],
)  # fmt: skip
async def test_what_lacks_in_an_answer_is_tried_again_and_the_rest_is_stored(
    box: Box, clock: SetClock, where: Matching, fault: Fault, when: str
) -> None:
    """13: the folder goes on, the ledger says one has failed, and it comes as soon as the server gives it."""
    if when == "new":
        await box.pull()
    placed = box.server.faults.add(fault, on=where, times=FOREVER)
    box.fill(3)
    await box.pull()
    assert await box.subjects() == ["Offer 0", "Offer 2"]
    assert await box.verdicts() == {Verdict.KEPT: 2, Verdict.FAILED: 1}
    assert await box.rows("select uid from failed_messages") == [(2,)]
    clock.pass_by(minutes=11)
    await box.pull()
    assert len(await box.subjects()) == 2
    placed.remove()
    clock.pass_by(minutes=25)
    await box.pull()
    assert await box.subjects() == ["Offer 0", "Offer 1", "Offer 2"]
    assert len(await box.waiting()) == 3
    assert await box.rows("select 1 from failed_messages") == []
    assert await box.adds_up()


async def test_a_message_that_never_comes_is_asked_for_ever_more_rarely(box: Box, clock: SetClock) -> None:
    """13: the quarantine is patient with the server too, and never gives up."""
    box.server.faults.add(fetch_faults.fails_at(1), on="UID FETCH", times=FOREVER)
    box.fill(1)
    await box.pull()
    box.server.log.clear()
    for _ in range(48):
        clock.pass_by(hours=1)
        await box.pull_new()
    asked = len(box.server.log.containing(b"HEADER.FIELDS"))
    assert 8 <= asked <= 24  # twice each: in the batch and alone
    assert await box.one("select attempts from failed_messages") in range(5, 14)


async def test_what_fails_and_leaves_the_folder_leaves_the_quarantine(box: Box, clock: SetClock) -> None:
    """13: nobody waits for what is no longer there."""
    box.server.faults.add(fetch_faults.without_messages([1]), on=HEADERS, times=FOREVER)
    box.fill(2)
    await box.pull()
    box.inbox.expunge(1)
    clock.pass_by(minutes=11)
    await box.pull()
    assert await box.rows("select 1 from failed_messages") == []
    assert await box.one("select seen_failed from folders where name = 'INBOX'") == 0
    assert await box.adds_up()


async def test_past_mail_that_does_not_come_when_a_contact_is_added_is_tried_again(box: Box, clock: SetClock) -> None:
    """13: a backfill that the server answers in part is not done with the rest."""
    for number in range(3):
        box.deliver(f"Past {number}", sender="late@bolt.example", days_ago=3 - number)
    await box.pull()
    await box.office.lead("Late", "late@bolt.example")
    header = box.server.faults.add(fetch_faults.without_messages([1]), on=HEADERS, times=FOREVER)
    body = box.server.faults.add(fetch_faults.without_messages([2]), on=BODIES, times=FOREVER)
    await box.office.backfill(box.account_id)
    assert await box.subjects() == ["Past 2"]
    header.remove()
    body.remove()
    clock.pass_by(minutes=11)
    await box.pull()
    assert await box.subjects() == ["Past 0", "Past 1", "Past 2"]
    assert await box.adds_up()


async def test_a_batch_that_is_answered_with_nothing_is_not_past(box: Box, clock: SetClock) -> None:
    """12, 13: OK and no line at all: every message is set aside by name, none is skipped."""
    await box.pull()
    box.server.faults.add(answer_faults.without_answer_lines(), on=HEADERS)
    box.fill(5)
    await box.pull()
    assert await box.verdicts() == {Verdict.FAILED: 5}
    clock.pass_by(minutes=11)
    await box.pull()
    assert len(await box.subjects()) == 5
    assert await box.adds_up()

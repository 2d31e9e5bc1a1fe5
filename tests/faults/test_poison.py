"""A message that we cannot read or store, by a mistake of ours: set aside with its reason, and all others arrive."""

from dataclasses import replace

import pytest

from postroom.ground.side_process import SideProcess
from postroom.journeys.steps import read_apart
from postroom.journeys.steps.read_body import Body
from postroom.rooms.mailbox.sightings import Verdict
from tests.faults.box import Box, SetClock
from tests.faults.planted import planted
from tests.servers.scripted_imap import FOREVER, fetch_faults


@pytest.mark.parametrize("subject", ["Unreadable", "Unstorable"])
@pytest.mark.parametrize("when", ["new", "history"])
async def test_one_message_that_we_fail_on_stops_no_other(
    box: Box, clock: SetClock, monkeypatch: pytest.MonkeyPatch, subject: str, when: str
) -> None:
    """25, 28: never for ever on one bad mail, and never past it: once we can read it, it is read."""
    if when == "new":
        await box.pull()
    with monkeypatch.context() as mistake:
        mistake.setattr(read_apart, "read_body", planted)
        for number in range(20):
            box.deliver(f"{subject} one" if number == 12 else f"Offer {number}")
            box.deliver(f"Noise {number}", sender="eve@else.example")
        await box.pull()
        assert len(await box.subjects()) == 19
        assert await box.verdicts() == {Verdict.KEPT: 19, Verdict.NO_CONTACT: 20, Verdict.FAILED: 1}
        assert "mistake" in await box.one("select error from failed_messages")
        box.deliver("After it")
        await box.pull()
        assert len(await box.subjects()) == 20
    clock.pass_by(minutes=11)
    await box.pull()
    assert f"{subject} one" in await box.subjects()
    assert len(await box.waiting()) == 21
    assert await box.adds_up()


@pytest.mark.parametrize("subject", ["Unreadable", "Unstorable", "Deadly"])
async def test_one_message_among_many_that_are_read_apart_stops_no_other(
    box: Box, clock: SetClock, monkeypatch: pytest.MonkeyPatch, subject: str
) -> None:
    """25, 28: the same where another process reads; there a message may even end it."""
    sound = box.office.tools
    with monkeypatch.context() as mistake:
        mistake.setattr(read_apart, "read_body", planted)
        box.office.tools = replace(sound, reading=SideProcess("tests.faults.planted"))
        for number in range(80):
            box.deliver(f"{subject} one" if number == 41 else f"Offer {number}")
        await box.pull()
        await box.office.tools.reading.close()
        box.office.tools = sound
    assert len(await box.subjects()) == 79
    assert await box.verdicts() == {Verdict.KEPT: 79, Verdict.FAILED: 1}
    clock.pass_by(minutes=11)
    await box.pull()
    assert f"{subject} one" in await box.subjects()
    assert await box.adds_up()


async def test_mail_is_read_here_where_no_other_process_can_be_started(box: Box) -> None:
    """25: a machine that has no room for one more process still gets its mail."""
    box.office.tools = replace(box.office.tools, reading=SideProcess("tests.faults.no_such_module"))
    box.fill(40)
    await box.pull()
    assert len(await box.subjects()) == 40


async def test_an_unknown_mistake_in_a_pull_is_not_repeated_every_second(
    box: Box, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """51: what fails in a way nobody foresaw waits longer and longer too, and says so on the account."""

    class Unforeseen(Exception):
        pass

    def broken(raw: bytes, raw_ref: str, *, header_only: bool) -> Body:
        raise Unforeseen

    box.fill(1)
    with monkeypatch.context() as mistake:
        mistake.setattr(read_apart, "read_body", broken)
        await box.pull_new()
        with pytest.raises(Unforeseen):
            await box.pull_history()
    assert await box.one("select failures_in_row from connected_accounts") == 1
    assert "log" in await box.one("select receive_error from connected_accounts")
    clock.pass_by(minutes=1)
    await box.pull()
    assert len(await box.subjects()) == 1
    assert await box.one("select receive_error from connected_accounts") == ""


async def test_a_size_that_no_message_has_is_no_obstacle(box: Box) -> None:
    """13, 28: a server that lies about sizes."""
    box.server.faults.add(fetch_faults.wrong_size(1e12), on="UID FETCH", times=FOREVER)
    box.fill(2)
    box.deliver("Noise", sender="eve@else.example")
    await box.pull()
    assert len(await box.subjects()) == 2
    assert await box.adds_up()

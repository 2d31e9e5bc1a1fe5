"""The cursor and the identity of messages: failure modes 1 to 14, as far as the protocol shows them."""

import asyncio
import tracemalloc

import pytest

from postroom.ground.errors import PostroomError, Temporary
from postroom.wire.imap.idle import wait
from postroom.wire.imap.search import all_uids
from postroom.wire.imap.types import Access, Hint, UidSet
from tests.servers.scripted_imap import (
    FOREVER,
    Fault,
    Folder,
    ScriptedImap,
    answer_faults,
    fetch_faults,
    scripted_imap,
    select_faults,
)
from tests.wire.imap_faults.ground import ANNA, PATIENCE, Reader, bodies, folder, headers, letter, logged_in

THREE = UidSet.between(1, 3)


async def test_uidvalidity_rises_on_a_hundred_thousand_messages_and_memory_stays_flat() -> None:
    async with scripted_imap() as server:
        inbox = server.account(ANNA).folder("INBOX")
        inbox.fill(100_000)
        reader = Reader()
        async with logged_in(server) as session:
            await reader.pull(session)
            inbox.uidvalidity += 1
            commands = len(server.log)
            tracemalloc.start()
            changes = await reader.pull(session)
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
    assert changes.cursor_void
    assert changes.new == UidSet.between(1, 100_000)
    assert len(server.log) - commands < 10
    # The server's share and the test's own set of held UIDs are in this figure too.
    assert peak < 30_000_000


@pytest.mark.parametrize("said", [1, 0, None], ids=["falls", "is zero", "is absent"])
async def test_uidvalidity_that_falls_or_is_no_value_makes_the_cursor_void(
    any_server: ScriptedImap, said: int | None
) -> None:
    reader = Reader()
    async with logged_in(any_server) as session:
        await reader.pull(session)
        any_server.faults.add(select_faults.uidvalidity(said), on="EXAMINE", times=FOREVER)
        changes = await reader.pull(session)
        again = await reader.pull(session)
    assert changes.cursor_void
    assert changes.state.uid_validity == (said or None)
    assert changes.new == THREE
    assert again.cursor_void is (said != 1)


async def test_uidvalidity_changes_between_the_selects_of_two_connections(any_server: ScriptedImap) -> None:
    reader = Reader()
    async with logged_in(any_server) as first, logged_in(any_server) as second:
        await reader.pull(first)
        any_server.faults.add(select_faults.rebuild_folders(), on="EXAMINE")
        changes = await reader.pull(second)
        seen_by_first = await first.select(await folder(first), Access.READ_ONLY)
    assert changes.cursor_void
    assert changes.state.uid_validity == seen_by_first.uid_validity == 1_700_000_001


async def test_uidvalidity_changes_at_every_login_and_new_mail_is_seen_all_the_same(any_server: ScriptedImap) -> None:
    any_server.faults.add(select_faults.rebuild_folders(), on="LOGIN", times=FOREVER)
    any_server.faults.add(select_faults.rebuild_folders(), on="AUTHENTICATE", times=FOREVER)
    inbox = any_server.account(ANNA).folder("INBOX")
    reader = Reader()
    for count in range(3, 6):
        async with logged_in(any_server) as session:
            changes = await reader.pull(session)
            found, missing = await headers(session, changes.new)
        assert changes.cursor_void
        assert len(found) == count and not missing
        inbox.deliver(letter(f"Late {count}"))


async def test_a_mailbox_emptied_and_filled_from_uid_one_again_shows_its_new_mail(any_server: ScriptedImap) -> None:
    inbox = any_server.account(ANNA).folder("INBOX")
    reader = Reader()
    async with logged_in(any_server) as session:
        await reader.pull(session)
        inbox.empty(uidnext=1)
        inbox.deliver(letter("First of the new"))
        changes = await reader.pull(session)
    assert changes.cursor_void
    assert list(changes.new) == [1]


async def test_mail_that_arrives_between_select_and_search_is_seen_once(any_server: ScriptedImap) -> None:
    inbox = any_server.account(ANNA).folder("INBOX")
    reader = Reader()
    seen: list[int] = []
    async with logged_in(any_server) as session:
        await reader.pull(session)
        inbox.deliver(letter("In time"))
        any_server.faults.add(fetch_faults.meanwhile(lambda: inbox.deliver(letter("Between"))), on="UID SEARCH")
        for _ in range(3):
            seen += list((await reader.pull(session)).new)
    assert sorted(seen) == [4, 5]
    assert reader.held == {1, 2, 3, 4, 5}


async def test_mail_that_arrives_right_after_select_is_seen_at_the_next_pull(any_server: ScriptedImap) -> None:
    inbox = any_server.account(ANNA).folder("INBOX")
    reader = Reader()
    async with logged_in(any_server) as session:
        await reader.pull(session)
        any_server.faults.add(fetch_faults.meanwhile(lambda: inbox.deliver(letter("Late")), 99), on="EXAMINE")
        any_server.faults.add(fetch_faults.meanwhile(lambda: inbox.deliver(letter("Late"))), on="NOOP")
        await reader.pull(session)
        await session.run(b"NOOP", "answer")
        await reader.pull(session)
    assert reader.held == {1, 2, 3, 4}


async def test_modseq_that_rises_with_nothing_changed_moves_nothing_else(server: ScriptedImap) -> None:
    reader = Reader()
    async with logged_in(server) as session:
        before = (await reader.pull(session)).state
        server.faults.add(select_faults.modseq_rises(), on="EXAMINE")
        changes = await reader.pull(session)
        server.account(ANNA).folder("INBOX").deliver(letter("After"))
        after = await reader.pull(session)
    assert (changes.state.highest_modseq or 0) > (before.highest_modseq or 0)
    assert (changes.cursor_void, list(changes.new), changes.flags) == (False, [], ())
    assert list(after.new) == [4]


async def test_modseq_that_falls_leads_to_a_full_comparison(any_server: ScriptedImap) -> None:
    inbox = any_server.account(ANNA).folder("INBOX")
    reader = Reader()
    async with logged_in(any_server) as session:
        await reader.pull(session)
        inbox.expunge(2)
        inbox.set_flags([3], ["\\Flagged"])
        any_server.faults.add(select_faults.modseq_falls(4), on="EXAMINE")
        changes = await asyncio.wait_for(reader.pull(session), PATIENCE)
    assert not changes.cursor_void
    assert reader.held == {1, 3}
    assert {change.uid: change.flags for change in changes.flags}[3] == {"\\Flagged"}


async def test_an_expunge_that_does_not_raise_modseq_is_noticed(any_server: ScriptedImap) -> None:
    inbox = any_server.account(ANNA).folder("INBOX")
    inbox.expunge_raises_modseq = False
    reader = Reader()
    async with logged_in(any_server) as session:
        await reader.pull(session)
        inbox.expunge(2)
        await reader.pull(session)
    assert reader.held == {1, 3}


async def test_an_expunge_made_up_for_by_a_delivery_is_noticed(any_server: ScriptedImap) -> None:
    inbox = any_server.account(ANNA).folder("INBOX")
    inbox.expunge_raises_modseq = False
    reader = Reader()
    async with logged_in(any_server) as session:
        await reader.pull(session)
        inbox.expunge(1)
        inbox.deliver(letter("Fourth"))
        await reader.pull(session)
    assert reader.held == {2, 3, 4}


async def test_a_qresync_server_that_forgets_to_tell_what_vanished_is_found_out(server: ScriptedImap) -> None:
    reader = Reader()
    async with logged_in(server) as session:
        await reader.pull(session)
        server.account(ANNA).folder("INBOX").expunge(1, 3)
        server.faults.add(select_faults.forgotten_vanished(), on="EXAMINE")
        await reader.pull(session)
    assert reader.held == {2}


async def test_vanished_on_an_examine_is_not_lost(server: ScriptedImap) -> None:
    reader = Reader()
    async with logged_in(server) as session:
        await reader.pull(session)
        server.account(ANNA).folder("INBOX").expunge(2)
        server.faults.add(select_faults.forgotten_vanished(), on="EXAMINE")
        server.faults.add(select_faults.vanished([2]), on="EXAMINE")
        await reader.pull(session)
    assert reader.held == {1, 3}


async def test_vanished_in_idle_is_a_hint_and_the_next_pull_tells(any_server: ScriptedImap) -> None:
    any_server.offer("IDLE")
    reader = Reader()
    async with logged_in(any_server) as session:
        await reader.pull(session)
        any_server.faults.add(
            fetch_faults.meanwhile(lambda: any_server.account(ANNA).folder("INBOX").expunge(2), 1), on="IDLE"
        )
        assert await wait(session, 3) is Hint.CHANGED
        await reader.pull(session)
    assert reader.held == {1, 3}


async def test_a_range_beyond_the_end_does_not_bring_the_last_mail_again(any_server: ScriptedImap) -> None:
    any_server.faults.add(select_faults.uidnext(None), on="EXAMINE", times=FOREVER)
    reader = Reader()
    async with logged_in(any_server) as session:
        await reader.pull(session)
        changes = await reader.pull(session)
    assert any_server.log.containing(b"UID SEARCH")
    assert list(changes.new) == []
    assert reader.held == {1, 2, 3}


@pytest.mark.parametrize("verb", ["EXAMINE", "UID SEARCH"])
@pytest.mark.parametrize(
    "fault",
    [answer_faults.refuse("[SERVERBUG] Internal error"), answer_faults.refuse("Command failed", "BAD")],
    ids=["NO", "BAD"],
)
async def test_an_empty_answer_with_an_error_is_not_no_mail(any_server: ScriptedImap, verb: str, fault: Fault) -> None:
    any_server.faults.add(fault, on=verb)
    async with logged_in(any_server) as session:
        with pytest.raises(PostroomError):
            await Reader().pull(session)


async def test_an_empty_answer_of_a_full_folder_is_not_believed(any_server: ScriptedImap) -> None:
    any_server.faults.add(answer_faults.without_answer_lines(), on="UID SEARCH", times=FOREVER)
    async with logged_in(any_server) as session:
        await session.select(await folder(session), Access.READ_ONLY)
        with pytest.raises(Temporary):
            await all_uids(session)


async def test_an_empty_answer_about_new_mail_is_not_believed(any_server: ScriptedImap) -> None:
    reader = Reader()
    async with logged_in(any_server) as session:
        await reader.pull(session)
        any_server.account(ANNA).folder("INBOX").deliver(letter("Fourth"))
        any_server.faults.add(answer_faults.without_answer_lines(), on="UID SEARCH")
        await reader.pull(session)
    assert reader.held == {1, 2, 3, 4}


async def test_a_folder_that_says_nothing_of_itself_does_not_look_empty(any_server: ScriptedImap) -> None:
    reader = Reader()
    async with logged_in(any_server) as session:
        await reader.pull(session)
        any_server.faults.add(answer_faults.without_answer_lines(), on="EXAMINE", times=FOREVER)
        try:
            await reader.pull(session)
        except Temporary:
            return
    assert reader.held == {1, 2, 3}


async def test_fifty_thousand_flag_changes_at_once_are_read_in_few_commands() -> None:
    async with scripted_imap() as server:
        inbox = server.account(ANNA).folder("INBOX")
        inbox.fill(60_000)
        reader = Reader()
        async with logged_in(server) as session:
            await reader.pull(session)
            inbox.set_flags(range(1, 50_001), ["\\Flagged"])
            server.log.clear()
            changes = await reader.pull(session)
    assert len(changes.flags) == 50_000
    assert len(server.log) < 10


async def test_nothing_changed_in_a_hundred_thousand_messages_takes_few_commands(any_server: ScriptedImap) -> None:
    folder_ = any_server.account(ANNA).make_folder("Large")
    folder_.fill(100_000)
    reader = Reader("Large")
    async with logged_in(any_server) as session:
        await reader.pull(session)
        any_server.log.clear()
        changes = await reader.pull(session)
    assert (list(changes.new), changes.present, changes.cursor_void) == ([], None, False)
    assert len(any_server.log) < 10


async def test_reading_never_opens_for_writing_and_never_marks_read(any_server: ScriptedImap) -> None:
    async with logged_in(any_server) as session:
        changes = await Reader().pull(session)
        await headers(session, changes.new)
        await bodies(session, changes.new)
    inbox: Folder = any_server.account(ANNA).folder("INBOX")
    assert [message.flags for message in inbox.messages()] == [set(), set(), set()]
    assert any_server.log.count("SELECT") == any_server.log.count("STORE") == 0
    assert not any_server.log.containing(b"BODY[")

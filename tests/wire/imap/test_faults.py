"""Servers that misbehave in known ways: a clear error or the right answer, never a hang, a loss or a double."""

import asyncio
from collections.abc import Callable

import pytest

from postroom.ground.errors import NeedsUser, PostroomError, Temporary
from postroom.wire.imap.append import append
from postroom.wire.imap.changes import changes_since
from postroom.wire.imap.errors import FolderMissing
from postroom.wire.imap.fetch import raw_messages, summaries
from postroom.wire.imap.folders import list_folders
from postroom.wire.imap.move import move
from postroom.wire.imap.search import all_uids
from postroom.wire.imap.session import Session
from postroom.wire.imap.types import Access, FolderCursor, HeaderSummary, NewCopy, RawMessage, UidSet
from tests.servers.scripted_imap import (
    BARE,
    CONDSTORE_ONLY,
    FULL,
    Fault,
    Flavour,
    answer_faults,
    connection_faults,
    fetch_faults,
    scripted_imap,
    select_faults,
)
from tests.wire.imap.conftest import mail
from tests.wire.imap.scripted import inbox, logged_in

MB = 1 << 20


async def everything(session: Session) -> tuple[list[HeaderSummary], list[RawMessage], UidSet]:
    """A first pull of INBOX: summaries, whole messages, and what was missing among the summaries."""
    changes = await changes_since(session, inbox(), None)
    heads: list[HeaderSummary] = []
    missing = UidSet()
    async for batch in summaries(session, changes.new, batch=3):
        heads += batch.summaries
        missing |= batch.missing
    return heads, [one async for one in raw_messages(session, changes.new, MB, MB)], missing


ENDINGS = {
    "bye": connection_faults.bye,
    "hangup": connection_faults.hangup,
    "reset": connection_faults.reset,
    "silence": connection_faults.silence,
    "bye after one line": lambda: connection_faults.bye_after(1),
    "hangup after one line": lambda: connection_faults.hangup_after(1),
    "reset after one line": lambda: connection_faults.reset_after(1),
    "silence after one line": lambda: connection_faults.silence_after(1),
    "hangup before ok": connection_faults.drop_before_ok,
    "silence before ok": connection_faults.silence_before_ok,
    "garbage": answer_faults.garbage,
    "endless line": lambda: answer_faults.endless_line(65),
    "giant literal": answer_faults.giant_literal,
}


@pytest.mark.parametrize("ending", ENDINGS.values(), ids=ENDINGS.keys())
@pytest.mark.parametrize("verb", ["SELECT", "EXAMINE", "UID SEARCH", "UID FETCH", "LIST"])
async def test_whatever_ends_a_connection_anywhere_is_temporary(verb: str, ending: Callable[[], Fault]) -> None:
    async with scripted_imap(FULL) as server:
        box = server.account("anna").folder("INBOX")
        for number in range(5):
            box.deliver(mail(number))
        async with logged_in(server, silence_seconds=1.0) as session:
            server.faults.add(ending(), on=verb)
            with pytest.raises(Temporary):
                async with asyncio.timeout(60):
                    await list_folders(session)
                    await everything(session)
                    await session.select(inbox(), Access.READ_WRITE)
            with pytest.raises(Temporary):
                await list_folders(session)  # and the session is over, at once


INSIDE = [connection_faults.bye_inside_literal, connection_faults.hangup_inside_literal]


@pytest.mark.parametrize("ending", [*INSIDE, connection_faults.silence_inside_literal])
async def test_an_end_inside_a_message_is_temporary_and_gives_no_half_message(ending: Callable[[], Fault]) -> None:
    async with scripted_imap(FULL) as server:
        uid = server.account("anna").folder("INBOX").deliver(mail(1, size=5000))
        async with logged_in(server, silence_seconds=1.0) as session:
            await session.select(inbox(), Access.READ_ONLY)
            server.faults.add(ending(), on="UID FETCH")
            got = []
            with pytest.raises(Temporary):
                async for one in raw_messages(session, UidSet([uid]), MB, MB):
                    got.append(one)
            assert got == []


HARMLESS = {
    "duplicated": fetch_faults.duplicated,
    "backwards": fetch_faults.backwards,
    "split lines": fetch_faults.split_lines,
    "unasked": lambda: fetch_faults.unasked_fetch(99_999),
    "wrong size": lambda: fetch_faults.wrong_size(3.0),
    "alert": lambda: answer_faults.saying("OK [ALERT] Your mailbox {5}", "BAD hm", "5 EXISTS", "FLAGS (\\Seen)"),
    "many lines": lambda: answer_faults.many_lines(50_000),
    "slow": lambda: connection_faults.late(0.05),
}


@pytest.mark.parametrize("fault", HARMLESS.values(), ids=HARMLESS.keys())
async def test_odd_but_whole_answers_lose_and_double_nothing(fault: Callable[[], Fault]) -> None:
    async with scripted_imap(FULL) as server:
        box = server.account("anna").folder("INBOX")
        sent = {box.deliver(mail(number), ["\\Flagged"]): mail(number) for number in range(7)}
        async with logged_in(server) as session:
            server.faults.add(fault(), on="UID FETCH", times=5)
            heads, raws, missing = await everything(session)
        assert [head.uid for head in heads] == sorted(sent, reverse=True)
        assert {one.uid: one.raw for one in raws} == sent
        assert all("\\Flagged" in one.flags for one in [*heads, *raws])
        assert len(raws) == len(sent)
        assert missing == UidSet()


@pytest.mark.parametrize("item", ["FLAGS", "BODY", "UID"])
async def test_a_message_answered_in_part_is_missing_and_its_neighbours_are_not(item: str) -> None:
    async with scripted_imap(FULL) as server:
        box = server.account("anna").folder("INBOX")
        uids = [box.deliver(mail(number)) for number in range(5)]
        async with logged_in(server) as session:
            server.faults.add(fetch_faults.without_items(item, uids=[uids[2]]), on="UID FETCH", times=2)
            heads, raws, missing = await everything(session)
        assert missing == UidSet([uids[2]])
        assert len(heads) == 4
        assert sorted(one.uid for one in raws) == uids


@pytest.mark.parametrize("fault", [fetch_faults.without_messages, fetch_faults.nil_bodies])
async def test_a_body_that_is_not_given_is_none(fault: Callable[[list[int]], Fault]) -> None:
    async with scripted_imap(FULL) as server:
        box = server.account("anna").folder("INBOX")
        uids = [box.deliver(mail(number)) for number in range(5)]
        async with logged_in(server) as session:
            await session.select(inbox(), Access.READ_ONLY)
            server.faults.add(fault([uids[2]]), on="UID FETCH", times=50)
            raws = {one.uid: one.raw async for one in raw_messages(session, UidSet(uids), MB, MB)}
        assert raws == {uid: None if uid == uids[2] else mail(at) for at, uid in enumerate(uids)}


async def test_other_uids_than_asked_are_not_taken() -> None:
    async with scripted_imap(FULL) as server:
        box = server.account("anna").folder("INBOX")
        uids = UidSet(box.deliver(mail(number)) for number in range(3))
        async with logged_in(server) as session:
            await session.select(inbox(), Access.READ_ONLY)
            server.faults.add(fetch_faults.other_uids(), on="UID FETCH", times=99)
            batches = [batch async for batch in summaries(session, uids)]
            assert [batch.missing for batch in batches] == [uids]
            assert all(one.raw is None for one in [one async for one in raw_messages(session, uids, MB, MB)])


async def test_one_message_the_server_cannot_read_does_not_hide_its_neighbours() -> None:
    """The whole batch is answered NO, and so is that one message alone."""
    async with scripted_imap(FULL) as server:
        box = server.account("anna").folder("INBOX")
        uids = [box.deliver(mail(number)) for number in range(6)]
        async with logged_in(server) as session:
            await session.select(inbox(), Access.READ_ONLY)
            server.faults.add(answer_faults.fail_after(2), on="UID FETCH")
            server.faults.add(answer_faults.refuse("[SERVERBUG] Internal error"), on="UID FETCH", nth=2)
            (batch,) = [batch async for batch in summaries(session, UidSet(uids))]
            assert len(batch.missing) == 1
            assert len(batch.summaries) == 5
            server.faults.clear()
            server.faults.add(answer_faults.fail_after(2), on="UID FETCH")
            server.faults.add(answer_faults.refuse("[SERVERBUG] Internal error"), on="UID FETCH", nth=2)
            raws = [one async for one in raw_messages(session, UidSet(uids), MB, MB)]
            assert len(raws) == 6
            assert [one.raw for one in raws].count(None) == 1


async def test_a_server_that_asks_for_patience_gets_it() -> None:
    async with scripted_imap(FULL) as server:
        box = server.account("anna").folder("INBOX")
        uids = UidSet(box.deliver(mail(number)) for number in range(6))
        async with logged_in(server) as session:
            await session.select(inbox(), Access.READ_ONLY)
            server.faults.add(answer_faults.refuse(answer_faults.YAHOO_LIMIT), on="UID FETCH", times=99)
            with pytest.raises(Temporary) as caught:
                async for _ in summaries(session, uids):
                    pass
            assert caught.value.retry_after_seconds
            with pytest.raises(Temporary):
                async for _ in raw_messages(session, uids, MB, MB):
                    pass


async def test_mail_that_arrives_while_one_looks_is_not_skipped() -> None:
    async with scripted_imap(FULL) as server:
        box = server.account("anna").folder("INBOX")
        box.deliver(mail(1))
        async with logged_in(server) as session:
            server.faults.add(fetch_faults.meanwhile(lambda: box.deliver(mail(2))), on="UID SEARCH")
            first = await changes_since(session, inbox(), None)
            cursor = FolderCursor(
                first.state.uid_validity, first.new.highest, first.state.highest_modseq, len(first.new)
            )
            later = await changes_since(session, inbox(), cursor)
        assert set(first.new | later.new) == {1, 2}


@pytest.mark.parametrize("flavour", [FULL, CONDSTORE_ONLY, BARE], ids=["full", "condstore", "bare"])
@pytest.mark.parametrize("value", [0, None])
async def test_a_uidvalidity_of_nothing_is_never_the_same(flavour: Flavour, value: int | None) -> None:
    async with scripted_imap(flavour) as server:
        server.account("anna").folder("INBOX").deliver(mail(1))
        async with logged_in(server) as session:
            server.faults.add(select_faults.uidvalidity(value), on="EXAMINE", times=9)
            changes = await changes_since(session, inbox(), FolderCursor(value, 1, None, 1))
            assert changes.state.uid_validity is None
            assert changes.cursor_void


async def test_a_server_without_uidnext_tells_new_mail_all_the_same() -> None:
    async with scripted_imap(FULL) as server:
        box = server.account("anna").folder("INBOX")
        box.deliver(mail(1))
        async with logged_in(server) as session:
            server.faults.add(select_faults.uidnext(None), on="EXAMINE", times=9)
            first = await changes_since(session, inbox(), None)
            cursor = FolderCursor(first.state.uid_validity, 1, first.state.highest_modseq, 1)
            assert (await changes_since(session, inbox(), cursor)).new == UidSet()
            box.deliver(mail(2))
            assert (await changes_since(session, inbox(), cursor)).new == UidSet([2])


@pytest.mark.parametrize("flavour", [FULL, CONDSTORE_ONLY], ids=["full", "condstore"])
async def test_a_removal_that_the_server_forgets_to_tell_is_noticed_by_the_count(flavour: Flavour) -> None:
    async with scripted_imap(flavour) as server:
        box = server.account("anna").folder("INBOX")
        for number in range(4):
            box.deliver(mail(number))
        async with logged_in(server) as session:
            first = await changes_since(session, inbox(), None)
            cursor = FolderCursor(first.state.uid_validity, 4, first.state.highest_modseq, 4)
            box.expunge(2)
            server.faults.add(select_faults.forgotten_vanished(), on="EXAMINE")
            changes = await changes_since(session, inbox(), cursor)
        assert changes.present == UidSet([1, 3, 4])


async def test_a_modification_number_that_rises_for_nothing_changes_nothing() -> None:
    async with scripted_imap(CONDSTORE_ONLY) as server:
        box = server.account("anna").folder("INBOX")
        box.deliver(mail(1))
        async with logged_in(server) as session:
            first = await changes_since(session, inbox(), None)
            server.faults.add(select_faults.modseq_rises(), on="EXAMINE")
            cursor = FolderCursor(first.state.uid_validity, 1, first.state.highest_modseq, 1)
            changes = await changes_since(session, inbox(), cursor)
        assert (changes.new, changes.flags, changes.present) == (UidSet(), (), None)


async def test_an_empty_search_of_a_full_folder_is_not_believed() -> None:
    async with scripted_imap(FULL) as server:
        server.account("anna").folder("INBOX").deliver(mail(1))
        async with logged_in(server) as session:
            server.faults.add(answer_faults.without_answer_lines(), on="UID SEARCH")
            with pytest.raises(Temporary):
                await changes_since(session, inbox(), None)


@pytest.mark.parametrize("verb", ["LIST", "UID SEARCH", "EXAMINE"])
async def test_an_error_is_not_an_empty_answer(verb: str) -> None:
    async with scripted_imap(FULL) as server:
        server.account("anna").folder("INBOX").deliver(mail(1))
        async with logged_in(server) as session:
            server.faults.add(answer_faults.refuse("[UNAVAILABLE] Try again in 90 seconds"), on=verb)
            with pytest.raises(Temporary) as caught:
                await list_folders(session)
                await changes_since(session, inbox(), None)
            assert caught.value.retry_after_seconds == 90


@pytest.mark.parametrize("flavour", [FULL, BARE], ids=["full", "bare"])
async def test_a_message_that_does_not_fit_says_so_and_the_session_lives(flavour: Flavour) -> None:
    async with scripted_imap(flavour) as server, logged_in(server) as session:
        server.faults.add(answer_faults.refuse(answer_faults.DOVECOT_OVER_QUOTA), on="APPEND")
        with pytest.raises(NeedsUser):
            await append(session, inbox(), NewCopy(mail(1, size=200_000), frozenset()))
        assert await append(session, inbox(), NewCopy(mail(2), frozenset())) in {1, None}


@pytest.mark.parametrize("text", ["[TRYCREATE] No such folder", "Mailbox doesn't exist: Archive"])
async def test_a_move_to_a_folder_that_is_gone_moves_nothing(text: str) -> None:
    async with scripted_imap(FULL) as server:
        uid = server.account("anna").folder("INBOX").deliver(mail(1))
        async with logged_in(server) as session:
            await session.select(inbox(), Access.READ_WRITE)
            server.faults.add(answer_faults.refuse(text), on="UID MOVE")
            with pytest.raises(FolderMissing):
                await move(session, UidSet([uid]), inbox())
            assert await all_uids(session) == UidSet([uid])


async def test_a_cancelled_upload_ends_the_session() -> None:
    """Half a literal is on its way: the next command would be read as its rest."""
    async with scripted_imap(BARE) as server, logged_in(server) as session:
        silent = server.faults.add(connection_faults.silence(), on="LITERAL")
        sending = asyncio.create_task(append(session, inbox(), NewCopy(mail(1), frozenset())))
        while not silent.struck:
            await asyncio.sleep(0.01)
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        with pytest.raises(PostroomError):
            await list_folders(session)

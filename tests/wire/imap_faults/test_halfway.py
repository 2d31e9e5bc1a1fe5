"""APPEND and MOVE that were done and not confirmed, or done by half: nothing is lost (failure modes 40, 41, 72)."""

import pytest

from postroom.ground.errors import NeedsUser, Remedy, Temporary
from postroom.wire.imap.append import append
from postroom.wire.imap.move import move
from postroom.wire.imap.search import uids_with_message_id
from postroom.wire.imap.session import Session
from postroom.wire.imap.types import Access, NewCopy, UidSet
from tests.servers.scripted_imap import (
    ScriptedImap,
    answer_faults,
    connection_faults,
)
from tests.wire.imap_faults.ground import ANNA, folder, letter, logged_in

THREE = UidSet.between(1, 3)


async def _moved(session: Session) -> object:
    return await move(session, THREE, await folder(session, "Archive"))


async def _appended(session: Session) -> object:
    return await append(session, await folder(session, "Sent"), NewCopy(letter("Sent"), frozenset(["\\Seen"])))


async def test_an_append_cut_off_before_its_ok_is_found_again_by_its_message_id(server: ScriptedImap) -> None:
    server.faults.add(connection_faults.drop_before_any_answer(), on="APPEND")
    async with logged_in(server) as session:
        with pytest.raises(Temporary):
            await _appended(session)
    async with logged_in(server) as session:
        await session.select(await folder(session, "Sent"), Access.READ_ONLY)
        assert len(await uids_with_message_id(session, "<sent@example.com>")) == 1


async def test_an_append_refused_before_its_data_leaves_a_working_session(server: ScriptedImap) -> None:
    server.withhold("LITERAL+")
    server.faults.add(answer_faults.refuse(answer_faults.DOVECOT_OVER_QUOTA), on="LITERAL")
    async with logged_in(server) as session:
        with pytest.raises(NeedsUser) as caught:
            await _appended(session)
        assert caught.value.remedy is Remedy.PROVIDER_LIMIT
        assert await _appended(session) == 1


async def test_a_move_cut_off_before_its_ok_is_seen_in_the_target(server: ScriptedImap) -> None:
    server.faults.add(connection_faults.drop_before_any_answer(), on="UID MOVE")
    async with logged_in(server) as session:
        await session.select(await folder(session), Access.READ_WRITE)
        with pytest.raises(Temporary):
            await _moved(session)
    async with logged_in(server) as session:
        state = await session.select(await folder(session, "Archive"), Access.READ_ONLY)
        assert state.exists == 3


@pytest.mark.parametrize("verb", ["UID STORE", "UID EXPUNGE"])
async def test_a_move_by_copy_that_fails_later_never_loses_mail(server: ScriptedImap, verb: str) -> None:
    server.withhold("MOVE")
    server.faults.add(answer_faults.refuse("[SERVERBUG] Internal error"), on=verb)
    async with logged_in(server) as session:
        await session.select(await folder(session), Access.READ_WRITE)
        with pytest.raises(Temporary):
            await _moved(session)
    account = server.account(ANNA)
    copies = [message.raw for message in account.folder("Archive").messages()]
    assert {letter(f"Number {number}") for number in THREE} == set(copies)
    assert len(account.folder("INBOX").uids) == 3


async def test_a_move_without_uidplus_expunges_nothing_that_others_marked(server: ScriptedImap) -> None:
    server.withhold("MOVE", "UIDPLUS")
    inbox = server.account(ANNA).folder("INBOX")
    inbox.set_flags([3], ["\\Deleted"])
    async with logged_in(server) as session:
        await session.select(await folder(session), Access.READ_WRITE)
        moved = await move(session, UidSet([1]), await folder(session, "Archive"))
    assert list(moved.left_behind) == [1]
    assert list(inbox.uids) == [1, 2, 3]

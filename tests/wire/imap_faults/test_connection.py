"""A connection that ends, falls silent or talks nonsense during any command (failure modes 50, 51, 62)."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from postroom.ground.errors import Temporary
from postroom.wire.imap.append import append
from postroom.wire.imap.changes import changes_since
from postroom.wire.imap.flags import store
from postroom.wire.imap.folders import create_folder, list_folders
from postroom.wire.imap.idle import noop, wait
from postroom.wire.imap.move import move
from postroom.wire.imap.search import uids_with_message_id
from postroom.wire.imap.session import Session
from postroom.wire.imap.status import folder_state
from postroom.wire.imap.types import Access, NewCopy, UidSet
from tests.servers.scripted_imap import (
    Fault,
    ScriptedImap,
    answer_faults,
    connection_faults,
)
from tests.wire.imap_faults.ground import PATIENCE, folder, headers, letter, logged_in

THREE = UidSet.between(1, 3)
Deed = Callable[[Session], Awaitable[object]]

ENDINGS: list[Fault] = [
    connection_faults.bye(),
    connection_faults.hangup(),
    connection_faults.reset(),
    connection_faults.silence(),
    connection_faults.drop_before_ok(),
    connection_faults.silence_before_ok(),
    answer_faults.replaced_by(b"\x00\xff\xff\r\n\r\n\r\n", b"zz1 OK not yours\r\n"),
]


async def _with_inbox(session: Session, act: Callable[..., Awaitable[object]]) -> object:
    return await act(session, await folder(session))


async def _moved(session: Session) -> object:
    return await move(session, THREE, await folder(session, "Archive"))


async def _appended(session: Session) -> object:
    return await append(session, await folder(session, "Sent"), NewCopy(letter("Sent"), frozenset(["\\Seen"])))


DEEDS: dict[str, Deed] = {
    "LIST": list_folders,
    "STATUS": lambda session: _with_inbox(session, folder_state),
    "EXAMINE": lambda session: _with_inbox(session, lambda one, inbox: changes_since(one, inbox, None)),
    "UID SEARCH": lambda session: uids_with_message_id(session, "<number.1@example.com>"),
    "UID FETCH": lambda session: headers(session, THREE),
    "UID STORE": lambda session: store(session, THREE, add=frozenset(["\\Flagged"])),
    "UID MOVE": _moved,
    "APPEND": _appended,
    "CREATE": lambda session: create_folder(session, "New"),
    "NOOP": noop,
    "IDLE": lambda session: wait(session, 0.2),
}


@pytest.mark.parametrize("fault", ENDINGS, ids=[fault.name for fault in ENDINGS])
@pytest.mark.parametrize("verb", DEEDS)
async def test_a_connection_that_ends_during_any_command_is_a_passing_trouble(
    server: ScriptedImap, verb: str, fault: Fault
) -> None:
    async with logged_in(server) as session:
        await session.select(await folder(session), Access.READ_WRITE)
        placed = server.faults.add(fault, on=verb)
        async with asyncio.timeout(PATIENCE):
            with pytest.raises(Temporary):
                await DEEDS[verb](session)
            with pytest.raises(Temporary):
                await noop(session)
    assert placed.struck == 1
    assert server.connections_opened == 1


async def test_a_tagged_answer_that_is_neither_ok_no_nor_bad_is_no_endless_wait(server: ScriptedImap) -> None:
    server.faults.add(answer_faults.replaced_by(b"{tag} MAYBE later\r\n"), on="NOOP")
    async with logged_in(server) as session:
        async with asyncio.timeout(PATIENCE):
            with pytest.raises(Temporary):
                await noop(session)


@pytest.mark.parametrize("verb", ["LIST", "STATUS", "UID STORE", "APPEND", "CREATE", "NOOP"])
async def test_an_endless_line_ends_the_session(server: ScriptedImap, verb: str) -> None:
    async with logged_in(server) as session:
        await session.select(await folder(session), Access.READ_WRITE)
        server.faults.add(answer_faults.endless_line(1), on=verb)
        async with asyncio.timeout(PATIENCE):
            with pytest.raises(Temporary, match="longer than"):
                await DEEDS[verb](session)


async def test_an_idle_that_died_without_fin_is_noticed(server: ScriptedImap) -> None:
    server.faults.add(connection_faults.dead_idle(), on="IDLE")
    async with logged_in(server) as session:
        await session.select(await folder(session), Access.READ_ONLY)
        async with asyncio.timeout(PATIENCE):
            with pytest.raises(Temporary, match="has not answered"):
                await wait(session, 0.2)


async def test_bye_in_idle_is_told_at_once(server: ScriptedImap) -> None:
    server.faults.add(connection_faults.bye_after(1, "Server shutting down"), on="IDLE")
    async with logged_in(server) as session:
        await session.select(await folder(session), Access.READ_ONLY)
        async with asyncio.timeout(PATIENCE):
            with pytest.raises(Temporary, match="Server shutting down"):
                await wait(session, 10 * PATIENCE)


async def test_one_account_that_hangs_does_not_delay_another(server: ScriptedImap) -> None:
    server.account("ben@example.org").folder("INBOX").deliver(letter("To Ben"))
    patient = logged_in(server, silence=PATIENCE)
    async with patient as hanging, logged_in(server, "ben@example.org", PATIENCE) as free:
        placed = server.faults.add(connection_faults.silence(), on="UID FETCH")
        await hanging.select(await folder(hanging), Access.READ_ONLY)
        await free.select(await folder(free), Access.READ_ONLY)
        stuck = asyncio.create_task(headers(hanging, THREE))
        while not placed.struck:
            await asyncio.sleep(0.01)
        found, _ = await headers(free, UidSet([1]))
        assert sorted(found) == [1]
        assert not stuck.done()
        stuck.cancel()

"""Waiting for news, with IDLE and without, on servers that speak up and on those that have died."""

import asyncio

import pytest

from postroom.ground.errors import Temporary
from postroom.wire.imap import idle
from postroom.wire.imap.search import all_uids
from postroom.wire.imap.session import Session, open_session
from postroom.wire.imap.types import Access, FolderRole, Hint
from tests.servers.scripted_imap import FULL, connection_faults, scripted_imap
from tests.wire.imap.conftest import Mailbox, folder_of, mail
from tests.wire.imap.scripted import Say, inbox, logged_in, stub


async def open_inbox(session: Session) -> None:
    await session.select(await folder_of(session, FolderRole.INBOX), Access.READ_ONLY)


async def test_new_mail_ends_the_waiting(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idle, "POLL_SECONDS", 0.1)
    mailbox.other()
    async with mailbox.session() as session:
        await open_inbox(session)
        waiting = asyncio.create_task(idle.wait(session, 100))
        await asyncio.sleep(0.1)
        await asyncio.to_thread(mailbox.deliver, mail(1))
        assert await waiting is Hint.NEW_MAIL
        assert len(await all_uids(session)) == 1  # the session can be used at once


async def test_silence_is_no_news(mailbox: Mailbox) -> None:
    async with mailbox.session() as session:
        await open_inbox(session)
        assert await idle.wait(session, 0.05) is Hint.NOTHING
        assert await idle.noop(session) is Hint.NOTHING


async def test_what_was_said_between_two_waits_is_not_lost(ada: Mailbox) -> None:
    async with ada.session() as session:
        await open_inbox(session)
        ada.deliver(mail(1))
        assert await idle.noop(session) is Hint.NEW_MAIL
        ada.deliver(mail(2))
        await session.run(b"NOOP", "answer")
        assert await idle.wait(session, 100) is Hint.NEW_MAIL


async def test_flags_and_removals_are_changes() -> None:
    async with scripted_imap(FULL) as server, logged_in(server) as session:
        box = server.account("anna").folder("INBOX")
        uid = box.deliver(mail(1))
        await session.select(inbox(), Access.READ_ONLY)
        for change in (lambda: box.set_flags([uid], {"\\Seen"}, "+"), lambda: box.expunge(uid)):
            waiting = asyncio.create_task(idle.wait(session, 100))
            await asyncio.sleep(0.05)
            change()
            assert await waiting is Hint.CHANGED


async def test_a_connection_that_died_without_a_word_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """No FIN, no answer to DONE: the probe finds out (imapflow #14, #98)."""
    monkeypatch.setattr(idle, "PROBE_SECONDS", 0.1)
    async with scripted_imap(FULL) as server, logged_in(server, silence_seconds=1.0) as session:
        await session.select(inbox(), Access.READ_ONLY)
        server.faults.add(connection_faults.dead_idle(), on="IDLE")
        with pytest.raises(Temporary, match="not answered"):
            await asyncio.wait_for(idle.wait(session, 600), 60)


async def test_long_waits_are_renewed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idle, "PROBE_SECONDS", 0.05)
    async with scripted_imap(FULL) as server, logged_in(server) as session:
        await session.select(inbox(), Access.READ_ONLY)
        assert await idle.wait(session, 0.3) is Hint.NOTHING
        assert len(list(server.log.containing(b"IDLE"))) >= 3


async def test_a_server_that_says_goodbye_while_one_waits() -> None:
    async with scripted_imap(FULL) as server, logged_in(server) as session:
        await session.select(inbox(), Access.READ_ONLY)
        server.faults.add(connection_faults.bye_after(1), on="IDLE")
        with pytest.raises(Temporary, match="ended the connection"):
            await asyncio.wait_for(idle.wait(session, 600), 60)


async def test_a_server_that_ends_idle_by_itself_is_not_asked_without_pause() -> None:
    asked = []

    async def play(line: bytes, say: Say) -> None:
        tag, _, rest = line.partition(b" ")
        asked.append(rest)
        await say(b"+ idling\r\n" if rest == b"IDLE" else b"")
        await say(tag + b" OK done\r\n")

    greeting = b"* PREAUTH [CAPABILITY IMAP4rev1 IDLE] hello\r\n"
    async with stub(play, greeting) as settings, await open_session(settings) as session:
        assert await idle.wait(session, 0.5) is Hint.NOTHING
    assert asked.count(b"IDLE") < 3


async def test_a_cancelled_wait_leaves_a_session_that_works(ada: Mailbox) -> None:
    ada.deliver(mail(1))
    async with ada.session() as session:
        await open_inbox(session)
        waiting = asyncio.create_task(idle.wait(session, 60))
        await asyncio.sleep(0.1)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert len(await all_uids(session)) == 1

"""IDLE (RFC 2177): say what changes as it changes, until the client says DONE."""

import asyncio
from typing import TYPE_CHECKING

from tests.servers.scripted_imap.command import Command
from tests.servers.scripted_imap.lines import Hangup, Lines, bad, ok, untagged

if TYPE_CHECKING:
    from tests.servers.scripted_imap.session import Session


async def idle(session: "Session", command: Command) -> Lines:
    yield b"+ idling\r\n"
    await session.connection.flush()
    done = asyncio.ensure_future(session.connection.read_line())
    try:
        while not done.done():
            session.news.clear()
            if session.view is not None and session.view.folder.deleted:
                yield untagged("BYE Selected mailbox was deleted, have to disconnect.")
                yield Hangup()
                return
            for line in session.updates():
                yield line
            await session.connection.flush()
            news = asyncio.ensure_future(session.news.wait())
            await asyncio.wait({done, news}, return_when=asyncio.FIRST_COMPLETED)
            news.cancel()
        word = done.result()
    finally:
        done.cancel()
    yield ok("Idle completed.") if word.upper() == b"DONE" else bad("Expected DONE.")

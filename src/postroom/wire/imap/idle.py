"""Wait for the server to say that something changed."""

import asyncio

from postroom.ground.errors import Temporary
from postroom.wire.imap.connection import InFlight
from postroom.wire.imap.responses import Reply
from postroom.wire.imap.session import Session
from postroom.wire.imap.types import Hint

PROBE_SECONDS = 240.0
"""After this long without a word the server is asked whether it is still there. RFC 2177 wants IDLE renewed
within 29 minutes; routers forget silent connections after five."""

POLL_SECONDS = 60.0
"""How often a server without IDLE is asked."""

EARLY_END_SECONDS = 5.0


async def wait(session: Session, seconds: float) -> Hint:
    """Wait up to `seconds` for a hint about the open folder (IDLE, or NOOP now and then).

    Returns at once if something was said since the last wait. Raises Temporary when the connection is dead.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while session.hint is Hint.NOTHING and (left := end - loop.time()) > 0:
        if session.offers("IDLE"):
            await _idle(session, min(left, PROBE_SECONDS))
        else:
            await asyncio.sleep(min(left, POLL_SECONDS))
            await session.run(b"NOOP", "answer")
    return session.take_hint()


async def noop(session: Session) -> Hint:
    """Ask once whether anything has changed."""
    await session.run(b"NOOP", "answer")
    return session.take_hint()


async def _idle(session: Session, seconds: float) -> None:
    """One IDLE, ended by DONE after `seconds` or the first hint. Its end shows that the server lives."""
    connection = session.connection
    command = session.start(b"IDLE")
    if await connection.invitation(command) is None:
        await session.finish(command, "let us wait for news")
        raise Temporary(f"{session.place.host} ended the waiting before it began.")
    command.patient = True
    try:
        await _first_of(session, command, seconds)
    finally:
        command.patient = False
        if not command.reply.done():
            connection.send_line(b"DONE")
            seconds = 0.0
    await session.finish(command, "end the waiting")
    if seconds:  # ended by the server: at once for ever would be a busy loop
        await asyncio.sleep(min(seconds, EARLY_END_SECONDS))


async def _first_of(session: Session, command: InFlight, seconds: float) -> None:
    hinted = session.expect_hint()
    try:
        either: list[asyncio.Future[None] | asyncio.Future[Reply]] = [hinted, command.reply]
        await asyncio.wait(either, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        hinted.cancel()

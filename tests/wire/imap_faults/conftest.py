"""Scripted servers with a mailbox of three letters."""

from collections.abc import AsyncIterator

import pytest

from tests.servers.scripted_imap import (
    BARE,
    CONDSTORE_ONLY,
    FULL,
    GMAIL,
    Flavour,
    Folder,
    ScriptedImap,
    scripted_imap,
)
from tests.wire.imap_faults.ground import ANNA, letter

FLAVOURS = {"full": FULL, "condstore": CONDSTORE_ONLY, "bare": BARE, "gmail": GMAIL}


async def _serving(flavour: Flavour) -> AsyncIterator[ScriptedImap]:
    async with scripted_imap(flavour) as running:
        inbox = running.account(ANNA).folder("INBOX")
        for number in range(1, 4):
            inbox.deliver(letter(f"Number {number}"))
        yield running


@pytest.fixture
async def server() -> AsyncIterator[ScriptedImap]:
    """A server that can do everything."""
    async for running in _serving(FULL):
        yield running


@pytest.fixture(params=["full", "condstore", "bare"])
async def any_server(request: pytest.FixtureRequest) -> AsyncIterator[ScriptedImap]:
    """Each kind of server: QRESYNC, CONDSTORE alone, neither."""
    async for running in _serving(FLAVOURS[request.param]):
        yield running


@pytest.fixture
async def gmail() -> AsyncIterator[ScriptedImap]:
    """Gmail."""
    async for running in _serving(GMAIL):
        yield running


@pytest.fixture
def inbox(server: ScriptedImap) -> Folder:
    """The INBOX of `server`."""
    return server.account(ANNA).folder("INBOX")

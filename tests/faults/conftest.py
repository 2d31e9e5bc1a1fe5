"""Boxes on servers of every kind; the office and Dovecot of the journeys' tests."""

from collections.abc import AsyncIterator

import pytest

from postroom.wire.imap.types import ImapSettings
from tests.faults.box import Box, SetClock, connected, with_clock
from tests.journeys.conftest import desk, mail_server, office, second_desk
from tests.journeys.office import Office
from tests.servers.scripted_imap import (
    BARE,
    CONDSTORE_ONLY,
    FULL,
    GMAIL,
    Flavour,
    ScriptedImap,
    scripted_imap,
)

__all__ = ["desk", "mail_server", "office", "second_desk"]

KINDS = {"full": FULL, "condstore": CONDSTORE_ONLY, "bare": BARE, "gmail": GMAIL}


async def _box(office: Office, server: ScriptedImap) -> Box:
    await office.lead("Bolt", "bob@bolt.example")
    return await connected(office, server)


@pytest.fixture
async def server() -> AsyncIterator[ScriptedImap]:
    """A server that can do everything."""
    async with scripted_imap(FULL) as running:
        yield running


@pytest.fixture
async def box(office: Office, server: ScriptedImap) -> Box:
    """Anna's mailbox there, and a lead with the contact Bob."""
    return await _box(office, server)


@pytest.fixture(params=["full", "condstore", "bare"])
async def any_box(request: pytest.FixtureRequest, office: Office) -> AsyncIterator[Box]:
    """The same on each kind of server: QRESYNC, CONDSTORE alone, neither."""
    flavour: Flavour = KINDS[request.param]
    async with scripted_imap(flavour) as running:
        yield await _box(office, running)


@pytest.fixture
async def bare_box(office: Office) -> AsyncIterator[Box]:
    """The same on a server of 2003: no MOVE, no UIDPLUS, no Archive."""
    async with scripted_imap(BARE) as running:
        yield await _box(office, running)


@pytest.fixture
async def gmail_box(office: Office) -> AsyncIterator[Box]:
    """The same on Gmail."""
    async with scripted_imap(GMAIL) as running:
        yield await _box(office, running)


@pytest.fixture
def clock(office: Office) -> SetClock:
    """The office lives by this clock."""
    return with_clock(office)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server may be silent for two seconds, not for a minute."""
    defaults = ImapSettings.__init__.__defaults__
    assert defaults is not None and defaults[:2] == (20.0, 60.0)
    monkeypatch.setattr(ImapSettings.__init__, "__defaults__", (20.0, 2.0, *defaults[2:]))

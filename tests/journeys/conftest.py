"""The office of every journey's test."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.journeys.desk import Desk
from tests.journeys.office import Office, open_office, plain
from tests.journeys.privacy_room import Room, open_room
from tests.servers.dovecot import PASSWORD, DovecotServer, dovecot, installed


async def _desk(office: Office, server: DovecotServer, email: str) -> Desk:
    desk = Desk(office, server, await office.user(email))
    server.add_user(desk.name)
    desk.account_id = await office.connect(desk.user, plain(server.imap_port, desk.name), PASSWORD)
    return desk


@pytest.fixture
async def desk(office: Office, mail_server: DovecotServer) -> Desk:
    """Anna's."""
    return await _desk(office, mail_server, "anna@acme.example")


@pytest.fixture
async def second_desk(office: Office, mail_server: DovecotServer) -> Desk:
    """Ben's, a coworker of Anna."""
    return await _desk(office, mail_server, "ben@acme.example")


@pytest.fixture
async def office(database_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(database_url, tmp_path) as made:
        yield made


@pytest.fixture(scope="session")
def mail_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DovecotServer]:
    """One Dovecot for a worker's tests; every test uses users of its own."""
    if not installed():
        pytest.fail("Dovecot is missing: `make test` installs dovecot-imapd and dovecot-lmtpd.")
    with dovecot(tmp_path_factory.mktemp("dovecot")) as server:
        yield server


@pytest.fixture
async def room(desk: Desk) -> AsyncIterator[Room]:
    """Anna's mail on a lead; her browser, Ben's, and an admin's."""
    async with open_room(desk) as made:
        yield made

"""The office of every journey's test."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.journeys.office import Office, open_office
from tests.servers.dovecot import DovecotServer, dovecot, installed


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

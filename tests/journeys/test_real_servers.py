"""There and back on real Cyrus and Courier mailboxes: mail arrives, Done archives, reopen brings back, all adds up.

Run with POSTROOM_TEST_REAL_SERVERS=1; their Debian packages are unpacked beside the installed Dovecot.
"""

import imaplib
from collections.abc import Iterator
from uuid import uuid4

import pytest

from postroom.journeys.archive import mark_done, reopen
from postroom.journeys.audit import audit_account
from postroom.journeys.settle import settle_placements
from tests.journeys.office import Office, letter, plain
from tests.servers.courier import CourierServer, courier
from tests.servers.cyrus import CyrusServer, cyrus
from tests.servers.debian_packages import default_cache
from tests.servers.dovecot import PASSWORD
from tests.servers.real_server import real_servers_wanted

pytestmark = pytest.mark.skipif(not real_servers_wanted(), reason="wanted only with POSTROOM_TEST_REAL_SERVERS=1")


@pytest.fixture(scope="module", params=[cyrus, courier], ids=["cyrus", "courier"])
def real_server(request: pytest.FixtureRequest) -> Iterator[CyrusServer | CourierServer]:
    with request.param(default_cache()) as server:
        yield server


def append(server: CyrusServer | CourierServer, user: str, folder: str, raw: bytes) -> None:
    with imaplib.IMAP4("127.0.0.1", server.imap_port) as client:
        client.login(user, PASSWORD)
        if client.append(folder, "", None, raw)[0] != "OK":  # type: ignore[arg-type]
            client.create(folder)
            assert client.append(folder, "", None, raw)[0] == "OK"  # type: ignore[arg-type]


def count(server: CyrusServer | CourierServer, user: str, folder: str) -> int:
    with imaplib.IMAP4("127.0.0.1", server.imap_port) as client:
        client.login(user, PASSWORD)
        status, answer = client.select(folder, readonly=True)
        return int(answer[0] or 0) if status == "OK" else 0


async def test_there_and_back(office: Office, real_server: CyrusServer | CourierServer) -> None:
    user = f"anna{uuid4().hex[:6]}"
    real_server.add_user(user, PASSWORD)
    anna = await office.user("anna@acme.example")
    account = await office.connect(anna, plain(real_server.imap_port, user), PASSWORD)
    lead = await office.lead("Bolt", "bob@bolt.example")
    sent = next((f for f in ("Sent", "INBOX.Sent") if _makes(real_server, user, f)), "Sent")
    for number in range(30):
        append(real_server, user, "INBOX", letter("bob@bolt.example", "anna@acme.example", f"Offer {number}"))
        append(real_server, user, "INBOX", letter("eve@else.example", "anna@acme.example", f"Noise {number}"))
    append(real_server, user, sent, letter("anna@acme.example", "bob@bolt.example", "Ours"))
    await office.pull(account)
    await office.pull(account)
    assert len(await office.subjects(lead)) == 31
    asker = office.asker(anna)
    items = [row[0] for row in await office.rows("select id from inbox_items")]
    assert len(items) == 30
    await mark_done(office.tools, asker, items[:10])
    await settle_placements(office.tools, office.organization_id, account)
    await office.pull(account)
    await office.pull(account)
    assert count(real_server, user, "INBOX") == 50
    await reopen(office.tools, asker, items[:3])
    await settle_placements(office.tools, office.organization_id, account)
    await office.pull(account)
    assert count(real_server, user, "INBOX") == 53
    assert await office.rows("select count(*) from placements where needs_push") == [(0,)]
    assert len(await office.subjects(lead)) == 31
    for folder in await audit_account(office.tools, office.organization_id, account):
        assert folder.adds_up, folder
        assert not any(folder.differences.values()), folder


def _makes(server: CyrusServer | CourierServer, user: str, folder: str) -> bool:
    with imaplib.IMAP4("127.0.0.1", server.imap_port) as client:
        client.login(user, PASSWORD)
        if client.select(folder, readonly=True)[0] == "OK":
            return True
        return client.create(folder)[0] == "OK"

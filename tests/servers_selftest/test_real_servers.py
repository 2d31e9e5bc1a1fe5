"""Cyrus and Courier from Debian's packages start, do what a mail server does, and leave nothing behind.

Run with POSTROOM_TEST_REAL_SERVERS=1; skipped where the packages cannot be had.
"""

import contextlib
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from imapclient import IMAPClient

from tests.servers.courier import courier
from tests.servers.cyrus import cyrus
from tests.servers.debian_packages import Unobtainable, default_cache
from tests.servers.real_server import SWITCH, real_servers_wanted
from tests.servers_selftest.mail import letter

pytestmark = pytest.mark.skipif(not real_servers_wanted(), reason=f"{SWITCH} is not 1")


@dataclass(frozen=True, slots=True)
class RealPlace:
    """A real server with a user "anna", and how mail is delivered to her from outside."""

    name: str
    imap_port: int
    imaps_port: int
    ca_file: Path
    deliver: Callable[[bytes], None]

    def log_in(self) -> IMAPClient:
        context = ssl.create_default_context(cafile=str(self.ca_file))
        client = IMAPClient("localhost", self.imaps_port, ssl_context=context, timeout=60)
        client.login("anna", "secret")
        return client


@contextlib.contextmanager
def started(name: str) -> Iterator[RealPlace]:
    if name == "cyrus":
        with cyrus(default_cache()) as server:
            server.add_user("anna")
            yield RealPlace(
                name, server.imap_port, server.imaps_port, server.ca_file, lambda raw: server.lmtp("anna", raw)
            )
        return
    with courier(default_cache()) as other:
        other.add_user("anna")
        yield RealPlace(name, other.imap_port, other.imaps_port, other.ca_file, lambda raw: other.deliver("anna", raw))


@pytest.fixture(scope="module", params=["cyrus", "courier"])
def place(request: pytest.FixtureRequest) -> Iterator[RealPlace]:
    with contextlib.ExitStack() as stack:
        try:
            running = stack.enter_context(started(request.param))
        except Unobtainable as error:
            pytest.skip(str(error))
        yield running


def test_delivered_mail_is_fetched_byte_for_byte(place: RealPlace) -> None:
    place.deliver(letter("Delivered"))
    client = place.log_in()
    client.select_folder("INBOX")
    uid = client.search(["SUBJECT", "Delivered"])[-1]
    body = client.fetch([uid], ["BODY.PEEK[]"])[uid][b"BODY[]"]
    assert body.endswith(letter("Delivered"))
    client.logout()


def test_appended_mail_moves_to_another_folder(place: RealPlace) -> None:
    client = place.log_in()
    if not client.folder_exists("INBOX.Archive"):
        client.create_folder("INBOX.Archive")
    assert b"APPENDUID" in client.append("INBOX", letter("Moved"))
    client.select_folder("INBOX")
    uid = client.search(["SUBJECT", "Moved"])[-1]
    if client.has_capability("MOVE"):
        client.move([uid], "INBOX.Archive")
    else:
        client.copy([uid], "INBOX.Archive")
        client.delete_messages([uid])
        client.uid_expunge([uid])
    assert client.search(["SUBJECT", "Moved"]) == []
    client.select_folder("INBOX.Archive")
    assert len(client.search(["SUBJECT", "Moved"])) == 1
    client.logout()


def test_idle_tells_of_a_delivery(place: RealPlace) -> None:
    client = place.log_in()
    client.select_folder("INBOX")
    client.idle()
    place.deliver(letter("Noticed"))
    told = client.idle_check(timeout=60)
    assert any(line[1] == b"EXISTS" for line in told)
    client.idle_done()
    client.logout()


def test_starttls_is_offered_on_the_plain_port(place: RealPlace) -> None:
    client = IMAPClient("localhost", place.imap_port, ssl=False, timeout=60)
    client.starttls(ssl.create_default_context(cafile=str(place.ca_file)))
    client.login("anna", "secret")
    client.logout()


def test_the_servers_differ_in_what_they_offer(place: RealPlace) -> None:
    client = place.log_in()
    offered = {name: client.has_capability(name) for name in ("CONDSTORE", "QRESYNC", "MOVE", "IDLE", "UIDPLUS")}
    modern = place.name == "cyrus"
    assert offered == {"CONDSTORE": modern, "QRESYNC": modern, "MOVE": modern, "IDLE": True, "UIDPLUS": True}
    client.logout()

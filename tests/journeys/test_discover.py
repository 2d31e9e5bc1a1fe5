"""Settings are found by address: real DNS, real https, real greetings, all on loopback."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from postroom.ground.config import LOOPBACK_NETWORKS
from postroom.ground.errors import Invalid
from postroom.ground.net import AddressPolicy
from postroom.journeys import discover as journey
from postroom.journeys.discover import Discovery, discover
from postroom.rooms.accounts.account import Encryption, ServerLogin
from postroom.rooms.accounts.candidates import Source
from postroom.wire.lookup import names
from postroom.wire.lookup.types import Internet, NameServer
from tests.journeys.office import Office
from tests.rooms.accounts.test_discovered import config, server
from tests.servers.dns import DnsServer, dns_server
from tests.servers.secure_web import SecureWeb, greeter, secure_web, server_context

EMAIL = "ada@acme.test"
FILE = "autoconfig.acme.test/mail/config-v1.1.xml"
SETTINGS = config(server("imap", "imap.acme.test", "993", "SSL"), server("smtp", "smtp.acme.test", "587", "STARTTLS"))


class Town:
    """An Internet on loopback: DNS, and a web server for autoconfig.acme.test."""

    def __init__(self, office: Office, dns: DnsServer, web: SecureWeb) -> None:
        self.office, self.dns, self.web = office, dns, web
        self.internet = Internet(
            AddressPolicy(LOOPBACK_NETWORKS).check,
            NameServer("127.0.0.1", dns.port),
            web.ca_file,
            https_port=web.port,
            imaps_port=9,  # nobody listens
            submissions_port=9,
        )

    async def discover(self, email: str = EMAIL) -> Discovery:
        return await discover(self.office.tools, email, self.internet)


@pytest.fixture
async def town(office: Office) -> AsyncIterator[Town]:
    async with dns_server() as dns, secure_web("autoconfig.acme.test") as web:
        dns.add("acme.test", "MX", "10 mail.acme.test.")
        yield Town(office, dns, web)


def sources(found: Discovery) -> list[Source]:
    return [one.source for one in found.candidates]


async def test_a_providers_own_address_asks_nobody(town: Town) -> None:
    found = await town.discover("someone@gmail.com")
    assert sources(found) == [Source.TABLE]
    assert found.candidates[0].provider.key == "google"
    assert town.dns.asked == []


async def test_a_company_at_google_is_known_by_its_exchanger(town: Town) -> None:
    town.dns.add("shop.test", "MX", "30 spare.shop.test.", "10 aspmx.l.google.com.")
    found = await town.discover("ada@shop.test")
    assert sources(found) == [Source.EXCHANGER]
    assert found.candidates[0].imap == ServerLogin("imap.gmail.com", 993, Encryption.TLS, "ada@shop.test")


async def test_srv_records_name_the_servers(town: Town) -> None:
    town.dns.add("_imaps._tcp.acme.test", "SRV", "0 1 993 post.acme.test.")
    town.dns.add("_imap._tcp.acme.test", "SRV", "0 0 0 .")
    town.dns.add("_submission._tcp.acme.test", "SRV", "0 1 587 out.acme.test.")
    (one,) = (await town.discover()).candidates
    assert one.source is Source.SRV
    assert one.imap == ServerLogin("post.acme.test", 993, Encryption.TLS, EMAIL)
    assert one.smtp == ServerLogin("out.acme.test", 587, Encryption.STARTTLS, EMAIL)
    assert not one.is_foreign


async def test_the_domains_own_file_is_read(town: Town) -> None:
    town.dns.add("autoconfig.acme.test", "A", "127.0.0.1")
    town.web.page(FILE, SETTINGS)
    (one,) = (await town.discover("ada+x@acme.test")).candidates
    assert one.source is Source.AUTOCONFIG
    assert one.name == "Acme Mail"
    assert town.web.asked == [f"{FILE}?emailaddress=ada%2Bx%40acme.test"]


async def test_a_file_under_another_name_is_not_believed(town: Town) -> None:
    """The certificate is good for autoconfig.acme.test alone."""
    town.dns.add("autoconfig.other.test", "A", "127.0.0.1")
    town.web.page("autoconfig.other.test/mail/config-v1.1.xml", SETTINGS)
    found = await town.discover("ada@other.test")
    assert found.candidates == ()
    assert Source.AUTOCONFIG in found.silent
    assert town.web.asked == []


async def test_a_redirect_is_followed_by_https_alone(town: Town) -> None:
    town.dns.add("autoconfig.acme.test", "A", "127.0.0.1")
    town.web.redirect(FILE, f"https://autoconfig.acme.test:{town.web.port}/there.xml")
    town.web.page("autoconfig.acme.test/there.xml", SETTINGS)
    assert sources(await town.discover()) == [Source.AUTOCONFIG]
    town.web.redirect(FILE, "http://autoconfig.acme.test/there.xml")
    assert (await town.discover()).candidates == ()


@pytest.mark.parametrize("page", [b"<html>parked</html>", b"<" * 100_000, b""])
async def test_nonsense_instead_of_a_file_is_no_answer(town: Town, page: bytes) -> None:
    town.dns.add("autoconfig.acme.test", "A", "127.0.0.1")
    town.web.page(FILE, page)
    assert (await town.discover()).candidates == ()


async def test_a_loop_of_redirects_ends(town: Town) -> None:
    town.dns.add("autoconfig.acme.test", "A", "127.0.0.1")
    town.web.redirect(FILE, f"/{FILE.partition('/')[2]}")
    assert (await town.discover()).candidates == ()
    assert len(town.web.asked) == 4


async def test_a_name_in_our_own_network_is_not_called(town: Town) -> None:
    town.dns.add("autoconfig.acme.test", "A", "127.0.0.1")
    town.web.page(FILE, SETTINGS)
    town.internet = replace(town.internet, check_address=AddressPolicy().check)
    found = await town.discover()
    assert found.candidates == ()
    assert town.web.asked == []


async def test_usual_names_are_tried_at_last_and_only_under_tls(town: Town, tmp_path: Path) -> None:
    town.dns.add("mail.acme.test", "A", "127.0.0.1")
    town.dns.add("smtp.acme.test", "A", "127.0.0.1")
    async with AsyncExitStack() as stack:
        context, ca_file = server_context(tmp_path, "mail.acme.test")
        imap_port = await stack.enter_async_context(greeter(b"* OK ready\r\n", context))
        smtp_port = await stack.enter_async_context(greeter(b"220 mail.acme.test ESMTP\r\n", context))
        town.internet = replace(town.internet, imaps_port=imap_port, submissions_port=smtp_port, trusted_ca=ca_file)
        (one,) = (await town.discover()).candidates
    assert one.source is Source.GUESS
    assert one.imap == ServerLogin("mail.acme.test", imap_port, Encryption.TLS, EMAIL)
    # smtp.acme.test answers too, with a certificate for another name.
    assert one.smtp == ServerLogin("mail.acme.test", smtp_port, Encryption.TLS, EMAIL)


async def test_a_silent_name_server_keeps_nobody_waiting(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journey, "DISCOVERY_SECONDS", 0.6)
    monkeypatch.setattr(names, "LOOKUP_SECONDS", 60.0)
    town.dns.deaf |= {"_imaps._tcp.acme.test", "autoconfig.acme.test", "imap.acme.test"}
    town.dns.add("acme.test", "MX", "5 acme-test.mail.protection.outlook.com.")
    started = asyncio.get_running_loop().time()
    found = await town.discover()
    assert asyncio.get_running_loop().time() - started < 30
    assert found.candidates[0].provider.key == "microsoft"
    assert set(found.silent) >= {Source.SRV, Source.AUTOCONFIG}


async def test_the_best_answer_does_not_wait_for_the_worse(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journey, "DISCOVERY_SECONDS", 60.0)
    monkeypatch.setattr(names, "LOOKUP_SECONDS", 60.0)
    town.dns.deaf.add("autoconfig.acme.test")
    town.dns.add("acme.test", "MX", "5 aspmx.l.google.com.")
    started = asyncio.get_running_loop().time()
    found = await town.discover()
    assert sources(found) == [Source.EXCHANGER]
    assert asyncio.get_running_loop().time() - started < 30


async def test_a_domain_that_does_not_exist_has_no_settings(town: Town) -> None:
    assert await town.discover("ada@nowhere.test") == Discovery(())


@pytest.mark.parametrize("email", ["ada", "ada@", "", "a b@acme.test"])
async def test_what_is_no_address_is_refused(town: Town, email: str) -> None:
    with pytest.raises(Invalid):
        await town.discover(email)


@pytest.mark.parametrize("email", ["ada@localhost", "ada@127.0.0.1", "ada@" + "a" * 70 + ".test"])
async def test_an_address_without_a_domain_in_dns_asks_nobody(town: Town, email: str) -> None:
    assert (await town.discover(email)).candidates == ()


async def test_a_domain_in_another_script_is_asked_for_in_ascii(town: Town) -> None:
    town.dns.add("xn--bcher-kva.test", "MX", "5 aspmx.l.google.com.")
    assert sources(await town.discover("ada@bücher.test")) == [Source.EXCHANGER]

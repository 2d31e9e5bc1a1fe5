"""A host name that means a public address when it is looked at, and an internal one a moment later (DNS rebinding).

Every connection looks the name up once, judges what it found, and goes to the very address it has judged.
"""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address

import pytest

from postroom.doors.web.remote_image import fetch_image
from postroom.ground.config import LOOPBACK_NETWORKS
from postroom.ground.errors import Invalid, NotFound, Temporary
from postroom.ground.net import AddressPolicy
from postroom.wire.imap import session as imap
from postroom.wire.imap import types as imap_types
from postroom.wire.lookup.page import fetch_page
from postroom.wire.lookup.probe import speaks_imap, speaks_smtp
from postroom.wire.lookup.types import Internet, NameServer
from postroom.wire.oauth import tokens
from postroom.wire.oauth.types import TokenEndpoint
from postroom.wire.smtp import session as smtp
from postroom.wire.smtp import types as smtp_types
from postroom.wire.webhooks.call import Target, call
from tests.servers.dns import DnsServer, dns_server
from tests.servers.secure_web import secure_web

ALLOWED, INTERNAL = "127.0.0.2", "127.0.0.1"
HOST = "mail.rebinding.example"


class Policy(AddressPolicy):
    """As if one address of this machine were a public one; nobody listens there."""

    def check(self, address: IPv4Address | IPv6Address | str) -> None:
        if str(address) != ALLOWED:
            raise Invalid(f"{address} is not a public address.")


@dataclass
class Rebinding:
    """The name's answers in turn, and who came to the internal port."""

    port: int = 0
    lookups: list[str] = field(default_factory=list)
    visits: int = 0

    async def resolve(self, host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        assert host == HOST, f"an address was looked up again: {host}"
        self.lookups.append(ALLOWED if not self.lookups else INTERNAL)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (self.lookups[-1], port))]


@pytest.fixture
async def rebinding(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Rebinding]:
    made = Rebinding()

    async def visited(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        made.visits += 1
        writer.close()

    server = await asyncio.start_server(visited, INTERNAL, 0)
    made.port = server.sockets[0].getsockname()[1]
    monkeypatch.setattr(asyncio.base_events.BaseEventLoop, "getaddrinfo", made.resolve)
    async with server:
        yield made


Try = Callable[[int], Awaitable[object]]


def _imap(port: int) -> Awaitable[object]:
    settings = imap_types.ImapSettings(
        HOST, port, imap_types.Encryption.TLS, "u", imap_types.Password("p"), check_address=Policy().check
    )
    return imap.open_session(settings)


def _smtp(port: int) -> Awaitable[object]:
    settings = smtp_types.SmtpSettings(
        HOST, port, smtp_types.Encryption.TLS, "u", smtp_types.Password("p"), check_address=Policy().check
    )
    return smtp.open_session(settings)


def _token(port: int) -> Awaitable[object]:
    return tokens.refresh(TokenEndpoint("It", f"https://{HOST}:{port}/token", "id", "s", Policy().check), "old")


def _webhook(port: int) -> Awaitable[object]:
    return call(Target(f"https://{HOST}:{port}/hook", Policy().check), {}, b"{}")


def _image(port: int) -> Awaitable[object]:
    return fetch_image(f"https://{HOST}:{port}/pixel.gif", Policy(LOOPBACK_NETWORKS))


@pytest.mark.parametrize("connect", [_imap, _smtp, _token, _webhook, _image])
async def test_what_was_judged_is_what_is_connected_to(rebinding: Rebinding, connect: Try) -> None:
    with pytest.raises((Temporary, NotFound)):  # the allowed address, where nobody listens
        await connect(rebinding.port)
    assert rebinding.lookups == [ALLOWED], "one look at the name for one connection"
    with pytest.raises(Invalid):  # the next connection judges anew
        await connect(rebinding.port)
    assert rebinding.lookups == [ALLOWED, INTERNAL] and rebinding.visits == 0


@pytest.mark.parametrize("connect", [_imap, _smtp, _token, _webhook, _image])
@pytest.mark.parametrize("order", [(ALLOWED, INTERNAL), (INTERNAL, ALLOWED)])
async def test_a_name_with_a_good_and_an_internal_address_leads_nowhere_inside(
    rebinding: Rebinding, connect: Try, order: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever comes first: falling back from one that does not answer must not be a way in."""

    async def both(_: object, host: str, port: int, **__: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in order]

    monkeypatch.setattr(asyncio.base_events.BaseEventLoop, "getaddrinfo", both)
    with pytest.raises((Invalid, Temporary, NotFound)):
        await connect(rebinding.port)
    assert rebinding.visits == 0


class Town:
    """A name server, and whatever knocks at an internal port."""

    def __init__(self, dns: DnsServer) -> None:
        self.dns, self.visits, self.port = dns, 0, 0

    async def visited(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.visits += 1
        writer.close()

    def means(self, *addresses: str) -> None:
        """From now on the name means these."""
        self.dns.forget(HOST, "A")
        self.dns.add(HOST, "A", *addresses)

    @property
    def internet(self) -> Internet:
        here = NameServer("127.0.0.1", self.dns.port)
        return Internet(Policy().check, here, None, self.port, self.port, self.port)


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    async with dns_server() as dns:
        made = Town(dns)
        server = await asyncio.start_server(made.visited, INTERNAL, 0)
        made.port = server.sockets[0].getsockname()[1]
        async with server:
            yield made


def _file(internet: Internet) -> Awaitable[object]:
    return fetch_page(internet, f"https://{HOST}/mail/config-v1.1.xml")


def _imap_greeting(internet: Internet) -> Awaitable[object]:
    return speaks_imap(internet, HOST)


def _smtp_greeting(internet: Internet) -> Awaitable[object]:
    return speaks_smtp(internet, HOST)


@pytest.mark.parametrize("look", [_file, _imap_greeting, _smtp_greeting])
async def test_what_discovery_looks_at_is_what_was_judged(
    town: Town, look: Callable[[Internet], Awaitable[object]]
) -> None:
    town.means(ALLOWED)
    with contextlib.suppress(Temporary):
        assert not await look(town.internet), "nobody listens at the allowed address"
    asked = town.dns.asked.count(f"{HOST} A")
    assert asked == 1, "one look at the name for one connection"
    for addresses in ((INTERNAL,), (ALLOWED, INTERNAL), (INTERNAL, ALLOWED)):
        town.means(*addresses)
        with pytest.raises(Invalid):
            await look(town.internet)
    assert town.visits == 0


async def test_a_redirect_is_judged_like_the_first_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """An allowed server sends the reader on to a name that means an internal address."""
    visits = 0

    async def visited(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal visits
        visits += 1
        writer.close()

    place = "autoconfig.acme.test/mail/config-v1.1.xml"
    async with dns_server() as dns, secure_web("autoconfig.acme.test") as web:
        inside = await asyncio.start_server(visited, "127.0.0.3", web.port)
        web.redirect(place, f"https://inside.acme.test:{web.port}/config-v1.1.xml")
        dns.add("autoconfig.acme.test", "A", "127.0.0.1")
        dns.add("inside.acme.test", "A", "127.0.0.3")

        def check(address: IPv4Address | IPv6Address) -> None:
            if str(address) == "127.0.0.3":
                raise Invalid("not a public address")

        internet = Internet(check, NameServer("127.0.0.1", dns.port), web.ca_file, https_port=web.port)
        async with inside:
            with pytest.raises(Invalid):
                await fetch_page(internet, f"https://{place}")
    assert web.asked == [place] and visits == 0

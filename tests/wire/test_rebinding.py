"""A host name that means a public address when it is looked at, and an internal one a moment later (DNS rebinding).

Every connection looks the name up once, judges what it found, and goes to the very address it has judged.
"""

import asyncio
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
from postroom.wire.oauth import tokens
from postroom.wire.oauth.types import TokenEndpoint
from postroom.wire.smtp import session as smtp
from postroom.wire.smtp import types as smtp_types
from postroom.wire.webhooks.call import Target, call

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

"""From a host name to an open socket, to an address that may be reached."""

import asyncio
import contextlib
import ipaddress
import socket

from postroom.ground.errors import Invalid, NeedsUser, Remedy
from postroom.wire.imap.errors import Place, unreachable
from postroom.wire.imap.types import Encryption, ImapSettings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


async def open_socket(settings: ImapSettings, place: Place) -> socket.socket:
    """Connect to the first allowed address that answers. What was checked is what is connected to.

    Raises Invalid if every address is refused, Temporary if none can be reached.
    """
    allowed = _allowed(await _addresses(settings, place), settings)
    failure: BaseException | None = None
    for address in allowed:
        try:
            async with asyncio.timeout(max(3.0, settings.connect_timeout_seconds / len(allowed))):
                return await _connect(address, settings.port)
        except OSError as error:  # TimeoutError is one
            failure = error
    raise unreachable(place, settings.port, failure) from failure


async def _addresses(settings: ImapSettings, place: Place) -> list[Address]:
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(settings.connect_timeout_seconds):
            found = await loop.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)
    except (OSError, ValueError) as error:  # ValueError: a label that is empty or too long, a NUL
        raise unreachable(place, settings.port, error) from error
    return list(dict.fromkeys(_plain(str(entry[4][0])) for entry in found))


def _plain(text: str) -> Address:
    """An address without scope; an IPv4 address in IPv6 clothes is judged as what it is."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def _allowed(addresses: list[Address], settings: ImapSettings) -> list[Address]:
    allowed: list[Address] = []
    refusal: Invalid | None = None
    for address in addresses:
        try:
            settings.check_address(address)
            allowed.append(address)
        except Invalid as error:
            refusal = error
    if not allowed and refusal is not None:
        raise refusal
    if settings.encryption is Encryption.NONE and not all(address.is_loopback for address in allowed):
        words = f"Without encryption only this machine may be reached, and {settings.host} is another one."
        raise NeedsUser(words, remedy=Remedy.SETTINGS)
    return allowed


async def _connect(address: Address, port: int) -> socket.socket:
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    with contextlib.ExitStack() as on_failure:
        opened = socket.socket(family, socket.SOCK_STREAM)
        on_failure.callback(opened.close)
        opened.setblocking(False)
        _keep_alive(opened)
        await asyncio.get_running_loop().sock_connect(opened, (str(address), port))
        on_failure.pop_all()
    return opened


def _keep_alive(opened: socket.socket) -> None:
    """The kernel notices within two minutes that the other end has vanished without a word."""
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 15), ("TCP_KEEPCNT", 4)):
        if hasattr(socket, option):  # not on every system
            opened.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)

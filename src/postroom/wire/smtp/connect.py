"""A connection to the server, to an address that is allowed, under TLS from the first byte if so asked."""

import asyncio
import socket
import ssl
from ipaddress import IPv4Address, IPv6Address, ip_address

from postroom.ground.errors import Invalid, NeedsUser, PostroomError, Remedy, Temporary
from postroom.wire.smtp.dialogue import Dialogue
from postroom.wire.smtp.types import Encryption, SmtpSettings

_ADDRESSES_TRIED = 4


async def connect(settings: SmtpSettings, context: ssl.SSLContext) -> Dialogue:
    """The open connection. Raises Temporary, NeedsUser, Invalid (an address that may not be reached)."""
    addresses = await _addresses(settings)
    problem: PostroomError = Temporary(f"{settings.host} has no address.")
    for address in addresses[:_ADDRESSES_TRIED]:
        _check(settings, address)
        try:
            return await _connect_to(settings, str(address), context)
        except Temporary as error:
            problem = error
    raise problem


async def _addresses(settings: SmtpSettings) -> list[IPv4Address | IPv6Address]:
    host = settings.host.strip("[]")
    try:
        async with asyncio.timeout(settings.connect_timeout_seconds):
            found = await asyncio.get_running_loop().getaddrinfo(host, settings.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, TimeoutError) as error:
        raise Temporary(
            f"The name {settings.host} could not be looked up. If it stays so, check the server's name."
        ) from error
    return list(dict.fromkeys(ip_address(str(entry[4][0]).partition("%")[0]) for entry in found))


def _check(settings: SmtpSettings, address: IPv4Address | IPv6Address) -> None:
    settings.check_address(address)
    if settings.encryption is Encryption.NONE and not address.is_loopback:
        raise Invalid(f"{settings.host} is another machine: choose TLS or STARTTLS, so that no password is read.")


async def _connect_to(settings: SmtpSettings, address: str, context: ssl.SSLContext) -> Dialogue:
    """Connect to the very address that was checked; a second look-up could give another one."""
    host = settings.host.strip("[]")
    tls = settings.encryption is Encryption.TLS
    try:
        async with asyncio.timeout(settings.connect_timeout_seconds):
            _, dialogue = await asyncio.get_running_loop().create_connection(
                Dialogue, address, settings.port,
                ssl=context if tls else None,
                server_hostname=host if tls else None,
            )  # fmt: skip
    except ssl.SSLCertVerificationError as error:
        raise NeedsUser(
            f"The certificate of {settings.host} is not valid: {error.verify_message}.", remedy=Remedy.CERTIFICATE
        ) from error
    except ssl.SSLError as error:
        raise NeedsUser(
            f"{settings.host} does not speak TLS on port {settings.port} ({error.reason}). Port 587 usually wants"
            " STARTTLS, port 465 wants TLS.",
            remedy=Remedy.SETTINGS,
        ) from error
    except TimeoutError as error:
        raise Temporary(
            f"{settings.host} did not answer on port {settings.port} within"
            f" {settings.connect_timeout_seconds:.0f} seconds."
        ) from error
    except OSError as error:
        raise Temporary(
            f"No connection to {settings.host} on port {settings.port}: {error.strerror or error}."
        ) from error
    return dialogue

"""One POST to an address that a user typed: bounded in time, to judged addresses alone, and never sent on elsewhere."""

import asyncio
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit

import httpx2

from postroom.ground.errors import Invalid, Permanent, Temporary

CALL_SECONDS = 20.0
LOOKUP_SECONDS = 5.0
_PORTS = {"http": 80, "https": 443}

Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Target:
    """Where a call goes. `check_address` raises Invalid for an address that must not be reached."""

    url: str
    check_address: Callable[[Address], None]
    verify_ssl: bool = True


async def call(target: Target, headers: Mapping[str, str], body: bytes) -> int:
    """The status of the answer. Raises Temporary (no answer), Invalid (an address that must not be reached)."""
    parts = checked(target.url)
    try:
        async with asyncio.timeout(CALL_SECONDS):
            return await _post(target, parts, headers, body)
    except TimeoutError as error:
        raise Temporary(f"{parts.hostname} has not answered within {CALL_SECONDS:.0f} seconds.") from error
    except socket.gaierror as error:
        raise Temporary(f"{parts.hostname} does not answer: DNS knows no such name. Check its spelling.") from error
    except (httpx2.HTTPError, OSError, ssl.SSLError) as error:
        raise Temporary(f"{parts.hostname} does not answer: {error or type(error).__name__}.") from error
    except (httpx2.InvalidURL, UnicodeError, ValueError) as error:
        raise Permanent(f"{target.url!r} is not an address that can be called.") from error


async def judge(target: Target) -> None:
    """Raises Invalid for an address that must not be reached. One that is not known yet is judged when it is called."""
    parts = checked(target.url)
    try:
        async with asyncio.timeout(LOOKUP_SECONDS):
            for address in await _addresses(parts):
                target.check_address(address)
    except (OSError, UnicodeError):  # TimeoutError is an OSError
        return


def checked(url: str) -> SplitResult:
    """The parts of a URL that may be called. Raises Invalid."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Invalid(field_errors={"url": "This is not a URL."}) from error
    if parts.scheme not in _PORTS or not parts.hostname or port == 0 or any(letter.isspace() for letter in url):
        raise Invalid(field_errors={"url": "This must be a URL like https://example.com/hook."})
    if parts.username or parts.password:
        raise Invalid(field_errors={"url": "A URL with a password in it is not called."})
    return parts


async def _post(target: Target, parts: SplitResult, headers: Mapping[str, str], body: bytes) -> int:
    addresses = await _addresses(parts)
    for address in addresses:
        target.check_address(address)
    async with httpx2.AsyncClient(
        trust_env=False, follow_redirects=False, verify=_context(target.verify_ssl), timeout=CALL_SECONDS
    ) as client:
        request = client.build_request(
            "POST", _at(parts, addresses[0]), content=body,
            headers={"Host": parts.netloc, "User-Agent": "Postroom", "Content-Type": "application/json", **headers},
            extensions={"sni_hostname": str(parts.hostname)},  # the certificate is checked against the name
        )  # fmt: skip
        answer = await client.send(request, stream=True)
        await answer.aclose()  # what it says beside the status concerns nobody
        return int(answer.status_code)


async def _addresses(parts: SplitResult) -> list[Address]:
    """All of the host: one that must not be reached refuses them all."""
    host, port = str(parts.hostname), parts.port or _PORTS[parts.scheme]
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]


def _at(parts: SplitResult, address: Address) -> str:
    """The URL with the judged address in place of the name."""
    host = f"[{address}]" if address.version == 6 else str(address)
    return parts._replace(netloc=f"{host}:{parts.port or _PORTS[parts.scheme]}", fragment="").geturl()


@lru_cache(maxsize=2)
def _context(verify: object) -> ssl.SSLContext:
    """Shared, as the system's list of authorities is large. Receivers may have a certificate of their own making."""
    context = ssl.create_default_context()
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context

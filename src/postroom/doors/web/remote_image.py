"""A remote image of an email, fetched for a reader whose browser shall not be seen by the sender.

Only addresses that the installation allows are connected to (`ground/net.py`), checked after the name is resolved and
again at every redirect; only pictures come back, no larger than LARGEST_IMAGE; no cookie, referrer or proxy is used.
"""

import asyncio
import socket
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import httpx2

from postroom.ground.database import no_transaction_open
from postroom.ground.errors import Invalid, NotFound, Temporary
from postroom.ground.net import AddressPolicy

LARGEST_IMAGE = 10_000_000
MOST_REDIRECTS = 4
IMAGE_TYPES = frozenset(
    {"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp", "image/x-icon"}
)
"""No SVG: it can hold scripts, and a sanitiser for it is another program's work."""
_TIMEOUT = httpx2.Timeout(10.0, connect=5.0)
_LONGEST_SECONDS = 20.0
_AGENT = "Mozilla/5.0 (image proxy)"


@dataclass(frozen=True, slots=True)
class RemoteImage:
    """A picture and its type."""

    content_type: str
    content: bytes = field(repr=False)


async def fetch_image(url: str, addresses: AddressPolicy) -> RemoteImage:
    """Fetch it. Raises Invalid (address not allowed), NotFound (no picture there), Temporary (no answer in time)."""
    assert no_transaction_open(), "a transaction is open while the network is used"
    try:
        async with asyncio.timeout(_LONGEST_SECONDS):
            return await _follow(url, addresses)
    except (httpx2.HTTPError, OSError, TimeoutError) as error:
        raise Temporary("The image's server does not answer.") from error
    except (httpx2.InvalidURL, UnicodeError, ValueError) as error:
        raise Invalid("This is not the address of an image.") from error


async def _follow(url: str, addresses: AddressPolicy) -> RemoteImage:
    async with httpx2.AsyncClient(timeout=_TIMEOUT, trust_env=False, follow_redirects=False) as client:
        for _ in range(MOST_REDIRECTS + 1):
            found = await _ask(client, url, addresses)
            if isinstance(found, RemoteImage):
                return found
            url = found
    raise NotFound("The image's server sends from one address to the next.")


async def _ask(client: httpx2.AsyncClient, url: str, addresses: AddressPolicy) -> RemoteImage | str:
    """The picture, or where it is to be looked for instead."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise Invalid("This is not the address of an image.")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    ip = await _allowed_address(parts.hostname, port, addresses)
    # Connect to the address that was checked, not to the name, which may resolve otherwise a moment later.
    target = parts._replace(netloc=f"[{ip}]:{port}" if ":" in ip else f"{ip}:{port}", fragment="").geturl()
    host = parts.netloc.rpartition("@")[2].encode("idna" if not parts.netloc.isascii() else "ascii").decode()
    headers = {
        "Host": host,
        "User-Agent": "Mozilla/5.0 (image proxy)",
        "Accept": "image/*",
        "Accept-Encoding": "identity",
    }
    # Named by its host for TLS: the certificate is checked against it.
    request = client.build_request("GET", target, headers=headers, extensions={"sni_hostname": parts.hostname})
    answer = await client.send(request, stream=True)
    try:
        if answer.is_redirect:
            return urljoin(url, answer.headers.get("location", ""))
        return await _read(answer)
    finally:
        await answer.aclose()


async def _read(answer: httpx2.Response) -> RemoteImage:
    content_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    content_type = "image/jpeg" if content_type == "image/jpg" else content_type
    if answer.status_code != 200 or content_type not in IMAGE_TYPES:
        raise NotFound("There is no image at this address.")
    if answer.headers.get("content-encoding", "identity").lower() != "identity":
        raise NotFound("The image comes packed, which was not asked for.")
    content = bytearray()
    async for chunk in answer.aiter_raw():  # as it comes: a few packed bytes may swell to gigabytes
        content += chunk
        if len(content) > LARGEST_IMAGE:
            raise NotFound("The image is too large.")
    return RemoteImage(content_type, bytes(content))


async def _allowed_address(host: str, port: int, addresses: AddressPolicy) -> str:
    """One address of the host that may be connected to. Raises Invalid where one of them may not be: all or nothing."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    for entry in found:
        addresses.check(str(entry[4][0]))
    return str(found[0][4][0])

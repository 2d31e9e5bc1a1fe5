"""A small page, fetched by https alone: certificates checked, size and time bounded, no cookie and no proxy.

Every address is judged after its name is resolved, at every redirect anew, and the judged one is connected to. A
redirect to anything but https is not followed: what configures a login must not have passed in the clear.
"""

from urllib.parse import SplitResult, urljoin, urlsplit

import httpx2

from postroom.ground.errors import Permanent, Temporary
from postroom.wire.lookup import names
from postroom.wire.lookup.tls import client_context
from postroom.wire.lookup.types import Internet

LARGEST_PAGE = 64 * 1024
"""Mail settings take two kilobytes."""

MOST_REDIRECTS = 3
_TIMEOUT = httpx2.Timeout(4.0)


async def fetch_page(internet: Internet, url: str) -> bytes | None:
    """What stands there; None where there is nothing. `url` names no port; the settings do.

    Raises Temporary (no answer), Permanent (too large, sent elsewhere without https, a wrong certificate), Invalid (an
    address that must not be reached).
    """
    try:
        async with httpx2.AsyncClient(
            timeout=_TIMEOUT, trust_env=False, follow_redirects=False, verify=client_context(internet.trusted_ca)
        ) as client:
            for _ in range(MOST_REDIRECTS + 1):
                found = await _ask(client, internet, url)
                if not isinstance(found, str):
                    return found
                url = found
    except (httpx2.HTTPError, OSError) as error:
        raise Temporary(f"{urlsplit(url).hostname} does not answer: {error or type(error).__name__}.") from error
    except (httpx2.InvalidURL, UnicodeError, ValueError) as error:
        raise Permanent(f"{url!r} is not the address of a page.") from error
    raise Permanent(f"{urlsplit(url).hostname} sends from one address to the next.")


async def _ask(client: httpx2.AsyncClient, internet: Internet, url: str) -> bytes | str | None:
    """The page, None, or where it is to be looked for instead."""
    parts = urlsplit(url)
    host = parts.hostname
    if parts.scheme != "https" or not host or parts.username or parts.port not in (None, internet.https_port):
        raise Permanent("Mail settings are read by https only, at its own port.")
    ip = await _judged_address(internet, host)
    if ip is None:
        return None
    request = client.build_request(
        "GET", _at_address(parts, ip, internet.https_port),
        headers={"Host": host, "Accept": "text/xml, application/xml", "User-Agent": "Postroom",
                 "Accept-Encoding": "identity"},
        extensions={"sni_hostname": host},  # the certificate is checked against the name
    )  # fmt: skip
    answer = await client.send(request, stream=True)
    try:
        if answer.is_redirect:
            return urljoin(url, answer.headers.get("location", ""))
        return await _read(answer, host) if answer.status_code == 200 else None
    finally:
        await answer.aclose()


async def _judged_address(internet: Internet, host: str) -> str | None:
    """One address of the host; Invalid where any of them may not be reached: all or nothing."""
    found = await names.addresses(internet, host)
    for address in found:
        internet.check_address(address)
    return str(found[0]) if found else None


def _at_address(parts: SplitResult, ip: str, port: int) -> str:
    return parts._replace(netloc=f"[{ip}]:{port}" if ":" in ip else f"{ip}:{port}", fragment="").geturl()


async def _read(answer: httpx2.Response, host: str) -> bytes:
    content = bytearray()
    async for chunk in answer.aiter_raw():  # as it comes: a few packed bytes may swell to gigabytes
        content += chunk
        if len(content) > LARGEST_PAGE:
            raise Permanent(f"What {host} sends is too large for mail settings.")
    return bytes(content)

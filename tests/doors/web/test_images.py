"""Remote images through the signed proxy: pictures only, from allowed addresses only, for links of ours only."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from urllib.parse import quote

import httpx2
import pytest

from postroom.doors.web import remote_image
from postroom.doors.web.mail_document import ImageSigner
from postroom.doors.web.remote_image import fetch_image
from postroom.ground.config import LOOPBACK_NETWORKS
from postroom.ground.errors import Invalid, NotFound, Temporary
from postroom.ground.net import AddressPolicy
from postroom.journeys.tools import Tools
from postroom.rooms.users.user import ActingUser

PIXEL = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"
ANYWHERE = AddressPolicy(LOOPBACK_NETWORKS)


def answer(status: str, *headers: str, body: bytes = b"") -> bytes:
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "Connection: close", "", ""]
    return "\r\n".join(lines).encode() + body


ANSWERS = {
    "/pixel.gif": answer("200 OK", "Content-Type: image/gif", body=PIXEL),
    "/photo": answer("200 OK", "Content-Type: image/jpg; x=y", body=PIXEL),
    "/moved": answer("302 Found", "Location: /pixel.gif"),
    "/loop": answer("302 Found", "Location: /loop"),
    "/inside": answer("302 Found", "Location: http://169.254.169.254/latest/meta-data/"),
    "/file": answer("302 Found", "Location: file:///etc/passwd"),
    "/page": answer("200 OK", "Content-Type: text/html", body=b"<script>"),
    "/drawing": answer("200 OK", "Content-Type: image/svg+xml", body=b"<svg onload='x'/>"),
    "/gone": answer("404 Not Found", "Content-Type: image/gif", body=PIXEL),
    "/packed": answer(
        "200 OK", "Content-Type: image/png", "Content-Encoding: gzip", body=gzip.compress(bytes(50_000_000))
    ),
    "/large": answer("200 OK", "Content-Type: image/png", body=bytes(3000)),
    "/broken": b"HTTP/1.1 what\r\n\r\n",
}


@pytest.fixture
async def site() -> AsyncIterator[tuple[str, list[bytes]]]:
    """A web server on loopback; its base URL and the requests it was sent."""
    requests: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        requests.append(head)
        path = head.split(b" ")[1].decode()
        if path == "/silent":
            await asyncio.sleep(5)
        writer.write(ANSWERS.get(path, b""))
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", requests
    server.close()


async def test_a_picture_comes_back_without_telling_who_looks(site: tuple[str, list[bytes]]) -> None:
    base, requests = site
    image = await fetch_image(f"{base}/moved", ANYWHERE)
    assert (image.content_type, image.content) == ("image/gif", PIXEL)
    assert (await fetch_image(f"{base}/photo", ANYWHERE)).content_type == "image/jpeg"
    for request in requests:
        names = {line.split(b":")[0].lower() for line in request.split(b"\r\n")[1:] if line}
        assert names <= {b"host", b"user-agent", b"accept", b"accept-encoding", b"connection"}
        assert f"Host: {base.removeprefix('http://')}".encode() in request


@pytest.mark.parametrize(
    ("path", "error"),
    [("/page", NotFound), ("/drawing", NotFound), ("/gone", NotFound), ("/large", NotFound), ("/loop", NotFound),
     ("/inside", Invalid), ("/file", Invalid), ("/broken", Temporary), ("/none", Temporary), ("/silent", Temporary)],
)  # fmt: skip
async def test_nothing_else_comes_back(
    site: tuple[str, list[bytes]], path: str, error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote_image, "LARGEST_IMAGE", 2000)
    if path == "/silent":
        monkeypatch.setattr(remote_image, "_LONGEST_SECONDS", 0.5)
    with pytest.raises(error):
        await fetch_image(site[0] + path, ANYWHERE)


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/x", "http://[::1]/x", "http://localhost/x", "http://10.0.0.1/x", "http://169.254.169.254/x",
     "http://[::ffff:127.0.0.1]/x", "http://0/x", "ftp://a.test/x", "http://user@a.test/", "http:///x", "x", "",
     "http://127.0.0.1:99999/", "http://[bad/"],
)  # fmt: skip
async def test_inner_addresses_and_odd_urls_are_refused(url: str) -> None:
    with pytest.raises((Invalid, Temporary)):
        await fetch_image(url, AddressPolicy(()))


async def test_only_links_that_we_made_for_this_organization_are_followed(
    api: httpx2.AsyncClient,
    stranger: httpx2.AsyncClient,
    tools: Tools,
    admin: ActingUser,
    site: tuple[str, list[bytes]],
) -> None:
    base, requests = site
    link = ImageSigner(tools.vault, admin.organization_id).link(f"{base}/pixel.gif")
    assert link is not None
    shown = await api.get(link)
    assert (shown.content, shown.headers["content-type"]) == (PIXEL, "image/gif")
    assert shown.headers["content-security-policy"].startswith("default-src 'none'")
    assert (await stranger.get(link)).status_code == 403
    for forged in (
        f"/api/v1/image/?url={quote(base)}",
        f"/api/v1/image/?url={quote(base)}&sig=ü",
        link.replace("pixel", "other"),
    ):
        assert (await api.get(forged)).status_code == 403
    assert len(requests) == 1


async def test_a_picture_that_swells_when_unpacked_is_neither_asked_for_nor_unpacked(
    site: tuple[str, list[bytes]],
) -> None:
    base, requests = site
    with pytest.raises(NotFound, match="packed"):
        await fetch_image(f"{base}/packed", ANYWHERE)
    assert b"accept-encoding: identity" in requests[0].lower()

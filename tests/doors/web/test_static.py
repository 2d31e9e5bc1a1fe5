"""The page's own files."""

import re
from pathlib import Path

import httpx2
import pytest

from postroom.doors.web import static
from postroom.doors.web.app import create_app
from postroom.journeys.tools import Tools
from tests.doors.web.conftest import Door
from tests.doors.web.serving import served


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A page as the build leaves it, in place of the package's own."""
    root = tmp_path / "package"
    (root / "static" / "assets").mkdir(parents=True)
    (root / "static" / "index.html").write_text('<script src="/assets/a-1.js" nonce="__CSP_NONCE__"></script>')
    (root / "static" / "icon.svg").write_text("<svg/>")
    (root / "static" / "assets" / "a-1.js").write_text("let a = 1")
    (root / "static" / "assets" / "a-1.js.br").write_bytes(b"brotli bytes")
    (root / "static" / "assets" / "a-1.js.gz").write_bytes(b"gzip bytes")
    monkeypatch.setattr(static.resources, "files", lambda _: root)
    return root


async def test_the_page_gets_a_fresh_nonce_and_a_strict_policy_each_time(tools: Tools, built: Path) -> None:
    nonces = set()
    async with Door(tools, create_app(tools)).client() as browser:
        for path in ("/", "/lead/lead_x/", "/settings", "/uploads"):
            answer = await browser.get(path)
            policy = answer.headers["content-security-policy"]
            nonce = re.search(r"nonce-([\w-]+)'", policy)
            assert nonce and f'nonce="{nonce[1]}"' in answer.text and "__CSP_NONCE__" not in answer.text
            assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
            assert answer.headers["cache-control"] == "no-store"
            nonces.add(nonce[1])
    assert len(nonces) == 4


async def test_assets_are_sent_compressed_as_built_and_kept_for_a_year(tools: Tools, built: Path) -> None:
    async with served(create_app(tools)) as base, httpx2.AsyncClient() as client:
        for accepted, encoding, body in [("br, gzip", "br", b"brotli bytes"), ("gzip;q=1", "gzip", b"gzip bytes"),
                                         ("identity", None, b"let a = 1")]:  # fmt: skip
            async with client.stream("GET", f"{base}/assets/a-1.js", headers={"Accept-Encoding": accepted}) as answer:
                assert b"".join([chunk async for chunk in answer.aiter_raw()]) == body
            assert answer.headers.get("content-encoding") == encoding
            assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
            assert answer.headers["content-type"].startswith("text/javascript")
            assert answer.headers["vary"] == "Accept-Encoding"
            policy = answer.headers["content-security-policy"]  # a worker made from it reaches this server alone
            assert policy.startswith("default-src 'none'; connect-src 'self';") and "unsafe" not in policy
        head = await client.head(f"{base}/assets/a-1.js")
        assert head.status_code == 200 and head.content == b""
        icon = await client.get(f"{base}/icon.svg")
        assert icon.headers["content-type"] == "image/svg+xml"
        unchanged = await client.get(f"{base}/icon.svg", headers={"If-None-Match": icon.headers["etag"]})
        assert unchanged.status_code == 304 and unchanged.content == b""


async def test_missing_assets_and_climbing_paths_are_not_files(tools: Tools, built: Path) -> None:
    (built / "secret.txt").write_text("secret")
    async with Door(tools, create_app(tools)).client() as browser:
        assert (await browser.get("/assets/gone-2.js")).status_code == 404
        for path in (
            "/../secret.txt",
            "/assets/../../secret.txt",
            "/%2e%2e/secret.txt",
            "/assets/%2e%2e%2f..%2fsecret.txt",
        ):
            assert (await browser.get(f"http://crm.test{path}")).text != "secret"


async def test_without_a_built_page_the_root_says_so(
    tools: Tools, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(static.resources, "files", lambda _: tmp_path)
    async with Door(tools, create_app(tools)).client() as browser:
        assert "not built" in (await browser.get("/")).text

"""The page: files built into the package, served as they are. Every path that is not a file is the page itself.

`index.html` gets a fresh nonce per answer; files under /assets/ have their content's hash in the name and are kept by
browsers for a year. Ready-made .br and .gz files are sent where a browser takes them; nothing is compressed here.
"""

import hashlib
import secrets
from dataclasses import dataclass
from functools import partial
from importlib import resources
from importlib.resources.abc import Traversable

from litestar import Response
from litestar.enums import HttpMethod
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from postroom.doors.web.errors import OpenRequest
from postroom.ground.errors import NotFound

_TYPES = {
    "css": "text/css",
    "html": "text/html",
    "ico": "image/x-icon",
    "js": "text/javascript",
    "json": "application/json",
    "png": "image/png",
    "svg": "image/svg+xml",
    "txt": "text/plain",
    "webmanifest": "application/manifest+json",
    "woff2": "font/woff2",
}
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
_NONCE_PLACE = "__CSP_NONCE__"
_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data: blob:;"
    " font-src 'self'; connect-src 'self'; frame-src 'self'; manifest-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
_SCRIPT_POLICY = "default-src 'none'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""A worker obeys the policy that its own script came with: the one that holds the live stream may reach this server."""
_NOT_BUILT = (
    "<!doctype html><title>Postroom</title><p>The page is not built here. Run <code>make ui</code>; the API is at"
    " <a href='/api/v1/openapi.json'>/api/v1/openapi.json</a>."
)


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file of the page, with its compressed forms by encoding ("" is as it is)."""

    content_type: str
    forms: dict[str, bytes]
    etag: str
    is_named_by_content: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the page consists of, held in memory."""

    index: str
    files: dict[str, StaticFile]


def load_page() -> Page:
    """Read the built page out of the package; without one, a page that says so."""
    root = resources.files("postroom") / "static"
    if not root.is_dir():
        return Page(_NOT_BUILT, {})
    found = _walk(root, "")
    index = found.pop("index.html", _NOT_BUILT.encode()).decode()
    plain = {path: content for path, content in found.items() if not path.endswith((".br", ".gz"))}
    return Page(index, {path: _file(path, content, found) for path, content in plain.items()})


def page_routes(page: Page) -> list[HTTPRouteHandler]:
    """The routes of the page: its root, and everything that no other route is for."""

    async def page_root(request: OpenRequest) -> Response[bytes]:
        """The page."""
        return _index(page)

    async def page_file(request: OpenRequest, path: FromPath[str]) -> Response[bytes]:
        """A file of the page, or the page itself."""
        return _answer(page, request, path.strip("/"))

    routed = partial(HTTPRouteHandler, http_method=[HttpMethod.GET, HttpMethod.HEAD], include_in_schema=False)
    return [routed("/")(page_root), routed("/{path:path}")(page_file)]


def _answer(page: Page, request: OpenRequest, path: str) -> Response[bytes]:
    file = page.files.get(path)
    if file is None:
        if path.startswith(("assets/", "api/")):
            raise NotFound("There is nothing at this address.")
        return _index(page)
    headers = {"ETag": file.etag, "Vary": "Accept-Encoding", "Cache-Control": "no-cache"}
    if file.is_named_by_content:
        headers["Cache-Control"] = "public, max-age=31536000, immutable"
    if path.endswith(".js"):
        headers["Content-Security-Policy"] = _SCRIPT_POLICY
    if request.headers.get("if-none-match") == file.etag:
        return Response(b"", status_code=304, headers=headers, media_type=file.content_type)
    accepted = {word.partition(";")[0].strip() for word in request.headers.get("accept-encoding", "").split(",")}
    for encoding, _ in _ENCODINGS:
        if encoding in accepted and encoding in file.forms:
            headers["Content-Encoding"] = encoding
            return Response(file.forms[encoding], headers=headers, media_type=file.content_type)
    return Response(file.forms[""], headers=headers, media_type=file.content_type)


def _index(page: Page) -> Response[bytes]:
    nonce = secrets.token_urlsafe(18)
    headers = {
        "Content-Security-Policy": _PAGE_POLICY.format(nonce=nonce),
        "X-Frame-Options": "DENY",
        "Cache-Control": "no-store",
    }
    return Response(page.index.replace(_NONCE_PLACE, nonce).encode(), headers=headers, media_type=_TYPES["html"])


def _walk(folder: Traversable, prefix: str) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for entry in folder.iterdir():
        if entry.is_dir():
            found |= _walk(entry, f"{prefix}{entry.name}/")
        else:
            found[f"{prefix}{entry.name}"] = entry.read_bytes()
    return found


def _file(path: str, content: bytes, found: dict[str, bytes]) -> StaticFile:
    forms = {"": content}
    for encoding, ending in _ENCODINGS:
        if path + ending in found:
            forms[encoding] = found[path + ending]
    content_type = _TYPES.get(path.rpartition(".")[2], "application/octet-stream")
    etag = f'"{hashlib.sha256(content).hexdigest()[:24]}"'
    return StaticFile(content_type, forms, etag, path.startswith("assets/"))

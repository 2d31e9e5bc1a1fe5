"""The gate that every request passes before any route: who is calling, may this be called so, and what every answer
carries.

Closed unless opened: a path under /api/ needs credentials, whether it exists or not, but for the few in OPEN_PATHS.
"""

import logging
import re
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass

import msgspec
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPResponseStartEvent, HTTPScope, Message, Receive, Scope, Send

from postroom.doors.web.auth import Caller, Callers, credentials_in
from postroom.doors.web.errors import REFUSALS, NotSignedIn, SecondFactorNeeded, answer_to
from postroom.doors.web.overrides import as_meant
from postroom.doors.web.rate_limits import Asking, Headers, RateLimits, Standing
from postroom.doors.web.slow_bodies import Patience, in_time
from postroom.ground.clock import Clock
from postroom.ground.errors import Forbidden, Invalid
from postroom.ground.events import Origin, caused_by
from postroom.ground.ids import new_id
from postroom.ground.viewer import seen_by

_log = logging.getLogger(__name__)

OPEN_PATHS = frozenset(
    f"/api/v1/{path}"
    for path in (
        "auth/state", "auth/setup", "auth/sign_in", "auth/code", "auth/sign_out", "auth/forgot", "auth/link",
        "auth/link/use", "openapi.json",
    )
)  # fmt: skip
"""What anybody may call, without the trailing slash."""

_ENROLLING = ("/api/v1/auth/", "/api/v1/two_factor", "/api/v1/security", "/api/v1/preferences")
"""What a user may call who still has to set up the second factor that the organization asks for."""

NOBODY = "nobody"
"""For whom is read where nobody is signed in: a user that there is not."""

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_STRICT_POLICY = b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


@dataclass(frozen=True, slots=True)
class House:
    """What the gate has to know of the installation. `most_body_bytes` is of a request that is no upload."""

    base_url: str
    clock: Clock
    rate_limit: int
    most_body_bytes: int
    patience: Patience


class Gate:
    """Wraps the whole application."""

    def __init__(self, inside: ASGIApp, callers: Callers, house: House) -> None:
        self._inside = inside
        self._callers = callers
        self._house = house
        self._limits = RateLimits(house.rate_limit)
        self._always = _headers_of_every_answer(house.base_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request in, or answer it here."""
        if scope["type"] != ScopeType.HTTP:
            await self._inside(scope, receive, send)
            return
        extra: Headers = []
        scope, is_bare = _asked_for_the_head(_at_its_path(scope))

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add_headers(message, extra)
            elif is_bare and message["type"] == "http.response.body":
                message["body"] = b""
            await send(message)

        try:
            caller = await self._admit(scope)
            receive = in_time(receive, self._house.patience)
            if caller:
                receive = await as_meant(scope, receive, self._house.most_body_bytes)
        except REFUSALS as refusal:
            await _refuse(send_guarded, refusal)
            return
        standing = self._standing(scope, caller) if caller else None
        if standing:
            extra += standing.headers()
            if standing.refused_by:
                await _answer(send_guarded, 429, standing.refusal())
                return
        with caused_by(_origin(scope, caller)), _eyes_of(caller):
            await self._inside(scope, receive, send_guarded)

    async def _admit(self, scope: HTTPScope) -> Caller | None:
        """Raises what stands against this request; else leaves the user in the scope and answers who it is."""
        # PostgreSQL's text cannot hold NUL, and no address, id or word contains one.
        if "\0" in scope["path"] or b"%00" in scope["query_string"]:
            raise Invalid("The address contains a NUL character.")
        canonical = _canonical(scope)
        if not canonical.startswith("/api/"):
            return None
        credentials = credentials_in(scope["headers"])
        remote = scope["client"][0] if scope["client"] else ""
        caller = await self._callers.caller(credentials, remote) if credentials else None
        if scope["method"] not in _READING:
            _refuse_other_sites(scope["headers"])
            if caller and caller.session:
                _refuse_without_mark(scope["headers"])
        if caller:
            if caller.session and caller.user.must_enrol and not _may_before_enrolling(canonical):
                raise SecondFactorNeeded("Your organization asks for two-factor sign-in: set it up first.")
            scope["user"] = caller.user
            scope["auth"] = caller.session
        elif canonical not in OPEN_PATHS:
            raise NotSignedIn("Sign in, or send an API key as the user name of HTTP Basic.")
        else:
            scope["user"] = scope["auth"] = None
        return caller

    def _standing(self, scope: HTTPScope, caller: Caller) -> Standing | None:
        """Where the key stands; None for a session of the page."""
        if not caller.key_id:
            return None
        asking = Asking(caller.key_id, caller.user.organization_id, scope["method"], _canonical(scope))
        return self._limits.spend(asking, self._house.clock())

    def _add_headers(self, message: HTTPResponseStartEvent, extra: Headers) -> None:
        headers = [*message["headers"], *extra]
        present = {name.lower() for name, _ in headers}
        headers += [header for header in self._always if header[0] not in present]
        message["headers"] = headers


def _asked_for_the_head(scope: HTTPScope) -> tuple[HTTPScope, bool]:
    """A HEAD is the GET whose body is left out (RFC 9110 9.3.2). In a scope of its own: the server reads the old one.
    The live feed, which does not end, is left to say no."""
    if scope["method"] != "HEAD" or not scope["path"].startswith("/api/") or "/live" in scope["path"]:
        return scope, False
    return {**scope, "method": "GET"}, True


_OLD_PATH = re.compile(r"(/+api/+v1/+)custom_fields(?=/|$)")


def _at_its_path(scope: HTTPScope) -> HTTPScope:
    """Close's older clients read, make and change custom fields at `/custom_fields/`."""
    path = _OLD_PATH.sub(r"\1custom_field", scope["path"], count=1)
    return scope if path == scope["path"] else {**scope, "path": path}


def _canonical(scope: HTTPScope) -> str:
    """The path without doubled and trailing slashes."""
    return "/" + "/".join(part for part in scope["path"].split("/") if part)


def _origin(scope: HTTPScope, caller: Caller | None) -> Origin:
    """What the events of this request say about where they come from."""
    key_id = caller.key_id if caller else ""
    return Origin(new_id("req"), key_id or None, scope["method"], scope["path"])


def _eyes_of(caller: Caller | None) -> AbstractContextManager[None]:
    """What is read for this request is read with its caller's eyes."""
    return seen_by(caller.user.id, caller.user.bounds) if caller else seen_by(NOBODY)


def _may_before_enrolling(canonical: str) -> bool:
    return canonical in OPEN_PATHS or canonical.startswith(_ENROLLING)


def _headers_of_every_answer(base_url: str) -> tuple[tuple[bytes, bytes], ...]:
    """Added where the answer does not say otherwise itself."""
    headers = [
        (b"content-security-policy", _STRICT_POLICY),
        (b"x-content-type-options", b"nosniff"),
        (b"x-frame-options", b"SAMEORIGIN"),
        (b"referrer-policy", b"no-referrer"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"cross-origin-resource-policy", b"same-origin"),
        (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), browsing-topics=()"),
        (b"cache-control", b"no-store"),
    ]
    if base_url.startswith("https:"):
        headers.append((b"strict-transport-security", b"max-age=31536000"))
    return tuple(headers)


def _refuse_other_sites(headers: Iterable[tuple[bytes, bytes]]) -> None:
    """A browser says itself when another site's page makes the request (Fetch Metadata)."""
    for name, value in headers:
        if name == b"sec-fetch-site" and value == b"cross-site":
            raise Forbidden("Another site's page may not do this.")


def _refuse_without_mark(headers: Iterable[tuple[bytes, bytes]]) -> None:
    """A cookie comes along by itself; a header of ours only from our own page (forged requests have none)."""
    if not any(name == b"x-postroom" and value == b"1" for name, value in headers):
        raise Forbidden("With a session cookie, the header X-Postroom: 1 is needed to change anything.")


async def _refuse(send: Send, refusal: Exception) -> None:
    """Answer in the shape of every other error. No WWW-Authenticate: browsers would ask for a password of their own."""
    status, answer, _ = answer_to(refusal)
    await _answer(send, status, msgspec.json.encode(answer))


async def _answer(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})

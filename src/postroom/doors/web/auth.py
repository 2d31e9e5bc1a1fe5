"""Who is calling: an API key (HTTP Basic, as Close) or a session cookie, turned into the acting user.

Only hashes of secrets are stored or remembered. What was found is remembered for some seconds, so that a busy client
costs no query per request; signing out and taking a key back are forgotten here at once, elsewhere when that time is
over.
"""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from litestar.datastructures import Cookie

from postroom.ground.clock import Clock
from postroom.ground.database import Database
from postroom.ground.passwords import api_key_id, is_genuine, secret_hash
from postroom.rooms.users import session_store, store
from postroom.rooms.users.user import ActingUser

COOKIE = "postroom_session"
BROWSER_COOKIE = "postroom_browser"
"""Marks a browser that has signed in before. Proves nothing; guessing elsewhere does not slow it down."""
SESSION_LASTS = timedelta(days=30)
_REMEMBERED = timedelta(seconds=5)
_MOST_REMEMBERED = 10_000
_NO_KEY = "-"
"""An unreadable or empty key is still a try: it must not fall back to a cookie that comes along."""

Headers = Iterable[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Caller:
    """A proven user. `session` is the hash of the cookie that proved it, None for an API key; `key_id` is the key's."""

    user: ActingUser
    session: bytes | None
    key_id: str = ""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a request brings: an API key, or a cookie. A key is what counts where both come."""

    api_key: str = ""
    cookie: str = ""

    @property
    def hash(self) -> bytes:
        """Under what the answer is remembered."""
        return secret_hash(f"{self.api_key}\0{self.cookie}")


class Callers:
    """Finds out who is calling, and remembers it for some seconds."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._remembered: dict[bytes, tuple[datetime, Caller]] = {}

    async def caller(self, credentials: Credentials, remote: str = "") -> Caller | None:
        """The caller, None where the credentials prove nobody. `remote` is noted as where the session is used."""
        now = self._clock()
        key = credentials.hash
        known = self._remembered.get(key)
        if known and now < known[0]:
            return known[1]
        caller = await self._prove(credentials, remote, now)
        if len(self._remembered) >= _MOST_REMEMBERED:
            self._remembered.clear()
        if caller:
            self._remembered[key] = (now + _REMEMBERED, caller)
        else:
            self._remembered.pop(key, None)
        return caller

    def forget_all(self) -> None:
        """A session or key has ended, or a user has changed."""
        self._remembered.clear()

    async def _prove(self, credentials: Credentials, remote: str, now: datetime) -> Caller | None:
        async with self._db.transaction() as tx:
            if credentials.api_key:
                key_id = api_key_id(credentials.api_key)
                found = await store.user_by_api_key(tx, key_id, now) if key_id else None
                is_right = found is not None and is_genuine(credentials.api_key, found[1])
                return Caller(found[0], None, key_id or "") if found and is_right else None
            token_hash = secret_hash(credentials.cookie)
            user = await session_store.user_by_session(tx, token_hash, remote, now)
            return Caller(user, token_hash) if user else None


def credentials_in(headers: Headers) -> Credentials | None:
    """What the headers bring, None where they bring nothing."""
    api_key, cookie = "", ""
    for name, value in headers:
        if name == b"authorization":
            api_key = _api_key(value)
        elif name == b"cookie":
            cookie = _session_cookie(value) or cookie
    return Credentials(api_key, cookie) if api_key or cookie else None


def session_cookie(token: str, *, seconds: int, base_url: str) -> str:
    """The Set-Cookie value. Lax: a link from a mail opens the page signed in; other sites' posts bring no cookie."""
    secure = "; Secure" if base_url.startswith("https:") else ""
    return f"{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}"


def browser_cookie(token: str, *, seconds: int, base_url: str) -> Cookie:
    """The mark of a browser that has signed in; only signing in has a use for it."""
    return Cookie(
        key=BROWSER_COOKIE, value=token, path="/api/v1/auth", httponly=True, samesite="strict", max_age=seconds,
        secure=base_url.startswith("https:"),
    )  # fmt: skip


def _api_key(value: bytes) -> str:
    """The user name of HTTP Basic (RFC 7617), where Close puts the key; the password is empty.

    As a bearer token a key works too: connectors made for Close's OAuth know no other header.
    """
    scheme, _, encoded = value.partition(b" ")
    if scheme.lower() == b"bearer":
        return encoded.decode("latin-1").strip().replace("\0", "") or _NO_KEY
    if scheme.lower() != b"basic":
        return ""
    try:
        name, _, _ = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return _NO_KEY
    return name.replace("\0", "") or _NO_KEY


def _session_cookie(value: bytes) -> str:
    for pair in value.decode("latin-1").split(";"):
        name, _, content = pair.strip().partition("=")
        if name == COOKIE:
            return content
    return ""

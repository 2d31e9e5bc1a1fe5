"""What people and programs prove themselves with: passwords, API keys, session tokens. Only hashes are ever stored.

Passwords are short and guessable, hence Argon2id (RFC 9106), slow on purpose. API keys and session tokens are 256
random bits: one SHA-256 is enough, and fast enough for every request.
"""

import asyncio
import hashlib
import hmac
import re
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from postroom.ground.errors import Invalid

SHORTEST_PASSWORD = 8
"""Characters; NIST SP 800-63B 5.1.1.2 asks for at least this many and against rules about kinds of characters."""

LONGEST_PASSWORD_BYTES = 1024
"""Longer ones are refused, so that nobody can make us hash megabytes."""

_HASHER = PasswordHasher(time_cost=3, memory_cost=65536, parallelism=1)
"""RFC 9106 section 4, second recommended option (64 MiB), with one lane: a server hashes for many at once."""

_HASHING = ThreadPoolExecutor(4, thread_name_prefix="hashing")
"""Each hash takes 64 MiB: of all who sign in at once four are looked at, the others wait. The event loop's own threads
stay free for the disk and for looking up names, whoever guesses passwords."""

_NOBODYS_HASH = "$argon2id$v=19$m=65536,t=3,p=1$ckdzNbB3yNmskcDTzqQ5dg$urPLGJoJjKZgOtgfYMX1IDgLBwg/eR40SyROQN9hPFk"
"""Of no password anyone knows. Checked when the user does not exist, so that the time does not tell who does."""

_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_KEY_ID_LENGTH = 22
_SECRET_LENGTH = 43  # 62 to the 43rd is over 2 to the 256th
_API_KEY = re.compile(rf"api_[0-9A-Za-z]{{{_KEY_ID_LENGTH}}}\.[0-9A-Za-z]{{{_SECRET_LENGTH}}}")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a password is right, and the hash to store instead of the old one if the cost has been raised since."""

    is_right: bool
    new_hash: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class NewApiKey:
    """An API key just made: its text, shown to its owner once, and what is stored of it."""

    text: str = field(repr=False)
    id: str
    secret_hash: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class NewSession:
    """The token of a browser that has just signed in, and the hash by which its row is found."""

    token: str = field(repr=False)
    token_hash: bytes = field(repr=False)


async def hash_password(password: str) -> str:
    """The Argon2id hash to store. Invalid if the password is too short or too long. Takes about 0.1 s, in a thread."""
    if len(password) < SHORTEST_PASSWORD or len(password.encode()) > LONGEST_PASSWORD_BYTES:
        raise Invalid(field_errors={"password": f"Use at least {SHORTEST_PASSWORD} characters."})
    return await asyncio.get_running_loop().run_in_executor(_HASHING, _HASHER.hash, password)


async def verify_password(password: str, stored_hash: str | None) -> Verdict:
    """Whether `password` is the one behind `stored_hash`; None (no such user) takes as long and is never right."""
    if len(password.encode()) > LONGEST_PASSWORD_BYTES:
        return Verdict(is_right=False)
    return await asyncio.get_running_loop().run_in_executor(_HASHING, _verify, password, stored_hash)


def new_api_key() -> NewApiKey:
    """`api_<22 base62>.<43 base62>`: the part before the dot names the key's row, the part after it is the secret."""
    id_ = f"api_{_random_text(_KEY_ID_LENGTH)}"
    text = f"{id_}.{_random_text(_SECRET_LENGTH)}"
    return NewApiKey(text, id_, secret_hash(text))


def api_key_id(text: str) -> str | None:
    """The id before the dot of an API key; None if the text cannot be one, so that no query is spent on it."""
    return text.partition(".")[0] if _API_KEY.fullmatch(text) else None


def new_session() -> NewSession:
    """256 random bits for a cookie."""
    token = _random_text(_SECRET_LENGTH)
    return NewSession(token, secret_hash(token))


def secret_hash(text: str) -> bytes:
    """SHA-256 of an API key or session token: what rows hold. Any text has one, so that none breaks a look-up."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def is_genuine(text: str, stored_hash: bytes) -> bool:
    """Whether `text` is the key or token that `stored_hash` was stored for. Takes the same time either way."""
    return hmac.compare_digest(secret_hash(text), stored_hash)


def _verify(password: str, stored_hash: str | None) -> Verdict:
    try:
        _HASHER.verify(stored_hash or _NOBODYS_HASH, password)
    except (VerificationError, InvalidHashError):
        return Verdict(is_right=False)
    if stored_hash is None:
        return Verdict(is_right=False)
    return Verdict(True, _HASHER.hash(password) if _HASHER.check_needs_rehash(stored_hash) else None)


def _random_text(length: int) -> str:
    return "".join(secrets.choice(_BASE62) for _ in range(length))

"""Tickets: a few words sealed into one that can stand in a URL, so that nobody can make, read or change one.

AES-SIV (RFC 5297) needs no nonce: the same words make the same ticket. A ticket of another installation, of another
purpose (each has a key of its own, `Vault.hash_key`), or with a letter changed does not open.
"""

import base64
import binascii
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

_BETWEEN = "\0"


class Tickets:
    """Seals and opens with one key of 32 bytes. `form` tells one layout of words from a later one."""

    def __init__(self, key: bytes, form: bytes) -> None:
        self._cipher = AESSIV(key)
        self._form = form

    def seal(self, words: Sequence[str]) -> str:
        """Letters, digits, - and _ alone: it stands in URLs and subjects as it is. No word but the last holds NUL."""
        sealed = self._cipher.encrypt(_BETWEEN.join(words).encode(), [self._form])
        return base64.urlsafe_b64encode(sealed).decode().rstrip("=")

    def open(self, ticket: str, count: int) -> tuple[str, ...] | None:
        """The words, so many of them; None for what is none of ours."""
        if not ticket.isascii():
            return None
        try:
            sealed = base64.b64decode(ticket + "=" * (-len(ticket) % 4), altchars=b"-_", validate=True)
            words = self._cipher.decrypt(sealed, [self._form]).decode()
        except (binascii.Error, InvalidTag, ValueError):
            return None
        found = tuple(words.split(_BETWEEN, count - 1))
        return found if len(found) == count else None

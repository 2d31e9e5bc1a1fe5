"""Keyed hashes: how the ledger knows an address or a Message-ID again without keeping it.

BLAKE2b with the organization's own key (RFC 7693 2.9), so that nobody without the key can try addresses against the
ledger, and equal addresses of two organizations have nothing in common.
"""

from functools import lru_cache, partial
from hashlib import blake2b


class KeyedHash:
    """Hashes with one organization's key, which is 16 to 64 bytes."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        # Correspondents repeat: nearly every address of a mailbox has been hashed before. The cache must not hold this
        # object, or the megabytes of both would stay until Python looks for cycles, one pair for each job.
        self.of_text = lru_cache(maxsize=65_536)(partial(_hash_of_text, key))

    def of_bytes(self, value: bytes) -> int:
        """A signed 64-bit hash."""
        return _hash_of_bytes(self._key, value)

    def wide(self, value: bytes) -> str:
        """A 128-bit hash as 32 hexadecimal digits, for where a collision must never happen."""
        return blake2b(value, digest_size=16, key=self._key).hexdigest()


def _hash_of_text(key: bytes, text: str) -> int:
    """A signed 64-bit hash of a text, as PostgreSQL's bigint holds it."""
    return _hash_of_bytes(key, text.encode("utf-8", "replace"))


def _hash_of_bytes(key: bytes, value: bytes) -> int:
    return int.from_bytes(blake2b(value, digest_size=8, key=key).digest(), "big", signed=True)

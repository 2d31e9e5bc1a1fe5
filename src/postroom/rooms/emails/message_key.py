"""What a message is known by: a keyed hash over its stable parts, the same in every mailbox that holds a copy.

A Message-ID alone is no identity: carriers reuse them. The stable parts (Message-ID, Date, From, Subject) come from
`wire.mime.identity.identity_of`. Across mailboxes a relay may re-encode a body, so the body is left out there; inside
one folder two messages alike in all of these but unlike in their words are two messages (`apart`).
"""

from postroom.ground.keyed_hash import KeyedHash


def message_key(hashes: KeyedHash, identity: bytes) -> str:
    """The id of a row in `messages`: 32 hexadecimal digits."""
    return hashes.wide(identity)


def sighting_identity(key: str) -> int:
    """The same identity as the ledger keeps it: the first 64 bits, as a signed number."""
    return int.from_bytes(bytes.fromhex(key[:16]), "big", signed=True)


def apart(hashes: KeyedHash, identity: bytes, fingerprint: bytes) -> str:
    """The key of a second message that shares all stable parts with another of its folder, but not the words."""
    return hashes.wide(identity + b"\0" + fingerprint)

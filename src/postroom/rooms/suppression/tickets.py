"""What stands in an unsubscribe link: who asks no more mail of whom, sealed so that nobody can make or read one.

AES-SIV (RFC 5297) needs no nonce, so an address has one ticket for each email, and a ticket of another installation or
one with a letter changed does not open. The address travels inside: the link works for as long as the key is kept,
also when the email and its lead are long deleted. Pure: the key comes in.
"""

import base64
import binascii
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

PURPOSE = "unsubscribe"
"""Of the key, for `Vault.hash_key`. Its organization is "": whose a ticket is stands inside it."""

LONGEST_TICKET = 1_000
_FORM = b"u1"


@dataclass(frozen=True, slots=True)
class Ticket:
    """The recipient of an email, in whose organization, and which email it was ("" where none has an id)."""

    organization_id: str
    address: str
    email_id: str = ""


class Tickets:
    """Makes and reads tickets with one key of 32 bytes."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESSIV(key)

    def make(self, ticket: Ticket) -> str:
        """Letters, digits, - and _ alone: it stands in URLs and subjects as it is."""
        words = "\0".join((ticket.organization_id, ticket.email_id, ticket.address)).encode()
        return base64.urlsafe_b64encode(self._cipher.encrypt(words, [_FORM])).decode().rstrip("=")

    def read(self, text: str) -> Ticket | None:
        """The ticket; None for what is none of ours."""
        if not text.isascii() or len(text) > LONGEST_TICKET:
            return None
        try:
            sealed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            words = self._cipher.decrypt(sealed, [_FORM]).decode()
        except (binascii.Error, InvalidTag, ValueError):
            return None
        organization_id, email_id, address = words.split("\0", 2)
        return Ticket(organization_id, address, email_id)

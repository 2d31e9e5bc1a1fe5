"""What stands in an unsubscribe link: who asks no more mail of whom, sealed so that nobody can make or read one.

The address travels inside: the link works for as long as the key is kept, also when the email and its lead are long
deleted. Pure: the key comes in.
"""

from dataclasses import dataclass

from postroom.ground import tickets

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
        self._tickets = tickets.Tickets(key, _FORM)

    def make(self, ticket: Ticket) -> str:
        """Letters, digits, - and _ alone: it stands in URLs and subjects as it is."""
        return self._tickets.seal((ticket.organization_id, ticket.email_id, ticket.address))

    def read(self, text: str) -> Ticket | None:
        """The ticket; None for what is none of ours."""
        words = self._tickets.open(text, 3) if len(text) <= LONGEST_TICKET else None
        return Ticket(words[0], words[2], words[1]) if words else None

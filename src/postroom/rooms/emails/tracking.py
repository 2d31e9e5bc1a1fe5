"""Whether an email's opening and clicks are to be told, and what its links and its pixel hold. Pure.

A *tracked link* is an address of ours with a ticket in it: the organization, the email, the recipient and the target,
sealed together. So the target cannot be changed (no open redirect), and nobody learns an address from a link.
"""

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from postroom.ground.tickets import Tickets

CLICK, OPEN = "click", "open"
"""Purposes of the keys, for `Vault.hash_key`: a pixel's ticket opens no link. The organization stands in the ticket."""

LONGEST_TARGET = 2_000
LONGEST_TICKET = 4_000
_WEB = re.compile(r"https?://[^/?#]", re.I)
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\\]")
_PLAIN = "".join(map(chr, range(0x21, 0x7F)))


@dataclass(frozen=True, slots=True)
class Tracking:
    """What of an email is told."""

    opens: bool = False
    clicks: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """Who gets an email: the address only where it is one person's alone, since all get the same bytes."""

    organization_id: str
    email_id: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Marks:
    """Makes and reads the tickets of links and pixels."""

    clicks: Tickets
    opens: Tickets

    def link(self, reader: Reader, target: str) -> str | None:
        """The ticket of a link; None for a target that is left as it is."""
        safe = safe_target(target)
        if safe is None:
            return None
        return self.clicks.seal((reader.organization_id, reader.email_id, reader.address, safe))

    def pixel(self, reader: Reader) -> str:
        """The ticket of the pixel."""
        return self.opens.seal((reader.organization_id, reader.email_id, reader.address))

    def target_of(self, ticket: str) -> str | None:
        """Where a link leads; None for a ticket that is none of ours. The target is judged again."""
        words = self.clicks.open(ticket, 4) if len(ticket) <= LONGEST_TICKET else None
        return safe_target(words[3]) if words else None


def marks_of(click_key: bytes, open_key: bytes) -> Marks:
    """With the keys of an installation."""
    return Marks(Tickets(click_key, b"c1"), Tickets(open_key, b"o1"))


def safe_target(url: str) -> str | None:
    """An address of the web as it can stand in a header field; None for any other address."""
    if len(url) > LONGEST_TARGET or not _WEB.match(url) or _FORBIDDEN.search(url):
        return None
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return None
    # What is not ASCII is written as browsers do (WHATWG URL 4.1); they read a host so written, too.
    return quote(url, safe=_PLAIN) if host else None

"""The way to unsubscribe that an email carries: header fields, and a link for its words.

`List-Unsubscribe` with https and mailto, and `List-Unsubscribe-Post` for the mail program's button (RFC 2369, RFC
8058). Without https (POSTROOM_BASE_URL) only mailto stands in the header: no mail program posts to http.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from postroom.ground.database import Transaction
from postroom.journeys.tools import Tools
from postroom.rooms.emails.email import addresses_of
from postroom.rooms.suppression import store
from postroom.rooms.suppression.suppression import UnsubscribeMode
from postroom.rooms.suppression.tickets import PURPOSE, Ticket, Tickets
from postroom.rooms.templates.values import Values, unsubscribe_values

_IN_SUBJECT = re.compile(r"\bunsubscribe[\s:+]+([A-Za-z0-9_-]{40,1000})(?![A-Za-z0-9_-])", re.I)
_LONGEST_SUBJECT = 2_000


@dataclass(frozen=True, slots=True)
class UnsubscribeLink:
    """For one recipient of one email. `headers` go into `OutgoingContent.extra_headers`."""

    url: str
    headers: tuple[tuple[str, str], ...]


class UnsubscribeLinks:
    """Makes the links of one organization; hold it for a whole batch. `mode` says whether its mail carries any."""

    def __init__(self, tools: Tools, organization_id: str, mode: UnsubscribeMode) -> None:
        self._tickets = tickets_of(tools)
        self._organization_id = organization_id
        self._base_url = tools.config.base_url
        self.mode = mode

    def of(self, address: str, email_id: str, mail_to: str) -> UnsubscribeLink | None:
        """The link of a recipient; None where the organization wants none.

        `mail_to` is an address whose mailbox is connected here, as the sender's own: mail to it is read.
        """
        if self.mode is UnsubscribeMode.OFF:
            return None
        ticket = self._tickets.make(Ticket(self._organization_id, address, email_id))
        url = f"{self._base_url}/unsubscribe/{ticket}"
        by_mail = f"<mailto:{quote(mail_to, safe='@')}?subject=unsubscribe%20{ticket}>"  # RFC 6068 2
        if not url.startswith("https://"):
            return UnsubscribeLink(url, (("List-Unsubscribe", by_mail),))
        return UnsubscribeLink(
            url,
            (("List-Unsubscribe", f"<{url}>, {by_mail}"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")),
        )


async def unsubscribe_links(tools: Tools, tx: Transaction, organization_id: str) -> UnsubscribeLinks:
    """The links of an organization, as its admins want them now."""
    return UnsubscribeLinks(tools, organization_id, await store.unsubscribe_mode(tx, organization_id))


async def unsubscribe_values_for(tools: Tools, tx: Transaction, organization_id: str, address: str) -> Values:
    """What `{{ unsubscribe.link }}` and `{{ unsubscribe.url }}` become in an email to an address; empty without one."""
    links = await unsubscribe_links(tools, tx, organization_id)
    link = links.of(address, "", "") if address else None
    return unsubscribe_values(link.url if link else "")


def first_address(to: tuple[str, ...], recipient: Values) -> str:
    """Whom the link of an email written by hand is for: its first recipient, else the contact it is filled in for."""
    written = addresses_of(to)
    contact = recipient.get("contact")
    own = contact.get("email", "") if isinstance(contact, Mapping) else ""
    return written[0].email if written else str(own)


def tickets_of(tools: Tools) -> Tickets:
    """The tickets of this installation."""
    return Tickets(tools.vault.hash_key(PURPOSE, ""))


def ticket_in_subject(tickets: Tickets, subject: str) -> Ticket | None:
    """The ticket that an email to the mailto address brings back in its subject."""
    found = _IN_SUBJECT.search(subject[:_LONGEST_SUBJECT])
    return tickets.read(found[1]) if found else None

"""The header fields that every email of a bulk email carries, at its first try as at any later one."""

from dataclasses import dataclass

from postroom.ground.database import Transaction
from postroom.journeys.steps.unsubscribe_links import UnsubscribeLinks, unsubscribe_links
from postroom.journeys.tools import Tools

Headers = tuple[tuple[str, str], ...]

_NO_ANSWERING_MACHINES = (
    # What vacation programs look at before they answer: RFC 3834 2 knows no other way to ask them, Exchange the second.
    ("Precedence", "bulk"),
    ("X-Auto-Response-Suppress", "OOF, AutoReply"),
)


@dataclass(frozen=True, slots=True)
class BulkHeaders:
    """Makes them for one organization; hold it for a whole turn."""

    links: UnsubscribeLinks

    def of(self, address: str, email_id: str, mail_to: str) -> Headers:
        """For one recipient of one email. `mail_to` is the sender's own address."""
        link = self.links.of(address, email_id, mail_to)
        return _NO_ANSWERING_MACHINES + (link.headers if link else ())

    def url(self, address: str, email_id: str, mail_to: str) -> str:
        """Where the link to unsubscribe leads that stands in the words; "" where the organization wants none."""
        link = self.links.of(address, email_id, mail_to)
        return link.url if link else ""


async def bulk_headers(tools: Tools, tx: Transaction, organization_id: str) -> BulkHeaders:
    """The headers of an organization's bulk email, as its admins want them now."""
    return BulkHeaders(await unsubscribe_links(tools, tx, organization_id))

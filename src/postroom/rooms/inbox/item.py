"""An Inbox item: one thread in one account's Inbox. Pure.

Open: it waits now. Snoozed: it waits from a later time on. Done: dealt with. New mail in a done or snoozed thread
opens it again. Snooze never touches the mailbox; Done does (rooms/mailbox/placement.py).
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class InboxItem:
    """A row of `inbox_items`."""

    id: str
    account_id: str
    user_id: str | None
    lead_id: str
    contact_id: str | None
    thread_id: str
    is_done: bool
    due_at: datetime
    latest_at: datetime

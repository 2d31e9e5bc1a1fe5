"""An Inbox item: one thread in one account's Inbox. Pure.

Open: it waits now. Snoozed: it waits from a later time on. Done: dealt with. New mail in a done or snoozed thread
opens it again. Snooze never touches the mailbox; Done does (rooms/mailbox/placement.py).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ItemView(StrEnum):
    """Close's three tabs, by its names for them."""

    INBOX = "inbox"
    FUTURE = "future"
    ARCHIVE = "archive"


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


def view_of(item: InboxItem, now: datetime) -> ItemView:
    """Which tab an item stands in."""
    if item.is_done:
        return ItemView.ARCHIVE
    return ItemView.FUTURE if item.due_at > now else ItemView.INBOX

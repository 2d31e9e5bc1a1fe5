"""Threads that a new email showed to be one are put together: their emails, their Inbox items, what was said of them.

In the caller's transaction, with the lead locked. Placements are locked before items, as wherever both are
(`journeys/archive.py`, `steps/reconcile.py`): somebody may press Done in one of the threads just now.
"""

from collections.abc import Mapping

from postroom.ground.database import Transaction
from postroom.rooms.comments import store as comment_store
from postroom.rooms.emails import arriving_store
from postroom.rooms.inbox import store as inbox_store
from postroom.rooms.mailbox import placement_store


async def merge_threads(tx: Transaction, organization_id: str, merged: Mapping[str, str]) -> None:
    """Each key goes into its value, and ends."""
    if not merged:
        return
    threads = sorted({*merged, *merged.values()})
    messages = await arriving_store.messages_of_threads(tx, organization_id, threads)
    keys = [key for found in messages.values() for key in found]
    await placement_store.lock_placements(tx, organization_id, keys)
    await inbox_store.lock_items(tx, organization_id, threads)
    await arriving_store.merge_threads(tx, organization_id, merged)
    await inbox_store.follow_merged_threads(tx, organization_id, merged)
    await comment_store.follow_merged_threads(tx, organization_id, merged)

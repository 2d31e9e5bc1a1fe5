"""Done, reopen, snooze, read: what a person decides in the Inbox. The wish is written down; the mailbox follows later.

    mark_done, reopen, mark_read, mark_unread   T   the items, the placements, the hint
    snooze                                      T   ours alone; the mailbox never hears of it

`journeys/settle.py` then makes the mailbox agree.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from postroom.ground import events
from postroom.ground.database import Transaction
from postroom.ground.errors import NotFound
from postroom.ground.events import Event
from postroom.journeys import jobs
from postroom.journeys.steps.reconcile import settled, wanted
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import store as account_store
from postroom.rooms.accounts.access import Asker, demand, may_mark_done
from postroom.rooms.accounts.account import ConnectedAccount
from postroom.rooms.emails import arriving_store
from postroom.rooms.inbox import store as inbox_store
from postroom.rooms.inbox.item import InboxItem
from postroom.rooms.mailbox import placement_store
from postroom.rooms.mailbox.placement_store import PlacementRow

Wish = Callable[[PlacementRow], PlacementRow]


async def mark_done(tools: Tools, asker: Asker, item_ids: Sequence[str]) -> None:
    """The threads are dealt with: their messages leave INBOX for the archive, in the asker's own mailbox alone."""
    async with tools.db.transaction() as tx:
        items = await _own_items(tx, asker, item_ids)
        await inbox_store.set_done(tx, asker.organization_id, [item.id for item in items], True, tools.clock())
        await _wish(tools, tx, asker, items, lambda row: wanted(row, crm_inbox=False))


async def reopen(tools: Tools, asker: Asker, item_ids: Sequence[str]) -> None:
    """Not dealt with after all: back into the Inbox, and the messages back into INBOX."""
    async with tools.db.transaction() as tx:
        items = await _own_items(tx, asker, item_ids)
        await inbox_store.set_done(tx, asker.organization_id, [item.id for item in items], False, tools.clock())
        await _wish(tools, tx, asker, items, lambda row: wanted(row, crm_inbox=True))


async def snooze(tools: Tools, asker: Asker, item_ids: Sequence[str], until: datetime) -> None:
    """Out of sight until a time; a time that has passed brings the items back now."""
    async with tools.db.transaction() as tx:
        items = await _own_items(tx, asker, item_ids)
        was_done = [item for item in items if item.is_done]
        await inbox_store.set_due(tx, asker.organization_id, [item.id for item in items], until, tools.clock())
        await _wish(tools, tx, asker, was_done, lambda row: wanted(row, crm_inbox=True))
        await _tell(tools, tx, asker, items)


async def mark_read(tools: Tools, asker: Asker, thread_id: str) -> None:
    """The thread has been read, in the asker's own mailboxes."""
    await _read_wish(tools, asker, thread_id, lambda row: wanted(row, crm_seen=True))


async def mark_unread(tools: Tools, asker: Asker, thread_id: str) -> None:
    """The thread shall count as unread."""
    await _read_wish(tools, asker, thread_id, lambda row: wanted(row, crm_seen=False))


async def _read_wish(tools: Tools, asker: Asker, thread_id: str, wish: Wish) -> None:
    async with tools.db.transaction() as tx:
        org = asker.organization_id
        for account in await account_store.list_all(tx, org):
            if may_mark_done(asker, account):
                await _lock_placements(tx, org, {account.id: [thread_id]})
                items = await inbox_store.items_of_threads(tx, org, account.id, [thread_id])
                await _wish(tools, tx, asker, items, wish)


async def _own_items(tx: Transaction, asker: Asker, item_ids: Sequence[str]) -> list[InboxItem]:
    """The items, if all are there and all are the asker's own. Raises NotFound, Forbidden; then nothing has changed."""
    org = asker.organization_id
    await _lock_placements(tx, org, await inbox_store.threads_of_items(tx, org, item_ids))
    items = await inbox_store.items_by_id(tx, org, item_ids)
    if len(items) != len(set(item_ids)):
        raise NotFound("There is no such Inbox item.")
    accounts = await account_store.accounts_by_id(tx, org, {item.account_id for item in items})
    for item in items:
        own = may_mark_done(asker, accounts[item.account_id])
        demand(own, "change a coworker's Inbox: Done and Snooze act on one's own mail alone")
    return items


async def _lock_placements(tx: Transaction, organization_id: str, threads: Mapping[str, Sequence[str]]) -> None:
    """By account what the mailbox shows of these threads, before their items: in the order of `steps/reconcile`, which
    may be following the mailbox in the same thread just now."""
    for account_id, thread_ids in threads.items():
        messages = await arriving_store.messages_of_threads(tx, organization_id, thread_ids)
        keys = [key for found in messages.values() for key in found]
        await placement_store.placements_of(tx, organization_id, account_id, keys)


async def _wish(tools: Tools, tx: Transaction, asker: Asker, items: Sequence[InboxItem], wish: Wish) -> None:
    """Write the wish into the placements of the items' messages, and have the mailbox follow."""
    accounts = await account_store.accounts_by_id(tx, asker.organization_id, {item.account_id for item in items})
    for account in accounts.values():
        own = [item for item in items if item.account_id == account.id]
        await _wish_in(tools, tx, account, own, wish)
    await _tell(tools, tx, asker, items)


async def _wish_in(
    tools: Tools, tx: Transaction, account: ConnectedAccount, items: Sequence[InboxItem], wish: Wish
) -> None:
    org = account.organization_id
    messages = await arriving_store.messages_of_threads(tx, org, [item.thread_id for item in items])
    keys = [key for found in messages.values() for key in found]
    placed = await placement_store.placements_of(tx, org, account.id, keys)
    wished = [settled(wish(row), account) for row in placed.values()]
    changed = [row for row in wished if row != placed[row.message_key]]
    await placement_store.save_placements(tx, org, account.id, changed)
    if any(row.needs_push for row in changed):
        payload = {"organization_id": org, "account_id": account.id}
        await tools.jobs.defer(tx, jobs.SETTLE_PLACEMENT, payload)


async def _tell(tools: Tools, tx: Transaction, asker: Asker, items: Sequence[InboxItem]) -> None:
    told = [Event("task.incoming_email", item.id, "updated", item.lead_id, item.user_id) for item in items]
    await events.append(tx, asker.organization_id, told, tools.clock())

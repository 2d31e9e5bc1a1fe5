"""After the mailbox changed: let `placement` decide who follows whom, and let the Inbox follow where it must.

In the caller's transaction, together with what was seen, so that a crash leaves neither without the other.
"""

from collections.abc import Sequence

from postroom.ground import events
from postroom.ground.database import Transaction
from postroom.ground.events import Event
from postroom.journeys import jobs
from postroom.journeys.steps.mail_rules import MailRules
from postroom.journeys.tools import Tools
from postroom.rooms.accounts.account import ConnectedAccount, SyncDirection
from postroom.rooms.emails import arriving_store
from postroom.rooms.inbox import store as inbox_store
from postroom.rooms.mailbox import placement_store
from postroom.rooms.mailbox.placement import Bit, settle
from postroom.rooms.mailbox.placement_store import MailboxView, PlacementRow


async def reconcile(tools: Tools, tx: Transaction, mail: MailRules, message_keys: Sequence[str]) -> None:
    """Compare what we hold of these messages with what the mailbox now shows, and settle the difference."""
    org, account = mail.organization_id, mail.account
    before = await placement_store.placements_of(tx, org, account.id, list(set(message_keys)))
    if not before:
        return
    views = await placement_store.mailbox_views(tx, org, account.id, list(before))
    after = {key: settled(as_seen(row, views[key]), account) for key, row in before.items()}
    # A wish that could not be pushed is worth another try as soon as the mailbox shows something new of its message.
    changed = [row for key, row in after.items() if row != before[key] or row.needs_push]
    await placement_store.save_placements(tx, org, account.id, changed)
    if any(row.needs_push for row in changed):
        await tools.jobs.defer(tx, jobs.SETTLE_PLACEMENT, {"organization_id": org, "account_id": account.id})
    moved = [row.message_key for row in changed if row.crm_inbox != before[row.message_key].crm_inbox]
    read = [row.message_key for row in changed if row.crm_seen != before[row.message_key].crm_seen]
    await follow_in_inbox(tools, tx, account, moved, read)


def as_seen(row: PlacementRow, view: MailboxView) -> PlacementRow:
    """The placement with what the mailbox shows now."""
    return PlacementRow(
        row.message_key,
        row.agreed_inbox,
        row.crm_inbox,
        row.mailbox_inbox if view.in_inbox is None else view.in_inbox,
        row.agreed_seen,
        row.crm_seen,
        row.mailbox_seen if view.is_seen is None else view.is_seen,
        row.needs_push,
    )


def settled(row: PlacementRow, account: ConnectedAccount) -> PlacementRow:
    """Both bits decided by the one rule; write-back only where the account allows it."""
    writes = account.settings.sync_direction is not SyncDirection.INCOMING
    inbox = settle(
        Bit(row.agreed_inbox, row.crm_inbox, row.mailbox_inbox), may_push=writes and account.settings.archive_sync
    )
    seen = settle(Bit(row.agreed_seen, row.crm_seen, row.mailbox_seen), may_push=writes and account.settings.read_sync)
    return PlacementRow(
        row.message_key,
        inbox.bit.agreed,
        inbox.bit.crm,
        inbox.bit.mailbox,
        seen.bit.agreed,
        seen.bit.crm,
        seen.bit.mailbox,
        inbox.push or seen.push,
    )


async def follow_in_inbox(
    tools: Tools, tx: Transaction, account: ConnectedAccount, moved: Sequence[str], read: Sequence[str]
) -> None:
    """Items whose messages left INBOX in the mailbox are done when none is left there; those that came back, open."""
    touched = list({*moved, *read})
    if not touched:
        return
    org, now = account.organization_id, tools.clock()
    threads = {thread for *_, thread in await arriving_store.emails_of_messages(tx, org, touched)}
    items = await inbox_store.items_of_threads(tx, org, account.id, list(threads))
    messages = await arriving_store.messages_of_threads(tx, org, list(threads))
    every = [key for keys in messages.values() for key in keys]
    placed = await placement_store.placements_now(tx, org, account.id, every)
    told = []
    for item in items:
        rows = [placed[key] for key in messages.get(item.thread_id, ()) if key in placed]
        done = not any(row.crm_inbox for row in rows)
        concerned = any(row.message_key in moved for row in rows)
        if concerned and done != item.is_done:
            await inbox_store.set_done(tx, org, [item.id], done, now)
        told.append(Event("task.incoming_email", item.id, "updated", item.lead_id, account.user_id))
    await events.append(tx, org, told, now)


def wanted(row: PlacementRow, *, crm_inbox: bool | None = None, crm_seen: bool | None = None) -> PlacementRow:
    """The placement as a person just wished it here."""
    return PlacementRow(
        row.message_key,
        row.agreed_inbox,
        row.crm_inbox if crm_inbox is None else crm_inbox,
        row.mailbox_inbox,
        row.agreed_seen,
        row.crm_seen if crm_seen is None else crm_seen,
        row.mailbox_seen,
        row.needs_push,
    )

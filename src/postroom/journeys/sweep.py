"""What is due by the clock, and what a crash has left behind: read from the rows, turned into hints.

Serves all organizations at once; it only reads ids and defers jobs.
"""

from collections.abc import Iterable

from postroom.ground.database import Transaction
from postroom.ground.jobs import Job
from postroom.journeys import jobs
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import alert_store
from postroom.rooms.accounts import store as account_store
from postroom.rooms.bulk import store as bulk_email_store
from postroom.rooms.bulk_actions import store as action_store
from postroom.rooms.emails import delivery_store, search_store, sent_copy_store
from postroom.rooms.exports import store as export_store
from postroom.rooms.imports import store as import_store
from postroom.rooms.mailbox import backfill_store, folder_store, placement_store, rejudge_store
from postroom.rooms.users import link_store
from postroom.rooms.webhooks import store as webhook_store


async def due_now(tools: Tools) -> None:
    """Polls whose time has come and emails that may go out: looked at every second."""
    now = tools.clock()
    async with tools.db.transaction() as tx:
        await _hint(tools, tx, jobs.DELIVER_DUE, await delivery_store.accounts_due(tx, now))
        await _hint(tools, tx, jobs.PULL_NEW, await account_store.accounts_due(tx, now))
        for organization_id, webhook_id in await webhook_store.webhooks_due(tx, now):
            payload = {"organization_id": organization_id, "webhook_id": webhook_id}
            await tools.jobs.defer(tx, jobs.CALL_WEBHOOK, payload)
        await _hint(tools, tx, jobs.SEND_BULK, await bulk_email_store.accounts_with_bulk(tx, now))


async def left_behind(tools: Tools) -> None:
    """What has no job though it waits: its worker died, or its hint was lost."""
    await tools.jobs.retake_stalled()
    now = tools.clock()
    async with tools.db.transaction() as tx:
        await _hint(tools, tx, jobs.SETTLE_UNKNOWN, await delivery_store.accounts_to_settle(tx, now))
        await _hint(tools, tx, jobs.FILE_SENT_COPIES, await sent_copy_store.accounts_to_file(tx, now))
        await _hint(tools, tx, jobs.BACKFILL, await backfill_store.accounts_with_backfills(tx))
        await alert_store.forget_recovered(tx)
        await _hint(tools, tx, jobs.TELL_BROKEN, await alert_store.accounts_to_tell_of(tx))
        await _hint(tools, tx, jobs.REJUDGE, await rejudge_store.accounts_to_rejudge(tx))
        await _hint(tools, tx, jobs.SETTLE_PLACEMENT, await placement_store.accounts_to_settle(tx, now))
        await _hint(tools, tx, jobs.MAIL_LINKS, await link_store.accounts_with_links(tx, now))
        await _hint(tools, tx, jobs.PULL_HISTORY, await folder_store.accounts_with_history(tx))
        await _hint(tools, tx, jobs.SEND_BULK, await bulk_email_store.accounts_to_tend(tx, now))
        for organization_id, bulk_id in await bulk_email_store.to_walk(tx):
            await tools.jobs.defer(tx, jobs.WALK_BULK, {"organization_id": organization_id, "bulk_id": bulk_id})
    async with tools.db.transaction() as tx:
        for organization_id in await search_store.organizations_waiting(tx):
            await tools.jobs.defer(tx, jobs.INDEX_EMAILS, {"organization_id": organization_id})
        for organization_id, action_id in await action_store.actions_waiting(tx):
            payload = {"organization_id": organization_id, "action_id": action_id}
            await tools.jobs.defer(tx, jobs.RUN_BULK_ACTION, payload)
        for organization_id, export_id in await export_store.exports_waiting(tx):
            payload = {"organization_id": organization_id, "export_id": export_id}
            await tools.jobs.defer(tx, jobs.MAKE_EXPORT, payload)
        for organization_id, import_id in await import_store.imports_at_work(tx):
            payload = {"organization_id": organization_id, "import_id": import_id}
            await tools.jobs.defer(tx, jobs.IMPORT_LEADS, payload)


async def _hint(tools: Tools, tx: Transaction, job: Job, accounts: Iterable[tuple[str, str]]) -> None:
    for organization_id, account_id in accounts:
        await tools.jobs.defer(tx, job, {"organization_id": organization_id, "account_id": account_id})

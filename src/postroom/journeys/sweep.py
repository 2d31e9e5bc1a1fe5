"""What is due by the clock, and what a crash has left behind: read from the rows, turned into hints.

Serves all organizations at once; it only reads ids and defers jobs.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

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

HINTED_AT_ONCE = 50
"""A transaction that queues a job keeps whoever would queue the same one waiting until it ends: a press of Done."""

Payload = dict[str, str]
Asked = Callable[[Transaction, datetime], Awaitable[list[tuple[str, str]]]]


async def due_now(tools: Tools) -> None:
    """Polls whose time has come, emails that may go out, and words just written: looked at every second."""
    await _hint_all(tools, _DUE)
    await _hint_indexing(tools, search_store.organizations_with_new)


async def left_behind(tools: Tools) -> None:
    """What has no job though it waits: its worker died, or its hint was lost."""
    await tools.jobs.retake_stalled()
    async with tools.db.transaction() as tx:
        await alert_store.forget_recovered(tx)
    await _hint_all(tools, _LEFT_BEHIND)
    await _hint_indexing(tools, search_store.organizations_with_old)


_DUE: tuple[tuple[Job, str, Asked], ...] = (
    (jobs.DELIVER_DUE, "account_id", delivery_store.accounts_due),
    (jobs.PULL_NEW, "account_id", account_store.accounts_due),
    (jobs.CALL_WEBHOOK, "webhook_id", webhook_store.webhooks_due),
    (jobs.SEND_BULK, "account_id", bulk_email_store.accounts_with_bulk),
)
_LEFT_BEHIND: tuple[tuple[Job, str, Asked], ...] = (
    (jobs.SETTLE_UNKNOWN, "account_id", delivery_store.accounts_to_settle),
    (jobs.FILE_SENT_COPIES, "account_id", sent_copy_store.accounts_to_file),
    (jobs.BACKFILL, "account_id", lambda tx, now: backfill_store.accounts_with_backfills(tx)),
    (jobs.TELL_BROKEN, "account_id", lambda tx, now: alert_store.accounts_to_tell_of(tx)),
    (jobs.REJUDGE, "account_id", lambda tx, now: rejudge_store.accounts_to_rejudge(tx)),
    (jobs.SETTLE_PLACEMENT, "account_id", placement_store.accounts_to_settle),
    (jobs.MAIL_LINKS, "account_id", link_store.accounts_with_links),
    (jobs.PULL_HISTORY, "account_id", lambda tx, now: folder_store.accounts_with_history(tx)),
    (jobs.SEND_BULK, "account_id", bulk_email_store.accounts_to_tend),
    (jobs.WALK_BULK, "bulk_id", lambda tx, now: bulk_email_store.to_walk(tx)),
    (jobs.RUN_BULK_ACTION, "action_id", lambda tx, now: action_store.actions_waiting(tx)),
    (jobs.MAKE_EXPORT, "export_id", lambda tx, now: export_store.exports_waiting(tx)),
    (jobs.IMPORT_LEADS, "import_id", lambda tx, now: import_store.imports_at_work(tx)),
)
"""Each job, what its payload names beside the organization, and who knows where it is due."""


async def _hint_all(tools: Tools, due: Sequence[tuple[Job, str, Asked]]) -> None:
    for job, key, asked in due:
        async with tools.db.transaction() as tx:
            found = await asked(tx, tools.clock())
        await _hint(tools, job, [{"organization_id": organization_id, key: one} for organization_id, one in found])


async def _hint_indexing(tools: Tools, asked: Callable[[Transaction], Awaitable[list[str]]]) -> None:
    async with tools.db.transaction() as tx:
        organizations = await asked(tx)
    await _hint(tools, jobs.INDEX_EMAILS, [{"organization_id": one} for one in organizations])


async def _hint(tools: Tools, job: Job, payloads: Sequence[Payload]) -> None:
    for start in range(0, len(payloads), HINTED_AT_ONCE):
        async with tools.db.transaction() as tx:
            for payload in payloads[start : start + HINTED_AT_ONCE]:
                await tools.jobs.defer(tx, job, payload)

"""What concerns no lead is not stored, also when the lead was deleted later: its messages go, and their bytes.

messages that are no email any more: rows gone, verdicts set, bytes down for erasure   T
the bytes overwritten                                                                  (blob store)
the erasure done                                                                       T
"""

from postroom.journeys.tools import Tools
from postroom.rooms.emails import forget_store as email_store
from postroom.rooms.mailbox import forget_store as copy_store
from postroom.rooms.mailbox.sightings import Verdict

AT_ONCE = 500


async def forget_unheld(tools: Tools) -> int:
    """Let go of everything that no lead holds; how many messages that were."""
    total = 0
    while True:
        async with tools.db.transaction() as tx:
            unheld = await email_store.unheld_messages(tx, AT_ONCE)
        for organization_id in sorted({organization_id for organization_id, _ in unheld}):
            keys = [key for owner, key in unheld if owner == organization_id]
            total += await _forget(tools, organization_id, keys)
        if len(unheld) < AT_ONCE:
            break
    async with tools.db.transaction() as tx:
        await email_store.forget_threads_of_gone_leads(tx)
    await _erase(tools)
    return total


async def _forget(tools: Tools, organization_id: str, keys: list[str]) -> int:
    async with tools.db.transaction() as tx:
        gone, deleted = await email_store.forget_messages(tx, organization_id, keys, tools.clock())
        others = [key for key in gone if key not in deleted]
        await copy_store.forget_copies(tx, organization_id, deleted, Verdict.DELETED)
        # With its lead gone nobody on it is a contact; were one made anew, a backfill would find it by its hashes.
        await copy_store.forget_copies(tx, organization_id, others, Verdict.NO_CONTACT)
    return len(gone)


async def _erase(tools: Tools) -> None:
    while True:
        async with tools.db.transaction() as tx:
            due = await email_store.erasures_due(tx, AT_ONCE)
        for organization_id, raw_ref in due:
            await tools.blobs.erase(raw_ref)
            async with tools.db.transaction() as tx:
                await email_store.erased(tx, organization_id, raw_ref)
        if len(due) < AT_ONCE:
            return

"""A contact's address is new: find its past mail in every connected mailbox, newest first.

The ledger's keyed hashes say at once which messages those are; the server is not searched. What an account's first
pull has not reached yet needs nothing here: it is judged with the new address when it is reached.
"""

from collections.abc import Sequence

from postroom.journeys import jobs
from postroom.journeys.steps.judge_mail import judge_batch, unjudged
from postroom.journeys.steps.list_folders import imap_folder, known_folders, readable
from postroom.journeys.steps.log_message import Batch, log_batch
from postroom.journeys.steps.mail_rules import MailRules, read_mail_rules
from postroom.journeys.steps.open_mailbox import open_mailbox
from postroom.journeys.steps.past_mail import address_added as address_added  # noqa: PLC0414  doors ask for it here
from postroom.journeys.steps.time_slice import TimeSlice
from postroom.journeys.tools import Tools
from postroom.rooms.mailbox import backfill_store, sighting_store
from postroom.rooms.mailbox.folders import FolderRow
from postroom.rooms.mailbox.sightings import Verdict
from postroom.wire.imap.fetch import summaries
from postroom.wire.imap.session import Session
from postroom.wire.imap.types import Access, UidSet

BATCH = 200
ADDRESSES_AT_ONCE = 20
"""Looked for and struck off together; what a slice has not struck off begins anew."""
_MAY_CONCERN = (Verdict.NO_CONTACT, Verdict.KEPT, Verdict.UNCONFIRMED)


async def backfill(tools: Tools, organization_id: str, account_id: str) -> None:
    """Log the past mail of addresses that are waiting in this account; after a slice of time the rest is deferred."""
    async with tools.db.transaction() as tx:
        wanted = await backfill_store.waiting(tx, organization_id, account_id)
    if not wanted:
        return
    mail = await read_mail_rules(tools, organization_id, account_id)
    if mail.account.imap is not None and not mail.account.is_deleted and not mail.account.syncs:
        return  # switched off for now: the wishes stand until it is on again
    until = TimeSlice(tools, jobs.BACKFILL)
    for start in range(0, len(wanted), ADDRESSES_AT_ONCE):
        await _bring_all(tools, mail, wanted[start : start + ADDRESSES_AT_ONCE])
        if await until.is_over():
            break
    async with tools.db.transaction() as tx:
        await tools.jobs.defer(tx, jobs.INDEX_EMAILS, {"organization_id": organization_id})
        if await backfill_store.waiting(tx, organization_id, account_id):
            payload = {"organization_id": organization_id, "account_id": account_id}
            await tools.jobs.defer(tx, jobs.BACKFILL, payload)


async def _bring_all(tools: Tools, mail: MailRules, wanted: Sequence[int]) -> None:
    """All past mail of these addresses."""
    org, account_id = mail.organization_id, mail.account_id
    async with tools.db.transaction() as tx:
        places = await sighting_store.sightings_of_addresses(tx, org, account_id, wanted, _MAY_CONCERN)
    if places and mail.account.syncs:
        async with open_mailbox(tools, org, account_id) as session:
            for folder in readable(await known_folders(tools, mail, session)):
                if folder.id in places:
                    await _bring(tools, mail, session, folder, UidSet(places[folder.id]))
    async with tools.db.transaction() as tx:
        await backfill_store.remove(tx, org, account_id, wanted)


async def _bring(tools: Tools, mail: MailRules, session: Session, folder: FolderRow, uids: UidSet) -> None:
    state = await session.select(imap_folder(folder), Access.READ_ONLY)
    if state.uid_validity != folder.uid_validity:
        return  # the rebuild that follows judges everything anew
    async for batch in summaries(session, uids, BATCH):
        judged = await judge_batch(tools, mail, batch.summaries)
        await log_batch(
            tools, mail, session, Batch(folder, judged, missing=unjudged(batch, judged), quiet=True, again=True)
        )

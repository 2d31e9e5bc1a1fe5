"""A rule has changed: the ledger is judged anew, and mail is logged or taken off its leads accordingly.

    ask        T   which verdicts may be others now, and the hint
    rejudge        what is logged, from our own rows: no server is asked
               N   what was left out, from the headers on the server, as it is read in the first place
               T   each batch with its ledger

Mail that is taken off stays on the server; changing the rule back brings it again. What was written here stays.
"""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from postroom.ground import events
from postroom.ground.database import Transaction
from postroom.ground.events import Event
from postroom.journeys import jobs
from postroom.journeys.steps.join_thread import recount
from postroom.journeys.steps.judge_mail import judge_batch, unjudged
from postroom.journeys.steps.list_folders import imap_folder, known_folders, readable
from postroom.journeys.steps.log_message import Batch, log_batch
from postroom.journeys.steps.mail_rules import MailRules, read_mail_rules
from postroom.journeys.steps.open_mailbox import open_mailbox
from postroom.journeys.tools import Tools
from postroom.rooms.emails import leave_out_store
from postroom.rooms.emails.email import addresses_of
from postroom.rooms.emails.leave_out_store import LeftOut, LoggedLetter
from postroom.rooms.emails.relevance import Letter, Outcome, still_kept
from postroom.rooms.leads import activity_store
from postroom.rooms.mailbox import rejudge_store
from postroom.rooms.mailbox.folders import FolderRow
from postroom.rooms.mailbox.rejudge_store import KeptCopy, Rejudgement
from postroom.rooms.mailbox.sightings import Verdict
from postroom.wire.imap.fetch import summaries
from postroom.wire.imap.session import Session
from postroom.wire.imap.types import Access, UidSet

BATCH = 200
SLICE_SECONDS = 5.0
"""How long it may hold the account's connection before new mail gets its turn."""


async def rejudge(tools: Tools, organization_id: str, account_id: str) -> None:
    """Judge anew what is asked for; after a slice of time the rest is deferred."""
    async with tools.db.transaction() as tx:
        asked = await rejudge_store.asked(tx, organization_id, account_id)
    if not asked:
        return
    mail = await read_mail_rules(tools, organization_id, account_id)
    until = asyncio.get_running_loop().time() + SLICE_SECONDS
    for one in asked:
        if one.verdict is Verdict.KEPT:
            await _look_at_kept(tools, mail)
            await _look_at_history(tools, mail)
        elif mail.account.syncs and not await _look_at_left_out(tools, mail, one, until):
            break
        async with tools.db.transaction() as tx:
            await rejudge_store.done(tx, organization_id, account_id, one)
    async with tools.db.transaction() as tx:
        await tools.jobs.defer(tx, jobs.INDEX_EMAILS, {"organization_id": organization_id})
        if await rejudge_store.asked(tx, organization_id, account_id):
            await tools.jobs.defer(tx, jobs.REJUDGE, {"organization_id": organization_id, "account_id": account_id})


async def _look_at_kept(tools: Tools, mail: MailRules) -> None:
    """What is logged and would be left out now is taken off; page by page, each its own transaction."""
    place = (0, 0)
    while True:
        async with tools.db.transaction() as tx:
            copies = await rejudge_store.kept_copies(tx, mail.organization_id, mail.account_id, place, BATCH)
            if not copies:
                return
            await _leave_out(tools, tx, mail, copies)
        place = (copies[-1].folder_id, copies[-1].uid)


async def _leave_out(tools: Tools, tx: Transaction, mail: MailRules, copies: Collection[KeptCopy]) -> None:
    org = mail.organization_id
    letters = await leave_out_store.letters_of(tx, org, [one.message_key for one in copies])
    refused = [
        (one, Verdict[outcome.name])
        for one in copies
        if one.message_key in letters
        and (outcome := still_kept(_letter(letters[one.message_key]), mail.rules)) is not Outcome.KEPT
    ]
    await _take_off(tools, tx, mail, refused)


async def _take_off(
    tools: Tools, tx: Transaction, mail: MailRules, refused: Sequence[tuple[KeptCopy, Verdict]]
) -> None:
    """These copies count no more; what no other mailbox keeps leaves its lead."""
    if not refused:
        return
    org = mail.organization_id
    keys = [one.message_key for one, _ in refused]
    await activity_store.lock_leads(tx, org, await leave_out_store.leads_of(tx, org, keys))
    places = [(one.folder_id, one.uid, why) for one, why in refused]
    gone = await rejudge_store.leave_out(tx, org, mail.account_id, places)
    await _tell(tools, tx, org, await leave_out_store.take_off(tx, org, gone))


async def _look_at_history(tools: Tools, mail: MailRules) -> None:
    """Logged mail that may be older than the window now: its headers say when the server got it."""
    begins = mail.account.settings.history_from
    if begins is None or not mail.account.syncs:
        return
    async with open_mailbox(tools, mail.organization_id, mail.account_id) as session:
        for folder in readable(await known_folders(tools, mail, session)):
            async with tools.db.transaction() as tx:
                uids = await rejudge_store.kept_before(tx, mail.organization_id, folder.id, begins)
            state = await session.select(imap_folder(folder), Access.READ_ONLY) if uids else None
            if state is None or state.uid_validity != folder.uid_validity:
                continue
            async for batch in summaries(session, UidSet(uids), BATCH):
                judged = await judge_batch(tools, mail, batch.summaries)
                old = [
                    (KeptCopy(folder.id, one.summary.uid, one.key), Verdict.BEFORE_HISTORY)
                    for one in judged
                    if one.judgement.outcome is Outcome.BEFORE_HISTORY
                ]
                async with tools.db.transaction() as tx:
                    await _take_off(tools, tx, mail, old)


async def _tell(tools: Tools, tx: Transaction, organization_id: str, gone: Collection[LeftOut]) -> None:
    now = tools.clock()
    await recount(tx, organization_id, {one.thread_id for one in gone if one.thread_id}, now)
    counts: dict[str, int] = {}
    for one in gone:
        counts[one.lead_id] = counts.get(one.lead_id, 0) - 1
    long_ago = datetime(1970, 1, 1, tzinfo=now.tzinfo)
    await activity_store.note_emails(tx, organization_id, {lead: (n, long_ago) for lead, n in counts.items()})
    told = [Event("activity.email", one.email_id, "deleted", one.lead_id, one.user_id) for one in gone]
    await events.append(tx, organization_id, told, now)


def _letter(logged: LoggedLetter) -> Letter:
    sender, recipients = addresses_of((logged.sender,)), addresses_of(logged.recipients)
    return Letter(tuple(one.key for one in sender), tuple(one.key for one in recipients), "", None)


async def _look_at_left_out(tools: Tools, mail: MailRules, asked: Rejudgement, until: float) -> bool:
    """Folder by folder, newest first, from where it stopped; whether all was looked at before the slice was over."""
    async with open_mailbox(tools, mail.organization_id, mail.account_id) as session:
        for folder in sorted(readable(await known_folders(tools, mail, session)), key=lambda one: one.id):
            if folder.id < asked.folder_id:
                continue
            below = asked.below_uid if folder.id == asked.folder_id else 0
            async with tools.db.transaction() as tx:
                uids = await rejudge_store.uids_with(tx, mail.organization_id, folder.id, asked.verdict, below)
            if uids and not await _judge_anew(tools, mail, session, _Part(folder, UidSet(uids), asked, until)):
                return False
    return True


@dataclass(frozen=True, slots=True)
class _Part:
    """Messages of one folder, for which rejudgement, until when (by the loop's clock)."""

    folder: FolderRow
    uids: UidSet
    asked: Rejudgement
    until: float


async def _judge_anew(tools: Tools, mail: MailRules, session: Session, part: _Part) -> bool:
    folder = part.folder
    state = await session.select(imap_folder(folder), Access.READ_ONLY)
    if state.uid_validity != folder.uid_validity:
        return True  # the rebuild that follows judges everything anew
    async for batch in summaries(session, part.uids, BATCH):
        judged = await judge_batch(tools, mail, batch.summaries)
        missing = unjudged(batch, judged)
        await log_batch(tools, mail, session, Batch(folder, judged, missing=missing, quiet=True, again=True))
        async with tools.db.transaction() as tx:
            here = (mail.organization_id, mail.account_id)
            await rejudge_store.note_place(tx, here, part.asked, folder.id, batch.asked.lowest)
        if asyncio.get_running_loop().time() > part.until:
            return False
    return True

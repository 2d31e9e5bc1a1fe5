"""A rule has changed: the ledger is judged anew, and mail is logged or taken off its leads accordingly.

    ask        T   which verdicts may be others now, and the hint
    rejudge        what is logged, from our own rows: no server is asked
               N   what was left out, from the headers on the server, as it is read in the first place
               T   each batch with its ledger and how far that has come

Mail that is taken off stays on the server; changing the rule back brings it again. What was written here stays.
"""

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
from postroom.journeys.steps.time_slice import TimeSlice
from postroom.journeys.tools import Tools
from postroom.rooms.emails import leave_out_store
from postroom.rooms.emails.email import addresses_of
from postroom.rooms.emails.leave_out_store import LeftOut, LoggedLetter
from postroom.rooms.emails.relevance import Letter, Outcome, still_kept
from postroom.rooms.leads import activity_store
from postroom.rooms.mailbox import folder_store, rejudge_store
from postroom.rooms.mailbox.folders import FolderRow
from postroom.rooms.mailbox.rejudge_store import KeptCopy, Rejudgement
from postroom.rooms.mailbox.sightings import Verdict
from postroom.wire.imap.fetch import summaries
from postroom.wire.imap.session import Session
from postroom.wire.imap.types import Access, UidSet

BATCH = 200


async def rejudge(tools: Tools, organization_id: str, account_id: str) -> None:
    """Judge anew what is asked for; after a slice of time the rest is deferred."""
    async with tools.db.transaction() as tx:
        asked = await rejudge_store.asked(tx, organization_id, account_id)
    if not asked:
        return
    mail, until = await read_mail_rules(tools, organization_id, account_id), TimeSlice(tools, jobs.REJUDGE)
    is_done = True
    for one in asked:
        if one.verdict is not Verdict.KEPT and _waits(mail):
            continue  # switched off for now: what is asked stands until it is on again
        is_done = await _look_again(tools, mail, one, until)
        if not is_done:
            break
        async with tools.db.transaction() as tx:
            await rejudge_store.done(tx, organization_id, account_id, one)
    async with tools.db.transaction() as tx:
        await tools.jobs.defer(tx, jobs.INDEX_EMAILS, {"organization_id": organization_id})
        if not is_done:
            await tools.jobs.defer(tx, jobs.REJUDGE, {"organization_id": organization_id, "account_id": account_id})


def _waits(mail: MailRules) -> bool:
    return mail.account.imap is not None and not mail.account.is_deleted and not mail.account.syncs


async def _look_again(tools: Tools, mail: MailRules, asked: Rejudgement, until: TimeSlice) -> bool:
    """Whether all that has this verdict was looked at before the slice was over."""
    if asked.verdict is Verdict.KEPT:
        return await _look_at_kept(tools, mail, asked, until)
    return not mail.account.syncs or await _look_on_server(tools, mail, asked, until)


async def _look_at_kept(tools: Tools, mail: MailRules, asked: Rejudgement, until: TimeSlice) -> bool:
    """What is logged and would be left out now is taken off; page by page, each with its place in one transaction."""
    org, account_id = mail.organization_id, mail.account_id
    async with tools.db.reading() as tx:
        folders = await folder_store.folders_of(tx, org, account_id)
    for folder in folders:
        below = _begin(asked, folder)
        while below is not None:
            async with tools.db.transaction() as tx:
                copies = await rejudge_store.kept_copies(tx, org, (account_id, folder.id), below, BATCH)
                await _leave_out(tools, tx, mail, copies)
                below = copies[-1].uid if copies else None
                if below is not None:
                    await rejudge_store.note_place(tx, (org, account_id), asked, folder.id, below)
            if below is not None and await until.is_over():
                return False
    return True


def _begin(asked: Rejudgement, folder: FolderRow) -> int | None:
    """Below which UID the folder is still to be looked at; 0: all of it, None: nothing."""
    if folder.id == asked.folder_id:
        return asked.below_uid
    return 0 if folder.id > asked.folder_id else None


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


async def _look_on_server(tools: Tools, mail: MailRules, asked: Rejudgement, until: TimeSlice) -> bool:
    """Folder by folder, newest first, from where it stopped; whether all was looked at before the slice was over."""
    async with open_mailbox(tools, mail.organization_id, mail.account_id) as session:
        for folder in sorted(readable(await known_folders(tools, mail, session)), key=lambda one: one.id):
            below = _begin(asked, folder)
            if below is None:
                continue
            left_out, logged = await _in_question(tools, mail, asked, (folder.id, below))
            part = _Part(folder, UidSet(left_out), UidSet(logged), asked, until)
            if (left_out or logged) and not await _judge_anew(tools, mail, session, part):
                return False
    return True


async def _in_question(
    tools: Tools, mail: MailRules, asked: Rejudgement, place: tuple[int, int]
) -> tuple[list[int], list[int]]:
    """What may come back, and what is logged and may be older than the window now: its headers say when it came."""
    org, (folder_id, below) = mail.organization_id, place
    begins = mail.account.settings.history_from
    async with tools.db.reading() as tx:
        left_out = await rejudge_store.uids_with(tx, org, folder_id, asked.verdict, below)
        if asked.verdict is not Verdict.BEFORE_HISTORY or begins is None:
            return left_out, []
        return left_out, await rejudge_store.kept_before(tx, org, place, begins)


@dataclass(frozen=True, slots=True)
class _Part:
    """Messages of one folder, for which rejudgement, until when."""

    folder: FolderRow
    left_out: UidSet
    logged: UidSet
    asked: Rejudgement
    until: TimeSlice


async def _judge_anew(tools: Tools, mail: MailRules, session: Session, part: _Part) -> bool:
    folder = part.folder
    state = await session.select(imap_folder(folder), Access.READ_ONLY)
    if state.uid_validity != folder.uid_validity:
        return True  # the rebuild that follows judges everything anew
    async for batch in summaries(session, part.left_out | part.logged, BATCH):
        judged = await judge_batch(tools, mail, batch.summaries)
        missing = unjudged(batch, judged) - part.logged
        again = [one for one in judged if one.summary.uid not in part.logged]
        await log_batch(tools, mail, session, Batch(folder, again, missing=missing, quiet=True, again=True))
        old = [
            (KeptCopy(folder.id, one.summary.uid, one.key), Verdict.BEFORE_HISTORY)
            for one in judged
            if one.summary.uid in part.logged and one.judgement.outcome is Outcome.BEFORE_HISTORY
        ]
        async with tools.db.transaction() as tx:
            await _take_off(tools, tx, mail, old)
            here = (mail.organization_id, mail.account_id)
            await rejudge_store.note_place(tx, here, part.asked, folder.id, batch.asked.lowest)
        if await part.until.is_over():
            return False
    return True

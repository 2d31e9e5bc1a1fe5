"""The quarantine: messages that a server did not hand over are asked for again, later and later."""

from datetime import timedelta

from postroom.journeys.steps.judge_mail import judge_batch
from postroom.journeys.steps.log_message import Batch, Logged, log_batch
from postroom.journeys.steps.mail_rules import MailRules
from postroom.journeys.tools import Tools
from postroom.rooms.mailbox import sighting_store
from postroom.rooms.mailbox.folders import FolderRow
from postroom.wire.imap.fetch import summaries
from postroom.wire.imap.search import all_uids
from postroom.wire.imap.session import Session
from postroom.wire.imap.types import UidSet

AT_ONCE = 200
LONGEST_WAIT = timedelta(days=1)


async def retry_failed(tools: Tools, mail: MailRules, session: Session, folder: FolderRow) -> Logged:
    """Ask again for what is due, in the folder that is open. What has left the folder leaves the ledger too."""
    if not folder.seen_failed:
        return Logged()
    org, now = mail.organization_id, tools.clock()
    async with tools.db.transaction() as tx:
        due = await sighting_store.failed_due(tx, org, folder.id, now, AT_ONCE)
    if not due:
        return Logged()
    attempts = {failed.uid: failed.attempts for failed in due}
    there = await all_uids(session)
    gone = [uid for uid in attempts if uid not in there]
    async with tools.db.transaction() as tx:
        await sighting_store.remove_sightings(tx, org, folder.id, [(uid, uid) for uid in gone])
        still = [uid for uid in attempts if uid in there]
        wait = min(timedelta(minutes=10) * 2 ** min(attempts[due[0].uid], 10), LONGEST_WAIT)
        # Counted before the try: a message that takes the whole worker down with it must not come first for ever.
        await sighting_store.still_failed(tx, org, folder.id, still, now + wait)
    total = Logged()
    async for batch in summaries(session, UidSet(uid for uid in attempts if uid in there), AT_ONCE):
        judged = await judge_batch(tools, mail, batch.summaries)
        total += await log_batch(tools, mail, session, Batch(folder, judged, again=True))
    return total

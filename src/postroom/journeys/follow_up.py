"""Due follow-ups without a reply become tasks; those that were answered are simply done.

Called by the clock for the whole installation; a batch is one transaction, and two callers at once share the work.
"""

from postroom.journeys.tools import Tools
from postroom.rooms import tasks
from postroom.rooms.emails import outgoing_store
from postroom.rooms.emails.outgoing_store import FollowUp
from postroom.rooms.tasks import Due, TaskContent

AT_ONCE = 200


async def make_due_tasks(tools: Tools) -> int:
    """Make the tasks that are due now; how many there were."""
    made = 0
    while True:
        now = tools.clock()
        async with tools.db.transaction() as tx:
            due = await outgoing_store.due_follow_ups(tx, now, AT_ONCE)
            for one in due:
                await outgoing_store.forget_follow_up(tx, one.organization_id, one.email_id)
                if not one.has_reply:
                    task = (one.lead_id, _task(one))
                    await tasks.insert_follow_up(tx, one.organization_id, one.email_id, task, now)
                    made += 1
        if len(due) < AT_ONCE:
            return made


def _task(email: FollowUp) -> TaskContent:
    # The text is read by coworkers, and stands in the lead's history: of mail that is not for them it names nothing.
    unnamed = "your email" if email.subject is None else "the email without a subject"
    subject = f"“{email.subject}”" if email.subject else unnamed
    return TaskContent(f"No reply to {subject}", Due(email.followup_date), email.user_id, email.contact_id)

"""Two leads become one: everything of the first stands on the second, and the first is gone.

    merge_leads   T   both leads locked · mail and conversations · Inbox items · people · tasks, deals, activities,
                      comments, proposals, bulk recipients · what the second lead did not say · the first is deleted

The ledger is not touched: a message that was kept for either lead is kept for the one that stays, with the same
verdict.
"""

from postroom.ground.database import Transaction
from postroom.ground.events import because_of
from postroom.ground.stamp import Stamp
from postroom.rooms import tasks
from postroom.rooms.activities import store as activities
from postroom.rooms.activities.activity import Activity, Kind
from postroom.rooms.bulk import moved_store as bulk
from postroom.rooms.comments import store as comments
from postroom.rooms.emails import merge_store as emails
from postroom.rooms.inbox import store as inbox
from postroom.rooms.leads import merge_store as leads
from postroom.rooms.leads.merge_store import Merge
from postroom.rooms.links import moved_store as links
from postroom.rooms.opportunities import store as opportunities


async def merge_leads(tx: Transaction, organization_id: str, merge: Merge, stamp: Stamp) -> None:
    """Merge. Raises NotFound, or Invalid where both are the same lead."""
    # The log says of both leads which merge it was (Close's own report of merged and deleted leads reads it).
    with because_of(merge_source_lead_id=merge.source_id, merge_destination_lead_id=merge.destination_id):
        await _merge(tx, organization_id, merge, stamp)


async def _merge(tx: Transaction, organization_id: str, merge: Merge, stamp: Stamp) -> None:
    source_name = await leads.begin_merge(tx, organization_id, merge)
    ends, num_emails, newest = await emails.move_emails(tx, organization_id, merge.leads, stamp.now)
    await inbox.follow_merged_threads(tx, organization_id, ends)
    await inbox.move_items(tx, organization_id, merge.leads)
    await comments.follow_merged_threads(tx, organization_id, ends)
    for move in (
        tasks.move_tasks,
        opportunities.move_opportunities,
        activities.move_activities,
        comments.move_threads,
        links.move_links,
        bulk.move_recipients,
    ):
        await move(tx, organization_id, merge.leads)
    await leads.move_people(tx, organization_id, merge)
    happened = Activity(
        Kind.LEAD_MERGE,
        merge.destination_id,
        stamp.now,
        user_id=stamp.user_id,
        details={"source_lead_id": merge.source_id, "source_lead_name": source_name},
    )
    await activities.insert_activity(tx, organization_id, happened, stamp)
    await leads.end_merge(tx, organization_id, (merge, num_emails, newest), stamp)

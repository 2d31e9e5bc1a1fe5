"""Queries that let go of copies and placements of messages that are no longer kept; the ledger says so."""

from collections.abc import Sequence

from postroom.ground.database import Transaction
from postroom.rooms.mailbox.sightings import Verdict


async def forget_copies(tx: Transaction, organization_id: str, keys: Sequence[str], verdict: Verdict) -> None:
    """These messages are kept no longer: their sightings get the verdict, and nothing else of them stays."""
    names = {"org": organization_id, "keys": list(keys), "verdict": verdict.value}
    await tx.execute(
        "with gone as (delete from copies where organization_id = %(org)s and message_key = any(%(keys)s)"
        " returning folder_id, uid),"
        " judged as (update sightings s set verdict = %(verdict)s from gone g where s.organization_id = %(org)s"
        " and s.folder_id = g.folder_id and s.uid = g.uid returning s.folder_id)"
        " update folders f set seen_kept = f.seen_kept - j.n from (select folder_id, count(*) as n from judged"
        " group by folder_id) j where f.organization_id = %(org)s and f.id = j.folder_id",
        names,
    )
    await tx.execute(
        "delete from placements where organization_id = %(org)s and message_key = any(%(keys)s)",
        {"org": organization_id, "keys": list(keys)},
    )

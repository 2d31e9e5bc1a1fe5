"""Writes the access log, in the transaction of the act. Nothing changes or deletes a line."""

from datetime import datetime

from psycopg.types.json import Jsonb

from postroom.ground.database import Transaction
from postroom.ground.ids import new_id
from postroom.rooms.users.access_log import Doer, Entry


async def note(tx: Transaction, organization_id: str, doer: Doer, entry: Entry, now: datetime) -> None:
    """Write an act down."""
    await tx.execute(
        "insert into access_log (organization_id, id, act, user_id, subject_id, remote, user_agent, detail,"
        " date_created) values (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            organization_id, new_id("access"), entry.act.value, doer.user_id, entry.subject_id, doer.remote[:64],
            doer.user_agent[:300], Jsonb(dict(entry.detail)), now,
        ),
    )  # fmt: skip

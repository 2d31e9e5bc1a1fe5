"""Queries that take emails off their leads once no mailbox's rules keep them; what was written here always stays."""

from collections.abc import Sequence
from dataclasses import dataclass

from postroom.ground.database import Transaction
from postroom.rooms.emails.relevance import Reason


@dataclass(frozen=True, slots=True)
class LoggedLetter:
    """Who takes part in a logged message, as it is shown."""

    message_key: str
    sender: str
    recipients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An email that was taken off its lead."""

    email_id: str
    lead_id: str
    thread_id: str | None
    user_id: str | None


async def letters_of(tx: Transaction, organization_id: str, keys: Sequence[str]) -> dict[str, LoggedLetter]:
    """By message who takes part in it."""
    rows = await (
        await tx.execute(
            "select distinct on (message_key) message_key, sender, to_list || cc_list || bcc_list from emails"
            " where organization_id = %s and message_key = any(%s) order by message_key, id",
            (organization_id, list(keys)),
        )
    ).fetchall()
    return {row[0]: LoggedLetter(row[0], row[1], tuple(row[2])) for row in rows}


async def leads_of(tx: Transaction, organization_id: str, keys: Sequence[str]) -> list[str]:
    """The leads on which these messages stand, to be locked first."""
    rows = await (
        await tx.execute(
            "select distinct lead_id from emails where organization_id = %s and message_key = any(%s)",
            (organization_id, list(keys)),
        )
    ).fetchall()
    return [row[0] for row in rows]


async def take_off(tx: Transaction, organization_id: str, keys: Sequence[str]) -> list[LeftOut]:
    """Of these messages the emails that no copy in any mailbox stands for any more."""
    rows = await (
        await tx.execute(
            "delete from emails e where e.organization_id = %s and e.message_key = any(%s) and e.reason <> %s"
            " and not exists (select 1 from copies c where c.organization_id = e.organization_id"
            " and c.message_key = e.message_key) returning e.id, e.lead_id, e.thread_id, e.user_id",
            (organization_id, list(keys), Reason.WRITTEN_HERE.value),
        )
    ).fetchall()
    return [LeftOut(*row) for row in rows]

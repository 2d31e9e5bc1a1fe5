"""Every query of what admins said about domains: ours, or not ours."""

from dataclasses import dataclass
from datetime import datetime

from postroom.ground.database import Transaction
from postroom.ground.events import Event, append


@dataclass(frozen=True, slots=True)
class DomainWord:
    """An admin's word about a domain; `user_id` None: it was ours before anybody had to say so."""

    domain: str
    is_ours: bool
    user_id: str | None


async def say(tx: Transaction, organization_id: str, word: DomainWord, now: datetime) -> None:
    """Keep it; it counts before everything else."""
    await tx.execute(
        "insert into own_domains (organization_id, domain, is_ours, user_id, date_created) values (%s, %s, %s, %s, %s)"
        " on conflict (organization_id, domain) do update set is_ours = excluded.is_ours, user_id = excluded.user_id,"
        " date_created = excluded.date_created",
        (organization_id, word.domain, word.is_ours, word.user_id, now),
    )
    await _tell(tx, organization_id, now)


async def unsay(tx: Transaction, organization_id: str, domain: str, now: datetime) -> bool:
    """Take it back: users' addresses decide again. Whether there was one."""
    gone = await tx.execute(
        "delete from own_domains where organization_id = %s and domain = %s", (organization_id, domain)
    )
    await _tell(tx, organization_id, now)
    return bool(gone.rowcount)


async def _tell(tx: Transaction, organization_id: str, now: datetime) -> None:
    changed = Event("organization", organization_id, "updated", changed_fields=("own_domains",))
    await append(tx, organization_id, [changed], now)

"""Whose address is this? The hot index of every arriving email: address key → contacts and their leads."""

from collections.abc import Collection
from dataclasses import dataclass

from postroom.ground.database import Transaction


@dataclass(frozen=True, slots=True)
class ContactAt:
    """A contact that has the address, and the lead it stands on."""

    contact_id: str
    lead_id: str


async def people_at(tx: Transaction, organization_id: str, keys: Collection[str]) -> dict[str, tuple[ContactAt, ...]]:
    """The contacts of each address, oldest contact first; addresses that no contact has are absent.

    `keys` are comparison forms (`wire.mime.address_key`). One index-only query, whatever the number of keys.
    """
    if not keys:
        return {}
    rows = await (
        await tx.execute(
            "select address_key, contact_id, lead_id from contact_emails"
            " where organization_id = %s and address_key = any(%s) order by contact_id",
            (organization_id, list(keys)),
        )
    ).fetchall()
    found: dict[str, list[ContactAt]] = {}
    for key, contact_id, lead_id in rows:
        found.setdefault(key, []).append(ContactAt(contact_id, lead_id))
    return {key: tuple(people) for key, people in found.items()}

"""Every query of signatures. Their owner is a user, or a connected account, which then overrides its user's."""

from dataclasses import asdict, dataclass
from datetime import datetime

from psycopg.types.json import Jsonb

from postroom.ground.database import Transaction
from postroom.ground.events import Event, append
from postroom.rooms.templates.signature import Signature
from postroom.rooms.templates.template import TemplateFile


@dataclass(frozen=True, slots=True)
class KeptSignature:
    """A signature with its owner."""

    owner_id: str
    signature: Signature
    date_updated: datetime


async def signature_of(tx: Transaction, organization_id: str, *owner_ids: str) -> KeptSignature | None:
    """The signature of the first of these owners who has one."""
    rows = await (
        await tx.execute(
            "select owner_id, html, images, date_updated from signatures"
            " where organization_id = %s and owner_id = any(%s)",
            (organization_id, list(owner_ids)),
        )
    ).fetchall()
    found = {
        owner: KeptSignature(owner, Signature(html, tuple(TemplateFile(**one) for one in images)), updated)
        for owner, html, images, updated in rows
    }
    return next((found[owner] for owner in owner_ids if owner in found), None)


async def save_signature(
    tx: Transaction, organization_id: str, owner_id: str, signature: Signature, stamp: tuple[str, datetime]
) -> None:
    """Put the signature of an owner in place. `stamp` is by whom and when."""
    user_id, now = stamp
    await tx.execute(
        "insert into signatures (organization_id, owner_id, html, images, updated_by, date_created, date_updated)"
        " values (%s, %s, %s, %s, %s, %s, %s) on conflict (organization_id, owner_id) do update"
        " set html = excluded.html, images = excluded.images, updated_by = excluded.updated_by,"
        " date_updated = excluded.date_updated",
        (
            organization_id, owner_id, signature.html, Jsonb([asdict(one) for one in signature.images]), user_id,
            now, now,
        ),
    )  # fmt: skip
    await append(tx, organization_id, [Event("signature", owner_id, "updated", user_id=user_id)], now)


async def delete_signature(tx: Transaction, organization_id: str, owner_id: str, stamp: tuple[str, datetime]) -> None:
    """Forget the signature of an owner; of an account, its user's holds again."""
    user_id, now = stamp
    gone = await tx.execute(
        "delete from signatures where organization_id = %s and owner_id = %s", (organization_id, owner_id)
    )
    if gone.rowcount:
        await append(tx, organization_id, [Event("signature", owner_id, "deleted", user_id=user_id)], now)

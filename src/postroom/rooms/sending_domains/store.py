"""Every query of DKIM keys. Private keys go in and out sealed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from postroom.ground.database import Transaction
from postroom.ground.events import Event, append


@dataclass(frozen=True, slots=True)
class KeptKey:
    """A key of a domain. `public` as it stands in DNS after p=; `is_on`: mail is signed with it."""

    domain: str
    selector: str
    algorithm: str
    public: str
    is_on: bool
    date_created: datetime
    sealed: bytes = field(repr=False)


def seal_context(organization_id: str, domain: str, selector: str) -> bytes:
    """What a sealed key is bound to: moved to another row it does not open."""
    return "\0".join(("dkim_keys", organization_id, domain, selector)).encode()


async def keys(tx: Transaction, organization_id: str, domain: str = "") -> list[KeptKey]:
    """The keys of a domain, or of all; RSA before Ed25519."""
    rows = await (
        await tx.execute(
            "select domain, selector, algorithm, public_key, is_on, date_created, sealed from dkim_keys"
            " where organization_id = %s and (%s = '' or domain = %s) order by domain, algorithm desc, selector",
            (organization_id, domain, domain),
        )
    ).fetchall()
    return [KeptKey(*row) for row in rows]


async def insert_keys(
    tx: Transaction, organization_id: str, new: Sequence[KeptKey], stamp: tuple[str, datetime]
) -> None:
    """Keep new keys, switched off. `stamp` is by whom and when. Whoever pressed first at one moment has made them."""
    user_id, now = stamp
    for one in new:
        await tx.execute(
            "insert into dkim_keys (organization_id, domain, selector, algorithm, sealed, public_key, created_by,"
            " date_created, date_updated) values (%s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing",
            (organization_id, one.domain, one.selector, one.algorithm, one.sealed, one.public, user_id, now, now),
        )
    await _tell(tx, organization_id, (new[0].domain, "created"), stamp)


async def switch(
    tx: Transaction, organization_id: str, domain: str, on: Sequence[str], stamp: tuple[str, datetime]
) -> None:
    """From now on the domain's mail is signed with the keys of these selectors, and no other."""
    await tx.execute(
        "update dkim_keys set is_on = selector = any(%s), date_updated = %s where organization_id = %s and domain = %s",
        (list(on), stamp[1], organization_id, domain),
    )
    await _tell(tx, organization_id, (domain, "updated"), stamp)


async def delete_keys(tx: Transaction, organization_id: str, domain: str, stamp: tuple[str, datetime]) -> bool:
    """Forget the keys of a domain; False where it has none."""
    gone = await tx.execute(
        "delete from dkim_keys where organization_id = %s and domain = %s", (organization_id, domain)
    )
    if gone.rowcount:
        await _tell(tx, organization_id, (domain, "deleted"), stamp)
    return bool(gone.rowcount)


async def all_sealed(tx: Transaction) -> list[tuple[str, str, str, bytes]]:
    """(organization, domain, selector, sealed key) of the whole installation, to be sealed anew."""
    rows = await (
        await tx.execute("select organization_id, domain, selector, sealed from dkim_keys order by organization_id")
    ).fetchall()
    return [(row[0], row[1], row[2], row[3]) for row in rows]


async def exchange_sealed(
    tx: Transaction, organization_id: str, key: tuple[str, str], secrets: tuple[bytes, bytes]
) -> None:
    """The same key (domain and selector), sealed anew: old and new form."""
    await tx.execute(
        "update dkim_keys set sealed = %s where organization_id = %s and domain = %s and selector = %s and sealed = %s",
        (secrets[1], organization_id, *key, secrets[0]),
    )


async def _tell(tx: Transaction, organization_id: str, what: tuple[str, str], stamp: tuple[str, datetime]) -> None:
    domain, action = what
    await append(tx, organization_id, [Event("sending_domain", domain, action, None, stamp[0])], stamp[1])

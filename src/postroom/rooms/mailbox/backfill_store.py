"""Queries for backfills: addresses new to the address book whose past mail is still to be found in an account."""

from collections.abc import Sequence
from datetime import datetime

from postroom.ground.database import Transaction

AT_ONCE = 1000


async def add(
    tx: Transaction, organization_id: str, account_id: str, address_hashes: Sequence[int], now: datetime
) -> None:
    """The past mail of these addresses (keyed hashes) is wanted from this account."""
    await tx.execute(
        "insert into backfills (organization_id, account_id, address_hash, date_created)"
        " select %s, %s, unnest(%s::bigint[]), %s on conflict do nothing",
        (organization_id, account_id, list(address_hashes), now),
    )


async def waiting(tx: Transaction, organization_id: str, account_id: str) -> list[int]:
    """The addresses (keyed hashes) that wait, oldest wish first, at most a thousand."""
    rows = await (
        await tx.execute(
            "select address_hash from backfills where organization_id = %s and account_id = %s"
            " order by date_created limit %s",
            (organization_id, account_id, AT_ONCE),
        )
    ).fetchall()
    return [row[0] for row in rows]


async def remove(tx: Transaction, organization_id: str, account_id: str, address_hashes: Sequence[int]) -> None:
    """These are done."""
    await tx.execute(
        "delete from backfills where organization_id = %s and account_id = %s and address_hash = any(%s)",
        (organization_id, account_id, list(address_hashes)),
    )


async def accounts_with_backfills(tx: Transaction) -> list[tuple[str, str]]:
    """(organization, account) of every account with waiting backfills; for the sweep, which serves all of them."""
    rows = await (await tx.execute("select distinct organization_id, account_id from backfills")).fetchall()
    return [(row[0], row[1]) for row in rows]

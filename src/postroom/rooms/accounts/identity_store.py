"""Every query of an account's identities, of all addresses that are ours, and of the exclude patterns."""

from collections.abc import Sequence
from datetime import datetime

from postroom.ground.database import Transaction
from postroom.ground.events import Event, append
from postroom.rooms.accounts.account import ConnectedAccount
from postroom.rooms.accounts.exclude import ExcludePattern, read_pattern
from postroom.rooms.accounts.identities import Identity, OwnAddresses, own_addresses_from
from postroom.rooms.accounts.own_domains import SaidOfDomains, domains_of


async def identities(tx: Transaction, organization_id: str, account_id: str) -> tuple[Identity, ...]:
    """The account's address and its aliases, in the owner's order."""
    rows = await (
        await tx.execute(
            "select address, name, proof from account_identities where organization_id = %s and account_id = %s"
            " order by position, address_key",
            (organization_id, account_id),
        )
    ).fetchall()
    return tuple(Identity(*row) for row in rows)


async def save_identities(tx: Transaction, account: ConnectedAccount, new: Sequence[Identity], now: datetime) -> None:
    """Replace all identities; each address once."""
    await tx.execute(
        "delete from account_identities where organization_id = %s and account_id = %s",
        (account.organization_id, account.id),
    )
    await insert_identities(tx, account.organization_id, account.id, new)
    changed = Event("connected_account", account.id, "updated", user_id=account.user_id, changed_fields=("identities",))
    await append(tx, account.organization_id, [changed], now)


async def insert_identities(tx: Transaction, organization_id: str, account_id: str, new: Sequence[Identity]) -> None:
    """Add identities; an address that the account has already is left as it is."""
    async with tx.cursor() as cursor:
        await cursor.executemany(
            "insert into account_identities (organization_id, account_id, address_key, address, name, proof, position)"
            " values (%s, %s, %s, %s, %s, %s, %s) on conflict do nothing",
            [
                (organization_id, account_id, one.key, one.address, one.name, one.proof, at)
                for at, one in enumerate(new)
            ],
        )


async def save_code(tx: Transaction, place: tuple[str, str], key: str, code_hash: bytes, expires: datetime) -> None:
    """A code is on its way to an alias of (organization, account); the one before counts no more."""
    await tx.execute(
        "insert into alias_codes (organization_id, account_id, address_key, code_hash, attempts, date_expires)"
        " values (%s, %s, %s, %s, 0, %s) on conflict (organization_id, account_id, address_key) do update set"
        " code_hash = excluded.code_hash, attempts = 0, date_expires = excluded.date_expires",
        (*place, key, code_hash, expires),
    )


async def try_code(tx: Transaction, place: tuple[str, str], key: str, now: datetime) -> tuple[bytes, int] | None:
    """The code that is waited for and how often it was tried, this time included; None where none is."""
    row = await (
        await tx.execute(
            "update alias_codes set attempts = attempts + 1 where organization_id = %s and account_id = %s"
            " and address_key = %s and date_expires > %s returning code_hash, attempts",
            (*place, key, now),
        )
    ).fetchone()
    return (bytes(row[0]), row[1]) if row else None


async def note_proof(tx: Transaction, account: ConnectedAccount, key: str, proof: str, now: datetime) -> None:
    """An alias is proven; its code is gone."""
    place = (account.organization_id, account.id, key)
    await tx.execute(
        "delete from alias_codes where organization_id = %s and account_id = %s and address_key = %s", place
    )
    await tx.execute(
        "update account_identities set proof = %s where organization_id = %s and account_id = %s and address_key = %s",
        (proof, *place),
    )
    changed = Event("connected_account", account.id, "updated", user_id=account.user_id, changed_fields=("identities",))
    await append(tx, account.organization_id, [changed], now)


async def own_addresses(tx: Transaction, organization_id: str) -> OwnAddresses:
    """Every address of the organization: identities of connected accounts, users, and the domains that are ours.

    Users' addresses are read here, though the users room owns them: one question of every arriving message.
    """
    rows = await (
        await tx.execute(
            "select 'identity', i.address_key, i.proof from account_identities i"
            " join connected_accounts a on a.organization_id = i.organization_id and a.id = i.account_id"
            " where i.organization_id = %(org)s and not a.is_deleted and i.proof <> 'pending'"
            " union all select 'account', email_key, '' from connected_accounts"
            " where organization_id = %(org)s and not is_deleted"
            " union all select case when date_joined is null then 'invited' else 'joined' end, email_key, ''"
            " from users where organization_id = %(org)s"
            " union all select case when is_ours then 'listed' else 'refused' end, domain, '' from own_domains"
            " where organization_id = %(org)s",
            {"org": organization_id},
        )
    ).fetchall()
    keys: dict[str, list[str]] = {}
    for kind, key, _ in rows:
        keys.setdefault(kind, []).append(key)
    joined = keys.get("joined", ())
    said = SaidOfDomains(domains_of(joined), frozenset(keys.get("listed", ())), frozenset(keys.get("refused", ())))
    identities = [(key, proof) for kind, key, proof in rows if kind == "identity"]
    users = [*joined, *keys.get("invited", ())]
    return own_addresses_from(identities, keys.get("account", ()), users, said.ours)


async def exclude_patterns(tx: Transaction, organization_id: str, account_id: str = "") -> list[str]:
    """The patterns of an account, or with account "" those of the organization itself."""
    rows = await (
        await tx.execute(
            "select pattern from exclude_patterns where organization_id = %s and account_id = %s"
            " order by date_created, pattern",
            (organization_id, account_id),
        )
    ).fetchall()
    return [row[0] for row in rows]


async def patterns_in_force(tx: Transaction, organization_id: str, account_id: str) -> tuple[ExcludePattern, ...]:
    """All patterns an account's mail is held against: the organization's, then its own."""
    rows = await (
        await tx.execute(
            "select pattern from exclude_patterns where organization_id = %s and account_id in ('', %s)"
            " order by account_id, date_created, pattern",
            (organization_id, account_id),
        )
    ).fetchall()
    return tuple(read_pattern(row[0]) for row in rows)


async def save_exclude_patterns(
    tx: Transaction, organization_id: str, account_id: str, patterns: Sequence[ExcludePattern], now: datetime
) -> None:
    """Replace the patterns of an account, or with account "" those of the organization."""
    await tx.execute(
        "delete from exclude_patterns where organization_id = %s and account_id = %s", (organization_id, account_id)
    )
    async with tx.cursor() as cursor:
        await cursor.executemany(
            "insert into exclude_patterns (organization_id, account_id, pattern, date_created) values (%s, %s, %s, %s)",
            [(organization_id, account_id, pattern.text, now) for pattern in patterns],
        )
    changed = Event("connected_account", account_id, "updated", changed_fields=("exclude_patterns",))
    whole = Event("organization", organization_id, "updated", changed_fields=("exclude_patterns",))
    await append(tx, organization_id, [changed if account_id else whole], now)

"""Queries of second factors, recovery codes, and sign-ins that wait for a code."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from postroom.ground.database import Transaction

STEP_LASTS = timedelta(minutes=10)
MOST_CODES_PER_STEP = 5


@dataclass(frozen=True, slots=True)
class Factor:
    """A user's second factor. Not confirmed: being enrolled, not asked for yet."""

    sealed_secret: bytes = field(repr=False)
    is_confirmed: bool
    date_confirmed: datetime | None
    codes_left: int


@dataclass(frozen=True, slots=True)
class WaitingSignIn:
    """A sign-in whose password was right."""

    organization_id: str
    user_id: str
    attempts: int


async def factor_of(tx: Transaction, organization_id: str, user_id: str) -> Factor | None:
    """The user's second factor, if there is one."""
    row = await (
        await tx.execute(
            "select f.sealed_secret, f.date_confirmed, (select count(*) from recovery_codes c"
            " where c.organization_id = f.organization_id and c.user_id = f.user_id)"
            " from second_factors f where f.organization_id = %s and f.user_id = %s",
            (organization_id, user_id),
        )
    ).fetchone()
    return Factor(bytes(row[0]), row[1] is not None, row[1], int(row[2])) if row else None


async def begin_enrolment(tx: Transaction, organization_id: str, user_id: str, sealed: bytes, now: datetime) -> bool:
    """Keep a secret until a code proves that an app has it; False where a confirmed one stands already."""
    written = await tx.execute(
        "insert into second_factors (organization_id, user_id, sealed_secret, date_created) values (%s, %s, %s, %s)"
        " on conflict (organization_id, user_id) do update set sealed_secret = excluded.sealed_secret,"
        " date_created = excluded.date_created, last_step = 0 where second_factors.date_confirmed is null",
        (organization_id, user_id, sealed, now),
    )
    return written.rowcount == 1


async def confirm_factor(tx: Transaction, organization_id: str, user_id: str, now: datetime) -> bool:
    """From now on it is asked for; False where it was confirmed meanwhile."""
    written = await tx.execute(
        "update second_factors set date_confirmed = %s where organization_id = %s and user_id = %s"
        " and date_confirmed is null",
        (now, organization_id, user_id),
    )
    return written.rowcount == 1


async def use_step(tx: Transaction, organization_id: str, user_id: str, step: int) -> bool:
    """Count a code as used; False if it or a later one was used before (RFC 6238 section 5.2)."""
    written = await tx.execute(
        "update second_factors set last_step = %s where organization_id = %s and user_id = %s and last_step < %s",
        (step, organization_id, user_id, step),
    )
    return written.rowcount == 1


async def delete_factor(tx: Transaction, organization_id: str, user_id: str) -> bool:
    """No second factor, no recovery codes; False if there was none."""
    await tx.execute(
        "delete from recovery_codes where organization_id = %s and user_id = %s", (organization_id, user_id)
    )
    gone = await tx.execute(
        "delete from second_factors where organization_id = %s and user_id = %s", (organization_id, user_id)
    )
    return gone.rowcount == 1


async def replace_recovery_codes(tx: Transaction, organization_id: str, user_id: str, hashes: Iterable[bytes]) -> None:
    """New codes; the old ones are worthless."""
    await tx.execute(
        "delete from recovery_codes where organization_id = %s and user_id = %s", (organization_id, user_id)
    )
    await tx.execute(
        "insert into recovery_codes (organization_id, user_id, code_hash) select %s, %s, unnest(%s::bytea[])",
        (organization_id, user_id, list(hashes)),
    )


async def use_recovery_code(tx: Transaction, organization_id: str, user_id: str, code_hash: bytes) -> bool:
    """Use a code up; False if it is none of the user's."""
    gone = await tx.execute(
        "delete from recovery_codes where organization_id = %s and user_id = %s and code_hash = %s",
        (organization_id, user_id, code_hash),
    )
    return gone.rowcount == 1


async def insert_step(tx: Transaction, organization_id: str, user_id: str, token_hash: bytes, now: datetime) -> None:
    """The password was right; a code is asked for. Those that ran out are cleared away."""
    await tx.execute(
        "delete from sign_in_steps where organization_id = %s and date_expires < %s", (organization_id, now)
    )
    await tx.execute(
        "insert into sign_in_steps (organization_id, token_hash, user_id, date_expires) values (%s, %s, %s, %s)",
        (organization_id, token_hash, user_id, now + STEP_LASTS),
    )


async def try_step(tx: Transaction, token_hash: bytes, now: datetime) -> WaitingSignIn | None:
    """The sign-in behind a token, with this try counted; None if it is over or has had too many."""
    row = await (
        await tx.execute(
            "update sign_in_steps set attempts = attempts + 1 where token_hash = %s and date_expires > %s"
            " and attempts < %s returning organization_id, user_id, attempts",
            (token_hash, now, MOST_CODES_PER_STEP),
        )
    ).fetchone()
    return WaitingSignIn(*row) if row else None


async def delete_step(tx: Transaction, organization_id: str, token_hash: bytes) -> None:
    """The sign-in is through."""
    await tx.execute(
        "delete from sign_in_steps where organization_id = %s and token_hash = %s", (organization_id, token_hash)
    )


async def all_sealed(tx: Transaction) -> list[tuple[str, str, bytes]]:
    """Of the whole installation, for sealing anew: organization, user, sealed secret; locked."""
    rows = await (
        await tx.execute(
            "select organization_id, user_id, sealed_secret from second_factors"
            " order by organization_id, user_id for no key update"
        )
    ).fetchall()
    return [(row[0], row[1], bytes(row[2])) for row in rows]


async def exchange_sealed(tx: Transaction, owner: tuple[str, str], old: bytes, new: bytes) -> None:
    """The same secret sealed anew, for (organization, user), unless another was made meanwhile."""
    await tx.execute(
        "update second_factors set sealed_secret = %s where organization_id = %s and user_id = %s"
        " and sealed_secret = %s",
        (new, *owner, old),
    )

"""How long a statement may take: what people write as queries must not hold up the others."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from psycopg import errors

from postroom.ground.database import Transaction

_MOST_TRIES = 20


async def limit_time(tx: Transaction, milliseconds: int) -> None:
    """The longest time for each further statement of the transaction; psycopg's QueryCanceled when it is over.

    Plans are not compiled either: for statements that take so little, that costs more than it saves.
    """
    await tx.execute(
        "select set_config('statement_timeout', %s, true), set_config('jit', 'off', true)", (str(milliseconds),)
    )


@asynccontextmanager
async def limited(tx: Transaction, milliseconds: int) -> AsyncIterator[None]:
    """The same for the statements of a block that only reads. Whatever is set in it ends with it, and where its time
    is over, the transaction goes on after the block's QueryCanceled."""
    await tx.execute("savepoint limited")
    try:
        await limit_time(tx, milliseconds)
        yield
    finally:
        await _end(tx)


async def _end(tx: Transaction) -> None:
    """Back to where the block began. The limit still holds for this statement, and on a busy machine even that little
    may take longer: then it is said again."""
    for left in reversed(range(_MOST_TRIES)):
        try:
            await tx.execute("rollback to savepoint limited")
            break
        except errors.QueryCanceled:
            if not left:
                raise
    await tx.execute("release savepoint limited")

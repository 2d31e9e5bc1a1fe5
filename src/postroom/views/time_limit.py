"""How long a statement may take: what people write as queries must not hold up the others."""

from postroom.ground.database import Transaction


async def limit_time(tx: Transaction, milliseconds: int) -> None:
    """The longest time for each further statement of the transaction; psycopg's QueryCanceled when it is over.

    Plans are not compiled either: for statements that take so little, that costs more than it saves.
    """
    await tx.execute(
        "select set_config('statement_timeout', %s, true), set_config('jit', 'off', true)", (str(milliseconds),)
    )

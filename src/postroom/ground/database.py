"""One PostgreSQL holds all state. This file opens it, hands out short transactions, and brings the schema up to date.

Transactions are short and never open while the network is used: `no_transaction_open` is asserted by every opener of
a mail connection. Stores take the transaction; doors and journeys open it.
"""

import asyncio
import re
import select
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from importlib import resources
from typing import Any, Self

import psycopg
from procrastinate.schema import SchemaManager
from psycopg import sql
from psycopg.rows import tuple_row
from psycopg_pool import AsyncConnectionPool

from postroom.ground.errors import Conflict, Invalid, TooLong
from postroom.ground.viewer import face

Transaction = psycopg.AsyncConnection[tuple[Any, ...]]
"""A connection inside `Database.transaction()`. Committed when the block ends well, else rolled back."""

CONNECT_SECONDS = 30.0
"""How long a transaction waits for a connection: a database that is away or busy for less is not noticed."""

_open_transactions: ContextVar[int] = ContextVar("open_transactions", default=0)
_commits: ContextVar["Commits | None"] = ContextVar("commits", default=None)
_MIGRATION_LOCK = 0x706F7374726F6F6D  # "postroom": one migration at a time, whoever starts it
_NEVER_COUNTED = (
    "select relname from pg_class where relnamespace = current_schema()::regnamespace and relkind = 'r'"
    " and reltuples < 0 and pg_relation_size(oid) > 0"
)
_FIRST_WITH_BOUNDS = 17  # from this migration on, each ends with the views of viewer.py made anew
_MIGRATION_NAME = re.compile(r"(\d{4})_\w+\.sql")


class Database:
    """A pool of connections to the one database."""

    def __init__(self, pool: AsyncConnectionPool[Transaction], url: str) -> None:
        self._pool = pool
        self._url = url
        self._searches = asyncio.Semaphore(max(1, pool.max_size // 3))

    @classmethod
    async def open(cls, url: str, *, connections: int = 10) -> Self:
        """Connect. `connections` is the most that this process holds at once."""
        pool: AsyncConnectionPool[Transaction] = AsyncConnectionPool(
            url,
            min_size=1,
            max_size=connections,
            open=False,
            timeout=CONNECT_SECONDS,
            kwargs={"row_factory": tuple_row, "autocommit": True},  # transactions are begun by name, below
            check=_check_if_server_spoke,
        )
        await pool.open(wait=True, timeout=CONNECT_SECONDS)
        return cls(pool, url)

    async def close(self) -> None:
        """Give all connections back."""
        await self._pool.close()

    async def notices(self, channel: str) -> AsyncIterator[str]:
        """The payloads of NOTIFY on a channel, for as long as the connection of its own holds; first one empty text.

        The empty text says that it is listening from now on: what was written before is to be read from the rows.
        """
        connection = await psycopg.AsyncConnection.connect(self._url, autocommit=True)
        async with connection:
            await connection.execute(sql.SQL("listen {}").format(sql.Identifier(channel)))
            yield ""
            async for notice in connection.notifies():
                yield notice.payload

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        """For statements that only read and need not agree with each other: no BEGIN, no COMMIT.

        Each sees what is committed when it starts. One row read this way costs a third of one read in a transaction.
        """
        async with self._pool.connection() as connection:
            token = _open_transactions.set(_open_transactions.get() + 1)
            try:
                await face(connection)
                yield connection
            finally:
                _open_transactions.reset(token)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """One transaction: commits when the block ends well, rolls back on any exception.

        Raises Invalid for a value that no column takes: text with a NUL, a number or a date too large.
        """
        async with self._pool.connection() as connection:
            token = _open_transactions.set(_open_transactions.get() + 1)
            try:
                await face(connection)
                async with connection.transaction():
                    yield connection
                if commits := _commits.get():
                    commits.any = True
            except psycopg.DataError as error:
                raise Invalid("The database cannot hold a value that this would store.") from error
            finally:
                _open_transactions.reset(token)

    @asynccontextmanager
    async def searching(self) -> AsyncIterator[Transaction]:
        """A transaction for what people ask in their own words, which may take seconds: such never hold more than a
        third of the connections, so that all else goes on meanwhile. Raises TooLong when its turn does not come."""
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await self._searches.acquire()
        except TimeoutError as error:
            raise TooLong("Too many long searches are being answered; try again in a moment.") from error
        try:
            async with self.transaction() as tx:
                yield tx
        finally:
            self._searches.release()

    async def learn_statistics(self) -> None:
        """Have the server count tables that it has never counted.

        Until then it takes organization_id for selective and plans to walk through all rows of an organization. It
        would count by itself too, but a minute later, and a first pull brings thousands of rows in that minute.
        """
        async with self._pool.connection() as connection:
            await face(connection)
            for (table,) in await (await connection.execute(_NEVER_COUNTED)).fetchall():
                await connection.execute(sql.SQL("analyze {}").format(sql.Identifier(table)))


async def _check_if_server_spoke(connection: Transaction) -> None:
    """A connection that lay idle is asked only when something came from the server: it says why it hangs up."""
    waiting = select.poll()  # not select(): that one fails past 1023 open files
    waiting.register(connection.pgconn.socket, select.POLLIN)
    if waiting.poll(0):
        await AsyncConnectionPool.check_connection(connection)


def is_passing(error: BaseException) -> bool:
    """Whether the database only refused for now: it is away, or two transactions waited for each other."""
    return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)


def is_deadlock(error: BaseException) -> bool:
    """Whether two transactions waited for each other and this one was given up: done again, it will do."""
    return isinstance(error, psycopg.errors.DeadlockDetected | psycopg.errors.SerializationFailure)


@dataclass(slots=True)
class Commits:
    """Whether a transaction has been committed since one began to watch."""

    any: bool = False


@contextmanager
def watch_commits() -> Iterator[Commits]:
    """Notes what this task commits in the block."""
    commits = Commits()
    token = _commits.set(commits)
    try:
        yield commits
    finally:
        _commits.reset(token)


def no_transaction_open() -> bool:
    """Whether this task holds no transaction: the rule that every use of the network asserts."""
    return _open_transactions.get() == 0


async def migrate(url: str) -> None:
    """Bring the schema up to date, forward only. Safe to call from several processes at once.

    Raises Conflict where a newer Postroom has been here: this one would not know what its columns mean.
    """
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute("select pg_advisory_lock(%s)", (_MIGRATION_LOCK,))
        try:
            await _migrate_locked(connection)
        finally:
            await connection.execute("select pg_advisory_unlock(%s)", (_MIGRATION_LOCK,))


def migrations() -> list[tuple[int, str, str]]:
    """All migrations in order: number, file name, SQL."""
    found = []
    for file in resources.files("postroom.migrations").iterdir():
        if match := _MIGRATION_NAME.fullmatch(file.name):
            found.append((int(match[1]), file.name, file.read_text("utf-8")))
    return sorted(found)


async def _migrate_locked(connection: psycopg.AsyncConnection[Any]) -> None:
    await connection.execute(
        "create table if not exists schema_migrations"
        " (number integer primary key, name text not null, date_applied timestamptz not null default now())"
    )
    applied = {row[0] for row in await (await connection.execute("select number from schema_migrations")).fetchall()}
    if not applied:
        async with connection.transaction():
            await connection.execute(SchemaManager.get_schema().encode())
    known = migrations()
    if (newest := max(applied, default=0)) > known[-1][0]:
        raise Conflict(
            f"This database has been used by a newer Postroom: its schema is at {newest:04}, this program knows it up"
            f" to {known[-1][0]:04}. Nothing was changed. Start the newer Postroom again, or restore the backup that"
            " was made before the update into an empty database."
        )
    for number, name, statements in known:
        if number not in applied:
            async with connection.transaction():
                await connection.execute(
                    "drop schema if exists bounded cascade"
                )  # columns that views show stay as they are
                await connection.execute(statements.encode())
                await connection.execute("insert into schema_migrations (number, name) values (%s, %s)", (number, name))
                if number >= _FIRST_WITH_BOUNDS:
                    await connection.execute("select make_bounded_views()")

"""The schema comes up to date forward only, from nothing and from every earlier version, whoever starts it."""

import asyncio

import psycopg
import pytest

from postroom.ground.database import Database, migrate, migrations, no_transaction_open
from postroom.ground.errors import Conflict
from postroom.ground.viewer import seen_by


async def _shape(url: str) -> set[tuple[object, ...]]:
    async with await psycopg.AsyncConnection.connect(url) as connection:
        cursor = await connection.execute(
            "select table_name, column_name, data_type, is_nullable, coalesce(column_default, '')"
            " from information_schema.columns where table_schema = 'public'"
        )
        columns = set(await cursor.fetchall())
        cursor = await connection.execute(
            "select indexname, indexdef, '', '', '' from pg_indexes where schemaname = 'public'"
        )
        return columns | set(await cursor.fetchall())


def test_migrations_are_numbered_without_gaps() -> None:
    assert [number for number, _, _ in migrations()] == list(range(1, len(migrations()) + 1))


async def test_migrating_again_changes_nothing(empty_database_url: str) -> None:
    await migrate(empty_database_url)
    before = await _shape(empty_database_url)
    await migrate(empty_database_url)
    assert await _shape(empty_database_url) == before


async def test_several_processes_may_migrate_at_once(empty_database_url: str) -> None:
    await asyncio.gather(*(migrate(empty_database_url) for _ in range(4)))
    async with await psycopg.AsyncConnection.connect(empty_database_url) as connection:
        rows = await (await connection.execute("select number from schema_migrations order by number")).fetchall()
    assert [row[0] for row in rows] == [number for number, _, _ in migrations()]


async def test_a_database_that_a_newer_program_has_changed_is_left_alone(empty_database_url: str) -> None:
    await migrate(empty_database_url)
    async with await psycopg.AsyncConnection.connect(empty_database_url) as connection:
        await connection.execute("insert into schema_migrations (number, name) values (9001, '9001_from_the_future')")
    before = await _shape(empty_database_url)
    with pytest.raises(Conflict, match="newer Postroom: its schema is at 9001"):
        await migrate(empty_database_url)
    assert await _shape(empty_database_url) == before


async def test_every_earlier_version_comes_to_the_same_schema(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = migrations()
    for version in range(len(everything)):
        monkeypatch.setattr("postroom.ground.database.migrations", lambda kept=version: everything[: kept + 1])
        await migrate(empty_database_url)
    one_by_one = await _shape(empty_database_url)
    monkeypatch.undo()
    await migrate(empty_database_url)
    assert await _shape(empty_database_url) == one_by_one


async def test_every_table_of_an_organization_is_led_by_it(database_url: str) -> None:
    """The rules for distributing by organization: it leads every primary, unique and foreign key."""
    exempt = {"organizations", "sign_in_failures", "schema_migrations"}
    async with await psycopg.AsyncConnection.connect(database_url) as connection:
        rows = await (
            await connection.execute(
                "select c.conrelid::regclass::text, c.conname, c.contype::text, a.attname from pg_constraint c"
                " join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]"
                " where c.contype in ('p', 'u', 'f') and c.connamespace = 'public'::regnamespace"
            )
        ).fetchall()
        keyed = await (
            await connection.execute(
                "select i.indrelid::regclass::text, i.indexrelid::regclass::text, a.attname from pg_index i"
                " join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]"
                " join pg_class t on t.oid = i.indrelid where i.indisunique"
                " and t.relnamespace = 'public'::regnamespace"
            )
        ).fetchall()
    wrong = [
        row for row in rows if row[0] not in exempt and "procrastinate" not in row[0] and row[3] != "organization_id"
    ]
    assert wrong == []
    assert [
        row for row in keyed if row[0] not in exempt and "procrastinate" not in row[0] and row[2] != "organization_id"
    ] == []


async def test_a_transaction_is_known_to_be_open_and_is_rolled_back_on_an_error(database_url: str) -> None:
    db = await Database.open(database_url)
    try:
        assert no_transaction_open()
        with pytest.raises(RuntimeError):
            async with db.transaction() as tx:
                assert not no_transaction_open()
                await tx.execute("insert into schema_migrations (number, name) values (999, 'x')")
                raise RuntimeError
        assert no_transaction_open()
        async with db.transaction() as tx:
            row = await (await tx.execute("select count(*) from schema_migrations where number = 999")).fetchone()
        assert row == (0,)
    finally:
        await db.close()


async def test_a_reader_who_is_cut_off_leaves_nobody_elses_eyes_behind(database_url: str) -> None:
    """A request may be cancelled while the connection is being told for whom it reads."""
    db = await Database.open(database_url, connections=1)

    async def viewer_for(user_id: str) -> str:
        with seen_by(user_id):
            async with db.reading() as tx:
                row = await (await tx.execute("select current_setting('postroom.viewer', true)")).fetchone()
        assert row is not None
        return str(row[0] or "")

    try:
        for turn in range(300):
            cut_off = asyncio.create_task(viewer_for(f"user_{turn}"))
            await asyncio.sleep(turn % 100 * 0.000_01)
            cut_off.cancel()
            await asyncio.gather(cut_off, return_exceptions=True)
            assert await viewer_for("user_anna") == "user_anna"
    finally:
        await db.close()

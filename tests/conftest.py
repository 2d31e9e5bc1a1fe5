"""Fixtures for tests everywhere: one embedded PostgreSQL for all of them, and a fresh migrated database for each.

The server lies in `.build/` and is shared by all pytest processes that run at the same time; the last one stops it.
"""

import asyncio
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from psycopg import sql

from postroom.ground.errors import Invalid
from postroom.ground.postgres import EmbeddedPostgres
from postroom.ground.postgres_cluster import Durability

# What CI looks at must not depend on luck: there every run tries the same examples. On a desk each run tries new ones.
# How long one takes says more about the machine than about us.
settings.register_profile("desk", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("desk"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")

_HOME = Path(__file__).parent.parent / ".build" / "test-postgres"
_TEMPLATE_LOCK = 0x7465737473  # "tests": one process makes the template, the others wait for it
_TEMPLATES_KEPT = 6
_numbers = count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[EmbeddedPostgres]:
    """A running server that forgets everything in a power cut. For databases made and dropped by tests."""
    server = EmbeddedPostgres(_HOME, durability=Durability.NONE_FOR_TESTS)
    try:
        server.__enter__()
    except Invalid:  # it is made to lose data in a crash of the machine; then it is made again
        shutil.rmtree(_HOME, ignore_errors=True)
        server.__enter__()
    try:
        yield server
    finally:
        server.__exit__(None, None, None)


@pytest.fixture(scope="session")
def migrated_template(postgres_server: EmbeddedPostgres) -> str:
    """The name of a database with the whole schema, made once per state of the migrations."""
    from procrastinate.schema import SchemaManager

    from postroom.ground.database import migrate, migrations

    schema = repr(migrations()) + SchemaManager.get_schema()
    name = f"template_{hashlib.sha256(schema.encode()).hexdigest()[:16]}"
    with psycopg.connect(postgres_server.url(), autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(%s)", (_TEMPLATE_LOCK,))
        _drop_databases_of_the_dead(connection)
        if not _exists(connection, name):
            _drop_old_templates(connection)
            draft = f"draft_{name}"
            _drop(connection, draft)
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(draft)))
            asyncio.run(migrate(postgres_server.url(draft)))
            connection.execute(
                sql.SQL("alter database {} rename to {}").format(sql.Identifier(draft), sql.Identifier(name))
            )
    return name


@pytest.fixture
def database_url(postgres_server: EmbeddedPostgres, migrated_template: str) -> Iterator[str]:
    """A fresh database with the whole schema, for one test; dropped afterwards, whoever is still connected."""
    with _fresh(postgres_server, migrated_template) as name:
        yield postgres_server.url(name)


@pytest.fixture
def empty_database_url(postgres_server: EmbeddedPostgres) -> Iterator[str]:
    """A fresh database with nothing in it."""
    with _fresh(postgres_server, "template0") as name:
        yield postgres_server.url(name)


@contextmanager
def _fresh(server: EmbeddedPostgres, template: str) -> Iterator[str]:
    """A database cloned from a template, while the block runs."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute(
            # Half the time of the usual strategy, which writes every page to the log of changes.
            sql.SQL("create database {} template {} strategy file_copy").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
    try:
        yield name
    finally:
        with psycopg.connect(server.url(), autocommit=True) as connection:
            _drop(connection, name)


def _exists(connection: psycopg.Connection, name: str) -> bool:
    return connection.execute("select 1 from pg_database where datname = %s", (name,)).fetchone() is not None


def _drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def _drop_databases_of_the_dead(connection: psycopg.Connection) -> None:
    """What a killed test run has left behind."""
    for (name,) in connection.execute("select datname from pg_database where datname like 'test\\_%'").fetchall():
        try:
            os.kill(int(name.split("_")[1]), 0)
        except ProcessLookupError:
            _drop(connection, name)


def _drop_old_templates(connection: psycopg.Connection) -> None:
    """Templates of earlier states of the migrations, the newest few apart: another checkout may be using them."""
    rows = connection.execute("select datname from pg_database where datname like 'template\\__%' order by oid desc")
    names = [name for (name,) in rows.fetchall() if name not in ("template0", "template1")]
    for name in names[_TEMPLATES_KEPT - 1 :]:
        _drop(connection, name)

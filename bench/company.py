"""A company on a fresh database: its account on the measured mailbox, and leads for whom it corresponds with."""

import asyncio
import fcntl
import itertools
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from bench.mailboxes import OWNER, WORK
from bench.meter import Cost, run
from postroom.ground.postgres import EmbeddedPostgres
from postroom.ground.postgres_cluster import find_postmaster
from postroom.journeys.backfill import address_added
from postroom.rooms.leads import store as lead_store
from postroom.rooms.leads.lead import ContactContent, ContactEmail, LeadContent, NewLead, Stamp
from tests.journeys.office import open_office, plain
from tests.servers.dovecot import PASSWORD

_numbers = itertools.count(1)


@contextmanager
def database_server() -> Iterator[EmbeddedPostgres]:
    """The embedded PostgreSQL with its usual settings, every commit on the disk."""
    WORK.mkdir(parents=True, exist_ok=True)
    with (WORK / "postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one measurement at a time, whoever starts it
        with EmbeddedPostgres(WORK / "postgres") as server:
            yield server


def master_of(server: EmbeddedPostgres) -> int:
    """Its main process."""
    found = find_postmaster(server.cluster)
    assert found is not None
    return found.pid


@dataclass(frozen=True)
class Company:
    """Where it is kept."""

    url: str
    folder: Path
    organization_id: str
    account_id: str

    def pull(self, servers: dict[str, int], *also: str) -> Cost:
        """Pull the whole mailbox in a process of its own."""
        command = [
            sys.executable, "-m", "bench.puller", self.url, self.folder, self.organization_id, self.account_id, *also,
        ]  # fmt: skip
        return run(command, servers)

    def count(self, query: str) -> int:
        """The one number that a query answers."""
        return int(self.text(query))

    def text(self, query: str) -> str:
        """The one value that a query answers."""
        with psycopg.connect(self.url) as connection:
            row = connection.execute(query.encode()).fetchone()
        assert row is not None
        return str(row[0])


@contextmanager
def company(server: EmbeddedPostgres, port: int, user: str, contacts: Sequence[str]) -> Iterator[Company]:
    """A fresh one, gone at the end of the block."""
    name = f"bench_{os.getpid()}_{next(_numbers)}"
    folder = WORK / "companies" / name
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    try:
        url = server.url(name)
        ids = asyncio.run(_found(url, folder, (port, user), contacts))
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("vacuum analyze")
        with psycopg.connect(server.url(), autocommit=True) as connection:
            connection.execute("checkpoint")
        yield Company(url, folder, *ids)
    finally:
        with psycopg.connect(server.url(), autocommit=True) as connection:
            connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
        shutil.rmtree(folder, ignore_errors=True)


async def _found(url: str, folder: Path, mailbox: tuple[int, str], contacts: Sequence[str]) -> tuple[str, str]:
    port, user = mailbox
    async with open_office(url, folder) as office:
        owner = await office.user(OWNER)
        account_id = await office.connect(owner, plain(port, user), PASSWORD)
        by_domain: dict[str, list[str]] = {}
        for address in contacts:
            by_domain.setdefault(address.rpartition("@")[2], []).append(address)
        for domain, addresses in by_domain.items():
            people = tuple(ContactContent(name=one.partition("@")[0], emails=(ContactEmail(one),)) for one in addresses)
            async with office.tools.db.transaction() as tx:
                stamp = Stamp(office.admin.id, office.tools.clock())
                new = NewLead(LeadContent(name=domain), people)
                _, keys = await lead_store.insert_lead(tx, office.organization_id, new, stamp)
                await address_added(office.tools, tx, office.organization_id, keys)
        async with office.tools.db.transaction() as tx:
            await tx.execute("delete from procrastinate_jobs")  # as if the worker had looked: there is no mail yet
        return office.organization_id, account_id

"""Builds the Tools of a process from its Config; the only file that picks concrete things."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from postroom.ground.blobs import BlobStore
from postroom.ground.clock import system_clock
from postroom.ground.config import Config
from postroom.ground.database import Database, migrate
from postroom.ground.jobs import Jobs
from postroom.ground.net import AddressPolicy
from postroom.ground.vault import Vault
from postroom.journeys.steps.open_mailbox import close_mailboxes
from postroom.journeys.tools import Tools


def collect_garbage_rarely() -> None:
    """For a process that works on mail: a batch makes tens of thousands of objects that die together, in no cycles.

    Python's own setting looks through them for cycles after every 700; that is a tenth of a first pull's time.
    """
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@asynccontextmanager
async def open_tools(config: Config, database_url: str) -> AsyncIterator[Tools]:
    """Everything a process holds, with the schema up to date; given back at the end of the block."""
    await migrate(database_url)
    db = await Database.open(database_url, connections=config.database_connections)
    jobs = Jobs(database_url)
    await jobs.open()
    tools = Tools(
        config=config,
        db=db,
        jobs=jobs,
        clock=system_clock,
        blobs=BlobStore(config.blob_folder),
        vault=Vault.from_config(config),
        addresses=AddressPolicy(config.allow_networks),
    )
    try:
        yield tools
    finally:
        await close_mailboxes(tools)
        await tools.reading.close()
        await jobs.close()
        await db.close()

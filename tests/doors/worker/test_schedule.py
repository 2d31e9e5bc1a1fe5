"""The clock goes on, whatever is being tidied up beside it."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from postroom.doors.worker.schedule import run_schedule
from postroom.ground.blobs import BlobRef
from tests.faults.working import until
from tests.journeys.office import Office, open_office, plain


@pytest.fixture
async def office(database_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(database_url, tmp_path) as made:
        yield made


async def test_a_disk_that_takes_long_to_erase_holds_up_no_poll(office: Office) -> None:
    """The bytes of deleted mail are overwritten one by one: of many leads that takes minutes, here it never ends."""
    anna = await office.user("anna@acme.example")
    await office.connect(anna, plain(1, "anna"), "secret")
    reference = await office.tools.blobs.write(b"bytes of a deleted lead")
    pack = next(office.tools.config.blob_folder.glob(f"*/{BlobRef.parse(reference).pack}.pack"))
    pack.unlink()
    os.mkfifo(pack)  # whoever opens it for writing waits until somebody reads
    async with office.tools.db.transaction() as tx:
        await tx.execute(
            "insert into erasures (organization_id, raw_ref, date_created) values (%s, %s, now())",
            (office.organization_id, reference),
        )

    async def polled() -> bool:
        return bool(await office.rows("select 1 from procrastinate_jobs where task_name = 'pull_new'"))

    clock = asyncio.create_task(run_schedule(office.tools))
    try:
        await until(polled)
        for _ in range(2):
            async with office.tools.db.transaction() as tx:
                await tx.execute("delete from procrastinate_jobs")
            await until(polled)
    finally:
        os.close(os.open(pack, os.O_RDONLY | os.O_NONBLOCK))
        clock.cancel()
        await asyncio.gather(clock, return_exceptions=True)


async def test_what_cannot_be_tidied_up_does_not_keep_the_rest_from_it(office: Office) -> None:
    async with office.tools.db.transaction() as tx:
        await tx.execute(
            "insert into erasures (organization_id, raw_ref, date_created) values (%s, 'nonsense', now())",
            (office.organization_id,),
        )
        await tx.execute("update events set date_created = now() - interval '1 year', date_updated = '2020-01-01'")
    assert await office.rows("select 1 from events limit 1")

    async def forgotten() -> bool:
        return not await office.rows("select 1 from events where date_updated < '2021-01-01'")

    clock = asyncio.create_task(run_schedule(office.tools))
    try:
        await until(forgotten)
    finally:
        clock.cancel()
        await asyncio.gather(clock, return_exceptions=True)

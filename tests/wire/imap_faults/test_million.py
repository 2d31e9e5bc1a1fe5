"""A folder of a million messages: newest first, and memory stays bounded (failure mode 63)."""

import asyncio
import sys

import pytest

from tests.servers.scripted_imap import BARE, FULL, Flavour, scripted_imap
from tests.wire.imap_faults.ground import ANNA


@pytest.mark.parametrize("flavour", [FULL, BARE], ids=["ESEARCH", "SEARCH written out"])
async def test_a_million_messages_are_read_newest_first_in_bounded_memory(flavour: Flavour) -> None:
    async with scripted_imap(flavour) as server:
        server.account(ANNA).folder("INBOX").fill(1_000_000)
        reading = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.wire.imap_faults.million",
            str(server.port),
            ANNA,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        said, complaint = await asyncio.wait_for(reading.communicate(), 60)
    assert reading.returncode == 0, complaint.decode()
    count, newest, last, megabytes = map(int, said.split())
    assert (count, newest, last) == (1_000_000, 1_000_000, 998_001)
    assert megabytes < 40

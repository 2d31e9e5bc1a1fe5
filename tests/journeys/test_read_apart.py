"""Messages read in another process: the same bodies as here, whatever the mail; and nothing is left behind."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from postroom.ground.side_process import SideProcess
from postroom.journeys.steps.read_apart import Reader, Unread
from postroom.journeys.steps.read_body import read_body
from postroom.journeys.tools import READ_PROCESS
from tests.journeys.office import letter
from tests.wire.mime.corpora import cases, content

ODD = [
    b"",
    b"\r\n\r\n",
    b"From: a\0b@c.example\r\nSubject: =?utf-8?b?7aCA?= \xed\xa0\x80\r\n\r\nNUL \0 and a lone surrogate \xed\xb0\x80",
    b"Date: Fri, 31 Dec 9999 23:59:59 -2359\r\n\r\n",
    b"Content-Type: multipart/mixed; boundary=a\r\n\r\n" + b"--a\r\n\r\nx\r\n" * 3000 + b"--a--",
    b"\xff\xfe" * 200_000,
]


@pytest.fixture
async def beside() -> AsyncIterator[SideProcess]:
    made = SideProcess(READ_PROCESS)
    yield made
    await made.close()


async def read(beside: SideProcess, raws: list[bytes]) -> Reader:
    async with Reader(beside) as reader:
        for uid, raw in enumerate(raws):
            reader.add(Unread(uid, raw, header_only=uid % 50 == 49))
    return reader


async def same_as_here(beside: SideProcess, raws: list[bytes]) -> None:
    reader = await read(beside, raws)
    here = {uid: read_body(raw, "", header_only=uid % 50 == 49) for uid, raw in enumerate(raws)}
    assert reader.bodies == here


async def test_bodies_are_those_that_reading_here_gives(beside: SideProcess) -> None:
    letters = [letter("bob@bolt.example", "anna@acme.example", f"Offer {n}", "Grüße ✉ " * n) for n in range(120)]
    await same_as_here(beside, letters + ODD)


async def test_so_are_those_of_mail_that_other_projects_collected(beside: SideProcess) -> None:
    await same_as_here(beside, [content(row) for row in cases("parse", "bounce", "xss")][:600])


@pytest.mark.parametrize("count", [0, 1, 31, 32, 33])
async def test_none_is_left_over_at_the_edge_of_a_request(beside: SideProcess, count: int) -> None:
    await same_as_here(beside, [letter("bob@bolt.example", "anna@acme.example", f"Offer {n}") for n in range(count)])


async def test_an_error_in_the_block_ends_what_is_under_way(beside: SideProcess) -> None:
    before = asyncio.all_tasks()
    with pytest.raises(ConnectionError):
        async with Reader(beside) as reader:
            for uid in range(100):
                reader.add(
                    Unread(uid, letter("bob@bolt.example", "anna@acme.example", f"Offer {uid}"), header_only=False)
                )
            raise ConnectionError
    receiving = {task for task in asyncio.all_tasks() - before if "_receive" in repr(task)}
    assert asyncio.all_tasks() - before == receiving
    await same_as_here(beside, [letter("bob@bolt.example", "anna@acme.example", "After it")] * 40)


async def test_a_message_is_not_blamed_for_the_death_of_the_process_before_it_came(beside: SideProcess) -> None:
    large = letter("bob@bolt.example", "anna@acme.example", "Large", "words " * 100_000)
    await same_as_here(beside, [large])
    for child in await asyncio.to_thread(_children):
        os.kill(child, signal.SIGKILL)
    await same_as_here(beside, [large])


def _children() -> list[int]:
    """Processes of ours that read mail."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == os.getpid() and READ_PROCESS in (folder / "cmdline").read_text():
                found.append(int(folder.name))
    return found

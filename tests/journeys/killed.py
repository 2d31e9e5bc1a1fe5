"""A process killed (-9) at the n-th step of a journey: before and after every transaction, commit and command."""

import asyncio
import os
import signal
import sys
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from postroom.doors.wiring import open_tools
from postroom.ground.config import LOOPBACK_NETWORKS, Config
from postroom.ground.database import Database, Transaction
from postroom.journeys.tools import Tools
from postroom.wire.imap.session import Session

Work = Callable[[Tools], Awaitable[None]]


class Fuse:
    """Counts steps, and kills the process at one of them."""

    def __init__(self, kill_at: int) -> None:
        self.left = kill_at

    def burn(self) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def survives(database_url: str, folder: Path, work: Work, kill_at: int) -> bool:
    """Run the work in a process of its own that dies at that step; whether it came to its end before."""
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            asyncio.run(_live(database_url, folder, work, Fuse(kill_at)))
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)
    _, ended = os.waitpid(pid, 0)
    if os.WIFSIGNALED(ended):
        assert os.WTERMSIG(ended) == signal.SIGKILL
        return False
    assert os.WEXITSTATUS(ended) == 0, "the work failed by itself"
    return True


async def _live(database_url: str, folder: Path, work: Work, fuse: Fuse) -> None:
    config = Config(data_folder=folder, blob_folder=folder / "blobs", allow_networks=LOOPBACK_NETWORKS)
    async with open_tools(config, database_url) as tools:
        _lay(fuse)
        await work(tools)
        fuse.left = 0  # what closing does is no step of the journey


def _lay(fuse: Fuse) -> None:
    transaction, start = Database.transaction, Session.start

    @asynccontextmanager
    async def burning(self: Database) -> AsyncIterator[Transaction]:
        fuse.burn()
        async with transaction(self) as tx:
            yield tx
            fuse.burn()
        fuse.burn()

    def starting(self: Session, *arguments: Any, **named: Any) -> Any:
        fuse.burn()
        started = start(self, *arguments, **named)
        fuse.burn()
        return started

    Database.transaction = burning  # type: ignore[method-assign,assignment]
    Session.start = starting  # type: ignore[method-assign]

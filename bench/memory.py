"""The memory that a first pull of a very large mailbox takes, one in a hundred messages relevant."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from bench.company import company, database_server, master_of
from bench.figures import Figure, Target, below, row
from bench.mailboxes import OWNER
from bench.meter import Cost

MESSAGES = int(os.environ.get("BENCH_MESSAGES", "1000000"))
"""A million takes some minutes, most of which the Python server that plays the mailbox needs for itself."""
_CONTACTS = [f"person{number}@customer.example" for number in range(50)]


def memory() -> Figure:
    """Peak memory at a tenth of the size and at the whole: it must not grow with the mailbox."""
    small, large = _pulled(MESSAGES // 10), _pulled(MESSAGES)
    return Figure(
        "7-memory",
        f"Memory of the process that pulls {MESSAGES:,} messages",
        [row(f"{MESSAGES // 10:,} messages", [small], small), row(f"{MESSAGES:,} messages", [large], large)],
        [
            below("peak memory", large.peak_mb, 250, "MB"),
            Target("growth from a tenth to all", f"{large.peak_mb - small.peak_mb:.0f} MB", True),
        ],
    )


def _pulled(count: int) -> Cost:
    with _mailbox(count) as port, database_server() as database, company(database, port, OWNER, _CONTACTS) as fresh:
        cost = fresh.pull({"postgresql": master_of(database)})
        seen, kept = fresh.count("select count(*) from sightings"), fresh.count("select count(*) from emails")
        assert (seen, kept) == (count, count // 100), f"{seen} seen, {kept} kept"
    return cost


@contextmanager
def _mailbox(count: int) -> Iterator[int]:
    """The port of a server with so many messages."""
    command = [sys.executable, "-m", "bench.endless", str(count), OWNER]
    server = subprocess.Popen(command, stdout=subprocess.PIPE)
    try:
        assert server.stdout is not None
        yield int(server.stdout.readline())
    finally:
        server.kill()
        server.wait()

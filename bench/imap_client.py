"""Our IMAP client alone, beside the raw C reader that keeps nothing, in one run: `python -m bench.imap_client`.

The targets are the issue's: headers within 3 times, whole messages within 1.5 times of the C reader; nothing changed in
100,000 messages under 10 commands and 50 ms of CPU; 1,000 idle TLS sessions under 250 MB and 2 % of a core.
"""

import asyncio
import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.mailboxes import LARGE, SMALL, mail_server
from bench.meter import Cost, median, peak_mb, repeated, resident_mb, run
from bench.peers import raw_reader
from postroom.wire.imap.changes import changes_since
from postroom.wire.imap.fetch import raw_messages, summaries
from postroom.wire.imap.idle import wait
from postroom.wire.imap.session import Session, open_session
from postroom.wire.imap.types import (
    Access,
    Encryption,
    Folder,
    FolderCursor,
    FolderRole,
    ImapSettings,
    Password,
)
from tests.servers.dovecot import DovecotServer

IDLE_SESSIONS = 1000
RUNS = 3
_INBOX = Folder("INBOX", b"INBOX", "/", FolderRole.INBOX, True)
_SECRET = "x"  # the C reader knows no other


@dataclass(frozen=True)
class Row:
    """One line of the result."""

    what: str
    figure: str
    target: str
    held: bool


def main() -> None:
    """Measure and print; the exit code says whether every target was held."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    raw = raw_reader()
    rows: list[Row] = []
    with mail_server(SMALL, LARGE) as server:
        for count in (SMALL, LARGE):
            server.add_user(f"u{count}", _SECRET)
        server.add_user("idle", _SECRET)
        time.sleep(1.1)  # Dovecot reads a user's file at most once a second
        if raw is not None:
            rows.append(_against(raw, server, ("headers", LARGE), 3.0))
            rows.append(_against(raw, server, ("full", SMALL), 1.5))
        rows += [_alone(server, "full", SMALL, "tls"), *_unchanged(server), *_idle(server)]
    for row in rows:
        print(f"{'held  ' if row.held else 'MISSED'} {row.what}: {row.figure} ({row.target})")
    sys.exit(0 if all(row.held for row in rows) else 1)


def _ours(server: DovecotServer, *words: object) -> Callable[[], Cost]:
    ports = (server.imap_port, server.imaps_port, server.ca_file)
    command = [sys.executable, "-m", "bench.imap_client", *map(str, words), *map(str, ports)]
    return lambda: run(command, {"dovecot": server.pid})


def _against(raw: Path, server: DovecotServer, task: tuple[str, int], most: float) -> Row:
    what, count = task
    theirs_command = [raw, "127.0.0.1", str(server.imap_port), f"u{count}", what, str(count), "1"]
    run(theirs_command, {})  # once for the page cache
    theirs: list[Cost] = []
    ours: list[Cost] = []
    for _ in range(RUNS):  # in turns, so that a busy moment meets both
        theirs.append(run(theirs_command, {"dovecot": server.pid}))
        ours.append(_ours(server, what, count, "plain")())
    mine, limit = median(ours), median(theirs).wall
    ratio = mine.said["seconds"] / limit
    figure = (
        f"{mine.said['seconds']:.2f} s, C {limit:.2f} s: {ratio:.2f} times; {mine.cpu:.2f} s CPU, {mine.peak_mb:.0f} MB"
    )
    return Row(f"{count:,} {what}", figure, f"at most {most} times", ratio <= most)


def _alone(server: DovecotServer, what: str, count: int, how: str) -> Row:
    cost = median(repeated(RUNS, _ours(server, what, count, how)))
    figure = f"{cost.said['seconds']:.2f} s; {cost.cpu:.2f} s CPU, {cost.peak_mb:.0f} MB"
    return Row(f"{count:,} {what} over TLS", figure, "no target", True)


def _unchanged(server: DovecotServer) -> list[Row]:
    said = median(repeated(RUNS, _ours(server, "unchanged", LARGE, "plain"))).said
    figure = f"{said['commands']:.0f} commands, {said['cpu_ms']:.1f} ms CPU, {said['seconds'] * 1000:.0f} ms"
    held = said["commands"] < 10 and said["cpu_ms"] < 50
    return [Row(f"nothing changed in {LARGE:,}", figure, "under 10 commands and 50 ms CPU", held)]


def _idle(server: DovecotServer) -> list[Row]:
    said = _ours(server, "idle", IDLE_SESSIONS, "tls")().said
    figure = f"{said['resident_mb']:.0f} MB, {said['cpu_percent']:.2f} % of a core"
    held = said["resident_mb"] < 250 and said["cpu_percent"] < 2
    return [Row(f"{IDLE_SESSIONS:,} idle TLS sessions", figure, "under 250 MB and 2 %", held)]


# --- the measured process ------------------------------------------------------------------------------


async def measured(what: str, count: int, settings: ImapSettings) -> dict[str, float]:
    """One task; what it has to say about itself."""
    if what == "idle":
        return await _wait_with_many(count, settings)
    async with await open_session(settings) as session:
        begun, cpu = time.monotonic(), time.process_time()
        changes = await changes_since(session, _INBOX, None)
        found = 0
        if what == "headers":
            async for batch in summaries(session, changes.new):
                found += len(batch.summaries)
        elif what == "full":
            async for message in raw_messages(session, changes.new, 1 << 26, 1 << 25):
                found += message.raw is not None
        else:
            return await _look_again(session)
        assert found == count, f"{found} of {count}"
        return {"seconds": time.monotonic() - begun, "cpu": time.process_time() - cpu, "peak_mb": peak_mb()}


async def _look_again(session: Session) -> dict[str, float]:
    first = await changes_since(session, _INBOX, None)
    cursor = FolderCursor(
        first.state.uid_validity, first.new.highest, first.state.highest_modseq, known_count=len(first.new)
    )
    before, begun, cpu = session.connection.commands_sent, time.monotonic(), time.process_time()
    changes = await changes_since(session, _INBOX, cursor)
    assert not changes.new and not changes.flags and not changes.present
    return {
        "commands": session.connection.commands_sent - before,
        "seconds": time.monotonic() - begun,
        "cpu_ms": (time.process_time() - cpu) * 1000,
    }


async def _wait_with_many(count: int, settings: ImapSettings) -> dict[str, float]:
    ten_at_once = asyncio.Semaphore(10)
    idle = 0

    async def one() -> None:
        nonlocal idle
        async with ten_at_once:
            session = await open_session(settings)
            await session.select(_INBOX, Access.READ_ONLY)
            idle += 1
        await wait(session, 600)

    tasks = [asyncio.create_task(one()) for _ in range(count)]
    while idle < count:
        await asyncio.sleep(0.1)
        for task in tasks:
            if task.done():
                task.result()
    await asyncio.sleep(1)
    cpu, begun = time.process_time(), time.monotonic()
    await asyncio.sleep(10)
    share = (time.process_time() - cpu) / (time.monotonic() - begun)
    figures = {"resident_mb": resident_mb(), "cpu_percent": share * 100}
    for task in tasks:
        task.cancel()
    return figures


def _settings(user: str, how: str, ports: tuple[str, str], ca_file: str) -> ImapSettings:
    encrypted = how == "tls"
    port, tls_port = ports
    return ImapSettings(
        host="localhost",
        port=int(tls_port if encrypted else port),
        encryption=Encryption.TLS if encrypted else Encryption.NONE,
        user=user,
        secret=Password(_SECRET),
        connect_timeout_seconds=60,
        trusted_ca=Path(ca_file),
    )


if __name__ == "__main__":
    if len(sys.argv) == 1:
        main()
    else:
        task, number, how, port, tls_port, ca_file = sys.argv[1:]
        name = "idle" if task == "idle" else f"u{number}"
        print(json.dumps(asyncio.run(measured(task, int(number), _settings(name, how, (port, tls_port), ca_file)))))

"""Mailboxes to be measured on: a corpus made once, laid out as Maildirs, behind a private Dovecot on loopback."""

import fcntl
import os
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from tests.servers.dovecot import DovecotServer, dovecot

ROOT = Path(__file__).parent.parent
WORK = ROOT / "bench" / "work"
SHARED = ROOT.parent / "shared" / "bench"
OWNER = "john.smith@acme.example"
"""Whose mailbox the corpus is."""

LARGE, SMALL = 100_000, 20_000
_ADDRESS = re.compile(rb"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+")
_FIELD = re.compile(rb"^(?:From|To|Cc):((?:[^\n]|\n[ \t])*)", re.MULTILINE)


def maildir(count: int) -> Path:
    """The first `count` messages of the corpus as a Maildir; made if it is not there."""
    folder = WORK / "dovecot" / "mail" / f"u{count}" / "Maildir"
    if not (folder / "ready").exists():
        generator = SHARED / "gen_corpus.py"
        if not generator.exists():
            raise SystemExit(f"The corpus generator {generator} is missing.")
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run([sys.executable, generator, str(count), folder], check=True, stdout=subprocess.DEVNULL)
        if os.geteuid() == 0:
            subprocess.run(["chown", "-R", "nobody:", folder.parent], check=True)
        (folder / "ready").touch()
    return folder


@contextmanager
def mail_server(*counts: int) -> Iterator[DovecotServer]:
    """Dovecot with one user `u<count>` for each size of mailbox, its indexes warm."""
    for count in counts:
        maildir(count)
    with (WORK / "dovecot.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one measurement at a time: they would only measure each other
        with _running(counts) as server:
            yield server


@contextmanager
def _running(counts: tuple[int, ...]) -> Iterator[DovecotServer]:
    # A Dovecot that was killed leaves its number here, which may be another process's by now.
    (WORK / "dovecot" / "run" / "master.pid").unlink(missing_ok=True)
    with dovecot(WORK / "dovecot") as server:
        for count in counts:
            server.add_user(f"u{count}")
            server.doveadm("index", "-u", f"u{count}", "INBOX")
        yield server


def correspondents(count: int) -> list[str]:
    """Everybody outside who takes part in the first `count` messages."""
    return sorted({address for people in _participants(count) for address in people})


def some_correspondents(count: int, share: float) -> list[str]:
    """Correspondents who take part in about this share of the messages, chosen by lot."""
    messages = _participants(count)
    often = Counter(address for people in messages for address in people)
    people = [address for address in sorted(often) if often[address] < count * share / 4]
    random.Random(7).shuffle(people)
    chosen: set[str] = set()
    reached = 0
    by_person: dict[str, list[int]] = {}
    for number, present in enumerate(messages):
        for address in present:
            by_person.setdefault(address, []).append(number)
    seen: set[int] = set()
    for address in people:
        fresh = set(by_person[address]) - seen
        if reached + len(fresh) <= count * share:
            chosen.add(address)
            seen |= fresh
            reached += len(fresh)
    return sorted(chosen)


def _participants(count: int) -> list[list[str]]:
    cache = WORK / f"people-{count}.json"
    if not cache.exists():
        cache.write_bytes(msgspec.json.encode([_people(path) for path in sorted((maildir(count) / "cur").iterdir())]))
    return msgspec.json.decode(cache.read_bytes(), type=list[list[str]])


def _people(path: Path) -> list[str]:
    with path.open("rb") as file:
        head = file.read(65536).split(b"\n\n", 1)[0]
    found = {address.decode().lower() for field in _FIELD.findall(head) for address in _ADDRESS.findall(field)}
    return sorted(address for address in found if not address.endswith("@acme.example"))

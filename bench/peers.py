"""The other programs, each as it is used: mbsync, mu, notmuch (Debian packages), imapflow (npm), and a raw C reader."""

import os
import shutil
import subprocess
from pathlib import Path

from bench.mailboxes import ROOT, SHARED, WORK
from bench.meter import Cost, run
from tests.servers.dovecot import PASSWORD

_MBSYNC = """FSync {fsync}
IMAPStore far
Host 127.0.0.1
Port {port}
User {user}
Pass {password}
{tls}
AuthMechs LOGIN

MaildirStore near
Path {folder}/mail/
Inbox {folder}/mail/INBOX
SubFolders Verbatim

Channel all
Far :far:
Near :near:
Patterns INBOX
Create Near
Sync Pull
SyncState {folder}/state/
"""


def mbsync(port: int, user: str, dovecot: int, *, fsync: str = "yes") -> tuple[Cost, Path]:
    """The whole INBOX into a fresh Maildir, by its usual settings (`FSync yes`) or without waiting for the disk."""
    folder = WORK / "mbsync"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "mail").mkdir(parents=True)
    (folder / "state").mkdir()
    config = folder / "mbsyncrc"
    tls = f"{'SSLType' if _old_isync() else 'TLSType'} None"
    config.write_text(_MBSYNC.format(fsync=fsync, port=port, user=user, password=PASSWORD, tls=tls, folder=folder))
    return run(["mbsync", "-q", "-c", config, "all"], {"dovecot": dovecot}), folder / "mail"


def mu_index(mail: Path) -> Cost:
    """mu's search index over a Maildir."""
    home = WORK / "mu"
    shutil.rmtree(home, ignore_errors=True)
    made = run(["mu", "init", "--muhome", home, "--maildir", mail, "--my-address", "john.smith@acme.example"], {})
    return made.plus(run(["mu", "index", "--muhome", home, "--quiet"], {}))


def imapflow(what: str, count: int, port: int, user: str) -> list[str | Path]:
    """The command that fetches `headers` or `full` messages with imapflow and keeps nothing."""
    script = ROOT / "bench" / "imapflow.mjs"
    return ["node", script, what, str(count), str(port), user, PASSWORD]


def node_folder() -> Path:
    """Where imapflow is installed; installed if it is not."""
    folder = WORK / "node"
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "node_modules" / "imapflow").exists():
        (folder / "package.json").write_text("{}")
        command = ["npm", "install", "--no-audit", "--no-fund", "imapflow@2"]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return folder


def raw_reader() -> Path | None:
    """The C program that reads and throws away, or None where its source is not at hand."""
    source, program = SHARED / "c" / "rawfetch.c", WORK / "rawfetch"
    if not program.exists() and source.exists() and shutil.which("cc"):
        subprocess.run(["cc", "-O2", "-o", program, source], check=True)
    return program if program.exists() else None


def _old_isync() -> bool:
    """isync before 1.5 calls it SSLType."""
    words = subprocess.run(["mbsync", "--version"], capture_output=True, text=True, check=False).stdout.split()
    version = words[-1].split(".") if words else ["1", "4"]
    return [int(part) for part in version[:2] if part.isdigit()] < [1, 5]


def has(*programs: str) -> bool:
    """Are these programs installed?"""
    return all(shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin") for program in programs)

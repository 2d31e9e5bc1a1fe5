"""Bulk email: how fast it goes out and what it costs, how long a query takes to walk, how much memory it needs."""

import asyncio
import os
import shutil
import smtplib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.company import Company, company, database_server, master_of
from bench.figures import Figure, Target, below, row
from bench.mailboxes import OWNER, ROOT, WORK
from bench.meter import Cost, run
from postroom.doors.wiring import open_tools
from postroom.ground.config import LOOPBACK_NETWORKS, Config
from postroom.journeys import bulk
from postroom.journeys.bulk import Order
from postroom.rooms.accounts.access import Asker
from postroom.rooms.bulk.bulk_email import Audience
from postroom.rooms.sending_domains.store import KeptKey, insert_keys, seal_context, switch
from postroom.rooms.templates import store as template_store
from postroom.rooms.templates.template import Author, TemplateContent
from postroom.wire.dkim.keys import Algorithm, make_key
from tests.journeys.crowd import insert_crowd
from tests.journeys.office import plain
from tests.servers.debian_packages import Packages, Unobtainable, default_cache, unpacked

EMAILS = int(os.environ.get("BENCH_EMAILS", "20000"))
LEADS = int(os.environ.get("BENCH_LEADS", "100000"))
BATCHES = int(os.environ.get("BENCH_BATCHES", "10"))
CONNECTIONS = 10
_LINE = "a word to {{ lead.name }}: our spring list is here, with everything you asked for last autumn."
_BODY = "<p>Dear {{ contact.first_name }},</p>" + f"<p>{_LINE}</p>" * 12


def sending() -> Figure:
    """The same emails to the same sink: ours with everything durable, nodemailer's pool, Postfix's smtp-source."""
    rows, theirs = [], None
    with _sink() as port:
        ours, sent = _ours(port, signs=False)
        rows.append(row(f"Postroom: {EMAILS:,} rendered, composed, recorded, sent", [ours], ours))
        signing, sent_signed = _ours(port, signs=True)
        rows.append(row("Postroom: the same, each signed with DKIM (RSA-2048)", [signing], signing))
        if folder := _nodemailer():
            command = ["node", ROOT / "bench" / "nodemailer.mjs", str(EMAILS), str(port), str(CONNECTIONS)]
            theirs = run(command, {}, env={"NODE_FOLDER": str(folder)})
            rows.append(row("nodemailer's pool: composed and sent, recorded nowhere", [theirs], theirs))
        if source := _smtp_source():
            command = [source.program, "-s", str(CONNECTIONS), "-m", str(EMAILS), "-l", "2000", f"127.0.0.1:{port}"]
            raw = run(command, {}, env={"LD_LIBRARY_PATH": source.libraries})
            rows.append(row("smtp-source: one ready-made message sent again and again", [raw], raw))
    rate = EMAILS / sent
    targets = [Target("emails a second, PostgreSQL and sink on the same processors", f"{rate:.0f}", True)]
    targets.append(Target("of that rate, signed with DKIM", f"{sent / sent_signed:.2f}", True))
    if theirs is not None:
        found = rate / (EMAILS / theirs.wall)
        targets.append(Target("rate against nodemailer's: at least 1.5 times", f"{found:.2f} times", found >= 1.5))
        signed = EMAILS / sent_signed / (EMAILS / theirs.wall)
        targets.append(Target("the same, signed with DKIM: at least 0.7 times", f"{signed:.2f} times", signed >= 0.7))
    title = f"Bulk email to {EMAILS:,} recipients over {CONNECTIONS} connections"
    return Figure("9-bulk-sending", title, rows, targets)


def people() -> Figure:
    """How long a person's email waits while a batch of the same account goes out."""
    with _sink() as port, _office(port, EMAILS, 1) as fresh:
        _run(fresh, "walk")
        cost = _run(fresh, "people")
    return Figure(
        "9-bulk-people",
        f"A person's email while {EMAILS:,} bulk emails go out from the same account",
        [row(f"Postroom: {cost.said['letters']:.0f} emails written meanwhile", [cost], cost)],
        [
            below("wait, median", cost.said["p50"], 1, "s"),
            below("wait, 99th percentile", cost.said["p99"], 1, "s"),
        ],
    )


def expansion() -> Figure:
    """A query that finds a hundred thousand leads, walked into the ledger."""
    with _sink() as port, _office(port, LEADS, 1) as fresh:
        cost = _run(fresh, "walk")
    seconds = cost.said["walk"]
    return Figure(
        "9-bulk-walk",
        f"A query of {LEADS:,} leads walked into the ledger of a bulk email",
        [row("Postroom", [cost], cost)],
        [below("time", seconds, 5, "s"), below("peak memory", cost.peak_mb, 200, "MB")],
    )


def memory() -> Figure:
    """Several batches of a hundred thousand leads each, all walked by one process."""
    with _sink() as port, _office(port, LEADS, BATCHES) as fresh:
        walked = _run(fresh, "walk")
    return Figure(
        "9-bulk-memory",
        f"{BATCHES} batches of {LEADS:,} leads, one after the other in one process",
        [row("Postroom", [walked], walked)],
        [below("peak memory", walked.peak_mb, 200, "MB")],
    )


def _ours(port: int, *, signs: bool) -> tuple[Cost, float]:
    """What it cost, and the seconds of the sending alone."""
    with _office(port, EMAILS, 1) as fresh:
        if signs:
            asyncio.run(_sign(fresh.company))
        _run(fresh, "walk")
        before = _taken(port)
        cost = _run(fresh, "send")
        taken = _taken(port) - before
        assert taken >= EMAILS, f"the sink took {taken} of {EMAILS}"
        assert fresh.company.count("select count(*) from bulk_recipients where state = 'sent'") == EMAILS
    return cost, cost.said["send"]


def _run(fresh: "_Office", what: str) -> Cost:
    command = [
        sys.executable, "-m", "bench.bulk_sender", what, fresh.company.url, fresh.company.folder,
        fresh.company.organization_id, fresh.company.account_id,
    ]  # fmt: skip
    return run(command, {"postgresql": fresh.database})


@dataclass(frozen=True)
class _Office:
    """A company ready to send, and the process of its database."""

    company: Company
    database: int


@contextmanager
def _office(port: int, leads: int, batches: int) -> Iterator[_Office]:
    """A company with so many leads and batches for all of them, its account sending to the sink."""
    with database_server() as server, company(server, 1, OWNER, ()) as fresh:
        asyncio.run(_prepare(fresh, port, leads, batches))
        yield _Office(fresh, master_of(server))


async def _prepare(fresh: Company, port: int, leads: int, batches: int) -> None:
    config = Config(data_folder=fresh.folder, blob_folder=fresh.folder / "blobs", allow_networks=LOOPBACK_NETWORKS)
    async with open_tools(config, fresh.url) as tools:
        org, now = fresh.organization_id, tools.clock()
        async with tools.db.transaction() as tx:
            await insert_crowd(tx, org, leads, now)
            login = plain(port, "bench")
            await tx.execute(
                "update connected_accounts set smtp_host = %s, smtp_port = %s, smtp_encryption = 'none',"
                " smtp_user = 'bench', smtp_secret = null, files_own_sent = true, imap_host = '', provider = 'mailgun'"
                " where id = %s",
                (login.host, login.port, fresh.account_id),
            )
            row = await (await tx.execute("select user_id, email from connected_accounts")).fetchone()
            assert row is not None
            content = TemplateContent("News", "For {{ lead.name }}", _BODY)
            template = await template_store.insert_template(tx, org, content, Author(row[0], False, now))
        for _ in range(batches):
            order = Order(Audience(query="name:Company"), template, row[1], send_done_email=False)
            await bulk.create(tools, Asker(org, row[0]), order)
        async with tools.db.reading() as tx:
            await tx.execute("analyze")


async def _sign(fresh: Company) -> None:
    """From now on the company's domain signs its mail, with the usual key."""
    config = Config(data_folder=fresh.folder, blob_folder=fresh.folder / "blobs", allow_networks=LOOPBACK_NETWORKS)
    async with open_tools(config, fresh.url) as tools:
        org, domain = fresh.organization_id, fresh.text("select email from connected_accounts").partition("@")[2]
        key = make_key(Algorithm.RSA)
        sealed = tools.vault.seal(key.private, seal_context(org, domain, "bench"))
        kept = KeptKey(domain, "bench", "rsa", key.public, False, tools.clock(), sealed)
        stamp = (fresh.text("select user_id from connected_accounts"), tools.clock())
        async with tools.db.transaction() as tx:
            await insert_keys(tx, org, [kept], stamp)
            await switch(tx, org, domain, ["bench"], stamp)


@contextmanager
def _sink() -> Iterator[int]:
    server = subprocess.Popen([sys.executable, "-m", "bench.smtp_sink"], stdout=subprocess.PIPE)
    try:
        assert server.stdout is not None
        yield int(server.stdout.readline())
    finally:
        server.kill()
        server.wait()


def _taken(port: int) -> int:
    with smtplib.SMTP("127.0.0.1", port) as client:
        return int(client.help())


@dataclass(frozen=True)
class _SmtpSource:
    """Postfix's load generator, and where its libraries are."""

    program: Path
    libraries: str


def _smtp_source() -> _SmtpSource | None:
    """The installed one, or out of Debian's package, unpacked and never started. None where it cannot be had."""
    if installed := shutil.which("smtp-source", path=f"{os.environ['PATH']}:/usr/sbin"):
        return _SmtpSource(Path(installed), "")
    try:
        tree = unpacked(Packages("postfix", ("postfix",), ()), default_cache())
    except Unobtainable:
        return None
    return _SmtpSource(tree / "usr/sbin/smtp-source", str(tree / "usr/lib/postfix"))


def _nodemailer() -> Path | None:
    """Where nodemailer is installed; installed if it is not. None without node."""
    if not shutil.which("node"):
        return None
    folder = WORK / "node"
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "node_modules" / "nodemailer").exists():
        if not (folder / "package.json").exists():
            (folder / "package.json").write_text("{}")
        command = ["npm", "install", "--no-audit", "--no-fund", "nodemailer@7"]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return folder

"""What Postroom costs once the past is in: looking again, mail arriving by IDLE, many accounts that wait."""

import asyncio
import ssl
import statistics
import sys
import time
from pathlib import Path

from bench.company import Company, company, database_server, master_of
from bench.figures import Figure, Target, below, row
from bench.mailboxes import LARGE, OWNER, WORK, mail_server
from bench.meter import run
from postroom.doors.wiring import open_tools
from postroom.doors.worker.run import pair_jobs, run_jobs
from postroom.ground.config import LOOPBACK_NETWORKS, Config
from postroom.ground.database import Database
from postroom.journeys import listening
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import store as account_store
from postroom.rooms.accounts.account import ConnectedAccount, Encryption, ServerLogin
from postroom.rooms.users.store import acting_user
from tests.journeys.office import Office, letter
from tests.servers.dovecot import PASSWORD, DovecotServer

ACCOUNTS = 1000
MAILBOXES = 10  # the accounts share a few: Dovecot's side is not what is measured
DELIVERIES = 15


def unchanged() -> Figure:
    """A pull in which nothing is new, of a large mailbox whose ledger is whole."""
    with mail_server(LARGE) as mail, database_server() as database:
        servers = {"postgresql": master_of(database), "dovecot": mail.pid}
        with company(database, mail.imap_port, f"u{LARGE}", []) as known:
            known.pull(servers)
            ids = (known.organization_id, known.account_id)
            said = run([sys.executable, "-m", "bench.looker", known.url, known.folder, *ids], servers).said
    return Figure(
        "4-unchanged",
        f"Nothing changed in a mailbox of {LARGE:,} messages",
        [],
        [
            below("IMAP commands of a look", said["commands"], 10, "commands"),
            below("processor time of a look", said["cpu_ms"], 50, "ms"),
            Target("IMAP commands of the first look, with login", f"{said['first_commands']:.0f}", True),
            Target("time of a look", f"{said['wall_ms']:.0f} ms", True),
        ],
    )


def delivery() -> Figure:
    """From the server's notice to the email on its lead, with the listener and the worker as they always run."""
    with mail_server() as mail, database_server() as database:
        user = f"d{time.time_ns()}"
        mail.add_user(user)
        with company(database, mail.imap_port, user, ["bob@bolt.example"]) as fresh:
            notices, ends = asyncio.run(_delivered(fresh, mail, user))
    return Figure(
        "5-delivery",
        "From delivery to the timeline, by IDLE",
        [],
        [
            below(f"median of {len(ends)} from the server's notice to the timeline", statistics.median(ends), 0.2, "s"),
            Target("slowest of them", f"{max(ends):.2f} s", True),
            Target("median from delivery to the server's notice", f"{statistics.median(notices):.2f} s", True),
        ],
    )


def idle() -> Figure:
    """Accounts as rows, each with its listener over TLS, in one process."""
    with mail_server() as mail, database_server() as database:
        for number in range(MAILBOXES):
            mail.add_user(f"i{number}")
        with company(database, mail.imap_port, "i0", []) as fresh:
            asyncio.run(_many_accounts(fresh, mail))
            servers = {"postgresql": master_of(database)}
            trusted = {"SSL_CERT_FILE": str(_bundle(mail))}
            command = [sys.executable, "-m", "bench.many", fresh.url, fresh.folder, str(ACCOUNTS)]
            cost = run(command, servers, env=trusted)
    return Figure(
        "6-idle",
        f"{ACCOUNTS:,} accounts waiting over TLS in one process",
        [row("Postroom's listeners: logins and 30 s of waiting", [cost], cost)],
        [
            below("memory while waiting", cost.said["resident_mb"], 250, "MB"),
            below("processor while waiting", cost.said["cpu_percent"], 2, "% of one"),
            Target("until all wait", f"{cost.said['ready']:.0f} s", True),
        ],
    )


async def _delivered(fresh: Company, mail: DovecotServer, user: str) -> tuple[list[float], list[float]]:
    """Seconds from each delivery to the notice, and from the notice to the email."""
    noticed = asyncio.Event()
    notice_at = 0.0
    wait = listening.idle.wait

    async def watched(session: object, seconds: float) -> object:
        nonlocal notice_at
        hint = await wait(session, seconds)  # type: ignore[arg-type]
        notice_at = time.monotonic()
        noticed.set()
        return hint

    listening.idle.wait = watched  # type: ignore[assignment]
    config = Config(data_folder=fresh.folder, blob_folder=fresh.folder / "blobs", allow_networks=LOOPBACK_NETWORKS)
    notices, ends = [], []
    async with open_tools(config, fresh.url) as tools:
        pair_jobs(tools)
        account = await _account(tools, fresh)
        work = [asyncio.create_task(run_jobs(tools)), asyncio.create_task(listening.listen(tools, account))]
        watching = await Database.open(fresh.url, connections=1)
        await asyncio.sleep(3)
        for number in range(DELIVERIES):
            noticed.clear()
            raw = letter("bob@bolt.example", OWNER, f"Offer {number}")
            begun = time.monotonic()
            await asyncio.to_thread(mail.lmtp, user, raw, "bob@bolt.example")
            await noticed.wait()
            notices.append(notice_at - begun)
            while await _emails(watching, fresh) <= number:
                await asyncio.sleep(0.005)
                assert time.monotonic() - begun < 30, "the email does not come"
            ends.append(time.monotonic() - notice_at)
            await asyncio.sleep(0.3)
        await watching.close()
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)
    listening.idle.wait = wait
    return notices, ends


async def _account(tools: Tools, fresh: Company) -> ConnectedAccount:
    async with tools.db.transaction() as tx:
        return await account_store.get(tx, fresh.organization_id, fresh.account_id)


async def _emails(watching: Database, fresh: Company) -> int:
    async with watching.transaction() as tx:
        found = await tx.execute("select count(*) from emails where organization_id = %s", (fresh.organization_id,))
        number = await found.fetchone()
    assert number is not None
    return int(number[0])


async def _many_accounts(fresh: Company, mail: DovecotServer) -> None:
    """A thousand colleagues with an account each, beside the one that is there, which does not listen."""
    config = Config(data_folder=fresh.folder, blob_folder=fresh.folder / "blobs", allow_networks=LOOPBACK_NETWORKS)
    async with open_tools(config, fresh.url) as tools:
        owner = (await _account(tools, fresh)).user_id
        async with tools.db.transaction() as tx:
            admin = await acting_user(tx, fresh.organization_id, owner or "")
        office = Office(tools, fresh.organization_id, admin)
        for number in range(ACCOUNTS):
            user = await office.user(f"person{number}@acme.example")
            login = ServerLogin("127.0.0.1", mail.imaps_port, Encryption.TLS, f"i{number % MAILBOXES}")
            await office.connect(user, login, PASSWORD)
        await office.rows(
            "update connected_accounts set sync_enabled = false where id = %s returning 1", fresh.account_id
        )


def _bundle(mail: DovecotServer) -> Path:
    """The system's authorities and the test server's: as much to hold as on any machine."""
    found = ssl.get_default_verify_paths().cafile
    system = Path(found) if found else Path("/etc/ssl/certs/ca-certificates.crt")
    bundle = WORK / "authorities.pem"
    bundle.write_bytes((system.read_bytes() if system.exists() else b"") + mail.ca_file.read_bytes())
    return bundle

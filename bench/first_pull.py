"""The first pull of a mailbox beside other programs: its ledger alone, all of it relevant, a tenth of it relevant."""

from collections.abc import Sequence

from bench import peers
from bench.company import company, database_server, master_of
from bench.figures import Figure, Target, ratio, row
from bench.mailboxes import LARGE, SMALL, correspondents, mail_server, some_correspondents
from bench.meter import Cost, median, run
from postroom.ground.postgres import EmbeddedPostgres
from tests.servers.dovecot import DovecotServer

RUNS = 3


def ledger() -> Figure:
    """Every message of a large mailbox seen, judged and entered; imapflow fetches the same headers, keeps nothing."""
    theirs: list[Cost] = []
    ours: list[Cost] = []
    environment = {"NODE_FOLDER": str(peers.node_folder())}
    with mail_server(LARGE) as mail, database_server() as database:
        command = peers.imapflow("headers", LARGE, mail.imap_port, f"u{LARGE}")
        run(command, {}, env=environment)  # once for Dovecot's cache of headers
        for _ in range(RUNS):  # in turns, so that a busy moment meets both
            theirs.append(run(command, {"dovecot": mail.pid}, env=environment))
            ours.append(_pulled(mail, database, LARGE, []))
    mine, flow = median(ours), median(theirs)
    return Figure(
        "1-ledger",
        f"Ledger of a mailbox of {LARGE:,} messages, none of them relevant",
        [
            row("Postroom: fetched, judged, committed", ours, mine),
            row("imapflow: headers fetched", theirs, flow),
        ],
        [ratio("time against imapflow", mine.said["pull"], flow.wall, 1.0)],
    )


def everything() -> Figure:
    """All messages relevant: on leads, in threads, listed, and searchable; beside mbsync and mu's index."""
    ours: list[Cost] = []
    theirs: dict[str, list[Cost]] = {"mbsync": [], "mbsync without fsync": [], "mu index": []}
    with mail_server(SMALL) as mail, database_server() as database:
        people = correspondents(SMALL)
        for _ in range(RUNS):
            theirs["mbsync"].append(peers.mbsync(mail.imap_port, f"u{SMALL}", mail.pid)[0])
            quick, folder = peers.mbsync(mail.imap_port, f"u{SMALL}", mail.pid, fsync="no")
            theirs["mbsync without fsync"].append(quick)
            theirs["mu index"].append(peers.mu_index(folder))
            ours.append(_pulled(mail, database, SMALL, people, "index"))
    mine = median(ours)
    usual, quick, index = (median(costs) for costs in theirs.values())
    listed, searchable = mine.said["pull"], mine.said["pull"] + mine.said["index"]
    return Figure(
        "2-everything",
        f"{SMALL:,} messages, all of them relevant",
        [row("Postroom: stored, threaded, listed, searchable", ours, mine)]
        + [row(name, costs, median(costs)) for name, costs in theirs.items()],
        [
            ratio("listed, against mbsync + mu index", listed, usual.wall + index.wall, 0.5),
            ratio("listed, against mbsync without fsync + mu index", listed, quick.wall + index.wall, 0.5),
            ratio("searchable, against mbsync + mu index", searchable, usual.wall + index.wall, 1.0),
            ratio("searchable, against mbsync without fsync + mu index", searchable, quick.wall + index.wall, 1.0),
            Target("seconds until listed and until searchable", f"{listed:.1f} and {searchable:.1f} s", True),
        ],
    )


def some() -> Figure:
    """A tenth of the messages relevant, beside mbsync, which brings them all."""
    ours: list[Cost] = []
    usual: list[Cost] = []
    quick: list[Cost] = []
    with mail_server(SMALL) as mail, database_server() as database:
        people = some_correspondents(SMALL, 0.1)
        for _ in range(RUNS):
            usual.append(peers.mbsync(mail.imap_port, f"u{SMALL}", mail.pid)[0])
            quick.append(peers.mbsync(mail.imap_port, f"u{SMALL}", mail.pid, fsync="no")[0])
            ours.append(_pulled(mail, database, SMALL, people))
    mine, theirs, unsafe = median(ours), median(usual), median(quick)
    return Figure(
        "3-some",
        f"{SMALL:,} messages, a tenth of them relevant",
        [
            row("Postroom", ours, mine),
            row("mbsync", usual, theirs),
            row("mbsync without fsync", quick, unsafe),
        ],
        [
            ratio("time against mbsync", mine.said["pull"], theirs.wall, 1.0),
            ratio("time against mbsync without fsync", mine.said["pull"], unsafe.wall, 1.0),
        ],
    )


def _pulled(mail: DovecotServer, database: EmbeddedPostgres, count: int, people: Sequence[str], *also: str) -> Cost:
    """One first pull on a fresh database. Checked: no message may be missing."""
    servers = {"postgresql": master_of(database), "dovecot": mail.pid}
    with company(database, mail.imap_port, f"u{count}", people) as fresh:
        cost = fresh.pull(servers, *also)
        seen, kept = fresh.count("select count(*) from sightings"), fresh.count("select count(*) from messages")
        assert seen == count, f"{seen} of {count} seen"
        assert kept > 0 or not people
    return cost

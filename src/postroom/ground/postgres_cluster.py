"""What an embedded PostgreSQL keeps on disk: its folders, its settings, who may connect, whether it is alive.

    <data folder>/postgres/      ours, 0700: no other user gets past it
        cluster/                 the database; belongs to the user that the server runs as, 0700
        socket/                  the only way in; the server's, 0700 (elsewhere if the path is too long for a socket)
        settings/                postgresql.conf, pg_hba.conf, pg_ident.conf: written by us at each start;
                                 local.conf: an operator's own settings, where there are any
        server.log
        start.lock               held while someone starts or stops the server
        use.lock                 held, shared, by every process that uses the server
        server.lock              held by the server itself: postmaster and all its children inherit it

The locks are flock(2): the kernel lets go of them however a process ends, so there is no count to go wrong.
"""

import fcntl
import hashlib
import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from urllib.parse import quote

from postroom.ground.errors import Invalid
from postroom.ground.postgres_binaries import CLEAN_ENVIRONMENT, Binaries, ServerUser

ROLE = "postroom"
DATABASE = "postroom"

_SOCKET = ".s.PGSQL.5432"
_SOCKET_PATH_BYTES = 103  # sockaddr_un holds 108 bytes on Linux, 104 on macOS, with a NUL at the end

_SETTINGS = """\
# Written by Postroom at every start. Your own settings go into local.conf beside this file, which is read last.
max_connections = 100
shared_buffers = 128MB                  # a small server's share; PostgreSQL also uses the system's cache
maintenance_work_mem = 128MB
work_mem = 8MB
max_wal_size = 2GB                      # a first pull writes much: fewer checkpoints
checkpoint_timeout = 15min
random_page_cost = 1.1                  # solid-state disks
jit = off                               # our queries are short; compiling them takes longer than running them
max_parallel_workers_per_gather = 0     # the same; and containers have little /dev/shm
max_parallel_maintenance_workers = 0
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] '
log_min_messages = log                  # not `error`: those reach us anyway, and may quote what a user wrote
log_min_error_statement = panic
log_error_verbosity = terse
log_checkpoints = off
idle_in_transaction_session_timeout = 10min
{durability}
{local}
"""

_DURABLE = "fsync = on\nsynchronous_commit = on\nfull_page_writes = on"
_FORGETFUL = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nmax_connections = 400"


class Durability(Enum):
    """What a power cut may cost."""

    FULL = _DURABLE
    """Nothing that was acknowledged."""

    NONE_FOR_TESTS = _FORGETFUL
    """Everything. For databases that a test throws away."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """The folders of one embedded database, as we see them."""

    home: Path
    socket: Path

    @property
    def data(self) -> Path:
        """PostgreSQL's own folder."""
        return self.home / "cluster"

    @property
    def settings(self) -> Path:
        """Its configuration, written by us."""
        return self.home / "settings"

    @property
    def log(self) -> Path:
        """What the server prints."""
        return self.home / "server.log"

    def url(self, database: str = DATABASE) -> str:
        """How psycopg reaches `database`."""
        return f"postgresql://{ROLE}@/{quote(database, safe='')}?host={quote(str(self.socket), safe='')}"

    def major(self) -> int | None:
        """The version that made this cluster, or None before it exists."""
        try:
            return int((self.data / "PG_VERSION").read_text())
        except FileNotFoundError:
            return None


@dataclass(frozen=True, slots=True)
class Postmaster:
    """A living server: its process id, and whether it takes connections by now."""

    pid: int
    is_ready: bool


def open_cluster(home: Path) -> Cluster:
    """Make the outer folders where they are missing. Invalid where they belong to someone else."""
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner = home.stat().st_uid
        if owner == os.geteuid() and stat.S_IMODE(home.stat().st_mode) & 0o077:
            home.chmod(0o700)  # tightens only: the folder is ours and has nothing for others
        return Cluster(home, _socket_folder(home, owner))
    except PermissionError as error:
        raise Invalid(f"The database folder {home} is not ours to use: {error.strerror}. Run as its owner.") from error


def create_cluster(cluster: Cluster, binaries: Binaries, user: ServerUser, durability: Durability) -> None:
    """Run initdb beside the final place and move the result there, so that a crash leaves no half cluster."""
    draft = cluster.home / "cluster.new"
    _remove_tree(draft)
    _make_folder_for(draft, user)
    with as_seen_by_server(draft, user) as (path, descriptors):
        command: list[str | Path] = [
            binaries.folder / "initdb",
            "-D",
            path,
            "-U",
            ROLE,
            "--encoding=UTF8",
            "--data-checksums",
        ]
        command += ["--auth-local=peer", "--auth-host=reject"]
        if durability is Durability.NONE_FOR_TESTS:
            command.append("--no-sync")
        done = subprocess.run(  # noqa: S603
            [*command, *_locale(binaries)],
            env=CLEAN_ENVIRONMENT,
            cwd="/",
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            pass_fds=descriptors,
            **user.spawn(),
        )
    if done.returncode:
        raise Invalid(f"The database could not be created in {cluster.home}: {done.stderr.strip() or done.stdout}")
    draft.rename(cluster.data)


def write_settings(cluster: Cluster, user: ServerUser, durability: Durability) -> None:
    """postgresql.conf, and who may connect: by the socket only, our own role only, known by the kernel's
    word."""
    cluster.settings.mkdir(mode=0o755, exist_ok=True)
    cluster.settings.chmod(0o755)  # inside a 0700 folder: for the server's user, not for the world
    local = "include 'local.conf'" if (cluster.settings / "local.conf").exists() else ""
    text = _SETTINGS.format(local=local, durability=durability.value)
    accounts = {user.name, "root", _account_name()}
    names = {
        "postgresql.conf": text,
        "pg_hba.conf": f"local all {ROLE} peer map=us\nlocal replication {ROLE} peer map=us\n",
        "pg_ident.conf": "".join(f'us "{name}" {ROLE}\n' for name in sorted(accounts)),
    }
    for name, content in names.items():
        draft = cluster.settings / f"{name}.new"
        draft.write_text(content)
        draft.chmod(0o644)
        draft.replace(cluster.settings / name)


def find_postmaster(cluster: Cluster) -> Postmaster | None:
    """The server that postmaster.pid tells of, if it is one: the pid of a stale file may be anyone's by
    now."""
    try:
        lines = (cluster.data / "postmaster.pid").read_text().splitlines()
        pid = int(lines[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None
    if not _works_in(pid, cluster.data):
        return None
    return Postmaster(pid, is_ready=len(lines) > 7 and lines[7].strip() == "ready")


def orphans(cluster: Cluster) -> list[int]:
    """Processes of a server whose postmaster is gone. They hold its shared memory, so no new one can
    start."""
    return [int(entry.name) for entry in Path("/proc").glob("[0-9]*") if _works_in(int(entry.name), cluster.data)]


def clear_traces_of_dead_server(cluster: Cluster) -> None:
    """Remove pid and socket files. Only for who holds server.lock: then no process of a server is left.

    PostgreSQL itself would refuse to start while the pid of a stale file is in use by anyone (every
    container restart).
    """
    for path in (cluster.data / "postmaster.pid", cluster.socket / _SOCKET, cluster.socket / f"{_SOCKET}.lock"):
        path.unlink(missing_ok=True)


def prepare_socket_folder(cluster: Cluster, user: ServerUser) -> None:
    """The folder in which the server puts its socket, 0700 and its own."""
    outer = cluster.socket.parent
    outer.mkdir(mode=0o700, exist_ok=True)
    _refuse_if_foreign(outer, os.geteuid())
    _make_folder_for(cluster.socket, user)


def remove_socket_folder(cluster: Cluster) -> None:
    """Leave nothing outside the data folder behind a server that has stopped."""
    if cluster.socket.parent != cluster.home:
        shutil.rmtree(cluster.socket.parent, ignore_errors=True)


@contextmanager
def as_seen_by_server(folder: Path, user: ServerUser) -> Iterator[tuple[Path, tuple[int, ...]]]:
    """A path by which the server's user reaches `folder`, and the descriptors its process must inherit.

    Run as another user, the server may not walk through our 0700 folders, nor through an operator's (/root).
    On Linux an inherited descriptor is a door of its own: /proc/self/fd/N leads into the folder without
    asking its parents.
    """
    if not user.spawn() or not Path("/proc/self/fd").exists():
        yield folder, ()
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        yield Path(f"/proc/self/fd/{descriptor}"), (descriptor,)
    finally:
        os.close(descriptor)


def try_lock(path: Path, kind: int) -> int | None:
    """An open file with the flock `kind` (LOCK_EX, LOCK_SH), or None while another process holds it. Close
    to let go."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def _socket_folder(home: Path, owner: int) -> Path:
    """`socket` in `home`, or, where that path is too long, a 0700 folder of the owner's under /run or
    /tmp."""
    folder = home / "socket"
    if len(os.fsencode(folder / _SOCKET)) <= _SOCKET_PATH_BYTES:
        return folder
    run = Path("/run") if owner == 0 else Path(f"/run/user/{owner}")
    base = run if run.is_dir() and os.access(run, os.W_OK) else Path("/tmp")  # noqa: S108  checked below
    outer = base / f"postroom-{owner}-{hashlib.sha256(os.fsencode(home)).hexdigest()[:16]}"
    _refuse_if_foreign(outer, owner)
    return outer / "socket"


def _refuse_if_foreign(outer: Path, owner: int) -> None:
    """The base may be a folder for everyone: who made ours before us could listen in our server's place."""
    try:
        found = outer.lstat()
    except FileNotFoundError:
        return
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or stat.S_IMODE(found.st_mode) & 0o077:
        raise Invalid(
            f"{outer} should be a private folder for the database's socket, but is someone else's. Remove it."
        )


def _make_folder_for(folder: Path, user: ServerUser) -> None:
    """A 0700 folder that belongs to the server's user; its parent is ours."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if user.spawn():
        os.chown(folder, user.uid, user.gid, follow_symlinks=False)


def _locale(binaries: Binaries) -> list[str]:
    """Sorting by code point, which no update of the C library changes: changed sorting silently breaks
    indexes."""
    plain = ["--locale=C", "--lc-ctype=C.UTF-8"]  # the C library only says what a letter is, for text search
    return [*plain, "--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if binaries.major >= 17 else plain


def _works_in(pid: int, folder: Path) -> bool:
    """Whether process `pid` has `folder` as its working folder, as every process of a PostgreSQL server
    has."""
    if not Path("/proc/self").exists():  # macOS: server.lock says that a server lives, this that its pid does
        return _exists(pid)
    try:
        return os.path.samestat(os.stat(f"/proc/{pid}/cwd"), folder.stat())
    except OSError:  # gone, a zombie, or another user's
        return False


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def _account_name() -> str:
    return pwd.getpwuid(os.geteuid()).pw_name


def _remove_tree(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)

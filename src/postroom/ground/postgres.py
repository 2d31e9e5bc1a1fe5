"""The embedded PostgreSQL: started when DATABASE_URL names no server, shared by all processes on one data
folder.

It listens on a Unix socket only. It outlives a kill of Postroom, is restarted when it is killed itself, and
is stopped by the last process that used it. Waiting for recovery has no limit, since a database that was
killed under load may take minutes to read its log; the wait is logged.
"""

import atexit
import fcntl
import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from psycopg import sql

from postroom.ground.config import Config
from postroom.ground.errors import Invalid, PostroomError, Temporary
from postroom.ground.postgres_binaries import CLEAN_ENVIRONMENT, Binaries, find_binaries, reachable_by, server_user
from postroom.ground.postgres_cluster import (
    DATABASE,
    Cluster,
    Durability,
    as_seen_by_server,
    clear_traces_of_dead_server,
    create_cluster,
    find_postmaster,
    open_cluster,
    orphans,
    prepare_socket_folder,
    remove_socket_folder,
    try_lock,
    write_settings,
)

log = logging.getLogger("postroom.postgres")

_POLL_SECONDS = 0.01
_PROGRESS_POLLS = 500  # every 5 s a line about what is being waited for
_ORPHAN_POLLS = 200  # backends notice a dead postmaster within milliseconds, unless they are deep in a query
_FOREIGN_POLLS = 6000  # a minute: then the holder is not on this machine, or will not go
_STOP_POLLS = 30000  # five minutes for the last checkpoint
_WATCH_SECONDS = 0.5
_LOG_BYTES = 10_000_000


def ensure_database(config: Config) -> str:
    """A URL for psycopg of a running database: DATABASE_URL, or the embedded server, held until this process
    ends.

    Raises Invalid where no server can be started, with what to do about it.
    """
    if config.database_url is not None:
        return config.database_url
    held = ExitStack()
    server = held.enter_context(EmbeddedPostgres(config.data_folder / "postgres", binaries=config.postgres_bin))
    atexit.register(held.close)
    return server.url()


class EmbeddedPostgres:
    """One server on one folder. Entering starts it or joins the running one; leaving stops it if nobody else
    uses it."""

    def __init__(self, home: Path, *, binaries: Path | None = None, durability: Durability = Durability.FULL) -> None:
        self._home = home.resolve()
        self._chosen_binaries = binaries
        self._durability = durability
        self._cluster: Cluster | None = None
        self._use_lock: int | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._leaving = threading.Event()
        self._watcher: threading.Thread | None = None

    @property
    def cluster(self) -> Cluster:
        """Where the server keeps its files; known once entered."""
        assert self._cluster is not None, "the embedded server has not been entered"
        return self._cluster

    def url(self, database: str = DATABASE) -> str:
        """How psycopg reaches `database` on this server."""
        return self.cluster.url(database)

    def __enter__(self) -> Self:
        self._cluster = open_cluster(self._home)
        with _alone(self._cluster):
            self._use_lock = try_lock(self._home / "use.lock", fcntl.LOCK_SH)
            try:
                self._start_or_join()
                _ensure_database_exists(self._cluster)
            except BaseException:
                self._let_go()
                raise
        self._leaving.clear()
        self._watcher = threading.Thread(target=self._watch, name="postgres-watch", daemon=True)
        self._watcher.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leaving.set()
        if self._watcher is not None:
            self._watcher.join()
        with _alone(self.cluster):
            self._let_go()
            last = try_lock(self._home / "use.lock", fcntl.LOCK_EX)
            if last is not None:
                _stop(self.cluster, self._child)
                os.close(last)

    def _let_go(self) -> None:
        if self._use_lock is not None:
            os.close(self._use_lock)
            self._use_lock = None

    def _watch(self) -> None:
        """Restart the server when it dies under us. Whichever process sees it first does so; the others
        join."""
        while not self._leaving.wait(_WATCH_SECONDS):
            if self._child is not None:
                self._child.poll()  # a dead child stays a zombie until asked for
            if find_postmaster(self.cluster) is not None:
                continue
            log.warning("the embedded PostgreSQL is gone; starting it again")
            try:
                with _alone(self.cluster):
                    self._start_or_join()
            except PostroomError as error:
                log.error("the embedded PostgreSQL could not be started again: %s", error)

    def _start_or_join(self) -> None:
        """Join a living server, or start one once every process of the last one is gone. Holds start.lock."""
        while (server_lock := _take_server_lock(self.cluster)) is None:
            if _becomes_ready(self.cluster, None):
                return
            # It was about to stop, told so by a Postroom that was killed while waiting for it.
        try:
            self._child = self._start(server_lock)
        finally:
            os.close(server_lock)  # the server has inherited it and holds it from now on
        if not _becomes_ready(self.cluster, self._child):
            raise Invalid(f"The embedded PostgreSQL does not start. Its last words: {_last_words(self.cluster)}")

    def _start(self, server_lock: int) -> subprocess.Popen[bytes]:
        cluster = self.cluster
        _refuse_to_start_for_another_user(cluster)
        user = server_user(cluster.data)
        binaries = reachable_by(find_binaries(self._chosen_binaries, major=cluster.major()), user)
        if cluster.major() is None:
            create_cluster(cluster, binaries, user, self._durability)
        prepare_socket_folder(cluster, user)
        write_settings(cluster, user, self._durability)
        clear_traces_of_dead_server(cluster)
        with ExitStack() as opened:
            data, settings, socket = (
                opened.enter_context(as_seen_by_server(folder, user))
                for folder in (cluster.data, cluster.settings, cluster.socket)
            )
            output = opened.enter_context(_server_log(cluster))
            return subprocess.Popen(  # noqa: S603
                _command(binaries, data[0], settings[0], socket[0]),
                env=CLEAN_ENVIRONMENT,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # a Ctrl-C at our terminal is not for the database
                pass_fds=(server_lock, *data[1], *settings[1], *socket[1]),
                **user.spawn(),
            )


def _command(binaries: Binaries, data: Path, settings: Path, socket: Path) -> list[str]:
    """What must hold whatever local.conf says stands on the command line: no TCP port, a private socket."""
    fixed = {
        "config_file": settings / "postgresql.conf",
        "hba_file": settings / "pg_hba.conf",
        "ident_file": settings / "pg_ident.conf",
        "listen_addresses": "",
        "port": 5432,  # only the socket's name
        "unix_socket_directories": socket,
        "unix_socket_permissions": "0700",
        "logging_collector": "off",
    }
    command = [str(binaries.folder / "postgres"), "-D", str(data)]
    for name, value in fixed.items():
        command += ["-c", f"{name}={value}"]
    return command


@contextmanager
def _alone(cluster: Cluster) -> Iterator[None]:
    """Hold start.lock: nobody else starts, joins or stops the server meanwhile."""
    polls = 0
    while (lock := try_lock(cluster.home / "start.lock", fcntl.LOCK_EX)) is None:
        polls += 1
        if polls % _PROGRESS_POLLS == 0:
            log.info("waiting for another Postroom process that starts or stops the database in %s", cluster.home)
        time.sleep(_POLL_SECONDS)
    try:
        yield
    finally:
        os.close(lock)


def _take_server_lock(cluster: Cluster) -> int | None:
    """server.lock, once no process of an earlier server is left; None if a server lives and can be joined."""
    polls = 0
    while (lock := try_lock(cluster.home / "server.lock", fcntl.LOCK_EX)) is None:
        if find_postmaster(cluster) is not None:
            return None
        polls += 1
        if polls % _ORPHAN_POLLS == 0:
            _end_orphans(cluster)
        if polls == _FOREIGN_POLLS:
            raise Temporary(
                f"The database in {cluster.home} is in use by a server that is not visible here: is"
                " another container or machine running on the same folder? Stop that one first."
            )
        time.sleep(_POLL_SECONDS)
    return lock


def _end_orphans(cluster: Cluster) -> None:
    """SIGQUIT makes a backend leave at once without touching anything; the log of writes has what it
    committed."""
    for pid in orphans(cluster):
        log.warning("ending process %d of a PostgreSQL whose main process was killed", pid)
        _send(pid, signal.SIGQUIT)


def _becomes_ready(cluster: Cluster, child: subprocess.Popen[bytes] | None) -> bool:
    """Wait until the server takes connections: moments, or as long as recovery needs. False if it ends instead."""
    polls = 0
    while True:
        postmaster = find_postmaster(cluster)
        if postmaster is not None and postmaster.is_ready:
            return True
        if postmaster is None and (child is None or child.poll() is not None):
            return False
        polls += 1
        if polls % _PROGRESS_POLLS == 0:
            seconds = round(polls * _POLL_SECONDS)
            log.info("waiting %d s for the embedded PostgreSQL: %s", seconds, _last_words(cluster))
        time.sleep(_POLL_SECONDS)


def _stop(cluster: Cluster, child: subprocess.Popen[bytes] | None) -> None:
    """Fast shutdown: sessions are ended, everything is written out. Waits until the last process is gone."""
    postmaster = find_postmaster(cluster)
    if postmaster is not None:
        _send(postmaster.pid, signal.SIGINT)
    for _ in range(_STOP_POLLS):
        if child is not None:
            child.poll()
        lock = try_lock(cluster.home / "server.lock", fcntl.LOCK_EX)
        if lock is not None:
            remove_socket_folder(cluster)
            os.close(lock)
            return
        time.sleep(_POLL_SECONDS)
    log.warning("the embedded PostgreSQL is still writing its last checkpoint; leaving it to finish by itself")


def _ensure_database_exists(cluster: Cluster) -> None:
    """Ours may be missing: the server was killed between its first start and this step."""
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        known = connection.execute("select 1 from pg_database where datname = %s", (DATABASE,)).fetchone()
        if known is None:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))


def _refuse_to_start_for_another_user(cluster: Cluster) -> None:
    """Root may join a server of someone's, but files that root made there would lock the owner out."""
    owner = cluster.home.stat().st_uid
    if owner != os.geteuid():
        raise Invalid(f"The database folder {cluster.home} belongs to user id {owner}: run Postroom as that user.")


@contextmanager
def _server_log(cluster: Cluster) -> Iterator[int]:
    """server.log, open for appending. Started afresh when it has grown; the one before is kept."""
    if cluster.log.exists() and cluster.log.stat().st_size > _LOG_BYTES:
        cluster.log.replace(cluster.log.with_suffix(".log.1"))
    descriptor = os.open(cluster.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _last_words(cluster: Cluster) -> str:
    """The end of the server's log, on one line."""
    try:
        lines = cluster.log.read_text(errors="replace")[-4000:].splitlines()
    except FileNotFoundError:
        return "none"
    return " / ".join(line.strip() for line in lines[-5:])


def _send(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass

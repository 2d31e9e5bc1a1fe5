"""What a real mail server run by a test needs: an unprivileged owner, free ports, processes that end with the test."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SWITCH = "POSTROOM_TEST_REAL_SERVERS"


def real_servers_wanted() -> bool:
    """Cyrus and Courier are fetched and run only where this is asked for: POSTROOM_TEST_REAL_SERVERS=1."""
    return os.environ.get(SWITCH) == "1"


@dataclass(frozen=True, slots=True)
class Owner:
    """The unprivileged user that owns the mail: the present one, or nobody when the present one is root."""

    name: str
    uid: int
    gid: int

    def own(self, *paths: Path) -> None:
        """Give these trees to the owner."""
        for path in paths:
            for item in [path, *path.rglob("*")]:
                os.lchown(item, self.uid, self.gid)


def mail_owner() -> Owner:
    entry = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    return Owner(entry.pw_name, entry.pw_uid, entry.pw_gid)


@contextlib.contextmanager
def short_folder(name: str) -> Iterator[Path]:
    """A folder others may enter, its path short enough for unix sockets (108 bytes); gone when the block ends."""
    folder = Path(tempfile.mkdtemp(prefix=f"postroom-{name}-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def free_ports(count: int) -> list[int]:
    """Ports of 127.0.0.1 nobody listens on at this moment."""
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


@contextlib.contextmanager
def running(command: list[str], environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process in a session of its own, its output in `log`; it and its children end with the block.

    `--pdeathsig` ends it too when this process is killed.
    """
    with log.open("ab") as output:
        process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", *command],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        _end(process)


def wait_for_banner(port: int, log: Path, seconds: float = 60) -> None:
    """Wait until the server greets on a port; its log is in the error otherwise."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as peer:
            peer.settimeout(5)
            if peer.recv(100).startswith(b"* OK"):
                return
        time.sleep(0.05)
    raise RuntimeError(f"no greeting on port {port}\n{log.read_text(errors='replace')[-3000:]}")


def wait_to_be_ended() -> None:
    """For a server run by hand: returns at Ctrl-C or SIGTERM."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt):
        signal.pause()


def _end(process: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(3)

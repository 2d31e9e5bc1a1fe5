"""The API beside a bare handler: GET of one email, and a list of a hundred."""

import asyncio
import base64
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import BinaryIO

from bench.company import Company, company, database_server
from bench.figures import Figure, Target, ratio
from bench.mailboxes import SMALL, correspondents, mail_server
from bench.meter import process_cpu
from postroom.doors.wiring import open_tools
from postroom.ground.config import LOOPBACK_NETWORKS, Config
from postroom.ground.passwords import new_api_key
from postroom.rooms.users import store as users
from postroom.rooms.users.user import ApiKey

ROUNDS, SINGLE, LISTS = 5, 300, 60


@dataclass
class _Seen:
    """Seconds a request took, by the client's clock, and of the server's processor, in each round."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)


def api() -> Figure:
    """Both servers over the same rows, asked in turns."""
    people = correspondents(SMALL)[:40]
    with (
        mail_server(SMALL) as mail,
        database_server() as database,
        company(database, mail.imap_port, f"u{SMALL}", people) as fresh,
    ):
        fresh.pull({})
        key = asyncio.run(_key(fresh))
        seen = _asked(fresh, key)
    lines = []
    for what, title in (("one", "GET of one email"), ("list", "list of a hundred")):
        door, bare = seen["door", what], seen["bare", what]
        wall = [statistics.median(side.wall) * 1000 for side in (door, bare)]
        cpu = [statistics.median(side.cpu) * 1000 for side in (door, bare)]
        lines.append(ratio(f"{title}: time against a bare handler", wall[0], wall[1], 1.5))
        lines.append(ratio(f"{title}: processor against a bare handler", cpu[0], cpu[1], 1.5))
        found = f"{wall[0]:.2f} and {wall[1]:.2f} ms; of the processor {cpu[0]:.2f} and {cpu[1]:.2f} ms"
        lines.append(Target(f"{title}: ours and the bare one", found, True))
    return Figure("8-api", "The API beside a bare msgspec handler", [], lines)


def _asked(fresh: Company, key: str) -> dict[tuple[str, str], _Seen]:
    email = fresh.text("select id from emails order by length(body_html) desc offset 200 limit 1")
    paths = {"one": f"/api/v1/activity/email/{email}/", "list": "/api/v1/activity/email/?_limit=100"}
    seen = {(kind, what): _Seen() for kind in ("door", "bare") for what in paths}
    with serving("door", fresh) as door, serving("bare", fresh) as bare:
        for _ in range(ROUNDS + 1):
            for kind, (pid, port) in (("door", door), ("bare", bare)):
                for what, path in paths.items():
                    count = SINGLE if what == "one" else LISTS
                    cpu, wall = process_cpu(pid), _ask(port, path, key, count)
                    seen[kind, what].cpu.append((process_cpu(pid) - cpu) / count)
                    seen[kind, what].wall.append(wall)
    for one in seen.values():  # the first round warmed up
        del one.wall[0], one.cpu[0]
    return seen


def _ask(port: int, path: str, key: str, count: int) -> float:
    """The median time of so many requests, one after the other over one connection."""
    login = base64.b64encode(f"{key}:".encode()).decode()
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Basic {login}\r\n\r\n".encode()
    took = []
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        answer = connection.makefile("rb")
        for _ in range(count):
            begun = time.perf_counter()
            connection.sendall(request)
            _read_answer(answer)
            took.append(time.perf_counter() - begun)
    return statistics.median(took)


def _read_answer(answer: BinaryIO) -> None:
    status = answer.readline()
    assert b" 200 " in status, status
    length = 0
    chunked = False
    while (line := answer.readline().strip()) != b"":
        name, _, value = line.lower().partition(b":")
        length = int(value) if name == b"content-length" else length
        chunked = chunked or (name == b"transfer-encoding" and b"chunked" in value)
    while chunked and (size := int(answer.readline(), 16)) is not None:
        answer.read(size + 2)
        if not size:
            return
    answer.read(length)


@contextmanager
def serving(kind: str, fresh: Company) -> Iterator[tuple[int, int]]:
    """A server process: its pid and port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    place = [fresh.url, str(fresh.folder), fresh.organization_id, str(port)]
    command = [sys.executable, "-m", "bench.answerer", kind, *place]
    server = subprocess.Popen(command)
    try:
        for _ in range(300):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        yield server.pid, port
    finally:
        server.kill()
        server.wait()


async def _key(fresh: Company) -> str:
    """An API key of the account's owner."""
    config = Config(data_folder=fresh.folder, blob_folder=fresh.folder / "blobs", allow_networks=LOOPBACK_NETWORKS)
    owner = fresh.text("select user_id from connected_accounts limit 1")
    async with open_tools(config, fresh.url) as tools:
        secret = new_api_key()
        async with tools.db.transaction() as tx:
            key = ApiKey(secret.id, owner, "bench", tools.clock(), None)
            await users.insert_api_key(tx, fresh.organization_id, key, secret.secret_hash)
    return secret.text

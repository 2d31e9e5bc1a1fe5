"""The whole process: it starts, serves, and stops when told, also with open streams."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

STOPS_WITHIN_SECONDS = 20
STARTS_WITHIN_SECONDS = 120


def test_it_stops_cleanly_with_a_stream_open(database_url: str, tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        "DATABASE_URL": database_url,
        "POSTROOM_DATA": str(tmp_path),
        "POSTROOM_BIND": f"127.0.0.1:{port}",
        "PATH": os.environ["PATH"],
    }
    command = [sys.executable, "-m", "postroom.doors.main", "serve"]
    with (tmp_path / "log").open("w") as log:
        serve = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        _wait_for(port)
        cookie = _found(port)
        stream = http.client.HTTPConnection("127.0.0.1", port, timeout=STOPS_WITHIN_SECONDS)
        stream.request("GET", "/api/v1/live/", headers={"Cookie": cookie})
        answer = stream.getresponse()
        assert answer.status == 200
        assert answer.readline()
        serve.send_signal(signal.SIGTERM)
        answer.read()  # the stream ends, it is not cut
        assert serve.wait(STOPS_WITHIN_SECONDS) == 0
    finally:
        serve.kill()
        serve.wait()
    assert "Traceback" not in (tmp_path / "log").read_text()
    assert "ERROR" not in (tmp_path / "log").read_text()


@pytest.mark.parametrize("command", ["serve", "web", "migrate"])
def test_an_older_program_does_not_start_on_a_newer_database(database_url: str, tmp_path: Path, command: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("insert into schema_migrations (number, name) values (9001, '9001_from_the_future')")
    environment = {**os.environ, "DATABASE_URL": database_url, "POSTROOM_DATA": str(tmp_path)}
    ended = subprocess.run(
        [sys.executable, "-m", "postroom.doors.main", command],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 1
    assert "postroom: This database has been used by a newer Postroom: its schema is at 9001" in ended.stderr
    assert "Traceback" not in ended.stderr


def _wait_for(port: int) -> None:
    end = time.monotonic() + STARTS_WITHIN_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            assert time.monotonic() < end, "it did not start"
            time.sleep(0.2)


def _found(port: int) -> str:
    """Set the installation up; the session's cookie."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    body = {
        "organization_name": "Acme",
        "first_name": "Ada",
        "last_name": "Min",
        "email": "ada@acme.example",
        "password": "correct horse battery",
    }
    connection.request(
        "POST", "/api/v1/auth/setup/", json.dumps(body), {"Content-Type": "application/json", "X-Postroom": "1"}
    )
    answer = connection.getresponse()
    assert answer.status == 200, answer.read()
    answer.read()
    return str(answer.getheader("set-cookie")).split(";")[0]

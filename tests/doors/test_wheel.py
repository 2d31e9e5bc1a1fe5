"""What `pip install` brings: the wheel carries the built page, and serves it where there is no Node."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import sysconfig
import time
import venv
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "src" / "postroom" / "static" / "index.html"
STARTS_WITHIN_SECONDS = 300  # for what hangs; the machine may be busy with the other tests
STOPS_WITHIN_SECONDS = 120


def test_the_wheel_serves_the_built_page_where_there_is_no_node(database_url: str, tmp_path: Path) -> None:
    assert PAGE.exists(), "the page is not built: run tools/setup test"
    program = _installed(tmp_path)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    nothing = tmp_path / "nothing"
    nothing.mkdir()
    environment = {
        "DATABASE_URL": database_url,
        "POSTROOM_DATA": str(tmp_path / "data"),
        "POSTROOM_BIND": f"127.0.0.1:{port}",
        "PATH": str(nothing),
    }
    with (tmp_path / "log").open("w") as log:
        serve = subprocess.Popen([program, "serve"], env=environment, cwd=tmp_path, stdout=log, stderr=log)
    try:
        page = _page_of(port, serve)
        assert page.splitlines()[0].lower().startswith("<!doctype html>")
        assets = re.findall(r'(?:src|href)="(/assets/[^"]+)"', page)
        assert {Path(name).suffix for name in assets} >= {".js", ".css"}
        for name in assets:
            assert _got(port, name)[0] == 200
    finally:
        serve.send_signal(signal.SIGTERM)
        try:
            serve.wait(STOPS_WITHIN_SECONDS)
        finally:
            serve.kill()


def _installed(folder: Path) -> Path:
    """The program out of a wheel in an environment of its own; what it depends on is shared with this one."""
    made = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(made, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    home = folder / "venv"
    venv.create(home, with_pip=False, symlinks=True)
    python = home / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(pip, check=True, capture_output=True, env={"PATH": os.environ["PATH"], "HOME": str(folder)})
    (packages,) = home.glob("lib/python*/site-packages")
    assert (packages / "postroom").is_dir()
    (packages / "shared.pth").write_text(sysconfig.get_paths()["purelib"])
    return home / "bin" / "postroom"


def _page_of(port: int, serve: "subprocess.Popen[bytes]") -> str:
    end = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < end and serve.poll() is None:
        try:
            status, body = _got(port, "/")
        except OSError:
            time.sleep(0.1)
            continue
        assert status == 200
        return body
    raise AssertionError("the server did not come up")


def _got(port: int, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=STOPS_WITHIN_SECONDS)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()

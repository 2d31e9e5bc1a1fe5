"""Everything that `make test` checks: the lint and the page's tests in front, Python's behind them, at the same time.

A browser test often waits, and the lint has work for one processor: Python's tests take what is left (they give way:
`nice`). The output in front is shown as it comes, then that of pytest from its beginning, so that its summary stands
last. A failed lint ends everything at once. Browser tests that have failed are run once more when Python's are over: by
themselves, in a demo of their own, with the machine to themselves. What they passed only then is said by name.
"""

# ruff: noqa: S603  the commands are ours

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOG = ROOT / ".build" / "pytest.log"
PYTEST = [str(ROOT / ".venv" / "bin" / "pytest"), "-n", "3", "--dist", "worksteal", "--reruns", "2", "-rfER"]
LINT = ["make", "--no-print-directory", "lint"]
PAGE = ["make", "--no-print-directory", "page-checks"]
LAST_RUN = ROOT / "ui" / "test-results" / ".last-run.json"  # Playwright's own record of what failed
FAILED_ONES = ["npm", "run", "--silent", "e2e", "--", "--last-failed", "--retries", "0"]
YIELDING = ["nice", "-n", "10"]
STOP_SECONDS = 120


def main() -> int:
    """The exit code: 0 if all is well."""
    LOG.parent.mkdir(exist_ok=True)
    LAST_RUN.unlink(missing_ok=True)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell starts what runs in the background without it
    with LOG.open("wb") as log:
        python = subprocess.Popen([*YIELDING, *PYTEST], cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
    try:
        lint = subprocess.run(LINT, cwd=ROOT, check=False).returncode
        if lint:
            return lint
        page = subprocess.run(PAGE, cwd=ROOT, check=False).returncode
        if page and has_failed_in_browser():
            python.wait()
            print("Browser tests have failed: see above. Once more, by themselves:", flush=True)
            page = subprocess.run(FAILED_ONES, cwd=ROOT / "ui", check=False).returncode
        if page:
            print("The page's checks have failed: see above. Python's tests:", flush=True)
        show(python)
    finally:
        stop(python)
    return python.returncode or page


def has_failed_in_browser() -> bool:
    """Whether it was browser tests, and not the page's types, style or units."""
    return LAST_RUN.exists() and bool(json.loads(LAST_RUN.read_text())["failedTests"])


def stop(python: "subprocess.Popen[bytes]") -> None:
    """As Ctrl+C does, where it has not ended by itself: it takes the servers of the tests with it."""
    if python.poll() is None:
        python.send_signal(signal.SIGINT)
        try:
            python.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            python.kill()


def show(python: "subprocess.Popen[bytes]") -> None:
    """What pytest has said so far, and what it says until it ends."""
    with LOG.open("rb") as log:
        is_over = False
        while not is_over:
            is_over = python.poll() is not None  # asked before reading: its last words are read then
            sys.stdout.buffer.write(log.read())
            sys.stdout.buffer.flush()
            time.sleep(0.0 if is_over else 0.5)


if __name__ == "__main__":
    sys.exit(main())

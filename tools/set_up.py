"""Make a checkout ready: virtual environment, page, and for tests the mail server and browser of the system.

Run by `tools/setup`, with nothing but Python's own library. Each step leaves a stamp with a hash of what it was made
from, so that a second run does only what has changed since. Registries come from the settings of pip and npm.
"""

# ruff: noqa: S603, S607  the commands are ours; npm, node and apt-get are wherever the machine has them

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = ROOT / ".build" / "stamps"
UI = ROOT / "ui"
PAGE = ROOT / "src" / "postroom" / "static"
PACKAGES = ROOT / "tools" / "debian-packages.txt"
BROWSER = "chromium-headless-shell"
POLICY = Path("/usr/sbin/policy-rc.d")

NEEDED_BY: dict[str, set[str]] = {
    "run": set(),
    "demo": {"demo"},
    "test": {"demo", "test"},
    "bench": {"demo", "test", "bench"},
}
"""What a checkout is made ready for, and which lines of debian-packages.txt that takes."""
OLDEST_NODE = (20, 19)


def main(arguments: list[str]) -> None:
    """`run` (the default), `demo`, `test`, `bench`; or `install-packages <name>...`, which calls itself as root."""
    if arguments[:1] == ["install-packages"]:
        install_with_apt(arguments[1:])
        return
    purpose = arguments[0] if arguments else "run"
    if purpose not in NEEDED_BY:
        stop(f"tools/setup knows {', '.join(NEEDED_BY)}; not {purpose!r}.")
    make_environment()
    if (UI / "package.json").exists():
        install_page_tools()
        build_page()
    ensure_packages(NEEDED_BY[purpose])


def make_environment() -> None:
    """`.venv` with exactly the locked packages, checked by their hashes, and this checkout itself."""
    locks = [ROOT / "requirements" / "dev.txt", ROOT / "pyproject.toml"]
    state = hash_of(locks, f"{sys.version_info[:2]} {VENV}")
    if PYTHON.exists() and is_done("environment", state):
        return
    if not works(PYTHON):
        ensure_venv_module()
        say("making .venv")
        base = getattr(sys, "_base_executable", sys.executable)  # we may be running from the .venv that goes now
        shutil.rmtree(VENV, ignore_errors=True)
        done = subprocess.run([base, "-m", "venv", str(VENV)], check=False)
        if done.returncode:
            stop("Python could not make a virtual environment: see above.")
    say("installing the locked Python packages")
    pip("install", "--require-hashes", "--requirement", str(locks[0]))
    # hatchling is among the locked packages: nothing is fetched to build.
    pip("install", "--no-index", "--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    mark_done("environment", state)


def ensure_venv_module() -> None:
    """Debian and Ubuntu keep what a virtual environment is made with in a package of its own."""
    if importlib.util.find_spec("ensurepip") is None:
        install([f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"])


def install_page_tools() -> None:
    """`ui/node_modules` as package-lock.json says."""
    lock = UI / "package-lock.json"
    state = hash_of([UI / "package.json", lock], node_version())
    if (UI / "node_modules").is_dir() and is_done("page-tools", state):
        return
    say("installing the locked packages of the page")
    run(["npm", "ci", "--no-audit", "--no-fund"], UI)
    mark_done("page-tools", state)


def build_page() -> None:
    """The page into the Python package, when its sources have changed."""
    sources = (path for path in UI.rglob("*") if path.is_file() and is_page_source(path.relative_to(UI)))
    state = hash_of(sorted(sources), node_version())
    if (PAGE / "index.html").exists() and is_done("page", state):
        return
    say("building the page")
    run(["npm", "run", "build"], UI)
    mark_done("page", state)


def is_page_source(path: Path) -> bool:
    """What the built page is made from: not tools, tests' output or types that the build itself writes."""
    folders = {"node_modules", "test-results", "playwright-report", "e2e", "dist"}
    return not folders & set(path.parts) and not path.name.endswith(".gen.ts") and not path.name.startswith(".")


def node_version() -> str:
    """Node's version, which must be recent enough to build the page."""
    try:
        text = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        stop("Building the page needs Node 20.19 or later with npm, and there is no `node` here.")
    if tuple(int(part) for part in text.lstrip("v").split(".")[:2]) < OLDEST_NODE:
        stop(f"Building the page needs Node 20.19 or later; `node` here is {text}.")
    return text


def ensure_packages(purposes: set[str]) -> None:
    """The programs of the system that tests and benchmarks use: nothing to do where they are there."""
    fetched = hash_of([UI / "package-lock.json"])
    missing = missing_packages(purposes)
    if BROWSER in missing and is_done("browser", fetched):
        missing.remove(BROWSER)
    if not missing:
        return
    install(missing)
    still = missing_packages(purposes).intersection(missing)
    if BROWSER in still:
        say("no Chromium among this system's packages: fetching the one that Playwright offers")
        run(["npx", "playwright", "install", "--with-deps", BROWSER], UI)
        mark_done("browser", fetched)
        still.remove(BROWSER)
    if still:
        stop(f"Not among this system's packages: {' '.join(sorted(still))}. Install what comes closest by hand.")


def missing_packages(purposes: set[str]) -> set[str]:
    """The packages of which this system has nothing yet."""
    lines = [line.split() for line in PACKAGES.read_text().splitlines() if line.strip() and not line.startswith("#")]
    return {package for package, witness, purpose in lines if purpose in purposes and not Path(witness).exists()}


def install(packages: Iterable[str]) -> None:
    """Packages of Debian or Ubuntu, as root or by sudo."""
    names = " ".join(sorted(packages))
    if not shutil.which("apt-get"):
        stop(f"Missing programs; on Debian they come with: {names}. Install them with your system's own packages.")
    again = [sys.executable, str(Path(__file__).resolve()), "install-packages", *sorted(packages)]
    if os.geteuid() == 0:
        say(f"installing {names}")
        run(again, ROOT)
    elif shutil.which("sudo"):
        say(f"installing {names} with sudo")
        run(["sudo", *([] if sys.stdin.isatty() else ["--non-interactive"]), *again], ROOT)
    else:
        stop(f"Missing programs. As root: apt-get install --no-install-recommends {names}")


def install_with_apt(packages: list[str]) -> None:
    """apt-get, with no daemon started: the tests run their own servers, and nobody asked for one on this machine.

    What the system has no package of is left out; who asked sees what is missing.
    """
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    is_ours = not POLICY.exists()
    if is_ours:
        # invoke-rc.d and deb-systemd-invoke ask it before they start anything; 101 forbids.
        POLICY.write_text("#!/bin/sh\nexit 101\n")
        POLICY.chmod(0o755)
    try:
        subprocess.run(["apt-get", "update", "-qq"], env=environ, check=True)
        offered = [name for name in packages if is_offered(name)]
        command = ["apt-get", "install", "-qq", "--yes", "--no-install-recommends", *offered]
        subprocess.run(command, env=environ, check=True, stdout=subprocess.DEVNULL)
    except subprocess.CalledProcessError as error:
        stop(f"`{' '.join(error.cmd)}` failed: see above.")
    finally:
        if is_ours:
            POLICY.unlink(missing_ok=True)


def is_offered(package: str) -> bool:
    """Whether the system's repositories have it: Ubuntu's have no Chromium but a snap."""
    english = {**os.environ, "LC_ALL": "C"}
    command = ["apt-cache", "policy", package]
    said = subprocess.run(command, env=english, capture_output=True, text=True, check=False).stdout
    return "Candidate:" in said and "Candidate: (none)" not in said


def pip(*arguments: str) -> None:
    """The environment's own pip; the registry is whichever its settings name."""
    run([str(PYTHON), "-m", "pip", "--disable-pip-version-check", "-qq", *arguments], ROOT)


def works(python: Path) -> bool:
    """Whether the environment's Python runs, belongs to this place, and has pip; that of a moved checkout does not."""
    code = f"import pip, sys; sys.exit(sys.version_info[:2] < (3, 11) or sys.prefix != {str(VENV)!r})"
    try:
        return subprocess.run([python, "-c", code], check=False, stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def run(command: list[str], folder: Path) -> None:
    """Run a program where its output can be seen; stop with its own code if it fails."""
    try:
        done = subprocess.run(command, cwd=folder, check=False)
    except FileNotFoundError:
        stop(f"There is no `{command[0]}` here.")
    if done.returncode:
        stop(f"`{' '.join(command[:4])} …` failed.")


def hash_of(paths: Iterable[Path], *facts: str) -> str:
    """A hash over names and contents of files, and over facts about the machine."""
    whole = hashlib.sha256(json.dumps(facts).encode())
    for path in paths:
        whole.update(f"\0{path.relative_to(ROOT)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def is_done(step: str, state: str) -> bool:
    """Whether a step was last done from the same state."""
    stamp = STAMPS / step
    return stamp.exists() and stamp.read_text() == state


def mark_done(step: str, state: str) -> None:
    """Remember what a step was done from."""
    STAMPS.mkdir(parents=True, exist_ok=True)
    (STAMPS / step).write_text(state)


def say(text: str) -> None:
    """Tell what takes a while."""
    print(f"setup: {text}", file=sys.stderr, flush=True)


def stop(text: str) -> NoReturn:
    """End with a message for a person."""
    print(f"setup: {text}", file=sys.stderr, flush=True)
    sys.exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])

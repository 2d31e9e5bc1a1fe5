"""Debian packages fetched and unpacked beside the system, for servers whose packages conflict with Dovecot's.

Nothing is installed: `apt-get download` puts the files into a cache folder, `dpkg -x` unpacks them there.
"""

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Packages:
    """What a server needs: `always` is fetched in any case, `libraries` only where the system lacks them."""

    name: str
    always: tuple[str, ...]
    libraries: tuple[str, ...]


class Unobtainable(Exception):
    """The packages cannot be had here: no apt, no network, no such release."""


def default_cache() -> Path:
    """A folder that outlives a test run, so that the packages are fetched once a machine; others may read it."""
    folder = Path(tempfile.gettempdir()) / f"postroom-real-servers-{os.geteuid()}"
    folder.mkdir(mode=0o755, exist_ok=True)
    return folder


def unpacked(packages: Packages, cache: Path) -> Path:
    """The tree of these packages in the cache, fetched if it is not there yet."""
    tree = cache / packages.name
    if (tree / ".complete").exists():
        return tree
    if shutil.which("apt-get") is None or shutil.which("dpkg") is None:
        raise Unobtainable("apt-get and dpkg are needed")
    with tempfile.TemporaryDirectory(dir=cache) as work:
        fresh = Path(work) / "tree"
        fresh.mkdir(mode=0o755)
        for package in (*packages.always, *(name for name in packages.libraries if not _is_installed(name))):
            _run(["apt-get", "-qq", "download", package], Path(work))
        for archive in sorted(Path(work).glob("*.deb")):
            _run(["dpkg", "-x", str(archive), str(fresh)], Path(work))
        (fresh / ".complete").touch()
        shutil.rmtree(tree, ignore_errors=True)
        fresh.rename(tree)
    return tree


def libraries_of(binary: Path, library_path: str) -> list[Path]:
    """The shared libraries a binary needs, as the loader finds them; the loader itself included."""
    listed = subprocess.run(
        ["ldd", str(binary)],
        env={**os.environ, "LD_LIBRARY_PATH": library_path},
        check=False,
        capture_output=True,
        text=True,
    )
    if "not found" in listed.stdout:
        missing = [line.split()[0] for line in listed.stdout.splitlines() if "not found" in line]
        raise Unobtainable(f"{binary.name} lacks {', '.join(missing)}")
    words = [word for line in listed.stdout.splitlines() for word in line.split() if word.startswith("/")]
    return [Path(word.rstrip(":")) for word in words]


def library_path(tree: Path) -> str:
    """Where the loader finds the libraries of an unpacked tree."""
    places = ["usr/lib", "usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu"]
    places += [f"{place.replace('x86_64', 'aarch64')}" for place in places[1:]]
    return ":".join(str(tree / place) for place in places if (tree / place).is_dir())


def _is_installed(package: str) -> bool:
    asked = subprocess.run(["dpkg-query", "-W", "-f=${Status}", package], check=False, capture_output=True, text=True)
    return asked.stdout == "install ok installed"


def _run(command: list[str], folder: Path) -> None:
    try:
        done = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True, timeout=120)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unobtainable(f"{command}: {error}") from error
    if done.returncode != 0:
        raise Unobtainable(f"{' '.join(command)}: {done.stderr.strip()[-300:]}")

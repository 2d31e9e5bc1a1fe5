"""A real Courier IMAP from Debian's packages on loopback, in a root folder of its own, gone when the block ends.

    with courier(default_cache()) as server:
        server.add_user("anna")

By hand: `python -m tests.servers.courier [cache folder]`. Courier has its paths built in, so it runs under chroot (as
root), or in a user namespace with that root (`unshare`, else). No CONDSTORE, no MOVE, no special use; everything stands
below `INBOX.`; IDLE works through gamin.
"""

import base64
import contextlib
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from tests.servers.certificates import Certificates, make_certificates
from tests.servers.debian_packages import Packages, default_cache, libraries_of, library_path, unpacked
from tests.servers.dovecot import PASSWORD, MailUser
from tests.servers.real_server import free_ports, mail_owner, running, short_folder, wait_for_banner, wait_to_be_ended

PACKAGES = Packages(
    "courier",
    always=(
        "courier-imap", "courier-base", "courier-authdaemon", "courier-authlib", "courier-authlib-userdb", "gamin",
        "libcourier-unicode4", "libgamin0", "libidn12", "libltdl7",
    ),
    libraries=("libgdbm6", "libpcre3", "libgnutls30", "libglib2.0-0"),
)  # fmt: skip
_BINARIES = (
    "usr/lib/courier/courier-authlib/authdaemond",
    "usr/lib/courier-authlib/libauthuserdb.so",
    "usr/lib/courier/courier/imaplogin",
    "usr/bin/imapd",
    "usr/bin/couriertls",
    "usr/sbin/couriertcpd",
    "usr/libexec/gam_server",
)
_INSIDE = {"PATH": "/usr/bin:/bin", "LD_LIBRARY_PATH": "/usr/lib:/usr/lib/x86_64-linux-gnu:/libraries"}
_DELIVERIES = count(1)


@dataclass(frozen=True, slots=True)
class CourierServer:
    """A running Courier. `imap_port` offers STARTTLS, `imaps_port` is TLS from the start."""

    root: Path
    tree: Path
    host: str
    imap_port: int
    imaps_port: int
    ca_file: Path

    def add_user(self, name: str, password: str = PASSWORD) -> MailUser:
        """Somebody who may log in, with an empty Maildir."""
        owner = mail_owner()
        home = self.root / "home" / name
        for part in ("cur", "new", "tmp"):
            (home / "Maildir" / part).mkdir(parents=True)
        owner.own(home)
        digest = base64.b64encode(hashlib.sha256(password.encode()).digest()).decode()
        place = f"home=/home/{name}|mail=/home/{name}/Maildir|uid={owner.uid}|gid={owner.gid}"
        self._add_line("userdb", f"{name}\t{place}")
        self._add_line("userdbshadow", f"{name}\timappw={{SHA256}}{digest}")
        return MailUser(name, password)

    def deliver(self, user: str, raw: bytes) -> None:
        """Put a message into INBOX as a delivery agent would: written to tmp, then linked into new."""
        maildir = self.root / "home" / user / "Maildir"
        name = f"{time.time_ns()}.{next(_DELIVERIES)}.test"
        temporary = maildir / "tmp" / name
        temporary.write_bytes(raw.replace(b"\r\n", b"\n"))
        os.chown(temporary, mail_owner().uid, mail_owner().gid)
        temporary.rename(maildir / "new" / name)

    def _add_line(self, database: str, line: str) -> None:
        """Courier's makeuserdb is a Perl script around makedatprog, which turns `key TAB value` lines into gdbm."""
        folder = self.root / "etc/courier"
        with (folder / f"{database}.txt").open("a") as text:
            text.write(line + "\n")
        lines = (folder / f"{database}.txt").read_text()
        program = self.tree / "usr/lib/courier/courier-authlib/makedatprog"
        subprocess.run(
            [str(program), "-", str(folder / f"{database}.tmp"), str(folder / f"{database}.dat")],
            input=(lines + ".\n").encode(),
            env={"LD_LIBRARY_PATH": library_path(self.tree)},
            check=True,
            capture_output=True,
        )


@contextlib.contextmanager
def courier(cache: Path) -> Iterator[CourierServer]:
    """Run a Courier with its packages from `cache`. Raises Unobtainable where they cannot be had."""
    tree = unpacked(PACKAGES, cache)
    with short_folder("courier") as folder:
        root = folder / "root"
        certificates = make_certificates(folder)
        _build_root(root, tree, certificates)
        imap, imaps = free_ports(2)
        server = CourierServer(root, tree, "127.0.0.1", imap, imaps, certificates.ca_file)
        log = folder / "log"
        login = ["/usr/lib/courier/courier/imaplogin", "/usr/bin/imapd", "Maildir"]
        authdaemon = ["/usr/lib/courier/courier-authlib/authdaemond"]
        settings = {**_INSIDE, "authmodulelist": "authuserdb", "daemons": "2"}
        tls = ["/usr/bin/couriertls", "-server", "-tcpd"]
        with (
            running([*_enter(root), *authdaemon], settings, log),
            running([*_enter(root), *_listen(server.imap_port), *login], {**_INSIDE, **_IMAP}, log),
            running([*_enter(root), *_listen(server.imaps_port), *tls, *login], {**_INSIDE, **_IMAP}, log),
        ):
            wait_for_banner(server.imap_port, log)
            _wait_for_file(root / "run/courier/authdaemon/socket")
            try:
                yield server
            finally:
                _end_all_inside(root)


def _enter(root: Path) -> list[str]:
    """The command that makes `root` the root folder of what follows."""
    if os.geteuid() == 0:
        return [shutil.which("chroot", path="/usr/sbin:/sbin:/usr/bin") or "chroot", str(root)]
    return ["unshare", "--user", "--map-current-user", f"--root={root}", "--wd=/"]


def _listen(port: int) -> list[str]:
    options = ["-address=127.0.0.1", "-maxprocs=60", "-maxperip=60", "-nodnslookup", "-noidentlookup"]
    return ["/usr/sbin/couriertcpd", *options, str(port)]


def _build_root(root: Path, tree: Path, certificates: Certificates) -> None:
    """A root folder that holds Courier, the libraries it needs, and nothing else of this machine."""
    shutil.copytree(tree, root, symlinks=True, ignore=shutil.ignore_patterns("share", "systemd", "*.deb"))
    for name in ("dev", "libraries", "lib64", "run/courier/authdaemon", "home", "tmp", "var/lib/courier"):
        (root / name).mkdir(parents=True, exist_ok=True)
    (root / "tmp").chmod(0o1777)
    for library in {library for name in _BINARIES for library in libraries_of(tree / name, library_path(tree))}:
        target = root / "lib64" if library.name.startswith("ld-linux") else root / "libraries"
        shutil.copy(library, target / library.name)
    # No device can be made without privilege: an empty file and a few random bytes do for Courier.
    (root / "dev/null").touch()
    (root / "dev/null").chmod(0o666)
    (root / "dev/urandom").write_bytes(os.urandom(4096))
    owner = mail_owner()
    # couriertls gives up root's rights for those of "courier".
    names = {owner.name, "courier"}
    users = [f"{name}:x:{owner.uid}:{owner.gid}::/:/x\n" for name in sorted(names)]
    (root / "etc/passwd").write_text("root:x:0:0::/:/x\n" + "".join(users))
    (root / "etc/group").write_text("root:x:0:\n" + "".join(f"{name}:x:{owner.gid}:\n" for name in sorted(names)))
    (root / "etc/courier/authdaemonrc").write_text('authmodulelist="authuserdb"\ndaemons=2\n')
    pem = certificates.key_file.read_bytes() + certificates.certificate_file.read_bytes()
    (root / "etc/courier/imapd.pem").write_bytes(pem)


def _wait_for_file(path: Path, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not path.exists():
        if time.monotonic() > deadline:
            raise RuntimeError(f"{path} did not appear")
        time.sleep(0.02)


def _end_all_inside(root: Path) -> None:
    """End what still runs under `root`: gamin's server leaves every session and process group."""
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (process / "root").readlink() == root:
                os.kill(int(process.name), signal.SIGKILL)


# As Debian's /etc/courier/imapd, with IDLE through gamin and polling each second besides.
_CAPABILITY = "IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=ORDEREDSUBJECT THREAD=REFERENCES SORT QUOTA IDLE"
_IMAP = {
    "IMAP_CAPABILITY": _CAPABILITY,
    "IMAP_CAPABILITY_TLS": f"{_CAPABILITY} AUTH=PLAIN",
    "IMAP_KEYWORDS": "1",
    "IMAP_ACL": "1",
    "IMAP_IDLE_TIMEOUT": "1",
    "IMAP_ENHANCEDIDLE": "1",
    "IMAP_USELOCKS": "1",
    "IMAP_CHECK_ALL_FOLDERS": "0",
    "IMAP_OBSOLETE_CLIENT": "0",
    "IMAP_TRASHFOLDERNAME": "Trash",
    "IMAP_EMPTYTRASH": "",
    "IMAP_UMASK": "022",
    "IMAP_STARTTLS": "YES",
    "IMAP_TLS_REQUIRED": "0",
    "COURIERTLS": "/usr/bin/couriertls",
    "TLS_CERTFILE": "/etc/courier/imapd.pem",
    "TLS_VERIFYPEER": "NONE",
}


def _by_hand() -> None:
    cache = Path(sys.argv[1]) if len(sys.argv) > 1 else default_cache()
    with courier(cache) as server:
        user = server.add_user("anna")
        print(f"IMAP {server.host}:{server.imap_port} (STARTTLS), {server.imaps_port} (TLS)")
        print(f"user {user.name}, password {user.password}, authority {server.ca_file}. Ctrl-C ends it.", flush=True)
        wait_to_be_ended()


if __name__ == "__main__":
    _by_hand()

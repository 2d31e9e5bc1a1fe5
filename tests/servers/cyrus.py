"""A real Cyrus IMAP from Debian's packages, unpacked beside the system, on loopback, gone when the block ends.

    with cyrus(default_cache()) as server:
        server.add_user("anna")

By hand: `python -m tests.servers.cyrus [cache folder]`. Folders stand below INBOX, special use is written in lower
case, and INBOX is made at the first login.
"""

import contextlib
import imaplib
import os
import smtplib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.servers.certificates import Certificates, make_certificates
from tests.servers.debian_packages import Packages, default_cache, library_path, unpacked
from tests.servers.dovecot import PASSWORD, MailUser
from tests.servers.real_server import (
    Owner,
    free_ports,
    mail_owner,
    running,
    short_folder,
    wait_for_banner,
    wait_to_be_ended,
)

PACKAGES = Packages(
    "cyrus",
    always=("cyrus-imapd", "cyrus-common", "sasl2-bin", "libsasl2-modules", "libsasl2-modules-db"),
    libraries=(
        "libsasl2-2", "libdb5.3", "libclamav12", "libical3", "libicu72", "libjansson4", "libldap-2.5-0", "libpcre3",
        "libpq5", "libwrap0", "libxapian30", "libxml2", "libzephyr4", "libltdl7", "libmspack0", "libjson-c5",
        "libhesiod0", "libpcre2-8-0",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CyrusServer:
    """A running Cyrus. `imap_port` offers STARTTLS, `imaps_port` is TLS from the start."""

    folder: Path
    tree: Path
    host: str
    imap_port: int
    imaps_port: int
    lmtp_port: int
    ca_file: Path

    def add_user(self, name: str, password: str = PASSWORD) -> MailUser:
        """Somebody who may log in; INBOX and its folders are there when this returns."""
        command = [str(self.tree / "usr/sbin/saslpasswd2"), "-p", "-c", "-f", str(self.folder / "sasldb2")]
        domain = name.partition("@")[2] or "localhost"
        account = name.partition("@")[0]
        subprocess.run(
            [*_as(mail_owner()), *command, "-u", domain, account],
            input=password.encode(),
            env=_environment(self.tree),
            check=True,
            capture_output=True,
        )
        with imaplib.IMAP4(self.host, self.imap_port, timeout=60) as client:
            client.login(name, password)
            client.select("INBOX")
        return MailUser(name, password)

    def lmtp(self, user: str, raw: bytes, sender: str = "someone@example.org") -> None:
        """Deliver as a mail server would."""
        with smtplib.LMTP(self.host, self.lmtp_port) as client:
            client.sendmail(sender, [user if "@" in user else f"{user}@localhost"], raw)

    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")


@contextlib.contextmanager
def cyrus(cache: Path) -> Iterator[CyrusServer]:
    """Run a Cyrus with its packages from `cache`. Raises Unobtainable where they cannot be had."""
    tree = unpacked(PACKAGES, cache)
    owner = mail_owner()
    with short_folder("cyrus") as folder:
        imap, imaps, lmtp = free_ports(3)
        certificates = make_certificates(folder)
        server = CyrusServer(folder, tree, "127.0.0.1", imap, imaps, lmtp, certificates.ca_file)
        _write(server, owner, certificates)
        command = [str(tree / "usr/lib/cyrus/bin/master"), "-D", "-C", f"{folder}/imapd.conf"]
        command += ["-M", f"{folder}/cyrus.conf", "-p", f"{folder}/master.pid"]
        with running([*_as(owner), *command], _environment(tree), folder / "log"):
            wait_for_banner(server.imap_port, folder / "log")
            yield server


def _as(owner: Owner) -> list[str]:
    if os.geteuid() != 0:
        return []
    return ["setpriv", f"--reuid={owner.uid}", f"--regid={owner.gid}", "--clear-groups", "--pdeathsig", "TERM"]


def _environment(tree: Path) -> dict[str, str]:
    sasl = next(iter(tree.glob("usr/lib/*/sasl2")), Path("/usr/lib/x86_64-linux-gnu/sasl2"))
    return {"PATH": "/usr/bin:/bin", "LD_LIBRARY_PATH": library_path(tree), "SASL_PATH": str(sasl)}


def _write(server: CyrusServer, owner: Owner, certificates: Certificates) -> None:
    folder, bin_ = server.folder, server.tree / "usr/lib/cyrus/bin"
    for name in ("db", "socket", "log", "proc", "lock", "msg", "user", "quota", "ptclient", "deliverdb"):
        (folder / "conf" / name).mkdir(parents=True, exist_ok=True)
    (folder / "spool").mkdir()
    (folder / "imapd.conf").write_text(
        _IMAPD.format(
            folder=folder,
            owner=owner.name,
            certificate=certificates.certificate_file,
            key=certificates.key_file,
        )
    )
    (folder / "cyrus.conf").write_text(
        _MASTER.format(bin=bin_, folder=folder, imap=server.imap_port, imaps=server.imaps_port, lmtp=server.lmtp_port)
    )
    owner.own(folder)


_IMAPD = """configdirectory: {folder}/conf
proc_path: {folder}/conf/proc
mboxname_lockpath: {folder}/conf/lock
defaultpartition: default
partition-default: {folder}/spool
altnamespace: no
unixhierarchysep: no
virtdomains: userid
defaultdomain: localhost
servername: localhost
cyrus_user: {owner}
admins: admin
allowplaintext: yes
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: {folder}/sasldb2
sasl_mech_list: PLAIN LOGIN
tls_server_cert: {certificate}
tls_server_key: {key}
tls_session_timeout: 0
idlesocket: {folder}/conf/socket/idle
notifysocket: {folder}/conf/socket/notify
lmtpsocket: {folder}/conf/socket/lmtp
imapidlepoll: 2
expunge_mode: delayed
autocreate_quota: 0
autocreate_post: yes
autocreate_inbox_folders: Sent|Drafts|Archive|Trash|Junk
autocreate_subscribe_folders: Sent|Drafts|Archive|Trash|Junk
xlist-sent: Sent
xlist-drafts: Drafts
xlist-archive: Archive
xlist-trash: Trash
xlist-junk: Junk
syslog_prefix: postroom-test
"""

_MASTER = """START {{
  recover cmd="{bin}/ctl_cyrusdb -C {folder}/imapd.conf -r"
}}
SERVICES {{
  imap cmd="{bin}/imapd -C {folder}/imapd.conf" listen="127.0.0.1:{imap}" prefork=0 maxchild=40
  imaps cmd="{bin}/imapd -s -C {folder}/imapd.conf" listen="127.0.0.1:{imaps}" prefork=0 maxchild=40
  lmtp cmd="{bin}/lmtpd -a -C {folder}/imapd.conf" listen="127.0.0.1:{lmtp}" prefork=0 maxchild=10
}}
DAEMON {{
  idled cmd="{bin}/idled -d -C {folder}/imapd.conf"
}}
"""


def _by_hand() -> None:
    cache = Path(sys.argv[1]) if len(sys.argv) > 1 else default_cache()
    with cyrus(cache) as server:
        user = server.add_user("anna")
        print(f"IMAP {server.host}:{server.imap_port} (STARTTLS), {server.imaps_port} (TLS), LMTP {server.lmtp_port}")
        print(f"user {user.name}, password {user.password}, authority {server.ca_file}. Ctrl-C ends it.", flush=True)
        wait_to_be_ended()


if __name__ == "__main__":
    _by_hand()

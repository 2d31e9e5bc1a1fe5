"""A private Dovecot on loopback, in a folder of its own, gone when the block ends.

    with dovecot(tmp_path) as server:
        ada = server.add_user("ada")
        server.deliver("ada", "INBOX", raw)

As root the mail belongs to an unprivileged user; as a normal user everything runs as that user.
"""

import contextlib
import imaplib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from tests.servers.certificates import Certificates, make_certificates

PASSWORD = "secret"
SPECIAL_USE = (("Drafts", "Drafts"), ("Sent", "Sent"), ("Archive", "Archive"), ("Junk", "Junk"), ("Trash", "Trash"))


@dataclass(frozen=True, slots=True)
class MailUser:
    """A user that may log in."""

    name: str
    password: str


@dataclass(frozen=True, slots=True)
class DovecotOptions:
    """What a test may want otherwise. `settings` are further lines of dovecot.conf, put last."""

    special_use: Sequence[tuple[str, str]] = SPECIAL_USE
    separator: str = "/"
    settings: str = ""
    submission_relay: tuple[str, int] | None = None


def installed() -> bool:
    """Is Dovecot on this machine?"""
    return _dovecot() is not None


def _dovecot() -> str | None:
    return shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")


@dataclass(slots=True)
class DovecotServer:
    """A running Dovecot. All calls are blocking and quick."""

    folder: Path
    host: str
    imap_port: int
    imaps_port: int
    lmtp_port: int
    submission_port: int | None
    ca_file: Path
    _child: subprocess.Popen[bytes] | None = None
    _deliverers: dict[str, imaplib.IMAP4] = field(default_factory=dict)

    @property
    def pid(self) -> int:
        """The master process."""
        assert self._child is not None
        return self._child.pid

    def add_user(self, name: str, password: str = PASSWORD) -> MailUser:
        """Let `name` log in, from now on."""
        (self.folder / "users" / name).write_text(f"{name}:{{PLAIN}}{password}::::::\n")
        return MailUser(name, password)

    def set_password(self, name: str, password: str) -> None:
        """Give a user another password, as someone does who has forgotten us."""
        self.add_user(name, password)
        time.sleep(1.1)  # Dovecot reads a user's file at most once a second

    def deliver(
        self, user: str, folder: str, raw: bytes, flags: Sequence[str] = (), date: datetime | None = None
    ) -> int:
        """Put a message into a folder (made if missing); its UID."""
        client = self.client(user)
        when = imaplib.Time2Internaldate(date) if date else None  # type: ignore[arg-type]
        name = f'"{folder}"'
        status, answer = client.append(name, " ".join(flags), when, raw)  # type: ignore[arg-type]
        if status == "NO" and b"TRYCREATE" in answer[0]:
            client.create(name)
            status, answer = client.append(name, " ".join(flags), when, raw)  # type: ignore[arg-type]
        assert status == "OK", answer
        return int(answer[0].split(b"]")[0].split()[2])

    def client(self, user: str) -> imaplib.IMAP4:
        """The standard library's client, logged in as another mail program would be; kept per user."""
        if user not in self._deliverers:
            password = (self.folder / "users" / user).read_text().split(":")[1].removeprefix("{PLAIN}")
            client = imaplib.IMAP4(self.host, self.imap_port, timeout=90)
            client.login(user, password)
            self._deliverers[user] = client
        return self._deliverers[user]

    def lmtp(self, user: str, raw: bytes, sender: str = "someone@example.org") -> None:
        """Deliver to INBOX as the internet does, over LMTP."""
        import smtplib

        with smtplib.LMTP(self.host, self.lmtp_port) as lmtp:
            lmtp.sendmail(sender, [user], raw)

    def mail_folder(self, user: str) -> Path:
        """The user's Maildir on disk."""
        return self.folder / "mail" / user / "Maildir"

    def doveadm(self, *arguments: str) -> str:
        """Run doveadm on this server; what it printed."""
        tool = shutil.which("doveadm") or "/usr/bin/doveadm"
        command = [tool, "-c", str(self.folder / "dovecot.conf"), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout

    def log(self) -> str:
        """What Dovecot has logged."""
        path = self.folder / "dovecot.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def start(self) -> None:
        """Start, and wait until it takes connections."""
        binary = _dovecot()
        assert binary is not None, "Dovecot is not installed (Debian: dovecot-imapd dovecot-lmtpd)"
        command = [binary, "-F", "-c", str(self.folder / "dovecot.conf")]
        if setpriv := shutil.which("setpriv"):  # so that it ends with us, however we end
            command = [setpriv, "--pdeathsig", "TERM", *command]
        with (self.folder / "start.log").open("ab") as output:
            self._child = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
            )
        self._wait_until_open(time.monotonic() + 60)

    def _wait_until_open(self, deadline: float) -> None:
        assert self._child is not None
        while True:
            with contextlib.suppress(OSError), socket.create_connection((self.host, self.imap_port), 1) as peer:
                peer.settimeout(5)
                if peer.recv(4) == b"* OK":
                    return
            if self._child.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError((self.folder / "start.log").read_text() + self.log())
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop it and everything it started."""
        for client in self._deliverers.values():
            with contextlib.suppress(OSError, imaplib.IMAP4.error):
                client.shutdown()
        self._deliverers.clear()
        if self._child is None:
            return
        if self._child.poll() is None:
            self._child.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._child.wait(0.2)  # with sessions open it would take its time, and nobody keeps this mail
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait(10)
        self._child = None


@contextlib.contextmanager
def dovecot(folder: Path, options: DovecotOptions = DovecotOptions()) -> Iterator[DovecotServer]:
    """Run a Dovecot with its state in `folder` (as root elsewhere, if others may not enter that folder)."""
    with contextlib.ExitStack() as undo:
        if os.geteuid() == 0 and not _open_to_all(folder):
            folder = Path(tempfile.mkdtemp(prefix="postroom-dovecot-"))
            undo.callback(shutil.rmtree, folder, ignore_errors=True)
            folder.chmod(0o755)
        server = _started(folder, options)
        undo.callback(server.stop)
        yield server


def _started(folder: Path, options: DovecotOptions) -> DovecotServer:
    _refuse_if_in_use(folder)
    for attempt in range(5):
        server = _written(folder, options)
        try:
            server.start()
            return server
        except RuntimeError as error:  # a free port may be taken by the time Dovecot binds it
            if "Address already in use" not in str(error) or attempt == 4:
                raise
    raise AssertionError("unreachable")


def _refuse_if_in_use(folder: Path) -> None:
    """Two servers in one folder would overwrite each other's settings and certificates."""
    with contextlib.suppress(OSError, ValueError):
        pid = int((folder / "run" / "master.pid").read_text())
        os.kill(pid, 0)
        if "dovecot" in Path(f"/proc/{pid}/cmdline").read_text():
            raise RuntimeError(f"A Dovecot is running in {folder} already, as process {pid}.")


def _open_to_all(folder: Path) -> bool:
    resolved = folder.resolve()
    return all(path.stat().st_mode & 0o001 for path in [resolved, *resolved.parents])


def _written(folder: Path, options: DovecotOptions) -> DovecotServer:
    certificates = make_certificates(folder)
    mail = folder / "mail"
    mail.mkdir(exist_ok=True)
    if os.geteuid() == 0:
        os.chown(mail, *_mail_owner())
    (folder / "users").mkdir(mode=0o755, exist_ok=True)
    ports = _free_ports(4)
    server = DovecotServer(folder, "127.0.0.1", *ports[:3], None, certificates.ca_file)
    server.submission_port = ports[3] if options.submission_relay else None
    text = _configuration(server, certificates, options)
    (folder / "dovecot.conf").write_text(text)
    return server


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as open_sockets:
        ports = []
        for _ in range(count):
            listener = open_sockets.enter_context(socket.socket())
            listener.bind(("127.0.0.1", 0))
            ports.append(listener.getsockname()[1])
    return ports


def _mail_owner() -> tuple[int, int]:
    if os.geteuid() != 0:
        return os.geteuid(), os.getegid()
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def _configuration(server: DovecotServer, certificates: Certificates, options: DovecotOptions) -> str:
    uid, gid = _mail_owner()
    protocols = "imap lmtp" + (" submission" if options.submission_relay else "")
    folders = "\n".join(
        f"  mailbox {name} {{\n    auto = create\n    special_use = \\{use}\n  }}" for name, use in options.special_use
    )
    return "\n".join(
        [
            _GENERAL.format(
                folder=server.folder,
                protocols=protocols,
                certificate=certificates.certificate_file,
                key=certificates.key_file,
                uid=uid,
                gid=gid,
            ),
            f"namespace inbox {{\n  inbox = yes\n  separator = {options.separator}\n{folders}\n}}",
            _SERVICES.format(imap=server.imap_port, imaps=server.imaps_port, lmtp=server.lmtp_port),
            _as_normal_user() if os.geteuid() != 0 else "",
            _submission(server, options),
            options.settings,
            "",
        ]
    )


def _as_normal_user() -> str:
    me = pwd.getpwuid(os.geteuid()).pw_name
    services = ("anvil", "imap-login", "submission-login", "stats")
    chroots = "\n".join(f"service {name} {{\n  chroot =\n}}" for name in services)
    return f"default_internal_user = {me}\ndefault_login_user = {me}\ndefault_internal_group =\n{chroots}"


def _submission(server: DovecotServer, options: DovecotOptions) -> str:
    if options.submission_relay is None:
        return ""
    host, port = options.submission_relay
    listener = f"inet_listener submission {{\n    address = 127.0.0.1\n    port = {server.submission_port}\n  }}"
    return f"""submission_relay_host = {host}
submission_relay_port = {port}
submission_relay_trusted = no
hostname = localhost
service submission-login {{
  {listener}
}}"""


# The auth penalty makes the login after a refused one wait for seconds (TECH.md section 7); fsync is for
# mail that is to be kept.
_GENERAL = """base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
info_log_path = /dev/null
protocols = {protocols}
listen = 127.0.0.1
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
first_valid_uid = 1
mail_location = maildir:~/Maildir
mail_fsync = never
mail_max_userip_connections = 6000
default_vsz_limit = 2G
postmaster_address = postmaster@localhost
passdb {{
  driver = passwd-file
  args = {folder}/users/%u
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u allow_all_users=yes
}}"""

_SERVICES = """service anvil {{
  client_limit = 15000
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service auth {{
  client_limit = 15000
}}
service stats {{
  client_limit = 15000
}}
service imap-login {{
  service_count = 0
  process_min_avail = 1
  process_limit = 2
  client_limit = 6000
  inet_listener imap {{
    address = 127.0.0.1
    port = {imap}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {imaps}
    ssl = yes
  }}
}}
service imap {{
  process_limit = 6000
}}
service lmtp {{
  client_limit = 1
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}"""

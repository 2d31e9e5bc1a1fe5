"""The operator's commands, run as an operator runs them: as processes, on a real database and a real mailbox."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from postroom.ground.vault import read_key_file
from tests.journeys.office import letter, open_office, plain
from tests.servers.dovecot import PASSWORD, DovecotServer, dovecot


class Operator:
    """Somebody at a terminal."""

    def __init__(self, database_url: str, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            "DATABASE_URL": database_url,
            "POSTROOM_DATA": str(folder),
            "POSTROOM_ALLOW_NETWORKS": "127.0.0.0/8",
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
        }

    def run(self, *words: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "postroom.doors.main", *words]
        return subprocess.run(
            command, env=self.environment, input=typed, capture_output=True, text=True, timeout=180, check=False
        )


@pytest.fixture
def operator(database_url: str, tmp_path: Path) -> Operator:
    return Operator(database_url, tmp_path)


@pytest.fixture(scope="module")
def mail_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DovecotServer]:
    with dovecot(tmp_path_factory.mktemp("dovecot")) as server:
        yield server


def test_the_first_user_founds_the_organization_and_a_second_joins_it(operator: Operator) -> None:
    founded = operator.run(
        "user", "add", "ada@example.com", "--admin", "--organization", "Example", typed="long enough 1\n"
    )
    assert founded.returncode == 0, founded.stderr
    assert operator.run("user", "add", "ben@example.com", typed="long enough 2\n").returncode == 0
    again = operator.run("user", "add", "ben@example.com", typed="long enough 3\n")
    assert again.returncode != 0
    assert "Traceback" not in again.stderr
    assert operator.run("user", "password", "ada@example.com", typed="another one 4\n").returncode == 0
    assert "no user" in operator.run("user", "password", "nobody@example.com", typed="x\n").stderr


def test_audit_and_why_tell_the_truth_about_a_mailbox(
    operator: Operator, mail_server: DovecotServer, database_url: str
) -> None:
    name = f"anna-{uuid4().hex[:8]}"
    mail_server.add_user(name)
    for number in range(3):
        mail_server.deliver(name, "INBOX", letter("bob@bolt.example", "anna@acme.example", f"Offer {number}"))
    mail_server.deliver(name, "INBOX", letter("eve@else.example", "anna@acme.example", "Noise"))

    async def sync() -> None:
        async with open_office(database_url, operator.folder) as office:
            anna = await office.user("anna@acme.example")
            account = await office.connect(anna, plain(mail_server.imap_port, name), PASSWORD)
            await office.lead("Bolt", "bob@bolt.example")
            await office.pull(account)

    asyncio.run(sync())
    audit = operator.run("audit")
    assert audit.returncode == 0, audit.stdout + audit.stderr
    assert "INBOX: 4 on the server; 4 seen = 3 kept + 1 left out + 0 failed" in audit.stdout
    assert "Everything adds up." in audit.stdout
    assert "A contact of this lead takes part in it." in operator.run("why", "Offer 1").stdout
    assert "Nobody on it is a contact" in operator.run("why", "eve@else.example").stdout
    assert "Not in any folder" in operator.run("why", "<unknown@nowhere.example>").stdout.replace(
        "Not in the folders that are read", "Not in any folder"
    )
    assert "anna@acme.example" in operator.run("account", "list").stdout
    mail_server.deliver(name, "INBOX", letter("bob@bolt.example", "anna@acme.example", "Since then"))
    assert "new: 1 (UID 5)" in operator.run("audit", "anna@acme.example").stdout
    _lose_a_sighting(database_url)
    broken = operator.run("audit")
    assert broken.returncode == 1
    assert "!! missing: 1" in broken.stdout


def _lose_a_sighting(database_url: str) -> None:
    import psycopg

    with psycopg.connect(database_url) as connection:
        connection.execute("delete from sightings where uid = 2")


def test_a_new_key_seals_all_credentials_and_the_old_ledger_still_matches(
    operator: Operator, mail_server: DovecotServer, database_url: str
) -> None:
    name = f"anna-{uuid4().hex[:8]}"
    mail_server.add_user(name)
    mail_server.deliver(name, "INBOX", letter("eve@else.example", "anna@acme.example", "Noise"))

    async def connect() -> None:
        async with open_office(database_url, operator.folder) as office:
            anna = await office.user("anna@acme.example")
            account = await office.connect(anna, plain(mail_server.imap_port, name), PASSWORD)
            await office.pull(account)

    asyncio.run(connect())
    before = read_key_file(operator.folder / "secret.key")
    rotated = operator.run("rotate-key")
    assert "1 credentials sealed with the new key" in rotated.stdout, rotated.stderr
    assert len(read_key_file(operator.folder / "secret.key")) == len(before) + 1
    assert operator.run("audit").returncode == 0
    assert "Nobody on it is a contact" in operator.run("why", "Noise").stdout


def test_a_wrong_setting_stops_the_start_with_its_name(operator: Operator) -> None:
    operator.environment["POSTROOM_BIND"] = "nonsense"
    started = operator.run("web")
    assert started.returncode != 0
    assert "POSTROOM_BIND" in started.stderr
    assert "Traceback" not in started.stderr


def test_the_operator_lets_in_who_is_locked_out(operator: Operator, database_url: str) -> None:
    import psycopg

    assert operator.run("user", "add", "ada@example.com", "--admin", typed="long enough 1\n").returncode == 0
    assert "ada@example.com  admin, active" in operator.run("user", "list").stdout
    link = operator.run("user", "link", "ADA@example.com").stdout
    assert "/new-password#" in link
    assert "until" in link
    with psycopg.connect(database_url) as connection:
        connection.execute("update users set is_active = false, role = 'user'")
        connection.execute("insert into sign_in_failures values ('address ada@example.com', '192.0.2.1', now())")
    assert "ada@example.com  user, inactive" in operator.run("user", "list").stdout
    assert operator.run("user", "admin", "ada@example.com").returncode == 0
    assert "ada@example.com  admin, active" in operator.run("user", "list").stdout
    assert "forgotten" in operator.run("user", "unlock", "ada@example.com").stdout
    assert "off already" in operator.run("user", "two-factor-off", "ada@example.com").stdout
    with psycopg.connect(database_url) as connection:
        acts = [row[0] for row in connection.execute("select act from access_log order by date_created, id").fetchall()]
        failures = connection.execute("select count(*) from sign_in_failures").fetchone()
    assert acts == ["user_added", "reset_link_made", "role_changed", "two_factor_off"]
    assert failures == (0,)

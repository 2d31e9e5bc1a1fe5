"""The process that sends is killed (-9) between every two steps: nobody is lost, nobody gets an email twice."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import asdict
from itertools import count
from pathlib import Path

import pytest

from tests.journeys.office import Office
from tests.journeys.send_driver import Job
from tests.journeys.sending import Desk, open_desk
from tests.servers import smtp_faults as faults
from tests.servers.dovecot import DovecotServer
from tests.servers.smtp import Accepted

ROOT = Path(__file__).parent.parent.parent
_users = count(1)


@pytest.fixture
async def desk(office: Office, mail_server: DovecotServer) -> AsyncIterator[Desk]:
    async with open_desk(office, mail_server, f"killed{next(_users)}") as made:
        yield made


Plug = Callable[[asyncio.subprocess.Process], None]


async def run(
    desk: Desk, url: str, folder: Path, step: str, journey: str = "deliver_due", plug: Plug | None = None
) -> int:
    """Run a journey in a process of its own; how it ended (-9: killed)."""
    job = Job(url, str(folder), desk.clock.now.isoformat(), desk.office.organization_id, desk.account_id, journey, step)
    path = folder / "job.json"
    path.write_text(json.dumps(asdict(job)))
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.journeys.send_driver", str(path), cwd=ROOT, stderr=asyncio.subprocess.PIPE
    )
    if plug is not None:
        plug(child)
    _, errors = await asyncio.wait_for(child.communicate(), 120)
    assert child.returncode in (0, -signal.SIGKILL), errors.decode()
    return child.returncode


def kill_when_taken(desk: Desk) -> Plug:
    """The server has taken the message; its 250 finds nobody."""

    def plug(child: asyncio.subprocess.Process) -> None:
        honest = desk.smtp.on_accepted

        async def take_and_kill(one: Accepted) -> None:
            desk.smtp.on_accepted = honest
            if honest is not None:
                await _awaited(honest(one))
            child.kill()

        desk.smtp.on_accepted = take_and_kill

    return plug


def kill_inside_body(desk: Desk) -> Plug:
    """The body is on its way, the final dot is not."""

    def plug(child: asyncio.subprocess.Process) -> None:
        async def act(session: object) -> bool:
            child.kill()
            await asyncio.sleep(0.2)
            session.over = True  # type: ignore[attr-defined]
            return True

        desk.smtp.faults.add(faults.SmtpFault("kill", act), on="DATA")

    return plug


async def _awaited(waiting: Awaitable[None] | None) -> None:
    if waiting is not None:
        await waiting


PLUGS = {"inside the body": kill_inside_body, "taken": kill_when_taken}
STEPS = [
    "logged in", "claimed", "composed", "handed over", "inside the body", "taken", "answered", "written down"
]  # fmt: skip


@pytest.mark.parametrize("step", STEPS)
async def test_killed_where_the_provider_files_by_itself_everyone_gets_it_once(
    desk: Desk, database_url: str, tmp_path: Path, step: str
) -> None:
    desk.provider_files_its_own()
    await desk.set_account(files_own_sent=True)
    emails = [await desk.write(subject="first"), await desk.write(subject="second")]
    assert await _kill_at(desk, database_url, tmp_path, step) == -signal.SIGKILL
    await desk.work_until_quiet()
    assert [(await desk.email(one))["status"] for one in emails] == ["sent", "sent"]
    assert sorted(one.raw.split(b"Subject: ")[1].split(b"\r\n")[0] for one in desk.smtp.accepted) == [
        b"first",
        b"second",
    ]
    assert len(desk.in_sent()) == 2
    await desk.office.pull(desk.account_id)
    assert sorted(await desk.office.subjects(desk.lead_id)) == ["first", "second"]


@pytest.mark.parametrize(
    ("step", "status", "taken"),
    [
        ("composed", "sent", 1),
        ("handed over", "error", 0),
        ("taken", "error", 1),
        ("answered", "error", 1),
        ("written down", "sent", 1),
    ],
)
async def test_killed_elsewhere_nothing_goes_out_twice_and_a_person_is_asked(
    desk: Desk, database_url: str, tmp_path: Path, step: str, status: str, taken: int
) -> None:
    email_id = await desk.write()
    assert await _kill_at(desk, database_url, tmp_path, step) == -signal.SIGKILL
    await desk.work_until_quiet()
    assert (await desk.email(email_id))["status"] == status
    assert len(desk.smtp.accepted) == taken
    assert len(desk.in_sent()) == (1 if status == "sent" else 0)


@pytest.mark.parametrize("step", ["copy looked for", "copy stored"])
async def test_killed_while_filing_the_copy_lies_in_sent_once(
    desk: Desk, database_url: str, tmp_path: Path, step: str
) -> None:
    email_id = await desk.write()
    await desk.deliver()
    desk.clock.forward(seconds=10)
    assert await run(desk, database_url, tmp_path, step, "file_sent_copies") == -signal.SIGKILL
    await desk.work_until_quiet()
    assert len(desk.in_sent()) == 1
    assert (await desk.delivery(email_id))["copy_state"] in ("filed", "provider")
    assert len(desk.smtp.accepted) == 1


async def test_killed_while_settling_it_is_settled_once(desk: Desk, database_url: str, tmp_path: Path) -> None:
    desk.provider_files_its_own()
    desk.smtp.faults.add(faults.accept_then_drop(), on="BODY")
    email_id = await desk.write()
    await desk.deliver()
    assert await run(desk, database_url, tmp_path, "looked in Sent", "settle_unknown") == -signal.SIGKILL
    await desk.work_until_quiet()
    assert (await desk.email(email_id))["status"] == "sent"
    assert len(desk.smtp.accepted) == 1


async def _kill_at(desk: Desk, url: str, folder: Path, step: str) -> int:
    if step in PLUGS:
        return await run(desk, url, folder, "nowhere", plug=PLUGS[step](desk))
    return await run(desk, url, folder, step)

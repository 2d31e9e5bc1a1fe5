"""When mail goes out: a moment is a moment, whatever the clocks on the wall do and however often the worker begins."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest

from postroom.doors.wiring import open_tools
from postroom.journeys.send import deliver_due
from postroom.rooms.emails.email import Timing
from tests.journeys.office import Office
from tests.journeys.sending import Desk, open_desk
from tests.servers.dovecot import DovecotServer

BERLIN = ZoneInfo("Europe/Berlin")
_users = count(1)


@pytest.fixture
async def desk(office: Office, mail_server: DovecotServer) -> AsyncIterator[Desk]:
    async with open_desk(office, mail_server, f"times{next(_users)}") as made:
        yield made


@pytest.mark.parametrize(
    ("first", "second", "minutes"),
    [
        # On 29 March two o'clock is three o'clock; on 25 October half past two comes twice.
        (datetime(2026, 3, 29, 1, 59, tzinfo=BERLIN), datetime(2026, 3, 29, 3, 1, tzinfo=BERLIN), 2),
        (datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN), datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=BERLIN), 60),
    ],
    ids=["spring", "autumn"],
)
async def test_scheduled_mail_keeps_its_moment_when_the_clocks_change(
    desk: Desk, first: datetime, second: datetime, minutes: int
) -> None:
    desk.clock.now = first.astimezone(UTC).replace(hour=0, minute=0)
    for subject, moment in (("second", second), ("first", first)):
        await desk.write("scheduled", Timing(date_scheduled=moment), subject=subject)
    desk.clock.now = first.astimezone(UTC)
    await desk.deliver()
    assert sent(desk) == ["first"]
    desk.clock.forward(minutes=minutes - 1)
    await desk.deliver()
    assert sent(desk) == ["first"]
    desk.clock.forward(minutes=1)
    await desk.deliver()
    assert sent(desk) == ["first", "second"]


async def test_a_restart_neither_forgets_nor_hurries_what_waits(desk: Desk, database_url: str) -> None:
    later = desk.clock.now + timedelta(hours=8)
    await desk.write("scheduled", Timing(date_scheduled=later), subject="scheduled")
    await desk.write(timing=Timing(send_in_seconds=50), subject="undoable")

    async def restarted() -> None:
        async with open_tools(desk.tools.config, database_url) as fresh:
            again = replace(fresh, clock=desk.clock)
            await deliver_due(again, desk.office.organization_id, desk.account_id)

    await restarted()
    assert sent(desk) == []
    desk.clock.forward(seconds=50)
    await restarted()
    assert sent(desk) == ["undoable"]
    desk.clock.forward(days=1)
    await restarted()
    await restarted()
    assert sent(desk) == ["undoable", "scheduled"]


def sent(desk: Desk) -> list[str]:
    """Subjects in the order in which the server took them."""
    return [
        line.removeprefix(b"Subject: ").decode()
        for one in desk.smtp.accepted
        for line in one.raw.split(b"\r\n")
        if line.startswith(b"Subject: ")
    ]

"""The process beside ours: order, large parts, its death, its silence, ours, and what it may know."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator

import pytest

from postroom.ground.side_process import Died, SideProcess

WORK = "tests.ground.side_work"
LARGE = os.urandom(1 << 20) * 9


@pytest.fixture
async def side() -> AsyncIterator[SideProcess]:
    made = SideProcess(WORK)
    yield made
    await made.close()


async def test_answers_come_in_the_order_of_the_requests(side: SideProcess) -> None:
    asked = [[b"a", str(number).encode(), b"x" * (number * 997 % 5000)] for number in range(200)]
    answers = await asyncio.gather(*(side.ask(parts) for parts in asked))
    assert answers == [b"|".join(parts) for parts in asked]


async def test_parts_larger_than_any_buffer_come_through_whole(side: SideProcess) -> None:
    assert await asyncio.gather(*(side.ask([LARGE, b"", b"end"]) for _ in range(3))) == [LARGE + b"||end"] * 3


async def test_a_request_without_parts_is_answered_too(side: SideProcess) -> None:
    assert await side.ask([]) == b""


async def test_what_the_work_prints_is_no_answer(side: SideProcess) -> None:
    assert await side.ask([b"print", b"this"]) == b"print|this"
    assert await side.ask([b"next"]) == b"next"


@pytest.mark.parametrize("end", [b"die", b"raise"])
async def test_a_death_costs_the_request_it_was_over_and_no_other(side: SideProcess, end: bytes) -> None:
    asked = [side.ask([word]) for word in (b"before", end, b"after", b"later")]
    before, died, *others = await asyncio.gather(*asked, return_exceptions=True)
    assert before == b"before"
    assert isinstance(died, Died)
    assert others == [b"after", b"later"]


async def test_silence_ends_the_child_and_costs_one_request() -> None:
    side = SideProcess(WORK, longest_silence_seconds=5)
    await side.ask([b"it runs"])
    hung, other = await asyncio.gather(side.ask([b"hang"]), side.ask([b"other"]), return_exceptions=True)
    assert isinstance(hung, Died)
    assert other == b"other"
    await side.close()


async def test_a_child_that_is_killed_between_two_requests_is_replaced(side: SideProcess) -> None:
    first = int(await side.ask([b"number"]))
    os.kill(first, signal.SIGKILL)
    while True:  # the request may reach the dying child first: then it is that one's last
        try:
            second = int(await side.ask([b"number"]))
            break
        except Died:
            continue
    assert second != first


async def test_who_asks_may_go_away_and_the_next_is_answered_rightly(side: SideProcess) -> None:
    await side.ask([b"it runs"])
    leaving = asyncio.create_task(side.ask([b"nobody waits for this"]))
    await asyncio.sleep(0)
    leaving.cancel()
    assert await side.ask([b"mine"]) == b"mine"


async def test_it_ends_with_its_input_and_starts_again_when_asked(side: SideProcess) -> None:
    first = int(await side.ask([b"number"]))
    await side.close()
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)
    assert int(await side.ask([b"number"])) != first


async def test_a_module_that_cannot_run_is_an_error_and_not_a_wait() -> None:
    side = SideProcess("tests.ground.no_such_module")
    with pytest.raises(Died):
        await side.ask([b"anything"])
    await side.close()


async def test_it_is_told_nothing_of_our_environment(side: SideProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTROOM_SEALING_KEYS", "a secret")
    names = (await side.ask([b"environment"])).decode().split()
    assert not [name for name in names if name.startswith("POSTROOM")]
    assert "DATABASE_URL" not in names


async def test_it_does_not_outlive_us_when_we_are_killed() -> None:
    ours = (
        "import asyncio, os\nfrom postroom.ground.side_process import SideProcess\n"
        f"async def main():\n    print((await SideProcess({WORK!r}).ask([b'number'])).decode(), flush=True)\n"
        "    await asyncio.sleep(600)\nasyncio.run(main())\n"
    )
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", ours, stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )  # fmt: skip
    assert parent.stdout is not None
    child = int(await parent.stdout.readline())
    parent.kill()
    await parent.wait()
    async with asyncio.timeout(60):
        while _runs(child):
            await asyncio.sleep(0.05)


def _runs(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False

"""Run a program and say what it cost: wall time, its own CPU, the CPU of servers meanwhile, its peak memory."""

import json
import os
import resource
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Cost:
    """What one run cost. Seconds, megabytes. `said` is what the program printed last, as JSON, if it did."""

    wall: float
    cpu: float
    peak_mb: float
    servers: Mapping[str, float]
    said: Mapping[str, float] = field(default_factory=dict)

    def plus(self, other: "Cost") -> "Cost":
        """One after the other."""
        return Cost(
            self.wall + other.wall,
            self.cpu + other.cpu,
            max(self.peak_mb, other.peak_mb),
            {
                name: self.servers.get(name, 0) + other.servers.get(name, 0)
                for name in {**self.servers, **other.servers}
            },
            {**self.said, **other.said},
        )


def run(command: Sequence[str | Path], servers: Mapping[str, int], *, env: Mapping[str, str] | None = None) -> Cost:
    """Run a command to its end. `servers`: master processes whose trees' CPU is counted too, by name.

    Raises RuntimeError with the last words of a command that fails.
    """
    before = {name: tree_cpu(pid) for name, pid in servers.items()}
    begun = time.monotonic()
    child = subprocess.Popen(
        [str(word) for word in command],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env={**os.environ, **(env or {})},
    )  # fmt: skip
    assert child.stdout is not None
    output = child.stdout.read()
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - begun
    if child.returncode != 0:
        raise RuntimeError(f"{command[0]} ended with {child.returncode}: {output[-2000:].decode(errors='replace')}")
    time.sleep(0.15)  # servers reap their children
    after = {name: tree_cpu(pid) - before[name] for name, pid in servers.items()}
    said = _last_json(output)
    peak = float(said.pop("peak_mb", used.ru_maxrss / 1024))
    return Cost(wall, used.ru_utime + used.ru_stime, peak, after, said)


def repeated(count: int, once: Callable[[], Cost]) -> list[Cost]:
    """The same several times."""
    return [once() for _ in range(count)]


def median(costs: Sequence[Cost]) -> Cost:
    """Each figure's median."""
    names = costs[0].servers
    return Cost(
        statistics.median(one.wall for one in costs),
        statistics.median(one.cpu for one in costs),
        statistics.median(one.peak_mb for one in costs),
        {name: statistics.median(one.servers[name] for one in costs) for name in names},
        {name: statistics.median(one.said[name] for one in costs) for name in costs[0].said},
    )


def tree_cpu(master: int) -> float:
    """CPU seconds of a server: its master process, the children it has reaped, and the living ones."""
    total = 0.0
    for pid in [master, *_children(master)]:
        total += _cpu(pid)
    return total


def process_cpu(pid: int) -> float:
    """CPU seconds of one living process."""
    words = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / _TICKS


def peak_mb(pid: int | str = "self") -> float:
    """The most memory a process has had resident, in MB."""
    return _status(pid, "VmHWM")


def peak_mb_beside() -> float:
    """The most memory that one ended child of this process had resident, in MB; 0 where there was none."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def resident_mb(pid: int | str = "self") -> float:
    """The memory a process has resident now, in MB."""
    return _status(pid, "VmRSS")


def _status(pid: int | str, name: str) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / 1024
    raise KeyError(name)


def _children(master: int) -> list[int]:
    found = []
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            try:
                words = (path / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(words[1]) == master:
                found.append(int(path.name))
    return found


def _cpu(pid: int) -> float:
    """Own and reaped children's."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return sum(map(int, words[11:15])) / _TICKS


def _last_json(output: bytes) -> dict[str, float]:
    lines = output.decode(errors="replace").strip().splitlines()
    if lines and lines[-1].startswith("{"):
        said: dict[str, float] = json.loads(lines[-1])
        return said
    return {}

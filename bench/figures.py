"""What was measured, as tables in docs/benchmarks.md: each measurement replaces its own table and leaves the others."""

import json
import os
import platform
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.mailboxes import ROOT, WORK
from bench.meter import Cost

PAGE = ROOT / "docs" / "benchmarks.md"
_BEGIN, _END = "<!-- figures: written by `make bench` -->", "<!-- end of figures -->"


@dataclass(frozen=True)
class Row:
    """One program's line: medians. `servers`: CPU of PostgreSQL and Dovecot meanwhile."""

    who: str
    runs: int
    wall: float
    cpu: float
    servers: dict[str, float]
    peak_mb: float


@dataclass(frozen=True)
class Target:
    """What was wanted of it, and what came out."""

    wanted: str
    found: str
    held: bool


@dataclass(frozen=True)
class Figure:
    """One measurement."""

    name: str
    title: str
    rows: Sequence[Row]
    targets: Sequence[Target]


def row(who: str, costs: Sequence[Cost], middle: Cost) -> Row:
    """A line from several runs and their median."""
    return Row(who, len(costs), middle.wall, middle.cpu, dict(middle.servers), middle.peak_mb)


def ratio(wanted: str, ours: float, theirs: float, most: float) -> Target:
    """`ours` may be at most `most` times `theirs`."""
    found = ours / theirs
    return Target(f"{wanted}: at most {most:g} times", f"{found:.2f} times", found <= most)


def below(wanted: str, figure: float, most: float, unit: str) -> Target:
    """A plain limit."""
    return Target(f"{wanted}: under {most:g} {unit}", f"{figure:.3g} {unit}", figure < most)


def keep(figure: Figure) -> None:
    """Remember the figure, and write the page anew."""
    folder = WORK / "figures"
    folder.mkdir(parents=True, exist_ok=True)
    about = {"when": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC", "load": round(os.getloadavg()[0], 1)}
    (folder / f"{figure.name}.json").write_text(json.dumps({**asdict(figure), **about}))
    tables = [_table(json.loads(path.read_text())) for path in sorted(folder.glob("*.json"))]
    text = PAGE.read_text()
    made = f"{_BEGIN}\n\n{_machine()}\n\n" + "\n\n".join(tables) + f"\n\n{_END}"
    PAGE.write_text(re.sub(re.escape(_BEGIN) + ".*" + re.escape(_END), lambda _: made, text, flags=re.DOTALL))


def show(figure: Figure) -> str:
    """The figure as a table."""
    return _table({**asdict(figure), "when": "", "load": os.getloadavg()[0]})


def _machine() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.partition(":")[2].strip() for line in lines if "model name" in line), platform.machine())
    return f"Machine: {os.cpu_count()} processors ({model}), {platform.system()}, Python {platform.python_version()}."


def _table(figure: dict[str, object]) -> str:
    rows, targets = figure["rows"], figure["targets"]
    assert isinstance(rows, list | tuple) and isinstance(targets, list | tuple)
    lines = [f"### {figure['title']}", ""]
    if rows:
        names = list(dict.fromkeys(name for one in rows for name in one["servers"]))
        lines += [
            "| | runs | wall s | CPU s | " + "".join(f"{name} CPU s | " for name in names) + "peak MB |",
            "|---" * (5 + len(names)) + "|",
        ]
        for one in rows:
            servers = "".join(f"{one['servers'].get(name, 0):.1f} | " for name in names)
            own = f"{one['runs']} | {one['wall']:.1f} | {one['cpu']:.1f}"
            lines.append(f"| {one['who']} | {own} | {servers}{one['peak_mb']:.0f} |")
        lines.append("")
    for one in targets:
        lines.append(f"- {'held' if one['held'] else '**not held**'}: {one['wanted']}; found {one['found']}.")
    lines.append(f"- measured {figure['when']}, load average {figure['load']}.")
    return "\n".join(lines)

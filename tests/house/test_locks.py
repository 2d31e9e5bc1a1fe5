"""The locks hold what pyproject.toml asks for: whoever changes one runs `tools/lock`."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement

from tests.house.sources import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
NEEDED = PROJECT["project"]["dependencies"] + PROJECT["project"]["optional-dependencies"]["embedded"]
NEEDED_BY_DEVELOPERS = PROJECT["dependency-groups"]["dev"]


def pinned(lock: str) -> dict[str, str]:
    text = (ROOT / "requirements" / lock).read_text()
    return dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", text, re.MULTILINE))


@pytest.mark.parametrize(
    ("lock", "needed"), [("run.txt", NEEDED), ("dev.txt", NEEDED + NEEDED_BY_DEVELOPERS)], ids=["run", "dev"]
)
def test_the_lock_holds_what_the_project_asks_for(lock: str, needed: list[str]) -> None:
    versions = pinned(lock)
    for text in needed:
        asked = Requirement(text)
        assert asked.name in versions, f"{asked.name} is not in {lock}"
        assert asked.specifier.contains(versions[asked.name]), f"{text}, but {lock} has {versions[asked.name]}"


def test_both_locks_agree() -> None:
    run, dev = pinned("run.txt"), pinned("dev.txt")
    assert {name: dev.get(name) for name in run} == run

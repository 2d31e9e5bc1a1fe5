"""SPECIFICATION.md tells the truth: every number of the API and of searching has tests, and each named exists."""

import re
from pathlib import Path

from tests.faults.test_coverage import cases_in

HERE = Path(__file__).parent
NUMBERS = [
    *(f"4.{number}" for number in range(1, 7)),
    *(f"5.{number}" for number in range(1, 6)),
    *(f"P{number}" for number in range(1, 11)),
]


def listed() -> dict[str, list[str]]:
    """The tests that the table names for each number."""
    found: dict[str, list[str]] = {}
    number = ""
    for line in (HERE / "SPECIFICATION.md").read_text("utf-8").splitlines():
        if heading := re.match(r"## ([P\d][\d.]*) ", line):
            number = heading[1]
            found[number] = []
        elif test := re.match(r"- `(\S+)`", line):
            found[number].append(test[1])
    return found


def test_every_number_has_tests() -> None:
    assert list(listed()) == NUMBERS
    assert [number for number, tests in listed().items() if not tests] == []


def test_every_test_that_is_named_exists() -> None:
    """Of the page's tests, which are no Python, the file and the words of the test."""
    missing = []
    for one in {test for tests in listed().values() for test in tests}:
        file, _, name = one.partition("::")
        path = HERE / file
        is_there = path.exists() and (
            name in cases_in(path) if file.endswith(".py") else name.replace("_", " ") in path.read_text("utf-8")
        )
        if not is_there:
            missing.append(one)
    assert missing == []

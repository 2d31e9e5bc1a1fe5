"""COVERAGE.md tells the truth: every line has its place, and every test that it names is there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
LINES = range(1, 68)
NOT_BUILT = {54, 55}


def named() -> dict[int, list[str]]:
    """The tests that COVERAGE.md names for each line."""
    found: dict[int, list[str]] = {}
    number = 0
    for line in (HERE / "COVERAGE.md").read_text("utf-8").splitlines():
        if heading := re.match(r"## (\d+)\. ", line):
            number = int(heading[1])
            found[number] = []
        elif test := re.match(r"- `(\S+::\w+)`", line):
            found[number].append(test[1])
    return found


def cases_in(file: Path) -> dict[str, str]:
    """A file's tests and their docstrings."""
    tree = ast.parse(file.read_text("utf-8"))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return {one.name: ast.get_docstring(one) or "" for one in functions if one.name.startswith("test_")}


def own_tests() -> Iterator[tuple[str, list[int]]]:
    """The tests of this folder with the lines that their docstrings give."""
    for file in sorted(HERE.glob("test_*.py")):
        for name, text in cases_in(file).items():
            if file != Path(__file__):
                yield f"{file.name}::{name}", [int(number) for number in re.findall(r"\d+", text.partition(":")[0])]


def test_every_line_has_tests_or_says_why_not() -> None:
    assert list(named()) == list(LINES)
    assert {number for number, tests in named().items() if not tests} == NOT_BUILT


def test_every_test_that_is_named_exists() -> None:
    missing = []
    for tests in named().values():
        for one in tests:
            file, _, name = one.partition("::")
            path = HERE / file
            if not path.exists() or name not in cases_in(path):
                missing.append(one)
    assert missing == []


def test_every_test_here_gives_its_lines_and_is_named_under_them() -> None:
    listed = named()
    for test, numbers in own_tests():
        assert numbers, f"{test} names no line"
        for number in numbers:
            assert test in listed[number], f"{test} is not named under {number}"

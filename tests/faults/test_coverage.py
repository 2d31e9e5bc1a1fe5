"""The lists here and that of the page tell the truth: every line has its place, every test that is named is there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
COVERAGE, SPECIFICATION, BULK, ACCOUNTS = "COVERAGE.md", "SPECIFICATION.md", "BULK.md", "ACCOUNTS.md"
PAGE = "../page/SPECIFICATION.md"
LINES = [str(number) for number in range(1, 95)]
NOT_BUILT = {"71", "85", "92", "93", "94"}
NUMBERS = [
    *(f"1.{number}" for number in range(1, 15)),
    *(f"2.{number}" for number in range(1, 17)),
    *("3.3", "3.4", "3.6", "3.7"),
    *(f"6.{number}" for number in range(1, 12)),
    *("8.1", "8.4"),
]
PARTS_OF_THE_PAGE = {
    "11": 2,
    "1": 8,
    "2": 3,
    "3": 8,
    "4": 2,
    "5": 3,
    "6": 2,
    "7": 2,
    "8": 2,
    "9": 5,
    "10": 1,
    "12": 2,
    "13": 1,
}
MEASURED = {"3.8", "12.1"}


def named(table: str) -> dict[str, list[str]]:
    """The tests that a table names for each line."""
    found: dict[str, list[str]] = {}
    number = ""
    for line in (HERE / table).read_text("utf-8").splitlines():
        if heading := re.match(r"## ([\d.]*\d)\.? ", line):
            number = heading[1]
            found[number] = []
        elif test := re.match(r"- `(\S+\.(?:py::\w+|tsx?::.+))`$", line):
            found[number].append(test[1])
    return found


def cases_in(file: Path) -> dict[str, str]:
    """A file's tests and their docstrings."""
    tree = ast.parse(file.read_text("utf-8"))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return {one.name: ast.get_docstring(one) or "" for one in functions if one.name.startswith("test_")}


def exists(test: str, folder: Path) -> bool:
    """Whether a test is where a table says: in Python by its name, on the page by its title as it is written there."""
    file, _, name = test.partition("::")
    path = folder / file
    if not path.exists():
        return False
    if path.suffix == ".py":
        return name in cases_in(path)
    titles = re.findall(
        r"""^\s*test\((?:'((?:[^'\\\n]|\\.)+)'|"([^"\n]+)"|`([^`\n]+)`), """, path.read_text("utf-8"), re.M
    )
    return any(name == "".join(title).replace("\\'", "'") for title in titles)


def own_tests() -> Iterator[tuple[str, list[str]]]:
    """The tests of this folder with the lines that their docstrings give."""
    for file in sorted(HERE.glob("test_*.py")):
        for name, text in cases_in(file).items():
            if file != Path(__file__):
                yield f"{file.name}::{name}", re.findall(r"\d+", text.partition(":")[0])


def test_every_line_has_tests_or_says_why_not() -> None:
    listed = named(COVERAGE)
    assert list(listed) == LINES
    assert {number for number, tests in listed.items() if not tests} == NOT_BUILT


def test_every_number_of_the_specification_has_tests() -> None:
    listed = named(SPECIFICATION)
    assert list(listed) == NUMBERS
    assert [number for number, tests in listed.items() if not tests] == []


def test_every_promise_of_bulk_email_has_tests() -> None:
    listed = named(BULK)
    assert list(listed) == [str(number) for number in range(1, 16)]
    assert [number for number, tests in listed.items() if not tests] == []


def test_every_line_about_accounts_has_tests() -> None:
    listed = named(ACCOUNTS)
    assert list(listed) == [str(number) for number in range(1, 19)]
    assert [number for number, tests in listed.items() if not tests] == []


def test_every_line_about_the_page_has_tests_or_says_why_not() -> None:
    listed = named(PAGE)
    assert list(listed) == [
        f"{line}.{part}" for line, parts in PARTS_OF_THE_PAGE.items() for part in range(1, parts + 1)
    ]
    assert {number for number, tests in listed.items() if not tests} == MEASURED


def test_every_test_that_is_named_exists() -> None:
    missing = [
        one
        for table in (COVERAGE, SPECIFICATION, BULK, ACCOUNTS, PAGE)
        for tests in named(table).values()
        for one in tests
        if not exists(one, (HERE / table).parent)
    ]
    assert missing == []


def test_every_test_here_gives_its_lines_and_is_named_under_them() -> None:
    listed = named(COVERAGE)
    for test, numbers in own_tests():
        assert numbers, f"{test} names no line"
        for number in numbers:
            assert test in listed[number], f"{test} is not named under {number}"

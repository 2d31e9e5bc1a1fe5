"""How files and functions are written: STYLE.md, "Files" and "Functions and names"."""

import ast
import json
import re

from tests.house.sources import PACKAGE, ROOT, Source, all_sources, functions, package_sources, tracked_files

LONGEST_FILE = 400
LONGEST_FUNCTION = 40
MOST_PARAMETERS = 4
PLACE = ("self", "cls", "tools", "tx", "organization_id")

BANNED_NAMES = {
    "util", "utils", "helper", "helpers", "common", "misc", "base", "core", "manager", "managers", "service", "handler",
    "handlers", "processor", "processors",
}  # fmt: skip

TIME_SOURCES = {
    ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time"),
    ("time", "time_ns"), ("time", "monotonic"), ("time", "monotonic_ns"), ("time", "perf_counter"),
    ("time", "localtime"), ("time", "gmtime"),
}  # fmt: skip
MAY_TELL_TIME = {"ground/clock.py", "ground/ids.py"}  # ids hold the time as an order
MAY_READ_ENVIRONMENT = {"ground/config.py"}

Call = tuple[str, str]


def inside(source: Source) -> str:
    return source.path.relative_to(PACKAGE).as_posix()


def used_attributes(source: Source) -> set[Call]:
    """Every `name.attribute` in a file, and every name that `from module import name` brings."""
    found: set[Call] = set()
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
            found.add((owner, node.attr))
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {(node.module, alias.name) for alias in node.names}
    return found


def test_every_file_says_first_what_it_is_for() -> None:
    silent = [source.name for source in all_sources() if source.tree.body and not ast.get_docstring(source.tree)]
    assert silent == []


def test_no_file_is_longer_than_400_lines() -> None:
    long = [f"{source.name}: {count}" for source in all_sources() if (count := source.text.count("\n")) > LONGEST_FILE]
    assert long == []


def test_no_function_is_longer_than_40_lines() -> None:
    long = [
        f"{source.name}:{function.lineno} {function.name}: {count}"
        for source in package_sources()
        for function in functions(source.tree)
        if (count := (function.end_lineno or 0) - function.lineno + 1) > LONGEST_FUNCTION
    ]
    assert long == []


def test_no_function_takes_more_than_four_parameters() -> None:
    """Keyword-only ones count too; where and for whom it acts (object, tools, transaction, organization) does not."""
    wide = []
    for source in package_sources():
        for function in functions(source.tree):
            taken = function.args
            names = [one.arg for one in (*taken.posonlyargs, *taken.args, *taken.kwonlyargs)]
            if len([name for name in names if name not in PLACE]) > MOST_PARAMETERS:
                wide.append(f"{source.name}:{function.lineno} {function.name}: {', '.join(names)}")
    assert wide == []


def test_no_file_or_class_has_a_name_that_says_nothing() -> None:
    empty = []
    for source in all_sources():
        words = set(re.split(r"[_/.]", source.path.relative_to(ROOT).as_posix()))
        classes = [node.name for node in ast.walk(source.tree) if isinstance(node, ast.ClassDef)]
        words |= {word.lower() for name in classes for word in re.findall(r"[A-Z][a-z0-9]*", name)}
        empty += [f"{source.name}: {word}" for word in sorted(words & BANNED_NAMES)]
    assert empty == []


def test_only_config_reads_the_environment() -> None:
    readers = [
        source.name
        for source in package_sources()
        if inside(source) not in MAY_READ_ENVIRONMENT
        and used_attributes(source) & {("os", "environ"), ("os", "getenv"), ("os", "environb")}
    ]
    assert readers == []


def test_only_the_clock_tells_the_time() -> None:
    tellers = [
        f"{source.name}: {'.'.join(call)}"
        for source in package_sources()
        if inside(source) not in MAY_TELL_TIME
        for call in sorted(used_attributes(source) & TIME_SOURCES)
    ]
    assert tellers == []


def test_broad_except_stands_only_in_doors() -> None:
    """Elsewhere it may clean up and raise again, no more."""
    swallowers = [
        f"{source.name}:{node.lineno}"
        for source in package_sources()
        if source.floor != "doors"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ExceptHandler) and is_broad(node.type) and not isinstance(node.body[-1], ast.Raise)
    ]
    assert swallowers == []


def is_broad(caught: ast.expr | None) -> bool:
    if isinstance(caught, ast.Tuple):
        return any(is_broad(one) for one in caught.elts)
    return caught is None or (isinstance(caught, ast.Name) and caught.id in ("Exception", "BaseException"))


def test_nothing_is_left_to_do_later() -> None:
    marks = re.compile(r"#.*\b(TODO|FIXME|XXX|HACK)\b")
    left = [
        source.name for source in all_sources() if source.path.name != "test_files.py" and marks.search(source.text)
    ]
    assert left == []


def test_no_file_names_a_registry_or_this_machine() -> None:
    """A checkout works behind any mirror and at any place."""
    registries = "|".join(("registry[.]npm" + "js", "npm" + "js[.]org/", "pypi[.]" + "org", "python" + "hosted[.]org"))
    machine = "|".join(("/wo" + "rk/", "/ro" + "ot/"))
    foreign = re.compile(rf"{registries}|(?<![\w./-])(?:{machine})")
    found = []
    for path in tracked_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if match := foreign.search(text):
            found.append(f"{path.relative_to(ROOT)}: {match[0]}")
    assert found == []


def test_lock_files_name_versions_and_hashes_but_no_address() -> None:
    locks = [path for path in tracked_files() if path.parent.name == "requirements" and path.suffix == ".txt"]
    assert {path.name for path in locks} >= {"run.txt", "dev.txt"}
    for path in locks:
        text = path.read_text()
        assert "://" not in text, path
        assert "--hash=sha256:" in text, path
        assert "-i " not in text, path
    for path in tracked_files():
        if path.name == "package-lock.json":
            packages = json.loads(path.read_text())["packages"].values()
            assert not [one["resolved"] for one in packages if "://" in one.get("resolved", "")], path

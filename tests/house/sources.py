"""The project's own files, as the house rules look at them: parsed Python, SQL texts, tracked text files."""

import ast
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PACKAGE = ROOT / "src" / "postroom"

_SQL_START = re.compile(r"\s*(select|insert\s+into|update|delete\s+from|copy|with|truncate)\s", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Source:
    """One Python file."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        """The path from the project's root, as a person names it."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def floor(self) -> str:
        """The folder right below the package: doors, journeys, views, rooms, wire, ground."""
        return self.path.relative_to(PACKAGE).parts[0]


@dataclass(frozen=True, slots=True)
class Statement:
    """One SQL statement in a Python file."""

    source: Source
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.source.name}:{self.line}: {' '.join(self.text.split())[:90]}"


@lru_cache(maxsize=1)
def package_sources() -> tuple[Source, ...]:
    """Every Python file of the package."""
    return tuple(_parse(path) for path in sorted(PACKAGE.rglob("*.py")) if path.exists())


@lru_cache(maxsize=1)
def all_sources() -> tuple[Source, ...]:
    """Every Python file of the project: package, tests, tools, bench, demo."""
    folders = (folder for name in ("tests", "tools", "bench", "demo") if (folder := ROOT / name).is_dir())
    paths = sorted(path for folder in folders for path in folder.rglob("*.py") if "work" not in path.parts[-3:])
    return package_sources() + tuple(_parse(path) for path in paths)


@lru_cache(maxsize=1)
def tracked_files() -> tuple[Path, ...]:
    """Every file that git knows or would add."""
    listing = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, check=True,
    ).stdout  # fmt: skip
    return tuple(path for name in listing.decode().split("\0") if name and (path := ROOT / name).is_file())


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method, nested ones too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def statements(source: Source) -> Iterator[Statement]:
    """The SQL statements that stand in a file as texts, with the module's constants put in for their names."""
    constants = _text_constants(source.tree)
    inner = {id(part) for node in ast.walk(source.tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    for node in ast.walk(source.tree):
        text = None
        if isinstance(node, ast.JoinedStr):
            text = _text_of(node, constants)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inner:
            text = node.value
        if text is not None and _SQL_START.match(text) and "\n\n" not in text:
            yield Statement(source, node.lineno, text)


def _parse(path: Path) -> Source:
    text = path.read_text(encoding="utf-8")
    return Source(path, text, ast.parse(text, str(path)))


def _text_constants(tree: ast.Module) -> dict[str, str]:
    """Module-level names whose value is one text."""
    found: dict[str, str] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            value = _text_of(node.value, found)
            if value is not None:
                found[node.targets[0].id] = value
    return found


def _text_of(node: ast.expr, constants: dict[str, str]) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.Name):
        return constants.get(node.id)
    if isinstance(node, ast.JoinedStr):
        return "".join(_text_of(part, constants) or "…" for part in node.values)
    if isinstance(node, ast.FormattedValue):
        return _text_of(node.value, constants)
    return None

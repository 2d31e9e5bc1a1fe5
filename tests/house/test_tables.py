"""Who writes which table, and that every query of an organization's table names the organization."""

import ast
import re

from tests.house.sources import PACKAGE, Source, Statement, package_sources, statements

WRITE = re.compile(
    r"\b(?:insert\s+into|delete\s+from|truncate(?:\s+table)?|copy)\s+([a-z_][a-z0-9_]*)"
    r"|\bupdate\s+([a-z_][a-z0-9_]*)(?:\s+(?:as\s+)?(?!set\b)[a-z_]\w*)?\s+set\b",
    re.IGNORECASE,
)
CREATE = re.compile(r"^create table (?:if not exists )?(\w+) \((.*?)^\)", re.IGNORECASE | re.MULTILINE | re.DOTALL)

BEFORE_THE_ORGANIZATION_IS_KNOWN = {
    "rooms/users/store.py": "a session, an API key and a password are looked up to find the organization",
    "rooms/mailbox/lease_store.py": "a listening process takes and gives back the accounts of all organizations",
    "ground/events.py": "numbers of events are the installation's",
    "ground/database.py": "the table of migrations",
}
"""Files whose queries may span organizations, and why. Each such statement there still is the exception."""


def tables_in_migrations() -> dict[str, bool]:
    """Each table, and whether its rows belong to an organization."""
    found: dict[str, bool] = {}
    for path in sorted((PACKAGE / "migrations").glob("*.sql")):
        for name, columns in CREATE.findall(path.read_text()):
            found[name] = "organization_id" in columns
    return found


def owners() -> dict[str, str]:
    """Each table, and the folder or file that lists it in TABLES."""
    found: dict[str, str] = {}
    for source in package_sources():
        for node in source.tree.body:
            if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["TABLES"]:
                for table in ast.literal_eval(node.value):
                    assert table not in found, f"{table} is listed by {found[table]} and by {source.name}"
                    found[table] = owner_of(source)
    return found


def owner_of(source: Source) -> str:
    """`rooms/emails` for a room that is a folder; else the file."""
    inside = source.path.relative_to(PACKAGE)
    if inside.parts[0] == "rooms" and len(inside.parts) > 2:
        return "/".join(inside.parts[:2])
    return inside.as_posix()


def written(statement: Statement) -> set[str]:
    return {(first or second).lower() for first, second in WRITE.findall(statement.text)}


def mentioned(statement: Statement, tables: set[str]) -> set[str]:
    """Tables in the places where SQL names tables."""
    named = re.findall(r"\b(?:from|join|into|update|copy|using|,)\s+([a-z_]\w*)", statement.text, re.IGNORECASE)
    return {name.lower() for name in named} & tables


def names_organization(statement: Statement) -> bool:
    """Whether it does, or is a piece (no condition of its own, or one put in) of statements of a file that does."""
    if "organization_id" in statement.text:
        return True
    is_piece = "…" in statement.text or " where " not in statement.text.lower()
    return is_piece and re.search(r'organization_id( = %|", organization_id\))', statement.source.text) is not None


def all_statements() -> list[Statement]:
    return [statement for source in package_sources() for statement in statements(source)]


def test_every_owned_table_exists() -> None:
    tables = set(tables_in_migrations())
    assert len(tables) > 10
    assert sorted(set(owners()) - tables) == []


def test_a_table_is_written_by_its_owner_alone() -> None:
    belongs, tables = owners(), set(tables_in_migrations())
    strangers = [
        f"{statement} (writes {table} of {belongs.get(table)})"
        for statement in all_statements()
        for table in sorted(written(statement) & tables)
        if belongs.get(table) != owner_of(statement.source)
    ]
    assert strangers == []


def test_every_query_of_an_organizations_table_names_the_organization() -> None:
    of_organizations = {name for name, has_organization in tables_in_migrations().items() if has_organization}
    without = [
        str(statement)
        for statement in all_statements()
        if mentioned(statement, of_organizations)
        and not names_organization(statement)
        and statement.source.path.relative_to(PACKAGE).as_posix() not in BEFORE_THE_ORGANIZATION_IS_KNOWN
    ]
    assert without == []


def test_keys_of_an_organizations_table_start_with_the_organization() -> None:
    """Primary, unique and foreign keys: then rows can be spread over machines by organization."""
    wrong = []
    for path in sorted((PACKAGE / "migrations").glob("*.sql")):
        for name, columns in CREATE.findall(path.read_text()):
            if "organization_id" not in columns:
                continue
            keys = re.findall(r"(?:primary key|unique|foreign key)\s*\(\s*(\w+)", columns, re.IGNORECASE)
            wrong += [f"{name}: key on {first}" for first in keys if first != "organization_id"]
            wrong += [f"{name}: no primary key of its own line" for _ in [0] if "primary key (" not in columns.lower()]
            inline = re.findall(r"^\s+(\w+)[^\n]*\b(?:primary key|unique)\b(?!\s*\()", columns, re.MULTILINE)
            wrong += [f"{name}: {column} alone is a key" for column in inline]
    assert wrong == []


def test_unique_indexes_of_an_organizations_table_start_with_the_organization() -> None:
    of_organizations = {name for name, has_organization in tables_in_migrations().items() if has_organization}
    index = re.compile(r"create unique index \w+\s+on (\w+)\s*(?:using \w+\s*)?\(\s*(\w+)", re.IGNORECASE)
    wrong = [
        f"{path.name}: unique index on {table} ({first}"
        for path in sorted((PACKAGE / "migrations").glob("*.sql"))
        for table, first in index.findall(path.read_text())
        if table in of_organizations and first != "organization_id"
    ]
    assert wrong == []


def test_no_two_migrations_have_one_number() -> None:
    """Two people who write one at the same time see it here, not at the first start of an installation."""
    numbers = [path.name[:4] for path in (PACKAGE / "migrations").glob("*.sql")]
    assert sorted(numbers) == sorted(set(numbers))

"""Import rules that depend on what a file is called, beside the contracts of `.importlinter`."""

from functools import lru_cache

import grimp

GROUND_OF_ACTION = [f"postroom.ground.{name}" for name in ("clock", "config", "database", "jobs")]

HOLD_QUERIES = ("store", "tables", "address_book")
"""Files of a room that are not rules, by the last word of their name."""


@lru_cache(maxsize=1)
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("postroom", include_external_packages=True, exclude_type_checking_imports=True)


def holds_queries(module: str) -> bool:
    name = module.rpartition(".")[2]
    return name in HOLD_QUERIES or name.endswith(("_store", "_tables"))


def rules() -> list[str]:
    """Rule files: in a room that is a folder, all but those with queries; all of wire.mime."""
    found = []
    for module in graph().modules:
        parts = module.split(".")
        if (parts[:2] == ["postroom", "rooms"] and len(parts) > 3 and not holds_queries(module)) or parts[:3] == [
            "postroom",
            "wire",
            "mime",
        ]:
            found.append(module)
    return sorted(found)


def test_rules_reach_no_database_clock_config_or_jobs() -> None:
    """`now` and facts come in as arguments, so that a rule can be tested with a table of cases."""
    reaching = []
    for rule in rules():
        for ground in GROUND_OF_ACTION:
            chain = graph().find_shortest_chain(importer=rule, imported=ground)
            if chain:
                reaching.append(" > ".join(chain))
    assert reaching == []


def test_rules_import_no_sql() -> None:
    importers = graph().find_modules_that_directly_import("psycopg")
    assert sorted(importers & set(rules())) == []


def test_sql_stands_in_stores_views_and_ground_alone() -> None:
    allowed = ("postroom.views.", "postroom.ground.")
    importers = graph().find_modules_that_directly_import("psycopg")
    stray = [
        module
        for module in sorted(importers)
        if not module.startswith(allowed)
        and not (module.startswith("postroom.rooms.") and (holds_queries(module) or module.count(".") == 2))
    ]
    assert stray == []


def test_a_rooms_tables_are_imported_by_its_own_stores_and_by_views() -> None:
    strangers = []
    for tables in sorted(graph().modules):
        if not (tables.startswith("postroom.rooms.") and tables.endswith(".tables")):
            continue
        room = tables.removesuffix("tables")
        for importer in sorted(graph().find_modules_that_directly_import(tables)):
            own = importer.startswith(room) and holds_queries(importer)
            if not own and not importer.startswith("postroom.views"):
                strangers.append(f"{importer} imports {tables}")
    assert strangers == []


def test_rooms_know_of_the_wire_only_values() -> None:
    """Of IMAP, SMTP and OAuth a room or view may know `types`, never a connection."""
    strangers = []
    for module in sorted(graph().modules):
        if module.startswith(("postroom.rooms", "postroom.views")):
            for imported in sorted(graph().find_modules_directly_imported_by(module)):
                parts = imported.split(".")
                if parts[:2] == ["postroom", "wire"] and parts[2:3] != ["mime"] and parts[-1] != "types":
                    strangers.append(f"{module} imports {imported}")
    assert strangers == []


def test_journeys_do_not_call_journeys() -> None:
    """They share `steps`, which know no journey; so the order of events stands in one place."""
    shared = ("steps", "jobs", "tools")
    journeys = {one for one in graph().find_children("postroom.journeys") if one.rpartition(".")[2] not in shared}
    strangers = [
        f"{importer} imports {journey}"
        for journey in sorted(journeys)
        for importer in sorted(graph().find_modules_that_directly_import(journey))
        if importer.startswith("postroom.journeys.") and not importer.startswith(f"{journey}.")
    ]
    assert strangers == []

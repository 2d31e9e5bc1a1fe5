"""Structured searches, the JSON of `/data/search/` and of Smart Views' `s_query`, to the tree and back. Pure.

Keys that are not known are passed over, as Close does; a node or condition that is not known is a mistake.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from postroom.ground.errors import Invalid
from postroom.rooms.smart_views.structured_conditions import begun, condition_from, condition_to, stretch_from
from postroom.rooms.smart_views.tree import (
    DEEPEST,
    MOST_LEAVES,
    And,
    Everything,
    Exists,
    Field,
    Holds,
    InView,
    Mode,
    Node,
    Not,
    OneOf,
    Or,
    Query,
    Related,
    Slice,
    SortKey,
    Word,
    Words,
    opposite,
    thing_named,
    walk,
)

MOST_SORT_KEYS = 3
MOST_RESULTS = 10_000
MOST_PARTS = 9_999


def query_from(envelope: Mapping[str, Any], kind: str = "") -> Query:
    """A search as posted: `query`, `sort`, `results_limit` (or `limit`); or the tree alone. Raises Invalid.

    `kind` is what is looked for where no node says so: Close's own `All Leads` is nothing but a match_all.
    """
    if "query" not in envelope and isinstance(envelope.get("queries"), list):
        envelope = {"query": envelope}
    tree = envelope.get("query")
    if not isinstance(tree, Mapping):
        raise Invalid(field_errors={"query": "A query is an object with a type."})
    if _depth(tree) > DEEPEST * 3:
        raise Invalid(field_errors={"query": "The query is nested too deeply."})
    kinds: list[str] = []
    where = _node(tree, kinds)
    if not kinds and envelope.get("object_type") is not None:  # some programs name it beside the query
        kinds.append(_kind(envelope["object_type"]))
    if not kinds and (implied := kind or _implied(tree) or ("lead" if view_alone(tree) else "")):
        kinds.append(implied)
    if not kinds:
        raise Invalid(field_errors={"query": "The query must say what is looked for: a node object_type."})
    if sum(1 for _ in walk(where)) > MOST_LEAVES:
        raise Invalid(field_errors={"query": "The query has too many parts."})
    limit = envelope.get("results_limit") or envelope.get("limit")
    if limit is not None and (not isinstance(limit, int) or isinstance(limit, bool) or limit < 1):
        raise Invalid(field_errors={"results_limit": "This must be a whole number above zero."})
    return Query(where, kinds[0], _sort(envelope.get("sort")), limit, _slice(envelope.get("slice")))


def view_alone(tree: Any) -> str:
    """The Smart View that a search names without saying what it looks for, so that it is what that one finds; "" where
    there is none."""
    nodes = list(_outermost(tree))
    if any(node.get("type") == "object_type" for node in nodes):
        return ""
    named = (node.get("saved_search_id") for node in nodes if node.get("type") == "saved_search")
    return next((one for one in named if isinstance(one, str)), "")


def _implied(tree: Any) -> str:
    """What the fields of a search are those of, where no node object_type says it."""
    for node in _outermost(tree):
        field = node.get("field")
        named = field.get("object_type") if isinstance(field, Mapping) else node.get("this_object_type")
        if isinstance(named, str) and named:
            return _kind(named)
    return ""


def _outermost(tree: Any) -> Iterator[Mapping[str, Any]]:
    """The nodes that are about the thing itself that is looked for."""
    waiting = [tree]
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, Mapping):
            yield node
            queries = node.get("queries")
            waiting.extend(queries if isinstance(queries, list) else ())


def query_to(query: Query) -> dict[str, Any]:
    """The search as JSON: `query`, `results_limit`, `sort`, and `slice` where it has one. Raises Invalid for what only
    text can say."""
    part = {"slice": {"part": query.slice.part, "parts": query.slice.parts}} if query.slice else {}
    root = {"type": "object_type", "object_type": outside_name(query.kind)}
    return {
        "query": {"type": "and", "queries": [root, _json(query.where, query.kind)]},
        "results_limit": query.limit,
        "sort": [
            {"direction": "desc" if key.descending else "asc", "field": _field_json(key.field, query.kind)}
            for key in query.sort
        ],
        **part,
    }


_OUTSIDE = {"email": "activity.email", "email_thread": "activity.email_thread",
            "call": "activity.call", "sms": "activity.sms", "note": "activity.note",
            "meeting": "activity.meeting", "custom_activity": "activity.custom_activity",
            "lead_status_change": "activity.lead_status_change",
            "status_change": "activity.opportunity_status_change", "task_completed": "activity.task_completed",
            "created_activity": "activity.created", "lead_merge": "activity.lead_merge",
            "whatsapp_message": "activity.whatsapp_message",
            "form_submission": "activity.form_submission"}  # fmt: skip
_INSIDE = {
    **{name: kind for kind, name in _OUTSIDE.items()},
    "activity.emailthread": "email_thread",
    "activity.status_change.lead": "lead_status_change",
    "activity.status_change.opportunity": "status_change",
}


def outside_name(kind: str) -> str:
    """What the API calls a kind of thing: `email` is `activity.email`."""
    return _OUTSIDE.get(kind, kind)


def _depth(tree: Any) -> int:
    deepest, waiting = 0, [(tree, 1)]
    while waiting:
        one, depth = waiting.pop()
        deepest = max(deepest, depth)
        if deepest > DEEPEST * 3:
            break
        if isinstance(one, Mapping):
            waiting.extend((value, depth + 1) for value in one.values())
        elif isinstance(one, list):
            waiting.extend((value, depth + 1) for value in one)
    return deepest


def _node(tree: Any, kinds: list[str]) -> Node:
    """One node; an object_type is noted in `kinds` and asks nothing of its own."""
    if not isinstance(tree, Mapping) or not isinstance(tree.get("type"), str):
        raise Invalid(field_errors={"query": "Every part of a query is an object with a type."})
    read = _READERS.get(tree["type"])
    if read is None:
        raise Invalid(field_errors={"query": f"There is no query type {tree['type']!r}."})
    node = read(tree, kinds)
    return opposite(node) if tree.get("negate") is True else node


def _both(tree: Mapping[str, Any], kinds: list[str]) -> Node:
    nodes = tuple(_node(one, kinds) for one in _queries(tree))
    asking = tuple(node for node in nodes if not isinstance(node, Everything))
    return asking[0] if len(asking) == 1 else And(asking) if asking else Everything()


def _either(tree: Mapping[str, Any], kinds: list[str]) -> Node:
    nodes = tuple(_node(one, kinds) for one in _queries(tree))
    return nodes[0] if len(nodes) == 1 else Or(nodes) if nodes else Everything()


def _queries(tree: Mapping[str, Any]) -> Sequence[Any]:
    queries = tree.get("queries")
    if not isinstance(queries, list):
        raise Invalid(field_errors={"query": f"A node {tree['type']!r} needs a list of queries."})
    return queries


def _object_type(tree: Mapping[str, Any], kinds: list[str]) -> Node:
    kinds.append(_kind(tree.get("object_type")))
    return Everything()


def _related(tree: Mapping[str, Any], _kinds: list[str]) -> Node:
    return Related(_kind(tree.get("related_object_type")), _node(tree.get("related_query") or _ALL, []))


def _holds(tree: Mapping[str, Any], _kinds: list[str]) -> Node:
    return Holds(_field(tree.get("field")), condition_from(tree.get("condition")))


def _words(tree: Mapping[str, Any], _kinds: list[str]) -> Node:
    mode, value = tree.get("mode", Mode.FULL_WORDS.value), tree.get("value")
    if mode not in (*Mode,) or not isinstance(value, str):
        raise Invalid(field_errors={"query": "A text query needs a mode and a value."})
    # There is no one text to be exactly this; the nearest is that all of it stands somewhere as it is.
    words = Words(Mode.PHRASE if mode == Mode.EXACT_VALUE else Mode(mode), value)
    return thing_named(value.strip()) or words


def _in_view(tree: Mapping[str, Any], _kinds: list[str]) -> Node:
    return InView(_text_of(tree, "saved_search_id"))


def _id(tree: Mapping[str, Any], _kinds: list[str]) -> Node:
    return Holds(Field("id"), OneOf((Word(_text_of(tree, "value")),)))


def _in_status(tree: Mapping[str, Any], _kinds: list[str]) -> Node:
    """Whether it had one of these statuses at some moment of a time."""
    ids = tree.get("status_ids")
    if not isinstance(ids, list) or not ids:
        raise Invalid(field_errors={"query": "A node in_status needs a list of status_ids."})
    had: Node = Holds(Field("status"), condition_from({"type": "term", "values": ids}))
    stretch = stretch_from(tree)
    return Related("status", And((had, Holds(Field("on"), stretch))) if stretch else had)


def _everything(_tree: Mapping[str, Any], _kinds: list[str]) -> Node:
    return Everything()


_ALL = {"type": "match_all"}
_READERS = {
    "and": _both,
    "or": _either,
    "object_type": _object_type,
    "has_related": _related,
    "field_condition": _holds,
    "text": _words,
    "saved_search": _in_view,
    "in_status": _in_status,
    "id": _id,
    "match_all": _everything,
}


def _kind(name: Any) -> str:
    if not isinstance(name, str) or not name:
        raise Invalid(field_errors={"query": "An object type is a name as lead, contact or activity.email."})
    return _INSIDE.get(name, name)


def _field(field: Any) -> Field:
    if not isinstance(field, Mapping):
        raise Invalid(field_errors={"query": "A field is an object with a type."})
    if field.get("type") == "custom_field":
        return Field(_text_of(field, "custom_field_id"), is_custom=True)
    name = _text_of(field, "field_name")
    return Field(name, is_quoted=field.get("may_be_custom") is True or not _REGULAR.fullmatch(name))


_REGULAR = re.compile(r"[a-z0-9_.]+", re.ASCII)
"""Close's own fields are all named so; under another name it can only be one of the organization's."""


def _text_of(tree: Mapping[str, Any], key: str) -> str:
    value = tree.get(key)
    if not isinstance(value, str) or not value:
        raise Invalid(field_errors={"query": f"{key} is missing in a part of the query."})
    return value


def _sort(keys: Any) -> tuple[SortKey, ...]:
    if not keys:
        return ()
    if not isinstance(keys, list) or len(keys) > MOST_SORT_KEYS or not all(isinstance(key, Mapping) for key in keys):
        raise Invalid(field_errors={"sort": f"This is a list of at most {MOST_SORT_KEYS} fields with a direction."})
    return tuple(SortKey(_field(key.get("field")), key.get("direction") == "desc") for key in keys)


def _slice(tree: Any) -> Slice | None:
    """Ours, as `slice:2/5` in the text language."""
    if not tree:
        return None
    found = (tree.get("part"), tree.get("parts")) if isinstance(tree, Mapping) else (None, None)
    part, parts = (one if isinstance(one, int) and not isinstance(one, bool) else 0 for one in found)
    if not 1 <= part <= parts <= MOST_PARTS:
        raise Invalid(field_errors={"slice": "This takes a part and the number of parts."})
    return Slice(part, parts)


# ── back ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _json(node: Node, kind: str) -> dict[str, Any]:
    if isinstance(node, Not):
        inner = _json(node.node, kind)
        return {"type": "and", "queries": [inner], "negate": True} if inner.get("negate") else {**inner, "negate": True}
    if isinstance(node, And | Or):
        name = "and" if isinstance(node, And) else "or"
        return {"type": name, "queries": [_json(one, kind) for one in node.nodes]}
    if isinstance(node, Related):
        return {
            "type": "has_related",
            "this_object_type": outside_name(kind),
            "related_object_type": outside_name(node.kind),
            "related_query": _json(node.inside, node.kind),
        }
    return _leaf_json(node, kind)


def _leaf_json(node: Everything | Words | Holds | InView, kind: str) -> dict[str, Any]:
    if isinstance(node, Everything):
        return dict(_ALL)
    if isinstance(node, Words):
        mode, text = begun(node.mode, node.text)
        return {"type": "text", "mode": mode.value, "value": text}
    if isinstance(node, InView):
        return {"type": "saved_search", "saved_search_id": node.view}
    return {
        "type": "field_condition",
        "field": _field_json(node.field, kind),
        "condition": {"type": "exists"} if isinstance(node.condition, Exists) else condition_to(node.condition),
    }


def _field_json(field: Field, kind: str) -> dict[str, Any]:
    if field.is_custom:
        return {"type": "custom_field", "custom_field_id": field.name}
    named = {"type": "regular_field", "object_type": outside_name(kind), "field_name": field.name}
    return {**named, "may_be_custom": True} if field.is_quoted else named

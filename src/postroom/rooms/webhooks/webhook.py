"""A webhook: which events it wants, what is signed, and when it is tried again or paused. Rules alone.

Filters, the signature and the limits are Close's (developer.close.com, topics/webhooks and webhook-filters).
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from postroom.ground.errors import Invalid

MOST_WEBHOOKS = 40
"""In one organization (Close)."""
MOST_WAITING = 100_000
FAILING_FOR = timedelta(hours=72)
"""After so long, or with so many events waiting, a webhook is paused (Close)."""
LONGEST_PAUSE = timedelta(minutes=20)
FIRST_PAUSE = timedelta(seconds=5)
MOST_DEPTH = 20
MOST_NODES = 200

Event = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A kind of event that a webhook wants. `extra_filter` narrows it by what the event holds."""

    object_type: str
    action: str
    extra_filter: Mapping[str, Any] | None = None

    def takes(self, event: Event) -> bool:
        """Whether this event is such a one."""
        if event["object_type"] != self.object_type or event["action"] != self.action:
            return False
        return self.extra_filter is None or _holds(self.extra_filter, event)


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address, what it is told of, and how it fares. `signature_key` is sealed."""

    id: str
    url: str
    events: tuple[Wanted, ...]
    status: str
    verify_ssl: bool
    signature_key: bytes
    pause_reason: str
    place: tuple[int, int]
    due_at: datetime
    failures_in_row: int
    failing_since: datetime | None
    latest_error: str
    date_delivered: datetime | None
    created_by: str | None
    updated_by: str | None
    date_created: datetime
    date_updated: datetime

    def takes(self, event: Event) -> bool:
        """Whether it wants to be told of this event."""
        return any(wanted.takes(event) for wanted in self.events)


def key_context(organization_id: str, webhook_id: str) -> bytes:
    """The associated data that a signature key is sealed with."""
    return f"{organization_id}/webhooks/{webhook_id}/signature_key".encode()


def body_of(webhook_id: str, event: Event) -> bytes:
    """What is sent, in the layout of Python's `json.dumps`: receivers write it anew to check the signature."""
    return json.dumps({"subscription_id": webhook_id, "event": event}).encode()


def signature(key_hex: str, timestamp: str, body: bytes) -> str:
    """`close-sig-hash`: HMAC-SHA256 over timestamp and body, keyed with the bytes that the hex text stands for."""
    return hmac.new(bytes.fromhex(key_hex), timestamp.encode() + body, hashlib.sha256).hexdigest()


def next_try(failures_in_row: int, now: datetime) -> datetime:
    """When it is tried again: after five seconds, ten, twenty, up to twenty minutes."""
    doubled: int = 2 ** min(failures_in_row - 1, 16)
    return now + min(LONGEST_PAUSE, FIRST_PAUSE * doubled)


def reason_to_pause(failing_since: datetime, waiting: int, now: datetime) -> str:
    """Why a failing webhook is not tried any more, "" while it is."""
    if now - failing_since >= FAILING_FOR:
        return "Every try has failed for three days."
    return f"More than {MOST_WAITING} events are waiting." if waiting > MOST_WAITING else ""


def wanted_events(given: Any) -> tuple[Wanted, ...]:
    """The `events` of a request. Raises Invalid for what is no kind of event or no filter."""
    if not isinstance(given, Sequence) or isinstance(given, str) or not 0 < len(given) <= 200:
        raise Invalid(field_errors={"events": "Name at least one event, each with object_type and action."})
    return tuple(_wanted(number, one) for number, one in enumerate(given))


def _wanted(number: int, given: Any) -> Wanted:
    place = f"events.{number}"
    if not isinstance(given, Mapping):
        raise Invalid(field_errors={place: "This must be an object with object_type and action."})
    words = [given.get(name) for name in ("object_type", "action")]
    for name, word in zip(("object_type", "action"), words, strict=True):
        if not isinstance(word, str) or not word.strip() or len(word) > 100:
            raise Invalid(field_errors={f"{place}.{name}": "This field is required."})
    narrowing = given.get("extra_filter")
    if narrowing is not None:
        _check(narrowing, f"{place}.extra_filter", MOST_DEPTH, [0])
    return Wanted(str(words[0]).strip(), str(words[1]).strip(), narrowing)


def _check(node: Any, place: str, depth: int, counted: list[int]) -> None:
    """Raises Invalid where this is no filter, or one larger than anybody writes."""
    counted[0] += 1
    if depth == 0 or counted[0] > MOST_NODES:
        raise Invalid(field_errors={place: "This filter is too large."})
    kind = node.get("type") if isinstance(node, Mapping) else None
    if not isinstance(kind, str) or kind not in _KINDS:
        raise Invalid(field_errors={place: f"The type of a filter must be one of {', '.join(sorted(_KINDS))}."})
    for name in _KINDS[kind].needs:
        if name not in node:
            raise Invalid(field_errors={f"{place}.{name}": "This field is required."})
    if kind == "field_accessor" and not isinstance(node["field"], str):
        raise Invalid(field_errors={f"{place}.field": "This must be the name of a field."})
    if "filter" in _KINDS[kind].needs:
        _check(node["filter"], f"{place}.filter", depth - 1, counted)
    if "filters" in _KINDS[kind].needs:
        if not isinstance(node["filters"], list):
            raise Invalid(field_errors={f"{place}.filters": "This must be a list of filters."})
        for number, inner in enumerate(node["filters"]):
            _check(inner, f"{place}.filters.{number}", depth - 1, counted)


def _holds(node: Mapping[str, Any], value: Any) -> bool:
    return _KINDS[node["type"]].holds(node, value)


def _contains(node: Mapping[str, Any], value: Any) -> bool:
    if isinstance(value, str):
        return isinstance(node["value"], str) and node["value"] in value
    return isinstance(value, list | dict) and _is_in(node["value"], value)


def _is_in(wanted: Any, values: Sequence[Any] | Mapping[str, Any]) -> bool:
    return any(_equal(wanted, one) for one in values)


def _equal(one: Any, other: Any) -> bool:
    """As JSON has it: true is not 1."""
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of filter: which keys it needs, and when it holds for a value."""

    needs: tuple[str, ...]
    holds: Callable[[Mapping[str, Any], Any], bool]


_KINDS: dict[str, _Kind] = {
    "equals": _Kind(("value",), lambda node, value: _equal(value, node["value"])),
    "not_equals": _Kind(("value",), lambda node, value: not _equal(value, node["value"])),
    "is_null": _Kind((), lambda _, value: value is None),
    "non_null": _Kind((), lambda _, value: value is not None),
    "contains": _Kind(("value",), _contains),
    "and": _Kind(("filters",), lambda node, value: all(_holds(one, value) for one in node["filters"])),
    "or": _Kind(("filters",), lambda node, value: any(_holds(one, value) for one in node["filters"])),
    "not": _Kind(("filter",), lambda node, value: not _holds(node["filter"], value)),
    "field_accessor": _Kind(
        ("field", "filter"),
        lambda node, value: _holds(node["filter"], value.get(node["field"]) if isinstance(value, Mapping) else None),
    ),
    "any_array_value": _Kind(
        ("filter",),
        lambda node, value: isinstance(value, list) and any(_holds(node["filter"], one) for one in value),
    ),
}

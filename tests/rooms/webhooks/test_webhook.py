"""Which events a webhook takes, what is signed, and when it is tried again or paused."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from postroom.ground.errors import Invalid
from postroom.rooms.webhooks.webhook import (
    MOST_WAITING,
    body_of,
    next_try,
    reason_to_pause,
    signature,
    wanted_events,
)

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
EVENT: dict[str, Any] = {
    "object_type": "lead", "action": "updated", "lead_id": "lead_1", "user_id": None,
    "changed_fields": ["status_id", "name"],
    "data": {"status_label": "Customer", "value": 1, "is_won": True, "contacts": [{"name": "Bo"}, {"name": "Al"}]},
    "previous_data": {"status_label": "Potential"},
}  # fmt: skip


def field(name: str, inner: dict[str, Any]) -> dict[str, Any]:
    return {"type": "field_accessor", "field": name, "filter": inner}


def equals(value: Any) -> dict[str, Any]:
    return {"type": "equals", "value": value}


@pytest.mark.parametrize(
    ("narrowing", "takes"),
    [
        (None, True),
        (field("data", field("status_label", equals("Customer"))), True),
        (field("data", field("status_label", equals("Lost"))), False),
        (field("data", field("status_label", {"type": "not_equals", "value": "Lost"})), True),
        (field("changed_fields", {"type": "contains", "value": "status_id"}), True),
        (field("changed_fields", {"type": "contains", "value": "url"}), False),
        (field("lead_id", {"type": "contains", "value": "ead_"}), True),
        (field("user_id", {"type": "is_null"}), True),
        (field("user_id", {"type": "non_null"}), False),
        (field("nothing", field("at all", {"type": "is_null"})), True),
        (field("data", field("value", equals(True))), False),
        (field("data", field("is_won", equals(1))), False),
        (field("data", field("contacts", {"type": "any_array_value", "filter": field("name", equals("Al"))})), True),
        (field("data", field("contacts", {"type": "any_array_value", "filter": field("name", equals("Zo"))})), False),
        (field("data", {"type": "any_array_value", "filter": {"type": "non_null"}}), False),
        ({"type": "and", "filters": [field("lead_id", equals("lead_1")), field("user_id", equals("x"))]}, False),
        ({"type": "or", "filters": [field("lead_id", equals("lead_1")), field("user_id", equals("x"))]}, True),
        ({"type": "and", "filters": []}, True),
        ({"type": "or", "filters": []}, False),
        ({"type": "not", "filter": field("lead_id", equals("lead_1"))}, False),
        (field("changed_fields", {"type": "contains", "value": ["status_id"]}), False),
        (field("lead_id", {"type": "contains", "value": 3}), False),
    ],
)
def test_filters_narrow_what_a_webhook_takes(narrowing: dict[str, Any] | None, takes: bool) -> None:
    (wanted,) = wanted_events([{"object_type": "lead", "action": "updated", "extra_filter": narrowing}])
    assert wanted.takes(EVENT) is takes
    assert not wanted.takes({**EVENT, "action": "deleted"})
    assert not wanted.takes({**EVENT, "object_type": "contact"})


def deep(levels: int) -> dict[str, Any]:
    return {"type": "is_null"} if levels == 0 else {"type": "not", "filter": deep(levels - 1)}


@pytest.mark.parametrize(
    ("given", "field_name"),
    [
        (None, "events"),
        ([], "events"),
        ("lead", "events"),
        (["lead"], "events.0"),
        ([{"object_type": "lead"}], "events.0.action"),
        ([{"action": "created", "object_type": 3}], "events.0.object_type"),
        ([{"action": "x", "object_type": "y", "extra_filter": []}], "events.0.extra_filter"),
        ([{"action": "x", "object_type": "y", "extra_filter": {"type": "eval"}}], "events.0.extra_filter"),
        ([{"action": "x", "object_type": "y", "extra_filter": {"type": []}}], "events.0.extra_filter"),
        ([{"action": "x", "object_type": "y", "extra_filter": {"type": "equals"}}], "events.0.extra_filter.value"),
        (
            [{"action": "x", "object_type": "y", "extra_filter": {"type": "and", "filters": 1}}],
            "events.0.extra_filter.filters",
        ),
        (
            [{"action": "x", "object_type": "y", "extra_filter": {**field("f", deep(0)), "field": 3}}],
            "events.0.extra_filter.field",
        ),
    ],
)
def test_what_is_no_list_of_events_is_refused_with_its_place(given: Any, field_name: str) -> None:
    with pytest.raises(Invalid) as refused:
        wanted_events(given)
    assert list(refused.value.field_errors) == [field_name]


def test_filters_are_bounded() -> None:
    wanted_events([{"object_type": "x", "action": "y", "extra_filter": deep(19)}])
    wide = {"type": "and", "filters": [{"type": "is_null"}] * 500}
    for too_large in (deep(20), deep(300), wide):
        with pytest.raises(Invalid, match="too large"):
            wanted_events([{"object_type": "x", "action": "y", "extra_filter": too_large}])


def test_a_receiver_that_writes_the_body_anew_gets_the_same_signature() -> None:
    """As `close-dot-io` does: `json.dumps` of what it has read, the key read as hex."""
    body = body_of("whsub_1", {"id": "ev_1", "data": {"name": "Ünï 🎉", "b": 1, "a": [1, None, True, 1.5]}})
    read_anew = json.dumps(json.loads(body))
    key = "00ff" * 16
    expected = hmac.new(bytearray.fromhex(key), ("1700000000" + read_anew).encode(), hashlib.sha256).hexdigest()
    assert signature(key, "1700000000", body) == expected
    assert body.startswith(b'{"subscription_id": "whsub_1", "event": {"id": "ev_1", ')


def test_tries_grow_apart_up_to_twenty_minutes() -> None:
    waits = [int((next_try(failures, NOW) - NOW).total_seconds()) for failures in (1, 2, 3, 8, 9, 100_000)]
    assert waits == [5, 10, 20, 640, 1200, 1200]


def test_three_days_of_failure_or_too_much_waiting_pauses() -> None:
    assert reason_to_pause(NOW - timedelta(hours=71), MOST_WAITING, NOW) == ""
    assert "three days" in reason_to_pause(NOW - timedelta(hours=72), 0, NOW)
    assert "100000 events" in reason_to_pause(NOW, MOST_WAITING + 1, NOW)

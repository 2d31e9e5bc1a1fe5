"""Structured searches to the tree and back: what is there in both is the same."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postroom.ground.errors import Invalid
from postroom.rooms.smart_views.moments import Here, LocalTime, Offset, when
from postroom.rooms.smart_views.query import parse
from postroom.rooms.smart_views.structured import query_from, query_to
from postroom.rooms.smart_views.structured_conditions import condition_from
from postroom.rooms.smart_views.tree import Within

ROOT = {"type": "object_type", "object_type": "lead"}


def over(*queries: dict[str, Any]) -> dict[str, Any]:
    return {"query": {"type": "and", "queries": [ROOT, *queries]}, "results_limit": None, "sort": []}


@pytest.mark.parametrize(
    "text",
    [
        "*",
        'name:"acme gmbh" or not email(direction:outgoing) in:save_1',
        "created < 30 days ago",
        "updated > 2 weeks ago",
        "not (a* or b*)",
        "contact(email_address:x) sort:-created limit:5",
        'user in ("me", user_1) custom."Source CRM":*',
    ],
)
def test_what_text_says_can_be_said_structured(text: str) -> None:
    query = parse(text.replace("*", "") if "a*" in text else text)
    try:
        structured = query_to(query)
    except Invalid:  # a bare word may be only begun: a wildcard
        assert "a*" in text
        return
    again = query_from(structured)
    assert query_from(query_to(again)) == again
    assert (again.kind, again.limit, len(again.sort)) == (query.kind, query.limit, len(query.sort))


def test_ages_become_moments_with_the_comparison_turned_round() -> None:
    condition = query_to(parse("created < 3 months ago"))["query"]["queries"][1]["condition"]
    assert condition == {
        "type": "moment_range",
        "after": {
            "type": "offset", "direction": "past", "moment": {"type": "now"}, "offset": {"months": 3},
            "which_day_end": None,
        },
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "created >= 2024-01-31",
            {"on_or_after": {"type": "fixed_local_date", "value": "2024-01-31", "which": "start"}},
        ),
        ("created > 2024-01-31", {"on_or_after": {"type": "fixed_local_date", "value": "2024-01-31", "which": "end"}}),
        ("created <= 2024-02", {"before": {"type": "fixed_local_date", "value": "2024-02-29", "which": "end"}}),
        (
            'updated < "last week"',
            {"before": {"type": "start_end_of_predefined_relative_period", "range": "last-week", "which": "start"}},
        ),
        (
            'updated > "2024-01-01T08:00:00+0100"',
            {"on_or_after": {"type": "fixed_utc", "value": "2024-01-01T07:00:01+00:00"}},
        ),
    ],
)
def test_written_dates_become_moments_that_mean_the_same(text: str, expected: dict[str, Any]) -> None:
    structured = query_to(parse(text))
    assert structured["query"]["queries"][1]["condition"] == {"type": "moment_range", **expected}
    assert query_to(query_from(structured)) == structured


def test_a_bare_word_is_one_that_may_go_on() -> None:
    (_, where) = query_to(parse("acme"))["query"]["queries"]
    assert where == {"type": "text", "mode": "beginning_of_words", "value": "acme"}


@pytest.mark.parametrize(
    "text",
    [
        "*cme", "a*e b*", "name:ac*", 'custom."X Y":*x', "status:qual*", "name:x slice:2/5", '"Industry":x',
        '"industry":x',
        'created > "2024-01-01 08:00"', "created <= 2024-03-31T02:30", "created < 31.12.2025",
        "email(from:*@acme.test)",
        "created:today", 'last_email in ("2024-01-01", yesterday)', "emails in (0, 5)", "called > 0",
    ],
)  # fmt: skip
def test_whatever_a_text_says_comes_back_from_its_tree(text: str) -> None:
    query = parse(text)
    structured = query_to(query)
    back = query_from(structured)
    assert query_to(back) == structured
    assert (back.slice, back.sort, back.limit) == (query.slice, query.sort, query.limit)


def test_a_time_without_a_zone_is_on_the_askers_clock() -> None:
    condition = query_to(parse('created >= "2024-01-01 08:00"'))["query"]["queries"][1]["condition"]
    assert condition["on_or_after"] == {"type": "fixed_local_time", "value": "2024-01-01T08:00:00"}
    within = condition_from(condition)
    assert isinstance(within, Within)
    (bound,) = within.bounds
    here = Here(datetime(2024, 5, 5, tzinfo=UTC), ZoneInfo("Europe/Berlin"))
    assert isinstance(bound.value, LocalTime)
    assert when(bound.value, here) == datetime(2024, 1, 1, 7, tzinfo=UTC)


def test_the_day_so_long_ago_begins_and_ends() -> None:
    condition = query_to(parse("created = 2 months ago"))["query"]["queries"][1]["condition"]
    here, within = Here(datetime(2024, 5, 31, 12, tzinfo=UTC)), condition_from(condition)
    assert isinstance(within, Within)
    ends = [when(bound.value, here) for bound in within.bounds if isinstance(bound.value, Offset)]
    assert ends == [datetime(2024, 3, 31, tzinfo=UTC), datetime(2024, 4, 1, tzinfo=UTC)]


@pytest.mark.parametrize("text", ["created > soon", "created > 2024-99-01"])
def test_what_is_no_date_stays_text(text: str) -> None:
    with pytest.raises(Invalid):
        query_to(parse(text))


@pytest.mark.parametrize(
    "part", [{"part": 0, "parts": 2}, {"part": 3, "parts": 2}, {"part": True, "parts": 2}, [1], "1/2"]
)
def test_a_slice_is_a_part_of_parts(part: Any) -> None:
    with pytest.raises(Invalid) as refused:
        query_from({**over({"type": "match_all"}), "slice": part})
    assert "slice" in refused.value.field_errors


WORDS = ("and", "or", "lead", "field_condition", "text", "name", "start", "past", "2024-01-01")
KEYS = (
    "type", "queries", "query", "field", "condition", "value", "values", "mode", "moment", "offset", "which", "before",
    "gt", "range", "field_name", "object_type", "related_object_type", "days", "related_query", "negate",
    "saved_search_id", "object_ids", "direction",
)  # fmt: skip
TYPES = (
    "and", "or", "object_type", "field_condition", "has_related", "text", "in_status", "match_all", "saved_search",
    "id", "exists", "term", "reference", "number_range", "moment_range", "boolean", "offset", "fixed_utc",
    "fixed_local_date", "fixed_local_time", "start_end_of_predefined_relative_period", "now",
    "regular_field", "custom_field",
)  # fmt: skip
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(WORDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=20,
)


@settings(max_examples=500, deadline=None, database=None)
@given(st.sampled_from(TYPES), JUNK, st.sampled_from(TYPES), JUNK)
def test_junk_is_refused_as_invalid(outer: str, first: Any, inner: str, second: Any) -> None:
    node = {**(first if isinstance(first, dict) else {"value": first}), "type": outer}
    condition = {**(second if isinstance(second, dict) else {"value": second}), "type": inner}
    field = {"type": "regular_field", "object_type": "lead", "field_name": "created"}
    for query in (over(node), over({"type": "field_condition", "field": field, "condition": condition}), first):
        try:
            query_from(query if isinstance(query, dict) else {"query": query})
        except Invalid as refused:
            assert refused.field_errors


def test_limits_hold() -> None:
    deep: dict[str, Any] = ROOT
    for _ in range(200):
        deep = {"type": "and", "queries": [deep]}
    wide = over(*[{"type": "match_all", "negate": True}] * 3000)
    field = {"type": "regular_field", "field_name": "id"}
    many = {"type": "term", "values": ["x"] * 2001}
    huge = {"type": "term", "values": [10**400]}
    terms = [over({"type": "field_condition", "field": field, "condition": one}) for one in (many, huge)]
    for body in ({"query": deep}, wide, *terms):
        with pytest.raises(Invalid):
            query_from(body)

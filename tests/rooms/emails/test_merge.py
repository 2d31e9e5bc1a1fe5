"""Which conversations of two leads become one."""

from postroom.rooms.emails.merge import threads_after


def test_nothing_in_common_ends_nothing() -> None:
    assert threads_after([]) == {}


def test_the_thread_of_the_lead_that_stays_stays() -> None:
    assert threads_after([("a", "z")]) == {"a": "z"}
    assert threads_after([("a", "z"), ("b", "z")]) == {"a": "z", "b": "z"}


def test_a_conversation_that_ties_several_together_makes_them_one() -> None:
    assert threads_after([("a", "y"), ("a", "z")]) == {"a": "y", "z": "y"}
    ends = threads_after([("a", "y"), ("b", "z"), ("b", "x"), ("a", "z")])
    assert ends == {"a": "x", "b": "x", "y": "x", "z": "x"}

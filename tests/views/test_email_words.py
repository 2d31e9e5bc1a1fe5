"""What of a search for emails the index of words is asked for."""

import pytest

from postroom.rooms.smart_views.tree import And
from postroom.views.email_search import read_search
from postroom.views.email_words import SoughtWords, sought


def words_of(search: str) -> SoughtWords:
    where = read_search(search).where
    return sought(where.nodes if isinstance(where, And) else (where,))[0]


@pytest.mark.parametrize(
    ("condition", "asked"),
    [
        ("from:zoe", "'f:zoe'"),
        ("to:zoe", "'t:zoe'"),
        ("cc:zoe", "'t:zoe'"),
        ("bcc:zoe", "'t:zoe'"),
        ("subject:offer", "'s:offer'"),
        ("filename:plan", "'a:plan'"),
        ("body:crane", "'crane'"),
    ],
)
def test_a_condition_on_a_header_or_the_text_narrows_what_the_index_offers(condition: str, asked: str) -> None:
    found = words_of(f"harbour {condition}")

    assert asked in found.anywhere.each and asked in found.headers.each
    assert found.anywhere.loose.endswith(f" & {asked}") and found.anywhere.exact.endswith(f" & {asked}")


@pytest.mark.parametrize("condition", ["status:sent", "from:me", "-from:zoe", "date < 7 days ago", "has:attachment"])
def test_other_conditions_say_nothing_of_words(condition: str) -> None:
    assert words_of(f"harbour {condition}") == words_of("harbour")


def test_without_words_the_index_is_not_asked() -> None:
    assert not words_of("from:zoe body:crane").anywhere

"""The words of the index are the words that are asked for, whatever the text."""

from hypothesis import given
from hypothesis import strategies as st

from postroom.rooms.emails import search_tokens
from postroom.rooms.emails.search_tokens import composed, tokens, vector
from postroom.rooms.emails.word_store import words_of

TEXTS = (
    st.text(max_size=60)
    | st.text(st.characters(max_codepoint=0x24F), max_size=60)
    | st.text(st.characters(categories=["L", "M", "N", "P"]), max_size=60)
)


@given(TEXTS)
def test_a_text_is_indexed_by_the_words_that_find_it_each_at_its_place(text: str) -> None:
    entries = [entry.rsplit(":", 1) for entry in vector([("", text)]).split()]
    assert entries == [[f"'{one.word}'", str(one.position)] for one in tokens(composed(text))]


@given(TEXTS)
def test_words_of_a_header_stand_there_twice(text: str) -> None:
    plain = vector([("", text)]).split()
    assert vector([("s:", text)]).split() == plain + ["'s:" + entry[1:] for entry in plain]


def test_a_text_longer_than_the_server_reads_has_each_word_once_as_often_as_the_server_counts() -> None:
    text = "word " * 50_000 + "last"
    entries = dict(entry.rsplit("'", 1) for entry in vector([("", text)]).split())
    assert list(entries) == ["'word", "'last"]
    assert entries["'word"].count(",") == search_tokens.MOST_POSITIONS - 1
    assert entries["'last"] == ""  # known, but nowhere


def test_of_too_many_different_words_the_first_ones_are_kept() -> None:
    words = [f"w{number:011}" for number in range(30_000)]
    entries = vector([("", " ".join(words))]).split()
    assert entries[0] == "'w00000000000':1"
    assert len(entries) == search_tokens.MOST_CHARACTERS // 12


def test_beginnings_are_looked_up_among_all_words_but_numbers_and_those_of_headers() -> None:
    text = "word " * 16_383 + "4711 behind it's all"
    assert words_of([vector((("s:", "a subject"), ("", text)))]) == ["a", "all", "behind", "it", "s", "subject", "word"]

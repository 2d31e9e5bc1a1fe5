"""UID sets against Python's own sets."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postroom.wire.imap.uid_set import MAX_UID, UidSet

some_uids = st.sets(st.integers(1, 60) | st.integers(1, MAX_UID), max_size=40)


@given(some_uids, some_uids)
def test_sets_of_uids_behave_as_sets_do(left: set[int], right: set[int]) -> None:
    one, other = UidSet(left), UidSet(sorted(right))
    assert set(one | other) == left | right
    assert set(one & other) == left & right
    assert set(one - other) == left - right
    assert len(one) == len(left)
    assert list(one) == sorted(left)
    assert list(one.descending()) == sorted(left, reverse=True)
    assert (one == other) == (left == right)
    assert all((uid in one) == (uid in left) for uid in left | right)
    assert (one.lowest, one.highest) == ((min(left), max(left)) if left else (0, 0))


@given(some_uids)
def test_what_is_written_is_read_back(uids: set[int]) -> None:
    if uids:
        assert UidSet.parse(str(UidSet(uids)).encode()) == UidSet(uids)


@given(some_uids, st.integers(1, 9))
def test_chunks_go_from_the_newest_down_and_miss_nothing(uids: set[int], size: int) -> None:
    chunks = list(UidSet(uids).newest_first(size))
    assert all(0 < len(chunk) <= size for chunk in chunks)
    assert [uid for chunk in chunks for uid in chunk.descending()] == sorted(uids, reverse=True)


def test_chunks_fit_into_a_command_line() -> None:
    scattered = UidSet(range(4_000_000_000, 4_000_010_000, 2))
    assert all(len(str(chunk)) < 7100 for chunk in scattered.newest_first(1000))


@given(some_uids, st.integers(0, MAX_UID))
def test_the_uids_above_one(uids: set[int], floor: int) -> None:
    assert set(UidSet(uids).above(floor)) == {uid for uid in uids if uid > floor}


def test_a_million_uids_weigh_little() -> None:
    neighbours, scattered = UidSet(range(1, 1_000_001)), UidSet(range(1, 2_000_001, 2))
    assert sys.getsizeof(neighbours._lows) + sys.getsizeof(neighbours._highs) < 500
    assert sys.getsizeof(scattered._lows) + sys.getsizeof(scattered._highs) < 10_000_000
    assert len(neighbours) == len(scattered) == 1_000_000
    assert len(neighbours - scattered) == 500_000


@pytest.mark.parametrize("text", [b"", b"*", b"1:*", b"a", b"0", b"1,,2", b"1:", b"4294967296", b"-1", b"1 2"])
def test_what_is_no_set_of_uids_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError, match="not"):
        UidSet.parse(text)


def test_ranges_may_be_written_backwards_and_overlap() -> None:
    assert str(UidSet.parse(b"9:5,7:12,1")) == "1,5:12"  # RFC 9051 section 9, seq-range


@pytest.mark.parametrize("uids", [[0], [-1], [MAX_UID + 1], [3, 0]])
def test_numbers_that_are_no_uids_are_refused(uids: list[int]) -> None:
    with pytest.raises((ValueError, OverflowError)):
        UidSet(uids)

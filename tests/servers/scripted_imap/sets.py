"""Sequence sets (RFC 3501 section 9): reading `1:5,7,*` against what a session has, and writing UIDs compactly."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence


def chosen_uids(wire: bytes, uids: Sequence[int]) -> Iterator[tuple[int, int]]:
    """(number, uid) of those `uids` a UID set names. `n:*` beyond the end names the last one (RFC 3501 6.4.8)."""
    last = uids[-1] if uids else 0
    for low, high in _ranges(wire, last):
        for at in range(bisect_left(uids, low), bisect_right(uids, high)):
            yield at + 1, uids[at]


def chosen_numbers(wire: bytes, uids: Sequence[int]) -> Iterator[tuple[int, int]]:
    """(number, uid) of those a set of message numbers names."""
    for low, high in _ranges(wire, len(uids)):
        for number in range(max(low, 1), min(high, len(uids)) + 1):
            yield number, uids[number - 1]


def contains(wire: bytes, value: int, last: int = 0) -> bool:
    """Whether a set holds a value; `*` stands for `last`."""
    return any(low <= value <= high for low, high in _ranges(wire, last))


def compact(uids: Iterable[int]) -> str:
    """Rising numbers as a set: `1:3,7`."""
    if isinstance(uids, range) and uids:
        return str(uids[0]) if len(uids) == 1 else f"{uids[0]}:{uids[-1]}"
    runs: list[list[int]] = []
    for uid in uids:
        if runs and uid == runs[-1][1] + 1:
            runs[-1][1] = uid
        else:
            runs.append([uid, uid])
    return ",".join(str(low) if low == high else f"{low}:{high}" for low, high in runs)


def _ranges(wire: bytes, last: int) -> Iterator[tuple[int, int]]:
    for part in wire.split(b","):
        ends = [last if end == b"*" else int(end) for end in part.split(b":")]
        if len(ends) > 2:
            raise ValueError("not a sequence set")
        yield min(ends), max(ends)

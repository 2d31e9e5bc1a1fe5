"""A set of UIDs kept as ranges, so that a million neighbours weigh as much as one.

Two flat arrays of 32-bit numbers hold the ranges' ends: even a million UIDs with a hole after each take 8 MB.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Self

MAX_UID = 0xFFFFFFFF  # RFC 9051 section 9: nz-number, 32 bits
COMMAND_TEXT = 7000  # servers may refuse command lines above 8192 bytes (RFC 7162 section 4)
RANGE_TEXT = 22  # 4294967295:4294967295,


class UidSet:
    """An unchanging set of UIDs. Written and read as an IMAP sequence set (RFC 9051 section 9)."""

    __slots__ = ("_count", "_highs", "_lows")

    def __init__(self, uids: Iterable[int] = ()) -> None:
        """From UIDs in any order; ascending ones are taken as they come, without a copy of them all."""
        lows, highs = array("I"), array("I")
        last = 0
        rest = iter(uids)
        for uid in rest:
            if uid <= last:
                self._take_unordered(lows, highs, chain([uid], rest))
                return
            if uid > MAX_UID:
                raise ValueError(f"not a UID: {uid}")
            if uid == last + 1 and highs:
                highs[-1] = uid
            else:
                lows.append(uid)
                highs.append(uid)
            last = uid
        self._take(lows, highs)

    def _take_unordered(self, lows: "array[int]", highs: "array[int]", rest: Iterable[int]) -> None:
        ordered = sorted(set(rest))
        if ordered[0] < 1 or ordered[-1] > MAX_UID:
            raise ValueError(f"not UIDs: {ordered[0]} to {ordered[-1]}")
        begun = zip(lows, highs, strict=True)
        whole = UidSet._of_ranges(sorted([*begun, *((uid, uid) for uid in ordered)]))
        self._take(whole._lows, whole._highs)

    @classmethod
    def between(cls, low: int, high: int) -> Self:
        """All UIDs from `low` to `high`, both included; empty if `high` is lower."""
        return cls._of_ranges([(low, high)] if low <= high else [])

    @classmethod
    def parse(cls, text: bytes) -> Self:
        """Read a sequence set such as `1:3,7`. A `*` or anything else unreadable is a ValueError."""
        ranges = []
        for part in text.split(b","):
            first, colon, last = part.partition(b":")
            if not first.isdigit() or (colon and not last.isdigit()):
                raise ValueError(f"not a set of UIDs: {part[:40]!r}")
            low, high = int(first), int(last) if colon else int(first)
            ranges.append((min(low, high), max(low, high)))
        return cls._of_ranges(sorted(ranges))

    @classmethod
    def _of_ranges(cls, ranges: Iterable[tuple[int, int]]) -> Self:
        lows, highs = array("I"), array("I")
        for low, high in ranges:
            if not 0 < low <= high <= MAX_UID:
                raise ValueError(f"not UIDs: {low}:{high}")
            if highs and low <= highs[-1] + 1:
                highs[-1] = max(highs[-1], high)
            else:
                lows.append(low)
                highs.append(high)
        made = cls.__new__(cls)
        made._take(lows, highs)
        return made

    def _take(self, lows: "array[int]", highs: "array[int]") -> None:
        self._lows = lows
        self._highs = highs
        self._count = sum(highs) - sum(lows) + len(lows)

    def ranges(self) -> Iterator[tuple[int, int]]:
        """The ranges, ascending, both ends included."""
        return zip(self._lows, self._highs, strict=True)

    @property
    def lowest(self) -> int:
        """The lowest UID; 0 when empty."""
        return self._lows[0] if self._lows else 0

    @property
    def highest(self) -> int:
        """The highest UID; 0 when empty."""
        return self._highs[-1] if self._highs else 0

    def __len__(self) -> int:
        return self._count

    def __contains__(self, uid: int) -> bool:
        place = bisect_right(self._lows, uid) - 1
        return place >= 0 and uid <= self._highs[place]

    def __iter__(self) -> Iterator[int]:
        for low, high in self.ranges():
            yield from range(low, high + 1)

    def descending(self) -> Iterator[int]:
        """All UIDs, the highest first."""
        for place in range(len(self._lows) - 1, -1, -1):
            yield from range(self._highs[place], self._lows[place] - 1, -1)

    def newest_first(self, size: int) -> Iterator["UidSet"]:
        """Chunks of at most `size` UIDs, the highest first, each short enough for a command line."""
        ranges: list[tuple[int, int]] = []
        room, text = size, 0
        for place in range(len(self._lows) - 1, -1, -1):
            low, high = self._lows[place], self._highs[place]
            while high >= low:
                cut = max(low, high - room + 1)
                ranges.append((cut, high))
                room -= high - cut + 1
                text += RANGE_TEXT if cut < high else len(str(cut)) + 1
                high = cut - 1
                if not room or text > COMMAND_TEXT:
                    yield UidSet._of_ranges(reversed(ranges))
                    ranges, room, text = [], size, 0
        if ranges:
            yield UidSet._of_ranges(reversed(ranges))

    def above(self, uid: int) -> "UidSet":
        """The UIDs greater than `uid`."""
        return self & UidSet.between(uid + 1, MAX_UID)

    def __or__(self, other: "UidSet") -> "UidSet":
        return UidSet._of_ranges(sorted([*self.ranges(), *other.ranges()]))

    def __and__(self, other: "UidSet") -> "UidSet":
        few, many = (self, other) if len(self._lows) <= len(other._lows) else (other, self)
        return UidSet._of_ranges(part for low, high in few.ranges() for part in many._within(low, high))

    def _within(self, low: int, high: int) -> Iterator[tuple[int, int]]:
        place = bisect_left(self._highs, low)
        while place < len(self._lows) and self._lows[place] <= high:
            yield max(low, self._lows[place]), min(high, self._highs[place])
            place += 1

    def __sub__(self, other: "UidSet") -> "UidSet":
        return UidSet._of_ranges(part for low, high in self.ranges() for part in _left(low, high, other))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, UidSet) and self._lows == other._lows and self._highs == other._highs

    def __hash__(self) -> int:
        return hash((self._lows.tobytes(), self._highs.tobytes()))

    def __str__(self) -> str:
        return ",".join(str(low) if low == high else f"{low}:{high}" for low, high in self.ranges())

    def __repr__(self) -> str:
        text = str(self) if len(self._lows) < 20 else f"{len(self._lows)} ranges"
        return f"UidSet<{self._count}: {text}>"


def _left(low: int, high: int, taken: UidSet) -> Iterator[tuple[int, int]]:
    for taken_low, taken_high in taken._within(low, high):
        if taken_low > low:
            yield low, taken_low - 1
        low = taken_high + 1
    if low <= high:
        yield low, high

"""How far a search for emails has to look, reckoned from what its first look met. Pure.

An email that is looked at costs about the same whether it is meant or not; one that the index of words offers costs
more, but is likely to be meant. Months are the finest stretches of time that the index knows.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from postroom.rooms.emails.search_months import start_of_month

PASSED, LOOKED_AT, OFFERED = 4, 7, 18
"""What it costs to pass by an email in the order of time, to look at its words, and to have it offered by the index and
look it up: in microseconds, where everything is in memory."""
ASKED = 3_000
"""What it costs to ask the index at all."""
SPARE = 1.4
"""So much more than seems to be needed is looked at, since chance is not even."""
_UNSURE = 1
"""What the planner thinks counts as much as so many emails that were seen."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was met in one place of emails: those that are meant, and how many the index of words would offer."""

    ids: tuple[str, ...] = ()
    offered: int = 0

    def with_more(self, ids: Sequence[str], offered: int) -> "Seen":
        """The same and what was met since."""
        return Seen((*self.ids, *ids), self.offered + offered)


@dataclass(frozen=True, slots=True)
class Look:
    """So many of the newest emails were looked at. `until`: those up to then were not; None when all were. What was
    `seen`: with the words in their headers, and elsewhere."""

    until: datetime | None
    looked: int = 0
    seen: tuple[Seen, Seen] = (Seen(), Seen())


@dataclass(frozen=True, slots=True)
class Archive:
    """The emails of an organization, as the planner knows them: since when, how many, and moments of which equally many
    lie between each and the next. Of the emails `in_time` other conditions than words leave so many; where an index has
    these in the order of time, `is_in_order`."""

    oldest: datetime
    emails: float
    in_time: float
    left: float
    bounds: Sequence[datetime] = ()
    is_in_order: bool = False

    @property
    def share(self) -> float:
        """What is left of those in time."""
        return min(self.left / max(self.in_time, 1.0), 1.0)

    def between(self, since: datetime, until: datetime) -> float:
        """About how many."""
        bounds = self.bounds if len(self.bounds) > 1 else (self.oldest, until)
        return max(self.emails * (_part(bounds, until) - _part(bounds, since)), 1.0)

    def months_for(self, emails: float, until: datetime) -> int:
        """How many whole months before that of a moment hold so many."""
        months, all_months = 0, span(self.oldest, until)
        while months < all_months and self.between(start_of_month(until, months), until) < emails:
            months += 1
        return months


@dataclass(frozen=True, slots=True)
class Pace:
    """Among so many emails so many were offered, and so many of those are likely to be meant."""

    looked: float
    offered: float
    meant: float

    def emails_for(self, missing: int) -> float:
        """How many to look at until so many more are met that are meant."""
        return missing * SPARE * self.looked / max(self.meant, 0.001)

    def emails_at_once(self, missing: int, most: int) -> float:
        """Of how many to ask the index: so that enough are meant, but not more offered than so many."""
        enough = missing * SPARE * self.looked / max(self.meant, 0.5)
        return min(enough, most * self.looked / max(self.offered, 0.5))

    def further(self, looked: float, offered: float, meant: int) -> "Pace":
        """With what was met since."""
        return Pace(self.looked + looked, self.offered + offered, self.meant + meant)


def pace_of(look: Look, seen: Seen, archive: Archive) -> Pace:
    """That of the first look."""
    meant = (len(seen.ids) + _UNSURE * archive.share) / (seen.offered + _UNSURE) * seen.offered
    return Pace(look.looked, seen.offered, meant)


def emails_to_look_at(look: Look, pace: Pace, archive: Archive, missing: int) -> int:
    """How many emails that fulfil the other conditions to look at one by one; 0 where asking the index is quicker."""
    if look.until is None or not pace.offered:
        return 0
    emails = pace.emails_for(missing)
    fulfilling = emails * archive.share
    passed = 0.0 if archive.is_in_order else emails - fulfilling
    of_month = archive.between(start_of_month(look.until, 0), look.until)
    offered = max(emails, of_month) * pace.offered / pace.looked
    if passed * PASSED + fulfilling * LOOKED_AT > ASKED + offered * OFFERED:
        return 0
    return int(fulfilling) + 1


def span(since: datetime, until: datetime) -> int:
    """In how many months a stretch of time lies."""
    return 12 * (until.year - since.year) + until.month - since.month + 1


def _part(bounds: Sequence[datetime], moment: datetime) -> float:
    """The part of all that is older than a moment."""
    at = bisect_right(bounds, moment)
    if at in (0, len(bounds)):
        return float(at > 0)
    before, after = bounds[at - 1], bounds[at]
    return (at - 1 + (moment - before) / (after - before)) / (len(bounds) - 1)

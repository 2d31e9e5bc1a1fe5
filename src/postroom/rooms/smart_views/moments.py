"""Moments as queries name them: fixed, local, relative to now, or written as a date; and when each of them is. Pure."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import TypeAlias
from zoneinfo import ZoneInfo

from postroom.ground.errors import Invalid


class Which(StrEnum):
    """Which end of a day or period."""

    START = "start"
    END = "end"


@dataclass(frozen=True, slots=True)
class Now:
    """When the query is asked."""


@dataclass(frozen=True, slots=True)
class FixedUtc:
    """A moment on the clock of the world."""

    at: datetime


@dataclass(frozen=True, slots=True)
class LocalDay:
    """The start or end of a day where the asker is."""

    day: date
    which: Which


@dataclass(frozen=True, slots=True)
class LocalTime:
    """A moment on the clock of the asker, `at` without a zone."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Period:
    """The start or end of a period around now: `today`, `this-week`, `last-month`, …"""

    name: str
    which: Which


@dataclass(frozen=True, slots=True)
class Shift:
    """How far: years and months by the calendar, the rest in seconds."""

    months: int = 0
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Offset:
    """A moment before (`sign` -1) or after (1) another one, moved to an end of its day if wanted."""

    sign: int
    origin: "Moment"
    shift: Shift
    which_day_end: Which | None = None


Moment: TypeAlias = Now | FixedUtc | LocalDay | LocalTime | Period | Offset


@dataclass(frozen=True, slots=True)
class Stretch:
    """From `start` up to, not including, `end`: what a written date covers."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Here:
    """When and where a query is asked."""

    now: datetime
    zone: tzinfo = UTC

    @property
    def zone_name(self) -> str:
        """The zone as PostgreSQL knows it: by its own name, which keeps summer time; else a POSIX offset, which counts
        westwards.

        In hours, minutes and seconds: of "UTC-5.5" PostgreSQL makes a zone whose summer time is called "." (POSIX TZ).
        """
        if isinstance(self.zone, ZoneInfo):
            return self.zone.key
        offset = round((self.zone.utcoffset(None) or timedelta()).total_seconds())
        minutes, seconds = divmod(abs(offset), 60)
        return f"UTC{'-' if offset > 0 else '+'}{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"


SECONDS = {"second": 1, "sec": 1, "minute": 60, "min": 60, "hour": 3600, "day": 86400, "week": 604800}
MONTHS = {"month": 1, "year": 12}
UNITS = (*SECONDS, *MONTHS)
PERIODS = ("today", "yesterday", "tomorrow", *(f"{w}-{p}" for w in ("this", "last", "next") for p in
           ("week", "month", "quarter", "year")), "all-time")  # fmt: skip
"""Beside these there are `last-7-days`, `next-30-days` and the like: so many days, today the last or first of them."""
_DAYS = re.compile(r"(?P<which>last|next)-(?P<count>[1-9]\d{0,3})-days?", re.ASCII)
_ALL_TIME = date(1000, 1, 1), date(9000, 1, 1)
FARTHEST_YEARS = 1000


def when(moment: Moment, here: Here) -> datetime:
    """When a moment is. Raises Invalid beyond what a calendar holds."""
    try:
        return _when(moment, here).astimezone(UTC)
    except (OverflowError, ValueError) as error:
        raise Invalid("A moment of this query lies beyond the calendar.") from error


def ago(count: int, unit: str, here: Here) -> datetime:
    """So many units before now. Raises Invalid beyond what a calendar holds."""
    shift = Shift(MONTHS[unit] * count) if unit in MONTHS else Shift(0, SECONDS[unit] * count)
    return when(Offset(-1, Now(), shift), here)


def stretch_of(text: str, here: Here) -> Stretch | None:
    """What a written date covers: a year, month, day, minute or second; None where it is no date.

    A date without a zone is the asker's. `today`, `yesterday`, `tomorrow` and periods as `last week` count too.
    """
    name = period_name(text)
    try:
        if name:
            return Stretch(*(when(Period(name, which), here) for which in Which))
        if match := _DATE.fullmatch(_iso(text)):
            return _written(match, here)
    except (OverflowError, ValueError):
        return None
    return None


def ends_of(text: str) -> tuple[Moment, Moment] | None:
    """The ends of what a written date covers, as moments: of `today`, a day, a month, a date-time with its zone.

    None for anything else.
    """
    name = period_name(text)
    if name:
        return Period(name, Which.START), Period(name, Which.END)
    match = _DATE.fullmatch(_iso(text))
    try:
        if match is None or not match["month"]:
            return None
        if match["hour"]:
            covered = _written(match, Here(datetime.min))
            if match["zone"]:
                return FixedUtc(covered.start), FixedUtc(covered.end)
            return LocalTime(covered.start.replace(tzinfo=None)), LocalTime(covered.end.replace(tzinfo=None))
        day = date(int(match["year"]), int(match["month"]), int(match["day"] or 1))
        last = day if match["day"] else _month_moved(day, 1) - timedelta(days=1)
    except (OverflowError, ValueError):
        return None
    return LocalDay(day, Which.START), LocalDay(last, Which.END)


def period_name(text: str) -> str:
    """A period as `Period` names it, however it is written (`Last week`, `last_7_days`); "" where it is none."""
    name = "-".join(text.strip().lower().replace("_", " ").replace("-", " ").split())
    return name if name in PERIODS or _DAYS.fullmatch(name) else ""


def second_of_day(text: str) -> int | None:
    """How late a clock says it is (`9:00`, `08:00:00`, `24:00` as the end of a day); None where it is no such time."""
    match = _CLOCK.fullmatch(text.strip())
    if match is None:
        return None
    hours, minutes, seconds = (int(match[part] or 0) for part in ("hour", "minute", "second"))
    found = hours * 3600 + minutes * 60 + seconds
    return found if minutes < 60 and seconds < 60 and found <= 86400 else None


_CLOCK = re.compile(r"(?P<hour>\d\d?):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.0+)?)?", re.ASCII)

# Seen from Close's clients: 2018-07-17, "2014-01-01 08:00:00", 2019-01-01T00:00:00.000+0000, 2024-01-01T00:00.
_DATE = re.compile(
    r"(?P<year>\d{4})(?:[-/](?P<month>\d\d?)(?:[-/](?P<day>\d\d?)"
    r"(?:[T ]+(?P<hour>\d\d?)(?::(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,9}))?)?)?"
    r"\s*(?P<zone>Z|[+-]\d\d(?::?\d\d)?)?)?)?)?",
    re.ASCII | re.IGNORECASE,
)
_DOTTED = re.compile(r"(\d\d?)\.\s?(\d\d?)\.\s?(\d{4})", re.ASCII)


def _iso(text: str) -> str:
    """`31.12.2025`, as it is written from Germany to Russia, in the order of ISO 8601; anything else as it is."""
    return _DOTTED.sub(r"\3-\2-\1", text.strip(), count=1) if _DOTTED.match(text.strip()) else text.strip()


def _written(match: re.Match[str], here: Here) -> Stretch:
    numbers = {name: int(match[name]) for name in ("year", "month", "day", "hour", "minute", "second") if match[name]}
    micros = int((match["fraction"] or "").ljust(6, "0")[:6])
    given = {"month": 1, "day": 1} | numbers
    start = datetime(**given, microsecond=micros, tzinfo=_zone(match["zone"], here.zone))
    if "day" not in numbers:
        end = _months_later(start, 1 if "month" in numbers else 12)
    elif "hour" not in numbers:
        end = _midnight(start.date() + timedelta(days=1), here.zone)
    elif match["fraction"]:
        end = start + timedelta(microseconds=10 ** (6 - min(6, len(match["fraction"]))))
    else:
        end = start + timedelta(seconds=1 if "second" in numbers else 60 if "minute" in numbers else 3600)
    return Stretch(start.astimezone(UTC), end.astimezone(UTC))


def _zone(text: str | None, local: tzinfo) -> tzinfo:
    if not text:
        return local
    return datetime.strptime("+0000" if text in "Zz" else text.replace(":", "").ljust(5, "0"), "%z").tzinfo or UTC


def _when(moment: Moment, here: Here) -> datetime:
    if isinstance(moment, Now):
        return here.now
    if isinstance(moment, FixedUtc):
        return moment.at
    if isinstance(moment, LocalTime):
        return moment.at.replace(tzinfo=here.zone)
    if isinstance(moment, LocalDay):
        return _day_end(moment.day, moment.which, here)
    if isinstance(moment, Period):
        first, after = _days_of(moment.name, here.now.astimezone(here.zone).date())
        return _midnight(first if moment.which is Which.START else after, here.zone)
    return _shifted(moment, here)


def _shifted(moment: Offset, here: Here) -> datetime:
    # Years and months are counted where the asker lives: "a month ago" keeps the day and the clock of that place.
    origin = _when(moment.origin, here).astimezone(here.zone)
    moved = _months_later(origin, moment.sign * moment.shift.months) if moment.shift.months else origin
    moved = (moved.astimezone(UTC) + moment.sign * timedelta(seconds=moment.shift.seconds)).astimezone(here.zone)
    return _day_end(moved.date(), moment.which_day_end, here) if moment.which_day_end else moved


def _days_of(name: str, today: date) -> tuple[date, date]:
    """The first day of a period, and the first day after it."""
    near = {"yesterday": -1, "today": 0, "tomorrow": 1}
    if name in near:
        first = today + timedelta(days=near[name])
        return first, first + timedelta(days=1)
    if name == "all-time":
        return _ALL_TIME
    if days := _DAYS.fullmatch(name):
        ahead, count = days["which"] == "next", timedelta(days=int(days["count"]))
        tomorrow = today + timedelta(days=1)
        return (today, today + count) if ahead else (tomorrow - count, tomorrow)
    which, _, unit = name.partition("-")
    step = {"last": -1, "this": 0, "next": 1}[which]
    if unit == "week":
        monday = today + timedelta(days=7 * step - today.weekday())
        return monday, monday + timedelta(days=7)
    months = {"month": 1, "quarter": 3, "year": 12}[unit]
    first = today.replace(day=1, month=(today.month - 1) // months * months + 1)
    return _month_moved(first, months * step), _month_moved(first, months * (step + 1))


def _month_moved(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _months_later(moment: datetime, months: int) -> datetime:
    if abs(months) > FARTHEST_YEARS * 12:
        raise OverflowError
    return datetime.combine(_month_moved(moment.date(), months), moment.timetz())


def _day_end(day: date, which: Which, here: Here) -> datetime:
    return _midnight(day if which is Which.START else day + timedelta(days=1), here.zone)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone)

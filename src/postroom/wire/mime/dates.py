"""The Date header to a moment in UTC, in every form that is still seen. What is no date is None."""

import re
from datetime import UTC, datetime, timedelta

# By the first letters; after the English names those that programs write which take them from the user's language.
_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11,
    "dec": 12, "mär": 3, "mrz": 3, "mai": 5, "okt": 10, "dez": 12, "fév": 2, "avr": 4, "aoû": 8, "déc": 12,
    "ene": 1, "abr": 4, "ago": 8, "dic": 12, "gen": 1, "mag": 5, "giu": 6, "lug": 7, "set": 9, "ott": 10, "fev": 2,
    "out": 10, "mei": 5, "maj": 5, "sie": 8, "lip": 7, "gru": 12,
}  # fmt: skip

# RFC 5322 4.3: the North American names; Z and UT are UTC, the military letters say nothing.
_ZONES = {
    "ut": 0, "utc": 0, "gmt": 0, "z": 0, "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420,
    "mdt": -360, "pst": -480, "pdt": -420, "cet": 60, "cest": 120, "met": 60, "mest": 120, "bst": 60, "eet": 120,
    "eest": 180, "wet": 0, "west": 60, "msk": 180, "msd": 240, "ist": 330, "jst": 540, "kst": 540, "sast": 120,
    "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780, "hst": -600, "akst": -540, "akdt": -480,
}  # fmt: skip

_USUAL = re.compile(
    r"(?:[A-Za-z]{3},)?\s*(\d{1,2})\s+([A-Za-z]{3})\s+(\d{4})\s+(\d\d):(\d\d)(?::(\d\d))?\s+([+-])(\d\d)(\d\d)\b"
)
_ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:[.,]\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?", re.I
)
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:[.,]\d+)?\s*([ap]\.?m\b\.?)?", re.I)
_DAY_MONTH_YEAR = re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?[\s\-./,]+([^\W\d_]{3,9})\.?[\s\-./,]+(\d{2,4})(?!\d)")
_MONTH_DAY = re.compile(r"([^\W\d_]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?\b")
_YEAR = re.compile(r"(?<![\d:+\-])(\d{4})(?![\d:])")
_OFFSET = re.compile(r"(?:GMT|UTC|UT)?\s*([+-])\s?(\d{1,2}):?(\d{2})\b", re.I)
_ZONE_NAME = re.compile(r"\b([A-Za-z]{1,4})\b")
_COMMENT = re.compile(r"\([^()]*\)")
_LONGEST = 200

_Clock = tuple[int, int, int]


def parse_date(value: str) -> datetime | None:
    """The moment in UTC; None for what is not a date between the years 1900 and 9999. No zone reads as UTC."""
    usual = _USUAL.match(value)
    if usual is None:
        return _unusual(value)
    day, month_name, year, hour, minute, second, sign, zone_hours, zone_minutes = usual.groups()
    month = _month(month_name)
    if month is None:
        return None
    offset = int(zone_hours) * 60 + int(zone_minutes)
    clock = (int(hour), int(minute), int(second or 0))
    return _moment((int(year), month, int(day)), clock, -offset if sign == "-" else offset)


def _moment(day: tuple[int, int, int], clock: _Clock, offset_minutes: int) -> datetime | None:
    if day[0] < 1900 or abs(offset_minutes) > 24 * 60:
        return None
    try:
        # RFC 5322 3.3 allows second 60 (a leap second); Python does not.
        local = datetime(*day, clock[0], clock[1], min(clock[2], 59) if clock[2] <= 60 else 99, tzinfo=UTC)
        return local - timedelta(minutes=offset_minutes) if offset_minutes else local
    except (ValueError, OverflowError):
        return None


def _unusual(value: str) -> datetime | None:
    if len(value) > _LONGEST:
        value = value[:_LONGEST]
    text = _COMMENT.sub(" ", value).strip()
    if iso := _ISO.match(text):
        return _from_iso(iso)
    day = _find_day(text)
    if day is None:
        return None
    clock, after = _find_clock(text)
    return _moment(day, clock, _find_zone(after))


def _from_iso(found: re.Match[str]) -> datetime | None:
    year, month, day, hour, minute, second, zone = found.groups()
    offset = 0
    if zone and zone not in "zZ":
        digits = zone[1:].replace(":", "")
        offset = (int(digits[:2]) * 60 + int(digits[2:])) * (-1 if zone[0] == "-" else 1)
    return _moment((int(year), int(month), int(day)), (int(hour or 0), int(minute or 0), int(second or 0)), offset)


def _find_day(text: str) -> tuple[int, int, int] | None:
    for found in _DAY_MONTH_YEAR.finditer(text):
        if month := _month(found[2]):
            return _full_year(found[3]), month, int(found[1])
    # asctime and its kin: "Wed May 16 15:58:40 2001".
    for found in _MONTH_DAY.finditer(text):
        if (month := _month(found[1])) and (year := _YEAR.search(text, found.end())):
            return int(year[1]), month, int(found[2])
    return None


def _month(name: str) -> int | None:
    """ "juin" and "juillet" share their first letters; all other names differ by the third."""
    return 7 if name[:4].lower() == "juil" else 6 if name[:4].lower() == "juin" else _MONTHS.get(name[:3].lower())


def _full_year(digits: str) -> int:
    """RFC 5322 4.3: two digits up to 49 are this century, 50 and up and three digits the last."""
    year = int(digits)
    if len(digits) == 2:
        return year + (2000 if year < 50 else 1900)
    return year + 1900 if len(digits) == 3 else year


def _find_clock(text: str) -> tuple[_Clock, str]:
    """The time of day, and the text after it, where the zone stands. No time reads as midnight."""
    for found in _CLOCK.finditer(text):
        if ":" not in found[0] and found[3] is None:
            continue
        hour = int(found[1])
        if found[4]:
            hour = hour % 12 + (12 if found[4][0] in "pP" else 0)
        return (hour, int(found[2]), int(found[3] or 0)), text[found.end() :]
    return (0, 0, 0), ""


def _find_zone(text: str) -> int:
    """Minutes east of UTC."""
    if found := _OFFSET.search(text):
        minutes = int(found[2]) * 60 + int(found[3])
        return -minutes if found[1] == "-" else minutes
    for name in _ZONE_NAME.findall(text):
        if name.lower() in _ZONES:
            return _ZONES[name.lower()]
    return 0

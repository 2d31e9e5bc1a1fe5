"""Until when somebody is away, as their out-of-office reply says. Only a date beside words of coming back counts.

Reply programs send whatever their user typed; no field of a header carries the day (RFC 3834 knows none). So a day is
read only where it is certain which one is meant: never out of "05/06", which is May or June.
"""

import re
from datetime import date, timedelta

_MOST = 4_000
_LONGEST_ABSENCE = timedelta(days=550)
_HALF_A_YEAR = timedelta(days=183)
_NEAR = 48
"""Characters between the words and the day."""

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jänner janvier janv enero gennaio januari",
            "february feb februar février févr fevrier febrero febbraio februari",
            "march mar märz maerz mrz mars marzo maart",
            "april apr avril avr abril aprile",
            "may mai mayo maggio mei",
            "june jun juni juin junio giugno",
            "july jul juli juillet juil julio luglio",
            "august aug août aout agosto augustus",
            "september sep sept septembre septiembre settembre",
            "october oct oktober okt octobre octubre ottobre",
            "november nov novembre noviembre",
            "december dec dezember dez décembre decembre diciembre dicembre december",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY = re.compile(
    rf"""(?<![\d.:/-])(?:
        (?P<iso>\d{{4}}-\d{{2}}-\d{{2}})
      | (?P<d1>\d{{1,2}})\.\s?(?P<m1>\d{{1,2}})\.(?:\s?(?P<y1>\d{{4}}|\d{{2}}))?
      | (?P<d2>\d{{1,2}})(?:\.|st|nd|rd|th|er|º|°)?\s(?:of\s|de\s|d')?(?P<m2>{_MONTH})\b\.?
        (?:,?\s(?:de\s)?(?P<y2>\d{{4}}))?
      | (?P<m3>{_MONTH})\b\.?\s(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s(?P<y3>\d{{4}}))?
      | (?P<a4>\d{{1,2}})/(?P<b4>\d{{1,2}})/(?P<y4>\d{{4}})
    )(?![\d/-]|:\d)""",
    re.I | re.X,
)
_BEFORE = re.compile(
    r"\b(?:until|till|through|thru|to|back|return(?:s|ing)?|resume|again on|available (?:again )?(?:from|on)"
    r"|bis(?: einschließlich| zum)?|ab(?: dem)?|wieder|zurück|rückkehr"
    r"|jusqu'?au|retour|à partir du|hasta|regres\w+|vuelv\w+|a partir del|fino a[l]?|rientr\w+|torner\w+|dal"
    r"|tot(?: en met)?|t/m|terug|weer|vanaf|til|tillbaka|tilbage|igen)\b",
    re.I,
)
_AFTER = re.compile(r"\s?(?:wieder|zurück|erreichbar|inclusive|inclus|inbegrepen|weer|terug|igen)\b", re.I)
# What stands between: a little, and not the end of a sentence about something else.
_STOPS = re.compile(r"[!?;\n]|\.\s")


def returns_on(subject: str, text: str, sent: date) -> date | None:
    """The latest day that the reply gives for coming back; None where it gives none for certain.

    A day without a year is the one nearest to when the reply was sent.
    """
    words = " ".join(f"{subject}. {text[:_MOST]}".replace("’", "'").split(" "))
    found = [day for match in _DAY.finditer(words) if _is_about_return(words, match) and (day := _day(match, sent))]
    return max((day for day in found if sent <= day <= sent + _LONGEST_ABSENCE), default=None)


def _is_about_return(words: str, day: re.Match[str]) -> bool:
    before = words[max(0, day.start() - _NEAR) : day.start()]
    told = list(_BEFORE.finditer(before))
    if told and not _STOPS.search(before, told[-1].end()):
        return True
    return bool(_AFTER.match(words, day.end()))


def _day(found: re.Match[str], sent: date) -> date | None:
    if found["iso"]:
        return _date(*map(int, found["iso"].split("-")))
    if found["a4"]:
        first, second, year = int(found["a4"]), int(found["b4"]), int(found["y4"])
        if first <= 12 and second <= 12 and first != second:
            return None
        return _date(year, second, first) if first > 12 else _date(year, first, second)
    if found["d1"]:
        return _with_year(found["y1"], int(found["m1"]), int(found["d1"]), sent)
    if found["d2"]:
        return _with_year(found["y2"], _MONTHS[found["m2"].lower()], int(found["d2"]), sent)
    return _with_year(found["y3"], _MONTHS[found["m3"].lower()], int(found["d3"]), sent)


def _with_year(year: str | None, month: int, day: int, sent: date) -> date | None:
    if year:
        return _date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    this = _date(sent.year, month, day)
    # In November "7 January" is the next one; "20 October" has been.
    return this if this is None or sent - this < _HALF_A_YEAR else _date(sent.year + 1, month, day)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None

"""What may be done to a variable before it is written: `{{ contact.first_name | capitalize | default: "there" }}`.

An empty value stays empty through every filter, so that `default` may stand at any place. No filter makes a text much
longer than it was, and none runs over long texts.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote

from postroom.ground.errors import Invalid

LONGEST_FILTERED = 10_000
"""Characters of a value that a filter takes: hundreds of filters over a megabyte would hold the sender up."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A value that is written already, in both forms: a signature. It goes into HTML as it is."""

    html: str
    text: str


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter: how it is called, with how many arguments, and what it does in words."""

    apply: Callable[..., object]
    meaning: str
    arguments: tuple[int, int] = (0, 0)

    def __call__(self, value: object, *arguments: object) -> object:
        """The value filtered. Raises Invalid for a text that is too long."""
        if is_empty(value) and self.apply is not _default:
            return value
        if isinstance(value, str) and len(value) > LONGEST_FILTERED:
            raise Invalid(f"A filter takes at most {LONGEST_FILTERED:,} characters.")
        return self.apply(value, *arguments)


def is_empty(value: object) -> bool:
    """Whether nothing would be written: no value, blanks only, or something that is no text or number."""
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, Ready):
        return not value.html.strip()
    return not isinstance(value, bool | int | float | date) and not (
        isinstance(value, list) and any(not is_empty(one) for one in value)
    )


def shown(value: object) -> str:
    """A value as it is written. Lists stand with commas."""
    if isinstance(value, str):
        return value
    if isinstance(value, Ready):
        return value.text
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list):
        return ", ".join(shown(one) for one in value if not is_empty(one))
    if isinstance(value, int | float | date):
        return str(value)
    return ""


def _default(value: object, fallback: object) -> object:
    return fallback if is_empty(value) else value


def _capitalize(value: object) -> str:
    text = shown(value)
    text = text.lower() if text.isupper() else text
    return text[:1].upper() + text[1:]


def _title(value: object) -> str:
    """`o'neil` becomes `O'Neil`, `McDonald` stays, `JANE DOE` becomes `Jane Doe`."""
    text = shown(value)
    text = text.lower() if text.isupper() else text
    return _NAME_BEGIN.sub(lambda found: found[0].upper(), text)


def _truncate(value: object, length: object = 50, end: object = "…") -> str:
    text, most = shown(value), _whole(length)
    tail = shown(end)[: max(0, most)]
    return text if len(text) <= most else text[: max(0, most - len(tail))].rstrip() + tail


def _date(value: object, form: object = "%d %B %Y") -> object:
    """A date in words; what is no date stays as it is."""
    day = _day(value)
    if day is None:
        return value
    return _DIRECTIVE.sub(lambda found: _part(day, found[1]), shown(form))


def _day(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value
    try:
        return datetime.fromisoformat(shown(value).strip())
    except ValueError:
        return None


def _part(day: datetime, directive: str) -> str:
    """One directive of strftime. Only these: others depend on the machine, and widths (`%9999d`) fill its memory."""
    if directive == "%":
        return "%"
    if directive in ("-d", "e"):
        return str(day.day)
    if directive == "-m":
        return str(day.month)
    if directive == "Y":
        return f"{day.year:04}"
    if directive in ("A", "a"):
        name = _DAYS[day.weekday()]
        return name if directive == "A" else name[:3]
    if directive in ("B", "b"):
        name = _MONTHS[day.month - 1]
        return name if directive == "B" else name[:3]
    return day.strftime(f"%{directive}")


def _whole(value: object) -> int:
    text = shown(value).strip()
    if not re.fullmatch(r"\d{1,6}", text):
        raise Invalid(f"truncate takes a whole number, not {text[:40]!r}.")
    return int(text)


_NAME_BEGIN = re.compile(r"(?:^|(?<=[\s\-(])|(?<=\b[OoDd]['’]))\w")
_DIRECTIVE = re.compile(r"%(-d|-m|[%dmYyBbAaHMSIpej])")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip

FILTERS: Mapping[str, Filter] = {
    "default": Filter(_default, "What to write where there is no value", (1, 1)),
    "capitalize": Filter(_capitalize, "First letter large"),
    "title": Filter(_title, "First letter of each word large"),
    "upper": Filter(lambda value: shown(value).upper(), "All letters large"),
    "lower": Filter(lambda value: shown(value).lower(), "All letters small"),
    "truncate": Filter(_truncate, "At most so many characters", (0, 2)),
    "date": Filter(_date, "A date in words", (0, 1)),
    "strip": Filter(lambda value: shown(value).strip(), "Without blanks around it"),
    "url_encode": Filter(lambda value: quote(shown(value), safe=""), "For use inside of a link"),
    # Liquid's own names for two of them, which templates brought from elsewhere use.
    "upcase": Filter(lambda value: shown(value).upper(), "All letters large"),
    "downcase": Filter(lambda value: shown(value).lower(), "All letters small"),
}

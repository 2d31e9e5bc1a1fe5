"""Telephone numbers: kept and compared in one form (E.164, `+4930123456`), however they were typed. Pure.

A number without its country is that of a region: of the lead's address, or of whoever types it.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from phonenumbers import (
    SUPPORTED_REGIONS,
    NumberParseException,
    PhoneNumber,
    PhoneNumberFormat,
    format_number,
    is_possible_number,
    parse,
    region_code_for_number,
)

from postroom.rooms.leads.lead import Phone

FEWEST_DIGITS = 7
"""Of a number's end that may be looked for alone."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is kept, as people read it, and the region that it belongs to, "" where that is not known."""

    phone: str
    formatted: str
    country: str = ""


def number_of(text: str, regions: Sequence[str] = ()) -> Number:
    """The number that was typed, read in the first of the regions that fits; what is none stays as it is."""
    tidy = " ".join(unicodedata.normalize("NFKC", text).split())
    for region in (*known_regions(regions), None):
        read = _read(tidy, region)
        if read is not None:
            extension = f"x{read.extension}" if read.extension else ""
            formatted = format_number(read, PhoneNumberFormat.INTERNATIONAL)
            country = region_code_for_number(read) or ""
            return Number(_e164(read) + extension, formatted, country if country in SUPPORTED_REGIONS else "")
    return Number(_bare(tidy) or tidy, tidy)


def kept(phones: Iterable[Phone], regions: Sequence[str]) -> tuple[Phone, ...]:
    """Telephone numbers as a contact keeps them; one that names its country is of that."""
    read = [(phone.type, number_of(phone.phone, (phone.country, *regions))) for phone in phones]
    return tuple(Phone(number.phone, kind, number.formatted, number.country) for kind, number in read)


def known_regions(regions: Iterable[str]) -> tuple[str, ...]:
    """Those that are countries by two letters, each once."""
    return tuple(dict.fromkeys(one for region in regions if (one := region.strip().upper()) in SUPPORTED_REGIONS))


def forms_of(text: str, regions: Sequence[str]) -> tuple[str, ...]:
    """All that a number which somebody looks for may be kept as; nothing where it is no number."""
    tidy = unicodedata.normalize("NFKC", text).strip()
    read = [one for region in (*known_regions(regions), None) if (one := _read(tidy, region)) is not None]
    found = [_e164(one) for one in read]
    return tuple(dict.fromkeys([*found, *([bare] if (bare := _bare(tidy)) else [])]))


def ending_of(text: str) -> str:
    """The digits that the end of a number kept with its country must be; "" of what says its country, or is short."""
    bare = _bare(unicodedata.normalize("NFKC", text).strip())
    national = bare.lstrip("0")
    return national if not bare.startswith(("+", "00")) and len(national) >= FEWEST_DIGITS else ""


def region_of_zone(zone: str) -> str:
    """The country that a time zone lies in (`DE` of Europe/Berlin), "" where it is none's."""
    return _zones().get(zone, "")


_PUNCTUATION = re.compile(r"[\s().\-/–‐‑]+")
_WRITTEN = re.compile(r"(?:tel[.:\s]*)?[+\d\s().\-/–‐‑]+(?:(?:ext[.\s]*|x|#)\s*\d{1,7})?", re.IGNORECASE)
"""What is read as a number; a remark beside it (`only mornings`) is never lost."""
FEWEST_NATIONAL = 5
"""Digits of a number without its country: what is shorter is a line of somebody's house."""
_NUMBER = re.compile(r"\+?\d{3,20}", re.ASCII)


def _bare(text: str) -> str:
    """The digits with their plus sign; "" where anything but a number is typed."""
    bare = _PUNCTUATION.sub("", text)
    return bare if _NUMBER.fullmatch(bare) else ""


def _read(text: str, region: str | None) -> PhoneNumber | None:
    written = f"+{text[2:]}" if region is None and text.startswith("00") else text
    if not _WRITTEN.fullmatch(text) or ("+" not in written and len(_digits(text)) < FEWEST_NATIONAL):
        return None
    try:
        number = parse(written, region)
    except NumberParseException:
        return None
    return number if is_possible_number(number) else None


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _e164(number: PhoneNumber) -> str:
    return str(format_number(number, PhoneNumberFormat.E164))


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    """By time zone, the country: the table of the time zone database."""
    lines = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return {row[2]: row[0] for row in rows}

"""One row of a file as what it says about a lead and its contact. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from postroom.ground.errors import Invalid
from postroom.rooms.imports.columns import CONTACT_NAME, CUSTOM, EMAIL, FIRST_NAME, LAST_NAME, LEAD_NAME
from postroom.wire.mime.address_key import address_key
from postroom.wire.mime.addresses import is_valid

LONGEST = 10_000
"""Characters of a cell."""
_SEVERAL = re.compile(r"[,;\n]+")
_PLACES = ("address_1", "address_2", "city", "state", "zipcode", "country")


@dataclass(frozen=True, slots=True)
class Drafted:
    """What a row says; "" and empty where it says nothing. `place` are the parts of a postal address."""

    lead_name: str
    url: str = ""
    description: str = ""
    status: str = ""
    place: dict[str, str] = field(default_factory=dict)
    custom: dict[str, str] = field(default_factory=dict)
    contact_name: str = ""
    title: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[tuple[str, str], ...] = ()
    urls: tuple[str, ...] = ()
    region: str = ""
    """The country of whoever brings the file: its telephone numbers may be without one."""

    @property
    def has_contact(self) -> bool:
        """Whether it says anything about a person."""
        return bool(self.contact_name or self.emails or self.phones)

    @property
    def keys(self) -> tuple[str, ...]:
        """Its addresses in the form in which they are compared."""
        return tuple(dict.fromkeys(address_key(one) for one in self.emails))


def drafted(cells: Sequence[str], mapping: Sequence[str]) -> Drafted:
    """The row read. Raises Invalid with what is wrong, as a sentence for the person who has made the file."""
    of: dict[str, list[str]] = {}
    for target, cell in zip(mapping, cells, strict=False):
        if len(cell) > LONGEST:
            raise Invalid(f"A cell has more than {LONGEST:,} characters.")
        if target and cell:
            of.setdefault(target, []).append(_without_mark(cell))
    emails = _split(of.get(EMAIL, []))
    for email in emails:
        if not is_valid(email):
            raise Invalid(f"{email!r} is not an email address.")
    first, last = _one(of, FIRST_NAME), _one(of, LAST_NAME)
    contact_name = _one(of, CONTACT_NAME) or f"{first} {last}".strip()
    name = _one(of, LEAD_NAME) or contact_name or (emails[0].rpartition("@")[2] if emails else "")
    if not name:
        raise Invalid("The row names no lead, no contact and no email address.")
    phones = [(phone, "office") for phone in _split(of.get("contact.phone", []))]
    phones += [(phone, "mobile") for phone in _split(of.get("contact.mobile", []))]
    return Drafted(
        name, _one(of, "lead.url"), "\n".join(of.get("lead.description", [])), _one(of, "lead.status"),
        {part: found for part in _PLACES if (found := _one(of, f"lead.{part}"))},
        {target.removeprefix(CUSTOM): values[0] for target, values in of.items() if target.startswith(CUSTOM)},
        contact_name, _one(of, "contact.title"), emails, tuple(dict.fromkeys(phones)),
        tuple(dict.fromkeys(of.get("contact.url", []))),
    )  # fmt: skip


def _one(of: dict[str, list[str]], target: str) -> str:
    return of.get(target, [""])[0]


def _split(cells: Sequence[str]) -> tuple[str, ...]:
    """Several values of one cell, without repeats."""
    found = (value.strip().removeprefix("mailto:") for cell in cells for value in _SEVERAL.split(cell))
    return tuple(dict.fromkeys(value for value in found if value))


def _without_mark(cell: str) -> str:
    """Without the mark that exports put before what a spreadsheet would run (`'=1+1`, `'+49 30`)."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@") else cell

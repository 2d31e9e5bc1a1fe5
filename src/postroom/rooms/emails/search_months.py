"""The months in which emails are looked for: what the index of words knows of the time of an email. Pure.

A month of an organization is one number, so that the index leaves all other organizations aside as well. Two that have
the same number by chance do no harm: whoever asks compares the time itself.
"""

import hashlib
from datetime import UTC, datetime, timedelta

MOST_MONTHS = 12
"""That are named to the index; for a longer stretch it is quicker to ask of all time."""


def month_of(organization_id: str, moment: datetime) -> int:
    """The number of the month of a moment; migration 0034 writes the same."""
    return _number(organization_id, moment.astimezone(UTC))


def months_between(organization_id: str, since: datetime, until: datetime) -> list[int] | None:
    """The numbers of all months from one moment to another; None where they are too many to name."""
    at, last = since.astimezone(UTC), until.astimezone(UTC)
    count = 12 * (last.year - at.year) + last.month - at.month + 1
    if count > MOST_MONTHS:
        return None
    first = at.replace(day=1)
    return [_number(organization_id, _months_on(first, number)) for number in range(count)]


def start_of_month(moment: datetime, back: int) -> datetime:
    """The beginning of the month of a moment, or of the one so many months before; of the first year at the least."""
    at = moment.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return _months_on(at, -min(back, 12 * (at.year - 1)))


def moment_before(moment: datetime) -> datetime:
    """The last one that PostgreSQL tells from this one."""
    return moment - timedelta(microseconds=1)


def _months_on(first: datetime, months: int) -> datetime:
    years, month = divmod(first.month - 1 + months, 12)
    return first.replace(year=first.year + years, month=month + 1)


def _number(organization_id: str, at: datetime) -> int:
    """Four bytes of a hash, as PostgreSQL takes an integer."""
    name = f"{organization_id} {at.year:04}-{at.month:02}".encode()
    return int.from_bytes(hashlib.md5(name, usedforsecurity=False).digest()[:4], "big", signed=True)

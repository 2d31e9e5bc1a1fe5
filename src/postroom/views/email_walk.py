"""The newest emails with some words, in two ways: one email is looked at after the other, from the newest on, which
soon meets what is common; or the index of words is asked for one stretch of months after the other, which finds what is
rare. The first look tells how often the words stand there, and so which way it is and how long a stretch.

Emails with the words in their headers come first; then those that have them elsewhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from psycopg import errors

from postroom.ground.database import Transaction
from postroom.rooms.emails.search_months import moment_before, months_between, start_of_month
from postroom.views.email_words import Sought, SoughtWords
from postroom.views.search_full_text import unveiled
from postroom.views.time_limit import limit_time, limited

MOST_MILLISECONDS = 5_000
"""For all that is asked of the index together."""
GLANCE = 1_000
"""So many of the newest emails are looked at first: what stands in one of twenty has filled a page by then."""
LONGEST_LOOK = 6_000
"""So many are looked at one by one where that is likely to fill the page."""
LOOKED_UP = 2_000
"""So many emails are taken from the index at once; in one month all there are."""
FEW = 3_000
"""If other conditions leave no more emails than this, they are asked before the words."""
FEW_MILLISECONDS = 300
MOST_WEIGHED = 8
"""Words of which the planner is asked how rare they are."""
_SPARE = 1.4
"""So much more than seems to be needed is looked at, since chance is not even."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked of `emails e` besides words, with its values, and the time that they must lie in (both ends
    included), as far as the condition says it."""

    condition: str
    values: Mapping[str, Any]
    since: datetime | None = None
    until: datetime | None = None
    begun: datetime | None = None
    """When the search began, by the database's clock."""

    @property
    def organization_id(self) -> str:
        """Whose emails."""
        return str(self.values["organization_id"])


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was met in one place of emails: those that are meant, and how many have the words whatever else is asked."""

    ids: tuple[str, ...] = ()
    number: int = 0

    def with_more(self, rows: Sequence[tuple[str, bool, bool]]) -> "_Seen":
        return _Seen((*self.ids, *(one for one, _, is_meant in rows if is_meant)), self.number + len(rows))


@dataclass(frozen=True, slots=True)
class _Look:
    """So many of the newest emails were looked at. `until`: those up to then were not; None when all were."""

    until: datetime | None
    looked: int = 0
    in_headers: _Seen = _Seen()
    elsewhere: _Seen = _Seen()


async def newest_ranked(tx: Transaction, asking: Asking, words: SoughtWords, most: int) -> list[str]:
    """Ids, those with the words in their headers before the others, each the newest first."""
    row = await (await tx.execute("select clock_timestamp()")).fetchone()
    asking = replace(asking, begun=row[0] if row else None)
    look = await _look_on(tx, asking, words, (_Look(asking.until), GLANCE, _ALL))
    few = await _among_few(tx, asking, words) if await _are_few(tx, asking, look, most) else None
    if few is not None:
        return few[:most]
    look = await _look_longer(tx, asking, words, (look, most))
    found = await _further(tx, asking, words.headers, (look, look.in_headers, most))
    if words.headers != words.anywhere and len(found) < most:
        found += await _further(tx, asking, words.elsewhere, (look, look.elsewhere, most - len(found)))
    await limit_time(tx, MOST_MILLISECONDS)
    return found[:most]


async def newest(tx: Transaction, asking: Asking, words: Sought, most: int) -> list[str]:
    """Ids, the newest first, wherever the words stand."""
    return await newest_ranked(tx, asking, SoughtWords(words, words), most)


async def _look_longer(tx: Transaction, asking: Asking, words: SoughtWords, so_far: tuple[_Look, int]) -> _Look:
    """Look at more emails where that seems to fill the page."""
    look, most = so_far
    missing = most - len(look.in_headers.ids)
    if look.until is None or missing <= 0 or not look.in_headers.ids:
        return look
    likely = int(missing * look.looked / len(look.in_headers.ids) * _SPARE)
    # To see that an email is not meant costs less than to see what words it has.
    longest = LONGEST_LOOK * 10 * look.in_headers.number // (4 * look.in_headers.number + 6 * len(look.in_headers.ids))
    if likely > longest:
        return look
    meant = f"{unveiled('e')} and {asking.condition}"
    longer = await _look_on(tx, asking, words, (look, likely, meant))
    return replace(
        longer,
        looked=look.looked,
        in_headers=replace(longer.in_headers, number=look.in_headers.number),
        elsewhere=replace(longer.elsewhere, number=look.elsewhere.number),
    )


async def _look_on(tx: Transaction, asking: Asking, words: SoughtWords, further: tuple[_Look, int, str]) -> _Look:
    """Look at so many more emails, those alone that fulfil a condition."""
    look, number, condition = further
    values = {**asking.values, "since": asking.since, "until": look.until, "number": number}
    row = await (await tx.execute(_EDGE, values, prepare=False)).fetchone()
    count, edge = row or (0, None)
    values |= {"edge": edge if count == number else None, "words": words.anywhere.exact}
    await _go(tx, _ONE_BY_ONE)
    found = await (
        await tx.execute(
            f"select e.id, s.words @@ %(headers)s::tsquery, ({unveiled('e')} and {asking.condition}) is true"
            f" from ({_newest_with(condition)}) e"
            " join email_search s on s.organization_id = e.organization_id and s.email_id = e.id"
            " where s.words @@ %(words)s::tsquery order by e.activity_at desc, e.id",
            {**values, "headers": words.headers.exact},
            prepare=False,
        )
    ).fetchall()
    await _go(tx, _AS_USUAL)
    return replace(
        look,
        until=edge if count == number else None,
        looked=look.looked + count,
        in_headers=look.in_headers.with_more([row for row in found if row[1]]),
        elsewhere=look.elsewhere.with_more([row for row in found if not row[1]]),
    )


async def _are_few(tx: Transaction, asking: Asking, look: _Look, most: int) -> bool:
    """Whether a look was not enough and the other conditions alone leave few emails, as far as the planner knows."""
    if look.until is None or len(look.in_headers.ids) >= most:
        return False
    return await _expected(tx, f"select 1 from emails e where {asking.condition}", asking.values) <= FEW


async def _among_few(tx: Transaction, asking: Asking, words: SoughtWords) -> list[str] | None:
    """All that are meant, ranked, by the other conditions first; None if that takes long."""
    values = {**asking.values, "words": words.anywhere.exact, "headers": words.headers.exact}
    try:
        async with limited(tx, FEW_MILLISECONDS):
            await _go(tx, _NOT_BY_WORDS)
            rows = await tx.execute(
                "select e.id from emails e join email_search s on s.organization_id = e.organization_id"
                f" and s.email_id = e.id where {unveiled('e')} and {asking.condition} and s.words @@ %(words)s::tsquery"
                " order by s.words @@ %(headers)s::tsquery desc, e.activity_at desc, e.id",
                values,
                prepare=False,
            )
            return [row[0] for row in await rows.fetchall()]
    except errors.QueryCanceled:
        return None


async def _further(tx: Transaction, asking: Asking, words: Sought, so_far: tuple[_Look, _Seen, int]) -> list[str]:
    """Those that were seen, and as many more as are wanted, from the index of words."""
    look, seen, most = so_far
    found, missing = list(seen.ids), most - len(seen.ids)
    if look.until is None or missing <= 0 or not words:
        return found
    age = await _age(tx, asking)
    if age is None:
        return found
    if (
        seen.number * age.emails <= look.looked * LOOKED_UP * _SPARE
        and (hits := await _hits_of_rarest(tx, asking, words, age)) is not None
    ):
        return found + await _meant(tx, asking, (hits, (asking.since, look.until)), missing)
    return found + await _month_by_month(
        tx, asking, words, (look, age, _first_months(look, seen, age, missing), missing)
    )


async def _month_by_month(
    tx: Transaction, asking: Asking, words: Sought, so_far: tuple[_Look, "_Age", int, int]
) -> list[str]:
    """The newest that were not looked at, from one stretch of months after the other."""
    look, age, months, most = so_far
    found: list[str] = []
    until = look.until
    while until is not None and until >= age.oldest and len(found) < most:
        start = start_of_month(until, months)
        is_rest = start <= age.oldest
        stretch = (asking.since if is_rest else start, until)
        hits = await _hits(tx, asking, words, (stretch, age.oldest, LOOKED_UP if months else None))
        if hits is None:
            months = min(months, _span(age.oldest, until)) // 4
            continue
        met = await _meant(tx, asking, (hits, stretch), most - len(found))
        found += met
        until = None if is_rest else moment_before(start)
        months = _next_months(months, (len(hits), len(met), most - len(found)))
    return found


@dataclass(frozen=True, slots=True)
class _Age:
    """When the oldest email is from that may be meant, and about how many emails there are in all."""

    oldest: datetime
    emails: float


async def _age(tx: Transaction, asking: Asking) -> _Age | None:
    """None where there is no email."""
    sql = (
        "select greatest(min(e.activity_at), '1900-01-01', %(since)s::timestamptz) from emails e"
        " where e.organization_id = %(organization_id)s"
    )
    row = await (await tx.execute(sql, {**asking.values, "since": asking.since}, prepare=False)).fetchone()
    emails = await _expected(tx, "select 1 from emails e where e.organization_id = %(organization_id)s", asking.values)
    return _Age(row[0], emails) if row and row[0] else None


async def _expected(tx: Transaction, sql: str, values: Mapping[str, Any]) -> float:
    """How many rows the planner expects."""
    row = await (await tx.execute(f"explain (format json) {sql}", values, prepare=False)).fetchone()
    return float(row[0][0]["Plan"]["Plan Rows"]) if row else 0.0


def _first_months(look: _Look, seen: _Seen, age: _Age, missing: int) -> int:
    """How many months to begin with, if emails came as evenly as they never do."""
    assert look.until is not None
    of_all = look.looked / max(age.emails, 1.0) * _span(age.oldest, look.until)
    by_hits = of_all * LOOKED_UP / max(seen.number, 1)
    by_need = of_all * missing * 2 * _SPARE / max(len(seen.ids), 0.5)
    return max(1, int(min(by_hits, by_need)))


def _next_months(months: int, met: tuple[int, int, int]) -> int:
    """How long the next stretch is, by what the last one brought: hits, emails that are meant, and what is missing."""
    hits, meant, missing = met
    by_hits = months * LOOKED_UP / max(hits, 1) / 2
    by_need = months * missing * 2 * _SPARE / max(meant, 0.5)
    return max(1, int(min(by_hits, by_need, 16.0 * months)))


def _span(since: datetime, until: datetime) -> int:
    return 12 * (until.year - since.year) + until.month - since.month + 1


async def _hits_of_rarest(tx: Transaction, asking: Asking, words: Sought, age: _Age) -> list[str] | None:
    """All emails with these words, by the rarest of them; None if even that is in many.

    A beginning of a word that stands in many emails takes the index long, also beside a word that stands nowhere.
    """
    counted = []
    for one in words.each[:MOST_WEIGHED]:
        values = {"organization_id": asking.organization_id, "loose": one}
        counted.append((await _expected(tx, f"select 1 {_WITH_WORDS}", values), one))
    expected, rarest = min(counted, default=(age.emails, ""))
    if expected * 50 > max(age.emails, LOOKED_UP):
        return None
    await _go(tx, _BY_WORDS, asking.begun)
    row = await (
        await tx.execute(
            "with rarest as materialized (select s.email_id, s.words"
            f" {_WITH_WORDS} limit %(most)s) select (select count(*) from rarest),"
            " array(select s.email_id from rarest s where ts_match_vq(s.words, %(words)s::tsquery))",
            {"organization_id": asking.organization_id, "loose": rarest, "words": words.exact, "most": LOOKED_UP + 1},
            prepare=False,
        )
    ).fetchone()
    await _go(tx, _AS_USUAL)
    return list(row[1]) if row and row[0] <= LOOKED_UP else None


_Stretch = tuple[datetime | None, datetime]


async def _hits(
    tx: Transaction, asking: Asking, words: Sought, where: tuple[_Stretch, datetime, int | None]
) -> list[str] | None:
    """The emails with these words in a stretch of time, and some beside it; None if they are more than wanted."""
    (since, until), floor, most = where
    months = months_between(asking.organization_id, since or floor, until)
    exactly = "" if words.exact == words.loose else " and ts_match_vq(s.words, %(words)s::tsquery)"
    # The function of an operator is never asked of an index.
    within = " and s.months && %(months)s::integer[]" if months else ""
    sql = f"select s.email_id {_WITH_WORDS}{within}{exactly}{' limit %(most)s' if most is not None else ''}"
    await _go(tx, _BY_WORDS, asking.begun)
    rows = await tx.execute(
        sql,
        {"organization_id": asking.organization_id, "words": words.exact, "loose": words.loose, "months": months,
         "most": None if most is None else most + 1},
        prepare=False,
    )  # fmt: skip
    hits = [row[0] for row in await rows.fetchall()]
    await _go(tx, _AS_USUAL)
    return hits if most is None or len(hits) <= most else None


async def _meant(tx: Transaction, asking: Asking, among: tuple[Sequence[str], _Stretch], most: int) -> list[str]:
    """Of these emails the newest that are meant and lie in the stretch."""
    hits, (since, until) = among
    if not hits:
        return []
    rows = await tx.execute(
        f"select e.id from emails e where {unveiled('e')} and {asking.condition} and e.id = any(%(hits)s)"
        f" and {_IN_TIME} order by e.activity_at desc, e.id limit %(most)s",
        {**asking.values, "hits": list(hits), "since": since, "until": until, "most": most},
        prepare=False,
    )
    return [row[0] for row in await rows.fetchall()]


_WITH_WORDS = "from email_search s where s.organization_id = %(organization_id)s and s.words @@ %(loose)s::tsquery"
_IN_TIME = (
    "e.activity_at <= coalesce(%(until)s::timestamptz, 'infinity')"
    " and e.activity_at >= coalesce(%(since)s::timestamptz, '-infinity')"
)
_EDGE = (
    "select count(*), min(x.activity_at) from (select e.activity_at from emails e"
    f" where e.organization_id = %(organization_id)s and {_IN_TIME} order by e.activity_at desc limit %(number)s) x"
)
# What happened in the same moment as the last of them is left for later, all of it.
_ALL = "true"


def _newest_with(condition: str) -> str:
    return (
        f"select e.* from emails e where e.organization_id = %(organization_id)s and {_IN_TIME}"
        f" and e.activity_at > coalesce(%(edge)s::timestamptz, '-infinity') and {condition}"
        " order by e.activity_at desc limit %(number)s"
    )


async def _go(tx: Transaction, ways: Mapping[str, str], begun: datetime | None = None) -> None:
    """The planner knows little of how often words stand together: which index is asked says whoever knows the way.

    What follows may take as long as is left of the time since it was begun.
    """
    said = [f"set_config('enable_{name}', '{value}', true)" for name, value in ways.items()]
    if begun is not None:
        left = "greatest(%(most)s - extract(epoch from clock_timestamp() - %(begun)s::timestamptz) * 1000, 1)"
        said.append(f"set_config('statement_timeout', ({left})::integer::text, true)")
    await tx.execute(f"select {', '.join(said)}", {"most": MOST_MILLISECONDS, "begun": begun})


_ONE_BY_ONE = {"bitmapscan": "off", "seqscan": "off", "hashjoin": "off", "mergejoin": "off"}
_BY_WORDS = {"seqscan": "off", "indexscan": "off"}
_NOT_BY_WORDS = {"hashjoin": "off", "mergejoin": "off"}
_AS_USUAL = dict.fromkeys(("bitmapscan", "seqscan", "indexscan", "hashjoin", "mergejoin"), "on")

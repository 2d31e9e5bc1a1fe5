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
from postroom.views.email_reckoning import Archive, Look, Pace, emails_to_look_at, pace_of, span
from postroom.views.email_words import Sought, SoughtWords
from postroom.views.search_full_text import unveiled
from postroom.views.time_limit import limit_time, limited

MOST_MILLISECONDS = 5_000
"""For all that is asked of the index together."""
GLANCE = 1_000
"""So many of the newest emails are looked at first: what stands in one of twenty has filled a page by then."""
LONGEST_LOOK = 8_000
"""So many are looked at one by one where that is quicker than to ask the index."""
LOOKED_UP = 2_000
"""So many emails are taken from the index at once; in one month all there are."""
FEW = 3_000
"""If other conditions leave no more emails than this, they are asked before the words."""
FEW_MILLISECONDS = 300
MORE_FOR_A_BEGINNING = 5
"""So many more emails may be offered by whole words than by a beginning of many words, and it is quicker."""


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
    lastly: str = "true"
    """A condition that nearly all emails fulfil that fulfil the first one; it is asked of no others."""

    @property
    def meant(self) -> str:
        """SQL that is true of `emails e` that are meant, if they have the words."""
        return f"{unveiled('e')} and {self.condition} and {self.lastly}"

    @property
    def organization_id(self) -> str:
        """Whose emails."""
        return str(self.values["organization_id"])


async def newest_ranked(tx: Transaction, asking: Asking, words: SoughtWords, most: int) -> list[str]:
    """Ids, those with the words in their headers before the others, each the newest first."""
    row = await (await tx.execute("select clock_timestamp()")).fetchone()
    asking = replace(asking, begun=row[0] if row else None)
    words = await _without_beginnings(tx, asking, words)
    glance = look = await _look_on(tx, asking, words, (Look(asking.until), GLANCE, _ALL))
    if look.until is None or len(look.seen[0].ids) >= most:
        return [one for seen in look.seen for one in seen.ids][:most]
    archive = await _archive(tx, asking)
    if archive.left <= FEW and (few := await _among_few(tx, asking, words)) is not None:
        return few[:most]
    found: list[str] = []
    for rank, asked in enumerate((words.headers, words.elsewhere)[: 1 + (words.headers != words.anywhere)]):
        if (missing := most - len(found)) > 0:
            pace = pace_of(glance, glance.seen[rank], archive)
            look, pace = await _look_longer(tx, asking, words, (look, rank, archive, pace, missing))
            found += look.seen[rank].ids
            found += await _further(tx, asking, asked, (look, archive, pace, most - len(found)))
    await limit_time(tx, MOST_MILLISECONDS)
    return found[:most]


_Progress = tuple[Look, int, Archive, Pace, int]


async def _look_longer(tx: Transaction, asking: Asking, words: SoughtWords, so_far: _Progress) -> tuple[Look, Pace]:
    """Look at more emails as long as that is quicker than to ask the index for what is missing of a rank."""
    look, rank, archive, pace, most = so_far
    looked_at = 0
    while (missing := most - len(look.seen[rank].ids)) > 0:
        number = emails_to_look_at(look, pace, archive, missing)
        if GLANCE * archive.share + looked_at < GLANCE:
            # Few of the first ones fulfilled the other conditions: some that do tell how many it takes.
            number = min(number, GLANCE)
        elif looked_at + number > LONGEST_LOOK:
            break
        looked_at += number
        if not number:
            break
        longer = await _look_on(tx, asking, words, (look, number, asking.condition))
        passed = number / max(archive.share, 1 / archive.emails)
        met = len(longer.seen[rank].ids) - len(look.seen[rank].ids)
        look, pace = longer, pace.further(passed, pace.offered / pace.looked * passed, met)
    return look, pace


async def newest(tx: Transaction, asking: Asking, words: Sought, most: int) -> list[str]:
    """Ids, the newest first, wherever the words stand."""
    return await newest_ranked(tx, asking, SoughtWords(words, words), most)


async def _without_beginnings(tx: Transaction, asking: Asking, words: SoughtWords) -> SoughtWords:
    """The index is not asked for beginnings that many words have where other words narrow the search as well: it reads
    all emails with any of them."""
    anywhere, headers = [await _without_beginning(tx, asking, one) for one in (words.anywhere, words.headers)]
    return SoughtWords(anywhere, headers)


async def _without_beginning(tx: Transaction, asking: Asking, words: Sought) -> Sought:
    begun = [part for part in words.each if ":*" in part]
    whole = [part for part in words.each if ":*" not in part]
    if not begun or not whole:
        return words
    rarest, least = await _rarest(tx, asking, whole), await _rarest(tx, asking, begun)
    return replace(words, loose=" & ".join(whole)) if rarest <= MORE_FOR_A_BEGINNING * least else words


async def _rarest(tx: Transaction, asking: Asking, parts: Sequence[str]) -> float:
    """In how many emails the rarest of these stands, as far as the planner knows."""
    values = [{"organization_id": asking.organization_id, "loose": part} for part in parts]
    return min([await _expected(tx, f"select 1 {_WITH_WORDS}", one) for one in values])


async def _look_on(tx: Transaction, asking: Asking, words: SoughtWords, further: tuple[Look, int, str]) -> Look:
    """Look at so many more emails, those alone that fulfil a condition."""
    look, number, condition = further
    values = {**asking.values, "since": asking.since, "until": look.until, "number": number}
    await _go(tx, _ONE_BY_ONE)
    row = await (await tx.execute(_edge(condition), values, prepare=False)).fetchone()
    count, edge = row or (0, None)
    values |= {"edge": edge if count == number else None, "words": words.anywhere.exact}
    values |= {"loose": words.anywhere.loose, "headers": words.headers.exact, "loosely": words.headers.loose}
    met = await (
        await tx.execute(
            "select e.id, s.words @@ %(loosely)s::tsquery, s.words @@ %(headers)s::tsquery,"
            f" s.words @@ %(words)s::tsquery and ({asking.meant}) is true"
            f" from ({_newest_with(condition)}) e"
            " join email_search s on s.organization_id = e.organization_id and s.email_id = e.id"
            " where s.words @@ %(loose)s::tsquery order by e.activity_at desc, e.id",
            values,
            prepare=False,
        )
    ).fetchall()
    await _go(tx, _AS_USUAL)
    in_headers, elsewhere = look.seen
    return Look(
        edge if count == number else None,
        look.looked + count,
        (
            in_headers.with_more([row[0] for row in met if row[2] and row[3]], sum(row[1] for row in met)),
            elsewhere.with_more([row[0] for row in met if row[3] and not row[2]], len(met)),
        ),
    )


async def _among_few(tx: Transaction, asking: Asking, words: SoughtWords) -> list[str] | None:
    """All that are meant, ranked, by the other conditions first; None if that takes long."""
    values = {**asking.values, "words": words.anywhere.exact, "headers": words.headers.exact}
    try:
        async with limited(tx, FEW_MILLISECONDS):
            await _go(tx, _NOT_BY_WORDS)
            rows = await tx.execute(
                "select e.id from emails e join email_search s on s.organization_id = e.organization_id"
                f" and s.email_id = e.id where {asking.meant} and s.words @@ %(words)s::tsquery"
                " order by s.words @@ %(headers)s::tsquery desc, e.activity_at desc, e.id",
                values,
                prepare=False,
            )
            return [row[0] for row in await rows.fetchall()]
    except errors.QueryCanceled:
        return None


async def _further(
    tx: Transaction, asking: Asking, words: Sought, so_far: tuple[Look, Archive, Pace, int]
) -> list[str]:
    """As many more of the newest as are missing that were not looked at, from the index of words: one stretch of months
    after the other, each as long as seems to be needed."""
    look, archive, pace, missing = so_far
    found: list[str] = []
    until, months = look.until, None
    while until is not None and until >= archive.oldest and words and len(found) < missing:
        if months is None:
            months = archive.months_for(pace.emails_at_once(missing - len(found), LOOKED_UP), until)
        start = start_of_month(until, months)
        is_rest = start <= archive.oldest
        stretch = (asking.since if is_rest else start, until)
        hits = await _hits(tx, asking, words, (stretch, archive, LOOKED_UP if months else None))
        if hits is None:
            months = min(months, span(archive.oldest, until)) // 4
            continue
        met = await _meant(tx, asking, (hits, stretch), missing - len(found))
        found += met
        pace = pace.further(archive.between(start, until), len(hits), len(met))
        until, months = None if is_rest else moment_before(start), None
    return found


async def _archive(tx: Transaction, asking: Asking) -> Archive:
    """What the planner knows of all emails, and of those that fulfil the other conditions."""
    row = await (
        await tx.execute(
            "select greatest(min(e.activity_at), '1900-01-01', %(since)s::timestamptz),"
            " (select s.histogram_bounds::text::timestamptz[] from pg_stats s where s.schemaname = current_schema"
            " and s.tablename = 'emails' and s.attname = 'activity_at')"
            " from emails e where e.organization_id = %(organization_id)s",
            {**asking.values, "since": asking.since},
            prepare=False,
        )
    ).fetchone()
    assert row is not None
    values = {**asking.values, "since": asking.since, "until": asking.until, "edge": None, "number": FEW}
    of_organization = "select 1 from emails e where e.organization_id = %(organization_id)s"
    expected = [
        await _expected(tx, sql, values)
        for sql in (of_organization, f"{of_organization} and {_IN_TIME}", f"{of_organization} and {asking.condition}")
    ]
    await _go(tx, _ONE_BY_ONE)
    plan = await _plan(tx, _edge(asking.condition), values)
    await _go(tx, _AS_USUAL)
    return Archive(row[0], expected[0], expected[1], expected[2], row[1] or (), _is_in_order(plan))


def _is_in_order(plan: Mapping[str, Any]) -> bool:
    """Whether an index that knows the other conditions has the newest first."""
    while plan.get("Node Type") in ("Aggregate", "Limit", "Subquery Scan", "Result") and plan.get("Plans"):
        plan = plan["Plans"][0]
    return "Filter" not in plan and plan.get("Index Name", "emails_by_time") != "emails_by_time"


async def _expected(tx: Transaction, sql: str, values: Mapping[str, Any]) -> float:
    """How many rows the planner expects."""
    return float((await _plan(tx, sql, values)).get("Plan Rows", 0))


async def _plan(tx: Transaction, sql: str, values: Mapping[str, Any]) -> Mapping[str, Any]:
    row = await (await tx.execute(f"explain (format json) {sql}", values, prepare=False)).fetchone()
    plan: Mapping[str, Any] = row[0][0]["Plan"] if row else {}
    return plan


_Stretch = tuple[datetime | None, datetime]


async def _hits(
    tx: Transaction, asking: Asking, words: Sought, where: tuple[_Stretch, Archive, int | None]
) -> list[str] | None:
    """The emails with these words in a stretch of time, and some beside it; None if they are more than wanted."""
    (since, until), archive, most = where
    months = months_between(asking.organization_id, since or archive.oldest, until)
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
    # OFFSET keeps the planner from asking all conditions of all of them: of the newest they are asked, until there are
    # enough.
    rows = await tx.execute(
        "select e.id from (select e.* from emails e where e.organization_id = %(organization_id)s"
        f" and e.id = any(%(hits)s) and {_IN_TIME} order by e.activity_at desc, e.id offset 0) e where {asking.meant}"
        " order by e.activity_at desc, e.id limit %(most)s",
        {**asking.values, "hits": list(hits), "since": since, "until": until, "most": most},
        prepare=False,
    )
    return [row[0] for row in await rows.fetchall()]


_IN_TIME = (
    "e.activity_at <= coalesce(%(until)s::timestamptz, 'infinity')"
    " and e.activity_at >= coalesce(%(since)s::timestamptz, '-infinity')"
)
# What happened in the same moment as the last of them is left for later, all of it.
_ALL = "true"


def _edge(condition: str) -> str:
    """How many of the newest with this condition there are up to a number, and when the last one was."""
    return (
        "select count(*), min(x.activity_at) from (select e.activity_at from emails e where e.organization_id ="
        f" %(organization_id)s and {_IN_TIME} and {condition} order by e.activity_at desc limit %(number)s) x"
    )


def _newest_with(condition: str) -> str:
    return (
        f"select e.* from emails e where e.organization_id = %(organization_id)s and {_IN_TIME}"
        f" and e.activity_at > coalesce(%(edge)s::timestamptz, '-infinity') and {condition}"
        " order by e.activity_at desc limit %(number)s"
    )


_WITH_WORDS = "from email_search s where s.organization_id = %(organization_id)s and s.words @@ %(loose)s::tsquery"


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

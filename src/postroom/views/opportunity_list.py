"""Opportunities as Close prints them: one, or a filtered page with what all of them are worth."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from psycopg import errors

from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid, NotFound, TooLong
from postroom.views.link_filling import links_of
from postroom.views.selection import Page, Span, Where, as_date, as_name, cards_of, flat_custom


class OpportunityCard(msgspec.Struct, frozen=True):
    """An opportunity, in the shape of `/opportunity/`. Money is in cents."""

    id: str
    organization_id: str
    lead_id: str
    lead_name: str
    contact_id: str | None
    contact_name: str | None
    user_id: str | None
    user_name: str | None
    status_id: str
    status_label: str
    status_display_name: str
    status_type: str
    pipeline_id: str
    pipeline_name: str
    value: int | None
    value_formatted: str | None
    value_currency: str
    value_period: str
    expected_value: int | None
    annualized_value: int | None
    annualized_expected_value: int | None
    confidence: int
    note: str
    note_html: str
    date_won: str | None
    date_lost: str | None
    attachments: list[dict[str, Any]]
    integration_links: list[dict[str, str]]
    created_by: str | None
    created_by_name: str | None
    updated_by: str | None
    updated_by_name: str | None
    date_created: str
    date_updated: str


class OpportunityPage(msgspec.Struct, frozen=True):
    """Some opportunities, and of all that the filter finds how many there are and what they are worth, in cents."""

    data: list[OpportunityCard]
    has_more: bool
    total_results: int
    count_by_value_period: dict[str, int]
    total_value_one_time: int
    total_value_monthly: int
    total_value_annual: int
    total_value_annualized: int
    expected_value_one_time: int
    expected_value_monthly: int
    expected_value_annual: int
    expected_value_annualized: int


Sums = dict[str, tuple[int, int, int]]
"""By value period: how many opportunities, what they are worth, and what of that is expected."""


@dataclass(frozen=True, slots=True)
class OpportunityFilter:
    """Which opportunities are wanted; None and open spans narrow nothing.

    `found`: a search that all must be among, as SQL of ids or of lead ids with its values.
    """

    ids: tuple[str, ...] | None = None
    lead_ids: tuple[str, ...] | None = None
    contact_ids: tuple[str, ...] | None = None
    user_ids: tuple[str, ...] | None = None
    status_ids: tuple[str, ...] | None = None
    status_types: tuple[str, ...] | None = None
    status_labels: tuple[str, ...] | None = None
    pipeline_ids: tuple[str, ...] | None = None
    value_periods: tuple[str, ...] | None = None
    date_won: Span = field(default_factory=Span)
    date_created: Span = field(default_factory=Span)
    date_updated: Span = field(default_factory=Span)
    found: Sequence[tuple[str, str, dict[str, Any]]] = ()
    order: str = "-date_updated"
    before_order: str = ""
    """SQL of what the order of groups is, before that of the opportunities in them."""


async def opportunity_page(
    tx: Transaction, organization_id: str, wanted: OpportunityFilter, page: Page
) -> OpportunityPage:
    """Opportunities in the order asked for. Raises Invalid for an unknown order, TooLong for a long wait."""
    try:
        return await _page_of(tx, organization_id, wanted, page)
    except errors.QueryCanceled as error:
        raise TooLong("This search takes too long; narrow it by a date or a status.") from error


async def _page_of(tx: Transaction, organization_id: str, wanted: OpportunityFilter, page: Page) -> OpportunityPage:
    """First which ones, along an index and with the tables alone that the filter asks; then what they show."""
    where, order = _conditions(organization_id, wanted), f"{wanted.before_order}{_order(wanted.order)}"
    rows = await (
        await tx.execute(
            f"select o.id from opportunities o {_STATUS}{_to_sort_by(order)} where {where}"
            f" order by {order}, o.id limit %(limit)s offset %(skip)s",
            {**where.values, "limit": page.limit + 1, "skip": page.skip},
        )
    ).fetchall()
    cards = await opportunity_cards(tx, organization_id, [row[0] for row in rows[: page.limit]])
    totals = await opportunity_sums(tx, organization_id, wanted, "''")
    return OpportunityPage(data=cards, has_more=len(rows) > page.limit, **summed(totals.get("", {})))


def _to_sort_by(order: str) -> str:
    """The joins with what opportunities are sorted by beside their own columns."""
    return "".join(join for named, join in (("(ou.", _USER), ("(l.", _LEAD)) if named in order)


async def opportunity_sums(
    tx: Transaction, organization_id: str, wanted: OpportunityFilter, group: str
) -> dict[str | None, Sums]:
    """By a group (SQL of `o`, an opportunity) and within it by value period: how many, worth what, expected what."""
    where = _conditions(organization_id, wanted)
    rows = await (
        await tx.execute(
            f"select {group}, o.value_period, count(*)::int, coalesce(sum(o.value), 0)::bigint,"
            f" coalesce(sum({_EXPECTED}), 0)::bigint from opportunities o {_STATUS} where {where} group by 1, 2",
            where.values,
        )
    ).fetchall()
    found: dict[str | None, Sums] = {}
    for row in rows:
        found.setdefault(row[0], {})[row[1]] = (row[2], row[3], row[4])
    return found


def summed(sums: Sums) -> dict[str, Any]:
    """What Close prints of them."""
    one_time, monthly, annual = (sums.get(period, (0, 0, 0)) for period in ("one_time", "monthly", "annual"))
    return {
        "total_results": one_time[0] + monthly[0] + annual[0],
        "count_by_value_period": {"one_time": one_time[0], "monthly": monthly[0], "annual": annual[0]},
        "total_value_one_time": one_time[1],
        "total_value_monthly": monthly[1],
        "total_value_annual": annual[1],
        "total_value_annualized": one_time[1] + 12 * monthly[1] + annual[1],
        "expected_value_one_time": one_time[2],
        "expected_value_monthly": monthly[2],
        "expected_value_annual": annual[2],
        "expected_value_annualized": one_time[2] + 12 * monthly[2] + annual[2],
    }


async def opportunity_card(tx: Transaction, organization_id: str, opportunity_id: str) -> OpportunityCard:
    """One opportunity. Raises NotFound."""
    cards = await opportunity_cards(tx, organization_id, [opportunity_id])
    if not cards:
        raise NotFound("There is no such opportunity.")
    return cards[0]


async def opportunity_cards(
    tx: Transaction, organization_id: str, opportunity_ids: Sequence[str]
) -> list[OpportunityCard]:
    """These opportunities, in this order; those that are gone are left out."""
    cursor = cards_of(tx, OpportunityCard)
    await cursor.execute(
        f"select o.id, {_COLUMNS}, {flat_custom('o')} from opportunities o {_JOINS}"
        " where o.organization_id = %(organization_id)s and o.id = any(%(opportunity_ids)s)",
        {"organization_id": organization_id, "opportunity_ids": list(opportunity_ids)},
    )
    found = dict(await cursor.fetchall())
    return [found[one] for one in opportunity_ids if one in found]


def money(cents: str, currency: str) -> str:
    """SQL for an amount as people write it: `$1,234`, `€0.50`, `CHF 20`."""
    sign = f"case {currency} when 'USD' then '$' when 'EUR' then '€' when 'GBP' then '£' else {currency} || ' ' end"
    whole = f"to_char(abs({cents}) / 100, 'FM999,999,999,999,999,990')"
    part = f"case when {cents} % 100 = 0 then '' else '.' || lpad((abs({cents}) % 100)::text, 2, '0') end"
    # In statements with values, a % is written twice; these always have some.
    return f"(case when {cents} < 0 then '-' else '' end || {sign} || {whole} || {part})".replace("%", "%%")


def _conditions(organization_id: str, wanted: OpportunityFilter) -> Where:
    where = Where.of("o.organization_id", organization_id, "o")
    where.among("o.id", wanted.ids)
    where.among("o.lead_id", wanted.lead_ids)
    where.among("o.contact_id", wanted.contact_ids)
    where.among("o.user_id", wanted.user_ids)
    where.among("o.status_id", wanted.status_ids)
    where.among("s.type", wanted.status_types)
    where.among("lower(s.label)", wanted.status_labels and tuple(label.lower() for label in wanted.status_labels))
    where.among("s.pipeline_id", wanted.pipeline_ids)
    where.among("o.value_period", wanted.value_periods)
    where.within("(o.date_won::timestamp at time zone 'UTC')", wanted.date_won)
    where.within("o.date_created", wanted.date_created)
    where.within("o.date_updated", wanted.date_updated)
    for column, sql, values in wanted.found:
        where.conditions.append(f"{column} in ({sql})")
        where.values |= values
    return where


def _order(asked: str) -> str:
    items = []
    for name in asked.split(","):
        column = _SORTED.get(name.strip().removeprefix("-"))
        if column is None or name.strip().startswith("--"):
            raise Invalid(field_errors={"_order_by": f"Opportunities cannot be sorted by {name!r}."})
        items.append(f"{column} {'desc' if name.strip().startswith('-') else 'asc'} nulls last")
    return ", ".join(items)


_EXPECTED = "(o.value * o.confidence / 100)"
_TIMES = "(case o.value_period when 'monthly' then 12 else 1 end)"
_STATUS = " join opportunity_statuses s on s.organization_id = o.organization_id and s.id = o.status_id"
_USER = " left join users ou on ou.organization_id = o.organization_id and ou.id = o.user_id"
_LEAD = " join leads l on l.organization_id = o.organization_id and l.id = o.lead_id"
_OTHER_JOINS = (
    f"{_STATUS}"
    " join pipelines p on p.organization_id = o.organization_id and p.id = s.pipeline_id"
    " join organizations g on g.id = o.organization_id"
    " left join contacts c on c.organization_id = o.organization_id and c.id = o.contact_id"
    f"{_USER}"
    " left join users cu on cu.organization_id = o.organization_id and cu.id = o.created_by"
    " left join users uu on uu.organization_id = o.organization_id and uu.id = o.updated_by"
)
_JOINS = f"{_LEAD}{_OTHER_JOINS}"
_FIRST_CONTACT = (
    "(select x.name from contacts x where x.organization_id = o.organization_id and x.lead_id = o.lead_id"
    " and x.name <> '' order by x.position limit 1)"
)
_FIELDS = {
    "id": "o.id",
    "organization_id": "o.organization_id",
    "lead_id": "o.lead_id",
    "lead_name": f"coalesce(nullif(l.name, ''), {_FIRST_CONTACT}, 'Untitled')",
    "contact_id": "o.contact_id",
    "contact_name": "nullif(c.name, '')",
    "user_id": "o.user_id",
    "user_name": as_name("ou"),
    "status_id": "o.status_id",
    "status_label": "s.label",
    "status_display_name": "s.label",
    "status_type": "s.type",
    "pipeline_id": "s.pipeline_id",
    "pipeline_name": "p.name",
    "value": "o.value",
    "value_formatted": (
        f"{money('o.value', 'g.currency')}"
        " || (case o.value_period when 'one_time' then '' else ' ' || o.value_period end)"
    ),
    "value_currency": "g.currency",
    "value_period": "o.value_period",
    "expected_value": _EXPECTED,
    "annualized_value": f"o.value * {_TIMES}",
    "annualized_expected_value": f"{_EXPECTED} * {_TIMES}",
    "confidence": "o.confidence",
    "note": "o.note",
    "note_html": (
        "case when o.note = '' then '' else '<body><p>' || replace(replace(replace(replace(o.note, '&', '&amp;'),"
        " '<', '&lt;'), '>', '&gt;'), E'\\n', '<br>') || '</p></body>' end"
    ),
    "date_won": "o.date_won::text",
    "date_lost": as_date("o.date_lost"),
    "attachments": "o.attachments",
    "integration_links": links_of(
        "opportunity",
        "o",
        {"opportunity.id": "o.id", "opportunity_id": "o.id", "lead.id": "o.lead_id", "lead_id": "o.lead_id"},
    ),
    "created_by": "o.created_by",
    "created_by_name": as_name("cu"),
    "updated_by": "o.updated_by",
    "updated_by_name": as_name("uu"),
    "date_created": as_date("o.date_created"),
    "date_updated": as_date("o.date_updated"),
}
_COLUMNS = ", ".join(_FIELDS[field.name] for field in msgspec.structs.fields(OpportunityCard))
_AS_JSON = f"jsonb_build_object({', '.join(f'{name!r}, {sql}' for name, sql in _FIELDS.items())})"
OPPORTUNITIES_OF_LEAD = (
    f"coalesce((select json_agg({_AS_JSON} || coalesce({flat_custom('o')}, '{{}}') order by o.date_created, o.id)"
    f" from opportunities o {_OTHER_JOINS}"
    " where o.organization_id = l.organization_id and o.lead_id = l.id), '[]'::json)"
)
"""All opportunities of the lead `l` in a statement of leads."""
_SORTED = {
    "date_won": "o.date_won",
    "date_created": "o.date_created",
    "date_updated": "o.date_updated",
    "confidence": "o.confidence",
    "value": "o.value",
    "annualized_value": f"o.value * {_TIMES}",
    "expected_value": _EXPECTED,
    "annualized_expected_value": f"{_EXPECTED} * {_TIMES}",
    "user_name": "lower(ou.first_name || ' ' || ou.last_name)",
    "lead_name": "lower(l.name)",
    "status_label": "lower(s.label)",
}

"""What an export takes beside the leads that a search finds: their activities, opportunities, and names of fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from psycopg import errors
from psycopg.types.json import Jsonb

from postroom.ground.database import Transaction
from postroom.ground.errors import TooLong
from postroom.views.activity_list import ActivityFilter, activity_page
from postroom.views.email_list import EmailFilter
from postroom.views.event_states import as_state, shared_emails
from postroom.views.opportunity_list import OpportunityCard, opportunity_cards
from postroom.views.readable_bodies import readable_among
from postroom.views.selection import Page, Where

_AT_ONCE = 200
_NARROWED_BY = {
    "lead_id": "o.lead_id",
    "contact_id": "o.contact_id",
    "user_id": "o.user_id",
    "status_id": "o.status_id",
    "status_type": "s.type",
    "status_label": "s.label",
    "pipeline_id": "s.pipeline_id",
    "value_period": "o.value_period",
}
_SPANS = {"date_won": "date", "date_created": "timestamptz", "date_updated": "timestamptz"}
_SUFFIXES = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


async def activities_of(tx: Transaction, organization_id: str, lead_id: str, base_url: str) -> list[dict[str, Any]]:
    """Every activity of a lead, the newest first; of emails those that all coworkers see whole."""
    wanted = ActivityFilter(EmailFilter(lead_ids=(lead_id,), base_url=base_url))
    found: list[dict[str, Any]] = []
    read = 0
    while True:
        page = await activity_page(tx, organization_id, wanted, Page(_AT_ONCE, read))
        cards = [as_state(card) for card in await readable_among(page.data)]
        emails = [card["id"] for card in cards if card["_type"] == "Email"]
        shared = set(await shared_emails(tx, organization_id, emails))
        found += [card for card in cards if card["_type"] != "Email" or card["id"] in shared]
        read += len(cards)
        if not page.has_more:
            return found


@dataclass(frozen=True, slots=True)
class DealsWanted:
    """Opportunities after an id: those that the filters of a list's address let through, among all that the searches
    find. `found`: columns of opportunities, each with SQL of ids, and the values of it all.
    """

    params: Mapping[str, Any]
    after: str = ""
    found: Sequence[tuple[str, str]] = ()
    values: Mapping[str, Any] = field(default_factory=dict)


async def opportunities_from(
    tx: Transaction, organization_id: str, wanted: DealsWanted, limit: int
) -> list[OpportunityCard]:
    """The next opportunities, in the order of their ids. Raises TooLong."""
    where = Where.of("o.organization_id", organization_id)
    where.holds("o.id > {}", wanted.after)
    for name, column in _NARROWED_BY.items():
        where.among(column, _values(wanted.params.get(name) or wanted.params.get(f"{name}__in")))
    for name, kind in _SPANS.items():
        for suffix, operator in _SUFFIXES.items():
            if text := wanted.params.get(f"{name}__{suffix}"):
                where.holds(f"o.{name} {operator} {{}}::{kind}", str(text))
    where.conditions += [f"{column} in ({sql})" for column, sql in wanted.found]
    where.values |= wanted.values
    sql = (
        "select o.id from opportunities o join opportunity_statuses s on s.organization_id = o.organization_id"
        f" and s.id = o.status_id where {where} order by o.id limit %(limit)s"
    )
    try:
        rows = await (await tx.execute(sql, {**where.values, "limit": limit})).fetchall()
    except errors.QueryCanceled as error:
        raise TooLong("This search takes too long; narrow it by a date or a status.") from error
    return await opportunity_cards(tx, organization_id, [row[0] for row in rows])


async def custom_names(tx: Transaction, organization_id: str, kind: str) -> dict[str, str]:
    """The custom fields of leads, or of opportunities, shared ones included: id and name, in the order of names."""
    rows = await (
        await tx.execute(
            "select f.id, f.name from custom_fields f where f.organization_id = %s"
            " and (f.kind = %s or (f.kind = 'shared' and f.associations @> %s)) order by f.name, f.id",
            (organization_id, kind, Jsonb([{"object_type": kind}])),
        )
    ).fetchall()
    return {row[0]: row[1] for row in rows}


def _values(given: Any) -> tuple[str, ...] | None:
    """One value, several with commas between, or a list of them; None where nothing is narrowed."""
    if not given:
        return None
    words = given if isinstance(given, list) else str(given).split(",")
    return tuple(str(word).strip() for word in words)

"""The statuses of leads and opportunities and the pipelines of an organization, as Close prints them."""

import msgspec

from postroom.ground.database import Transaction
from postroom.ground.errors import NotFound
from postroom.views.selection import as_naive_date, rows_of


class StatusCard(msgspec.Struct, frozen=True):
    """A lead status."""

    id: str
    label: str
    organization_id: str


class OpportunityStatusCard(msgspec.Struct, frozen=True):
    """An opportunity status, in the shape of `/status/opportunity/`."""

    id: str
    label: str
    type: str
    pipeline_id: str
    pipeline_name: str
    organization_id: str


class PipelineStatusCard(msgspec.Struct, frozen=True):
    """A status inside its pipeline."""

    id: str
    label: str
    type: str


class PipelineCard(msgspec.Struct, frozen=True):
    """A pipeline, in the shape of `/pipeline/`."""

    id: str
    name: str
    organization_id: str
    statuses: list[PipelineStatusCard]
    created_by: str | None
    updated_by: str | None
    date_created: str
    date_updated: str


async def lead_status_cards(tx: Transaction, organization_id: str) -> list[StatusCard]:
    """All lead statuses, in order."""
    cursor = rows_of(tx, StatusCard)
    await cursor.execute(
        "select id, label, organization_id from lead_statuses where organization_id = %s order by position, id",
        (organization_id,),
    )
    return await cursor.fetchall()


async def opportunity_status_cards(tx: Transaction, organization_id: str) -> list[OpportunityStatusCard]:
    """The statuses of all pipelines, in the order of these."""
    cursor = rows_of(tx, OpportunityStatusCard)
    await cursor.execute(
        "select s.id, s.label, s.type, s.pipeline_id, p.name, s.organization_id from opportunity_statuses s"
        " join pipelines p on p.organization_id = s.organization_id and p.id = s.pipeline_id"
        " where s.organization_id = %s order by p.position, p.date_created, p.id, s.position, s.id",
        (organization_id,),
    )
    return await cursor.fetchall()


async def pipeline_cards(tx: Transaction, organization_id: str) -> list[PipelineCard]:
    """All pipelines with their statuses, in order."""
    cursor = rows_of(tx, PipelineCard)
    await cursor.execute(
        "select p.id, p.name, p.organization_id, coalesce((select json_agg(json_build_object('id', s.id, 'label',"
        " s.label, 'type', s.type) order by s.position, s.id) from opportunity_statuses s"
        " where s.organization_id = p.organization_id and s.pipeline_id = p.id), '[]'::json), p.created_by,"
        f" p.updated_by, {as_naive_date('p.date_created')}, {as_naive_date('p.date_updated')}"
        " from pipelines p where p.organization_id = %s order by p.position, p.date_created, p.id",
        (organization_id,),
    )
    return await cursor.fetchall()


async def pipeline_card(tx: Transaction, organization_id: str, pipeline_id: str) -> PipelineCard:
    """One pipeline. Raises NotFound."""
    for card in await pipeline_cards(tx, organization_id):
        if card.id == pipeline_id:
            return card
    raise NotFound("There is no such pipeline.")


async def opportunity_status_card(tx: Transaction, organization_id: str, status_id: str) -> OpportunityStatusCard:
    """One opportunity status. Raises NotFound."""
    for card in await opportunity_status_cards(tx, organization_id):
        if card.id == status_id:
            return card
    raise NotFound("There is no such opportunity status.")


async def lead_status_card(tx: Transaction, organization_id: str, status_id: str) -> StatusCard:
    """One lead status. Raises NotFound."""
    for card in await lead_status_cards(tx, organization_id):
        if card.id == status_id:
            return card
    raise NotFound("There is no such lead status.")

"""/status/lead/, /status/opportunity/ and /pipeline/: the stages that leads and opportunities pass through.

Everybody reads them; admins change them.
"""

from typing import Annotated

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromPath, JSONBody

from postroom.doors.web.bodies import Maybe, tidy
from postroom.doors.web.document import takes
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.query import Deleted, shown, shown_part
from postroom.doors.web.reach import stamp_of, tools_of
from postroom.doors.web.telling import told
from postroom.ground.errors import Invalid
from postroom.rooms.leads import status_store
from postroom.rooms.opportunities import pipeline_store
from postroom.rooms.opportunities.opportunity import PipelineContent, StatusContent, status_type
from postroom.views import pipelines
from postroom.views.pipelines import OpportunityStatusCard, PipelineCard, StatusCard

Label = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class StatusPage(msgspec.Struct):
    """The lead statuses, all of them."""

    data: list[StatusCard]
    has_more: bool


class OpportunityStatusPage(msgspec.Struct):
    """The opportunity statuses, all of them."""

    data: list[OpportunityStatusCard]
    has_more: bool


class PipelinePage(msgspec.Struct):
    """The pipelines, all of them."""

    data: list[PipelineCard]
    has_more: bool


class StatusBody(msgspec.Struct):
    """What a lead status is called."""

    label: Label


class StatusOrderBody(msgspec.Struct):
    """All lead statuses in their new order."""

    ids: list[str]


class OpportunityStatusBody(msgspec.Struct):
    """What an opportunity status is called, how a deal stands with it, and its pipeline (only when it is made)."""

    label: Label | msgspec.UnsetType = msgspec.UNSET
    type: Maybe[str] = msgspec.UNSET
    pipeline_id: Maybe[str] = msgspec.UNSET


class PipelineStatusBody(msgspec.Struct):
    """A status in a pipeline's list; without an id, a new one."""

    label: Label
    id: Maybe[str] = msgspec.UNSET
    type: Maybe[str] = msgspec.UNSET


class PipelineBody(msgspec.Struct):
    """What may be written of a pipeline. A list of statuses is the whole list, in order."""

    name: Label | msgspec.UnsetType = msgspec.UNSET
    statuses: Annotated[list[PipelineStatusBody], msgspec.Meta(max_length=200)] | msgspec.UnsetType = msgspec.UNSET


@get("/status/lead", operation_id="list_lead_statuses", operation_class=takes("_fields"))
async def list_statuses(request: ApiRequest) -> StatusPage:
    """All lead statuses, in order."""
    async with tools_of(request).db.reading() as tx:
        cards = await pipelines.lead_status_cards(tx, request.user.organization_id)
    return shown_part(request, StatusPage(cards, False))


@get("/status/lead/{status_id:str}", operation_id="get_lead_status", operation_class=takes("_fields"))
async def get_status(request: ApiRequest, status_id: FromPath[str]) -> StatusCard:
    """One lead status."""
    async with tools_of(request).db.reading() as tx:
        return shown(request, await pipelines.lead_status_card(tx, request.user.organization_id, status_id))


@post("/status/lead", operation_id="create_lead_status", status_code=200)
async def create_status(request: ApiRequest, data: JSONBody[StatusBody]) -> StatusCard:
    """Add a lead status after the others."""
    organization_id, labels = request.user.organization_id, [_label(data.label)]
    async with tools_of(request).db.transaction() as tx:
        made = await status_store.insert_statuses(tx, organization_id, labels, stamp_of(request))
    return StatusCard(made[0].id, made[0].label, organization_id)


@put("/status/lead", operation_id="order_lead_statuses")
async def order_statuses(request: ApiRequest, data: JSONBody[StatusOrderBody]) -> StatusPage:
    """Put the lead statuses in another order; the first is where new leads begin. Not in Close."""
    async with tools_of(request).db.transaction() as tx:
        await status_store.place_statuses(tx, request.user.organization_id, data.ids)
        return StatusPage(await pipelines.lead_status_cards(tx, request.user.organization_id), False)


@put("/status/lead/{status_id:str}", operation_id="update_lead_status")
async def update_status(request: ApiRequest, status_id: FromPath[str], data: JSONBody[StatusBody]) -> StatusCard:
    """Give a lead status another label."""
    organization_id, change = request.user.organization_id, (status_id, _label(data.label))
    async with tools_of(request).db.transaction() as tx, told(request, tx, "status.lead", status_id):
        await status_store.rename_status(tx, organization_id, change, stamp_of(request))
        return await pipelines.lead_status_card(tx, organization_id, status_id)


@delete("/status/lead/{status_id:str}", operation_id="delete_lead_status", status_code=200)
async def delete_status(request: ApiRequest, status_id: FromPath[str]) -> Deleted:
    """Remove a lead status that no lead has."""
    async with tools_of(request).db.transaction() as tx, told(request, tx, "status.lead", status_id):
        await status_store.delete_status(tx, request.user.organization_id, status_id, stamp_of(request))
    return Deleted()


@get("/status/opportunity", operation_id="list_opportunity_statuses", operation_class=takes("_fields"))
async def list_opportunity_statuses(request: ApiRequest) -> OpportunityStatusPage:
    """The statuses of all pipelines, in order."""
    async with tools_of(request).db.reading() as tx:
        cards = await pipelines.opportunity_status_cards(tx, request.user.organization_id)
    return shown_part(request, OpportunityStatusPage(cards, False))


@get("/status/opportunity/{status_id:str}", operation_id="get_opportunity_status", operation_class=takes("_fields"))
async def get_opportunity_status(request: ApiRequest, status_id: FromPath[str]) -> OpportunityStatusCard:
    """One opportunity status."""
    async with tools_of(request).db.reading() as tx:
        return shown(request, await pipelines.opportunity_status_card(tx, request.user.organization_id, status_id))


@post("/status/opportunity", operation_id="create_opportunity_status", status_code=200)
async def create_opportunity_status(
    request: ApiRequest, data: JSONBody[OpportunityStatusBody]
) -> OpportunityStatusCard:
    """Add a status at the end of a pipeline, the first one unless `pipeline_id` names another."""
    if isinstance(data.label, msgspec.UnsetType):
        raise Invalid(field_errors={"label": "This field is required."})
    organization_id, stamp = request.user.organization_id, stamp_of(request)
    content = StatusContent(_label(data.label), status_type(tidy(data.type) or ""))
    async with tools_of(request).db.transaction() as tx:
        pipeline_id = tidy(data.pipeline_id) or (await pipeline_store.first_pipeline(tx, organization_id, stamp)).id
        made = await pipeline_store.insert_status(tx, organization_id, (pipeline_id, content), stamp)
        return await pipelines.opportunity_status_card(tx, organization_id, made.id)


@put("/status/opportunity/{status_id:str}", operation_id="update_opportunity_status")
async def update_opportunity_status(
    request: ApiRequest, status_id: FromPath[str], data: JSONBody[OpportunityStatusBody]
) -> OpportunityStatusCard:
    """Give an opportunity status another label or type."""
    organization_id = request.user.organization_id
    async with tools_of(request).db.transaction() as tx, told(request, tx, "status.opportunity", status_id):
        before = await pipeline_store.status(tx, organization_id, status_id)
        label = before.label if isinstance(data.label, msgspec.UnsetType) else _label(data.label)
        content = StatusContent(label, status_type(tidy(data.type) or before.type.value), status_id)
        await pipeline_store.change_status(tx, organization_id, content, stamp_of(request))
        return await pipelines.opportunity_status_card(tx, organization_id, status_id)


@delete("/status/opportunity/{status_id:str}", operation_id="delete_opportunity_status", status_code=200)
async def delete_opportunity_status(request: ApiRequest, status_id: FromPath[str]) -> Deleted:
    """Remove an opportunity status that no opportunity has."""
    async with tools_of(request).db.transaction() as tx, told(request, tx, "status.opportunity", status_id):
        await pipeline_store.delete_status(tx, request.user.organization_id, status_id, stamp_of(request))
    return Deleted()


@get("/pipeline", operation_id="list_pipelines", operation_class=takes("_fields"))
async def list_pipelines(request: ApiRequest) -> PipelinePage:
    """All pipelines with their statuses, in order."""
    async with tools_of(request).db.reading() as tx:
        cards = await pipelines.pipeline_cards(tx, request.user.organization_id)
    return shown_part(request, PipelinePage(cards, False))


@get("/pipeline/{pipeline_id:str}", operation_id="get_pipeline", operation_class=takes("_fields"))
async def get_pipeline(request: ApiRequest, pipeline_id: FromPath[str]) -> PipelineCard:
    """One pipeline."""
    async with tools_of(request).db.reading() as tx:
        return shown(request, await pipelines.pipeline_card(tx, request.user.organization_id, pipeline_id))


@post("/pipeline", operation_id="create_pipeline", status_code=201)
async def create_pipeline(request: ApiRequest, data: JSONBody[PipelineBody]) -> PipelineCard:
    """Add a pipeline after the others, with its statuses if given."""
    organization_id, content = request.user.organization_id, _content(data)
    if not content.name:
        raise Invalid(field_errors={"name": "This field is required."})
    async with tools_of(request).db.transaction() as tx:
        made = await pipeline_store.insert_pipeline(tx, organization_id, content, stamp_of(request))
        return await pipelines.pipeline_card(tx, organization_id, made.id)


@put("/pipeline/{pipeline_id:str}", operation_id="update_pipeline")
async def update_pipeline(
    request: ApiRequest, pipeline_id: FromPath[str], data: JSONBody[PipelineBody]
) -> PipelineCard:
    """Rename a pipeline, or give it another list of statuses."""
    organization_id, change = request.user.organization_id, (pipeline_id, _content(data))
    async with tools_of(request).db.transaction() as tx, told(request, tx, "pipeline", pipeline_id):
        await pipeline_store.change_pipeline(tx, organization_id, change, stamp_of(request))
        return await pipelines.pipeline_card(tx, organization_id, pipeline_id)


@delete("/pipeline/{pipeline_id:str}", operation_id="delete_pipeline", status_code=204)
async def delete_pipeline(request: ApiRequest, pipeline_id: FromPath[str]) -> None:
    """Remove a pipeline that has no opportunities."""
    async with tools_of(request).db.transaction() as tx, told(request, tx, "pipeline", pipeline_id):
        await pipeline_store.delete_pipeline(tx, request.user.organization_id, pipeline_id, stamp_of(request))


def _content(data: PipelineBody) -> PipelineContent:
    statuses = None
    if not isinstance(data.statuses, msgspec.UnsetType):
        statuses = tuple(
            StatusContent(_label(one.label), status_type(tidy(one.type) or ""), tidy(one.id) or "")
            for one in data.statuses
        )
    name = None if isinstance(data.name, msgspec.UnsetType) else _label(data.name)
    return PipelineContent(name, statuses)


def _label(text: str) -> str:
    label = text.strip()
    if not label:
        raise Invalid(field_errors={"label": "This field is required."})
    return label


ROUTES = [
    list_statuses, get_status, create_status, order_statuses, update_status, delete_status,
    list_opportunity_statuses, get_opportunity_status, create_opportunity_status, update_opportunity_status,
    delete_opportunity_status, list_pipelines, get_pipeline, create_pipeline, update_pipeline, delete_pipeline,
]  # fmt: skip

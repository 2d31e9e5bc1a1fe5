"""/opportunity/: deals with leads."""

from dataclasses import replace
from datetime import date
from html import escape
from typing import Annotated, Any, cast

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromPath, JSONBody

from postroom.doors.web.bodies import Maybe, moment_in, or_empty, tidy
from postroom.doors.web.custom import custom_of, raw_body
from postroom.doors.web.document import takes
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.query import MOST_PLAIN_LIMIT, Asked, Deleted, asked, moment, shown
from postroom.doors.web.reach import stamp_of, tools_of
from postroom.doors.web.seeking import reader_of
from postroom.doors.web.telling import told, told_made
from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid
from postroom.journeys.write_opportunity import change_opportunity, make_opportunity
from postroom.rooms.activities.rich_text import from_html
from postroom.rooms.custom_fields.field import Kind, Target
from postroom.rooms.opportunities import pipeline_store, store
from postroom.rooms.opportunities.opportunity import Opportunity, Pipeline, Placing
from postroom.rooms.smart_views.query import parse
from postroom.rooms.smart_views.tree import InView, Query
from postroom.views.lead_search import MOST_MILLISECONDS, as_subqueries
from postroom.views.opportunity_groups import grouping_of, in_groups
from postroom.views.opportunity_list import (
    OpportunityCard,
    OpportunityFilter,
    OpportunityPage,
    opportunity_card,
    opportunity_page,
    opportunity_sums,
)
from postroom.views.references import require_contact, require_user, user_or, with_members
from postroom.views.time_limit import limit_time

Line = Annotated[str, msgspec.Meta(max_length=1000)]
_ON_OPPORTUNITIES = Target(Kind.OPPORTUNITY)


class OpportunityBody(msgspec.Struct):
    """What may be written of an opportunity; `lead_id` and `date_created` only when it is made."""

    lead_id: Maybe[Line] = msgspec.UNSET
    status_id: Maybe[Line] = msgspec.UNSET
    status: Maybe[Line] = msgspec.UNSET
    status_label: Maybe[Line] = msgspec.UNSET
    pipeline_id: Maybe[Line] = msgspec.UNSET
    user_id: Maybe[Line] = msgspec.UNSET
    contact_id: Maybe[Line] = msgspec.UNSET
    value: int | float | msgspec.UnsetType | None = msgspec.UNSET
    value_period: Maybe[Line] = msgspec.UNSET
    confidence: int | float | msgspec.UnsetType | None = msgspec.UNSET
    note: Maybe[Annotated[str, msgspec.Meta(max_length=100_000)]] = msgspec.UNSET
    note_html: Maybe[Annotated[str, msgspec.Meta(max_length=100_000)]] = msgspec.UNSET
    date_won: Maybe[Line] = msgspec.UNSET
    date_created: Maybe[Line] = msgspec.UNSET
    created_by: Maybe[Line] = msgspec.UNSET
    attachments: Maybe[Annotated[list[dict[str, Any]], msgspec.Meta(max_length=100)]] = msgspec.UNSET


@get(
    "/opportunity",
    operation_id="list_opportunities",
    operation_class=takes(
        "lead_id", "user_id", "user_id__in", "contact_id", "status_id", "status_id__in", "status_type",
        "status_type__in", "status_label", "status_label__in", "pipeline_id", "value_period", "value_period__in",
        "date_won__gt", "date_won__gte", "date_won__lt", "date_won__lte", "date_created__gt", "date_created__gte",
        "date_created__lt", "date_created__lte", "date_updated__gt", "date_updated__gte", "date_updated__lt",
        "date_updated__lte", "query", "lead_query", "lead_saved_search_id", "_order_by", "_group_by", "_limit", "_skip",
        "_fields",
    ),
)  # fmt: skip
async def list_opportunities(request: ApiRequest) -> OpportunityPage:
    """Opportunities, and of all that the filters find the number and the sums, in cents; in groups by `_group_by`."""
    query, organization_id = asked(request), request.user.organization_id
    grouping = grouping_of(query.text("_group_by"))
    async with tools_of(request).db.searching() as tx:
        wanted = _filter(query)
        people = await with_members(tx, organization_id, wanted.user_ids)
        wanted = replace(wanted, user_ids=people, found=await _found(request, tx, query))
        if grouping:
            wanted = replace(wanted, before_order=grouping.order)
        page = await opportunity_page(tx, organization_id, wanted, query.page(MOST_PLAIN_LIMIT))
        sums = await opportunity_sums(tx, organization_id, wanted, grouping.sql) if grouping else {}
    answer = shown(request, page)
    return cast(OpportunityPage, in_groups(page, answer, grouping, sums)) if grouping else answer


@get("/opportunity/{opportunity_id:str}", operation_id="get_opportunity", operation_class=takes("_fields"))
async def get_opportunity(request: ApiRequest, opportunity_id: FromPath[str]) -> OpportunityCard:
    """One opportunity."""
    async with tools_of(request).db.reading() as tx:
        return shown(request, await opportunity_card(tx, request.user.organization_id, opportunity_id))


@post("/opportunity", operation_id="create_opportunity", status_code=200)
async def create_opportunity(request: ApiRequest, data: JSONBody[OpportunityBody]) -> OpportunityCard:
    """Make an opportunity; without `lead_id`, on a new lead without a name. It begins in the first status."""
    organization_id, stamp, body = request.user.organization_id, stamp_of(request), await raw_body(request)
    placing = Placing(tidy(data.lead_id) or "", moment_in("date_created", data.date_created))
    async with tools_of(request).db.transaction() as tx:
        known = await pipeline_store.pipelines(tx, organization_id)
        known = known or (await pipeline_store.first_pipeline(tx, organization_id, stamp),)
        status_id = _status_id(data, known) or _first_status(data, known)
        content = _changed(Opportunity(status_id, request.user.id), data)
        content = replace(content, custom=await custom_of(request, tx, _ON_OPPORTUNITIES, (body, {})))
        await _check_people(tx, organization_id, content)
        author = await user_or(tx, organization_id, tidy(data.created_by), request.user.id)
        placing = replace(placing, created_by=author)
        opportunity_id = await make_opportunity(tx, organization_id, (placing, content), stamp)
        await told_made(request, tx, "opportunity", opportunity_id)
        return shown(request, await opportunity_card(tx, organization_id, opportunity_id))


@put("/opportunity/{opportunity_id:str}", operation_id="update_opportunity")
async def update_opportunity(
    request: ApiRequest, opportunity_id: FromPath[str], data: JSONBody[OpportunityBody]
) -> OpportunityCard:
    """Change what is given. Another status is noted in the lead's history."""
    organization_id, stamp, body = request.user.organization_id, stamp_of(request), await raw_body(request)
    async with tools_of(request).db.transaction() as tx:
        _, before = await store.opportunity_to_change(tx, organization_id, opportunity_id)
        status_id = _status_id(data, await pipeline_store.pipelines(tx, organization_id)) or before.status_id
        content = _changed(replace(before, status_id=status_id), data)
        content = replace(content, custom=await custom_of(request, tx, _ON_OPPORTUNITIES, (body, before.custom)))
        await _check_people(tx, organization_id, content)
        async with told(request, tx, "opportunity", opportunity_id):
            await change_opportunity(tx, organization_id, (opportunity_id, content), stamp)
        return shown(request, await opportunity_card(tx, organization_id, opportunity_id))


@delete("/opportunity/{opportunity_id:str}", operation_id="delete_opportunity", status_code=200)
async def delete_opportunity(request: ApiRequest, opportunity_id: FromPath[str]) -> Deleted:
    """Remove an opportunity; its status changes stay in the lead's history."""
    async with tools_of(request).db.transaction() as tx, told(request, tx, "opportunity", opportunity_id):
        await store.delete_opportunity(tx, request.user.organization_id, opportunity_id, stamp_of(request))
    return Deleted()


def _filter(query: Asked) -> OpportunityFilter:
    return OpportunityFilter(
        ids=query.ids("id__in", "id"),
        lead_ids=query.ids("lead_id", "lead_id__in"),
        contact_ids=query.ids("contact_id", "contact_id__in"),
        user_ids=query.ids("user_id", "user_id__in"),
        status_ids=query.ids("status_id", "status_id__in"),
        status_types=query.ids("status_type", "status_type__in"),
        status_labels=query.ids("status_label", "status_label__in", "status", "status__in"),
        pipeline_ids=query.ids("pipeline_id", "pipeline_id__in"),
        value_periods=query.ids("value_period", "value_period__in"),
        date_won=query.in_utc().span("date_won"),
        date_created=query.span("date_created"),
        date_updated=query.span("date_updated"),
        order=query.text("_order_by") or "-date_updated",
    )


async def _found(request: ApiRequest, tx: Transaction, query: Asked) -> list[tuple[str, str, dict[str, Any]]]:
    """The searches that all opportunities must be among: for themselves, and for their leads."""
    wanted: list[tuple[str, Query]] = []
    if text := query.text("query"):
        wanted.append(("o.id", replace(parse(text), kind="opportunity")))
    if text := query.text("lead_query"):
        wanted.append(("o.lead_id", parse(text)))
    if view_id := query.text("lead_saved_search_id"):
        wanted.append(("o.lead_id", Query(InView(view_id))))
    if not wanted:
        return []
    sql, values = await as_subqueries(
        tx, request.user.organization_id, [search for _, search in wanted], reader_of(request)
    )
    await limit_time(tx, MOST_MILLISECONDS)
    return [(column, one, values) for (column, _), one in zip(wanted, sql, strict=True)]


def _changed(before: Opportunity, data: OpportunityBody) -> Opportunity:
    """The opportunity with what the body gives. Raises Invalid."""
    given: dict[str, Any] = {}
    for name in ("user_id", "contact_id"):
        if (text := tidy(getattr(data, name))) is not None:
            given[name] = text or None
    if not isinstance(data.value, msgspec.UnsetType):
        given["value"] = _whole("value", data.value)
    if isinstance(data.confidence, int | float):
        given["confidence"] = _whole("confidence", data.confidence)
    if period := tidy(data.value_period):
        given["value_period"] = period
    note, html = tidy(data.note), tidy(data.note_html)
    if note is not None and (note != before.note or html is None):
        given["note"] = note
    elif html is not None and html != _as_html(before.note):  # a form that was only sent back says nothing new
        given["note"] = from_html(html)[0]
    if (day := tidy(data.date_won)) is not None:
        given["date_won"] = _day(day)
    if not isinstance(data.attachments, msgspec.UnsetType):
        given["attachments"] = tuple(or_empty(data.attachments))
    return replace(before, **given)


def _as_html(note: str) -> str:
    """As `views/opportunity_list.py` prints it."""
    return f"<body><p>{escape(note, quote=False)}</p></body>".replace("\n", "<br>") if note else ""


def _status_id(data: OpportunityBody, known: tuple[Pipeline, ...]) -> str | None:
    """`status_id`, or that of the label in `status`, or in `status_label` where it stands alone; None where none is
    given. Raises Invalid."""
    status_id, label = tidy(data.status_id), tidy(data.status)
    if status_id and label:
        raise Invalid(field_errors={"status": "Give either status or status_id, not both."})
    printed = "" if status_id or label else tidy(data.status_label) or ""
    if not label and not printed:
        return status_id or None
    for pipeline in _meant(data, known):
        for status in pipeline.statuses:
            if status.label.casefold() == (label or printed).casefold():
                return status.id
    if printed:  # what is only printed is passed over where it means nothing
        return None
    raise Invalid(field_errors={"status": f"There is no opportunity status {label!r}."})


def _first_status(data: OpportunityBody, known: tuple[Pipeline, ...]) -> str:
    for pipeline in _meant(data, known):
        for status in pipeline.statuses:
            return status.id
    raise Invalid(field_errors={"status_id": "This pipeline has no statuses; name one of another."})


def _meant(data: OpportunityBody, known: tuple[Pipeline, ...]) -> tuple[Pipeline, ...]:
    wanted = tidy(data.pipeline_id)
    found = tuple(pipeline for pipeline in known if not wanted or pipeline.id == wanted)
    if not found:
        raise Invalid(field_errors={"pipeline_id": "There is no such pipeline."})
    return found


async def _check_people(tx: Transaction, organization_id: str, content: Opportunity) -> None:
    await require_user(tx, organization_id, "user_id", content.user_id)
    await require_contact(tx, organization_id, "contact_id", content.contact_id)


def _whole(field: str, value: float | None) -> int | None:
    if value is None:
        return None
    if not abs(value) <= 10**18 or value != int(value):  # "NaN", which JSON readers take for a number, is not smaller
        raise Invalid(field_errors={field: "This must be a whole number."})
    return int(value)


def _day(text: str) -> date | None:
    return moment("date_won", text).date() if text else None


ROUTES = [list_opportunities, get_opportunity, create_opportunity, update_opportunity, delete_opportunity]

"""What Postroom itself notes down about a lead: changes of status, that it was made or merged, tasks that were done.

A change of status may also be logged, for what happened elsewhere; that changes no status.
"""

from dataclasses import replace
from typing import Annotated, Any

import msgspec
from litestar import delete, get, post
from litestar.params import FromPath, JSONBody

from postroom.doors.web.bodies import Maybe, moment_in, tidy
from postroom.doors.web.document import takes
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.groups import asked_of_users
from postroom.doors.web.query import Deleted, shown
from postroom.doors.web.reach import stamp_of, tools_of
from postroom.doors.web.recording import (
    FILTERS,
    card_of,
    cards_asked,
    check_people,
    delete_record,
    record_filter,
)
from postroom.ground.errors import Invalid, NotFound
from postroom.journeys.log_activity import log_activity
from postroom.rooms.activities.activity import Activity, Kind
from postroom.rooms.leads import status_store
from postroom.rooms.opportunities import pipeline_store
from postroom.rooms.opportunities import store as opportunities
from postroom.views.record_list import (
    CreatedCard,
    LeadMergeCard,
    LeadStatusChangeCard,
    OpportunityStatusChangeCard,
    RecordFilter,
    TaskCompletedCard,
    created_page,
)
from postroom.views.selection import Page

Line = Annotated[str, msgspec.Meta(max_length=1000)]


class StatusChangeBody(msgspec.Struct):
    """A change of status that happened elsewhere."""

    lead_id: Maybe[Line] = msgspec.UNSET
    opportunity_id: Maybe[Line] = msgspec.UNSET
    contact_id: Maybe[Line] = msgspec.UNSET
    user_id: Maybe[Line] = msgspec.UNSET
    old_status_id: Maybe[Line] = msgspec.UNSET
    new_status_id: Maybe[Line] = msgspec.UNSET
    date_created: Maybe[Line] = msgspec.UNSET
    activity_at: Maybe[Line] = msgspec.UNSET


class LeadStatusChangePage(msgspec.Struct):
    """Some changes of leads' statuses."""

    data: list[LeadStatusChangeCard]
    has_more: bool


class OpportunityStatusChangePage(msgspec.Struct):
    """Some changes of opportunities' statuses."""

    data: list[OpportunityStatusChangeCard]
    has_more: bool


class TaskCompletedPage(msgspec.Struct):
    """Some tasks that were done."""

    data: list[TaskCompletedCard]
    has_more: bool


class LeadMergePage(msgspec.Struct):
    """Some merges of leads."""

    data: list[LeadMergeCard]
    has_more: bool


class CreatedPage(msgspec.Struct):
    """That some leads were made."""

    data: list[CreatedCard]
    has_more: bool


@get("/activity/status_change/lead", operation_id="list_lead_status_changes", operation_class=takes(*FILTERS))
async def list_lead_changes(request: ApiRequest) -> LeadStatusChangePage:
    """Changes of leads' statuses, newest first."""
    found = await cards_asked(request, Kind.LEAD_STATUS_CHANGE, LeadStatusChangeCard)
    return shown(request, LeadStatusChangePage(*found))


@get("/activity/status_change/lead/{change_id:str}", operation_id="get_lead_status_change")
async def get_lead_change(request: ApiRequest, change_id: FromPath[str]) -> LeadStatusChangeCard:
    """One of them."""
    async with tools_of(request).db.reading() as tx:
        return await card_of(request, tx, (Kind.LEAD_STATUS_CHANGE, change_id), LeadStatusChangeCard)


@post("/activity/status_change/lead", operation_id="create_lead_status_change", status_code=200)
async def log_lead_change(request: ApiRequest, data: JSONBody[StatusChangeBody]) -> LeadStatusChangeCard:
    """Log a change of a lead's status; the lead keeps the status it has."""
    organization_id = request.user.organization_id
    async with tools_of(request).db.transaction() as tx:
        labels = {one.id: one.label for one in await status_store.statuses(tx, organization_id)}
        change = _change(request, Kind.LEAD_STATUS_CHANGE, data, labels)
        await check_people(request, tx, change)
        given = (change, moment_in("date_created", data.date_created))
        change_id = await log_activity(tx, organization_id, given, stamp_of(request))
        return await card_of(request, tx, (Kind.LEAD_STATUS_CHANGE, change_id), LeadStatusChangeCard)


@delete("/activity/status_change/lead/{change_id:str}", operation_id="delete_lead_status_change", status_code=200)
async def delete_lead_change(request: ApiRequest, change_id: FromPath[str]) -> Deleted:
    """Remove one from the history; the lead keeps the status it has."""
    return await delete_record(request, Kind.LEAD_STATUS_CHANGE, change_id)


@get(
    "/activity/status_change/opportunity",
    operation_id="list_opportunity_status_changes",
    operation_class=takes(*FILTERS),
)
async def list_opportunity_changes(request: ApiRequest) -> OpportunityStatusChangePage:
    """Changes of opportunities' statuses, newest first."""
    found = await cards_asked(request, Kind.OPPORTUNITY_STATUS_CHANGE, OpportunityStatusChangeCard)
    return shown(request, OpportunityStatusChangePage(*found))


@get("/activity/status_change/opportunity/{change_id:str}", operation_id="get_opportunity_status_change")
async def get_opportunity_change(request: ApiRequest, change_id: FromPath[str]) -> OpportunityStatusChangeCard:
    """One of them."""
    async with tools_of(request).db.reading() as tx:
        return await card_of(request, tx, (Kind.OPPORTUNITY_STATUS_CHANGE, change_id), OpportunityStatusChangeCard)


@post("/activity/status_change/opportunity", operation_id="create_opportunity_status_change", status_code=200)
async def log_opportunity_change(request: ApiRequest, data: JSONBody[StatusChangeBody]) -> OpportunityStatusChangeCard:
    """Log a change of an opportunity's status; it keeps the status it has."""
    organization_id, opportunity_id = request.user.organization_id, tidy(data.opportunity_id)
    async with tools_of(request).db.transaction() as tx:
        if not opportunity_id:
            raise Invalid(field_errors={"opportunity_id": "This field is required."})
        lead_id, worth = await opportunities.opportunity_to_change(tx, organization_id, opportunity_id)
        labels = {one.id: one.label for one in await pipeline_store.statuses(tx, organization_id)}
        data.lead_id = lead_id
        change = _change(request, Kind.OPPORTUNITY_STATUS_CHANGE, data, labels)
        details = {**change.details, "value": worth.value, "value_period": worth.value_period}
        change = replace(change, object_id=opportunity_id, details=details)
        given = (change, moment_in("date_created", data.date_created))
        change_id = await log_activity(tx, organization_id, given, stamp_of(request))
        return await card_of(request, tx, (Kind.OPPORTUNITY_STATUS_CHANGE, change_id), OpportunityStatusChangeCard)


@delete(
    "/activity/status_change/opportunity/{change_id:str}",
    operation_id="delete_opportunity_status_change",
    status_code=200,
)
async def delete_opportunity_change(request: ApiRequest, change_id: FromPath[str]) -> Deleted:
    """Remove one from the history; the opportunity keeps the status it has."""
    return await delete_record(request, Kind.OPPORTUNITY_STATUS_CHANGE, change_id)


@get("/activity/task_completed", operation_id="list_completed_tasks", operation_class=takes(*FILTERS))
async def list_completed(request: ApiRequest) -> TaskCompletedPage:
    """Tasks of leads that were done, newest first."""
    return shown(request, TaskCompletedPage(*await cards_asked(request, Kind.TASK_COMPLETED, TaskCompletedCard)))


@get("/activity/task_completed/{done_id:str}", operation_id="get_completed_task")
async def get_completed(request: ApiRequest, done_id: FromPath[str]) -> TaskCompletedCard:
    """One of them."""
    async with tools_of(request).db.reading() as tx:
        return await card_of(request, tx, (Kind.TASK_COMPLETED, done_id), TaskCompletedCard)


@delete("/activity/task_completed/{done_id:str}", operation_id="delete_completed_task", status_code=200)
async def delete_completed(request: ApiRequest, done_id: FromPath[str]) -> Deleted:
    """Remove one from the history; the task stays done."""
    return await delete_record(request, Kind.TASK_COMPLETED, done_id)


@get("/activity/lead_merge", operation_id="list_lead_merges", operation_class=takes(*FILTERS))
async def list_merges(request: ApiRequest) -> LeadMergePage:
    """Which leads were merged into others, newest first."""
    return shown(request, LeadMergePage(*await cards_asked(request, Kind.LEAD_MERGE, LeadMergeCard)))


@get("/activity/lead_merge/{merge_id:str}", operation_id="get_lead_merge")
async def get_merge(request: ApiRequest, merge_id: FromPath[str]) -> LeadMergeCard:
    """One of them."""
    async with tools_of(request).db.reading() as tx:
        return await card_of(request, tx, (Kind.LEAD_MERGE, merge_id), LeadMergeCard)


@get("/activity/created", operation_id="list_created", operation_class=takes(*FILTERS))
async def list_created(request: ApiRequest) -> CreatedPage:
    """That leads were made, newest first."""
    async with tools_of(request).db.reading() as tx:
        query = await asked_of_users(request, tx)
        found = await created_page(tx, request.user.organization_id, record_filter(query), query.page())
    return shown(request, CreatedPage(*found))


@get("/activity/created/{created_id:str}", operation_id="get_created")
async def get_created(request: ApiRequest, created_id: FromPath[str]) -> CreatedCard:
    """One of them."""
    wanted = RecordFilter(ids=(created_id,), lead_ids=(f"lead_{created_id.removeprefix('acti_')}",))
    async with tools_of(request).db.reading() as tx:
        found, _ = await created_page(tx, request.user.organization_id, wanted, Page(1))
    if not found:
        raise NotFound("There is no such activity.")
    return shown(request, found[0])


def _change(request: ApiRequest, kind: Kind, data: StatusChangeBody, labels: dict[str, str]) -> Activity:
    lead_id, old, new = tidy(data.lead_id), tidy(data.old_status_id), tidy(data.new_status_id)
    wrong = {
        name: "There is no such status."
        for name, status_id in (("old_status_id", old), ("new_status_id", new))
        if not status_id or status_id not in labels
    }
    if not lead_id:
        wrong["lead_id"] = "This field is required."
    if wrong or not lead_id or not old or not new:
        raise Invalid(field_errors=wrong)
    at = moment_in("activity_at", data.activity_at) or moment_in("date_created", data.date_created)
    details: dict[str, Any] = {"old_status_label": labels[old], "new_status_label": labels[new]}
    return Activity(
        kind, lead_id, at or tools_of(request).clock(), tidy(data.contact_id) or None,
        tidy(data.user_id) or request.user.id, old_status_id=old, new_status_id=new, details=details,
    )  # fmt: skip


ROUTES = [
    list_lead_changes, get_lead_change, log_lead_change, delete_lead_change,
    list_opportunity_changes, get_opportunity_change, log_opportunity_change, delete_opportunity_change,
    list_completed, get_completed, delete_completed, list_merges, get_merge, list_created, get_created,
]  # fmt: skip

"""Kinds of things that Close has and Postroom has not: their lists are empty, and there is none of any id.

Programs written for Close walk through all lists of an organization; an empty one lets them go on, a missing one not.
"""

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromPath

from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.query import MOST_PLAIN_LIMIT, asked
from postroom.ground.errors import Invalid, NotFound

LISTS = (
    "/activity/sms", "/activity/meeting", "/activity/whatsapp_message", "/activity/form_submission", "/phone_number",
    "/sms_template", "/sequence", "/sequence_schedule", "/sequence_subscription", "/custom_object_type",
    "/custom_object", "/scheduling_link", "/shared_scheduling_link", "/form", "/dialer", "/outcome", "/playbook",
    "/blocked_phone_number", "/activity/import_update", "/bulk_action/sequence_subscription", "/user/availability",
    "/custom_field/custom_object_type", "/shared_scheduling_link_association", "/enrich_field",
    "/phone_number/request/internal",
)  # fmt: skip


class EmptyPage(msgspec.Struct, frozen=True):
    """Nothing, and no more of it."""

    data: list[str]
    has_more: bool


@get(list(LISTS), include_in_schema=False, sync_to_thread=False)
def list_nothing(request: ApiRequest) -> EmptyPage:
    """An empty list, for a well-formed question."""
    asked(request).page(MOST_PLAIN_LIMIT)
    return EmptyPage([], False)


@post(list(LISTS), include_in_schema=False, sync_to_thread=False)
def make_nothing(request: ApiRequest) -> EmptyPage:
    """Said in words: a program that only reads the status learns as much as from any other refusal."""
    kind = request.url.path.strip("/").rpartition("/")[2].replace("_", " ")
    raise Invalid(f"Postroom keeps nothing of the kind {kind}; nothing was made.")


_ONE = [f"{path}/{{thing_id:str}}" for path in LISTS]


@get(_ONE, include_in_schema=False, sync_to_thread=False)
def get_nothing(request: ApiRequest, thing_id: FromPath[str]) -> EmptyPage:
    """Never there."""
    raise NotFound(f"There is no {thing_id!r} here: Postroom does not have such things.")


@put(_ONE, include_in_schema=False, sync_to_thread=False)
def change_nothing(request: ApiRequest, thing_id: FromPath[str]) -> EmptyPage:
    """Never there."""
    raise NotFound(f"There is no {thing_id!r} here: Postroom does not have such things.")


@delete(_ONE, include_in_schema=False, status_code=200, sync_to_thread=False)
def delete_nothing(request: ApiRequest, thing_id: FromPath[str]) -> EmptyPage:
    """Never there."""
    raise NotFound(f"There is no {thing_id!r} here: Postroom does not have such things.")


ROUTES = [list_nothing, make_nothing, get_nothing, change_nothing, delete_nothing]

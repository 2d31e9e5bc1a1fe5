"""Kinds of things that Close has and Postroom has not: their lists are empty, and there is none of any id.

Programs written for Close walk through all lists of an organization; an empty one lets them go on, a missing one not.
"""

import msgspec
from litestar import get
from litestar.params import FromPath

from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.query import asked
from postroom.ground.errors import NotFound

LISTS = (
    "/activity/sms", "/activity/meeting", "/activity/whatsapp_message", "/activity/form_submission", "/phone_number",
    "/sms_template", "/sequence", "/sequence_schedule", "/sequence_subscription", "/custom_object_type",
    "/custom_object", "/scheduling_link", "/form",
)  # fmt: skip


class EmptyPage(msgspec.Struct, frozen=True):
    """Nothing, and no more of it."""

    data: list[str]
    has_more: bool


@get(list(LISTS), include_in_schema=False, sync_to_thread=False)
def list_nothing(request: ApiRequest) -> EmptyPage:
    """An empty list, for a well-formed question."""
    asked(request).page()
    return EmptyPage([], False)


@get([f"{path}/{{thing_id:str}}" for path in LISTS], include_in_schema=False, sync_to_thread=False)
def get_nothing(request: ApiRequest, thing_id: FromPath[str]) -> EmptyPage:
    """Never there."""
    raise NotFound(f"There is no {thing_id!r} here: Postroom does not have such things.")


ROUTES = [list_nothing, get_nothing]

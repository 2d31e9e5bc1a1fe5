"""Custom values of request bodies: keys that no body declares, since their names are the organization's own."""

from collections.abc import Mapping
from typing import Any

import msgspec

from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.reach import stamp_of
from postroom.ground.database import Transaction
from postroom.journeys.steps.custom_values import CustomChange, custom_after
from postroom.rooms.custom_fields.field import Target
from postroom.rooms.custom_fields.values import given_in


async def raw_body(request: ApiRequest) -> Mapping[str, Any]:
    """The body with all its keys; empty where no custom field can be in it, which is told without reading it again."""
    body = await request.body()
    if b'"custom' not in body:
        return {}
    found = msgspec.json.decode(body)
    return found if isinstance(found, dict) else {}


async def custom_of(
    request: ApiRequest, tx: Transaction, target: Target, change: tuple[Mapping[str, Any], Mapping[str, Any]]
) -> Mapping[str, Any]:
    """All custom values of a thing after `change` (the raw body, what it holds so far). Raises Invalid."""
    body, held = change
    wanted = CustomChange(target, given_in(body), held)
    return await custom_after(tx, request.user.organization_id, wanted, stamp_of(request))

"""What events tell of how an organization is set up: statuses, pipelines, fields, types of activity, groups, people."""

from collections.abc import Sequence

import msgspec

from postroom.ground.database import Transaction
from postroom.views import people, pipelines
from postroom.views.activity_types import ActivityTypeCard, activity_type_page
from postroom.views.field_list import fields_by_id
from postroom.views.members import membership_cards
from postroom.views.selection import Page


async def setting_cards(
    tx: Transaction, organization_id: str, object_type: str, ids: Sequence[str]
) -> Sequence[msgspec.Struct]:
    """Those of these things that are there; none of any other type."""
    if object_type.startswith("custom_fields."):
        return await fields_by_id(tx, organization_id, list(ids))
    if object_type == "status.lead":
        return [one for one in await pipelines.lead_status_cards(tx, organization_id) if one.id in ids]
    if object_type == "status.opportunity":
        return [one for one in await pipelines.opportunity_status_cards(tx, organization_id) if one.id in ids]
    if object_type == "pipeline":
        return [one for one in await pipelines.pipeline_cards(tx, organization_id) if one.id in ids]
    if object_type == "group":
        known = {one.id for one in await people.groups(tx, organization_id)}
        return [await people.group(tx, organization_id, one) for one in ids if one in known]
    if object_type == "membership":
        return await membership_cards(tx, organization_id, list(ids))
    return await _types(tx, organization_id, ids) if object_type == "custom_activity_type" else []


async def _types(tx: Transaction, organization_id: str, ids: Sequence[str]) -> list[ActivityTypeCard]:
    pages = [await activity_type_page(tx, organization_id, Page(1), one) for one in ids]
    return [card for page in pages for card in page.data]

"""Smart fields beside a lead's own: by name in `_fields`, or all of them with `_fields=_all`, as Close has it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import msgspec

from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.query import asked
from postroom.ground.database import Transaction
from postroom.views.lead_list import LeadCard
from postroom.views.smart_fields import SMART_FIELDS, smart_fields


def wanted_smart_fields(names: Collection[str]) -> frozenset[str]:
    """Those among the names of fields; all of them for `_all`."""
    return SMART_FIELDS if "_all" in names else SMART_FIELDS & frozenset(names)


async def with_smart_fields(request: ApiRequest, tx: Transaction, cards: Sequence[LeadCard]) -> list[Any]:
    """The cards, each a plain mapping with the smart fields that this request asks for, if it does."""
    names = wanted_smart_fields(asked(request).ids("_fields") or ())
    if not names:
        return list(cards)
    plain = [msgspec.to_builtins(card, builtin_types=(datetime, msgspec.Raw)) for card in cards]
    found = await smart_fields(tx, request.user.organization_id, [card["id"] for card in plain], names)
    return [{**card, **found.get(card["id"], {})} for card in plain]

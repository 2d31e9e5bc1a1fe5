"""Changes told with what was before and what is after: the states that an event carries."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.reach import tools_of
from postroom.ground.database import Transaction
from postroom.ground.events import States, describe
from postroom.views.event_states import Here, State, state_of, states

_BODIES = frozenset({"body_text", "body_html", "body_text_quoted", "body_html_quoted"})
"""Never kept in the log: the words of a deleted email must go with it."""


@asynccontextmanager
async def told(request: ApiRequest, tx: Transaction, object_type: str, object_id: str) -> AsyncIterator[None]:
    """The events that are appended inside for this thing carry what it was before the block and is after it."""
    organization_id, here, thing = request.user.organization_id, here_of(request), (object_type, object_id)
    before = _kept(await state_of(tx, organization_id, thing, here))
    yield
    after = _kept(await state_of(tx, organization_id, thing, here))
    await describe(tx, organization_id, object_id, States(before, after))


async def told_made(request: ApiRequest, tx: Transaction, object_type: str, *object_ids: str) -> None:
    """The events of things that this transaction made carry what they are now, whatever becomes of them later. With a
    lead go its contacts."""
    organization_id, here = request.user.organization_id, here_of(request)
    found = await states(tx, organization_id, [(object_type, one) for one in object_ids], here)
    contacts = [("contact", one) for state in found.values() for one in state.get("contact_ids", ())]
    for object_id, state in [*found.items(), *(await states(tx, organization_id, contacts, here)).items()]:
        await describe(tx, organization_id, object_id, States(None, _kept(state)))


def here_of(request: ApiRequest) -> Here:
    """Where and when the request looks at things."""
    tools = tools_of(request)
    return Here(tools.config.base_url, tools.clock())


def _kept(state: State | None) -> State | None:
    return state and {name: value for name, value in state.items() if name not in _BODIES}

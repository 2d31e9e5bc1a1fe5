"""The things that events speak of, as they are now: what `data` of an event holds where nothing was kept with it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from postroom.ground.database import Transaction
from postroom.rooms.activities.activity import EVENT_TYPES, Kind
from postroom.views.email_list import EmailFilter, email_page
from postroom.views.event_settings import setting_cards
from postroom.views.inbox_page import KINDS, Moments, TaskFilter, task_page
from postroom.views.lead_list import contact_cards, shared_lead_cards
from postroom.views.lead_timeline import thread_page
from postroom.views.opportunity_list import opportunity_cards
from postroom.views.record_list import records_by_id
from postroom.views.selection import Page

State = Mapping[str, Any]
_RECORD_KINDS = {EVENT_TYPES[kind]: kind.value for kind in Kind}


@dataclass(frozen=True, slots=True)
class Here:
    """Where and when things are looked at: the installation's address stands in their links."""

    base_url: str
    now: datetime


async def states(
    tx: Transaction, organization_id: str, wanted: Iterable[tuple[str, str]], here: Here
) -> dict[str, State]:
    """The state of each of these things (object type, id) that is still there, by id."""
    by_type: dict[str, set[str]] = {}
    for object_type, object_id in wanted:
        by_type.setdefault("task" if object_type.startswith("task.") else object_type, set()).add(object_id)
    found: dict[str, State] = {}
    for object_type, ids in by_type.items():
        for card in await _cards(tx, organization_id, (object_type, sorted(ids)), here):
            state = as_state(card)
            found[state["id"]] = _of_a_lead(state) if object_type == "lead" else state
    return found


async def state_of(tx: Transaction, organization_id: str, thing: tuple[str, str], here: Here) -> State | None:
    """The state of one thing (object type, id); None where it is not there."""
    return (await states(tx, organization_id, [thing], here)).get(thing[1])


_LEAD_KEYS = frozenset(
    {
        "id", "organization_id", "name", "display_name", "description", "url", "html_url", "status_id", "status_label",
        "addresses", "contact_ids", "created_by", "created_by_name", "updated_by", "updated_by_name", "date_created",
        "date_updated",
    }
)  # fmt: skip


def _of_a_lead(state: dict[str, Any]) -> State:
    """What Close tells of a lead: contacts, opportunities and tasks have events of their own. Programs that make a
    deleted lead anew from its event post those by themselves, and would have them twice.
    """
    return {name: value for name, value in state.items() if name in _LEAD_KEYS or name.startswith("custom.")}


def as_state(card: Any) -> dict[str, Any]:
    """A card as plain JSON values."""
    plain = msgspec.json.decode(msgspec.json.encode(card))
    assert isinstance(plain, dict)
    return plain


async def _cards(
    tx: Transaction, organization_id: str, wanted: tuple[str, list[str]], here: Here
) -> Sequence[msgspec.Struct]:
    object_type, ids = wanted
    page = Page(len(ids))
    if object_type == "lead":
        return await shared_lead_cards(tx, organization_id, ids, here.base_url)
    if object_type == "contact":
        return await contact_cards(tx, organization_id, ids)
    if (kind := _RECORD_KINDS.get(object_type)) is not None:
        return [*(await records_by_id(tx, organization_id, kind, ids)).values()]
    if object_type == "opportunity":
        return await opportunity_cards(tx, organization_id, ids)
    if object_type == "activity.email":
        emails = EmailFilter(ids=await shared_emails(tx, organization_id, ids), base_url=here.base_url)
        return (await email_page(tx, organization_id, emails, page)).data
    if object_type == "activity.email_thread":
        threads = EmailFilter(thread_ids=await _shared_threads(tx, organization_id, ids), base_url=here.base_url)
        return (await thread_page(tx, organization_id, threads, page)).data
    if object_type == "task":
        tasks = TaskFilter(Moments(here.now, here.now, here.now), "", KINDS, tuple(ids))
        return (await task_page(tx, organization_id, tasks, page)).data
    return await setting_cards(tx, organization_id, object_type, ids)


async def shared_emails(tx: Transaction, organization_id: str, ids: list[str]) -> tuple[str, ...]:
    """Those that all coworkers see whole: what is kept from them goes into no log, no file and no other program."""
    rows = await (
        await tx.execute(
            "select id from emails where organization_id = %s and id = any(%s) and coworkers_see = 'everything'",
            (organization_id, ids),
        )
    ).fetchall()
    return tuple(row[0] for row in rows)


async def _shared_threads(tx: Transaction, organization_id: str, ids: list[str]) -> tuple[str, ...]:
    rows = await (
        await tx.execute(
            "select t.id from email_threads t where t.organization_id = %s and t.id = any(%s) and not t.is_private"
            " and not exists (select 1 from emails e where e.organization_id = t.organization_id"
            " and e.thread_id = t.id and e.coworkers_see <> 'everything')",
            (organization_id, ids),
        )
    ).fetchall()
    return tuple(row[0] for row in rows)

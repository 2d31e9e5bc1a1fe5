"""Every query of Smart Views."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from postroom.ground.database import Transaction
from postroom.ground.errors import NotFound
from postroom.ground.events import Event, append
from postroom.ground.ids import new_id
from postroom.rooms.smart_views.saved_search import SavedSearch, Seeker, is_visible

_COLUMNS = (
    "id, name, type, description, query, s_query, user_id, is_shared, shared_with, is_user_dependent, selected_fields,"
    " date_created, date_updated"
)


async def visible_views(tx: Transaction, organization_id: str, seeker: Seeker) -> list[SavedSearch]:
    """The Smart Views that one may see, oldest first."""
    cursor = tx.cursor(row_factory=dict_row)
    await cursor.execute(
        f"select {_COLUMNS} from saved_searches where organization_id = %s and (is_shared or user_id is null"
        " or user_id = %s or shared_with && %s) order by date_created, id",
        (organization_id, seeker.user_id, [seeker.user_id, *seeker.group_ids]),
    )
    return [_view(row) for row in await cursor.fetchall()]


async def view(tx: Transaction, organization_id: str, view_id: str, seeker: Seeker) -> SavedSearch:
    """One Smart View. Raises NotFound, also for one that this person may not see."""
    return await _one(tx, organization_id, (view_id, seeker), "")


async def view_to_change(tx: Transaction, organization_id: str, view_id: str, seeker: Seeker) -> SavedSearch:
    """One Smart View, locked until the transaction ends. Raises NotFound as `view` does."""
    return await _one(tx, organization_id, (view_id, seeker), " for update")


async def insert_view(tx: Transaction, organization_id: str, made: SavedSearch, now: datetime) -> str:
    """Keep a new Smart View under a new id; the id."""
    view_id = new_id("save")
    await tx.execute(
        "insert into saved_searches (organization_id, id, name, type, description, query, s_query, user_id, is_shared,"
        " shared_with, is_user_dependent, selected_fields, date_created, date_updated)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (organization_id, view_id, *_content(made), now, now),
    )
    await append(tx, organization_id, [Event("saved_search", view_id, "created", None, made.user_id)], now)
    return view_id


async def update_view(tx: Transaction, organization_id: str, changed: SavedSearch, by: tuple[str, datetime]) -> None:
    """Keep a changed Smart View; `by` is who changes it, and when. Raises NotFound."""
    user_id, now = by
    done = await tx.execute(
        "update saved_searches set name = %s, type = %s, description = %s, query = %s, s_query = %s, user_id = %s,"
        " is_shared = %s, shared_with = %s, is_user_dependent = %s, selected_fields = %s, date_updated = %s"
        " where organization_id = %s and id = %s",
        (*_content(changed), now, organization_id, changed.id),
    )
    if not done.rowcount:
        raise NotFound("There is no such Smart View.")
    await append(tx, organization_id, [Event("saved_search", changed.id, "updated", None, user_id)], now)


async def delete_view(tx: Transaction, organization_id: str, view_id: str, by: tuple[str, datetime]) -> None:
    """Remove a Smart View. Raises NotFound."""
    user_id, now = by
    done = await tx.execute(
        "delete from saved_searches where organization_id = %s and id = %s", (organization_id, view_id)
    )
    if not done.rowcount:
        raise NotFound("There is no such Smart View.")
    await append(tx, organization_id, [Event("saved_search", view_id, "deleted", None, user_id)], now)


async def insert_first_views(
    tx: Transaction, organization_id: str, views: Sequence[tuple[str, str]], now: datetime
) -> None:
    """The views of a new organization, (name, query) each; everybody's. Views are listed in the order they are made."""
    for at, (name, query) in enumerate(views):
        made = SavedSearch("", name, query=query, is_shared=True)
        await insert_view(tx, organization_id, made, now + timedelta(microseconds=at))


async def _one(tx: Transaction, organization_id: str, wanted: tuple[str, Seeker], lock: str) -> SavedSearch:
    view_id, seeker = wanted
    cursor = tx.cursor(row_factory=dict_row)
    await cursor.execute(
        f"select {_COLUMNS} from saved_searches where organization_id = %s and id = %s{lock}",
        (organization_id, view_id),
    )
    row = await cursor.fetchone()
    if row is None or not is_visible(_view(row), seeker):
        raise NotFound("There is no such Smart View.")
    return _view(row)


def _view(row: dict[str, Any]) -> SavedSearch:
    found = SavedSearch(**row)
    return replace(found, shared_with=tuple(found.shared_with))


def _content(view: SavedSearch) -> tuple[object, ...]:
    return (
        view.name, view.type, view.description, view.query,
        None if view.s_query is None else Jsonb(view.s_query), view.user_id, view.is_shared, list(view.shared_with),
        view.is_user_dependent, None if view.selected_fields is None else Jsonb(view.selected_fields),
    )  # fmt: skip

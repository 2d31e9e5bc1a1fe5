"""For whom the database is read: a person, with what of it is theirs to see, or the program itself.

Two settings of the session carry it. `postroom.viewer` names the person for the views that veil emails. For somebody
who may not see all leads the search path begins with the schema `bounded`: there every table that hangs on leads is
a view of the same name over the leads that this person is assigned to. No statement can forget the condition, in
whichever file it stands, and whoever sees all leads pays nothing for it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from psycopg.types.json import Jsonb


@dataclass(frozen=True, slots=True)
class LeadBounds:
    """Somebody who sees the leads that one of these custom fields assigns to them, and perhaps those of nobody."""

    user_id: str
    field_ids: tuple[str, ...]
    sees_unassigned: bool = False

    @property
    def marks(self) -> list[Jsonb]:
        """How the values of an assigned lead may look: the user alone, or among several."""
        alone = [Jsonb({field: self.user_id}) for field in self.field_ids]
        return alone + [Jsonb({field: [self.user_id]}) for field in self.field_ids]


@dataclass(frozen=True, slots=True)
class Viewer:
    """For whom is read; "" is the program."""

    user_id: str = ""
    bounds: LeadBounds | None = None


PROGRAM = Viewer()
_viewer: ContextVar[Viewer] = ContextVar("viewer", default=PROGRAM)
_faced: WeakKeyDictionary[psycopg.AsyncConnection[Any], Viewer | None] = WeakKeyDictionary()
"""By connection for whom it reads, None while that changes; one that is not there has just been opened."""

_BIND = (
    "select set_config('search_path', %(first)s || reset_val, false),"
    " set_config('postroom.lead_marks', %(marks)s::jsonb[]::text, false),"
    " set_config('postroom.lead_fields', %(fields)s::text[]::text, false),"
    " set_config('postroom.sees_unassigned', %(unassigned)s, false) from pg_settings where name = 'search_path'"
)


@contextmanager
def seen_by(user_id: str, bounds: LeadBounds | None = None) -> Iterator[None]:
    """Whatever is read inside of the block is read for this user; the rest is not there.

    Outside of any block it is the program itself that reads, and sees everything. A block within another one may
    narrow what is seen, and never widens it.
    """
    token = _viewer.set(Viewer(user_id, bounds or _viewer.get().bounds))
    try:
        yield
    finally:
        _viewer.reset(token)


@contextmanager
def bounded_by(bounds: LeadBounds | None) -> Iterator[None]:
    """The program goes on for itself inside of the block, on the leads of this user alone; None: on all."""
    with seen_by("", bounds):
        yield


@contextmanager
def unbounded() -> Iterator[None]:
    """For what a user decides on an account of theirs: it holds for its mail on all leads, the unseen ones too."""
    token = _viewer.set(Viewer(_viewer.get().user_id))
    try:
        yield
    finally:
        _viewer.reset(token)


def lead_bounds() -> LeadBounds | None:
    """What the present reader is bounded to; None sees all leads."""
    return _viewer.get().bounds


async def face(connection: psycopg.AsyncConnection[Any]) -> None:
    """Say for whom this connection reads from now on, if that is somebody else than before."""
    viewer, before = _viewer.get(), _faced.get(connection, PROGRAM)
    if before == viewer:
        return
    _faced[connection] = None  # if this is cut off half way, all of it is said again
    if before is None or before.bounds != viewer.bounds:
        bounds = viewer.bounds
        values = {
            "first": "bounded, " if bounds else "",
            "marks": bounds.marks if bounds else [],
            "fields": list(bounds.field_ids) if bounds else [],
            "unassigned": "yes" if bounds and bounds.sees_unassigned else "",
        }
        await connection.execute(_BIND, values)
    await connection.execute("select set_config('postroom.viewer', %s, false)", (viewer.user_id,))
    _faced[connection] = viewer

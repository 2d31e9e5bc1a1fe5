"""A full disk, or a database that refuses, stops imports, exports and bulk actions only for as long as it lasts."""

import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from postroom.doors.worker.run import in_tries
from postroom.ground.errors import Temporary
from postroom.journeys import import_leads as import_journey
from postroom.journeys import run_bulk_action as bulk_journey
from postroom.journeys.import_leads import import_leads
from postroom.journeys.make_export import make_export, put_off_export
from postroom.journeys.run_bulk_action import put_off_bulk_action, run_bulk_action
from postroom.journeys.tools import Tools
from postroom.rooms.exports import store as exports
from tests.doors.web.conftest import Door, admin, api, door, tools
from tests.doors.web.test_imports import URL as IMPORTS
from tests.doors.web.test_imports import draft

__all__ = ["admin", "api", "door", "tools"]

API = "/api/v1"
MANY = 8
"""More tries than a thing has that breaks off by itself."""


@contextlib.asynccontextmanager
async def no_space_for(tools: Tools, table: str, name: str) -> AsyncIterator[None]:
    """PostgreSQL's own answer when the disk is full (53100), for rows of this name."""
    async with tools.db.transaction() as tx:
        await tx.execute(
            "create function no_space() returns trigger language plpgsql as $$ begin"
            f" if new.name = '{name}' then raise exception 'No space left on device' using errcode = '53100'; end if;"
            " return new; end $$"
        )
        await tx.execute(f"create trigger no_space before insert or update on {table} for each row"
                         " execute function no_space()")  # fmt: skip
    try:
        yield
    finally:
        async with tools.db.transaction() as tx:
            await tx.execute(f"drop trigger no_space on {table}")
            await tx.execute("drop function no_space")


async def test_a_bulk_edit_goes_on_where_the_full_disk_stopped_it(
    door: Door, api: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_journey, "THINGS_AT_ONCE", 1)
    for number in range(4):
        await api.post(f"{API}/lead/", json={"name": f"Firm {number}"})
    labels = {one["label"]: one["id"] for one in (await api.get(f"{API}/status/lead/")).json()["data"]}
    wish = {"query": "*", "type": "set_lead_status", "lead_status_id": labels["Customer"]}
    path = f"{API}/bulk_action/edit/{(await api.post(f'{API}/bulk_action/edit/', json=wish)).json()['id']}/"
    begun = (await api.get(path)).json()
    work = in_tries(door.tools, run_bulk_action, put_off_bulk_action)
    async with no_space_for(door.tools, "leads", "Firm 2"):
        for _ in range(MANY):
            await work(begun["organization_id"], thing_id=begun["id"])
        waiting = (await api.get(path)).json()
        assert waiting["status"] == "processing" and "database is busy or away" in waiting["error"]
    await work(begun["organization_id"], thing_id=begun["id"])
    done = (await api.get(path)).json()
    assert (done["status"], done["n_objects_processed"], done["error"]) == ("done", 4, None)
    moved = (await api.get(f"{API}/event/?object_type=lead&action=updated")).json()["data"]
    assert len(moved) == 4, "each lead once"


async def test_an_import_goes_on_behind_its_last_slice_and_doubles_no_row(
    api: httpx2.AsyncClient, tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_journey, "ROWS_AT_ONCE", 2)
    made = await draft(api, "company,email\n" + "".join(f"Lead {n},p{n}@x{n}.example\n" for n in range(7)))
    await api.post(f"{IMPORTS}{made['id']}/run/")
    work = in_tries(tools, import_leads, nothing_to_write)
    async with no_space_for(tools, "leads", "Lead 5"):
        for _ in range(MANY):
            await work(made["organization_id"], import_id=made["id"])
        assert (await api.get(f"{IMPORTS}{made['id']}/")).json()["n_done"] == 4
    await work(made["organization_id"], import_id=made["id"])
    assert (await api.get(f"{IMPORTS}{made['id']}/")).json()["status"] == "done"
    assert (await api.get(f"{API}/lead/?_limit=0")).json()["total_results"] == 7


async def nothing_to_write(*_: Any) -> None:
    """An import's row says by itself that it waits."""


async def test_an_export_waits_for_room_on_the_disk_for_a_day(
    door: Door, api: httpx2.AsyncClient, tmp_path: Path
) -> None:
    await api.post(f"{API}/lead/", json={"name": "Firm"})
    begun = (await api.post(f"{API}/export/lead/", json={})).json()
    path, blobs = f"{API}/export/{begun['id']}/", tmp_path / "blobs"
    work = in_tries(door.tools, make_export, put_off_export)
    aside = blobs.rename(tmp_path / "aside") if blobs.exists() else None
    blobs.write_text("no folder")  # what the blob store writes is refused by the system
    for _ in range(MANY):
        await work(begun["organization_id"], thing_id=begun["id"])
    waiting = (await api.get(path)).json()
    assert waiting["status"] == "in_progress" and waiting["error"].startswith("The blob store cannot be used")
    async with door.tools.db.transaction() as tx:
        await exports.put_off(tx, begun["organization_id"], (begun["id"], "x"), door.tools.clock() + timedelta(days=1))
        tries = (await exports.export(tx, begun["organization_id"], begun["id"])).attempts
    assert tries == 0, "older than a day it would count: none was taken back"
    blobs.unlink()
    if aside:
        aside.rename(blobs)
    await work(begun["organization_id"], thing_id=begun["id"])
    done = (await api.get(path)).json()
    assert (done["status"], done["n_docs_processed"], done["error"]) == ("done", 1, None)


async def test_what_is_no_trouble_of_the_disk_is_told_at_once(door: Door) -> None:
    told: list[str] = []

    async def broken(*_: Any) -> None:
        raise RuntimeError("a mistake of ours")

    async def slow(*_: Any) -> None:
        raise Temporary("The disk is full.")

    async def put_off(_: Tools, __: str, ___: str, why: str) -> None:
        told.append(why)

    with pytest.raises(RuntimeError):
        await in_tries(door.tools, broken, put_off)("orga_x", export_id="expo_x")
    await in_tries(door.tools, slow, put_off)("orga_x", export_id="expo_x")
    assert told == ["The disk is full."]

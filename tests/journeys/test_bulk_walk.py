"""The walk of a bulk email's query, and what a person does meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from itertools import count

import psycopg
import pytest

from postroom.ground.errors import Conflict
from postroom.journeys import bulk
from postroom.journeys.bulk import Order
from postroom.journeys.bulk_walk import walk_query
from postroom.rooms.bulk.bulk_email import Audience
from postroom.rooms.smart_views import store as view_store
from postroom.rooms.smart_views.saved_search import SavedSearch
from tests.faults.working import until
from tests.journeys.campaign import batch_row, begin, crowd, reached, take_a_turn, template
from tests.journeys.office import Office
from tests.journeys.sending import Desk, open_desk
from tests.servers.dovecot import DovecotServer

_users = count(1)


@pytest.fixture
async def desk(office: Office, mail_server: DovecotServer) -> AsyncIterator[Desk]:
    async with open_desk(office, mail_server, f"walk{next(_users)}") as made:
        yield made


async def test_a_cancelled_batch_stays_cancelled_though_its_smart_view_is_gone(desk: Desk, database_url: str) -> None:
    """The press of the button comes while the query is being asked, which then fails."""
    async with desk.tools.db.transaction() as tx:
        view = SavedSearch("", "Everybody", query="name:Company", user_id=desk.asker.user_id, is_shared=True)
        view_id = await view_store.insert_view(tx, desk.office.organization_id, view, desk.clock.now)
    order = Order(Audience(query=f"in:{view_id}"), await template(desk), desk.address)
    bulk_id = await bulk.create(desk.tools, desk.asker, order)

    async def is_loading() -> bool:
        return bool((await batch_row(desk, bulk_id))["status"] == "loading")

    async with await psycopg.AsyncConnection.connect(database_url) as other:
        await other.execute("lock table saved_searches in access exclusive mode")
        await other.execute("delete from saved_searches")
        walking = asyncio.create_task(walk_query(desk.tools, desk.office.organization_id, bulk_id))
        await until(is_loading)
        await bulk.cancel(desk.tools, desk.asker, bulk_id)
        await other.commit()
        await walking
    assert (await batch_row(desk, bulk_id))["status"] == "cancelled"


async def test_whose_address_changes_while_waiting_gets_it_once(desk: Desk) -> None:
    """The list is what was found and shown; a changed address is no second person."""
    await crowd(desk, 2)
    bulk_id = await begin(desk, await template(desk))
    await desk.office.rows(
        "update contact_emails set address = 'new@crowd.example', address_key = 'new@crowd.example'"
        " where address_key = 'p1@crowd.example' returning 1"
    )
    await take_a_turn(desk)
    await walk_query(desk.tools, desk.office.organization_id, bulk_id)
    await take_a_turn(desk)
    assert reached(desk) == ["p1@crowd.example", "p2@crowd.example"]
    assert (await batch_row(desk, bulk_id))["status"] == "done"


async def test_a_batch_that_is_paused_before_its_query_was_walked_is_not_done_and_loses_nobody(desk: Desk) -> None:
    await crowd(desk, 3)
    order = Order(Audience(query="name:Company"), await template(desk), desk.address)
    bulk_id = await bulk.create(desk.tools, desk.asker, order)
    await bulk.pause(desk.tools, desk.asker, bulk_id)
    await walk_query(desk.tools, desk.office.organization_id, bulk_id)
    await take_a_turn(desk)
    assert (await batch_row(desk, bulk_id))["status"] == "paused"
    await bulk.resume(desk.tools, desk.asker, bulk_id)
    await walk_query(desk.tools, desk.office.organization_id, bulk_id)
    await take_a_turn(desk)
    row = await batch_row(desk, bulk_id)
    assert (row["status"], row["n_sent"]) == ("done", 3)


async def test_a_draft_cannot_be_paused_so_that_going_on_starts_what_nobody_started(desk: Desk) -> None:
    await crowd(desk, 1)
    order = Order(Audience(query="name:Company"), await template(desk), desk.address)
    bulk_id = await bulk.draft(desk.tools, desk.asker, order)
    for speak in (bulk.pause, bulk.resume):
        with pytest.raises(Conflict):
            await speak(desk.tools, desk.asker, bulk_id)
    assert (await batch_row(desk, bulk_id))["status"] == "draft"

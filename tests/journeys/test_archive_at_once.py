"""J3 under way on both sides at the same moment: nobody waits for the other for ever."""

import asyncio

import psycopg

from postroom.journeys import archive
from postroom.journeys.arrive import pull_new
from postroom.journeys.settle import settle_placements
from tests.faults.working import until
from tests.journeys.desk import Desk
from tests.journeys.office import letter


async def test_done_here_while_the_mailbox_is_being_followed_in_the_same_thread(desk: Desk, database_url: str) -> None:
    """Both lock what the mailbox shows of the thread and its Inbox item; a database ends one of two that wait in
    opposite orders."""
    await desk.office.lead("Bolt", "bob@bolt.example")
    desk.deliver(letter("bob@bolt.example", "anna@acme.example", "Offer", message_id="<first@bolt.example>"))
    answer = letter("bob@bolt.example", "anna@acme.example", "Re: Offer", "More.", in_reply_to="<first@bolt.example>")
    desk.deliver(answer)
    await desk.pull()
    tools, org = desk.office.tools, desk.office.organization_id
    ((item,),) = await desk.office.rows("select id from inbox_items")
    (first,), (second,) = await desk.office.rows("select message_key from placements order by message_key")
    ((uid,),) = await desk.office.rows("select uid from copies where message_key = %s", second)
    client = desk.client()
    client.create("Archive")
    client.select("INBOX")

    async def standing_in_line() -> int:
        async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as looking:
            row = await (
                await looking.execute(
                    "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
                    " and datname = current_database()"
                )
            ).fetchone()
        return int(row[0]) if row else 0

    async def one_waits() -> bool:
        return await standing_in_line() == 1

    async with await psycopg.AsyncConnection.connect(database_url) as holding:
        await holding.execute("select 1 from placements where message_key = %s for update", (first,))
        done = asyncio.create_task(archive.mark_done(tools, desk.office.asker(desk.user), [item]))
        await until(one_waits)
        client._simple_command("UID", "MOVE", str(uid), "Archive")
        followed = asyncio.create_task(pull_new(tools, org, desk.account_id))

        async def both_wait_or_one_is_through() -> bool:
            return followed.done() or await standing_in_line() == 2

        await until(both_wait_or_one_is_through)
        await holding.rollback()
    await asyncio.gather(done, followed)
    await settle_placements(tools, org, desk.account_id)
    await desk.pull()
    assert (desk.uids("INBOX"), desk.uids("Archive")) == (0, 2)
    assert await desk.office.rows("select is_done from inbox_items") == [(True,)]
    assert await desk.office.rows("select count(*) from placements where needs_push") == [(0,)]

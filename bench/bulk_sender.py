"""The measured process: bulk email of one account, walked and sent to the end by the journeys themselves.

python -m bench.bulk_sender walk|send|people URL FOLDER ORGANIZATION ACCOUNT
"""

import asyncio
import json
import sys
import time
from pathlib import Path

from bench.meter import peak_mb
from postroom.doors.wiring import collect_garbage_rarely, open_tools
from postroom.ground.config import LOOPBACK_NETWORKS, Config
from postroom.journeys.bulk_send import send_bulk
from postroom.journeys.bulk_walk import walk_query
from postroom.journeys.send import create_email
from postroom.journeys.tools import Tools
from postroom.rooms.accounts.access import Asker
from postroom.rooms.emails.email import EmailContent, EmailStatus, NewEmail


async def main(what: str, url: str, folder: str, organization_id: str, account_id: str) -> None:
    """Do it, and say how many seconds each part took."""
    collect_garbage_rarely()
    data = Path(folder)
    config = Config(data_folder=data, blob_folder=data / "blobs", allow_networks=LOOPBACK_NETWORKS)
    async with open_tools(config, url) as tools:
        begun = time.monotonic()
        if "walk" in what:
            for bulk_id in await _texts(tools, "select id from bulk_emails where status in ('created', 'loading')"):
                await walk_query(tools, organization_id, bulk_id)
        walked = time.monotonic()
        if "send" in what:
            await _send_all(tools, organization_id, account_id)
        delays = await _people(tools, organization_id, account_id) if "people" in what else []
        sent = time.monotonic()
    said = {"walk": walked - begun, "send": sent - walked, "peak_mb": peak_mb()}
    if delays:
        said |= {"letters": len(delays), "p50": delays[len(delays) // 2], "p99": delays[len(delays) * 99 // 100]}
    print(json.dumps(said))


async def _people(tools: Tools, organization_id: str, account_id: str) -> list[float]:
    """While the batch goes out a person writes again and again; how long each email waited to be handed over."""
    async with tools.db.reading() as tx:
        found = await (await tx.execute("select user_id, email from connected_accounts")).fetchone()
        lead = await (await tx.execute("select id from leads limit 1")).fetchone()
    assert found is not None and lead is not None
    asker = Asker(organization_id, found[0])
    sending = asyncio.create_task(_send_all(tools, organization_id, account_id))
    while not sending.done():
        content = EmailContent(sender=found[1], to=("customer@else.example",), subject="By hand", body_text="Hello.")
        await create_email(tools, asker, NewEmail(lead[0], EmailStatus.OUTBOX, content))
        await asyncio.sleep(0.25)
    await sending
    async with tools.db.reading() as tx:
        rows = await (
            await tx.execute(
                "select extract(epoch from claimed_at - due_at)::float from deliveries where bulk_email_id is null"
                " and claimed_at is not null order by 1"
            )
        ).fetchall()
    return [row[0] for row in rows]


async def _send_all(tools: Tools, organization_id: str, account_id: str) -> None:
    while await _texts(tools, "select id from bulk_emails where status = 'processing'"):
        await send_bulk(tools, organization_id, account_id)


async def _texts(tools: Tools, query: str) -> list[str]:
    async with tools.db.reading() as tx:
        return [row[0] for row in await (await tx.execute(query.encode())).fetchall()]


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

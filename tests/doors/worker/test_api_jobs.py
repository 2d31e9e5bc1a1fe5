"""What the API only asks for is done by the worker: webhooks are called, exports written, leads changed in bulk."""

import asyncio

import httpx2

from postroom.doors.parts import run_until
from postroom.doors.worker.run import pair_jobs, run_jobs
from postroom.doors.worker.schedule import run_schedule
from tests.doors.web.conftest import Door, admin, api, door, tools
from tests.servers.receiver import receiver

__all__ = ["admin", "api", "door", "tools"]

API = "/api/v1"
PATIENCE_SECONDS = 90.0


async def status_of(api: httpx2.AsyncClient, path: str) -> str:
    return str((await api.get(f"{API}/{path}/")).json()["status"])


async def test_what_is_asked_for_over_the_api_is_done(door: Door, api: httpx2.AsyncClient) -> None:
    lead = (await api.post(f"{API}/lead/", json={"name": "Firm"})).json()["id"]
    labels = {one["label"]: one["id"] for one in (await api.get(f"{API}/status/lead/")).json()["data"]}
    pair_jobs(door.tools)
    stop = asyncio.Event()
    working = asyncio.create_task(run_until(door.tools, (run_jobs, run_schedule), stop))
    async with receiver() as listener:
        wanted = [{"object_type": "lead", "action": "updated"}]
        await api.post(f"{API}/webhook/", json={"url": listener.url, "events": wanted})
        edit = {"query": "name:Firm", "type": "set_lead_status", "lead_status_id": labels["Customer"]}
        asked = [
            f"bulk_action/edit/{(await api.post(f'{API}/bulk_action/edit/', json=edit)).json()['id']}",
            f"export/{(await api.post(f'{API}/export/lead/', json={})).json()['id']}",
        ]
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while {await status_of(api, one) for one in asked} != {"done"} or not listener.taken:
                    await asyncio.sleep(0.1)
        finally:
            stop.set()
            await asyncio.wait_for(working, PATIENCE_SECONDS)
    (told,) = listener.taken
    assert (told["object_id"], told["data"]["status_label"]) == (lead, "Customer")
    assert told["request_id"] is None, "no request changed it, but a job"

"""The measured server processes: our web door, or a bare handler that does the same queries and encodes with msgspec.

python -m bench.answerer door|bare URL FOLDER ORGANIZATION PORT
"""

import asyncio
import sys
from pathlib import Path
from typing import Any

import msgspec
import uvicorn

from postroom.doors.web.app import create_app
from postroom.doors.wiring import open_tools
from postroom.ground.config import LOOPBACK_NETWORKS, Config
from postroom.journeys.tools import Tools
from postroom.views.email_list import EmailFilter, EmailPage, email_card, email_page
from postroom.views.readable_bodies import readable
from postroom.views.selection import Page


async def main(kind: str, url: str, folder: str, organization_id: str, port: int) -> None:
    """Serve until killed."""
    data = Path(folder)
    base = f"http://127.0.0.1:{port}"
    config = Config(data, data / "blobs", base_url=base, allow_networks=LOOPBACK_NETWORKS, rate_limit=0)
    async with open_tools(config, url) as tools:
        app: Any = create_app(tools) if kind == "door" else _bare(tools, organization_id, base)
        await uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, access_log=False)).serve()


def _bare(tools: Tools, organization_id: str, base: str) -> Any:
    """No sign-in, no routing, no checks: the path's last word is an email's id, or there is none."""
    encode = msgspec.json.Encoder().encode

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        email_id = scope["path"].strip("/").rpartition("/")[2]
        async with tools.db.transaction() as tx:
            if email_id == "email":
                page = await email_page(tx, organization_id, EmailFilter(base_url=base), Page(100, 0))
            else:
                card = await email_card(tx, organization_id, email_id, base)
        if email_id == "email":
            found: Any = EmailPage(await readable(page.data), page.has_more)
        else:
            (found,) = await readable([card])
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": encode(found)})

    return answer


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:5], port=int(sys.argv[5])))

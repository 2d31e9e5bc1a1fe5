"""The memory of the web process while it answers searches over HTTP, page by page and several at once."""

import asyncio
import base64
import http.client
import json
import tempfile
import urllib.parse
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.api import serving
from bench.company import Company
from bench.meter import peak_mb
from bench.organization import ORG
from postroom.ground.database import Database
from postroom.ground.passwords import new_api_key
from postroom.rooms.users import store as users
from postroom.rooms.users.user import ApiKey

ROUNDS = 3
AT_ONCE = 8


def peak_while_asked(url: str, path: str, queries: Sequence[str | dict[str, Any]]) -> float:
    """Megabytes at the most, of a process of its own that has answered all queries several times."""
    with tempfile.TemporaryDirectory() as folder:
        installation = Company(url, Path(folder), ORG, "")
        with serving("door", installation) as (pid, port), ThreadPoolExecutor(AT_ONCE) as people:
            key = asyncio.run(_key(url))
            asked = [_request(path, query) for query in queries] * ROUNDS
            for status in people.map(lambda one: _ask(port, key, one), asked):
                assert status in (200, 503), status  # 503: it took too long on a machine that does other things
            return peak_mb(pid)


def _request(path: str, query: str | dict[str, Any]) -> tuple[str, str, bytes | None]:
    """Method, path and body: JSON is posted to Close's advanced filtering."""
    if isinstance(query, str):
        return "GET", f"{path}?_limit=50&query={urllib.parse.quote(query)}", None
    kind = query["query"]["queries"][0]["object_type"]
    fields = {kind: ["id", "name", "title", "status_label", "date_updated", "contacts", "value", "subject", "text"]}
    body = {**query, "_limit": 50, "_fields": fields, "include_counts": True}
    return "POST", "/api/v1/data/search/", json.dumps(body).encode()


def _ask(port: int, key: str, asked: tuple[str, str, bytes | None]) -> int:
    method, path, body = asked
    login = base64.b64encode(f"{key}:".encode()).decode()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        headers = {"Authorization": f"Basic {login}", "Content-Type": "application/json"}
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


async def _key(url: str) -> str:
    """A new API key of the first user."""
    secret, db = new_api_key(), await Database.open(url, connections=1)
    async with db.transaction() as tx:
        key = ApiKey(secret.id, "user_1", "bench", datetime.now(UTC), None)
        await users.insert_api_key(tx, ORG, key, secret.secret_hash)
    await db.close()
    return secret.text

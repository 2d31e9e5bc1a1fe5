"""A web door over a fresh database, with an organization, its admin and an API key."""

from collections.abc import AsyncIterator
from copy import copy
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import httpx2
import pytest
from litestar import Litestar

from postroom.doors.web.app import assemble, furnish
from postroom.ground.blobs import BlobStore
from postroom.ground.clock import system_clock
from postroom.ground.config import LOOPBACK_NETWORKS, Config
from postroom.ground.database import Database
from postroom.ground.jobs import Jobs
from postroom.ground.net import AddressPolicy
from postroom.ground.passwords import hash_password, new_api_key
from postroom.ground.vault import Vault
from postroom.journeys.set_up import found
from postroom.journeys.tools import Tools
from postroom.rooms.users import store as users
from postroom.rooms.users.user import ActingUser, ApiKey, NewUser, Role

BASE = "http://crm.test"
PASSWORD = "correct horse battery"
_hashes: dict[str, str] = {}  # of passwords: each costs a tenth of a second of work, and every test would pay it


@dataclass(frozen=True)
class Door:
    """The running door and the tools behind it."""

    tools: Tools
    app: object

    def client(self, **more: object) -> httpx2.AsyncClient:
        """A client without credentials."""
        return httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=self.app, raise_app_exceptions=False), base_url=BASE, **more
        )


@pytest.fixture
async def tools(database_url: str, tmp_path: Path) -> AsyncIterator[Tools]:
    config = Config(
        data_folder=tmp_path,
        blob_folder=tmp_path / "blobs",
        base_url=BASE,
        database_url=database_url,
        allow_networks=LOOPBACK_NETWORKS,
    )
    db = await Database.open(database_url, connections=4)
    jobs = Jobs(database_url)
    await jobs.open()
    made = Tools(
        config, db, jobs, system_clock, BlobStore(config.blob_folder), Vault.from_config(config),
        AddressPolicy(LOOPBACK_NETWORKS),
    )  # fmt: skip
    yield made
    await jobs.close()
    await db.close()


_assembled = cache(assemble)


def app_over(tools: Tools) -> Litestar:
    """What `create_app` gives, with the routes read once for all tests: of them only the outermost layer is anew."""
    app = copy(_assembled())
    app.asgi_router = copy(app.asgi_router)
    app.asgi_router.app = app
    app.asgi_handler = app._create_asgi_handler()
    return furnish(app, tools)


@pytest.fixture
def door(tools: Tools) -> Door:
    return Door(tools, app_over(tools))


async def make_admin(tools: Tools, name: str, email: str) -> ActingUser:
    """An organization of this name with its admin."""
    if PASSWORD not in _hashes:
        _hashes[PASSWORD] = await hash_password(PASSWORD)
    async with tools.db.transaction() as tx:
        return await found(tx, name, NewUser(email, "Ann", "Admin", _hashes[PASSWORD], Role.ADMIN), tools.clock())


async def key_of(tools: Tools, user: ActingUser) -> str:
    """A working API key of this user."""
    secret = new_api_key()
    key = ApiKey(secret.id, user.id, "tests", tools.clock(), None)
    async with tools.db.transaction() as tx:
        await users.insert_api_key(tx, user.organization_id, key, secret.secret_hash)
    return secret.text


@pytest.fixture
async def admin(tools: Tools) -> ActingUser:
    return await make_admin(tools, "Acme", "ann@acme.test")


@pytest.fixture
async def api(door: Door, admin: ActingUser) -> AsyncIterator[httpx2.AsyncClient]:
    """A client as Close's: API key as user name, empty password."""
    async with door.client(auth=(await key_of(door.tools, admin), "")) as client:
        yield client


@pytest.fixture
async def stranger(door: Door) -> AsyncIterator[httpx2.AsyncClient]:
    """The same for the admin of another organization."""
    other = await make_admin(door.tools, "Other", "olga@other.test")
    async with door.client(auth=(await key_of(door.tools, other), "")) as client:
        yield client

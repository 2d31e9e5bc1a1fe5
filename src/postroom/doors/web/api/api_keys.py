"""/api_key/: the keys that programs use. Their text is shown once; a key does what its user may do."""

from typing import Annotated

import msgspec
from litestar import delete, get, post
from litestar.params import FromPath, JSONBody

from postroom.doors.web.document import takes
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.proof import demand_password, doer_of
from postroom.doors.web.query import Deleted, shown, shown_part
from postroom.doors.web.reach import callers_of, close_date, tools_of
from postroom.ground.errors import Invalid, NotFound
from postroom.ground.passwords import new_api_key
from postroom.rooms.users import access_log_store, store
from postroom.rooms.users.access_log import Act, Entry
from postroom.rooms.users.user import ActingUser, ApiKey

MOST_KEYS = 100
"""Of one user: no program has a use for more, and lists stay readable."""


class KeyBody(msgspec.Struct):
    """What a new key is for."""

    name: Annotated[str, msgspec.Meta(max_length=200)] = ""


class KeyCard(msgspec.Struct):
    """A key as it is shown later."""

    id: str
    name: str
    user_id: str
    organization_id: str
    date_created: str
    date_updated: str
    date_used: str | None
    user: str
    """The same as `user_id`, under Close's name for it."""


class NewKeyCard(KeyCard):
    """A key as it is shown once; `key` is the whole of it."""

    key: str


class KeyPage(msgspec.Struct):
    """The caller's keys."""

    data: list[KeyCard]
    has_more: bool


@get("/api_key", operation_id="list_api_keys")
async def list_keys(request: ApiRequest) -> KeyPage:
    """The caller's own keys, without their secrets."""
    async with tools_of(request).db.reading() as tx:
        keys = await store.api_keys_of(tx, request.user.organization_id, request.user.id)
    return shown_part(request, KeyPage([KeyCard(*_key_fields(request.user, key)) for key in keys], False))


@get("/api_key/{key_id:str}", operation_id="get_api_key", operation_class=takes("_fields"))
async def get_key(request: ApiRequest, key_id: FromPath[str]) -> KeyCard:
    """One of the caller's keys, by its id or by its whole text (Close's find_duplicate_leads.py asks so)."""
    async with tools_of(request).db.reading() as tx:
        keys = await store.api_keys_of(tx, request.user.organization_id, request.user.id)
    for key in keys:
        if key.id == key_id.partition(".")[0]:
            return shown(request, KeyCard(*_key_fields(request.user, key)))
    raise NotFound("There is no such key of yours.")


@post("/api_key", operation_id="create_api_key", status_code=200)
async def create_key(request: ApiRequest, data: JSONBody[KeyBody]) -> NewKeyCard:
    """Make a key. Its text is in this answer and never shown again."""
    await demand_password(request)
    tools, secret, org = tools_of(request), new_api_key(), request.user.organization_id
    key = ApiKey(secret.id, request.user.id, data.name.strip(), tools.clock(), None)
    async with tools.db.transaction() as tx:
        if len(await store.api_keys_of(tx, org, request.user.id)) >= MOST_KEYS:
            raise Invalid(f"You have {MOST_KEYS} keys already. Revoke those that are not used any more.")
        await store.insert_api_key(tx, org, key, secret.secret_hash)
        entry = Entry(Act.KEY_MADE, request.user.id, {"api_key_id": key.id, "name": key.name})
        await access_log_store.note(tx, org, doer_of(request), entry, tools.clock())
    return NewKeyCard(*_key_fields(request.user, key), secret.text)


@delete("/api_key/{key_id:str}", operation_id="delete_api_key", status_code=200)
async def delete_key(request: ApiRequest, key_id: FromPath[str]) -> Deleted:
    """Take one of the caller's keys back; it stops working at once."""
    tools, org = tools_of(request), request.user.organization_id
    async with tools.db.transaction() as tx:
        await store.delete_api_key(tx, org, request.user.id, key_id)
        entry = Entry(Act.KEY_REVOKED, request.user.id, {"api_key_id": key_id})
        await access_log_store.note(tx, org, doer_of(request), entry, tools.clock())
    callers_of(request).forget_all()
    return Deleted()


def _key_fields(user: ActingUser, key: ApiKey) -> tuple[str, str, str, str, str, str, str | None, str]:
    created = close_date(key.date_created)
    used = close_date(key.date_used) if key.date_used else None
    return key.id, key.name, key.user_id, user.organization_id, created, created, used, key.user_id


ROUTES = [list_keys, get_key, create_key, delete_key]

"""/auth/ and /api_key/: first set-up, signing in and out, and the keys that programs use. Not in Close."""

from typing import Annotated

import msgspec
from litestar import Response, delete, get, post
from litestar.params import FromPath, JSONBody

from postroom.doors.web.auth import SESSION_LASTS, session_cookie
from postroom.doors.web.errors import ApiRequest, NotSignedIn, TooOften
from postroom.doors.web.query import Deleted, shown
from postroom.doors.web.reach import callers_of, close_date, tools_of
from postroom.ground.errors import Invalid
from postroom.ground.passwords import hash_password, new_api_key, new_session, verify_password
from postroom.journeys.set_up import found_first
from postroom.rooms.users import store
from postroom.rooms.users.user import ActingUser, ApiKey, NewSession, NewUser, Role
from postroom.wire.mime.addresses import is_valid

Line = Annotated[str, msgspec.Meta(max_length=200)]
Filled = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Password = Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]


class SignedIn(msgspec.Struct):
    """The user of this browser."""

    id: str
    email: str
    first_name: str
    last_name: str
    role: str
    organization_id: str
    organization_name: str


class AuthState(msgspec.Struct):
    """Where a browser stands: Postroom to be set up, to sign in, or signed in."""

    needs_setup: bool
    sandbox: bool
    user: SignedIn | None


class SetUp(msgspec.Struct):
    """The first organization and its admin."""

    organization_name: Filled
    first_name: Line
    last_name: Line
    email: Filled
    password: Password


class SignIn(msgspec.Struct):
    """Address and password."""

    email: Filled
    password: Password


class KeyBody(msgspec.Struct):
    """What a new key is for."""

    name: Line = ""


class KeyCard(msgspec.Struct):
    """A key as it is shown later."""

    id: str
    name: str
    user_id: str
    organization_id: str
    date_created: str
    date_updated: str
    date_used: str | None


class NewKeyCard(KeyCard):
    """A key as it is shown once; `key` is the whole of it."""

    key: str


class KeyPage(msgspec.Struct):
    """The caller's keys."""

    data: list[KeyCard]
    has_more: bool


@get("/auth/state", operation_id="auth_state")
async def auth_state(request: ApiRequest) -> AuthState:
    """Whether to set up, to sign in, or who is signed in."""
    user: ActingUser | None = request.user
    needs_setup = False
    if user is None:
        async with tools_of(request).db.reading() as tx:
            needs_setup = not await store.has_users(tx)
    return AuthState(needs_setup, bool(request.app.state["sandbox"]), _signed_in(user) if user else None)


@post("/auth/setup", operation_id="auth_setup", status_code=200)
async def set_up(request: ApiRequest, data: JSONBody[SetUp]) -> Response[AuthState]:
    """Make the first organization with its admin, and sign in. Refused once there is any user."""
    if not is_valid(data.email.strip()):
        raise Invalid(field_errors={"email": "This is not an email address."})
    tools = tools_of(request)
    async with tools.db.transaction() as tx:
        if await store.has_users(tx):  # before the slow hash, which anybody could ask for
            raise Invalid("Postroom is set up already; sign in instead.")
    password_hash = await hash_password(data.password)
    admin = NewUser(data.email, data.first_name, data.last_name, password_hash, Role.ADMIN)
    async with tools.db.transaction() as tx:
        user = await found_first(tx, data.organization_name, admin, tools.clock())
    return await _with_session(request, user)


@post("/auth/sign_in", operation_id="auth_sign_in", status_code=200)
async def sign_in(request: ApiRequest, data: JSONBody[SignIn]) -> Response[AuthState]:
    """Sign in with address and password. Refused for a while after many wrong ones."""
    tools = tools_of(request)
    remote = request.client.host if request.client else ""
    async with tools.db.transaction() as tx:
        attempts = await store.note_attempt(tx, data.email, remote, tools.clock())
        stored = None if attempts.are_too_many else await store.password_of(tx, data.email)
    if attempts.are_too_many:
        raise TooOften("There were too many wrong passwords. Try again in fifteen minutes.", 15 * 60)
    verdict = await verify_password(data.password, stored.password_hash if stored else None)
    if not stored or not verdict.is_right:
        raise NotSignedIn("The address or the password is wrong.")
    async with tools.db.transaction() as tx:
        await store.forget_attempts(tx, data.email)
        if verdict.new_hash:
            await store.replace_password_hash(tx, stored.organization_id, stored.user_id, verdict.new_hash)
        user = await store.acting_user(tx, stored.organization_id, stored.user_id)
    return await _with_session(request, user)


@post("/auth/sign_out", operation_id="auth_sign_out", status_code=200)
async def sign_out(request: ApiRequest) -> Response[Deleted]:
    """Sign this browser out. Harmless where nobody is signed in."""
    tools, user = tools_of(request), request.user
    session: bytes | None = request.auth
    if user and session:
        async with tools.db.transaction() as tx:
            await store.delete_session(tx, user.organization_id, session)
    callers_of(request).forget_all()
    cookie = session_cookie("", seconds=0, base_url=tools.config.base_url)
    return Response(Deleted(), headers={"Set-Cookie": cookie})


@get("/api_key", operation_id="list_api_keys")
async def list_keys(request: ApiRequest) -> KeyPage:
    """The caller's own keys, without their secrets."""
    async with tools_of(request).db.reading() as tx:
        keys = await store.api_keys_of(tx, request.user.organization_id, request.user.id)
    return shown(request, KeyPage([KeyCard(*_key_fields(request.user, key)) for key in keys], False))


@post("/api_key", operation_id="create_api_key", status_code=200)
async def create_key(request: ApiRequest, data: JSONBody[KeyBody]) -> NewKeyCard:
    """Make a key. Its text is in this answer and never shown again."""
    tools, secret = tools_of(request), new_api_key()
    key = ApiKey(secret.id, request.user.id, data.name.strip(), tools.clock(), None)
    async with tools.db.transaction() as tx:
        await store.insert_api_key(tx, request.user.organization_id, key, secret.secret_hash)
    return NewKeyCard(*_key_fields(request.user, key), secret.text)


@delete("/api_key/{key_id:str}", operation_id="delete_api_key", status_code=200)
async def delete_key(request: ApiRequest, key_id: FromPath[str]) -> Deleted:
    """Take one of the caller's keys back; it stops working at once."""
    async with tools_of(request).db.transaction() as tx:
        await store.delete_api_key(tx, request.user.organization_id, request.user.id, key_id)
    callers_of(request).forget_all()
    return Deleted()


async def _with_session(request: ApiRequest, user: ActingUser) -> Response[AuthState]:
    """The answer that signs this browser in."""
    tools, secret = tools_of(request), new_session()
    now = tools.clock()
    session = NewSession(user.id, secret.token_hash, request.headers.get("user-agent", ""), now + SESSION_LASTS)
    async with tools.db.transaction() as tx:
        await store.insert_session(tx, user.organization_id, session, now)
    cookie = session_cookie(secret.token, seconds=int(SESSION_LASTS.total_seconds()), base_url=tools.config.base_url)
    state = AuthState(False, bool(request.app.state["sandbox"]), _signed_in(user))
    return Response(state, headers={"Set-Cookie": cookie})


def _signed_in(user: ActingUser) -> SignedIn:
    return SignedIn(
        user.id, user.email, user.first_name, user.last_name, user.role.value, user.organization_id,
        user.organization_name,
    )  # fmt: skip


def _key_fields(user: ActingUser, key: ApiKey) -> tuple[str, str, str, str, str, str, str | None]:
    created = close_date(key.date_created)
    used = close_date(key.date_used) if key.date_used else None
    return key.id, key.name, key.user_id, user.organization_id, created, created, used


ROUTES = [auth_state, set_up, sign_in, sign_out, list_keys, create_key, delete_key]

"""/auth/: first set-up, signing in with a password and a code, links that let somebody in, and out again."""

from typing import Annotated

import msgspec
from litestar import Response, get, post
from litestar.background_tasks import BackgroundTask
from litestar.params import JSONBody

from postroom.doors.web.auth import BROWSER_COOKIE, SESSION_LASTS, browser_cookie, session_cookie
from postroom.doors.web.errors import ApiRequest, NotSignedIn, TooOften
from postroom.doors.web.live import in_words
from postroom.doors.web.proof import doer_of, remote_of, session_of
from postroom.doors.web.query import Deleted
from postroom.doors.web.reach import callers_of, tools_of
from postroom.ground.errors import Forbidden, Invalid
from postroom.ground.events import newest_place
from postroom.ground.passwords import hash_password, new_session, secret_hash, verify_password
from postroom.journeys import admit, second_factor
from postroom.journeys.admit import Chosen
from postroom.journeys.set_up import found_first
from postroom.journeys.steps.judge_own_change import judge_own_change
from postroom.rooms.accounts import identity_store
from postroom.rooms.users import access_log_store, attempt_store, factor_store, session_store, store
from postroom.rooms.users.access_log import Act, Doer, Entry
from postroom.rooms.users.roles import ROLE_ID_OF, Role
from postroom.rooms.users.session_store import BROWSER_KNOWN_FOR
from postroom.rooms.users.user import ActingUser, NewSession, NewUser, StoredPassword, Try
from postroom.wire.mime.addresses import is_valid

Line = Annotated[str, msgspec.Meta(max_length=200)]
Filled = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Password = Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]
Token = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


class SignedIn(msgspec.Struct):
    """The user of this browser. `must_enrol`: the organization asks for a second factor that is not set up yet."""

    id: str
    email: str
    first_name: str
    last_name: str
    role: str
    role_id: str
    permissions: list[str]
    timezone: str
    organization_id: str
    organization_name: str
    must_enrol: bool


class AuthState(msgspec.Struct):
    """Where a browser stands: Postroom to be set up, to sign in, or signed in. With `step` a code is still missing.

    `place` is where `/live/` goes on from: all that happens later is told there, whatever is read in between.
    """

    needs_setup: bool
    sandbox: bool
    user: SignedIn | None
    step: str | None = None
    place: str | None = None


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


class CodeBody(msgspec.Struct):
    """The `step` that signing in answered with, and the app's code or a recovery code."""

    step: Token
    code: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


class PasswordBody(msgspec.Struct):
    """The password, once more."""

    password: Password


class ForgotBody(msgspec.Struct):
    """Whose password is forgotten."""

    email: Filled


class LinkBody(msgspec.Struct):
    """What follows `#` in a link."""

    token: Token


class LinkCard(msgspec.Struct):
    """What a link is for: `invitation` or `password_reset`."""

    purpose: str
    organization_name: str
    email: str
    first_name: str
    last_name: str


class UseLinkBody(msgspec.Struct):
    """The password chosen by a link, and the name where it was wrong."""

    token: Token
    password: Password
    first_name: Line | None = None
    last_name: Line | None = None


@get("/auth/state", operation_id="auth_state")
async def auth_state(request: ApiRequest) -> AuthState:
    """Whether to set up, to sign in, or who is signed in."""
    user: ActingUser | None = request.user
    sandbox = bool(request.app.state["sandbox"])
    async with tools_of(request).db.transaction() as tx:
        if user is None:
            return AuthState(not await store.has_users(tx), sandbox, None)
        place = in_words(await newest_place(tx, user.organization_id))
    return AuthState(False, sandbox, _signed_in(user), place=place)


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
    """Sign in with address and password. Refused for a while after many wrong ones; answers `step` for a code."""
    stored = await _prove_password(request, data.email, data.password)
    return await _next_step(request, stored.organization_id, stored.user_id)


@post("/auth/code", operation_id="auth_code", status_code=200)
async def give_code(request: ApiRequest, data: JSONBody[CodeBody]) -> Response[AuthState]:
    """The second step: a code of the app, or a recovery code. After five wrong ones the password is asked for again."""
    tools, token_hash = tools_of(request), secret_hash(data.step)
    async with tools.db.transaction() as tx:
        waiting = await factor_store.try_step(tx, token_hash, tools.clock())
    if waiting is None:
        raise NotSignedIn("This took too long, or too many codes were wrong. Start again with your password.")
    owner = (waiting.organization_id, waiting.user_id)
    doer = Doer(waiting.user_id, remote_of(request), request.headers.get("user-agent", ""))
    if not await second_factor.check(tools, owner, data.code, doer):
        raise Invalid(field_errors={"code": "This code is wrong or was used already. Wait for the next one."})
    async with tools.db.transaction() as tx:
        await factor_store.delete_step(tx, waiting.organization_id, token_hash)
        user = await store.acting_user(tx, *owner)
    return await _with_session(request, user)


@post("/auth/confirm", operation_id="auth_confirm", status_code=200)
async def confirm_password(request: ApiRequest, data: JSONBody[PasswordBody]) -> Deleted:
    """Give the password once more, before a sensitive change; it holds for a quarter of an hour."""
    if request.user is None:
        raise NotSignedIn("Sign in first.")
    session, tools = session_of(request), tools_of(request)
    stored = await _prove_password(request, request.user.email, data.password)
    if stored.user_id != request.user.id:
        raise Forbidden("Sign in again.")
    async with tools.db.transaction() as tx:
        await attempt_store.forget_attempts(tx, request.user.email)
        await session_store.confirm(tx, stored.organization_id, session, tools.clock())
    return Deleted()


@post("/auth/forgot", operation_id="auth_forgot", status_code=200)
async def forgot(request: ApiRequest, data: JSONBody[ForgotBody]) -> Response[Deleted]:
    """Ask for a link to choose a new password. The answer is the same whether there is such a user or not."""
    tools, doer = tools_of(request), doer_of(request)
    async with tools.db.transaction() as tx:
        asked = await attempt_store.note_question(tx, doer.remote, tools.clock())
    if asked.are_too_many:
        raise TooOften("There were too many questions from here. Try again in fifteen minutes.", 15 * 60)
    # Done after the answer: not even the time it takes tells who is a user.
    return Response(Deleted(), background=BackgroundTask(admit.forgot, tools, data.email, doer))


@post("/auth/link", operation_id="auth_link", status_code=200)
async def open_link(request: ApiRequest, data: JSONBody[LinkBody]) -> LinkCard:
    """What a link is for. Opening it does not use it up: mail programs open links to look at them."""
    link = await admit.opened_link(tools_of(request), data.token)
    return LinkCard(link.purpose.value, link.organization_name, link.email, link.first_name, link.last_name)


@post("/auth/link/use", operation_id="auth_use_link", status_code=200)
async def use_link(request: ApiRequest, data: JSONBody[UseLinkBody]) -> Response[AuthState]:
    """Choose a password by a link and sign in; a second factor is asked for as ever."""
    chosen = Chosen(data.password, data.first_name, data.last_name)
    user = await admit.use_link(tools_of(request), data.token, chosen, doer_of(request))
    callers_of(request).forget_all()
    return await _next_step(request, user.organization_id, user.id)


@post("/auth/sign_out", operation_id="auth_sign_out", status_code=200)
async def sign_out(request: ApiRequest) -> Response[Deleted]:
    """Sign this browser out. Harmless where nobody is signed in."""
    tools, user = tools_of(request), request.user
    session: bytes | None = request.auth
    if user and session:
        async with tools.db.transaction() as tx:
            await session_store.delete_session(tx, user.organization_id, session)
            entry = Entry(Act.SIGNED_OUT, user.id)
            await access_log_store.note(tx, user.organization_id, doer_of(request), entry, tools.clock())
    callers_of(request).forget_all()
    cookie = session_cookie("", seconds=0, base_url=tools.config.base_url)
    return Response(Deleted(), headers={"Set-Cookie": cookie})


async def _prove_password(request: ApiRequest, email: str, password: str) -> StoredPassword:
    """Whose password it is. Raises TooOften, NotSignedIn; both are noted where the address is a user's."""
    tools, remote = tools_of(request), remote_of(request)
    tried = Try(email, remote, secret_hash(request.cookies.get(BROWSER_COOKIE, "")))
    async with tools.db.transaction() as tx:
        attempts = await attempt_store.note_attempt(tx, tried, tools.clock())
        stored = await store.password_of(tx, email)
    if attempts.are_too_many:
        raise TooOften("There were too many wrong passwords. Try again in fifteen minutes.", 15 * 60)
    verdict = await verify_password(password, stored.password_hash if stored else None)
    if stored and verdict.is_right:
        if verdict.new_hash:
            async with tools.db.transaction() as tx:
                await store.replace_password_hash(tx, stored.organization_id, stored.user_id, verdict.new_hash)
        return stored
    if stored:
        doer = Doer(None, remote, request.headers.get("user-agent", ""))
        async with tools.db.transaction() as tx:
            entry = Entry(Act.SIGN_IN_FAILED, stored.user_id)
            await access_log_store.note(tx, stored.organization_id, doer, entry, tools.clock())
    raise NotSignedIn("The address or the password is wrong.")


async def _next_step(request: ApiRequest, organization_id: str, user_id: str) -> Response[AuthState]:
    """In, or where a second factor is on, the question for its code."""
    tools = tools_of(request)
    async with tools.db.transaction() as tx:
        factor = await factor_store.factor_of(tx, organization_id, user_id)
        user = await store.acting_user(tx, organization_id, user_id)
        if factor is None or not factor.is_confirmed:
            token = None
        else:
            secret = new_session()
            token = secret.token
            await factor_store.insert_step(tx, organization_id, user_id, secret.token_hash, tools.clock())
    if token is None:
        return await _with_session(request, user)
    return Response(AuthState(False, bool(request.app.state["sandbox"]), None, token))


async def _with_session(request: ApiRequest, user: ActingUser) -> Response[AuthState]:
    """The answer that signs this browser in, and lets it be known again."""
    tools, secret, browser = tools_of(request), new_session(), new_session()
    now, org, base_url = tools.clock(), user.organization_id, tools_of(request).config.base_url
    doer = Doer(user.id, remote_of(request), request.headers.get("user-agent", ""))
    session = NewSession(user.id, secret.token_hash, doer.user_agent, now + SESSION_LASTS, doer.remote)
    async with tools.db.transaction() as tx:
        await attempt_store.forget_attempts(tx, user.email)
        before = await identity_store.own_addresses(tx, org)
        if await session_store.insert_session(tx, org, session, now):
            await judge_own_change(tools, tx, org, before)
        await session_store.remember_browser(tx, org, user.id, browser.token_hash, now)
        await access_log_store.note(tx, org, doer, Entry(Act.SIGNED_IN, user.id), now)
    cookie = session_cookie(secret.token, seconds=int(SESSION_LASTS.total_seconds()), base_url=base_url)
    mark = browser_cookie(browser.token, seconds=int(BROWSER_KNOWN_FOR.total_seconds()), base_url=base_url)
    state = AuthState(False, bool(request.app.state["sandbox"]), _signed_in(user))
    return Response(state, headers={"Set-Cookie": cookie}, cookies=[mark])


def _signed_in(user: ActingUser) -> SignedIn:
    return SignedIn(
        user.id, user.email, user.first_name, user.last_name, user.role.value, ROLE_ID_OF[user.role],
        sorted(user.permissions), user.timezone, user.organization_id, user.organization_name, user.must_enrol,
    )  # fmt: skip


ROUTES = [
    auth_state, set_up, sign_in, give_code, confirm_password, forgot, open_link, use_link, sign_out,
]  # fmt: skip

"""/security/, /session/, /two_factor/: a user's own password, second factor and signed-in browsers. Not in Close."""

from typing import Annotated

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromPath, JSONBody

from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.proof import demand_password, doer_of, session_of
from postroom.doors.web.query import Deleted
from postroom.doors.web.reach import callers_of, close_date, tools_of
from postroom.ground.errors import Forbidden
from postroom.ground.passwords import hash_password
from postroom.journeys import second_factor
from postroom.rooms.users import access_log_store, factor_store, link_store, session_store, store
from postroom.rooms.users.access_log import Act, Entry
from postroom.rooms.users.user import Session


class SecurityCard(msgspec.Struct):
    """How a user's own sign-in stands."""

    has_two_factor: bool
    two_factor_since: str | None
    recovery_codes_left: int
    requires_two_factor: bool
    """The organization asks for a second factor."""


class SessionCard(msgspec.Struct):
    """A browser that is signed in."""

    id: str
    user_agent: str
    remote: str
    is_current: bool
    date_created: str
    date_seen: str
    date_expires: str


class SessionPage(msgspec.Struct):
    """All of them, the one used last first."""

    data: list[SessionCard]
    has_more: bool


class NewPasswordBody(msgspec.Struct):
    """A new password; the old one was given by /auth/confirm/ or signing in."""

    password: Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]


class EnrolmentCard(msgspec.Struct):
    """What the authenticator app is told: `uri` as a QR code, or `secret` typed by hand."""

    secret: str
    uri: str


class CodeOnly(msgspec.Struct):
    """A code of the authenticator app."""

    code: Annotated[str, msgspec.Meta(min_length=1, max_length=20)]


class RecoveryCodes(msgspec.Struct):
    """Shown this once; each works once in place of a code."""

    codes: list[str]


class AccessRulesBody(msgspec.Struct):
    """What the organization asks of everybody."""

    requires_two_factor: bool


@get("/security", operation_id="get_security")
async def get_security(request: ApiRequest) -> SecurityCard:
    """How the caller's own sign-in stands."""
    return await _card(request)


@put("/security/password", operation_id="change_password")
async def change_password(request: ApiRequest, data: JSONBody[NewPasswordBody]) -> Deleted:
    """Change one's own password; all other browsers are signed out, links to choose one end."""
    session, tools, user = session_of(request), tools_of(request), request.user
    await demand_password(request)
    password_hash = await hash_password(data.password)
    async with tools.db.transaction() as tx:
        await store.replace_password_hash(tx, user.organization_id, user.id, password_hash)
        await session_store.end_sessions(tx, user.organization_id, user.id, session)
        await link_store.delete_links(tx, user.organization_id, user.id)
        entry = Entry(Act.PASSWORD_CHANGED, user.id)
        await access_log_store.note(tx, user.organization_id, doer_of(request), entry, tools.clock())
    callers_of(request).forget_all()
    return Deleted()


@put("/security/rules", operation_id="update_access_rules")
async def update_rules(request: ApiRequest, data: JSONBody[AccessRulesBody]) -> SecurityCard:
    """Whether everybody needs a second factor. Who has none yet sets it up at the next click. Admins only."""
    await demand_password(request)
    tools, user = tools_of(request), request.user
    async with tools.db.transaction() as tx:
        factor = await factor_store.factor_of(tx, user.organization_id, user.id)
        if data.requires_two_factor and not (factor and factor.is_confirmed):
            raise Forbidden("Set up two-factor sign-in for yourself first.")
        await store.require_two_factor(tx, user.organization_id, data.requires_two_factor, tools.clock())
        act = Act.TWO_FACTOR_REQUIRED if data.requires_two_factor else Act.TWO_FACTOR_OPTIONAL
        await access_log_store.note(tx, user.organization_id, doer_of(request), Entry(act), tools.clock())
    callers_of(request).forget_all()
    return await _card(request)


@post("/two_factor", operation_id="begin_two_factor", status_code=200)
async def begin_two_factor(request: ApiRequest) -> EnrolmentCard:
    """Begin to set up the second factor: nothing is asked for until a code is confirmed."""
    session_of(request)
    await demand_password(request)
    enrolment = await second_factor.begin(tools_of(request), request.user)
    return EnrolmentCard(enrolment.secret, enrolment.uri)


@post("/two_factor/confirm", operation_id="confirm_two_factor", status_code=200)
async def confirm_two_factor(request: ApiRequest, data: JSONBody[CodeOnly]) -> RecoveryCodes:
    """Turn it on with a code of the app; other browsers are signed out. Answers with the recovery codes."""
    session, tools, user = session_of(request), tools_of(request), request.user
    codes = await second_factor.confirm(tools, user, data.code, doer_of(request))
    async with tools.db.transaction() as tx:
        await session_store.end_sessions(tx, user.organization_id, user.id, session)
    callers_of(request).forget_all()
    return RecoveryCodes(list(codes))


@post("/two_factor/recovery_codes", operation_id="renew_recovery_codes", status_code=200)
async def renew_recovery_codes(request: ApiRequest) -> RecoveryCodes:
    """New recovery codes; the old ones are worthless."""
    session_of(request)
    await demand_password(request)
    return RecoveryCodes(list(await second_factor.renew_codes(tools_of(request), request.user, doer_of(request))))


@delete("/two_factor", operation_id="remove_two_factor", status_code=200)
async def remove_two_factor(request: ApiRequest) -> Deleted:
    """Turn one's own second factor off; it has to be set up again where the organization asks for it."""
    session_of(request)
    await demand_password(request)
    await second_factor.remove(tools_of(request), request.user.organization_id, request.user.id, doer_of(request))
    callers_of(request).forget_all()
    return Deleted()


@get("/session", operation_id="list_sessions")
async def list_sessions(request: ApiRequest) -> SessionPage:
    """The caller's own signed-in browsers."""
    tools, user = tools_of(request), request.user
    current: bytes = request.auth or b""
    async with tools.db.reading() as tx:
        found = await session_store.sessions_of(tx, user.organization_id, user.id, current, tools.clock())
    return SessionPage([_session_card(one) for one in found], False)


@delete("/session/{session_id:str}", operation_id="end_session", status_code=200)
async def end_session(request: ApiRequest, session_id: FromPath[str]) -> Deleted:
    """Sign one of one's own browsers out, at once."""
    tools, user = tools_of(request), request.user
    async with tools.db.transaction() as tx:
        await session_store.end_session(tx, user.organization_id, user.id, session_id)
        entry = Entry(Act.SESSION_ENDED, user.id, {"session_id": session_id})
        await access_log_store.note(tx, user.organization_id, doer_of(request), entry, tools.clock())
    callers_of(request).forget_all()
    return Deleted()


@delete("/session", operation_id="end_other_sessions", status_code=200)
async def end_other_sessions(request: ApiRequest) -> Deleted:
    """Sign out all of one's own browsers but this one, at once."""
    session, tools, user = session_of(request), tools_of(request), request.user
    async with tools.db.transaction() as tx:
        count = await session_store.end_sessions(tx, user.organization_id, user.id, session)
        entry = Entry(Act.SESSIONS_ENDED, user.id, {"count": str(count)})
        await access_log_store.note(tx, user.organization_id, doer_of(request), entry, tools.clock())
    callers_of(request).forget_all()
    return Deleted()


async def _card(request: ApiRequest) -> SecurityCard:
    async with tools_of(request).db.reading() as tx:
        factor = await factor_store.factor_of(tx, request.user.organization_id, request.user.id)
        requires = await store.requires_two_factor(tx, request.user.organization_id)
    is_on = factor is not None and factor.is_confirmed
    since = factor.date_confirmed if factor else None
    left = factor.codes_left if factor and is_on else 0
    return SecurityCard(is_on, close_date(since) if since else None, left, requires)


def _session_card(one: Session) -> SessionCard:
    return SessionCard(
        one.id, one.user_agent, one.remote, one.is_current, close_date(one.date_created), close_date(one.date_seen),
        close_date(one.date_expires),
    )  # fmt: skip


ROUTES = [
    get_security, change_password, update_rules, begin_two_factor, confirm_two_factor, renew_recovery_codes,
    remove_two_factor, list_sessions, end_session, end_other_sessions,
]  # fmt: skip

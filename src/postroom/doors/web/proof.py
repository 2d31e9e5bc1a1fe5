"""What a sensitive change asks for beyond a role: a browser's session, and the password given a short while ago."""

from datetime import timedelta

from postroom.doors.web.errors import ApiRequest, PasswordNeeded
from postroom.doors.web.reach import tools_of
from postroom.ground.errors import Forbidden
from postroom.rooms.users import session_store
from postroom.rooms.users.access_log import Doer

CONFIRMED_FOR = timedelta(minutes=15)
"""Signing in counts as giving it: who has just come need not type it again."""


def doer_of(request: ApiRequest) -> Doer:
    """Who makes this request, from where, for the access log."""
    user_id = request.user.id if request.user else None
    return Doer(user_id, remote_of(request), request.headers.get("user-agent", ""))


def remote_of(request: ApiRequest) -> str:
    """The address that the request comes from; behind a proxy of this machine, what the proxy says."""
    return request.client.host if request.client else ""


def session_of(request: ApiRequest) -> bytes:
    """The hash of the session's token. Raises Forbidden for an API key: a program has no password to lose."""
    session: bytes | None = request.auth
    if session is None:
        raise Forbidden("An API key may not do this. Sign in to the page instead.")
    return session


async def demand_password(request: ApiRequest) -> None:
    """Raises PasswordNeeded where the password was not given in this session lately. API keys have none to give."""
    session: bytes | None = request.auth
    if session is None:
        return
    tools = tools_of(request)
    async with tools.db.reading() as tx:
        confirmed = await session_store.confirmed_at(tx, request.user.organization_id, session)
    if confirmed is None or confirmed < tools.clock() - CONFIRMED_FOR:
        raise PasswordNeeded("This is a sensitive change: give your password once more.")

"""What a route reaches from its request: the tools of the process, and whether its user may do a thing."""

from datetime import UTC, datetime
from typing import cast

from postroom.doors.web.auth import Callers
from postroom.doors.web.errors import ApiRequest
from postroom.ground.errors import Forbidden
from postroom.journeys.tools import Tools
from postroom.rooms.accounts.access import Asker
from postroom.rooms.leads.lead import Stamp


def tools_of(request: ApiRequest) -> Tools:
    """The tools that `create_app` was given."""
    return cast(Tools, request.app.state["tools"])


def stamp_of(request: ApiRequest) -> Stamp:
    """The calling user, now: what a change is marked with."""
    return Stamp(request.user.id, tools_of(request).clock())


def asker_of(request: ApiRequest) -> Asker:
    """The calling user, for the rules of who may do what with an account."""
    return Asker(request.user.organization_id, request.user.id, request.user.role.value)


def require_admin(request: ApiRequest) -> None:
    """Raises Forbidden for everybody but admins."""
    if not request.user.is_admin:
        raise Forbidden("Only an admin may do this.")


def callers_of(request: ApiRequest) -> Callers:
    """Who remembers the callers, to make it forget them."""
    return cast(Callers, request.app.state["callers"])


def close_date(moment: datetime) -> str:
    """A moment as Close prints it: `2013-02-08T05:02:42.050000+00:00`."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")

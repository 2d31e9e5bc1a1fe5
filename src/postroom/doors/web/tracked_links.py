"""/click/<ticket> and /open/<ticket>: where the tracked links and pixels of emails lead.

Open to anybody: the ticket is the proof. A link leads to what its email's author wrote and nowhere else. The pixel is
the same for every ticket, ours or not, so that it tells nobody anything. Neither writes anything.
"""

from base64 import b64decode
from typing import Any

from litestar import Request, Response, route
from litestar.datastructures import State
from litestar.enums import HttpMethod
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from postroom.ground.errors import NotFound
from postroom.journeys.follow_link import target_of
from postroom.journeys.tools import Tools

_PIXEL = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
"""A GIF of one transparent point."""

_READING = [HttpMethod.GET, HttpMethod.HEAD]


@route("/click/{ticket:str}", http_method=_READING, include_in_schema=False, sync_to_thread=False)
def follow(request: Request[Any, Any, State], ticket: FromPath[str]) -> Response[str]:
    """To the target; 404 in plain words for a link that is none of ours."""
    tools = request.app.state["tools"]
    assert isinstance(tools, Tools)
    try:
        target = target_of(tools, ticket)
    except NotFound as error:
        return Response(str(error), status_code=404, media_type="text/plain")
    return Response("", status_code=302, media_type="text/plain", headers={"Location": target})


@route("/open/{ticket:str}", http_method=_READING, include_in_schema=False, sync_to_thread=False)
def pixel(request: Request[Any, Any, State], ticket: FromPath[str]) -> Response[bytes]:
    """One transparent point, whatever the ticket."""
    headers = {"Cache-Control": "no-store, private, max-age=0", "Cross-Origin-Resource-Policy": "cross-origin"}
    return Response(_PIXEL, media_type="image/gif", headers=headers)


OPEN_ROUTES: list[HTTPRouteHandler] = [follow, pixel]

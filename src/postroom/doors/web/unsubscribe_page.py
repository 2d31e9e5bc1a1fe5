"""/unsubscribe/<ticket>: the page that an email's link opens, and the address that mail programs post to (RFC 8058).

Open to anybody: the ticket is the proof. GET and HEAD change nothing, since scanners follow every link.
"""

from typing import Any

from litestar import Request, Response, post, route
from litestar.datastructures import State
from litestar.enums import HttpMethod
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from postroom.doors.web import unsubscribe_texts as texts
from postroom.ground.errors import NotFound
from postroom.journeys import unsubscribe
from postroom.journeys.tools import Tools
from postroom.journeys.unsubscribe import Wish
from postroom.rooms.suppression.suppression import Source

AnyRequest = Request[Any, Any, State]
_MOST_BYTES = 16_384


@route("/unsubscribe/{ticket:str}", http_method=[HttpMethod.GET, HttpMethod.HEAD], include_in_schema=False)
async def show(request: AnyRequest, ticket: FromPath[str]) -> Response[str]:
    """Ask; or say that it is done already."""
    try:
        wish = await unsubscribe.read_link(_tools(request), ticket)
    except NotFound:
        return _answer(texts.bad_page(_language(request)), 404)
    page = _settled(request, wish, ticket) if wish.is_unsubscribed else texts.ask_page(*_shown(request, wish, ticket))
    return _answer(page)


@post("/unsubscribe/{ticket:str}", status_code=200, request_max_body_size=_MOST_BYTES, include_in_schema=False)
async def unsubscribe_now(request: AnyRequest, ticket: FromPath[str]) -> Response[str]:
    """Unsubscribe: by the page's button, or by the mail program's, which sends exactly one field (RFC 8058 3.2)."""
    form = await request.form()
    one_click = form.get("List-Unsubscribe") == "One-Click"
    try:
        if not one_click and form.get("confirm") != "yes":
            wish = await unsubscribe.read_link(_tools(request), ticket)
            return _answer(texts.ask_page(*_shown(request, wish, ticket)), 400)
        source = Source.ONE_CLICK if one_click else Source.PAGE
        wish = await unsubscribe.unsubscribe(_tools(request), ticket, source)
    except NotFound:
        return _answer(texts.bad_page(_language(request)), 404)
    return _answer(_settled(request, wish, ticket))


@post("/unsubscribe/{ticket:str}/undo", status_code=200, request_max_body_size=_MOST_BYTES, include_in_schema=False)
async def undo(request: AnyRequest, ticket: FromPath[str]) -> Response[str]:
    """Take it back."""
    form = await request.form()
    try:
        if form.get("confirm") != "yes":
            wish = await unsubscribe.read_link(_tools(request), ticket)
        else:
            wish = await unsubscribe.take_back(_tools(request), ticket)
    except NotFound:
        return _answer(texts.bad_page(_language(request)), 404)
    page = _settled(request, wish, ticket) if wish.is_unsubscribed else texts.back_page(*_shown(request, wish, ticket))
    return _answer(page)


def _settled(request: AnyRequest, wish: Wish, ticket: str) -> str:
    shown = _shown(request, wish, ticket)
    return texts.done_page(*shown) if wish.may_take_back else texts.stays_page(*shown)


def _shown(request: AnyRequest, wish: Wish, ticket: str) -> tuple[str, texts.Shown]:
    shown = texts.Shown(wish.organization_name, texts.masked(wish.ticket.address), f"/unsubscribe/{ticket}")
    return _language(request), shown


def _language(request: AnyRequest) -> str:
    return texts.language_of(request.headers.get("accept-language", ""))


def _answer(page: str, status: int = 200) -> Response[str]:
    headers = {"Content-Security-Policy": texts.POLICY, "X-Frame-Options": "DENY", "Vary": "Accept-Language"}
    return Response(page, status_code=status, media_type="text/html", headers=headers)


def _tools(request: AnyRequest) -> Tools:
    tools = request.app.state["tools"]
    assert isinstance(tools, Tools)
    return tools


OPEN_ROUTES: list[HTTPRouteHandler] = [show, unsubscribe_now, undo]

"""The web door: routes and layers assembled; no logic."""

from litestar import Litestar, Router
from litestar.datastructures import State
from litestar.openapi import OpenAPIConfig
from litestar.types import ControllerRouterHandler

from postroom.doors.web import document
from postroom.doors.web.api import (
    account_health,
    activities,
    connected_accounts,
    contacts,
    emails,
    leads,
    people,
    sign_in,
    tasks,
)
from postroom.doors.web.auth import Callers
from postroom.doors.web.errors import on_error
from postroom.doors.web.gate import Gate
from postroom.journeys.tools import Tools

MOST_BODY_BYTES = 8 * 1024 * 1024
"""Of any request but an upload: two bodies of a million characters, escaped."""


def create_app(tools: Tools, *, is_sandbox: bool = False) -> Litestar:
    """The whole web door over these tools. It opens nothing of its own. `is_sandbox` is shown on the sign-in page."""
    callers = Callers(tools.db, tools.clock)
    api = Router("/api/v1", route_handlers=[document.openapi_document, *_routes()])
    app = Litestar(
        route_handlers=[api],
        exception_handlers={Exception: on_error},
        logging_config=None,  # ground/log.py says how lines are written
        openapi_config=OpenAPIConfig("Postroom", "1", path="/api/v1/schema", use_handler_docstrings=True),
        request_max_body_size=MOST_BODY_BYTES,
        state=State({"tools": tools, "callers": callers, "sandbox": is_sandbox}),
    )
    app.asgi_handler = Gate(app.asgi_handler, callers, tools.config.base_url)
    return app


def _routes() -> list[ControllerRouterHandler]:
    resources = (sign_in, people, leads, contacts, activities, emails, tasks, connected_accounts, account_health)
    return [route for resource in resources for route in resource.ROUTES]

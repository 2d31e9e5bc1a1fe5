"""The web door: routes and layers assembled; no logic."""

import asyncio

from litestar import Litestar, Router
from litestar.datastructures import State
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.types import ControllerRouterHandler

from postroom.doors.web import document, live, monitoring, tracked_links, unsubscribe_page
from postroom.doors.web.again import Again
from postroom.doors.web.api import (
    account_health,
    accounts_health,
    activities,
    all_bulk_actions,
    api_keys,
    bulk_actions,
    bulk_email,
    bulk_recipients,
    comments,
    connected_accounts,
    contacts,
    custom_activities,
    custom_fields,
    custom_reports,
    data_search,
    diagnosis,
    discovery,
    email_content,
    email_templates,
    emails,
    events,
    exports,
    funnel_reports,
    history,
    imports,
    integration_links,
    leads,
    link_rules,
    mail_lists,
    memberships,
    not_here,
    notes_and_calls,
    oauth,
    opportunities,
    originals,
    our_domains,
    people,
    preferences,
    privacy,
    reports,
    roles,
    saved_searches,
    search,
    security,
    send_as,
    sending_domains,
    sign_in,
    signatures,
    status_reports,
    statuses,
    tasks,
    unsubscribes,
    webhooks,
)
from postroom.doors.web.auth import Callers
from postroom.doors.web.bodies import StorableRequest
from postroom.doors.web.errors import on_error
from postroom.doors.web.gate import Gate, House
from postroom.doors.web.live import Live
from postroom.doors.web.permits import permitted
from postroom.doors.web.rate_limits import share_of
from postroom.doors.web.slow_bodies import Patience
from postroom.doors.web.static import load_page, page_routes
from postroom.journeys.tools import Tools

MOST_BODY_BYTES = 16 * 1024 * 1024
"""Of any request but an upload: two bodies of a million characters, each escaped to six bytes (`\\u4e2d`)."""


def create_app(tools: Tools, *, is_sandbox: bool = False) -> Litestar:
    """The whole web door over these tools. It opens nothing of its own. `is_sandbox` is shown on the sign-in page."""
    return furnish(assemble(), tools, is_sandbox=is_sandbox)


def assemble() -> Litestar:
    """All routes, over nothing yet. Half a second of work, since Litestar reads the signature of every one."""
    api = Router("/api/v1", route_handlers=[document.openapi_document, *_api_routes()], guards=[permitted])
    return Litestar(
        route_handlers=[api, *_open_routes(), *page_routes(load_page())],
        request_class=StorableRequest,
        exception_handlers={Exception: on_error},
        logging_config=None,  # ground/log.py says how lines are written
        openapi_config=_description(),
        request_max_body_size=MOST_BODY_BYTES,
        on_shutdown=[_close_feed],
    )


def _description() -> OpenAPIConfig:
    """The document alone: Litestar's own pages load scripts from elsewhere, and the page has a reference of its own."""
    return OpenAPIConfig(
        "Postroom", "1", path="/api/v1/schema", use_handler_docstrings=True, render_plugins=[JsonRenderPlugin()]
    )


def furnish(app: Litestar, tools: Tools, *, is_sandbox: bool = False) -> Litestar:
    """The same app, with what its routes work with, behind the gate."""
    callers = Callers(tools.db, tools.clock)
    app.state = State(
        {
            "tools": tools,
            "callers": callers,
            "live": Live(tools.db),
            "sandbox": is_sandbox,
            "image_turns": asyncio.Semaphore(email_content.IMAGES_AT_ONCE),
        }
    )
    # Outside of Litestar's own layers: nothing is routed, parsed or logged before the gate has let it in.
    rate_limit = share_of(tools.config.rate_limit, tools.config.web_processes)
    house = House(tools.config.base_url, tools.clock, rate_limit, MOST_BODY_BYTES, Patience())
    app.asgi_handler = Gate(Again(app.asgi_handler), callers, house)
    return app


async def _close_feed(app: Litestar) -> None:
    feed: Live = app.state["live"]
    await feed.close()


def _open_routes() -> list[ControllerRouterHandler]:
    """Outside of /api/, for browsers and people without an account here."""
    return [
        *email_content.OPEN_ROUTES,
        *oauth.OPEN_ROUTES,
        *exports.OPEN_ROUTES,
        *diagnosis.OPEN_ROUTES,
        *monitoring.ROUTES,
        *unsubscribe_page.OPEN_ROUTES,
        *tracked_links.OPEN_ROUTES,
    ]


def _account_routes() -> list[ControllerRouterHandler]:
    return [
        *connected_accounts.ROUTES,
        *link_rules.ROUTES,
        *send_as.ROUTES,
        *privacy.ROUTES,
        *diagnosis.ROUTES,
        *discovery.ROUTES,
        *oauth.ROUTES,
        *sending_domains.ROUTES,
        *accounts_health.ROUTES,
        *account_health.ROUTES,
    ]


def _api_routes() -> list[ControllerRouterHandler]:
    return [
        *_record_routes(),
        *sign_in.ROUTES,
        *security.ROUTES,
        *api_keys.ROUTES,
        *people.ROUTES,
        *memberships.ROUTES,
        *roles.ROUTES,
        *preferences.ROUTES,
        *emails.ROUTES,
        *email_content.ROUTES,
        *originals.ROUTES,
        *email_templates.ROUTES,
        *bulk_email.ROUTES,
        *bulk_recipients.ROUTES,
        *signatures.ROUTES,
        *events.ROUTES,
        *_search_routes(),
        *reports.ROUTES,
        *status_reports.ROUTES,
        *funnel_reports.ROUTES,
        *custom_reports.ROUTES,
        *bulk_actions.ROUTES,
        *all_bulk_actions.ROUTES,
        *integration_links.ROUTES,
        *tasks.ROUTES,
        *webhooks.ROUTES,
        *unsubscribes.ROUTES,
        *_account_routes(),
        *live.ROUTES,
    ]


def _search_routes() -> list[ControllerRouterHandler]:
    """What finds things, and brings many in and out at once."""
    return [
        *search.ROUTES,
        *mail_lists.ROUTES,
        *saved_searches.ROUTES,
        *data_search.ROUTES,
        *exports.ROUTES,
        *not_here.ROUTES,
        *imports.ROUTES,
    ]


def _record_routes() -> list[ControllerRouterHandler]:
    """Leads, and what is kept of them."""
    return [
        *statuses.ROUTES,
        *leads.ROUTES,
        *contacts.ROUTES,
        *opportunities.ROUTES,
        *our_domains.ROUTES,
        *custom_fields.ROUTES,
        *custom_activities.ROUTES,
        *notes_and_calls.ROUTES,
        *history.ROUTES,
        *comments.ROUTES,
        *activities.ROUTES,
    ]

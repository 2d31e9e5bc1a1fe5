"""/integration_link/: links to other programs that stand on leads, contacts and opportunities."""

from dataclasses import replace
from typing import Annotated

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromPath, JSONBody
from msgspec import UNSET

from postroom.doors.web.bodies import Maybe, tidy
from postroom.doors.web.document import takes
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.query import MOST_PLAIN_LIMIT, Deleted, asked, shown
from postroom.doors.web.reach import close_date, tools_of
from postroom.rooms import integration_links as room
from postroom.rooms.integration_links import By, IntegrationLink, LinkContent, checked

Line = Annotated[str, msgspec.Meta(max_length=2000)]


class LinkCard(msgspec.Struct, frozen=True):
    """A link as Close prints it."""

    id: str
    organization_id: str
    name: str
    type: str
    url: str
    created_by: str | None
    updated_by: str | None
    date_created: str
    date_updated: str


class LinkPage(msgspec.Struct, frozen=True):
    """Some links."""

    data: list[LinkCard]
    has_more: bool


class LinkBody(msgspec.Struct):
    """What may be written of a link. `type` is lead, contact or opportunity."""

    name: Maybe[Line] = UNSET
    type: Maybe[Line] = UNSET
    url: Maybe[Line] = UNSET


@get("/integration_link", operation_id="list_integration_links", operation_class=takes("_limit", "_skip", "_fields"))
async def list_links(request: ApiRequest) -> LinkPage:
    """The links of the organization, oldest first."""
    page = asked(request).page(MOST_PLAIN_LIMIT)
    async with tools_of(request).db.reading() as tx:
        found = (await room.links(tx, request.user.organization_id))[page.skip :]
    cards = [_card(request, one) for one in found[: page.limit]]
    return shown(request, LinkPage(cards, len(found) > page.limit))


@get("/integration_link/{link_id:str}", operation_id="get_integration_link", operation_class=takes("_fields"))
async def get_link(request: ApiRequest, link_id: FromPath[str]) -> LinkCard:
    """One link."""
    async with tools_of(request).db.reading() as tx:
        return shown(request, _card(request, await room.link(tx, request.user.organization_id, link_id)))


@post("/integration_link", operation_id="create_integration_link", status_code=200)
async def create_link(request: ApiRequest, data: JSONBody[LinkBody]) -> LinkCard:
    """Make a link."""
    content = checked(LinkContent(tidy(data.name) or "", tidy(data.type) or "lead", tidy(data.url) or ""))
    async with tools_of(request).db.transaction() as tx:
        link_id = await room.insert(tx, request.user.organization_id, content, _by(request))
        return shown(request, _card(request, await room.link(tx, request.user.organization_id, link_id)))


@put("/integration_link/{link_id:str}", operation_id="update_integration_link")
async def update_link(request: ApiRequest, link_id: FromPath[str], data: JSONBody[LinkBody]) -> LinkCard:
    """Change what is given."""
    organization_id = request.user.organization_id
    given = {name: tidy(getattr(data, name)) for name in ("name", "type", "url")}
    async with tools_of(request).db.transaction() as tx:
        before = await room.link(tx, organization_id, link_id)
        after = replace(before.content, **{name: value for name, value in given.items() if value is not None})
        await room.change(tx, organization_id, (link_id, checked(after)), _by(request))
        return shown(request, _card(request, await room.link(tx, organization_id, link_id)))


@delete("/integration_link/{link_id:str}", operation_id="delete_integration_link", status_code=200)
async def delete_link(request: ApiRequest, link_id: FromPath[str]) -> Deleted:
    """Remove a link."""
    async with tools_of(request).db.transaction() as tx:
        await room.delete(tx, request.user.organization_id, link_id, _by(request))
    return Deleted()


def _by(request: ApiRequest) -> By:
    return By(request.user.id, tools_of(request).clock())


def _card(request: ApiRequest, link: IntegrationLink) -> LinkCard:
    content = link.content
    return LinkCard(
        link.id, request.user.organization_id, content.name, content.type, content.url, link.created_by,
        link.updated_by, close_date(link.date_created), close_date(link.date_updated),
    )  # fmt: skip


ROUTES = [list_links, get_link, create_link, update_link, delete_link]

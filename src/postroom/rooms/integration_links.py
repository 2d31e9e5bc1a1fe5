"""Links to other programs that stand on leads, contacts and opportunities: their table and its queries."""

from dataclasses import dataclass
from datetime import datetime

from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid, NotFound
from postroom.ground.events import Event, append
from postroom.ground.ids import new_id

TABLES = ("integration_links",)
TYPES = ("lead", "contact", "opportunity")
_COLUMNS = "id, name, type, url, created_by, updated_by, date_created, date_updated"


@dataclass(frozen=True, slots=True)
class LinkContent:
    """What a link says. `url` has variables in double braces, such as `{{ lead.name }}`."""

    name: str
    type: str
    url: str


@dataclass(frozen=True, slots=True)
class IntegrationLink:
    """A link as it is kept."""

    id: str
    content: LinkContent
    created_by: str | None
    updated_by: str | None
    date_created: datetime
    date_updated: datetime


@dataclass(frozen=True, slots=True)
class By:
    """Who does it, and when."""

    user_id: str
    now: datetime


def checked(content: LinkContent) -> LinkContent:
    """The content. Raises Invalid: a link that a page shows leads to a page, and to nothing that runs in it."""
    faults: dict[str, object] = {}
    if not content.name:
        faults["name"] = "This field is required."
    if content.type not in TYPES:
        faults["type"] = f"This must be one of {', '.join(TYPES)}."
    if not content.url.lower().startswith(("https://", "http://")):
        faults["url"] = "This must be a URL like https://example.com/?q={{ lead.name }}."
    if faults:
        raise Invalid(field_errors=faults)
    return content


async def insert(tx: Transaction, organization_id: str, content: LinkContent, by: By) -> str:
    """Keep a new link; its id."""
    link_id = new_id("ilink")
    await tx.execute(
        "insert into integration_links (organization_id, id, name, type, url, created_by, updated_by, date_created,"
        " date_updated) values (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            organization_id, link_id, content.name, content.type, content.url, by.user_id, by.user_id, by.now, by.now,
        ),
    )  # fmt: skip
    await append(tx, organization_id, [Event("integration_link", link_id, "created", user_id=by.user_id)], by.now)
    return link_id


async def links(tx: Transaction, organization_id: str) -> tuple[IntegrationLink, ...]:
    """All links, oldest first."""
    rows = await (
        await tx.execute(
            f"select {_COLUMNS} from integration_links where organization_id = %s order by date_created, id",
            (organization_id,),
        )
    ).fetchall()
    return tuple(IntegrationLink(row[0], LinkContent(*row[1:4]), *row[4:]) for row in rows)


async def link(tx: Transaction, organization_id: str, link_id: str) -> IntegrationLink:
    """One link. Raises NotFound."""
    for one in await links(tx, organization_id):
        if one.id == link_id:
            return one
    raise NotFound("There is no such integration link.")


async def change(tx: Transaction, organization_id: str, changed: tuple[str, LinkContent], by: By) -> None:
    """Give the link (id) another content."""
    link_id, content = changed
    await tx.execute(
        "update integration_links set name = %s, type = %s, url = %s, updated_by = %s, date_updated = %s"
        " where organization_id = %s and id = %s",
        (content.name, content.type, content.url, by.user_id, by.now, organization_id, link_id),
    )
    await append(tx, organization_id, [Event("integration_link", link_id, "updated", user_id=by.user_id)], by.now)


async def delete(tx: Transaction, organization_id: str, link_id: str, by: By) -> None:
    """Remove a link. Raises NotFound."""
    removed = await tx.execute(
        "delete from integration_links where organization_id = %s and id = %s", (organization_id, link_id)
    )
    if not removed.rowcount:
        raise NotFound("There is no such integration link.")
    await append(tx, organization_id, [Event("integration_link", link_id, "deleted", user_id=by.user_id)], by.now)

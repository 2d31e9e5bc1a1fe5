"""Templates as Close prints them: one, or pages of those that a user may see."""

from dataclasses import dataclass

import msgspec

from postroom.ground.database import Transaction
from postroom.ground.errors import NotFound
from postroom.views.email_list import AttachmentCard
from postroom.views.selection import Page, Where, as_date, cut, rows_of


class SequenceName(msgspec.Struct, frozen=True):
    """A sequence that uses a template."""

    id: str
    name: str


class TemplateCard(msgspec.Struct, frozen=True):
    """A template, in the shape of `/email_template/`. `user_id` is whose it is, which Close does not say."""

    id: str
    organization_id: str
    user_id: str
    name: str
    subject: str
    body: str
    is_shared: bool
    is_archived: bool
    attachments: list[AttachmentCard]
    cc: list[str]
    bcc: list[str]
    created_by: str | None
    updated_by: str | None
    date_created: str
    date_updated: str
    used_by_sequences: list[SequenceName]
    last_used_at: str | None
    last_used_by: str | None
    last_used_type: str | None
    unsubscribe_link_id: str | None


class TemplatePage(msgspec.Struct, frozen=True):
    """Some templates."""

    data: list[TemplateCard]
    has_more: bool


@dataclass(frozen=True, slots=True)
class TemplateFilter:
    """Which templates a user wants to see; None narrows nothing. `base_url` stands in the links of attachments."""

    user_id: str
    base_url: str
    is_archived: bool | None = None
    is_shared: bool | None = None
    ids: tuple[str, ...] | None = None


async def template_page(tx: Transaction, organization_id: str, wanted: TemplateFilter, page: Page) -> TemplatePage:
    """The user's own templates and the shared ones, the newest first."""
    where = Where.of("t.organization_id", organization_id)
    where.holds("(t.is_shared or t.user_id = {})", wanted.user_id)
    where.equal("t.is_archived", wanted.is_archived)
    where.equal("t.is_shared", wanted.is_shared)
    where.among("t.id", wanted.ids)
    cursor = rows_of(tx, TemplateCard)
    await cursor.execute(
        f"select {_COLUMNS} from email_templates t where {where} order by t.date_created desc, t.id"
        " limit %(limit)s offset %(skip)s",
        {**where.values, "base_url": wanted.base_url, "limit": page.limit + 1, "skip": page.skip},
    )
    return TemplatePage(*cut(await cursor.fetchall(), page))


async def template_card(
    tx: Transaction, organization_id: str, template_id: str, wanted: TemplateFilter
) -> TemplateCard:
    """One template that the user may see. Raises NotFound."""
    cursor = rows_of(tx, TemplateCard)
    await cursor.execute(
        f"select {_COLUMNS} from email_templates t where t.organization_id = %(org)s and t.id = %(id)s"
        " and (t.is_shared or t.user_id = %(user)s)",
        {"org": organization_id, "id": template_id, "user": wanted.user_id, "base_url": wanted.base_url},
    )
    found = await cursor.fetchone()
    if found is None:
        raise NotFound("There is no such template.")
    return found


_ATTACHMENTS = (
    "case when t.attachments = '[]' then '[]'::json else (select json_agg(json_build_object("
    "'url', %(base_url)s || '/api/v1/files/' || (f.a ->> 'file_id') || '/attachment/',"
    " 'filename', f.a ->> 'filename', 'size', (f.a ->> 'size')::bigint, 'content_type', f.a ->> 'content_type',"
    " 'thumbnail_url', null, 'content_id', f.a ->> 'content_id', 'inline_only', (f.a ->> 'is_inline')::boolean)"
    " order by f.n) from jsonb_array_elements(t.attachments) with ordinality f(a, n)) end"
)
_COLUMNS = (
    "t.id, t.organization_id, t.user_id, t.name, t.subject, t.body, t.is_shared, t.is_archived,"
    f" {_ATTACHMENTS}, to_json(t.cc_list), to_json(t.bcc_list), t.created_by, t.updated_by,"
    f" {as_date('t.date_created')}, {as_date('t.date_updated')}, '[]'::json, {as_date('t.last_used_at')},"
    " t.last_used_by, t.last_used_type, null"
)

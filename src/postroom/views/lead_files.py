"""The files of a lead: what came and went with its emails, and what hangs on its opportunities. Pictures inside a text
are none."""

import msgspec

from postroom.ground.database import Transaction
from postroom.views.selection import Page, as_date, cut, rows_of


class LeadFileCard(msgspec.Struct, frozen=True):
    """A file, and what it hangs on: `object_type` is activity.email or opportunity. `url` needs credentials."""

    url: str
    filename: str
    size: int
    content_type: str
    lead_id: str
    object_type: str
    object_id: str
    date_created: str


class LeadFilePage(msgspec.Struct, frozen=True):
    """Some files of a lead, the newest first."""

    data: list[LeadFileCard]
    has_more: bool


async def lead_files(tx: Transaction, organization_id: str, lead: tuple[str, str], page: Page) -> LeadFilePage:
    """The files of a lead; `lead` is its id and the installation's address. Mail kept from the reader shows none."""
    lead_id, base_url = lead
    cursor = rows_of(tx, LeadFileCard)
    await cursor.execute(
        _FILES,
        {"org": organization_id, "lead": lead_id, "base_url": base_url, "limit": page.limit + 1, "skip": page.skip},
    )
    return LeadFilePage(*cut(await cursor.fetchall(), page))


_FILES = f"""
select url, filename, size, content_type, %(lead)s, object_type, object_id, {as_date("happened")} from (
  select %(base_url)s || '/api/v1/activity/email/' || e.id || '/attachment/' || (f.n - 1) || '/' url,
    coalesce(f.a ->> 'filename', '') filename, coalesce((f.a ->> 'size')::bigint, 0) size,
    coalesce(f.a ->> 'content_type', 'application/octet-stream') content_type,
    'activity.email' object_type, e.id object_id, e.activity_at happened, f.n
  from seen_emails e, jsonb_array_elements(e.attachments) with ordinality f(a, n)
  where e.organization_id = %(org)s and e.lead_id = %(lead)s and e.attachments <> '[]'
    and not coalesce((f.a ->> 'is_inline')::boolean, false)
  union all
  select coalesce(f.a ->> 'url', ''), coalesce(f.a ->> 'filename', ''), 0,
    coalesce(f.a ->> 'content_type', 'application/octet-stream'), 'opportunity', o.id, o.date_created, f.n
  from opportunities o, jsonb_array_elements(o.attachments) with ordinality f(a, n)
  where o.organization_id = %(org)s and o.lead_id = %(lead)s and o.attachments <> '[]'
) found order by happened desc, object_id, n limit %(limit)s offset %(skip)s
"""

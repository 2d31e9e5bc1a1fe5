"""Every query of templates; signatures stand in `signature_store.py`. A change and its event are one."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from postroom.ground.database import Transaction
from postroom.ground.errors import NotFound
from postroom.ground.events import Event, append
from postroom.ground.ids import new_id
from postroom.rooms.templates.render import TemplateText
from postroom.rooms.templates.template import (
    Author,
    Template,
    TemplateChange,
    TemplateContent,
    TemplateFile,
    check_template,
    may_change,
    may_see,
)

_COLUMNS = "id, user_id, name, subject, body, cc_list, bcc_list, attachments, is_shared, is_archived"


@dataclass(frozen=True, slots=True)
class Use:
    """That a template was used: by whom, when, and for what (`email`, `bulk_email`, `sequence`)."""

    user_id: str | None
    kind: str
    now: datetime


async def insert_template(tx: Transaction, organization_id: str, content: TemplateContent, author: Author) -> str:
    """Make a template of its author's; its id. Raises Invalid."""
    check_template(content)
    template_id = new_id("tmpl")
    await tx.execute(
        "insert into email_templates (organization_id, id, user_id, name, subject, body, cc_list, bcc_list,"
        " attachments, is_shared, is_archived, created_by, updated_by, date_created, date_updated)"
        " values (%(org)s, %(id)s, %(by)s, %(name)s, %(subject)s, %(body)s, %(cc)s, %(bcc)s, %(files)s, %(shared)s,"
        " %(archived)s, %(by)s, %(by)s, %(now)s, %(now)s)",
        _values(organization_id, template_id, content, author),
    )
    created = Event("email_template", template_id, "created", user_id=author.user_id)
    await append(tx, organization_id, [created], author.now)
    return template_id


async def template(tx: Transaction, organization_id: str, user_id: str, template_id: str) -> Template:
    """A template that this user may see. Raises NotFound, also for another's personal one."""
    return await _visible(tx, (organization_id, template_id), user_id, "")


async def text_of(tx: Transaction, organization_id: str, template_id: str) -> TemplateText | None:
    """What a template says, whosever it is: for checking what was made of it, never for showing."""
    row = await (
        await tx.execute(
            "select subject, body from email_templates where organization_id = %s and id = %s",
            (organization_id, template_id),
        )
    ).fetchone()
    return TemplateText(*row) if row else None


async def change_template(
    tx: Transaction, organization_id: str, template_id: str, change: TemplateChange, author: Author
) -> None:
    """Change a template. Raises NotFound, Forbidden, Invalid."""
    before = await _visible(tx, (organization_id, template_id), author.user_id, " for update")
    may_change(author, before)
    after = change.applied_to(before.content)
    check_template(after)
    changed = tuple(name for name in asdict(after) if getattr(after, name) != getattr(before.content, name))
    if not changed:
        return
    await tx.execute(
        "update email_templates set name = %(name)s, subject = %(subject)s, body = %(body)s, cc_list = %(cc)s,"
        " bcc_list = %(bcc)s, attachments = %(files)s, is_shared = %(shared)s, is_archived = %(archived)s,"
        " updated_by = %(by)s, date_updated = %(now)s where organization_id = %(org)s and id = %(id)s",
        _values(organization_id, template_id, after, author),
    )
    updated = Event("email_template", template_id, "updated", user_id=author.user_id, changed_fields=changed)
    await append(tx, organization_id, [updated], author.now)


async def delete_template(tx: Transaction, organization_id: str, template_id: str, author: Author) -> None:
    """Remove a template; emails made of it stay as they are. Raises NotFound, Forbidden."""
    may_change(author, await _visible(tx, (organization_id, template_id), author.user_id, " for update"))
    await tx.execute(
        "delete from email_templates where organization_id = %s and id = %s", (organization_id, template_id)
    )
    deleted = Event("email_template", template_id, "deleted", user_id=author.user_id)
    await append(tx, organization_id, [deleted], author.now)


async def note_use(tx: Transaction, organization_id: str, template_id: str, use: Use) -> None:
    """Remember when a template was last used. Unknown ids are nobody's concern: past mail may name any."""
    await tx.execute(
        "update email_templates set last_used_at = %s, last_used_by = %s, last_used_type = %s"
        " where organization_id = %s and id = %s",
        (use.now, use.user_id, use.kind, organization_id, template_id),
    )


async def attached_file(tx: Transaction, organization_id: str, user_id: str, file_id: str) -> TemplateFile | None:
    """A file of a template that this user may see, if there is one."""
    row = await (
        await tx.execute(
            "select attachments from email_templates where organization_id = %s and attachments @> %s"
            " and (is_shared or user_id = %s) limit 1",
            (organization_id, Jsonb([{"file_id": file_id}]), user_id),
        )
    ).fetchone()
    return next((one for one in _files(row[0]) if one.file_id == file_id), None) if row else None


async def _visible(tx: Transaction, place: tuple[str, str], user_id: str, lock: str) -> Template:
    row = await (
        await tx.execute(
            f"select {_COLUMNS} from email_templates where organization_id = %s and id = %s{lock}".encode(), place
        )
    ).fetchone()
    found = None if row is None else Template(row[0], row[1], _content(row[2:]))
    if found is None or not may_see(user_id, found):
        raise NotFound("There is no such template.")
    return found


def _content(row: tuple[Any, ...]) -> TemplateContent:
    name, subject, body, cc, bcc, attachments, is_shared, is_archived = row
    return TemplateContent(name, subject, body, tuple(cc), tuple(bcc), _files(attachments), is_shared, is_archived)


def _files(stored: list[dict[str, Any]]) -> tuple[TemplateFile, ...]:
    return tuple(TemplateFile(**one) for one in stored)


def _values(organization_id: str, template_id: str, content: TemplateContent, author: Author) -> dict[str, object]:
    return {
        "org": organization_id,
        "id": template_id,
        "by": author.user_id,
        "now": author.now,
        "name": content.name.strip(),
        "subject": content.subject,
        "body": content.body,
        "cc": list(content.cc),
        "bcc": list(content.bcc),
        "files": Jsonb([asdict(one) for one in content.attachments]),
        "shared": content.is_shared,
        "archived": content.is_archived,
    }

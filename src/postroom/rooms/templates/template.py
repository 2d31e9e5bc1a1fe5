"""A template as its author writes it, and who may see and change it. Pure.

A personal template is its owner's alone, admins not excepted. A shared one is seen and used by all, and changed by its
owner and by admins.
"""

from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from postroom.ground.errors import Forbidden, Invalid
from postroom.rooms.templates.render import LONGEST_BODY, LONGEST_SUBJECT, TemplateText, compile_template
from postroom.wire.mime.addresses import is_valid, parse_addresses

LONGEST_NAME = 255
MOST_PEOPLE = 100
MOST_FILES = 100


@dataclass(frozen=True, slots=True)
class TemplateFile:
    """A file that goes out with a template or a signature; the fields are those of a file on an email."""

    file_id: str
    filename: str
    content_type: str
    size: int
    blob_ref: str
    content_id: str | None = None
    is_inline: bool = False


@dataclass(frozen=True, slots=True)
class TemplateContent:
    """What a person may write of a template. `body` is HTML; cc and bcc are addresses as typed."""

    name: str
    subject: str = ""
    body: str = ""
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    attachments: tuple[TemplateFile, ...] = ()
    is_shared: bool = False
    is_archived: bool = False

    @property
    def text(self) -> TemplateText:
        """The part that is filled in."""
        return TemplateText(self.subject, self.body)


@dataclass(frozen=True, slots=True)
class TemplateChange:
    """The same, where None means: as it is. A given list replaces the whole list."""

    name: str | None = None
    subject: str | None = None
    body: str | None = None
    cc: tuple[str, ...] | None = None
    bcc: tuple[str, ...] | None = None
    attachments: tuple[TemplateFile, ...] | None = None
    is_shared: bool | None = None
    is_archived: bool | None = None

    def applied_to(self, content: TemplateContent) -> TemplateContent:
        """The content with this change."""
        given: dict[str, Any] = {one.name: getattr(self, one.name) for one in fields(self)}
        return replace(content, **{name: value for name, value in given.items() if value is not None})


@dataclass(frozen=True, slots=True)
class Template:
    """A template with its owner."""

    id: str
    user_id: str
    content: TemplateContent


@dataclass(frozen=True, slots=True)
class Author:
    """Who changes templates, and when."""

    user_id: str
    is_admin: bool
    now: datetime


def may_see(user_id: str, template: Template) -> bool:
    """Whether somebody may see and use it."""
    return template.content.is_shared or template.user_id == user_id


def may_change(author: Author, template: Template) -> None:
    """Its owner and, for a shared one, admins. Raises Forbidden. Ask `may_see` first."""
    if template.user_id != author.user_id and not author.is_admin:
        raise Forbidden("Only its owner or an admin may change a shared template.")


def check_template(content: TemplateContent) -> None:
    """Name, lengths, addresses, and blocks that fit together. Raises Invalid naming the fields.

    Unknown variables are no fault here: a person may save what is not finished. It cannot be sent.
    """
    problems: dict[str, object] = {}
    if not content.name.strip():
        problems["name"] = "This field is required."
    for name, longest in (("name", LONGEST_NAME), ("subject", LONGEST_SUBJECT), ("body", LONGEST_BODY)):
        if len(getattr(content, name)) > longest:
            problems[name] = f"At most {longest} characters."
    for name in ("cc", "bcc"):
        problems.update(_people_problem(name, getattr(content, name)))
    if len(content.attachments) > MOST_FILES:
        problems["attachments"] = f"At most {MOST_FILES} files."
    if problems:
        raise Invalid(field_errors=problems)
    compile_template(content.text)


def _people_problem(name: str, people: tuple[str, ...]) -> dict[str, object]:
    if len(people) > MOST_PEOPLE:
        return {name: f"At most {MOST_PEOPLE} addresses."}
    for one in people:
        found = parse_addresses(one)
        if not found or any(not is_valid(address.email) for address in found):
            return {name: f"{one[:100]!r} is not an address."}
    return {}

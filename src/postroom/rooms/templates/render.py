"""Fills templates in. Pure: compile once, then fill for each recipient in microseconds.

    compiled = compile_template(TemplateText(subject, body))
    rendered = compiled.render(values)

Values stand in the body escaped, and in the subject without line breaks. Loops and conditions are Liquid's; what a
template may cost is bounded before and while it is filled, and going past a bound is an Invalid with its reason.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from postroom.ground.errors import Invalid
from postroom.rooms.templates.braces import Form
from postroom.rooms.templates.liquid_text import LiquidText, read_as_text, read_liquid
from postroom.wire.mime.html_text import text_with_links

LONGEST_SUBJECT = 1_000
LONGEST_BODY = 1_048_576
"""Characters, of a template as of what it becomes: as of an email."""

_LINE_BREAKS = re.compile(r"[\x00-\x20\x7f\x85\u2028\u2029]+")


class Reason(StrEnum):
    """Why a variable has no value."""

    UNKNOWN = "unknown"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Missing:
    """A variable that could not be filled: as written, by its path, and why. `where` is subject or body."""

    tag: str
    variable: str
    reason: Reason
    where: str


@dataclass(frozen=True, slots=True)
class TemplateText:
    """What a template says. The body is HTML."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A template filled in for one person.

    An unknown variable stands in it as it was written: whoever sends looks at `unknown` first. An empty one is empty.
    """

    subject: str
    body_html: str
    body_text: str
    missing: tuple[Missing, ...] = ()

    @property
    def unknown(self) -> tuple[Missing, ...]:
        """The variables that nobody knows, for which this must not be sent."""
        return tuple(one for one in self.missing if one.reason is Reason.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Compiled:
    """A template that has been read. `variables` are the paths it asks for; `tags` its variables as written."""

    variables: tuple[str, ...]
    tags: tuple[str, ...]
    unknown: tuple[Missing, ...]
    _subject: LiquidText = field(repr=False)
    _body: LiquidText = field(repr=False)
    _text: LiquidText | None = field(repr=False)

    def render(self, values: Mapping[str, object]) -> Rendered:
        """The template with these values (`values.py`). Raises Invalid where it grows past its bounds."""
        subject, empty_in_subject = self._subject.fill(values, LONGEST_BODY)
        body, empty_in_body = self._body.fill(values, LONGEST_BODY)
        missing = self.unknown
        if empty_in_subject or empty_in_body:
            missing += _empty(empty_in_subject, "subject") + _empty(empty_in_body, "body")
        text = self._text.fill(values, LONGEST_BODY)[0] if self._text else text_with_links(body)
        return Rendered(one_line(subject), body, text.strip(), missing)


def compile_template(text: TemplateText) -> Compiled:
    """Read a template. Raises Invalid naming field and line where its blocks do not fit together."""
    parts = {
        "subject": _read("subject", text.subject, Form.LINE),
        "body": _read("body", text.body, Form.HTML),
    }
    unknown = [
        Missing(tag, variable, Reason.UNKNOWN, where)
        for where, part in parts.items()
        for tag, variable in part.unknown.items()
    ]
    variables = [variable for part in parts.values() for variable in part.variables]
    tags = [tag for part in parts.values() for tag in part.tags]
    return Compiled(
        tuple(dict.fromkeys(variables)),
        tuple(dict.fromkeys(tags)),
        tuple(unknown),
        parts["subject"],
        parts["body"],
        read_as_text(text.body),
    )


def one_line(text: str) -> str:
    """A subject: without line breaks, which would begin another header field, and no longer than may be."""
    line = _LINE_BREAKS.sub(" ", text).strip()
    if len(line) > LONGEST_SUBJECT:
        raise Invalid(field_errors={"subject": f"Filled in, it is longer than {LONGEST_SUBJECT} characters."})
    return line


def _read(name: str, text: str, form: Form) -> LiquidText:
    try:
        return read_liquid(text, form)
    except Invalid as error:
        raise Invalid(field_errors={name: str(error)}) from error


def _empty(tags: Mapping[str, str], where: str) -> tuple[Missing, ...]:
    return tuple(Missing(tag, variable, Reason.EMPTY, where) for tag, variable in tags.items())

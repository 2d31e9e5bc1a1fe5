"""/email_template/: templates, filled in for a contact or for one of those that a query finds."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Annotated, Any

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromPath, JSONBody

from postroom.doors.web.api.emails import AttachmentBody, files_in
from postroom.doors.web.bodies import Maybe, tidy
from postroom.doors.web.document import takes
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.query import MOST_PLAIN_LIMIT, Asked, Deleted, asked, shown
from postroom.doors.web.reach import asker_of, tools_of
from postroom.doors.web.seeking import reader_of
from postroom.ground.errors import Invalid
from postroom.journeys import render_template
from postroom.journeys.render_template import Counting, Entry, Preview
from postroom.rooms.smart_views.query import parse
from postroom.rooms.smart_views.structured import query_from
from postroom.rooms.smart_views.tree import Query
from postroom.rooms.templates import store
from postroom.rooms.templates.filters import FILTERS
from postroom.rooms.templates.render import LONGEST_BODY, LONGEST_SUBJECT, Missing, TemplateText, compile_template
from postroom.rooms.templates.tags import TAGS
from postroom.rooms.templates.template import (
    LONGEST_NAME,
    MOST_PEOPLE,
    Author,
    TemplateChange,
    TemplateContent,
    TemplateFile,
)
from postroom.views.template_list import TemplateCard, TemplateFilter, TemplatePage, template_card, template_page
from postroom.views.template_preview import Recipient, Sending

Line = Annotated[str, msgspec.Meta(max_length=1000)]
Subject = Annotated[str, msgspec.Meta(max_length=LONGEST_SUBJECT)]
Body = Annotated[str, msgspec.Meta(max_length=LONGEST_BODY)]
People = Annotated[list[Line], msgspec.Meta(max_length=MOST_PEOPLE)]


class TemplateBody(msgspec.Struct):
    """What may be written of a template. `body` is HTML."""

    name: Maybe[Annotated[str, msgspec.Meta(max_length=LONGEST_NAME)]] = msgspec.UNSET
    subject: Maybe[Subject] = msgspec.UNSET
    body: Maybe[Body] = msgspec.UNSET
    is_shared: bool | msgspec.UnsetType | None = msgspec.UNSET
    is_archived: bool | msgspec.UnsetType | None = msgspec.UNSET
    attachments: Maybe[list[AttachmentBody]] = msgspec.UNSET
    cc: Maybe[People] = msgspec.UNSET
    bcc: Maybe[People] = msgspec.UNSET


class TextBody(msgspec.Struct):
    """Words to be filled in that are not saved as a template: for a contact of a lead, or for nobody in particular."""

    subject: Subject = ""
    body: Body = ""
    lead_id: Line | None = None
    contact_id: Line | None = None
    email_account_id: Line | None = None
    sender: Line | None = None


class MissingCard(msgspec.Struct):
    """A variable without a value: as written, its path, why (`unknown` or `empty`), where (`subject` or `body`)."""

    tag: str
    variable: str
    reason: str
    where: str


class RenderedCard(msgspec.Struct):
    """A template filled in. `missing` and `body_text` are not in Close; an email with unknown ones is not sent."""

    subject: str
    body: str
    body_text: str
    lead_id: str | None
    lead_display_name: str | None
    contact_id: str | None
    contact_display_name: str | None
    email: str | None
    missing: list[MissingCard]


class NothingThere(msgspec.Struct):
    """`{}`: past the last that the query finds."""


class VariableCard(msgspec.Struct):
    """A variable to choose from: `N` in it is a number from 0, `*` the name or id of a custom field."""

    variable: str
    meaning: str
    example: str


class FilterCard(msgspec.Struct):
    """A filter to choose from."""

    filter: str
    meaning: str


class VariablePage(msgspec.Struct):
    """Everything that templates understand."""

    data: list[VariableCard]
    filters: list[FilterCard]


class UsedVariables(msgspec.Struct):
    """Which variables a template asks for, and which of them nobody knows."""

    variables: list[str]
    unknown: list[MissingCard]


@get(
    "/email_template",
    operation_id="list_email_templates",
    operation_class=takes("is_archived", "is_shared", "id__in", "_limit", "_skip", "_fields"),
)
async def list_templates(request: ApiRequest) -> TemplatePage:
    """The caller's own templates and the shared ones, the newest first."""
    query = asked(request)
    async with tools_of(request).db.reading() as tx:
        page = await template_page(
            tx, request.user.organization_id, _filter(request, query), query.page(MOST_PLAIN_LIMIT)
        )
    return shown(request, page)


@post("/email_template", operation_id="create_email_template", status_code=200)
async def create_template(request: ApiRequest, data: JSONBody[TemplateBody]) -> TemplateCard:
    """Make a template, personal unless `is_shared`."""
    change = await _change(request, data)
    content = change.applied_to(TemplateContent(""))
    async with tools_of(request).db.transaction() as tx:
        template_id = await store.insert_template(tx, request.user.organization_id, content, _author(request))
    return shown(request, await _card(request, template_id))


@get("/email_template/variable", operation_id="list_template_variables")
async def list_variables(request: ApiRequest) -> VariablePage:
    """The variables and filters that templates and signatures understand. Not in Close."""
    return VariablePage(
        [VariableCard(tag.path, tag.meaning, tag.example) for tag in TAGS],
        [FilterCard(name, one.meaning) for name, one in FILTERS.items()],
    )


@post("/email_template/render", operation_id="render_text", status_code=200)
async def render_text(request: ApiRequest, data: JSONBody[TextBody]) -> RenderedCard:
    """Fill in words that are not saved, as an editor shows them. Without a lead all of its variables are empty."""
    recipient = Recipient(data.lead_id, data.contact_id or None) if data.lead_id else None
    sending = Sending(request.user.id, data.email_account_id or None, data.sender or "")
    text = TemplateText(data.subject, data.body)
    return _rendered(
        await render_template.render_text(tools_of(request), asker_of(request), text, (recipient, sending))
    )


@get(
    "/email_template/{template_id:str}",
    operation_id="get_email_template",
    operation_class=takes("_fields", "include_embedded"),
)
async def get_template(request: ApiRequest, template_id: FromPath[str]) -> TemplateCard:
    """One template."""
    return shown(request, await _card(request, template_id))


@put("/email_template/{template_id:str}", operation_id="update_email_template")
async def update_template(
    request: ApiRequest, template_id: FromPath[str], data: JSONBody[TemplateBody]
) -> TemplateCard:
    """Change, share or archive a template: its owner, and admins a shared one."""
    change = await _change(request, data)
    async with tools_of(request).db.transaction() as tx:
        await store.change_template(tx, request.user.organization_id, template_id, change, _author(request))
    return shown(request, await _card(request, template_id))


@delete("/email_template/{template_id:str}", operation_id="delete_email_template", status_code=200)
async def delete_template(request: ApiRequest, template_id: FromPath[str]) -> Deleted:
    """Remove a template; emails made of it stay as they are."""
    async with tools_of(request).db.transaction() as tx:
        await store.delete_template(tx, request.user.organization_id, template_id, _author(request))
    return Deleted()


@get("/email_template/{template_id:str}/variable", operation_id="get_template_variables")
async def used_variables(request: ApiRequest, template_id: FromPath[str]) -> UsedVariables:
    """The variables a template asks for. Not in Close."""
    async with tools_of(request).db.reading() as tx:
        found = await store.template(tx, request.user.organization_id, request.user.id, template_id)
    compiled = compile_template(found.content.text)
    return UsedVariables(list(compiled.variables), missing_cards(compiled.unknown))


@get(
    "/email_template/{template_id:str}/render",
    operation_id="render_email_template",
    operation_class=takes(
        "lead_id", "contact_id", "query", "s_query", "results_limit", "sort", "bulk_object_type", "contact_preference",
        "email_account_id", "sender", "limit", "entry", "mode",
    ),
)  # fmt: skip
async def render(request: ApiRequest, template_id: FromPath[str]) -> RenderedCard | NothingThere:
    """A template filled in: for `lead_id` and `contact_id`, or for the `entry`-th that `query` finds; else `{}`."""
    query, tools, asker = asked(request), tools_of(request), asker_of(request)
    sending = Sending(request.user.id, query.text("email_account_id") or None, query.text("sender"))
    lead_id, contact_id = query.text("lead_id"), query.text("contact_id")
    if lead_id and contact_id:
        recipient = Recipient(lead_id, contact_id)
        return _rendered(await render_template.render_for(tools, asker, template_id, (recipient, sending)))
    if lead_id or contact_id:
        missing = "contact_id" if lead_id else "lead_id"
        raise Invalid(field_errors={missing: "lead_id and contact_id go together."})
    found = await render_template.render_entry(tools, asker, template_id, (_entry(request, query), sending))
    return _rendered(found) if found else NothingThere()


def missing_cards(missing: Sequence[Missing]) -> list[MissingCard]:
    """Variables without a value, as JSON."""
    return [MissingCard(one.tag, one.variable, one.reason.value, one.where) for one in missing]


def _entry(request: ApiRequest, query: Asked) -> Entry:
    mode = query.text("mode") or Counting.LEAD.value
    if mode not in Counting.__members__.values():
        raise Invalid(field_errors={"mode": f"This must be one of {', '.join(Counting)}."})
    wanted = _structured(query) if query.text("s_query") else parse(query.text("query"))
    limits = [
        one for one in (wanted.limit, _number(query, "results_limit"), _number(query, "limit")) if one is not None
    ]
    wanted = replace(wanted, limit=min(limits)) if limits else wanted
    return Entry(wanted, reader_of(request), _number(query, "entry") or 0, Counting(mode))


def _structured(query: Asked) -> Query:
    """`s_query` is JSON: a search as for `/data/search/`, or only the tree of one."""
    try:
        tree = msgspec.json.decode(query.text("s_query"), type=dict[str, Any])
    except msgspec.MsgspecError as error:
        raise Invalid(field_errors={"s_query": "This is not a JSON object."}) from error
    if "query" in tree:
        return query_from(tree)
    kind = {"type": "object_type", "object_type": query.text("bulk_object_type") or "lead"}
    return query_from({"query": {"type": "and", "queries": [kind, tree]}})


def _number(query: Asked, name: str) -> int | None:
    text = query.text(name)
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Invalid(field_errors={name: "This must be a whole number, not below zero."})
    return int(text)


def _rendered(preview: Preview) -> RenderedCard:
    text, to = preview.rendered, preview.addressee
    missing = missing_cards(preview.missing)
    if to is None:
        return RenderedCard(text.subject, text.body_html, text.body_text, None, None, None, None, None, missing)
    return RenderedCard(
        text.subject, text.body_html, text.body_text, to.lead_id, to.lead_display_name, to.contact_id,
        to.contact_display_name, to.email, missing,
    )  # fmt: skip


async def _change(request: ApiRequest, data: TemplateBody) -> TemplateChange:
    given = data.attachments
    found = None if isinstance(given, msgspec.UnsetType) else await files_in(request, given or ())
    return TemplateChange(
        tidy(data.name),
        _text(data.subject),
        _text(data.body),
        _people(data.cc),
        _people(data.bcc),
        None if found is None else tuple(TemplateFile(**asdict(one)) for one in found),
        _flag(data.is_shared),
        _flag(data.is_archived),
    )


def _text(given: Maybe[str]) -> str | None:
    return None if isinstance(given, msgspec.UnsetType) else given or ""


def _people(given: Maybe[People]) -> tuple[str, ...] | None:
    if isinstance(given, msgspec.UnsetType):
        return None
    return tuple(one.strip() for one in given or () if one.strip())


def _flag(given: bool | msgspec.UnsetType | None) -> bool | None:
    return None if isinstance(given, msgspec.UnsetType) else bool(given)


def _author(request: ApiRequest) -> Author:
    return Author(request.user.id, request.user.is_admin, tools_of(request).clock())


def _filter(request: ApiRequest, query: Asked) -> TemplateFilter:
    return TemplateFilter(
        request.user.id, tools_of(request).config.base_url, query.flag("is_archived"), query.flag("is_shared"),
        query.ids("id__in"),
    )  # fmt: skip


async def _card(request: ApiRequest, template_id: str) -> TemplateCard:
    async with tools_of(request).db.reading() as tx:
        wanted = TemplateFilter(request.user.id, tools_of(request).config.base_url)
        return await template_card(tx, request.user.organization_id, template_id, wanted)


ROUTES = [
    list_templates, create_template, list_variables, render_text, get_template, update_template, delete_template,
    used_variables, render,
]  # fmt: skip

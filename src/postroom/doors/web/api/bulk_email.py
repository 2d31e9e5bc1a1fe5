"""/bulk_action/email/: bulk email as Close's, and beside it drafts, pause, resume, cancel, recipients and tests."""

from typing import Annotated, Any

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody

from postroom.doors.web.document import takes
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.query import MOST_PLAIN_LIMIT, asked, shown
from postroom.doors.web.reach import asker_of, tools_of
from postroom.ground.errors import Invalid
from postroom.journeys import bulk, bulk_doubt, bulk_preview
from postroom.journeys.bulk import Order
from postroom.journeys.bulk_walk import walk_draft
from postroom.rooms.bulk.bulk_email import MOST_LEADS, Audience, Preference
from postroom.rooms.users.roles import Role
from postroom.views import bulk_list
from postroom.views.bulk_list import BulkEmailRow, BulkFilter

Line = Annotated[str, msgspec.Meta(max_length=1000)]
LongQuery = Annotated[str, msgspec.Meta(max_length=100_000)]


class BulkEmailBody(msgspec.Struct):
    """What is sent to whom. Give `query` or `s_query`; `contact_query` and what follows it are not in Close."""

    template_id: Line
    query: LongQuery | None = None
    s_query: dict[str, Any] | None = None
    results_limit: int | None = None
    sort: list[Any] | None = None
    contact_preference: Line = Preference.LEAD.value
    sender: Line | None = None
    email_account_id: Line | None = None
    send_done_email: bool = True
    bulk_object_type: Line = "lead"
    contact_query: Line = ""
    leave_out_repeats: bool = False
    leave_out_missing: bool = False
    track_opens: bool | None = None
    track_clicks: bool | None = None


class BulkEmailPage(msgspec.Struct, frozen=True):
    """Bulk emails."""

    data: list[BulkEmailRow]
    has_more: bool


class OutlookCard(msgspec.Struct, frozen=True):
    """What to know before the button is pressed and while it runs. `limit_per_day` is the provider's, null without one.

    `skipped`: recipients passed over, by reason; under `unknown` and `in_doubt` those whose fate is not known.
    `days`: how many days of the provider's limit are needed.
    """

    skipped: dict[str, int]
    provider: str
    limit_per_day: int | None
    warn_per_day: int | None
    sent_last_day: int
    had_template: int
    not_had_template_query: str
    copies_to_sent: bool
    per_minute: float
    seconds_left: int | None
    days: int


class GapCard(msgspec.Struct, frozen=True):
    """A recipient for whom variables are empty."""

    number: int
    email: str
    variables: list[str]


class GapsCard(msgspec.Struct, frozen=True):
    """Recipients with empty variables: how many among those looked at, and the first of them."""

    looked_at: int
    count: int
    data: list[GapCard]


class LookCard(msgspec.Struct, frozen=True):
    """One recipient's email, filled in; `missing` are variables without a value."""

    number: int
    email: str
    lead_id: str
    contact_id: str | None
    subject: str
    body_html: str
    body_text: str
    missing: list[str]


class TestBody(msgspec.Struct):
    """Whose email is to be sent to oneself."""

    number: int


class TestSent(msgspec.Struct, frozen=True):
    """Where the test went."""

    email: str


@get(
    "/bulk_action/email",
    operation_id="list_bulk_emails",
    operation_class=takes("template_id", "user_id", "_limit", "_skip", "_fields"),
)
async def list_bulk_emails(request: ApiRequest) -> BulkEmailPage:
    """Bulk emails, the newest first. Drafts are left out."""
    query = asked(request)
    wanted = BulkFilter(query.text("template_id") or None, _only_own(request) or query.text("user_id") or None)
    async with tools_of(request).db.reading() as tx:
        rows, has_more = await bulk_list.bulk_emails(
            tx, request.user.organization_id, wanted, query.page(MOST_PLAIN_LIMIT)
        )
    return shown(request, BulkEmailPage(rows, has_more))


@post("/bulk_action/email", operation_id="create_bulk_email", status_code=200)
async def create_bulk_email(request: ApiRequest, data: JSONBody[BulkEmailBody]) -> BulkEmailRow:
    """Send a template to everybody a query finds, at once."""
    bulk_id = await bulk.create(tools_of(request), asker_of(request), _order(data))
    return await _row(request, bulk_id)


@post("/bulk_action/email/draft", operation_id="draft_bulk_email", status_code=200)
async def draft_bulk_email(request: ApiRequest, data: JSONBody[BulkEmailBody]) -> BulkEmailRow:
    """The same for a confirm screen: counted and listed, nothing is sent until it is started. Not in Close."""
    tools, asker = tools_of(request), asker_of(request)
    bulk_id = await bulk.draft(tools, asker, _order(data))
    await walk_draft(tools, asker.organization_id, bulk_id)
    return await _row(request, bulk_id)


@get("/bulk_action/email/{bulk_id:str}", operation_id="get_bulk_email", operation_class=takes("_fields"))
async def get_bulk_email(request: ApiRequest, bulk_id: FromPath[str]) -> BulkEmailRow:
    """One bulk email as it stands."""
    return shown(request, await _row(request, bulk_id))


@post("/bulk_action/email/{bulk_id:str}/start", operation_id="start_bulk_email", status_code=200)
async def start_bulk_email(request: ApiRequest, bulk_id: FromPath[str]) -> BulkEmailRow:
    """Send a draft, to whom its query finds now. Not in Close."""
    await bulk.start(tools_of(request), asker_of(request), bulk_id)
    return await _row(request, bulk_id)


@post("/bulk_action/email/{bulk_id:str}/pause", operation_id="pause_bulk_email", status_code=200)
async def pause_bulk_email(request: ApiRequest, bulk_id: FromPath[str]) -> BulkEmailRow:
    """Stop for now. Not in Close."""
    await bulk.pause(tools_of(request), asker_of(request), bulk_id)
    return await _row(request, bulk_id)


@post("/bulk_action/email/{bulk_id:str}/resume", operation_id="resume_bulk_email", status_code=200)
async def resume_bulk_email(request: ApiRequest, bulk_id: FromPath[str]) -> BulkEmailRow:
    """Go on where it stood. Not in Close."""
    await bulk.resume(tools_of(request), asker_of(request), bulk_id)
    return await _row(request, bulk_id)


@post("/bulk_action/email/{bulk_id:str}/cancel", operation_id="cancel_bulk_email", status_code=200)
async def cancel_bulk_email(request: ApiRequest, bulk_id: FromPath[str]) -> BulkEmailRow:
    """End it: nobody who still waits is mailed. Not in Close."""
    await bulk.cancel(tools_of(request), asker_of(request), bulk_id)
    return await _row(request, bulk_id)


@post("/bulk_action/email/{bulk_id:str}/send_again", operation_id="send_bulk_email_again", status_code=200)
async def send_again(request: ApiRequest, bulk_id: FromPath[str]) -> BulkEmailRow:
    """Send once more what may have been sent: who has got it may get it twice. Not in Close."""
    await bulk_doubt.send_again(tools_of(request), asker_of(request), bulk_id)
    return await _row(request, bulk_id)


@post("/bulk_action/email/{bulk_id:str}/was_sent", operation_id="count_bulk_email_as_sent", status_code=200)
async def was_sent(request: ApiRequest, bulk_id: FromPath[str]) -> BulkEmailRow:
    """What may have been sent was: who has not got it will not. Not in Close."""
    await bulk_doubt.count_as_sent(tools_of(request), asker_of(request), bulk_id)
    return await _row(request, bulk_id)


@get("/bulk_action/email/{bulk_id:str}/outlook", operation_id="get_bulk_email_outlook")
async def get_outlook(request: ApiRequest, bulk_id: FromPath[str]) -> OutlookCard:
    """Who is passed over and why, what to be warned of, speed and time left. Not in Close."""
    tools, row = tools_of(request), await _row(request, bulk_id)
    found = await bulk_preview.outlook(tools, asker_of(request), bulk_id)
    async with tools.db.reading() as tx:
        skipped = await bulk_list.reasons(tx, request.user.organization_id, bulk_id)
    return OutlookCard(
        skipped=skipped,
        provider=found.provider,
        limit_per_day=found.per_day,
        warn_per_day=found.warn_per_day,
        sent_last_day=found.sent_in_day,
        had_template=found.had_template,
        not_had_template_query=_not_had(row.template_name or ""),
        copies_to_sent=found.copies_to_sent,
        per_minute=round(found.per_minute, 1),
        seconds_left=found.left.seconds,
        days=found.left.days,
    )


@get("/bulk_action/email/{bulk_id:str}/gap", operation_id="list_bulk_email_gaps")
async def list_gaps(request: ApiRequest, bulk_id: FromPath[str]) -> GapsCard:
    """Recipients for whom a variable of the template is empty, among the first two thousand. Not in Close."""
    await _row(request, bulk_id)
    found = await bulk_preview.gaps(tools_of(request), asker_of(request), bulk_id)
    cards = [GapCard(one.number, one.email, list(one.variables)) for one in found.first]
    return GapsCard(found.looked_at, found.count, cards)


@get("/bulk_action/email/{bulk_id:str}/render/{number:int}", operation_id="render_bulk_email")
async def render_bulk_email(request: ApiRequest, bulk_id: FromPath[str], number: FromPath[int]) -> LookCard:
    """The email of one recipient, by number, as it would be sent. Not in Close."""
    await _row(request, bulk_id)
    look = await bulk_preview.look(tools_of(request), asker_of(request), bulk_id, number)
    missing = list(dict.fromkeys(one.variable for one in look.missing))
    return LookCard(
        number, look.waiting.address, look.waiting.lead_id, look.waiting.contact_id or None, look.rendered.subject,
        look.rendered.body_html, look.rendered.body_text, missing,
    )  # fmt: skip


@post("/bulk_action/email/{bulk_id:str}/test", operation_id="test_bulk_email", status_code=200)
async def test_bulk_email(request: ApiRequest, bulk_id: FromPath[str], data: JSONBody[TestBody]) -> TestSent:
    """One recipient's email to the caller's own address. Not in Close."""
    await _row(request, bulk_id)
    return TestSent(await bulk_preview.send_test(tools_of(request), asker_of(request), bulk_id, data.number))


async def _row(request: ApiRequest, bulk_id: str) -> BulkEmailRow:
    async with tools_of(request).db.reading() as tx:
        return await bulk_list.bulk_email_row(tx, request.user.organization_id, bulk_id, _only_own(request))


def _only_own(request: ApiRequest) -> str | None:
    """Restricted users see their own alone."""
    return request.user.id if request.user.role is Role.RESTRICTED else None


def _order(data: BulkEmailBody) -> Order:
    if data.contact_preference not in Preference.__members__.values():
        raise Invalid(field_errors={"contact_preference": f"This must be one of {', '.join(Preference)}."})
    if data.bulk_object_type not in ("lead", "contact"):
        raise Invalid(field_errors={"bulk_object_type": "This must be lead or contact."})
    if data.query is not None and data.s_query is not None:
        raise Invalid(field_errors={"s_query": "Give query or s_query, not both."})
    if data.query is None and data.s_query is None:
        raise Invalid(field_errors={"s_query": "This field is required."})
    if data.results_limit is not None and not 1 <= data.results_limit <= MOST_LEADS:
        raise Invalid(field_errors={"results_limit": f"A whole number from 1 to {MOST_LEADS}."})
    audience = Audience(
        data.bulk_object_type, data.query, data.s_query, tuple(data.sort or ()), data.results_limit,
        Preference(data.contact_preference), data.contact_query.strip(), data.leave_out_repeats,
        data.leave_out_missing,
    )  # fmt: skip
    return Order(
        audience, data.template_id, data.sender or "", data.email_account_id, data.send_done_email, data.track_opens,
        data.track_clicks,
    )  # fmt: skip


def _not_had(template_name: str) -> str:
    """What to add to the query so that leads that had the template are left out."""
    quoted = template_name.replace("\\", "\\\\").replace('"', '\\"')
    return f'not emailed_template:"{quoted}"' if template_name else ""


ROUTES = [
    list_bulk_emails, create_bulk_email, draft_bulk_email, get_bulk_email, start_bulk_email, pause_bulk_email,
    resume_bulk_email, cancel_bulk_email, send_again, was_sent, get_outlook, list_gaps, render_bulk_email,
    test_bulk_email,
]  # fmt: skip

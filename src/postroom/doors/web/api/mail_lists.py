"""/mail/: drafts, scheduled, outbox and sent as lists, and every email by its words. Not in Close.

Close has the same emails under /activity/email/; a mail program's list wants one line of each, whose it is, and why
something has not left.
"""

from litestar import get

from postroom.doors.web.document import takes
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.query import asked, shown
from postroom.doors.web.reach import tools_of
from postroom.doors.web.seeking import reader_of, words_of
from postroom.ground.errors import Invalid
from postroom.views.email_search import ask_for_emails
from postroom.views.mail_list import Box, MailCounts, MailFilter, MailPage, mail_counts, mail_page


@get(
    "/mail",
    operation_id="list_mail",
    operation_class=takes("box", "user_id", "email_account_id", "id__in", "query", "_limit", "_skip", "_fields"),
)
async def list_mail(request: ApiRequest) -> MailPage:
    """One list. `user_id` is `me` (the default), `all`, or ids; a restricted user sees only what is theirs."""
    query = asked(request)
    box = query.text("box") or Box.ANY.value
    if box not in Box.__members__.values():
        raise Invalid(field_errors={"box": f"This must be one of {', '.join(Box)}."})
    words, organization_id = words_of(query), request.user.organization_id
    async with tools_of(request).db.transaction() as tx:  # the search limits its time
        search = await ask_for_emails(tx, organization_id, words, reader_of(request)) if words.strip() else None
        wanted = MailFilter(Box(box), _people(request), query.ids("email_account_id"), query.ids("id__in"), search)
        page = await mail_page(tx, organization_id, wanted, query.page())
    return shown(request, page)


@get("/mail/count", operation_id="count_mail")
async def count_mail(request: ApiRequest) -> MailCounts:
    """How many of the caller's emails have not left yet."""
    async with tools_of(request).db.reading() as tx:
        return await mail_counts(tx, request.user.organization_id, request.user.id)


def _people(request: ApiRequest) -> tuple[str, ...] | None:
    """Whose emails; None for everybody's."""
    me = request.user.id
    asked_for = asked(request).ids("user_id") or ("me",)
    if request.user.role.value == "restricted":
        return (me,)
    if "all" in asked_for:
        return None
    return tuple(me if one == "me" else one for one in asked_for)


ROUTES = [list_mail, count_mail]

"""/search/email/: emails by the words in them. Not in Close."""

import msgspec
from litestar import get

from postroom.doors.web.api.activities import FILTERS, email_filter
from postroom.doors.web.document import takes
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.query import asked, shown
from postroom.doors.web.reach import tools_of
from postroom.views.email_list import EmailSummary
from postroom.views.email_search import emails_with_words

LONGEST_QUERY = 500


class FoundPage(msgspec.Struct):
    """Emails without their bodies."""

    data: list[EmailSummary]
    has_more: bool


@get("/search/email", operation_id="search_emails", operation_class=takes("query", *FILTERS))
async def search_emails(request: ApiRequest) -> FoundPage:
    """Emails in which all the words stand, newest first. Understands "a phrase" and -without."""
    query = asked(request)
    words = query.text("query")[:LONGEST_QUERY]
    if not words:
        return FoundPage([], False)
    search = (words, email_filter(request, query))
    async with tools_of(request).db.reading() as tx:
        found = await emails_with_words(tx, request.user.organization_id, search, query.page())
    return shown(request, FoundPage(*found))


ROUTES = [search_emails]

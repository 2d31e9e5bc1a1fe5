"""/search/email/: emails by the words in them, with the words shown where they stand. Not in Close."""

import msgspec
from litestar import get

from postroom.doors.web.api.activities import FILTERS, email_filter
from postroom.doors.web.document import takes
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.query import asked, shown
from postroom.doors.web.reach import tools_of
from postroom.doors.web.seeking import reader_of, words_of
from postroom.views.email_list import EmailSummary
from postroom.views.email_search import FoundEmail, ask_for_emails, emails_with_words
from postroom.views.highlights import PieceCard, cards


class HighlightCard(msgspec.Struct, frozen=True):
    """What was found, in pieces that make up the text together. A list is empty where nothing was found in that text.

    `excerpt` is a piece of the email's text around the first place; the other two are whole.
    """

    subject: list[PieceCard]
    sender: list[PieceCard]
    excerpt: list[PieceCard]


class FoundPage(msgspec.Struct, frozen=True):
    """Emails without their bodies, and what was found in each, by its id."""

    data: list[EmailSummary]
    has_more: bool
    highlights: dict[str, HighlightCard]


@get("/search/email", operation_id="search_emails", operation_class=takes("query", *FILTERS))
async def search_emails(request: ApiRequest) -> FoundPage:
    """Emails of a search: those with the words in their subject, people or file names first, then by date.

    `query` is written in the language of all searches, about emails: words, "a phrase", begun*, -without, from:, to:,
    subject:, has:attachment, before:, after:, or, parentheses. Case and accents do not count.
    """
    query, organization_id = asked(request), request.user.organization_id
    words = words_of(query)
    if not words.strip():
        return FoundPage([], False, {})
    async with tools_of(request).db.searching() as tx:  # it limits its time
        search = await ask_for_emails(tx, organization_id, words, reader_of(request))
        found, has_more = await emails_with_words(
            tx, organization_id, (search, email_filter(request, query)), query.page()
        )
    return shown(
        request, FoundPage([one.email for one in found], has_more, {one.email.id: _marks(one) for one in found})
    )


def _marks(found: FoundEmail) -> HighlightCard:
    return HighlightCard(cards(found.subject), cards(found.sender), cards(found.excerpt))


ROUTES = [search_emails]

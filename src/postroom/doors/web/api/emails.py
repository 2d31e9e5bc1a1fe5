"""/activity/email/: one object per message."""

from litestar import get
from litestar.params import FromPath

from postroom.doors.web.api.activities import FILTERS, email_filter
from postroom.doors.web.document import takes
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.query import asked, shown
from postroom.doors.web.reach import tools_of
from postroom.views.email_list import EmailCard, EmailPage, email_card, email_page


@get("/activity/email", operation_id="list_emails", operation_class=takes(*FILTERS, "status", "thread_id"))
async def list_emails(request: ApiRequest) -> EmailPage:
    """Emails, the newest created first."""
    query = asked(request)
    async with tools_of(request).db.transaction() as tx:
        page = await email_page(tx, request.user.organization_id, email_filter(request, query), query.page())
    return shown(request, page)


@get("/activity/email/{email_id:str}", operation_id="get_email", operation_class=takes("_fields"))
async def get_email(request: ApiRequest, email_id: FromPath[str]) -> EmailCard:
    """One email."""
    tools = tools_of(request)
    async with tools.db.transaction() as tx:
        card = await email_card(tx, request.user.organization_id, email_id, tools.config.base_url)
    return shown(request, card)


ROUTES = [list_emails, get_email]

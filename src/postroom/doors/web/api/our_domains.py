"""/own_domain/: which mail domains are the company's own, with why; admins add to them and take away. Not in Close."""

from typing import Annotated

import msgspec
from litestar import delete, get, put
from litestar.params import FromPath, JSONBody

from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.proof import doer_of
from postroom.doors.web.query import Deleted
from postroom.doors.web.reach import close_date, require_admin, tools_of
from postroom.journeys.our_domains import say_domain, unsay_domain
from postroom.views.our_domains import DomainRow, our_domains

Domain = Annotated[str, msgspec.Meta(max_length=300)]


class OwnDomainCard(msgspec.Struct):
    """A domain. `why`: users (they sign in with addresses there), listed or refused (an admin said so), accounts
    (accounts are connected there, which makes nothing ours), public (anybody can have an address there).
    """

    domain: str
    is_ours: bool
    why: str
    users: list[str]
    accounts: list[str]
    said_by: str
    said_on: str | None


class OwnDomainPage(msgspec.Struct):
    """All domains that a user or an account has an address at, or an admin spoke of; ours first."""

    data: list[OwnDomainCard]


class OwnDomainBody(msgspec.Struct):
    """Whether it is ours."""

    is_ours: bool


@get("/own_domain", operation_id="list_own_domains")
async def list_domains(request: ApiRequest) -> OwnDomainPage:
    """Mail among people at our domains is not logged. Admins only."""
    require_admin(request)
    return await _page(request)


@put("/own_domain/{own_domain:str}", operation_id="put_own_domain")
async def put_domain(request: ApiRequest, own_domain: FromPath[Domain], data: JSONBody[OwnDomainBody]) -> OwnDomainPage:
    """Say that a domain is ours, or is not; the ledgers are judged anew at once. Admins only."""
    await say_domain(tools_of(request), request.user, doer_of(request), (own_domain, data.is_ours))
    return await _page(request)


@delete("/own_domain/{own_domain:str}", operation_id="delete_own_domain", status_code=200)
async def delete_domain(request: ApiRequest, own_domain: FromPath[Domain]) -> Deleted:
    """Take an admin's word back: users' addresses decide again. Admins only."""
    await unsay_domain(tools_of(request), request.user, doer_of(request), own_domain.strip().lower())
    return Deleted()


async def _page(request: ApiRequest) -> OwnDomainPage:
    async with tools_of(request).db.reading() as tx:
        return OwnDomainPage([_card(one) for one in await our_domains(tx, request.user.organization_id)])


def _card(one: DomainRow) -> OwnDomainCard:
    return OwnDomainCard(
        one.domain, one.is_ours, one.why.value, list(one.users), list(one.accounts), one.said_by,
        close_date(one.said_on) if one.said_on else None,
    )  # fmt: skip


ROUTES = [list_domains, put_domain, delete_domain]

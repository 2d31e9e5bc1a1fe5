"""/sending_domain/: domains that mail is sent from; SPF, DKIM and DMARC in plain words; keys. Not in Close."""

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromPath, JSONBody

from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.query import Deleted
from postroom.doors.web.reach import asker_of, close_date, tools_of
from postroom.journeys import check_domain
from postroom.journeys.check_domain import SendingDomain
from postroom.rooms.sending_domains.findings import Check, Finding, State
from postroom.wire.dkim.keys import Algorithm, record_name, record_strings, record_text


class DkimKeyCard(msgspec.Struct):
    """A key: the TXT record that its public half belongs into. `record_strings` is the text as zone files hold it."""

    selector: str
    algorithm: str
    is_on: bool
    record_name: str
    record_value: str
    record_strings: list[str]
    date_created: str


class SendingDomainCard(msgspec.Struct):
    """A domain, whose addresses are sent from, and our keys. `is_public`: a provider's, as gmail.com."""

    domain: str
    addresses: list[str]
    is_public: bool
    keys: list[DkimKeyCard]


class SendingDomainPage(msgspec.Struct):
    """All domains."""

    data: list[SendingDomainCard]


class FindingCard(msgspec.Struct):
    """What DNS says, and what to do: `record_*` is a TXT record to add or change, `found` what is there now."""

    check: Check
    state: State
    code: str
    text: str
    record_name: str
    record_value: str
    found: list[str]


class FindingPage(msgspec.Struct):
    """The result of a check."""

    data: list[FindingCard]


class SigningBody(msgspec.Struct):
    """Whether mail of the domain is signed here."""

    is_on: bool


@get("/sending_domain", operation_id="list_sending_domains")
async def list_domains(request: ApiRequest) -> SendingDomainPage:
    """The domains that connected accounts send from."""
    found = await check_domain.sending_domains(tools_of(request), request.user.organization_id)
    return SendingDomainPage([_card(one) for one in found])


@post("/sending_domain/{domain:str}/check", operation_id="check_sending_domain", status_code=200)
async def check(request: ApiRequest, domain: FromPath[str]) -> FindingPage:
    """Ask DNS now."""
    found = await check_domain.check_domain(tools_of(request), request.user.organization_id, domain)
    return FindingPage([_finding(one) for one in found])


@post("/sending_domain/{domain:str}/dkim", operation_id="make_dkim_keys", status_code=201)
async def make_keys(request: ApiRequest, domain: FromPath[str]) -> SendingDomainCard:
    """Make keys, switched off until DNS shows their records. Admins only."""
    return _card(await check_domain.make_keys(tools_of(request), asker_of(request), domain))


@put("/sending_domain/{domain:str}/dkim", operation_id="switch_dkim")
async def switch(request: ApiRequest, domain: FromPath[str], data: JSONBody[SigningBody]) -> SendingDomainCard:
    """Sign the domain's mail, or no more. Admins only; on only once DNS shows a record."""
    change = check_domain.switch_on if data.is_on else check_domain.switch_off
    return _card(await change(tools_of(request), asker_of(request), domain))


@delete("/sending_domain/{domain:str}/dkim", operation_id="delete_dkim_keys", status_code=200)
async def remove_keys(request: ApiRequest, domain: FromPath[str]) -> Deleted:
    """Forget the keys. Admins only. Leave the records in DNS for a week: mail on its way is still checked."""
    await check_domain.remove_keys(tools_of(request), asker_of(request), domain)
    return Deleted()


def _card(one: SendingDomain) -> SendingDomainCard:
    return SendingDomainCard(one.domain, list(one.accounts), one.is_public, [
        DkimKeyCard(
            key.selector, key.algorithm, key.is_on, record_name(key.domain, key.selector),
            (text := record_text(Algorithm(key.algorithm), key.public)), list(record_strings(text)),
            close_date(key.date_created),
        )
        for key in one.keys
    ])  # fmt: skip


def _finding(one: Finding) -> FindingCard:
    return FindingCard(one.check, one.state, one.code, one.text, *one.record, list(one.found))


ROUTES = [list_domains, check, make_keys, switch, remove_keys]

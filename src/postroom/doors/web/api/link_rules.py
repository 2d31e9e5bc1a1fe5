"""Proposed links and decisions about them, a trial of exclude patterns, the dry run of an account. Not in Close."""

from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody

from postroom.doors.web.document import takes
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.query import asked
from postroom.doors.web.reach import asker_of, close_date, tools_of
from postroom.journeys import link_rules
from postroom.journeys.link_rules import Verdict
from postroom.journeys.preview_mail import preview_mail
from postroom.journeys.steps.propose_links import opened
from postroom.rooms.emails.relevance import Reason
from postroom.views.lead_names import lead_names
from postroom.views.link_proposals import ProposalRow, count_proposals, link_proposals
from postroom.views.selection import cut

Line = Annotated[str, msgspec.Meta(max_length=1000)]


class ProposalCard(msgspec.Struct):
    """An email that may concern a lead: whose it is, what speaks for it, and how many more the sender has.

    `reason`: address, name or domain.
    """

    id: str
    account_id: str
    account_email: str
    lead_id: str
    lead_name: str
    contact_id: str | None
    reason: str
    sign: str
    sender: str
    subject: str
    is_outgoing: bool
    date: str | None
    of_sender: int


class ProposalPage(msgspec.Struct):
    """Proposals for the caller's own accounts and their teams', newest mail first."""

    data: list[ProposalCard]
    has_more: bool
    total_results: int


class DecisionBody(msgspec.Struct):
    """Accept or refuse; `by_sender` also all other mail of these senders for that lead, now and later."""

    ids: list[Line]
    accept: bool
    by_sender: bool = False


class SettledCard(msgspec.Struct):
    """How many proposals that settled."""

    settled: int


class TrialBody(msgspec.Struct):
    """Patterns to try; without `account_id` over all accounts (for admins)."""

    patterns: list[Line]
    account_id: Line = ""


class TrialCard(msgspec.Struct):
    """Of `logged` messages so many would have been left out; some of the addresses concerned."""

    emails: int
    logged: int
    by_pattern: dict[str, int]
    examples: list[str]


class PreviewLead(msgspec.Struct):
    """A lead, and how many of the messages looked at would be logged on it."""

    lead_id: str
    lead_name: str
    emails: int


class PreviewCard(msgspec.Struct):
    """A dry run: the newest messages of each folder, judged and not kept. `left_out`: by verdict."""

    looked_at: int
    on_server: int
    kept: int
    leads: list[PreviewLead]
    left_out: dict[str, int]


@post("/connected_account/{account_id:str}/dry_run", operation_id="dry_run", status_code=200)
async def dry_run(request: ApiRequest, account_id: FromPath[str]) -> PreviewCard:
    """What would be logged, by lead. Takes up to half a minute; stores nothing of it."""
    tools, org = tools_of(request), request.user.organization_id
    found = await preview_mail(tools, asker_of(request), account_id)
    async with tools.db.reading() as tx:
        names = await lead_names(tx, org, found.by_lead.keys())
    leads = [PreviewLead(lead, names.get(lead, ""), count) for lead, count in found.by_lead.most_common(100)]
    left_out = {name: count for name, count in found.by_outcome.items() if name != "kept"}
    return PreviewCard(found.looked_at, found.on_server, found.by_outcome["kept"], leads, left_out)


@get("/link_proposal", operation_id="list_link_proposals", operation_class=takes("account_id", "_limit", "_skip"))
async def list_proposals(request: ApiRequest) -> ProposalPage:
    """What waits for the caller's decision."""
    tools, org, page = tools_of(request), request.user.organization_id, asked(request).page()
    accounts = asked(request).ids("account_id")
    async with tools.db.reading() as tx:
        rows, has_more = cut(await link_proposals(tx, org, request.user.id, accounts, page), page)
        total = await count_proposals(tx, org, request.user.id)
    return ProposalPage([_card(request, row) for row in rows], has_more, total)


@post("/link_proposal/decide", operation_id="decide_link_proposals", status_code=200)
async def decide_proposals(request: ApiRequest, data: JSONBody[DecisionBody]) -> SettledCard:
    """Accept or refuse proposals. Accepted mail is logged within moments; refused mail is not proposed again."""
    verdict = Verdict(data.ids, data.accept, data.by_sender)
    return SettledCard(await link_rules.decide(tools_of(request), asker_of(request), verdict))


@post("/exclude_patterns/try", operation_id="try_exclude_patterns", status_code=200)
async def try_patterns(request: ApiRequest, data: JSONBody[TrialBody]) -> TrialCard:
    """How much of what is logged these patterns would have left out. Changes nothing."""
    trial = await link_rules.try_patterns(tools_of(request), asker_of(request), data.account_id, data.patterns)
    return TrialCard(trial.emails, trial.logged, trial.by_pattern, list(trial.examples))


def _card(request: ApiRequest, row: ProposalRow) -> ProposalCard:
    shown = opened(tools_of(request), request.user.organization_id, row.id, row.shown)
    return ProposalCard(
        row.id, row.account_id, row.account_email, row.lead_id, row.lead_name, row.contact_id,
        Reason(row.reason).name.lower(),
        shown.sign if shown else "", shown.sender if shown else "", shown.subject if shown else "",
        shown.outgoing if shown else False,
        close_date(row.date) if row.date else None, row.of_sender,
    )  # fmt: skip


ROUTES = [list_proposals, decide_proposals, try_patterns, dry_run]

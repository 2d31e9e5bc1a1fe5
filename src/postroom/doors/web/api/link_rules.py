"""Proposed links and decisions about them, a trial of exclude patterns, the dry run of an account. Not in Close."""

import re
from typing import Annotated

import msgspec
from litestar import delete, get, post
from litestar.params import FromPath, JSONBody

from postroom.doors.web.document import takes
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.query import Deleted, asked
from postroom.doors.web.reach import asker_of, close_date, tools_of
from postroom.ground.errors import NotFound
from postroom.journeys import link_rules
from postroom.journeys.link_rules import Verdict
from postroom.journeys.preview_mail import preview_mail
from postroom.journeys.sender_decisions import take_back
from postroom.journeys.steps.decided_sender import sender_of
from postroom.journeys.steps.propose_links import opened
from postroom.rooms.emails.relevance import Reason
from postroom.rooms.links.decision_store import SenderDecision, sender_decisions
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


class SenderDecisionCard(msgspec.Struct):
    """What somebody decided about all mail of a sender for one lead. `sender`: "" of decisions older than this list."""

    id: str
    account_id: str
    account_email: str
    lead_id: str
    lead_name: str
    sender: str
    is_accepted: bool
    decided_by: str
    date: str


class SenderDecisionPage(msgspec.Struct):
    """Some of them, the latest first."""

    data: list[SenderDecisionCard]
    has_more: bool


class TrialBody(msgspec.Struct):
    """Patterns to try; without `account_id` over all accounts (for admins)."""

    patterns: list[Line]
    account_id: Line = ""


class TrialCard(msgspec.Struct):
    """Of `logged` messages so many would have been left out; some of the addresses concerned.

    `waiting`: proposals that would go. `seen`: all messages of the ledger; `unlogged`: of those not logged how many
    have one of the whole addresses among the patterns (of the rest only keyed hashes are kept, which no `*` fits).
    """

    emails: int
    logged: int
    by_pattern: dict[str, int]
    examples: list[str]
    waiting: int
    seen: int
    unlogged: int


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


@get("/link_decision", operation_id="list_link_decisions", operation_class=takes("_limit", "_skip"))
async def list_decisions(request: ApiRequest) -> SenderDecisionPage:
    """What was decided about all mail of a sender, for the caller's own accounts and their teams', the latest first."""
    tools, org, page = tools_of(request), request.user.organization_id, asked(request).page()
    async with tools.db.reading() as tx:
        found = await sender_decisions(tx, org, request.user.id, (page.limit + 1, page.skip))
    rows, has_more = cut(found, page)
    return SenderDecisionPage([_decision(request, row) for row in rows], has_more)


@delete("/link_decision/{decision_id:str}", operation_id="delete_link_decision", status_code=200)
async def delete_decision(request: ApiRequest, decision_id: FromPath[str]) -> Deleted:
    """Take it back: refused mail is proposed again; mail that was linked stays where it is."""
    found = _DECISION_ID.fullmatch(decision_id)
    if not found:
        raise NotFound("There is no such decision.")
    decided = (int(found["key"]), found["lead"])
    await take_back(tools_of(request), asker_of(request), found["account"], decided)
    return Deleted()


@post("/exclude_patterns/try", operation_id="try_exclude_patterns", status_code=200)
async def try_patterns(request: ApiRequest, data: JSONBody[TrialBody]) -> TrialCard:
    """How much of what is logged these patterns would have left out. Changes nothing."""
    trial = await link_rules.try_patterns(tools_of(request), asker_of(request), data.account_id, data.patterns)
    return TrialCard(
        trial.emails, trial.logged, trial.by_pattern, list(trial.examples), trial.waiting, trial.seen, trial.unlogged
    )


def _card(request: ApiRequest, row: ProposalRow) -> ProposalCard:
    shown = opened(tools_of(request), request.user.organization_id, row.id, row.shown)
    return ProposalCard(
        row.id, row.account_id, row.account_email, row.lead_id, row.lead_name, row.contact_id,
        Reason(row.reason).name.lower(),
        shown.sign if shown else "", shown.sender if shown else "", shown.subject if shown else "",
        shown.outgoing if shown else False,
        close_date(row.date) if row.date else None, row.of_sender,
    )  # fmt: skip


def _decision(request: ApiRequest, row: SenderDecision) -> SenderDecisionCard:
    place = (request.user.organization_id, row.account_id)
    sender = sender_of(tools_of(request), place, ((row.key, row.lead_id), row.shown))
    return SenderDecisionCard(
        f"{row.account_id}.{row.key}.{row.lead_id}", row.account_id, row.account_email, row.lead_id, row.lead_name,
        sender, row.is_accepted, row.user_name, close_date(row.date_created),
    )  # fmt: skip


_DECISION_ID = re.compile(r"(?P<account>\w{1,60})\.(?P<key>-?\d{1,19})\.(?P<lead>\w{1,60})", re.ASCII)
ROUTES = [list_decisions, delete_decision, list_proposals, decide_proposals, try_patterns, dry_run]

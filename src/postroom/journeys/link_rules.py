"""Decide proposed links, and try exclude patterns before they are saved.

decide           T   decisions kept, proposals gone; accepted mail is asked for as a new contact's would be
try_patterns         how much of what is logged new patterns would leave out; changes nothing
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from postroom.ground.database import Transaction
from postroom.ground.errors import NotFound
from postroom.journeys import jobs
from postroom.journeys.steps.decided_sender import keep_sender
from postroom.journeys.steps.mail_rules import ledger_hashes
from postroom.journeys.steps.propose_links import opened
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import identity_store
from postroom.rooms.accounts import store as account_store
from postroom.rooms.accounts.access import Asker, demand, may_change, may_mark_done
from postroom.rooms.accounts.exclude import ExcludePattern, excluded_by, read_patterns
from postroom.rooms.accounts.identities import OwnAddresses
from postroom.rooms.emails.email import addresses_of
from postroom.rooms.links import store as link_store
from postroom.rooms.links.likeness import demand_decision
from postroom.rooms.links.store import Decision, StoredProposal
from postroom.rooms.mailbox import backfill_store, rejudge_store
from postroom.views.link_proposals import LoggedGroup, ledger_counts, logged_groups

MOST_AT_ONCE = 500
MOST_EXAMPLES = 8


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person says about proposals: `by_sender` also of all other mail of these senders, now and later."""

    ids: Sequence[str]
    accepts: bool
    by_sender: bool = False


@dataclass(frozen=True, slots=True)
class Trial:
    """What patterns would do: logged messages left out, by pattern, with some of the addresses concerned.

    `waiting`: proposals that would go. `seen`: all messages of the ledger. `unlogged`: of those that are not logged how
    many have one of the whole addresses among the patterns; of the rest only keyed hashes are kept, which no `*` fits.
    """

    emails: int
    logged: int
    by_pattern: dict[str, int]
    examples: tuple[str, ...]
    waiting: int = 0
    seen: int = 0
    unlogged: int = 0


async def decide(tools: Tools, asker: Asker, verdict: Verdict) -> int:
    """How many proposals that settled. Raises Invalid, NotFound, Forbidden."""
    demand_decision(verdict.ids, MOST_AT_ONCE)
    org, settled = asker.organization_id, 0
    async with tools.db.transaction() as tx:
        chosen = await link_store.proposals_by_id(tx, org, verdict.ids)
        if not chosen:
            raise NotFound("These proposals have been decided already.")
        accounts = await account_store.accounts_by_id(tx, org, {one.account_id for one in chosen})
        for account_id in sorted({one.account_id for one in chosen}):
            account = accounts.get(account_id)
            demand(account is not None and may_mark_done(asker, account), "decide about this account's mail")
            here = [one for one in chosen if one.account_id == account_id]
            settled += await _settle(tools, tx, asker, _Matter(account_id, here, verdict))
    return settled


@dataclass(frozen=True, slots=True)
class _Matter:
    account_id: str
    chosen: Sequence[StoredProposal]
    verdict: Verdict


async def _settle(tools: Tools, tx: Transaction, asker: Asker, matter: _Matter) -> int:
    org, account_id, accepts = asker.organization_id, matter.account_id, matter.verdict.accepts
    proposals, decisions = list(matter.chosen), [_about_message(one, accepts) for one in matter.chosen]
    if matter.verdict.by_sender:
        senders = [(one.sender_hash, one.lead_id) for one in matter.chosen]
        proposals = await link_store.proposals_of_senders(tx, org, account_id, senders)
        decisions = [_about_sender(one, accepts) for one in matter.chosen]
    await link_store.decide(tx, (org, account_id), decisions, asker.user_id, tools.clock())
    if matter.verdict.by_sender:
        for one in matter.chosen:
            shown = opened(tools, org, one.id, one.shown)
            if shown:
                await keep_sender(tools, tx, (org, account_id), ((one.sender_hash, one.lead_id), shown.sender))
    identities = [one.identity for one in proposals]
    await link_store.drop_proposals(tx, org, account_id, identities)
    if accepts:
        wanted = sorted({one.sender_hash for one in proposals})
        await backfill_store.add(tx, org, account_id, wanted, tools.clock())
        await tools.jobs.defer(tx, jobs.BACKFILL, {"organization_id": org, "account_id": account_id})
    else:
        await rejudge_store.refuse(tx, org, account_id, identities)
    return len(proposals)


def _about_message(one: StoredProposal, accepts: bool) -> Decision:
    return Decision("message", one.identity, one.lead_id, one.contact_id, accepts, one.reason)


def _about_sender(one: StoredProposal, accepts: bool) -> Decision:
    return Decision("sender", one.sender_hash, one.lead_id, one.contact_id, accepts, one.reason)


async def try_patterns(tools: Tools, asker: Asker, account_id: str, patterns: Sequence[str]) -> Trial:
    """For an account, or with "" for all. Raises Invalid for what is no pattern, NotFound, Forbidden."""
    read = read_patterns(patterns)
    org = asker.organization_id
    async with tools.db.reading() as tx:
        if account_id:
            demand(may_change(asker, await account_store.get(tx, org, account_id)), "change this account")
        else:
            demand(asker.role == "admin", "change the patterns of the organization")
        own = await identity_store.own_addresses(tx, org)
        groups = await logged_groups(tx, org, account_id)
        proposed = await link_store.proposals_of(tx, org, account_id)
        whole = [ledger_hashes(tools, org).of_text(one.pieces[0]) for one in read if len(one.pieces) == 1]
        seen, unlogged = await ledger_counts(tx, org, account_id, whole)
    shown = [opened(tools, org, one.id, one.shown) for one in proposed]
    waiting = sum(1 for one in shown if one is not None and excluded_by(read, (one.key,)))
    return replace(_tried(groups, read, own), waiting=waiting, seen=seen, unlogged=unlogged)


def _tried(groups: Sequence[LoggedGroup], patterns: Sequence[ExcludePattern], own: OwnAddresses) -> Trial:
    by_pattern: dict[str, int] = {}
    examples: dict[str, None] = {}
    for group in groups:
        found = _leaves_out(group, patterns, own)
        if found is None:
            continue
        pattern, address = found
        by_pattern[pattern] = by_pattern.get(pattern, 0) + group.messages
        if len(examples) < MOST_EXAMPLES and group.is_seen:
            examples.setdefault(address)
    logged = sum(group.messages for group in groups)
    return Trial(sum(by_pattern.values()), logged, by_pattern, tuple(examples))


def _leaves_out(group: LoggedGroup, patterns: Sequence[ExcludePattern], own: OwnAddresses) -> tuple[str, str] | None:
    """The pattern and the address by which a group would go, as the rules for arriving mail have it."""
    people = group.recipients if group.is_outgoing else (group.sender,)
    keys = [one.key for one in addresses_of(tuple(people))]
    if group.is_outgoing:
        keys = [key for key in keys if not own.is_coworker(key)]
    found = [excluded_by(patterns, (key,)) for key in keys]
    if not found or (group.is_outgoing and not all(found)):
        return None
    return next(((pattern, key) for pattern, key in zip(found, keys, strict=True) if pattern), None)

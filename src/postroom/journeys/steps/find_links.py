"""Which leads strangers' mail may concern: what people decided before, then names and domains. Reads only.

Asked for accounts alone that want proposals or have decisions; all other mail passes by without a query.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from postroom.ground.database import Transaction
from postroom.journeys.steps.mail_rules import MailRules
from postroom.journeys.tools import Tools
from postroom.rooms.accounts.public_domains import is_public_domain
from postroom.rooms.emails.message_key import sighting_identity
from postroom.rooms.emails.relevance import (
    Concern,
    Judgement,
    Letter,
    Linked,
    Outcome,
    Proposal,
    Reason,
    outside,
    with_links,
)
from postroom.rooms.leads import likeness_store
from postroom.rooms.leads.address_book import people_at
from postroom.rooms.links import store as link_store
from postroom.rooms.links.likeness import Colleague, Namesake, Stranger, by_domain, by_name, compared_name
from postroom.rooms.links.store import Decision
from postroom.wire.mime.types import MessageHead

MOST_STRANGERS = 20
"""Of one message: a letter to more strangers than these is a circular."""

_OPEN = (Outcome.NO_CONTACT, Outcome.UNCONFIRMED)


@dataclass(frozen=True, slots=True)
class Undecided:
    """A message as `judge` left it; `key` is its identity in this organization."""

    letter: Letter
    head: MessageHead
    key: str
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class _Known:
    """What the address book and earlier decisions say about the strangers of a batch."""

    namesakes: dict[str, list[Namesake]] = field(default_factory=dict)
    colleagues: dict[str, list[Colleague]] = field(default_factory=dict)
    addressed: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    decisions: dict[int, list[Decision]] = field(default_factory=dict)


async def find_links(tools: Tools, mail: MailRules, letters: Sequence[Undecided]) -> dict[str, Judgement]:
    """By message key the decisions that links change."""
    undecided = [one for one in letters if one.judgement.outcome in _OPEN]
    if not undecided or not mail.finds_links:
        return {}
    strangers = {one.key: _strangers(mail, one) for one in undecided}
    async with tools.db.reading() as tx:
        known = await _known(tx, mail, strangers)
    found = {}
    for one in undecided:
        linked = _linked(mail, one, strangers[one.key], known)
        found[one.key] = with_links(one.letter, mail.rules, one.judgement, linked)
    return found


def _strangers(mail: MailRules, one: Undecided) -> list[Stranger]:
    names = {address.key: address.name for address in (*one.head.from_, *one.head.to, *one.head.cc)}
    keys = outside(one.letter, mail.rules)
    return [Stranger(key, names.get(key, "")) for key in keys[:MOST_STRANGERS]]


async def _known(tx: Transaction, mail: MailRules, strangers: dict[str, list[Stranger]]) -> _Known:
    org, settings = mail.organization_id, mail.account.settings
    everyone = {one.key: one for some in strangers.values() for one in some}
    keys = [mail.hashes.of_text(key) for key in everyone] + [sighting_identity(key) for key in strangers]
    decisions: dict[int, list[Decision]] = {}
    for decision in await link_store.decisions_about(tx, org, mail.account_id, keys):
        decisions.setdefault(decision.key, []).append(decision)
    addressed: dict[str, list[tuple[str, str]]] = {}
    if not settings.auto_link:
        found = await people_at(tx, org, everyone)
        addressed = {key: [(person.lead_id, person.contact_id) for person in at] for key, at in found.items()}
    namesakes = await _namesakes(tx, org, everyone.values()) if settings.link_by_name else {}
    colleagues = await _colleagues(tx, org, everyone) if settings.link_by_domain else {}
    return _Known(namesakes, colleagues, addressed, decisions)


async def _namesakes(tx: Transaction, organization_id: str, strangers: Iterable[Stranger]) -> dict[str, list[Namesake]]:
    """Contacts by the compared form of their name. Looked for as written, so that the index answers."""
    asked = {spelling for one in strangers if compared_name(one.name) for spelling in _spellings(one.name)}
    found: dict[str, list[Namesake]] = {}
    for contact_id, lead_id, name, keys in await likeness_store.contacts_named(tx, organization_id, asked):
        found.setdefault(compared_name(name), []).append(Namesake(contact_id, lead_id, name, keys))
    return found


def _spellings(name: str) -> set[str]:
    """As written, as compared, and both without the comma."""
    return {name.strip().lower(), compared_name(name)}


async def _colleagues(tx: Transaction, organization_id: str, keys: Iterable[str]) -> dict[str, list[Colleague]]:
    domains = {key.rpartition("@")[2] for key in keys}
    private = {domain for domain in domains if domain and not is_public_domain(domain)}
    found = await likeness_store.leads_at_domains(tx, organization_id, private)
    return {domain: [Colleague(*lead) for lead in leads] for domain, leads in found.items()}


def _linked(mail: MailRules, one: Undecided, strangers: Sequence[Stranger], known: _Known) -> Linked:
    """The decisions about this message and its people, and the proposals that nobody has refused."""
    of_message = known.decisions.get(sighting_identity(one.key), [])
    of_senders = [said for each in strangers for said in known.decisions.get(mail.hashes.of_text(each.key), [])]
    # The last word about this very message counts for more than one about its sender.
    said = {decision.lead_id: decision for decision in (*of_senders, *of_message)}
    accepted = {
        lead: Concern(lead, decision.contact_id, Reason(decision.reason))
        for lead, decision in said.items()
        if decision.is_accepted
    }
    proposals = [found for each in strangers for found in _proposals(each, known)]
    open_ones = {found.concern.lead_id: found for found in reversed(proposals) if found.concern.lead_id not in said}
    return Linked(tuple(accepted.values()), tuple(open_ones.values()), has_refused=bool(said) and not accepted)


def _proposals(stranger: Stranger, known: _Known) -> list[Proposal]:
    if stranger.key in known.addressed:
        return [
            Proposal(Concern(lead, contact, Reason.ADDRESS), stranger.key, "A contact of this lead has this address.")
            for lead, contact in known.addressed[stranger.key]
        ]
    named = by_name(stranger, known.namesakes.get(compared_name(stranger.name), ()), is_public_domain)
    if named is not None:
        return [Proposal(Concern(named.lead_id, named.contact_id, Reason.NAME), stranger.key, named.sign)]
    there = by_domain(stranger, known.colleagues.get(stranger.key.rpartition("@")[2], ()), is_public_domain)
    return [Proposal(Concern(there.lead_id, None, Reason.DOMAIN), stranger.key, there.sign)] if there else []

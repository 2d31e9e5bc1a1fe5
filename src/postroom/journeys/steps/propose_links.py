"""Write down what may concern a lead, in the transaction that enters the messages in the ledger.

Sender and subject are sealed: of mail that nobody has confirmed nothing readable stands in the database, and what is
refused is deleted.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid
from postroom.ground.ids import new_id
from postroom.journeys.steps.judge_mail import Judged
from postroom.journeys.steps.mail_rules import MailRules
from postroom.journeys.tools import Tools
from postroom.rooms.emails.message_key import sighting_identity
from postroom.rooms.emails.relevance import Proposal
from postroom.rooms.links import store as link_store
from postroom.rooms.links.store import NewProposal
from postroom.wire.mime.addresses import display_address

LONGEST_SUBJECT = 200


class Shown(msgspec.Struct):
    """What a person sees of a proposal. `key`: whose address it hangs on."""

    sender: str
    subject: str
    sign: str
    key: str
    outgoing: bool


@dataclass(frozen=True, slots=True)
class Judgements:
    """Judged messages of one folder; `again`: they have been judged before, so what was proposed is void."""

    folder_id: int
    judged: Sequence[Judged]
    again: bool


def sealing_context(organization_id: str, proposal_id: str) -> bytes:
    """The associated data of what a proposal shows."""
    return f"link_proposals/{organization_id}/{proposal_id}/shown".encode()


def opened(tools: Tools, organization_id: str, proposal_id: str, sealed: bytes) -> Shown | None:
    """What a proposal shows; None where the sealing key is gone."""
    try:
        return msgspec.json.decode(tools.vault.open(sealed, sealing_context(organization_id, proposal_id)), type=Shown)
    except (Invalid, msgspec.DecodeError):
        return None


async def propose_links(tools: Tools, tx: Transaction, mail: MailRules, new: Judgements) -> None:
    """Enter the proposals of a batch."""
    if not mail.finds_links:
        return
    org, account_id = mail.organization_id, mail.account_id
    if new.again:
        seen = {one.key: sighting_identity(one.key) for one in new.judged}
        kept = [(seen[one.key], each.concern.lead_id) for one in new.judged for each in one.judgement.proposals]
        await link_store.drop_all_but(tx, (org, account_id), list(seen.values()), kept)
    rows = [
        _row(tools, mail, (new.folder_id, one, proposal)) for one in new.judged for proposal in one.judgement.proposals
    ]
    await link_store.add_proposals(tx, org, account_id, rows, tools.clock())


def _row(tools: Tools, mail: MailRules, found: tuple[int, Judged, Proposal]) -> NewProposal:
    folder_id, one, proposal = found
    proposal_id = new_id("prop")
    outgoing = one.judgement.outgoing
    people = (*one.head.to, *one.head.cc) if outgoing else one.head.from_
    shown = next((display_address(each) for each in people if each.key == proposal.key), proposal.key)
    content = Shown(shown, one.head.subject[:LONGEST_SUBJECT], proposal.sign, proposal.key, outgoing)
    sealed = tools.vault.seal(msgspec.json.encode(content), sealing_context(mail.organization_id, proposal_id))
    concern = proposal.concern
    return NewProposal(
        proposal_id, folder_id, one.summary.uid, sighting_identity(one.key), concern.lead_id, concern.contact_id,
        concern.reason.value, mail.hashes.of_text(proposal.key), sealed,
        one.head.date or one.summary.internal_date,
    )  # fmt: skip

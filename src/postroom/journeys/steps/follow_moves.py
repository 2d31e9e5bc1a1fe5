"""Mail of a conversation that a person put on another lead goes there, not to where its contact would send it."""

from collections.abc import Sequence

from msgspec import structs

from postroom.ground.database import Transaction
from postroom.ground.keyed_hash import KeyedHash
from postroom.rooms.emails import move_store
from postroom.rooms.emails.relevance import Concern, Judgement, Outcome
from postroom.wire.mime.types import MessageHead

Told = tuple[str, MessageHead, Judgement]
"""A message's key, its head, and what was decided."""


async def follow_moves(
    tx: Transaction, organization_id: str, hashes: KeyedHash, told: Sequence[Told]
) -> list[Judgement]:
    """The decisions, in the same order. Costs one look where nothing was ever moved."""
    if not await move_store.has_moves(tx, organization_id):
        return [judgement for _, _, judgement in told]
    names = {key: _named(hashes, head) for key, head, judgement in told if judgement.outcome is Outcome.KEPT}
    of_messages, of_ids = await move_store.followed(
        tx, organization_id, names.keys(), {one for some in names.values() for one in some}
    )
    decided = []
    for key, _, judgement in told:
        said = [pair for name in names.get(key, ()) for pair in of_ids.get(name, ())]
        moves = dict([*said, *of_messages.get(key, ())])  # the message itself counts for more than what it answers
        decided.append(_moved(judgement, moves) if moves and key in names else judgement)
    return decided


def _named(hashes: KeyedHash, head: MessageHead) -> list[int]:
    return [hashes.of_text(one) for one in dict.fromkeys((*head.references, *head.in_reply_to))]


def _moved(judgement: Judgement, moves: dict[str, str]) -> Judgement:
    concerns: dict[str, Concern] = {}
    for one in judgement.concerns:
        lead_id = moves.get(one.lead_id, one.lead_id)
        moved = one if lead_id == one.lead_id else Concern(lead_id, None, one.reason)
        concerns.setdefault(lead_id, moved)
    return structs.replace(judgement, concerns=tuple(concerns.values()))

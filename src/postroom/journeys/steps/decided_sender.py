"""Whose address a decision about a sender is about. Sealed: of refused mail nothing readable is in the database."""

from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid
from postroom.journeys.tools import Tools
from postroom.rooms.links import decision_store

Decided = tuple[int, str]
"""Whom it is about: the keyed hash of the sender's address, and the lead."""


async def keep_sender(tools: Tools, tx: Transaction, place: tuple[str, str], told: tuple[Decided, str]) -> None:
    """Keep whose address a decision of (organization, account) is about, sealed."""
    decided, sender = told
    sealed = tools.vault.seal(sender.encode(), sealing_context(place, decided))
    await decision_store.keep_shown(tx, place, decided, sealed)


def sender_of(tools: Tools, place: tuple[str, str], told: tuple[Decided, bytes]) -> str:
    """Whose address it is; "" for a decision older than this list, or where the sealing key is gone."""
    decided, sealed = told
    try:
        return tools.vault.open(sealed, sealing_context(place, decided)).decode() if sealed else ""
    except Invalid:
        return ""


def sealing_context(place: tuple[str, str], decided: Decided) -> bytes:
    """The associated data of a decision's sender."""
    return f"link_decisions/{place[0]}/{place[1]}/{decided[0]}/{decided[1]}/shown".encode()

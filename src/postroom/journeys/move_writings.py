"""Give what was written with one account and has not left to another account, one email at a time.

Each becomes a draft, gets its new sender, and goes back to where it stood: scheduled for the same moment, or in the
outbox; what stood as an error stays a draft to look at. One transaction each, so that what cannot be moved (it is being
sent right now) holds up nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from postroom.ground.database import Transaction
from postroom.ground.errors import Conflict, Forbidden, Invalid, NotFound
from postroom.journeys.steps.write_email import Writing, lock_to_write, rewrite
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import store
from postroom.rooms.accounts.access import Asker, demand, may_change, may_send_from
from postroom.rooms.accounts.account import ConnectedAccount
from postroom.rooms.emails.email import EmailChange, EmailStatus
from postroom.rooms.emails.outgoing_store import OutgoingEmail
from postroom.views.account_writings import writings_to_move
from postroom.wire.mime.addresses import display_address
from postroom.wire.mime.types import Address


@dataclass(frozen=True, slots=True)
class Move:
    """From which account to which; `email_ids` None is everything."""

    from_id: str
    to_id: str
    email_ids: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """How many were moved, and by id why others were not."""

    moved: int
    refused: dict[str, str]


async def move_writings(tools: Tools, asker: Asker, move: Move) -> Moved:
    """Raises NotFound, Forbidden, Invalid (the other account cannot send)."""
    async with tools.db.transaction() as tx:
        target = await _accounts(tx, asker, move)
        ids = await writings_to_move(tx, asker.organization_id, move.from_id, move.email_ids)
    # The owner of the new account sends them, whoever moves them: a name never stands under what is not theirs to send.
    sender = Asker(asker.organization_id, target.user_id or asker.user_id, "admin")
    moved, refused = 0, {}
    for email_id in ids:
        try:
            await _move(tools, sender, target, email_id)
            moved += 1
        except (Invalid, Conflict, Forbidden, NotFound) as error:
            refused[email_id] = str(error)
    return Moved(moved, refused)


async def _accounts(tx: Transaction, asker: Asker, move: Move) -> ConnectedAccount:
    """The account they go to, once both are found good."""
    known = await store.accounts_by_id(tx, asker.organization_id, (move.from_id, move.to_id))
    old, new = known.get(move.from_id), known.get(move.to_id)
    if old is None:
        raise NotFound("There is no such connected account.")
    demand(may_change(asker, old), "move what was written with this account")
    if new is None or new.is_deleted or move.from_id == move.to_id:
        raise Invalid(field_errors={"to_account_id": "Choose another connected account."})
    demand(asker.role == "admin" or may_send_from(asker, new), "send from the other account")
    if not new.sends:
        raise Invalid(field_errors={"to_account_id": f"{new.email} does not send."})
    return new


async def _move(tools: Tools, sender: Asker, target: ConnectedAccount, email_id: str) -> None:
    address = display_address(Address(target.settings.display_name, target.email))
    writing = Writing(sender, tools.clock())
    async with tools.db.transaction() as tx:
        email = await lock_to_write(tx, sender.organization_id, email_id)
        new_sender = EmailChange(EmailStatus.DRAFT, sender=address, account_id=target.id)
        await rewrite(tools, tx, writing, email_id, new_sender)
        standing = _standing_again(email, writing.now)
        if standing is not EmailStatus.DRAFT:
            again = EmailChange(standing, date_scheduled=email.date_scheduled)
            await rewrite(tools, tx, writing, email_id, again)


def _standing_again(email: OutgoingEmail, now: datetime) -> EmailStatus:
    """Where it stood; what failed as its account was removed goes at its moment after all, if that is still to come."""
    if email.status is EmailStatus.ERROR:
        is_to_come = email.date_scheduled is not None and email.date_scheduled > now
        return EmailStatus.SCHEDULED if is_to_come else EmailStatus.DRAFT
    return email.status

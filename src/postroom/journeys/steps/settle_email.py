"""An email that may have been sent. Found in Sent, it was; absent, only a provider that files by itself proves that
it was not: then it goes out again, else a person is asked."""

from collections.abc import Sequence

from postroom.journeys.steps.deliver_email import Result, write_down
from postroom.journeys.steps.sent_folder import lies_in, sent_folder
from postroom.journeys.tools import Tools
from postroom.rooms.accounts.account import ConnectedAccount
from postroom.rooms.emails import delivery_store
from postroom.rooms.emails.delivery import LONGEST_UNSETTLED, Attempt, found_in_sent, next_lookup, not_in_sent
from postroom.rooms.emails.delivery_store import Unsettled
from postroom.wire.imap.session import Session


async def look_in_sent(
    tools: Tools, mailbox: Session, account: ConnectedAccount, unsettled: Sequence[Unsettled]
) -> None:
    """Look for each; decide those found and those looked for long enough."""
    folder = await sent_folder(tools, mailbox, account.organization_id, account.id)
    for one in unsettled:
        if await lies_in(mailbox, folder, one.message_id, one.email_id):
            found = found_in_sent(tuple(one.later), _attempt(tools, one))
            await write_down(tools, account, one, Result(found, "accepted", "It was found in the Sent folder."))
            continue
        again_at = next_lookup(one.lookups, one.claimed_at, tools.clock())
        if again_at is None:
            await _absent(tools, account, one, provider_files=account.files_own_sent)
            continue
        async with tools.db.transaction() as tx:
            await delivery_store.note_lookup(tx, one, again_at)


async def nowhere_to_look(tools: Tools, account: ConnectedAccount, unsettled: Sequence[Unsettled]) -> None:
    """The account has no mailbox: a person must decide."""
    for one in unsettled:
        await _absent(tools, account, one, provider_files=False)


async def give_up_overdue(tools: Tools, account: ConnectedAccount, unsettled: Sequence[Unsettled]) -> None:
    """The mailbox has been out of reach for a day: a person must decide."""
    for one in unsettled:
        if tools.clock() - one.claimed_at >= LONGEST_UNSETTLED:
            await _absent(tools, account, one, provider_files=False)


async def _absent(tools: Tools, account: ConnectedAccount, one: Unsettled, *, provider_files: bool) -> None:
    recipients = (*one.recipients, *one.later)
    result = not_in_sent(recipients, _attempt(tools, one), provider_files=provider_files)
    outcome = "not sent" if provider_files else "unknown"
    await write_down(tools, account, one, Result(result, outcome, "It was not found in the Sent folder."))


def _attempt(tools: Tools, one: Unsettled) -> Attempt:
    return Attempt(one.attempts, one.date_sent is not None, tools.clock())

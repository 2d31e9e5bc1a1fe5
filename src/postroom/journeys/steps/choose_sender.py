"""Whom an email is from: an identity of an account that the person may send from."""

from dataclasses import dataclass, replace

from postroom.ground.database import Transaction
from postroom.ground.errors import Forbidden, Invalid
from postroom.rooms.accounts import identity_store, send_as_store
from postroom.rooms.accounts import store as account_store
from postroom.rooms.accounts.access import Asker, may_send_from
from postroom.rooms.accounts.account import ConnectedAccount
from postroom.rooms.emails.email import EmailContent, addresses_of
from postroom.wire.mime.addresses import display_address
from postroom.wire.mime.types import Address


@dataclass(frozen=True, slots=True)
class Sender:
    """The account that sends, and the content with its sender as the identity spells it, tracked as that account says
    where its writer said nothing."""

    account_id: str
    content: EmailContent


async def choose_sender(tx: Transaction, asker: Asker, content: EmailContent) -> Sender:
    """Raises Invalid for an address that no account sends as, Forbidden for one of a coworker.

    An alias is sent in the exact case in which it was entered (SPEC 1.13), under the name typed, else its own.
    """
    typed = addresses_of((content.sender,))
    if len(typed) != 1:
        raise Invalid(field_errors={"sender": "This field is required." if not typed else "Name one address."})
    if not typed[0].email:
        raise Invalid(field_errors={"sender": f"{content.sender!r} is not an address."})
    account = await _account(tx, asker, content, typed[0])
    if not may_send_from(asker, account) and not await _is_let(tx, asker, account):
        raise Forbidden(f"You may not send from {typed[0].email}.")
    if account.smtp is None:
        raise Invalid(field_errors={"sender": f"{account.email} is connected for receiving only."})
    found = await identity_store.identities(tx, asker.organization_id, account.id)
    identity = next((one for one in found if one.key == typed[0].key), None)
    if identity is None:
        raise Invalid(field_errors={"sender": f"{typed[0].email} is no address of the account {account.email}."})
    if not identity.is_proven:
        raise Invalid(field_errors={"sender": f"Prove first that {identity.address} is yours, under Rules."})
    name = typed[0].name or identity.name or account.settings.display_name
    sender = display_address(Address(name, identity.address))
    opens, clicks = content.track_opens, content.track_clicks
    settled = replace(
        content,
        sender=sender,
        account_id=account.id,
        track_opens=account.settings.track_opens if opens is None else opens,
        track_clicks=account.settings.track_clicks if clicks is None else clicks,
    )
    return Sender(account.id, settled)


async def _is_let(tx: Transaction, asker: Asker, account: ConnectedAccount) -> bool:
    """Whether the account's owner lets this user send as them (Close's Send As)."""
    if account.user_id is None or account.is_deleted or account.organization_id != asker.organization_id:
        return False
    return await send_as_store.is_allowed(tx, asker.organization_id, account.user_id, asker.user_id)


async def _account(tx: Transaction, asker: Asker, content: EmailContent, typed: Address) -> ConnectedAccount:
    if content.account_id:
        found = await account_store.accounts_by_id(tx, asker.organization_id, [content.account_id])
        account = found.get(content.account_id)
        if account is None or account.is_deleted:
            raise Invalid(field_errors={"email_account_id": "There is no such connected account."})
        return account
    by_address = await account_store.account_of_identity(tx, asker.organization_id, typed.key, asker.user_id)
    if by_address is None:
        raise Invalid(field_errors={"sender": f"No connected account sends as {typed.email}."})
    return by_address
